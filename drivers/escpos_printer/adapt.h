/* A job for any printer, made one for this printer: codes that it cannot draw become pictures, and it is cut as it can
 * cut. Pure. So layout need not know models, and every model gets the same paper. */
#pragma once

#include "common/bytes/buffer.h"
#include "drivers/escpos/model.h"

enum { ADAPTED_JOB_MAX_BYTES = 8 * 1024 * 1024 /* a job of 4 MiB, the most that is printed, and its pictures */ };

/* Append the job of LENGTH bytes to OUT as MODEL takes it. Bytes that need no change are unchanged. STATUS_OVERFLOW,
 * STATUS_NO_MEMORY as buffer_check has them. */
enum status printer_job_adapt(const struct escpos_model *model, const void *bytes, size_t length, struct buffer *out,
                              struct error_detail *err) MUST_CHECK;
