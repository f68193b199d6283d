#include "match_support.h"

#include "common/clock/civil.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
scene_init(struct match_scene *scene)
{
    memset(scene, 0, sizeof *scene);
    arena_init(&scene->arena, SIZE_MAX / 4);
    scene->input.sales = (struct match_side){.items = scene->sales, .brands = scene->sale_brands};
    scene->input.lines =
        (struct match_side){.items = scene->lines, .brands = scene->line_brands, .ids_are_lines = true};
    scene->input.decisions = scene->decisions;
}

void
scene_finish(struct match_scene *scene)
{
    arena_finish(&scene->arena);
}

static struct text_view
take_field(const char **text)
{
    const char *end = strchr(*text, '|');
    size_t length = end != NULL ? (size_t)(end - *text) : strlen(*text);
    struct text_view field = {*text, length};
    *text += length + (end != NULL ? 1 : 0);
    return field;
}

static int64_t
parse_time(struct text_view field)
{
    if (field.length == 0) {
        return INSTANT_ABSENT;
    }
    char whole[64];
    int64_t instant_ms = 0;
    snprintf(whole, sizeof whole, "2026-11-%.*s+09:00", (int)field.length, field.at);
    assert_int_equal(instant_parse(&instant_ms, whole, strlen(whole)), STATUS_OK);
    return instant_ms;
}

static uint16_t
brand_index(struct text_view *brands, size_t *count, struct text_view brand)
{
    size_t i = 0;
    while (i < *count && !text_view_equals(brands[i], brand)) {
        i++;
    }
    brands[i] = brand;
    *count = i == *count ? i + 1 : *count;
    return (uint16_t)i;
}

static struct match_item *
add_item(struct match_side *side, struct match_item *items, struct text_view *brands, struct text_view *slips,
         const char *text)
{
    struct match_item *item = &items[side->count];
    struct text_view reference = take_field(&text);
    struct text_view acquirer = take_field(&text);
    struct text_view brand = take_field(&text);
    struct text_view terminal = take_field(&text);
    assert_true(match_item_set_texts(item, reference, acquirer, terminal));
    item->brand = brand_index(brands, &side->brand_count, brand);
    item->accepted_at_ms = parse_time(take_field(&text));
    item->amount_yen = atoll(take_field(&text).at);
    slips[side->count] = take_field(&text);
    side->slips = slips[side->count].length > 0 ? slips : side->slips;
    side->count++;
    assert_true(side->count <= SUPPORT_ITEMS_MAX);
    return item;
}

struct match_item *
scene_sale(struct match_scene *scene, const char *text)
{
    struct match_item *item = add_item(&scene->input.sales, scene->sales, scene->sale_brands, scene->sale_slips, text);
    item->id = scene->input.sales.count;
    return item;
}

struct match_item *
scene_line(struct match_scene *scene, const char *text)
{
    struct match_item *item = add_item(&scene->input.lines, scene->lines, scene->line_brands, scene->line_slips, text);
    item->id = 100 + scene->input.lines.count;
    return item;
}

void
scene_decide(struct match_scene *scene, uint64_t sale_id, uint64_t line_id, bool is_pair)
{
    scene->decisions[scene->input.decision_count++] = (struct match_decision){sale_id, line_id, is_pair};
}

static void
append_id(struct buffer *out, const char *mark, const struct match_side *side, uint32_t index)
{
    if (index != MATCH_NONE) {
        buffer_printf(out, "%s%llu", mark, (unsigned long long)side->items[index].id);
    }
}

void
match_describe(struct buffer *out, const struct match_input *input, const struct match_result *result)
{
    for (size_t i = 0; i < result->match_count; i++) {
        const struct match_pair *pair = &result->matches[i];
        buffer_append_text(out, out->length > 0 ? ", " : "");
        append_id(out, "", &input->sales, pair->sale);
        append_id(out, "=", &input->lines, pair->line);
        buffer_printf(out, " %s", match_key_word((enum match_key)pair->key));
    }
    for (size_t i = 0; i < result->discrepancy_count; i++) {
        const struct match_discrepancy *row = &result->discrepancies[i];
        bool is_pair = row->sale != MATCH_NONE && row->line != MATCH_NONE;
        buffer_printf(out, "%s%s%s ", out->length > 0 ? ", " : "", match_class_name(row->class),
                      match_class_is_remark(row->class) ? "*" : "");
        append_id(out, "", &input->sales, row->sale);
        append_id(out, is_pair ? "=" : "", &input->lines, row->line);
        bool is_of_other_side = row->class == MATCH_PAID_THOUGH_VOID || row->class == MATCH_COUNT_DIFFERS;
        bool sale_related = (row->sale != MATCH_NONE) != is_of_other_side;
        append_id(out, "<", sale_related ? &input->sales : &input->lines, row->related);
        append_id(out, "?", row->sale != MATCH_NONE ? &input->lines : &input->sales, row->suggestion);
    }
}

void
scene_expect(struct match_scene *scene, const char *wanted)
{
    struct match_options options = match_options_default(&scene->arena);
    struct error_detail err = {0};
    if (match_run(&scene->result, &scene->input, &options, &err) != STATUS_OK) {
        fail_msg("%s", err.message);
    }
    struct buffer seen;
    buffer_init(&seen, 64 * 1024);
    match_describe(&seen, &scene->input, &scene->result);
    assert_string_equal(buffer_text(&seen), wanted);
    buffer_finish(&seen);
}
