/* A till's masters over its life: signed, altered on the disk, damaged while it runs, cut anew by another program. */
#include "till_stage.h"

#include "common/bytes/encoding.h"
#include "common/signing/signing.h"
#include "pos/till/cases.h"
#include "pos/till/cash.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int
open_stage(void **state)
{
    struct till_stage *stage = malloc(sizeof *stage);
    till_stage_open(stage, till_stage_masters);
    *state = stage;
    return 0;
}

static int
close_stage(void **state)
{
    till_stage_close(*state);
    free(*state);
    return 0;
}

static void
execute(struct till_stage *stage, const char *sql)
{
    struct database *db = NULL;
    if (database_open(&db, stage->database, DATABASE_READ_WRITE, NULL, &stage->err) != STATUS_OK ||
        database_execute(db, sql, &stage->err) != STATUS_OK) {
        fail_msg("%s: %s", sql, stage->err.message);
    }
    database_close(db);
}

#define ALTER_PAGES                                                                                                    \
    "UPDATE masters_part SET bytes = CAST(replace(CAST(bytes AS TEXT), '\"price_yen\":450', '\"price_yen\":001') AS "  \
    "BLOB) WHERE part > 0 AND instr(bytes, CAST('\"price_yen\":450' AS BLOB))"
#define ALTER_HEAD                                                                                                     \
    "UPDATE masters_part SET bytes = CAST(replace(CAST(bytes AS TEXT), '公用', '悪用') AS BLOB) WHERE part = 0"
#define ALTER_DOCUMENT                                                                                                 \
    "UPDATE masters_document SET document = CAST(replace(CAST(document AS TEXT), '\"price_yen\":450',"                 \
    " '\"price_yen\":1') AS BLOB)"

/* What item b costs now; -1 when it is not sold. */
static int64_t
price_of_b(struct till_stage *stage)
{
    if (till_clear_basket(stage->till, &stage->err) != STATUS_OK ||
        till_add_item(stage->till, "b", 1, &stage->err) != STATUS_OK) {
        return -1;
    }
    const char *total = strstr(till_stage_state(stage), "\"total_yen\":");
    return total != NULL ? strtoll(total + strlen("\"total_yen\":"), NULL, 10) : -1;
}

static void
sign_in(struct till_stage *stage)
{
    if (till_sign_in(stage->till, "sato", "1111", &stage->err) != STATUS_OK) {
        fail_msg("%s", stage->err.message);
    }
}

static enum status
apply_version(struct till_stage *stage, int version, const char *signature)
{
    char *changed = strdup(stage->masters);
    char *at = strstr(changed, "\"version\":1,");
    at[strlen("\"version\":")] = (char)('0' + version);
    enum status status = till_clear_basket(stage->till, &stage->err);
    if (status == STATUS_OK) {
        status = till_apply_signed_masters(stage->till, changed, strlen(changed), signature, &stage->err);
    }
    free(changed);
    return status;
}

static int64_t
version_now(struct till_stage *stage)
{
    char sha256[SHA256_TEXT_SIZE];
    return till_masters_version(stage->till, sha256);
}

static void
a_start_sells_by_the_extract(void **state)
{
    struct till_stage *stage = *state;

    till_stage_reopen(stage);
    sign_in(stage);

    assert_int_equal(price_of_b(stage), 450);
}

static void
an_extract_altered_on_the_disk_is_cut_anew_from_the_document_without_a_network(void **state)
{
    static const char *const damages[] = {ALTER_HEAD, "DELETE FROM masters_part",
                                          "DELETE FROM masters_part WHERE part = 0"};
    struct till_stage *stage = *state;
    for (size_t i = 0; i < sizeof damages / sizeof damages[0]; i++) {
        int64_t lines = till_stage_query(stage, "SELECT MAX(sequence) FROM journal_line");
        execute(stage, damages[i]);

        till_stage_reopen(stage);

        assert_int_equal(version_now(stage), 1);
        assert_int_equal(till_stage_query(stage, "SELECT MAX(sequence) FROM journal_line"), lines);
        sign_in(stage);
        assert_int_equal(price_of_b(stage), 450);
    }
}

static void
an_altered_page_is_not_sold_by_and_is_asked_for_again(void **state)
{
    struct till_stage *stage = *state;
    char sha256[SHA256_TEXT_SIZE];
    execute(stage, ALTER_PAGES);
    till_stage_reopen(stage);
    sign_in(stage);

    assert_int_equal(price_of_b(stage), -1);
    assert_string_equal(stage->err.code, "masters_damaged");
    till_masters_version(stage->till, sha256);
    assert_string_equal(sha256, "");
    assert_int_equal(till_apply_masters(stage->till, stage->masters, strlen(stage->masters), &stage->err), STATUS_OK);
    assert_int_equal(price_of_b(stage), 450);
}

static void
nothing_is_sold_when_extract_and_document_are_altered(void **state)
{
    struct till_stage *stage = *state;
    execute(stage, ALTER_HEAD);
    execute(stage, ALTER_DOCUMENT);

    till_stage_reopen(stage);

    assert_int_equal(version_now(stage), 0);
    assert_int_equal(till_sign_in(stage->till, "sato", "1111", &stage->err), STATUS_REFUSED);
    assert_string_equal(stage->err.code, "no_masters"); /* and no PIN is counted */
    assert_int_equal(till_apply_masters(stage->till, stage->masters, strlen(stage->masters), &stage->err), STATUS_OK);
    sign_in(stage);
    assert_int_equal(price_of_b(stage), 450);
}

static void
a_till_of_before_there_were_extracts_makes_one_and_says_so(void **state)
{
    struct till_stage *stage = *state;
    execute(stage, "UPDATE masters_applied SET extract = NULL; DELETE FROM masters_part");
    int64_t lines = till_stage_query(stage, "SELECT MAX(sequence) FROM journal_line");

    till_stage_reopen(stage);

    assert_int_equal(version_now(stage), 1);
    assert_int_equal(
        till_stage_query(stage, "SELECT COUNT(*) FROM journal_line WHERE instr(line, CAST('masters.applied' AS BLOB))"),
        2);
    assert_int_equal(till_stage_query(stage, "SELECT MAX(sequence) FROM journal_line"), lines + 1);
    assert_int_equal(till_stage_query(stage, "SELECT COUNT(*) FROM masters_applied WHERE extract IS NOT NULL"), 1);
}

static void
new_masters_wait_for_the_basket_and_old_ones_go(void **state)
{
    struct till_stage *stage = *state;
    char *newer = strdup(stage->masters);
    *(strstr(newer, "\"version\":1,") + strlen("\"version\":")) = '2';
    assert_int_equal(till_add_item(stage->till, "a", 1, &stage->err), STATUS_OK);

    assert_int_equal(till_apply_masters(stage->till, newer, strlen(newer), &stage->err), STATUS_BUSY);
    assert_false(till_can_take_masters(stage->till));
    assert_int_equal(version_now(stage), 1);
    assert_int_equal(till_clear_basket(stage->till, &stage->err), STATUS_OK);
    assert_int_equal(till_apply_masters(stage->till, newer, strlen(newer), &stage->err), STATUS_OK);

    assert_int_equal(version_now(stage), 2);
    assert_int_equal(till_stage_query(stage, "SELECT COUNT(*) FROM masters_document"), 1);
    assert_int_equal(till_stage_query(stage, "SELECT COUNT(DISTINCT version) FROM masters_part"), 1);
    free(newer);
}

/* ---- the first of April ---- */

static const char april_masters[] =
    "{\"version\":1,\"municipality\":{\"code\":\"072036\",\"name\":\"郡山市\"},"
    "\"issuers\":[{\"code\":\"general\",\"name\":\"郡山市\"}],"
    "\"places\":[{\"code\":\"p1\",\"name\":\"窓口\",\"section\":\"s\",\"categories\":[\"c\"]}],"
    "\"items\":["
    "{\"code\":\"b\",\"name\":\"戸籍\",\"kana\":\"こせき\",\"category\":\"c\",\"price_yen\":450,\"tax\":\"exempt\","
    "\"account\":\"x\",\"section\":\"s\",\"issuer\":\"general\",\"valid_from\":\"2020-04-01\",\"valid_to\":\"2027-03-"
    "31\"},"
    "{\"code\":\"b\",\"name\":\"戸籍(新)\",\"kana\":\"こせき\",\"category\":\"c\",\"price_yen\":500,\"tax\":\"exempt\","
    "\"account\":\"x\",\"section\":\"s\",\"issuer\":\"general\",\"valid_from\":\"2027-04-01\"},"
    "{\"code\":\"t\",\"name\":\"観覧\",\"kana\":\"かんらん\",\"category\":\"c\",\"tariff\":\"entry\",\"tax\":"
    "\"exempt\","
    "\"account\":\"x\",\"section\":\"s\",\"issuer\":\"general\",\"valid_from\":\"2020-04-01\"}],"
    "\"tariffs\":["
    "{\"code\":\"entry\",\"name\":\"観覧料\",\"form\":\"fixed\",\"price_yen\":200,\"valid_from\":\"2020-04-01\","
    "\"valid_to\":\"2027-03-31\"},"
    "{\"code\":\"entry\",\"name\":\"観覧料\",\"form\":\"fixed\",\"price_yen\":300,\"valid_from\":\"2027-04-01\"}],"
    "\"exemptions\":[],"
    "\"policies\":[{\"code\":\"standard\",\"name\":\"旧\",\"methods\":[\"cash\",\"qr\"],\"valid_from\":\"2020-04-01\","
    "\"valid_to\":\"2027-03-31\"},{\"code\":\"standard\",\"name\":\"新\",\"methods\":[\"cash\"],"
    "\"valid_from\":\"2027-04-01\"}],"
    "\"brands\":[{\"code\":\"paypay\",\"name\":\"PayPay\",\"method\":\"qr\",\"trustee\":\"t\",\"valid_from\":\"2021-01-"
    "04\","
    "\"valid_to\":\"2027-03-31\"}],"
    "\"clerks\":[{\"code\":\"sato\",\"name\":\"佐藤\",\"role\":\"clerk\",\"pin_hash\":\"@1111@\"},"
    "{\"code\":\"suzuki\",\"name\":\"鈴木\",\"role\":\"supervisor\",\"pin_hash\":\"@2222@\"}]}";

#define LAST_EVENING_MS INT64_C(1806504600000) /* 2027-03-31T23:50:00+09:00 */
#define TWENTY_MINUTES_MS INT64_C(1200000)

static int
open_april(void **state)
{
    struct till_stage *stage = malloc(sizeof *stage);
    till_stage_open(stage, april_masters);
    *state = stage;
    return 0;
}

/* The supervisor agrees: it is months after the stage's first day. */
static void
begin_day(struct till_stage *stage)
{
    static const struct cash_count count = {.total_yen = 20000};
    static const struct approval supervisor = {.clerk = "suzuki", .pin = "2222"};
    sign_in(stage);
    if (till_open_day_approved(stage->till, &count, &supervisor, &stage->err) != STATUS_OK) {
        fail_msg("%s", stage->err.message);
    }
}

/* What one case of the tariff costs in the basket. */
static int64_t
price_of_entry(struct till_stage *stage)
{
    struct json_value *facts = NULL;
    assert_int_equal(json_parse(&facts, "{}", 2, &stage->err), STATUS_OK);
    const struct case_input input = {.item = "t", .facts = facts};
    enum status status = till_clear_basket(stage->till, &stage->err);
    if (status == STATUS_OK) {
        status = till_put_case(stage->till, &input, 0, &stage->err);
    }
    json_free(facts);
    if (status != STATUS_OK) {
        fail_msg("%s", stage->err.message);
    }
    const char *total = strstr(till_stage_state(stage), "\"total_yen\":");
    return strtoll(total + strlen("\"total_yen\":"), NULL, 10);
}

static const char *
items_found(struct till_stage *stage)
{
    static char text[4096];
    struct buffer out;
    const struct item_query query = {.text = "こせき", .limit = 10};
    buffer_init(&out, sizeof text - 1);
    assert_int_equal(till_write_items(stage->till, &query, &out, &stage->err), STATUS_OK);
    snprintf(text, sizeof text, "%s", buffer_text(&out));
    buffer_finish(&out);
    return text;
}

static void
a_change_of_the_first_of_april_begins_with_that_business_day_without_a_restart(void **state)
{
    struct till_stage *stage = *state;
    assert_int_equal(till_close_day(stage->till, 20000, NULL, &stage->err), STATUS_OK);
    stage->clock.now_ms = LAST_EVENING_MS;
    begin_day(stage);
    assert_int_equal(price_of_entry(stage), 200);
    assert_int_equal(price_of_b(stage), 450);

    /* Midnight passes over an open basket and an open day: both keep their prices. */
    stage->clock.now_ms += TWENTY_MINUTES_MS;
    assert_non_null(strstr(till_stage_state(stage), "\"total_yen\":450"));
    assert_non_null(strstr(till_stage_state(stage), "\"business_date\":\"2027-03-31\""));
    assert_non_null(strstr(items_found(stage), "\"price_yen\":450"));
    assert_int_equal(till_close_day(stage->till, 20000, NULL, &stage->err), STATUS_OK);

    /* The day of 4/1: catalogue, tariff, brands and policies are the new ones. */
    assert_non_null(strstr(items_found(stage), "\"price_yen\":500"));
    begin_day(stage);
    assert_non_null(strstr(till_stage_state(stage), "\"business_date\":\"2027-04-01\""));
    assert_int_equal(price_of_b(stage), 500);
    assert_int_equal(price_of_entry(stage), 300);
    assert_int_equal(till_stage_query(stage, "SELECT COUNT(*) FROM masters_applied"), 1);
}

/* ---- signatures ---- */

struct signer {
    struct signing_key *key;
    char public_key[2 * PUBLIC_KEY_SIZE + 1];
};

static void
make_signer(struct signer *signer)
{
    struct error_detail err;
    uint8_t public_key[PUBLIC_KEY_SIZE];
    assert_int_equal(signing_key_generate(&signer->key, &err), STATUS_OK);
    signing_key_public(signer->key, public_key);
    hex_encode(signer->public_key, public_key, sizeof public_key);
}

static void
sign(const struct signer *signer, const char *municipality, int version, const char *document, char out[100])
{
    struct error_detail err;
    char text[256];
    char sha256[SHA256_TEXT_SIZE];
    uint8_t signature[SIGNATURE_SIZE];
    sha256_text(sha256, document, strlen(document));
    snprintf(text, sizeof text, "madoguchi-masters-v1\n%s\n%d\n%s\n", municipality, version, sha256);
    assert_int_equal(signing_key_sign(signer->key, text, strlen(text), signature, &err), STATUS_OK);
    base64_encode(out, signature, sizeof signature);
}

static void
a_till_that_knows_the_key_takes_what_is_signed_and_nothing_else(void **state)
{
    struct till_stage *stage = *state;
    struct signer service;
    struct signer stranger;
    char signature[100];
    char *newer = strdup(stage->masters);
    *(strstr(newer, "\"version\":1,") + strlen("\"version\":")) = '2';
    make_signer(&service);
    make_signer(&stranger);
    assert_int_equal(till_set_masters_key(stage->till, service.public_key, &stage->err), STATUS_OK);

    assert_int_equal(apply_version(stage, 2, NULL), STATUS_REFUSED);
    assert_string_equal(stage->err.code, "masters_not_signed");
    assert_non_null(strstr(till_stage_state(stage), "署名を確かめられない"));
    sign(&stranger, "072036", 2, newer, signature);
    assert_int_equal(apply_version(stage, 2, signature), STATUS_REFUSED);
    sign(&service, "072044", 2, newer, signature);
    assert_int_equal(apply_version(stage, 2, signature), STATUS_REFUSED);
    sign(&service, "072036", 1, newer, signature);
    assert_int_equal(apply_version(stage, 2, signature), STATUS_REFUSED);
    assert_int_equal(apply_version(stage, 2, "not base64"), STATUS_REFUSED);
    assert_int_equal(version_now(stage), 1);
    sign(&service, "072036", 2, newer, signature);
    assert_int_equal(apply_version(stage, 2, signature), STATUS_OK);
    assert_int_equal(version_now(stage), 2);
    assert_null(strstr(till_stage_state(stage), "署名を確かめられない"));
    till_stage_reopen(stage);
    assert_int_equal(version_now(stage), 2);

    free(newer);
    signing_key_destroy(service.key);
    signing_key_destroy(stranger.key);
}

static void
a_signature_altered_on_the_disk_is_not_sold_by(void **state)
{
    struct till_stage *stage = *state;
    struct signer service;
    char signature[100];
    make_signer(&service);
    assert_int_equal(till_set_masters_key(stage->till, service.public_key, &stage->err), STATUS_OK);
    sign(&service, "072036", 1, stage->masters, signature);
    assert_int_equal(apply_version(stage, 1, signature), STATUS_OK);
    execute(stage, "UPDATE masters_signature SET signature = 'AAAA' || substr(signature, 5)");

    till_stage_reopen(stage);

    assert_int_equal(version_now(stage), 0);
    signing_key_destroy(service.key);
}

static void
a_till_that_learns_the_key_later_asks_again_for_the_signature(void **state)
{
    struct till_stage *stage = *state;
    struct signer service;
    char signature[100];
    char sha256[SHA256_TEXT_SIZE];
    make_signer(&service);
    assert_int_equal(till_set_masters_key(stage->till, "xyz", &stage->err), STATUS_INVALID);
    assert_int_equal(till_set_masters_key(stage->till, service.public_key, &stage->err), STATUS_OK);

    assert_int_equal(till_masters_version(stage->till, sha256), 1);
    assert_string_equal(sha256, "");
    assert_int_equal(price_of_b(stage), 450); /* what is in force stays */
    till_stage_reopen(stage);
    sign_in(stage);
    assert_int_equal(till_masters_version(stage->till, sha256), 1);
    assert_string_equal(sha256, "");
    sign(&service, "072036", 1, stage->masters, signature);
    assert_int_equal(apply_version(stage, 1, signature), STATUS_OK);
    till_masters_version(stage->till, sha256);
    assert_string_not_equal(sha256, "");
    signing_key_destroy(service.key);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_start_sells_by_the_extract, open_stage, close_stage),
        cmocka_unit_test_setup_teardown(an_extract_altered_on_the_disk_is_cut_anew_from_the_document_without_a_network,
                                        open_stage, close_stage),
        cmocka_unit_test_setup_teardown(an_altered_page_is_not_sold_by_and_is_asked_for_again, open_stage, close_stage),
        cmocka_unit_test_setup_teardown(nothing_is_sold_when_extract_and_document_are_altered, open_stage, close_stage),
        cmocka_unit_test_setup_teardown(a_till_of_before_there_were_extracts_makes_one_and_says_so, open_stage,
                                        close_stage),
        cmocka_unit_test_setup_teardown(new_masters_wait_for_the_basket_and_old_ones_go, open_stage, close_stage),
        cmocka_unit_test_setup_teardown(a_change_of_the_first_of_april_begins_with_that_business_day_without_a_restart,
                                        open_april, close_stage),
        cmocka_unit_test_setup_teardown(a_till_that_knows_the_key_takes_what_is_signed_and_nothing_else, open_stage,
                                        close_stage),
        cmocka_unit_test_setup_teardown(a_signature_altered_on_the_disk_is_not_sold_by, open_stage, close_stage),
        cmocka_unit_test_setup_teardown(a_till_that_learns_the_key_later_asks_again_for_the_signature, open_stage,
                                        close_stage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
