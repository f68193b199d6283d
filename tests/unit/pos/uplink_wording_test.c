/* What the clerk is told fits where it is shown, and tells what to do. */
#include "pos/till/till.h"
#include "pos/uplink/wording.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void
check(struct uplink_words words, const char *state)
{
    assert_string_equal(words.state, state);
    assert_true(strlen(words.message) > 0);
    assert_true(strlen(words.message) < REASON_SIZE); /* or the clerk would read half of it */
}

static struct uplink_words
unreached(const char *code)
{
    struct error_detail err;
    error_set(&err, code, "%s", "");
    return uplink_words_unreached(&err);
}

static void
every_fault_of_a_certificate_has_a_sentence_of_its_own(void **state)
{
    (void)state;
    static const char *const codes[] = {"certificate_expired", "certificate_not_yet_valid", "certificate_wrong_name",
                                        "certificate_unknown_issuer", "certificate_refused"};
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        check(unreached(codes[i]), "untrusted");
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(unreached(codes[i]).message, unreached(codes[j]).message);
        }
    }
    check(unreached("certificate_of_a_new_kind"), "untrusted");
}

static void
no_answer_and_a_busy_service_are_told_apart(void **state)
{
    (void)state;
    check(unreached("not_reached"), "offline");
    check(uplink_words_unreached(NULL), "offline");
    assert_string_not_equal(unreached("not_reached").message, uplink_words_unreached(NULL).message);
}

static void
every_refusal_says_what_it_is_and_whom_to_ask(void **state)
{
    (void)state;
    static const struct {
        const char *code, *state;
    } refusals[] = {{"revoked", "revoked"},     {"unknown_terminal", "unknown"}, {"replaced", "replaced"},
                    {"fork", "quarantined"},    {"quarantined", "quarantined"},  {"wrong_time", "quarantined"},
                    {"whatever", "quarantined"}};
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        struct uplink_words words = uplink_words_refused(refusals[i].code);
        check(words, refusals[i].state);
        assert_non_null(strstr(words.message, "管理者"));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_fault_of_a_certificate_has_a_sentence_of_its_own),
        cmocka_unit_test(no_answer_and_a_busy_service_are_told_apart),
        cmocka_unit_test(every_refusal_says_what_it_is_and_whom_to_ask),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
