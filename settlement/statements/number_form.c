/* From the outside in: spaces, signs and unit are taken off, then digits are read. */
#include "settlement/statements/number_form.h"

#include "common/money/yen.h"

static bool
take_front(struct text_view *text, struct text_view mark)
{
    if (mark.length == 0 || text->length < mark.length || memcmp(text->at, mark.at, mark.length) != 0) {
        return false;
    }
    *text = (struct text_view){text->at + mark.length, text->length - mark.length};
    return true;
}

static bool
take_back(struct text_view *text, struct text_view mark)
{
    if (mark.length == 0 || text->length < mark.length ||
        memcmp(text->at + text->length - mark.length, mark.at, mark.length) != 0) {
        return false;
    }
    text->length -= mark.length;
    return true;
}

/* Take every sign off TEXT; how many of them said "minus". More than one is no number. */
static unsigned
take_signs(const struct number_form *form, struct text_view *text)
{
    unsigned minus = 0;
    if (form->allows_parentheses && text->length >= 2 && text->at[0] == '(' && text->at[text->length - 1] == ')') {
        *text = (struct text_view){text->at + 1, text->length - 2};
        minus++;
    }
    minus += take_front(text, text_view_of("-")) ? 1 : 0;
    for (unsigned i = 0; i < form->negative_count; i++) {
        minus += take_front(text, form->negatives[i]) ? 1 : 0;
    }
    if (minus == 0 && form->allows_plus) {
        (void)take_front(text, text_view_of("+"));
    }
    minus += form->allows_trailing_minus && take_back(text, text_view_of("-")) ? 1 : 0;
    return minus;
}

/* Digits, in groups of three where GROUP separates them. *OUT_END is behind them. */
static enum status
read_digits(struct text_view text, char group, int64_t *out, size_t *out_end)
{
    int64_t value = 0;
    size_t digits = 0, since_group = 0;
    bool has_group = false;
    size_t i = 0;
    for (; i < text.length; i++) {
        unsigned digit = (unsigned)(unsigned char)text.at[i] - '0';
        if (digit <= 9) {
            if (value > YEN_LIMIT * 100) {
                return STATUS_OVERFLOW;
            }
            value = value * 10 + digit;
            digits++;
            since_group++;
        } else if (group != 0 && text.at[i] == group) {
            bool fits = has_group ? since_group == 3 : digits >= 1 && digits <= 3;
            if (!fits) {
                return STATUS_INVALID;
            }
            has_group = true;
            since_group = 0;
        } else {
            break;
        }
    }
    *out = value;
    *out_end = i;
    return digits > 0 && (!has_group || since_group == 3) ? STATUS_OK : STATUS_INVALID;
}

/* WHOLE and the decimals at TEXT (behind the point) as a fraction of a yen: *OUT_PARTS / *OUT_SCALE. */
static enum status
read_decimals(const struct number_form *form, struct text_view text, int64_t whole, int64_t *out_parts,
              int64_t *out_scale)
{
    *out_parts = whole;
    *out_scale = form->divide_by > 0 ? form->divide_by : 1;
    if (text.length == 0) {
        return STATUS_OK;
    }
    if (text.at[0] != '.' || text.length < 2 || text.length - 1 > form->decimals) {
        return STATUS_INVALID;
    }
    for (size_t i = 1; i < text.length; i++) {
        unsigned digit = (unsigned)(unsigned char)text.at[i] - '0';
        if (digit > 9) {
            return STATUS_INVALID;
        }
        if (*out_parts > INT64_MAX / 10 - 1) {
            return STATUS_OVERFLOW;
        }
        *out_parts = *out_parts * 10 + digit;
        *out_scale *= 10;
    }
    return STATUS_OK;
}

/* PARTS / SCALE as whole yen; both ≥ 0. */
static enum status
round_parts(enum number_rounding rounding, int64_t parts, int64_t scale, int64_t *out)
{
    int64_t whole = parts / scale;
    int64_t rest = parts % scale;
    if (rest != 0 && rounding == NUMBER_EXACT) {
        return STATUS_REFUSED;
    }
    bool is_up = (rounding == NUMBER_UP && rest > 0) || (rounding == NUMBER_HALF_UP && rest >= scale - rest);
    whole += is_up ? 1 : 0;
    *out = whole;
    return whole <= YEN_LIMIT ? STATUS_OK : STATUS_OVERFLOW;
}

enum status
number_read(const struct number_form *form, struct text_view text, int64_t *out_yen)
{
    while (form->allows_spaces && text.length > 0 && text.at[0] == ' ') {
        text = (struct text_view){text.at + 1, text.length - 1};
    }
    while (form->allows_spaces && text.length > 0 && text.at[text.length - 1] == ' ') {
        text.length--;
    }
    if (text.length > NUMBER_TEXT_MAX_BYTES) {
        return STATUS_INVALID;
    }
    (void)take_back(&text, form->unit);
    unsigned minus = take_signs(form, &text);
    int64_t whole, parts, scale, magnitude;
    size_t end;
    enum status status = minus > 1 ? STATUS_INVALID : read_digits(text, form->group, &whole, &end);
    if (status == STATUS_OK) {
        status = read_decimals(form, (struct text_view){text.at + end, text.length - end}, whole, &parts, &scale);
    }
    if (status == STATUS_OK) {
        status = round_parts(form->rounding, parts, scale, &magnitude);
    }
    if (status == STATUS_OK) {
        *out_yen = minus == 1 ? -magnitude : magnitude;
    }
    return status;
}
