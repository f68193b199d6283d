/* Lines from a fixed-width file. The records form groups:
 *
 *   header → line … → trailer   once per account or batch, then   end
 *
 * A layout may lack any of header, trailer and end; what it has, the file must have, in this order. */
#include "settlement/statements/reader_state.h"

static enum status
refuse(uint32_t line, const char *sentence, struct error_detail *err)
{
    error_set_at(err, line, 1, "statement_incomplete", "明細ファイル不完全: %s送付元から受け取り直してください。",
                 sentence);
    return STATUS_INVALID;
}

enum status
fixed_reader_begin(struct reader *reader, const char *bytes, size_t length, struct error_detail *err)
{
    const struct layout *layout = reader->layout;
    enum status status = fixed_scanner_init(&reader->fixed.scanner, layout, bytes, length, err);
    for (unsigned i = 0; i < layout->record_count; i++) {
        reader->fixed.has_role[layout->records[i].role] = true;
    }
    reader->fixed.is_open = !reader->fixed.has_role[RECORD_HEADER];
    return status;
}

static const struct record_plan *
find_plan(const struct layout *layout, const char *record)
{
    for (unsigned i = 0; i < layout->record_count; i++) {
        const struct record_plan *plan = &layout->records[i];
        bool is_meant = true;
        for (unsigned k = 0; k < plan->selector_count && is_meant; k++) {
            const struct record_selector *selector = &plan->selectors[k];
            is_meant = memcmp(record + selector->place.offset, selector->text.at, selector->text.length) == 0;
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
        struct text_view text = {record->start + place->offset, place->length};
        text = trim(&plan->fields[i], text);
        text.length = is_blank_date(&plan->fields[i], text) ? 0 : text.length;
        status = decoder_read_field(&reader->decoder, plan, i, text, line, err);
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
              enum tally_reach reach, struct error_detail *err)
{
    for (unsigned i = 0; i < plan->check_count; i++) {
        const struct place *place = &plan->checks[i].place;
        struct text_view figure = {record->start + place->offset, place->length};
        enum status status = tally_check(&reader->tally, reach, &plan->checks[i], figure, err);
        if (status != STATUS_OK && err != NULL) {
            err->line = record->line;
            err->column = place->offset + 1;
        }
        if (status != STATUS_OK) {
            return status;
        }
    }
    return STATUS_OK;
}

static enum status
take_header(struct reader *reader, const struct record_plan *plan, const struct fixed_record *record,
            struct error_detail *err)
{
    if (reader->fixed.is_open && reader->fixed.has_role[RECORD_TRAILER]) {
        return refuse(record->line, "前の口座のトレーラーがないまま次のヘッダーが来ました。", err);
    }
    if (tally_close_group(&reader->tally) != STATUS_OK) {
        return refuse(record->line, "金額の合計が扱える範囲を超えました。", err);
    }
    reader->tally.headers++;
    reader->fixed.is_open = true;
    bool is_ignored = false;
    return decode_record(reader, plan, record, (union line_pointer){.any = &reader->prototype}, &is_ignored, err);
}

static enum status
take_trailer(struct reader *reader, const struct record_plan *plan, const struct fixed_record *record,
             struct error_detail *err)
{
    if (!reader->fixed.is_open) {
        return refuse(record->line, "ヘッダーのないトレーラーがあります。", err);
    }
    reader->fixed.is_open = false;
    return check_figures(reader, plan, record, TALLY_GROUP, err);
}

static enum status
take_end(struct reader *reader, const struct record_plan *plan, const struct fixed_record *record,
         struct error_detail *err)
{
    if (reader->fixed.is_open && reader->fixed.has_role[RECORD_TRAILER]) {
        return refuse(record->line, "トレーラーがないままエンドレコードが来ました。", err);
    }
    reader->fixed.has_ended = true;
    return check_figures(reader, plan, record, TALLY_FILE, err);
}

static enum status
take_line(struct reader *reader, const struct record_plan *plan, const struct fixed_record *record,
          union line_pointer line, bool *out_has_line, struct error_detail *err)
{
    if (!reader->fixed.is_open) {
        return refuse(record->line, "ヘッダーのない明細レコードがあります。", err);
    }
    bool is_ignored = false;
    reader_copy_prototype(reader, line);
    line.statement->line = record->line; /* first member of either kind of line */
    enum status status = decode_record(reader, plan, record, line, &is_ignored, err);
    if (status == STATUS_OK) {
        status = reader_count(reader, line, err);
    }
    *out_has_line = status == STATUS_OK && !is_ignored;
    return status;
}

static enum status
finish(struct reader *reader, struct error_detail *err)
{
    uint32_t line = reader->fixed.scanner.line;
    if (reader->tally.records == 0) {
        return refuse(1, "レコードがありません。", err);
    }
    if (reader->fixed.is_open && reader->fixed.has_role[RECORD_TRAILER]) {
        return refuse(line, "最後のトレーラーレコードがありません。途中で切れたファイルです。", err);
    }
    if (!reader->fixed.has_ended && reader->fixed.has_role[RECORD_END]) {
        return refuse(line, "エンドレコードがありません。途中で切れたファイルです。", err);
    }
    return STATUS_OK;
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
    if (reader->fixed.has_ended) {
        return refuse(record->line, "エンドレコードの後にレコードがあります。", err);
    }
    reader->tally.records++;
    switch (plan->role) {
    case RECORD_HEADER:
        return take_header(reader, plan, record, err);
    case RECORD_LINE:
        return take_line(reader, plan, record, line, out_has_line, err);
    case RECORD_TRAILER:
        return take_trailer(reader, plan, record, err);
    case RECORD_END:
        return take_end(reader, plan, record, err);
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
            return finish(reader, err);
        }
        status = take_record(reader, &record, line, out_has_line, err);
        if (status != STATUS_OK || *out_has_line) {
            return status;
        }
    }
}
