/* FNV-1a, 64 bits (Fowler, Noll, Vo), over fields; each text is preceded by its length, so that no two rows of fields
 * give the same bytes. */
#include "settlement/imports/reading_mark.h"

#define FNV_OFFSET UINT64_C(0xcbf29ce484222325)
#define FNV_PRIME UINT64_C(0x100000001b3)

uint64_t
reading_mark_of_nothing(void)
{
    return FNV_OFFSET;
}

/* The whole number at once, and then its high half, which a multiplication alone would not bring down. */
static uint64_t
add_number(uint64_t mark, uint64_t number)
{
    mark = (mark ^ number) * FNV_PRIME;
    return (mark ^ (mark >> 32)) * FNV_PRIME;
}

static uint64_t
add_text(uint64_t mark, struct text_view text)
{
    mark = add_number(mark, text.length);
    for (size_t i = 0; i < text.length; i++) {
        mark = (mark ^ (unsigned char)text.at[i]) * FNV_PRIME;
    }
    return mark;
}

static uint64_t
add_day(uint64_t mark, struct civil_date day)
{
    return add_number(mark, (uint64_t)day.year * 10000 + (uint64_t)day.month * 100 + (uint64_t)day.day);
}

static uint64_t
add_statement(uint64_t mark, const struct statement_line *line)
{
    const struct text_view texts[] = {line->brand, line->merchant_reference, line->acquirer_reference, line->terminal,
                                      line->slip,  line->payout_id};
    mark = add_number(mark, line->line);
    mark = add_number(mark, (uint64_t)line->kind * 2 + (line->is_training ? 1 : 0));
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        mark = add_text(mark, texts[i]);
    }
    mark = add_number(mark, (uint64_t)line->accepted_at_ms);
    mark = add_number(mark, (uint64_t)line->amount_yen);
    mark = add_number(mark, (uint64_t)line->fee_yen);
    return add_day(mark, line->pay_date);
}

static uint64_t
add_bank(uint64_t mark, const struct bank_line *line)
{
    const struct text_view texts[] = {line->inquiry_number, line->transaction,  line->payer_code,
                                      line->payer_kana,     line->sending_bank, line->sending_branch,
                                      line->summary,        line->edi,          line->account_bank,
                                      line->account_branch, line->account_kind, line->account_number};
    mark = add_number(mark, (uint64_t)line->line * 2 + (line->direction == BANK_IN ? 1 : 0));
    mark = add_day(add_day(mark, line->date), line->value_date);
    mark = add_number(mark, (uint64_t)line->amount_yen);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        mark = add_text(mark, texts[i]);
    }
    return mark;
}

uint64_t
reading_mark_add(uint64_t mark, const struct statement_line *statements, const struct bank_line *banks, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        mark = statements != NULL ? add_statement(mark, &statements[i]) : add_bank(mark, &banks[i]);
    }
    return mark;
}
