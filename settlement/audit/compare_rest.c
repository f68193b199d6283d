/* Payments, reversals, days, parked lines. */
#include "settlement/audit/compare.h"

#include <string.h>

static void
compare_payment(const struct book *book, const struct book_payment *payment, const struct audit_rows *row)
{
    int64_t amount_yen = audit_int(row, 5);
    if (amount_yen != payment->amount_yen) {
        finding_add(book->findings, "payment_differs", book->terminal, payment->started_sequence, payment->amount_yen,
                    amount_yen, "決済%sの金額が記録と異なります。", payment->id);
    }
    if (strcmp(audit_text(row, 6), payment->state) != 0 || audit_int(row, 7) != payment->state_sequence) {
        finding_add(book->findings, "payment_state_differs", book->terminal, payment->started_sequence,
                    payment->amount_yen, amount_yen, "決済%sは帳簿では%s、記録では%sです。", payment->id,
                    audit_text(row, 6), payment->state);
    }
    if (strcmp(audit_text(row, 1), payment->id) != 0 || strcmp(audit_text(row, 2), payment->sale) != 0 ||
        strcmp(audit_text(row, 3), payment->method) != 0 || strcmp(audit_text(row, 4), payment->brand) != 0 ||
        audit_int(row, 8) != payment->abandoned_by || audit_int(row, 9) != payment->sale_sequence ||
        strcmp(audit_text(row, 10), payment->acquirer_reference) != 0 ||
        strcmp(audit_text(row, 11), book->municipality) != 0 || strcmp(audit_text(row, 12), book->place) != 0 ||
        !row_date_is(payment->business_date, audit_text(row, 13)) || strcmp(audit_text(row, 14), payment->how) != 0 ||
        (payment->resolved_on.year != 0 ? !row_date_is(payment->resolved_on, audit_text(row, 15))
                                        : audit_text(row, 15)[0] != '\0') ||
        strcmp(audit_text(row, 16), payment->approval_code) != 0 ||
        strcmp(audit_text(row, 17), payment->slip_number) != 0 || audit_int(row, 18) != payment->cash_yen ||
        strcmp(audit_text(row, 19), payment->rule) != 0 || strcmp(audit_text(row, 20), payment->proved) != 0 ||
        audit_int(row, 21) != payment->proved_sequence) {
        finding_add(book->findings, "payment_differs", book->terminal, payment->started_sequence, payment->amount_yen,
                    amount_yen, "決済%sの番号・売上・ブランド・照会先番号・日付のいずれかが記録と異なります。",
                    payment->id);
    }
}

enum status
compare_payments(struct store_txn *txn, const struct book *book, struct error_detail *err)
{
    struct row_cursor row;
    size_t index = 0;
    enum status status = row_cursor_begin(&row, txn, AUDIT_PAYMENTS, book->terminal, err);
    while (status == STATUS_OK && (row.has_row || index < book->payments.count)) {
        const struct book_payment *payment =
            index < book->payments.count ? BOOK_AT(book->payments, const struct book_payment, index) : NULL;
        int64_t sequence = row.has_row ? audit_int(row.rows, 0) : INT64_MAX;
        if (payment != NULL && payment->started_sequence < sequence) {
            finding_add(book->findings, "payment_missing", book->terminal, payment->started_sequence,
                        payment->amount_yen, 0, "決済%s(%s)が帳簿にありません。", payment->id, payment->state);
            index++;
            continue;
        }
        if (payment == NULL || sequence < payment->started_sequence) {
            finding_add(book->findings, "payment_unexpected", book->terminal, sequence, 0, audit_int(row.rows, 5),
                        "帳簿の決済%sに当たる記録がありません。", audit_text(row.rows, 1));
        } else {
            compare_payment(book, payment, row.rows);
            index++;
        }
        status = row_cursor_next(&row, err);
    }
    return status;
}

enum status
compare_reversals(struct store_txn *txn, const struct book *book, struct error_detail *err)
{
    struct row_cursor row;
    size_t index = 0;
    enum status status = row_cursor_begin(&row, txn, AUDIT_REVERSALS, book->terminal, err);
    while (status == STATUS_OK && (row.has_row || index < book->reversals.count)) {
        const struct book_reversal *reversal =
            index < book->reversals.count ? BOOK_AT(book->reversals, const struct book_reversal, index) : NULL;
        int64_t sequence = row.has_row ? audit_int(row.rows, 0) : INT64_MAX;
        bool is_missing = reversal != NULL && reversal->started_sequence < sequence;
        bool is_unexpected = reversal == NULL || sequence < reversal->started_sequence;
        if (is_missing || is_unexpected) {
            finding_add(book->findings, is_missing ? "reversal_missing" : "reversal_unexpected", book->terminal,
                        is_missing ? reversal->started_sequence : sequence, is_missing ? reversal->amount_yen : 0,
                        is_missing ? 0 : audit_int(row.rows, 3),
                        is_missing ? "決済の取消が帳簿にありません。" : "帳簿の取消に当たる記録がありません。");
        } else if (strcmp(audit_text(row.rows, 4), reversal->state) != 0 ||
                   audit_int(row.rows, 3) != reversal->amount_yen ||
                   audit_int(row.rows, 5) != reversal->state_sequence ||
                   strcmp(audit_text(row.rows, 2), reversal->payment) != 0) {
            finding_add(book->findings, "reversal_differs", book->terminal, sequence, reversal->amount_yen,
                        audit_int(row.rows, 3), "決済の取消は帳簿では%s、記録では%sです。", audit_text(row.rows, 4),
                        reversal->state);
        }
        index += is_missing || !is_unexpected ? 1 : 0;
        if (!is_missing) {
            status = row_cursor_next(&row, err);
        }
    }
    return status;
}

static void
compare_day(const struct book *book, const struct book_day *day, const struct audit_rows *row)
{
    bool is_closed = day->closed_sequence != 0;
    /* 0: the row was made by a program that did not keep the version. */
    bool has_version = audit_int(row, 8) == 0 || audit_int(row, 8) == day->masters_version;
    bool agrees = row_date_is(day->business_date, audit_text(row, 1)) && audit_int(row, 2) == day->float_yen &&
                  audit_int(row, 3) == day->closed_sequence && has_version;
    if (agrees && is_closed) {
        agrees = audit_int(row, 4) == day->expected_cash_yen && audit_int(row, 5) == day->drawer_yen &&
                 audit_int(row, 6) == day->counted_cash_yen &&
                 audit_int(row, 7) == day->counted_cash_yen - day->expected_cash_yen;
    }
    if (!agrees) {
        finding_add(book->findings, "day_differs", book->terminal, day->opened_sequence, day->counted_cash_yen,
                    audit_int(row, 6), "営業日%sの釣銭・計算上の現金・数えた現金のいずれかが記録と異なります。",
                    audit_text(row, 1));
    }
}

enum status
compare_days(struct store_txn *txn, const struct book *book, struct error_detail *err)
{
    struct row_cursor row;
    size_t index = 0;
    enum status status = row_cursor_begin(&row, txn, AUDIT_DAYS, book->terminal, err);
    while (status == STATUS_OK && (row.has_row || index < book->days.count)) {
        const struct book_day *day =
            index < book->days.count ? BOOK_AT(book->days, const struct book_day, index) : NULL;
        int64_t sequence = row.has_row ? audit_int(row.rows, 0) : INT64_MAX;
        if (day != NULL && day->opened_sequence < sequence) {
            finding_add(book->findings, "day_missing", book->terminal, day->opened_sequence, day->counted_cash_yen, 0,
                        "営業日が帳簿にありません。");
            index++;
            continue;
        }
        if (day == NULL || sequence < day->opened_sequence) {
            finding_add(book->findings, "day_unexpected", book->terminal, sequence, 0, audit_int(row.rows, 6),
                        "帳簿の営業日に当たる記録がありません。");
        } else {
            compare_day(book, day, row.rows);
            index++;
        }
        status = row_cursor_next(&row, err);
    }
    return status;
}

enum status
compare_parked(struct store_txn *txn, const struct book *book, int64_t *out_parked, struct error_detail *err)
{
    struct row_cursor row;
    size_t index = 0;
    enum status status = row_cursor_begin(&row, txn, AUDIT_PARKED, book->terminal, err);
    for (; status == STATUS_OK && row.has_row; status = row_cursor_next(&row, err)) {
        int64_t sequence = audit_int(row.rows, 0);
        ++*out_parked;
        while (index < book->refusals.count &&
               BOOK_AT(book->refusals, const struct book_refusal, index)->sequence < sequence) {
            index++;
        }
        bool is_refused_here = index < book->refusals.count &&
                               BOOK_AT(book->refusals, const struct book_refusal, index)->sequence == sequence;
        if (book_weighs(audit_text(row.rows, 1)) && !is_refused_here) {
            finding_add(book->findings, "parked_though_readable", book->terminal, sequence, 0, 0,
                        "行(%s)が保留(%s)になっていますが、内容は解釈できます。", audit_text(row.rows, 1),
                        audit_text(row.rows, 2));
        }
    }
    return status;
}
