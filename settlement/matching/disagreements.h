/* What a run found that does not agree, before it is compared with what stands. */
#pragma once

#include "settlement/matching/discrepancy_class.h"
#include "settlement/matching/pairing.h"
#include "settlement/store/discrepancy_store.h"

/* One disagreement; texts live in the arena. `item` and `line` are collected indexes, MATCH_NONE where it is about
 * neither: when a person has resolved it, they need not be carried on. */
struct disagreement {
    struct discrepancy_row row;
    uint32_t item;
    uint32_t line;
};

struct disagreements {
    struct arena *arena;
    struct growing rows; /* struct disagreement */
    struct civil_date today;
    char today_text[CIVIL_DATE_TEXT_SIZE];
};

void disagreements_init(struct disagreements *disagreements, struct arena *arena, struct civil_date today);
void disagreements_finish(struct disagreements *disagreements);

/* One row of the matcher. */
enum status disagreements_add_open_row(struct disagreements *disagreements, const struct collected *collected,
                                       const struct open_row *row, struct error_detail *err) MUST_CHECK;

/* Payments of ours whose outcome is not known: 処理未了 at once, 結果不明のまま when the till has had its day, or when
 * a statement names it. */
enum status disagreements_add_unknown(struct disagreements *disagreements, const struct collected *collected,
                                      struct error_detail *err) MUST_CHECK;

/* The general way: CLASS about SUBJECT (both texts are copied), with the facts of FACTS (copied, NULL texts are ""). */
enum status disagreements_add(struct disagreements *disagreements, enum discrepancy_class class, const char *subject,
                              const struct discrepancy_row *facts, uint32_t item, uint32_t line,
                              struct error_detail *err) MUST_CHECK;
