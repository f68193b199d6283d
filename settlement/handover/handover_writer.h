/* Writes the bytes of one file by a descriptor. Pure: the same records and descriptor give the same bytes. */
#pragma once

#include "common/bytes/buffer.h"
#include "settlement/handover/handover_layout.h"
#include "settlement/handover/handover_value.h"

enum { HANDOVER_FILE_MAX_BYTES = 64 * 1024 * 1024 /* as the standard file */ };

/* INVARIANT: `records` holds whole records in the file's encoding. */
struct handover_writer {
    const struct handover_layout *layout; /* borrowed */
    struct buffer records;
    struct handover_totals totals;
    int64_t substituted; /* characters that became 〓 */
};

/* Begin; the year, serial and day of TOTALS are taken, its sums are made here. handover_writer_finish is owed. */
void handover_writer_init(struct handover_writer *writer, const struct handover_layout *layout,
                          const struct handover_totals *totals);
void handover_writer_finish(struct handover_writer *writer);

/* A 調定 begins: counted in the sums, and written where the layout has one record for each. */
enum status handover_write_assessment(struct handover_writer *writer, const struct assessment_record *record,
                                      struct error_detail *err) MUST_CHECK;
/* A line of its breakdown, in the order of NUMBER; written where the layout has one record for each. */
enum status handover_write_line(struct handover_writer *writer, const struct assessment_record *record, int64_t number,
                                const struct assessment_line *line, struct error_detail *err) MUST_CHECK;

/* Append the whole file to OUT. All of these give STATUS_INVALID "cannot_be_written" with 調定, field and cure in
 * Japanese when a value does not fit, has no code in its table, or has a character that the encoding lacks. */
enum status handover_write_end(struct handover_writer *writer, struct buffer *out, struct error_detail *err) MUST_CHECK;

/* The file's name by the layout. */
void handover_file_name(char out[HANDOVER_TEXT_SIZE + 32], const struct handover_layout *layout, int fiscal_year,
                        int64_t serial);
