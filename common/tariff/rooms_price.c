/* Pricing rooms: a line for each band of each room, for hours beyond the bands, for the air-conditioning of each, and
 * for equipment. The day of use, not of payment, decides which days' prices count. */
#include "common/tariff/rooms.h"

#include <string.h>

/* What was answered, by index. */
struct use {
    bool is_used[ROOMS_MAX][BANDS_MAX];
    int64_t hours[ROOMS_MAX];
    bool band_is_used[BANDS_MAX]; /* by any room */
    int64_t bands_used;           /* how many of those */
};

static const char use_label[] = "部屋と時間帯";

struct civil_date
rooms_first_day(struct civil_date business_date)
{
    return tariff_date_shift(business_date, -366);
}

struct civil_date
rooms_last_day(struct civil_date business_date)
{
    return tariff_date_shift(business_date, 3 * 366);
}

static bool
is_room(const void *context, const char *code)
{
    const struct rooms_terms *terms = context;
    for (size_t i = 0; i < terms->room_count; i++) {
        if (strcmp(terms->rooms[i].code, code) == 0) {
            return true;
        }
    }
    return false;
}

static bool
is_equipment(const void *context, const char *code)
{
    return rooms_have(context, code) && !is_room(context, code);
}

static void
read_room_use(struct pricing *pricing, const struct rooms_terms *terms, size_t index, struct use *use)
{
    const struct room *room = &terms->rooms[index];
    char label[TARIFF_TEXT_SIZE];
    tariff_text_print(label, "%sの時間帯", room->name);
    const struct json_value *list = json_member(fact_value(pricing, rooms_use_id), room->code);
    tariff_bands_used(pricing, &terms->bands, json_is_null(list) ? NULL : list, label, use->is_used[index]);
    for (size_t b = 0; b < terms->bands.count; b++) {
        if (use->is_used[index][b] && !room->is_priced[b]) {
            pricing_refuse(pricing, "not_let", "%.60s は %.60s の料金がありません。時間帯を選び直してください。",
                           room->name, terms->bands.bands[b].name);
        }
        if (use->is_used[index][b] && !use->band_is_used[b]) {
            use->band_is_used[b] = true;
            use->bands_used++;
        }
    }
    use->hours[index] = fact_count_of(pricing, rooms_hours_id, room->code, room->name, ROOM_HOURS_MAX);
    if (use->hours[index] > 0 && room->hour_minutes == 0) {
        pricing_refuse(pricing, "not_let", "%.60s は時間単位の料金がありません。時間帯を選んでください。", room->name);
    }
}

static void
read_use(struct pricing *pricing, const struct rooms_terms *terms, struct use *use)
{
    pricing->day = fact_date(pricing, rooms_day_id, rooms_day_label, pricing->date);
    if (pricing->status == STATUS_OK && (civil_date_compare(pricing->day, rooms_first_day(pricing->date)) < 0 ||
                                         civil_date_compare(pricing->day, rooms_last_day(pricing->date)) > 0)) {
        pricing_refuse(pricing, "wrong_date", "「使用日」が今日から離れすぎています。年を確かめてください。");
    }
    fact_check_object(pricing, rooms_use_id, use_label, is_room, terms);
    fact_check_object(pricing, rooms_hours_id, terms->hours_name, is_room, terms);
    fact_check_object(pricing, rooms_air_id, terms->air_name, is_room, terms);
    fact_check_object(pricing, rooms_equipment_id, rooms_equipment_label, is_equipment, terms);
    for (size_t i = 0; i < terms->room_count && pricing->status == STATUS_OK; i++) {
        read_room_use(pricing, terms, i, use);
    }
}

static void
add_band(struct pricing *pricing, const struct room *room, const struct tariff_band *band,
         const struct tariff_price_of *price)
{
    char label[TARIFF_TEXT_SIZE];
    char text[TARIFF_TEXT_SIZE];
    char hours[16];
    tariff_text_print(label, "%s %s", room->name, band->name);
    tariff_text_print(text, "%s %s", label, tariff_band_hours(band, hours));
    struct base_price base = {.part = room->part,
                              .category = room->code,
                              .band = band->code,
                              .label = label,
                              .row_text = text,
                              .quantity = 1,
                              .price = *price};
    pricing_add(pricing, &base);
}

/* The air-conditioning of a band, by a price of its own or by a part of the band's. */
static void
add_band_air(struct pricing *pricing, const struct rooms_terms *terms, const struct room *room, size_t band_index)
{
    const struct tariff_band *band = &terms->bands.bands[band_index];
    char label[TARIFF_TEXT_SIZE];
    tariff_text_print(label, "%s %s %s", room->name, band->name, terms->air_name);
    struct base_price base = {.part = rooms_air_part,
                              .category = room->code,
                              .band = band->code,
                              .label = label,
                              .row_text = label,
                              .quantity = 1,
                              .price = room->air_price};
    if (room->air == AIR_PERCENT) {
        int64_t band_yen = pricing_price(pricing, &room->prices[band_index]);
        char yen_text[YEN_TEXT_SIZE];
        base.price = room->prices[band_index];
        base.row_count = 1;
        base.rows[0].yen = tariff_round(band_yen * room->air_percent, 100, pricing->tariff->rounding);
        tariff_text_print(base.rows[0].text, "%s %s円の%lld%%", label, yen_format(yen_text, band_yen),
                          (long long)room->air_percent);
    }
    pricing_add(pricing, &base);
}

static void
add_hours(struct pricing *pricing, const struct rooms_terms *terms, const struct room *room, int64_t hours)
{
    char label[TARIFF_TEXT_SIZE];
    char text[TARIFF_TEXT_SIZE];
    tariff_text_print(label, "%s %s", room->name, terms->hours_name);
    tariff_text_print(text, "%s %lld分", label, (long long)room->hour_minutes);
    struct base_price base = {.part = room->part,
                              .category = room->code,
                              .label = label,
                              .row_text = text,
                              .quantity = hours,
                              .price = room->hour_price};
    pricing_add(pricing, &base);
}

static void
add_hourly_air(struct pricing *pricing, const struct rooms_terms *terms, const struct room *room, int64_t hours)
{
    char label[TARIFF_TEXT_SIZE];
    char text[TARIFF_TEXT_SIZE];
    tariff_text_print(label, "%s %s", room->name, terms->air_name);
    tariff_text_print(text, "%s 1時間", label);
    struct base_price base = {.part = rooms_air_part,
                              .category = room->code,
                              .label = label,
                              .row_text = text,
                              .quantity = hours,
                              .price = room->air_price};
    pricing_add(pricing, &base);
}

static void
add_room(struct pricing *pricing, const struct rooms_terms *terms, size_t index, const struct use *use)
{
    const struct room *room = &terms->rooms[index];
    int64_t air = fact_count_of(pricing, rooms_air_id, room->code, terms->air_name,
                                room->air == AIR_PER_BAND || room->air == AIR_PERCENT ? 1 : ROOM_HOURS_MAX);
    if (air > 0 && room->air == AIR_NONE) {
        pricing_refuse(pricing, "not_let", "%.60s には%.60sの料金がありません。", room->name, terms->air_name);
    }
    bool has_band = false;
    for (size_t b = 0; b < terms->bands.count; b++) {
        if (use->is_used[index][b]) {
            has_band = true;
            add_band(pricing, room, &terms->bands.bands[b], &room->prices[b]);
        }
    }
    if (use->hours[index] > 0) {
        add_hours(pricing, terms, room, use->hours[index]);
    }
    if (air > 0 && !has_band && (use->hours[index] == 0 || room->air != AIR_PER_HOUR)) {
        pricing_refuse(pricing, "air_without_room", "%.60s の%.60sには、使う時間帯も選んでください。", room->name,
                       terms->air_name);
    } else if (air > 0 && room->air == AIR_PER_HOUR) {
        add_hourly_air(pricing, terms, room, air);
    }
    for (size_t b = 0; b < terms->bands.count && air > 0 && room->air != AIR_PER_HOUR; b++) {
        if (use->is_used[index][b]) {
            add_band_air(pricing, terms, room, b);
        }
    }
}

static void
add_equipment(struct pricing *pricing, const struct equipment *equipment, const struct use *use)
{
    int64_t count = fact_count_of(pricing, rooms_equipment_id, equipment->code, equipment->name, equipment->max);
    if (count == 0) {
        return;
    }
    if (equipment->is_per_band && use->bands_used == 0) {
        pricing_refuse(pricing, "equipment_without_band", "%.60s は時間帯ごとの料金です。使う時間帯も選んでください。",
                       equipment->name);
        return;
    }
    int64_t quantity = equipment->is_per_band ? count * use->bands_used : count;
    if (quantity > TARIFF_QUANTITY_MAX) {
        pricing_refuse(pricing, "wrong_number", "%.60s の数が多すぎます。2回に分けて会計してください。",
                       equipment->name);
        return;
    }
    char text[TARIFF_TEXT_SIZE];
    tariff_text_print(text, "%s", equipment->name);
    if (equipment->is_per_band) {
        tariff_text_print(text, "%s %lld%s・%lld区分", equipment->name, (long long)count, equipment->unit,
                          (long long)use->bands_used);
    }
    struct base_price base = {.part = equipment->part,
                              .category = equipment->code,
                              .label = equipment->name,
                              .row_text = text,
                              .quantity = quantity,
                              .price = equipment->price};
    pricing_add(pricing, &base);
}

void
rooms_price(const struct tariff *tariff, struct pricing *pricing)
{
    const struct rooms_terms *terms = tariff->terms;
    struct use use = {.bands_used = 0};
    read_use(pricing, terms, &use);
    for (size_t i = 0; i < terms->room_count && pricing->status == STATUS_OK; i++) {
        add_room(pricing, terms, i, &use);
    }
    for (size_t i = 0; i < terms->equipment_count && pricing->status == STATUS_OK; i++) {
        add_equipment(pricing, &terms->equipment[i], &use);
    }
    if (pricing->out->line_count == 0) {
        pricing_refuse(pricing, "missing_answer", "部屋と時間帯を選んでください。");
    }
}
