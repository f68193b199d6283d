/* A business day of one drawer, as the journal fixed it. Nothing here is computed but sums of its rows. */
#include "pos/receipt/fill.h"

#include <string.h>

static const char *
label_of(enum payment_method method)
{
    switch (method) {
    case METHOD_NONE:
        return "無料";
    case METHOD_CREDIT:
        return "クレジット"; /* leaves room for the figures on 58 mm paper */
    case METHOD_CASH:
    case METHOD_QR:
    case METHOD_EMONEY:
        break;
    }
    return fill_method_name(method);
}

static const char *
name_of(const struct receipt_day_total *total)
{
    return total->brand_name[0] != '\0' ? total->brand_name
           : total->brand[0] != '\0'    ? total->brand
                                        : label_of(total->method);
}

static void
fill_brands(struct fill *fill, const struct receipt_day *day, enum payment_method method,
            struct receiptline_value *list)
{
    struct receiptline_value *row = fill_rows(fill, list, day->total_count, PAPERS_SUM_NAME_COUNT);
    list->rows.count = 0;
    for (size_t i = 0; row != NULL && i < day->total_count; i++) {
        const struct receipt_day_total *total = &day->totals[i];
        if (total->method == method && total->brand[0] != '\0') {
            row[PAPERS_AT_SUM_NAME].text = name_of(total);
            row[PAPERS_AT_SUM_COUNT].number = total->count;
            row[PAPERS_AT_SUM_AMOUNT].number = total->amount_yen;
            row += PAPERS_SUM_NAME_COUNT;
            list->rows.count++;
        }
    }
}

/* The methods that were used, each with its brands. */
static void
fill_methods(struct fill *fill, const struct receipt_day *day)
{
    static const enum payment_method order[] = {METHOD_CASH, METHOD_QR, METHOD_EMONEY, METHOD_CREDIT, METHOD_NONE};
    enum { METHODS = sizeof order / sizeof order[0] };
    struct receiptline_value *list = &fill->values[PAPERS_AT_METHODS];
    struct receiptline_value *row = fill_rows(fill, list, METHODS, PAPERS_SUM_NAME_COUNT);
    list->rows.count = 0;
    for (size_t m = 0; row != NULL && m < METHODS; m++) {
        int64_t count = 0, sum_yen = 0;
        for (size_t i = 0; i < day->total_count; i++) {
            count += day->totals[i].method == order[m] ? day->totals[i].count : 0;
            sum_yen += day->totals[i].method == order[m] ? day->totals[i].amount_yen : 0;
        }
        if (count == 0) {
            continue;
        }
        row[PAPERS_AT_SUM_NAME].text = label_of(order[m]);
        row[PAPERS_AT_SUM_COUNT].number = count;
        row[PAPERS_AT_SUM_AMOUNT].number = sum_yen;
        fill_brands(fill, day, order[m], &row[PAPERS_AT_SUM_BRANDS]);
        row += PAPERS_SUM_NAME_COUNT;
        list->rows.count++;
    }
}

static void
fill_voids(struct fill *fill, const struct receipt_day *day)
{
    struct receiptline_value *list = &fill->values[PAPERS_AT_VOIDS];
    struct receiptline_value *row = fill_rows(fill, list, day->total_count, PAPERS_SUM_NAME_COUNT);
    list->rows.count = 0;
    for (size_t i = 0; row != NULL && i < day->total_count; i++) {
        const struct receipt_day_total *total = &day->totals[i];
        if (total->void_count != 0) {
            row[PAPERS_AT_SUM_NAME].text = name_of(total);
            row[PAPERS_AT_SUM_COUNT].number = total->void_count;
            row[PAPERS_AT_SUM_AMOUNT].number = -total->void_yen;
            row += PAPERS_SUM_NAME_COUNT;
            list->rows.count++;
        }
    }
}

static void
fill_sums(struct fill *fill, const struct receipt_day *day)
{
    struct receiptline_value *values = fill->values;
    int64_t count = 0, void_count = 0, sum_yen = 0, void_yen = 0, cash_yen = 0;
    for (size_t i = 0; i < day->total_count; i++) {
        const struct receipt_day_total *total = &day->totals[i];
        count += total->count;
        sum_yen += total->amount_yen;
        void_count += total->void_count;
        void_yen += total->void_yen;
        cash_yen += total->method == METHOD_CASH ? total->amount_yen - total->void_yen : 0;
    }
    if (day->has_cash_detail) { /* the cash part of mixed payments is among it */
        cash_yen =
            day->expected_cash_yen - day->float_yen - day->cash_in_yen + day->cash_out_yen + day->refund_cash_yen;
    }
    values[PAPERS_AT_SALE_COUNT].number = count;
    values[PAPERS_AT_SALE_AMOUNT].number = sum_yen;
    values[PAPERS_AT_VOID_COUNT].number = void_count;
    values[PAPERS_AT_VOID_AMOUNT].number = -void_yen;
    values[PAPERS_AT_NET_COUNT].number = count - void_count;
    values[PAPERS_AT_NET_AMOUNT].number = sum_yen - void_yen;
    values[PAPERS_AT_CASH_SALES].number = cash_yen;
    values[PAPERS_AT_CASHLESS_SALES].number = sum_yen - void_yen - cash_yen;
}

static void
fill_drawer(struct fill *fill, const struct receipt_day *day)
{
    struct receiptline_value *values = fill->values;
    values[PAPERS_AT_FLOAT].number = day->float_yen;
    values[PAPERS_AT_HAS_CASH_DETAIL].number = day->has_cash_detail;
    values[PAPERS_AT_CASH_IN].number = day->cash_in_yen;
    values[PAPERS_AT_CASH_OUT].number = day->cash_out_yen;
    values[PAPERS_AT_REFUND_CASH].number = day->refund_cash_yen;
    values[PAPERS_AT_FLOAT_RETURNED].number = day->float_returned_yen;
    /* Less than the float was counted: nothing is paid in, and the paper names what the float lacks. Never a deposit
     * below zero, which no cashier can receive. */
    values[PAPERS_AT_DEPOSIT].number = day->deposit_yen > 0 ? day->deposit_yen : 0;
    values[PAPERS_AT_FLOAT_MISSING].number = day->deposit_yen < 0 ? -day->deposit_yen : 0;
    values[PAPERS_AT_EXPECTED_CASH].number = day->expected_cash_yen;
    values[PAPERS_AT_COUNTED_CASH].number = day->counted_cash_yen;
    values[PAPERS_AT_DIFFERENCE].number = day->difference_yen;
    values[PAPERS_AT_REASON].text = day->difference_reason;
    fill_counts(fill, day->counts, day->count_count);
}

static void
fill_unresolved(struct fill *fill, const struct receipt_day *day)
{
    const size_t listed =
        day->unresolved_count < FILL_UNRESOLVED_MAX ? day->unresolved_count : (size_t)FILL_UNRESOLVED_MAX;
    struct receiptline_value *row =
        fill_rows(fill, &fill->values[PAPERS_AT_UNRESOLVED], listed, PAPERS_UNRESOLVED_NAME_COUNT);
    for (size_t i = 0; row != NULL && i < listed; i++, row += PAPERS_UNRESOLVED_NAME_COUNT) {
        row[PAPERS_AT_UNRESOLVED_PAYMENT].text = day->unresolved[i];
    }
    fill->values[PAPERS_AT_UNRESOLVED_COUNT].number = (int64_t)day->unresolved_count;
    fill->values[PAPERS_AT_UNRESOLVED_MORE].number = (int64_t)(day->unresolved_count - listed);
}

/* ---- takings ----------------------------------------------------------------------------------------------------- */

static const char *
first_of(const char *name, const char *code, const char *otherwise)
{
    return name != NULL && name[0] != '\0' ? name : code != NULL && code[0] != '\0' ? code : otherwise;
}

static void
add_taking(struct receiptline_value *row, const struct receipt_day_row *source)
{
    row[PAPERS_AT_TAKING_QUANTITY].number += source->quantity;
    row[PAPERS_AT_TAKING_AMOUNT].number += source->amount_yen;
    row[PAPERS_AT_TAKING_CASH].number += source->cash_yen;
    row[PAPERS_AT_TAKING_CASHLESS].number += source->cashless_yen;
}

static bool
is_same(const char *a, const char *b)
{
    return strcmp(a != NULL ? a : "", b != NULL ? b : "") == 0;
}

/* A facility's rows, which stand together: from FIRST, COUNT of them. */
static void
fill_items(struct fill *fill, const struct receipt_day_row *first, size_t count, struct receiptline_value *list)
{
    struct receiptline_value *row = fill_rows(fill, list, count, PAPERS_TAKING_NAME_COUNT);
    for (size_t i = 0; row != NULL && i < count; i++, row += PAPERS_TAKING_NAME_COUNT) {
        row[PAPERS_AT_TAKING_NAME].text = first_of(first[i].item_name, first[i].item, "その他");
        add_taking(row, &first[i]);
    }
}

static void
fill_facilities(struct fill *fill, const struct receipt_day *day)
{
    struct receiptline_value *list = &fill->values[PAPERS_AT_FACILITIES];
    size_t count = 0;
    for (size_t i = 0; i < day->row_count; i++) {
        count += i == 0 || !is_same(day->rows[i].facility, day->rows[i - 1].facility);
    }
    struct receiptline_value *row = fill_rows(fill, list, count, PAPERS_TAKING_NAME_COUNT);
    for (size_t first = 0, next; row != NULL && first < day->row_count; first = next, row += PAPERS_TAKING_NAME_COUNT) {
        const struct receipt_day_row *source = &day->rows[first];
        row[PAPERS_AT_TAKING_NAME].text = first_of(source->facility_name, source->facility, "窓口");
        for (next = first; next < day->row_count && is_same(day->rows[next].facility, source->facility); next++) {
            add_taking(row, &day->rows[next]);
        }
        fill_items(fill, source, next - first, &row[PAPERS_AT_TAKING_ITEMS]);
    }
}

/* The row of ACCOUNTS that is for SOURCE, a new one if there is none yet. */
static struct receiptline_value *
account_row(struct receiptline_value *list, struct receiptline_value *rows, const struct receipt_day_row *source)
{
    const char *name = first_of(source->account_name, source->account, "");
    for (size_t i = 0; i < list->rows.count; i++) {
        struct receiptline_value *row = rows + i * PAPERS_TAKING_NAME_COUNT;
        if (is_same(row[PAPERS_AT_TAKING_NAME].text, name)) {
            return row;
        }
    }
    struct receiptline_value *row = rows + list->rows.count++ * PAPERS_TAKING_NAME_COUNT;
    row[PAPERS_AT_TAKING_NAME].text = name;
    return row;
}

static void
fill_accounts(struct fill *fill, const struct receipt_day *day)
{
    struct receiptline_value *list = &fill->values[PAPERS_AT_ACCOUNTS];
    struct receiptline_value *rows = fill_rows(fill, list, day->row_count, PAPERS_TAKING_NAME_COUNT);
    list->rows.count = 0;
    for (size_t i = 0; rows != NULL && i < day->row_count; i++) {
        if (first_of(day->rows[i].account_name, day->rows[i].account, "")[0] != '\0') {
            add_taking(account_row(list, rows, &day->rows[i]), &day->rows[i]);
        }
    }
}

void
fill_day(struct fill *fill, const struct receipt_day *day)
{
    struct receiptline_value *values = fill->values;
    values[PAPERS_AT_BUSINESS_DATE].date = day->business_date;
    values[PAPERS_AT_NUMBER].number = day->number;
    values[PAPERS_AT_FIRST_SEQUENCE].number = day->first_sequence;
    values[PAPERS_AT_LAST_SEQUENCE].number = day->last_sequence;
    values[PAPERS_AT_ZERO_COUNT].number = day->zero_count;
    values[PAPERS_AT_NO_SALE_COUNT].number = day->no_sale_count;
    values[PAPERS_AT_DISCARDED_COUNT].number = day->discarded_count;
    fill_methods(fill, day);
    fill_voids(fill, day);
    fill_sums(fill, day);
    fill_drawer(fill, day);
    fill_unresolved(fill, day);
    fill_facilities(fill, day);
    fill_accounts(fill, day);
}
