/* Sales and voids. A sale is booked once by its id, once by its receipt number, and a cashless one once by its payment.
 */
#include "settlement/ledger/apply_parts.h"
#include "settlement/store/payment_store.h"
#include "settlement/store/statistics_store.h"

#include <string.h>

static enum status
check_is_new(struct application *at, const struct sale_effect *sale)
{
    struct sale_facts known;
    enum status status = sale_find(at->txn, sale->sale, &known, at->err);
    if (status == STATUS_OK && known.sequence != 0) {
        return apply_refuse(at, "sale_known", "この売上は%sの行%lldですでに記録されています。", known.terminal,
                            (long long)known.sequence);
    }
    int64_t sequence = 0;
    if (status == STATUS_OK) {
        status = sale_of_receipt(at->txn, at->line->terminal, sale->receipt_number, &sequence, at->err);
    }
    if (status == STATUS_OK && sequence != 0) {
        return apply_refuse(at, "receipt_known", "領収書番号%sは行%lldで使われています。", sale->receipt_number,
                            (long long)sequence);
    }
    return status;
}

static enum status
check_payment(struct application *at, const struct sale_effect *sale)
{
    if (sale->payment[0] == '\0') {
        return STATUS_OK;
    }
    struct payment_facts facts;
    enum status status = payment_find(at->txn, sale->payment, &facts, at->err);
    if (status != STATUS_OK) {
        return status;
    }
    if (facts.started_sequence == 0 || strcmp(facts.terminal, at->line->terminal) != 0) {
        return apply_refuse(at, "payment_unknown", "この端末で始まった決済の中に、%sがありません。", sale->payment);
    }
    if (strcmp(facts.state, "approved") != 0 || facts.sale_sequence != 0) {
        return apply_refuse(at, "payment_not_approved",
                            "決済%sは承認されていないか、別の売上に使われています(状態: %s)。", sale->payment,
                            facts.state);
    }
    bool is_same_brand = facts.brand[0] == '\0' || strcmp(facts.brand, sale->brand) == 0;
    bool is_same_money = facts.amount_yen == sale->total_yen - sale->cash_yen && facts.cash_yen == sale->cash_yen;
    if (!is_same_money || strcmp(facts.sale, sale->sale) != 0 || !is_same_brand ||
        strcmp(facts.method, sale->method) != 0) {
        return apply_refuse(at, "payment_differs",
                            "決済%s(%s %lld円、現金%lld円)と売上(%s %lld円、うち現金%lld円)が一致しません。",
                            sale->payment, facts.brand, (long long)facts.amount_yen, (long long)facts.cash_yen,
                            sale->brand, (long long)sale->total_yen, (long long)sale->cash_yen);
    }
    return payment_set_sale(at->txn, sale->payment, at->line->sequence, sale->brand, at->err);
}

static enum status
put_rows(struct application *at, const struct sale_effect *sale, const char *received_on)
{
    struct sale_row row = {
        .terminal = at->line->terminal,
        .sequence = at->line->sequence,
        .municipality = at->till->municipality,
        .place = at->till->place,
        .sale = sale->sale,
        .receipt_number = sale->receipt_number,
        .business_date = at->business_date,
        .received_on = received_on,
        .fiscal_year = fiscal_year_of(sale->received_on),
        .recorded_at_ms = at->line->at_ms,
        .clerk = sale->clerk,
        .method = sale->method,
        .brand = sale->brand,
        .payment = sale->payment,
        .total_yen = sale->total_yen,
        .cash_yen = sale->cash_yen,
        .reference_kind = sale->reference_kind,
        .reference_number = sale->reference_number,
    };
    enum status status = sale_put(at->txn, &row, at->err);
    if (status == STATUS_OK) {
        status = daily_payment_add(at->txn, &row, at->err);
    }
    if (status == STATUS_OK) {
        status = hourly_payment_add(at->txn, &row, at->err);
    }
    for (size_t i = 0; i < sale->line_count && status == STATUS_OK; i++) {
        status = sale_line_put(at->txn, &row, (int64_t)i + 1, &sale->lines[i], at->err);
        if (status == STATUS_OK) {
            status = daily_item_add(at->txn, &row, &sale->lines[i], at->err);
        }
    }
    for (size_t i = 0; i < sale->tax_count && status == STATUS_OK; i++) {
        status = sale_tax_put(at->txn, &row, &sale->taxes[i], at->err);
    }
    return status;
}

enum status
apply_sale(struct application *at, const struct sale_effect *sale)
{
    char received_on[CIVIL_DATE_TEXT_SIZE];
    civil_date_format(received_on, sale->received_on);
    struct posting_list list;
    enum status status = check_is_new(at, sale);
    if (status == STATUS_OK) {
        status = check_payment(at, sale);
    }
    if (status == STATUS_OK) {
        status = put_rows(at, sale, received_on);
    }
    if (status == STATUS_OK) {
        status = postings_of_sale(&list, sale->cash_yen, sale->brand, sale->lines, sale->line_count, at->err);
    }
    return status == STATUS_OK ? apply_postings(at, &list, received_on) : status;
}

static enum status
check_void(struct application *at, const struct void_effect *voided, const struct sale_facts *sale)
{
    if (sale->sequence == 0 || strcmp(sale->terminal, at->line->terminal) != 0) {
        return apply_refuse(at, "sale_unknown", "取消の対象の売上%sが、この端末の記録にありません。",
                            voided->receipt_number);
    }
    if (sale->voided_by != 0) {
        return apply_refuse(at, "sale_is_void", "この売上は行%lldですでに取り消されています。",
                            (long long)sale->voided_by);
    }
    if (sale->total_yen != voided->total_yen || strcmp(sale->receipt_number, voided->receipt_number) != 0 ||
        strcmp(sale->method, voided->method) != 0) {
        return apply_refuse(at, "void_differs", "取消(%s %lld円)と売上(%s %lld円)が一致しません。",
                            voided->receipt_number, (long long)voided->total_yen, sale->receipt_number,
                            (long long)sale->total_yen);
    }
    if (strcmp(sale->business_date, at->business_date) != 0) {
        return apply_refuse(at, "void_too_late",
                            "%sの売上を%sに取り消すことはできません。翌日以降は還付の手続きになります。",
                            sale->business_date, at->business_date);
    }
    return STATUS_OK;
}

enum status
apply_void(struct application *at, const struct void_effect *voided)
{
    struct sale_facts sale;
    enum status status = sale_find(at->txn, voided->sale, &sale, at->err);
    if (status == STATUS_OK) {
        status = check_void(at, voided, &sale);
    }
    if (status != STATUS_OK) {
        return status;
    }
    struct sale_void_row row = {
        .terminal = at->line->terminal,
        .sequence = at->line->sequence,
        .municipality = at->till->municipality,
        .sale = voided->sale,
        .sale_sequence = sale.sequence,
        .business_date = at->business_date,
        .voided_at_ms = at->line->at_ms,
        .clerk = voided->clerk,
        .reason = voided->reason,
        .total_yen = sale.total_yen,
    };
    struct posting_source source = {
        .terminal = at->line->terminal, .sequence = at->line->sequence, .business_date = at->business_date};
    status = sale_void_put(at->txn, &row, at->err);
    if (status == STATUS_OK) {
        status = daily_add_void(at->txn, sale.terminal, sale.sequence, at->err);
    }
    if (status == STATUS_OK) {
        status = hourly_payment_add_void(at->txn, sale.terminal, sale.sequence, at->err);
    }
    if (status == STATUS_OK) {
        status = posting_put_opposite(at->txn, &source, sale.sequence, at->err);
    }
    if (status == STATUS_OK) {
        at->till->drawer_yen -= sale.cash_yen;
    }
    return status;
}
