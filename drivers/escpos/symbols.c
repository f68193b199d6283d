/* Codes and pictures. The printer draws QR and CODE128 itself; we only hand it the content. */
#include "drivers/escpos/encoder.h"

#include <assert.h>
#include <string.h>

/* GS ( k with LENGTH bytes of parameters to follow. */
static void
begin_symbol_command(struct escpos *printer, size_t length)
{
    buffer_append_text(printer->out, "\x1d(k");
    buffer_append_byte(printer->out, (unsigned)(length & 0xff));
    buffer_append_byte(printer->out, (unsigned)(length >> 8 & 0xff));
}

void
escpos_qr(struct escpos *printer, const void *bytes, size_t length, unsigned module_dots,
          enum escpos_correction correction)
{
    enum { QR = 49, MODEL = 65, MODULE = 67, CORRECTION = 69, STORE = 80, PRINT = 81, MODEL_2 = 50, FIXED = 48 };
    assert(module_dots >= 1 && module_dots <= 16);
    if (length == 0 || length > ESCPOS_QR_MAX_BYTES) {
        printer->has_failed = true;
        return;
    }

    begin_symbol_command(printer, 4);
    buffer_append(printer->out, (const char[]){QR, MODEL, MODEL_2, 0}, 4);
    begin_symbol_command(printer, 3);
    buffer_append(printer->out, (const char[]){QR, MODULE, (char)module_dots}, 3);
    begin_symbol_command(printer, 3);
    buffer_append(printer->out, (const char[]){QR, CORRECTION, (char)correction}, 3);
    begin_symbol_command(printer, length + 3);
    buffer_append(printer->out, (const char[]){QR, STORE, FIXED}, 3);
    buffer_append(printer->out, bytes, length);
    begin_symbol_command(printer, 3);
    buffer_append(printer->out, (const char[]){QR, PRINT, FIXED}, 3);
}

static size_t
digits_at(const char *text)
{
    return strspn(text, "0123456789");
}

/* Whether pairs of digits are worth a change to code set C here: at either end from four digits, in between from six,
 * since the way back costs a symbol too. */
static bool
is_worth_pairs(const char *text, const char *at)
{
    enum { AT_ENDS = 4, BETWEEN = 6 };
    const size_t digits = digits_at(at);
    const bool is_end = at == text || at[digits] == '\0';
    return digits >= (is_end ? AT_ENDS : BETWEEN) ||
           (digits >= 2 && digits % 2 == 0 && at == text && at[digits] == '\0');
}

/* What GS k takes: "{B" and characters with '{' doubled, "{C" and pairs of digits as bytes 0 … 99. Of an odd run, the
 * digit that is alone stands at its end when that is where the code begins, else at its beginning. */
static void
append_code128_data(struct buffer *out, const char *text)
{
    const char *at = text;
    char set = '\0';
    while (*at != '\0') {
        const size_t digits = digits_at(at);
        const bool is_odd_inside = digits % 2 == 1 && at != text;
        if (is_worth_pairs(text, at) && !is_odd_inside) {
            buffer_append_text(out, "{C");
            set = 'C';
            for (size_t pair = digits / 2; pair > 0; pair--, at += 2) {
                buffer_append_byte(out, (unsigned)((at[0] - '0') * 10 + (at[1] - '0')));
            }
            continue;
        }
        if (set != 'B') {
            buffer_append_text(out, "{B");
            set = 'B';
        }
        /* The rest of a run that stays, or its first digit where the others go in pairs. */
        const size_t count = digits == 0 || (is_odd_inside && is_worth_pairs(text, at)) ? 1 : digits;
        for (size_t i = 0; i < count; i++) {
            buffer_append_text(out, *at == '{' ? "{" : "");
            buffer_append_byte(out, (unsigned char)*at++);
        }
    }
}

static bool
is_printable_ascii(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (text[i] < ' ' || text[i] > '~') {
            return false;
        }
    }
    return true;
}

/* Height, width, whether the characters stand below, and GS k for LENGTH bytes of KIND to follow. */
static void
begin_barcode(struct escpos *printer, unsigned kind, size_t length, unsigned height_dots, unsigned module_dots,
              bool has_text)
{
    enum { TEXT_BELOW = 2 };
    buffer_append(printer->out, (const char[]){0x1d, 'h', (char)height_dots}, 3);
    buffer_append(printer->out, (const char[]){0x1d, 'w', (char)module_dots}, 3);
    buffer_append(printer->out, (const char[]){0x1d, 'H', has_text ? TEXT_BELOW : 0}, 3);
    buffer_append(printer->out, (const char[]){0x1d, 'k', (char)kind, (char)length}, 4);
}

void
escpos_code128(struct escpos *printer, const char *text, unsigned height_dots, unsigned module_dots, bool has_text)
{
    enum { CODE128 = 73, DATA_MAX = 255 };
    assert(height_dots >= 1 && height_dots <= 255);
    assert(module_dots >= 2 && module_dots <= 6);
    const size_t length = strlen(text);
    if (length == 0 || length > ESCPOS_CODE128_MAX_CHARACTERS || !is_printable_ascii(text, length)) {
        printer->has_failed = true;
        return;
    }

    struct buffer data;
    buffer_init(&data, 4 * ESCPOS_CODE128_MAX_CHARACTERS);
    append_code128_data(&data, text);
    if (buffer_check(&data, NULL) != STATUS_OK || data.length > DATA_MAX) {
        printer->has_failed = true;
    } else {
        begin_barcode(printer, CODE128, data.length, height_dots, module_dots, has_text);
        buffer_append(printer->out, data.data, data.length);
    }
    buffer_finish(&data);
}

/* UPC-E's eight digits (or six: without system and check digit) as the eleven of UPC-A, which printers take for it. */
static void
expand_upc_e(char out[12], const char *text)
{
    const size_t length = strlen(text);
    const char *six = length == 6 ? text : text + 1;
    const char last = six[5];
    memcpy(out, "00000000000", 12);
    out[0] = length == 6 ? '0' : text[0];
    memcpy(out + 1, six, last >= '5' ? 5 : last == '4' ? 4 : last == '3' ? 3 : 2);
    if (last <= '2') {
        out[3] = last;
        memcpy(out + 8, six + 2, 3);
    } else if (last == '3') {
        memcpy(out + 9, six + 3, 2);
    } else {
        out[10] = last == '4' ? six[4] : last;
    }
}

void
escpos_barcode(struct escpos *printer, enum escpos_barcode kind, const char *text, unsigned height_dots,
               unsigned module_dots, bool has_text)
{
    /* How GS k calls each, and how many digits it is sent: the printer computes the check digit. */
    static const struct {
        unsigned code;
        size_t digits;
    } kinds[] = {
        [ESCPOS_UPC_A] = {65, 11}, [ESCPOS_UPC_E] = {66, 11}, [ESCPOS_EAN13] = {67, 12},  [ESCPOS_EAN8] = {68, 7},
        [ESCPOS_CODE39] = {69, 0}, [ESCPOS_ITF] = {70, 0},    [ESCPOS_CODABAR] = {71, 0}, [ESCPOS_CODE93] = {72, 0}};
    enum { DATA_MAX = 255 };
    char upc[12];
    if (kind == ESCPOS_UPC_E) {
        expand_upc_e(upc, text);
        text = upc;
    }
    size_t length = strlen(text);
    if (length == 0 || length > DATA_MAX || length < kinds[kind].digits) {
        printer->has_failed = true;
        return;
    }
    length = kinds[kind].digits > 0 ? kinds[kind].digits : length;
    begin_barcode(printer, kinds[kind].code, length, height_dots, module_dots, has_text);
    buffer_append(printer->out, text, length);
}

void
escpos_raster(struct escpos *printer, const uint8_t *dots, unsigned width_bytes, unsigned height)
{
    if (width_bytes == 0 || width_bytes > ESCPOS_RASTER_MAX_WIDTH_BYTES || height == 0 ||
        height > ESCPOS_RASTER_MAX_HEIGHT) {
        printer->has_failed = true;
        return;
    }
    buffer_append(printer->out, "\x1dv0\0", 4);
    buffer_append_byte(printer->out, width_bytes & 0xff);
    buffer_append_byte(printer->out, width_bytes >> 8);
    buffer_append_byte(printer->out, height & 0xff);
    buffer_append_byte(printer->out, height >> 8);
    buffer_append(printer->out, dots, (size_t)width_bytes * height);
}
