/* Sales and what belongs to them. */
#include "settlement/store/sale_store.h"

#include "settlement/store/column.h"
#include "settlement/store/query.h"

#include <string.h>

enum status
sale_put(struct store_txn *txn, const struct sale_row *sale, struct error_detail *err)
{
    return query_run(txn,
                     "INSERT INTO sale (terminal, sequence, municipality, place, sale, receipt_number, business_date,"
                     " received_on, fiscal_year, recorded_at_ms, clerk, method, brand, payment, total_yen, voided_by,"
                     " cash_yen, reference_kind, reference_number) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10,"
                     " $11, $12, $13, $14, $15, 0, $16, $17, $18)",
                     BOUND(bound_text(sale->terminal), bound_int(sale->sequence), bound_text(sale->municipality),
                           bound_text(sale->place), bound_text(sale->sale), bound_text(sale->receipt_number),
                           bound_text(sale->business_date), bound_text(sale->received_on), bound_int(sale->fiscal_year),
                           bound_int(sale->recorded_at_ms), bound_text(sale->clerk), bound_text(sale->method),
                           bound_text(sale->brand), bound_text(sale->payment), bound_int(sale->total_yen),
                           bound_int(sale->cash_yen), bound_text(sale->reference_kind),
                           bound_text(sale->reference_number)),
                     err);
}

enum status
sale_line_put(struct store_txn *txn, const struct sale_row *sale, int64_t number, const struct sale_line_row *line,
              struct error_detail *err)
{
    return query_run(
        txn,
        "INSERT INTO sale_line (terminal, sequence, number, item, name, unit_price_yen, quantity,"
        " amount_yen, tax, account, section, issuer, exemption, exemption_name, exemption_reason, facility,"
        " cash_yen, reduction, reduction_name, reduction_granter, reduction_yen, list_price_yen,"
        " override_reason, override_by, tariff, ticket) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10,"
        " $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26)",
        BOUND(bound_text(sale->terminal), bound_int(sale->sequence), bound_int(number), bound_text(line->item),
              bound_text(line->name), bound_int(line->unit_price_yen), bound_int(line->quantity),
              bound_int(line->amount_yen), bound_text(line->tax), bound_text(line->account), bound_text(line->section),
              bound_text(line->issuer), bound_text(line->exemption), bound_text(line->exemption_name),
              bound_text(line->exemption_reason), bound_text(line->facility), bound_int(line->cash_yen),
              bound_text(line->reduction), bound_text(line->reduction_name), bound_text(line->reduction_granter),
              bound_int(line->reduction_yen), line->is_overridden ? bound_int(line->list_price_yen) : bound_null(),
              bound_text(line->override_reason), bound_text(line->override_by), bound_text(line->tariff),
              bound_text(line->ticket)),
        err);
}

enum status
sale_tax_put(struct store_txn *txn, const struct sale_row *sale, const struct sale_tax_row *tax,
             struct error_detail *err)
{
    return query_run(txn,
                     "INSERT INTO sale_tax (terminal, sequence, tax, issuer, subject_yen, tax_yen)"
                     " VALUES ($1, $2, $3, $4, $5, $6)",
                     BOUND(bound_text(sale->terminal), bound_int(sale->sequence), bound_text(tax->tax),
                           bound_text(tax->issuer), bound_int(tax->subject_yen), bound_int(tax->tax_yen)),
                     err);
}

enum status
sale_find(struct store_txn *txn, const char *sale, struct sale_facts *out, struct error_detail *err)
{
    struct statement *row;
    bool found;
    enum status status =
        query_first(txn,
                    "SELECT terminal, sequence, receipt_number, business_date, received_on, method, total_yen,"
                    " voided_by, cash_yen FROM sale WHERE sale = $1",
                    BOUND(bound_text(sale)), &row, &found, err);
    if (status != STATUS_OK) {
        return status;
    }
    *out = (struct sale_facts){0};
    if (found) {
        column_copy_text(out->terminal, sizeof out->terminal, row, 0);
        out->sequence = statement_column_int(row, 1);
        column_copy_text(out->receipt_number, sizeof out->receipt_number, row, 2);
        column_copy_text(out->business_date, sizeof out->business_date, row, 3);
        column_copy_text(out->received_on, sizeof out->received_on, row, 4);
        column_copy_text(out->method, sizeof out->method, row, 5);
        out->total_yen = statement_column_int(row, 6);
        out->voided_by = statement_column_int(row, 7);
        out->cash_yen = statement_column_int(row, 8);
        statement_reset(row);
    }
    return STATUS_OK;
}

enum status
sale_of_receipt(struct store_txn *txn, const char *terminal, const char *receipt_number, int64_t *out_sequence,
                struct error_detail *err)
{
    return query_int(txn, "SELECT sequence FROM sale WHERE terminal = $1 AND receipt_number = $2",
                     BOUND(bound_text(terminal), bound_text(receipt_number)), 0, out_sequence, err);
}

enum status
sale_void_put(struct store_txn *txn, const struct sale_void_row *row, struct error_detail *err)
{
    enum status status = query_run(
        txn,
        "INSERT INTO sale_void (terminal, sequence, municipality, sale, sale_sequence, business_date,"
        " voided_at_ms, clerk, reason, total_yen) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        BOUND(bound_text(row->terminal), bound_int(row->sequence), bound_text(row->municipality), bound_text(row->sale),
              bound_int(row->sale_sequence), bound_text(row->business_date), bound_int(row->voided_at_ms),
              bound_text(row->clerk), bound_text(row->reason), bound_int(row->total_yen)),
        err);
    if (status != STATUS_OK) {
        return status;
    }
    return query_run(txn, "UPDATE sale SET voided_by = $1 WHERE terminal = $2 AND sequence = $3",
                     BOUND(bound_int(row->sequence), bound_text(row->terminal), bound_int(row->sale_sequence)), err);
}

/* What a line adds under one way of payment. */
struct item_part {
    const char *method;
    const char *brand;
    int64_t quantity;
    int64_t amount_yen;
    int64_t reduction_yen;
};

/* What made the line cost nothing: 0円 issues are counted apart from those that were paid for, also when a reduction
 * took all of the price. */
static const char *
zero_rule(const struct sale_line_row *line)
{
    return line->exemption[0] == '\0' && line->amount_yen == 0 ? line->reduction : line->exemption;
}

static enum status
item_part_add(struct store_txn *txn, const struct sale_row *sale, const struct sale_line_row *line,
              const struct item_part *part, struct error_detail *err)
{
    return query_run(
        txn,
        "INSERT INTO daily_item (municipality, received_on, place, facility, item, unit_price_yen, tax, account,"
        " section, issuer, exemption, method, brand, quantity, amount_yen, reduction_yen, void_quantity, void_yen,"
        " void_reduction_yen) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 0, 0, 0)"
        " ON CONFLICT (municipality, received_on, place, facility, item, unit_price_yen, tax, account, section, issuer,"
        " exemption, method, brand) DO UPDATE SET quantity = daily_item.quantity + excluded.quantity,"
        " amount_yen = daily_item.amount_yen + excluded.amount_yen, reduction_yen = daily_item.reduction_yen + "
        "excluded.reduction_yen",
        BOUND(bound_text(sale->municipality), bound_text(sale->received_on), bound_text(sale->place),
              bound_text(line->facility), bound_text(line->item), bound_int(line->unit_price_yen),
              bound_text(line->tax), bound_text(line->account), bound_text(line->section), bound_text(line->issuer),
              bound_text(zero_rule(line)), bound_text(part->method), bound_text(part->brand), bound_int(part->quantity),
              bound_int(part->amount_yen), bound_int(part->reduction_yen)),
        err);
}

static bool
is_mixed(const struct sale_row *sale)
{
    return sale->cash_yen > 0 && sale->cash_yen < sale->total_yen;
}

enum status
daily_item_add(struct store_txn *txn, const struct sale_row *sale, const struct sale_line_row *line,
               struct error_detail *err)
{
    struct item_part rest = {.method = sale->method,
                             .brand = sale->brand,
                             .quantity = line->quantity,
                             .amount_yen = line->amount_yen,
                             .reduction_yen = line->reduction_yen};
    if (!is_mixed(sale) || line->cash_yen == 0) {
        return item_part_add(txn, sale, line, &rest, err);
    }
    struct item_part cash = rest;
    cash.method = "cash";
    cash.brand = "";
    cash.amount_yen = line->cash_yen;
    if (line->cash_yen == line->amount_yen) {
        return item_part_add(txn, sale, line, &cash, err);
    }
    cash.quantity = cash.reduction_yen = 0;
    rest.amount_yen -= line->cash_yen;
    enum status status = item_part_add(txn, sale, line, &cash, err);
    return status == STATUS_OK ? item_part_add(txn, sale, line, &rest, err) : status;
}

static enum status
payment_part_add(struct store_txn *txn, const struct sale_row *sale, const char *method, const char *brand,
                 int64_t count, int64_t amount_yen, struct error_detail *err)
{
    return query_run(
        txn,
        "INSERT INTO daily_payment (municipality, received_on, place, terminal, method, brand, count, amount_yen,"
        " void_count, void_yen) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0)"
        " ON CONFLICT (municipality, received_on, place, terminal, method, brand) DO UPDATE SET count = "
        "daily_payment.count + excluded.count,"
        " amount_yen = daily_payment.amount_yen + excluded.amount_yen",
        BOUND(bound_text(sale->municipality), bound_text(sale->received_on), bound_text(sale->place),
              bound_text(sale->terminal), bound_text(method), bound_text(brand), bound_int(count),
              bound_int(amount_yen)),
        err);
}

enum status
daily_payment_add(struct store_txn *txn, const struct sale_row *sale, struct error_detail *err)
{
    if (!is_mixed(sale)) {
        return payment_part_add(txn, sale, sale->method, sale->brand, 1, sale->total_yen, err);
    }
    enum status status =
        payment_part_add(txn, sale, sale->method, sale->brand, 1, sale->total_yen - sale->cash_yen, err);
    return status == STATUS_OK ? payment_part_add(txn, sale, "cash", "", 0, sale->cash_yen, err) : status;
}

/* The rows that the sale $1, $2 stands in, once per part: `s` is the sale, `l` its line, `p` the part. */
#define IS_MIXED "(s.cash_yen > 0 AND s.cash_yen < s.total_yen)"
#define ITEM_PARTS                                                                                                     \
    "FROM sale AS s JOIN sale_line AS l ON l.terminal = s.terminal AND l.sequence = s.sequence"                        \
    " JOIN (SELECT FALSE AS is_cash UNION ALL SELECT TRUE) AS p ON CASE WHEN " IS_MIXED                                \
    " AND p.is_cash THEN l.cash_yen > 0"                                                                               \
    " WHEN " IS_MIXED " THEN l.cash_yen < l.amount_yen OR l.amount_yen = 0 ELSE NOT p.is_cash END"                     \
    " WHERE s.terminal = $1 AND s.sequence = $2"
#define ZERO_RULE "iif(l.exemption = '' AND l.amount_yen = 0, l.reduction, l.exemption)" /* zero_rule */
#define METHOD_OF_PART "iif(p.is_cash, 'cash', s.method), iif(p.is_cash, '', s.brand)"
#define WITH_QUANTITY "(NOT p.is_cash OR l.cash_yen = l.amount_yen)"

enum status
daily_add_void(struct store_txn *txn, const char *terminal, int64_t sale_sequence, struct error_detail *err)
{
    enum status status = query_run(
        txn,
        "INSERT INTO daily_item (municipality, received_on, place, facility, item, unit_price_yen, tax, account,"
        " section, issuer, exemption, method, brand, quantity, amount_yen, reduction_yen, void_quantity, void_yen,"
        " void_reduction_yen)"
        " SELECT s.municipality, s.received_on, s.place, l.facility, l.item, l.unit_price_yen, l.tax, l.account,"
        " l.section, l.issuer, " ZERO_RULE ", " METHOD_OF_PART ", 0, 0, 0, iif(" WITH_QUANTITY ", l.quantity, 0),"
        " iif(p.is_cash, l.cash_yen, l.amount_yen - iif(" IS_MIXED ", l.cash_yen, 0)),"
        " iif(" WITH_QUANTITY ", l.reduction_yen, 0) " ITEM_PARTS
        " ON CONFLICT (municipality, received_on, place, facility, item, unit_price_yen, tax, account, section, issuer,"
        " exemption, method, brand) DO UPDATE SET void_quantity = daily_item.void_quantity + excluded.void_quantity,"
        " void_yen = daily_item.void_yen + excluded.void_yen,"
        " void_reduction_yen = daily_item.void_reduction_yen + excluded.void_reduction_yen",
        BOUND(bound_text(terminal), bound_int(sale_sequence)), err);
    if (status != STATUS_OK) {
        return status;
    }
    return query_run(
        txn,
        "INSERT INTO daily_payment (municipality, received_on, place, terminal, method, brand, count, amount_yen,"
        " void_count, void_yen)"
        " SELECT s.municipality, s.received_on, s.place, s.terminal, " METHOD_OF_PART ", 0, 0,"
        " CASE WHEN p.is_cash THEN 0 ELSE 1 END,"
        " CASE WHEN p.is_cash THEN s.cash_yen WHEN " IS_MIXED " THEN s.total_yen - s.cash_yen ELSE s.total_yen END"
        " FROM sale AS s JOIN (SELECT FALSE AS is_cash UNION ALL SELECT TRUE) AS p ON NOT p.is_cash OR " IS_MIXED
        " WHERE s.terminal = $1 AND s.sequence = $2"
        " ON CONFLICT (municipality, received_on, place, terminal, method, brand) DO UPDATE SET "
        " void_count = daily_payment.void_count + excluded.void_count,"
        " void_yen = daily_payment.void_yen + excluded.void_yen",
        BOUND(bound_text(terminal), bound_int(sale_sequence)), err);
}
