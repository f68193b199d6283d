/* Sales, their lines and taxes, voids, receipts. */
#include "settlement/audit/compare.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum status
row_cursor_begin(struct row_cursor *cursor, struct store_txn *txn, enum audit_question question, const char *terminal,
                 struct error_detail *err)
{
    enum status status = audit_rows_begin(txn, question, terminal, &cursor->rows, err);
    return status == STATUS_OK ? row_cursor_next(cursor, err) : status;
}

enum status
row_cursor_next(struct row_cursor *cursor, struct error_detail *err)
{
    return audit_rows_next(cursor->rows, &cursor->has_row, err);
}

bool
row_date_is(struct civil_date date, const char *text)
{
    char expected[CIVIL_DATE_TEXT_SIZE];
    return strcmp(civil_date_format(expected, date), text) == 0;
}

static void
compare_sale(const struct book *book, const struct book_sale *sale, const struct audit_rows *row)
{
    struct findings *findings = book->findings;
    const char *terminal = book->terminal;
    int64_t total_yen = audit_int(row, 8);
    if (total_yen != sale->total_yen) {
        finding_add(findings, "sale_differs", terminal, sale->sequence, sale->total_yen, total_yen,
                    "領収書%sの合計が記録と異なります。", sale->receipt_number);
    }
    if (!row_date_is(sale->received_on, audit_text(row, 4)) || !row_date_is(sale->business_date, audit_text(row, 3)) ||
        audit_int(row, 11) != fiscal_year_of(sale->received_on)) {
        finding_add(findings, "sale_date_differs", terminal, sale->sequence, sale->total_yen, total_yen,
                    "領収書%sの収納日・営業日・年度(%s・%s・%lld)が記録と異なります。", sale->receipt_number,
                    audit_text(row, 4), audit_text(row, 3), (long long)audit_int(row, 11));
    }
    if (strcmp(audit_text(row, 1), sale->id) != 0 || strcmp(audit_text(row, 2), sale->receipt_number) != 0 ||
        strcmp(audit_text(row, 5), sale->method) != 0 || strcmp(audit_text(row, 6), sale->brand) != 0 ||
        strcmp(audit_text(row, 7), sale->payment) != 0 || strcmp(audit_text(row, 10), book->place) != 0 ||
        strcmp(audit_text(row, 12), book->municipality) != 0 ||
        strcmp(audit_text(row, 14), sale->reference_kind) != 0 ||
        strcmp(audit_text(row, 15), sale->reference_number) != 0) {
        finding_add(findings, "sale_differs", terminal, sale->sequence, sale->total_yen, total_yen,
                    "領収書%sの番号・支払方法・ブランド・決済・場所・団体・参照番号のいずれかが記録と異なります。",
                    sale->receipt_number);
    }
    if (audit_int(row, 13) != sale->cash_yen) {
        finding_add(findings, "sale_cash_differs", terminal, sale->sequence, sale->cash_yen, audit_int(row, 13),
                    "領収書%sの現金分が記録と異なります。", sale->receipt_number);
    }
    if (audit_int(row, 9) != sale->voided_by) {
        bool is_void = sale->voided_by != 0;
        finding_add(findings, "void_differs", terminal, sale->sequence, is_void ? 0 : sale->total_yen,
                    audit_int(row, 9) != 0 ? 0 : total_yen,
                    is_void ? "領収書%sは取り消されたのに、帳簿では有効です。"
                            : "領収書%sは取り消されていないのに、帳簿では取消です。",
                    sale->receipt_number);
    }
}

enum status
compare_sales(struct store_txn *txn, const struct book *book, struct error_detail *err)
{
    struct row_cursor row;
    size_t index = 0;
    enum status status = row_cursor_begin(&row, txn, AUDIT_SALES, book->terminal, err);
    while (status == STATUS_OK && (row.has_row || index < book->sales.count)) {
        const struct book_sale *sale =
            index < book->sales.count ? BOOK_AT(book->sales, const struct book_sale, index) : NULL;
        int64_t sequence = row.has_row ? audit_int(row.rows, 0) : INT64_MAX;
        if (sale != NULL && sale->sequence < sequence) {
            finding_add(book->findings, "sale_missing", book->terminal, sale->sequence, sale->total_yen, 0,
                        "領収書%sの売上が帳簿にありません。", sale->receipt_number);
            index++;
            continue;
        }
        if (sale == NULL || sequence < sale->sequence) {
            finding_add(book->findings, "sale_unexpected", book->terminal, sequence, 0, audit_int(row.rows, 8),
                        "帳簿の売上%sに当たる記録がありません。", audit_text(row.rows, 2));
        } else {
            compare_sale(book, sale, row.rows);
            index++;
        }
        status = row_cursor_next(&row, err);
    }
    return status;
}

/* What newer tills say of a line, each with the yen that it is about. */
static void
compare_particulars(const struct book *book, const struct book_sale *sale, const struct book_line *line, size_t number,
                    const struct audit_rows *row)
{
    const struct {
        const char *code;
        const char *name;
        int64_t expected_yen;
        int64_t found_yen;
        bool agrees; /* in its words */
    } particulars[] = {
        {"line_cash_differs", "現金分", line->cash_yen, audit_int(row, 11), true},
        {"reduction_differs", "減免", line->reduction_yen, audit_int(row, 12),
         strcmp(audit_text(row, 15), line->reduction) == 0 &&
             strcmp(audit_text(row, 16), line->reduction_granter) == 0},
        {"override_differs", "単価の変更", line->list_price_yen, audit_int(row, 13),
         strcmp(audit_text(row, 17), line->override_by) == 0},
        {"sale_line_differs", "施設・料金表・券", line->amount_yen, audit_int(row, 5),
         strcmp(audit_text(row, 14), line->facility) == 0 && strcmp(audit_text(row, 18), line->tariff) == 0 &&
             strcmp(audit_text(row, 19), line->ticket) == 0},
    };
    for (size_t i = 0; i < sizeof particulars / sizeof particulars[0]; i++) {
        if (particulars[i].expected_yen != particulars[i].found_yen || !particulars[i].agrees) {
            finding_add(book->findings, particulars[i].code, book->terminal, sale->sequence,
                        particulars[i].expected_yen, particulars[i].found_yen,
                        "領収書%sの明細%zu(%s)の%sが記録と異なります。", sale->receipt_number, number + 1, line->item,
                        particulars[i].name);
        }
    }
}

/* The rows of one sale's lines; CURSOR stands on the first row that is not behind them. */
static enum status
compare_lines_of(const struct book *book, const struct book_sale *sale, struct row_cursor *cursor,
                 struct error_detail *err)
{
    size_t number = 0;
    enum status status = STATUS_OK;
    for (; status == STATUS_OK && cursor->has_row && audit_int(cursor->rows, 0) == sale->sequence; number++) {
        const struct audit_rows *row = cursor->rows;
        const struct book_line *line =
            number < sale->line_count ? BOOK_AT(book->lines, const struct book_line, sale->first_line + number) : NULL;
        bool agrees = line != NULL && audit_int(row, 1) == (int64_t)number + 1 &&
                      strcmp(audit_text(row, 2), line->item) == 0 && audit_int(row, 3) == line->unit_price_yen &&
                      audit_int(row, 4) == line->quantity && audit_int(row, 5) == line->amount_yen &&
                      strcmp(audit_text(row, 6), line->tax) == 0 && strcmp(audit_text(row, 7), line->account) == 0 &&
                      strcmp(audit_text(row, 8), line->section) == 0 && strcmp(audit_text(row, 9), line->issuer) == 0 &&
                      strcmp(audit_text(row, 10), line->exemption) == 0;
        if (agrees) {
            compare_particulars(book, sale, line, number, row);
        } else {
            finding_add(book->findings, "sale_line_differs", book->terminal, sale->sequence,
                        line != NULL ? line->amount_yen : 0, audit_int(row, 5),
                        "領収書%sの明細%zu(%s)が記録と異なります。", sale->receipt_number, number + 1,
                        audit_text(row, 2));
        }
        status = row_cursor_next(cursor, err);
    }
    for (; number < sale->line_count; number++) {
        const struct book_line *line = BOOK_AT(book->lines, const struct book_line, sale->first_line + number);
        finding_add(book->findings, "sale_line_differs", book->terminal, sale->sequence, line->amount_yen, 0,
                    "領収書%sの明細%zu(%s)が帳簿にありません。", sale->receipt_number, number + 1, line->item);
    }
    return status;
}

static enum status
compare_taxes_of(const struct book *book, const struct book_sale *sale, struct row_cursor *cursor,
                 struct error_detail *err)
{
    size_t found = 0;
    enum status status = STATUS_OK;
    for (; status == STATUS_OK && cursor->has_row && audit_int(cursor->rows, 0) == sale->sequence; found++) {
        const struct audit_rows *row = cursor->rows;
        const struct book_tax *match = NULL;
        for (size_t i = 0; i < sale->tax_count; i++) {
            const struct book_tax *tax = BOOK_AT(book->taxes, const struct book_tax, sale->first_tax + i);
            if (strcmp(tax->tax, audit_text(row, 1)) == 0 && strcmp(tax->issuer, audit_text(row, 2)) == 0) {
                match = tax;
            }
        }
        if (match == NULL || match->subject_yen != audit_int(row, 3) || match->tax_yen != audit_int(row, 4)) {
            finding_add(book->findings, "sale_tax_differs", book->terminal, sale->sequence,
                        match != NULL ? match->tax_yen : 0, audit_int(row, 4), "領収書%sの税の内訳が記録と異なります。",
                        sale->receipt_number);
        }
        status = row_cursor_next(cursor, err);
    }
    if (status == STATUS_OK && found < sale->tax_count) {
        finding_add(book->findings, "sale_tax_differs", book->terminal, sale->sequence, 0, 0,
                    "領収書%sの税の内訳が帳簿に足りません。", sale->receipt_number);
    }
    return status;
}

/* Rows that lie before SEQUENCE belong to no sale. */
static enum status
skip_strangers(const struct book *book, struct row_cursor *cursor, int64_t sequence, int yen_column, const char *code,
               struct error_detail *err)
{
    enum status status = STATUS_OK;
    while (status == STATUS_OK && cursor->has_row && audit_int(cursor->rows, 0) < sequence) {
        finding_add(book->findings, code, book->terminal, audit_int(cursor->rows, 0), 0,
                    audit_int(cursor->rows, yen_column), "帳簿の明細に当たる記録がありません。");
        status = row_cursor_next(cursor, err);
    }
    return status;
}

enum status
compare_sale_lines(struct store_txn *txn, const struct book *book, struct error_detail *err)
{
    struct row_cursor lines;
    struct row_cursor taxes = {0};
    enum status status = row_cursor_begin(&lines, txn, AUDIT_SALE_LINES, book->terminal, err);
    if (status == STATUS_OK) {
        status = row_cursor_begin(&taxes, txn, AUDIT_SALE_TAXES, book->terminal, err);
    }
    for (size_t i = 0; i <= book->sales.count && status == STATUS_OK; i++) {
        bool is_end = i == book->sales.count;
        const struct book_sale *sale = is_end ? NULL : BOOK_AT(book->sales, const struct book_sale, i);
        int64_t sequence = is_end ? INT64_MAX : sale->sequence;
        status = skip_strangers(book, &lines, sequence, 5, "sale_line_differs", err);
        if (status == STATUS_OK) {
            status = skip_strangers(book, &taxes, sequence, 4, "sale_tax_differs", err);
        }
        if (status == STATUS_OK && !is_end) {
            status = compare_lines_of(book, sale, &lines, err);
        }
        if (status == STATUS_OK && !is_end) {
            status = compare_taxes_of(book, sale, &taxes, err);
        }
    }
    return status;
}

enum status
compare_voids(struct store_txn *txn, const struct book *book, struct error_detail *err)
{
    struct row_cursor row;
    size_t index = 0;
    enum status status = row_cursor_begin(&row, txn, AUDIT_VOIDS, book->terminal, err);
    while (status == STATUS_OK && (row.has_row || index < book->voids.count)) {
        const struct book_void *voided =
            index < book->voids.count ? BOOK_AT(book->voids, const struct book_void, index) : NULL;
        int64_t sequence = row.has_row ? audit_int(row.rows, 0) : INT64_MAX;
        if (voided != NULL && voided->sequence < sequence) {
            finding_add(book->findings, "void_missing", book->terminal, voided->sequence, voided->total_yen, 0,
                        "行%lldの売上の取消が帳簿にありません。", (long long)voided->sale_sequence);
            index++;
            continue;
        }
        if (voided == NULL || sequence < voided->sequence) {
            finding_add(book->findings, "void_unexpected", book->terminal, sequence, 0, audit_int(row.rows, 2),
                        "帳簿の取消に当たる記録がありません。");
        } else {
            if (audit_int(row.rows, 1) != voided->sale_sequence || audit_int(row.rows, 2) != voided->total_yen) {
                finding_add(book->findings, "void_differs", book->terminal, sequence, voided->total_yen,
                            audit_int(row.rows, 2), "取消の対象または金額が記録と異なります。");
            }
            index++;
        }
        status = row_cursor_next(&row, err);
    }
    return status;
}

/* The serial at the end of a number of DATE's; -1 when it is not one of this till's. */
static long
serial_of(const struct book *book, const struct book_sale *sale)
{
    char prefix[64];
    int length = snprintf(prefix, sizeof prefix, "%s-%04d%02d%02d-", book->terminal, sale->business_date.year,
                          sale->business_date.month, sale->business_date.day);
    if (strncmp(sale->receipt_number, prefix, (size_t)length) != 0) {
        return -1;
    }
    const char *digits = sale->receipt_number + length;
    size_t count = strspn(digits, "0123456789");
    return count >= 4 && count <= 9 && digits[count] == '\0' ? strtol(digits, NULL, 10) : -1;
}

void
compare_receipts(const struct book *book)
{
    struct civil_date date = {0};
    long last = 0;
    for (size_t i = 0; i < book->sales.count; i++) {
        const struct book_sale *sale = BOOK_AT(book->sales, const struct book_sale, i);
        bool is_same_day = i > 0 && civil_date_compare(sale->business_date, date) == 0;
        long expected = is_same_day ? last + 1 : 1;
        long serial = serial_of(book, sale);
        if (serial != expected) {
            finding_add(book->findings, "receipt_gap", book->terminal, sale->sequence, 0, 0,
                        "領収書番号%sは%ld番であるべきです。", sale->receipt_number, expected);
        }
        date = sale->business_date;
        last = serial > 0 ? serial : expected;
    }
}
