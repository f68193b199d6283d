/* The record that a template is printed with (common/papers/names.h), from the data of a paper. For this folder only.
 *
 * Everything is worked out here that a template could get wrong: what of a card number may be seen, what belongs to
 * which issuer, what a sum is of. A template chooses and places. */
#pragma once

#include "common/papers/names.h"
#include "pos/receipt/receipt.h"

enum {
    FILL_BLOCKS_MAX = 512, /* lists: the lines, issuers and facilities that have lists of their own, and some */
    FILL_CARD_NUMBER_SIZE = 20 + 1, /* ************1234, 411111******1234 */
    FILL_UNRESOLVED_MAX = RECEIPT_DAY_UNRESOLVED_MAX
};

/* INVARIANT: texts and rows of `values` are borrowed from the input, lie in this struct or in its blocks. */
struct fill {
    struct receiptline_value values[PAPERS_NAME_COUNT];
    void *blocks[FILL_BLOCKS_MAX];
    size_t block_count;
    bool has_failed; /* no memory */
    char card_number[FILL_CARD_NUMBER_SIZE];
};

/* Fill for INPUT. STATUS_NO_MEMORY. Finish with fill_finish in any case. */
enum status fill_paper(struct fill *fill, const struct receipt_input *input, struct error_detail *err) MUST_CHECK;
void fill_finish(struct fill *fill);

/* COUNT records of WIDTH values, all empty, as LIST's rows; NULL when there is no memory (which is remembered). */
struct receiptline_value *fill_rows(struct fill *fill, struct receiptline_value *list, size_t count, size_t width);

/* fill_sale.c */
void fill_sale(struct fill *fill, const struct receipt_input *input);
void fill_content(struct fill *fill, const struct receipt_input *input, const struct sale_content *content);

/* fill_payment.c */
void fill_payment(struct fill *fill, const struct receipt_input *input);
const char *fill_method_name(enum payment_method method);

/* fill_day.c */
void fill_day(struct fill *fill, const struct receipt_day *day);

/* fill_drawer.c */
void fill_counts(struct fill *fill, const struct receipt_count *counts, size_t count);
void fill_cash(struct fill *fill, const struct receipt_cash *cash);
void fill_handover(struct fill *fill, const struct receipt_handover *handover);
