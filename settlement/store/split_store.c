/* SQL of people's decisions about payments in several pieces. */
#include "settlement/store/split_store.h"

#include "settlement/store/query.h"

#include <string.h>

enum status
split_add(struct store_txn *txn, const char *municipality, const struct split_decision *split, int64_t *out_id,
          struct error_detail *err)
{
    return query_insert(
        txn,
        "INSERT INTO split_decision (municipality, at_ms, login, reason, undone_by, undone_at_ms, "
        "undone_reason) VALUES ($1, $2, $3, $4, '', 0, '') RETURNING split",
        BOUND(bound_text(municipality), bound_int(split->at_ms), bound_text(split->login), bound_text(split->reason)),
        out_id, err);
}

enum status
split_part_add(struct store_txn *txn, const char *municipality, const struct split_part *part, struct error_detail *err)
{
    return query_run(txn,
                     "INSERT INTO split_part (split, municipality, terminal, sequence, part, import, line) "
                     "VALUES ($1, $2, $3, $4, $5, $6, $7)",
                     BOUND(bound_int(part->split), bound_text(municipality), bound_text(part->terminal),
                           bound_int(part->sequence), bound_text(book_part_word(part->part)), bound_int(part->import),
                           bound_int(part->line)),
                     err);
}

enum status
split_take_back(struct store_txn *txn, const char *municipality, int64_t id, const char *login, const char *reason,
                int64_t now_ms, struct error_detail *err)
{
    int64_t standing = 0;
    enum status status =
        query_int(txn, "SELECT count(*) FROM split_decision WHERE municipality = $1 AND split = $2 AND undone_by = ''",
                  BOUND(bound_text(municipality), bound_int(id)), 0, &standing, err);
    if (status == STATUS_OK && standing == 0) {
        error_set(err, "not_found", "この判断は、もう取り消されています。");
        return STATUS_NOT_FOUND;
    }
    return status != STATUS_OK
               ? status
               : query_run(txn,
                           "UPDATE split_decision SET undone_by = $3, undone_at_ms = $4, undone_reason = $5 "
                           "WHERE municipality = $1 AND split = $2 AND undone_by = ''",
                           BOUND(bound_text(municipality), bound_int(id), bound_text(login), bound_int(now_ms),
                                 bound_text(reason)),
                           err);
}

static enum status
visit_parts(struct statement *statement, split_part_visitor visit, void *context, struct error_detail *err)
{
    bool has_row = false;
    enum status status;
    while ((status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        const struct split_part part = {
            .split = statement_column_int(statement, 0),
            .terminal = statement_column_text(statement, 1),
            .sequence = statement_column_int(statement, 2),
            .part = strcmp(statement_column_text(statement, 3), "void") == 0 ? BOOK_VOID : BOOK_SALE,
            .import = statement_column_int(statement, 4),
            .line = statement_column_int(statement, 5),
        };
        status = visit(&part, context, err);
        if (status != STATUS_OK) {
            statement_reset(statement);
            return status;
        }
    }
    return status;
}

#define PART_COLUMNS "p.split, p.terminal, p.sequence, p.part, p.import, p.line FROM split_part AS p "

enum status
split_part_each(struct store_txn *txn, int64_t id, split_part_visitor visit, void *context, struct error_detail *err)
{
    struct statement *statement;
    enum status status = query_open(
        txn, "SELECT " PART_COLUMNS "WHERE p.split = $1 ORDER BY p.import, p.line, p.terminal, p.sequence, p.part",
        BOUND(bound_int(id)), &statement, err);
    return status == STATUS_OK ? visit_parts(statement, visit, context, err) : status;
}

enum status
split_waiting_each(struct store_txn *txn, const char *municipality, split_part_visitor visit, void *context,
                   struct error_detail *err)
{
    struct statement *statement;
    enum status status =
        query_open(txn,
                   "SELECT " PART_COLUMNS "JOIN split_decision AS s ON s.split = p.split WHERE s.municipality = $1 "
                   "AND s.undone_by = '' AND NOT EXISTS (SELECT 1 FROM split_part AS q JOIN matched AS m ON m.terminal "
                   "= q.terminal "
                   "AND m.sequence = q.sequence AND m.part = q.part AND m.import = q.import AND m.line = q.line "
                   "WHERE q.split = s.split) ORDER BY p.split, p.import, p.line, p.terminal, p.sequence, p.part",
                   BOUND(bound_text(municipality)), &statement, err);
    return status == STATUS_OK ? visit_parts(statement, visit, context, err) : status;
}

enum status
split_about_each(struct store_txn *txn, const char *municipality, const char *terminal, int64_t sequence,
                 int64_t import, int64_t line, split_visitor visit, void *context, struct error_detail *err)
{
    struct statement *statement;
    enum status status = query_open(
        txn,
        "SELECT s.split, s.at_ms, s.login, s.reason FROM split_decision AS s WHERE s.municipality = $1 "
        "AND s.undone_by = '' AND s.split IN (SELECT p.split FROM split_part AS p WHERE p.terminal = $2 "
        "AND p.sequence = $3 UNION SELECT p.split FROM split_part AS p WHERE p.import = $4 AND p.line = $5) "
        "ORDER BY s.split",
        BOUND(bound_text(municipality), bound_text(terminal), bound_int(sequence), bound_int(import), bound_int(line)),
        &statement, err);
    bool has_row = false;
    while (status == STATUS_OK && (status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        const struct split_decision split = {.id = statement_column_int(statement, 0),
                                             .at_ms = statement_column_int(statement, 1),
                                             .login = statement_column_text(statement, 2),
                                             .reason = statement_column_text(statement, 3)};
        status = visit(&split, context, err);
        if (status != STATUS_OK) {
            statement_reset(statement);
        }
    }
    return status;
}

static enum status
visit_piece(struct statement *statement, split_piece_visitor visit, void *context, struct error_detail *err)
{
    bool has_row = false;
    enum status status;
    while ((status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        const struct split_piece piece = {.amount_yen = statement_column_int(statement, 0),
                                          .is_open = statement_column_int(statement, 1) != 0,
                                          .is_training = statement_column_int(statement, 2) != 0,
                                          .trustee = statement_column_text(statement, 3),
                                          .payout = statement_column_text(statement, 4)};
        status = visit(&piece, context, err);
        if (status != STATUS_OK) {
            statement_reset(statement);
            return status;
        }
    }
    return status;
}

enum status
split_payment_read(struct store_txn *txn, const char *municipality, const struct split_part *part,
                   split_piece_visitor visit, void *context, struct error_detail *err)
{
    struct statement *statement;
    enum status status =
        query_open(txn,
                   "SELECT CASE WHEN CAST($4 AS TEXT) = 'void' THEN -p.amount_yen ELSE p.amount_yen END, "
                   "CASE WHEN EXISTS (SELECT 1 FROM open_item AS o WHERE o.terminal = p.terminal "
                   "AND o.sequence = p.started_sequence AND o.part = $4) THEN 1 ELSE 0 END, 0, '', '' "
                   "FROM payment AS p WHERE p.municipality = $1 AND p.terminal = $2 AND p.started_sequence = $3",
                   BOUND(bound_text(municipality), bound_text(part->terminal), bound_int(part->sequence),
                         bound_text(book_part_word(part->part))),
                   &statement, err);
    return status == STATUS_OK ? visit_piece(statement, visit, context, err) : status;
}

enum status
split_line_read(struct store_txn *txn, const char *municipality, const struct split_part *part,
                split_piece_visitor visit, void *context, struct error_detail *err)
{
    struct statement *statement;
    enum status status = query_open(
        txn,
        "SELECT l.amount_yen, CASE WHEN EXISTS (SELECT 1 FROM open_line AS o WHERE o.import = l.import "
        "AND o.line = l.line) THEN 1 ELSE 0 END, CASE WHEN l.is_training <> 0 THEN 1 ELSE 0 END, i.trustee, l.payout "
        "FROM statement_line AS l JOIN import AS i ON i.import = l.import "
        "WHERE i.municipality = $1 AND l.import = $2 AND l.line = $3 AND l.kind <> 'fee'",
        BOUND(bound_text(municipality), bound_int(part->import), bound_int(part->line)), &statement, err);
    return status == STATUS_OK ? visit_piece(statement, visit, context, err) : status;
}

enum status
matched_more_add(struct store_txn *txn, const char *municipality, const struct split_part *part,
                 struct error_detail *err)
{
    return query_run(txn,
                     "INSERT INTO matched_more (import, line, municipality, terminal, sequence, part) "
                     "VALUES ($1, $2, $3, $4, $5, $6)",
                     BOUND(bound_int(part->import), bound_int(part->line), bound_text(municipality),
                           bound_text(part->terminal), bound_int(part->sequence),
                           bound_text(book_part_word(part->part))),
                     err);
}

enum status
split_release(struct store_txn *txn, const char *municipality, int64_t id, struct error_detail *err)
{
#define CARRIED_OUT                                                                                                    \
    "EXISTS (SELECT 1 FROM split_part AS q JOIN matched AS m ON m.terminal = q.terminal AND m.sequence = q.sequence "  \
    "AND m.part = q.part AND m.import = q.import AND m.line = q.line WHERE q.split = $2)"
    static const char *const steps[] = {
        "INSERT INTO open_item (terminal, sequence, part, municipality, due_on) SELECT DISTINCT p.terminal, "
        "p.sequence, "
        "p.part, p.municipality, '' FROM split_part AS p WHERE p.municipality = $1 AND p.split = $2 AND " CARRIED_OUT
        " ON CONFLICT (terminal, sequence, part) DO NOTHING",
        "INSERT INTO open_line (import, line, municipality) SELECT DISTINCT p.import, p.line, p.municipality "
        "FROM split_part AS p WHERE p.municipality = $1 AND p.split = $2 AND " CARRIED_OUT
        " ON CONFLICT (import, line) DO NOTHING",
        "DELETE FROM matched_more WHERE municipality = $1 AND EXISTS (SELECT 1 FROM split_part AS p WHERE p.split = $2 "
        "AND p.import = matched_more.import AND p.line = matched_more.line AND p.terminal = matched_more.terminal "
        "AND p.sequence = matched_more.sequence AND p.part = matched_more.part)",
        "DELETE FROM matched WHERE municipality = $1 AND EXISTS (SELECT 1 FROM split_part AS p WHERE p.split = $2 "
        "AND p.terminal = matched.terminal AND p.sequence = matched.sequence AND p.part = matched.part "
        "AND p.import = matched.import AND p.line = matched.line)",
    };
#undef CARRIED_OUT
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < sizeof steps / sizeof steps[0]; i++) {
        status = query_run(txn, steps[i], BOUND(bound_text(municipality), bound_int(id)), err);
    }
    return status;
}
