/* Cash without a sale. The till's claims about its drawer are held against its own lines at once: what differs is the
 * till's finding, and the line counts. */
#include "settlement/audit/book_parts.h"

#include <stdio.h>
#include <string.h>

static const int64_t denominations[] = {10000, 5000, 2000, 1000, 500, 100, 50, 10, 5, 1};

static bool
is_denomination(int64_t yen)
{
    size_t i = 0;
    while (i < sizeof denominations / sizeof denominations[0] && denominations[i] != yen) {
        i++;
    }
    return i < sizeof denominations / sizeof denominations[0];
}

bool
book_tally(struct taking *at, const char **out_text, int64_t *out_sum_yen, bool *out_is_told)
{
    const struct json_value *list = json_member(at->body, "counts");
    char text[sizeof denominations / sizeof denominations[0] * 24];
    size_t length = 0;
    int64_t last_yen = INT64_MAX;
    *out_text = "";
    *out_sum_yen = 0;
    *out_is_told = json_count(list) > 0;
    if (json_is_null(list)) {
        return true;
    }
    if (!json_is_array(list) || json_count(list) > sizeof denominations / sizeof denominations[0]) {
        return false;
    }
    text[0] = '\0';
    for (const struct json_value *row = json_first(list); row != NULL; row = json_next(row)) {
        int64_t yen;
        int64_t pieces;
        if (!json_as_int(json_member(row, "yen"), &yen) || !is_denomination(yen) || yen >= last_yen ||
            !json_as_int(json_member(row, "count"), &pieces) || pieces < 0 || pieces > 100000) {
            return false;
        }
        last_yen = yen;
        *out_sum_yen += yen * pieces;
        length += (size_t)snprintf(text + length, sizeof text - length, "%s%lldx%lld", length == 0 ? "" : ",",
                                   (long long)yen, (long long)pieces);
    }
    *out_text = arena_copy(&at->book->texts, text, length);
    at->book->has_failed = at->book->has_failed || *out_text == NULL;
    return *out_text != NULL;
}

/* The notes and coins of the line, when it tells any. */
void
book_write_tally(struct taking *at, const char *text, int64_t sum_yen)
{
    if (text[0] == '\0') {
        return;
    }
    struct fact fact = {.at = at};
    book_fact_text(&fact, text);
    book_fact_end(&fact, "cash_tally", sum_yen);
}

struct book_day *
book_open_day(struct taking *at)
{
    const char *id = "";
    if (at->book->open_day == 0 || !book_id(at->book, at->body, "day", &id)) {
        return NULL;
    }
    struct book_day *day = BOOK_AT(at->book->days, struct book_day, at->book->open_day - 1);
    return strcmp(day->id, id) == 0 ? day : NULL;
}

/* What a movement is: by the direction's word, in or out of the drawer. */
struct movement {
    const char *kind, *other, *approved_by, *reason, *clerk, *tally;
    int64_t amount_yen;
    int sign;
};

static void
write_movement(struct taking *at, struct book_day *day, const struct movement *moved)
{
    struct civil_date date = at->line->business_date;
    struct fact fact;
    book_fact_begin_place(&fact, at);
    book_fact_text(&fact, moved->kind);
    book_fact_text(&fact, moved->clerk);
    book_fact_text(&fact, moved->approved_by);
    book_fact_text(&fact, moved->reason);
    book_fact_end(&fact, "cash_movement", moved->amount_yen);
    book_write_tally(at, moved->tally, moved->amount_yen);
    int64_t change_yen = moved->sign * moved->amount_yen;
    book_write_entry(at, "drawer", "", NULL, date, change_yen);
    book_write_entry(at, moved->other, "", NULL, date, -change_yen);
    at->book->drawer_yen += change_yen;
    if (strcmp(moved->other, "float") == 0) {
        day->float_now_yen += change_yen;
    } else if (moved->sign > 0) {
        day->in_yen += moved->amount_yen;
    } else {
        day->out_yen += moved->amount_yen;
    }
}

bool
book_take_float_moved(struct taking *at)
{
    static const char *const words[] = {"lent", "returned", NULL};
    const char *direction = "";
    int64_t sum_yen;
    bool is_told;
    struct movement moved = {.other = "float", .approved_by = ""};
    struct book_day *day = book_open_day(at);
    if (day == NULL || !book_text(at->book, at->body, "direction", &direction) ||
        !book_word_is_one_of(direction, words) || !book_yen(at->body, "amount_yen", 1, &moved.amount_yen) ||
        !book_text(at->book, at->body, "clerk", &moved.clerk) ||
        !book_optional_text(at->book, at->body, "reason", &moved.reason) ||
        !book_tally(at, &moved.tally, &sum_yen, &is_told)) {
        return false;
    }
    if (is_told && sum_yen != moved.amount_yen) {
        return book_contradicts(at, "counts_differ", sum_yen, moved.amount_yen,
                                "金種の合計が、つり銭の額と一致しません。");
    }
    moved.sign = strcmp(direction, "lent") == 0 ? 1 : -1;
    moved.kind = moved.sign > 0 ? "float_lent" : "float_returned";
    write_movement(at, day, &moved);
    return true;
}

bool
book_take_cash_moved(struct taking *at)
{
    static const char *const words[] = {"in", "out", NULL};
    const char *direction = "";
    struct movement moved = {.other = "cash_other", .tally = ""};
    struct book_day *day = book_open_day(at);
    if (day == NULL || !book_text(at->book, at->body, "direction", &direction) ||
        !book_word_is_one_of(direction, words) || !book_yen(at->body, "amount_yen", 1, &moved.amount_yen) ||
        !book_text(at->book, at->body, "reason", &moved.reason) ||
        !book_text(at->book, at->body, "clerk", &moved.clerk) ||
        !book_optional_text(at->book, at->body, "approved_by", &moved.approved_by)) {
        return false;
    }
    moved.sign = strcmp(direction, "in") == 0 ? 1 : -1;
    moved.kind = moved.sign > 0 ? "cash_in" : "cash_out";
    write_movement(at, day, &moved);
    return true;
}

bool
book_take_cash_counted(struct taking *at)
{
    static const char *const words[] = {"open", "inspection", "handover", "close", NULL};
    struct book *book = at->book;
    const char *day = "";
    const char *purpose = "";
    const char *clerk = "";
    const char *tally;
    int64_t total_yen;
    int64_t sum_yen;
    bool is_told;
    if (!book_id(book, at->body, "day", &day) || !book_text(book, at->body, "purpose", &purpose) ||
        !book_word_is_one_of(purpose, words) || !book_text(book, at->body, "clerk", &clerk) ||
        !book_tally(at, &tally, &sum_yen, &is_told) || !book_yen(at->body, "total_yen", 0, &total_yen)) {
        return false;
    }
    if (is_told && sum_yen != total_yen) {
        return book_contradicts(at, "counts_differ", sum_yen, total_yen, "金種の合計が、数えた現金と一致しません。");
    }
    struct fact fact;
    book_fact_begin_place(&fact, at);
    book_fact_text(&fact, purpose);
    book_fact_text(&fact, clerk);
    book_fact_number(&fact, book->drawer_yen);
    book_fact_end(&fact, "cash_count", total_yen);
    book_write_tally(at, tally, sum_yen);
    if (strcmp(purpose, "close") == 0 && book->open_day != 0) {
        BOOK_AT(book->days, struct book_day, book->open_day - 1)->closing_count_yen = total_yen;
    }
    return true;
}

bool
book_take_shift(struct taking *at)
{
    struct book *book = at->book;
    const char *from = "";
    const char *to = "";
    const char *reason = "";
    int64_t counted_yen;
    int64_t expected_yen;
    int64_t difference_yen;
    if (book_open_day(at) == NULL || !book_text(book, at->body, "from", &from) ||
        !book_text(book, at->body, "to", &to) || !book_yen(at->body, "counted_cash_yen", 0, &counted_yen) ||
        !book_yen(at->body, "expected_cash_yen", -BOOK_MAX_YEN, &expected_yen) ||
        !book_yen(at->body, "difference_yen", -BOOK_MAX_YEN, &difference_yen) ||
        !book_optional_text(book, at->body, "difference_reason", &reason) ||
        difference_yen != counted_yen - expected_yen) {
        return false;
    }
    struct fact fact;
    book_fact_begin_place(&fact, at);
    book_fact_text(&fact, from);
    book_fact_text(&fact, to);
    book_fact_number(&fact, expected_yen);
    book_fact_number(&fact, book->drawer_yen);
    book_fact_text(&fact, reason);
    book_fact_end(&fact, "shift_change", counted_yen);
    book_compare_claim(at, "drawer_differs", book->drawer_yen, expected_yen,
                       "引継ぎの計算上の現金が、記録から求めたドロワの現金と一致しません。");
    return true;
}

bool
book_take_day_inspected(struct taking *at)
{
    struct book *book = at->book;
    const struct book_day *day = book_open_day(at);
    const char *clerk = "";
    int64_t number;
    int64_t first;
    int64_t last;
    int64_t float_yen;
    int64_t in_yen;
    int64_t out_yen;
    int64_t expected_yen;
    int64_t zero_count;
    if (day == NULL || !book_text(book, at->body, "clerk", &clerk) || !book_yen(at->body, "number", 0, &number) ||
        !json_as_int(json_member(at->body, "first_sequence"), &first) || first < 1 ||
        !json_as_int(json_member(at->body, "last_sequence"), &last) || last < 1 ||
        !book_yen(at->body, "float_yen", 0, &float_yen) || !book_yen(at->body, "cash_in_yen", 0, &in_yen) ||
        !book_yen(at->body, "cash_out_yen", 0, &out_yen) ||
        !book_yen(at->body, "expected_cash_yen", -BOOK_MAX_YEN, &expected_yen) ||
        !book_yen(at->body, "zero_count", 0, &zero_count)) {
        return false;
    }
    struct fact fact;
    book_fact_begin_place(&fact, at);
    book_fact_text(&fact, clerk);
    book_fact_number(&fact, number);
    book_fact_number(&fact, float_yen);
    book_fact_number(&fact, in_yen);
    book_fact_number(&fact, out_yen);
    book_fact_number(&fact, book->drawer_yen);
    book_fact_number(&fact, zero_count);
    book_fact_end(&fact, "day_inspection", expected_yen);
    book_compare_claim(at, "drawer_differs", book->drawer_yen, expected_yen,
                       "点検の計算上の現金が、記録から求めたドロワの現金と一致しません。");
    book_compare_claim(at, "float_differs", day->float_now_yen, float_yen, "点検のつり銭が、記録と一致しません。");
    book_compare_claim(at, "cash_in_differs", day->in_yen, in_yen, "点検の入金が、記録と一致しません。");
    book_compare_claim(at, "cash_out_differs", day->out_yen, out_yen, "点検の出金が、記録と一致しません。");
    if (last != at->line->sequence - 1 || first > day->opened_sequence) {
        finding_add(book->findings, "close_range_differs", book->terminal, at->line->sequence, 0, 0,
                    "点検の範囲(行%lld〜%lld)が、営業日の行と一致しません。", (long long)first, (long long)last);
    }
    book_compare_totals(at, first, last);
    return true;
}
