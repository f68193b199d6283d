#include "statement_support.h"

#include "common/text/cp932.h"

#include <stdio.h>
#include <string.h>

enum { FILE_MAX_BYTES = 1024 * 1024 };

void
support_read(struct buffer *out, const char *path)
{
    char whole[1024];
    snprintf(whole, sizeof whole, "%s/%s", MADOGUCHI_SOURCE_DIR, path);
    buffer_init(out, FILE_MAX_BYTES);
    struct error_detail err;
    assert_int_equal(buffer_read_file(out, whole, &err), STATUS_OK);
}

struct layout *
support_layout_from(const char *json)
{
    struct layout *layout = NULL;
    struct error_detail err = {0};
    if (layout_create(&layout, json, strlen(json), &err) != STATUS_OK) {
        fail_msg("%s", err.message);
    }
    return layout;
}

struct layout *
support_layout(const char *path)
{
    struct buffer json;
    support_read(&json, path);
    struct layout *layout = support_layout_from(buffer_text(&json));
    buffer_finish(&json);
    return layout;
}

void
support_cp932(struct buffer *out, const char *text)
{
    buffer_init(out, FILE_MAX_BYTES);
    assert_int_equal(cp932_from_utf8(out, text, strlen(text), NULL, NULL), STATUS_OK);
}

void
support_daily(struct buffer *out, const char *const *lines)
{
    struct buffer text;
    buffer_init(&text, FILE_MAX_BYTES);
    buffer_append_text(&text, "\"明細番号\",\"加盟店取引ID\",\"決済会社取引ID\",\"ブランド\",\"端末番号\",\"取引日時\","
                              "\"取引区分\",\"取引金額\",\"手数料\",\"入金予定日\",\"入金番号\"\r\n");
    for (; *lines != NULL; lines++) {
        buffer_append_text(&text, *lines);
        buffer_append_text(&text, "\r\n");
    }
    support_cp932(out, buffer_text(&text));
    buffer_finish(&text);
}

void
support_expect_refused(const struct layout *layout, const void *bytes, size_t length, unsigned line, unsigned column,
                       const char *code)
{
    struct error_detail err = {0};
    enum status status;
    if (layout_gives(layout) == LAYOUT_GIVES_BANK) {
        struct bank_file file = {0};
        status = bank_file_parse(&file, layout, bytes, length, TEST_NOT_AFTER, &err);
    } else {
        struct statement_file file = {0};
        status = statement_file_parse(&file, layout, bytes, length, TEST_NOT_AFTER, &err);
    }
    assert_int_not_equal(status, STATUS_OK);
    if (err.line != line || err.column != column || strcmp(err.code, code) != 0) {
        fail_msg("wanted %u:%u %s, got %u:%u %s (%s)", line, column, code, err.line, err.column, err.code, err.message);
    }
    assert_true(strlen(err.message) > 0);
}

void
support_expect_text(struct text_view view, const char *wanted)
{
    if (!text_view_equals(view, text_view_of(wanted))) {
        fail_msg("wanted \"%s\", got \"%.*s\"", wanted, (int)view.length, view.at);
    }
}
