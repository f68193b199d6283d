/* Where a store is. Everything that takes a store takes the name of a file, and the file says what it is: an SQLite
 * database (or nothing yet, to become one), or a store file, which says where a PostgreSQL database is:
 *
 *   [store]
 *   kind = postgresql
 *   connection = host=db1,db2 dbname=madoguchi user=madoguchi
 *   password_file = store.password      # mode 0600; "" when the server or ~/.pgpass needs none
 *
 * So no command line and no log ever holds a password. `kind = sqlite` with `path` is the long way to name a file. */
#pragma once

#include "common/database/database.h"

enum store_kind { STORE_SQLITE, STORE_POSTGRESQL };

struct store_place {
    enum store_kind kind;
    char *path;       /* of the SQLite database; owned */
    char *connection; /* owned */
    char *password;   /* owned; NULL: none */
};

/* *OUT is given: store_place_finish, also after a failure. STATUS_INVALID with file and line for a store file that is
 * wrong, STATUS_REFUSED when the password's file can be read by others. */
enum status store_place_read(struct store_place *out, const char *file, struct error_detail *err) MUST_CHECK;
void store_place_finish(struct store_place *place);

/* A connection to it. A reader of SQLite cannot write; PostgreSQL's transactions say what they are. */
enum status store_place_connect(const struct store_place *place, bool is_reader, struct database **out,
                                struct error_detail *err) MUST_CHECK;

/* Bring the schema up to date; on PostgreSQL, put up the fence between municipalities (fence.sql) around new tables. */
enum status
store_place_migrate(const struct store_place *place, struct database *db, struct error_detail *err) MUST_CHECK;

/* For who must not change a store before it knows it: STATUS_REFUSED when the SQLite database that FILE names has
 * another schema than this program's. Writes nothing. A PostgreSQL store is STATUS_INVALID. */
enum status store_check_schema(const char *file, struct error_detail *err) MUST_CHECK;

/* The same for a PostgreSQL database that is to be filled: STATUS_REFUSED unless it has no schema yet or this program's.
 * Writes nothing. A SQLite database is STATUS_INVALID. */
enum status store_check_target(const char *file, struct error_detail *err) MUST_CHECK;

/* The two at once, for tools and tests: a connection to the store that FILE names, that sees all municipalities until it
 * is lost and made again. */
enum status store_database_open(struct database **out, const char *file, struct error_detail *err) MUST_CHECK;
