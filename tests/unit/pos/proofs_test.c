/* What statements prove is believed from the settlement service only. */
#include "common/bytes/encoding.h"
#include "common/signing/signing.h"
#include "tests/unit/pos/till_stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char none[] = "{\"proofs\":[]}";
static const char one[] = "{\"proofs\":[{\"payment\":\"01a2053a-dd11-7000-adbc-296291800d6a\",\"result\":\"charged\","
                          "\"amount_yen\":300,\"accepted_at\":\"2026-11-22T10:03:00.000+09:00\","
                          "\"acquirer_reference\":\"Q000000001\"}]}";

/* The service's key, which the till knows, and its signatures. */
struct service {
    struct signing_key *key;
    char signature[BASE64_SIZE(SIGNATURE_SIZE)];
};

static void
sign(struct service *service, const char *terminal, const char *document)
{
    char statement[256];
    char sha256[SHA256_TEXT_SIZE];
    uint8_t bytes[SIGNATURE_SIZE];
    struct error_detail err;
    sha256_text(sha256, document, strlen(document));
    snprintf(statement, sizeof statement, "madoguchi-proofs-v1\n%s\n%s\n", terminal, sha256);
    assert_int_equal(signing_key_sign(service->key, statement, strlen(statement), bytes, &err), STATUS_OK);
    base64_encode(service->signature, bytes, sizeof bytes);
}

static void
open_stage(struct till_stage *stage, struct service *service)
{
    uint8_t public_key[PUBLIC_KEY_SIZE];
    char text[2 * PUBLIC_KEY_SIZE + 1];
    till_stage_open(stage, till_stage_masters);
    assert_int_equal(signing_key_generate(&service->key, &stage->err), STATUS_OK);
    signing_key_public(service->key, public_key);
    hex_encode(text, public_key, sizeof public_key);
    assert_int_equal(till_set_masters_key(stage->till, text, &stage->err), STATUS_OK);
}

static enum status
take(struct till_stage *stage, const char *document, const char *signature)
{
    return till_take_proofs(stage->till, document, strlen(document), signature, &stage->err);
}

static void
close_stage(struct till_stage *stage, struct service *service)
{
    signing_key_destroy(service->key);
    till_stage_close(stage);
}

static void
proofs_are_believed_from_the_service_only(void **state)
{
    (void)state;
    struct till_stage stage;
    struct service service;
    struct service stranger;
    char terminal[TERMINAL_ID_SIZE];
    char place[CODE_SIZE];
    open_stage(&stage, &service);
    till_identity(stage.till, terminal, place);
    assert_int_equal(signing_key_generate(&stranger.key, &stage.err), STATUS_OK);
    sign(&stranger, terminal, none);
    assert_int_equal(take(&stage, none, stranger.signature), STATUS_REFUSED);
    assert_string_equal(stage.err.code, "proofs_not_signed");
    assert_int_equal(take(&stage, none, ""), STATUS_REFUSED);
    sign(&service, "KO-99", none);
    assert_int_equal(take(&stage, none, service.signature), STATUS_REFUSED); /* another till's */
    sign(&service, terminal, one);
    assert_int_equal(take(&stage, none, service.signature), STATUS_REFUSED); /* another document's */
    sign(&service, terminal, none);
    assert_int_equal(take(&stage, none, service.signature), STATUS_OK);
    signing_key_destroy(stranger.key);
    close_stage(&stage, &service);
}

static void
a_till_that_knows_no_key_believes_no_proof(void **state)
{
    (void)state;
    struct till_stage stage;
    till_stage_open(&stage, till_stage_masters);
    assert_int_equal(take(&stage, none, ""), STATUS_REFUSED);
    assert_string_equal(stage.err.code, "no_masters_key");
    till_stage_close(&stage);
}

static void
a_proof_of_nothing_here_changes_nothing(void **state)
{
    static const char *const documents[] = {
        one,
        "{\"proofs\":[{}]}",
        "{\"proofs\":[null,1,\"x\",[]]}",
        "{\"proofs\":[{\"payment\":\"p\",\"result\":\"not_charged\",\"amount_yen\":300}]}",
        "{\"proofs\":[{\"payment\":\"p\",\"result\":\"charged\",\"amount_yen\":0.5}]}",
        "{\"proofs\":[{\"payment\":\"p\",\"result\":\"charged\",\"amount_yen\":300,\"accepted_at\":\"yesterday\"}]}",
    };
    (void)state;
    struct till_stage stage;
    struct service service;
    char terminal[TERMINAL_ID_SIZE];
    char place[CODE_SIZE];
    open_stage(&stage, &service);
    till_identity(stage.till, terminal, place);
    int64_t lines = till_stage_query(&stage, "SELECT count(*) FROM journal_line");
    for (size_t i = 0; i < sizeof documents / sizeof documents[0]; i++) {
        sign(&service, terminal, documents[i]);
        assert_int_equal(take(&stage, documents[i], service.signature), STATUS_OK);
    }
    sign(&service, terminal, "[]");
    assert_int_equal(take(&stage, "[]", service.signature), STATUS_INVALID);
    assert_int_equal(till_stage_query(&stage, "SELECT count(*) FROM journal_line"), lines);
    assert_false(till_wants_proofs(stage.till));
    close_stage(&stage, &service);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(proofs_are_believed_from_the_service_only),
        cmocka_unit_test(a_till_that_knows_no_key_believes_no_proof),
        cmocka_unit_test(a_proof_of_nothing_here_changes_nothing),
    };
    return cmocka_run_group_tests_name("proofs", tests, NULL, NULL);
}
