/* Finds card numbers, so that they can be refused or scrubbed, and leaves alone what only looks like one.
 *
 * A check digit alone proves little: every tenth number passes, and a till's lines are full of long numbers. So a card
 * number must also begin as payment cards do and be written as they are, in one piece or in the groups of a card. Ids
 * (UUIDs) and hashes are stepped over; a receipt number (KO-01-20261122-0001) has the groups of no card. */
#include "common/log/log.h"

#include <string.h>

enum {
    CARD_DIGITS_MIN = 13, /* ISO/IEC 7812 */
    CARD_DIGITS_MAX = 19,
    CARD_DIGITS_SHOWN = 4,
    GROUPS_MAX = 5
};

/* How cards, terminals and files write a number in groups; the longest of each beginning first. */
static const unsigned char layouts[][GROUPS_MAX] = {
    {4, 4, 4, 4, 3}, {4, 4, 4, 4, 2}, {4, 4, 4, 4, 1}, {4, 4, 4, 4}, /* most brands; a rest for 17–19 digits */
    {4, 6, 5},                                                       /* American Express */
    {4, 6, 4},                                                       /* Diners Club */
    {6, 13},         {6, 10},                                        /* issuer, then account: 銀聯 and files */
};

struct group {
    size_t start;
    size_t length;
};

static bool
is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static bool
is_hex(char byte)
{
    return is_digit(byte) || (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F');
}

static bool
is_alphanumeric(char byte)
{
    return is_digit(byte) || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

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

/* 3–6: American Express, JCB, Diners, Visa, Mastercard, 銀聯, Discover, Maestro; 2221–2720: Mastercard. Times and dates
 * of our days begin with 1 and 20. */
static bool
begins_as_a_card(const char *digits)
{
    int head = (digits[0] - '0') * 1000 + (digits[1] - '0') * 100 + (digits[2] - '0') * 10 + (digits[3] - '0');
    return (digits[0] >= '3' && digits[0] <= '6') || (head >= 2221 && head <= 2720);
}

/* Length of the word (letters and digits) at TEXT that is a SHA-256 or an Ed25519 signature as our programs write them,
 * or of the UUID there; 0 for anything else. */
static size_t
reference_length(const char *text, size_t length)
{
    enum { HASH_LENGTH = 64, SIGNATURE_LENGTH = 128, UUID_LENGTH = 36 };
    size_t word = 0;
    bool is_lower_hex = true;
    while (word < length && is_alphanumeric(text[word])) {
        is_lower_hex = is_lower_hex && is_hex(text[word]) && !(text[word] >= 'A' && text[word] <= 'F');
        word++;
    }
    if (is_lower_hex && (word == HASH_LENGTH || word == SIGNATURE_LENGTH)) {
        return word;
    }
    if (length < UUID_LENGTH || (length > UUID_LENGTH && is_alphanumeric(text[UUID_LENGTH]))) {
        return 0;
    }
    for (size_t i = 0; i < UUID_LENGTH; i++) {
        bool is_hyphen_place = i == 8 || i == 13 || i == 18 || i == 23;
        if (is_hyphen_place ? text[i] != '-' : !is_hex(text[i])) {
            return 0;
        }
    }
    return UUID_LENGTH;
}

/* The runs of digits from START, a single space or hyphen between them. Returns how many there are, at most GROUPS_MAX.
 */
static size_t
read_groups(const char *text, size_t length, size_t start, struct group groups[GROUPS_MAX])
{
    size_t count = 0;
    size_t at = start;
    while (count < GROUPS_MAX && at < length && is_digit(text[at])) {
        struct group *group = &groups[count++];
        group->start = at;
        while (at < length && is_digit(text[at])) {
            at++;
        }
        group->length = at - group->start;
        at += at < length && (text[at] == ' ' || text[at] == '-') ? 1 : 0;
    }
    return count;
}

static size_t
digits_in(const struct group *groups, size_t count)
{
    size_t digits = 0;
    for (size_t i = 0; i < count; i++) {
        digits += groups[i].length;
    }
    return digits;
}

/* Whether the first COUNT groups, which have a card's layout, hold a card number. */
static bool
is_card_number(const char *text, const struct group *groups, size_t count)
{
    char digits[CARD_DIGITS_MAX];
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        memcpy(digits + used, text + groups[i].start, groups[i].length);
        used += groups[i].length;
    }
    return begins_as_a_card(digits) && is_luhn_valid(digits, used);
}

/* How many of the COUNT groups make a card number from the first on; 0 when none do. */
static size_t
groups_of_card(const char *text, const struct group *groups, size_t count)
{
    bool is_one_piece = groups[0].length >= CARD_DIGITS_MIN && groups[0].length <= CARD_DIGITS_MAX;
    if (is_one_piece) {
        return is_card_number(text, groups, 1) ? 1 : 0;
    }
    for (size_t i = 0; i < sizeof layouts / sizeof layouts[0]; i++) {
        size_t matching = 0;
        while (matching < count && groups[matching].length == layouts[i][matching]) {
            matching++;
        }
        bool is_whole = matching > 0 && (matching == GROUPS_MAX || layouts[i][matching] == 0);
        if (is_whole && is_card_number(text, groups, matching)) {
            return matching;
        }
    }
    return 0;
}

static void
mask(char *text, const struct group *groups, size_t count)
{
    size_t left = digits_in(groups, count);
    for (size_t i = 0; i < count; i++) {
        for (size_t at = groups[i].start; at < groups[i].start + groups[i].length && left > CARD_DIGITS_SHOWN; at++) {
            text[at] = 'x';
            left--;
        }
    }
}

/* Counts the card numbers in TEXT; when MASKED is not NULL (it is TEXT), covers them. */
static size_t
walk_card_numbers(const char *text, size_t length, char *masked)
{
    size_t found = 0;
    size_t at = 0;
    while (at < length) {
        bool begins_word = is_hex(text[at]) && (at == 0 || !is_alphanumeric(text[at - 1]));
        size_t reference = begins_word ? reference_length(text + at, length - at) : 0;
        if (reference > 0 || !is_digit(text[at])) {
            at += reference > 0 ? reference : 1;
            continue;
        }
        struct group groups[GROUPS_MAX];
        size_t count = read_groups(text, length, at, groups);
        size_t of_card = groups_of_card(text, groups, count);
        if (of_card > 0) {
            found++;
            if (masked != NULL) {
                mask(masked, groups, of_card);
            }
        }
        const struct group *last = &groups[of_card > 0 ? of_card - 1 : 0];
        at = last->start + last->length;
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

/* The digit at *TEXT, ASCII or full-width (U+FF10 to U+FF19), as a character, and *TEXT behind it; 0 and one byte on
 * for anything else. */
static char
take_digit(const char **text)
{
    const unsigned char *bytes = (const unsigned char *)*text;
    if (is_digit(**text)) {
        return *(*text)++;
    }
    if (bytes[0] == 0xef && bytes[1] == 0xbc && bytes[2] >= 0x90 && bytes[2] <= 0x99) {
        *text += 3;
        return (char)('0' + bytes[2] - 0x90);
    }
    (*text)++;
    return '\0';
}

bool
card_digits_are_present(const char *text)
{
    char digits[CARD_DIGITS_MAX];
    size_t count = 0; /* of the digits since the last letter; beyond CARD_DIGITS_MAX they are no card's */
    bool is_known_reference = reference_length(text, strlen(text)) > 0;
    while (!is_known_reference) {
        const bool ends_run = is_alphanumeric(*text) && !is_digit(*text);
        if (*text == '\0' || ends_run) {
            if (count >= CARD_DIGITS_MIN && count <= CARD_DIGITS_MAX && begins_as_a_card(digits) &&
                is_luhn_valid(digits, count)) {
                return true;
            }
            count = 0;
        }
        if (*text == '\0') {
            break;
        }
        const char digit = take_digit(&text);
        if (digit != '\0') {
            if (count < CARD_DIGITS_MAX) {
                digits[count] = digit;
            }
            count++;
        }
    }
    return false;
}
