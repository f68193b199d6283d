/* Reads ESC/POS as a printer does and keeps what came out: sheets of paper, as text and as pictures.
 *
 * It stands in for the printer wherever there is none: training, demonstrations, tests, and the preview on the screen.
 * It shares no code with the encoder (drivers/escpos), so that the two cannot be wrong alike. Any bytes may be fed, in
 * any pieces; what it does not know is counted and skipped, as a printer would. One thread at a time. */
#pragma once

#include "common/bytes/buffer.h"

#include <stdint.h>

struct paper;

enum {
    PAPER_SHEETS_MAX = 50, /* a morning's receipts; the oldest is thrown away */
    PAPER_COMMAND_NAME_SIZE = 16,
    PAPER_PNG_MAX_BYTES = 16 * 1024 * 1024,
    PAPER_TEXT_MAX_BYTES = 1024 * 1024
};

#define PAPER_LAST_SHEET SIZE_MAX

/* What happened since paper_create. */
struct paper_report {
    size_t unknown_commands;
    char first_unknown[PAPER_COMMAND_NAME_SIZE]; /* "ESC Z", "GS ( x"; "" when there was none */
    size_t unknown_characters;                   /* bytes that are no character in the mode they came in */
    size_t dropped;                              /* rows, pictures or data beyond a limit */
    size_t drawer_pulses;
    size_t cuts;
    size_t sheets_thrown_away; /* because PAPER_SHEETS_MAX newer ones came */
};

/* COLUMNS of 12 dots: 48 (576 dots, 80 mm paper), 42 (512 dots, 80 mm) or 32 (384 dots, 58 mm).
 * *OUT is given: destroy with paper_destroy (NULL is fine). */
enum status paper_create(struct paper **out, unsigned columns, struct error_detail *err) MUST_CHECK;
void paper_destroy(struct paper *paper);

unsigned paper_width_dots(const struct paper *paper);
void paper_feed(struct paper *paper, const void *bytes, size_t length);

/* Tear off what hangs out, as a person does, and forget half a command and all settings, as a printer switched off and
 * on does. */
void paper_tear(struct paper *paper);

/* Sheets kept: those cut off, oldest first, and the one still hanging out when something is on it. */
size_t paper_sheet_count(const struct paper *paper);

/* Append sheet INDEX (0 … count − 1, or PAPER_LAST_SHEET) to OUT: as UTF-8, one line a printed line, codes as
 * "[QR …]", and as a PNG at 203 dpi, looking like paper. STATUS_NOT_FOUND, STATUS_OVERFLOW. */
enum status
paper_text(const struct paper *paper, size_t index, struct buffer *out, struct error_detail *err) MUST_CHECK;
enum status paper_png(const struct paper *paper, size_t index, struct buffer *out, struct error_detail *err) MUST_CHECK;

/* What stands in texts for the INDEX-th glyph (from 0) that was defined by FS 2; 〓 unless told. Ignored when there is
 * none, or NAME is longer than a character with its selector. */
void paper_name_glyph(struct paper *paper, size_t index, const char *name);

const struct paper_report *paper_report(const struct paper *paper);
