/* What an index of three-character pieces is asked for a search: a row that has the text has every piece of it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum {
    SEARCH_PIECES_MAX = 24,                     /* more would name no fewer rows */
    SEARCH_PIECES_SIZE = SEARCH_PIECES_MAX * 20 /* three characters of four bytes, each byte perhaps doubled; quotes */
};

/* Write the pieces of SEARCH (UTF-8), each in quotes, as FTS5 wants them. False when SEARCH has fewer than three
 * characters: then the index knows nothing of it. */
bool search_pieces(char out[SEARCH_PIECES_SIZE], const char *search);
