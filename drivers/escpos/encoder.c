/* Text, style and paper movement. The one idea: text is turned into CP932 first and measured there, because there a
 * byte is exactly a printed column. */
#include "drivers/escpos/encoder.h"

#include "common/text/cp932.h"

#include <assert.h>
#include <string.h>

#define ESC "\x1b"
#define FS "\x1c"
#define GS "\x1d"
#define DLE "\x10"

static void
command(struct escpos *printer, const char *bytes, size_t length)
{
    buffer_append(printer->out, bytes, length);
}

static void
command_1(struct escpos *printer, const char *bytes, unsigned argument)
{
    buffer_append_text(printer->out, bytes);
    buffer_append_byte(printer->out, argument);
}

void
escpos_init(struct escpos *printer, struct buffer *out, unsigned columns)
{
    assert(out != NULL);
    assert(columns >= 1);
    *printer = (struct escpos){.out = out, .columns = columns, .width_factor = 1};
}

void
escpos_begin(struct escpos *printer)
{
    command(printer, ESC "@", 2);
    command(printer, FS "C\x01", 3); /* kanji are Shift JIS */
    command(printer, FS "&", 2);     /* kanji mode; without effect on models where FS C 1 suffices */
    command(printer, ESC "t\x01", 3);
    command(printer, ESC "R\x08", 3);
    command(printer, FS "S\0\0", 4); /* some models put two dots beside each kanji unless told not to */
    printer->width_factor = 1;
}

enum status
escpos_finish(struct escpos *printer, struct error_detail *err)
{
    if (printer->has_failed) {
        error_set(err, "escpos_invalid", "text or picture that cannot be printed: malformed UTF-8 or too large");
        return STATUS_INVALID;
    }
    return buffer_check(printer->out, err);
}

static bool
is_lead_byte(unsigned char byte)
{
    return (byte >= 0x81 && byte <= 0x9f) || (byte >= 0xe0 && byte <= 0xfc);
}

/* Make single bytes harmless: controls would be commands; 0x80, 0xA0 and 0xFD–0xFF are no characters of CP932's but
 * graphics of the printer's. A newline stays when it MAY_BREAK the line. */
static void
disarm(char *bytes, size_t length, bool may_break)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)bytes[i];
        if (is_lead_byte(byte) && i + 1 < length) {
            i++;
        } else if (byte == 0xa0) {
            bytes[i] = ' ';
        } else if ((byte < 0x20 && !(byte == '\n' && may_break)) || byte == 0x7f || byte == 0x80 || byte >= 0xfd) {
            bytes[i] = '?';
        }
    }
}

/* TEXT as CP932 in OUT, which the caller initialised; empty, and the printer failed, when that cannot be. */
static void
encode(struct escpos *printer, struct buffer *out, const char *text, bool may_break)
{
    size_t replaced = 0;
    if (cp932_from_utf8(out, text, strlen(text), &replaced, NULL) != STATUS_OK ||
        buffer_check(out, NULL) != STATUS_OK) {
        printer->has_failed = true;
        buffer_clear(out);
        return;
    }
    printer->replaced += replaced;
    disarm(out->data, out->length, may_break);
}

void
escpos_text(struct escpos *printer, const char *text)
{
    struct buffer bytes;
    buffer_init(&bytes, ESCPOS_TEXT_MAX_BYTES);
    encode(printer, &bytes, text, /* may_break= */ true);
    if (bytes.length > 0) {
        buffer_append(printer->out, bytes.data, bytes.length);
    }
    buffer_finish(&bytes);
}

void
escpos_line(struct escpos *printer, const char *text)
{
    escpos_text(printer, text);
    buffer_append_byte(printer->out, '\n');
}

size_t
escpos_text_columns(const char *text)
{
    struct escpos measure = {0};
    struct buffer bytes;
    buffer_init(&bytes, ESCPOS_TEXT_MAX_BYTES);
    encode(&measure, &bytes, text, /* may_break= */ false);
    size_t columns = bytes.length;
    buffer_finish(&bytes);
    return columns;
}

static void
append_spaces(struct escpos *printer, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        buffer_append_byte(printer->out, ' ');
    }
}

void
escpos_pair(struct escpos *printer, const char *left, const char *right)
{
    const size_t columns = printer->columns / printer->width_factor;
    struct buffer a, b;
    buffer_init(&a, ESCPOS_TEXT_MAX_BYTES);
    buffer_init(&b, ESCPOS_TEXT_MAX_BYTES);
    encode(printer, &a, left, /* may_break= */ false);
    encode(printer, &b, right, /* may_break= */ false);

    buffer_append(printer->out, buffer_text(&a), a.length);
    if (a.length + 1 + b.length <= columns) {
        append_spaces(printer, columns - a.length - b.length);
    } else {
        buffer_append_byte(printer->out, '\n');
        append_spaces(printer, b.length < columns ? columns - b.length : 0);
    }
    buffer_append(printer->out, buffer_text(&b), b.length);
    /* A line filled to its last column has not moved yet on any model; the feed below is what moves it. */
    buffer_append_byte(printer->out, '\n');

    buffer_finish(&a);
    buffer_finish(&b);
}

void
escpos_rule(struct escpos *printer)
{
    const unsigned columns = printer->columns / printer->width_factor;
    for (unsigned i = 0; i + 1 < columns; i += 2) {
        command(printer, "\x84\x9f", 2); /* ─ in CP932, two columns */
    }
    buffer_append_byte(printer->out, '\n');
}

void
escpos_size(struct escpos *printer, unsigned width_factor, unsigned height_factor)
{
    assert(width_factor >= 1 && width_factor <= ESCPOS_SIZE_MAX);
    assert(height_factor >= 1 && height_factor <= ESCPOS_SIZE_MAX);
    command_1(printer, GS "!", (width_factor - 1) << 4 | (height_factor - 1));
    printer->width_factor = width_factor;
}

void
escpos_emphasised(struct escpos *printer, bool is_on)
{
    command_1(printer, ESC "E", is_on);
}

void
escpos_underlined(struct escpos *printer, bool is_on)
{
    enum { DOTS = 2 };
    command_1(printer, ESC "-", is_on ? DOTS : 0);
    command_1(printer, FS "-", is_on ? DOTS : 0);
}

void
escpos_inverse(struct escpos *printer, bool is_on)
{
    command_1(printer, GS "B", is_on);
}

void
escpos_step(struct escpos *printer, unsigned dots)
{
    command_1(printer, ESC "\\", dots & 0xff);
    buffer_append_byte(printer->out, dots >> 8 & 0xff);
}

void
escpos_area(struct escpos *printer, unsigned left, unsigned width)
{
    command_1(printer, GS "L", left & 0xff);
    buffer_append_byte(printer->out, left >> 8 & 0xff);
    command_1(printer, GS "W", width & 0xff);
    buffer_append_byte(printer->out, width >> 8 & 0xff);
}

void
escpos_join_rows(struct escpos *printer, bool is_on)
{
    enum { CHARACTER_DOTS = 24 };
    if (is_on) {
        command_1(printer, ESC "3", CHARACTER_DOTS);
    } else {
        command(printer, ESC "2", 2);
    }
}

void
escpos_line_graphics(struct escpos *printer, const char *cells)
{
    static const struct {
        char cell[4];
        unsigned char byte;
    } graphics[] = {{"─", 0x95}, {"│", 0x96}, {"┌", 0x98}, {"┐", 0x99}, {"└", 0x9a}, {"┘", 0x9b},
                    {"├", 0x93}, {"┤", 0x92}, {"┬", 0x91}, {"┴", 0x90}, {"┼", 0x8f}};
    /* As long as kanji are Shift JIS these bytes would be the first halves of kanji. */
    command(printer, FS "C\0" FS ".", 5);
    for (; *cells != '\0'; cells += 3) {
        for (size_t i = 0; i < sizeof graphics / sizeof graphics[0]; i++) {
            if (memcmp(graphics[i].cell, cells, 3) == 0) {
                buffer_append_byte(printer->out, graphics[i].byte);
            }
        }
    }
    command(printer, FS "C\x01" FS "&", 5);
}

void
escpos_align(struct escpos *printer, enum escpos_alignment alignment)
{
    command_1(printer, ESC "a", alignment);
}

void
escpos_feed(struct escpos *printer, unsigned lines)
{
    assert(lines <= ESCPOS_FEED_MAX_LINES);
    command_1(printer, ESC "d", lines);
}

void
escpos_cut(struct escpos *printer)
{
    command(printer, GS "V\x42\0", 4);
}

void
escpos_drawer_pulse(struct escpos *printer, enum escpos_drawer drawer, unsigned on_ms, unsigned off_ms)
{
    command_1(printer, ESC "p", drawer);
    buffer_append_byte(printer->out, on_ms / 2 < 255 ? on_ms / 2 : 255);
    buffer_append_byte(printer->out, off_ms / 2 < 255 ? off_ms / 2 : 255);
}

void
escpos_drawer_pulse_now(struct escpos *printer, enum escpos_drawer drawer)
{
    command(printer, DLE "\x14\x01", 3);
    buffer_append_byte(printer->out, drawer);
    buffer_append_byte(printer->out, 1);
}

void
escpos_clear_buffers(struct escpos *printer)
{
    command(printer, DLE "\x14\x08\x01\x03\x14\x01\x06\x02\x08", 10);
}

void
escpos_request_status(struct escpos *printer, unsigned n)
{
    assert(n >= 1 && n <= 4);
    command_1(printer, DLE "\x04", n);
}

void
escpos_report_changes(struct escpos *printer, bool is_on)
{
    enum { ONLINE = 0x02, ERROR = 0x04, PAPER = 0x08 };
    command_1(printer, GS "a", is_on ? ONLINE | ERROR | PAPER : 0);
}

const char *
escpos_job_tag(char out[ESCPOS_JOB_TAG_SIZE], uint64_t job_id)
{
    static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    for (size_t i = ESCPOS_JOB_TAG_SIZE - 1; i > 0; i--) {
        out[i - 1] = digits[job_id % (sizeof digits - 1)];
        job_id /= sizeof digits - 1;
    }
    out[ESCPOS_JOB_TAG_SIZE - 1] = '\0';
    return out;
}

void
escpos_request_end_of_job(struct escpos *printer, uint64_t job_id)
{
    char tag[ESCPOS_JOB_TAG_SIZE];
    command(printer, GS "(H\x06\0\x30\x30", 7);
    buffer_append_text(printer->out, escpos_job_tag(tag, job_id));
    escpos_request_sensor(printer);
}

void
escpos_request_sensor(struct escpos *printer)
{
    command(printer, GS "r\x01", 3);
}

void
escpos_request_model(struct escpos *printer)
{
    command(printer, GS "IC", 3);
}

void
escpos_recover(struct escpos *printer)
{
    command(printer, DLE "\x05\x02", 3);
}
