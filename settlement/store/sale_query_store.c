/* SQL of the sales' list and of one sale. */
#include "settlement/store/sale_query_store.h"

#include "settlement/store/query.h"

#define SOLD_COLUMNS                                                                                                   \
    "SELECT sale.sale, sale.receipt_number, sale.terminal, sale.sequence, sale.business_date, sale.received_on, "      \
    "sale.method, sale.brand, sale.total_yen, sale.voided_by, sale.cash_yen, sale.reference_kind, "                    \
    "sale.reference_number "
#define SOLD_FILTERS                                                                                                   \
    "WHERE sale.municipality = $1 AND ($2 IS NULL OR sale.terminal = $2) AND ($3 IS NULL OR sale.method = $3) "        \
    "AND (sale.received_on, sale.terminal, sale.sequence) < ($4, $5, $6) "
#define SOLD_ORDER "ORDER BY sale.received_on DESC, sale.terminal DESC, sale.sequence DESC LIMIT $7"

/* Three ways to find the rows, each by an index of its own; so there are three texts. */
static const char of_all[] = SOLD_COLUMNS "FROM sale " SOLD_FILTERS SOLD_ORDER;
static const char of_day[] = SOLD_COLUMNS "FROM sale " SOLD_FILTERS "AND sale.received_on = $7 ORDER BY "
                                          "sale.terminal DESC, sale.sequence DESC LIMIT $8";
static const char of_search[] = SOLD_COLUMNS
    "FROM (SELECT terminal, sequence FROM sale WHERE sale = $1 "
    "UNION SELECT s.terminal, s.sequence FROM terminal AS t CROSS JOIN sale AS s ON s.terminal = t.terminal "
    "AND s.receipt_number = $1 "
    "UNION SELECT terminal, sale_sequence FROM payment WHERE payment = $1 AND sale_sequence <> 0 "
    "UNION SELECT terminal, sequence FROM sale WHERE municipality = $2 AND reference_number = $1 "
    "AND reference_number <> '') AS hit "
    "CROSS JOIN sale ON sale.terminal = hit.terminal AND sale.sequence = hit.sequence "
    "WHERE sale.municipality = $2 AND ($3 IS NULL OR sale.terminal = $3) AND ($4 IS NULL OR sale.method = $4) "
    "AND ($5 IS NULL OR sale.received_on = $5) ORDER BY sale.received_on DESC, sale.terminal, sale.sequence";

static enum status
open_rows(struct store_txn *txn, const struct sold_query *query, struct statement **out, struct error_detail *err)
{
    const char *after_day = query->after_day != NULL ? query->after_day : "9999-12-31"; /* behind every day */
    const char *after_terminal = query->after_day != NULL ? query->after_terminal : "";
    if (query->search != NULL) {
        /* An id names a sale or two: there is no second page. */
        return query_open(txn, of_search,
                          BOUND(bound_text(query->search), bound_text(query->municipality), bound_text(query->terminal),
                                bound_text(query->method), bound_text(query->date)),
                          out, err);
    }
    if (query->date != NULL) {
        return query_open(txn, of_day,
                          BOUND(bound_text(query->municipality), bound_text(query->terminal), bound_text(query->method),
                                bound_text(after_day), bound_text(after_terminal), bound_int(query->after_sequence),
                                bound_text(query->date), bound_int(query->limit)),
                          out, err);
    }
    return query_open(txn, of_all,
                      BOUND(bound_text(query->municipality), bound_text(query->terminal), bound_text(query->method),
                            bound_text(after_day), bound_text(after_terminal), bound_int(query->after_sequence),
                            bound_int(query->limit)),
                      out, err);
}

enum status
sold_each(struct store_txn *txn, const struct sold_query *query, sold_visitor visit, void *context,
          struct error_detail *err)
{
    struct statement *statement;
    enum status status = open_rows(txn, query, &statement, err);
    bool has_row = false;
    while (status == STATUS_OK && (status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        struct sold_row row = {
            .sale = statement_column_text(statement, 0),
            .receipt_number = statement_column_text(statement, 1),
            .terminal = statement_column_text(statement, 2),
            .sequence = statement_column_int(statement, 3),
            .business_date = statement_column_text(statement, 4),
            .received_on = statement_column_text(statement, 5),
            .method = statement_column_text(statement, 6),
            .brand = statement_column_text(statement, 7),
            .amount_yen = statement_column_int(statement, 8),
            .is_void = statement_column_int(statement, 9) != 0,
            .cash_yen = statement_column_int(statement, 10),
            .reference_kind = statement_column_text(statement, 11),
            .reference_number = statement_column_text(statement, 12),
        };
        status = visit(&row, context);
        if (status != STATUS_OK) {
            statement_reset(statement);
        }
    }
    return status;
}

enum status
sold_line_each(struct store_txn *txn, const char *terminal, int64_t sequence, sold_line_visitor visit, void *context,
               struct error_detail *err)
{
    struct statement *statement;
    enum status status = query_open(txn,
                                    "SELECT number, item, name, unit_price_yen, quantity, amount_yen, tax, account, "
                                    "section, issuer, exemption, exemption_name, exemption_reason, cash_yen, facility, "
                                    "reduction, reduction_name, reduction_granter, reduction_yen, list_price_yen, "
                                    "override_reason, override_by, tariff, ticket FROM sale_line "
                                    "WHERE terminal = $1 AND sequence = $2 ORDER BY number",
                                    BOUND(bound_text(terminal), bound_int(sequence)), &statement, err);
    bool has_row = false;
    while (status == STATUS_OK && (status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        struct sold_line line = {
            .number = statement_column_int(statement, 0),
            .item = statement_column_text(statement, 1),
            .name = statement_column_text(statement, 2),
            .unit_price_yen = statement_column_int(statement, 3),
            .quantity = statement_column_int(statement, 4),
            .amount_yen = statement_column_int(statement, 5),
            .tax = statement_column_text(statement, 6),
            .account = statement_column_text(statement, 7),
            .section = statement_column_text(statement, 8),
            .issuer = statement_column_text(statement, 9),
            .exemption = statement_column_text(statement, 10),
            .exemption_name = statement_column_text(statement, 11),
            .exemption_reason = statement_column_text(statement, 12),
            .cash_yen = statement_column_int(statement, 13),
            .facility = statement_column_text(statement, 14),
            .reduction = statement_column_text(statement, 15),
            .reduction_name = statement_column_text(statement, 16),
            .reduction_granter = statement_column_text(statement, 17),
            .reduction_yen = statement_column_int(statement, 18),
            .is_overridden = !statement_column_is_null(statement, 19),
            .list_price_yen = statement_column_int(statement, 19),
            .override_reason = statement_column_text(statement, 20),
            .override_by = statement_column_text(statement, 21),
            .tariff = statement_column_text(statement, 22),
            .ticket = statement_column_text(statement, 23),
        };
        status = visit(&line, context);
        if (status != STATUS_OK) {
            statement_reset(statement);
        }
    }
    return status;
}

enum status
sold_tax_each(struct store_txn *txn, const char *terminal, int64_t sequence, sold_tax_visitor visit, void *context,
              struct error_detail *err)
{
    struct statement *statement;
    enum status status = query_open(txn,
                                    "SELECT tax, issuer, subject_yen, tax_yen FROM sale_tax "
                                    "WHERE terminal = $1 AND sequence = $2 ORDER BY tax, issuer",
                                    BOUND(bound_text(terminal), bound_int(sequence)), &statement, err);
    bool has_row = false;
    while (status == STATUS_OK && (status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        struct sold_tax tax = {
            .tax = statement_column_text(statement, 0),
            .issuer = statement_column_text(statement, 1),
            .subject_yen = statement_column_int(statement, 2),
            .tax_yen = statement_column_int(statement, 3),
        };
        status = visit(&tax, context);
        if (status != STATUS_OK) {
            statement_reset(statement);
        }
    }
    return status;
}

enum status
sold_journal_each(struct store_txn *txn, const char *terminal, int64_t sequence, sold_journal_visitor visit,
                  void *context, struct error_detail *err)
{
    struct statement *statement;
    enum status status = query_open(
        txn,
        "WITH it AS (SELECT sale, payment, sequence, voided_by FROM sale WHERE terminal = $1 AND sequence = $2), "
        "paid AS (SELECT p.* FROM it CROSS JOIN payment AS p ON p.payment = it.payment "
        "WHERE it.payment <> '' AND p.terminal = $1) "
        "SELECT sequence FROM it UNION SELECT voided_by FROM it WHERE voided_by <> 0 "
        "UNION SELECT started_sequence FROM paid UNION SELECT state_sequence FROM paid "
        "UNION SELECT abandoned_by FROM paid WHERE abandoned_by <> 0 "
        "UNION SELECT proved_sequence FROM paid WHERE proved_sequence <> 0 "
        "UNION SELECT r.requested_sequence FROM it JOIN refund AS r ON r.sale = it.sale AND r.terminal = $1 "
        "UNION SELECT r.state_sequence FROM it JOIN refund AS r ON r.sale = it.sale AND r.terminal = $1 "
        "ORDER BY 1",
        BOUND(bound_text(terminal), bound_int(sequence)), &statement, err);
    bool has_row = false;
    while (status == STATUS_OK && (status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        status = visit(statement_column_int(statement, 0), context);
        if (status != STATUS_OK) {
            statement_reset(statement);
        }
    }
    return status;
}

enum status
sold_assessment_each(struct store_txn *txn, const char *municipality, const char *terminal, int64_t sequence,
                     sold_assessment_visitor visit, void *context, struct error_detail *err)
{
    struct statement *statement;
    enum status status = query_open(
        txn,
        "SELECT a.assessment, a.fiscal_year, coalesce(a.serial, 0), a.kind, a.state "
        "FROM (SELECT DISTINCT assessment FROM assessment_source WHERE terminal = $1 AND sequence = $2) AS s "
        "CROSS JOIN assessment AS a ON a.assessment = s.assessment WHERE a.municipality = $3 "
        "ORDER BY a.assessment",
        BOUND(bound_text(terminal), bound_int(sequence), bound_text(municipality)), &statement, err);
    bool has_row = false;
    while (status == STATUS_OK && (status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        struct sold_assessment assessment = {
            .id = statement_column_int(statement, 0),
            .fiscal_year = statement_column_int(statement, 1),
            .serial = statement_column_int(statement, 2),
            .kind = statement_column_text(statement, 3),
            .state = statement_column_text(statement, 4),
        };
        status = visit(&assessment, context);
        if (status != STATUS_OK) {
            statement_reset(statement);
        }
    }
    return status;
}
