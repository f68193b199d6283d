/* The steps in order, and the result in order. Each step is a file: match_decisions, match_pass with match_group,
 * match_slip, match_open, match_suggest. */
#include "settlement/reconciliation/matcher.h"

#include "common/money/yen.h"
#include "settlement/reconciliation/match_state.h"

#include <assert.h>
#include <string.h>

struct match_options
match_options_default(struct arena *arena)
{
    return (struct match_options){
        .arena = arena,
        .thread_count = 1,
        .suggestion_window_ms = MATCH_SUGGESTION_WINDOW_MS,
        .cut_off_minutes = MATCH_CUT_OFF_MINUTES,
    };
}

enum status
match_refuse_memory(struct error_detail *err)
{
    error_set(err, "out_of_memory", "照合に使うメモリーが足りません。期間を分けて照合してください。");
    return STATUS_OVERFLOW;
}

/* What each brand of the lines is among the brands of the sales. */
static enum status
map_brands(struct match_state *state, struct error_detail *err)
{
    const struct match_side *sales = &state->input->sales;
    const struct match_side *lines = &state->input->lines;
    state->brand_of_line = arena_take_array(state->arena, lines->brand_count, sizeof *state->brand_of_line);
    if (state->brand_of_line == NULL) {
        return match_refuse_memory(err);
    }
    for (size_t i = 0; i < lines->brand_count; i++) {
        state->brand_of_line[i] = lines->brands[i].length == 0 ? BRAND_UNKNOWN : BRAND_FOREIGN;
        for (size_t k = 0; k < sales->brand_count && state->brand_of_line[i] == BRAND_FOREIGN; k++) {
            bool is_same = text_view_equals(lines->brands[i], sales->brands[k]);
            state->brand_of_line[i] = is_same ? (uint16_t)k : (uint16_t)BRAND_FOREIGN;
        }
    }
    return STATUS_OK;
}

static uint32_t *
take_indexes(struct match_state *state, size_t count)
{
    return arena_take_array(state->arena, count, sizeof(uint32_t));
}

/* What the steps take for all items, but for what few of them need: one block of memory instead of many. */
static size_t
expected_bytes(const struct match_input *input)
{
    enum {
        INDEXES_PER_SALE = 5, /* partner, related, group, scratch, first line */
        INDEXES_PER_LINE = 7, /* partner, related, group, scratch, head, next line, told */
        BYTES_PER_ITEM = 4    /* class, verdict, key */
    };
    return input->sales.count * (INDEXES_PER_SALE * sizeof(uint32_t) + BYTES_PER_ITEM) +
           input->lines.count * (INDEXES_PER_LINE * sizeof(uint32_t) + BYTES_PER_ITEM + sizeof(struct match_pair));
}

static enum status
state_init(struct match_state *state, const struct match_input *input, const struct match_options *options,
           struct error_detail *err)
{
    size_t sales = input->sales.count;
    size_t lines = input->lines.count;
    if (sales > MATCH_ITEMS_MAX || lines > MATCH_ITEMS_MAX || input->sales.brand_count >= BRAND_FOREIGN ||
        input->lines.brand_count >= BRAND_FOREIGN) {
        return match_refuse_memory(err);
    }
    *state = (struct match_state){
        .input = input, .options = options, .arena = options->arena, .last_line_ms = INSTANT_ABSENT};
    state->sale_partner = take_indexes(state, sales);
    state->line_partner = take_indexes(state, lines);
    state->sale_related = take_indexes(state, sales);
    state->line_related = take_indexes(state, lines);
    state->group_sales = take_indexes(state, sales);
    state->group_lines = take_indexes(state, lines);
    state->scratch = take_indexes(state, sales > lines ? sales : lines);
    state->sale_class = arena_take(state->arena, sales);
    state->line_class = arena_take(state->arena, lines);
    state->verdicts = arena_take(state->arena, lines);
    state->keys = arena_take(state->arena, lines);
    if (state->sale_partner == NULL || state->line_partner == NULL || state->sale_related == NULL ||
        state->line_related == NULL || state->group_sales == NULL || state->group_lines == NULL ||
        state->scratch == NULL || state->sale_class == NULL || state->line_class == NULL || state->verdicts == NULL ||
        state->keys == NULL) {
        return match_refuse_memory(err);
    }
    memset(state->sale_partner, 0xFF, sales * sizeof *state->sale_partner); /* MATCH_NONE */
    memset(state->line_partner, 0xFF, lines * sizeof *state->line_partner);
    memset(state->sale_class, CLASS_UNDECIDED, sales);
    memset(state->line_class, CLASS_UNDECIDED, lines);
    return map_brands(state, err);
}

static enum status
match_by_reference(struct match_state *state, struct error_detail *err)
{
    const struct match_input *input = state->input;
    const struct match_index *index = input->sale_index;
    struct match_index *own = NULL;
    enum status status = STATUS_OK;
    if (index == NULL) {
        status =
            match_index_create(&own, &input->sales, MATCH_TEXT_REFERENCE, NULL, input->sales.count, state->arena, err);
        index = own;
    }
    assert(status != STATUS_OK || (index->items == input->sales.items && index->count == input->sales.count));
    return status == STATUS_OK ? match_by_text(state, index, NULL, input->lines.count, err) : status;
}

static enum status
match_by_acquirer(struct match_state *state, struct error_detail *err)
{
    const struct match_input *input = state->input;
    struct match_index *index = NULL;
    enum status status = match_list_open(state, err);
    if (status == STATUS_OK) {
        status = match_index_create(&index, &input->sales, MATCH_TEXT_ACQUIRER, state->open_sales,
                                    state->open_sale_count, state->arena, err);
    }
    return status == STATUS_OK ? match_by_text(state, index, state->open_lines, state->open_line_count, err) : status;
}

static int
compare_ids(const void *items, uint32_t a, uint32_t b)
{
    uint64_t first = ((const struct match_item *)items)[a].id;
    uint64_t second = ((const struct match_item *)items)[b].id;
    return (first > second) - (first < second);
}

/* The items of SIDE by id. *OUT is NULL when they stand in this order already, as files and tables give them. */
static enum status
order_by_id(struct match_state *state, const struct match_side *side, uint32_t **out, struct error_detail *err)
{
    *out = NULL;
    size_t sorted = side->ids_are_lines ? side->count : 1;
    while (sorted < side->count && side->items[sorted - 1].id <= side->items[sorted].id) {
        sorted++;
    }
    if (sorted >= side->count) {
        return STATUS_OK;
    }
    uint32_t *order = take_indexes(state, side->count);
    if (order == NULL) {
        return match_refuse_memory(err);
    }
    for (size_t i = 0; i < side->count; i++) {
        order[i] = (uint32_t)i;
    }
    match_sort(order, side->count, state->scratch, compare_ids, side->items);
    *out = order;
    return STATUS_OK;
}

static uint32_t
ordered(const uint32_t *order, size_t i)
{
    return order == NULL ? (uint32_t)i : order[i];
}

/* The class of a pair with VERDICT when it is no match, or CLASS_UNDECIDED. */
static unsigned
pair_class(uint8_t verdict)
{
    if ((verdict & VERDICT_TRAINING) != 0) {
        return MATCH_TRAINING;
    }
    return (verdict & VERDICT_AMOUNT) != 0 ? (unsigned)MATCH_AMOUNT_DIFFERS : (unsigned)CLASS_UNDECIDED;
}

/* Fill the matches, and list the lines about which there is more to say: those in no pair, and those whose pair is no
 * match or has a remark. *OUT_TOLD, ascending by id, has room for all lines. */
static enum status
fill_matches(struct match_state *state, struct match_result *result, const uint32_t *line_order, uint32_t *out_told,
             size_t *out_told_count, struct error_detail *err)
{
    size_t line_count = state->input->lines.count;
    struct match_pair *matches = arena_take_array(state->arena, line_count + 1, sizeof *matches);
    if (matches == NULL) {
        return match_refuse_memory(err);
    }
    size_t match_count = 0;
    size_t told_count = 0;
    for (size_t i = 0; i < line_count; i++) {
        uint32_t line = ordered(line_order, i);
        uint32_t sale = state->line_partner[line];
        bool is_plain = sale != MATCH_NONE && state->verdicts[line] == 0;
        matches[match_count] =
            (struct match_pair){.sale = sale, .line = line & MATCH_ITEMS_MAX, .key = state->keys[line] & 3U};
        match_count += is_plain || (sale != MATCH_NONE && pair_class(state->verdicts[line]) == CLASS_UNDECIDED) ? 1 : 0;
        out_told[told_count] = line;
        told_count += is_plain ? 0 : 1;
    }
    result->matches = matches;
    result->match_count = match_count;
    *out_told_count = told_count;
    return STATUS_OK;
}

/* Where the next row of each class goes; counting is the same walk with rows == NULL. */
struct emitter {
    struct match_state *state;
    struct match_result *result;
    struct match_discrepancy *rows;
    size_t next[MATCH_CLASS_COUNT];
};

static enum status
add_totals(struct match_totals *totals, const struct match_item *sale, const struct match_item *line)
{
    totals->count++;
    enum status status = STATUS_OK;
    if (sale != NULL) {
        status = yen_add(&totals->sale_yen, totals->sale_yen, sale->amount_yen);
    }
    if (line != NULL && status == STATUS_OK) {
        status = yen_add(&totals->statement_yen, totals->statement_yen, line->amount_yen);
    }
    return status;
}

static enum status
emit(struct emitter *emitter, unsigned class, uint32_t sale, uint32_t line, uint32_t related)
{
    size_t at = emitter->next[class]++;
    if (emitter->rows == NULL) {
        return STATUS_OK;
    }
    emitter->rows[at] = (struct match_discrepancy){
        .class = (enum match_class) class, .sale = sale, .line = line, .related = related, .suggestion = MATCH_NONE};
    return add_totals(&emitter->result->classes[class], sale != MATCH_NONE ? match_sale(emitter->state, sale) : NULL,
                      line != MATCH_NONE ? match_line(emitter->state, line) : NULL);
}

/* What there is to say about LINE besides a match. */
static enum status
emit_line(struct emitter *emitter, uint32_t line)
{
    struct match_state *state = emitter->state;
    uint32_t sale = state->line_partner[line];
    if (sale == MATCH_NONE) {
        unsigned class = state->line_class[line];
        return emit(emitter, class, MATCH_NONE, line,
                    class == MATCH_DUPLICATE || class == MATCH_COUNT_DIFFERS ? state->line_related[line] : MATCH_NONE);
    }
    uint8_t verdict = state->verdicts[line];
    unsigned class = pair_class(verdict);
    enum status status = class == CLASS_UNDECIDED ? STATUS_OK : emit(emitter, class, sale, line, MATCH_NONE);
    if (status == STATUS_OK && (verdict & VERDICT_BRAND) != 0) {
        status = emit(emitter, MATCH_BRAND_DIFFERS, sale, line, MATCH_NONE);
    }
    if (status == STATUS_OK && (verdict & VERDICT_DAY) != 0) {
        status = emit(emitter, MATCH_CUT_OFF_REMARK, sale, line, MATCH_NONE);
    }
    return status;
}

static enum status
emit_open_sale(struct emitter *emitter, uint32_t sale)
{
    const struct match_state *state = emitter->state;
    unsigned class = state->sale_class[sale];
    bool has_related = class == MATCH_DUPLICATE || class == MATCH_PAID_THOUGH_VOID || class == MATCH_COUNT_DIFFERS;
    return emit(emitter, class, sale, MATCH_NONE, has_related ? state->sale_related[sale] : MATCH_NONE);
}

/* Everything to be said, by id: LINES, and then the open sales. */
static enum status
tell(struct emitter *emitter, const uint32_t *lines, size_t line_count)
{
    const struct match_state *state = emitter->state;
    enum status status = STATUS_OK;
    for (size_t i = 0; i < line_count && status == STATUS_OK; i++) {
        status = emit_line(emitter, lines[i]);
    }
    for (size_t i = 0; i < state->open_sale_count && status == STATUS_OK; i++) {
        status = emit_open_sale(emitter, state->open_sales[i]);
    }
    return status;
}

/* Make room for as many rows as the first telling counted, class by class. */
static enum status
make_room(struct emitter *emitter, struct error_detail *err)
{
    struct match_result *result = emitter->result;
    for (unsigned class = 0; class < MATCH_CLASS_COUNT; class ++) {
        size_t count = emitter->next[class];
        emitter->next[class] = result->discrepancy_count;
        result->discrepancy_count += count;
    }
    result->discrepancies =
        arena_take_array(emitter->state->arena, result->discrepancy_count, sizeof *result->discrepancies);
    emitter->rows = result->discrepancies;
    return result->discrepancies != NULL ? STATUS_OK : match_refuse_memory(err);
}

/* What is in a match is what is in nothing else; both sides of a match are equal to the yen. */
static enum status
sum_matched(struct match_result *result, int64_t lines_yen)
{
    enum status status = STATUS_OK;
    for (unsigned class = 0; class < MATCH_CLASS_COUNT && status == STATUS_OK; class ++) {
        if (!match_class_is_remark((enum match_class) class)) {
            status = yen_subtract(&lines_yen, lines_yen, result->classes[class].statement_yen);
        }
    }
    result->matched =
        (struct match_totals){.count = result->match_count, .sale_yen = lines_yen, .statement_yen = lines_yen};
    return status;
}

static enum status
build_result(struct match_state *state, struct match_result *result, struct error_detail *err)
{
    const struct match_side *lines = &state->input->lines;
    uint32_t *line_order = NULL;
    uint32_t *told = take_indexes(state, lines->count + 1); /* one more: written before it is known to count */
    size_t told_count = 0;
    if (told == NULL) {
        return match_refuse_memory(err);
    }
    match_sort(state->open_sales, state->open_sale_count, state->scratch, compare_ids, state->input->sales.items);
    enum status status = order_by_id(state, lines, &line_order, err);
    if (status == STATUS_OK) {
        status = fill_matches(state, result, line_order, told, &told_count, err);
    }
    struct emitter emitter = {.state = state, .result = result};
    if (status == STATUS_OK) {
        status = tell(&emitter, told, told_count);
    }
    if (status == STATUS_OK) {
        status = make_room(&emitter, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    status = tell(&emitter, told, told_count);
    if (status == STATUS_OK) {
        status = sum_matched(result, state->lines_yen);
    }
    if (status != STATUS_OK) {
        error_set(err, "sum_too_large", "金額の合計が扱える範囲を超えました。");
        return status;
    }
    return match_suggest(state, result->discrepancies, result->discrepancy_count, err);
}

enum status
match_run(struct match_result *out, const struct match_input *input, const struct match_options *options,
          struct error_detail *err)
{
    assert(options->arena != NULL);
    assert(options->thread_count >= 1 && options->thread_count <= MATCH_THREADS_MAX);

    struct match_state state;
    struct match_result result = {0};
    arena_reserve(options->arena, expected_bytes(input));
    enum status status = state_init(&state, input, options, err);
    if (status == STATUS_OK) {
        status = match_apply_decisions(&state, err);
    }
    if (status == STATUS_OK) {
        status = match_by_reference(&state, err);
    }
    if (status == STATUS_OK) {
        status = match_by_acquirer(&state, err);
    }
    if (status == STATUS_OK) {
        status = match_by_slip(&state, err);
    }
    if (status == STATUS_OK) {
        status = match_classify_open(&state, err);
    }
    if (status == STATUS_OK) {
        status = build_result(&state, &result, err);
    }
    if (status == STATUS_OK) {
        *out = result;
    }
    return status;
}
