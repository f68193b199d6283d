/* SQL that looks among what is open for what may belong together. The open lists are short beside the books. */
#include "settlement/store/query.h"
#include "settlement/store/worklist_store.h"

#include <string.h>

#define PAYMENT_SIDE                                                                                                   \
    "SELECT o.terminal, o.sequence, o.part, 0, 0, p.payment, p.acquirer_reference, p.brand, "                          \
    "CASE WHEN o.part = 'void' THEN -p.amount_yen ELSE p.amount_yen END, p.accepted_at_ms FROM open_item AS o "        \
    "JOIN payment AS p ON p.terminal = o.terminal AND p.started_sequence = o.sequence WHERE o.municipality = $1 "
#define LINE_SIDE                                                                                                      \
    "SELECT l.terminal, 0, 'sale', o.import, o.line, l.merchant_reference, l.acquirer_reference, l.brand, "            \
    "l.amount_yen, l.accepted_at_ms FROM open_line AS o JOIN statement_line AS l ON l.import = o.import "              \
    "AND l.line = o.line WHERE o.municipality = $1 "

static enum status
visit_each(struct statement *statement, partner_visitor visit, void *context, struct error_detail *err)
{
    bool has_row = false;
    enum status status;
    while ((status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        struct partner_row row = {
            .terminal = statement_column_text(statement, 0),
            .sequence = statement_column_int(statement, 1),
            .part = strcmp(statement_column_text(statement, 2), "void") == 0 ? BOOK_VOID : BOOK_SALE,
            .import = statement_column_int(statement, 3),
            .line = statement_column_int(statement, 4),
            .payment = statement_column_text(statement, 5),
            .acquirer_reference = statement_column_text(statement, 6),
            .brand = statement_column_text(statement, 7),
            .amount_yen = statement_column_int(statement, 8),
            .accepted_at_ms =
                statement_column_is_null(statement, 9) ? INSTANT_ABSENT : statement_column_int(statement, 9),
        };
        status = visit(&row, context);
        if (status != STATUS_OK) {
            statement_reset(statement);
            return status;
        }
    }
    return status;
}

enum status
partner_lines_each(struct store_txn *txn, const char *municipality, const struct partner_row *self,
                   partner_visitor visit, void *context, struct error_detail *err)
{
    struct statement *statement;
    enum status status =
        query_open(txn,
                   LINE_SIDE "AND (l.amount_yen = $2 OR (l.acquirer_reference = $3 AND $3 <> '') "
                             "OR (l.merchant_reference = $6 AND $6 <> '' AND (l.amount_yen < 0) = ($2 < 0))) "
                             "ORDER BY CASE WHEN l.merchant_reference = $6 AND $6 <> '' THEN 0 ELSE 1 END, "
                             "abs(coalesce(l.accepted_at_ms, 0) - $4), o.import, o.line LIMIT $5",
                   BOUND(bound_text(municipality), bound_int(self->amount_yen), bound_text(self->acquirer_reference),
                         bound_int(self->accepted_at_ms != INSTANT_ABSENT ? self->accepted_at_ms : 0),
                         bound_int(PARTNERS_MAX), bound_text(self->payment)),
                   &statement, err);
    return status == STATUS_OK ? visit_each(statement, visit, context, err) : status;
}

enum status
partner_payments_each(struct store_txn *txn, const char *municipality, const struct partner_row *self,
                      partner_visitor visit, void *context, struct error_detail *err)
{
    struct statement *statement;
    enum status status =
        query_open(txn,
                   PAYMENT_SIDE "AND (CASE WHEN o.part = 'void' THEN -p.amount_yen ELSE p.amount_yen END = $2 "
                                "OR (p.acquirer_reference = $3 AND $3 <> '') "
                                "OR (p.payment = $6 AND $6 <> '' AND (o.part = 'void') = ($2 < 0))) "
                                "ORDER BY CASE WHEN p.payment = $6 AND $6 <> '' THEN 0 ELSE 1 END, "
                                "abs(coalesce(p.accepted_at_ms, 0) - $4), o.terminal, o.sequence, o.part LIMIT $5",
                   BOUND(bound_text(municipality), bound_int(self->amount_yen), bound_text(self->acquirer_reference),
                         bound_int(self->accepted_at_ms != INSTANT_ABSENT ? self->accepted_at_ms : 0),
                         bound_int(PARTNERS_MAX), bound_text(self->payment)),
                   &statement, err);
    return status == STATUS_OK ? visit_each(statement, visit, context, err) : status;
}

enum status
piece_lines_each(struct store_txn *txn, const char *municipality, const struct partner_row *self, partner_visitor visit,
                 void *context, struct error_detail *err)
{
    struct statement *statement;
    enum status status = query_open(
        txn,
        LINE_SIDE
        "AND l.amount_yen <> 0 AND (l.amount_yen < 0) = ($2 < 0) AND abs(l.amount_yen) < abs($2) "
        "ORDER BY CASE WHEN (l.merchant_reference = $3 AND $3 <> '') OR (l.acquirer_reference = $4 AND $4 <> '') "
        "THEN 0 ELSE 1 END, abs(coalesce(l.accepted_at_ms, 0) - $5), o.import, o.line LIMIT $6",
        BOUND(bound_text(municipality), bound_int(self->amount_yen), bound_text(self->payment),
              bound_text(self->acquirer_reference),
              bound_int(self->accepted_at_ms != INSTANT_ABSENT ? self->accepted_at_ms : 0), bound_int(PIECES_MAX)),
        &statement, err);
    return status == STATUS_OK ? visit_each(statement, visit, context, err) : status;
}

enum status
piece_payments_each(struct store_txn *txn, const char *municipality, const struct partner_row *self,
                    partner_visitor visit, void *context, struct error_detail *err)
{
    struct statement *statement;
    enum status status = query_open(
        txn,
        PAYMENT_SIDE
        "AND p.amount_yen <> 0 AND (o.part = 'void') = ($2 < 0) AND p.amount_yen < abs($2) "
        "ORDER BY CASE WHEN (p.payment = $3 AND $3 <> '') OR (p.acquirer_reference = $4 AND $4 <> '') "
        "THEN 0 ELSE 1 END, abs(coalesce(p.accepted_at_ms, 0) - $5), o.terminal, o.sequence, o.part LIMIT $6",
        BOUND(bound_text(municipality), bound_int(self->amount_yen), bound_text(self->payment),
              bound_text(self->acquirer_reference),
              bound_int(self->accepted_at_ms != INSTANT_ABSENT ? self->accepted_at_ms : 0), bound_int(PIECES_MAX)),
        &statement, err);
    return status == STATUS_OK ? visit_each(statement, visit, context, err) : status;
}

enum status
partner_self(struct store_txn *txn, const char *municipality, const struct partner_row *key, partner_visitor visit,
             void *context, struct error_detail *err)
{
    struct statement *statement;
    enum status status = key->sequence != 0
                             ? query_open(txn, PAYMENT_SIDE "AND o.terminal = $2 AND o.sequence = $3 AND o.part = $4",
                                          BOUND(bound_text(municipality), bound_text(key->terminal),
                                                bound_int(key->sequence), bound_text(book_part_word(key->part))),
                                          &statement, err)
                             : query_open(txn, LINE_SIDE "AND o.import = $2 AND o.line = $3",
                                          BOUND(bound_text(municipality), bound_int(key->import), bound_int(key->line)),
                                          &statement, err);
    return status == STATUS_OK ? visit_each(statement, visit, context, err) : status;
}
