/* The bytes that the finance system imports (docs/protocol/assessment-export.md). Pure: the same records give the same
 * bytes. */
#pragma once

#include "common/bytes/buffer.h"
#include "settlement/assessment/record.h"

enum {
    EXPORT_FILE_MAX_BYTES = 64 * 1024 * 1024 /* some 100,000 lines of 600 bytes */
};

/* The header line, in UTF-8. */
void export_file_begin(struct buffer *out);

/* One line of the breakdown of RECORD: its 調定 fields are repeated on every line. */
void export_file_add_line(struct buffer *out, const struct assessment_record *record, int64_t number,
                          const struct assessment_line *line);

/* UTF8 (without a mark) as CP932; characters that CP932 lacks become 〓 and are counted. */
enum status export_file_to_cp932(struct buffer *out, const struct buffer *utf8, size_t *out_replaced,
                                 struct error_detail *err) MUST_CHECK;
