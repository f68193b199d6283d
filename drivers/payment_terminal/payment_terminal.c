/* The door to payment terminals: nothing impossible goes out, and nothing that must not enter the journal comes in.
 *
 * The answer is judged after the driver: an amount that is not the one asked for, or a card number in the clear where a
 * mask belongs, proves that the terminal and we do not understand each other, so the result becomes TERMINAL_UNKNOWN
 * and people look. A number that the centre made (reference, approval, slip) and that reads like a card's, however it is
 * written, is left out, and the answer counts: it would be the same at every inquiry, and the money was taken. */
#include "drivers/payment_terminal/payment_terminal_driver.h"

#include "common/identity/identity.h"
#include "common/log/log.h"
#include "common/signing/signing.h"
#include "drivers/payment_terminal/brand_operations.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum {
    /* Card, PIN and centre together end within two minutes; a driver that has not answered by then never will. */
    TERMINAL_TIMEOUT_MAX_MS = 180 * 1000,
    MASKED_HEAD_DIGITS = 6, /* PCI DSS 3.4.1: the issuer's number … */
    MASKED_TAIL_DIGITS = 4  /* … and the last four may be shown */
};

static unsigned
bounded(unsigned timeout_ms)
{
    return timeout_ms < TERMINAL_TIMEOUT_MAX_MS ? timeout_ms : TERMINAL_TIMEOUT_MAX_MS;
}

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool
is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool
terminal_reference_is_valid(const char *reference)
{
    size_t length = 0;
    for (; reference[length] != '\0'; length++) {
        char c = reference[length];
        if (length + 1 >= TERMINAL_REFERENCE_SIZE || !(is_digit(c) || is_letter(c) || c == '-')) {
            return false;
        }
    }
    return length > 0;
}

static bool
brand_is_valid(const char *brand)
{
    size_t length = 0;
    for (; brand[length] != '\0'; length++) {
        char c = brand[length];
        if (length + 1 >= TERMINAL_TEXT_SIZE || !(is_digit(c) || is_letter(c) || c == '_')) {
            return false;
        }
    }
    return length > 0;
}

static bool
request_is_valid(const struct terminal_request *request)
{
    return terminal_reference_is_valid(request->reference) && request->sequence_number >= 1 &&
           request->sequence_number <= TERMINAL_SEQUENCE_MAX && request->amount_yen >= 1 &&
           request->amount_yen <= TERMINAL_AMOUNT_MAX_YEN && brand_is_valid(request->brand);
}

void
terminal_answer_reset(struct terminal_answer *answer, enum terminal_result result)
{
    memset(answer, 0, sizeof *answer);
    answer->result = result;
    answer->balance_yen = -1;
}

static bool
text_has_card_number(const char *text)
{
    return card_number_is_present(text, strlen(text));
}

static bool
answer_has_card_number(const struct terminal_answer *answer)
{
    return text_has_card_number(answer->center_result_code) || text_has_card_number(answer->masked_number);
}

static void
leave_out_if_card(char *text, const char *what)
{
    if (text_has_card_number(text) || card_digits_are_present(text)) {
        log_line(LOG_LEVEL_WARNING, "payment terminal", "the %s reads like a card number: left out", what);
        secret_wipe(text, strlen(text));
    }
}

static void
leave_out_cards(struct terminal_answer *answer)
{
    leave_out_if_card(answer->acquirer_reference, "centre's reference");
    leave_out_if_card(answer->approval_code, "approval code");
    leave_out_if_card(answer->slip_number, "slip number");
    leave_out_if_card(answer->brand, "brand");
    leave_out_if_card(answer->earlier.acquirer_reference, "centre's reference of an earlier payment");
}

/* Some terminals mask from the ninth digit on, as eight-digit issuer numbers allow; six and four is what we keep. */
static void
masked_number_tighten(char *text)
{
    size_t length = strlen(text);
    size_t first = 0;
    for (size_t i = 0; i < length; i++) {
        bool is_kept = first < MASKED_HEAD_DIGITS || i + MASKED_TAIL_DIGITS >= length;
        if (is_digit(text[i])) {
            first++;
            text[i] = is_kept ? text[i] : 'x';
        } else {
            first = first == 0 ? 0 : MASKED_HEAD_DIGITS; /* what follows a mask is tail */
        }
    }
}

/* Whether terminal and till agree on what is practice. Only an approval, or a doubt, would be believed wrongly. */
static bool
training_agrees(const struct payment_terminal *terminal, const struct terminal_answer *answer)
{
    const bool has_moved = answer->result == TERMINAL_APPROVED || answer->result == TERMINAL_IN_DOUBT;
    return !has_moved || answer->is_training == terminal->is_training;
}

/* The last fence, passed by every answer. EXPECTED_YEN is 0 where the amount is not known to the caller. */
static void
answer_judge(const struct payment_terminal *terminal, struct terminal_answer *answer, int64_t expected_yen,
             struct error_detail *err)
{
    if (err != NULL && answer->result != TERMINAL_APPROVED) {
        (void)card_numbers_scrub(err->message);
    }
    if (answer_has_card_number(answer)) {
        secret_wipe(answer, sizeof *answer);
        terminal_answer_reset(answer, TERMINAL_UNKNOWN);
        error_set(err, "terminal_card_number",
                  "決済端末の応答に会員番号が含まれていたため破棄しました。結果を照会してください。");
        return;
    }
    leave_out_cards(answer);
    if (!training_agrees(terminal, answer)) {
        const bool is_training = answer->is_training;
        terminal_answer_reset(answer, TERMINAL_UNKNOWN);
        error_set(
            err, "terminal_training_differs",
            is_training
                ? "決済端末が訓練モードで応答しました。本番の取引は行われていません。端末の設定を確認してください。"
                : "訓練中ですが、決済端末が本番の取引として応答しました。管理者に連絡してください。");
        return;
    }
    masked_number_tighten(answer->masked_number);
    const char *earlier = answer->earlier.reference;
    if (!terminal_reference_is_valid(earlier) || (!identity_is_valid(earlier) && text_has_card_number(earlier))) {
        memset(&answer->earlier, 0, sizeof answer->earlier); /* not one of our payments */
    }

    const bool has_amount = answer->result == TERMINAL_APPROVED || answer->result == TERMINAL_IN_DOUBT;
    const bool is_silent = answer->result == TERMINAL_IN_DOUBT && answer->amount_yen == 0;
    if (has_amount && !is_silent && expected_yen != 0 && answer->amount_yen != expected_yen) {
        error_set(err, "terminal_amount_differs",
                  "決済端末が返した金額(%lld円)が請求額(%lld円)と違います。管理者に連絡してください。",
                  (long long)answer->amount_yen, (long long)expected_yen);
        answer->result = TERMINAL_UNKNOWN;
    }
}

const char *
payment_terminal_name(const struct payment_terminal *terminal)
{
    assert(terminal != NULL);
    return terminal->driver->name;
}

enum status
payment_terminal_check(struct payment_terminal *terminal, unsigned timeout_ms, struct error_detail *err)
{
    assert(terminal != NULL);
    return terminal->driver->check(terminal, bounded(timeout_ms), err);
}

void
payment_terminal_sale(struct payment_terminal *terminal, const struct terminal_request *request, unsigned timeout_ms,
                      struct terminal_answer *out, struct error_detail *err)
{
    assert(terminal != NULL);
    assert(request != NULL);
    assert(out != NULL);

    if (!request_is_valid(request)) {
        terminal_answer_reset(out, TERMINAL_NOT_ALLOWED);
        error_set(err, "terminal_request_invalid", "決済の内容(金額・番号・ブランド)が不正なため送信しませんでした。");
        return;
    }
    terminal_answer_reset(out, TERMINAL_UNKNOWN);
    terminal->driver->sale(terminal, request, bounded(timeout_ms), out, err);
    answer_judge(terminal, out, request->amount_yen, err);
}

static bool
refund_is_valid(const struct terminal_refund *refund)
{
    return terminal_reference_is_valid(refund->reference) && terminal_reference_is_valid(refund->sale) &&
           strcmp(refund->reference, refund->sale) != 0 && refund->sequence_number >= 1 &&
           refund->sequence_number <= TERMINAL_SEQUENCE_MAX && refund->amount_yen >= 1 &&
           refund->amount_yen <= TERMINAL_AMOUNT_MAX_YEN && brand_is_valid(refund->brand);
}

void
payment_terminal_refund(struct payment_terminal *terminal, const struct terminal_refund *refund, unsigned timeout_ms,
                        struct terminal_answer *out, struct error_detail *err)
{
    assert(terminal != NULL);
    assert(refund != NULL);
    assert(out != NULL);

    if (!refund_is_valid(refund)) {
        terminal_answer_reset(out, TERMINAL_NOT_ALLOWED);
        error_set(err, "terminal_request_invalid", "返金の内容(金額・番号・ブランド)が不正なため送信しませんでした。");
        return;
    }
    if (!brand_operations_of(refund->brand)->can_refund) {
        terminal_answer_reset(out, TERMINAL_NOT_ALLOWED);
        error_set(err, "terminal_no_refund",
                  "このブランドは決済端末では返金できません。現金または振込で返金してください。");
        return;
    }
    terminal_answer_reset(out, TERMINAL_UNKNOWN);
    terminal->driver->refund(terminal, refund, bounded(timeout_ms), out, err);
    answer_judge(terminal, out, refund->amount_yen, err);
}

void
payment_terminal_reverse(struct payment_terminal *terminal, const char *reference, unsigned timeout_ms,
                         struct terminal_answer *out, struct error_detail *err)
{
    assert(terminal != NULL);
    assert(reference != NULL);
    assert(out != NULL);

    terminal_answer_reset(out, TERMINAL_UNKNOWN);
    if (!terminal_reference_is_valid(reference)) {
        error_set(err, "terminal_reference_invalid", "取引番号が不正です。");
        return;
    }
    terminal->driver->reverse(terminal, reference, bounded(timeout_ms), out, err);
    answer_judge(terminal, out, 0, err);
}

void
payment_terminal_query(struct payment_terminal *terminal, const char *reference, unsigned timeout_ms,
                       struct terminal_answer *out, struct error_detail *err)
{
    assert(terminal != NULL);
    assert(reference != NULL);
    assert(out != NULL);

    terminal_answer_reset(out, TERMINAL_UNKNOWN);
    if (!terminal_reference_is_valid(reference)) {
        error_set(err, "terminal_reference_invalid", "取引番号が不正です。");
        return;
    }
    terminal->driver->query(terminal, reference, bounded(timeout_ms), out, err);
    answer_judge(terminal, out, 0, err);
}

void
payment_terminal_abort(struct payment_terminal *terminal)
{
    assert(terminal != NULL);
    terminal->driver->abort(terminal);
}

/* A line whose reference is not one of ours may hold anything. Ours are UUIDs, whose digits may look like a card. */
static void
log_line_scrub(struct terminal_log_line *line)
{
    if (!identity_is_valid(line->reference)) {
        (void)card_numbers_scrub(line->reference);
    }
    (void)card_numbers_scrub(line->acquirer_reference);
    (void)card_numbers_scrub(line->brand);
}

enum status
payment_terminal_daily_log(struct payment_terminal *terminal, unsigned timeout_ms, struct terminal_log_line *lines,
                           size_t capacity, size_t *out_count, struct error_detail *err)
{
    assert(terminal != NULL);
    assert(lines != NULL || capacity == 0);
    assert(out_count != NULL);

    size_t count = 0;
    enum status status = terminal->driver->daily_log(terminal, bounded(timeout_ms), lines, capacity, &count, err);
    if (status != STATUS_OK) {
        return status;
    }
    assert(count <= capacity);
    for (size_t i = 0; i < count; i++) {
        log_line_scrub(&lines[i]);
    }
    *out_count = count;
    return STATUS_OK;
}

enum status
payment_terminal_totals(struct payment_terminal *terminal, bool settles, unsigned timeout_ms,
                        struct terminal_total *totals, size_t capacity, size_t *out_count, struct error_detail *err)
{
    assert(terminal != NULL);
    assert(totals != NULL || capacity == 0);
    assert(out_count != NULL);

    size_t count = 0;
    enum status status =
        terminal->driver->totals(terminal, settles, bounded(timeout_ms), totals, capacity, &count, err);
    if (status != STATUS_OK) {
        return status;
    }
    assert(count <= capacity);
    for (size_t i = 0; i < count; i++) {
        (void)card_numbers_scrub(totals[i].brand);
    }
    *out_count = count;
    return STATUS_OK;
}

void
payment_terminal_set_training(struct payment_terminal *terminal, bool is_training)
{
    assert(terminal != NULL);
    terminal->is_training = is_training;
}

bool
payment_terminal_is_training(const struct payment_terminal *terminal)
{
    assert(terminal != NULL);
    return terminal->is_training;
}

void
payment_terminal_close(struct payment_terminal *terminal)
{
    if (terminal != NULL) {
        terminal->driver->close(terminal);
    }
}
