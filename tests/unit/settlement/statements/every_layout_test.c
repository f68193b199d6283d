/* What happens to any file on its way, tried on every shipped layout: other line ends, a byte order mark, nothing in
 * it, only its header, another header, a byte of another encoding; and how amounts and days may and may not be written
 * in each. */
#include "statement_support.h"

#include "common/clock/civil.h"
#include "settlement/statements/reader.h"

#include <stdio.h>
#include <string.h>

#define BOM "\xEF\xBB\xBF"

static const struct {
    const char *name;
    bool is_utf8;
    bool has_end;     /* a file that lost its end is known by it */
    const char *text; /* of a field that is read, and does not say where the line belongs */
} layouts[] = {
    {"aggregator-daily", false, true, "0193-KO-01-2"},
    {"paypay", true, false, "12345678901234567891"},
    {"wechat-bill", true, true, "WX-1"},
    {"antom-settlement", true, true, "AL-1"},
    {"adyen-settlement-detail", true, true, "4F0000000001"},
    {"card-monthly", false, true, "12341"},
    {"emoney-daily", false, true, "E000000001"},
    {"zengin-01", false, true, "P20261122-QR"},
    {"zengin-03", false, true, "P20261122-QR"},
    {"zengin-03-csv", false, true, "P20261122-QR"},
    {"anser-csv", false, false, "00001"},
    {"camt-053", true, true, "P20261122-QR"},
};

enum { LAYOUT_COUNT = sizeof layouts / sizeof layouts[0] };

/* What was read of a file, a line each, and what could not be. */
struct seen {
    struct buffer lines;
    unsigned fault_count;
    struct error_detail fault;
    struct error_detail err;
    enum status status;
};

static void
keep_fault(const struct error_detail *fault, struct text_view raw, void *context)
{
    (void)raw;
    struct seen *seen = context;
    seen->fault_count++;
    seen->fault = *fault;
}

static void
put_date(struct buffer *out, struct civil_date date)
{
    char text[CIVIL_DATE_TEXT_SIZE] = "";
    if (date.year != 0) {
        civil_date_format(text, date);
    }
    buffer_printf(out, " %s", text);
}

static void
put_instant(struct buffer *out, int64_t instant_ms)
{
    char text[INSTANT_TEXT_SIZE] = "";
    if (instant_ms != INSTANT_ABSENT) {
        instant_format(text, instant_ms);
    }
    buffer_printf(out, " %s", text);
}

/* LINES without their numbers: those differ where a byte order mark or a line end does not. */
static void
read_file(struct seen *seen, const struct layout *layout, const char *bytes, size_t length)
{
    struct reader *reader = NULL;
    bool has_line = true;
    *seen = (struct seen){0};
    buffer_init(&seen->lines, 1024 * 1024);
    seen->status = reader_create(&reader, layout, bytes, length, TEST_NOT_AFTER, &seen->err);
    if (seen->status == STATUS_OK) {
        reader_keep_faults(reader, keep_fault, seen);
    }
    while (seen->status == STATUS_OK && has_line) {
        struct bank_line bank;
        struct statement_line line;
        if (layout_gives(layout) == LAYOUT_GIVES_BANK) {
            seen->status = reader_next_bank(reader, &bank, &has_line, &seen->err);
            if (seen->status == STATUS_OK && has_line) {
                buffer_printf(&seen->lines, "%s%lld %.*s %.*s", bank.direction == BANK_IN ? "+" : "-",
                              (long long)bank.amount_yen, (int)bank.edi.length, bank.edi.at,
                              (int)bank.payer_kana.length, bank.payer_kana.at);
                put_date(&seen->lines, bank.date);
                buffer_append_byte(&seen->lines, '\n');
            }
        } else {
            seen->status = reader_next_statement(reader, &line, &has_line, &seen->err);
            if (seen->status == STATUS_OK && has_line) {
                buffer_printf(&seen->lines, "%d %lld %lld %.*s %.*s", (int)line.kind, (long long)line.amount_yen,
                              (long long)line.fee_yen, (int)line.merchant_reference.length, line.merchant_reference.at,
                              (int)line.acquirer_reference.length, line.acquirer_reference.at);
                put_instant(&seen->lines, line.accepted_at_ms);
                put_date(&seen->lines, line.pay_date);
                buffer_append_byte(&seen->lines, '\n');
            }
        }
        reader_forget_texts(reader);
    }
    reader_destroy(reader);
}

static struct layout *
load(size_t number)
{
    char path[200];
    snprintf(path, sizeof path, "settlement/statements/layouts/%s.json", layouts[number].name);
    return support_layout(path);
}

/* The layout's sample without byte order mark. */
static void
read_sample(struct buffer *out, size_t number)
{
    static const char *const daily[] = {
        "\"1\",\"0193-KO-01-1\",\"A1\",\"visa\",\"KO-01\",\"2026/11/22 "
        "09:03:11\",\"売上\",\"450\",\"9\",\"2026/12/10\",\"P1\"",
        "\"2\",\"0193-KO-01-2\",\"A2\",\"jcb\",\"KO-01\",\"2026/11/22 "
        "10:15:00\",\"売上\",\"3450\",\"69\",\"2026/12/10\",\"P1\"",
        "\"合計\",\"2\",\"3900\"",
        NULL,
    };
    char path[200];
    snprintf(path, sizeof path, "tests/fixtures/statements/%s.file", layouts[number].name);
    if (number == 0) {
        support_daily(out, daily);
    } else {
        support_read(out, path);
    }
    if (out->length >= 3 && memcmp(out->data, BOM, 3) == 0) {
        memmove(out->data, out->data + 3, out->length - 3);
        out->length -= 3;
    }
}

/* FILE with every line end as END. */
static void
with_line_ends(struct buffer *out, const struct buffer *file, const char *end)
{
    buffer_init(out, 1024 * 1024);
    for (size_t i = 0; i < file->length; i++) {
        bool is_pair = file->data[i] == '\r' && i + 1 < file->length && file->data[i + 1] == '\n';
        if (file->data[i] == '\n' || file->data[i] == '\r') {
            buffer_append(out, end, strlen(end));
            i += is_pair ? 1 : 0;
        } else {
            buffer_append(out, file->data + i, 1);
        }
    }
}

/* FILE with the first AT that stands in it replaced; both are UTF-8 and turned into the file's encoding. */
static void
with_text(struct buffer *out, const struct buffer *file, bool is_utf8, const char *before, const char *after)
{
    struct buffer from;
    struct buffer to;
    buffer_init(&from, 4096);
    buffer_init(&to, 4096);
    if (is_utf8) {
        buffer_append(&from, before, strlen(before));
        buffer_append(&to, after, strlen(after));
    } else {
        support_cp932(&from, before);
        support_cp932(&to, after);
    }
    size_t at = 0;
    while (at + from.length <= file->length && memcmp(file->data + at, from.data, from.length) != 0) {
        at++;
    }
    if (at + from.length > file->length) {
        fail_msg("the sample has no \"%s\"", before);
    }
    buffer_init(out, 1024 * 1024);
    buffer_append(out, file->data, at);
    buffer_append(out, buffer_text(&to), to.length);
    buffer_append(out, file->data + at + from.length, file->length - at - from.length);
    buffer_finish(&from);
    buffer_finish(&to);
}

static void
assert_in_words(const char *name, const struct seen *seen)
{
    if (seen->status != STATUS_INVALID || seen->err.code[0] == '\0' || strlen(seen->err.message) < 20) {
        fail_msg("%s: status %d %s: %s", name, seen->status, seen->err.code, seen->err.message);
    }
}

static void
line_ends_and_a_byte_order_mark_change_nothing(void **state)
{
    (void)state;
    static const char *const ends[] = {"\r\n", "\n", "\r"};
    for (size_t i = 0; i < LAYOUT_COUNT; i++) {
        struct layout *layout = load(i);
        struct buffer file, other;
        struct seen wanted, seen;
        read_sample(&file, i);
        read_file(&wanted, layout, file.data, file.length);
        assert_int_equal(wanted.status, STATUS_OK);
        assert_true(wanted.lines.length > 0);
        for (size_t k = 0; k < sizeof ends / sizeof ends[0]; k++) {
            with_line_ends(&other, &file, ends[k]);
            read_file(&seen, layout, other.data, other.length);
            if (seen.status != STATUS_OK || strcmp(buffer_text(&seen.lines), buffer_text(&wanted.lines)) != 0) {
                fail_msg("%s, line end %zu: %s\n%s", layouts[i].name, k, seen.err.message, buffer_text(&seen.lines));
            }
            buffer_finish(&seen.lines);
            buffer_finish(&other);
        }
        buffer_init(&other, 1024 * 1024);
        buffer_append(&other, BOM, 3);
        buffer_append(&other, file.data, file.length);
        read_file(&seen, layout, other.data, other.length);
        if (!layouts[i].is_utf8) { /* the file is not what its layout says */
            assert_in_words(layouts[i].name, &seen);
        } else if (seen.status != STATUS_OK || strcmp(buffer_text(&seen.lines), buffer_text(&wanted.lines)) != 0) {
            fail_msg("%s with a byte order mark: %s", layouts[i].name, seen.err.message);
        }
        buffer_finish(&seen.lines);
        buffer_finish(&other);
        buffer_finish(&wanted.lines);
        buffer_finish(&file);
        layout_destroy(layout);
    }
}

static void
a_file_with_nothing_in_it_or_only_its_first_line_gives_nothing_and_says_so_where_it_can(void **state)
{
    (void)state;
    for (size_t i = 0; i < LAYOUT_COUNT; i++) {
        struct layout *layout = load(i);
        struct buffer file;
        struct seen seen;
        read_sample(&file, i);
        static const char *const nothing[] = {"", "\r\n", "\r\n\r\n", BOM, "\x1A"};
        for (size_t k = 0; k < sizeof nothing / sizeof nothing[0]; k++) {
            read_file(&seen, layout, nothing[k], strlen(nothing[k]));
            if (seen.status == STATUS_OK) {
                fail_msg("%s: nothing (%zu) was a file", layouts[i].name, k);
            }
            assert_in_words(layouts[i].name, &seen);
            buffer_finish(&seen.lines);
        }
        size_t first = strcspn(file.data, "\r\n");
        read_file(&seen, layout, file.data, first);
        assert_int_equal(seen.lines.length, 0);
        assert_int_equal(seen.fault_count, 0);
        if ((seen.status == STATUS_OK) == layouts[i].has_end) {
            fail_msg("%s, only its first line: status %d %s", layouts[i].name, seen.status, seen.err.message);
        }
        buffer_finish(&seen.lines);
        buffer_finish(&file);
        layout_destroy(layout);
    }
}

static const struct {
    size_t number; /* of `layouts` */
    const char *before;
} headers[] = {{0, "加盟店取引ID"},         {1, "取引番号"},      {2, "商户订单号"},
               {3, "transactionRequestId"}, {4, "Psp Reference"}, {10, "勘定日"}};

static void
a_header_that_is_missing_is_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
        struct layout *layout = load(headers[i].number);
        struct buffer file, other;
        struct seen seen;
        read_sample(&file, headers[i].number);
        with_text(&other, &file, layouts[headers[i].number].is_utf8, headers[i].before, "XXX");

        read_file(&seen, layout, other.data, other.length);

        assert_in_words(headers[i].before, &seen);
        if (seen.err.line != 1 || strstr(seen.err.message, headers[i].before) == NULL || seen.lines.length != 0) {
            fail_msg("%s: %u %s", headers[i].before, seen.err.line, seen.err.message);
        }
        buffer_finish(&seen.lines);
        buffer_finish(&other);
        buffer_finish(&file);
        layout_destroy(layout);
    }
}

static void
a_byte_of_another_encoding_is_never_taken_for_a_character(void **state)
{
    (void)state;
    for (size_t i = 0; i < LAYOUT_COUNT; i++) {
        struct layout *layout = load(i);
        struct buffer file;
        struct seen seen;
        read_sample(&file, i);
        char *at = strstr(file.data, layouts[i].text);
        assert_non_null(at);
        at[1] = '\xFF';

        read_file(&seen, layout, file.data, file.length);

        const struct error_detail *said = seen.status == STATUS_OK ? &seen.fault : &seen.err;
        if ((seen.status == STATUS_OK && seen.fault_count != 1) || said->line == 0 || strlen(said->message) < 20) {
            fail_msg("%s: status %d, %u faults, %u:%u %s", layouts[i].name, seen.status, seen.fault_count, said->line,
                     said->column, said->message);
        }
        buffer_finish(&seen.lines);
        buffer_finish(&file);
        layout_destroy(layout);
    }
}

static const char stops[] = "the file";

/* What stands in the sample, what is written instead, and what is read then: NULL, nothing of that line; `stops`,
 * nothing. */
static const struct {
    size_t number;
    const char *before;
    const char *after;
    const char *found;
} written[] = {
    /* Eras, where they change. */
    {5, "令和8年11月22日\",\"9:03", "令和元年5月1日\",\"9:03", "2019-05-01T09:03"},
    {5, "令和8年11月22日\",\"9:03", "令和1年5月1日\",\"9:03", "2019-05-01T09:03"},
    {5, "令和8年11月22日\",\"9:03", "平成31年4月30日\",\"9:03", "2019-04-30T09:03"},
    {5, "令和8年11月22日\",\"9:03", "平成31年5月1日\",\"9:03", NULL},
    {5, "令和8年11月22日\",\"9:03", "令和元年4月30日\",\"9:03", NULL},
    {5, "令和8年11月22日\",\"9:03", "令和8年2月29日\",\"9:03", NULL},
    {5, "令和8年11月22日\",\"9:03", "２０２６年11月22日\",\"9:03", NULL},
    {7, "2000001081125081125", "2000001010501081125", "2019-05-01"},
    {7, "2000001081125081125", "2000001310430081125", "2019-04-30"},
    {7, "2000001081125081125", "2000001310501081125", NULL},
    {8, "200000001081125081125", "200000001010501081125", "2019-05-01"},
    {8, "200000001081125081125", "200000001310430081125", "2019-04-30"},
    {8, "200000001081125081125", "200000001080229081125", NULL},
    {9, "\"00000001\",\"081125\"", "\"00000001\",\"310430\"", "2019-04-30"},
    {9, "\"00000001\",\"081125\"", "\"00000001\",\"310501\"", NULL},
    /* Minus, where the format knows one. */
    {5, "▲450", "△450", "2 -450 -15"},
    {5, "▲450", "-450", "2 -450 -15"},
    {5, "\"▲450\",\"▲15\"", "\"450-\",\"▲15\"", NULL},
    {1, ",-450,", ",▲450,", NULL},
    {1, ",-450,", ",−450,", NULL}, /* U+2212 */
    {0, "\"450\"", "\"(450)\"", NULL},
    /* Thousands: read where the format groups them, in whole groups only. */
    {5, "3,450", "3450", " 3450 112 "},
    {5, "3,450", "34,50", NULL},
    {10, "1,238,002", "1238002", "+1238002 "},
    {10, "1,238,002", "12,38,002", NULL},
    {0, "\"3450\"", "\"3,450\"", NULL},
    {1, ",12300,", ",\"12,300\",", " 12300 "},
    {3, ",8000,JPY", ",\"8,000\",JPY", NULL},
    {4, ",3450,", ",\"3,450\",", NULL},
    /* Full-width digits are digits nowhere. */
    {0, "\"450\"", "\"４５０\"", NULL},
    {1, ",12300,", ",１２３００,", NULL},
    {5, "\"3,450\"", "\"３，４５０\"", NULL},
    {10, "1,238,002", "１，２３８，００２", NULL},
    {11, ">1238002<", ">１２３８００２<", NULL},
    /* More digits than money has: columns are shifted, or the sum leaves its range, and the file is not to be trusted.
     */
    {1, ",12300,", ",999999999987250,", " 999999999987250 "},
    {1, ",12300,", ",1000000000000000,", stops},
    {1, ",12300,", ",1000000000000001,", stops},
    {1, ",12300,", ",9999999999999999,", stops},
    {1, ",12300,", ",10000000000000000,", stops},
    {0, "\"3450\"", "\"9999999999999999\"", stops},
    {5, "3,450", "9,999,999,999,999,999", stops},
    {10, "1,238,002", "9,999,999,999,999,999", stops},
    {11, ">1238002<", ">9999999999999999<", stops},
    /* Fractions of a yen. */
    {2, "`300.00,`0.00,`0,", "`300.01,`0.00,`0,", NULL},
    {11, ">1238002<", ">1238002.5<", NULL},
};

static void
amounts_and_days_are_read_as_the_layout_writes_them_and_otherwise_the_line_is_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof written / sizeof written[0]; i++) {
        struct layout *layout = load(written[i].number);
        struct buffer file, other;
        struct seen seen;
        read_sample(&file, written[i].number);
        with_text(&other, &file, layouts[written[i].number].is_utf8, written[i].before, written[i].after);

        read_file(&seen, layout, other.data, other.length);

        bool is_read = written[i].found != NULL && seen.fault_count == 0 &&
                       strstr(buffer_text(&seen.lines), written[i].found) != NULL;
        bool is_named = written[i].found == NULL && seen.fault_count == 1 && seen.fault.line > 0 &&
                        seen.fault.column > 0 && strlen(seen.fault.message) > 20;
        bool is_stopped = written[i].found == stops && seen.status != STATUS_OK && seen.err.line > 0 &&
                          strstr(seen.err.message, "桁がずれていないか") != NULL;
        if (!is_read && !is_named && !is_stopped) {
            fail_msg("%zu %s \"%s\": %u faults (%s), %s, read\n%s", i, layouts[written[i].number].name,
                     written[i].after, seen.fault_count, seen.fault.message, seen.err.message,
                     buffer_text(&seen.lines));
        }
        buffer_finish(&seen.lines);
        buffer_finish(&other);
        buffer_finish(&file);
        layout_destroy(layout);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(line_ends_and_a_byte_order_mark_change_nothing),
        cmocka_unit_test(a_file_with_nothing_in_it_or_only_its_first_line_gives_nothing_and_says_so_where_it_can),
        cmocka_unit_test(a_header_that_is_missing_is_named),
        cmocka_unit_test(a_byte_of_another_encoding_is_never_taken_for_a_character),
        cmocka_unit_test(amounts_and_days_are_read_as_the_layout_writes_them_and_otherwise_the_line_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
