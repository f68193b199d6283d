/* Writing questions (see tariff.h for their kinds); for this folder only. */
#pragma once

#include "common/tariff/tariff_parts.h"

struct question_list {
    struct json_writer writer;
};

/* Begin a question with its first five members; the caller adds the others and calls json_end_object. HINT may be "".
 */
void question_begin(struct question_list *list, const char *id, const char *kind, const char *label, const char *hint,
                    bool is_required);

void question_count(struct question_list *list, const char *id, const char *label, const char *hint, const char *unit,
                    int64_t min, int64_t max, int64_t fallback);
void question_flag(struct question_list *list, const char *id, const char *label, const char *hint);
void question_date(struct question_list *list, const char *id, const char *label, const char *hint,
                   struct civil_date fallback, struct civil_date min, struct civil_date max);

/* A row of `counts`, inside its array. PRICE_YEN < 0: not said. */
void question_count_row(struct question_list *list, const char *code, const char *name, const char *hint,
                        const char *unit, int64_t max, int64_t price_yen);

/* {code, name, hint}, inside its array. */
void question_choice(struct question_list *list, const char *code, const char *name, const char *hint);
