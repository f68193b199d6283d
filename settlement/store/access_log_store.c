/* SQL of the access log. The table refuses UPDATE and DELETE by itself; against who can get around that, each entry
 * carries the hash of the one before and of itself. The audit computes it a second time. */
#include "settlement/store/access_log_store.h"

#include "common/bytes/buffer.h"
#include "common/signing/signing.h"
#include "settlement/store/connection.h"
#include "settlement/store/query.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char *
text_or_empty(const char *text)
{
    return text != NULL ? text : "";
}

enum {
    ENTRY_MAX_BYTES = 1 << 20 /* far more than any deed says */
};

/* Each text with its length before it, so that none can be read as two. */
static void
chain_text(struct buffer *out, const char *text)
{
    buffer_printf(out, "%zu:%s", strlen(text), text);
}

/* The chain of ENTRY behind PREVIOUS. */
static enum status
chain_of(char out[SHA256_TEXT_SIZE], const char *previous, const struct actor *actor, int64_t now_ms,
         const struct access_entry *entry, struct error_detail *err)
{
    struct buffer bytes;
    buffer_init(&bytes, ENTRY_MAX_BYTES);
    chain_text(&bytes, previous);
    chain_text(&bytes, actor->municipality);
    buffer_printf(&bytes, "%" PRId64 ":", now_ms);
    const char *const texts[] = {actor->login,  actor->address, entry->what,  entry->object,
                                 entry->before, entry->after,   entry->reason};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        chain_text(&bytes, text_or_empty(texts[i]));
    }
    enum status status = buffer_check(&bytes, err);
    if (status == STATUS_OK) {
        sha256_text(out, bytes.data, bytes.length);
    }
    buffer_finish(&bytes);
    return status;
}

/* Where the chain of MUNICIPALITY ends; whoever else adds to it waits until this transaction ends. */
static enum status
read_head(struct store_txn *txn, const char *municipality, char out[SHA256_TEXT_SIZE], struct error_detail *err)
{
    struct statement *statement;
    bool found = false;
    enum status status = query_run(txn,
                                   "INSERT INTO access_log_head (municipality, entries, chain) VALUES ($1, 0, '') "
                                   "ON CONFLICT (municipality) DO NOTHING",
                                   BOUND(bound_text(municipality)), err);
    if (status == STATUS_OK) {
        status = query_first(txn,
                             store_txn_locks_rows(txn)
                                 ? "SELECT chain FROM access_log_head WHERE municipality = $1 FOR UPDATE"
                                 : "SELECT chain FROM access_log_head WHERE municipality = $1",
                             BOUND(bound_text(municipality)), &statement, &found, err);
    }
    out[0] = '\0';
    if (status == STATUS_OK && found) {
        snprintf(out, SHA256_TEXT_SIZE, "%s", statement_column_text(statement, 0));
        statement_reset(statement);
    }
    return status;
}

enum status
access_log_append(struct store_txn *txn, const struct actor *actor, int64_t now_ms, const struct access_entry *entry,
                  struct error_detail *err)
{
    char previous[SHA256_TEXT_SIZE];
    char chain[SHA256_TEXT_SIZE];
    enum status status = read_head(txn, actor->municipality, previous, err);
    if (status == STATUS_OK) {
        status = chain_of(chain, previous, actor, now_ms, entry, err);
    }
    if (status == STATUS_OK) {
        status = query_run(txn,
                           "INSERT INTO access_log (municipality, at_ms, login, address, what, object, before, after, "
                           "reason, chain) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                           BOUND(bound_text(actor->municipality), bound_int(now_ms), bound_text(actor->login),
                                 bound_text(actor->address), bound_text(entry->what),
                                 bound_text(text_or_empty(entry->object)), bound_text(text_or_empty(entry->before)),
                                 bound_text(text_or_empty(entry->after)), bound_text(text_or_empty(entry->reason)),
                                 bound_text(chain)),
                           err);
    }
    if (status == STATUS_OK) {
        status = query_run(txn, "UPDATE access_log_head SET entries = entries + 1, chain = $1 WHERE municipality = $2",
                           BOUND(bound_text(chain), bound_text(actor->municipality)), err);
    }
    return status;
}

/* Read by its object, an entry is found by an index of its own; so the two orders are two texts. */
#define ENTRY_COLUMNS                                                                                                  \
    "SELECT entry, at_ms, access_log.login, coalesce(staff.name, ''), address, what, object, before, after, reason, "  \
    "access_log.municipality FROM access_log LEFT JOIN staff ON staff.login = access_log.login "
#define ENTRY_FILTERS                                                                                                  \
    "AND ($3 IS NULL OR access_log.login = $3) AND ($4 = 0 OR at_ms >= $4) AND ($5 = 0 OR at_ms < $5) "                \
    "AND ($6 = 0 OR entry < $6) ORDER BY entry DESC LIMIT $7"

static const char read_all[] = ENTRY_COLUMNS "WHERE access_log.municipality = $1 AND $2 IS NULL " ENTRY_FILTERS;
static const char read_object[] = ENTRY_COLUMNS "WHERE access_log.municipality = $1 AND object = $2 " ENTRY_FILTERS;

enum status
access_log_each(struct store_txn *txn, const struct access_log_query *query, access_entry_visitor visit, void *context,
                struct error_detail *err)
{
    struct statement *statement;
    enum status status = query_open(txn, query->object != NULL ? read_object : read_all,
                                    BOUND(bound_text(query->municipality), bound_text(query->object),
                                          bound_text(query->login), bound_int(query->from_ms), bound_int(query->to_ms),
                                          bound_int(query->before_id), bound_int(query->limit)),
                                    &statement, err);
    bool has_row = false;
    while (status == STATUS_OK && (status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        struct access_entry entry = {
            .id = statement_column_int(statement, 0),
            .at_ms = statement_column_int(statement, 1),
            .login = statement_column_text(statement, 2),
            .name = statement_column_text(statement, 3),
            .address = statement_column_text(statement, 4),
            .what = statement_column_text(statement, 5),
            .object = statement_column_text(statement, 6),
            .before = statement_column_text(statement, 7),
            .after = statement_column_text(statement, 8),
            .reason = statement_column_text(statement, 9),
            .municipality = statement_column_text(statement, 10),
        };
        status = visit(&entry, context);
        if (status != STATUS_OK) {
            statement_reset(statement);
        }
    }
    return status;
}
