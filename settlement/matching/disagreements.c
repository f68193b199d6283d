/* A subject names the thing for ever, so that tomorrow's run finds today's row. */
#include "settlement/matching/disagreements.h"

#include "common/money/yen.h"

#include <stdio.h>
#include <string.h>

enum { SUBJECT_SIZE = 160, SENTENCE_SIZE = 400 };

void
disagreements_init(struct disagreements *disagreements, struct arena *arena, struct civil_date today)
{
    *disagreements = (struct disagreements){.arena = arena, .today = today};
    growing_init(&disagreements->rows, sizeof(struct disagreement), COLLECTED_MAX, 0);
    civil_date_format(disagreements->today_text, today);
}

void
disagreements_finish(struct disagreements *disagreements)
{
    growing_finish(&disagreements->rows);
}

static enum status
out_of_room(struct error_detail *err)
{
    error_set(err, "too_much_to_match", "一度に照合できる件数を超えました。管理者に連絡してください。");
    return STATUS_OVERFLOW;
}

static bool
keep(struct arena *arena, const char **text)
{
    const char *from = *text != NULL ? *text : "";
    *text = arena_copy(arena, from, strlen(from));
    return *text != NULL;
}

enum status
disagreements_add(struct disagreements *disagreements, enum discrepancy_class class, const char *subject,
                  const struct discrepancy_row *facts, uint32_t item, uint32_t line, struct error_detail *err)
{
    char due_on[CIVIL_DATE_TEXT_SIZE];
    civil_date_format(due_on, civil_date_add_days(disagreements->today, discrepancy_days(class)));
    struct disagreement *place = growing_add(&disagreements->rows);
    if (place == NULL) {
        return out_of_room(err);
    }
    *place = (struct disagreement){.row = *facts, .item = item, .line = line};
    struct discrepancy_row *row = &place->row;
    row->class = discrepancy_class_word(class);
    row->subject = subject;
    row->opened_on = disagreements->today_text;
    row->due_on = due_on;
    struct arena *arena = disagreements->arena;
    bool is_kept = keep(arena, &row->subject) && keep(arena, &row->due_on) && keep(arena, &row->happened_on) &&
                   keep(arena, &row->terminal) && keep(arena, &row->payment) && keep(arena, &row->brand) &&
                   keep(arena, &row->trustee) && keep(arena, &row->payout) && keep(arena, &row->summary);
    return is_kept ? STATUS_OK : out_of_room(err);
}

static enum discrepancy_class class_of(enum match_class class)
{
    switch (class) {
    case MATCH_POS_ONLY:
    case MATCH_CUT_OFF: /* due by now: the next statement has come without it */
        return DISCREPANCY_POS_ONLY;
    case MATCH_STATEMENT_ONLY:
        return DISCREPANCY_STATEMENT_ONLY;
    case MATCH_AMOUNT_DIFFERS:
        return DISCREPANCY_AMOUNT_DIFFERS;
    case MATCH_COUNT_DIFFERS:
        return DISCREPANCY_COUNT_DIFFERS;
    case MATCH_BRAND_DIFFERS:
        return DISCREPANCY_BRAND_DIFFERS;
    case MATCH_DUPLICATE:
        return DISCREPANCY_DUPLICATE;
    case MATCH_REVERSAL_ONLY:
        return DISCREPANCY_REVERSAL_ONLY;
    case MATCH_PAID_THOUGH_VOID:
        return DISCREPANCY_PAID_THOUGH_VOIDED;
    case MATCH_CUT_OFF_REMARK:
        return DISCREPANCY_CUT_OFF;
    case MATCH_TRAINING:
        return DISCREPANCY_TRAINING_MIXED_IN;
    case MATCH_CLASS_COUNT:
        break;
    }
    return DISCREPANCY_STATEMENT_ONLY;
}

static void
name_item(char out[SUBJECT_SIZE], const struct book_item *item)
{
    snprintf(out, SUBJECT_SIZE, "payment:%s:%lld:%s", item->terminal, (long long)item->sequence,
             book_part_word(item->part));
}

static void
state_item(struct discrepancy_row *facts, const struct book_item *item)
{
    facts->terminal = item->terminal;
    facts->sequence = item->sequence;
    facts->payment = item->payment;
    facts->brand = item->brand;
    facts->happened_on = item->business_date;
    facts->amount_yen = item->amount_yen;
}

/* Texts of a view end with a NUL in the arena (arena_copy). */
static void
state_line(struct discrepancy_row *facts, const struct their_item *line, char day[CIVIL_DATE_TEXT_SIZE])
{
    facts->import = line->import;
    facts->line = line->line.line;
    if (facts->terminal == NULL) {
        facts->terminal = line->line.terminal.at;
        facts->payment = line->line.merchant_reference.at;
        facts->brand = line->line.brand.at;
        facts->amount_yen = line->line.amount_yen;
        bool has_time = line->line.accepted_at_ms != INSTANT_ABSENT;
        facts->happened_on = has_time ? civil_date_format(day, civil_date_at(line->line.accepted_at_ms)) : NULL;
    }
    facts->payout = line->line.payout_id.at;
}

enum status
disagreements_add_open_row(struct disagreements *disagreements, const struct collected *collected,
                           const struct open_row *row, struct error_detail *err)
{
    struct discrepancy_row facts = {.summary = row->sentence, .is_remark = match_class_is_remark(row->class)};
    char subject[SUBJECT_SIZE];
    char day[CIVIL_DATE_TEXT_SIZE];
    if (row->item != MATCH_NONE) {
        const struct book_item *item = collected_item(collected, row->item);
        name_item(subject, item);
        state_item(&facts, item);
    }
    if (row->line != MATCH_NONE) {
        const struct their_item *line = collected_line(collected, row->line);
        if (row->item == MATCH_NONE) {
            snprintf(subject, sizeof subject, "line:%lld:%u", (long long)line->import, line->line.line);
        }
        state_line(&facts, line, day);
        if (row->class == MATCH_AMOUNT_DIFFERS) {
            facts.amount_yen = line->line.amount_yen - facts.amount_yen;
        }
    }
    if (facts.happened_on == NULL) {
        facts.happened_on = disagreements->today_text;
    }
    if (row->related_line != MATCH_NONE) {
        const struct their_item *related = collected_line(collected, row->related_line);
        facts.related_import = related->import;
        facts.related_line = related->line.line;
    }
    if (row->class == MATCH_PAID_THOUGH_VOID) {
        facts.amount_yen = -facts.amount_yen; /* what was paid, not what should have gone back */
    }
    return disagreements_add(disagreements, class_of(row->class), subject, &facts, row->item, row->line, err);
}

static bool
is_past_unknown_day(const struct disagreements *disagreements, const struct book_item *item)
{
    struct civil_date day;
    return civil_date_parse(&day, item->business_date, strlen(item->business_date)) == STATUS_OK &&
           civil_date_compare(civil_date_add_days(day, UNKNOWN_DUE_DAYS), disagreements->today) <= 0;
}

enum status
disagreements_add_unknown(struct disagreements *disagreements, const struct collected *collected,
                          struct error_detail *err)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < collected->sorted_count; i++) {
        const struct book_item *item = collected_item(collected, i);
        bool is_in_doubt = strcmp(item->state, "in_doubt") == 0;
        bool is_unknown = strcmp(item->state, "unknown") == 0 || strcmp(item->state, "started") == 0;
        bool is_due = is_in_doubt || item->unknown_line != 0 || is_past_unknown_day(disagreements, item);
        if (item->part != BOOK_SALE || !(is_in_doubt || is_unknown) || !is_due) {
            continue;
        }
        struct discrepancy_row facts = {0};
        char subject[SUBJECT_SIZE];
        char sentence[SENTENCE_SIZE];
        char yen[YEN_TEXT_SIZE];
        char day[CIVIL_DATE_TEXT_SIZE];
        name_item(subject, item);
        state_item(&facts, item);
        if (item->unknown_line != 0) {
            state_line(&facts, collected_line(collected, item->unknown_line - 1), day);
        }
        const char *where = item->unknown_line != 0 ? "明細には載っています。" : "明細にはまだありません。";
        const char *what = is_in_doubt ? "カードの処理が完了したか分からないままです。次の利用で決まります。"
                                       : "決済の結果が分からないままです。";
        snprintf(sentence, sizeof sentence, "端末%s %s %s %s円: %s%s", item->terminal, item->business_date, item->brand,
                 yen_format(yen, item->amount_yen), what, where);
        facts.summary = sentence;
        status =
            disagreements_add(disagreements, is_in_doubt ? DISCREPANCY_IN_DOUBT : DISCREPANCY_STILL_UNKNOWN, subject,
                              &facts, (uint32_t)i, item->unknown_line != 0 ? item->unknown_line - 1 : MATCH_NONE, err);
    }
    return status;
}
