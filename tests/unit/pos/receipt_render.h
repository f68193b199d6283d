/* Papers for tests: from an input or a fixture to what a person reads, and an independent count of what is printed. */
#pragma once

#include "pos/receipt/document.h"

/* The text of INPUT's paper, by the interpreter that stands in for a printer. Fails the test when it cannot be made. */
void render_text(struct buffer *out, const struct receipt_input *input, unsigned columns);

/* Fixture NAME of tests/fixtures/receipts; destroy with receipt_document_destroy. */
struct receipt_document *load_fixture(const char *name);

/* Append fixture file NAME to OUT. */
void read_fixture(struct buffer *out, const char *name);

/* Fails the test when a row of the ESC/POS BYTES is wider than COLUMNS. Reads the commands that receipts use and no
 * others. Returns the number of rows. */
size_t assert_rows_fit(const char *bytes, size_t length, unsigned columns);
