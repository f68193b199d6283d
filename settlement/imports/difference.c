/* Both sides are sorted by what their lines speak of and then by what they say, and walked together: within what speaks
 * of one thing, equal lines are partners first, and what is left is changed in its order. */
#include "settlement/imports/difference.h"

#include "common/signing/signing.h"

#include <stdlib.h>
#include <string.h>

void
difference_init(struct difference *difference)
{
    *difference = (struct difference){0};
    growing_init(&difference->earlier, sizeof(struct compared_line), DIFFERENCE_LINES_MAX, 0);
    growing_init(&difference->later, sizeof(struct compared_line), DIFFERENCE_LINES_MAX, 0);
    growing_init(&difference->entries, sizeof(struct difference_entry), 2 * (size_t)DIFFERENCE_LINES_MAX, 0);
    buffer_init(&difference->fields, DIFFERENCE_FIELDS_MAX_BYTES);
}

void
difference_finish(struct difference *difference)
{
    growing_finish(&difference->earlier);
    growing_finish(&difference->later);
    growing_finish(&difference->entries);
    buffer_finish(&difference->fields);
}

/* Each field begins with its length, so that no two lists of fields have the same bytes. */
static void
put_text(struct buffer *fields, struct text_view text)
{
    uint64_t length = text.length;
    buffer_append(fields, &length, sizeof length);
    buffer_append(fields, text.at, text.length);
}

static void
put_number(struct buffer *fields, int64_t number)
{
    buffer_append(fields, &number, sizeof number);
}

static void
put_day(struct buffer *fields, struct civil_date day)
{
    put_number(fields, (int64_t)day.year * 10000 + day.month * 100 + day.day);
}

static enum status
take_digest(struct buffer *fields, uint8_t out[DIFFERENCE_DIGEST_SIZE], struct error_detail *err)
{
    uint8_t digest[SHA256_SIZE];
    enum status status = buffer_check(fields, err);
    if (status == STATUS_OK) {
        sha256(digest, buffer_text(fields), fields->length);
        memcpy(out, digest, DIFFERENCE_DIGEST_SIZE);
    }
    buffer_clear(fields);
    return status;
}

static enum status
add(struct growing *side, const struct compared_line *line, struct error_detail *err)
{
    struct compared_line *place = growing_add(side);
    if (place == NULL) {
        error_set(err, "too_many_lines", "比べる行が多すぎるか、メモリーが足りません。");
        return STATUS_OVERFLOW;
    }
    *place = *line;
    return STATUS_OK;
}

enum status
difference_add_statement(struct difference *difference, struct growing *side, int64_t import, bool is_aside,
                         const struct statement_line *line, struct error_detail *err)
{
    struct compared_line compared = {.import = import,
                                     .line = line->line,
                                     .is_aside = is_aside,
                                     .amount_yen = line->amount_yen,
                                     .fee_yen = line->fee_yen};
    struct buffer *fields = &difference->fields;
    put_number(fields, line->kind);
    put_text(fields, line->merchant_reference);
    put_text(fields, line->acquirer_reference);
    if (line->merchant_reference.length + line->acquirer_reference.length == 0) {
        put_text(fields, line->brand);
        put_text(fields, line->terminal);
        put_text(fields, line->slip);
        put_text(fields, line->payout_id);
        put_number(fields, line->accepted_at_ms);
    }
    enum status status = take_digest(fields, compared.identity, err);
    if (status != STATUS_OK) {
        return status;
    }
    put_number(fields, line->kind);
    put_number(fields, line->is_training ? 1 : 0);
    put_text(fields, line->brand);
    put_text(fields, line->merchant_reference);
    put_text(fields, line->acquirer_reference);
    put_text(fields, line->terminal);
    put_text(fields, line->slip);
    put_text(fields, line->payout_id);
    put_number(fields, line->accepted_at_ms);
    put_number(fields, line->amount_yen);
    put_number(fields, line->fee_yen);
    put_day(fields, line->pay_date);
    status = take_digest(fields, compared.content, err);
    return status == STATUS_OK ? add(side, &compared, err) : status;
}

enum status
difference_add_bank(struct difference *difference, struct growing *side, int64_t import, bool is_aside,
                    const struct bank_line *line, struct error_detail *err)
{
    struct compared_line compared = {.import = import,
                                     .line = line->line,
                                     .is_aside = is_aside,
                                     .amount_yen = line->direction == BANK_IN ? line->amount_yen : -line->amount_yen};
    struct buffer *fields = &difference->fields;
    const struct text_view account[] = {line->account_bank, line->account_branch, line->account_kind,
                                        line->account_number, line->inquiry_number};
    const struct text_view words[] = {line->payer_code,     line->payer_kana, line->sending_bank,
                                      line->sending_branch, line->summary,    line->edi};
    for (int is_content = 0; is_content <= 1; is_content++) {
        put_number(fields, line->direction);
        put_day(fields, line->date);
        for (size_t i = 0; i < sizeof account / sizeof account[0]; i++) {
            put_text(fields, account[i]);
        }
        for (size_t i = 0; (is_content == 1 || line->inquiry_number.length == 0) && i < sizeof words / sizeof words[0];
             i++) {
            put_text(fields, words[i]);
        }
        if (is_content == 1) {
            put_text(fields, line->transaction);
            put_day(fields, line->value_date);
            put_number(fields, line->amount_yen);
        }
        enum status status = take_digest(fields, is_content == 1 ? compared.content : compared.identity, err);
        if (status != STATUS_OK) {
            return status;
        }
    }
    return add(side, &compared, err);
}

static int
compare_lines(const void *a, const void *b)
{
    const struct compared_line *left = a;
    const struct compared_line *right = b;
    int order = memcmp(left->identity, right->identity, sizeof left->identity);
    order = order != 0 ? order : memcmp(left->content, right->content, sizeof left->content);
    order = order != 0 ? order : (left->import > right->import) - (left->import < right->import);
    return order != 0 ? order : (left->line > right->line) - (left->line < right->line);
}

static void
sort(struct growing *side)
{
    if (side->count > 1) {
        qsort(side->elements, side->count, sizeof(struct compared_line), compare_lines);
    }
}

/* The walk over both sides. */
struct walk {
    struct difference *difference;
    const struct compared_line *earlier;
    const struct compared_line *later;
    bool *is_taken[2]; /* of the earlier and the later side: has its partner with the same content */
    bool has_failed;
};

static void
put_entry(struct walk *walk, enum difference_kind kind, size_t earlier, size_t later)
{
    struct difference_entry *entry = growing_add(&walk->difference->entries);
    if (entry == NULL) {
        walk->has_failed = true;
        return;
    }
    *entry = (struct difference_entry){kind, (uint32_t)earlier, (uint32_t)later};
    walk->difference->counts[kind]++;
}

/* The end of what speaks of the same as SIDE[FIRST]. */
static size_t
end_of(const struct compared_line *side, size_t first, size_t count)
{
    size_t end = first;
    while (end < count && memcmp(side[end].identity, side[first].identity, sizeof side[first].identity) == 0) {
        end++;
    }
    return end;
}

/* Lines [E, E_END) and [L, L_END) speak of one thing. */
static void
pair_group(struct walk *walk, size_t e, size_t e_end, size_t l, size_t l_end)
{
    for (size_t i = e, k = l; i < e_end && k < l_end;) {
        int order = memcmp(walk->earlier[i].content, walk->later[k].content, sizeof walk->earlier[i].content);
        if (order == 0) {
            walk->is_taken[0][i] = walk->is_taken[1][k] = true;
            put_entry(walk, DIFFERENCE_SAME, i, k);
        }
        i += order <= 0 ? 1 : 0;
        k += order >= 0 ? 1 : 0;
    }
    for (;;) {
        while (e < e_end && walk->is_taken[0][e]) {
            e++;
        }
        while (l < l_end && walk->is_taken[1][l]) {
            l++;
        }
        if (e == e_end && l == l_end) {
            return;
        }
        bool has_both = e < e_end && l < l_end;
        put_entry(walk,
                  has_both    ? DIFFERENCE_CHANGED
                  : e < e_end ? DIFFERENCE_GONE
                              : DIFFERENCE_ADDED,
                  e < e_end ? e : DIFFERENCE_NONE, l < l_end ? l : DIFFERENCE_NONE);
        e += e < e_end ? 1 : 0;
        l += l < l_end ? 1 : 0;
    }
}

static void
pair_all(struct walk *walk)
{
    size_t e_count = walk->difference->earlier.count;
    size_t l_count = walk->difference->later.count;
    size_t e = 0;
    size_t l = 0;
    while (e < e_count || l < l_count) {
        int order = e == e_count ? 1
                    : l == l_count
                        ? -1
                        : memcmp(walk->earlier[e].identity, walk->later[l].identity, sizeof walk->earlier[e].identity);
        size_t e_end = order <= 0 ? end_of(walk->earlier, e, e_count) : e;
        size_t l_end = order >= 0 ? end_of(walk->later, l, l_count) : l;
        pair_group(walk, e, e_end, l, l_end);
        e = e_end;
        l = l_end;
    }
}

enum status
difference_make(struct difference *difference, struct error_detail *err)
{
    sort(&difference->earlier);
    sort(&difference->later);
    struct walk walk = {.difference = difference,
                        .earlier = difference->earlier.elements,
                        .later = difference->later.elements,
                        .is_taken = {calloc(difference->earlier.count + 1, sizeof(bool)),
                                     calloc(difference->later.count + 1, sizeof(bool))}};
    if (walk.is_taken[0] != NULL && walk.is_taken[1] != NULL) {
        pair_all(&walk);
    } else {
        walk.has_failed = true;
    }
    free(walk.is_taken[0]);
    free(walk.is_taken[1]);
    if (walk.has_failed) {
        error_set(err, "no_memory", "比べるためのメモリーが足りません。");
        return STATUS_NO_MEMORY;
    }
    return STATUS_OK;
}

/* An entry with the line that it stands at. */
struct placed {
    struct difference_entry entry;
    bool is_same;
    uint32_t line;
};

static int
compare_placed(const void *a, const void *b)
{
    const struct placed *left = a;
    const struct placed *right = b;
    int order = (int)left->is_same - (int)right->is_same;
    order = order != 0 ? order : (left->line > right->line) - (left->line < right->line);
    return order != 0 ? order : (int)left->entry.kind - (int)right->entry.kind;
}

void
difference_order(struct difference *difference)
{
    struct difference_entry *entries = difference->entries.elements;
    size_t count = difference->entries.count;
    struct placed *placed = count > 1 ? malloc(count * sizeof *placed) : NULL;
    if (placed == NULL) {
        return; /* one entry, or no memory for an order that only helps the eye */
    }
    for (size_t i = 0; i < count; i++) {
        const struct compared_line *later = difference_later(difference, &entries[i]);
        const struct compared_line *line = later != NULL ? later : difference_earlier(difference, &entries[i]);
        placed[i] = (struct placed){entries[i], entries[i].kind == DIFFERENCE_SAME, line->line};
    }
    qsort(placed, count, sizeof *placed, compare_placed);
    for (size_t i = 0; i < count; i++) {
        entries[i] = placed[i].entry;
    }
    free(placed);
}

bool
difference_is_any(const struct difference *difference)
{
    return difference->counts[DIFFERENCE_CHANGED] + difference->counts[DIFFERENCE_GONE] +
               difference->counts[DIFFERENCE_ADDED] >
           0;
}

static const struct {
    const char *word;
    const char *name;
} kinds[DIFFERENCE_KIND_COUNT] = {
    [DIFFERENCE_SAME] = {"same", "変わらない"},
    [DIFFERENCE_CHANGED] = {"changed", "変更"},
    [DIFFERENCE_GONE] = {"gone", "削除"},
    [DIFFERENCE_ADDED] = {"added", "追加"},
};

const char *
difference_kind_word(enum difference_kind kind)
{
    return kinds[kind].word;
}

const char *
difference_kind_name(enum difference_kind kind)
{
    return kinds[kind].name;
}
