/* SQL that reads discrepancies. */
#include "settlement/store/discrepancy_store.h"
#include "settlement/store/query.h"

#include <string.h>

#define ROW_COLUMNS                                                                                                    \
    "SELECT d.discrepancy, d.class, d.subject, d.state, d.version, d.amount_yen, d.happened_on, d.opened_on, "         \
    "d.due_on, d.cleared_on, d.is_remark, d.terminal, d.sequence, d.import, d.line, d.related_import, "                \
    "d.related_line, d.payment, d.receipt_number, d.brand, d.trustee, d.payout, d.summary, d.owner, o.name, "          \
    "d.resolution, d.reason, d.resolved_by, r.name, d.resolved_at_ms, d.confirmed_by, c.name, d.confirmed_at_ms, "     \
    "d.expected_on, d.undo_by, u.name, d.undo_reason, d.undo_at_ms FROM discrepancy AS d LEFT JOIN staff AS o ON "     \
    "o.login = d.owner "                                                                                               \
    "LEFT JOIN staff AS r ON r.login = d.resolved_by LEFT JOIN staff AS c ON c.login = d.confirmed_by "                \
    "LEFT JOIN staff AS u ON u.login = d.undo_by "

/* `open` and `undo_asked` are written out, so that their indexes serve them. */
#define IN_OPEN "d.state IN ('open', 'awaiting_second') "
#define IN_UNDO_ASKED "d.state = 'resolved' AND d.undo_by <> '' "
#define SEARCHED                                                                                                       \
    "lower(d.receipt_number || ' ' || d.payment || ' ' || d.payout || ' ' || d.terminal || ' ' || d.amount_yen || "    \
    "' ' || d.summary)"
#define FILTERS                                                                                                        \
    "AND d.municipality = $1 AND ($2 IS NULL OR d.state = $2) "                                                        \
    "AND ($3 IS NULL OR d.class = $3) AND ($4 IS NULL OR d.brand = $4) AND ($5 IS NULL OR d.terminal = $5) "           \
    "AND ($6 IS NULL OR d.owner = $6) AND d.happened_on >= $7 AND d.happened_on <= $8 "                                \
    "AND ($9 IS NULL OR (d.due_on < $9 AND d.state IN ('open', 'awaiting_second'))) "                                  \
    "AND ($10 IS NULL OR d.resolution = $10) AND ($11 IS NULL OR " SEARCHED " LIKE $11 ESCAPE '\\') "                  \
    "AND ($12 IS NULL OR (d.expected_on <> '') = ($12 = '1')) "
#define OLDEST "AND (d.happened_on, d.discrepancy) > ($13, $14) ORDER BY d.happened_on, d.discrepancy LIMIT $15"
#define NEWEST                                                                                                         \
    "AND (d.happened_on, d.discrepancy) < ($13, $14) ORDER BY d.happened_on DESC, d.discrepancy DESC LIMIT $15"
#define LARGEST                                                                                                        \
    "AND (-abs(d.amount_yen), d.discrepancy) > ($13, $14) ORDER BY -abs(d.amount_yen), d.discrepancy LIMIT $15"

enum scope { SCOPE_ANY, SCOPE_OPEN, SCOPE_UNDO_ASKED, SCOPE_COUNT };

static const char *const queries[SCOPE_COUNT][3] = {
    [SCOPE_ANY] =
        {
            ROW_COLUMNS "WHERE 1 = 1 " FILTERS OLDEST,
            ROW_COLUMNS "WHERE 1 = 1 " FILTERS NEWEST,
            ROW_COLUMNS "WHERE 1 = 1 " FILTERS LARGEST,
        },
    [SCOPE_OPEN] =
        {
            ROW_COLUMNS "WHERE " IN_OPEN FILTERS OLDEST,
            ROW_COLUMNS "WHERE " IN_OPEN FILTERS NEWEST,
            ROW_COLUMNS "WHERE " IN_OPEN FILTERS LARGEST,
        },
    [SCOPE_UNDO_ASKED] =
        {
            ROW_COLUMNS "WHERE " IN_UNDO_ASKED FILTERS OLDEST,
            ROW_COLUMNS "WHERE " IN_UNDO_ASKED FILTERS NEWEST,
            ROW_COLUMNS "WHERE " IN_UNDO_ASKED FILTERS LARGEST,
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
        .expected_on = statement_column_text(statement, 33),
        .undo_by = statement_column_text(statement, 34),
        .undo_by_name = statement_column_text(statement, 35),
        .undo_reason = statement_column_text(statement, 36),
        .undo_at_ms = statement_column_int(statement, 37),
    };
}

static const char first_day[] = "0000-00-00";
static const char last_day[] = "9999-99-99";

static enum scope
scope_of(const struct discrepancy_query *query)
{
    if (query->state != NULL && strcmp(query->state, "open") == 0) {
        return SCOPE_OPEN;
    }
    return query->state != NULL && strcmp(query->state, "undo_asked") == 0 ? SCOPE_UNDO_ASKED : SCOPE_ANY;
}

/* The state to compare with; NULL for those that the scope tells, and for "all". */
static const char *
state_of(const struct discrepancy_query *query)
{
    bool is_all = query->state != NULL && strcmp(query->state, "all") == 0;
    return is_all || scope_of(query) != SCOPE_ANY ? NULL : query->state;
}

enum { PATTERN_SIZE = 2 * DISCREPANCY_SEARCH_MAX_BYTES + 3 };

/* What `search` looks for as a pattern of LIKE, in small letters; NULL when there is nothing to look for. */
static const char *
pattern_of(char out[PATTERN_SIZE], const char *search)
{
    if (search == NULL || strlen(search) > DISCREPANCY_SEARCH_MAX_BYTES) {
        return NULL;
    }
    char *at = out;
    *at++ = '%';
    for (const char *from = search; *from != '\0'; from++) {
        if (*from == '%' || *from == '_' || *from == '\\') {
            *at++ = '\\';
        }
        *at++ = *from >= 'A' && *from <= 'Z' ? (char)(*from - 'A' + 'a') : *from;
    }
    *at++ = '%';
    *at = '\0';
    return out;
}

static enum status
visit_each(struct statement *statement, discrepancy_visitor visit, void *context, struct error_detail *err)
{
    bool has_row = false;
    enum status status;
    while ((status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        struct discrepancy_row row = read_row(statement);
        status = visit(&row, context);
        if (status != STATUS_OK) {
            statement_reset(statement);
            return status;
        }
    }
    return status;
}

/* One by its key: the filters of the list would look at every row. */
static enum status
visit_one(struct store_txn *txn, const struct discrepancy_query *query, discrepancy_visitor visit, void *context,
          struct error_detail *err)
{
    struct statement *statement;
    enum status status = query_open(txn, ROW_COLUMNS "WHERE d.discrepancy = $1 AND d.municipality = $2",
                                    BOUND(bound_int(query->id), bound_text(query->municipality)), &statement, err);
    return status == STATUS_OK ? visit_each(statement, visit, context, err) : status;
}

enum status
discrepancy_each(struct store_txn *txn, const struct discrepancy_query *query, discrepancy_visitor visit, void *context,
                 struct error_detail *err)
{
    if (query->id != 0) {
        return visit_one(txn, query, visit, context, err);
    }
    struct bound after;
    if (query->order == DISCREPANCY_LARGEST) {
        after = bound_int(query->has_after ? -query->after_yen : INT64_MIN);
    } else {
        const char *beginning = query->order == DISCREPANCY_OLDEST ? "" : last_day;
        after = bound_text(query->has_after ? query->after_day : beginning);
    }
    int64_t beginning_id = query->order == DISCREPANCY_NEWEST ? INT64_MAX : 0;
    char pattern[PATTERN_SIZE];
    struct statement *statement;
    enum status status =
        query_open(txn, queries[scope_of(query)][query->order],
                   BOUND(bound_text(query->municipality), bound_text(state_of(query)), bound_text(query->class),
                         bound_text(query->brand), bound_text(query->terminal), bound_text(query->owner),
                         bound_text(query->from != NULL ? query->from : first_day),
                         bound_text(query->to != NULL ? query->to : last_day), bound_text(query->overdue_from),
                         bound_text(query->resolution), bound_text(pattern_of(pattern, query->search)),
                         bound_text(query->expected), after,
                         bound_int(query->has_after ? query->after_id : beginning_id), bound_int(query->limit)),
                   &statement, err);
    return status == STATUS_OK ? visit_each(statement, visit, context, err) : status;
}

static enum status
visit_totals(struct statement *statement, discrepancy_total_visitor visit, void *context, struct error_detail *err)
{
    bool has_row = false;
    enum status status;
    while ((status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        status = visit(statement_column_text(statement, 0), statement_column_int(statement, 1),
                       statement_column_int(statement, 2), context);
        if (status != STATUS_OK) {
            statement_reset(statement);
            return status;
        }
    }
    return status;
}

/* Whether the totals are those of all that is open: an index alone answers that. */
static bool
is_unfiltered(const struct discrepancy_query *query)
{
    return query->brand == NULL && query->terminal == NULL && query->owner == NULL && query->from == NULL &&
           query->to == NULL && query->overdue_from == NULL && query->search == NULL && query->expected == NULL;
}

enum status
discrepancy_totals(struct store_txn *txn, const struct discrepancy_query *query, discrepancy_total_visitor visit,
                   void *context, struct error_detail *err)
{
    char pattern[PATTERN_SIZE];
    struct statement *statement;
    if (is_unfiltered(query)) {
        enum status status =
            query_open(txn,
                       "SELECT d.class, count(*), sum(d.amount_yen) FROM discrepancy AS d WHERE " IN_OPEN
                       "AND d.municipality = $1 GROUP BY d.class ORDER BY count(*) DESC, d.class",
                       BOUND(bound_text(query->municipality)), &statement, err);
        return status == STATUS_OK ? visit_totals(statement, visit, context, err) : status;
    }
    enum status status = query_open(
        txn,
        "SELECT d.class, count(*), sum(d.amount_yen) FROM discrepancy AS d WHERE " IN_OPEN
        "AND d.municipality = $1 AND ($2 IS NULL OR d.brand = $2) AND ($3 IS NULL OR d.terminal = $3) "
        "AND ($4 IS NULL OR d.owner = $4) AND d.happened_on >= $5 AND d.happened_on <= $6 "
        "AND ($7 IS NULL OR d.due_on < $7) AND ($8 IS NULL OR " SEARCHED " LIKE $8 ESCAPE '\\') "
        "AND ($9 IS NULL OR (d.expected_on <> '') = ($9 = '1')) GROUP BY d.class ORDER BY count(*) DESC, d.class",
        BOUND(bound_text(query->municipality), bound_text(query->brand), bound_text(query->terminal),
              bound_text(query->owner), bound_text(query->from != NULL ? query->from : first_day),
              bound_text(query->to != NULL ? query->to : last_day), bound_text(query->overdue_from),
              bound_text(pattern_of(pattern, query->search)), bound_text(query->expected)),
        &statement, err);
    return status == STATUS_OK ? visit_totals(statement, visit, context, err) : status;
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
