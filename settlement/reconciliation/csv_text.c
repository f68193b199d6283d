/* Quoting and digits. */
#include "settlement/reconciliation/csv_text.h"

static bool
must_be_quoted(struct text_view text)
{
    bool is_found = false;
    for (size_t i = 0; i < text.length; i++) {
        char byte = text.at[i];
        is_found = is_found || byte == ',' || byte == '"' || byte == '\r' || byte == '\n';
    }
    return is_found;
}

char *
csv_put_any_text(char *out, struct text_view text)
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
