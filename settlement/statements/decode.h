/* From the bytes of a record's fields to a line: amounts, dates, kinds, texts. Knows nothing of CSV or fixed width. */
#pragma once

#include "settlement/statements/brand_table.h"

/* Room for a line of either kind. */
union any_line {
    struct statement_line statement;
    struct bank_line bank;
};

/* A line of the kind that the layout gives. */
union line_pointer {
    void *any;
    struct statement_line *statement;
    struct bank_line *bank;
};

struct decoder {
    const struct layout *layout;
    struct arena *arena; /* for texts that are not in the file as we give them */
    struct arena *names; /* for what outlives the lines: brands */
    struct date_reader dates;
    struct date_cache date_caches[LAYOUT_FIELDS_MAX]; /* by index of the field in its record */
    struct brand_table brands;
};

/* NOT_AFTER: see date_reader. The arenas are borrowed. */
void decoder_init(struct decoder *decoder, const struct layout *layout, struct arena *arena, struct arena *names,
                  struct civil_date not_after);

/* Put the constants of RECORD's fields into LINE. */
enum status decoder_prepare(struct decoder *decoder, const struct record_plan *record, union line_pointer line,
                            struct error_detail *err) MUST_CHECK;

/* Decode TEXT, the bytes of field INDEX of RECORD, into LINE, which began as the prototype. The fields are decoded in
 * the plan's order (the kind first: the sign of amounts depends on it). The caller adds the place to ERR. */
enum status decoder_read_field(struct decoder *decoder, const struct record_plan *record, unsigned index,
                               struct text_view text, union line_pointer line, struct error_detail *err) MUST_CHECK;

/* The same for a field that stands in several places, each in TEXTS (at least one). */
enum status
decoder_read_places(struct decoder *decoder, const struct record_plan *record, unsigned index,
                    const struct text_view *texts, union line_pointer line, struct error_detail *err) MUST_CHECK;

/* Whether the kind of LINE says to skip it: nothing else of it needs to be read. */
static inline bool
decoder_is_ignored(const struct decoder *decoder, union line_pointer line)
{
    return decoder->layout->gives == LAYOUT_GIVES_STATEMENT && (unsigned)line.statement->kind == KIND_IGNORED;
}

/* After the last field: without a kind of its own, the line's sign tells it. */
static inline void
decoder_finish_line(const struct decoder *decoder, const struct record_plan *record, union line_pointer line)
{
    if (decoder->layout->gives == LAYOUT_GIVES_STATEMENT && !record->has_kind) {
        line.statement->kind = line.statement->amount_yen < 0 ? STATEMENT_REFUND : STATEMENT_SALE;
    }
    if (decoder->layout->gives == LAYOUT_GIVES_BANK && !record->has_kind && line.bank->amount_yen < 0) {
        line.bank->direction = BANK_OUT;
        line.bank->amount_yen = -line.bank->amount_yen;
    }
}

/* Up to nine digits, without sign. −1: not of this form. */
static inline int64_t
decode_plain_yen(struct text_view text)
{
    if (text.length - 1 > 8) { /* also 0 */
        return -1;
    }
    unsigned value = 0;
    unsigned bad = 0;
    for (size_t i = 0; i < text.length; i++) {
        unsigned digit = (unsigned)(unsigned char)text.at[i] - '0';
        bad |= digit > 9;
        value = value * 10 + digit;
    }
    return bad != 0 ? -1 : (int64_t)value;
}

/* A field for decoder_read_quickly: what of its plan the usual values need. */
struct decode_step {
    enum field_type type;
    uint32_t offset; /* of the member in the line */
    const struct field_plan *plan;
    struct date_cache *cache;
};

struct decode_step decoder_step(struct decoder *decoder, const struct record_plan *record, unsigned index);

/* decoder_read_field for the plain values that almost every field of a statement (not of a bank file) has. False, with
 * the member undefined, when decoder_read_field has to look. */
static inline __attribute__((always_inline)) bool
decoder_read_quickly(const struct decoder *decoder, const struct decode_step *step, struct text_view text,
                     union line_pointer line)
{
    void *target = (char *)line.any + step->offset;
    if (step->type == FIELD_TEXT) {
        *(struct text_view *)target = text;
        return text_is_ascii(text);
    }
    int64_t yen;
    const struct brand_slot *brand;
    switch (step->type) {
    case FIELD_YEN:
        yen = decode_plain_yen(text);
        *(int64_t *)target = yen;
        return yen >= 0 && line.statement->kind != STATEMENT_REVERSAL && line.statement->kind != STATEMENT_REFUND;
    case FIELD_BRAND:
        brand = brand_table_recall(&decoder->brands, text);
        line.statement->brand_index = brand != NULL ? brand->index : 0;
        line.statement->brand = decoder->brands.names[line.statement->brand_index];
        return brand != NULL;
    case FIELD_STATEMENT_KIND: /* most lines are sales, and layouts name them first */
        line.statement->kind = (enum statement_kind)step->plan->values[0].code;
        return step->plan->values[0].code != KIND_IGNORED && text_view_equals(step->plan->values[0].encoded, text);
    case FIELD_INSTANT:
        return instant_read_quickly(&decoder->dates, &step->plan->format, step->cache, text, target);
    case FIELD_DATE:
        *(struct civil_date *)target = step->cache->date;
        return !step->plan->format.is_iso8601 && text.length == step->plan->format.day_length &&
               text.length == step->plan->format.length && date_is_cached(&step->plan->format, step->cache, text);
    case FIELD_TEXT:
    case FIELD_DIRECTION:
    case FIELD_FLAG:
    case FIELD_CURRENCY:
        return false;
    }
    return false;
}
