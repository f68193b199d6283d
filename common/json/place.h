/* Where a value stands in its text, for errors that name line and column. cJSON keeps no places, so the text is walked
 * again along the path; only errors pay for it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Find what PATH ("tariffs[3].rooms[0].code") names in TEXT, which json_parse has accepted: a member's key, an
 * element's first byte. Where the last steps do not exist (a missing member), the place of what encloses them, "" being
 * the whole text. *OUT_LINE and *OUT_COLUMN (in characters) count from 1. */
void json_place(const char *text, size_t length, const char *path, unsigned *out_line, unsigned *out_column);

/* The place of key number N (from 0) in the text's order; false when there are fewer. */
bool json_place_of_key(const char *text, size_t length, size_t n, unsigned *out_line, unsigned *out_column);

/* The place of byte OFFSET. */
void json_place_of_offset(const char *text, size_t offset, unsigned *out_line, unsigned *out_column);
