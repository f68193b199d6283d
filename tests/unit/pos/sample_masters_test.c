/* The sample masters as the tills of the city read them: every place opens, and everything that it sells has a price to
 * ask for, before and after the change of April. */
#include "common/tariff/tariff.h"
#include "pos/masters/extract.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char path[] = MADOGUCHI_SOURCE_DIR "/settlement/masters/sample/koriyama.json";
static const struct civil_date before_april = {2027, 3, 31};
static const struct civil_date april = {2027, 4, 1};

enum { QUESTIONS_SIZE = 256 * 1024 };

/* The document as text and as JSON, and where extracts of it lie. */
struct sample {
    struct buffer text;
    struct json_value *json;
    struct database *db;
};

static enum status
put_part(void *context, size_t part, const void *bytes, size_t length, struct error_detail *err)
{
    struct statement *insert;
    enum status status =
        database_statement(context, "INSERT OR REPLACE INTO masters_part VALUES (1, ?1, ?2)", &insert, err);
    if (status == STATUS_OK) {
        statement_bind_int(insert, 1, (int64_t)part);
        statement_bind_blob(insert, 2, bytes, length);
        status = statement_run(insert, err);
    }
    return status;
}

/* The sample as PLACE has it. masters_destroy, before the next place is opened. */
static struct masters *
open_place(const struct sample *sample, const char *place)
{
    struct masters *masters = NULL;
    struct error_detail err = {0};
    struct extract_identity identity;
    struct extract_sink sink = {.put = put_part, .context = sample->db};
    if (extract_write(buffer_text(&sample->text), sample->text.length, place, &sink, &identity, &err) != STATUS_OK ||
        masters_open(&masters, sample->db, 1, identity.head_sha256, &err) != STATUS_OK) {
        fail_msg("%s: %s", place, err.message);
    }
    return masters;
}

static int
open_sample(void **state)
{
    static struct sample sample;
    struct error_detail err = {0};
    buffer_init(&sample.text, JSON_TEXT_MAX_BYTES);
    assert_int_equal(buffer_read_file(&sample.text, path, &err), STATUS_OK);
    assert_int_equal(json_parse(&sample.json, buffer_text(&sample.text), sample.text.length, &err), STATUS_OK);
    assert_int_equal(database_open(&sample.db, ":memory:", DATABASE_READ_WRITE, NULL, &err), STATUS_OK);
    assert_int_equal(database_execute(sample.db,
                                      "CREATE TABLE masters_part (version, part, bytes, PRIMARY KEY (version, part))",
                                      &err),
                     STATUS_OK);
    *state = &sample;
    return 0;
}

static int
close_sample(void **state)
{
    struct sample *sample = *state;
    json_free(sample->json);
    buffer_finish(&sample->text);
    database_close(sample->db);
    return 0;
}

/* What the till will ask of the item can be asked. */
static void
check_item(const struct masters *masters, const struct master_item *item, struct civil_date date)
{
    struct tariff *tariff = NULL;
    struct buffer questions;
    struct error_detail err = {0};
    if (item->tariff[0] == '\0') {
        return;
    }
    if (masters_tariff(masters, item->tariff, date, &tariff, &err) != STATUS_OK) {
        fail_msg("%s at %s: %s", item->code, masters->place.code, err.message);
    }
    buffer_init(&questions, QUESTIONS_SIZE);
    assert_int_equal(tariff_questions(tariff, date, &questions, &err), STATUS_OK);
    buffer_finish(&questions);
    tariff_destroy(tariff);
}

/* Found by their key, the car parks of a place are those that a walk through all it sells finds. */
static void
check_car_parks(const struct masters *masters, const struct master_item *sold, size_t sold_count,
                struct civil_date date)
{
    struct error_detail err = {0};
    struct master_item *parks = calloc(FOUND_ITEMS_MAX, sizeof *parks);
    size_t count, expected = 0;
    bool has_more;
    assert_non_null(parks);
    struct item_query query = {.form = "parking", .limit = FOUND_ITEMS_MAX};
    assert_int_equal(masters_find_items(masters, &query, date, parks, &count, &has_more, &err), STATUS_OK);
    for (size_t i = 0; i < sold_count; i++) {
        struct tariff *tariff = NULL;
        if (sold[i].tariff[0] == '\0' || masters_tariff(masters, sold[i].tariff, date, &tariff, &err) != STATUS_OK ||
            strcmp(tariff_form_name(tariff), "parking") != 0) {
            tariff_destroy(tariff);
            continue;
        }
        tariff_destroy(tariff);
        expected++;
        bool is_found = false;
        for (size_t j = 0; j < count; j++) {
            is_found = is_found || strcmp(parks[j].code, sold[i].code) == 0;
        }
        assert_true(is_found);
    }
    assert_int_equal(count, expected);
    assert_false(has_more);
    free(parks);
}

static void
check_place(const struct masters *masters, struct civil_date date)
{
    struct error_detail err = {0};
    struct master_item *items = calloc(FOUND_ITEMS_MAX, sizeof *items);
    size_t count;
    bool has_more;
    assert_non_null(items);
    struct item_query query = {.limit = FOUND_ITEMS_MAX};
    assert_int_equal(masters_find_items(masters, &query, date, items, &count, &has_more, &err), STATUS_OK);
    assert_true(count > 0 && !has_more);
    for (size_t i = 0; i < count; i++) {
        check_item(masters, &items[i], date);
        assert_non_null(masters_policy_of(masters, &items[i], date));
        assert_non_null(masters_issuer(masters, items[i].issuer));
    }
    assert_true(masters->clerk_count > 0);
    check_car_parks(masters, items, count, date);
    free(items);
}

static void
every_place_sells_something_and_can_ask_for_it(void **state)
{
    const struct sample *sample = *state;
    const struct json_value *places = json_member(sample->json, "places");
    assert_true(json_count(places) >= 40);
    for (const struct json_value *row = json_first(places); row != NULL; row = json_next(row)) {
        const char *code;
        assert_int_equal(json_get_text(row, "code", CODE_SIZE, &code, NULL), STATUS_OK);
        struct masters *masters = open_place(sample, code);
        check_place(masters, before_april);
        check_place(masters, april);
        masters_destroy(masters);
    }
}

/* How many codes stand in list KEY; rows of one code stand together or apart. */
static size_t
count_codes(const struct sample *sample, const char *key)
{
    size_t count = 0;
    const struct json_value *list = json_member(sample->json, key);
    for (const struct json_value *row = json_first(list); row != NULL; row = json_next(row)) {
        const char *code;
        bool is_new = true;
        assert_int_equal(json_get_text(row, "code", CODE_SIZE, &code, NULL), STATUS_OK);
        for (const struct json_value *before = json_first(list); before != row; before = json_next(before)) {
            const char *other;
            is_new = is_new && !(json_as_text(json_member(before, "code"), &other) && strcmp(other, code) == 0);
        }
        count += is_new ? 1 : 0;
    }
    return count;
}

static void
the_sample_has_the_shape_of_the_city(void **state)
{
    const struct sample *sample = *state;
    size_t certificates = 0;
    for (const struct json_value *row = json_first(json_member(sample->json, "items")); row != NULL;
         row = json_next(row)) {
        const char *tax = "";
        (void)json_as_text(json_member(row, "tax"), &tax);
        certificates += strcmp(tax, "exempt") == 0 && json_member(row, "facility") == NULL ? 1 : 0;
    }
    assert_int_equal(certificates, 30);
    assert_int_equal(count_codes(sample, "facilities"), 57);
    assert_int_equal(count_codes(sample, "brands"), 20);
}

/* Whose the money of FACILITY is, as PLACE knows it on DATE. */
static enum revenue_kind
revenue_on(const struct sample *sample, const char *place, const char *code, struct civil_date date)
{
    struct masters *masters = open_place(sample, place);
    const struct master_facility *facility = masters_facility(masters, code, date);
    assert_non_null(facility);
    enum revenue_kind revenue = facility->revenue;
    masters_destroy(masters);
    return revenue;
}

static void
a_facility_goes_over_to_its_operator_on_the_first_of_april(void **state)
{
    const struct sample *sample = *state;
    assert_int_equal(revenue_on(sample, "sports-1", "football", before_april), REVENUE_USAGE_FEE);
    assert_int_equal(revenue_on(sample, "sports-1", "football", april), REVENUE_OPERATOR_FEE);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_place_sells_something_and_can_ask_for_it),
        cmocka_unit_test(the_sample_has_the_shape_of_the_city),
        cmocka_unit_test(a_facility_goes_over_to_its_operator_on_the_first_of_april),
    };
    return cmocka_run_group_tests(tests, open_sample, close_sample);
}
