/* Recognising and converting the encodings of incoming files; the tables are the C library's, by common/text. */
#include "settlement/statements/text_encoding.h"

#include "common/text/cp932.h"

#include <assert.h>
#include <stdint.h>

enum {
    END_OF_FILE_MARK = 0x1A,
    CONVERTED_MAX_BYTES = 256 * 1024 /* a field of 64 KiB, each byte at most three in UTF-8 */
};

const char *
text_encoding_name(enum text_encoding encoding)
{
    switch (encoding) {
    case TEXT_UTF_8:
        return "utf-8";
    case TEXT_CP932:
        return "cp932";
    case TEXT_JIS_X_0201:
        return "jis-x-0201";
    }
    return "";
}

static bool
is_between(unsigned char byte, unsigned char first, unsigned char last)
{
    return byte >= first && byte <= last;
}

/* Second byte's range for each first byte: no overlong forms, no surrogates, ≤ U+10FFFF (Unicode, table 3-7). */
static size_t
utf8_step(const unsigned char *at, size_t left)
{
    size_t length = at[0] >= 0xF0 ? 4 : at[0] >= 0xE0 ? 3 : 2;
    if (!is_between(at[0], 0xC2, 0xF4) || left < length) {
        return 0;
    }
    unsigned char first = at[0] == 0xE0 ? 0xA0 : at[0] == 0xF0 ? 0x90 : 0x80;
    unsigned char last = at[0] == 0xED ? 0x9F : at[0] == 0xF4 ? 0x8F : 0xBF;
    if (!is_between(at[1], first, last)) {
        return 0;
    }
    for (size_t i = 2; i < length; i++) {
        if (!is_between(at[i], 0x80, 0xBF)) {
            return 0;
        }
    }
    return length;
}

size_t
text_encoding_step(enum text_encoding encoding, const char *at, size_t left)
{
    assert(left >= 1);

    const unsigned char *byte = (const unsigned char *)at;
    switch (encoding) {
    case TEXT_UTF_8:
        return utf8_step(byte, left);
    case TEXT_CP932:
        return text_cp932_step(at, left);
    case TEXT_JIS_X_0201:
        return is_between(byte[0], 0xA1, 0xDF) ? 1 : 0;
    }
    return 0;
}

const char *
text_encoding_find_fault(enum text_encoding encoding, struct text_view text)
{
    size_t i = 0;
    while (i < text.length) {
        size_t step = 1;
        if ((unsigned char)text.at[i] >= 0x80) {
            step = text_encoding_step(encoding, text.at + i, text.length - i);
        }
        if (step == 0) {
            return text.at + i;
        }
        i += step;
    }
    return NULL;
}

enum status
text_encoding_check_beginning(enum text_encoding encoding, const char *bytes, size_t length, size_t *out_skip,
                              struct error_detail *err)
{
    bool has_bom = length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0;
    bool is_utf16 = length >= 2 && (memcmp(bytes, "\xFF\xFE", 2) == 0 || memcmp(bytes, "\xFE\xFF", 2) == 0);
    if (is_utf16 || (has_bom && encoding != TEXT_UTF_8)) {
        error_set_at(err, 1, 1, "statement_encoding",
                     "ファイルの文字コードは %s ですが、書式は %s です。%s で保存し直すか、書式を直してください。",
                     is_utf16 ? "utf-16" : "utf-8", text_encoding_name(encoding), text_encoding_name(encoding));
        return STATUS_INVALID;
    }
    *out_skip = has_bom ? 3 : 0;
    return STATUS_OK;
}

const char *
text_trim_end_of_file(const char *bytes, const char *end)
{
    const char *last = end;
    while (last > bytes && (last[-1] == '\r' || last[-1] == '\n')) {
        last--;
    }
    return last > bytes && last[-1] == END_OF_FILE_MARK ? last - 1 : end;
}

enum status
text_encoding_from_utf8(enum text_encoding encoding, struct buffer *out, struct text_view text,
                        struct error_detail *err)
{
    if (encoding == TEXT_UTF_8) {
        buffer_append(out, text.at, text.length);
        return buffer_check(out, err);
    }
    size_t start = out->length;
    size_t replaced = 0;
    enum status status = cp932_from_utf8(out, text.at, text.length, &replaced, err);
    if (status != STATUS_OK) {
        return status;
    }
    bool is_missing = replaced > 0;
    if (encoding == TEXT_JIS_X_0201 && out->length > start) {
        struct text_view converted = {out->data + start, out->length - start};
        is_missing = is_missing || text_encoding_find_fault(encoding, converted) != NULL;
    }
    if (is_missing) {
        error_set(err, "not_in_encoding", "「%.*s」には %s にない文字があります。", (int)text.length, text.at,
                  text_encoding_name(encoding));
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

enum status
text_encoding_to_utf8(enum text_encoding encoding, struct arena *arena, struct text_view text, struct text_view *out,
                      struct error_detail *err)
{
    if (encoding == TEXT_UTF_8 || text_is_ascii(text)) {
        *out = text;
        return STATUS_OK;
    }
    struct buffer converted;
    buffer_init(&converted, CONVERTED_MAX_BYTES);
    enum status status = cp932_to_utf8(&converted, text.at, text.length, err);
    if (status == STATUS_OK) {
        const char *copy = arena_copy(arena, converted.data, converted.length);
        if (copy == NULL) {
            error_set(err, "out_of_memory", "明細の文字を置くメモリーが足りません。");
            status = STATUS_OVERFLOW;
        } else {
            *out = (struct text_view){copy, converted.length};
        }
    }
    buffer_finish(&converted);
    return status;
}
