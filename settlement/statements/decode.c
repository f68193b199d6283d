/* One function per type of field. The kind is read before the amounts, whose sign depends on it (layout_fields.c puts
 * it first). */
#include "settlement/statements/decode.h"

#include "common/money/yen.h"

#include <assert.h>
#include <stdio.h>

enum {
    SHOWN_BYTES = 60 /* of a bad value, in a message */
};

void
decoder_init(struct decoder *decoder, const struct layout *layout, struct arena *arena, struct arena *names,
             struct civil_date not_after)
{
    memset(decoder, 0, sizeof *decoder);
    decoder->layout = layout;
    decoder->arena = arena;
    decoder->names = names;
    date_reader_init(&decoder->dates, not_after, layout->zone_minutes);
}

/* "「取引金額」の「1e3」": the field and its value, for a message. */
static const char *
describe(struct decoder *decoder, const struct field_plan *field, struct text_view text, char out[4 * SHOWN_BYTES])
{
    struct text_view shown;
    struct text_view cut = {text.at, text.length < SHOWN_BYTES ? text.length : SHOWN_BYTES};
    bool is_whole = text_encoding_find_fault(decoder->layout->encoding, cut) == NULL;
    if (!is_whole || text_encoding_to_utf8(decoder->layout->encoding, decoder->arena, cut, &shown, NULL) != STATUS_OK) {
        shown = (struct text_view){"?", 1};
    }
    const char *name = field->places[0].shown != NULL ? field->places[0].shown : field->rule->name;
    snprintf(out, 4 * SHOWN_BYTES, "「%.60s」の「%.*s」", name, (int)shown.length, shown.at);
    return out;
}

static enum status
refuse(struct decoder *decoder, const struct field_plan *field, struct text_view text, const char *sentence,
       struct error_detail *err)
{
    char subject[4 * SHOWN_BYTES];
    error_set(err, "statement_field", "%s%s", describe(decoder, field, text, subject), sentence);
    return STATUS_INVALID;
}

static enum status
read_yen(struct decoder *decoder, const struct field_plan *field, struct text_view text, int64_t *out_yen,
         struct error_detail *err)
{
    enum status status =
        field->has_number ? number_read(&field->number, text, out_yen) : yen_parse(out_yen, text.at, text.length);
    if (status == STATUS_REFUSED) {
        return refuse(
            decoder, field, text,
            "に1円未満の端数があります。端数の扱いを確かめ、必要なら書式の number に round を書いてください。", err);
    }
    if (status == STATUS_OVERFLOW) {
        (void)refuse(decoder, field, text, "は金額として大きすぎます。桁がずれていないか確かめてください。", err);
    } else if (status != STATUS_OK) {
        status =
            refuse(decoder, field, text,
                   field->has_number
                       ? "は金額として読めません。書式の number（桁区切り・小数・負の書き方）を確かめてください。"
                       : "は金額として読めません。円の整数を、桁区切り・符号「+」・空白・小数なしで書いてください。",
                   err);
    }
    return status;
}

/* An amount of a statement's line by the field's sign rule. */
static enum status
put_statement_yen(struct decoder *decoder, const struct field_plan *field, struct text_view text, int64_t yen,
                  struct statement_line *line, int64_t *out_yen, struct error_detail *err)
{
    bool is_back = line->kind == STATEMENT_REVERSAL || line->kind == STATEMENT_REFUND;
    if (field->sign == SIGN_BY_KIND) {
        if (yen < 0) {
            return refuse(decoder, field, text, "に符号があります。この書式では取引区分だけが符号を決めます。", err);
        }
        *out_yen = is_back ? -yen : yen;
        return STATUS_OK;
    }
    bool is_amount = out_yen == &line->amount_yen;
    if (is_amount && ((is_back && yen > 0) || (line->kind == STATEMENT_SALE && yen < 0))) {
        return refuse(
            decoder, field, text,
            "は取引区分と符号が合いません。取消・返金は負、売上は正の金額です。書式の sign も確かめてください。", err);
    }
    *out_yen = yen;
    return STATUS_OK;
}

static enum status
put_yen(struct decoder *decoder, const struct record_plan *record, const struct field_plan *field,
        struct text_view text, int64_t yen, union line_pointer line, int64_t *out_yen, struct error_detail *err)
{
    if (decoder->layout->gives == LAYOUT_GIVES_STATEMENT) {
        return put_statement_yen(decoder, field, text, yen, line.statement, out_yen, err);
    }
    if (yen < 0 && record->has_kind) {
        return refuse(decoder, field, text, "が負です。入金か出金かは入払区分が決めます。", err);
    }
    *out_yen = yen;
    return STATUS_OK;
}

/* The places of an amount added up; empty ones are 0. All empty: *OUT_IS_ABSENT. */
static enum status
sum_yen(struct decoder *decoder, const struct field_plan *field, const struct text_view *texts, int64_t *out_yen,
        bool *out_is_absent, struct error_detail *err)
{
    int64_t sum = 0;
    *out_is_absent = true;
    for (unsigned i = 0; i < field->place_count; i++) {
        int64_t yen = 0;
        if (texts[i].length == 0) {
            continue;
        }
        *out_is_absent = false;
        enum status status = read_yen(decoder, field, texts[i], &yen, err);
        if (status == STATUS_OK) {
            status = i < field->minus_from ? yen_add(&sum, sum, yen) : yen_subtract(&sum, sum, yen);
        }
        if (status != STATUS_OK) {
            return status;
        }
    }
    *out_yen = sum;
    return STATUS_OK;
}

static enum status
read_amount(struct decoder *decoder, const struct record_plan *record, unsigned index, const struct text_view *texts,
            union line_pointer line, struct error_detail *err)
{
    const struct field_plan *field = &record->fields[index];
    int64_t *target = (int64_t *)(void *)((char *)line.any + field->rule->offset);
    int64_t yen = 0;
    bool is_absent = false;
    enum status status = field->is_sum ? sum_yen(decoder, field, texts, &yen, &is_absent, err)
                                       : read_yen(decoder, field, texts[0], &yen, err);
    if (status == STATUS_OK && is_absent && !field->may_be_empty) {
        return refuse(decoder, field, texts[0], "は空です。金額がどの列にもありません。", err);
    }
    return status == STATUS_OK ? put_yen(decoder, record, field, texts[0], yen, line, target, err) : status;
}

static enum status
check_currency(struct decoder *decoder, const struct field_plan *field, struct text_view text, struct error_detail *err)
{
    bool is_yen = text.length == 3 && memcmp(text.at, "JPY", 3) == 0;
    return is_yen ? STATUS_OK
                  : refuse(decoder, field, text, "は円（JPY）ではありません。外貨の行は取り込めません。", err);
}

static enum status
read_code(struct decoder *decoder, const struct field_plan *field, struct text_view text, unsigned *out_code,
          struct error_detail *err)
{
    for (unsigned i = 0; i < field->value_count; i++) {
        if (text_view_equals(field->values[i].encoded, text)) {
            *out_code = field->values[i].code;
            return STATUS_OK;
        }
    }
    return refuse(decoder, field, text, "は書式の values にない値です。意味を確かめて書式に加えてください。", err);
}

static enum status
refuse_moment(struct decoder *decoder, const struct field_plan *field, struct text_view text, const char *pattern,
              struct error_detail *err)
{
    char sentence[160];
    snprintf(sentence, sizeof sentence, "は日時として読めません（書式では %s）。", pattern);
    return refuse(decoder, field, text, sentence, err);
}

static enum status
read_loose(struct decoder *decoder, const struct field_plan *field, struct text_view text, void *target,
           struct error_detail *err)
{
    struct civil_date day;
    int64_t time_ms;
    struct text_view shown;
    bool is_readable =
        text.length <= LOOSE_TEXT_MAX_BYTES &&
        text_encoding_to_utf8(decoder->layout->encoding, decoder->arena, text, &shown, NULL) == STATUS_OK;
    if (!is_readable || loose_date_read(&field->loose, shown, decoder->dates.not_after, &day, &time_ms) != STATUS_OK) {
        return refuse_moment(decoder, field, text, field->loose.pattern, err);
    }
    if (field->rule->type == FIELD_DATE) {
        *(struct civil_date *)target = day;
        return STATUS_OK;
    }
    int64_t instant_ms =
        civil_date_to_days(day) * INT64_C(86400000) + time_ms - decoder->dates.offset_minutes * INT64_C(60000);
    if (!instant_is_valid(instant_ms)) {
        return refuse_moment(decoder, field, text, field->loose.pattern, err);
    }
    *(int64_t *)target = instant_ms;
    return STATUS_OK;
}

static enum status
read_moment(struct decoder *decoder, const struct field_plan *field, struct date_cache *cache, struct text_view text,
            void *target, struct error_detail *err)
{
    if (field->is_loose) {
        return read_loose(decoder, field, text, target, err);
    }
    enum status status = field->rule->type == FIELD_DATE
                             ? date_read(&decoder->dates, &field->format, cache, text, target)
                             : instant_read(&decoder->dates, &field->format, cache, text, target);
    return status == STATUS_OK ? STATUS_OK
                               : refuse_moment(decoder, field, text,
                                               field->format.is_iso8601 ? "ISO 8601" : field->format.pattern, err);
}

static enum status
refuse_characters(struct decoder *decoder, const struct field_plan *field, const char *fault, struct error_detail *err)
{
    const char *name = field->places[0].shown != NULL ? field->places[0].shown : field->rule->name;
    error_set(
        err, "statement_encoding",
        "「%.60s」に %s の文字として読めないバイト 0x%02X があります。ファイルの文字コードと書式の encoding を確かめて"
        "ください。",
        name, text_encoding_name(decoder->layout->encoding), (unsigned)(unsigned char)*fault);
    return STATUS_INVALID;
}

static enum status
read_text(struct decoder *decoder, const struct field_plan *field, struct text_view text, struct text_view *out,
          struct error_detail *err)
{
    if (text_is_ascii(text)) {
        *out = text;
        return STATUS_OK;
    }
    const char *fault = text_encoding_find_fault(decoder->layout->encoding, text);
    if (fault != NULL) {
        return refuse_characters(decoder, field, fault, err);
    }
    enum status status = text_encoding_to_utf8(decoder->layout->encoding, decoder->arena, text, out, err);
    if (status == STATUS_INVALID) { /* the form of a character, but none */
        return refuse_characters(decoder, field, text.at, err);
    }
    return status;
}

static enum status
read_brand(struct decoder *decoder, const struct field_plan *field, struct text_view text, struct statement_line *line,
           struct error_detail *err)
{
    const char *fault = text_encoding_find_fault(decoder->layout->encoding, text);
    if (fault != NULL) {
        return refuse_characters(decoder, field, fault, err);
    }
    enum status status = brand_table_find(&decoder->brands, field, decoder->layout->encoding, decoder->names, text,
                                          &line->brand_index, err);
    if (status == STATUS_OK) {
        line->brand = decoder->brands.names[line->brand_index];
    }
    return status;
}

enum status
decoder_prepare(struct decoder *decoder, const struct record_plan *record, union line_pointer line,
                struct error_detail *err)
{
    if (decoder->layout->gives == LAYOUT_GIVES_STATEMENT && !record->has_kind) {
        line.statement->kind = STATEMENT_FEE; /* amounts of any sign: decoder_finish_line decides by it */
    }
    for (unsigned i = 0; i < record->field_count; i++) {
        const struct field_plan *field = &record->fields[i];
        if (field->place_count > 0) {
            continue;
        }
        enum status status = STATUS_OK;
        switch (field->rule->type) {
        case FIELD_TEXT:
            *(struct text_view *)(void *)((char *)line.any + field->rule->offset) = field->constant;
            break;
        case FIELD_BRAND:
            line.statement->brand = field->constant;
            status = brand_table_name(&decoder->brands, field->constant, &line.statement->brand_index, err);
            break;
        case FIELD_STATEMENT_KIND:
            line.statement->kind = (enum statement_kind)field->constant_code;
            break;
        case FIELD_DIRECTION:
            line.bank->direction = (enum bank_direction)field->constant_code;
            break;
        case FIELD_FLAG:
            line.statement->is_training = field->constant_code != 0;
            break;
        case FIELD_YEN:
        case FIELD_INSTANT:
        case FIELD_DATE:
        case FIELD_CURRENCY:
            break; /* layout_create refuses such constants */
        }
        if (status != STATUS_OK) {
            return status;
        }
    }
    return STATUS_OK;
}

enum status
decoder_read_field(struct decoder *decoder, const struct record_plan *record, unsigned index, struct text_view text,
                   union line_pointer line, struct error_detail *err)
{
    const struct field_plan *field = &record->fields[index];
    if (field->may_be_empty && text.length == 0) {
        return STATUS_OK;
    }
    assert(field->place_count == 1 || field->joiner != NULL); /* sums go through decoder_read_places */
    void *target = (char *)line.any + field->rule->offset;
    unsigned code = 0;
    enum status status = STATUS_OK;
    switch (field->rule->type) {
    case FIELD_TEXT:
        return read_text(decoder, field, text, target, err);
    case FIELD_BRAND:
        return read_brand(decoder, field, text, line.statement, err);
    case FIELD_YEN:
        return read_amount(decoder, record, index, &text, line, err);
    case FIELD_CURRENCY:
        return check_currency(decoder, field, text, err);
    case FIELD_INSTANT:
    case FIELD_DATE:
        return read_moment(decoder, field, &decoder->date_caches[index], text, target, err);
    case FIELD_STATEMENT_KIND:
        status = read_code(decoder, field, text, &code, err);
        line.statement->kind = (enum statement_kind)code;
        return status;
    case FIELD_DIRECTION:
        status = read_code(decoder, field, text, &code, err);
        line.bank->direction = (enum bank_direction)code;
        return status;
    case FIELD_FLAG:
        status = read_code(decoder, field, text, &code, err);
        line.statement->is_training = code != 0;
        return status;
    }
    return status;
}

/* TEXTS with the field's joiner between them; all empty: empty. */
static enum status
join(struct decoder *decoder, const struct field_plan *field, const struct text_view *texts, struct text_view *out,
     struct error_detail *err)
{
    size_t joiner = strlen(field->joiner);
    size_t length = (field->place_count - 1) * joiner;
    bool is_empty = true;
    for (unsigned i = 0; i < field->place_count; i++) {
        length += texts[i].length;
        is_empty = is_empty && texts[i].length == 0;
    }
    *out = (struct text_view){"", 0};
    if (is_empty) {
        return STATUS_OK;
    }
    char *joined = arena_take(decoder->arena, length);
    if (joined == NULL) {
        error_set(err, "out_of_memory", "明細の文字を置くメモリーが足りません。");
        return STATUS_OVERFLOW;
    }
    size_t used = 0;
    for (unsigned i = 0; i < field->place_count; i++) {
        if (i > 0) {
            memcpy(joined + used, field->joiner, joiner);
            used += joiner;
        }
        memcpy(joined + used, texts[i].at, texts[i].length);
        used += texts[i].length;
    }
    *out = (struct text_view){joined, used};
    return STATUS_OK;
}

enum status
decoder_read_places(struct decoder *decoder, const struct record_plan *record, unsigned index,
                    const struct text_view *texts, union line_pointer line, struct error_detail *err)
{
    const struct field_plan *field = &record->fields[index];
    if (field->is_sum) {
        return read_amount(decoder, record, index, texts, line, err);
    }
    struct text_view text = texts[0];
    enum status status = field->joiner != NULL ? join(decoder, field, texts, &text, err) : STATUS_OK;
    return status == STATUS_OK ? decoder_read_field(decoder, record, index, text, line, err) : status;
}

struct decode_step
decoder_step(struct decoder *decoder, const struct record_plan *record, unsigned index)
{
    const struct field_plan *plan = &record->fields[index];
    return (struct decode_step){
        .type = plan->rule->type,
        .offset = (uint32_t)plan->rule->offset,
        .plan = plan,
        .cache = &decoder->date_caches[index],
    };
}
