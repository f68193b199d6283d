/* The table of a form as CSV (RFC 4180): labels, then rows, without subtotals and totals, so that a spreadsheet can add
 * up by itself. Numbers stand plain, days in ISO 8601. */
#pragma once

#include "common/bytes/buffer.h"
#include "settlement/forms/form.h"

/* UTF-8 with a byte order mark, as spreadsheets expect it. */
void form_to_csv(struct buffer *out, const struct form *form);

/* CP932. Characters that it lacks become 〓 and are counted in *OUT_REPLACED. STATUS_OVERFLOW when OUT is too small. */
enum status form_to_csv_cp932(struct buffer *out, const struct form *form, size_t *out_replaced,
                              struct error_detail *err) MUST_CHECK;
