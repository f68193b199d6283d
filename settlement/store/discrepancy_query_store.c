/* SQL that reads discrepancies. */
#include "settlement/store/discrepancy_store.h"
#include "settlement/store/query.h"

#include <string.h>

#define ROW_COLUMNS                                                                                                    \
    "SELECT d.discrepancy, d.class, d.subject, d.state, d.version, d.amount_yen, d.happened_on, d.opened_on, "         \
    "d.due_on, d.cleared_on, d.is_remark, d.terminal, d.sequence, d.import, d.line, d.related_import, "                \
    "d.related_line, d.payment, d.receipt_number, d.brand, d.trustee, d.payout, d.summary, d.owner, o.name, "          \
    "d.resolution, d.reason, d.resolved_by, r.name, d.resolved_at_ms, d.confirmed_by, c.name, d.confirmed_at_ms "      \
    "FROM discrepancy AS d LEFT JOIN staff AS o ON o.login = d.owner "                                                 \
    "LEFT JOIN staff AS r ON r.login = d.resolved_by LEFT JOIN staff AS c ON c.login = d.confirmed_by "

/* `open` is written out, so that the index of open rows serves it. */
#define IN_OPEN "d.state IN ('open', 'awaiting_second') "
#define FILTERS                                                                                                        \
    "AND d.municipality = $1 AND ($2 = 0 OR d.discrepancy = $2) AND ($3 IS NULL OR d.state = $3) "                     \
    "AND ($4 IS NULL OR d.class = $4) AND ($5 IS NULL OR d.brand = $5) AND ($6 IS NULL OR d.terminal = $6) "           \
    "AND ($7 IS NULL OR d.owner = $7) AND d.happened_on >= $8 AND d.happened_on <= $9 "                                \
    "AND ($10 IS NULL OR (d.due_on < $10 AND d.state IN ('open', 'awaiting_second'))) "
#define OLDEST "AND (d.happened_on, d.discrepancy) > ($11, $12) ORDER BY d.happened_on, d.discrepancy LIMIT $13"
#define NEWEST                                                                                                         \
    "AND (d.happened_on, d.discrepancy) < ($11, $12) ORDER BY d.happened_on DESC, d.discrepancy DESC LIMIT $13"
#define LARGEST                                                                                                        \
    "AND (-abs(d.amount_yen), d.discrepancy) > ($11, $12) ORDER BY -abs(d.amount_yen), d.discrepancy LIMIT $13"

static const char *const queries[2][3] = {
    {
        ROW_COLUMNS "WHERE 1 = 1 " FILTERS OLDEST,
        ROW_COLUMNS "WHERE 1 = 1 " FILTERS NEWEST,
        ROW_COLUMNS "WHERE 1 = 1 " FILTERS LARGEST,
    },
    {
        ROW_COLUMNS "WHERE " IN_OPEN FILTERS OLDEST,
        ROW_COLUMNS "WHERE " IN_OPEN FILTERS NEWEST,
        ROW_COLUMNS "WHERE " IN_OPEN FILTERS LARGEST,
    },
};

static struct discrepancy_row
read_row(const struct statement *statement)
{
    return (struct discrepancy_row){
        .id = statement_column_int(statement, 0),
        .class = statement_column_text(statement, 1),
        .subject = statement_column_text(statement, 2),
        .state = statement_column_text(statement, 3),
        .version = statement_column_int(statement, 4),
        .amount_yen = statement_column_int(statement, 5),
        .happened_on = statement_column_text(statement, 6),
        .opened_on = statement_column_text(statement, 7),
        .due_on = statement_column_text(statement, 8),
        .cleared_on = statement_column_text(statement, 9),
        .is_remark = statement_column_int(statement, 10) != 0,
        .terminal = statement_column_text(statement, 11),
        .sequence = statement_column_int(statement, 12),
        .import = statement_column_int(statement, 13),
        .line = statement_column_int(statement, 14),
        .related_import = statement_column_int(statement, 15),
        .related_line = statement_column_int(statement, 16),
        .payment = statement_column_text(statement, 17),
        .receipt_number = statement_column_text(statement, 18),
        .brand = statement_column_text(statement, 19),
        .trustee = statement_column_text(statement, 20),
        .payout = statement_column_text(statement, 21),
        .summary = statement_column_text(statement, 22),
        .owner = statement_column_text(statement, 23),
        .owner_name = statement_column_text(statement, 24),
        .resolution = statement_column_text(statement, 25),
        .reason = statement_column_text(statement, 26),
        .resolved_by = statement_column_text(statement, 27),
        .resolved_by_name = statement_column_text(statement, 28),
        .resolved_at_ms = statement_column_int(statement, 29),
        .confirmed_by = statement_column_text(statement, 30),
        .confirmed_by_name = statement_column_text(statement, 31),
        .confirmed_at_ms = statement_column_int(statement, 32),
    };
}

static const char first_day[] = "0000-00-00";
static const char last_day[] = "9999-99-99";

static bool
asks_for_open(const struct discrepancy_query *query)
{
    return query->state != NULL && strcmp(query->state, "open") == 0;
}

/* The state to compare with; NULL for "open" (which is two) and "all". */
static const char *
state_of(const struct discrepancy_query *query)
{
    return asks_for_open(query) || (query->state != NULL && strcmp(query->state, "all") == 0) ? NULL : query->state;
}

enum status
discrepancy_each(struct store_txn *txn, const struct discrepancy_query *query, discrepancy_visitor visit, void *context,
                 struct error_detail *err)
{
    struct bound after;
    if (query->order == DISCREPANCY_LARGEST) {
        after = bound_int(query->has_after ? -query->after_yen : INT64_MIN);
    } else {
        const char *beginning = query->order == DISCREPANCY_OLDEST ? "" : last_day;
        after = bound_text(query->has_after ? query->after_day : beginning);
    }
    int64_t beginning_id = query->order == DISCREPANCY_NEWEST ? INT64_MAX : 0;
    struct statement *statement;
    enum status status =
        query_open(txn, queries[asks_for_open(query) ? 1 : 0][query->order],
                   BOUND(bound_text(query->municipality), bound_int(query->id), bound_text(state_of(query)),
                         bound_text(query->class), bound_text(query->brand), bound_text(query->terminal),
                         bound_text(query->owner), bound_text(query->from != NULL ? query->from : first_day),
                         bound_text(query->to != NULL ? query->to : last_day), bound_text(query->overdue_from), after,
                         bound_int(query->has_after ? query->after_id : beginning_id), bound_int(query->limit)),
                   &statement, err);
    bool has_row = false;
    while (status == STATUS_OK && (status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        struct discrepancy_row row = read_row(statement);
        status = visit(&row, context);
        if (status != STATUS_OK) {
            statement_reset(statement);
        }
    }
    return status;
}

enum status
discrepancy_totals(struct store_txn *txn, const struct discrepancy_query *query, discrepancy_total_visitor visit,
                   void *context, struct error_detail *err)
{
    struct statement *statement;
    enum status status = query_open(
        txn,
        "SELECT class, count(*), sum(amount_yen) FROM discrepancy WHERE state IN ('open', 'awaiting_second') "
        "AND municipality = $1 AND ($2 IS NULL OR brand = $2) AND ($3 IS NULL OR terminal = $3) "
        "AND ($4 IS NULL OR owner = $4) AND happened_on >= $5 AND happened_on <= $6 "
        "AND ($7 IS NULL OR due_on < $7) GROUP BY class ORDER BY count(*) DESC, class",
        BOUND(bound_text(query->municipality), bound_text(query->brand), bound_text(query->terminal),
              bound_text(query->owner), bound_text(query->from != NULL ? query->from : first_day),
              bound_text(query->to != NULL ? query->to : last_day), bound_text(query->overdue_from)),
        &statement, err);
    bool has_row = false;
    while (status == STATUS_OK && (status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        status = visit(statement_column_text(statement, 0), statement_column_int(statement, 1),
                       statement_column_int(statement, 2), context);
        if (status != STATUS_OK) {
            statement_reset(statement);
        }
    }
    return status;
}

enum status
discrepancy_count(struct store_txn *txn, const char *municipality, const char *today, struct discrepancy_counts *out,
                  struct error_detail *err)
{
    struct statement *statement;
    bool found;
    enum status status = query_first(
        txn,
        "SELECT count(*), coalesce(sum(amount_yen), 0), coalesce(sum(due_on < $1), 0), "
        "coalesce(sum(state = 'awaiting_second'), 0) FROM discrepancy WHERE state IN ('open', 'awaiting_second') "
        "AND municipality = $2",
        BOUND(bound_text(today), bound_text(municipality)), &statement, &found, err);
    if (status == STATUS_OK && found) {
        *out = (struct discrepancy_counts){.open_count = statement_column_int(statement, 0),
                                           .open_yen = statement_column_int(statement, 1),
                                           .overdue_count = statement_column_int(statement, 2),
                                           .awaiting_count = statement_column_int(statement, 3)};
        statement_reset(statement);
    }
    return status;
}
