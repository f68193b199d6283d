/* Finds card numbers by their check digit, so that they can be refused or scrubbed. */
#include "common/log/log.h"

#include <string.h>

enum {
    CARD_DIGITS_MIN = 13, /* ISO/IEC 7812 */
    CARD_DIGITS_MAX = 19
};

/* Luhn (ISO/IEC 7812-1 annex B) over COUNT digits. */
static bool
is_luhn_valid(const char *digits, size_t count)
{
    unsigned sum = 0;
    for (size_t i = 0; i < count; i++) {
        unsigned digit = (unsigned)(digits[count - 1 - i] - '0');
        if (i % 2 == 1) {
            digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
        }
        sum += digit;
    }
    return sum % 10 == 0;
}

static bool
is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/* A run of digits from *START: single spaces or hyphens may stand between them. Its digits and places go to DIGITS and
 * PLACES (as many as fit); *OUT_END is behind it. Returns how many digits it has in all. */
static size_t
read_run(const char *text, size_t length, size_t start, char *digits, size_t *places, size_t *out_end)
{
    size_t count = 0;
    size_t at = start;
    size_t end = start;
    while (at < length) {
        if (is_digit(text[at])) {
            if (count <= CARD_DIGITS_MAX) {
                digits[count] = text[at];
                places[count] = at;
            }
            count += count <= CARD_DIGITS_MAX ? 1 : 0;
            at++;
            end = at;
        } else if ((text[at] == ' ' || text[at] == '-') && at + 1 < length && is_digit(text[at + 1])) {
            at++;
        } else {
            break;
        }
    }
    *out_end = end;
    return count;
}

/* Calls for each card number in TEXT; when MASKED is not NULL (it is TEXT), covers it. A run longer than 19 digits is
 * no card number (a reference, a UUID's digits). An all-zero run is a filler, not a number. */
static size_t
walk_card_numbers(const char *text, size_t length, char *masked)
{
    size_t found = 0;
    size_t at = 0;
    while (at < length) {
        if (!is_digit(text[at])) {
            at++;
            continue;
        }
        char digits[CARD_DIGITS_MAX + 1];
        size_t places[CARD_DIGITS_MAX + 1];
        size_t end;
        size_t count = read_run(text, length, at, digits, places, &end);
        bool is_card = count >= CARD_DIGITS_MIN && count <= CARD_DIGITS_MAX && is_luhn_valid(digits, count) &&
                       memcmp(digits, "0000000000000000000", count) != 0;
        if (is_card) {
            found++;
            for (size_t i = 0; masked != NULL && i + 4 < count; i++) {
                masked[places[i]] = 'x';
            }
        }
        at = end;
    }
    return found;
}

size_t
card_numbers_scrub(char *text)
{
    return walk_card_numbers(text, strlen(text), text);
}

bool
card_number_is_present(const char *text, size_t length)
{
    return walk_card_numbers(text, length, NULL) > 0;
}
