/* Reads a statement or bank file by its layout, one line at a time.
 *
 * Nothing of a file may be used before the whole of it was read: only after the last line is it known whether the
 * trailer agrees. A caller that stores lines as they come does so inside one transaction, and undoes it on an error
 * (明細ファイル不完全: the whole file is refused). The memory needed does not grow with the file, but for texts that
 * had to be converted; a file of any size can be read where it is mapped.
 *
 *   struct reader *reader = NULL;
 *   enum status status = reader_create(&reader, layout, bytes, length, not_after, err);
 *   struct statement_line line;
 *   bool has_line = true;
 *   while (status == STATUS_OK && has_line) {
 *       status = reader_next_statement(reader, &line, &has_line, err);
 *       …
 *   }
 *   reader_destroy(reader);
 */
#pragma once

#include "settlement/statements/layout.h"
#include "settlement/statements/statement_line.h"

struct reader;

/* Begin to read LENGTH bytes. LAYOUT and BYTES are borrowed until reader_destroy. NOT_AFTER: no date with an era's
 * two-digit year is later (usually some days after today). *OUT is given. The header is read here: STATUS_INVALID when
 * a column that LAYOUT names is missing, when the encoding is another, or when the file is empty. */
enum status reader_create(struct reader **out, const struct layout *layout, const void *bytes, size_t length,
                          struct civil_date not_after, struct error_detail *err) MUST_CHECK;

/* Told of a line that cannot be read: why, with its place, and its bytes in the file's encoding. All borrowed. */
typedef void (*reader_fault_sink)(const struct error_detail *fault, struct text_view raw, void *context);

enum {
    READER_FAULTS_MAX = 1000,                  /* a file with more has another format */
    READER_UTF16_MAX_BYTES = 256 * 1024 * 1024 /* converted in memory as a whole */
};

/* From now on a line with an unreadable field does not end the reading: SINK hears of it, the line is left out, and the
 * reading goes on. What the trailer says must still agree: counts include such lines; sums must be provable, so that an
 * unreadable amount under a checked sum still ends the reading, as does what is wrong with the file's structure. Only
 * before the first line. */
void reader_keep_faults(struct reader *reader, reader_fault_sink sink, void *context);

/* Bytes of the file that were read so far, for showing progress: 0 … length. */
size_t reader_position(const struct reader *reader);

/* The texts of the lines that were given out so far are not needed any more: with this, called every some thousand
 * lines, the memory needed does not grow with the file. Not the brands', which stay. */
void reader_forget_texts(struct reader *reader);

/* The texts of lines that were given out end with the reader. NULL is fine. */
void reader_destroy(struct reader *reader);

/* The next line, into OUT_LINE, which is undefined unless *OUT_HAS_LINE. It is false after the last, and then the file
 * is complete and agrees with its trailer. STATUS_INVALID or STATUS_OVERFLOW with line, column (in bytes, from 1) and a
 * sentence; the reader is of no further use then. The layout must give lines of this kind (asserted). */
enum status reader_next_statement(struct reader *reader, struct statement_line *out_line, bool *out_has_line,
                                  struct error_detail *err) MUST_CHECK;
enum status reader_next_bank(struct reader *reader, struct bank_line *out_line, bool *out_has_line,
                             struct error_detail *err) MUST_CHECK;

/* Up to CAPACITY lines at once, into LINES: cheaper for large files. *OUT_COUNT is 0 after the last line, otherwise
 * ≥ 1. */
enum status reader_next_statements(struct reader *reader, struct statement_line *lines, size_t capacity,
                                   size_t *out_count, struct error_detail *err) MUST_CHECK;

/* Of a csv statement, do not read the field NAME ("pay_date"; not the kind): lines lack it, and nobody judges its
 * values. Only before the first line. */
void reader_ignore_field(struct reader *reader, const char *name);

/* The days that the headers of a bank's record were of so far; year 0 where none says it. A record without a line has
 * them as well: nothing moved on these days. */
void reader_covers(const struct reader *reader, struct civil_date *out_from, struct civil_date *out_to);

/* The brands seen so far, by brand_index. Borrowed; grows with the lines read. */
const struct text_view *reader_brands(const struct reader *reader, size_t *out_count);
