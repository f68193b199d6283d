/* Matches in a few words: items from short texts, and the result as lines of text. */
#pragma once

#include "common/bytes/buffer.h"
#include "settlement/reconciliation/matcher.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { SUPPORT_ITEMS_MAX = 64 };

/* Everything that a match in a test needs. */
struct match_scene {
    struct match_item sales[SUPPORT_ITEMS_MAX];
    struct match_item lines[SUPPORT_ITEMS_MAX];
    struct match_decision decisions[SUPPORT_ITEMS_MAX];
    struct text_view sale_brands[SUPPORT_ITEMS_MAX];
    struct text_view line_brands[SUPPORT_ITEMS_MAX];
    struct text_view sale_slips[SUPPORT_ITEMS_MAX];
    struct text_view line_slips[SUPPORT_ITEMS_MAX];
    struct match_input input;
    struct match_result result;
    struct arena arena;
};

void scene_init(struct match_scene *scene);
void scene_finish(struct match_scene *scene);

/* Add an item written as "reference|acquirer|brand|terminal|22T10:03:11|450" (the 22nd of November 2026; an empty time
 * is absent), perhaps with "|000123" for a slip. Ids count from 1 for sales and from 101 for lines. Texts are borrowed:
 * literals. Returns the item. */
struct match_item *scene_sale(struct match_scene *scene, const char *text);
struct match_item *scene_line(struct match_scene *scene, const char *text);

void scene_decide(struct match_scene *scene, uint64_t sale_id, uint64_t line_id, bool is_pair);

/* Match, and compare with WANTED: first the matches as "1=101 reference", then the discrepancies as "POSのみ 2",
 * "明細のみ 102", "金額相違 3=103"; "*" after the class for a remark, "<4" for what is related, "?105" for a
 * suggestion; joined by ", ". */
void scene_expect(struct match_scene *scene, const char *wanted);

/* Append the result in that form. */
void match_describe(struct buffer *out, const struct match_input *input, const struct match_result *result);
