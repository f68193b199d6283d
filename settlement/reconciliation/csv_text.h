/* Fields of the CSV files that we write. Every function writes at OUT and returns the end; room is the caller's affair.
 */
#pragma once

#include "settlement/statements/text_view.h"

/* Whether every byte of TEXT is at or above '-' (0x2D): references are such texts, and no character that makes quotes
 * necessary is. */
static inline bool
csv_is_plain(struct text_view text)
{
    uint64_t below = 0;
    size_t i = 0;
    for (; i + 8 <= text.length; i += 8) {
        uint64_t word = bytes_load_8(text.at + i);
        below |= (word - UINT64_C(0x2D2D2D2D2D2D2D2D)) & ~word;
    }
    bool is_plain = (below & UINT64_C(0x8080808080808080)) == 0;
    for (; i < text.length; i++) {
        is_plain = is_plain && (unsigned char)text.at[i] >= '-';
    }
    return is_plain;
}

/* TEXT, in quotes where it must be; at most 2 × length + 2 bytes. */
char *csv_put_any_text(char *out, struct text_view text);

static inline char *
csv_put_text(char *out, struct text_view text)
{
    if (csv_is_plain(text)) {
        memcpy(out, text.at, text.length);
        return out + text.length;
    }
    return csv_put_any_text(out, text);
}

/* NUMBER without separators; at most 20 bytes. */
char *csv_put_number(char *out, int64_t number);

/* The place that ID names: a line of the first file as its number, one of another as "2:17". */
static inline char *
csv_put_place(char *out, uint64_t id)
{
    if (id >> 32 != 0) {
        out = csv_put_number(out, (int64_t)(id >> 32) + 1);
        *out++ = ':';
    }
    return csv_put_number(out, (int64_t)(id & UINT32_MAX));
}

/* WORD as it is. */
static inline char *
csv_put_word(char *out, const char *word)
{
    size_t length = strlen(word);
    memcpy(out, word, length);
    return out + length;
}
