/* What the citizen owes so far: a list of lines under an id that becomes the sale's. Pure; lives in memory.
 *
 * Lines that a tariff priced together are one set: they come, change and go as a whole, because their prices follow
 * from one case. Every other line stands for itself. */
#pragma once

#include "pos/checkout/sale.h"

enum {
    /* The largest basket as a record; a journal line is at most 64 KiB and holds the payment and the line's frame too.
     * Checked at every change, so that nothing is charged that cannot be recorded afterwards. */
    BASKET_RECORD_MAX_BYTES = 56 * 1024
};

/* INVARIANT: content is totalled and its record fits; `id` is new after every sale and every clearing. */
struct basket {
    char id[IDENTITY_TEXT_SIZE];
    struct sale_content content;
};

/* An empty basket with a new id made at INSTANT_MS. */
enum status basket_init(struct basket *basket, int64_t instant_ms, struct error_detail *err) MUST_CHECK;

/* A basket as it was put aside, under its old ID. CONTENT is copied; NULL: an empty one. Never fails. */
void basket_restore(struct basket *basket, const char *id, const struct sale_content *content);

/* Add LINE (its quantity, 1 … BASKET_QUANTITY_MAX), which has no pricing; a line of the same item and price that says
 * nothing else grows instead. On failure nothing changes, here and below. */
enum status basket_add(struct basket *basket, const struct sale_line *line, struct error_detail *err) MUST_CHECK;

/* INDEX from 0, in all that follows. STATUS_NOT_FOUND when there is no such line. */

/* Take the line out, or the whole set that it belongs to. */
enum status basket_remove(struct basket *basket, size_t index, struct error_detail *err) MUST_CHECK;

/* EXEMPTION NULL takes the exemption back. */
enum status basket_set_exemption(struct basket *basket, size_t index, const struct exemption *exemption,
                                 struct error_detail *err) MUST_CHECK;

/* A copy of a line that may be changed by hand. STATUS_REFUSED for one that a tariff priced or that pays a ticket. */
enum status basket_line_to_change(const struct basket *basket, size_t index, struct sale_line *out,
                                  struct error_detail *err) MUST_CHECK;

/* Put LINE, made from basket_line_to_change, in its place. */
enum status
basket_replace(struct basket *basket, size_t index, const struct sale_line *line, struct error_detail *err) MUST_CHECK;

/* Lines that a tariff priced together: 1 … BASKET_LINES_MAX of them, with the rows of all in their order. The lines'
 * `pricing` says tariff, facts (first line) and row_count; set and first_row are given here. */
struct basket_set {
    const struct sale_line *lines;
    size_t line_count;
    const struct pricing_row *rows;
};

/* Put SET in the place of the lines of set REPLACED, or behind all others when REPLACED is 0. STATUS_NOT_FOUND when the
 * basket has no set REPLACED. */
enum status basket_put_set(struct basket *basket, const struct basket_set *set, int64_t replaced,
                           struct error_detail *err) MUST_CHECK;

/* What the basket belongs to outside the till; NULL takes it back. STATUS_REFUSED when it belongs to something else
 * already: one citizen's papers are not mixed up with another's. */
enum status basket_set_reference(struct basket *basket, const struct sale_reference *reference,
                                 struct error_detail *err) MUST_CHECK;

/* Number of things in it (sum of quantities). */
int64_t basket_count(const struct basket *basket);
