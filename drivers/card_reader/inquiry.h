/* The conversation with one card; for this folder only. */
#pragma once

#include "drivers/card_reader/card_reader_driver.h"

/* Everything readable on the card that READER has found. STATUS_IO when it left meanwhile. */
enum status inquiry_run(struct card_reader *reader, struct card_inquiry *out, struct error_detail *err) MUST_CHECK;
