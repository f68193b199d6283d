/* What a template looks like: printed with the sample of its paper. For who edits one, on the settlement service's
 * screen and on the command line. */
#pragma once

#include "common/papers/papers.h"
#include "drivers/receiptline/print.h"

/* Compile LENGTH bytes of MARKUP (NULL: the built-in template) for FORM and append the paper with FORM's sample to OUT,
 * for paper of COLUMNS (48, 42 or 32; anything else is STATUS_INVALID). STATUS_INVALID names line and column of what is
 * wrong in the markup, in Japanese. A picture may need PAPER_PNG_MAX_BYTES (drivers/paper). Safe from any thread. */
enum status
receiptline_preview_sample(enum papers_form form, const char *markup, size_t length, unsigned columns,
                           enum receiptline_medium medium, struct buffer *out, struct error_detail *err) MUST_CHECK;
