/* Forms on A4 (module only; callers: form_files.h). */
#pragma once

#include "common/bytes/buffer.h"
#include "settlement/forms/form.h"

enum status
forms_write_pdf(const struct form *const *forms, size_t count, struct buffer *out, struct error_detail *err) MUST_CHECK;
