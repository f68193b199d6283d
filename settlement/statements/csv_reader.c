/* Lines from a CSV file, one by one and with care: header, lines, trailer, or records of several kinds. csv_quick.c
 * takes what is plain. */
#include "settlement/statements/reader_state.h"

static const struct record_plan *
trailer_plan(const struct reader *reader)
{
    return !reader->layout->has_kinds && reader->layout->record_count > 1 ? &reader->layout->records[1] : NULL;
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

enum status
csv_reader_begin(struct reader *reader, const char *bytes, size_t length, struct error_detail *err)
{
    const struct layout *layout = reader->layout;
    enum status status = csv_scanner_init(&reader->csv.scanner, layout->csv, bytes, length, err);
    record_flow_begin(&reader->flow, layout);
    if (status == STATUS_OK && !layout->has_kinds) {
        status = decoder_prepare(&reader->decoder, &layout->records[0], (union line_pointer){.any = &reader->prototype},
                                 err);
    }
    for (unsigned i = 0; status == STATUS_OK && i < layout->skip_lines; i++) {
        (void)csv_scanner_skip_line(&reader->csv.scanner);
    }
    if (status != STATUS_OK || !layout->has_header) {
        return status;
    }
    bool has_record = false;
    status = csv_scanner_next(&reader->csv.scanner, &reader->csv.record, &has_record, err);
    if (status == STATUS_OK && !has_record) {
        error_set_at(err, reader->csv.scanner.line, 1, "statement_incomplete",
                     "明細ファイル不完全: 見出しの行がありません。送付元から受け取り直してください。");
        return STATUS_INVALID;
    }
    return status == STATUS_OK ? csv_learn_columns(reader, err) : status;
}

/* The bytes of one column of the current record, without what every value begins with. */
static inline enum status
take_column(struct reader *reader, uint32_t column, struct text_view *out, struct error_detail *err)
{
    *out = csv_record_field(&reader->csv.record, reader->layout->csv.quote, column);
    struct text_view prefix = reader->layout->prefix;
    if (prefix.length > 0 && out->length >= prefix.length && memcmp(out->at, prefix.at, prefix.length) == 0) {
        *out = (struct text_view){out->at + prefix.length, out->length - prefix.length};
    }
    return reader->csv.record.has_doubled_quotes ? csv_undouble(reader, out, err) : STATUS_OK;
}

/* The same, or a fault when the record is too short for it. */
static enum status
take_place(struct reader *reader, uint32_t column, struct text_view *out, struct error_detail *err)
{
    const struct csv_record *record = &reader->csv.record;
    if (column < record->field_count) {
        return take_column(reader, column, out, err);
    }
    error_set(err, "statement_columns", "列の数が %u で、%u 列目がありません。欠けた項目がないか確かめてください。",
              record->field_count, column + 1);
    return STATUS_INVALID;
}

/* The texts of all places of the field of STEP. */
static enum status
take_places(struct reader *reader, const struct record_plan *plan, const struct csv_step *step,
            struct text_view texts[LAYOUT_PLACES_MAX], struct error_detail *err)
{
    enum status status = take_place(reader, step->column, &texts[0], err);
    for (unsigned i = 1; status == STATUS_OK && i < plan->fields[step->index].place_count; i++) {
        status = take_place(reader, step->more_columns[i - 1], &texts[i], err);
    }
    return status;
}

static enum status
decode_step(struct reader *reader, const struct record_plan *plan, const struct csv_step *step, union line_pointer line,
            struct error_detail *err)
{
    struct text_view texts[LAYOUT_PLACES_MAX];
    enum status status = take_places(reader, plan, step, texts, err);
    if (status == STATUS_OK) {
        status = decoder_read_places(&reader->decoder, plan, step->index, texts, line, err);
    }
    if (status != STATUS_OK && err != NULL) {
        const struct csv_record *record = &reader->csv.record;
        uint32_t column = step->column < record->field_count ? step->column : record->field_count - 1;
        struct text_view field = csv_record_field(record, reader->layout->csv.quote, column);
        csv_record_place(record, field.at, &err->line, &err->column);
    }
    return status;
}

/* *OUT_IS_IGNORED: the line's kind says that it is not to be given, and nothing else of it was read. */
static enum status
decode_record(struct reader *reader, unsigned index, union line_pointer line, bool *out_is_ignored,
              struct error_detail *err)
{
    const struct record_plan *plan = &reader->layout->records[index];
    const struct csv_columns *columns = &reader->csv.columns[index];
    for (unsigned i = 0; i < columns->step_count; i++) {
        const struct csv_step *step = &columns->steps[i];
        enum status status = decode_step(reader, plan, step, line, err);
        if (status != STATUS_OK) {
            return status;
        }
        if (step->decode.type == FIELD_STATEMENT_KIND && decoder_is_ignored(&reader->decoder, line)) {
            *out_is_ignored = true;
            return STATUS_OK;
        }
    }
    if (plan->role == RECORD_LINE) {
        decoder_finish_line(&reader->decoder, plan, line);
    }
    return STATUS_OK;
}

/* The places of field INDEX in the current record, for reader_take_fault. */
static bool
csv_text_of(struct reader *reader, const struct record_plan *plan, unsigned index, const void *record,
            struct text_view texts[LAYOUT_PLACES_MAX])
{
    (void)record;
    const struct csv_columns *columns = &reader->csv.columns[plan - reader->layout->records];
    bool has_width = reader->layout->has_kinds || reader->csv.record.field_count == reader->csv.width;
    for (unsigned i = 0; has_width && i < columns->step_count; i++) {
        if (columns->steps[i].index == index) {
            return take_places(reader, plan, &columns->steps[i], texts, NULL) == STATUS_OK;
        }
    }
    return false;
}

/* The current record of plan INDEX cannot be read, because of FAULT. */
static enum status
take_fault(struct reader *reader, const struct record_plan *plan, union line_pointer line,
           const struct error_detail *fault, struct error_detail *err)
{
    struct text_view raw = {reader->csv.record.start, reader->csv.record.length};
    return reader_take_fault(reader, plan, line, csv_text_of, NULL, fault, raw, err);
}

/* Hold the figures of the current record against the tally. */
static enum status
check_figures(struct reader *reader, const struct record_plan *plan, const uint32_t (*columns)[2],
              struct error_detail *err)
{
    const struct csv_record *record = &reader->csv.record;
    struct text_view figures[LAYOUT_CHECKS_MAX][2];
    for (unsigned i = 0; i < plan->check_count; i++) {
        for (unsigned k = 0; k < plan->checks[i].place_count; k++) {
            if (columns[i][k] >= record->field_count) {
                return refuse_at(
                    record, record->start + record->length, "statement_incomplete",
                    "明細ファイル不完全: 合計行の途中でファイルが切れています。送付元から受け取り直してください。",
                    err);
            }
            enum status status = take_column(reader, columns[i][k], &figures[i][k], err);
            if (status != STATUS_OK) {
                return status;
            }
        }
    }
    unsigned bad = 0;
    enum status status = record_flow_check(&reader->flow, &reader->tally, plan, record->line,
                                           (const struct text_view(*)[2])figures, &bad, err);
    if (status != STATUS_OK && err != NULL) {
        csv_record_place(record, csv_record_field(record, reader->layout->csv.quote, columns[bad][0]).at, &err->line,
                         &err->column);
    }
    return status;
}

static bool
is_selected(struct reader *reader, const struct record_selector *selector, uint32_t column)
{
    struct text_view field;
    if (column >= reader->csv.record.field_count || take_column(reader, column, &field, NULL) != STATUS_OK) {
        return false;
    }
    for (unsigned i = 0; i < selector->text_count; i++) {
        if (text_view_equals(field, selector->texts[i])) {
            return true;
        }
    }
    return false;
}

/* The trailer of a layout without kinds: its words, and perhaps further down its figures. *OUT_IS_IT: the record
 * belongs to it. */
static enum status
take_trailer(struct reader *reader, bool *out_is_it, struct error_detail *err)
{
    const struct record_plan *plan = trailer_plan(reader);
    *out_is_it = reader->csv.below > 0 ||
                 (plan != NULL && is_selected(reader, &plan->selectors[0], plan->selectors[0].place.column));
    if (!*out_is_it) {
        return STATUS_OK;
    }
    if (reader->csv.below == 0 && plan->below > 0) {
        reader->csv.below = plan->below;
        return STATUS_OK;
    }
    if (reader->csv.below > 1) {
        reader->csv.below--;
        return STATUS_OK;
    }
    uint32_t columns[LAYOUT_CHECKS_MAX][2];
    for (unsigned i = 0; i < plan->check_count; i++) {
        columns[i][0] = plan->checks[i].places[0].column;
        columns[i][1] = plan->checks[i].places[1].column;
    }
    reader->csv.below = 0;
    reader->csv.has_trailer = true;
    return check_figures(reader, plan, (const uint32_t(*)[2])columns, err);
}

static enum status
finish(struct reader *reader, bool *out_has_line, struct error_detail *err)
{
    *out_has_line = false;
    if (reader->layout->has_kinds) {
        return record_flow_finish(&reader->flow, &reader->tally, reader->layout, reader->csv.scanner.line, err);
    }
    if (trailer_plan(reader) != NULL && !reader->csv.has_trailer) {
        error_set_at(
            err, reader->csv.scanner.line, 1, "statement_incomplete",
            "明細ファイル不完全: 最後の合計行がありません。途中で切れたファイルです。送付元から受け取り直してください。"
            "何も取り込んでいません。");
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

/* The current record has as many columns as the others. */
static enum status
check_width(struct reader *reader, struct error_detail *err)
{
    const struct csv_record *record = &reader->csv.record;
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

/* The current record as a line of plan INDEX. */
static enum status
take_line(struct reader *reader, unsigned index, union line_pointer line, bool *out_has_line, struct error_detail *err)
{
    const struct record_plan *plan = &reader->layout->records[index];
    struct error_detail fault = {0};
    bool is_ignored = false;
    reader_copy_prototype(reader, line);
    line.statement->line = reader->csv.record.line; /* first member of either kind of line */
    enum status status =
        reader->layout->has_kinds ? decoder_prepare(&reader->decoder, plan, line, &fault) : check_width(reader, &fault);
    if (status == STATUS_OK) {
        status = decode_record(reader, index, line, &is_ignored, &fault);
    }
    if (status == STATUS_INVALID) {
        return take_fault(reader, plan, line, &fault, err);
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

/* The current record of a layout without kinds. */
static enum status
take_plain(struct reader *reader, union line_pointer line, bool *out_has_line, struct error_detail *err)
{
    const struct csv_record *record = &reader->csv.record;
    bool is_trailer = false;
    if (reader->csv.has_trailer) {
        return refuse_at(
            record, record->start, "statement_incomplete",
            "明細ファイル不完全: 合計行の後に行があります。二つのファイルがつながっていないか確かめてください。", err);
    }
    reader->tally.records++;
    enum status status = take_trailer(reader, &is_trailer, err);
    if (status != STATUS_OK || is_trailer) {
        return status;
    }
    if (!reader->csv.are_known) { /* without a header, the first line sets the width */
        status = csv_learn_columns(reader, err);
    }
    return status == STATUS_OK ? take_line(reader, 0, line, out_has_line, err) : status;
}

static int
find_kind(struct reader *reader)
{
    for (unsigned i = 0; i < reader->layout->record_count; i++) {
        const struct record_plan *plan = &reader->layout->records[i];
        bool is_meant = true;
        for (unsigned k = 0; k < plan->selector_count && is_meant; k++) {
            is_meant = is_selected(reader, &plan->selectors[k], reader->csv.columns[i].selectors[k]);
        }
        if (is_meant) {
            return (int)i;
        }
    }
    return -1;
}

/* The current record of a layout with kinds. */
static enum status
take_kind(struct reader *reader, union line_pointer line, bool *out_has_line, struct error_detail *err)
{
    const struct csv_record *record = &reader->csv.record;
    enum status status = reader->csv.are_known ? STATUS_OK : csv_learn_columns(reader, err);
    if (status != STATUS_OK) {
        return status;
    }
    int index = find_kind(reader);
    if (index < 0) {
        struct error_detail fault = {0};
        (void)refuse_at(record, record->start, "statement_record",
                        "この種類の行は書式にありません。意味を確かめて書式の records に加えてください。", &fault);
        reader->tally.records++;
        return take_fault(reader, NULL, line, &fault, err);
    }
    const struct record_plan *plan = &reader->layout->records[index];
    status = record_flow_take(&reader->flow, &reader->tally, plan->role, record->line, err);
    if (status != STATUS_OK) {
        return status;
    }
    bool is_ignored = false;
    union line_pointer prototype = {.any = &reader->prototype};
    switch (plan->role) {
    case RECORD_HEADER:
        reader_begin_header(reader);
        status = decoder_prepare(&reader->decoder, plan, prototype, err);
        status = status == STATUS_OK ? decode_record(reader, (unsigned)index, prototype, &is_ignored, err) : status;
        reader_end_header(reader);
        return status;
    case RECORD_LINE:
        return take_line(reader, (unsigned)index, line, out_has_line, err);
    case RECORD_TRAILER:
    case RECORD_END:
    case RECORD_TOTALS:
        return check_figures(reader, plan, (const uint32_t(*)[2])reader->csv.columns[index].checks, err);
    case RECORD_SKIP:
        return STATUS_OK;
    }
    return STATUS_OK;
}

enum status
csv_reader_next(struct reader *reader, union line_pointer line, bool *out_has_line, struct error_detail *err)
{
    for (;;) {
        bool has_record = false;
        *out_has_line = false;
        enum status status = csv_scanner_next(&reader->csv.scanner, &reader->csv.record, &has_record, err);
        if (status == STATUS_OK && !has_record) {
            return finish(reader, out_has_line, err);
        }
        if (status == STATUS_OK) {
            status = reader->layout->has_kinds ? take_kind(reader, line, out_has_line, err)
                                               : take_plain(reader, line, out_has_line, err);
        }
        if (status != STATUS_OK || *out_has_line) {
            return status;
        }
    }
}
