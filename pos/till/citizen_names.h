/* What things are called in the citizen's language (citizen_names.c). For this folder only; under the lock. */
#pragma once

#include "pos/till/payment_words.h"
#include "pos/till/till_parts.h"

/* NAMES in LANGUAGE, else JAPANESE; borrowed from either. */
const char *citizen_name(const struct master_names *names, const char *japanese, enum payment_language language);

/* The name of LINE for the citizen's window. */
void citizen_line_name(const struct till *till, const struct sale_line *line, enum payment_language language,
                       char out[NAME_SIZE]);

/* The name of LINE for a line display, which knows the characters of CP932 (OUT) or only ASCII and katakana (OUT_PLAIN,
 * "" when OUT will do): in LANGUAGE where it can be shown, else in English, else in Japanese. */
void citizen_display_name(const struct till *till, const struct sale_line *line, enum payment_language language,
                          char out[NAME_SIZE], char out_plain[NAME_SIZE]);
