/* The one idea, as for every terminal: a result is only believed when it names our payment, and "nothing was taken"
 * only when ZVT's table says so of that result code. Everything else is TERMINAL_UNKNOWN and will be asked for again.
 *
 * A card number may stand in any text and in the fields for cards; one in the clear refuses the whole message. */
#include "drivers/terminal_zvt/status.h"

#include "common/clock/civil.h"
#include "common/identity/identity.h"
#include "common/log/log.h"
#include "common/signing/signing.h"
#include "drivers/payment_terminal/payment_terminal_driver.h"

#include <stdio.h>
#include <string.h>

enum { FLAG_TRAINING = 1, FLAG_IN_DOUBT = 2, FLAG_IN_PROGRESS = 4, FLAG_NOT_FOUND = 8, FLAG_REFUND = 16 };

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

/* ---- card numbers ---- */

static bool
text_shows_card(struct zvt_bytes bytes)
{
    char text[256];
    const size_t step = sizeof text / 2; /* windows overlap, so that no number hides on an edge */
    for (size_t at = 0; at < bytes.length; at += step) {
        const size_t length = bytes.length - at < sizeof text - 1 ? bytes.length - at : sizeof text - 1;
        for (size_t i = 0; i < length; i++) {
            const uint8_t byte = bytes.at[at + i];
            text[i] = byte >= ' ' && byte <= '~' ? (char)byte : '|';
        }
        text[length] = '\0';
        const bool shows = !identity_is_valid(text) && card_number_is_present(text, length);
        secret_wipe(text, sizeof text);
        if (shows) {
            return true;
        }
    }
    return false;
}

/* BCD digits of a card field as text: E is masked, F fills up, D stands between number and the rest of a track. */
static size_t
card_text(struct zvt_bytes bytes, char *out, size_t size)
{
    size_t length = 0;
    for (size_t i = 0; i < bytes.length * 2 && length + 1 < size; i++) {
        const unsigned nibble = i % 2 == 0 ? bytes.at[i / 2] >> 4 : bytes.at[i / 2] & 0x0fU;
        if (nibble == 0x0f) {
            break;
        }
        out[length++] = nibble <= 9 ? (char)('0' + nibble) : nibble == 0x0e ? 'x' : '=';
    }
    out[length] = '\0';
    return length;
}

static bool
digits_show_card(struct zvt_bytes bytes)
{
    char text[2 * 99 + 1]; /* LL fields have 99 bytes at most, LLL ones are looked at as far */
    const size_t length = card_text(bytes, text, sizeof text);
    const bool shows = card_number_is_present(text, length);
    secret_wipe(text, sizeof text);
    return shows;
}

static bool
tags_show_card(struct zvt_bytes rest, unsigned depth)
{
    enum { DEPTH_MAX = 3 };
    unsigned tag = 0;
    struct zvt_bytes value;
    bool is_sound = false;
    while (zvt_tag_next(&rest, &tag, &value, &is_sound)) {
        const bool is_nested = tag == ZVT_TAG_EARLIER || tag == ZVT_TAG_TOTAL || tag == ZVT_TAG_LINE;
        if (is_nested) {
            if (depth == DEPTH_MAX || tags_show_card(value, depth + 1)) {
                return true;
            }
        } else if (tag != ZVT_TAG_ACQUIRER_REFERENCE && text_shows_card(value)) {
            return true; /* a centre's number that reads like a card is left out by the door, and the answer counts */
        }
    }
    return !is_sound && text_shows_card(rest);
}

static bool
data_shows_card(struct zvt_bytes data)
{
    unsigned tag = 0;
    struct zvt_bytes value, rest = data;
    bool is_sound = false;
    while (zvt_field_next(&rest, &tag, &value, &is_sound)) {
        const bool is_card = tag == ZVT_FIELD_PAN || tag == ZVT_FIELD_TRACK2 || tag == ZVT_FIELD_TRACK3;
        if (tag == ZVT_FIELD_CONTAINER ? tags_show_card(value, 0)
            : is_card                  ? digits_show_card(value)
                                       : tag != ZVT_FIELD_APPROVAL && text_shows_card(value)) {
            return true;
        }
    }
    return !is_sound && text_shows_card(data);
}

static enum status
refuse_card(struct error_detail *err)
{
    error_set(err, "terminal_card_number", "決済端末の応答に会員番号が含まれていたため破棄しました。");
    return STATUS_REFUSED;
}

static enum status
invalid(struct error_detail *err)
{
    error_set(err, "terminal_reply_invalid", "決済端末の応答を解釈できません。再度請求せず、結果を照会してください。");
    return STATUS_INVALID;
}

/* ---- fields ---- */

/* Printable ASCII, cut at the first NUL and to what fits. */
static void
copy_text(char *out, size_t size, struct zvt_bytes bytes)
{
    size_t length = 0;
    while (length + 1 < size && length < bytes.length && bytes.at[length] >= ' ' && bytes.at[length] <= '~') {
        out[length] = (char)bytes.at[length];
        length++;
    }
    out[length] = '\0';
}

/* Terminals write "VISA"; the masters' codes are in small letters. */
static void
in_small_letters(char *text)
{
    for (; *text != '\0'; text++) {
        *text = *text >= 'A' && *text <= 'Z' ? (char)(*text - 'A' + 'a') : *text;
    }
}

static unsigned
first_byte(struct zvt_bytes bytes)
{
    return bytes.length > 0 ? bytes.at[0] : 0;
}

static bool
in_range(struct zvt_bytes bytes, int64_t max, int64_t *out)
{
    return zvt_bcd_read(bytes, out) && *out <= max;
}

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
            copy_text(touch.reference, sizeof touch.reference, value);
        } else if (tag == ZVT_TAG_RESULT) {
            result = meaning_of((uint8_t)first_byte(value));
        } else if (tag == ZVT_TAG_ACQUIRER_REFERENCE) {
            copy_text(touch.acquirer_reference, sizeof touch.acquirer_reference, value);
        } else if (tag == ZVT_TAG_AMOUNT) {
            is_sound = in_range(value, TERMINAL_AMOUNT_MAX_YEN, &touch.amount_yen);
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
            copy_text(out->reference, sizeof out->reference, value);
            break;
        case ZVT_TAG_FLAGS:
            out->flags = first_byte(value);
            break;
        case ZVT_TAG_BALANCE:
            is_sound = in_range(value, TERMINAL_AMOUNT_MAX_YEN, &out->answer.balance_yen);
            break;
        case ZVT_TAG_CENTRE_CODE:
            copy_text(out->answer.center_result_code, sizeof out->answer.center_result_code, value);
            break;
        case ZVT_TAG_ACQUIRER_REFERENCE:
            copy_text(out->answer.acquirer_reference, sizeof out->answer.acquirer_reference, value);
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
        out->has_amount = in_range(value, TERMINAL_AMOUNT_MAX_YEN, &out->amount_yen);
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
        copy_text(out->answer.approval_code, sizeof out->answer.approval_code, value);
        return true;
    case ZVT_FIELD_CARD_NAME:
        copy_text(out->answer.brand, sizeof out->answer.brand, value);
        in_small_letters(out->answer.brand);
        return true;
    case ZVT_FIELD_PAN:
        (void)card_text(value, out->answer.masked_number, sizeof out->answer.masked_number);
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
    if (data_shows_card(data)) {
        return refuse_card(err);
    }
    if (!read_all(data, &status)) {
        return invalid(err);
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
        return invalid(err);
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

/* ---- reports ---- */

/* Call TAKE for each container TAG in the container of DATA. */
static enum status
each_tag(struct zvt_bytes data, unsigned wanted, enum status (*take)(struct zvt_bytes value, void *context),
         void *context)
{
    unsigned tag = 0;
    struct zvt_bytes field, value;
    bool is_sound = false;
    while (zvt_field_next(&data, &tag, &field, &is_sound)) {
        bool is_tag_sound = true;
        while (tag == ZVT_FIELD_CONTAINER) {
            unsigned inner = 0;
            if (!zvt_tag_next(&field, &inner, &value, &is_tag_sound)) {
                break;
            }
            enum status status = inner == wanted ? take(value, context) : STATUS_OK;
            if (status != STATUS_OK) {
                return status;
            }
        }
        if (!is_tag_sound) {
            return STATUS_INVALID;
        }
    }
    return is_sound ? STATUS_OK : STATUS_INVALID;
}

static bool
read_kind(struct zvt_bytes value, enum terminal_kind *out)
{
    const unsigned kind = first_byte(value);
    *out = (enum terminal_kind)kind;
    return value.length == 1 && kind <= TERMINAL_KIND_REFUND;
}

static enum status
take_line(struct zvt_bytes rest, void *context)
{
    struct terminal_log_line *line = context;
    unsigned tag = 0;
    struct zvt_bytes value;
    bool is_sound = false;
    while (zvt_tag_next(&rest, &tag, &value, &is_sound)) {
        if (tag == ZVT_TAG_REFERENCE) {
            copy_text(line->reference, sizeof line->reference, value);
        } else if (tag == ZVT_TAG_BRAND) {
            copy_text(line->brand, sizeof line->brand, value);
        } else if (tag == ZVT_TAG_ACQUIRER_REFERENCE) {
            copy_text(line->acquirer_reference, sizeof line->acquirer_reference, value);
        } else if (tag == ZVT_TAG_KIND) {
            is_sound = read_kind(value, &line->kind);
        } else if (tag == ZVT_TAG_AMOUNT) {
            is_sound = in_range(value, TERMINAL_AMOUNT_MAX_YEN, &line->amount_yen);
        } else if (tag == ZVT_TAG_FLAGS) {
            line->is_in_doubt = (first_byte(value) & FLAG_IN_DOUBT) != 0;
        }
        if (!is_sound) {
            return STATUS_INVALID;
        }
    }
    if (!is_sound || line->amount_yen == 0) {
        return STATUS_INVALID;
    }
    line->amount_yen = line->kind == TERMINAL_KIND_SALE ? line->amount_yen : -line->amount_yen;
    return STATUS_OK;
}

enum status
zvt_line_read(struct zvt_bytes data, struct terminal_log_line *out, struct error_detail *err)
{
    memset(out, 0, sizeof *out);
    if (data_shows_card(data)) {
        return refuse_card(err);
    }
    enum status status = each_tag(data, ZVT_TAG_LINE, take_line, out);
    return status == STATUS_OK && out->amount_yen != 0 ? STATUS_OK : invalid(err);
}

struct totals_context {
    struct terminal_total *totals;
    size_t capacity, *count;
};

static enum status
take_total(struct zvt_bytes rest, void *context)
{
    const struct totals_context *into = context;
    const int64_t max_yen = INT64_C(99999999999), max_count = 100000;
    struct terminal_total total = {.count = 0};
    unsigned tag = 0;
    struct zvt_bytes value;
    bool is_sound = false, has_kind = false;
    int64_t count = -1, sum_yen = -1;
    while (zvt_tag_next(&rest, &tag, &value, &is_sound)) {
        if (tag == ZVT_TAG_BRAND) {
            copy_text(total.brand, sizeof total.brand, value);
        } else if (tag == ZVT_TAG_KIND) {
            is_sound = has_kind = read_kind(value, &total.kind);
        } else if (tag == ZVT_TAG_COUNT) {
            is_sound = in_range(value, max_count, &count);
        } else if (tag == ZVT_TAG_SUM) {
            is_sound = in_range(value, max_yen, &sum_yen);
        }
        if (!is_sound) {
            return STATUS_INVALID;
        }
    }
    if (!is_sound || !has_kind || count < 0 || sum_yen < 0 ||
        terminal_total_find(into->totals, *into->count, total.brand, total.kind) != NULL) {
        return STATUS_INVALID;
    }
    if (*into->count == into->capacity) {
        return STATUS_OVERFLOW;
    }
    total.count = (uint32_t)count;
    total.sum_yen = total.kind == TERMINAL_KIND_SALE ? sum_yen : -sum_yen;
    into->totals[(*into->count)++] = total;
    return STATUS_OK;
}

enum status
zvt_totals_read(struct zvt_bytes data, struct terminal_total *totals, size_t capacity, size_t *count,
                struct error_detail *err)
{
    struct totals_context into = {totals, capacity, count};
    if (data_shows_card(data)) {
        return refuse_card(err);
    }
    enum status status = each_tag(data, ZVT_TAG_TOTAL, take_total, &into);
    if (status == STATUS_OVERFLOW) {
        error_set(err, "terminal_totals_overflow", "決済端末の日計のブランドが多すぎます。");
        return status;
    }
    return status == STATUS_OK ? STATUS_OK : invalid(err);
}
