/* Lines from a fixed-width file; record_flow knows the order of its records. */
#include "settlement/statements/reader_state.h"

enum status
fixed_reader_begin(struct reader *reader, const char *bytes, size_t length, struct error_detail *err)
{
    record_flow_begin(&reader->flow, reader->layout);
    return fixed_scanner_init(&reader->fixed.scanner, reader->layout, bytes, length, err);
}

/* Whether one of SELECTOR's words stands in RECORD. */
static bool
is_selected(const struct record_selector *selector, const char *record)
{
    for (unsigned i = 0; i < selector->text_count; i++) {
        if (memcmp(record + selector->place.offset, selector->texts[i].at, selector->texts[i].length) == 0) {
            return true;
        }
    }
    return false;
}

static const struct record_plan *
find_plan(const struct layout *layout, const char *record)
{
    for (unsigned i = 0; i < layout->record_count; i++) {
        const struct record_plan *plan = &layout->records[i];
        bool is_meant = true;
        for (unsigned k = 0; k < plan->selector_count && is_meant; k++) {
            is_meant = is_selected(&plan->selectors[k], record);
        }
        if (is_meant) {
            return plan;
        }
    }
    return NULL;
}

/* TEXT without the spaces that fill it up. Numbers are filled with zeros instead: in them a space is damage, unless
 * there is nothing else. */
static struct text_view
trim(const struct field_plan *field, struct text_view text)
{
    size_t length = text.length;
    while (length > 0 && text.at[length - 1] == ' ') {
        length--;
    }
    bool is_number = field->rule->type == FIELD_YEN && length > 0;
    return (struct text_view){text.at, is_number ? text.length : length};
}

/* An optional date is also absent when it is all zeros, as banks fill what does not apply. */
static bool
is_blank_date(const struct field_plan *field, struct text_view text)
{
    bool is_blank = field->may_be_empty && (field->rule->type == FIELD_DATE || field->rule->type == FIELD_INSTANT);
    for (size_t i = 0; i < text.length && is_blank; i++) {
        is_blank = text.at[i] == '0';
    }
    return is_blank;
}

/* What stands in the places of FIELD. */
static void
take_texts(const struct field_plan *field, const struct fixed_record *record, struct text_view texts[LAYOUT_PLACES_MAX])
{
    for (unsigned i = 0; i < field->place_count; i++) {
        struct text_view text = {record->start + field->places[i].offset, field->places[i].length};
        texts[i] = trim(field, text);
        texts[i].length = is_blank_date(field, texts[i]) ? 0 : texts[i].length;
    }
}

static enum status
decode_record(struct reader *reader, const struct record_plan *plan, const struct fixed_record *record,
              union line_pointer line, bool *out_is_ignored, struct error_detail *err)
{
    enum status status = decoder_prepare(&reader->decoder, plan, line, err);
    if (status != STATUS_OK) {
        return status;
    }
    for (unsigned i = 0; i < plan->field_count && !*out_is_ignored; i++) {
        const struct place *place = &plan->fields[i].places[0];
        if (plan->fields[i].place_count == 0) {
            continue;
        }
        struct text_view texts[LAYOUT_PLACES_MAX];
        take_texts(&plan->fields[i], record, texts);
        status = decoder_read_places(&reader->decoder, plan, i, texts, line, err);
        if (status != STATUS_OK && err != NULL) {
            err->line = record->line;
            err->column = place->offset + 1;
        }
        if (status != STATUS_OK) {
            return status;
        }
        *out_is_ignored = plan->role == RECORD_LINE && i == 0 && decoder_is_ignored(&reader->decoder, line);
    }
    if (plan->role == RECORD_LINE && !*out_is_ignored) {
        decoder_finish_line(&reader->decoder, plan, line);
    }
    return STATUS_OK;
}

static enum status
check_figures(struct reader *reader, const struct record_plan *plan, const struct fixed_record *record,
              struct error_detail *err)
{
    struct text_view figures[LAYOUT_CHECKS_MAX][2];
    for (unsigned i = 0; i < plan->check_count; i++) {
        for (unsigned k = 0; k < plan->checks[i].place_count; k++) {
            const struct place *place = &plan->checks[i].places[k];
            figures[i][k] = (struct text_view){record->start + place->offset, place->length};
        }
    }
    unsigned bad = 0;
    enum status status = record_flow_check(&reader->flow, &reader->tally, plan, record->line,
                                           (const struct text_view(*)[2])figures, &bad, err);
    if (status != STATUS_OK && err != NULL) {
        err->line = record->line;
        err->column = plan->checks[bad].places[0].offset + 1;
    }
    return status;
}

/* The places of field INDEX, for reader_take_fault. */
static bool
fixed_text_of(struct reader *reader, const struct record_plan *plan, unsigned index, const void *record,
              struct text_view texts[LAYOUT_PLACES_MAX])
{
    (void)reader;
    take_texts(&plan->fields[index], record, texts);
    return true;
}

static enum status
take_line(struct reader *reader, const struct record_plan *plan, const struct fixed_record *record,
          union line_pointer line, bool *out_has_line, struct error_detail *err)
{
    bool is_ignored = false;
    struct error_detail fault = {0};
    reader_copy_prototype(reader, line);
    line.statement->line = record->line; /* first member of either kind of line */
    enum status status = decode_record(reader, plan, record, line, &is_ignored, &fault);
    if (status == STATUS_INVALID) {
        struct text_view raw = {record->start, reader->layout->record_length};
        return reader_take_fault(reader, plan, line, fixed_text_of, record, &fault, raw, err);
    }
    if (status == STATUS_OK) {
        status = reader_count(reader, line, &fault);
    }
    if (status != STATUS_OK && err != NULL) {
        *err = fault;
    }
    *out_has_line = status == STATUS_OK && !is_ignored;
    return status;
}

/* Do what RECORD asks for. */
static enum status
take_record(struct reader *reader, const struct fixed_record *record, union line_pointer line, bool *out_has_line,
            struct error_detail *err)
{
    const struct record_plan *plan = find_plan(reader->layout, record->start);
    if (plan == NULL) {
        error_set_at(err, record->line, 1, "statement_record",
                     "「%c」で始まるこのレコードは書式にありません。別の種類のファイルでないか確かめてください。",
                     (unsigned char)record->start[0] < 0x7F ? record->start[0] : '?');
        return STATUS_INVALID;
    }
    enum status status = record_flow_take(&reader->flow, &reader->tally, plan->role, record->line, err);
    if (status != STATUS_OK) {
        return status;
    }
    bool is_ignored = false;
    switch (plan->role) {
    case RECORD_HEADER:
        reader_begin_header(reader);
        status = decode_record(reader, plan, record, (union line_pointer){.any = &reader->prototype}, &is_ignored, err);
        reader_end_header(reader);
        return status;
    case RECORD_LINE:
        return take_line(reader, plan, record, line, out_has_line, err);
    case RECORD_TRAILER:
    case RECORD_END:
    case RECORD_TOTALS:
        return check_figures(reader, plan, record, err);
    case RECORD_SKIP:
        return STATUS_OK;
    }
    return STATUS_OK;
}

enum status
fixed_reader_next(struct reader *reader, union line_pointer line, bool *out_has_line, struct error_detail *err)
{
    for (;;) {
        struct fixed_record record;
        bool has_record = false;
        enum status status = fixed_scanner_next(&reader->fixed.scanner, &record, &has_record, err);
        if (status != STATUS_OK) {
            return status;
        }
        *out_has_line = false;
        if (!has_record) {
            return record_flow_finish(&reader->flow, &reader->tally, reader->layout, reader->fixed.scanner.line, err);
        }
        status = take_record(reader, &record, line, out_has_line, err);
        if (status != STATUS_OK || *out_has_line) {
            return status;
        }
    }
}
