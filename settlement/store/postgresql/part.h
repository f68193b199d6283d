/* What stands between the program and the part of it that knows PostgreSQL. */
#pragma once

#include "settlement/store/postgresql/postgresql.h"

struct postgresql_operations {
    enum status (*open)(struct database **out, const struct postgresql_place *place, struct error_detail *err);
};

#define POSTGRESQL_PART "postgresql"
