/* Days of the drawer, and what the till says of itself at their close. */
#include "settlement/audit/book_parts.h"

#include <string.h>

static const char *const texts[] = {"clerk", NULL};
static const char *const optional_texts[] = {"difference_reason", NULL};

bool
book_take_day_opened(struct taking *at)
{
    struct book *book = at->book;
    struct book_day day = {.opened_sequence = at->line->sequence, .business_date = at->line->business_date};
    if (book->open_day != 0 || !book_has_texts(at->body, texts) || !book_id(book, at->body, "day", &day.id) ||
        !book_yen(at->body, "float_yen", 0, &day.float_yen)) {
        return false;
    }
    struct book_day *written = book_add(book, &book->days);
    if (written == NULL) {
        return true;
    }
    day.masters_version = book->masters_version;
    day.float_now_yen = day.float_yen;
    day.closing_count_yen = -1;
    *written = day;
    book->open_day = (int64_t)book->days.count;
    book->drawer_yen += day.float_yen;
    book_write_entry(at, "drawer", "", NULL, day.business_date, day.float_yen);
    book_write_entry(at, "float", "", NULL, day.business_date, -day.float_yen);
    return true;
}

bool
book_take_masters(struct taking *at)
{
    int64_t version;
    if (!json_as_int(json_member(at->body, "version"), &version) || version < 1) {
        return false;
    }
    at->book->masters_version = version;
    return true;
}

/* What the sales of lines FIRST … LAST, by METHOD and BRAND, add up to. Cash beside a cashless payment adds its yen to
 * `cash`; the sale is counted under its brand. */
struct day_sum {
    int64_t count, amount_yen, void_count, void_yen;
};

static void
add_part(struct day_sum *sum, const struct book_sale *sale, int64_t count, int64_t part_yen)
{
    bool is_void = sale->voided_by != 0;
    sum->count += count;
    sum->amount_yen += part_yen;
    sum->void_count += is_void ? count : 0;
    sum->void_yen += is_void ? part_yen : 0;
}

static struct day_sum
sum_sales(const struct book *book, int64_t first, int64_t last, const char *method, const char *brand)
{
    struct day_sum sum = {0};
    for (size_t i = book->sales.count; i > 0; i--) {
        const struct book_sale *sale = BOOK_AT(book->sales, struct book_sale, i - 1);
        if (sale->sequence < first) {
            break;
        }
        if (sale->sequence > last) {
            continue;
        }
        bool is_cash = strcmp(sale->method, "cash") == 0;
        if (method == NULL) {
            add_part(&sum, sale, 1, sale->total_yen);
        } else if (strcmp(sale->method, method) == 0 && strcmp(sale->brand, brand) == 0) {
            add_part(&sum, sale, 1, is_cash ? sale->total_yen : sale->total_yen - sale->cash_yen);
        } else if (!is_cash && strcmp(method, "cash") == 0 && brand[0] == '\0') {
            add_part(&sum, sale, 0, sale->cash_yen);
        }
    }
    return sum;
}

/* The till's totals against its own lines: row by row, and all rows together so that none is left out. */
void
book_compare_totals(struct taking *at, int64_t first, int64_t last)
{
    struct book *book = at->book;
    struct day_sum claimed_sum = {0};
    for (const struct json_value *row = json_first(json_member(at->body, "totals")); row != NULL;
         row = json_next(row)) {
        const char *method = "";
        const char *brand = "";
        struct day_sum claimed = {0};
        if (!book_text(book, row, "method", &method) || !book_optional_text(book, row, "brand", &brand) ||
            !book_yen(row, "count", 0, &claimed.count) || !book_yen(row, "amount_yen", 0, &claimed.amount_yen) ||
            !book_yen(row, "void_count", 0, &claimed.void_count) || !book_yen(row, "void_yen", 0, &claimed.void_yen)) {
            continue;
        }
        struct day_sum sum = sum_sales(book, first, last, method, brand);
        if (memcmp(&sum, &claimed, sizeof sum) != 0) {
            finding_add(book->findings, "till_total_differs", book->terminal, at->line->sequence,
                        sum.amount_yen - sum.void_yen, claimed.amount_yen - claimed.void_yen,
                        "精算の集計(%s %s、%lld件)が、その日の記録(%lld件)と一致しません。", method, brand,
                        (long long)claimed.count, (long long)sum.count);
        }
        claimed_sum.count += claimed.count;
        claimed_sum.amount_yen += claimed.amount_yen;
    }
    struct day_sum all = sum_sales(book, first, last, NULL, NULL);
    if (all.count != claimed_sum.count) {
        finding_add(book->findings, "till_total_differs", book->terminal, at->line->sequence, all.amount_yen,
                    claimed_sum.amount_yen, "精算の集計の合計(%lld件)が、その日の記録(%lld件)と一致しません。",
                    (long long)claimed_sum.count, (long long)all.count);
    }
}

static bool
totals_are_whole(struct taking *at)
{
    static const char *const methods[] = {"cash", "qr", "emoney", "credit", "none", NULL};
    static const char *const brands[] = {"brand", NULL};
    static const char *const sums[] = {"count", "amount_yen", "void_count", "void_yen"};
    const struct json_value *list = json_member(at->body, "totals");
    for (const struct json_value *row = json_first(list); row != NULL; row = json_next(row)) {
        const char *method;
        int64_t sum;
        if (!json_as_text(json_member(row, "method"), &method) || !book_word_is_one_of(method, methods) ||
            !book_optional_are_texts(row, brands)) {
            return false;
        }
        for (size_t i = 0; i < sizeof sums / sizeof sums[0]; i++) {
            if (!book_yen(row, sums[i], 0, &sum)) {
                return false;
            }
        }
    }
    return json_is_array(list);
}

/* What tills say that know cash control; what is left out is nothing. */
struct told {
    int64_t number, in_yen, out_yen, refund_yen, returned_yen, deposit_yen, zero_count;
    const char *tally, *clerk, *reason;
    int64_t tally_yen;
    bool is_tally_told;
};

static bool
optional_yen(const struct json_value *object, const char *key, int64_t least, int64_t fallback, int64_t *out)
{
    *out = fallback;
    return json_is_null(json_member(object, key)) || book_yen(object, key, least, out);
}

static bool
read_told(struct taking *at, int64_t counted_yen, int64_t float_yen, struct told *out)
{
    const struct json_value *body = at->body;
    int64_t deposit_yen = counted_yen - float_yen;
    if (!book_text(at->book, body, "clerk", &out->clerk) ||
        !book_optional_text(at->book, body, "difference_reason", &out->reason) ||
        !json_as_int(json_member(body, "zero_count"), &out->zero_count) ||
        !optional_yen(body, "number", 1, 0, &out->number) || !optional_yen(body, "cash_in_yen", 0, 0, &out->in_yen) ||
        !optional_yen(body, "cash_out_yen", 0, 0, &out->out_yen) ||
        !optional_yen(body, "refund_cash_yen", 0, 0, &out->refund_yen) ||
        !optional_yen(body, "float_returned_yen", 0, 0, &out->returned_yen) ||
        !optional_yen(body, "deposit_yen", -BOOK_MAX_YEN, deposit_yen, &out->deposit_yen) ||
        !book_tally(at, &out->tally, &out->tally_yen, &out->is_tally_told)) {
        return false;
    }
    if (out->is_tally_told && out->tally_yen != counted_yen) {
        return book_contradicts(at, "counts_differ", out->tally_yen, counted_yen,
                                "金種の合計が、数えた現金と一致しません。");
    }
    if (out->deposit_yen != deposit_yen) {
        return book_contradicts(at, "deposit_differs", deposit_yen, out->deposit_yen,
                                "払込額が、数えた現金からつり銭を引いた額と一致しません。");
    }
    return out->returned_yen <= float_yen || book_contradicts(at, "float_differs", float_yen, out->returned_yen,
                                                              "返したつり銭が、預かったつり銭を超えています。");
}

/* The till's figures against its own lines, and the row that its close must have made. */
static void
weigh_closing(struct taking *at, const struct book_day *day, int64_t float_yen, const struct told *told)
{
    book_compare_claim(at, "float_differs", day->float_now_yen, float_yen, "精算のつり銭が、記録と一致しません。");
    book_compare_claim(at, "cash_in_differs", day->in_yen, told->in_yen, "精算の入金が、記録と一致しません。");
    book_compare_claim(at, "cash_out_differs", day->out_yen, told->out_yen, "精算の出金が、記録と一致しません。");
    book_compare_claim(at, "refund_cash_differs", day->refund_yen, told->refund_yen,
                       "精算の現金還付が、記録と一致しません。");
    if (day->closing_count_yen >= 0) {
        book_compare_claim(at, "counted_cash_differs", day->closing_count_yen, day->counted_cash_yen,
                           "精算の数えた現金が、直前に数えた現金と一致しません。");
    }
    struct fact fact;
    book_fact_begin(&fact, at);
    civil_date_format(fact.date, day->business_date); /* the row is the day's */
    book_fact_number(&fact, day->opened_sequence);
    book_fact_number(&fact, at->line->at_ms);
    book_fact_text(&fact, told->clerk);
    book_fact_text(&fact, told->reason);
    const int64_t numbers[] = {told->zero_count, told->number,     float_yen,          told->in_yen,
                               told->out_yen,    told->refund_yen, told->returned_yen, day->float_now_yen,
                               day->in_yen,      day->out_yen,     day->refund_yen};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        book_fact_number(&fact, numbers[i]);
    }
    book_write_tally(at, told->tally, told->tally_yen);
    book_fact_end(&fact, "day_close", told->deposit_yen);
}

static bool
read_closing(struct taking *at, struct book_day *out, int64_t *out_float_yen, int64_t *out_first, int64_t *out_last)
{
    const char *id = "";
    int64_t difference_yen;
    const struct book_day *open = BOOK_AT(at->book->days, struct book_day, at->book->open_day - 1);
    *out = *open;
    int64_t zero_count;
    return book_has_texts(at->body, texts) && book_optional_are_texts(at->body, optional_texts) &&
           json_as_int(json_member(at->body, "zero_count"), &zero_count) && totals_are_whole(at) &&
           book_id(at->book, at->body, "day", &id) && strcmp(id, open->id) == 0 &&
           book_yen(at->body, "float_yen", 0, out_float_yen) &&
           book_yen(at->body, "expected_cash_yen", -BOOK_MAX_YEN, &out->expected_cash_yen) &&
           book_yen(at->body, "counted_cash_yen", 0, &out->counted_cash_yen) &&
           book_yen(at->body, "difference_yen", -BOOK_MAX_YEN, &difference_yen) &&
           difference_yen == out->counted_cash_yen - out->expected_cash_yen &&
           json_as_int(json_member(at->body, "first_sequence"), out_first) &&
           json_as_int(json_member(at->body, "last_sequence"), out_last);
}

bool
book_take_day_closed(struct taking *at)
{
    struct book *book = at->book;
    struct book_day closed;
    int64_t float_yen;
    int64_t first;
    int64_t last;
    struct told told = {0};
    if (book->open_day == 0 || !read_closing(at, &closed, &float_yen, &first, &last) ||
        !read_told(at, closed.counted_cash_yen, float_yen, &told)) {
        return false;
    }
    closed.closed_sequence = at->line->sequence;
    closed.drawer_yen = book->drawer_yen;
    book_compare_claim(at, "drawer_differs", book->drawer_yen, closed.expected_cash_yen,
                       "精算の計算上の現金が、記録から求めたドロワの現金と一致しません。");
    if (last != at->line->sequence - 1 || first > closed.opened_sequence) {
        finding_add(book->findings, "close_range_differs", book->terminal, at->line->sequence, 0, 0,
                    "精算の範囲(行%lld〜%lld)が、営業日の行と一致しません。", (long long)first, (long long)last);
    }
    book_compare_totals(at, first, last);
    weigh_closing(at, &closed, float_yen, &told);
    struct civil_date date = at->line->business_date;
    book_write_entry(at, "drawer", "", NULL, date, -closed.expected_cash_yen);
    book_write_entry(at, "float", "", NULL, date, float_yen);
    book_write_entry(at, "vault", "", NULL, date, closed.counted_cash_yen - float_yen);
    book_write_entry(at, "over_short", "", NULL, date, closed.expected_cash_yen - closed.counted_cash_yen);
    *BOOK_AT(book->days, struct book_day, book->open_day - 1) = closed;
    book->drawer_yen -= closed.expected_cash_yen;
    book->open_day = 0;
    return true;
}
