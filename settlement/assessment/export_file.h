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

/* The columns of the file, from 0 to export_column_count() − 1: their names, and the plain value of one, appended.
 * NUMBER and LINE (may be NULL where the column is not of the breakdown) as above. */
size_t export_column_count(void);
const char *export_column_name(size_t column);
bool export_column_is_of_line(size_t column);
void export_column_value(struct buffer *out, size_t column, const struct assessment_record *record, int64_t number,
                         const struct assessment_line *line);

/* UTF8 (without a mark) as CP932; characters that CP932 lacks become 〓 and are counted. */
enum status export_file_to_cp932(struct buffer *out, const struct buffer *utf8, size_t *out_replaced,
                                 struct error_detail *err) MUST_CHECK;
