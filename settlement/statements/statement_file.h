/* A whole file as an array of lines: for imports, where a day's file fits in memory. All or nothing, like the reader.
 */
#pragma once

#include "settlement/statements/layout.h"
#include "settlement/statements/reader.h"

enum {
    FILE_LINES_MAX = 50 * 1000 * 1000 /* five national days; a line takes some 150 bytes here */
};

/* INVARIANT: `reader` holds the texts of the lines that are not in the file's own bytes, which must outlive this too.
 */
struct statement_file {
    struct statement_line *lines;
    size_t count;
    struct reader *reader;
};

struct bank_file {
    struct bank_line *lines;
    size_t count;
    struct reader *reader;
};

/* Parse LENGTH bytes by LAYOUT (both borrowed until …_finish). *OUT is given: end it with …_finish. A layout that gives
 * the other kind of line is STATUS_INVALID; everything else as reader.h says. Nothing is given on failure. */
enum status statement_file_parse(struct statement_file *out, const struct layout *layout, const void *bytes,
                                 size_t length, struct civil_date not_after, struct error_detail *err) MUST_CHECK;
/* The same, but lines that cannot be read go to SINK (reader_keep_faults). */
enum status statement_file_parse_passing(struct statement_file *out, const struct layout *layout, const void *bytes,
                                         size_t length, struct civil_date not_after, reader_fault_sink sink,
                                         void *context, struct error_detail *err) MUST_CHECK;
void statement_file_finish(struct statement_file *file);

enum status bank_file_parse(struct bank_file *out, const struct layout *layout, const void *bytes, size_t length,
                            struct civil_date not_after, struct error_detail *err) MUST_CHECK;
enum status bank_file_parse_passing(struct bank_file *out, const struct layout *layout, const void *bytes,
                                    size_t length, struct civil_date not_after, reader_fault_sink sink, void *context,
                                    struct error_detail *err) MUST_CHECK;
void bank_file_finish(struct bank_file *file);
