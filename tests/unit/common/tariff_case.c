/* Cases of tariffs in tests. */
#include "tests/unit/common/tariff_case.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { REDUCTIONS_MAX = 8 };

struct json_value *
case_json(const char *text)
{
    struct error_detail err = {0};
    struct json_value *value = NULL;
    char *copy = strdup(text);
    assert_non_null(copy);
    for (char *quote = strchr(copy, '\''); quote != NULL; quote = strchr(quote, '\'')) {
        *quote = '"';
    }
    if (json_parse(&value, copy, strlen(copy), &err) != STATUS_OK) {
        fail_msg("%s in %s", err.message, copy);
    }
    free(copy);
    return value;
}

struct tariff *
case_tariff(const char *row)
{
    struct error_detail err = {0};
    struct tariff *tariff = NULL;
    struct json_value *json = case_json(row);
    if (tariff_read(&tariff, json, &err) != STATUS_OK) {
        fail_msg("%s in %s", err.message, row);
    }
    json_free(json);
    return tariff;
}

const char *
case_row_error(const char *row, char out[ERROR_MESSAGE_SIZE])
{
    struct error_detail err = {0};
    struct tariff *tariff = NULL;
    struct json_value *json = case_json(row);
    enum status status = tariff_read(&tariff, json, &err);
    json_free(json);
    snprintf(out, ERROR_MESSAGE_SIZE, "%s", status == STATUS_OK ? "" : err.message);
    if (status == STATUS_OK) {
        tariff_destroy(tariff);
    } else {
        assert_int_equal(status, STATUS_INVALID);
        assert_true(err.message[0] != '\0');
    }
    return out;
}

void
case_check_result(const struct tariff_result *result)
{
    int64_t total_yen = 0;
    assert_in_range(result->line_count, 1, TARIFF_LINES_MAX);
    for (size_t i = 0; i < result->line_count; i++) {
        const struct tariff_line *line = &result->lines[i];
        int64_t rows_yen = 0;
        assert_in_range(line->row_count, 1, TARIFF_ROWS_MAX);
        for (size_t r = 0; r < line->row_count; r++) {
            rows_yen += line->rows[r].yen;
            assert_in_range(strlen(line->rows[r].text), 1, TARIFF_TEXT_SIZE - 1);
        }
        assert_in_range(line->quantity, 1, TARIFF_QUANTITY_MAX);
        assert_true(line->unit_price_yen >= 0 && line->unit_price_yen <= TARIFF_TOTAL_MAX_YEN);
        assert_true(line->reduction_yen >= 0 && line->amount_yen >= 0);
        assert_true(line->amount_yen == line->unit_price_yen * line->quantity - line->reduction_yen);
        assert_true(rows_yen == line->amount_yen);
        assert_true((line->reduction_yen > 0) == (line->reduction_rule[0] != '\0'));
        assert_true(line->part[0] != '\0');
        total_yen += line->amount_yen;
    }
    assert_true(total_yen == result->total_yen && total_yen <= TARIFF_TOTAL_MAX_YEN);
}

static struct civil_date
date_of(const char *day)
{
    struct civil_date date;
    assert_int_equal(civil_date_parse(&date, day, strlen(day)), STATUS_OK);
    return date;
}

static size_t
read_reductions(const char *text, struct tariff_granted granted[REDUCTIONS_MAX])
{
    size_t count = 0;
    struct error_detail err = {0};
    struct json_value *json = case_json(text != NULL ? text : "[]");
    for (const struct json_value *row = json_first(json); row != NULL; row = json_next(row)) {
        struct tariff_reduction *reduction = NULL;
        assert_true(count < REDUCTIONS_MAX);
        if (tariff_reduction_read(&reduction, row, &err) != STATUS_OK) {
            fail_msg("%s in %s", err.message, text);
        }
        granted[count++] =
            (struct tariff_granted){.reduction = reduction, .granter = tariff_reduction_granter(reduction, 0)};
    }
    json_free(json);
    return count;
}

/* Removes const only to free what read_reductions gave. */
static void
free_reductions(const struct tariff_granted *granted, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        tariff_reduction_destroy((struct tariff_reduction *)(uintptr_t)granted[i].reduction);
    }
}

static void
print_line(const struct tariff_line *line, struct buffer *out)
{
    buffer_printf(out, "%s: %" PRId64 "×%" PRId64, line->label, line->quantity, line->unit_price_yen);
    if (line->reduction_yen > 0) {
        buffer_printf(out, "−%" PRId64, line->reduction_yen);
    }
    buffer_printf(out, "=%" PRId64 " {", line->amount_yen);
    for (size_t i = 0; i < line->row_count; i++) {
        buffer_printf(out, "%s%s: %" PRId64, i > 0 ? "; " : "", line->rows[i].text, line->rows[i].yen);
    }
    buffer_append_text(out, "}\n");
}

const char *
case_price(const char *row, const char *facts, const char *day, const char *reductions, char out[CASE_TEXT_SIZE])
{
    struct tariff_granted granted[REDUCTIONS_MAX];
    struct error_detail err = {0};
    struct buffer text;
    struct tariff *tariff = case_tariff(row);
    struct json_value *answers = case_json(facts);
    size_t count = read_reductions(reductions, granted);
    struct tariff_result *result = malloc(sizeof *result);
    assert_non_null(result);
    buffer_init(&text, CASE_TEXT_SIZE - 1);
    enum status status = tariff_price(tariff, answers, granted, count, date_of(day), result, &err);
    if (status == STATUS_OK) {
        case_check_result(result);
        for (size_t i = 0; i < result->line_count; i++) {
            print_line(&result->lines[i], &text);
        }
        buffer_printf(&text, "total %" PRId64, result->total_yen);
    } else {
        assert_true(err.message[0] != '\0');
        buffer_printf(&text, "%s %s: %s", status_word(status), err.code, err.message);
    }
    assert_int_equal(buffer_check(&text, NULL), STATUS_OK);
    snprintf(out, CASE_TEXT_SIZE, "%s", buffer_text(&text));
    buffer_finish(&text);
    free(result);
    free_reductions(granted, count);
    json_free(answers);
    tariff_destroy(tariff);
    return out;
}

int64_t
case_total(const struct tariff *tariff, const char *facts, const char *day)
{
    struct error_detail err = {0};
    struct json_value *answers = case_json(facts);
    struct tariff_result *result = malloc(sizeof *result);
    assert_non_null(result);
    enum status status = tariff_price(tariff, answers, NULL, 0, date_of(day), result, &err);
    int64_t total_yen = status == STATUS_OK ? result->total_yen : -1;
    if (status == STATUS_OK) {
        case_check_result(result);
    }
    free(result);
    json_free(answers);
    return total_yen;
}
