/* The printer that the interpreter is: its settings, the line being filled, the sheets. Inside this folder only.
 *
 * INVARIANT: `line` holds what would stand in the print buffer, `x` is where the next character begins (dots from the
 * left margin) and never passes `area_width`; `pending` holds at most one unfinished command. */
#pragma once

#include "drivers/paper/paper.h"
#include "drivers/paper/sheet.h"

enum {
    PENDING_MAX_BYTES = 1024 * 1024, /* the largest picture command that is drawn; a larger one is skipped over */
    TAB_COLUMNS = 8,
    LINE_SPACING_DEFAULT = 30, /* dots: 3.75 mm at 203 dpi */
    SYMBOL_DATA_MAX_BYTES = 7089
};

enum {
    USER_CODES = 94, /* FS 2: Shift JIS EC40 … EC7E, EC80 … EC9E; JIS 7721 … 777E */
    USER_LEAD = 0xec,
    USER_TRAIL_FIRST = 0x40
};

enum alignment { ALIGN_LEFT, ALIGN_CENTER, ALIGN_RIGHT };

/* How the bytes of kanji arrive: FS C 1 needs no mode; JIS bytes need FS & before. */
enum kanji_code { KANJI_JIS, KANJI_SHIFT_JIS };

struct settings {
    struct style style;
    uint8_t kanji_underline_dots;
    enum alignment alignment;
    enum kanji_code kanji_code;
    bool is_kanji_mode; /* only matters for KANJI_JIS */
    unsigned code_page;
    unsigned country;
    unsigned character_spacing, kanji_left, kanji_right;
    unsigned line_spacing;
    unsigned left_margin, area_width;
    unsigned barcode_height, module_dots, text_position;
    unsigned qr_module_dots, qr_correction;
};

struct paper {
    unsigned columns, width_dots;
    struct settings now;
    struct row line;
    unsigned x;
    struct buffer pending;
    size_t skip; /* bytes of an oversized command still to come */
    struct buffer symbol;
    struct picture stored; /* GS ( L: waiting to be printed */
    struct user_glyphs glyphs;
    uint32_t user_codes[USER_CODES]; /* the code point that each stands for; 0: not defined */
    struct sheet current;
    struct sheet sheets[PAPER_SHEETS_MAX];
    size_t sheet_count;
    struct paper_report report;
};

/* ESC @. */
void machine_reset(struct paper *paper);

/* Put a character of HALF_COLUMNS (1 or 2) at the current place, after breaking the line when it does not fit. */
void machine_put(struct paper *paper, uint32_t code_point, unsigned half_columns);

/* Put PICTURE (taken) into the line at the current place, or on a row of its own as codes and rasters are. */
void machine_put_inline(struct paper *paper, struct picture *picture);
void machine_put_picture(struct paper *paper, struct picture *picture);

/* Print the line, if there is one, as a row of at least HEIGHT dots. */
void machine_flush(struct paper *paper, unsigned height);
void machine_line_feed(struct paper *paper);
void machine_feed_lines(struct paper *paper, unsigned lines);
void machine_feed_dots(struct paper *paper, unsigned dots);
void machine_move_to(struct paper *paper, unsigned x);
void machine_cut(struct paper *paper);
void machine_unknown(struct paper *paper, const char *family, unsigned char code);

/* Interpret the first command or character of LENGTH bytes; how many bytes it was, or 0 when it goes on. A command
 * larger than PENDING_MAX_BYTES sets `skip` beyond what is there. */
size_t paper_parse_one(struct paper *paper, const unsigned char *bytes, size_t length);

/* Two bytes, low one first. */
static inline unsigned
read_word(const unsigned char *bytes)
{
    return bytes[0] | (unsigned)bytes[1] << 8;
}

/* A command as the table of commands.c knows it: prefix, code, and how many argument bytes follow. */
struct command {
    unsigned char prefix, code;
    unsigned char fixed; /* argument bytes, when `measure` is NULL */
    /* Argument bytes of this one, from what is there; 0 when that does not suffice to tell (never 0 otherwise). */
    size_t (*measure)(const unsigned char *arguments, size_t length);
    void (*apply)(struct paper *paper, const unsigned char *arguments, size_t length); /* NULL: known, no effect here */
};
const struct command *paper_command_find(unsigned char prefix, unsigned char code);
const char *paper_command_family(unsigned char prefix); /* "ESC", "FS", "GS", "DLE" */

/* measure.c: as struct command's `measure`. */
size_t paper_measure_parenthesis(const unsigned char *arguments, size_t length);
size_t paper_measure_long_graphics(const unsigned char *arguments, size_t length);
size_t paper_measure_raster(const unsigned char *arguments, size_t length);
size_t paper_measure_column_picture(const unsigned char *arguments, size_t length);
size_t paper_measure_cut(const unsigned char *arguments, size_t length);
size_t paper_measure_tabs(const unsigned char *arguments, size_t length);
size_t paper_measure_barcode(const unsigned char *arguments, size_t length);
size_t paper_measure_downloaded_picture(const unsigned char *arguments, size_t length);
size_t paper_measure_status_request(const unsigned char *arguments, size_t length);
size_t paper_measure_real_time_request(const unsigned char *arguments, size_t length);

/* graphics.c: pictures, GS ( L, GS 8 L, GS v 0, ESC *, and GS ( k. */
void paper_apply_raster(struct paper *paper, const unsigned char *arguments, size_t length);
void paper_apply_column_picture(struct paper *paper, const unsigned char *arguments, size_t length);
void paper_apply_graphics(struct paper *paper, const unsigned char *arguments, size_t length);
void paper_apply_symbol(struct paper *paper, const unsigned char *arguments, size_t length);

/* barcode.c */
void paper_apply_barcode(struct paper *paper, const unsigned char *arguments, size_t length);

/* qr.c: draw LENGTH bytes; false when they do not fit a symbol. CORRECTION as GS ( k has it: 48 … 51. */
bool paper_qr_draw(struct picture *out, const void *bytes, size_t length, unsigned module_dots, unsigned correction);

/* glyph.c: FS 2 and FS ?. */
void paper_apply_define_glyph(struct paper *paper, const unsigned char *arguments, size_t length);
void paper_apply_cancel_glyph(struct paper *paper, const unsigned char *arguments, size_t length);

/* The code point of the glyph defined under the pair; 0 when there is none. */
uint32_t paper_user_code_point(const struct paper *paper, unsigned char lead, unsigned char trail);

/* charset.c: single bytes and pairs as code points; 0 when there is no such character. */
uint32_t paper_charset_single(unsigned char byte, unsigned code_page, unsigned country);
uint32_t paper_charset_shift_jis(unsigned char lead, unsigned char trail);
uint32_t paper_charset_jis(unsigned char row, unsigned char column);
