/* Digits into places, and the check over them. */
#include "pos/tickets/ticket_number.h"

#include <stdio.h>
#include <string.h>

/* 2020-01-01T00:00:00+09:00 */
#define EPOCH_MS INT64_C(1577804400000)
#define MINUTE_MS INT64_C(60000)
#define MINUTES_LIMIT INT64_C(100000000) /* eight digits: 190 years */

enum { CHECKED_DIGITS = TICKET_DIGITS - 2 };

/* FNV-1a: stable for ever, and spread enough for a mark. */
static unsigned
mark(const char *text, unsigned limit)
{
    uint32_t hash = 2166136261u;
    for (; *text != '\0'; text++) {
        hash = (hash ^ (unsigned char)*text) * 16777619u;
    }
    return hash % limit;
}

unsigned
ticket_item_mark(const char *item)
{
    return mark(item, 1000);
}

unsigned
ticket_terminal_mark(const char *terminal)
{
    return mark(terminal, 10000);
}

/* The two digits that make the whole number 1 modulo 97. */
static unsigned
check_of(const char *digits)
{
    unsigned remainder = 0;
    for (int i = 0; i < CHECKED_DIGITS; i++) {
        remainder = (remainder * 10 + (unsigned)(digits[i] - '0')) % 97;
    }
    return 98 - remainder * 100 % 97;
}

enum status
ticket_number_write(const struct ticket_number *number, char out[TICKET_NUMBER_SIZE], struct error_detail *err)
{
    const int64_t minutes = (number->entered_ms - EPOCH_MS) / MINUTE_MS;
    if (number->entered_ms < EPOCH_MS || minutes >= MINUTES_LIMIT || number->serial < 1 ||
        number->serial > TICKET_SERIAL_MAX) {
        error_set(err, "ticket_time", "この端末の時計が正しくありません。日時を合わせてから発券してください。");
        return STATUS_INVALID;
    }
    snprintf(out, TICKET_NUMBER_SIZE, "71%08lld%03u%04u%05u", (long long)minutes, number->item_mark % 1000,
             number->terminal_mark % 10000, number->serial);
    snprintf(out + CHECKED_DIGITS, 3, "%02u", check_of(out));
    return STATUS_OK;
}

bool
ticket_number_is_likely(const char *text)
{
    return strlen(text) == TICKET_DIGITS && strspn(text, "0123456789") == TICKET_DIGITS && memcmp(text, "71", 2) == 0;
}

static int64_t
digits_at(const char *text, int from, int count)
{
    int64_t value = 0;
    for (int i = from; i < from + count; i++) {
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

enum status
ticket_number_read(const char *text, struct ticket_number *out, struct error_detail *err)
{
    if (!ticket_number_is_likely(text)) {
        error_set(err, "not_a_ticket", "駐車券・入場券の番号ではありません。券のバーコードを読み取ってください。");
        return STATUS_INVALID;
    }
    *out = (struct ticket_number){
        .entered_ms = EPOCH_MS + digits_at(text, 2, 8) * MINUTE_MS,
        .item_mark = (unsigned)digits_at(text, 10, 3),
        .terminal_mark = (unsigned)digits_at(text, 13, 4),
        .serial = (unsigned)digits_at(text, 17, 5),
    };
    if ((unsigned)digits_at(text, CHECKED_DIGITS, 2) != check_of(text) || out->serial == 0) {
        error_set(err, "ticket_misread", "券の番号を正しく読み取れませんでした。もう一度読み取ってください。");
        return STATUS_INVALID;
    }
    return STATUS_OK;
}
