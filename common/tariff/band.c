/* Bands of a day. */
#include "common/tariff/band.h"

#include <stdio.h>
#include <string.h>

size_t
tariff_band_find(const struct tariff_bands *bands, const char *code)
{
    size_t index = 0;
    while (index < bands->count && strcmp(bands->bands[index].code, code) != 0) {
        index++;
    }
    return index;
}

void
tariff_bands_read(struct tariff_bands *bands, struct member_row *row, size_t least)
{
    const struct json_value *list = member_list(row, "bands", least, BANDS_MAX);
    for (const struct json_value *item = json_first(list); item != NULL; item = json_next(item)) {
        struct tariff_band band = {0};
        struct member_row inner;
        member_enter(&inner, row, "bands", bands->count, item);
        member_code(&inner, "code", band.code);
        member_text(&inner, "name", band.name);
        band.from_minute = member_time(&inner, "from");
        band.to_minute = member_time(&inner, "to");
        if (band.to_minute <= band.from_minute) {
            member_refuse(&inner, "to", "from より後の時刻を書いてください");
        }
        if (tariff_band_find(bands, band.code) < bands->count) {
            member_refuse(&inner, "code", "同じコードの時間帯がもう1つあります");
        }
        member_leave(&inner, row);
        bands->bands[bands->count++] = band;
    }
}

const char *
tariff_band_hours(const struct tariff_band *band, char out[16])
{
    snprintf(out, 16, "%d:%02d〜%d:%02d", band->from_minute / 60 % 25, band->from_minute % 60, band->to_minute / 60 % 25,
             band->to_minute % 60);
    return out;
}

void
tariff_band_choice(const struct tariff_band *band, struct question_list *questions)
{
    char hours[16];
    question_choice(questions, band->code, band->name, tariff_band_hours(band, hours));
}

static void
check_overlaps(struct pricing *pricing, const struct tariff_bands *bands, const bool is_used[BANDS_MAX])
{
    for (size_t i = 0; i < bands->count; i++) {
        for (size_t k = i + 1; k < bands->count; k++) {
            const struct tariff_band *a = &bands->bands[i];
            const struct tariff_band *b = &bands->bands[k];
            if (is_used[i] && is_used[k] && a->from_minute < b->to_minute && b->from_minute < a->to_minute) {
                pricing_refuse(pricing, "bands_overlap",
                               "%.60s と %.60s は時間が重なります。どちらかを外してください。", a->name, b->name);
            }
        }
    }
}

void
tariff_bands_used(struct pricing *pricing, const struct tariff_bands *bands, const struct json_value *list,
                  const char *label, bool out_is_used[BANDS_MAX])
{
    memset(out_is_used, 0, BANDS_MAX * sizeof out_is_used[0]);
    if (list != NULL && !json_is_array(list)) {
        pricing_refuse(pricing, "wrong_answer", "「%.100s」を選び直してください。", label);
        return;
    }
    for (const struct json_value *item = json_first(list); item != NULL; item = json_next(item)) {
        const char *code;
        size_t index = json_as_text(item, &code) ? tariff_band_find(bands, code) : bands->count;
        if (index == bands->count || out_is_used[index]) {
            pricing_refuse(pricing, "wrong_answer", "「%.100s」を選び直してください。", label);
            return;
        }
        out_is_used[index] = true;
    }
    check_overlaps(pricing, bands, out_is_used);
}
