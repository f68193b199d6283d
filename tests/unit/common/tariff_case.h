/* Cases of tariffs in tests: a row and answers as JSON, the result as a text that reads like a receipt. */
#pragma once

#include "common/tariff/tariff.h"

enum { CASE_TEXT_SIZE = 16 * 1024 };

/* JSON of a test, with ' for "; fails the test when it is wrong. json_free. */
struct json_value *case_json(const char *text);

/* The tariff of ROW; fails the test when it is refused. tariff_destroy. */
struct tariff *case_tariff(const char *row);

/* Read ROW and give why it is refused (in OUT, "" when it is not). */
const char *case_row_error(const char *row, char out[ERROR_MESSAGE_SIZE]);

/* Price FACTS under ROW on DAY with REDUCTIONS (an array of rows, all granted by their first granter; NULL: none).
 * The result in OUT, one line each: "label: quantity×unit[−reduction]=amount {row yen; row yen}" and "total"; or
 * "refused code: message". Checks the invariants of every result. Returns OUT. */
const char *
case_price(const char *row, const char *facts, const char *day, const char *reductions, char out[CASE_TEXT_SIZE]);

/* The total of a case without reductions; −1 when it is refused. */
int64_t case_total(const struct tariff *tariff, const char *facts, const char *day);

/* Fail the test unless RESULT holds what tariff.h promises. */
void case_check_result(const struct tariff_result *result);
