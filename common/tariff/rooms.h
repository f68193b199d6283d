/* The terms of form bands; for form_bands.c, rooms_read.c and rooms_price.c. */
#pragma once

#include "common/tariff/band.h"

enum {
    ROOMS_MAX = 40,     /* of one building */
    EQUIPMENT_MAX = 60, /* of one building's list */
    ROOM_HOURS_MAX = 24
};

enum room_air { AIR_NONE, AIR_PERCENT, AIR_PER_BAND, AIR_PER_HOUR };

/* INVARIANT: a band is priced, or `hour_minutes` > 0. */
struct room {
    char code[TARIFF_CODE_SIZE];
    char name[TARIFF_TEXT_SIZE];
    char hint[TARIFF_TEXT_SIZE];
    char part[TARIFF_CODE_SIZE];
    bool is_priced[BANDS_MAX];
    struct tariff_price_of prices[BANDS_MAX];
    int64_t hour_minutes; /* of one unit beyond the bands, or of a room let by the hour; 0: not offered */
    struct tariff_price_of hour_price;
    enum room_air air;
    int64_t air_percent;              /* of the band's price */
    struct tariff_price_of air_price; /* of a band or an hour */
};

struct equipment {
    char code[TARIFF_CODE_SIZE];
    char name[TARIFF_TEXT_SIZE];
    char hint[TARIFF_TEXT_SIZE];
    char unit[TARIFF_TEXT_SIZE];
    char part[TARIFF_CODE_SIZE];
    struct tariff_price_of price;
    bool is_per_band; /* else for the whole use */
    int64_t max;
};

struct rooms_terms {
    struct tariff_bands bands;
    char air_name[TARIFF_TEXT_SIZE];
    char hours_name[TARIFF_TEXT_SIZE];
    struct room *rooms; /* owned, as is equipment */
    size_t room_count;
    struct equipment *equipment;
    size_t equipment_count;
};

extern const char rooms_day_id[];
extern const char rooms_day_label[];
extern const char rooms_use_id[];
extern const char rooms_hours_id[];
extern const char rooms_air_id[];
extern const char rooms_equipment_id[];
extern const char rooms_equipment_label[];
extern const char rooms_air_part[];

/* Whether CODE is that of a room or of equipment. */
bool rooms_have(const struct rooms_terms *terms, const char *code);

/* The days of use that are believed: a year back, three ahead. */
struct civil_date rooms_first_day(struct civil_date business_date);
struct civil_date rooms_last_day(struct civil_date business_date);

void rooms_read(struct tariff *tariff, struct member_row *row);
void rooms_destroy(void *terms);
void rooms_price(const struct tariff *tariff, struct pricing *pricing);
