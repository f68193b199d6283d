/* Lines are added up by file, payout, brand and terms. Those of one file stand together, and it has few such groups:
 * the last hit, then a walk over the groups of the file. */
#include "settlement/matching/fees.h"

#include "common/money/yen.h"
#include "settlement/reconciliation/match_item.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SUBJECT_SIZE = 160, SENTENCE_SIZE = 600, GROUPS_MAX = 1000000, SLOTS_FIRST = 256 };

/* INVARIANT: per_line_yen is Σ terms_fee of the lines; `wrong_line` the first whose own fee is not that (0: none). */
struct group {
    int64_t import;
    struct text_view payout;
    const char *brand;
    const char *trustee;
    const struct terms *terms;
    int64_t count;
    int64_t amount_yen;
    int64_t fee_yen;
    int64_t per_line_yen;
    struct civil_date last_day;
    uint32_t wrong_line;
};

/* Open addressing over `groups`, as index + 1; a power of two of slots, at most half full. */
struct grouping {
    struct growing groups;
    uint32_t *slots;
    size_t slot_count;
    size_t last; /* hit */
};

static enum status
out_of_room(struct error_detail *err)
{
    error_set(err, "too_much_to_match", "一度に照合できる件数を超えました。管理者に連絡してください。");
    return STATUS_OVERFLOW;
}

static struct group *
group_at(const struct grouping *grouping, size_t index)
{
    return &((struct group *)grouping->groups.elements)[index];
}

static bool
is_same(const struct group *a, const struct group *b)
{
    return a->import == b->import && a->terms == b->terms && strcmp(a->brand, b->brand) == 0 &&
           text_view_equals(a->payout, b->payout);
}

static uint32_t *
slot_of(const struct grouping *grouping, const struct group *wanted)
{
    uint32_t hash = match_hash(wanted->payout) ^ match_hash(text_view_of(wanted->brand)) * 31U;
    size_t at = (hash ^ (uint32_t)wanted->import * 2654435761U) & (grouping->slot_count - 1);
    while (grouping->slots[at] != 0 && !is_same(group_at(grouping, grouping->slots[at] - 1), wanted)) {
        at = (at + 1) & (grouping->slot_count - 1);
    }
    return &grouping->slots[at];
}

static bool
make_room(struct grouping *grouping)
{
    if (2 * (grouping->groups.count + 1) <= grouping->slot_count) {
        return true;
    }
    size_t count = grouping->slot_count == 0 ? SLOTS_FIRST : 2 * grouping->slot_count;
    uint32_t *slots = calloc(count, sizeof *slots);
    if (slots == NULL) {
        return false;
    }
    free(grouping->slots);
    grouping->slots = slots;
    grouping->slot_count = count;
    for (size_t i = 0; i < grouping->groups.count; i++) {
        *slot_of(grouping, group_at(grouping, i)) = (uint32_t)i + 1;
    }
    return true;
}

/* The group like WANTED, made when there is none; NULL when there is no room. */
static struct group *
find_group(struct grouping *grouping, const struct group *wanted)
{
    if (grouping->groups.count > 0 && is_same(group_at(grouping, grouping->last), wanted)) {
        return group_at(grouping, grouping->last);
    }
    if (!make_room(grouping)) {
        return NULL;
    }
    uint32_t *slot = slot_of(grouping, wanted);
    if (*slot == 0) {
        struct group *place = growing_add(&grouping->groups);
        if (place == NULL) {
            return NULL;
        }
        *place = *wanted;
        *slot = (uint32_t)grouping->groups.count;
    }
    grouping->last = *slot - 1;
    return group_at(grouping, grouping->last);
}

static enum status
add_line(struct grouping *grouping, const struct their_item *item, struct agreed *agreed, struct civil_date today,
         struct error_detail *err)
{
    const struct statement_line *line = &item->line;
    struct civil_date day = line->accepted_at_ms != INSTANT_ABSENT ? civil_date_at(line->accepted_at_ms) : today;
    struct group wanted = {.import = item->import, .payout = line->payout_id, .brand = line->brand.at};
    wanted.terms = agreed_terms(agreed, wanted.brand, day, &wanted.trustee);
    if (wanted.terms == NULL || !wanted.terms->has_fee) {
        return STATUS_OK;
    }
    struct group *group = find_group(grouping, &wanted);
    if (group == NULL) {
        return out_of_room(err);
    }
    int64_t expected_yen = terms_fee(wanted.terms, line->amount_yen);
    group->count++;
    group->last_day = civil_date_compare(day, group->last_day) > 0 ? day : group->last_day;
    group->wrong_line = group->wrong_line == 0 && expected_yen != line->fee_yen ? line->line : group->wrong_line;
    enum status status = yen_add(&group->amount_yen, group->amount_yen, line->amount_yen);
    if (status == STATUS_OK) {
        status = yen_add(&group->fee_yen, group->fee_yen, line->fee_yen);
    }
    if (status == STATUS_OK) {
        status = yen_add(&group->per_line_yen, group->per_line_yen, expected_yen);
    }
    return status == STATUS_OK ? STATUS_OK : out_of_room(err);
}

/* "2%" or "3.564%". */
static void
write_rate(char *out, size_t size, int64_t rate)
{
    enum { PER_PERCENT = 10000, DIGITS = 4 };
    int length =
        snprintf(out, size, "%lld.%0*lld", (long long)(rate / PER_PERCENT), DIGITS, (long long)(rate % PER_PERCENT));
    while (length > 1 && out[length - 1] == '0') {
        length--;
    }
    length -= out[length - 1] == '.' ? 1 : 0;
    snprintf(out + length, size - (size_t)length, "%%");
}

static enum status
report(const struct group *group, int64_t expected_yen, const struct catalogue *catalogue,
       struct disagreements *disagreements, struct error_detail *err)
{
    static const char *const roundings[] = {"切捨て", "四捨五入", "切上げ"};
    char subject[SUBJECT_SIZE];
    char sentence[SENTENCE_SIZE];
    char day[CIVIL_DATE_TEXT_SIZE];
    char rate[32];
    char amount[YEN_TEXT_SIZE], stated[YEN_TEXT_SIZE], agreed[YEN_TEXT_SIZE], difference[YEN_TEXT_SIZE];
    int64_t more_yen = group->fee_yen - expected_yen;
    write_rate(rate, sizeof rate, group->terms->fee_rate);
    snprintf(subject, sizeof subject, "fee:%lld:%.*s:%s:%lld", (long long)group->import, (int)group->payout.length,
             group->payout.at, group->brand, (long long)group->terms->fee_rate);
    snprintf(sentence, sizeof sentence,
             "%s %lld件 %s円: 明細の手数料は%s円、取決め（%s、%s%s）では%s円。明細が%s円%s。",
             catalogue_name(catalogue, "brands", group->brand), (long long)group->count,
             yen_format(amount, group->amount_yen), yen_format(stated, group->fee_yen), rate,
             group->terms->unit == FEE_PER_LINE ? "明細ごとに" : "入金ごとに", roundings[group->terms->rounding],
             yen_format(agreed, expected_yen), yen_format(difference, more_yen < 0 ? -more_yen : more_yen),
             more_yen < 0 ? "少ない" : "多い");
    struct discrepancy_row facts = {.is_remark = true,
                                    .amount_yen = more_yen < 0 ? -more_yen : more_yen,
                                    .happened_on = civil_date_format(day, group->last_day),
                                    .import = group->import,
                                    .line = group->wrong_line,
                                    .brand = group->brand,
                                    .trustee = group->trustee,
                                    .payout = group->payout.at,
                                    .summary = sentence};
    return disagreements_add(disagreements, DISCREPANCY_FEE_DIFFERS, subject, &facts, MATCH_NONE, MATCH_NONE, err);
}

/* Whether the file of GROUP names fees at all. Groups of one file follow each other. */
static bool
names_fees(const struct grouping *grouping, int64_t import)
{
    for (size_t i = 0; i < grouping->groups.count; i++) {
        if (group_at(grouping, i)->import == import && group_at(grouping, i)->fee_yen != 0) {
            return true;
        }
    }
    return false;
}

static enum status
report_all(const struct grouping *grouping, const struct catalogue *catalogue, struct disagreements *disagreements,
           struct error_detail *err)
{
    enum status status = STATUS_OK;
    int64_t import = 0;
    bool has_fees = false;
    for (size_t i = 0; status == STATUS_OK && i < grouping->groups.count; i++) {
        const struct group *group = group_at(grouping, i);
        if (group->import != import) {
            import = group->import;
            has_fees = names_fees(grouping, import);
        }
        int64_t expected_yen =
            group->terms->unit == FEE_PER_LINE ? group->per_line_yen : terms_fee(group->terms, group->amount_yen);
        if (has_fees && group->fee_yen != expected_yen) {
            status = report(group, expected_yen, catalogue, disagreements, err);
        }
    }
    return status;
}

enum status
fees_compare(const struct collected *collected, struct agreed *agreed, struct disagreements *disagreements,
             struct error_detail *err)
{
    struct grouping grouping = {.slots = NULL};
    growing_init(&grouping.groups, sizeof(struct group), GROUPS_MAX, 0);
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < collected->lines.count; i++) {
        const struct their_item *line = collected_line(collected, i);
        if (!line->is_carried && !line->is_companion) {
            status = add_line(&grouping, line, agreed, disagreements->today, err);
        }
    }
    if (status == STATUS_OK) {
        status = report_all(&grouping, agreed->catalogue, disagreements, err);
    }
    free(grouping.slots);
    growing_finish(&grouping.groups);
    return status;
}
