/* SQL that reads 調定. */
#include "settlement/store/assessment_query_store.h"

#include "settlement/store/query.h"

#define RECORD_COLUMNS                                                                                                 \
    "SELECT a.assessment, a.version, a.state, a.fiscal_year, a.serial, a.assessed_on, a.drafted_on, a.kind, "          \
    "a.original, o.serial, a.account, a.fund_code, a.fund_name, a.kan_code, a.kan_name, a.kou_code, a.kou_name, "      \
    "a.moku_code, a.moku_name, a.setsu_code, a.setsu_name, a.saisetsu_code, a.saisetsu_name, a.section, "              \
    "a.section_name, a.route, a.route_name, a.tax, a.count, a.zero_count, a.sale_count, a.amount_yen, a.tax_yen, "     \
    "a.summary, a.proposed_by, p.name, a.proposed_at_ms, a.approved_by, q.name, a.approved_at_ms, a.export, "          \
    "e.created_at_ms FROM assessment AS a LEFT JOIN assessment AS o ON o.assessment = a.original "                     \
    "LEFT JOIN staff AS p ON p.login = a.proposed_by LEFT JOIN staff AS q ON q.login = a.approved_by "                 \
    "LEFT JOIN assessment_export AS e ON e.export = a.export "

static enum status
read_record(const struct statement *statement, struct assessment_record *out, struct error_detail *err)
{
    struct assessment_record record = {
        .id = statement_column_int(statement, 0),
        .version = statement_column_int(statement, 1),
        .fiscal_year = (int)statement_column_int(statement, 3),
        .serial = statement_column_int(statement, 4),
        .assessed_on = statement_column_text(statement, 5),
        .drafted_on = statement_column_text(statement, 6),
        .original = statement_column_int(statement, 8),
        .original_serial = statement_column_int(statement, 9),
        .account = statement_column_text(statement, 10),
        .section = statement_column_text(statement, 23),
        .section_name = statement_column_text(statement, 24),
        .route = statement_column_text(statement, 25),
        .route_name = statement_column_text(statement, 26),
        .tax = statement_column_text(statement, 27),
        .count = statement_column_int(statement, 28),
        .zero_count = statement_column_int(statement, 29),
        .sale_count = statement_column_int(statement, 30),
        .amount_yen = statement_column_int(statement, 31),
        .tax_yen = statement_column_int(statement, 32),
        .summary = statement_column_text(statement, 33),
        .proposed_by = statement_column_text(statement, 34),
        .proposed_by_name = statement_column_text(statement, 35),
        .proposed_at_ms = statement_column_int(statement, 36),
        .approved_by = statement_column_text(statement, 37),
        .approved_by_name = statement_column_text(statement, 38),
        .approved_at_ms = statement_column_int(statement, 39),
        .export_id = statement_column_int(statement, 40),
        .exported_at_ms = statement_column_int(statement, 41),
    };
    for (int part = 0; part < ACCOUNT_PART_COUNT; part++) {
        record.parts.code[part] = statement_column_text(statement, 11 + 2 * part);
        record.parts.name[part] = statement_column_text(statement, 12 + 2 * part);
    }
    if (!assessment_state_from_word(&record.state, statement_column_text(statement, 2)) ||
        !assessment_kind_from_word(&record.kind, statement_column_text(statement, 7))) {
        error_set(err, "wrong_state_word", "保存されている調定の状態が正しくありません。");
        return STATUS_CORRUPT;
    }
    *out = record;
    return STATUS_OK;
}

static enum status
walk(struct statement *statement, assessment_visitor visit, void *context, struct error_detail *err)
{
    bool has_row = false;
    enum status status;
    while ((status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        struct assessment_record record;
        status = read_record(statement, &record, err);
        if (status == STATUS_OK) {
            status = visit(&record, context);
        }
        if (status != STATUS_OK) {
            statement_reset(statement);
            return status;
        }
    }
    return status;
}

#define FILTERS                                                                                                        \
    "WHERE a.municipality = $1 AND ($2 = 0 OR a.assessment = $2) AND ($3 IS NULL OR a.state = $3) "                    \
    "AND ($4 = 0 OR a.fiscal_year = $4) AND a.assessed_on >= $5 AND a.assessed_on <= $6 "                              \
    "AND ($7 IS NULL OR a.section = $7) AND ($8 IS NULL OR a.account = $8) AND ($9 IS NULL OR a.route = $9) "          \
    "AND ($10 IS NULL OR a.kind = $10) "

static const char first_day[] = "0000-00-00";
static const char last_day[] = "9999-99-99";

enum status
assessment_each(struct store_txn *txn, const struct assessment_query *query, assessment_visitor visit, void *context,
                struct error_detail *err)
{
    struct statement *statement;
    enum status status =
        query_open(txn,
                   RECORD_COLUMNS FILTERS "AND (a.assessed_on, a.assessment) < ($11, $12) "
                                          "ORDER BY a.assessed_on DESC, a.assessment DESC LIMIT $13",
                   BOUND(bound_text(query->municipality), bound_int(query->id), bound_text(query->state),
                         bound_int(query->fiscal_year), bound_text(query->from != NULL ? query->from : first_day),
                         bound_text(query->to != NULL ? query->to : last_day), bound_text(query->section),
                         bound_text(query->account), bound_text(query->route), bound_text(query->kind),
                         bound_text(query->after_day != NULL ? query->after_day : last_day),
                         bound_int(query->after_day != NULL ? query->after_id : INT64_MAX), bound_int(query->limit)),
                   &statement, err);
    return status == STATUS_OK ? walk(statement, visit, context, err) : status;
}

enum status
assessment_corrections_each(struct store_txn *txn, int64_t original, assessment_visitor visit, void *context,
                            struct error_detail *err)
{
    struct statement *statement;
    enum status status = query_open(txn, RECORD_COLUMNS "WHERE a.original = $1 ORDER BY a.assessment",
                                    BOUND(bound_int(original)), &statement, err);
    return status == STATUS_OK ? walk(statement, visit, context, err) : status;
}

enum status
assessment_exported_each(struct store_txn *txn, int64_t export_id, assessment_visitor visit, void *context,
                         struct error_detail *err)
{
    struct statement *statement;
    enum status status = query_open(txn, RECORD_COLUMNS "WHERE a.export = $1 ORDER BY a.serial",
                                    BOUND(bound_int(export_id)), &statement, err);
    return status == STATUS_OK ? walk(statement, visit, context, err) : status;
}

/* Rows of state, count, amount. */
static enum status
read_totals(struct statement *statement, struct assessment_total out[ASSESSMENT_STATE_COUNT], struct error_detail *err)
{
    for (int i = 0; i < ASSESSMENT_STATE_COUNT; i++) {
        out[i] = (struct assessment_total){.state = (enum assessment_state)i};
    }
    enum status status;
    bool has_row = false;
    while ((status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        enum assessment_state state;
        if (assessment_state_from_word(&state, statement_column_text(statement, 0))) {
            out[state].count = statement_column_int(statement, 1);
            out[state].amount_yen = statement_column_int(statement, 2);
        }
    }
    return status;
}

#define TOTALS                                                                                                         \
    "SELECT a.state, count(*), sum(CASE a.kind WHEN 'decrease' THEN -a.amount_yen ELSE a.amount_yen END) "             \
    "FROM assessment AS a "

enum status
assessment_totals(struct store_txn *txn, const struct assessment_query *query,
                  struct assessment_total out[ASSESSMENT_STATE_COUNT], struct error_detail *err)
{
    struct statement *statement;
    enum status status =
        query_open(txn, TOTALS FILTERS "GROUP BY a.state",
                   BOUND(bound_text(query->municipality), bound_int(query->id), bound_text(NULL),
                         bound_int(query->fiscal_year), bound_text(query->from != NULL ? query->from : first_day),
                         bound_text(query->to != NULL ? query->to : last_day), bound_text(query->section),
                         bound_text(query->account), bound_text(query->route), bound_text(query->kind)),
                   &statement, err);
    return status == STATUS_OK ? read_totals(statement, out, err) : status;
}

enum status
assessment_waiting_totals(struct store_txn *txn, const char *municipality,
                          struct assessment_total out[ASSESSMENT_STATE_COUNT], struct error_detail *err)
{
    /* In the words of the index assessment_waiting. */
    struct statement *statement;
    enum status status = query_open(txn, TOTALS "WHERE a.municipality = $1 AND a.state <> 'exported' GROUP BY a.state",
                                    BOUND(bound_text(municipality)), &statement, err);
    return status == STATUS_OK ? read_totals(statement, out, err) : status;
}

enum status
assessment_line_each(struct store_txn *txn, int64_t id, assessment_line_visitor visit, void *context,
                     struct error_detail *err)
{
    struct statement *statement;
    enum status status = query_open(txn,
                                    "SELECT line, item, name, count, unit_price_yen, amount_yen, tax_yen "
                                    "FROM assessment_line WHERE assessment = $1 ORDER BY line",
                                    BOUND(bound_int(id)), &statement, err);
    bool has_row = false;
    while (status == STATUS_OK && (status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        struct assessment_line line = {
            .item = statement_column_text(statement, 1),
            .name = statement_column_text(statement, 2),
            .count = statement_column_int(statement, 3),
            .unit_price_yen = statement_column_int(statement, 4),
            .amount_yen = statement_column_int(statement, 5),
            .tax_yen = statement_column_int(statement, 6),
        };
        status = visit(statement_column_int(statement, 0), &line, context);
        if (status != STATUS_OK) {
            statement_reset(statement);
        }
    }
    return status;
}

enum status
assessment_evidence_each(struct store_txn *txn, int64_t id, int64_t line, const struct assessment_place *after,
                         int64_t limit, assessment_evidence_visitor visit, void *context, struct error_detail *err)
{
    struct assessment_place place = after != NULL ? *after : (struct assessment_place){.terminal = ""};
    struct statement *statement;
    enum status status = query_open(
        txn,
        "SELECT s.line, s.terminal, s.sequence, s.number, s.sale, coalesce(sale.receipt_number, ''), l.item, l.name, "
        "s.quantity, s.amount_yen, s.tax_yen, iif(a.route = 'cash', 'cash', coalesce(sale.method, '')), "
        "iif(a.route = 'cash', '', coalesce(sale.brand, '')) "
        "FROM assessment_source AS s JOIN assessment AS a ON a.assessment = s.assessment JOIN assessment_line AS l ON "
        "l.assessment = s.assessment AND l.line = s.line "
        "LEFT JOIN sale ON sale.terminal = s.terminal AND sale.sequence = s.sequence "
        "WHERE s.assessment = $1 AND ($2 = 0 OR s.line = $2) "
        "AND (s.line, s.terminal, s.sequence, s.number) > ($3, $4, $5, $6) "
        "ORDER BY s.line, s.terminal, s.sequence, s.number LIMIT $7",
        BOUND(bound_int(id), bound_int(line), bound_int(place.line), bound_text(place.terminal),
              bound_int(place.sequence), bound_int(place.number), bound_int(limit)),
        &statement, err);
    bool has_row = false;
    while (status == STATUS_OK && (status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        struct assessment_evidence evidence = {
            .line = statement_column_int(statement, 0),
            .terminal = statement_column_text(statement, 1),
            .sequence = statement_column_int(statement, 2),
            .number = statement_column_int(statement, 3),
            .sale = statement_column_text(statement, 4),
            .receipt_number = statement_column_text(statement, 5),
            .item = statement_column_text(statement, 6),
            .name = statement_column_text(statement, 7),
            .quantity = statement_column_int(statement, 8),
            .amount_yen = statement_column_int(statement, 9),
            .tax_yen = statement_column_int(statement, 10),
            .method = statement_column_text(statement, 11),
            .brand = statement_column_text(statement, 12),
        };
        status = visit(&evidence, context);
        if (status != STATUS_OK) {
            statement_reset(statement);
        }
    }
    return status;
}

/* Payments whose end is not known, or whose money must go back, and lines of sales that the masters cannot place. */
#define HELD_ROWS                                                                                                      \
    "SELECT state AS reason, payment, sale, terminal, started_sequence AS sequence, business_date, brand, amount_yen " \
    "FROM payment WHERE municipality = $1 AND state IN ('started', 'unknown', 'in_doubt', 'held') "                    \
    "UNION ALL SELECT h.reason, s.payment, s.sale, h.terminal, h.sequence, s.business_date, s.brand, h.amount_yen "    \
    "FROM assessment_held AS h JOIN sale AS s ON s.terminal = h.terminal AND s.sequence = h.sequence "                 \
    "WHERE h.municipality = $1 "

enum status
held_money_each(struct store_txn *txn, const char *municipality, int64_t limit, held_money_visitor visit, void *context,
                struct error_detail *err)
{
    struct statement *statement;
    enum status status = query_open(txn, HELD_ROWS "ORDER BY business_date, terminal, sequence LIMIT $2",
                                    BOUND(bound_text(municipality), bound_int(limit)), &statement, err);
    bool has_row = false;
    while (status == STATUS_OK && (status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        struct held_money held = {
            .reason = statement_column_text(statement, 0),
            .payment = statement_column_text(statement, 1),
            .sale = statement_column_text(statement, 2),
            .terminal = statement_column_text(statement, 3),
            .sequence = statement_column_int(statement, 4),
            .business_date = statement_column_text(statement, 5),
            .brand = statement_column_text(statement, 6),
            .amount_yen = statement_column_int(statement, 7),
        };
        status = visit(&held, context);
        if (status != STATUS_OK) {
            statement_reset(statement);
        }
    }
    return status;
}

enum status
held_money_total(struct store_txn *txn, const char *municipality, int64_t *out_count, int64_t *out_yen,
                 struct error_detail *err)
{
    struct statement *statement;
    bool found;
    enum status status = query_first(txn, "SELECT count(*), coalesce(sum(amount_yen), 0) FROM (" HELD_ROWS ") AS held",
                                     BOUND(bound_text(municipality)), &statement, &found, err);
    if (status == STATUS_OK) {
        *out_count = found ? statement_column_int(statement, 0) : 0;
        *out_yen = found ? statement_column_int(statement, 1) : 0;
        statement_reset(statement);
    }
    return status;
}

enum status
assessment_undrafted_days(struct store_txn *txn, const char *municipality, const char *to, int64_t *out_count,
                          struct error_detail *err)
{
    /* Days that are marked, and days of lines that no run has looked at. */
    return query_int(
        txn,
        "SELECT count(*) FROM (SELECT received_on FROM assessment_day WHERE municipality = $1 AND received_on <= $2 "
        "UNION SELECT sale.received_on FROM ledger_terminal AS t "
        "LEFT JOIN assessment_progress AS p ON p.terminal = t.terminal "
        "CROSS JOIN sale ON sale.terminal = t.terminal AND sale.sequence > coalesce(p.sequence, 0) "
        "WHERE t.municipality = $1 AND t.sequence > coalesce(p.sequence, 0) AND sale.received_on <= $2) AS days",
        BOUND(bound_text(municipality), bound_text(to)), 0, out_count, err);
}
