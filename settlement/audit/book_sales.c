/* Sales and voids. */
#include "settlement/audit/book_parts.h"

#include <string.h>

static const char *const tax_words[] = {"exempt", "standard10", NULL};
static const char *const cashless_words[] = {"qr", "emoney", "credit", NULL};

/* Members that must be there although the audit has no use for them: without them the line is not what was agreed. */
static const char *const sale_texts[] = {"clerk", NULL};
static const char *const void_texts[] = {"clerk", "reason", NULL};

/* What the lines give for TAX and ISSUER. */
static int64_t
subject_yen(const struct book *book, const struct book_sale *sale, const char *tax, const char *issuer)
{
    int64_t sum_yen = 0;
    for (size_t i = 0; i < sale->line_count; i++) {
        const struct book_line *line = BOOK_AT(book->lines, struct book_line, sale->first_line + i);
        if (strcmp(line->tax, tax) == 0 && strcmp(line->issuer, issuer) == 0) {
            sum_yen += line->amount_yen;
        }
    }
    return sum_yen;
}

static bool
take_taxes(struct taking *at, struct book_sale *sale)
{
    struct book *book = at->book;
    const struct json_value *list = json_member(at->body, "taxes");
    int64_t taxed_yen = 0;
    int64_t taxable_yen = 0;
    sale->first_tax = book->taxes.count;
    for (const struct json_value *row = json_first(list); row != NULL; row = json_next(row)) {
        struct book_tax *tax = book_add(book, &book->taxes);
        if (tax == NULL || !book_text(book, row, "tax", &tax->tax) || !book_text(book, row, "issuer", &tax->issuer) ||
            !book_yen(row, "subject_yen", 0, &tax->subject_yen) || !book_yen(row, "tax_yen", 0, &tax->tax_yen)) {
            return false;
        }
        if (!book_word_is_one_of(tax->tax, tax_words)) {
            return false;
        }
        for (size_t i = sale->first_tax; i + 1 < book->taxes.count; i++) {
            const struct book_tax *other = BOOK_AT(book->taxes, struct book_tax, i);
            if (strcmp(other->tax, tax->tax) == 0 && strcmp(other->issuer, tax->issuer) == 0) {
                return false;
            }
        }
        bool is_taxed = strcmp(tax->tax, "standard10") == 0;
        int64_t included_yen = is_taxed ? tax->subject_yen / 11 : 0; /* 10/110, rounded down */
        if (tax->subject_yen != subject_yen(book, sale, tax->tax, tax->issuer) || tax->tax_yen != included_yen) {
            return false;
        }
        taxed_yen += is_taxed ? tax->subject_yen : 0;
    }
    sale->tax_count = book->taxes.count - sale->first_tax;
    for (size_t i = 0; i < sale->line_count; i++) {
        const struct book_line *line = BOOK_AT(book->lines, struct book_line, sale->first_line + i);
        taxable_yen += strcmp(line->tax, "standard10") == 0 ? line->amount_yen : 0;
    }
    return json_is_array(list) && taxed_yen == taxable_yen;
}

/* A cashless sale takes its payment, which must be approved for exactly it. */
static bool
take_cashless(struct taking *at, struct book_sale *sale, const struct json_value *paid)
{
    struct book *book = at->book;
    int64_t amount_yen;
    if (!book_word_is_one_of(sale->method, cashless_words) || !book_text(book, paid, "brand", &sale->brand) ||
        !book_id(book, paid, "payment", &sale->payment) || !book_yen(paid, "amount_yen", 1, &amount_yen) ||
        !book_cash_part(at, paid, &sale->cash_yen)) {
        return false;
    }
    if (amount_yen + sale->cash_yen != sale->total_yen) {
        return book_contradicts(at, "mixed_parts_differ", sale->total_yen, amount_yen + sale->cash_yen,
                                "決済額と現金の和が、合計と一致しません。");
    }
    int64_t place = id_map_find(&book->payment_ids, sale->payment);
    if (place == 0) {
        return false;
    }
    struct book_payment *payment = BOOK_AT(book->payments, struct book_payment, place - 1);
    if (strcmp(payment->state, "approved") != 0 || payment->sale_sequence != 0 || payment->amount_yen != amount_yen ||
        payment->cash_yen != sale->cash_yen || strcmp(payment->sale, sale->id) != 0 ||
        strcmp(payment->method, sale->method) != 0 ||
        (payment->brand[0] != '\0' && strcmp(payment->brand, sale->brand) != 0)) {
        return false;
    }
    payment->sale_sequence = at->line->sequence;
    payment->brand = sale->brand;
    return true;
}

static bool
take_how_paid(struct taking *at, struct book_sale *sale)
{
    const struct json_value *paid = json_member(at->body, "payment");
    int64_t tendered_yen;
    int64_t change_yen;
    sale->brand = sale->payment = "";
    if (!book_text(at->book, paid, "method", &sale->method)) {
        return false;
    }
    if (strcmp(sale->method, "none") == 0) {
        return sale->total_yen == 0;
    }
    if (strcmp(sale->method, "cash") == 0) {
        sale->cash_yen = sale->total_yen;
        return book_yen(paid, "tendered_yen", 0, &tendered_yen) && book_yen(paid, "change_yen", 0, &change_yen) &&
               tendered_yen - change_yen == sale->total_yen;
    }
    return take_cashless(at, sale, paid);
}

static bool
take_reference(struct taking *at, struct book_sale *sale)
{
    static const char *const words[] = {"reservation", "application", "slip", NULL};
    const struct json_value *reference = json_member(at->body, "reference");
    sale->reference_kind = sale->reference_number = "";
    return json_is_null(reference) ||
           (json_is_object(reference) && book_text(at->book, reference, "kind", &sale->reference_kind) &&
            book_word_is_one_of(sale->reference_kind, words) &&
            book_text(at->book, reference, "number", &sale->reference_number));
}

static bool
sale_is_new(const struct book *book, const struct book_sale *sale)
{
    return id_map_find(&book->sale_ids, sale->id) == 0 && id_map_find(&book->receipts, sale->receipt_number) == 0;
}

/* The entries: who holds the money, and each line's revenue. */
static void
write_sale_entries(struct taking *at, const struct book_sale *sale, int sign)
{
    book_write_entry(at, "drawer", "", NULL, sale->received_on, sign * sale->cash_yen);
    book_write_entry(at, "receivable", sale->brand, NULL, sale->received_on, sign * (sale->total_yen - sale->cash_yen));
    for (size_t i = 0; i < sale->line_count; i++) {
        const struct book_line *line = BOOK_AT(at->book->lines, struct book_line, sale->first_line + i);
        book_write_entry(at, "revenue", "", line, sale->received_on, -sign * line->amount_yen);
    }
    at->book->drawer_yen += sign * sale->cash_yen;
}

bool
book_take_sale(struct taking *at)
{
    struct book *book = at->book;
    struct book_sale sale = {.sequence = at->line->sequence, .business_date = at->line->business_date};
    const char *received_on = "";
    size_t lines_before = book->lines.count;
    size_t taxes_before = book->taxes.count;
    if (!book_has_texts(at->body, sale_texts) || !book_id(book, at->body, "sale", &sale.id) ||
        !book_text(book, at->body, "receipt_number", &sale.receipt_number) ||
        !book_text(book, at->body, "received_on", &received_on) ||
        civil_date_parse(&sale.received_on, received_on, strlen(received_on)) != STATUS_OK ||
        !book_yen(at->body, "total_yen", 0, &sale.total_yen) || !sale_is_new(book, &sale) ||
        !book_take_sale_lines(at, &sale) || !take_taxes(at, &sale) || !take_reference(at, &sale) ||
        !take_how_paid(at, &sale)) {
        book->lines.count = lines_before;
        book->taxes.count = taxes_before;
        return false;
    }
    struct book_sale *written = book_add(book, &book->sales);
    if (written == NULL || !id_map_put(&book->sale_ids, sale.id, (int64_t)book->sales.count) ||
        !id_map_put(&book->receipts, sale.receipt_number, (int64_t)book->sales.count)) {
        book->has_failed = true;
        return true;
    }
    *written = sale;
    book_spread_cash(book, &sale);
    write_sale_entries(at, &sale, 1);
    return true;
}

bool
book_take_void(struct taking *at)
{
    struct book *book = at->book;
    const char *id = "";
    const char *receipt_number = "";
    const char *method = "";
    int64_t total_yen;
    if (!book_has_texts(at->body, void_texts) || !book_id(book, at->body, "sale", &id) ||
        !book_text(book, at->body, "receipt_number", &receipt_number) ||
        !book_text(book, at->body, "method", &method) || !book_yen(at->body, "total_yen", 0, &total_yen)) {
        return false;
    }
    int64_t place = id_map_find(&book->sale_ids, id);
    if (place == 0) {
        return false;
    }
    struct book_sale *sale = BOOK_AT(book->sales, struct book_sale, place - 1);
    if (sale->voided_by != 0 || sale->total_yen != total_yen || strcmp(sale->receipt_number, receipt_number) != 0 ||
        strcmp(sale->method, method) != 0 || civil_date_compare(sale->business_date, at->line->business_date) != 0) {
        return false;
    }
    sale->voided_by = at->line->sequence;
    struct book_void *voided = book_add(book, &book->voids);
    if (voided != NULL) {
        *voided =
            (struct book_void){.sequence = at->line->sequence, .sale_sequence = sale->sequence, .total_yen = total_yen};
    }
    write_sale_entries(at, sale, -1);
    return true;
}
