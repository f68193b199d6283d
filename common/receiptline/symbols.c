/* Codes and pictures, checked before a printer sees them: a printer prints nothing for a bad code, and says nothing. */
#include "common/receiptline/symbols.h"

#include "common/bytes/encoding.h"

#include <stdlib.h>
#include <string.h>

static bool
refuse(struct error_detail *err, const char *words)
{
    error_set(err, "symbol", "%s", words);
    return false;
}

static bool
is_made_of(const char *text, size_t length, const char *set)
{
    return length > 0 && strspn(text, set) >= length && strlen(text) == length;
}

static bool
is_digits(const char *text, size_t length)
{
    return is_made_of(text, length, "0123456789");
}

static bool
is_ascii(const char *text, size_t length, char lowest)
{
    for (size_t i = 0; i < length; i++) {
        if (text[i] < lowest || text[i] > '~') {
            return false;
        }
    }
    return length > 0;
}

/* The check digit at the end of UPC and EAN: threes and ones from the right. */
static bool
check_digit_is_right(const char *digits, size_t length)
{
    int sum = 0;
    for (size_t i = 0; i < length; i++) {
        sum += (digits[length - 1 - i] - '0') * (i % 2 == 0 ? 1 : 3);
    }
    return sum % 10 == 0;
}

static bool
check_ean(const char *text, size_t length, struct error_detail *err)
{
    if (!is_digits(text, length) || (length != 7 && length != 8 && length != 12 && length != 13)) {
        return refuse(err, "JAN/EAN は 13 桁か 8 桁の数字です (検査数字は省けます)");
    }
    return length == 7 || length == 12 || check_digit_is_right(text, length) ||
           refuse(err, "JAN/EAN の検査数字が合いません");
}

static bool
check_upc(const char *text, size_t length, struct error_detail *err)
{
    if (!is_digits(text, length) || (length != 6 && length != 7 && length != 8 && length != 11 && length != 12)) {
        return refuse(err, "UPC は 12 桁 (UPC-A) か 8 桁 (UPC-E) の数字です (検査数字は省けます)");
    }
    return length != 12 || check_digit_is_right(text, length) || refuse(err, "UPC の検査数字が合いません");
}

static bool
check_codabar(const char *text, size_t length, struct error_detail *err)
{
    static const char ends[] = "ABCDabcd";
    const bool has_ends = length >= 3 && strchr(ends, text[0]) != NULL && strchr(ends, text[length - 1]) != NULL;
    bool is_good = has_ends;
    for (size_t i = 1; is_good && i + 1 < length; i++) {
        is_good = strchr("0123456789-$:/.+", text[i]) != NULL;
    }
    return is_good || refuse(err, "NW-7 は A～D で始まり A～D で終わる、数字と - $ : / . + です");
}

bool
receiptline_code_check(enum receiptline_code_kind kind, const char *text, size_t length, struct error_detail *err)
{
    enum { LINEAR_MAX = 80 };
    if (length == 0 || strlen(text) != length) {
        return refuse(err, "コードにする文字がありません");
    }
    if (kind != RECEIPTLINE_QR && length > LINEAR_MAX) {
        return refuse(err, "バーコードにできるのは 80 文字までです");
    }
    switch (kind) {
    case RECEIPTLINE_EAN:
        return check_ean(text, length, err);
    case RECEIPTLINE_UPC:
        return check_upc(text, length, err);
    case RECEIPTLINE_CODE39:
        return is_made_of(text, length, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%") ||
               refuse(err, "CODE39 は英大文字、数字と - . $ / + % 空白です");
    case RECEIPTLINE_ITF:
        return (is_digits(text, length) && length % 2 == 0) || refuse(err, "ITF は偶数桁の数字です");
    case RECEIPTLINE_CODABAR:
        return check_codabar(text, length, err);
    case RECEIPTLINE_CODE93:
    case RECEIPTLINE_CODE128:
        return is_ascii(text, length, ' ') || refuse(err, "このバーコードにできるのは半角の英数字と記号です");
    case RECEIPTLINE_QR:
        break;
    }
    return length <= RECEIPTLINE_CODE_MAX_BYTES || refuse(err, "QRコードにする文字が長すぎます");
}

unsigned
symbols_code_dots(const struct receiptline_code *code)
{
    enum { QUIET = 10 };
    const unsigned length = (unsigned)strlen(code->text);
    unsigned modules = 0;
    switch (code->kind) {
    case RECEIPTLINE_UPC:
    case RECEIPTLINE_EAN:
        modules = 95;
        break;
    case RECEIPTLINE_CODE39:
        modules = (length + 2) * 16; /* wide bars of three, a gap, and the stars at both ends */
        break;
    case RECEIPTLINE_ITF:
        modules = length * 9 + 9;
        break;
    case RECEIPTLINE_CODABAR:
        modules = length * 14;
        break;
    case RECEIPTLINE_CODE93:
        modules = (length + 4) * 9 + 1;
        break;
    case RECEIPTLINE_CODE128:
        modules = (is_digits(code->text, length) ? length / 2 + length % 2 * 2 : length) * 11 + 35;
        break;
    case RECEIPTLINE_QR:
        return 0;
    }
    return (modules + 2 * QUIET) * code->module_dots;
}

static unsigned
read_size(const unsigned char *bytes)
{
    return (unsigned)bytes[0] << 24 | (unsigned)bytes[1] << 16 | (unsigned)bytes[2] << 8 | bytes[3];
}

/* PNG begins with a signature and a header chunk that holds its size. */
static bool
check_png(const unsigned char *bytes, size_t length, struct error_detail *err)
{
    static const unsigned char start[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    enum { START_BYTES = sizeof start - 1, SIZE_BYTES = 8 };
    if (length < START_BYTES + SIZE_BYTES || memcmp(bytes, start, START_BYTES) != 0) {
        return refuse(err, "画像は PNG を base64 にしたものです");
    }
    const unsigned width = read_size(bytes + START_BYTES), height = read_size(bytes + START_BYTES + 4);
    return (width >= 1 && width <= IMAGE_MAX_WIDTH && height >= 1 && height <= IMAGE_MAX_HEIGHT) ||
           refuse(err, "画像は横 576、縦 1200 ドットまでです");
}

bool
symbols_image_check(const char *base64, size_t length, struct error_detail *err)
{
    unsigned char *bytes = malloc(length + 1);
    size_t count = 0;
    if (bytes == NULL) {
        return refuse(err, "no memory for a picture");
    }
    const bool is_good = (base64_decode(bytes, length + 1, &count, base64, length) == STATUS_OK ||
                          refuse(err, "画像は PNG を base64 にしたものです")) &&
                         check_png(bytes, count, err);
    free(bytes);
    return is_good;
}
