/* A reader behind PC/SC. */
#pragma once

#include "drivers/card_reader/card_reader.h"

#include <stddef.h>

enum { PCSC_READERS_MAX = 16 /* pcscd has no more */, PCSC_NAME_SIZE = 129 };

/* The names of the readers that pcscd knows now, for lists. STATUS_OK with none where PC/SC is not installed or does
 * not run. */
enum status
pcsc_readers_list(char names[PCSC_READERS_MAX][PCSC_NAME_SIZE], size_t *out_count, struct error_detail *err) MUST_CHECK;

struct pcsc_reader_options {
    const char *name; /* a part of the reader's name, "RC-S300"; "": the first reader. Copied */
};

/* Touches nothing: the library is loaded and the reader looked for when a card is asked for. STATUS_INVALID when the
 * name is too long. *OUT is given: card_reader_close. */
enum status pcsc_reader_open(const struct pcsc_reader_options *options, struct card_reader **out,
                             struct error_detail *err) MUST_CHECK;
