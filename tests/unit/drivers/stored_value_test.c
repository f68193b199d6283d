/* What blocks of cards mean, against published dumps (tests/fixtures/cards). */
#include "drivers/stored_value/stored_value.h"

#include "common/bytes/buffer.h"
#include "common/bytes/encoding.h"
#include "common/json/reader.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { FIXTURE_MAX_BYTES = 64 * 1024 };

static const char *
text_of(const struct json_value *row, const char *key)
{
    const char *text;
    assert_int_equal(json_get_text(row, key, 200, &text, NULL), STATUS_OK);
    return text;
}

static int64_t
number_of(const struct json_value *row, const char *key)
{
    int64_t number;
    assert_int_equal(json_get_int(row, key, -1, 1000000, &number, NULL), STATUS_OK);
    return number;
}

static enum stored_value_scheme
scheme_of(const struct json_value *row)
{
    for (int i = 0; i < STORED_VALUE_SCHEMES; i++) {
        if (strcmp(stored_value_word((enum stored_value_scheme)i), text_of(row, "scheme")) == 0) {
            return (enum stored_value_scheme)i;
        }
    }
    fail_msg("scheme %s", text_of(row, "scheme"));
    return STORED_VALUE_TRANSIT;
}

static void
block_of(const struct json_value *row, uint8_t out[FELICA_BLOCK_SIZE])
{
    const char *text = text_of(row, "block");
    assert_int_equal(hex_decode(out, FELICA_BLOCK_SIZE, text, strlen(text)), STATUS_OK);
}

static struct json_value *
load_fixture(void)
{
    struct buffer text;
    struct json_value *fixture = NULL;
    buffer_init(&text, FIXTURE_MAX_BYTES);
    assert_int_equal(buffer_read_file(&text, MADOGUCHI_SOURCE_DIR "/tests/fixtures/cards/blocks.json", NULL),
                     STATUS_OK);
    assert_int_equal(json_parse(&fixture, buffer_text(&text), text.length, NULL), STATUS_OK);
    buffer_finish(&text);
    return fixture;
}

/* WAON keeps its uses in every second block. */
static enum status
read_use(struct stored_value *out, enum stored_value_scheme scheme, const uint8_t block[FELICA_BLOCK_SIZE])
{
    uint8_t history[2 * FELICA_BLOCK_SIZE] = {0};
    const size_t place = scheme == STORED_VALUE_WAON ? 1 : 0;
    memcpy(history + place * FELICA_BLOCK_SIZE, block, FELICA_BLOCK_SIZE);
    return stored_value_read(out, scheme, NULL, history, place + 1, NULL);
}

static void
published_uses_mean_what_was_published_with_them(void **state)
{
    (void)state;
    static const char *const kinds[] = {
        [STORED_VALUE_PAID] = "paid", [STORED_VALUE_CHARGED] = "charged", [STORED_VALUE_OTHER] = "other"};
    struct json_value *fixture = load_fixture();
    size_t count = 0;
    for (const struct json_value *row = json_first(json_member(fixture, "blocks")); row != NULL; row = json_next(row)) {
        uint8_t block[FELICA_BLOCK_SIZE];
        struct stored_value value;
        char date[16], time[8] = "";
        block_of(row, block);
        assert_int_equal(read_use(&value, scheme_of(row), block), STATUS_OK);
        assert_int_equal(value.use_count, 1);
        const struct stored_value_use *use = &value.uses[0];
        snprintf(date, sizeof date, "%04u-%02u-%02u", use->year % 10000, use->month % 100, use->day % 100);
        if (use->has_time) {
            snprintf(time, sizeof time, "%02u:%02u", use->hour % 100, use->minute % 100);
        }
        assert_string_equal(date, text_of(row, "date"));
        assert_string_equal(time, text_of(row, "time"));
        assert_string_equal(kinds[use->kind], text_of(row, "kind"));
        assert_int_equal(use->amount_yen, number_of(row, "amount"));
        assert_int_equal(use->balance_yen, number_of(row, "balance"));
        assert_int_equal(value.balance_yen, use->balance_yen);
        count++;
    }
    assert_int_equal(count, 12);
    json_free(fixture);
}

static void
published_balances_mean_what_was_published_with_them(void **state)
{
    (void)state;
    struct json_value *fixture = load_fixture();
    for (const struct json_value *row = json_first(json_member(fixture, "balances")); row != NULL;
         row = json_next(row)) {
        uint8_t block[FELICA_BLOCK_SIZE];
        struct stored_value value;
        block_of(row, block);
        assert_int_equal(stored_value_read(&value, scheme_of(row), block, NULL, 0, NULL), STATUS_OK);
        assert_int_equal(value.balance_yen, number_of(row, "balance"));
    }
    json_free(fixture);
}

static void
a_balance_that_no_card_can_hold_is_refused(void **state)
{
    (void)state;
    static const uint8_t block[FELICA_BLOCK_SIZE] = {0xFF, 0xFF, 0xFF, 0xFF};
    struct stored_value value;
    assert_int_equal(stored_value_read(&value, STORED_VALUE_EDY, block, NULL, 0, NULL), STATUS_INVALID);
    assert_int_equal(stored_value_read(&value, STORED_VALUE_NANACO, block, NULL, 0, NULL), STATUS_INVALID);
    assert_int_equal(stored_value_read(&value, STORED_VALUE_WAON, block, NULL, 0, NULL), STATUS_INVALID);
}

static void
without_balance_and_uses_there_is_no_value(void **state)
{
    (void)state;
    static const uint8_t empty[FELICA_BLOCK_SIZE] = {0};
    for (int i = 0; i < STORED_VALUE_SCHEMES; i++) {
        struct stored_value value;
        assert_int_equal(read_use(&value, (enum stored_value_scheme)i, empty), STATUS_INVALID);
    }
}

static void
uses_on_days_that_never_were_are_passed_over(void **state)
{
    (void)state;
    /* the thirteenth month; second 86,400 of a day; minute 63 */
    static const uint8_t transit[] = {0x16, 0x01, 0, 0, 0x0F, 0xB8, 0, 0, 0, 0, 0x2E, 0x22, 0, 0, 0, 0};
    static const uint8_t edy[] = {0x20, 0, 0, 1, 0x38, 0x63, 0x51, 0x80, 0, 0, 0, 1, 0, 0, 0, 1};
    static const uint8_t nanaco[] = {0x47, 0, 0, 4, 0x41, 0, 0, 1, 0x6B, 2, 0x86, 0x71, 0x3F, 0, 0x13, 0};
    struct stored_value value;
    assert_int_equal(read_use(&value, STORED_VALUE_TRANSIT, transit), STATUS_INVALID);
    assert_int_equal(read_use(&value, STORED_VALUE_EDY, edy), STATUS_INVALID);
    assert_int_equal(read_use(&value, STORED_VALUE_NANACO, nanaco), STATUS_INVALID);
}

static void
a_sale_at_a_shop_has_a_time_where_a_ride_has_stations(void **state)
{
    (void)state;
    static const uint8_t shop[] = {0xC7, 0x46, 0, 0, 0x34, 0xB6, 0x83, 0xC0, 0, 0, 0x2E, 0x22, 0, 0, 0, 0};
    struct stored_value value;
    assert_int_equal(read_use(&value, STORED_VALUE_TRANSIT, shop), STATUS_OK);
    assert_true(value.uses[0].has_time);
    assert_int_equal(value.uses[0].hour, 16);
    assert_int_equal(value.uses[0].minute, 30);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_uses_mean_what_was_published_with_them),
        cmocka_unit_test(published_balances_mean_what_was_published_with_them),
        cmocka_unit_test(a_balance_that_no_card_can_hold_is_refused),
        cmocka_unit_test(without_balance_and_uses_there_is_no_value),
        cmocka_unit_test(uses_on_days_that_never_were_are_passed_over),
        cmocka_unit_test(a_sale_at_a_shop_has_a_time_where_a_ride_has_stations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
