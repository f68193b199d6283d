/* Sony RC-S380 over USB. */
#pragma once

#include "drivers/card_reader/card_reader.h"

/* Touches nothing: the reader is looked for when a card is asked for. *OUT is given: card_reader_close. */
enum status port100_reader_open(struct card_reader **out, struct error_detail *err) MUST_CHECK;
