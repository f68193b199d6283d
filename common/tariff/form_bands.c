/* bands: rooms by bands of the day, hours beyond them, air-conditioning and equipment. This file asks; rooms_read.c
 * reads the row, rooms_price.c prices. */
#include "common/tariff/rooms.h"

#include <string.h>

const char rooms_day_id[] = "used_on";
const char rooms_day_label[] = "使用日";
const char rooms_use_id[] = "use";
const char rooms_hours_id[] = "hours";
const char rooms_air_id[] = "air";
const char rooms_equipment_id[] = "equipment";
const char rooms_equipment_label[] = "設備・器具";
const char rooms_air_part[] = "air";

static bool
has_part(const struct tariff *tariff, const char *code)
{
    const struct rooms_terms *terms = tariff->terms;
    bool is_found = false;
    for (size_t i = 0; i < terms->room_count; i++) {
        is_found = is_found || strcmp(terms->rooms[i].part, code) == 0 ||
                   (terms->rooms[i].air != AIR_NONE && strcmp(rooms_air_part, code) == 0);
    }
    for (size_t i = 0; i < terms->equipment_count; i++) {
        is_found = is_found || strcmp(terms->equipment[i].part, code) == 0;
    }
    return is_found;
}

static bool
has_band(const struct tariff *tariff, const char *code)
{
    const struct rooms_terms *terms = tariff->terms;
    return tariff_band_find(&terms->bands, code) < terms->bands.count;
}

static bool
has_category(const struct tariff *tariff, const char *code)
{
    return rooms_have(tariff->terms, code);
}

static void
write_parts(const struct tariff *tariff, struct json_writer *writer)
{
    const struct rooms_terms *terms = tariff->terms;
    bool has_air = false;
    for (size_t i = 0; i < terms->room_count; i++) {
        bool is_new = true;
        for (size_t k = 0; k < i; k++) {
            is_new = is_new && strcmp(terms->rooms[k].part, terms->rooms[i].part) != 0;
        }
        has_air = has_air || terms->rooms[i].air != AIR_NONE;
        if (is_new) {
            json_text(writer, NULL, terms->rooms[i].part);
        }
    }
    if (has_air) {
        json_text(writer, NULL, rooms_air_part);
    }
    for (size_t i = 0; i < terms->equipment_count; i++) {
        bool is_new = true;
        for (size_t k = 0; k < i; k++) {
            is_new = is_new && strcmp(terms->equipment[k].part, terms->equipment[i].part) != 0;
        }
        if (is_new) {
            json_text(writer, NULL, terms->equipment[i].part);
        }
    }
}

static void
ask_use(const struct rooms_terms *terms, struct question_list *questions)
{
    struct json_writer *writer = &questions->writer;
    if (terms->bands.count == 0) {
        return;
    }
    question_begin(questions, rooms_use_id, "grid", "部屋と時間帯", "", /* is_required= */ false);
    json_begin_array(writer, "columns");
    for (size_t b = 0; b < terms->bands.count; b++) {
        tariff_band_choice(&terms->bands.bands[b], questions);
    }
    json_end_array(writer);
    json_begin_array(writer, "rows");
    for (size_t i = 0; i < terms->room_count; i++) {
        const struct room *room = &terms->rooms[i];
        json_begin_object(writer, NULL);
        json_text(writer, "code", room->code);
        json_text(writer, "name", room->name);
        json_text(writer, "hint", room->hint);
        json_begin_object(writer, "prices_yen");
        for (size_t b = 0; b < terms->bands.count; b++) {
            if (room->is_priced[b]) {
                json_int(writer, terms->bands.bands[b].code, room->prices[b].yen);
            }
        }
        json_end_object(writer);
        json_end_object(writer);
    }
    json_end_array(writer);
    json_end_object(writer);
}

static void
ask_hours(const struct rooms_terms *terms, struct question_list *questions)
{
    bool has_hours = false;
    for (size_t i = 0; i < terms->room_count; i++) {
        has_hours = has_hours || terms->rooms[i].hour_minutes > 0;
    }
    if (!has_hours) {
        return;
    }
    question_begin(questions, rooms_hours_id, "counts", terms->hours_name, "", /* is_required= */ false);
    json_begin_array(&questions->writer, "rows");
    for (size_t i = 0; i < terms->room_count; i++) {
        const struct room *room = &terms->rooms[i];
        char unit[TARIFF_TEXT_SIZE] = "時間";
        if (room->hour_minutes != 60) {
            tariff_text_print(unit, "× %lld分", (long long)room->hour_minutes);
        }
        if (room->hour_minutes > 0) {
            question_count_row(questions, room->code, room->name, room->hint, unit, ROOM_HOURS_MAX,
                               room->hour_price.yen);
        }
    }
    json_end_array(&questions->writer);
    json_end_object(&questions->writer);
}

static void
ask_air(const struct rooms_terms *terms, struct question_list *questions)
{
    bool has_air = false;
    for (size_t i = 0; i < terms->room_count; i++) {
        has_air = has_air || terms->rooms[i].air != AIR_NONE;
    }
    if (!has_air) {
        return;
    }
    question_begin(questions, rooms_air_id, "counts", terms->air_name, "", /* is_required= */ false);
    json_begin_array(&questions->writer, "rows");
    for (size_t i = 0; i < terms->room_count; i++) {
        const struct room *room = &terms->rooms[i];
        bool is_hourly = room->air == AIR_PER_HOUR;
        if (room->air != AIR_NONE) {
            question_count_row(questions, room->code, room->name, is_hourly ? "使う時間" : "使うなら 1",
                               is_hourly ? "時間" : "", is_hourly ? ROOM_HOURS_MAX : 1,
                               room->air == AIR_PERCENT ? -1 : room->air_price.yen);
        }
    }
    json_end_array(&questions->writer);
    json_end_object(&questions->writer);
}

static void
ask_equipment(const struct rooms_terms *terms, struct question_list *questions)
{
    if (terms->equipment_count == 0) {
        return;
    }
    question_begin(questions, rooms_equipment_id, "counts", rooms_equipment_label, "", /* is_required= */ false);
    json_begin_array(&questions->writer, "rows");
    for (size_t i = 0; i < terms->equipment_count; i++) {
        const struct equipment *equipment = &terms->equipment[i];
        question_count_row(questions, equipment->code, equipment->name, equipment->hint, equipment->unit,
                           equipment->max, equipment->price.yen);
    }
    json_end_array(&questions->writer);
    json_end_object(&questions->writer);
}

static void
ask(const struct tariff *tariff, struct civil_date date, struct question_list *questions)
{
    const struct rooms_terms *terms = tariff->terms;
    question_date(questions, rooms_day_id, rooms_day_label, "", date, rooms_first_day(date), rooms_last_day(date));
    ask_use(terms, questions);
    ask_hours(terms, questions);
    ask_air(terms, questions);
    ask_equipment(terms, questions);
}

const struct tariff_form tariff_bands_form = {
    .name = "bands",
    .has_days = true,
    .has_factors = true,
    .reserved_ids =
        (const char *const[]){rooms_day_id, rooms_use_id, rooms_hours_id, rooms_air_id, rooms_equipment_id, NULL},
    .read = rooms_read,
    .destroy = rooms_destroy,
    .has_part = has_part,
    .has_band = has_band,
    .has_category = has_category,
    .write_parts = write_parts,
    .ask = ask,
    .price = rooms_price,
};
