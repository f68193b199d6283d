/* A page under the hand of a layout: rows, pairs and headlines that keep to the paper's columns whatever the texts
 * hold. Works on top of the ESC/POS encoder; for this folder only.
 *
 * All texts are UTF-8 as they come from outside; every function cleans what it is given. A failure (a text or page over
 * its limit) is remembered and told by page_end. */
#pragma once

#include "drivers/escpos/encoder.h"

enum {
    PAGE_TEXT_MAX_BYTES = 4 * 1024, /* one paragraph; a place's receipt note is a few hundred bytes */
    PAGE_COLUMNS_MIN = 24,          /* narrower, an amount and its label have no room; paper for tills has 32 */
    PAGE_COLUMNS_MAX = 64
};

/* INVARIANT: outside the functions below, size is 1 × 1, alignment left, emphasis off. The buffers are scratch. */
struct page {
    struct escpos printer;
    unsigned columns;
    struct buffer left;
    struct buffer right;
    struct buffer part;
};

/* COLUMNS: PAGE_COLUMNS_MIN … PAGE_COLUMNS_MAX. OUT is borrowed until page_end. */
void page_begin(struct page *page, struct buffer *out, unsigned columns);

/* Feed, cut, free the scratch. STATUS_OK when everything took. */
enum status page_end(struct page *page, struct error_detail *err) MUST_CHECK;

/* TEXT over as many rows as it needs, INDENT columns in. '\n' begins a new row. "" prints nothing. */
void page_text(struct page *page, unsigned indent, const char *text);
void page_center(struct page *page, const char *text);

/* Emphasised, twice as high, and twice as wide unless TEXT would then take more than two rows. */
void page_headline(struct page *page, const char *text);

/* LEFT, wrapped, INDENT columns in; RIGHT at the right edge of its last row, or on rows of its own. */
void page_pair(struct page *page, unsigned indent, const char *left, const char *right);

/* Whether LEFT and RIGHT stand on one row with a column between them. */
bool page_pair_fits(struct page *page, unsigned indent, const char *left, const char *right);

/* The sum of the page: LABEL and AMOUNT enlarged, ASIDE small behind the label. Smaller when it does not fit. */
void page_total(struct page *page, const char *label, const char *aside, const char *amount);

void page_emphasised(struct page *page, bool is_on);
void page_rule(struct page *page);
void page_heavy_rule(struct page *page);
void page_space(struct page *page); /* an empty row */

/* TEXT as a QR code in the middle, and below it in words. */
void page_code(struct page *page, const char *text);
