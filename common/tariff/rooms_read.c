/* The row of a tariff of form bands. */
#include "common/tariff/rooms.h"

#include <stdlib.h>
#include <string.h>

enum { HOUR_MINUTES_MAX = 720 };

bool
rooms_have(const struct rooms_terms *terms, const char *code)
{
    for (size_t i = 0; i < terms->room_count; i++) {
        if (strcmp(terms->rooms[i].code, code) == 0) {
            return true;
        }
    }
    for (size_t i = 0; i < terms->equipment_count; i++) {
        if (strcmp(terms->equipment[i].code, code) == 0) {
            return true;
        }
    }
    return false;
}

static void
read_part(struct member_row *row, const char *fallback, char out[TARIFF_CODE_SIZE])
{
    if (member_is_given(row, "part")) {
        member_code(row, "part", out);
    } else {
        memcpy(out, fallback, strlen(fallback) + 1);
    }
}

static void
read_band_prices(const struct tariff *tariff, const struct rooms_terms *terms, struct room *room,
                 struct member_row *row)
{
    if (!member_is_given(row, "prices_yen")) {
        return;
    }
    struct member_row inner;
    member_enter_object(&inner, row, "prices_yen");
    for (size_t i = 0; i < terms->bands.count; i++) {
        room->is_priced[i] = member_is_given(&inner, terms->bands.bands[i].code);
        if (room->is_priced[i]) {
            tariff_price_read(tariff, &inner, terms->bands.bands[i].code, &room->prices[i]);
        }
    }
    member_leave(&inner, row);
}

static void
read_hour(const struct tariff *tariff, struct room *room, struct member_row *row)
{
    if (!member_is_given(row, "hourly")) {
        return;
    }
    struct member_row inner;
    member_enter_object(&inner, row, "hourly");
    room->hour_minutes = member_int_or(&inner, "minutes", 1, HOUR_MINUTES_MAX, 60);
    tariff_price_read(tariff, &inner, "yen", &room->hour_price);
    member_leave(&inner, row);
}

static void
read_air(const struct tariff *tariff, struct room *room, struct member_row *row)
{
    if (!member_is_given(row, "air")) {
        return;
    }
    struct member_row inner;
    member_enter_object(&inner, row, "air");
    bool has_percent = member_is_given(&inner, "percent");
    bool has_band = member_is_given(&inner, "band_yen");
    bool has_hour = member_is_given(&inner, "hour_yen");
    if (has_percent + has_band + has_hour != 1) {
        member_refuse(&inner, "percent", "percent, band_yen, hour_yen のどれか1つを書いてください");
    } else if (has_percent) {
        room->air = AIR_PERCENT;
        room->air_percent = member_int(&inner, "percent", 1, PERCENT_MAX);
    } else {
        room->air = has_band ? AIR_PER_BAND : AIR_PER_HOUR;
        tariff_price_read(tariff, &inner, has_band ? "band_yen" : "hour_yen", &room->air_price);
    }
    member_leave(&inner, row);
}

static void
read_room(const struct tariff *tariff, struct rooms_terms *terms, struct member_row *row,
          const struct json_value *object)
{
    struct room *room = &terms->rooms[terms->room_count];
    struct member_row inner;
    member_enter(&inner, row, "rooms", terms->room_count, object);
    member_code(&inner, "code", room->code);
    member_text(&inner, "name", room->name);
    member_text_or(&inner, "hint", "", room->hint);
    read_part(&inner, "room", room->part);
    read_band_prices(tariff, terms, room, &inner);
    read_hour(tariff, room, &inner);
    read_air(tariff, room, &inner);
    bool is_priced = room->hour_minutes > 0;
    for (size_t i = 0; i < terms->bands.count; i++) {
        is_priced = is_priced || room->is_priced[i];
    }
    if (!is_priced) {
        member_refuse(&inner, "prices_yen", "時間帯ごとの料金か hourly を書いてください");
    }
    if (rooms_have(terms, room->code)) {
        member_refuse(&inner, "code", "同じコードの部屋がもう1つあります");
    }
    member_leave(&inner, row);
    terms->room_count++;
}

static void
read_equipment(const struct tariff *tariff, struct rooms_terms *terms, struct member_row *row,
               const struct json_value *object)
{
    static const char *const pers[] = {"use", "band", NULL};
    struct equipment *equipment = &terms->equipment[terms->equipment_count];
    struct member_row inner;
    member_enter(&inner, row, "equipment", terms->equipment_count, object);
    member_code(&inner, "code", equipment->code);
    member_text(&inner, "name", equipment->name);
    member_text_or(&inner, "hint", "", equipment->hint);
    member_text_or(&inner, "unit", "台", equipment->unit);
    read_part(&inner, "equipment", equipment->part);
    tariff_price_read(tariff, &inner, "price_yen", &equipment->price);
    equipment->is_per_band = member_word(&inner, "per", pers, 0) == 1;
    equipment->max = member_int_or(&inner, "max", 1, TARIFF_QUANTITY_MAX, TARIFF_QUANTITY_MAX);
    if (rooms_have(terms, equipment->code)) {
        member_refuse(&inner, "code", "同じコードの部屋か設備がもう1つあります");
    }
    member_leave(&inner, row);
    terms->equipment_count++;
}

void
rooms_read(struct tariff *tariff, struct member_row *row)
{
    struct rooms_terms *terms = calloc(1, sizeof *terms);
    if (terms == NULL) {
        member_out_of_memory(row);
        return;
    }
    tariff->terms = terms;
    tariff_bands_read(&terms->bands, row, 0);
    member_text_or(row, "air_name", "冷暖房", terms->air_name);
    member_text_or(row, "hours_name", "時間延長", terms->hours_name);
    const struct json_value *rooms = member_list(row, "rooms", 1, ROOMS_MAX);
    const struct json_value *equipment = member_list(row, "equipment", 0, EQUIPMENT_MAX);
    terms->rooms = calloc(json_count(rooms) + 1, sizeof *terms->rooms);
    terms->equipment = calloc(json_count(equipment) + 1, sizeof *terms->equipment);
    if (terms->rooms == NULL || terms->equipment == NULL) {
        member_out_of_memory(row);
        return;
    }
    for (const struct json_value *item = json_first(rooms); item != NULL; item = json_next(item)) {
        read_room(tariff, terms, row, item);
    }
    for (const struct json_value *item = json_first(equipment); item != NULL; item = json_next(item)) {
        read_equipment(tariff, terms, row, item);
    }
}

void
rooms_destroy(void *terms_of_form)
{
    struct rooms_terms *terms = terms_of_form;
    free(terms->rooms);
    free(terms->equipment);
    free(terms);
}
