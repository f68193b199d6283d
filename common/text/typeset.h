/* Text as it stands on paper: clean, measured in columns of half a kanji, and broken into rows as Japanese is broken.
 *
 * Names come from masters, people and other systems. Whatever they hold, a row that was measured here takes exactly as
 * many columns on the printer, because what the two could count differently is removed first. */
#pragma once

#include "common/bytes/buffer.h"

/* Append TEXT without what paper cannot hold: controls and line breaks become spaces; invisible marks go, except that a
 * variation selector stays behind the kanji that it is about (it takes no column); a kana and a combining dakuten
 * become one kana; ¥ becomes the backslash, which is ¥ on a Japanese printer; malformed UTF-8 becomes U+FFFD, which
 * prints as 〓. Returns the columns that it takes at single width. */
size_t typeset_clean(struct buffer *out, const char *text);
size_t typeset_clean_part(struct buffer *out, const char *text, size_t length);

/* Columns that clean TEXT takes at single width. */
size_t typeset_columns(const char *text);

/* One row of clean text. */
struct typeset_row {
    size_t length;  /* bytes that stand on the row */
    size_t next;    /* where the next row begins: LENGTH and the spaces that the break swallows */
    size_t columns; /* what the row takes */
};

/* The first row of TEXT within COLUMNS (≥ 2). A row does not begin with 、。) or a small kana, nor end with (「; a
 * number with its ¥ and its counter (3通), an ASCII word and a word in katakana stay whole, unless that would leave
 * half the row empty. */
struct typeset_row typeset_break(const char *text, size_t columns);

/* Characters up to byte `end` are `factor` times as wide (1 …). The last span of an array ends at or behind the text.
 */
struct typeset_span {
    size_t end;
    unsigned factor;
};

/* The same of LENGTH bytes, which stand at byte OFFSET of what SPANS (NULL: all 1) measure. COLUMNS takes the widest of
 * the characters: otherwise the row may come out empty. */
struct typeset_row
typeset_break_scaled(const char *text, size_t length, const struct typeset_span *spans, size_t offset, size_t columns);

/* The width within COLUMNS at which TEXT breaks best: as many rows as at COLUMNS, but even ones. */
size_t typeset_balanced_columns(const char *text, size_t columns);

/* COLUMNS, or less where the last row would otherwise be a character or two. */
size_t typeset_unwidowed_columns(const char *text, size_t columns);

/* How many rows TEXT takes. */
size_t typeset_rows(const char *text, size_t columns);
