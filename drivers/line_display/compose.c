/* A row of twenty columns out of a left and a right text. */
#include "drivers/line_display/line_display_driver.h"

#include "common/text/cp932.h"
#include "common/text/utf8.h"

#include <string.h>

enum {
    TEXT_CELLS_MAX = 512 /* longer texts are cut before they are measured; a row has twenty columns */
};

/* A text in the display's bytes. `ends` marks where a character ends, so that none is cut in half. */
struct cells {
    unsigned char bytes[TEXT_CELLS_MAX];
    bool ends[TEXT_CELLS_MAX];
    size_t length;
};

static void
append(struct cells *out, const unsigned char *bytes, size_t length)
{
    if (length > 0 && out->length + length <= TEXT_CELLS_MAX) {
        memcpy(&out->bytes[out->length], bytes, length);
        out->length += length;
        out->ends[out->length - 1] = true;
    }
}

static void
append_cp932(struct cells *out, const char *character, size_t length)
{
    struct buffer bytes;
    struct error_detail ignored;
    size_t replaced = 0;
    buffer_init(&bytes, 8);
    if (cp932_from_utf8(&bytes, character, length, &replaced, &ignored) == STATUS_OK) {
        if (replaced > 0 && bytes.length > 0) {
            append(out, (const unsigned char *)"?", 1);
        } else {
            append(out, (const unsigned char *)bytes.data, bytes.length);
        }
    }
    buffer_finish(&bytes);
}

static void
convert(enum line_display_characters characters, const char *text, struct cells *out)
{
    const char *end = text + strlen(text);
    *out = (struct cells){0};
    for (const char *cursor = text; cursor < end;) {
        const char *start = cursor;
        const uint32_t code_point = utf8_next(&cursor, end);
        if (code_point < 0x20 || code_point == 0x7F) {
            append(out, (const unsigned char *)" ", 1); /* a control character would be a command */
        } else if (characters == LINE_DISPLAY_CP932) {
            append_cp932(out, start, (size_t)(cursor - start));
        } else if (!utf8_is_variation_selector(code_point)) {
            unsigned char bytes[2];
            append(out, bytes, katakana_cells(code_point, bytes));
        }
    }
}

/* The longest prefix of TEXT in whole characters that fits LIMIT columns. */
static size_t
prefix(const struct cells *text, size_t limit)
{
    size_t length = text->length < limit ? text->length : limit;
    while (length > 0 && !text->ends[length - 1]) {
        length--;
    }
    return length;
}

enum status
line_display_compose(enum line_display_characters characters, const struct line_display_row *row,
                     line_display_cells out, struct error_detail *err)
{
    struct cells left, right;
    const bool wants_kana = characters == LINE_DISPLAY_KATAKANA && row->left_kana[0] != '\0';
    const char *left_text = wants_kana ? row->left_kana : row->left;
    if (!utf8_is_valid(left_text, strlen(left_text)) || !utf8_is_valid(row->right, strlen(row->right))) {
        error_set(err, "not_utf8", "a text for the line display is not UTF-8");
        return STATUS_INVALID;
    }
    convert(characters, left_text, &left);
    convert(characters, row->right, &right);
    const size_t right_length = prefix(&right, LINE_DISPLAY_COLUMNS);
    /* A blank between the two, unless one of them has the row for itself. */
    const size_t room = LINE_DISPLAY_COLUMNS - right_length;
    const size_t left_length = prefix(&left, right_length > 0 && room > 0 ? room - 1 : room);
    memset(out, ' ', LINE_DISPLAY_COLUMNS);
    memcpy(out, left.bytes, left_length);
    memcpy(out + LINE_DISPLAY_COLUMNS - right_length, right.bytes, right_length);
    return STATUS_OK;
}
