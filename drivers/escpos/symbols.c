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

static bool
is_even_run_of_digits(const char *text, size_t length)
{
    return length % 2 == 0 && strspn(text, "0123456789") == length;
}

/* What GS k takes: "{B" and characters with '{' doubled, or "{C" and pairs of digits as bytes 0 … 99. */
static void
append_code128_data(struct buffer *out, const char *text, size_t length)
{
    if (is_even_run_of_digits(text, length)) {
        buffer_append_text(out, "{C");
        for (size_t i = 0; i < length; i += 2) {
            buffer_append_byte(out, (unsigned)((text[i] - '0') * 10 + (text[i + 1] - '0')));
        }
        return;
    }
    buffer_append_text(out, "{B");
    for (size_t i = 0; i < length; i++) {
        buffer_append_text(out, text[i] == '{' ? "{" : "");
        buffer_append_byte(out, (unsigned char)text[i]);
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

void
escpos_code128(struct escpos *printer, const char *text, unsigned height_dots, unsigned module_dots, bool has_text)
{
    enum { CODE128 = 73, TEXT_BELOW = 2 };
    assert(height_dots >= 1 && height_dots <= 255);
    assert(module_dots >= 2 && module_dots <= 6);
    const size_t length = strlen(text);
    if (length == 0 || length > ESCPOS_CODE128_MAX_CHARACTERS || !is_printable_ascii(text, length)) {
        printer->has_failed = true;
        return;
    }

    struct buffer data;
    buffer_init(&data, 2 + 2 * ESCPOS_CODE128_MAX_CHARACTERS);
    append_code128_data(&data, text, length);
    if (buffer_check(&data, NULL) != STATUS_OK) {
        printer->has_failed = true;
    } else {
        buffer_append(printer->out, (const char[]){0x1d, 'h', (char)height_dots}, 3);
        buffer_append(printer->out, (const char[]){0x1d, 'w', (char)module_dots}, 3);
        buffer_append(printer->out, (const char[]){0x1d, 'H', has_text ? TEXT_BELOW : 0}, 3);
        buffer_append(printer->out, (const char[]){0x1d, 'k', CODE128, (char)data.length}, 4);
        buffer_append(printer->out, data.data, data.length);
    }
    buffer_finish(&data);
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
