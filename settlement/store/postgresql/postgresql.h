/* A connection to PostgreSQL 15 or newer behind common/database. */
#pragma once

#include "common/database/database.h"

/* Where and as whom to connect. Borrowed for the call. */
struct postgresql_place {
    const char *connection; /* libpq's own: "host=db1,db2 dbname=madoguchi user=service" or a postgresql:// address */
    const char *password;   /* NULL: none, or libpq finds one (~/.pgpass) */
};

/* *OUT is given: close with database_close. The first call loads the part of the program that knows PostgreSQL.
 * STATUS_UNREACHABLE with a sentence when no server answers that can write, STATUS_UNAUTHORIZED when it does not let us
 * in, STATUS_REFUSED when the database or the role is not fit: another encoding or collation, a role that row-level
 * security does not bind, a server before 15. STATUS_NOT_FOUND "no_module". */
enum status
postgresql_open(struct database **out, const struct postgresql_place *place, struct error_detail *err) MUST_CHECK;
