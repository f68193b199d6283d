/* The one idea, as for every terminal: a result is only believed when it names our payment, and "nothing was taken"
 * only when ZVT's table says so of that result code. Everything else is TERMINAL_UNKNOWN and will be asked for again.
 *
 * A card number may stand in any text and in the fields for cards; one in the clear refuses the whole message. */
#include "drivers/terminal_zvt/status.h"

#include "common/clock/civil.h"
#include "drivers/payment_terminal/payment_terminal_driver.h"
#include "drivers/terminal_zvt/value.h"

#include <stdio.h>
#include <string.h>

enum { IN_MONEY = 1 /* sale, refund, reversal */, IN_STATUS = 2, EVERYWHERE = 3 };

/* ZVT's result codes, as far as they prove something. 01 to 63 are the centre's own refusals. */
static const struct meaning {
    uint8_t first, last;
    enum terminal_result result;
} meanings[] = {
    {0x00, 0x00, TERMINAL_APPROVED},
    {0x01, 0x63, TERMINAL_CENTER_ERROR},
    {0x64, 0x65, TERMINAL_NO_CARD},             /* not readable, neither track nor chip */
    {0x67, 0x68, TERMINAL_NOT_ALLOWED},         /* not for this kind of card */
    {0x6C, 0x6C, TERMINAL_CANCELLED},           /* timeout or stop key */
    {0x71, 0x71, TERMINAL_DEFICIENT},           /* credit on the card not sufficient */
    {0x73, 0x73, TERMINAL_NO_CARD},             /* card data incorrect */
    {0x78, 0x7A, TERMINAL_NO_CARD},             /* expired, not yet valid, unknown */
    {0x7D, 0x7D, TERMINAL_COMMUNICATION_ERROR}, /* communication module silent */
    {0x83, 0x83, TERMINAL_NOT_ALLOWED},         /* function not possible */
    {0x9B, 0x9B, TERMINAL_COMMUNICATION_ERROR}, /* dial-up, communication fault: before anything was sent */
    {0x9C, 0x9C, TERMINAL_BUSY},                /* please wait */
    {0xA3, 0xA3, TERMINAL_COMMUNICATION_ERROR}, /* no connection; A1, no answer from the centre, proves nothing */
    {0xC5, 0xC6, TERMINAL_NOT_ALLOWED},         /* payment method, currency */
};

struct information {
    bool has_result, has_amount, has_own_currency, is_sound;
    uint8_t result;
    unsigned flags;
    int64_t amount_yen, date, time;
    bool has_date, has_time;
    char reference[TERMINAL_REFERENCE_SIZE];
    struct terminal_answer answer;
};

/* yymmdd and hhmmss of Japan, or 0 where they are no time. */
static int64_t
instant_of(int64_t date, int64_t time)
{
    char text[INSTANT_TEXT_SIZE];
    int64_t ms = 0;
    const int length = snprintf(text, sizeof text, "20%02d-%02d-%02dT%02d:%02d:%02d.000+09:00", (int)(date / 10000),
                                (int)(date / 100 % 100), (int)(date % 100), (int)(time / 10000),
                                (int)(time / 100 % 100), (int)(time % 100));
    return length > 0 && instant_parse(&ms, text, strlen(text)) == STATUS_OK ? ms : 0;
}

static enum terminal_result
meaning_of(uint8_t code)
{
    for (size_t i = 0; i < sizeof meanings / sizeof meanings[0]; i++) {
        if (code >= meanings[i].first && code <= meanings[i].last) {
            return meanings[i].result;
        }
    }
    return TERMINAL_UNKNOWN;
}

static bool
read_earlier(struct zvt_bytes rest, struct terminal_touch *out)
{
    unsigned tag = 0;
    struct zvt_bytes value;
    bool is_sound = false;
    struct terminal_touch touch = {.amount_yen = 0};
    enum terminal_result result = TERMINAL_UNKNOWN;
    int64_t at = 0;
    while (zvt_tag_next(&rest, &tag, &value, &is_sound)) {
        if (tag == ZVT_TAG_REFERENCE) {
            zvt_copy_text(touch.reference, sizeof touch.reference, value);
        } else if (tag == ZVT_TAG_RESULT) {
            result = meaning_of((uint8_t)zvt_first_byte(value));
        } else if (tag == ZVT_TAG_ACQUIRER_REFERENCE) {
            zvt_copy_text(touch.acquirer_reference, sizeof touch.acquirer_reference, value);
        } else if (tag == ZVT_TAG_AMOUNT) {
            is_sound = zvt_in_range(value, TERMINAL_AMOUNT_MAX_YEN, &touch.amount_yen);
        } else if (tag == ZVT_TAG_AT && value.length == ZVT_AMOUNT_BYTES && zvt_bcd_read(value, &at)) {
            touch.accepted_at_ms = instant_of(at / 1000000, at % 1000000);
        }
        if (!is_sound) {
            return false;
        }
    }
    touch.was_charged = result == TERMINAL_APPROVED && touch.amount_yen > 0;
    const bool has_looked = result != TERMINAL_BUSY; /* a terminal that is busy has not looked at the card */
    if (!is_sound || !has_looked || (!touch.was_charged && !terminal_result_is_free(result))) {
        return is_sound; /* it tells nothing; the earlier payment goes on being asked for */
    }
    if (!touch.was_charged) {
        touch.amount_yen = touch.accepted_at_ms = 0;
    }
    *out = touch;
    return true;
}

static bool
read_tags(struct zvt_bytes rest, struct information *out)
{
    unsigned tag = 0;
    struct zvt_bytes value;
    bool is_sound = false;
    while (zvt_tag_next(&rest, &tag, &value, &is_sound)) {
        switch (tag) {
        case ZVT_TAG_REFERENCE:
            zvt_copy_text(out->reference, sizeof out->reference, value);
            break;
        case ZVT_TAG_FLAGS:
            out->flags = zvt_first_byte(value);
            break;
        case ZVT_TAG_BALANCE:
            is_sound = zvt_in_range(value, TERMINAL_AMOUNT_MAX_YEN, &out->answer.balance_yen);
            break;
        case ZVT_TAG_CENTRE_CODE:
            zvt_copy_text(out->answer.center_result_code, sizeof out->answer.center_result_code, value);
            break;
        case ZVT_TAG_ACQUIRER_REFERENCE:
            zvt_copy_text(out->answer.acquirer_reference, sizeof out->answer.acquirer_reference, value);
            break;
        case ZVT_TAG_EARLIER:
            is_sound = read_earlier(value, &out->answer.earlier);
            break;
        default:
            break; /* ZVT's own containers say nothing that we need */
        }
        if (!is_sound) {
            return false;
        }
    }
    return is_sound;
}

static bool
read_field(unsigned tag, struct zvt_bytes value, struct information *out)
{
    int64_t number = 0;
    switch (tag) {
    case ZVT_FIELD_RESULT:
        out->has_result = true;
        out->result = value.at[0];
        return true;
    case ZVT_FIELD_AMOUNT:
        out->has_amount = zvt_in_range(value, TERMINAL_AMOUNT_MAX_YEN, &out->amount_yen);
        return out->has_amount;
    case ZVT_FIELD_CURRENCY:
        out->has_own_currency = zvt_bcd_read(value, &number) && number == ZVT_CURRENCY_YEN;
        return out->has_own_currency;
    case ZVT_FIELD_DATE:
        out->has_date = zvt_bcd_read(value, &out->date);
        return out->has_date;
    case ZVT_FIELD_TIME:
        out->has_time = zvt_bcd_read(value, &out->time);
        return out->has_time;
    case ZVT_FIELD_RECEIPT:
        if (!zvt_bcd_read(value, &number)) {
            return false;
        }
        snprintf(out->answer.slip_number, sizeof out->answer.slip_number, "%04d", (int)number);
        return true;
    case ZVT_FIELD_APPROVAL:
        zvt_copy_text(out->answer.approval_code, sizeof out->answer.approval_code, value);
        return true;
    case ZVT_FIELD_CARD_NAME:
        zvt_copy_text(out->answer.brand, sizeof out->answer.brand, value);
        zvt_in_small_letters(out->answer.brand);
        return true;
    case ZVT_FIELD_PAN:
        (void)zvt_card_text(value, out->answer.masked_number, sizeof out->answer.masked_number);
        return true;
    case ZVT_FIELD_CONTAINER:
        return read_tags(value, out);
    default:
        return true;
    }
}

static bool
read_all(struct zvt_bytes data, struct information *out)
{
    unsigned tag = 0;
    struct zvt_bytes value;
    bool is_sound = false;
    memset(out, 0, sizeof *out);
    terminal_answer_reset(&out->answer, TERMINAL_UNKNOWN);
    while (zvt_field_next(&data, &tag, &value, &is_sound)) {
        if (!read_field(tag, value, out)) {
            return false;
        }
    }
    return is_sound;
}

/* ---- what it means ---- */

static enum terminal_result
result_of(const struct information *status, enum zvt_asked asked)
{
    const bool is_query = asked == ZVT_ASKED_STATUS;
    if (!status->has_result) {
        return TERMINAL_UNKNOWN;
    }
    if ((status->flags & FLAG_IN_DOUBT) != 0) {
        return TERMINAL_IN_DOUBT;
    }
    if ((status->flags & FLAG_NOT_FOUND) != 0) {
        return asked == ZVT_ASKED_SALE ? TERMINAL_UNKNOWN : TERMINAL_NOT_FOUND;
    }
    if ((status->flags & FLAG_IN_PROGRESS) != 0) {
        return is_query ? TERMINAL_IN_PROGRESS : TERMINAL_UNKNOWN;
    }
    const enum terminal_result result = meaning_of(status->result);
    return is_query && result == TERMINAL_BUSY ? TERMINAL_IN_PROGRESS : result;
}

/* An approval names a sound amount in yen, and says whether it is a refund. */
static bool
money_is_sound(const struct information *status, enum zvt_asked asked)
{
    const bool is_refund = (status->flags & FLAG_REFUND) != 0;
    if (asked == ZVT_ASKED_REVERSAL) {
        return true; /* what goes back is what was paid */
    }
    return status->has_amount && status->amount_yen > 0 && status->has_own_currency &&
           (asked == ZVT_ASKED_STATUS || is_refund == (asked == ZVT_ASKED_REFUND));
}

enum status
zvt_status_read(struct zvt_bytes data, enum zvt_asked asked, const char *reference, struct terminal_answer *out,
                struct error_detail *err)
{
    struct information status;
    if (zvt_data_shows_card(data)) {
        return zvt_refuse_card(err);
    }
    if (!read_all(data, &status)) {
        return zvt_invalid(err);
    }
    if (strcmp(status.reference, reference) != 0) {
        return STATUS_NOT_FOUND;
    }
    struct terminal_answer *answer = &status.answer;
    answer->result = result_of(&status, asked);
    answer->is_training = (status.flags & FLAG_TRAINING) != 0;
    answer->accepted_at_ms = status.has_date && status.has_time ? instant_of(status.date, status.time) : 0;
    answer->amount_yen = status.amount_yen;
    const bool has_moved = answer->result == TERMINAL_APPROVED;
    if (has_moved && !money_is_sound(&status, asked)) {
        return zvt_invalid(err);
    }
    terminal_result_explain(answer->result, err);
    *out = *answer;
    return STATUS_OK;
}

bool
zvt_data_is_training(struct zvt_bytes data)
{
    struct information status;
    return read_all(data, &status) && (status.flags & FLAG_TRAINING) != 0;
}
