/* What a cell says on paper: "1,234", "△1,234", "R8.11.22". Pure. */
#pragma once

#include "settlement/forms/form.h"

enum { FORM_WORDS_SIZE = 64 };

/* CELL of COLUMN as it is printed: its own text, or OUT filled. Never NULL. */
const char *form_words(char out[FORM_WORDS_SIZE], const struct form_column *column, const struct form_cell *cell);
