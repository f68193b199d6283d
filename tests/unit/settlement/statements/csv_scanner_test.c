/* The fast scanner against a slow one that was written for this test: on anything, both say the same. */
#include "statement_support.h"

#include "settlement/statements/csv_block.h"
#include "settlement/statements/csv_scanner.h"
#include "tests/unit/common/seeded_random.h"

#include <stdlib.h>
#include <string.h>

enum { TEXTS = 30000, TEXT_MAX = 300, LONG_TEXTS = 60, LONG_MAX = 3 * CSV_BATCH_BYTES };

/* Reads one character at a time. Fields are appended to OUT as "[…]", records as lines, with the line number in front.
 * False: not well-formed (or wider or longer than allowed, which the texts here are not). */
static bool
read_slowly(struct buffer *out, const char *text, size_t length)
{
    size_t i = 0;
    unsigned line = 1;
    while (i < length) {
        if (text[i] == '\n' || text[i] == '\r') {
            i += text[i] == '\r' && i + 1 < length && text[i + 1] == '\n' ? 2 : 1;
            line++;
            continue;
        }
        buffer_printf(out, "%u:", line);
        for (;;) {
            bool is_quoted = i < length && text[i] == '"';
            i += is_quoted ? 1 : 0;
            buffer_append_byte(out, '[');
            for (;; i++) {
                if (i == length) {
                    if (is_quoted) {
                        return false;
                    }
                    break;
                }
                char byte = text[i];
                bool is_end = byte == '\n' || byte == '\r';
                if (!is_quoted && (byte == ',' || is_end)) {
                    break;
                }
                if (byte == '"' && !is_quoted) {
                    return false;
                }
                if (byte == '"') {
                    if (i + 1 == length || text[i + 1] != '"') {
                        i++;
                        break;
                    }
                    i++;
                }
                if ((unsigned char)byte < 0x20 && byte != '\t' && !is_end) {
                    return false;
                }
                line += byte == '\n' || (byte == '\r' && (i + 1 == length || text[i + 1] != '\n')) ? 1 : 0;
                buffer_append_byte(out, (unsigned char)byte);
            }
            buffer_append_byte(out, ']');
            if (i < length && text[i] == ',') {
                i++;
                continue;
            }
            if (i < length && text[i] != '\n' && text[i] != '\r') {
                return false; /* something follows a closing quote */
            }
            break;
        }
        buffer_append_byte(out, '\n');
        if (i < length) {
            i += text[i] == '\r' && i + 1 < length && text[i + 1] == '\n' ? 2 : 1;
            line++;
        }
    }
    return true;
}

static bool
read_fast(struct buffer *out, const char *text, size_t length)
{
    struct csv_scanner *scanner = malloc(sizeof *scanner);
    struct csv_format format = {.separator = ',', .quote = '"', .encoding = TEXT_UTF_8};
    struct csv_record record;
    struct error_detail err;
    bool has_record = true;
    enum status status = csv_scanner_init(scanner, format, text, length, &err);
    while (status == STATUS_OK) {
        status = csv_scanner_next(scanner, &record, &has_record, &err);
        if (status != STATUS_OK || !has_record) {
            break;
        }
        buffer_printf(out, "%u:", record.line);
        for (uint32_t i = 0; i < record.field_count; i++) {
            struct text_view field = csv_record_field(&record, '"', i);
            buffer_append_byte(out, '[');
            for (size_t k = 0; k < field.length; k++) {
                buffer_append_byte(out, (unsigned char)field.at[k]);
                k += field.at[k] == '"' ? 1 : 0;
            }
            buffer_append_byte(out, ']');
        }
        buffer_append_byte(out, '\n');
    }
    free(scanner);
    return status == STATUS_OK;
}

static void
expect_agreement(const char *text, size_t length)
{
    struct buffer slow, fast;
    buffer_init(&slow, 16 * LONG_MAX);
    buffer_init(&fast, 16 * LONG_MAX);
    bool slow_is_well = read_slowly(&slow, text, length);
    bool fast_is_well = read_fast(&fast, text, length);
    bool is_same =
        slow_is_well == fast_is_well && (!slow_is_well || strcmp(buffer_text(&slow), buffer_text(&fast)) == 0);
    if (!is_same) {
        fail_msg("%.*s\n--- slow %d\n%s\n--- fast %d\n%s", (int)length, text, slow_is_well, buffer_text(&slow),
                 fast_is_well, buffer_text(&fast));
    }
    buffer_finish(&slow);
    buffer_finish(&fast);
}

static void
any_short_text_is_read_or_refused_as_the_slow_reader_does(void **state)
{
    (void)state;
    static const char alphabet[] = "ab,,\"\"\n\r\t,\"\n1";
    struct seeded_random random = {20261122};
    for (int i = 0; i < TEXTS; i++) {
        size_t length = (size_t)seeded_between(&random, 0, TEXT_MAX);
        char *text = malloc(length == 0 ? 1 : length);
        int64_t last = seeded_between(&random, 1, sizeof alphabet - 2); /* some texts without quotes or controls */
        for (size_t k = 0; k < length; k++) {
            text[k] = alphabet[seeded_between(&random, 0, last)];
        }
        expect_agreement(text, length);
        free(text);
    }
}

/* Append a well-formed field. */
static void
append_field(struct buffer *out, struct seeded_random *random)
{
    int64_t length = seeded_between(random, 0, 40);
    bool is_quoted = seeded_between(random, 0, 1) == 1;
    bool is_odd = is_quoted && seeded_between(random, 0, 9) == 0;
    buffer_append_text(out, is_quoted ? "\"" : "");
    for (int64_t i = 0; i < length; i++) {
        static const char *const odd[] = {"\"\"", ",", "\r\n", "\n", "\r", "a", "é", "漢"};
        buffer_append_text(out, is_odd ? odd[seeded_between(random, 0, 7)] : odd[seeded_between(random, 5, 7)]);
    }
    buffer_append_text(out, is_quoted ? "\"" : "");
}

static void
long_texts_are_read_alike_across_batches(void **state)
{
    (void)state;
    struct seeded_random random = {7};
    for (int i = 0; i < LONG_TEXTS; i++) {
        struct buffer text;
        buffer_init(&text, 2 * LONG_MAX);
        size_t wanted = (size_t)seeded_between(&random, CSV_BATCH_BYTES / 2, LONG_MAX);
        while (text.length < wanted) {
            for (int64_t fields = seeded_between(&random, 1, 12); fields > 0; fields--) {
                append_field(&text, &random);
                buffer_append_text(&text, fields > 1 ? "," : "");
            }
            static const char *const ends[] = {"\r\n", "\n", "\r", "\n\n"};
            buffer_append_text(&text, ends[seeded_between(&random, 0, 3)]);
        }
        expect_agreement(text.data, text.length);
        buffer_finish(&text);
    }
}

static void
a_line_end_may_fall_on_the_edge_of_a_batch(void **state)
{
    (void)state;
    static const char *const ends[] = {"\r\n", "\n", "\r", "\r\n\r\n", "\"\r\n\""};
    for (size_t e = 0; e < sizeof ends / sizeof ends[0]; e++) {
        for (size_t before = CSV_BATCH_BYTES - 70; before < CSV_BATCH_BYTES + 3; before++) {
            struct buffer text;
            buffer_init(&text, 2 * LONG_MAX);
            while (text.length < before) {
                buffer_append_byte(&text, text.length % 50 == 49 ? '\n' : 'x');
            }
            buffer_printf(&text, "%sabc,d%sef", ends[e], ends[e]);
            expect_agreement(text.data, text.length);
            buffer_finish(&text);
        }
    }
}

static void
expect_same_block(struct csv_block a, struct csv_block b)
{
    assert_true(a.quotes == b.quotes && a.separators == b.separators);
    assert_true(a.crs == b.crs && a.lfs == b.lfs);
    assert_true(a.controls == b.controls);
}

static void
words_sse2_and_avx2_see_the_same_bits(void **state)
{
    (void)state;
    struct seeded_random random = {99};
    for (int i = 0; i < 20000; i++) {
        char bytes[CSV_BLOCK_BYTES];
        for (size_t k = 0; k < sizeof bytes; k++) {
            bytes[k] = (char)(seeded_next(&random) >> (i % 2 == 0 ? 40 : 58)); /* all bytes, or small ones */
        }
        struct csv_block words = csv_block_by_words(bytes, '"', ',');
        assert_true((words.crs & ~words.controls) == 0);
#ifdef CSV_BLOCK_HAS_X86
        expect_same_block(words, csv_block_by_sse2(bytes, '"', ','));
        if (__builtin_cpu_supports("avx2")) {
            expect_same_block(words, csv_block_by_avx2(bytes, '"', ','));
        }
#else
        expect_same_block(words, words);
#endif
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_short_text_is_read_or_refused_as_the_slow_reader_does),
        cmocka_unit_test(long_texts_are_read_alike_across_batches),
        cmocka_unit_test(a_line_end_may_fall_on_the_edge_of_a_batch),
        cmocka_unit_test(words_sse2_and_avx2_see_the_same_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
