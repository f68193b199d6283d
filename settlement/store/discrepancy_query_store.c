/* SQL that reads discrepancies. A filter that nobody asked for does not stand in the text: engines choose an index by
 * what stands there, and only so a page costs what it shows, whatever else is open. There are no more texts than ways
 * to fill in the form. */
#include "settlement/store/discrepancy_store.h"

#include "common/bytes/buffer.h"
#include "settlement/store/connection.h"
#include "settlement/store/query.h"
#include "settlement/store/search_pieces.h"

#include <string.h>

/* Last: a fee is by the terms of its brand's trustee, its payout is of the company whose file it is in. */
#define ROW_COLUMNS                                                                                                    \
    "SELECT d.discrepancy, d.class, d.subject, d.state, d.version, d.amount_yen, d.happened_on, d.opened_on, "         \
    "d.due_on, d.cleared_on, d.is_remark, d.terminal, d.sequence, d.import, d.line, d.related_import, "                \
    "d.related_line, d.payment, d.receipt_number, d.brand, d.trustee, d.payout, d.summary, d.owner, o.name, "          \
    "d.resolution, d.reason, d.resolved_by, r.name, d.resolved_at_ms, d.confirmed_by, c.name, d.confirmed_at_ms, "     \
    "d.expected_on, d.undo_by, u.name, d.undo_reason, d.undo_at_ms, "                                                  \
    "CASE WHEN d.subject LIKE 'fee:%' THEN coalesce((SELECT i.trustee FROM import AS i "                               \
    "WHERE i.import = d.import), '') ELSE d.trustee END FROM discrepancy AS d "
#define STAFF_NAMES                                                                                                    \
    "LEFT JOIN staff AS o ON o.login = d.owner "                                                                       \
    "LEFT JOIN staff AS r ON r.login = d.resolved_by LEFT JOIN staff AS c ON c.login = d.confirmed_by "                \
    "LEFT JOIN staff AS u ON u.login = d.undo_by "

#define IN_OPEN "d.state IN ('open', 'awaiting_second') "
#define SEARCHED                                                                                                       \
    "lower(d.receipt_number || ' ' || d.payment || ' ' || d.payout || ' ' || d.terminal || ' ' || d.amount_yen || "    \
    "' ' || d.summary)"
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
        .payout_trustee = statement_column_text(statement, 38),
    };
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
    enum status status = query_open(txn, ROW_COLUMNS STAFF_NAMES "WHERE d.discrepancy = $1 AND d.municipality = $2",
                                    BOUND(bound_int(query->id), bound_text(query->municipality)), &statement, err);
    return status == STATUS_OK ? visit_each(statement, visit, context, err) : status;
}

enum { VALUES_MAX = 16, TEXT_MAX_BYTES = 4096 };

/* A SELECT that is being put together: its text, and the values of $1, $2 … in their order. */
struct question {
    struct buffer sql;
    struct bound values[VALUES_MAX];
    size_t count;
    char pattern[PATTERN_SIZE];
    char pieces[SEARCH_PIECES_SIZE];
};

static void
ask_value(struct question *question, struct bound value)
{
    question->values[question->count++] = value;
    buffer_printf(&question->sql, "$%zu ", question->count);
}

/* AND what `condition` says of VALUE, which ends the condition; nothing when it is NULL. */
static void
ask_text(struct question *question, const char *condition, const char *value)
{
    if (value != NULL) {
        buffer_append_text(&question->sql, condition);
        ask_value(question, bound_text(value));
    }
}

/* AND what is searched for stands in the row. SQLite has an index of pieces of three characters, which names few rows
 * that may have it; PostgreSQL looks at each. */
static void
ask_search(struct question *question, struct store_txn *txn, const char *search)
{
    const char *pattern = pattern_of(question->pattern, search);
    bool has_index = database_dialect(store_txn_database(txn)) == DIALECT_SQLITE;
    if (pattern != NULL && has_index && search_pieces(question->pieces, search)) {
        ask_text(question, "AND d.discrepancy IN (SELECT rowid FROM worklist_text WHERE worklist_text MATCH ",
                 question->pieces);
        buffer_append_text(&question->sql, ") ");
    }
    if (pattern != NULL) {
        ask_text(question, "AND " SEARCHED " LIKE ", pattern);
        buffer_append_text(&question->sql, "ESCAPE '\\' ");
    }
}

/* AND the filters that pages and totals share. */
static void
ask_filters(struct question *question, struct store_txn *txn, const struct discrepancy_query *query)
{
    ask_text(question, "AND d.municipality = ", query->municipality);
    ask_text(question, "AND d.brand = ", query->brand);
    ask_text(question, "AND d.terminal = ", query->terminal);
    ask_text(question, "AND d.owner = ", query->owner);
    ask_text(question, "AND d.happened_on >= ", query->from);
    ask_text(question, "AND d.happened_on <= ", query->to);
    ask_text(question, "AND " IN_OPEN "AND d.due_on < ", query->overdue_from);
    if (query->expected != NULL) {
        bool is_expected = strcmp(query->expected, "1") == 0;
        buffer_append_text(&question->sql, is_expected ? "AND d.expected_on <> '' " : "AND d.expected_on = '' ");
    }
    ask_search(question, txn, query->search);
}

/* How SQLite, which keeps no statistics of the tables, is to come to the rows: it would as soon walk over ten years of
 * resolved ones. PostgreSQL finds the same by itself. */
static void
ask_way(struct question *question, struct store_txn *txn, const struct discrepancy_query *query, const char *index)
{
    if (database_dialect(store_txn_database(txn)) != DIALECT_SQLITE) {
        return;
    }
    if (query->search != NULL && search_pieces(question->pieces, query->search)) {
        buffer_append_text(&question->sql, "NOT INDEXED "); /* by the keys that ask_search names */
    } else if (index != NULL) {
        buffer_append_text(&question->sql, index);
    }
}

/* The rows of the state that was asked for. */
static void
ask_state(struct question *question, struct store_txn *txn, const struct discrepancy_query *query)
{
    const char *state = query->state != NULL ? query->state : "all";
    if (strcmp(state, "open") == 0) {
        ask_way(question, txn, query,
                query->order == DISCREPANCY_LARGEST ? "INDEXED BY discrepancy_open_by_amount "
                                                    : "INDEXED BY discrepancy_open ");
        buffer_append_text(&question->sql, STAFF_NAMES "WHERE " IN_OPEN);
    } else if (strcmp(state, "undo_asked") == 0) {
        buffer_append_text(&question->sql, STAFF_NAMES "WHERE d.state = 'resolved' AND d.undo_by <> '' ");
    } else {
        ask_way(question, txn, query, NULL);
        buffer_append_text(&question->sql, STAFF_NAMES "WHERE 1 = 1 ");
        ask_text(question, "AND d.state = ", strcmp(state, "all") == 0 ? NULL : state);
    }
}

static const struct {
    const char *after;
    const char *sorted;
} orders[] = {
    [DISCREPANCY_OLDEST] = {"AND (d.happened_on, d.discrepancy) > (", "ORDER BY d.happened_on, d.discrepancy LIMIT "},
    [DISCREPANCY_NEWEST] = {"AND (d.happened_on, d.discrepancy) < (",
                            "ORDER BY d.happened_on DESC, d.discrepancy DESC LIMIT "},
    [DISCREPANCY_LARGEST] = {"AND (-abs(d.amount_yen), d.discrepancy) > (",
                             "ORDER BY -abs(d.amount_yen), d.discrepancy LIMIT "},
};

static void
ask_page(struct question *question, const struct discrepancy_query *query)
{
    if (query->has_after) {
        buffer_append_text(&question->sql, orders[query->order].after);
        ask_value(question,
                  query->order == DISCREPANCY_LARGEST ? bound_int(-query->after_yen) : bound_text(query->after_day));
        buffer_append_text(&question->sql, ", ");
        ask_value(question, bound_int(query->after_id));
        buffer_append_text(&question->sql, ") ");
    }
    buffer_append_text(&question->sql, orders[query->order].sorted);
    ask_value(question, bound_int(query->limit));
}

static enum status
open_question(const struct question *question, struct store_txn *txn, struct statement **out, struct error_detail *err)
{
    enum status status = buffer_check(&question->sql, err);
    if (status != STATUS_OK) {
        return status;
    }
    return query_open(txn, buffer_text(&question->sql), question->values, question->count, out, err);
}

enum status
discrepancy_each(struct store_txn *txn, const struct discrepancy_query *query, discrepancy_visitor visit, void *context,
                 struct error_detail *err)
{
    if (query->id != 0) {
        return visit_one(txn, query, visit, context, err);
    }
    struct question question = {.count = 0};
    buffer_init(&question.sql, TEXT_MAX_BYTES);
    buffer_append_text(&question.sql, ROW_COLUMNS);
    ask_state(&question, txn, query);
    ask_filters(&question, txn, query);
    ask_text(&question, "AND d.class = ", query->class);
    ask_text(&question, "AND d.resolution = ", query->resolution);
    ask_page(&question, query);
    struct statement *statement;
    enum status status = open_question(&question, txn, &statement, err);
    if (status == STATUS_OK) {
        status = visit_each(statement, visit, context, err);
    }
    buffer_finish(&question.sql);
    return status;
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

static const char last_day[] = "9999-99-99";

/* Whether the totals need nothing but class and due day, by which they are kept. */
static bool
is_counted(const struct discrepancy_query *query)
{
    return query->brand == NULL && query->terminal == NULL && query->owner == NULL && query->from == NULL &&
           query->to == NULL && query->search == NULL && query->expected == NULL;
}

enum status
discrepancy_totals(struct store_txn *txn, const struct discrepancy_query *query, discrepancy_total_visitor visit,
                   void *context, struct error_detail *err)
{
    struct statement *statement;
    if (is_counted(query)) {
        enum status status = query_open(txn,
                                        "SELECT class, sum(open_count), sum(amount_yen) FROM worklist_count "
                                        "WHERE municipality = $1 AND due_on < $2 "
                                        "GROUP BY class ORDER BY sum(open_count) DESC, class",
                                        BOUND(bound_text(query->municipality),
                                              bound_text(query->overdue_from != NULL ? query->overdue_from : last_day)),
                                        &statement, err);
        return status == STATUS_OK ? visit_totals(statement, visit, context, err) : status;
    }
    struct question question = {.count = 0};
    buffer_init(&question.sql, TEXT_MAX_BYTES);
    buffer_append_text(&question.sql, "SELECT d.class, count(*), sum(d.amount_yen) FROM discrepancy AS d ");
    ask_way(&question, txn, query, "INDEXED BY discrepancy_open ");
    buffer_append_text(&question.sql, "WHERE " IN_OPEN);
    ask_filters(&question, txn, query);
    buffer_append_text(&question.sql, "GROUP BY d.class ORDER BY count(*) DESC, d.class");
    enum status status = open_question(&question, txn, &statement, err);
    if (status == STATUS_OK) {
        status = visit_totals(statement, visit, context, err);
    }
    buffer_finish(&question.sql);
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
        "SELECT coalesce(sum(open_count), 0), coalesce(sum(amount_yen), 0), coalesce(sum(CASE WHEN due_on < $1 THEN "
        "open_count ELSE 0 END), 0), coalesce(sum(awaiting_count), 0) FROM worklist_count WHERE municipality = $2",
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
