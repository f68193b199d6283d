/* What reading answers and reading reports have in common. Inside this folder only. Pure. */
#pragma once

#include "drivers/terminal_zvt/apdu.h"

enum { FLAG_TRAINING = 1, FLAG_IN_DOUBT = 2, FLAG_IN_PROGRESS = 4, FLAG_NOT_FOUND = 8, FLAG_REFUND = 16 };

/* Whether a card number stands in DATA in the clear: then the whole message is refused. */
bool zvt_data_shows_card(struct zvt_bytes data);

/* BCD digits of a card field as text: E is masked, F fills up, D stands between number and the rest of a track. The
 * length of the text, which is cut to SIZE. */
size_t zvt_card_text(struct zvt_bytes bytes, char *out, size_t size);

/* STATUS_REFUSED and STATUS_INVALID, with their sentences in ERR. */
enum status zvt_refuse_card(struct error_detail *err);
enum status zvt_invalid(struct error_detail *err);

/* Printable ASCII, cut at the first NUL and to what fits. */
void zvt_copy_text(char *out, size_t size, struct zvt_bytes bytes);

/* Terminals write "VISA"; the masters' codes are in small letters. */
void zvt_in_small_letters(char *text);
unsigned zvt_first_byte(struct zvt_bytes bytes); /* 0 when there is none */

/* BCD digits as a number of 0 … MAX; false otherwise. */
bool zvt_in_range(struct zvt_bytes bytes, int64_t max, int64_t *out);
