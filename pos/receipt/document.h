/* A paper as a JSON document (docs/receipt.md): what the command line renders and what tests keep as fixtures. */
#pragma once

#include "pos/receipt/receipt.h"

struct receipt_document;

/* Read LENGTH bytes: a whole document; or the bare body of sale.recorded or day.closed; or a journal line of one of
 * them. What a bare record does not say is filled in: names by codes, the terminal by the receipt number.
 * *OUT is given: receipt_document_destroy (NULL is fine). STATUS_INVALID, STATUS_OVERFLOW and STATUS_CORRUPT name line
 * and column, or the member. */
enum status receipt_document_read(struct receipt_document **out, const char *text, size_t length,
                                  struct error_detail *err) MUST_CHECK;
void receipt_document_destroy(struct receipt_document *document);

/* Ready for receipt_write; borrowed. The caller may change `copy`. */
struct receipt_input *receipt_document_input(struct receipt_document *document);
