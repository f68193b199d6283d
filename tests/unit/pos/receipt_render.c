/* Papers for tests. */
#include "tests/unit/pos/receipt_render.h"

#include "drivers/paper/paper.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

void
render_text(struct buffer *out, const struct receipt_input *input, unsigned columns)
{
    struct error_detail err = {0};
    struct paper *paper = NULL;
    struct buffer bytes;
    buffer_init(&bytes, RECEIPT_MAX_BYTES);
    if (receipt_write(input, columns, &bytes, &err) != STATUS_OK) {
        fail_msg("receipt_write: %s", err.message);
    }
    assert_rows_fit(bytes.data, bytes.length, columns);
    assert_int_equal(paper_create(&paper, columns, NULL), STATUS_OK);
    paper_feed(paper, bytes.data, bytes.length);
    assert_int_equal(paper_report(paper)->unknown_commands, 0);
    assert_int_equal(paper_report(paper)->unknown_characters, 0);
    assert_int_equal(paper_report(paper)->cuts, 1);
    assert_int_equal(paper_text(paper, PAPER_LAST_SHEET, out, NULL), STATUS_OK);
    paper_destroy(paper);
    buffer_finish(&bytes);
}

void
read_fixture(struct buffer *out, const char *name)
{
    char path[512];
    struct error_detail err = {0};
    snprintf(path, sizeof path, "%s/tests/fixtures/receipts/%s", MADOGUCHI_SOURCE_DIR, name);
    if (buffer_read_file(out, path, &err) != STATUS_OK) {
        fail_msg("%s: %s", path, err.message);
    }
}

struct receipt_document *
load_fixture(const char *name)
{
    struct error_detail err = {0};
    struct receipt_document *document = NULL;
    struct buffer text;
    buffer_init(&text, 1024 * 1024);
    read_fixture(&text, name);
    if (receipt_document_read(&document, text.data, text.length, &err) != STATUS_OK) {
        fail_msg("%s: %s", name, err.message);
    }
    buffer_finish(&text);
    return document;
}

/* Bytes of the command at BYTES; 0 when it is none. *WIDTH follows GS !. */
static size_t
command_length(const unsigned char *bytes, size_t left, unsigned *width)
{
    static const struct {
        char name[3];
        size_t length;
    } commands[] = {{"\x1b@", 2},    {"\x1b\x45", 3}, {"\x1b\x61", 3}, {"\x1b\x64", 3}, {"\x1bt", 3},    {"\x1bR", 3},
                    {"\x1c\x43", 3}, {"\x1c&", 2},    {"\x1cS", 4},    {"\x1dV", 4},    {"\x1c\x32", 76}};
    if (left >= 3 && bytes[0] == 0x1d && bytes[1] == '!') {
        *width = (unsigned)(bytes[2] >> 4) + 1;
        return 3;
    }
    if (left >= 5 && bytes[0] == 0x1d && bytes[1] == '(') {
        return 5 + bytes[3] + 256u * bytes[4];
    }
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        if (left >= commands[i].length && memcmp(bytes, commands[i].name, 2) == 0) {
            return commands[i].length;
        }
    }
    return 0;
}

size_t
assert_rows_fit(const char *bytes, size_t length, unsigned columns)
{
    const unsigned char *at = (const unsigned char *)bytes;
    size_t rows = 0;
    size_t used = 0;
    unsigned width = 1;
    for (size_t i = 0; i < length;) {
        const size_t skip = command_length(at + i, length - i, &width);
        if (skip > 0) {
            i += skip;
        } else if (at[i] == '\n') {
            rows++;
            used = 0;
            i++;
        } else {
            const bool is_kanji = (at[i] >= 0x81 && at[i] <= 0x9f) || (at[i] >= 0xe0 && at[i] <= 0xfc);
            assert_true(at[i] >= 0x20);
            used += (is_kanji ? 2 : 1) * width;
            i += is_kanji ? 2 : 1;
            if (used > columns) {
                fail_msg("row %zu takes %zu columns of %u", rows + 1, used, columns);
            }
        }
    }
    return rows;
}
