/* The part of this folder that stands on pango, cairo and libxlsxwriter: a module of its own (common/module). Callers
 * use form_pdf.h and form_xlsx.h; this table is between the program and the module. */
#pragma once

#include "common/bytes/buffer.h"
#include "settlement/forms/form.h"

struct form_printer {
    enum status (*to_pdf)(const struct form *const *forms, size_t count, struct buffer *out, struct error_detail *err);
    enum status (*to_xlsx)(const struct form *const *forms, size_t count, struct buffer *out, struct error_detail *err);
};

#define FORM_PRINTER_MODULE "forms"
