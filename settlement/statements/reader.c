/* What the two kinds of reader have in common. */
#include "settlement/statements/reader.h"

#include "settlement/statements/reader_state.h"
#include "settlement/statements/utf16.h"

#include <assert.h>
#include <stdlib.h>

/* Texts that were converted: a hostile file could make every field one. 1 GiB is the kana of five million 全銀 records.
 */
#define READER_ARENA_BYTES ((size_t)1024 * 1024 * 1024)
#define READER_NAMES_BYTES ((size_t)64 * 1024 * 1024) /* 1,024 brands of at most 64 KiB, and headers */

static enum status
begin(struct reader *reader, const char *bytes, size_t length, struct error_detail *err)
{
    switch (reader->layout->kind) {
    case LAYOUT_CSV:
        return csv_reader_begin(reader, bytes, length, err);
    case LAYOUT_FIXED:
        return fixed_reader_begin(reader, bytes, length, err);
    case LAYOUT_XML:
        return xml_reader_begin(reader, bytes, length, err);
    }
    return STATUS_INVALID;
}

/* As begin, for a file that has to be turned into UTF-8 first. */
static enum status
begin_utf16(struct reader *reader, const char *bytes, size_t length, struct error_detail *err)
{
    if (length > READER_UTF16_MAX_BYTES) {
        error_set(err, "statement_too_long", "UTF-16 のファイルは %d MiB までです。UTF-8 で受け取ってください。",
                  READER_UTF16_MAX_BYTES / 1024 / 1024);
        return STATUS_OVERFLOW;
    }
    size_t converted_length = 0;
    enum status status = utf16_to_utf8(bytes, length, &reader->converted, &converted_length, err);
    reader->start = reader->converted;
    return status == STATUS_OK ? begin(reader, reader->converted, converted_length, err) : status;
}

enum status
reader_create(struct reader **out, const struct layout *layout, const void *bytes, size_t length,
              struct civil_date not_after, struct error_detail *err)
{
    assert(layout != NULL);
    assert(bytes != NULL || length == 0);

    if (length == 0) {
        error_set_at(err, 1, 1, "statement_incomplete",
                     "明細ファイル不完全: ファイルが空です。送付元から受け取り直してください。");
        return STATUS_INVALID;
    }
    struct reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL) {
        return STATUS_NO_MEMORY;
    }
    reader->layout = layout;
    reader->start = bytes;
    arena_init(&reader->arena, READER_ARENA_BYTES);
    arena_init(&reader->names, READER_NAMES_BYTES);
    decoder_init(&reader->decoder, layout, &reader->arena, &reader->names, not_after);
    if (layout->gives == LAYOUT_GIVES_STATEMENT) {
        reader->prototype.statement.accepted_at_ms = INSTANT_ABSENT;
    }
    enum status status = layout->is_utf16 ? begin_utf16(reader, bytes, length, err) : begin(reader, bytes, length, err);
    if (status != STATUS_OK) {
        reader_destroy(reader);
        return status;
    }
    *out = reader;
    return STATUS_OK;
}

void
reader_end_header(struct reader *reader)
{
    reader->decoder.arena = &reader->arena;
    if (reader->layout->gives != LAYOUT_GIVES_BANK) {
        return;
    }
    const struct civil_date from = reader->prototype.bank.covers_from;
    const struct civil_date to = reader->prototype.bank.covers_to;
    if (from.year != 0 && (reader->covers_from.year == 0 || civil_date_compare(from, reader->covers_from) < 0)) {
        reader->covers_from = from;
    }
    if (to.year != 0 && (reader->covers_to.year == 0 || civil_date_compare(to, reader->covers_to) > 0)) {
        reader->covers_to = to;
    }
}

void
reader_covers(const struct reader *reader, struct civil_date *out_from, struct civil_date *out_to)
{
    *out_from = reader->covers_from;
    *out_to = reader->covers_to;
}

void
reader_destroy(struct reader *reader)
{
    if (reader != NULL) {
        xml_reader_finish(reader);
        arena_finish(&reader->arena);
        arena_finish(&reader->names);
        free(reader->converted);
        free(reader);
    }
}

enum status
reader_count(struct reader *reader, union line_pointer line, struct error_detail *err)
{
    bool is_bank = reader->layout->gives == LAYOUT_GIVES_BANK;
    unsigned class = is_bank ? (unsigned)line.bank->direction : (unsigned)line.statement->kind;
    int64_t amount_yen = is_bank ? line.bank->amount_yen : line.statement->amount_yen;
    enum status status = tally_add(&reader->tally, class, amount_yen);
    if (status == STATUS_OK && reader->layout->checks_fees && !is_bank) {
        status = tally_add_fee(&reader->tally, class, line.statement->fee_yen);
    }
    if (status != STATUS_OK) {
        error_set_at(err, is_bank ? line.bank->line : line.statement->line, 1, "statement_field",
                     "金額の合計が扱える範囲を超えました。桁がずれていないか確かめてください。");
    }
    return status;
}

static enum status
next_line(struct reader *reader, union line_pointer line, bool *out_has_line, struct error_detail *err)
{
    switch (reader->layout->kind) {
    case LAYOUT_CSV:
        return csv_reader_next(reader, line, out_has_line, err);
    case LAYOUT_FIXED:
        return fixed_reader_next(reader, line, out_has_line, err);
    case LAYOUT_XML:
        return xml_reader_next(reader, line, out_has_line, err);
    }
    return STATUS_INVALID;
}

enum status
reader_next_statement(struct reader *reader, struct statement_line *out_line, bool *out_has_line,
                      struct error_detail *err)
{
    assert(reader->layout->gives == LAYOUT_GIVES_STATEMENT);

    union line_pointer line = {.statement = out_line};
    return next_line(reader, line, out_has_line, err);
}

enum status
reader_next_bank(struct reader *reader, struct bank_line *out_line, bool *out_has_line, struct error_detail *err)
{
    assert(reader->layout->gives == LAYOUT_GIVES_BANK);

    union line_pointer line = {.bank = out_line};
    return next_line(reader, line, out_has_line, err);
}

enum status
reader_next_statements(struct reader *reader, struct statement_line *lines, size_t capacity, size_t *out_count,
                       struct error_detail *err)
{
    assert(reader->layout->gives == LAYOUT_GIVES_STATEMENT);
    assert(capacity >= 1);

    *out_count = reader->layout->kind == LAYOUT_CSV ? csv_reader_take_plain(reader, lines, capacity) : 0;
    if (*out_count > 0) {
        return STATUS_OK;
    }
    bool has_line = false;
    enum status status = next_line(reader, (union line_pointer){.statement = lines}, &has_line, err);
    *out_count = has_line ? 1 : 0;
    return status;
}

void
reader_ignore_field(struct reader *reader, const char *name)
{
    size_t count;
    const struct field_rule *rules = field_rules(reader->layout->gives, &count);
    for (size_t i = 0; i < count; i++) {
        reader->ignored_fields |= strcmp(rules[i].name, name) == 0 ? 1U << i : 0U;
    }
    unsigned kept = 0;
    struct csv_columns *columns = &reader->csv.columns[0];
    for (unsigned i = 0; i < columns->step_count; i++) {
        const struct csv_step step = columns->steps[i];
        if (strcmp(step.decode.plan->rule->name, name) != 0) {
            columns->steps[kept++] = step;
        }
    }
    columns->step_count = kept;
}

const struct text_view *
reader_brands(const struct reader *reader, size_t *out_count)
{
    *out_count = reader->decoder.brands.count;
    return reader->decoder.brands.names;
}

void
reader_keep_faults(struct reader *reader, reader_fault_sink sink, void *context)
{
    reader->fault_sink = sink;
    reader->fault_context = context;
}

size_t
reader_position(const struct reader *reader)
{
    switch (reader->layout->kind) {
    case LAYOUT_CSV:
        return (size_t)(reader->csv.scanner.record - reader->start);
    case LAYOUT_FIXED:
        return (size_t)(reader->fixed.scanner.at - reader->start);
    case LAYOUT_XML:
        return xml_reader_position(reader);
    }
    return 0;
}

void
reader_forget_texts(struct reader *reader)
{
    arena_finish(&reader->arena);
    arena_init(&reader->arena, READER_ARENA_BYTES);
}

/* What a faulty line is for the trailer, as far as its kind, amount and fee can be read by themselves. */
static enum status
count_fault(struct reader *reader, const struct record_plan *plan, union line_pointer line, reader_text_of text_of,
            const void *record, struct error_detail *err)
{
    bool has_class = plan != NULL && !plan->has_kind, has_amount = false, has_fee = true;
    for (unsigned i = 0; plan != NULL && i < plan->field_count; i++) {
        const struct field_plan *field = &plan->fields[i];
        bool is_kind = i == 0 && plan->has_kind;
        struct text_view texts[LAYOUT_PLACES_MAX];
        if (!is_kind && field->rule->type != FIELD_YEN) {
            continue;
        }
        bool is_read =
            field->place_count == 0 || (text_of(reader, plan, i, record, texts) &&
                                        decoder_read_places(&reader->decoder, plan, i, texts, line, NULL) == STATUS_OK);
        if (is_kind) {
            has_class = is_read;
        } else if (strcmp(field->rule->name, "amount") == 0) {
            has_amount = is_read && has_class;
        } else {
            has_fee = is_read;
        }
    }
    bool is_bank = reader->layout->gives == LAYOUT_GIVES_BANK;
    if (has_amount) {
        decoder_finish_line(&reader->decoder, plan, line);
    }
    unsigned class = is_bank ? (unsigned)line.bank->direction : (unsigned)line.statement->kind;
    int64_t amount_yen = !has_amount ? 0 : is_bank ? line.bank->amount_yen : line.statement->amount_yen;
    class = has_class && (plan->has_kind || has_amount) ? class : TALLY_UNKNOWN;
    reader->tally.unknown_amounts += has_amount || class == KIND_IGNORED ? 0 : 1;
    reader->tally.unknown_fees += has_fee ? 0 : 1;
    enum status status = tally_add(&reader->tally, class, class == KIND_IGNORED ? 0 : amount_yen);
    if (status == STATUS_OK && reader->layout->checks_fees && !is_bank && has_fee) {
        status = tally_add_fee(&reader->tally, class, line.statement->fee_yen);
    }
    if (status != STATUS_OK) {
        error_set(err, "statement_field", "金額の合計が扱える範囲を超えました。桁がずれていないか確かめてください。");
    }
    return status;
}

enum status
reader_take_fault(struct reader *reader, const struct record_plan *plan, union line_pointer line,
                  reader_text_of text_of, const void *record, const struct error_detail *fault, struct text_view raw,
                  struct error_detail *err)
{
    if (reader->fault_sink == NULL) {
        if (err != NULL) {
            *err = *fault;
        }
        return STATUS_INVALID;
    }
    reader->fault_sink(fault, raw, reader->fault_context);
    if (++reader->fault_count > READER_FAULTS_MAX) {
        error_set_at(err, fault->line, fault->column, "too_many_faults",
                     "読めない行が %d を超えました。別の書式のファイルでないか確かめてください。最後の理由: %s",
                     (int)READER_FAULTS_MAX, fault->message);
        return STATUS_INVALID;
    }
    reader_copy_prototype(reader, line);
    if (plan != NULL && decoder_prepare(&reader->decoder, plan, line, err) != STATUS_OK) {
        return STATUS_INVALID;
    }
    return count_fault(reader, plan, line, text_of, record, err);
}
