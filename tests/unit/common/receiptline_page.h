/* Templates in tests: a small schema, and an output that writes rows down as text. */
#pragma once

#include "common/receiptline/receiptline.h"

enum { PAGE_SIZE = 256 * 1024 };

/* Names of the root: text, more, note (paragraph), yen, number, date, moment, flag, and things, a list of rows with
 * name, sum, parts (a list of rows with part). `hidden` is of another scope. */
extern const struct receiptline_schema page_schema;
enum {
    PAGE_TEXT,
    PAGE_MORE,
    PAGE_NOTE,
    PAGE_YEN,
    PAGE_NUMBER,
    PAGE_DATE,
    PAGE_MOMENT,
    PAGE_FLAG,
    PAGE_THINGS,
    PAGE_HIDDEN,
    PAGE_VALUES
};
enum { THING_NAME, THING_SUM, THING_PARTS, THING_VALUES };

/* MARKUP with VALUES on paper of COLUMNS as text, in OUT: a row a line, gaps as '.' (half a column ','), decorated text
 * as <style:text> with style of w×h and the letters e u i, centred rows as "=" before them, rules as "[rule L+W]",
 * codes as "[kind text dots …]", "[cut]". Fails the test when the markup is refused or a row is wider than the paper.
 * Returns OUT. */
const char *
page_print(const char *markup, const struct receiptline_value *values, unsigned columns, char out[PAGE_SIZE]);

/* The same, for what ought to fail when it is printed. */
enum status
page_try(const char *markup, const struct receiptline_value *values, unsigned columns, struct error_detail *err);

/* Why MARKUP is refused, in OUT: "line:column words"; "" when it is not. Returns OUT. */
const char *page_refusal(const char *markup, char out[ERROR_MESSAGE_SIZE]);
