/* Whose cash it is: the 所属 of a till's place, and the 出納員 (地方自治法171条) who answers for it, as of the masters.
 * PURE. */
#pragma once

#include "settlement/catalogue/catalogue.h"

/* Borrowed from the catalogue or the caller. `section` is "" for a place that the masters do not know. */
struct cash_office {
    const char *section;
    const char *name;    /* of the 所属; "所属のない窓口" where there is none */
    const char *officer; /* "" when the masters name none */
};

struct cash_office cash_office_of_place(const struct catalogue *catalogue, const char *place);
struct cash_office cash_office_of_section(const struct catalogue *catalogue, const char *section);
