/* Writes ESC/POS, the command language of receipt printers, as Epson's public command reference gives it for models
 * with a Japanese character ROM. Pure: bytes go into a buffer and nowhere else.
 *
 * What a receipt says and where stands elsewhere; here is only how a printer is told. Texts are UTF-8 and go out as
 * CP932, where a byte is a column: a character outside CP932 prints as 〓 and is counted, and a control character
 * prints as '?', so that no name of a goods item can carry a command.
 *
 * Usage: escpos_init, escpos_begin, any calls, then escpos_finish once, which tells of the first failure. */
#pragma once

#include "common/bytes/buffer.h"

#include <stdint.h>

enum {
    ESCPOS_TEXT_MAX_BYTES = 8 * 1024, /* one call's text; a receipt's longest note is a few hundred bytes */
    ESCPOS_SIZE_MAX = 8,              /* GS ! enlarges up to eight times */
    ESCPOS_FEED_MAX_LINES = 255,      /* ESC d takes a byte */
    ESCPOS_QR_MAX_BYTES = 1024,       /* far below a version-40 symbol; wider symbols do not fit 58 mm paper */
    ESCPOS_CODE128_MAX_CHARACTERS = 80,
    ESCPOS_RASTER_MAX_WIDTH_BYTES = 128, /* 1024 dots: wider than any head here */
    ESCPOS_RASTER_MAX_HEIGHT = 2400,     /* 30 cm */
    ESCPOS_JOB_TAG_SIZE = 5              /* four printable characters and a NUL */
};

/* INVARIANT: `width_factor` is what the printer was last told by GS !. */
struct escpos {
    struct buffer *out; /* borrowed */
    unsigned columns;   /* half-width characters of font A a line takes */
    unsigned width_factor;
    size_t replaced; /* characters that went out as 〓 */
    bool has_failed;
};

enum escpos_alignment { ESCPOS_LEFT = 0, ESCPOS_CENTER = 1, ESCPOS_RIGHT = 2 };
enum escpos_correction { ESCPOS_QR_L = 48, ESCPOS_QR_M = 49, ESCPOS_QR_Q = 50, ESCPOS_QR_H = 51 };
enum escpos_drawer { ESCPOS_DRAWER_1 = 0, ESCPOS_DRAWER_2 = 1 }; /* pin 2, pin 5 of the drawer connector */

void escpos_init(struct escpos *printer, struct buffer *out, unsigned columns);

/* ESC @, then Japanese: Shift JIS kanji, half-width kana above 0xA0, ¥ at 0x5C, kanji exactly two columns wide. */
void escpos_begin(struct escpos *printer);

/* STATUS_OK when every call took; otherwise the whole job must be thrown away. */
enum status escpos_finish(struct escpos *printer, struct error_detail *err) MUST_CHECK;

/* Text. '\n' ends a line. The printer breaks a line that is too long, never within a kanji. */
void escpos_text(struct escpos *printer, const char *text);
void escpos_line(struct escpos *printer, const char *text); /* text and a line feed */

/* LEFT and RIGHT at the two ends of one line; when they do not fit with a column between them, RIGHT stands alone at
 * the end of the next line. Alignment must be ESCPOS_LEFT. */
void escpos_pair(struct escpos *printer, const char *left, const char *right);

/* A line across the paper. */
void escpos_rule(struct escpos *printer);

/* The columns TEXT takes at single width, as the printer will count. */
size_t escpos_text_columns(const char *text);

/* Style. Both factors 1 … ESCPOS_SIZE_MAX. */
void escpos_size(struct escpos *printer, unsigned width_factor, unsigned height_factor);
void escpos_emphasised(struct escpos *printer, bool is_on);
void escpos_align(struct escpos *printer, enum escpos_alignment alignment);

/* Paper. */
void escpos_feed(struct escpos *printer, unsigned lines);
void escpos_cut(struct escpos *printer); /* feeds to the cutter, leaves a bridge so that the paper does not fall */

/* Kick a drawer: ON_MS of current, then OFF_MS without; both are cut to 510, the longest ESC p can say. */
void escpos_drawer_pulse(struct escpos *printer, enum escpos_drawer drawer, unsigned on_ms, unsigned off_ms);

/* The same in real time, 100 ms of current: DLE DC4 works on a printer that is offline, out of paper for one. */
void escpos_drawer_pulse_now(struct escpos *printer, enum escpos_drawer drawer);

/* Throw away, in real time, what a broken job left in the printer's buffers: DLE DC4. */
void escpos_clear_buffers(struct escpos *printer);

/* A QR code of LENGTH bytes (1 … ESCPOS_QR_MAX_BYTES), MODULE_DOTS 1 … 16 a side. */
void escpos_qr(struct escpos *printer, const void *bytes, size_t length, unsigned module_dots,
               enum escpos_correction correction);

/* CODE128 of printable ASCII, HEIGHT_DOTS 1 … 255, narrowest bar MODULE_DOTS 2 … 6. Runs of digits go out in code set
 * C, at half the width. HAS_TEXT prints the characters below. */
void
escpos_code128(struct escpos *printer, const char *text, unsigned height_dots, unsigned module_dots, bool has_text);

/* The other bar codes that GS k draws. TEXT must be what the code can hold, with its check digit where it has one; how
 * much of it the printer is sent is seen to here. */
enum escpos_barcode {
    ESCPOS_UPC_A,
    ESCPOS_UPC_E,
    ESCPOS_EAN13,
    ESCPOS_EAN8,
    ESCPOS_CODE39,
    ESCPOS_ITF,
    ESCPOS_CODABAR,
    ESCPOS_CODE93
};
void escpos_barcode(struct escpos *printer, enum escpos_barcode kind, const char *text, unsigned height_dots,
                    unsigned module_dots, bool has_text);

/* Underlined (two dots), white on black. */
void escpos_underlined(struct escpos *printer, bool is_on);
void escpos_inverse(struct escpos *printer, bool is_on);

/* Go DOTS to the right of where the last character ended (ESC \). */
void escpos_step(struct escpos *printer, unsigned dots);

/* The area that lines and codes keep to: LEFT dots free, WIDTH dots wide. At the beginning of a line. */
void escpos_area(struct escpos *printer, unsigned left, unsigned width);

/* Rows as high as their characters, without the usual space between, so that upright lines join; or as usual. */
void escpos_join_rows(struct escpos *printer, bool is_on);

/* CELLS of line graphics (─ │ ┌ ┐ └ ┘ ├ ┤ ┬ ┴ ┼), a column each, from the code page that is not Japanese. */
void escpos_line_graphics(struct escpos *printer, const char *cells);

/* A picture of 1-bit dots, rows of WIDTH_BYTES with the leftmost dot in the highest bit, 1 = black. */
void escpos_raster(struct escpos *printer, const uint8_t *dots, unsigned width_bytes, unsigned height);

/* Ask for status byte N (1 printer, 2 why offline, 3 error, 4 paper) in real time: DLE EOT. */
void escpos_request_status(struct escpos *printer, unsigned n);

/* Report changes by itself (GS a: online, error, paper), or stop that. ESC @ stops it as well. */
void escpos_report_changes(struct escpos *printer, bool is_on);

/* Ask for an answer when everything before it is on paper: GS ( H sends the job's tag back, and GS r, which nearly
 * every model knows, answers in order behind it. The second asks by GS r alone. */
void escpos_request_end_of_job(struct escpos *printer, uint64_t job_id);
void escpos_request_sensor(struct escpos *printer);

/* Ask for the name of the model: GS I. Answered in order, so not while the printer is offline. */
void escpos_request_model(struct escpos *printer);

/* Leave an error whose cause a person has removed, and throw away what was not printed before it: DLE ENQ 2. */
void escpos_recover(struct escpos *printer);

/* The tag by which GS ( H names JOB_ID: four of [0-9A-Za-z]. Returns OUT. */
const char *escpos_job_tag(char out[ESCPOS_JOB_TAG_SIZE], uint64_t job_id);
