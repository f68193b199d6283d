/* The grammar of RFC 8259, by recursive descent. cJSON reads more than JSON (control characters as white space and in
 * strings, "01", "1.", "\u0000" and "\uZZZZ" as the end of a string), so a text must pass here before it goes there. */
#include "common/json/syntax.h"

#include <stdint.h>
#include <string.h>

enum {
    NUMBER_MAX_BYTES = 63 /* cJSON's own buffer */
};

struct scanner {
    const char *text;
    size_t length;
    size_t at;
    unsigned depth_left;
    const char *what; /* NULL until something is wrong */
};

static bool
fail(struct scanner *scanner, const char *what)
{
    scanner->what = what;
    return false;
}

/* The byte at the place, or NUL at the end; a NUL in the text is wrong wherever it stands. */
static char
peek(const struct scanner *scanner)
{
    return scanner->at < scanner->length ? scanner->text[scanner->at] : '\0';
}

static bool
take(struct scanner *scanner, char wanted)
{
    if (scanner->at < scanner->length && scanner->text[scanner->at] == wanted) {
        scanner->at++;
        return true;
    }
    return false;
}

static void
skip_space(struct scanner *scanner)
{
    while (peek(scanner) == ' ' || peek(scanner) == '\t' || peek(scanner) == '\n' || peek(scanner) == '\r') {
        scanner->at++;
    }
}

static size_t
skip_digits(struct scanner *scanner)
{
    size_t start = scanner->at;
    while (peek(scanner) >= '0' && peek(scanner) <= '9') {
        scanner->at++;
    }
    return scanner->at - start;
}

static bool
scan_number(struct scanner *scanner)
{
    size_t start = scanner->at;
    take(scanner, '-');
    if (!take(scanner, '0') && skip_digits(scanner) == 0) {
        return fail(scanner, "a number must have digits");
    }
    if (take(scanner, '.') && skip_digits(scanner) == 0) {
        return fail(scanner, "a fraction must have digits");
    }
    if (take(scanner, 'e') || take(scanner, 'E')) {
        if (!take(scanner, '+')) {
            take(scanner, '-');
        }
        if (skip_digits(scanner) == 0) {
            return fail(scanner, "an exponent must have digits");
        }
    }
    return scanner->at - start <= NUMBER_MAX_BYTES || fail(scanner, "the number is too long");
}

/* The four digits of a \u escape; −1 when they are not. */
static int32_t
take_hex4(struct scanner *scanner)
{
    int32_t value = 0;
    for (int i = 0; i < 4; i++) {
        char digit = peek(scanner);
        if (digit >= '0' && digit <= '9') {
            value = value * 16 + (digit - '0');
        } else if ((digit >= 'a' && digit <= 'f') || (digit >= 'A' && digit <= 'F')) {
            value = value * 16 + ((digit | 0x20) - 'a' + 10);
        } else {
            return -1;
        }
        scanner->at++;
    }
    return value;
}

static bool
is_between(int32_t value, int32_t first, int32_t last)
{
    return value >= first && value <= last;
}

/* Behind the backslash. */
static bool
scan_escape(struct scanner *scanner)
{
    if (!take(scanner, 'u')) {
        bool is_known = peek(scanner) != '\0' && strchr("\"\\/bfnrt", peek(scanner)) != NULL;
        scanner->at += is_known ? 1 : 0;
        return is_known || fail(scanner, "there is no such escape");
    }
    int32_t unit = take_hex4(scanner);
    if (unit < 0) {
        return fail(scanner, "\\u takes four hexadecimal digits");
    }
    if (unit == 0) {
        return fail(scanner, "a text must not hold a NUL");
    }
    if (is_between(unit, 0xDC00, 0xDFFF)) {
        return fail(scanner, "half a surrogate pair");
    }
    if (is_between(unit, 0xD800, 0xDBFF)) {
        bool has_low = take(scanner, '\\') && take(scanner, 'u') && is_between(take_hex4(scanner), 0xDC00, 0xDFFF);
        return has_low || fail(scanner, "half a surrogate pair");
    }
    return true;
}

static bool
scan_string(struct scanner *scanner)
{
    if (!take(scanner, '"')) {
        return fail(scanner, "a key in quotes is missing");
    }
    while (!take(scanner, '"')) {
        if ((unsigned char)peek(scanner) < 0x20) {
            return fail(scanner, scanner->at < scanner->length ? "a control character must be escaped"
                                                               : "the text ends inside a string");
        }
        if (take(scanner, '\\')) {
            if (!scan_escape(scanner)) {
                return false;
            }
        } else {
            scanner->at++;
        }
    }
    return true;
}

static bool
scan_word(struct scanner *scanner, const char *word)
{
    size_t length = strlen(word);
    if (scanner->length - scanner->at < length || memcmp(scanner->text + scanner->at, word, length) != 0) {
        return fail(scanner, "this is no JSON value");
    }
    scanner->at += length;
    return true;
}

static bool scan_value(struct scanner *scanner);

static bool
scan_member(struct scanner *scanner)
{
    skip_space(scanner);
    if (!scan_string(scanner)) {
        return false;
    }
    skip_space(scanner);
    return take(scanner, ':') ? scan_value(scanner) : fail(scanner, "a ':' is missing");
}

static bool
scan_container(struct scanner *scanner, bool is_object)
{
    if (scanner->depth_left == 0) {
        return fail(scanner, "nested too deep");
    }
    scanner->depth_left--;
    scanner->at++;
    skip_space(scanner);
    char closing = is_object ? '}' : ']';
    bool is_closed = take(scanner, closing);
    while (!is_closed) {
        if (!(is_object ? scan_member(scanner) : scan_value(scanner))) {
            return false;
        }
        skip_space(scanner);
        is_closed = take(scanner, closing);
        if (!is_closed && !take(scanner, ',')) {
            return fail(scanner, is_object ? "a ',' or '}' is missing" : "a ',' or ']' is missing");
        }
    }
    scanner->depth_left++;
    return true;
}

static bool
scan_value(struct scanner *scanner)
{
    skip_space(scanner);
    switch (peek(scanner)) {
    case '{':
        return scan_container(scanner, /* is_object= */ true);
    case '[':
        return scan_container(scanner, /* is_object= */ false);
    case '"':
        return scan_string(scanner);
    case 't':
        return scan_word(scanner, "true");
    case 'f':
        return scan_word(scanner, "false");
    case 'n':
        return scan_word(scanner, "null");
    default:
        break;
    }
    bool is_number = peek(scanner) == '-' || (peek(scanner) >= '0' && peek(scanner) <= '9');
    return is_number ? scan_number(scanner) : fail(scanner, "this is no JSON value");
}

bool
json_syntax_is_right(const char *text, size_t length, unsigned depth_max, size_t *out_offset, const char **out_what)
{
    struct scanner scanner = {.text = text, .length = length, .depth_left = depth_max};
    if (scan_value(&scanner)) {
        skip_space(&scanner);
        if (scanner.at == length) {
            return true;
        }
        scanner.what = "something follows the JSON value";
    }
    *out_offset = scanner.at;
    *out_what = scanner.what;
    return false;
}
