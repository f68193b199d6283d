/* CP932, by the C library's iconv. */
#include "common/text/cp932.h"

#include "common/text/utf8.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>

static const char geta_mark[] = "\x81\xAC"; /* 〓 */

static iconv_t
open_converter(const char *to, const char *from, struct error_detail *err)
{
    iconv_t converter = iconv_open(to, from);
    if (converter == (iconv_t)-1) {
        error_set(err, "no_cp932", "this system cannot convert %s to %s: %s", from, to, strerror(errno));
    }
    return converter;
}

static bool
is_ascii(const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if ((unsigned char)bytes[i] >= 0x80) {
            return false;
        }
    }
    return true;
}

enum status
cp932_from_utf8(struct buffer *out, const char *text, size_t length, size_t *out_replaced, struct error_detail *err)
{
    if (!utf8_is_valid(text, length)) {
        error_set(err, "not_utf8", "the text is not UTF-8");
        return STATUS_INVALID;
    }
    size_t replaced = 0;
    if (is_ascii(text, length)) {
        buffer_append(out, text, length);
    } else {
        iconv_t converter = open_converter("CP932", "UTF-8", err);
        if (converter == (iconv_t)-1) {
            return STATUS_IO;
        }
        const char *cursor = text;
        const char *end = text + length;
        while (cursor < end) {
            const char *start = cursor;
            if (utf8_is_variation_selector(utf8_next(&cursor, end))) {
                replaced++;
                continue;
            }
            char *source = (char *)start; /* iconv's prototype lacks const; it does not write there */
            size_t source_left = (size_t)(cursor - start);
            char converted[4];
            char *target = converted;
            size_t target_left = sizeof converted;
            size_t irreversible = iconv(converter, &source, &source_left, &target, &target_left);
            if (irreversible == 0 && source_left == 0) {
                buffer_append(out, converted, (size_t)(target - converted));
            } else {
                buffer_append(out, geta_mark, 2);
                replaced++;
            }
        }
        iconv_close(converter);
    }
    if (out_replaced != NULL) {
        *out_replaced = replaced;
    }
    return buffer_check(out, err);
}

enum status
cp932_to_utf8(struct buffer *out, const char *bytes, size_t length, struct error_detail *err)
{
    if (is_ascii(bytes, length)) {
        buffer_append(out, bytes, length);
        return buffer_check(out, err);
    }
    iconv_t converter = open_converter("UTF-8", "CP932", err);
    if (converter == (iconv_t)-1) {
        return STATUS_IO;
    }
    size_t before = out->length;
    enum status status = STATUS_OK;
    char *source = (char *)bytes;
    size_t source_left = length;
    while (source_left > 0 && status == STATUS_OK) {
        char converted[512];
        char *target = converted;
        size_t target_left = sizeof converted;
        size_t result = iconv(converter, &source, &source_left, &target, &target_left);
        int reason = errno;
        buffer_append(out, converted, (size_t)(target - converted));
        if (result == (size_t)-1 && reason != E2BIG) {
            error_set_at(err, 0, (unsigned)(length - source_left) + 1, "not_cp932",
                         "byte %zu is not a character of CP932 (Shift_JIS)", length - source_left + 1);
            status = STATUS_INVALID;
            buffer_truncate(out, before);
        }
    }
    iconv_close(converter);
    return status != STATUS_OK ? status : buffer_check(out, err);
}
