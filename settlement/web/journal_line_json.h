/* The JOURNAL_LINE of docs/protocol/finance-http.md: what a figure is walked back to. For this folder only. */
#pragma once

#include "common/json/writer.h"
#include "common/records/journal_line.h"
#include "settlement/catalogue/catalogue.h"
#include "settlement/store/store.h"

/* Write the members of the LENGTH bytes of one line into the object that is open. OUT_LINE (nullable) receives the
 * envelope, which borrows from BYTES. */
enum status json_journal_line_members(struct json_writer *writer, const char *bytes, size_t length,
                                      struct journal_line *out_line, struct error_detail *err) MUST_CHECK;

/* Append the object of line SEQUENCE of TERMINAL to the open array. With CATALOGUE (nullable) the people of the line
 * have their names beside their codes. STATUS_NOT_FOUND. */
enum status json_journal_line(struct json_writer *writer, struct store_txn *txn, const struct catalogue *catalogue,
                              const char *terminal, int64_t sequence, struct error_detail *err) MUST_CHECK;
