/* Cuts the bytes of a CSV file into records and fields, strictly (RFC 4180, with CR, LF or CR LF), without copying.
 *
 * csv_index.h finds the separators and line ends. A well-formed field is either free of quotes or has exactly one at
 * each end; a record where anything else was seen ("doubt") is read again, slowly, by csv_record_check, which accepts
 * doubled quotes and line ends inside quotes and names the place of everything else. */
#pragma once

#include "settlement/statements/csv_index.h"

/* INVARIANT: field i lies between the positions ends[i − 1] and ends[i], which count from `base` (ends[−1] is the
 * position before the record). Valid until the next record is read. `has_doubled_quotes`: some field holds "" inside
 * quotes. */
struct csv_record {
    const char *base;
    const int32_t *ends;
    const char *start;
    uint32_t length;
    uint32_t line; /* physical line of the first byte, from 1 */
    uint32_t field_count;
    bool has_doubled_quotes;
};

/* INVARIANT: the next record begins at `record`, with the mark `mark`, the line end `line_end` and the doubt `doubt` of
 * the index as the first ones that are not before it. */
struct csv_scanner {
    struct csv_index index;
    const char *record;
    uint32_t line;
    uint32_t mark;
    uint32_t line_end;
    uint32_t doubt;
    bool has_second_half; /* the record before ended with CR LF */
};

/* BYTES are borrowed. Skips a UTF-8 BOM, drops one trailing 0x1A; errors as text_encoding_check_beginning. */
enum status csv_scanner_init(struct csv_scanner *scanner, struct csv_format format, const char *bytes, size_t length,
                             struct error_detail *err) MUST_CHECK;

/* The next record that is not an empty line; *OUT_HAS_RECORD is false after the last. STATUS_INVALID names line and
 * column: malformed quotes, control characters, a record that is too long or too wide. Whether the bytes are characters
 * of the encoding is for those to judge who use the fields: cutting does not depend on it (text_encoding.h). */
enum status csv_scanner_next(struct csv_scanner *scanner, struct csv_record *record, bool *out_has_record,
                             struct error_detail *err) MUST_CHECK;

/* Step over one physical line, whatever it holds (a title above the header). False at the end of the file. Only before
 * the first csv_scanner_next. */
bool csv_scanner_skip_line(struct csv_scanner *scanner);

/* Field INDEX (< field_count) without its quotes; a doubled quote is still doubled. */
static inline struct text_view
csv_record_field(const struct csv_record *record, unsigned char quote, uint32_t index)
{
    const char *start = record->base + record->ends[(int64_t)index - 1] + 1;
    const char *end = record->base + record->ends[index];
    bool is_quoted = end - start >= 2 && (unsigned char)*start == quote;
    return (struct text_view){start + is_quoted, (size_t)(end - start) - 2 * (size_t)is_quoted};
}

/* How the fields of the file so far are written: if all alike, they can be cut without looking at them. */
enum csv_style {
    CSV_STYLE_BARE,   /* no quote anywhere */
    CSV_STYLE_QUOTED, /* every field in quotes */
    CSV_STYLE_MIXED
};

static inline enum csv_style
csv_scanner_style(const struct csv_scanner *scanner)
{
    if (!scanner->index.has_quotes) {
        return CSV_STYLE_BARE;
    }
    return scanner->index.has_bare_fields ? CSV_STYLE_MIXED : CSV_STYLE_QUOTED;
}

/* csv_record_field for a file of STYLE. */
static inline struct text_view
csv_record_field_in(const struct csv_record *record, enum csv_style style, unsigned char quote, uint32_t index)
{
    if (style == CSV_STYLE_MIXED) {
        return csv_record_field(record, quote, index);
    }
    const int32_t edge = style == CSV_STYLE_QUOTED ? 1 : 0;
    const int32_t before = record->ends[(int64_t)index - 1];
    return (struct text_view){record->base + before + 1 + edge, (size_t)(record->ends[index] - before - 1 - 2 * edge)};
}

/* csv_scanner_next for the usual record, without stepping over it: false when csv_scanner_next has to look, because the
 * record is empty, its end is not known yet, or something in this batch is doubtful. *OUT_LAST is its last mark. */
static inline bool
csv_scanner_peek(struct csv_scanner *scanner, struct csv_record *record, uint32_t *out_last)
{
    struct csv_index *index = &scanner->index;
    if (scanner->line_end == index->line_end_count || scanner->doubt < index->doubt_count) {
        return false;
    }
    if (scanner->has_second_half) {
        index->marks[scanner->mark - 1]++;
        scanner->has_second_half = false;
    }
    uint32_t last = index->line_ends[scanner->line_end];
    record->base = index->base;
    record->ends = index->marks + scanner->mark;
    record->start = scanner->record;
    record->line = scanner->line;
    record->length = (uint32_t)(index->base + index->marks[last] - scanner->record);
    record->field_count = last - scanner->mark + 1;
    record->has_doubled_quotes = false;
    *out_last = last;
    return record->length > 0 && record->field_count <= CSV_COLUMNS_MAX;
}

/* Step over the record that was peeked at. */
static inline void
csv_scanner_step(struct csv_scanner *scanner, uint32_t last)
{
    struct csv_index *index = &scanner->index;
    const char *at = index->base + index->marks[last];
    int32_t second_half = *at == '\r' && at + 1 < index->end && at[1] == '\n' ? 1 : 0;
    index->marks[last] += second_half;
    scanner->record = at + 1 + second_half;
    scanner->mark = last + 1;
    scanner->line_end++;
    scanner->line++;
}

/* Line and column (bytes, from 1) of AT, a place within RECORD. */
void csv_record_place(const struct csv_record *record, const char *at, unsigned *out_line, unsigned *out_column);

/* Read RECORD slowly: STATUS_OK when it is well-formed after all (sets has_doubled_quotes and *OUT_LINE_ENDS, the line
 * ends inside quotes). A record that was cut inside quotes is never well-formed. */
enum status csv_record_check(struct csv_record *record, const struct csv_format *format, uint32_t *out_line_ends,
                             struct error_detail *err) MUST_CHECK;
