/* Quoting and digits. */
#include "settlement/reconciliation/csv_text.h"

/* Whether TEXT holds a character that makes quotes necessary. All of them are below '-' (0x2D), which references are
 * full of: a word without a byte below it needs no closer look. */
static bool
must_be_quoted(struct text_view text)
{
    uint64_t below = 0;
    size_t i = 0;
    for (; i + 8 <= text.length; i += 8) {
        uint64_t word = bytes_load_8(text.at + i);
        below |= (word - UINT64_C(0x2D2D2D2D2D2D2D2D)) & ~word;
    }
    bool is_plain = (below & UINT64_C(0x8080808080808080)) == 0;
    for (; i < text.length; i++) {
        is_plain = is_plain && (unsigned char)text.at[i] >= '-';
    }
    for (i = 0; !is_plain && i < text.length; i++) {
        if (memchr(",\"\r\n", text.at[i], 4) != NULL) {
            return true;
        }
    }
    return false;
}

char *
csv_put_text(char *out, struct text_view text)
{
    if (!must_be_quoted(text)) {
        memcpy(out, text.at, text.length);
        return out + text.length;
    }
    *out++ = '"';
    for (size_t i = 0; i < text.length; i++) {
        if (text.at[i] == '"') {
            *out++ = '"';
        }
        *out++ = text.at[i];
    }
    *out++ = '"';
    return out;
}

char *
csv_put_number(char *out, int64_t number)
{
    uint64_t left = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    if (number < 0) {
        *out++ = '-';
    }
    char digits[20];
    char *first = digits + sizeof digits;
    while (left > UINT32_MAX) {
        *--first = (char)('0' + left % 10);
        left /= 10;
    }
    uint32_t small = (uint32_t)left; /* whose division is cheaper */
    do {
        *--first = (char)('0' + small % 10);
        small /= 10;
    } while (small > 0);
    size_t count = (size_t)(digits + sizeof digits - first);
    memcpy(out, first, count);
    return out + count;
}
