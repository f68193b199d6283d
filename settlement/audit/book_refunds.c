/* Refunds: asked for, then paid or taken back, once. What is left of the sale is weighed over all tills, by sums. */
#include "settlement/audit/book_parts.h"

#include <string.h>

enum {
    LINE_MAX = 1000000000,
    LINES_TEXT_MAX_BYTES = 64 * 1024 /* what a journal line holds */
};

static const char *const means_words[] = {"cash", "gateway", "bank_transfer", NULL};

/* The lines that are meant, as text; they ascend and come to AMOUNT_YEN. */
static bool
take_lines(struct taking *at, int64_t amount_yen, const char **out_text)
{
    const struct json_value *list = json_member(at->body, "lines");
    struct buffer text;
    int64_t sum_yen = 0;
    int64_t last = 0;
    bool is_right = json_is_array(list);
    *out_text = "";
    if (json_is_null(list)) {
        return true;
    }
    buffer_init(&text, LINES_TEXT_MAX_BYTES);
    for (const struct json_value *row = json_first(list); is_right && row != NULL; row = json_next(row)) {
        int64_t line = 0;
        int64_t yen = 0;
        is_right = json_as_int(json_member(row, "line"), &line) && line > last && line <= LINE_MAX &&
                   book_yen(row, "amount_yen", 1, &yen);
        buffer_printf(&text, "%s%lld:%lld", last == 0 ? "" : ",", (long long)line, (long long)yen);
        last = line;
        sum_yen += yen;
    }
    if (is_right) {
        *out_text = arena_copy(&at->book->texts, buffer_text(&text), text.length);
        at->book->has_failed = at->book->has_failed || *out_text == NULL;
    }
    buffer_finish(&text);
    if (!is_right || *out_text == NULL) {
        return false;
    }
    return sum_yen == amount_yen || book_contradicts(at, "refund_lines_differ", sum_yen, amount_yen,
                                                     "還付の明細の合計が、還付額と一致しません。");
}

/* Only the desk's journal takes over what a till was asked for. */
static bool
take_takeover(struct taking *at, const char **out)
{
    *out = "";
    return json_member(at->body, "takes_over") == NULL ||
           (terminal_id_is_of_desk(at->book->terminal) && book_id(at->book, at->body, "takes_over", out));
}

static bool
take_requested(struct taking *at, const char *id)
{
    struct book *book = at->book;
    struct book_refund refund = {.requested_sequence = at->line->sequence,
                                 .state_sequence = at->line->sequence,
                                 .id = id,
                                 .state = "requested",
                                 .business_date = at->line->business_date};
    refund.ended_on = refund.ended_by = refund.ended_approved_by = refund.ended_means = refund.ended_reason = "";
    refund.run = "";
    if (!book_id(book, at->body, "sale", &refund.sale) ||
        !book_text(book, at->body, "receipt_number", &refund.receipt_number) ||
        !book_yen(at->body, "amount_yen", 1, &refund.amount_yen) ||
        !book_text(book, at->body, "means", &refund.means) || !book_word_is_one_of(refund.means, means_words) ||
        !book_text(book, at->body, "reason", &refund.reason) || !book_text(book, at->body, "clerk", &refund.clerk) ||
        !book_optional_text(book, at->body, "approved_by", &refund.approved_by) ||
        !take_takeover(at, &refund.takes_over) || !take_lines(at, refund.amount_yen, &refund.lines) ||
        id_map_find(&book->refund_ids, id) != 0) {
        return false;
    }
    struct book_refund *written = book_add(book, &book->refunds);
    if (written == NULL || !id_map_put(&book->refund_ids, id, (int64_t)book->refunds.count)) {
        book->has_failed = true;
        return true;
    }
    *written = refund;
    return true;
}

/* Whether the processor gave REFUND back by the reversal that the line names. OUT_NAMES: the line names one. */
static bool
is_by_reversal(struct taking *at, const struct book_refund *refund, bool *out_names)
{
    struct book *book = at->book;
    const char *id = "";
    *out_names = json_member(at->body, "reversal") != NULL;
    if (!*out_names || !book_id(book, at->body, "reversal", &id)) {
        return false;
    }
    int64_t place = id_map_find(&book->reversal_ids, id);
    if (place == 0) {
        return false;
    }
    const struct book_reversal *reversal = BOOK_AT(book->reversals, struct book_reversal, place - 1);
    return strcmp(reversal->state, "reversed") == 0 && strcmp(reversal->sale, refund->sale) == 0 &&
           reversal->amount_yen == refund->amount_yen;
}

/* How the money left, when the line is right about REFUND. */
static bool
take_paid(struct taking *at, const struct book_refund *refund, struct book_refund *out)
{
    struct book *book = at->book;
    const char *sale = "";
    int64_t amount_yen;
    if (!book_id(book, at->body, "sale", &sale) || !book_yen(at->body, "amount_yen", 1, &amount_yen) ||
        !book_text(book, at->body, "means", &out->ended_means) || !book_word_is_one_of(out->ended_means, means_words) ||
        !book_text(book, at->body, "clerk", &out->ended_by) ||
        !book_optional_text(book, at->body, "approved_by", &out->ended_approved_by)) {
        return false;
    }
    bool names_reversal;
    bool is_reversed = is_by_reversal(at, refund, &names_reversal);
    if (names_reversal && (!is_reversed || strcmp(out->ended_means, "gateway") != 0)) {
        return false;
    }
    if (terminal_id_is_of_desk(book->terminal) &&
        (refund->approved_by[0] == '\0' || strcmp(refund->approved_by, out->ended_approved_by) != 0)) {
        return book_contradicts(at, "refund_unapproved", 0, amount_yen, "二人目の承認のない還付の支払です。");
    }
    if (out->ended_approved_by[0] == '\0' && !names_reversal) {
        return book_contradicts(at, "refund_unapproved", 0, amount_yen, "承認のない還付の支払です。");
    }
    if (amount_yen != refund->amount_yen || strcmp(sale, refund->sale) != 0) {
        return book_contradicts(at, "refund_unlike_request", refund->amount_yen, amount_yen,
                                "支払った還付が、求められた還付と一致しません。");
    }
    return true;
}

static void
pay(struct taking *at, const struct book_refund *refund)
{
    struct book *book = at->book;
    bool is_cash = strcmp(refund->ended_means, "cash") == 0;
    struct civil_date date = at->line->business_date;
    book_write_entry(at, "refund", "", NULL, date, refund->amount_yen);
    book_write_entry(at, is_cash ? "drawer" : "refund_transit", "", NULL, date, -refund->amount_yen);
    if (!is_cash) {
        return;
    }
    book->drawer_yen -= refund->amount_yen;
    if (book->open_day != 0) {
        BOOK_AT(book->days, struct book_day, book->open_day - 1)->refund_yen += refund->amount_yen;
    }
}

bool
book_take_refund(struct taking *at)
{
    struct book *book = at->book;
    const char *id = "";
    char date[CIVIL_DATE_TEXT_SIZE];
    if (!book_id(book, at->body, "refund", &id)) {
        return false;
    }
    if (strcmp(at->line->kind, "refund.requested") == 0) {
        return take_requested(at, id);
    }
    int64_t place = id_map_find(&book->refund_ids, id);
    if (place == 0) {
        return false;
    }
    struct book_refund *refund = BOOK_AT(book->refunds, struct book_refund, place - 1);
    struct book_refund ended = *refund;
    bool is_paid = strcmp(at->line->kind, "refund.paid") == 0;
    if (strcmp(refund->state, "requested") != 0 ||
        (is_paid ? !take_paid(at, refund, &ended)
                 : !book_text(book, at->body, "clerk", &ended.ended_by) ||
                       !book_text(book, at->body, "reason", &ended.ended_reason))) {
        return false;
    }
    civil_date_format(date, at->line->business_date);
    ended.state = is_paid ? "paid" : "withdrawn";
    ended.state_sequence = at->line->sequence;
    ended.ended_on = arena_copy(&book->texts, date, strlen(date));
    if (ended.ended_on == NULL) {
        book->has_failed = true;
        return true;
    }
    *refund = ended;
    if (is_paid) {
        pay(at, refund);
    }
    return true;
}

bool
book_take_refund_approved(struct taking *at)
{
    struct book *book = at->book;
    const char *id = "";
    const char *who = "";
    int64_t place = book_id(book, at->body, "refund", &id) ? id_map_find(&book->refund_ids, id) : 0;
    struct book_refund *refund = place != 0 ? BOOK_AT(book->refunds, struct book_refund, place - 1) : NULL;
    if (refund == NULL || !terminal_id_is_of_desk(book->terminal) || strcmp(refund->state, "requested") != 0 ||
        refund->approved_by[0] != '\0' || !book_text(book, at->body, "approved_by", &who) ||
        strcmp(who, refund->clerk) == 0) {
        return false;
    }
    refund->approved_by = who;
    return true;
}

/* Whether the line starts what was asked for, by the payment that the sale was paid with. */
static bool
starts(struct taking *at, const struct book_refund *refund)
{
    static const char *const people[] = {"clerk", "approved_by", NULL};
    struct book *book = at->book;
    const char *sale = "";
    const char *paid_by = "";
    int64_t yen;
    if (!book_has_texts(at->body, people) || !book_id(book, at->body, "sale", &sale) ||
        !book_id(book, at->body, "payment", &paid_by) || !book_yen(at->body, "amount_yen", 1, &yen) ||
        refund->run[0] != '\0') {
        return false;
    }
    if (yen != refund->amount_yen || strcmp(sale, refund->sale) != 0) {
        return book_contradicts(at, "refund_unlike_request", refund->amount_yen, yen,
                                "始めた返金が、求められた還付と一致しません。");
    }
    int64_t place = id_map_find(&book->payment_ids, paid_by);
    const struct book_payment *payment = place != 0 ? BOOK_AT(book->payments, struct book_payment, place - 1) : NULL;
    return payment != NULL && strcmp(payment->state, "approved") == 0 && strcmp(payment->sale, sale) == 0;
}

bool
book_take_refund_run(struct taking *at)
{
    static const char *const causes[] = {"cause", NULL};
    struct book *book = at->book;
    const char *id = "";
    int64_t place = book_id(book, at->body, "refund", &id) ? id_map_find(&book->refund_ids, id) : 0;
    struct book_refund *refund = place != 0 ? BOOK_AT(book->refunds, struct book_refund, place - 1) : NULL;
    if (refund == NULL || strcmp(refund->state, "requested") != 0) {
        return false;
    }
    if (strcmp(at->line->kind, "refund.started") == 0) {
        bool is_right = starts(at, refund);
        refund->run = is_right ? "running" : refund->run;
        return is_right;
    }
    bool runs = strcmp(refund->run, "running") == 0 || strcmp(refund->run, "unknown") == 0;
    if (!runs || !book_has_texts(at->body, causes)) {
        return false;
    }
    refund->run = strcmp(at->line->kind, "refund.unknown") == 0 ? "unknown" : "refused";
    return true;
}
