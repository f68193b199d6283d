/* What all schemes share: a use counts when its date exists and its sums are possible. */
#include "drivers/stored_value/schemes.h"

#include "common/clock/civil.h"

#include <assert.h>
#include <stddef.h>

static const struct stored_value_reader *const readers[] = {
    [STORED_VALUE_TRANSIT] = &transit_reader,
    [STORED_VALUE_EDY] = &edy_reader,
    [STORED_VALUE_NANACO] = &nanaco_reader,
    [STORED_VALUE_WAON] = &waon_reader,
};

uint32_t
big_endian(const uint8_t *bytes, size_t count)
{
    uint32_t number = 0;
    for (size_t i = 0; i < count; i++) {
        number = number << 8 | bytes[i];
    }
    return number;
}

uint32_t
little_endian(const uint8_t *bytes, size_t count)
{
    uint32_t number = 0;
    while (count-- > 0) {
        number = number << 8 | bytes[count];
    }
    return number;
}

uint32_t
bits_of(const uint8_t block[FELICA_BLOCK_SIZE], size_t first, size_t count)
{
    uint32_t number = 0;
    for (size_t bit = first; bit < first + count; bit++) {
        number = number << 1 | ((uint32_t)block[bit / 8] >> (7 - bit % 8) & 1);
    }
    return number;
}

const struct stored_value_layout *
stored_value_layout(enum stored_value_scheme scheme)
{
    return &readers[scheme]->layout;
}

const char *
stored_value_name(enum stored_value_scheme scheme)
{
    return readers[scheme]->name;
}

const char *
stored_value_word(enum stored_value_scheme scheme)
{
    return readers[scheme]->word;
}

static bool
is_possible(int64_t yen)
{
    return yen >= 0 && yen <= STORED_VALUE_MAX_YEN;
}

static bool
is_sound(const struct stored_value_use *use)
{
    const struct civil_date date = {.year = (int)use->year, .month = (int)use->month, .day = (int)use->day};
    return civil_date_is_valid(date) && (!use->has_time || (use->hour < 24 && use->minute < 60)) &&
           is_possible(use->balance_yen) && (use->amount_yen == -1 || is_possible(use->amount_yen));
}

enum status
stored_value_read(struct stored_value *out, enum stored_value_scheme scheme, const uint8_t balance[FELICA_BLOCK_SIZE],
                  const uint8_t *history, size_t history_count, struct error_detail *err)
{
    const struct stored_value_reader *reader = readers[scheme];
    struct stored_value value = {.scheme = scheme};
    assert(history_count <= STORED_VALUE_BLOCKS_MAX);
    for (size_t i = reader->first; i < history_count; i += reader->step) {
        struct stored_value_use use = {.amount_yen = -1};
        if (reader->use(history + i * FELICA_BLOCK_SIZE, &use) && is_sound(&use)) {
            value.uses[value.use_count++] = use;
        }
    }
    if (balance != NULL) {
        value.balance_yen = reader->balance(balance);
    } else {
        value.balance_yen = value.use_count > 0 ? value.uses[0].balance_yen : -1;
    }
    if (!is_possible(value.balance_yen)) {
        error_set(err, "card_balance", "%sの残高を読めませんでした。", reader->name);
        return STATUS_INVALID;
    }
    *out = value;
    return STATUS_OK;
}
