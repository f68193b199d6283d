/* Lines from a CSV file, one by one and with care: header, lines, trailer. csv_quick.c takes what is plain. */
#include "settlement/statements/reader_state.h"

enum {
    COLUMN_TEXT_MAX_BYTES = 256 /* a date and a time in two columns, joined */
};

static const struct record_plan *
line_plan(const struct reader *reader)
{
    return &reader->layout->records[0];
}

static const struct record_plan *
trailer_plan(const struct reader *reader)
{
    return reader->layout->record_count > 1 ? &reader->layout->records[1] : NULL;
}

/* FIELD without doubled quotes: itself, or a copy. */
static enum status
undouble(struct reader *reader, struct text_view *field, struct error_detail *err)
{
    char quote = (char)reader->layout->csv.quote;
    const char *found = memchr(field->at, quote, field->length);
    if (found == NULL) {
        return STATUS_OK;
    }
    char *copy = arena_take(&reader->arena, field->length);
    if (copy == NULL) {
        error_set(err, "out_of_memory", "明細の文字を置くメモリーが足りません。");
        return STATUS_OVERFLOW;
    }
    size_t length = 0;
    for (size_t i = 0; i < field->length; i++) {
        copy[length++] = field->at[i];
        if (field->at[i] == quote) {
            i++; /* its double */
        }
    }
    *field = (struct text_view){copy, length};
    return STATUS_OK;
}

static enum status
refuse_at(const struct csv_record *record, const char *at, const char *code, const char *sentence,
          struct error_detail *err)
{
    unsigned line, column;
    csv_record_place(record, at, &line, &column);
    error_set_at(err, line, column, code, "%s", sentence);
    return STATUS_INVALID;
}

/* The column whose header is WANTED, or CSV_NO_COLUMN; STATUS_INVALID when there are two. */
static enum status
find_header(struct reader *reader, const struct place *wanted, uint32_t *out, struct error_detail *err)
{
    const struct csv_record *record = &reader->csv.record;
    *out = CSV_NO_COLUMN;
    for (uint32_t i = 0; i < record->field_count; i++) {
        struct text_view header = csv_record_field(record, reader->layout->csv.quote, i);
        const char *at = header.at;
        if (record->has_doubled_quotes) {
            enum status status = undouble(reader, &header, err);
            if (status != STATUS_OK) {
                return status;
            }
        }
        if (!text_view_equals(header, wanted->header)) {
            continue;
        }
        if (*out != CSV_NO_COLUMN) {
            unsigned line, column;
            csv_record_place(record, at, &line, &column);
            error_set_at(err, line, column, "statement_columns",
                         "見出し「%.80s」が二つあります。どちらか判断できません。", wanted->shown);
            return STATUS_INVALID;
        }
        *out = i;
    }
    return STATUS_OK;
}

/* The column of PLACE is missing: most likely because the file has another encoding, if its first record shows that. */
static enum status
refuse_header(const struct reader *reader, const struct place *place, struct error_detail *err)
{
    const struct csv_record *record = &reader->csv.record;
    const enum text_encoding encoding = reader->layout->encoding;
    const char *fault = text_encoding_find_fault(encoding, (struct text_view){record->start, record->length});
    if (fault == NULL) {
        error_set_at(
            err, record->line, 1, "statement_columns",
            "列「%.80s」がありません。別の形式のファイルか、文字コードが %s ではありません。書式を確かめてください。",
            place->shown, text_encoding_name(encoding));
        return STATUS_INVALID;
    }
    unsigned line, column;
    csv_record_place(record, fault, &line, &column);
    error_set_at(
        err, line, column, "statement_encoding",
        "見出しに %s の文字として読めないバイト 0x%02X があります。ファイルの文字コードと書式の encoding を確かめて"
        "ください。",
        text_encoding_name(encoding), (unsigned)(unsigned char)*fault);
    return STATUS_INVALID;
}

static enum status
find_column(struct reader *reader, const struct field_plan *field, const struct place *place, uint32_t *out,
            struct error_detail *err)
{
    uint32_t column = place->column;
    if (column == PLACE_BY_HEADER) {
        enum status status = find_header(reader, place, &column, err);
        if (status != STATUS_OK) {
            return status;
        }
    } else if (column >= reader->csv.width) {
        column = CSV_NO_COLUMN;
    }
    if (column == CSV_NO_COLUMN && !field->may_lack_column) {
        return refuse_header(reader, place, err);
    }
    *out = column;
    return STATUS_OK;
}

/* Learn the columns from the record that was just read: the header, or the first line of a file without one. */
static enum status
learn_columns(struct reader *reader, struct error_detail *err)
{
    const struct record_plan *plan = line_plan(reader);
    reader->csv.width = reader->csv.record.field_count;
    reader->csv.are_plain = reader->layout->gives == LAYOUT_GIVES_STATEMENT;
    for (unsigned i = 0; i < plan->field_count; i++) {
        const struct field_plan *field = &plan->fields[i];
        uint32_t columns[2] = {CSV_NO_COLUMN, CSV_NO_COLUMN};
        for (unsigned k = 0; k < field->place_count; k++) {
            enum status status = find_column(reader, field, &field->places[k], &columns[k], err);
            if (status != STATUS_OK) {
                return status;
            }
        }
        reader->csv.are_plain = reader->csv.are_plain && field->place_count < 2;
        bool is_there = columns[0] != CSV_NO_COLUMN && (field->place_count < 2 || columns[1] != CSV_NO_COLUMN);
        if (is_there &&
            (reader->ignored_fields >> (field->rule - field_rules(reader->layout->gives, NULL)) & 1U) == 0) {
            reader->csv.steps[reader->csv.step_count++] = (struct csv_step){
                .column = columns[0],
                .second_column = columns[1],
                .index = i,
                .decode = decoder_step(&reader->decoder, plan, i),
            };
        }
    }
    return STATUS_OK;
}

enum status
csv_reader_begin(struct reader *reader, const char *bytes, size_t length, struct error_detail *err)
{
    enum status status = csv_scanner_init(&reader->csv.scanner, reader->layout->csv, bytes, length, err);
    if (status == STATUS_OK) {
        status =
            decoder_prepare(&reader->decoder, line_plan(reader), (union line_pointer){.any = &reader->prototype}, err);
    }
    for (unsigned i = 0; status == STATUS_OK && i < reader->layout->skip_lines; i++) {
        (void)csv_scanner_skip_line(&reader->csv.scanner);
    }
    if (status != STATUS_OK || !reader->layout->has_header) {
        return status;
    }
    bool has_record = false;
    status = csv_scanner_next(&reader->csv.scanner, &reader->csv.record, &has_record, err);
    if (status == STATUS_OK && !has_record) {
        error_set_at(err, reader->csv.scanner.line, 1, "statement_incomplete",
                     "明細ファイル不完全: 見出しの行がありません。送付元から受け取り直してください。");
        return STATUS_INVALID;
    }
    return status == STATUS_OK ? learn_columns(reader, err) : status;
}

/* The bytes of one column of the current record. */
static inline enum status
take_column(struct reader *reader, uint32_t column, struct text_view *out, struct error_detail *err)
{
    *out = csv_record_field(&reader->csv.record, reader->layout->csv.quote, column);
    return reader->csv.record.has_doubled_quotes ? undouble(reader, out, err) : STATUS_OK;
}

/* Two columns as one text with a space between. */
static enum status
join_columns(struct reader *reader, const struct csv_step *step, char joined[COLUMN_TEXT_MAX_BYTES],
             struct text_view *out, struct error_detail *err)
{
    struct text_view first, second;
    enum status status = take_column(reader, step->column, &first, err);
    if (status == STATUS_OK) {
        status = take_column(reader, step->second_column, &second, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    *out = first;
    if (first.length + 1 + second.length <= COLUMN_TEXT_MAX_BYTES) { /* otherwise too long to be a date in any case */
        memcpy(joined, first.at, first.length);
        joined[first.length] = ' ';
        memcpy(joined + first.length + 1, second.at, second.length);
        bool is_empty = first.length == 0 && second.length == 0;
        *out = (struct text_view){joined, is_empty ? 0 : first.length + 1 + second.length};
    }
    return STATUS_OK;
}

static enum status
decode_step(struct reader *reader, const struct csv_step *step, union line_pointer line, struct error_detail *err)
{
    char joined[COLUMN_TEXT_MAX_BYTES]; /* for dates only, which are not kept as text */
    struct text_view text;
    enum status status = step->second_column != CSV_NO_COLUMN ? join_columns(reader, step, joined, &text, err)
                                                              : take_column(reader, step->column, &text, err);
    if (status == STATUS_OK) {
        status = decoder_read_field(&reader->decoder, line_plan(reader), step->index, text, line, err);
    }
    if (status != STATUS_OK && err != NULL) {
        struct text_view field = csv_record_field(&reader->csv.record, reader->layout->csv.quote, step->column);
        csv_record_place(&reader->csv.record, field.at, &err->line, &err->column);
    }
    return status;
}

/* *OUT_IS_IGNORED: the line's kind says that it is not to be given, and nothing else of it was read. */
static enum status
decode_record(struct reader *reader, union line_pointer line, bool *out_is_ignored, struct error_detail *err)
{
    for (unsigned i = 0; i < reader->csv.step_count; i++) {
        const struct csv_step *step = &reader->csv.steps[i];
        enum status status = decode_step(reader, step, line, err);
        if (status != STATUS_OK) {
            return status;
        }
        if (step->decode.type == FIELD_STATEMENT_KIND && decoder_is_ignored(&reader->decoder, line)) {
            *out_is_ignored = true;
            return STATUS_OK;
        }
    }
    decoder_finish_line(&reader->decoder, line_plan(reader), line);
    return STATUS_OK;
}

static bool
is_trailer(const struct reader *reader)
{
    const struct record_plan *plan = trailer_plan(reader);
    const struct csv_record *record = &reader->csv.record;
    if (plan == NULL || plan->selectors[0].place.column >= record->field_count) {
        return false;
    }
    struct text_view field = csv_record_field(record, reader->layout->csv.quote, plan->selectors[0].place.column);
    return text_view_equals(field, plan->selectors[0].text);
}

static enum status
check_trailer(struct reader *reader, struct error_detail *err)
{
    const struct record_plan *plan = trailer_plan(reader);
    const struct csv_record *record = &reader->csv.record;
    for (unsigned i = 0; i < plan->check_count; i++) {
        uint32_t column = plan->checks[i].place.column;
        if (column >= record->field_count) {
            return refuse_at(
                record, record->start + record->length, "statement_incomplete",
                "明細ファイル不完全: 合計行の途中でファイルが切れています。送付元から受け取り直してください。", err);
        }
        struct text_view figure = csv_record_field(record, reader->layout->csv.quote, column);
        enum status status = tally_check(&reader->tally, TALLY_FILE, &plan->checks[i], figure, err);
        if (status != STATUS_OK && err != NULL) {
            csv_record_place(record, figure.at, &err->line, &err->column);
        }
        if (status != STATUS_OK) {
            return status;
        }
    }
    reader->csv.has_trailer = true;
    return STATUS_OK;
}

static enum status
finish(struct reader *reader, bool *out_has_line, struct error_detail *err)
{
    if (trailer_plan(reader) != NULL && !reader->csv.has_trailer) {
        error_set_at(
            err, reader->csv.scanner.line, 1, "statement_incomplete",
            "明細ファイル不完全: 最後の合計行がありません。途中で切れたファイルです。送付元から受け取り直してください。"
            "何も取り込んでいません。");
        return STATUS_INVALID;
    }
    *out_has_line = false;
    return STATUS_OK;
}

/* The current record has as many columns as the others; the first one of a file without header sets how many. */
static enum status
check_width(struct reader *reader, struct error_detail *err)
{
    const struct csv_record *record = &reader->csv.record;
    if (reader->csv.width == 0) {
        return learn_columns(reader, err);
    }
    if (record->field_count != reader->csv.width) {
        uint32_t last = record->field_count < reader->csv.width ? record->field_count : reader->csv.width;
        unsigned line, column;
        csv_record_place(record, record->base + record->ends[last - 1], &line, &column);
        error_set_at(err, line, column, "statement_columns",
                     "列の数が %u です（この形式では %u です）。項目の中の区切り文字か、欠けた項目を直してください。",
                     record->field_count, reader->csv.width);
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

enum status
csv_reader_next(struct reader *reader, union line_pointer line, bool *out_has_line, struct error_detail *err)
{
    for (;;) {
        bool has_record = false;
        struct csv_record *record = &reader->csv.record;
        enum status status = csv_scanner_next(&reader->csv.scanner, record, &has_record, err);
        if (status == STATUS_OK && !has_record) {
            return finish(reader, out_has_line, err);
        }
        if (status == STATUS_OK && reader->csv.has_trailer) {
            return refuse_at(
                record, record->start, "statement_incomplete",
                "明細ファイル不完全: 合計行の後に行があります。二つのファイルがつながっていないか確かめてください。",
                err);
        }
        reader->tally.records++;
        if (status == STATUS_OK && is_trailer(reader)) {
            status = check_trailer(reader, err);
            if (status != STATUS_OK) {
                return status;
            }
            continue;
        }
        bool is_ignored = false;
        if (status == STATUS_OK) {
            status = check_width(reader, err);
        }
        if (status == STATUS_OK) {
            reader_copy_prototype(reader, line);
            line.statement->line = record->line; /* first member of either kind of line */
            status = decode_record(reader, line, &is_ignored, err);
        }
        if (status == STATUS_OK) {
            status = reader_count(reader, line, err);
        }
        if (status != STATUS_OK || !is_ignored) {
            *out_has_line = status == STATUS_OK;
            return status;
        }
    }
}
