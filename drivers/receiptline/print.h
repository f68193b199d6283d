/* Papers of common/receiptline as bytes for a printer, as text and as a picture. The till prints by it, the settlement
 * service previews by it: what is seen there is what comes out here. Safe from any thread. */
#pragma once

#include "common/receiptline/receiptline.h"

enum receiptline_medium {
    RECEIPTLINE_AS_ESCPOS, /* the bytes for the printer */
    RECEIPTLINE_AS_TEXT,   /* what a person reads, UTF-8 */
    RECEIPTLINE_AS_PNG     /* a picture of the paper */
};

enum { RECEIPTLINE_PAPER_MAX_BYTES = 512 * 1024 }; /* ESC/POS of one paper; a logo of the largest size takes 86 KB */

/* Append the ESC/POS bytes of TEMPLATE with VALUES to OUT, for a printer of COLUMNS half-width characters (48 or 42 on
 * 80 mm paper, 32 on 58 mm). Ends with a cut. STATUS_INVALID (a picture that is none …), STATUS_OVERFLOW: OUT must be
 * thrown away. */
enum status receiptline_print(const struct receiptline_template *template, const struct receiptline_value *values,
                              unsigned columns, struct buffer *out, struct error_detail *err) MUST_CHECK;

/* The same in another MEDIUM, by printing onto the paper of drivers/paper. COLUMNS: 48, 42 or 32. OUT may need
 * PAPER_PNG_MAX_BYTES for a picture, which shows the last sheet of a template that cuts in between. */
enum status receiptline_preview(const struct receiptline_template *template, const struct receiptline_value *values,
                                unsigned columns, enum receiptline_medium medium, struct buffer *out,
                                struct error_detail *err) MUST_CHECK;
