/* Every shipped layout against a file that another program wrote from the published description, and against the same
 * file cut, altered and with a line that cannot be read. */
#include "statement_support.h"

#include "common/clock/civil.h"
#include "settlement/statements/reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LAYOUTS "settlement/statements/layouts/"
#define FILES "tests/fixtures/statements/"

static const char *const names[] = {
    "paypay",        "wechat-bill",  "antom-settlement", "adyen-settlement-detail",
    "card-monthly",  "emoney-daily", "zengin-01",        "zengin-03",
    "zengin-03-csv", "anser-csv",    "camt-053",
};

enum { NAME_COUNT = sizeof names / sizeof names[0] };

static void
put_view(struct buffer *out, struct text_view view)
{
    buffer_append_byte(out, '\t');
    buffer_append(out, view.at, view.length);
}

static void
put_date(struct buffer *out, struct civil_date date)
{
    char text[CIVIL_DATE_TEXT_SIZE] = "";
    if (date.year != 0) {
        civil_date_format(text, date);
    }
    buffer_printf(out, "\t%s", text);
}

static void
put_statement(struct buffer *out, const struct statement_line *line)
{
    static const char *const kinds[] = {"sale", "reversal", "refund", "fee"};
    char stamp[INSTANT_TEXT_SIZE] = "";
    if (line->accepted_at_ms != INSTANT_ABSENT) {
        instant_format(stamp, line->accepted_at_ms);
    }
    buffer_printf(out, "%u\t%s", line->line, kinds[line->kind]);
    put_view(out, line->brand);
    put_view(out, line->merchant_reference);
    put_view(out, line->acquirer_reference);
    put_view(out, line->terminal);
    buffer_printf(out, "\t%s\t%lld\t%lld", stamp, (long long)line->amount_yen, (long long)line->fee_yen);
    put_date(out, line->pay_date);
    put_view(out, line->payout_id);
    buffer_append_byte(out, '\n');
}

static void
put_bank(struct buffer *out, const struct bank_line *line)
{
    buffer_printf(out, "%u\t%s", line->line, line->direction == BANK_IN ? "in" : "out");
    put_date(out, line->date);
    put_date(out, line->value_date);
    buffer_printf(out, "\t%lld", (long long)line->amount_yen);
    const struct text_view texts[] = {line->inquiry_number, line->transaction,  line->payer_code,
                                      line->payer_kana,     line->sending_bank, line->sending_branch,
                                      line->summary,        line->edi,          line->account_bank,
                                      line->account_branch, line->account_kind, line->account_number};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        put_view(out, texts[i]);
    }
    buffer_append_byte(out, '\n');
}

struct faults {
    unsigned count;
    struct error_detail last;
    char raw[4096];
};

static void
keep_fault(const struct error_detail *fault, struct text_view raw, void *context)
{
    struct faults *faults = context;
    faults->count++;
    faults->last = *fault;
    size_t length = raw.length < sizeof faults->raw - 1 ? raw.length : sizeof faults->raw - 1;
    memcpy(faults->raw, raw.at, length);
    faults->raw[length] = '\0';
}

/* Read LENGTH bytes into OUT as the fixtures write it; FAULTS may be NULL. */
static enum status
read_all(struct buffer *out, const struct layout *layout, const char *bytes, size_t length, struct faults *faults,
         struct error_detail *err)
{
    struct reader *reader = NULL;
    enum status status = reader_create(&reader, layout, bytes, length, TEST_NOT_AFTER, err);
    if (status == STATUS_OK && faults != NULL) {
        reader_keep_faults(reader, keep_fault, faults);
    }
    bool has_line = true;
    while (status == STATUS_OK && has_line) {
        struct statement_line line;
        struct bank_line bank;
        if (layout_gives(layout) == LAYOUT_GIVES_BANK) {
            status = reader_next_bank(reader, &bank, &has_line, err);
        } else {
            status = reader_next_statement(reader, &line, &has_line, err);
        }
        if (status == STATUS_OK && has_line && layout_gives(layout) == LAYOUT_GIVES_BANK) {
            put_bank(out, &bank);
        } else if (status == STATUS_OK && has_line) {
            put_statement(out, &line);
        }
        if (status == STATUS_OK) {
            assert_true(reader_position(reader) <= length + length / 2);
            reader_forget_texts(reader); /* what was given out was used */
        }
    }
    reader_destroy(reader);
    return status;
}

static struct layout *
load(const char *name)
{
    char path[200];
    snprintf(path, sizeof path, LAYOUTS "%s.json", name);
    return support_layout(path);
}

static void
read_fixture(struct buffer *out, const char *name, const char *ending)
{
    char path[200];
    snprintf(path, sizeof path, FILES "%s%s", name, ending);
    support_read(out, path);
}

static void
every_shipped_layout_reads_a_file_written_by_its_description(void **state)
{
    (void)state;
    for (size_t i = 0; i < NAME_COUNT; i++) {
        struct layout *layout = load(names[i]);
        struct buffer file, wanted, found;
        struct error_detail err = {0};
        read_fixture(&file, names[i], ".file");
        read_fixture(&wanted, names[i], ".expected");
        buffer_init(&found, 1024 * 1024);

        enum status status = read_all(&found, layout, file.data, file.length, NULL, &err);

        if (status != STATUS_OK) {
            fail_msg("%s: %u:%u %s", names[i], err.line, err.column, err.message);
        }
        if (strcmp(buffer_text(&found), buffer_text(&wanted)) != 0) {
            fail_msg("%s: read\n%sbut it says\n%s", names[i], buffer_text(&found), buffer_text(&wanted));
        }
        buffer_finish(&found);
        buffer_finish(&wanted);
        buffer_finish(&file);
        layout_destroy(layout);
    }
}

/* Formats that say how many lines there are, or end with a mark. */
static bool
knows_its_end(const char *name)
{
    return strcmp(name, "paypay") != 0 && strcmp(name, "anser-csv") != 0;
}

static void
a_file_that_was_cut_is_refused_where_the_format_can_tell(void **state)
{
    (void)state;
    for (size_t i = 0; i < NAME_COUNT; i++) {
        struct layout *layout = load(names[i]);
        struct buffer file, whole, found;
        struct error_detail err = {0};
        read_fixture(&file, names[i], ".file");
        buffer_init(&whole, 1024 * 1024);
        assert_int_equal(read_all(&whole, layout, file.data, file.length, NULL, &err), STATUS_OK);
        size_t end = file.length;
        while (end > 0 && strchr(" \r\n", file.data[end - 1]) != NULL) {
            end--;
        }
        /* Every byte near the end, where summaries are, and some of the others. */
        for (size_t length = 0; length < end; length += length + 250 < end ? 17 : 1) {
            char *cut = malloc(length > 0 ? length : 1);
            assert_non_null(cut);
            memcpy(cut, file.data, length);
            buffer_init(&found, 1024 * 1024);

            enum status status = read_all(&found, layout, cut, length, NULL, &err);

            bool is_whole = strcmp(buffer_text(&found), buffer_text(&whole)) == 0; /* only a summary's tail is lost */
            if (status == STATUS_OK && knows_its_end(names[i]) && !is_whole) {
                fail_msg("%s: cut at %zu of %zu it was taken", names[i], length, end);
            }
            buffer_finish(&found);
            free(cut);
        }
        buffer_finish(&whole);
        buffer_finish(&file);
        layout_destroy(layout);
    }
}

/* The first place of BEFORE in the file becomes AFTER, of the same length. */
static void
alter(struct buffer *file, const char *before, const char *after)
{
    assert_int_equal(strlen(before), strlen(after));
    char *at = strstr(file->data, before);
    assert_non_null(at);
    memcpy(at, after, strlen(after));
}

static const struct {
    const char *name;
    const char *before;
    const char *after;
    const char *word; /* what the sentence must name */
} altered[] = {
    {"wechat-bill", "`20000.00,`0.00,`0,", "`20001.00,`0.00,`0,", "金額の合計"},
    {"adyen-settlement-detail", "JPY,330,", "JPY,331,", "差引の合計"},
    {"card-monthly", "\"3,450\"", "\"3,451\"", "金額の合計"},
    {"card-monthly", "\"112\"", "\"113\"", "手数料の合計"},
    {"emoney-daily", "0000001000", "0000001001", "金額の合計"},
    {"zengin-01", "0001238002", "0001238003", "金額の合計"},
    {"zengin-03", "000001238002", "000001238003", "金額の合計"},
    {"zengin-03-csv", "\"1238002\"", "\"1238003\"", "金額の合計"},
    {"camt-053", "JPY\">1238002", "JPY\">1238003", "金額の合計"},
};

static void
an_amount_that_a_sum_contradicts_stops_the_file(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof altered / sizeof altered[0]; i++) {
        struct layout *layout = load(altered[i].name);
        struct buffer file, found;
        struct faults faults = {0};
        struct error_detail err = {0};
        read_fixture(&file, altered[i].name, ".file");
        alter(&file, altered[i].before, altered[i].after);
        buffer_init(&found, 1024 * 1024);

        enum status status = read_all(&found, layout, file.data, file.length, &faults, &err);

        assert_int_equal(status, STATUS_INVALID);
        assert_string_equal(err.code, "statement_incomplete");
        if (strstr(err.message, altered[i].word) == NULL || err.line == 0) {
            fail_msg("%s: %u %s", altered[i].name, err.line, err.message);
        }
        buffer_finish(&found);
        buffer_finish(&file);
        layout_destroy(layout);
    }
}

static const struct {
    const char *name;
    const char *before;
    const char *after;
    unsigned line;
    unsigned column;
    bool is_taken; /* the other lines are */
} unreadable[] = {
    {"paypay", "2026/11/22 09:01", "2026/13/22 09:01", 2, 87, true},
    {"paypay", ",450,", ",4x0,", 2, 107, true},
    {"wechat-bill", "`2026-11-22", "`2026-11-32", 2, 1, true},
    {"wechat-bill", "`JPY", "`CNY", 2, 97, true},
    {"wechat-bill", "`300.00", "`3o0.00", 2, 102, false}, /* the sum cannot be proved */
    {"adyen-settlement-detail", "2026-11-22 10:15", "2026-11-22 25:15", 3, 56, true},
    {"adyen-settlement-detail", "Refunded", "Rewarded", 5, 1, false},
    {"antom-settlement", "2026-11-22T13:01", "2026-11-22T25:01", 2, 62, true},
    {"antom-settlement", ",8000,JPY", ",80o0,JPY", 3, 131, true},
    {"card-monthly", "\"10:15\"", "\"25:15\"", 3, 6, true},
    {"card-monthly", "\"3,450\"", "\"3,4o0\"", 3, 70, false},
    {"emoney-daily", "20261122110105", "20261122990105", 2, 6, true},
    {"emoney-daily", "0000000300", "00000003O0", 2, 89, false},
    {"zengin-01", "000001081125", "000001081325", 2, 8, true},
    {"zengin-03", "200000001081125", "200000001081325", 2, 10, true},
    {"anser-csv", "\"1,238,002\"", "\"1,238,0o2\"", 2, 53, true},
    {"zengin-03-csv", "\"081126\",\"081126\",\"1\"", "\"081126\",\"081326\",\"1\"", 4, 26, true},
    {"camt-053", "<Dt>2026-11-26", "<Dt>2026-11-31", 15, 1, true},
};

static void
a_line_that_cannot_be_read_is_reported_with_its_place_and_does_not_stop_the_others(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof unreadable / sizeof unreadable[0]; i++) {
        struct layout *layout = load(unreadable[i].name);
        struct buffer file, wanted, found;
        struct faults faults = {0};
        struct error_detail err = {0};
        read_fixture(&file, unreadable[i].name, ".file");
        read_fixture(&wanted, unreadable[i].name, ".expected");
        alter(&file, unreadable[i].before, unreadable[i].after);
        buffer_init(&found, 1024 * 1024);

        enum status strict = read_all(&found, layout, file.data, file.length, NULL, &err);
        buffer_clear(&found);
        enum status status = read_all(&found, layout, file.data, file.length, &faults, &err);

        assert_int_equal(strict, STATUS_INVALID);
        assert_int_equal(faults.count, 1);
        if (faults.last.line != unreadable[i].line || faults.last.column != unreadable[i].column) {
            fail_msg("%s: reported at %u:%u: %s", unreadable[i].name, faults.last.line, faults.last.column,
                     faults.last.message);
        }
        if ((status == STATUS_OK) != unreadable[i].is_taken) {
            fail_msg("%s: status %d %s", unreadable[i].name, status, err.message);
        }
        char bad_line[16];
        snprintf(bad_line, sizeof bad_line, "%u\t", unreadable[i].line);
        char *start = strstr(buffer_text(&wanted), bad_line);
        assert_non_null(start);
        memmove(start, strchr(start, '\n') + 1, strlen(strchr(start, '\n') + 1) + 1);
        if (status == STATUS_OK) {
            assert_string_equal(buffer_text(&found), buffer_text(&wanted));
        }
        buffer_finish(&found);
        buffer_finish(&wanted);
        buffer_finish(&file);
        layout_destroy(layout);
    }
}

static void
xml_with_a_document_type_is_refused(void **state)
{
    (void)state;
    static const char bomb[] = "<?xml version=\"1.0\"?><!DOCTYPE Document [<!ENTITY a \"1\">]><Document>&a;</Document>";
    struct layout *layout = load("camt-053");
    support_expect_refused(layout, bomb, strlen(bomb), 1, 41, "statement_xml");
    layout_destroy(layout);
}

static void
utf_16_is_read_like_utf_8(void **state)
{
    (void)state;
    struct layout *layout = support_layout_from(
        "{\"layout\":\"u\",\"kind\":\"csv\",\"encoding\":\"utf-16\",\"separator\":\"\\t\",\"fields\":{"
        "\"merchant_reference\":{\"column\":\"参照\"},\"amount\":{\"column\":\"額\"}}}");
    static const char little[] = "\xFF\xFE\xC2\x53\x67\x71\t\0\x4D\x98\n\0a\0\t\0"
                                 "4\0"
                                 "5\0"
                                 "0\0\n\0";
    struct buffer found;
    struct error_detail err = {0};
    buffer_init(&found, 4096);
    assert_int_equal(read_all(&found, layout, little, sizeof little - 1, NULL, &err), STATUS_OK);
    assert_string_equal(buffer_text(&found), "2\tsale\t\ta\t\t\t\t450\t0\t\t\n");
    support_expect_refused(layout, little, sizeof little - 2, 1, 1, "statement_encoding");
    buffer_finish(&found);
    layout_destroy(layout);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_shipped_layout_reads_a_file_written_by_its_description),
        cmocka_unit_test(a_file_that_was_cut_is_refused_where_the_format_can_tell),
        cmocka_unit_test(an_amount_that_a_sum_contradicts_stops_the_file),
        cmocka_unit_test(a_line_that_cannot_be_read_is_reported_with_its_place_and_does_not_stop_the_others),
        cmocka_unit_test(xml_with_a_document_type_is_refused),
        cmocka_unit_test(utf_16_is_read_like_utf_8),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
