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
                     " received_on, fiscal_year, recorded_at_ms, clerk, method, brand, payment, total_yen, voided_by)"
                     " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 0)",
                     BOUND(bound_text(sale->terminal), bound_int(sale->sequence), bound_text(sale->municipality),
                           bound_text(sale->place), bound_text(sale->sale), bound_text(sale->receipt_number),
                           bound_text(sale->business_date), bound_text(sale->received_on), bound_int(sale->fiscal_year),
                           bound_int(sale->recorded_at_ms), bound_text(sale->clerk), bound_text(sale->method),
                           bound_text(sale->brand), bound_text(sale->payment), bound_int(sale->total_yen)),
                     err);
}

enum status
sale_line_put(struct store_txn *txn, const struct sale_row *sale, int64_t number, const struct sale_line_row *line,
              struct error_detail *err)
{
    return query_run(txn,
                     "INSERT INTO sale_line (terminal, sequence, number, item, name, unit_price_yen, quantity,"
                     " amount_yen, tax, account, section, issuer, exemption, exemption_name, exemption_reason)"
                     " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
                     BOUND(bound_text(sale->terminal), bound_int(sale->sequence), bound_int(number),
                           bound_text(line->item), bound_text(line->name), bound_int(line->unit_price_yen),
                           bound_int(line->quantity), bound_int(line->amount_yen), bound_text(line->tax),
                           bound_text(line->account), bound_text(line->section), bound_text(line->issuer),
                           bound_text(line->exemption), bound_text(line->exemption_name),
                           bound_text(line->exemption_reason)),
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
                    " voided_by FROM sale WHERE sale = $1",
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

enum status
daily_item_add(struct store_txn *txn, const struct sale_row *sale, const struct sale_line_row *line,
               struct error_detail *err)
{
    return query_run(
        txn,
        "INSERT INTO daily_item (municipality, received_on, place, item, unit_price_yen, tax, account, section, issuer,"
        " exemption, method, brand, quantity, amount_yen, void_quantity, void_yen)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 0, 0)"
        " ON CONFLICT DO UPDATE SET quantity = quantity + excluded.quantity,"
        " amount_yen = amount_yen + excluded.amount_yen",
        BOUND(bound_text(sale->municipality), bound_text(sale->received_on), bound_text(sale->place),
              bound_text(line->item), bound_int(line->unit_price_yen), bound_text(line->tax), bound_text(line->account),
              bound_text(line->section), bound_text(line->issuer), bound_text(line->exemption),
              bound_text(sale->method), bound_text(sale->brand), bound_int(line->quantity),
              bound_int(line->amount_yen)),
        err);
}

enum status
daily_payment_add(struct store_txn *txn, const struct sale_row *sale, struct error_detail *err)
{
    return query_run(
        txn,
        "INSERT INTO daily_payment (municipality, received_on, place, terminal, method, brand, count, amount_yen,"
        " void_count, void_yen) VALUES ($1, $2, $3, $4, $5, $6, 1, $7, 0, 0)"
        " ON CONFLICT DO UPDATE SET count = count + 1, amount_yen = amount_yen + excluded.amount_yen",
        BOUND(bound_text(sale->municipality), bound_text(sale->received_on), bound_text(sale->place),
              bound_text(sale->terminal), bound_text(sale->method), bound_text(sale->brand),
              bound_int(sale->total_yen)),
        err);
}

enum status
daily_add_void(struct store_txn *txn, const char *terminal, int64_t sale_sequence, struct error_detail *err)
{
    enum status status = query_run(
        txn,
        "INSERT INTO daily_item (municipality, received_on, place, item, unit_price_yen, tax, account, section, issuer,"
        " exemption, method, brand, quantity, amount_yen, void_quantity, void_yen)"
        " SELECT s.municipality, s.received_on, s.place, l.item, l.unit_price_yen, l.tax, l.account, l.section,"
        " l.issuer, l.exemption, s.method, s.brand, 0, 0, l.quantity, l.amount_yen"
        " FROM sale AS s JOIN sale_line AS l ON l.terminal = s.terminal AND l.sequence = s.sequence"
        " WHERE s.terminal = $1 AND s.sequence = $2"
        " ON CONFLICT DO UPDATE SET void_quantity = void_quantity + excluded.void_quantity,"
        " void_yen = void_yen + excluded.void_yen",
        BOUND(bound_text(terminal), bound_int(sale_sequence)), err);
    if (status != STATUS_OK) {
        return status;
    }
    return query_run(
        txn,
        "INSERT INTO daily_payment (municipality, received_on, place, terminal, method, brand, count, amount_yen,"
        " void_count, void_yen) SELECT municipality, received_on, place, terminal, method, brand, 0, 0, 1, total_yen"
        " FROM sale WHERE terminal = $1 AND sequence = $2"
        " ON CONFLICT DO UPDATE SET void_count = void_count + 1, void_yen = void_yen + excluded.void_yen",
        BOUND(bound_text(terminal), bound_int(sale_sequence)), err);
}
