/* Three passes over sorted arrays: compare sources with claims, sort what differs into groups, sum the groups.
 *
 * A difference is `struct change`: a source that no claim holds (added), a claim that no source supports (removed), or
 * a part of either. Changes are sorted so that one draft is one run of neighbours. */
#include "settlement/assessment/grouping.h"

#include "common/money/yen.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct change {
    const struct assessment_source *source;
    int64_t original; /* of a removed claim; 0: added */
};

static int
compare_int(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

int
assessment_key_compare(const struct assessment_key *a, const struct assessment_key *b)
{
    int order = compare_int(a->fiscal_year, b->fiscal_year);
    order = order != 0 ? order : civil_date_compare(a->received_on, b->received_on);
    order = order != 0 ? order : strcmp(a->account, b->account);
    order = order != 0 ? order : strcmp(a->section, b->section);
    order = order != 0 ? order : strcmp(a->route, b->route);
    return order != 0 ? order : strcmp(a->tax, b->tax);
}

static int
compare_place(const struct assessment_source *a, const struct assessment_source *b)
{
    int order = strcmp(a->sale, b->sale);
    order = order != 0 ? order : compare_int(a->line, b->line);
    return order != 0 ? order : compare_int(a->is_cash, b->is_cash);
}

static int
compare_sources(const void *a, const void *b)
{
    return compare_place(a, b);
}

static int
compare_claims(const void *a, const void *b)
{
    const struct assessment_claim *left = a;
    const struct assessment_claim *right = b;
    return compare_place(&left->source, &right->source);
}

static int
compare_originals(const void *a, const void *b)
{
    const struct assessment_original *left = a;
    const struct assessment_original *right = b;
    return assessment_key_compare(&left->key, &right->key);
}

/* Groups together, and within a group by place. */
static int
compare_changes(const void *a, const void *b)
{
    const struct change *left = a;
    const struct change *right = b;
    int order = assessment_key_compare(&left->source->key, &right->source->key);
    order = order != 0 ? order : compare_int(left->original, right->original);
    return order != 0 ? order : compare_place(left->source, right->source);
}

static int
compare_lines(const void *a, const void *b)
{
    const struct assessment_line *left = a;
    const struct assessment_line *right = b;
    int order = strcmp(left->item, right->item);
    order = order != 0 ? order : strcmp(left->name, right->name);
    return order != 0 ? order : compare_int(left->unit_price_yen, right->unit_price_yen);
}

static enum status
check_source(const struct assessment_source *source, struct error_detail *err)
{
    bool is_sound = source->amount_yen >= 0 && yen_is_valid(source->amount_yen) && source->tax_yen >= 0 &&
                    source->tax_yen <= source->amount_yen && source->quantity >= 1 && source->refunded_yen >= 0 &&
                    source->refunded_yen <= source->amount_yen;
    if (!is_sound) {
        error_set(err, "source_unsound", "売上 %s の明細 %d の金額または数量が正しくありません。", source->sale,
                  source->line);
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

/* Sort, and refuse what stands twice. */
static enum status
order_input(struct assessment_input *input, struct error_detail *err)
{
    if (input->source_count > 1) {
        qsort(input->sources, input->source_count, sizeof input->sources[0], compare_sources);
    }
    if (input->claim_count > 1) {
        qsort(input->claims, input->claim_count, sizeof input->claims[0], compare_claims);
    }
    if (input->original_count > 1) {
        qsort(input->originals, input->original_count, sizeof input->originals[0], compare_originals);
    }
    for (size_t i = 0; i < input->source_count; i++) {
        enum status status = check_source(&input->sources[i], err);
        if (status != STATUS_OK) {
            return status;
        }
        if (i > 0 && compare_place(&input->sources[i - 1], &input->sources[i]) == 0) {
            error_set(err, "source_twice", "売上 %s の明細 %d が二重にあります。", input->sources[i].sale,
                      input->sources[i].line);
            return STATUS_INVALID;
        }
    }
    for (size_t i = 1; i < input->claim_count; i++) {
        if (compare_place(&input->claims[i - 1].source, &input->claims[i].source) == 0) {
            error_set(err, "claim_twice", "売上 %s の明細 %d が二つの調定に入っています。",
                      input->claims[i].source.sale, input->claims[i].source.line);
            return STATUS_INVALID;
        }
    }
    return STATUS_OK;
}

/* YEN of what WHOLE is, as a line of its own: a part is no whole number of pieces, so it counts as one of its price. */
static struct assessment_source
part_of(const struct assessment_source *whole, int64_t yen)
{
    struct assessment_source part = *whole;
    if (yen != whole->amount_yen) {
        part.tax_yen = whole->tax_yen * yen / whole->amount_yen; /* ≤ 10^8 × 10^10: both of one line of a sale */
        part.amount_yen = yen;
        part.unit_price_yen = yen;
        part.quantity = 1;
    }
    return part;
}

/* What SOURCE is now against what CLAIM holds: no change, or a part in *PART. */
static bool
find_part(const struct assessment_source *source, const struct assessment_claim *claim, struct assessment_source *part,
          struct change *change)
{
    int64_t target_yen = source->amount_yen - source->refunded_yen;
    int64_t held_yen = claim->source.amount_yen;
    if (target_yen < held_yen) {
        *part = part_of(&claim->source, held_yen - target_yen);
        *change = (struct change){.source = part, .original = claim->original};
    } else if (target_yen > held_yen) {
        *part = part_of(source, target_yen - held_yen);
        part->key = claim->source.key;
        *change = (struct change){.source = part, .original = 0};
    }
    return target_yen != held_yen;
}

/* CHANGES and PARTS have room for all sources and claims, OUT->held for all sources. Returns how many changes there
 * are.
 */
static size_t
find_changes(const struct assessment_input *input, struct change *changes, struct assessment_source *parts,
             struct assessment_drafts *out)
{
    size_t count = 0;
    size_t s = 0;
    size_t c = 0;
    while (s < input->source_count || c < input->claim_count) {
        int order;
        if (s == input->source_count) {
            order = 1;
        } else if (c == input->claim_count) {
            order = -1;
        } else {
            order = compare_place(&input->sources[s], &input->claims[c].source);
        }
        if (order < 0 && input->sources[s].held_for != NULL) {
            out->held[out->held_count++] = &input->sources[s++];
        } else if (order < 0) {
            changes[count++] = (struct change){.source = &input->sources[s++], .original = 0};
        } else if (order > 0) {
            const struct assessment_claim *claim = &input->claims[c++];
            if (claim->source.amount_yen != 0) {
                changes[count++] = (struct change){.source = &claim->source, .original = claim->original};
            }
        } else {
            count += find_part(&input->sources[s++], &input->claims[c++], &parts[count], &changes[count]) ? 1 : 0;
        }
    }
    return count;
}

static int64_t
original_of(const struct assessment_input *input, const struct assessment_key *key)
{
    if (input->original_count == 0) {
        return 0;
    }
    struct assessment_original wanted = {.key = *key};
    const struct assessment_original *found =
        bsearch(&wanted, input->originals, input->original_count, sizeof input->originals[0], compare_originals);
    return found != NULL ? found->original : 0;
}

/* Sum LINES (one per source, unsorted) into one per item, name and unit price, in place. */
static enum status
merge_lines(struct assessment_line *lines, size_t *count, struct error_detail *err)
{
    qsort(lines, *count, sizeof lines[0], compare_lines);
    size_t kept = 0;
    for (size_t i = 1; i < *count; i++) {
        if (compare_lines(&lines[kept], &lines[i]) != 0) {
            lines[++kept] = lines[i];
            continue;
        }
        if (yen_add(&lines[kept].amount_yen, lines[kept].amount_yen, lines[i].amount_yen) != STATUS_OK ||
            yen_add(&lines[kept].tax_yen, lines[kept].tax_yen, lines[i].tax_yen) != STATUS_OK ||
            yen_add(&lines[kept].count, lines[kept].count, lines[i].count) != STATUS_OK) {
            error_set(err, "amount_too_large", "調定額の合計が扱える範囲を超えます。");
            return STATUS_OVERFLOW;
        }
    }
    *count = kept + 1;
    return STATUS_OK;
}

static enum status
sum_sources(struct assessment_draft *draft, struct error_detail *err)
{
    for (size_t i = 0; i < draft->source_count; i++) {
        const struct assessment_source *source = &draft->sources[i];
        if (yen_add(&draft->amount_yen, draft->amount_yen, source->amount_yen) != STATUS_OK ||
            yen_add(&draft->tax_yen, draft->tax_yen, source->tax_yen) != STATUS_OK ||
            yen_add(&draft->count, draft->count, source->quantity) != STATUS_OK) {
            error_set(err, "amount_too_large", "調定額の合計が扱える範囲を超えます。");
            return STATUS_OVERFLOW;
        }
        if (i == 0 || strcmp(draft->sources[i - 1].sale, source->sale) != 0) {
            draft->sale_count++;
        }
    }
    return STATUS_OK;
}

/* Make a draft of the run of COUNT neighbours at CHANGES, using free storage at SOURCES and LINES. A run without money
 * leaves OUT->source_count 0. */
static enum status
draft_run(const struct assessment_input *input, const struct change *changes, size_t count,
          struct assessment_source *sources, struct assessment_line *lines, struct assessment_draft *out,
          struct error_detail *err)
{
    struct assessment_draft draft = {.key = changes[0].source->key, .original = changes[0].original};
    for (size_t i = 0; i < count; i++) {
        const struct assessment_source *source = changes[i].source;
        if (source->amount_yen == 0) {
            draft.zero_count += source->quantity;
            continue;
        }
        lines[draft.source_count] = (struct assessment_line){.item = source->item,
                                                             .name = source->name,
                                                             .count = source->quantity,
                                                             .unit_price_yen = source->unit_price_yen,
                                                             .amount_yen = source->amount_yen,
                                                             .tax_yen = source->tax_yen};
        sources[draft.source_count++] = *source;
    }
    *out = draft;
    if (draft.source_count == 0) {
        return STATUS_OK;
    }

    if (draft.original != 0) {
        draft.kind = ASSESSMENT_DECREASE;
    } else {
        draft.original = original_of(input, &draft.key);
        draft.kind = draft.original != 0 ? ASSESSMENT_INCREASE : ASSESSMENT_ORIGINAL;
    }
    if (draft.kind != ASSESSMENT_ORIGINAL) {
        draft.zero_count = 0; /* counted with the 当初; they are in no claim, so they come up again */
    }
    draft.sources = sources;
    draft.lines = lines;
    draft.line_count = draft.source_count;
    enum status status = sum_sources(&draft, err);
    if (status == STATUS_OK) {
        status = merge_lines(lines, &draft.line_count, err);
    }
    if (status == STATUS_OK) {
        *out = draft;
    }
    return status;
}

static enum status
draft_runs(const struct assessment_input *input, const struct change *changes, size_t count,
           struct assessment_drafts *out, struct error_detail *err)
{
    size_t used = 0;
    for (size_t begin = 0; begin < count;) {
        size_t end = begin + 1;
        while (end < count && changes[end].original == changes[begin].original &&
               assessment_key_compare(&changes[end].source->key, &changes[begin].source->key) == 0) {
            end++;
        }
        struct assessment_draft draft;
        enum status status =
            draft_run(input, &changes[begin], end - begin, &out->sources[used], &out->lines[used], &draft, err);
        if (status != STATUS_OK) {
            return status;
        }
        if (draft.source_count > 0) {
            out->drafts[out->count++] = draft;
            used += draft.source_count;
        }
        begin = end;
    }
    return STATUS_OK;
}

size_t
assessment_line_of(const struct assessment_draft *draft, const struct assessment_source *source)
{
    struct assessment_line wanted = {
        .item = source->item, .name = source->name, .unit_price_yen = source->unit_price_yen};
    const struct assessment_line *found =
        bsearch(&wanted, draft->lines, draft->line_count, sizeof draft->lines[0], compare_lines);
    assert(found != NULL);
    return (size_t)(found - draft->lines);
}

enum status
assessment_draft_all(struct assessment_input *input, struct assessment_drafts *out, struct error_detail *err)
{
    enum status status = order_input(input, err);
    if (status != STATUS_OK) {
        return status;
    }

    size_t room = input->source_count + input->claim_count + 1;
    struct change *changes = calloc(room, sizeof *changes);
    struct assessment_source *parts = calloc(room, sizeof *parts);
    struct assessment_drafts result = {.drafts = calloc(room, sizeof *result.drafts),
                                       .held = calloc(room, sizeof(struct assessment_source *)),
                                       .sources = calloc(room, sizeof *result.sources),
                                       .lines = calloc(room, sizeof *result.lines)};
    if (changes == NULL || parts == NULL || result.drafts == NULL || result.held == NULL || result.sources == NULL ||
        result.lines == NULL) {
        error_set(err, "no_memory", "out of memory for %zu lines", room);
        status = STATUS_NO_MEMORY;
        goto out;
    }
    size_t count = find_changes(input, changes, parts, &result);
    qsort(changes, count, sizeof changes[0], compare_changes);
    status = draft_runs(input, changes, count, &result, err);

out:
    free(parts);
    free(changes);
    if (status != STATUS_OK) {
        assessment_drafts_finish(&result);
        return status;
    }
    *out = result;
    return STATUS_OK;
}

void
assessment_drafts_finish(struct assessment_drafts *drafts)
{
    free(drafts->drafts);
    free(drafts->held);
    free(drafts->sources);
    free(drafts->lines);
    *drafts = (struct assessment_drafts){0};
}
