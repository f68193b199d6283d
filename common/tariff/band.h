/* Bands of a day (午前 9:00〜12:00 …), as persons and bands use them; for this folder only. */
#pragma once

#include "common/tariff/pricing.h"
#include "common/tariff/question.h"

enum { BANDS_MAX = 16 }; /* hourly bands of a long day, and 全日 */

/* INVARIANT: 0 ≤ from_minute < to_minute ≤ 1440. Bands may overlap (全日 beside 午前); what is used may not. */
struct tariff_band {
    char code[TARIFF_CODE_SIZE];
    char name[TARIFF_TEXT_SIZE];
    int from_minute;
    int to_minute;
};

struct tariff_bands {
    struct tariff_band bands[BANDS_MAX];
    size_t count;
};

/* Read `bands` of ROW, LEAST of them at least. */
void tariff_bands_read(struct tariff_bands *bands, struct member_row *row, size_t least);

/* Index of CODE; `count` when there is none. */
size_t tariff_band_find(const struct tariff_bands *bands, const char *code);

/* "9:00〜12:00" */
const char *tariff_band_hours(const struct tariff_band *band, char out[16]);

/* {code, name, hint: hours}, inside an array. */
void tariff_band_choice(const struct tariff_band *band, struct question_list *questions);

/* Read LIST, an array of codes that answers the question LABEL, into OUT_IS_USED by index. Refused: codes that are not
 * known, twice the same, bands that overlap. */
void tariff_bands_used(struct pricing *pricing, const struct tariff_bands *bands, const struct json_value *list,
                       const char *label, bool out_is_used[BANDS_MAX]);
