/* SQL of matching's reading side. What is new is a range of a till's lines, what is open is a list: neither costs
 * history. */
#include "settlement/store/matching_store.h"

#include "settlement/store/column.h"
#include "settlement/store/import_store.h"
#include "settlement/store/query.h"

#include <stdio.h>
#include <string.h>

const char *
book_part_word(enum book_part part)
{
    return part == BOOK_SALE ? "sale" : "void";
}

enum status
matching_state_read(struct store_txn *txn, const char *municipality, struct matching_state *out,
                    struct error_detail *err)
{
    struct statement *statement;
    bool found;
    enum status status =
        query_first(txn, "SELECT run, import, due_day, rescan FROM matching_state WHERE municipality = $1",
                    BOUND(bound_text(municipality)), &statement, &found, err);
    if (status != STATUS_OK) {
        return status;
    }
    *out = (struct matching_state){0};
    if (found) {
        out->run = statement_column_int(statement, 0);
        out->import = statement_column_int(statement, 1);
        column_copy_text(out->due_day, sizeof out->due_day, statement, 2);
        out->must_rescan = statement_column_int(statement, 3) != 0;
        statement_reset(statement);
    }
    return query_int(txn, "SELECT max(import) FROM import WHERE municipality = $1", BOUND(bound_text(municipality)), 0,
                     &out->newest_import, err);
}

enum status
matching_state_write(struct store_txn *txn, const char *municipality, const struct matching_state *state,
                     struct error_detail *err)
{
    return query_run(txn,
                     "INSERT INTO matching_state (municipality, run, import, due_day, rescan) "
                     "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (municipality) DO UPDATE SET run = excluded.run, "
                     "import = excluded.import, due_day = excluded.due_day, rescan = excluded.rescan",
                     BOUND(bound_text(municipality), bound_int(state->run), bound_int(state->import),
                           bound_text(state->due_day), bound_int(state->must_rescan ? 1 : 0)),
                     err);
}

/* Columns of a row whose first are: terminal, sequence, part, is_carried, due_on; `p` is the payment, `s` its sale. */
#define PAYMENT_COLUMNS                                                                                                \
    "p.payment, p.acquirer_reference, p.brand, p.state, p.business_date, p.sale_sequence, p.amount_yen, "              \
    "p.accepted_at_ms, p.slip_number"
/* Voided, or given back after its day was closed. */
#define BOOK_COLUMNS                                                                                                   \
    PAYMENT_COLUMNS ", coalesce(s.voided_by, 0) <> 0 OR EXISTS (SELECT 1 FROM reversal AS r WHERE r.payment = "        \
                    "p.payment AND r.state = 'reversed') "
#define SALE_OF_PAYMENT "LEFT JOIN sale AS s ON s.terminal = p.terminal AND s.sequence = p.sale_sequence "

static enum status
walk_book(struct statement *statement, book_visitor visit, void *context, struct error_detail *err)
{
    bool has_row = false;
    enum status status;
    while ((status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        bool is_void = strcmp(statement_column_text(statement, 2), "void") == 0;
        int64_t amount_yen = statement_column_int(statement, 11);
        struct book_row row = {
            .terminal = statement_column_text(statement, 0),
            .sequence = statement_column_int(statement, 1),
            .part = is_void ? BOOK_VOID : BOOK_SALE,
            .is_carried = statement_column_int(statement, 3) != 0,
            .due_on = statement_column_text(statement, 4),
            .payment = statement_column_text(statement, 5),
            .acquirer_reference = statement_column_text(statement, 6),
            .brand = statement_column_text(statement, 7),
            .state = statement_column_text(statement, 8),
            .business_date = statement_column_text(statement, 9),
            .has_sale = statement_column_int(statement, 10) != 0,
            .amount_yen = is_void ? -amount_yen : amount_yen,
            .accepted_at_ms =
                statement_column_is_null(statement, 12) ? INSTANT_ABSENT : statement_column_int(statement, 12),
            .slip = is_void ? "" : statement_column_text(statement, 13),
            .is_voided = statement_column_int(statement, 14) != 0,
        };
        status = visit(&row, context, err);
        if (status != STATUS_OK) {
            statement_reset(statement);
            return status;
        }
    }
    return status;
}

static enum status
visit_book(struct store_txn *txn, const char *sql, const char *municipality, book_visitor visit, void *context,
           struct error_detail *err)
{
    struct statement *statement;
    enum status status = query_open(txn, sql, BOUND(bound_text(municipality)), &statement, err);
    return status == STATUS_OK ? walk_book(statement, visit, context, err) : status;
}

enum status
book_open_each(struct store_txn *txn, const char *municipality, book_visitor visit, void *context,
               struct error_detail *err)
{
    return visit_book(
        txn,
        "SELECT o.terminal, o.sequence, o.part, 1, o.due_on, " BOOK_COLUMNS "FROM open_item AS o "
        "JOIN payment AS p ON p.terminal = o.terminal AND p.started_sequence = o.sequence " SALE_OF_PAYMENT
        "WHERE o.municipality = $1 ORDER BY o.terminal, o.sequence, o.part",
        municipality, visit, context, err);
}

/* Payments that began since the last run, but those that came to nothing. */
#define NEW_SALES                                                                                                      \
    "SELECT p.terminal, p.started_sequence, 'sale', 0, '', " PAYMENT_COLUMNS ", FALSE FROM ledger_terminal AS t "      \
    "LEFT JOIN matching_progress AS g ON g.terminal = t.terminal "                                                     \
    "CROSS JOIN payment AS p ON p.terminal = t.terminal AND p.started_sequence > coalesce(g.sequence, 0) "             \
    "WHERE t.municipality = $1 AND t.sequence > coalesce(g.sequence, 0) "                                              \
    "AND p.state NOT IN ('declined', 'not_charged') "
/* Sales that were voided since, and payments that the gateway gave back: their cancellations. */
#define NEW_VOIDS                                                                                                      \
    "SELECT p.terminal, p.started_sequence, 'void', 0, '', " BOOK_COLUMNS "FROM ledger_terminal AS t "                 \
    "LEFT JOIN matching_progress AS g ON g.terminal = t.terminal "                                                     \
    "CROSS JOIN sale_void AS v ON v.terminal = t.terminal AND v.sequence > coalesce(g.sequence, 0) "                   \
    "CROSS JOIN sale AS s ON s.terminal = v.terminal AND s.sequence = v.sale_sequence "                                \
    "CROSS JOIN payment AS p ON p.payment = s.payment "                                                                \
    "WHERE t.municipality = $1 AND t.sequence > coalesce(g.sequence, 0) AND s.payment <> '' "
#define NOT_KNOWN(part)                                                                                                \
    "AND NOT EXISTS (SELECT 1 FROM matched AS m WHERE m.terminal = p.terminal AND m.sequence = p.started_sequence "    \
    "AND m.part = '" part "') AND NOT EXISTS (SELECT 1 FROM open_item AS o WHERE o.terminal = p.terminal "             \
    "AND o.sequence = p.started_sequence AND o.part = '" part "') "

static const char new_sales[] = NEW_SALES;
static const char new_voids[] = NEW_VOIDS;
static const char all_sales[] = NEW_SALES NOT_KNOWN("sale");
static const char all_voids[] = NEW_VOIDS NOT_KNOWN("void");
/* Open payments that were given back meanwhile. */
static const char reversed[] =
    "SELECT p.terminal, p.started_sequence, 'void', 0, '', " BOOK_COLUMNS
    "FROM open_item AS u JOIN payment AS p ON p.terminal = u.terminal "
    "AND p.started_sequence = u.sequence " SALE_OF_PAYMENT
    "WHERE u.municipality = $1 AND u.part = 'sale' AND p.state = 'reversed' " NOT_KNOWN("void");
static const char new_reversed[] = "SELECT p.terminal, p.started_sequence, 'void', 0, '', " BOOK_COLUMNS
                                   "FROM ledger_terminal AS t LEFT JOIN matching_progress AS g "
                                   "ON g.terminal = t.terminal CROSS JOIN payment AS p ON p.terminal = t.terminal "
                                   "AND p.started_sequence > coalesce(g.sequence, 0) " SALE_OF_PAYMENT
                                   "WHERE t.municipality = $1 AND t.sequence > coalesce(g.sequence, 0) "
                                   "AND p.state = 'reversed' " NOT_KNOWN("void");

/* Refunds that the processor had carried out when they were recorded: voids that became known after the day's close. */
static const char late_voids[] =
    "SELECT p.terminal, p.started_sequence, 'void', 0, '', " BOOK_COLUMNS "FROM ledger_terminal AS t "
    "LEFT JOIN matching_progress AS g ON g.terminal = t.terminal "
    "CROSS JOIN refund AS f ON f.terminal = t.terminal AND f.state = 'paid' AND f.ended_means = 'gateway' "
    "AND f.state_sequence > coalesce(g.sequence, 0) CROSS JOIN sale AS s ON s.sale = f.sale "
    "CROSS JOIN payment AS p ON p.payment = s.payment "
    "WHERE t.municipality = $1 AND t.sequence > coalesce(g.sequence, 0) AND s.payment <> '' "
    "AND EXISTS (SELECT 1 FROM reversal AS r WHERE r.payment = s.payment AND r.state = 'reversed') " NOT_KNOWN("void");

enum status
book_new_each(struct store_txn *txn, const char *municipality, bool must_rescan, book_visitor visit, void *context,
              struct error_detail *err)
{
    const char *const queries[] = {must_rescan ? all_sales : new_sales, must_rescan ? all_voids : new_voids, reversed,
                                   new_reversed, late_voids};
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < sizeof queries / sizeof queries[0]; i++) {
        status = visit_book(txn, queries[i], municipality, visit, context, err);
    }
    return status;
}

enum status
book_find(struct store_txn *txn, const char *municipality, const char *payment, book_visitor visit, void *context,
          struct error_detail *err)
{
    struct statement *statement;
    enum status status = query_open(txn,
                                    "SELECT p.terminal, p.started_sequence, 'sale', 0, '', " BOOK_COLUMNS
                                    "FROM payment AS p " SALE_OF_PAYMENT "WHERE p.payment = $1 AND p.municipality = $2",
                                    BOUND(bound_text(payment), bound_text(municipality)), &statement, err);
    return status == STATUS_OK ? walk_book(statement, visit, context, err) : status;
}

enum status
book_find_by_acquirer(struct store_txn *txn, const char *municipality, const char *acquirer_reference,
                      book_visitor visit, void *context, struct error_detail *err)
{
    struct statement *statement;
    enum status status = query_open(
        txn,
        "SELECT p.terminal, p.started_sequence, 'sale', 0, '', " BOOK_COLUMNS "FROM payment AS p " SALE_OF_PAYMENT
        "WHERE p.municipality = $1 AND p.acquirer_reference = $2 AND p.acquirer_reference <> ''",
        BOUND(bound_text(municipality), bound_text(acquirer_reference)), &statement, err);
    return status == STATUS_OK ? walk_book(statement, visit, context, err) : status;
}

enum status
matched_line_of(struct store_txn *txn, const char *terminal, int64_t sequence, enum book_part part, int64_t *out_import,
                int64_t *out_line, bool *out_is_in_pieces, struct error_detail *err)
{
    struct statement *statement;
    bool found;
    enum status status = query_first(
        txn,
        "SELECT m.import, m.line, CASE WHEN m.matched_by = 'decision' AND EXISTS (SELECT 1 FROM split_part AS p "
        "WHERE p.terminal = m.terminal AND p.sequence = m.sequence AND p.part = m.part AND p.import = m.import "
        "AND p.line = m.line) THEN 1 ELSE 0 END FROM matched AS m "
        "WHERE m.terminal = $1 AND m.sequence = $2 AND m.part = $3",
        BOUND(bound_text(terminal), bound_int(sequence), bound_text(book_part_word(part))), &statement, &found, err);
    if (status == STATUS_OK) {
        *out_import = found ? statement_column_int(statement, 0) : 0;
        *out_line = found ? statement_column_int(statement, 1) : 0;
        *out_is_in_pieces = found && statement_column_int(statement, 2) != 0;
        if (found) {
            statement_reset(statement);
        }
    }
    return status;
}

enum status
matching_positions_each(struct store_txn *txn, const char *municipality, position_visitor visit, void *context,
                        struct error_detail *err)
{
    struct statement *statement;
    enum status status =
        query_open(txn,
                   "SELECT t.terminal, t.sequence FROM ledger_terminal AS t LEFT JOIN matching_progress AS g "
                   "ON g.terminal = t.terminal WHERE t.municipality = $1 AND t.sequence > coalesce(g.sequence, 0)",
                   BOUND(bound_text(municipality)), &statement, err);
    bool has_row = false;
    while (status == STATUS_OK && (status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        status = visit(statement_column_text(statement, 0), statement_column_int(statement, 1), context, err);
        if (status != STATUS_OK) {
            statement_reset(statement);
        }
    }
    return status;
}

#define LINE_COLUMNS                                                                                                   \
    "l.import, l.line, l.kind, l.is_training, l.brand, l.merchant_reference, l.acquirer_reference, l.terminal, "       \
    "l.payout, l.accepted_at_ms, l.amount_yen, l.fee_yen, l.slip "

static struct text_view
column_view(const struct statement *statement, int column)
{
    return text_view_of(statement_column_text(statement, column));
}

static enum status
walk_lines(struct statement *statement, bool is_carried, their_line_visitor visit, void *context,
           struct error_detail *err)
{
    bool has_row = false;
    enum status status;
    while ((status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        struct statement_line line = {
            .line = (uint32_t)statement_column_int(statement, 1),
            .is_training = statement_column_int(statement, 3) != 0,
            .brand = column_view(statement, 4),
            .merchant_reference = column_view(statement, 5),
            .acquirer_reference = column_view(statement, 6),
            .terminal = column_view(statement, 7),
            .payout_id = column_view(statement, 8),
            .accepted_at_ms =
                statement_column_is_null(statement, 9) ? INSTANT_ABSENT : statement_column_int(statement, 9),
            .amount_yen = statement_column_int(statement, 10),
            .fee_yen = statement_column_int(statement, 11),
            .slip = column_view(statement, 12),
        };
        if (!statement_kind_from_word(&line.kind, statement_column_text(statement, 2))) {
            error_set(err, "wrong_kind_word", "保存されている明細の区分が正しくありません。");
            status = STATUS_CORRUPT;
        } else {
            status = visit(statement_column_int(statement, 0), &line, is_carried, context, err);
        }
        if (status != STATUS_OK) {
            statement_reset(statement);
            return status;
        }
    }
    return status;
}

enum status
their_open_each(struct store_txn *txn, const char *municipality, their_line_visitor visit, void *context,
                struct error_detail *err)
{
    struct statement *statement;
    enum status status = query_open(txn,
                                    "SELECT " LINE_COLUMNS "FROM open_line AS o JOIN statement_line AS l "
                                    "ON l.import = o.import AND l.line = o.line WHERE o.municipality = $1 "
                                    "ORDER BY o.import, o.line",
                                    BOUND(bound_text(municipality)), &statement, err);
    return status == STATUS_OK ? walk_lines(statement, true, visit, context, err) : status;
}

enum status
their_new_each(struct store_txn *txn, const char *municipality, int64_t after_import, int64_t *out_last_import,
               their_line_visitor visit, void *context, struct error_detail *err)
{
    struct statement *statement;
    int64_t last;
    enum status status = query_int(txn, "SELECT max(import) FROM import WHERE municipality = $1",
                                   BOUND(bound_text(municipality)), 0, &last, err);
    if (status != STATUS_OK) {
        return status;
    }
    *out_last_import = last > after_import ? last : after_import;
    status = query_open(txn,
                        "SELECT " LINE_COLUMNS "FROM import AS i CROSS JOIN statement_line AS l "
                        "ON l.import = i.import WHERE i.municipality = $1 AND i.import > $2 AND l.kind <> 'fee' "
                        "AND NOT EXISTS (SELECT 1 FROM line_aside AS a WHERE a.import = l.import AND a.line = l.line) "
                        "ORDER BY i.import, l.line",
                        BOUND(bound_text(municipality), bound_int(after_import)), &statement, err);
    return status == STATUS_OK ? walk_lines(statement, false, visit, context, err) : status;
}

enum status
their_line_read(struct store_txn *txn, int64_t import, int64_t line, their_line_visitor visit, void *context,
                struct error_detail *err)
{
    struct statement *statement;
    enum status status =
        query_open(txn, "SELECT " LINE_COLUMNS "FROM statement_line AS l WHERE l.import = $1 AND l.line = $2",
                   BOUND(bound_int(import), bound_int(line)), &statement, err);
    return status == STATUS_OK ? walk_lines(statement, false, visit, context, err) : status;
}
