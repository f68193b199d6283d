/* A statement and its values in one call; for this folder only. Values are borrowed until the statement is reset.
 *
 * SQL is written for both engines: no INSERT OR …, no functions that only one has, numbers compared with numbers and
 * texts with texts. Where they need two texts, `query_variant` chooses. */
#pragma once

#include "common/database/database.h"
#include "settlement/store/store.h"

#include <stdint.h>

enum bound_kind { BOUND_INT, BOUND_TEXT, BOUND_BLOB, BOUND_NULL };

struct bound {
    enum bound_kind kind;
    int64_t number;
    const void *bytes;
    size_t length;
};

static inline struct bound
bound_int(int64_t number)
{
    return (struct bound){.kind = BOUND_INT, .number = number};
}

/* NULL binds NULL. */
static inline struct bound
bound_text(const char *text)
{
    return (struct bound){.kind = BOUND_TEXT, .bytes = text};
}

/* LENGTH bytes at TEXT; NULL binds "". */
static inline struct bound
bound_text_n(const char *text, size_t length)
{
    return (struct bound){
        .kind = BOUND_TEXT, .bytes = text != NULL ? text : "", .length = text != NULL ? length + 1 : 1};
}

/* NULL binds NULL. */
static inline struct bound
bound_blob(const void *bytes, size_t length)
{
    return (struct bound){.kind = BOUND_BLOB, .bytes = bytes, .length = length};
}

/* NULL of no type that is known; for a column of integers. */
static inline struct bound
bound_null(void)
{
    return (struct bound){.kind = BOUND_NULL};
}

/* The values of parameters $1, $2 … and how many they are, as two arguments. */
#define BOUND(...)                                                                                                     \
    (const struct bound[]){__VA_ARGS__}, sizeof((const struct bound[]){__VA_ARGS__}) / sizeof(struct bound)

/* Prepare, bind, ready to step. */
enum status query_open(struct store_txn *txn, const char *sql, const struct bound *values, size_t count,
                       struct statement **out, struct error_detail *err) MUST_CHECK;

/* The same, run to its end; no row may come. */
enum status query_run(struct store_txn *txn, const char *sql, const struct bound *values, size_t count,
                      struct error_detail *err) MUST_CHECK;

/* The same for an INSERT … RETURNING the key of its one row, which *OUT_ID receives. */
enum status query_insert(struct store_txn *txn, const char *sql, const struct bound *values, size_t count,
                         int64_t *out_id, struct error_detail *err) MUST_CHECK;

/* The text for the engine behind TXN, where there is none that both understand. */
const char *query_variant(struct store_txn *txn, const char *sqlite, const char *postgresql);

/* The same as query_open, stepped to its first row: statement_reset is owed when *OUT_FOUND. */
enum status query_first(struct store_txn *txn, const char *sql, const struct bound *values, size_t count,
                        struct statement **out, bool *out_found, struct error_detail *err) MUST_CHECK;

/* The first column of the first row as an integer; FALLBACK when there is none or it is NULL. */
enum status query_int(struct store_txn *txn, const char *sql, const struct bound *values, size_t count,
                      int64_t fallback, int64_t *out, struct error_detail *err) MUST_CHECK;
