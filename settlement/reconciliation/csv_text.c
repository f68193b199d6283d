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

/* "00" … "99". */
static const char pairs[] =
    "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748"
    "49505152535455565758596061626364656667686970717273747576777879808182838485868788899091929394959697"
    "9899";

char *
csv_put_number(char *out, int64_t number)
{
    uint64_t left = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    if (number < 0) {
        *out++ = '-';
    }
    char digits[24];
    char *end = digits + sizeof digits;
    char *first = end;
    while (left >= 100) {
        first -= 2;
        memcpy(first, pairs + 2 * (left % 100), 2);
        left /= 100;
    }
    first -= 2;
    memcpy(first, pairs + 2 * left, 2);
    first += left < 10 ? 1 : 0;
    size_t count = (size_t)(end - first);
    memcpy(out, first, count);
    return out + count;
}
