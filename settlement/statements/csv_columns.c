/* Which column of a CSV file each place of its layout is, learnt from the header. */
#include "settlement/statements/reader_state.h"

/* FIELD without doubled quotes: itself, or a copy. */
enum status
csv_undouble(struct reader *reader, struct text_view *field, struct error_detail *err)
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

/* Whether HEADER is one of the names of the column at PLACE. */
static bool
is_called(const struct place *place, struct text_view header)
{
    bool is_it = text_view_equals(header, place->header);
    for (unsigned i = 0; i < place->alias_count; i++) {
        is_it = is_it || text_view_equals(header, place->aliases[i]);
    }
    return is_it;
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
            enum status status = csv_undouble(reader, &header, err);
            if (status != STATUS_OK) {
                return status;
            }
        }
        if (!is_called(wanted, header)) {
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

/* *OUT: CSV_NO_COLUMN when the file lacks it and may. */
static enum status
find_column(struct reader *reader, const struct place *place, bool may_lack, uint32_t *out, struct error_detail *err)
{
    uint32_t column = place->column;
    if (column == PLACE_BY_HEADER) {
        enum status status = find_header(reader, place, &column, err);
        if (status != STATUS_OK) {
            return status;
        }
    } else if (!reader->layout->has_kinds && column >= reader->csv.width) { /* records of kinds have their own widths */
        column = CSV_NO_COLUMN;
    }
    if (column == CSV_NO_COLUMN && !may_lack) {
        return refuse_header(reader, place, err);
    }
    *out = column;
    return STATUS_OK;
}

static enum status
learn_field(struct reader *reader, const struct record_plan *plan, unsigned index, struct csv_columns *columns,
            struct error_detail *err)
{
    const struct field_plan *field = &plan->fields[index];
    struct csv_step step = {.index = index, .decode = decoder_step(&reader->decoder, plan, index)};
    bool is_there = field->place_count > 0;
    for (unsigned i = 0; i < field->place_count; i++) {
        uint32_t column = CSV_NO_COLUMN;
        enum status status = find_column(reader, &field->places[i], field->may_lack_column, &column, err);
        if (status != STATUS_OK) {
            return status;
        }
        is_there = is_there && column != CSV_NO_COLUMN;
        if (i == 0) {
            step.column = column;
        } else {
            step.more_columns[i - 1] = column;
        }
    }
    reader->csv.are_plain = reader->csv.are_plain && (field->place_count == 0 || field->is_plain);
    bool is_ignored = (reader->ignored_fields >> (field->rule - field_rules(reader->layout->gives, NULL)) & 1U) != 0;
    if (is_there && !is_ignored) {
        columns->steps[columns->step_count++] = step;
    }
    return STATUS_OK;
}

static enum status
learn_record(struct reader *reader, const struct record_plan *plan, struct csv_columns *columns,
             struct error_detail *err)
{
    enum status status = STATUS_OK;
    for (unsigned i = 0; status == STATUS_OK && i < plan->field_count; i++) {
        status = learn_field(reader, plan, i, columns, err);
    }
    for (unsigned i = 0; status == STATUS_OK && i < plan->selector_count; i++) {
        status = find_column(reader, &plan->selectors[i].place, /* may_lack= */ false, &columns->selectors[i], err);
    }
    for (unsigned i = 0; status == STATUS_OK && i < plan->check_count; i++) {
        for (unsigned k = 0; status == STATUS_OK && k < plan->checks[i].place_count; k++) {
            status =
                find_column(reader, &plan->checks[i].places[k], /* may_lack= */ false, &columns->checks[i][k], err);
        }
    }
    return status;
}

enum status
csv_learn_columns(struct reader *reader, struct error_detail *err)
{
    const struct layout *layout = reader->layout;
    enum status status = STATUS_OK;
    reader->csv.width = reader->csv.record.field_count;
    reader->csv.are_known = true;
    reader->csv.are_plain = layout->gives == LAYOUT_GIVES_STATEMENT && !layout->has_kinds && !layout->checks_fees;
    /* The trailer of a layout without kinds has its own columns, by number. */
    unsigned count = layout->has_kinds ? layout->record_count : 1;
    for (unsigned i = 0; status == STATUS_OK && i < count; i++) {
        status = learn_record(reader, &layout->records[i], &reader->csv.columns[i], err);
    }
    return status;
}
