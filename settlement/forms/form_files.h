/* Forms as files for people: PDF to print and file, XLSX to go on working with. Each call is for one document of one or
 * more forms, in their order. Any thread; documents are made one at a time. The same forms give the same bytes. */
#pragma once

#include "common/bytes/buffer.h"
#include "settlement/forms/form.h"

/* A4 pages with embedded fonts; each form begins on a new page and counts its pages for itself. STATUS_NOT_FOUND
 * "no_module" or "no_font" when a part of the installation is missing, STATUS_NO_MEMORY, STATUS_OVERFLOW. */
enum status
form_to_pdf(const struct form *const *forms, size_t count, struct buffer *out, struct error_detail *err) MUST_CHECK;

/* A sheet per form: its fields, its table with totals. Numbers are numbers; those that a double does not hold exactly
 * are text. */
enum status
form_to_xlsx(const struct form *const *forms, size_t count, struct buffer *out, struct error_detail *err) MUST_CHECK;
