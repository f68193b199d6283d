/* Whether a message shows a card number, in any of the ways in which ZVT writes digits. */
#include "drivers/terminal_zvt/value.h"

#include "common/identity/identity.h"
#include "common/log/log.h"
#include "common/signing/signing.h"

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

size_t
zvt_card_text(struct zvt_bytes bytes, char *out, size_t size)
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
    const size_t length = zvt_card_text(bytes, text, sizeof text);
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

bool
zvt_data_shows_card(struct zvt_bytes data)
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

enum status
zvt_refuse_card(struct error_detail *err)
{
    error_set(err, "terminal_card_number", "決済端末の応答に会員番号が含まれていたため破棄しました。");
    return STATUS_REFUSED;
}
