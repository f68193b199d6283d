/* The days are read and the rows emptied together; then one run for each municipality. */
#include "settlement/matching/afresh.h"

#include "common/clock/civil.h"
#include "settlement/matching/reconcile.h"
#include "settlement/store/matching_afresh_store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    CITIES_MAX = 2000 /* all of the country's, with room */
};

struct standing_city {
    char municipality[MUNICIPALITY_CODE_SIZE];
    char day[CIVIL_DATE_TEXT_SIZE];
};

struct standing_cities {
    struct standing_city *list; /* CITIES_MAX */
    size_t count;
    struct error_detail *err;
};

static enum status
keep_city(const char *municipality, const char *day, void *context)
{
    struct standing_cities *cities = context;
    if (cities->count == CITIES_MAX) {
        error_set(cities->err, "too_many", "more than %d municipalities", CITIES_MAX);
        return STATUS_OVERFLOW;
    }
    struct standing_city *city = &cities->list[cities->count++];
    snprintf(city->municipality, sizeof city->municipality, "%s", municipality);
    snprintf(city->day, sizeof city->day, "%s", day);
    return STATUS_OK;
}

static enum status
empty(struct store *store, struct standing_cities *cities, struct error_detail *err)
{
    struct store_txn *txn = NULL;
    enum status status = store_begin_write(store, &txn, err);
    if (status == STATUS_OK) {
        status = matching_days_each(txn, keep_city, cities, err);
    }
    if (status == STATUS_OK) {
        status = matching_empty(txn, /* municipality= */ NULL, err);
    }
    if (status == STATUS_OK) {
        status = store_commit(txn, err);
    }
    store_end(txn);
    return status;
}

static enum status
run_city(struct store *store, const struct actor *actor, const struct clock_source *clock, struct work *work,
         const struct standing_city *city, struct afresh_result *result, struct error_detail *err)
{
    struct actor local = *actor;
    struct run_row run;
    struct civil_date day;
    snprintf(local.municipality, sizeof local.municipality, "%s", city->municipality);
    enum status status = civil_date_parse(&day, city->day, strlen(city->day)) == STATUS_OK
                             ? reconcile_on(store, &local, clock, day, work, &run, err)
                             : reconcile_watched(store, &local, clock, work, &run, err);
    if (status == STATUS_OK) {
        result->municipalities++;
        result->matched_count += run.matched_count;
    }
    return status;
}

enum status
matching_rebuild(struct store *store, const struct actor *actor, const struct clock_source *clock, struct work *work,
                 struct afresh_result *out, struct error_detail *err)
{
    struct afresh_result result = {0};
    struct standing_cities cities = {.list = calloc(CITIES_MAX, sizeof(struct standing_city)), .err = err};
    if (cities.list == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    enum status status = empty(store, &cities, err);
    for (size_t i = 0; status == STATUS_OK && i < cities.count; i++) {
        status = run_city(store, actor, clock, work, &cities.list[i], &result, err);
    }
    free(cities.list);
    if (status == STATUS_OK) {
        *out = result;
    }
    return status;
}
