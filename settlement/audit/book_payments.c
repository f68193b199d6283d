/* Payments and reversals. */
#include "settlement/audit/book_parts.h"

#include <string.h>

static const char *const cashless_words[] = {"qr", "emoney", "credit", NULL};
static const char *const result_words[] = {"approved", "declined", "not_charged", "reversed", "held", NULL};
static const char *const how_words[] = {"answer", "inquiry", "cancel", "touch", "statement", NULL};

bool
book_take_payment_started(struct taking *at)
{
    struct book *book = at->book;
    struct book_payment payment = {
        .started_sequence = at->line->sequence, .state_sequence = at->line->sequence, .state = "started"};
    const char *clerk;
    payment.acquirer_reference = payment.how = payment.approval_code = payment.slip_number = "";
    payment.rule = payment.proved = "";
    payment.business_date = at->line->business_date;
    if (!book_id(book, at->body, "payment", &payment.id) || !book_id(book, at->body, "sale", &payment.sale) ||
        !book_text(book, at->body, "method", &payment.method) || !book_word_is_one_of(payment.method, cashless_words) ||
        !book_optional_text(book, at->body, "brand", &payment.brand) || !book_text(book, at->body, "clerk", &clerk) ||
        !book_yen(at->body, "amount_yen", 1, &payment.amount_yen) || !book_cash_part(at, at->body, &payment.cash_yen) ||
        id_map_find(&book->payment_ids, payment.id) != 0) {
        return false;
    }
    struct book_payment *written = book_add(book, &book->payments);
    if (written == NULL || !id_map_put(&book->payment_ids, payment.id, (int64_t)book->payments.count)) {
        book->has_failed = true;
        return true;
    }
    *written = payment;
    return true;
}

static bool
is_open(const struct book_payment *payment)
{
    return strcmp(payment->state, "started") == 0 || strcmp(payment->state, "unknown") == 0 ||
           strcmp(payment->state, "in_doubt") == 0;
}

/* A text that replaces what was known unless it is empty. */
static bool
take_reference(struct taking *at, struct book_payment *payment)
{
    const char *reference = "";
    if (!book_optional_text(at->book, at->body, "acquirer_reference", &reference)) {
        return false;
    }
    if (reference[0] != '\0') {
        payment->acquirer_reference = reference;
    }
    return true;
}

static bool
take_resolved(struct taking *at, struct book_payment *payment)
{
    static const char *const optional_texts[] = {"reason", "masked_number", NULL};
    const char *result = "";
    const char *how = "";
    const char *accepted_at = "";
    const char *approval_code = "";
    const char *slip_number = "";
    const char *brand = "";
    int64_t accepted_at_ms;
    struct civil_date taken_on = at->line->business_date;
    if (!book_text(at->book, at->body, "result", &result) || !book_word_is_one_of(result, result_words) ||
        !book_text(at->book, at->body, "how", &how) || !book_word_is_one_of(how, how_words) ||
        !book_optional_text(at->book, at->body, "accepted_at", &accepted_at) ||
        !book_optional_text(at->book, at->body, "approval_code", &approval_code) ||
        !book_optional_text(at->book, at->body, "slip_number", &slip_number) ||
        !book_optional_text(at->book, at->body, "brand", &brand) ||
        !book_optional_are_texts(at->body, optional_texts)) {
        return false;
    }
    if (accepted_at[0] != '\0') {
        if (instant_parse(&accepted_at_ms, accepted_at, strlen(accepted_at)) != STATUS_OK) {
            return false;
        }
        taken_on = civil_date_at(accepted_at_ms);
    }
    if (!take_reference(at, payment)) {
        return false;
    }
    payment->state = result;
    payment->state_sequence = at->line->sequence;
    payment->how = how;
    payment->approval_code = approval_code;
    payment->slip_number = slip_number;
    payment->brand = brand[0] != '\0' ? brand : payment->brand; /* what was charged wins over what was asked */
    payment->resolved_on = at->line->business_date;
    if (strcmp(result, "held") == 0) {
        book_write_entry(at, "receivable", payment->brand, NULL, taken_on, payment->amount_yen);
        book_write_entry(at, "held", payment->brand, NULL, taken_on, -payment->amount_yen);
    }
    return true;
}

bool
book_take_payment_change(struct taking *at)
{
    struct book *book = at->book;
    const char *id = "";
    const char *word = "";
    int64_t place = book_id(book, at->body, "payment", &id) ? id_map_find(&book->payment_ids, id) : 0;
    if (place == 0) {
        return false;
    }
    struct book_payment *payment = BOOK_AT(book->payments, struct book_payment, place - 1);
    if (!is_open(payment)) {
        return false;
    }
    if (strcmp(at->line->kind, "payment.resolved") == 0) {
        return take_resolved(at, payment);
    }
    if (strcmp(at->line->kind, "payment.abandoned") == 0) {
        if (!book_text(book, at->body, "clerk", &word)) {
            return false;
        }
        payment->abandoned_by = at->line->sequence;
        return true;
    }
    bool is_in_doubt = strcmp(at->line->kind, "payment.in_doubt") == 0;
    const char *rule = "";
    if (is_in_doubt ? !book_optional_text(book, at->body, "rule", &rule) || !take_reference(at, payment)
                    : !book_text(book, at->body, "cause", &word)) {
        return false;
    }
    payment->rule = rule[0] != '\0' ? rule : payment->rule;
    payment->state = is_in_doubt ? "in_doubt" : "unknown";
    payment->state_sequence = at->line->sequence;
    return true;
}

bool
book_take_payment_proved(struct taking *at)
{
    static const char *const results[] = {"charged", "not_charged", NULL};
    struct book *book = at->book;
    const char *id = "";
    const char *result = "";
    const char *how = "";
    int64_t place = book_id(book, at->body, "payment", &id) ? id_map_find(&book->payment_ids, id) : 0;
    if (place == 0 || !book_text(book, at->body, "result", &result) || !book_word_is_one_of(result, results) ||
        !book_text(book, at->body, "how", &how) || !book_word_is_one_of(how, how_words)) {
        return false;
    }
    struct book_payment *payment = BOOK_AT(book->payments, struct book_payment, place - 1);
    if (strcmp(payment->state, "approved") != 0 || strcmp(payment->rule, "counts_as_sale") != 0 ||
        payment->proved_sequence != 0) {
        return false;
    }
    payment->proved = result;
    payment->proved_sequence = at->line->sequence;
    return true;
}

static bool
take_reversal_started(struct taking *at, const char *id)
{
    struct book *book = at->book;
    struct book_reversal reversal = {
        .started_sequence = at->line->sequence, .state_sequence = at->line->sequence, .id = id, .state = "started"};
    static const char *const texts[] = {"clerk", "reason", NULL};
    if (!book_has_texts(at->body, texts) || !book_id(book, at->body, "payment", &reversal.payment) ||
        !book_id(book, at->body, "sale", &reversal.sale) ||
        !book_yen(at->body, "amount_yen", 1, &reversal.amount_yen) || id_map_find(&book->reversal_ids, id) != 0) {
        return false;
    }
    int64_t place = id_map_find(&book->payment_ids, reversal.payment);
    if (place == 0 || BOOK_AT(book->payments, struct book_payment, place - 1)->amount_yen != reversal.amount_yen) {
        return false;
    }
    struct book_reversal *written = book_add(book, &book->reversals);
    if (written == NULL || !id_map_put(&book->reversal_ids, id, (int64_t)book->reversals.count)) {
        book->has_failed = true;
        return true;
    }
    *written = reversal;
    return true;
}

bool
book_take_reversal(struct taking *at)
{
    static const char *const words[] = {"reversed", "refused", NULL};
    struct book *book = at->book;
    const char *id = "";
    const char *result = "unknown";
    if (!book_id(book, at->body, "reversal", &id)) {
        return false;
    }
    if (strcmp(at->line->kind, "reversal.started") == 0) {
        return take_reversal_started(at, id);
    }
    int64_t place = id_map_find(&book->reversal_ids, id);
    if (place == 0) {
        return false;
    }
    struct book_reversal *reversal = BOOK_AT(book->reversals, struct book_reversal, place - 1);
    if (strcmp(reversal->state, "started") != 0 && strcmp(reversal->state, "unknown") != 0) {
        return false;
    }
    static const char *const unknown_texts[] = {"cause", NULL};
    static const char *const resolved_texts[] = {"reason", NULL};
    bool is_resolved = strcmp(at->line->kind, "reversal.resolved") == 0;
    if (is_resolved ? !book_text(book, at->body, "result", &result) || !book_word_is_one_of(result, words) ||
                          !book_optional_are_texts(at->body, resolved_texts)
                    : !book_has_texts(at->body, unknown_texts)) {
        return false;
    }
    reversal->state = result;
    reversal->state_sequence = at->line->sequence;
    return true;
}
