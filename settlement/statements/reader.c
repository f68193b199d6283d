/* What the two kinds of reader have in common. */
#include "settlement/statements/reader.h"

#include "settlement/statements/reader_state.h"

#include <assert.h>
#include <stdlib.h>

/* Texts that were converted: a hostile file could make every field one. 1 GiB is the kana of five million 全銀 records.
 */
#define READER_ARENA_BYTES ((size_t)1024 * 1024 * 1024)

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
    arena_init(&reader->arena, READER_ARENA_BYTES);
    decoder_init(&reader->decoder, layout, &reader->arena, not_after);
    if (layout->gives == LAYOUT_GIVES_STATEMENT) {
        reader->prototype.statement.accepted_at_ms = INSTANT_ABSENT;
    }
    enum status status = layout->kind == LAYOUT_CSV ? csv_reader_begin(reader, bytes, length, err)
                                                    : fixed_reader_begin(reader, bytes, length, err);
    if (status != STATUS_OK) {
        reader_destroy(reader);
        return status;
    }
    *out = reader;
    return STATUS_OK;
}

void
reader_destroy(struct reader *reader)
{
    if (reader != NULL) {
        arena_finish(&reader->arena);
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
    if (status != STATUS_OK) {
        error_set_at(err, is_bank ? line.bank->line : line.statement->line, 1, "statement_field",
                     "金額の合計が扱える範囲を超えました。桁がずれていないか確かめてください。");
    }
    return status;
}

static enum status
next_line(struct reader *reader, union line_pointer line, bool *out_has_line, struct error_detail *err)
{
    return reader->layout->kind == LAYOUT_CSV ? csv_reader_next(reader, line, out_has_line, err)
                                              : fixed_reader_next(reader, line, out_has_line, err);
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
    for (unsigned i = 0; i < reader->csv.step_count; i++) {
        const struct csv_step step = reader->csv.steps[i];
        if (strcmp(step.decode.plan->rule->name, name) != 0) {
            reader->csv.steps[kept++] = step;
        }
    }
    reader->csv.step_count = kept;
}

const struct text_view *
reader_brands(const struct reader *reader, size_t *out_count)
{
    *out_count = reader->decoder.brands.count;
    return reader->decoder.brands.names;
}
