/* Rows that the audit knows as texts, and visitors as sums. */
#include "settlement/audit/compare.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REFUND_TEXT_MAX_BYTES = 72 * 1024 /* a journal line, and a little */ };

static void
report_fact(const struct book *book, const char *table, const char *what, int64_t sequence, int64_t expected_yen,
            int64_t found_yen)
{
    char code[FINDING_CODE_SIZE];
    snprintf(code, sizeof code, "%s_%s", table, what);
    const char *sentence = strcmp(what, "missing") == 0      ? "%sの行が帳簿にありません。"
                           : strcmp(what, "unexpected") == 0 ? "帳簿の%sの行に当たる記録がありません。"
                                                             : "帳簿の%sの行が記録と異なります。";
    char message[FINDING_MESSAGE_SIZE];
    snprintf(message, sizeof message, "%s", sentence);
    const char *at = strstr(message, "%s");
    finding_add(book->findings, code, book->terminal, sequence, expected_yen, found_yen, "%.*s%s%s",
                (int)(at - message), message, table, at + 2);
}

/* <0, 0, >0: FACT before, at, behind the row. Without a fact or a row the other comes first. */
static int
compare_place(const struct book_fact *fact, const struct row_cursor *row)
{
    if (fact == NULL || !row->has_row) {
        return fact == NULL ? 1 : -1;
    }
    int64_t sequence = audit_int(row->rows, 0);
    if (fact->sequence != sequence) {
        return fact->sequence < sequence ? -1 : 1;
    }
    return strcmp(fact->table, audit_text(row->rows, 1));
}

static enum status
compare_all(struct store_txn *txn, const struct book *book, enum audit_question question, const struct growing *facts,
            struct error_detail *err)
{
    struct row_cursor row;
    size_t index = 0;
    enum status status = row_cursor_begin(&row, txn, question, book->terminal, err);
    while (status == STATUS_OK && (row.has_row || index < facts->count)) {
        const struct book_fact *fact = index < facts->count ? BOOK_AT(*facts, const struct book_fact, index) : NULL;
        int order = compare_place(fact, &row);
        if (order < 0) {
            report_fact(book, fact->table, "missing", fact->sequence, fact->amount_yen, 0);
        } else if (order > 0) {
            report_fact(book, audit_text(row.rows, 1), "unexpected", audit_int(row.rows, 0), 0, audit_int(row.rows, 2));
        } else if (fact->amount_yen != audit_int(row.rows, 2) || strcmp(fact->text, audit_text(row.rows, 3)) != 0) {
            report_fact(book, fact->table, "differs", fact->sequence, fact->amount_yen, audit_int(row.rows, 2));
        }
        index += order <= 0 ? 1 : 0;
        if (order >= 0) {
            status = row_cursor_next(&row, err);
        }
    }
    return status;
}

enum status
compare_facts(struct store_txn *txn, const struct book *book, struct error_detail *err)
{
    return compare_all(txn, book, AUDIT_FACTS, &book->facts, err);
}

static bool
refund_as_fact(const struct book *book, const struct book_refund *refund, struct arena *texts, struct book_fact *out)
{
    char date[CIVIL_DATE_TEXT_SIZE];
    char sequence[24];
    struct buffer text;
    snprintf(sequence, sizeof sequence, "%lld", (long long)refund->state_sequence);
    const char *const parts[] = {
        book->municipality,
        civil_date_format(date, refund->business_date),
        book->place,
        refund->id,
        refund->sale,
        refund->receipt_number,
        refund->means,
        refund->reason,
        refund->clerk,
        refund->approved_by,
        refund->state,
        sequence,
        refund->ended_on,
        refund->ended_by,
        refund->ended_approved_by,
        refund->ended_means,
        refund->ended_reason,
        refund->run,
        refund->takes_over,
        refund->lines,
    };
    buffer_init(&text, REFUND_TEXT_MAX_BYTES);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        buffer_append_text(&text, i == 0 ? "" : FACT_SEPARATOR);
        buffer_append_text(&text, parts[i]);
    }
    *out = (struct book_fact){.sequence = refund->requested_sequence,
                              .amount_yen = refund->amount_yen,
                              .table = "refund",
                              .text = arena_copy(texts, buffer_text(&text), text.length)};
    buffer_finish(&text);
    return out->text != NULL;
}

enum status
compare_refunds(struct store_txn *txn, const struct book *book, struct error_detail *err)
{
    struct growing facts;
    struct arena texts;
    size_t limit = book->refunds.count + 1;
    growing_init(&facts, sizeof(struct book_fact), limit, 0);
    arena_init(&texts, limit * REFUND_TEXT_MAX_BYTES);
    enum status status = STATUS_OK;
    for (size_t i = 0; i < book->refunds.count && status == STATUS_OK; i++) {
        struct book_fact *fact = growing_add(&facts);
        if (fact == NULL || !refund_as_fact(book, BOOK_AT(book->refunds, const struct book_refund, i), &texts, fact)) {
            error_set(err, "no_memory", "out of memory");
            status = STATUS_NO_MEMORY;
        }
    }
    if (status == STATUS_OK) {
        status = compare_all(txn, book, AUDIT_REFUNDS, &facts, err);
    }
    growing_finish(&facts);
    arena_finish(&texts);
    return status;
}

static int
compare_visit(const struct book_visit *a, const struct book_visit *b)
{
    int order = civil_date_compare(a->business_date, b->business_date);
    order = order != 0 ? order : strcmp(a->facility, b->facility);
    return order != 0 ? order : strcmp(a->category, b->category);
}

static int
order_visits(const void *a, const void *b)
{
    return compare_visit(a, b);
}

/* Sort VISITS and add up what belongs together. Returns how many are left. */
static size_t
sum_visits(struct book_visit *visits, size_t count)
{
    size_t kept = 0;
    qsort(visits, count, sizeof visits[0], order_visits);
    for (size_t i = 1; i < count; i++) {
        if (compare_visit(&visits[kept], &visits[i]) == 0) {
            visits[kept].count += visits[i].count;
        } else {
            visits[++kept] = visits[i];
        }
    }
    return count == 0 ? 0 : kept + 1;
}

static bool
is_visit_of(const struct book *book, const struct book_visit *visit, const struct audit_rows *row)
{
    return row_date_is(visit->business_date, audit_text(row, 0)) && strcmp(visit->facility, audit_text(row, 1)) == 0 &&
           strcmp(visit->category, audit_text(row, 2)) == 0 && strcmp(book->municipality, audit_text(row, 4)) == 0;
}

enum status
compare_visits(struct store_txn *txn, const struct book *book, struct error_detail *err)
{
    struct row_cursor row;
    struct book_visit *visits = book->visits.elements; /* the book is read once: its order may change */
    size_t count = book->visits.count == 0 ? 0 : sum_visits(visits, book->visits.count);
    size_t index = 0;
    enum status status = row_cursor_begin(&row, txn, AUDIT_VISITS, book->terminal, err);
    while (status == STATUS_OK && row.has_row) {
        bool is_same = index < count && is_visit_of(book, &visits[index], row.rows);
        if (!is_same || visits[index].count != audit_int(row.rows, 3)) {
            finding_add(book->findings, "daily_entry_differs", book->terminal, 0, 0, 0,
                        "%sの%s・%sの入場者数(帳簿%lld人)が、記録(%lld人)と一致しません。", audit_text(row.rows, 0),
                        audit_text(row.rows, 1), audit_text(row.rows, 2), (long long)audit_int(row.rows, 3),
                        is_same ? (long long)visits[index].count : 0LL);
        }
        index += is_same ? 1 : 0;
        status = row_cursor_next(&row, err);
    }
    if (status == STATUS_OK && index < count) {
        finding_add(book->findings, "daily_entry_differs", book->terminal, 0, 0, 0,
                    "入場者数の日計が、%zu件足りません。", count - index);
    }
    return status;
}
