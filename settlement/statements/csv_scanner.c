/* Records from lists of positions. csv_scanner_next is the hot path; everything rare has a function of its own. */
#include "settlement/statements/csv_scanner.h"

#include <assert.h>

enum status
csv_scanner_init(struct csv_scanner *scanner, struct csv_format format, const char *bytes, size_t length,
                 struct error_detail *err)
{
    assert(format.encoding == TEXT_UTF_8 || format.separator < 0x40);

    size_t skip = 0;
    enum status status = text_encoding_check_beginning(format.encoding, bytes, length, &skip, err);
    if (status != STATUS_OK) {
        return status;
    }
    csv_index_init(&scanner->index, format, bytes + skip, text_trim_end_of_file(bytes + skip, bytes + length));
    scanner->record = bytes + skip;
    scanner->line = 1;
    scanner->mark = 1;
    scanner->line_end = 0;
    scanner->doubt = 0;
    scanner->has_second_half = false;
    return STATUS_OK;
}

bool
csv_scanner_skip_line(struct csv_scanner *scanner)
{
    assert(scanner->index.next == scanner->record);

    const char *at = scanner->record;
    const char *end = scanner->index.end;
    if (at == end) {
        return false;
    }
    while (at < end && *at != '\n' && *at != '\r') {
        at++;
    }
    if (at + 1 < end && at[0] == '\r' && at[1] == '\n') {
        at++;
    }
    scanner->record = at < end ? at + 1 : at;
    csv_index_init(&scanner->index, scanner->index.format, scanner->record, end);
    scanner->line++;
    return true;
}

/* The file, or the length that a record may have, ended inside the record. */
static enum status
refuse_cut(struct csv_scanner *scanner, struct csv_record *record, struct error_detail *err)
{
    record->length = (uint32_t)(scanner->index.next - record->start);
    uint32_t line_ends = 0;
    enum status status = csv_record_check(record, &scanner->index.format, &line_ends, err);
    if (status != STATUS_OK) {
        return status;
    }
    error_set_at(err, record->line, 1, "statement_too_long",
                 "1行が %d バイトを超えています。改行のないファイルか、別の形式のファイルではないか確かめてください。",
                 (int)CSV_RECORD_MAX_BYTES);
    return STATUS_OVERFLOW;
}

static enum status
refuse_width(const struct csv_scanner *scanner, const struct csv_record *record, struct error_detail *err)
{
    unsigned line, column;
    const char *at = scanner->index.base + scanner->index.marks[scanner->mark + CSV_COLUMNS_MAX - 1];
    csv_record_place(record, at, &line, &column);
    error_set_at(err, line, column, "statement_columns",
                 "列が %d を超えています。区切り文字が書式の separator と同じか確かめてください。",
                 (int)CSV_COLUMNS_MAX);
    return STATUS_OVERFLOW;
}

/* The record is read slowly when there is a doubt before END. */
static enum status
settle_doubts(struct csv_scanner *scanner, struct csv_record *record, const char *end, struct error_detail *err)
{
    int32_t position = (int32_t)(end - scanner->index.base);
    if (scanner->doubt == scanner->index.doubt_count || scanner->index.doubts[scanner->doubt] > position) {
        return STATUS_OK;
    }
    while (scanner->doubt < scanner->index.doubt_count && scanner->index.doubts[scanner->doubt] <= position) {
        scanner->doubt++;
    }
    uint32_t line_ends = 0;
    enum status status = csv_record_check(record, &scanner->index.format, &line_ends, err);
    scanner->line += line_ends;
    return status;
}

/* The record ends at END with the mark LAST. */
static inline enum status
finish_record(struct csv_scanner *scanner, struct csv_record *record, const char *end, uint32_t last,
              struct error_detail *err)
{
    record->base = scanner->index.base;
    record->ends = scanner->index.marks + scanner->mark;
    record->field_count = last - scanner->mark + 1;
    record->length = (uint32_t)(end - record->start);
    record->has_doubled_quotes = false;
    if (record->field_count > CSV_COLUMNS_MAX) {
        return refuse_width(scanner, record, err);
    }
    if (scanner->doubt < scanner->index.doubt_count) {
        return settle_doubts(scanner, record, end, err);
    }
    return STATUS_OK;
}

/* What is left is a record without a line end, or nothing. */
static enum status
finish_file(struct csv_scanner *scanner, struct csv_record *record, bool *out_has_record, struct error_detail *err)
{
    struct csv_index *index = &scanner->index;
    if (index->inside != 0) {
        return refuse_cut(scanner, record, err);
    }
    *out_has_record = scanner->record < index->end;
    if (!*out_has_record) {
        return STATUS_OK;
    }
    index->marks[++index->mark_count] = (int32_t)(index->end - index->base);
    index->has_bare_fields = true; /* perhaps; nobody looked */
    enum status status = finish_record(scanner, record, index->end, index->mark_count, err);
    scanner->record = index->end;
    scanner->mark = index->mark_count + 1;
    return status;
}

/* No line end is known after the record's start: index more, or finish. True when csv_scanner_next shall try again. */
static bool
find_more(struct csv_scanner *scanner, struct csv_record *record, bool *out_has_record, enum status *out_status,
          struct error_detail *err)
{
    struct csv_index *index = &scanner->index;
    if (index->mark_count + 1 - scanner->mark > CSV_COLUMNS_MAX) {
        *out_status = refuse_width(scanner, record, err);
        return false;
    }
    if (index->next - scanner->record > CSV_RECORD_MAX_BYTES) {
        *out_status = refuse_cut(scanner, record, err);
        return false;
    }
    if (!csv_index_advance(index, scanner->record, scanner->mark, scanner->doubt)) {
        *out_status = finish_file(scanner, record, out_has_record, err);
        return false;
    }
    scanner->mark = 1;
    scanner->line_end = 0;
    scanner->doubt = 0;
    return true;
}

enum status
csv_scanner_next(struct csv_scanner *scanner, struct csv_record *record, bool *out_has_record, struct error_detail *err)
{
    struct csv_index *index = &scanner->index;
    if (scanner->has_second_half) { /* fields are cut from the position before the record: now the LF, not the CR */
        index->marks[scanner->mark - 1]++;
        scanner->has_second_half = false;
    }
    for (;;) {
        record->start = scanner->record;
        record->line = scanner->line;
        if (scanner->line_end == index->line_end_count) {
            enum status status = STATUS_OK;
            if (!find_more(scanner, record, out_has_record, &status, err)) {
                return status;
            }
            continue;
        }
        uint32_t last = index->line_ends[scanner->line_end++];
        const char *at = index->base + index->marks[last];
        bool has_second_half = *at == '\r' && at + 1 < index->end && at[1] == '\n';
        bool is_empty = at == scanner->record;
        enum status status = is_empty ? STATUS_OK : finish_record(scanner, record, at, last, err);
        scanner->record = at + 1 + has_second_half;
        scanner->mark = last + 1;
        scanner->line++;
        if (!is_empty) {
            scanner->has_second_half = has_second_half;
            *out_has_record = true;
            return status;
        }
        index->marks[last] += has_second_half;
    }
}
