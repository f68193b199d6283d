/* Codes of QR payments: the published ones, our own, and what is none. */
#include "common/bytes/buffer.h"
#include "common/json/reader.h"
#include "pos/codes/citizen_code.h"
#include "pos/codes/classify.h"
#include "pos/codes/crc16.h"
#include "pos/codes/merchant_code.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The cases of GROUP in tests/fixtures/codes/published.json; the document is freed at exit. */
static const struct json_value *
published(const char *group)
{
    static struct json_value *document;
    const struct json_value *object, *cases;
    struct error_detail err;
    if (document == NULL) {
        struct buffer text;
        buffer_init(&text, 64 * 1024);
        assert_int_equal(buffer_read_file(&text, MADOGUCHI_SOURCE_DIR "/tests/fixtures/codes/published.json", &err),
                         STATUS_OK);
        assert_int_equal(json_parse(&document, buffer_text(&text), text.length, &err), STATUS_OK);
        buffer_finish(&text);
    }
    assert_int_equal(json_get_object(document, group, &object, &err), STATUS_OK);
    assert_int_equal(json_get_array(object, "cases", &cases, &err), STATUS_OK);
    return json_first(cases);
}

static void
published_checks_are_computed(void **state)
{
    (void)state;
    for (const struct json_value *row = published("crc16"); row != NULL; row = json_next(row)) {
        const char *text, *check;
        char computed[5];
        assert_true(json_as_text(json_element(row, 0), &text) && json_as_text(json_element(row, 1), &check));
        snprintf(computed, sizeof computed, "%04X", crc16_ccitt_false(text, strlen(text)));
        assert_string_equal(computed, check);
    }
}

static void
published_merchant_codes_are_read(void **state)
{
    (void)state;
    for (const struct json_value *row = published("merchant"); row != NULL; row = json_next(row)) {
        const char *payload;
        bool is_jpqr;
        struct merchant_code code;
        struct error_detail err = {0};
        assert_int_equal(json_get_text(row, "payload", 4096, &payload, &err), STATUS_OK);
        assert_int_equal(json_get_bool(row, "jpqr", &is_jpqr, &err), STATUS_OK);
        assert_int_equal(merchant_code_read(&code, payload, strlen(payload), &err), STATUS_OK);
        assert_int_equal(code.is_jpqr, is_jpqr);
    }
}

static void
a_length_counts_characters_and_the_check_counts_bytes(void **state)
{
    (void)state;
    const char *payload;
    struct merchant_code code;
    struct error_detail err;
    assert_int_equal(json_get_text(published("merchant"), "payload", 4096, &payload, &err), STATUS_OK);
    assert_int_equal(merchant_code_read(&code, payload, strlen(payload), &err), STATUS_OK);
    assert_string_equal(code.local_name, "メルペイ カフェ");
    assert_string_equal(code.postal_code, "1066143");
    assert_string_equal(code.jpqr_levels[0], "0000000000001");
    assert_int_equal(code.account_count, 3);
}

/* PAYLOAD with its CRC made right; the four characters after 6304 are written. */
static enum status
read_with_crc(char *payload, struct merchant_code *code, struct error_detail *err)
{
    const size_t length = strlen(payload);
    char check[5];
    snprintf(check, sizeof check, "%04X", crc16_ccitt_false(payload, length - 4));
    memcpy(payload + length - 4, check, 4);
    return merchant_code_read(code, payload, length, err);
}

static void
any_wrong_character_of_a_merchant_code_is_noticed(void **state)
{
    (void)state;
    const char *published_payload;
    struct merchant_code code;
    struct error_detail err;
    assert_int_equal(json_get_text(published("merchant"), "payload", 4096, &published_payload, &err), STATUS_OK);
    const size_t length = strlen(published_payload);
    char *payload = malloc(length + 1);
    for (size_t i = 0; i < length; i++) {
        memcpy(payload, published_payload, length + 1);
        payload[i] = payload[i] == '7' ? '8' : '7';
        assert_int_not_equal(merchant_code_read(&code, payload, length, &err), STATUS_OK);
        memcpy(payload, published_payload, length + 1);
        payload[i] = '\0';
        assert_int_not_equal(merchant_code_read(&code, payload, i, &err), STATUS_OK);
    }
    free(payload);
}

static void
codes_that_break_a_rule_are_refused_although_their_check_is_right(void **state)
{
    (void)state;
    char cases[][160] = {
        "000201010211520441115802JP5303392540345054034506304XXXX", /* 54 twice */
        "00020101021126040199520441116304XXXX",                    /* a template without its network */
        "000201010213520441116304XXXX",                            /* neither poster nor dynamic */
        "000201010211529941116304XXXX",                            /* 99 characters that are not there */
        "0002010102118004AAAA6304XXXX",                            /* an unreserved template, malformed */
        "00020101021126680019jp.or.paymentsjapan011300000000000010204000103060000010406000001"
        "5303156520441115802JP61071066143"
        "64060002JA6304XXXX", /* JPQR in another currency */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct merchant_code code;
        struct error_detail err = {0};
        assert_int_equal(read_with_crc(cases[i], &code, &err), STATUS_INVALID);
        assert_true(strlen(err.message) > 0);
    }
}

static struct merchant_code
counter_code(void)
{
    struct merchant_code code = {
        .is_dynamic = true,
        .category = "9399",
        .currency = "392",
        .amount = "3450",
        .country = "JP",
        .name = "KORIYAMA CITY HALL",
        .city = "KORIYAMA",
        .postal_code = "9638601",
        .reference_label = "KO-01-20261122-0001",
        .terminal_label = "KO-01",
        .language = "JA",
        .local_name = "郡山市役所 市民課",
        .is_jpqr = true,
        .jpqr_levels = {"0000000000010", "0001", "000001", "000001"},
    };
    return code;
}

static void
a_code_that_we_write_reads_back_with_its_amount(void **state)
{
    (void)state;
    const struct merchant_code code = counter_code();
    struct merchant_code again;
    struct buffer payload;
    struct error_detail err = {0};
    int64_t amount_yen = 0;
    buffer_init(&payload, MERCHANT_CODE_MAX_BYTES);
    assert_int_equal(merchant_code_write(&code, &payload, &err), STATUS_OK);
    assert_int_equal(merchant_code_read(&again, buffer_text(&payload), payload.length, &err), STATUS_OK);
    assert_true(again.is_dynamic && again.is_jpqr);
    assert_true(merchant_code_amount_yen(&again, &amount_yen));
    assert_int_equal(amount_yen, 3450);
    assert_string_equal(again.local_name, code.local_name);
    assert_string_equal(again.reference_label, code.reference_label);
    buffer_finish(&payload);
}

static void
an_incomplete_code_is_not_written(void **state)
{
    (void)state;
    struct merchant_code code = counter_code();
    struct buffer payload;
    struct error_detail err = {0};
    buffer_init(&payload, MERCHANT_CODE_MAX_BYTES);
    code.postal_code[0] = '\0';
    assert_int_equal(merchant_code_write(&code, &payload, &err), STATUS_INVALID);
    assert_non_null(strstr(err.message, "61"));
    assert_int_equal(payload.length, 0);
    buffer_finish(&payload);
}

static void
published_citizen_codes_are_read_except_the_one_without_an_application(void **state)
{
    (void)state;
    size_t read = 0, refused = 0;
    for (const struct json_value *row = published("citizen"); row != NULL; row = json_next(row)) {
        static struct citizen_code code;
        const char *text;
        struct error_detail err = {0};
        assert_true(json_as_text(row, &text));
        if (citizen_code_read(&code, text, strlen(text), &err) == STATUS_OK) {
            read++;
        } else {
            refused++;
            assert_string_equal(err.code, "no_application");
        }
    }
    assert_int_equal(read, 4);
    assert_int_equal(refused, 1);
}

static void
what_can_pay_is_never_in_the_text_of_a_field(void **state)
{
    (void)state;
    for (const struct json_value *row = published("citizen"); row != NULL; row = json_next(row)) {
        static struct citizen_code code;
        static char shown[CITIZEN_FIELD_TEXT_SIZE];
        const char *text;
        struct error_detail err;
        assert_true(json_as_text(row, &text));
        if (citizen_code_read(&code, text, strlen(text), &err) != STATUS_OK) {
            continue;
        }
        for (size_t i = 0; i < code.field_count; i++) {
            citizen_field_text(&code.fields[i], shown);
            assert_null(strstr(shown, "1234567890"));
            assert_null(strstr(shown, "87654321"));
            assert_null(strstr(shown, "CARDHOLDER"));
        }
    }
}

static void
a_citizen_code_cut_anywhere_is_refused_or_still_sound(void **state)
{
    (void)state;
    const char *text;
    assert_true(json_as_text(published("citizen"), &text));
    for (size_t length = 0; length < strlen(text); length++) {
        static struct citizen_code code;
        struct error_detail err;
        if (citizen_code_read(&code, text, length, &err) == STATUS_OK) {
            assert_non_null(citizen_code_field(&code, 0x61));
        }
    }
}

static const struct code_prefix table[] = {
    {"90008181", 22, 24, "paypay"}, {"900001", 16, 16, "rakutenpay"}, {"31589900", 19, 19, "merpay"},
    {"31589921", 19, 19, "aupay"},  {"25", 16, 24, "alipay"},         {"2550", 16, 24, "twin-a"},
    {"2550", 16, 24, "twin-b"},
};

static struct classification
classify(const char *text)
{
    struct classification result;
    classify_code(text, strlen(text), table, sizeof table / sizeof table[0], &result);
    return result;
}

static void
the_longest_prefix_of_the_right_length_names_the_brand(void **state)
{
    (void)state;
    const struct classification paypay = classify("900081810000000000000017");
    assert_int_equal(paypay.kind, SCANNED_BARCODE);
    assert_int_equal(paypay.candidate_count, 1);
    assert_string_equal(paypay.candidates[0], "paypay");
    assert_string_equal(classification_advice(&paypay), "");
    assert_string_equal(classify("2811111111111111").candidate_count == 0 ? "none" : "some", "none");
    assert_string_equal(classify("2511111111111111").candidates[0], "alipay");
    assert_int_equal(classify("9000818100").candidate_count, 0); /* too short for PayPay */
}

static void
a_code_that_fits_two_brands_is_not_guessed(void **state)
{
    (void)state;
    const struct classification both = classify("2550111111111111");
    assert_int_equal(both.candidate_count, 2);
    assert_non_null(strstr(classification_advice(&both), "区別できません"));
}

static void
a_shops_code_garbage_and_other_codes_are_told_apart(void **state)
{
    (void)state;
    assert_int_equal(classify("hQVKUFFSMWElTwgxMjM0NTY3OA==").kind, SCANNED_JPQR);
    assert_int_equal(classify("hQVDUFYwMWEa").kind, SCANNED_EMV);
    assert_int_equal(classify("00020101021126680019jp.or.paymentsjapan").kind, SCANNED_MERCHANT_CODE);
    const char *none[] = {"", "https://example.com/", "KO-01-20261122-0001", "hQVKUFF", "9000 8181", "４９"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        const struct classification result = classify(none[i]);
        assert_int_equal(result.kind, SCANNED_NOTHING_KNOWN);
        assert_true(strlen(classification_advice(&result)) > 0);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_checks_are_computed),
        cmocka_unit_test(published_merchant_codes_are_read),
        cmocka_unit_test(a_length_counts_characters_and_the_check_counts_bytes),
        cmocka_unit_test(any_wrong_character_of_a_merchant_code_is_noticed),
        cmocka_unit_test(codes_that_break_a_rule_are_refused_although_their_check_is_right),
        cmocka_unit_test(a_code_that_we_write_reads_back_with_its_amount),
        cmocka_unit_test(an_incomplete_code_is_not_written),
        cmocka_unit_test(published_citizen_codes_are_read_except_the_one_without_an_application),
        cmocka_unit_test(what_can_pay_is_never_in_the_text_of_a_field),
        cmocka_unit_test(a_citizen_code_cut_anywhere_is_refused_or_still_sound),
        cmocka_unit_test(the_longest_prefix_of_the_right_length_names_the_brand),
        cmocka_unit_test(a_code_that_fits_two_brands_is_not_guessed),
        cmocka_unit_test(a_shops_code_garbage_and_other_codes_are_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
