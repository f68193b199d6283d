/* Lines of sales: what each costs, and how much of it was paid in cash. */
#include "settlement/audit/book_parts.h"

#include <string.h>

static const char *const tax_words[] = {"exempt", "standard10", NULL};
static const char *const line_texts[] = {"name", NULL};
static const char *const exemption_texts[] = {"name", "reason", NULL};
static const char *const override_texts[] = {"reason", NULL};

/* Members of a sub-object that may be absent or null; anything but an object is no line. */
static bool
is_part(const struct json_value *member)
{
    return json_is_null(member) || json_is_object(member);
}

static bool
take_exemption(struct taking *at, const struct json_value *row, struct book_line *line)
{
    const struct json_value *exemption = json_member(row, "exemption");
    line->exemption = "";
    return json_is_null(exemption) ||
           (json_is_object(exemption) && book_text(at->book, exemption, "rule", &line->exemption) &&
            book_has_texts(exemption, exemption_texts));
}

static bool
take_reduction(struct taking *at, const struct json_value *row, struct book_line *line)
{
    static const char *const texts[] = {"name", NULL};
    const struct json_value *reduction = json_member(row, "reduction");
    line->reduction = line->reduction_granter = "";
    return json_is_null(reduction) ||
           (json_is_object(reduction) && book_text(at->book, reduction, "rule", &line->reduction) &&
            book_text(at->book, reduction, "granter", &line->reduction_granter) && book_has_texts(reduction, texts) &&
            book_yen(reduction, "yen", 1, &line->reduction_yen));
}

static bool
take_override(struct taking *at, const struct json_value *row, struct book_line *line)
{
    const struct json_value *override = json_member(row, "override");
    line->override_by = "";
    line->list_price_yen = -1;
    if (json_is_null(override)) {
        return true;
    }
    if (!json_is_object(override) || !book_has_texts(override, override_texts) ||
        !book_optional_text(at->book, override, "approved_by", &line->override_by) ||
        !book_yen(override, "list_price_yen", 0, &line->list_price_yen)) {
        return false;
    }
    return line->override_by[0] != '\0' ||
           book_contradicts(at, "override_unapproved", line->list_price_yen * line->quantity,
                            line->unit_price_yen * line->quantity, "承認のない単価の変更です(%s)。", line->item);
}

/* The explanation of a tariff must come to DUE_YEN. */
static bool
take_pricing(struct taking *at, const struct json_value *row, struct book_line *line, int64_t due_yen)
{
    static const char *const texts[] = {"text", NULL};
    const struct json_value *pricing = json_member(row, "pricing");
    int64_t set;
    int64_t sum_yen = 0;
    line->tariff = "";
    if (json_is_null(pricing)) {
        return true;
    }
    if (!json_is_object(pricing) || !book_text(at->book, pricing, "tariff", &line->tariff) ||
        !json_as_int(json_member(pricing, "set"), &set) || set < 1 || set > 1000 ||
        !json_is_array(json_member(pricing, "rows"))) {
        return false;
    }
    for (const struct json_value *part = json_first(json_member(pricing, "rows")); part != NULL;
         part = json_next(part)) {
        int64_t yen;
        if (!book_has_texts(part, texts) || !book_yen(part, "yen", -BOOK_MAX_YEN, &yen)) {
            return false;
        }
        sum_yen += yen;
    }
    return sum_yen == due_yen || book_contradicts(at, "pricing_differs", due_yen, sum_yen,
                                                  "料金の内訳の合計が金額と一致しません(%s)。", line->item);
}

/* What is due: full price less reduction, or nothing under an exemption. */
static bool
take_amount(struct taking *at, const struct book_line *line, int64_t *out_due_yen)
{
    int64_t full_yen = line->unit_price_yen * line->quantity; /* 10^10 × 10^5 fits */
    *out_due_yen = full_yen - line->reduction_yen;
    if (*out_due_yen < 0) {
        return book_contradicts(at, "reduction_too_large", full_yen, line->reduction_yen,
                                "減免額が単価×数量を超えています(%s)。", line->item);
    }
    int64_t charged_yen = line->exemption[0] != '\0' ? 0 : *out_due_yen;
    return line->amount_yen == charged_yen ||
           book_contradicts(at, "line_amount_differs", charged_yen, line->amount_yen,
                            "明細の金額が、単価×数量から減免・免除を引いた額と一致しません(%s)。", line->item);
}

static bool
take_line(struct taking *at, const struct json_value *row, struct book_line *line)
{
    struct book *book = at->book;
    int64_t due_yen;
    return book_text(book, row, "item", &line->item) && book_text(book, row, "tax", &line->tax) &&
           book_text(book, row, "account", &line->account) && book_text(book, row, "section", &line->section) &&
           book_text(book, row, "issuer", &line->issuer) && book_yen(row, "unit_price_yen", 0, &line->unit_price_yen) &&
           book_yen(row, "quantity", 1, &line->quantity) && book_yen(row, "amount_yen", 0, &line->amount_yen) &&
           book_word_is_one_of(line->tax, tax_words) && line->quantity <= 100000 && book_has_texts(row, line_texts) &&
           book_optional_text(book, row, "facility", &line->facility) &&
           book_optional_text(book, row, "ticket", &line->ticket) && is_part(json_member(row, "pricing")) &&
           take_exemption(at, row, line) && take_reduction(at, row, line) && take_override(at, row, line) &&
           take_amount(at, line, &due_yen) && take_pricing(at, row, line, due_yen);
}

bool
book_take_sale_lines(struct taking *at, struct book_sale *sale)
{
    struct book *book = at->book;
    int64_t sum_yen = 0;
    sale->first_line = book->lines.count;
    for (const struct json_value *row = json_first(json_member(at->body, "lines")); row != NULL; row = json_next(row)) {
        struct book_line *line = book_add(book, &book->lines);
        if (line == NULL || !take_line(at, row, line)) {
            return false;
        }
        sum_yen += line->amount_yen;
    }
    sale->line_count = book->lines.count - sale->first_line;
    return sale->line_count > 0 && sum_yen == sale->total_yen;
}

/* By running totals: a line's cash is what lies below the cash line of the part of the sale that the line fills. */
void
book_spread_cash(struct book *book, const struct book_sale *sale)
{
    int64_t from_yen = 0;
    for (size_t i = 0; i < sale->line_count; i++) {
        struct book_line *line = BOOK_AT(book->lines, struct book_line, sale->first_line + i);
        int64_t to_yen = from_yen + line->amount_yen;
        int64_t covered_yen = to_yen < sale->cash_yen ? to_yen : sale->cash_yen;
        line->cash_yen = covered_yen > from_yen ? covered_yen - from_yen : 0;
        from_yen = to_yen;
    }
}

bool
book_cash_part(struct taking *at, const struct json_value *object, int64_t *out_yen)
{
    const struct json_value *cash = json_member(object, "cash");
    int64_t tendered_yen;
    int64_t change_yen;
    *out_yen = 0;
    if (json_is_null(cash)) {
        return true;
    }
    if (!book_yen(cash, "amount_yen", 1, out_yen) || !book_yen(cash, "tendered_yen", 0, &tendered_yen) ||
        !book_yen(cash, "change_yen", 0, &change_yen)) {
        return false;
    }
    return tendered_yen - change_yen == *out_yen ||
           book_contradicts(at, "mixed_parts_differ", tendered_yen - change_yen, *out_yen,
                            "預りからつりを引いた額が、現金分と一致しません。");
}
