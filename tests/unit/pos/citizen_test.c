/* What the citizen reads in another language: the names that the masters give, and Japanese where they give none. */
#include "pos/till/citizen.h"
#include "till_stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* Item a with all names, b with none, c with a Chinese name that CP932 lacks, d priced by a tariff. */
static const char masters[] =
    "{\"version\":1,\"municipality\":{\"code\":\"072036\",\"name\":\"郡山市\"},"
    "\"issuers\":[{\"code\":\"general\",\"name\":\"郡山市\",\"registration_number\":\"T9000020072036\"}],"
    "\"places\":[{\"code\":\"p1\",\"name\":\"市民課\",\"name_en\":\"Citizens' Division\",\"section\":\"s\","
    "\"categories\":[\"c\"]}],"
    "\"items\":["
    "{\"code\":\"a\",\"name\":\"住民票の写し\",\"name_en\":\"Certificate of Residence\",\"name_zh\":\"住民票副本\","
    "\"name_ko\":\"주민표 사본\",\"kana\":\"じゅうみんひょう\",\"category\":\"c\",\"price_yen\":300,\"tax\":\"exempt\","
    "\"account\":\"x\",\"section\":\"s\",\"issuer\":\"general\"},"
    "{\"code\":\"b\",\"name\":\"戸籍\",\"kana\":\"こせき\",\"category\":\"c\",\"price_yen\":450,\"tax\":\"exempt\","
    "\"account\":\"x\",\"section\":\"s\",\"issuer\":\"general\"},"
    "{\"code\":\"c\",\"name\":\"印鑑\",\"name_en\":\"Seal\",\"name_zh\":\"印章证明\",\"kana\":\"いんかん\","
    "\"category\":\"c\",\"price_yen\":300,\"tax\":\"exempt\",\"account\":\"x\",\"section\":\"s\",\"issuer\":"
    "\"general\"},"
    "{\"code\":\"d\",\"name\":\"観覧料\",\"name_en\":\"Admission\",\"kana\":\"かんらん\",\"category\":\"c\","
    "\"tariff\":\"t\",\"tax\":\"exempt\",\"account\":\"x\",\"section\":\"s\",\"issuer\":\"general\"}],"
    "\"tariffs\":[{\"code\":\"t\",\"name\":\"常設展\",\"valid_from\":\"2020-04-01\",\"form\":\"persons\","
    "\"categories\":[{\"code\":\"adult\",\"name\":\"一般\",\"price_yen\":200}]}],"
    "\"exemptions\":[],\"brands\":[],"
    "\"clerks\":[{\"code\":\"sato\",\"name\":\"佐藤\",\"role\":\"clerk\",\"pin_hash\":\"@1111@\"}]}";

static struct till_stage stage;

static int
open_stage(void **state)
{
    (void)state;
    till_stage_open(&stage, masters);
    return 0;
}

static int
close_stage(void **state)
{
    (void)state;
    till_stage_close(&stage);
    return 0;
}

static void
ring_up(const char *item)
{
    assert_int_equal(till_add_item(stage.till, item, 1, &stage.err), STATUS_OK);
}

static void
speak(const char *language)
{
    assert_int_equal(till_set_language(stage.till, language, &stage.err), STATUS_OK);
}

static void
assert_window_has(const char *text)
{
    struct buffer view;
    buffer_init(&view, 64 * 1024);
    assert_int_equal(till_write_citizen(stage.till, &view, &stage.err), STATUS_OK);
    if (strstr(buffer_text(&view), text) == NULL) {
        fail_msg("no %s in %s", text, buffer_text(&view));
    }
    buffer_finish(&view);
}

static void
assert_display(const char *name, const char *plain, bool is_japanese)
{
    struct citizen_summary summary;
    (void)till_await_citizen(stage.till, -1, 0, &summary);
    assert_string_equal(summary.item_name, name);
    assert_string_equal(summary.item_plain, plain);
    assert_int_equal(summary.is_japanese, is_japanese);
}

static void
the_window_names_items_and_the_place_in_the_citizens_language(void **state)
{
    (void)state;
    ring_up("a");

    assert_window_has("\"name\":\"住民票の写し\"");
    speak("en");
    assert_window_has("\"name\":\"Certificate of Residence\"");
    assert_window_has("\"place_name\":\"Citizens' Division\"");
    speak("zh");
    assert_window_has("\"name\":\"住民票副本\"");
    assert_window_has("\"place_name\":\"市民課\"");
    speak("ko");
    assert_window_has("\"name\":\"주민표 사본\"");
    assert_non_null(strstr(till_stage_state(&stage), "\"citizen_language\":\"ko\""));
}

static void
what_has_no_name_in_that_language_stays_japanese(void **state)
{
    (void)state;
    ring_up("b");
    ring_up("c");
    speak("ko");

    assert_window_has("\"name\":\"戸籍\"");
    assert_window_has("\"name\":\"印鑑\"");
}

static void
what_a_tariff_adds_to_a_name_stays(void **state)
{
    (void)state;
    static const char facts[] = "{\"persons\":{\"adult\":2}}";
    struct json_value *case_facts = NULL;
    assert_int_equal(json_parse(&case_facts, facts, sizeof facts - 1, &stage.err), STATUS_OK);
    const struct case_input input = {.item = "d", .facts = case_facts};
    if (till_put_case(stage.till, &input, 0, &stage.err) != STATUS_OK) {
        fail_msg("%s", stage.err.message);
    }
    json_free(case_facts);
    speak("en");

    assert_window_has("\"name\":\"Admission 一般\"");
    assert_display("Admission 一般", "Admission 一般", false);
}

static void
the_next_citizen_begins_in_japanese(void **state)
{
    (void)state;
    ring_up("a");
    speak("en");
    assert_int_equal(till_clear_basket(stage.till, &stage.err), STATUS_OK);
    ring_up("a");

    assert_window_has("\"name\":\"住民票の写し\"");
    assert_window_has("\"language\":\"ja\"");
}

static void
a_line_display_shows_what_it_has_letters_for(void **state)
{
    (void)state;
    ring_up("a");
    assert_display("住民票の写し", "じゅうみんひょう", true);
    speak("en");
    assert_display("Certificate of Residence", "Certificate of Residence", false);
    speak("zh");
    assert_display("住民票副本", "Certificate of Residence", false);
    speak("ko");
    assert_display("Certificate of Residence", "Certificate of Residence", false);
    ring_up("c");
    speak("zh");
    assert_display("Seal", "Seal", false);
    ring_up("b");
    assert_display("戸籍", "こせき", false);
}

#define ON_STAGE(test) cmocka_unit_test_setup_teardown(test, open_stage, close_stage)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        ON_STAGE(the_window_names_items_and_the_place_in_the_citizens_language),
        ON_STAGE(what_has_no_name_in_that_language_stays_japanese),
        ON_STAGE(what_a_tariff_adds_to_a_name_stays),
        ON_STAGE(the_next_citizen_begins_in_japanese),
        ON_STAGE(a_line_display_shows_what_it_has_letters_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
