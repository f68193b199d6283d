/* Fields of the CSV files that we write. Every function writes at OUT and returns the end; room is the caller's affair.
 */
#pragma once

#include "settlement/statements/text_view.h"

/* TEXT, in quotes where it must be; at most 2 × length + 2 bytes. */
char *csv_put_text(char *out, struct text_view text);

/* NUMBER without separators; at most 20 bytes. */
char *csv_put_number(char *out, int64_t number);

/* WORD as it is. */
static inline char *
csv_put_word(char *out, const char *word)
{
    size_t length = strlen(word);
    memcpy(out, word, length);
    return out + length;
}
