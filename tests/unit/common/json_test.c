/* JSON in is JSON and nothing more; JSON out has one form, byte for byte. */
#include "common/json/locate.h"
#include "common/json/place.h"
#include "common/json/reader.h"
#include "common/json/writer.h"
#include "common/text/utf8.h"

#include "tests/unit/common/failing_memory.h"
#include "tests/unit/common/seeded_random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct json_value *
parse(const char *text)
{
    struct json_value *value = NULL;
    struct error_detail err = {0};
    if (json_parse(&value, text, strlen(text), &err) != STATUS_OK) {
        print_error("%s\n%s\n", text, err.message);
        fail();
    }
    return value;
}

static void
assert_refused(const char *text, size_t length)
{
    struct json_value *value = NULL;
    struct error_detail err = {0};
    enum status status = json_parse(&value, text, length, &err);
    if (status != STATUS_INVALID) {
        print_error("taken with %s: %s\n", status_word(status), text);
        fail();
    }
    assert_null(value);
    assert_true(err.message[0] != '\0');
}

static void
values_of_every_kind_are_read(void **state)
{
    (void)state;
    struct json_value *value = parse(" {\"text\":\"窓\\u7a93\\ud842\\udfb7\\n\",\"int\":-450,\"yes\":true,\"no\":false,"
                                     "\"nothing\":null,\"list\":[1,\"two\",[3]],\"object\":{}}\r\n\t ");
    const char *text;
    int64_t number;
    bool flag;
    const struct json_value *inner;

    assert_int_equal(json_get_text(value, "text", 100, &text, NULL), STATUS_OK);
    assert_string_equal(text, "窓窓𠮷\n");
    assert_int_equal(json_get_int(value, "int", -1000, 1000, &number, NULL), STATUS_OK);
    assert_int_equal(number, -450);
    assert_int_equal(json_get_bool(value, "yes", &flag, NULL), STATUS_OK);
    assert_true(flag);
    assert_int_equal(json_get_bool(value, "no", &flag, NULL), STATUS_OK);
    assert_false(flag);
    assert_true(json_is_null(json_member(value, "nothing")));
    assert_true(json_is_null(json_member(value, "absent")));
    assert_int_equal(json_get_array(value, "list", &inner, NULL), STATUS_OK);
    assert_int_equal(json_count(inner), 3);
    assert_true(json_as_int(json_element(inner, 0), &number));
    assert_true(json_as_text(json_element(inner, 1), &text));
    assert_string_equal(text, "two");
    assert_true(json_is_array(json_element(inner, 2)));
    assert_null(json_element(inner, 3));
    assert_int_equal(json_get_object(value, "object", &inner, NULL), STATUS_OK);
    assert_int_equal(json_count(inner), 0);
    assert_int_equal(json_count(value), 7);
    json_free(value);
}

static void
members_are_walked_in_their_order(void **state)
{
    (void)state;
    struct json_value *value = parse("{\"b\":1,\"a\":2,\"c\":3}");
    char keys[4] = "";
    for (const struct json_value *item = json_first(value); item != NULL; item = json_next(item)) {
        keys[strlen(keys)] = json_key(item)[0];
    }
    assert_string_equal(keys, "bac");
    json_free(value);
    assert_null(json_first(NULL));
    assert_null(json_next(NULL));
    assert_null(json_key(NULL));
}

static void
what_is_not_json_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",
        " ",
        "{",
        "}",
        "[",
        "]",
        "[1",
        "[1,",
        "[1,]",
        "[,1]",
        "[1 2]",
        "[1;2]",
        "{,}",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{\"a\":1 \"b\":2}",
        "{a:1}",
        "{'a':1}",
        "{1:1}",
        "{\"a\" 1}",
        "{\"a\":1]",
        "[1}",
        "{}{}",
        "{} x",
        "1 2",
        "tru",
        "True",
        "truex",
        "nul",
        "NaN",
        "Infinity",
        "-Infinity",
        "undefined",
        "// comment\n1",
        "/**/1",
        "01",
        "-01",
        "00",
        "+1",
        "-",
        ".5",
        "-.5",
        "1.",
        "1.e3",
        "1e",
        "1e+",
        "1-2",
        "0x10",
        "1,000",
        "1_000",
        "\"",
        "\"abc",
        "\"abc\\",
        "\"abc\\\"",
        "\"a\nb\"",
        "\"a\tb\"",
        "\"a\x01\"",
        "\"a\x1f\"",
        "\"\\x41\"",
        "\"\\'\"",
        "\"\\U0041\"",
        "\"\\u\"",
        "\"\\u12\"",
        "\"\\u123g\"",
        "\"\\uZZZZ\"",
        "\"\\u 041\"",
        "\"\\ud842\"",
        "\"\\ud842x\"",
        "\"\\ud842\\n\"",
        "\"\\ud842\\u0041\"",
        "\"\\udfb7\"",
        "\"\\ud842\\ud842\"",
        "\x01"
        "1",
        "1\x0c",
        "[1,\x0b"
        "2]",
        "\xC2\xA0"
        "1",
        "\xEF\xBB\xBF{}",
        "\xEF\xBB\xBF{\"a\":1}",
        "\"\xFF\"",
        "\"\xC0\x80\"",
        "\"\xED\xA0\x80\"",
        "{\"\xE3\x81\":1}",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_refused(wrong[i], strlen(wrong[i]));
    }
}

/* cJSON would end the text there: "KO-01\u0000…" would be taken for "KO-01". */
static void
a_nul_is_refused_raw_and_escaped(void **state)
{
    (void)state;
    assert_refused("\"a\0b\"", 5);
    assert_refused("{}\0", 3);
    assert_refused("\0{}", 3);
    assert_refused("[1,\0002]", 6);
    assert_refused("\"a\\u0000b\"", 10);
    assert_refused("{\"a\\u0000\":1}", 13);
}

static void
bytes_behind_the_length_are_not_read(void **state)
{
    (void)state;
    struct json_value *value;
    int64_t number;
    char *exact = malloc(3);
    assert_non_null(exact);
    memcpy(exact, "123", 3);
    assert_int_equal(json_parse(&value, exact, 3, NULL), STATUS_OK);
    assert_true(json_as_int(value, &number));
    assert_int_equal(number, 123);
    json_free(value);
    assert_int_equal(json_parse(&value, exact, 2, NULL), STATUS_OK);
    assert_true(json_as_int(value, &number));
    assert_int_equal(number, 12);
    json_free(value);
    free(exact);
}

static void
a_fault_is_named_by_line_and_column(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned line, column;
    } cases[] = {
        {"", 1, 1},
        {"x", 1, 1},
        {"{\n  \"a\": 1,\n  \"b\": nope\n}", 3, 8},
        {"{\"窓口\": x}", 1, 8},
        {"[1,\n2\n,\n]", 4, 1},
        {"{}\n\n!", 3, 1},
        {"[\"\xFF\"]", 1, 3},
        {"[\n[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", 2, 32},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct json_value *value;
        struct error_detail err = {0};
        assert_int_equal(json_parse(&value, cases[i].text, strlen(cases[i].text), &err), STATUS_INVALID);
        assert_string_equal(err.code, "not_json");
        assert_int_equal(err.line, cases[i].line);
        assert_int_equal(err.column, cases[i].column);
        assert_non_null(strstr(err.message, "line "));
    }
}

static void
a_key_that_stands_twice_is_named_and_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "{\"amount\":1,\"amount\":2}", "{\"amount\":1,\"b\":0,\"c\":0,\"amount\":1}",
        "[[{\"x\":{\"amount\":1,\"amount\":2}}]]",
        "{\"amount\":1,\"\\u0061mount\":2}", /* the same key in other letters */
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct json_value *value;
        struct error_detail err;
        assert_int_equal(json_parse(&value, wrong[i], strlen(wrong[i]), &err), STATUS_INVALID);
        assert_string_equal(err.code, "duplicate_key");
        assert_non_null(strstr(err.message, "\"amount\""));
    }
    json_free(parse("{\"a\":{\"a\":1},\"A\":[{\"a\":1},{\"a\":2}]}"));
}

static void
an_object_with_too_many_members_is_refused_in_bounded_time(void **state)
{
    (void)state;
    struct buffer text;
    struct json_value *value;
    struct error_detail err;
    buffer_init(&text, JSON_TEXT_MAX_BYTES);
    buffer_append_text(&text, "{\"k\":0");
    for (int i = 0; i < 100000; i++) {
        buffer_printf(&text, ",\"%d\":0", i);
    }
    buffer_append_text(&text, "}");
    assert_int_equal(json_parse(&value, text.data, text.length, &err), STATUS_INVALID);
    assert_string_equal(err.code, "too_many_keys");
    buffer_finish(&text);
}

static void
nesting_is_bounded(void **state)
{
    (void)state;
    for (int kind = 0; kind < 2; kind++) {
        for (unsigned depth = JSON_DEPTH_MAX - 1; depth <= JSON_DEPTH_MAX + 1; depth++) {
            struct buffer text;
            struct json_value *value = NULL;
            buffer_init(&text, 1000);
            for (unsigned i = 0; i < depth; i++) {
                buffer_append_text(&text, kind == 0 ? "[" : i + 1 < depth ? "{\"a\":" : "{");
            }
            for (unsigned i = 0; i < depth; i++) {
                buffer_append_text(&text, kind == 0 ? "]" : "}");
            }
            enum status expected = depth <= JSON_DEPTH_MAX ? STATUS_OK : STATUS_INVALID;
            assert_int_equal(json_parse(&value, text.data, text.length, NULL), expected);
            json_free(value);
            buffer_finish(&text);
        }
    }
    /* Brackets in texts are no nesting. */
    json_free(parse("[\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[{{{{{{{{{{{\\\"[[[[[[[[[[\"]"));
    /* Side by side is not deep. */
    json_free(
        parse("[[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[]]"));
}

static void
half_a_million_brackets_do_not_exhaust_the_stack(void **state)
{
    (void)state;
    enum { BRACKETS = 500000 };
    char *text = malloc(BRACKETS);
    assert_non_null(text);
    memset(text, '[', BRACKETS);
    assert_refused(text, BRACKETS);
    free(text);
}

static void
a_text_beyond_the_limit_is_an_overflow(void **state)
{
    (void)state;
    struct json_value *value;
    char *text = malloc(JSON_TEXT_MAX_BYTES + 1);
    assert_non_null(text);
    memset(text, ' ', JSON_TEXT_MAX_BYTES + 1);
    text[0] = '1';
    assert_int_equal(json_parse(&value, text, JSON_TEXT_MAX_BYTES + 1, NULL), STATUS_OVERFLOW);
    assert_int_equal(json_parse(&value, text, JSON_TEXT_MAX_BYTES, NULL), STATUS_OK);
    json_free(value);
    free(text);
}

static void
only_whole_numbers_that_a_double_carries_are_integers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool is_integer;
        int64_t value;
    } cases[] = {
        {"0", true, 0},
        {"-0", true, 0},
        {"-450", true, -450},
        {"1e3", true, 1000},
        {"1E+3", true, 1000},
        {"450.0", true, 450},
        {"4500e-1", true, 450},
        {"9007199254740991", true, INT64_C(9007199254740991)},
        {"-9007199254740991", true, -INT64_C(9007199254740991)},
        {"9007199254740992", false, 0}, /* 2^53, and 2^53 + 1 is read as the same double */
        {"9007199254740993", false, 0},
        {"-9007199254740993", false, 0},
        {"9223372036854775807", false, 0},
        {"9223372036854775808", false, 0},
        {"1e15", true, INT64_C(1000000000000000)},
        {"1e16", false, 0},
        {"1e400", false, 0},
        {"-1e400", false, 0},
        {"1.5", false, 0},
        {"0.1", false, 0},
        {"-0.5", false, 0},
        {"1e-1", false, 0},
        {"true", false, 0},
        {"null", false, 0},
        {"\"450\"", false, 0},
        {"[450]", false, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct json_value *value = parse(cases[i].text);
        int64_t number = 777;
        assert_int_equal(json_as_int(value, &number), cases[i].is_integer);
        assert_int_equal(number, cases[i].is_integer ? cases[i].value : 777);
        json_free(value);
    }
    assert_refused("1000000000000000000000000000000000000000000000000000000000000000", 64);
}

static void
required_members_are_asked_for_by_kind_and_range(void **state)
{
    (void)state;
    struct json_value *value = parse("{\"n\":450,\"t\":\"abc\",\"b\":true,\"a\":[],\"o\":{},\"z\":null,\"f\":1.5}");
    struct error_detail err;
    int64_t number = 777;
    const char *text = "untouched";
    bool flag;
    const struct json_value *inner;

    assert_int_equal(json_get_int(value, "n", 450, 450, &number, &err), STATUS_OK);
    assert_int_equal(number, 450);
    number = 777;
    assert_int_equal(json_get_int(value, "n", 0, 449, &number, &err), STATUS_OVERFLOW);
    assert_non_null(strstr(err.message, "\"n\" is 450"));
    assert_int_equal(json_get_int(value, "n", 451, 999, &number, &err), STATUS_OVERFLOW);
    assert_int_equal(json_get_int(value, "f", 0, 9, &number, &err), STATUS_INVALID);
    assert_string_equal(err.code, "wrong_member");
    assert_int_equal(json_get_int(value, "t", 0, 9, &number, &err), STATUS_INVALID);
    assert_int_equal(json_get_int(value, "z", 0, 9, &number, &err), STATUS_INVALID);
    assert_string_equal(err.code, "missing_member");
    assert_int_equal(json_get_int(value, "absent", 0, 9, &number, &err), STATUS_INVALID);
    assert_string_equal(err.code, "missing_member");
    assert_non_null(strstr(err.message, "\"absent\""));
    assert_int_equal(json_get_int(NULL, "n", 0, 9, &number, &err), STATUS_INVALID);
    assert_int_equal(number, 777);

    assert_int_equal(json_get_text(value, "t", 3, &text, &err), STATUS_OK);
    assert_string_equal(text, "abc");
    text = "untouched";
    assert_int_equal(json_get_text(value, "t", 2, &text, &err), STATUS_OVERFLOW);
    assert_int_equal(json_get_text(value, "n", 9, &text, &err), STATUS_INVALID);
    assert_string_equal(text, "untouched");
    assert_int_equal(json_get_bool(value, "n", &flag, &err), STATUS_INVALID);
    assert_int_equal(json_get_array(value, "o", &inner, &err), STATUS_INVALID);
    assert_int_equal(json_get_object(value, "a", &inner, &err), STATUS_INVALID);
    assert_int_equal(json_get_object(value, "N", &inner, &err), STATUS_INVALID);
    json_free(value);
}

static void
optional_members_fall_back_only_when_absent_or_null(void **state)
{
    (void)state;
    struct json_value *value = parse("{\"n\":450,\"t\":\"abc\",\"b\":true,\"z\":null}");
    int64_t number;
    const char *text;
    bool flag;

    assert_int_equal(json_get_int_or(value, "n", 0, 999, 7, &number, NULL), STATUS_OK);
    assert_int_equal(number, 450);
    assert_int_equal(json_get_int_or(value, "z", 0, 999, 7, &number, NULL), STATUS_OK);
    assert_int_equal(number, 7);
    assert_int_equal(json_get_int_or(value, "absent", 0, 999, -1, &number, NULL), STATUS_OK);
    assert_int_equal(number, -1);
    assert_int_equal(json_get_int_or(value, "t", 0, 999, 7, &number, NULL), STATUS_INVALID);
    assert_int_equal(json_get_int_or(value, "n", 0, 9, 7, &number, NULL), STATUS_OVERFLOW);
    assert_int_equal(json_get_text_or(value, "z", 9, NULL, &text, NULL), STATUS_OK);
    assert_null(text);
    assert_int_equal(json_get_text_or(value, "t", 9, NULL, &text, NULL), STATUS_OK);
    assert_string_equal(text, "abc");
    assert_int_equal(json_get_text_or(value, "n", 9, "", &text, NULL), STATUS_INVALID);
    assert_int_equal(json_get_bool_or(value, "absent", true, &flag, NULL), STATUS_OK);
    assert_true(flag);
    assert_int_equal(json_get_bool_or(value, "t", true, &flag, NULL), STATUS_INVALID);
    json_free(value);
}

static void
writing_gives_the_canonical_bytes(void **state)
{
    (void)state;
    struct buffer out;
    struct json_writer writer;
    buffer_init(&out, 1000);
    json_writer_init(&writer, &out);
    json_begin_object(&writer, NULL);
    json_int(&writer, "amount", 450);
    json_int(&writer, "least", -INT64_C(9007199254740991));
    json_text(&writer, "name", "住民票 \"写し\" \\ / \b\t\n\f\r\x01\x1f\x7f 𠮷");
    json_text(&writer, "none", NULL);
    json_text_n(&writer, "part", "abcdef", 3);
    json_text_n(&writer, "empty", NULL, 0);
    json_bool(&writer, "yes", true);
    json_bool(&writer, "no", false);
    json_null(&writer, "null");
    json_begin_array(&writer, "list");
    json_int(&writer, NULL, 1);
    json_begin_object(&writer, NULL);
    json_end_object(&writer);
    json_begin_array(&writer, NULL);
    json_end_array(&writer);
    json_text(&writer, NULL, "");
    json_end_array(&writer);
    json_raw(&writer, "raw", "{\"a\":1}", 7);
    json_int(&writer, "ke\"y", 0);
    json_end_object(&writer);
    assert_int_equal(json_finish(&writer, NULL), STATUS_OK);
    assert_string_equal(buffer_text(&out),
                        "{\"amount\":450,\"least\":-9007199254740991,"
                        "\"name\":\"住民票 \\\"写し\\\" \\\\ / \\b\\t\\n\\f\\r\\u0001\\u001f\x7f 𠮷\","
                        "\"none\":null,\"part\":\"abc\",\"empty\":\"\",\"yes\":true,\"no\":false,\"null\":null,"
                        "\"list\":[1,{},[],\"\"],\"raw\":{\"a\":1},\"ke\\\"y\":0}");
    buffer_finish(&out);
}

/* What a caller can do wrong; each must be told at the end, not end in bytes that are hashed. */
static void
do_nothing(struct json_writer *writer)
{
    (void)writer;
}

static void
leave_an_object_open(struct json_writer *writer)
{
    json_begin_object(writer, NULL);
}

static void
end_an_object_as_an_array(struct json_writer *writer)
{
    json_begin_object(writer, NULL);
    json_end_array(writer);
}

static void
end_once_too_often(struct json_writer *writer)
{
    json_begin_array(writer, NULL);
    json_end_array(writer);
    json_end_array(writer);
}

static void
write_two_roots(struct json_writer *writer)
{
    json_int(writer, NULL, 1);
    json_int(writer, NULL, 2);
}

static void
forget_a_key(struct json_writer *writer)
{
    json_begin_object(writer, NULL);
    json_int(writer, NULL, 1);
    json_end_object(writer);
}

static void
give_an_element_a_key(struct json_writer *writer)
{
    json_begin_array(writer, NULL);
    json_int(writer, "key", 1);
    json_end_array(writer);
}

static void
give_the_root_a_key(struct json_writer *writer)
{
    json_int(writer, "key", 1);
}

static void
write_malformed_text(struct json_writer *writer)
{
    json_text(writer, NULL, "\xFF");
}

static void
write_a_malformed_key(struct json_writer *writer)
{
    json_begin_object(writer, NULL);
    json_int(writer, "\xE3\x81", 1);
    json_end_object(writer);
}

static void
write_too_large_a_number(struct json_writer *writer)
{
    json_int(writer, NULL, INT64_C(9007199254740992));
}

static void
write_too_small_a_number(struct json_writer *writer)
{
    json_int(writer, NULL, INT64_MIN);
}

static void
write_an_empty_raw_value(struct json_writer *writer)
{
    json_raw(writer, NULL, "", 0);
}

static void
nest_too_deep(struct json_writer *writer)
{
    for (int i = 0; i < 100; i++) {
        json_begin_array(writer, NULL);
    }
    for (int i = 0; i < 100; i++) {
        json_end_array(writer);
    }
}

static void
a_mistake_of_the_writer_is_told_at_the_end(void **state)
{
    (void)state;
    static void (*const mistakes[])(struct json_writer *) = {
        do_nothing,
        leave_an_object_open,
        end_an_object_as_an_array,
        end_once_too_often,
        write_two_roots,
        forget_a_key,
        give_an_element_a_key,
        give_the_root_a_key,
        write_malformed_text,
        write_a_malformed_key,
        write_too_large_a_number,
        write_too_small_a_number,
        write_an_empty_raw_value,
        nest_too_deep,
    };
    for (size_t i = 0; i < sizeof mistakes / sizeof mistakes[0]; i++) {
        struct buffer out;
        struct json_writer writer;
        struct error_detail err;
        buffer_init(&out, 1000);
        json_writer_init(&writer, &out);
        mistakes[i](&writer);
        if (json_finish(&writer, &err) != STATUS_INVALID) {
            fail_msg("mistake %zu passed: %s", i, buffer_text(&out));
        }
        buffer_finish(&out);
    }
}

static void
a_full_buffer_is_told_at_the_end(void **state)
{
    (void)state;
    struct buffer out;
    struct json_writer writer;
    buffer_init(&out, 10);
    json_writer_init(&writer, &out);
    json_begin_array(&writer, NULL);
    json_text(&writer, NULL, "0123456789");
    json_end_array(&writer);
    assert_int_equal(json_finish(&writer, NULL), STATUS_OVERFLOW);
    buffer_finish(&out);
}

static void
writing_at_the_deepest_level_is_read_back(void **state)
{
    (void)state;
    struct buffer out;
    struct json_writer writer;
    buffer_init(&out, 1000);
    json_writer_init(&writer, &out);
    for (unsigned i = 0; i < JSON_DEPTH_MAX; i++) {
        if (i % 2 == 0) {
            json_begin_object(&writer, NULL);
        } else {
            json_begin_array(&writer, "a");
        }
    }
    for (unsigned i = JSON_DEPTH_MAX; i > 0; i--) {
        if (i % 2 == 1) {
            json_end_object(&writer);
        } else {
            json_end_array(&writer);
        }
    }
    assert_int_equal(json_finish(&writer, NULL), STATUS_OK);
    json_free(parse(buffer_text(&out)));
    buffer_finish(&out);
}

static void
assert_canonical(const char *text, const char *expected)
{
    struct json_value *value = parse(text);
    struct buffer out;
    buffer_init(&out, 1000);
    assert_int_equal(json_write_canonical(value, &out, NULL), STATUS_OK);
    assert_string_equal(buffer_text(&out), expected);
    buffer_finish(&out);
    json_free(value);
}

static void
any_form_of_a_value_has_one_canonical_form(void **state)
{
    (void)state;
    assert_canonical(" { \"b\" : 1.0 , \"a\" : [ ] } ", "{\"b\":1,\"a\":[]}");
    assert_canonical("\"\\u7a93\\u0041\\/\\u0001\\u0008\\u000A\"", "\"窓A/\\u0001\\b\\n\"");
    assert_canonical("[-0, 1e3, 450.0, true, false, null]", "[0,1000,450,true,false,null]");
    assert_canonical("\"\\ud842\\udfb7\"", "\"𠮷\"");
}

static void
a_value_with_a_fraction_has_no_canonical_form(void **state)
{
    (void)state;
    static const char *const wrong[] = {"1.5", "[0.1]", "{\"a\":9007199254740993}", "1e300"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct json_value *value = parse(wrong[i]);
        struct buffer out;
        buffer_init(&out, 1000);
        assert_int_equal(json_write_canonical(value, &out, NULL), STATUS_INVALID);
        buffer_finish(&out);
        json_free(value);
    }
    struct buffer out;
    buffer_init(&out, 1000);
    assert_int_equal(json_write_canonical(NULL, &out, NULL), STATUS_INVALID);
    buffer_finish(&out);
}

static void
write_random_text(struct json_writer *writer, const char *key, struct seeded_random *random)
{
    static const char *const pieces[] = {"a", "\"", "\\", "\n", "\x01", "窓", "𠮷", "/", "\x7f", "", "\u2028"};
    char text[64] = "";
    for (int64_t count = seeded_between(random, 0, 8); count > 0; count--) {
        const char *piece = pieces[seeded_between(random, 0, 10)];
        memcpy(text + strlen(text), piece, strlen(piece) + 1);
    }
    json_text(writer, key, text);
}

static void
write_random_value(struct json_writer *writer, const char *key, struct seeded_random *random, int depth)
{
    static const char *const keys[] = {"a", "b", "鍵", "\"", "x y"};
    switch (seeded_between(random, 0, depth < 6 ? 6 : 4)) {
    case 0:
        json_int(writer, key, seeded_between(random, -1000, 1000));
        return;
    case 1:
        json_int(writer, key, (int64_t)seeded_next(random) >> 11);
        return;
    case 2:
        json_bool(writer, key, seeded_between(random, 0, 1) == 1);
        return;
    case 3:
        json_null(writer, key);
        return;
    case 4:
        write_random_text(writer, key, random);
        return;
    case 5:
        json_begin_array(writer, key);
        for (int64_t count = seeded_between(random, 0, 4); count > 0; count--) {
            write_random_value(writer, NULL, random, depth + 1);
        }
        json_end_array(writer);
        return;
    default:
        json_begin_object(writer, key);
        for (int64_t i = seeded_between(random, 0, 4); i >= 0; i--) {
            write_random_value(writer, keys[i], random, depth + 1);
        }
        json_end_object(writer);
        return;
    }
}

static void
write_random_document(struct buffer *out, struct seeded_random *random)
{
    struct json_writer writer;
    buffer_clear(out);
    json_writer_init(&writer, out);
    write_random_value(&writer, NULL, random, 0);
    assert_int_equal(json_finish(&writer, NULL), STATUS_OK);
}

static void
canonical_bytes_are_read_and_written_unchanged(void **state)
{
    (void)state;
    struct seeded_random random = {8259};
    struct buffer out, again;
    buffer_init(&out, 1000000);
    buffer_init(&again, 1000000);
    for (int round = 0; round < 3000; round++) {
        struct json_value *value;
        write_random_document(&out, &random);
        assert_int_equal(json_parse(&value, out.data, out.length, NULL), STATUS_OK);
        buffer_clear(&again);
        assert_int_equal(json_write_canonical(value, &again, NULL), STATUS_OK);
        assert_int_equal(again.length, out.length);
        assert_memory_equal(again.data, out.data, out.length);
        json_free(value);
    }
    buffer_finish(&out);
    buffer_finish(&again);
}

/* The syntax check and cJSON must agree, or a right text would be blamed on memory. */
static void
damaged_documents_are_refused_or_read_but_never_an_error_of_ours(void **state)
{
    (void)state;
    static const char bytes[] = "{}[]:,\"\\0123456789.eE+-tfnu \n\x01\xE3\x81\x82x";
    struct seeded_random random = {1};
    struct buffer out;
    buffer_init(&out, 1000000);
    for (int round = 0; round < 20000; round++) {
        write_random_document(&out, &random);
        for (int64_t count = seeded_between(&random, 1, 3); count > 0; count--) {
            out.data[seeded_between(&random, 0, (int64_t)out.length - 1)] =
                bytes[seeded_between(&random, 0, sizeof bytes - 2)];
        }
        struct json_value *value = NULL;
        enum status status = json_parse(&value, out.data, out.length, NULL);
        assert_true(status == STATUS_OK || status == STATUS_INVALID);
        assert_true((value != NULL) == (status == STATUS_OK));
        json_free(value);
    }
    buffer_finish(&out);
}

static void
want_of_memory_while_writing_is_told_at_the_end(void **state)
{
    (void)state;
    for (unsigned failing = 1; failing < 10; failing++) {
        struct buffer out;
        struct json_writer writer;
        buffer_init(&out, 100000);
        json_writer_init(&writer, &out);
        memory_fail_from(failing);
        json_begin_array(&writer, NULL);
        for (int i = 0; i < 10000; i++) {
            json_int(&writer, NULL, i);
        }
        json_end_array(&writer);
        memory_fail_from(0);
        assert_int_equal(json_finish(&writer, NULL), STATUS_OVERFLOW);
        buffer_finish(&out);
    }
}

/* cJSON lives in a shared library, so its failure is put in here. */
static bool cjson_must_fail;
void *__real_cJSON_ParseWithLength(const char *text, size_t length);
void *__wrap_cJSON_ParseWithLength(const char *text, size_t length);

void *
__wrap_cJSON_ParseWithLength(const char *text, size_t length)
{
    return cjson_must_fail ? NULL : __real_cJSON_ParseWithLength(text, length);
}

static void
want_of_memory_while_reading_is_not_blamed_on_the_text(void **state)
{
    (void)state;
    struct json_value *value = NULL;
    cjson_must_fail = true;
    assert_int_equal(json_parse(&value, "{}", 2, NULL), STATUS_NO_MEMORY);
    cjson_must_fail = false;
    assert_null(value);
}

static void
a_value_is_found_by_its_path(void **state)
{
    (void)state;
    static const char text[] =
        "{\n \"a\": [1, {\"b\": \"\\\"]}\"},\n   {\"料\": [[], [2]], \"c\": null}],\n \"d\": true\n}";
    static const struct {
        const char *path;
        unsigned line, column;
    } cases[] = {
        {"", 1, 1},        {"a", 2, 7},       {"a[0]", 2, 8},           {"a[1]", 2, 11},
        {"a[1].b", 2, 17}, {"a[2]", 3, 4},    {"a[2].料[1][0]", 3, 16}, {"a[2].c", 3, 26},
        {"d", 4, 7},       {"a[1].x", 2, 11}, {"a[9]", 2, 7},           {"x", 1, 1},
        {"d.e", 4, 7},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        unsigned line = 0;
        unsigned column = 0;
        print_message("%s\n", cases[i].path);
        assert_true(json_locate(text, sizeof text - 1, cases[i].path, &line, &column));
        assert_int_equal(line, cases[i].line);
        assert_int_equal(column, cases[i].column);
    }
    unsigned ignored;
    assert_false(json_locate(text, sizeof text - 1, "a[x]", &ignored, &ignored));
    assert_false(json_locate(text, sizeof text - 1, "a..b", &ignored, &ignored));
    assert_false(json_locate(text, sizeof text - 1, "a[1", &ignored, &ignored));
}

static void
a_value_is_found_by_its_path_and_what_is_missing_by_what_encloses_it(void **state)
{
    (void)state;
    static const char text[] = "{\n"
                               "  \"a\": [1, \"two, ]\\\"\", {\"b\": {\"料金\": null, \"c.d\": -1}}],\n"
                               "  \"e\": true\n"
                               "}";
    static const struct {
        const char *path;
        unsigned line;
        unsigned column;
    } places[] = {
        {"", 1, 1},
        {"a", 2, 3},
        {"a[0]", 2, 9},
        {"a[1]", 2, 12},
        {"a[2]", 2, 24},
        {"a[2].b", 2, 25},
        {"a[2].b.料金", 2, 31},
        {"a[2].b.c.d", 2, 43},
        {"a[2].b.missing", 2, 25},
        {"a[2].missing.more", 2, 24},
        {"a[3]", 2, 3},
        {"a[x]", 2, 3},
        {"e", 3, 3},
        {"e.f", 3, 3},
        {"f", 1, 1},
    };
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        unsigned line;
        unsigned column;
        json_place(text, sizeof text - 1, places[i].path, &line, &column);
        if (line != places[i].line || column != places[i].column) {
            fail_msg("%s is at %u:%u", places[i].path, line, column);
        }
    }
}

static void
the_second_of_two_equal_keys_is_placed(void **state)
{
    (void)state;
    struct json_value *value;
    struct error_detail err;
    static const char text[] = "{\"a\":{\"k\":1,\"x\":\"k\"},\n \"b\":[{\"k\":2,\n  \"k\":3}]}";
    assert_int_equal(json_parse(&value, text, sizeof text - 1, &err), STATUS_INVALID);
    assert_string_equal(err.message, "line 3, column 3: the key \"k\" stands twice in one object");
    assert_int_equal(err.line, 3);
    assert_int_equal(err.column, 3);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_of_every_kind_are_read),
        cmocka_unit_test(members_are_walked_in_their_order),
        cmocka_unit_test(what_is_not_json_is_refused),
        cmocka_unit_test(a_nul_is_refused_raw_and_escaped),
        cmocka_unit_test(bytes_behind_the_length_are_not_read),
        cmocka_unit_test(a_fault_is_named_by_line_and_column),
        cmocka_unit_test(a_key_that_stands_twice_is_named_and_refused),
        cmocka_unit_test(a_value_is_found_by_its_path_and_what_is_missing_by_what_encloses_it),
        cmocka_unit_test(the_second_of_two_equal_keys_is_placed),
        cmocka_unit_test(an_object_with_too_many_members_is_refused_in_bounded_time),
        cmocka_unit_test(nesting_is_bounded),
        cmocka_unit_test(half_a_million_brackets_do_not_exhaust_the_stack),
        cmocka_unit_test(a_text_beyond_the_limit_is_an_overflow),
        cmocka_unit_test(only_whole_numbers_that_a_double_carries_are_integers),
        cmocka_unit_test(required_members_are_asked_for_by_kind_and_range),
        cmocka_unit_test(optional_members_fall_back_only_when_absent_or_null),
        cmocka_unit_test(writing_gives_the_canonical_bytes),
        cmocka_unit_test(a_mistake_of_the_writer_is_told_at_the_end),
        cmocka_unit_test(a_full_buffer_is_told_at_the_end),
        cmocka_unit_test(writing_at_the_deepest_level_is_read_back),
        cmocka_unit_test(any_form_of_a_value_has_one_canonical_form),
        cmocka_unit_test(a_value_with_a_fraction_has_no_canonical_form),
        cmocka_unit_test(canonical_bytes_are_read_and_written_unchanged),
        cmocka_unit_test(damaged_documents_are_refused_or_read_but_never_an_error_of_ours),
        cmocka_unit_test(a_value_is_found_by_its_path),
        cmocka_unit_test(want_of_memory_while_writing_is_told_at_the_end),
        cmocka_unit_test(want_of_memory_while_reading_is_not_blamed_on_the_text),
    };
    return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
