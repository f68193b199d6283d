/* The drawer: how the lines about cash change the tables. */
#include "pos/till/projection.h"

#include "common/money/yen.h"
#include "pos/checkout/sale.h"

#include <stdio.h>
#include <string.h>

/* AMOUNT_YEN of BODY with the sign of DIRECTION: positive for POSITIVE, negative for NEGATIVE. */
static enum status
signed_amount(const struct json_value *body, const char *positive, const char *negative, int64_t *out,
              struct error_detail *err)
{
    const char *direction;
    enum status status = json_get_text(body, "direction", CODE_SIZE, &direction, err);
    if (status == STATUS_OK) {
        status = json_get_int(body, "amount_yen", 1, YEN_LIMIT, out, err);
    }
    if (status == STATUS_OK && strcmp(direction, negative) == 0) {
        *out = -*out;
    } else if (status == STATUS_OK && strcmp(direction, positive) != 0) {
        error_set(err, "wrong_member", "\"direction\" is \"%s\"; %s or %s is allowed", direction, positive, negative);
        status = STATUS_INVALID;
    }
    return status;
}

static enum status
add_movement(struct database *db, const struct journal_line *line, const char *kind, int64_t amount_yen,
             struct error_detail *err)
{
    const struct projection_column columns[] = {
        {.is_integer = true, .number = line->sequence}, {.text = kind}, {.is_integer = true, .number = amount_yen}};
    return projection_run(db, "INSERT INTO cash_movement (sequence, kind, amount_yen) VALUES (?1, ?2, ?3)", NULL,
                          columns, COUNT(columns), 1, err);
}

enum status
project_float_moved(struct database *db, const struct journal_line *line, const struct json_value *body,
                    struct error_detail *err)
{
    int64_t amount_yen;
    enum status status = signed_amount(body, "lent", "returned", &amount_yen, err);
    if (status != STATUS_OK) {
        return status;
    }
    const struct projection_column columns[] = {{.key = "day"}, {.is_integer = true, .number = amount_yen}};
    status = projection_run(db, "UPDATE business_day SET float_yen = float_yen + ?2 WHERE day = ?1 AND state = 'open'",
                            body, columns, COUNT(columns), 1, err);
    return status == STATUS_OK ? add_movement(db, line, "float", amount_yen, err) : status;
}

enum status
project_cash_moved(struct database *db, const struct journal_line *line, const struct json_value *body,
                   struct error_detail *err)
{
    int64_t amount_yen;
    enum status status = signed_amount(body, "in", "out", &amount_yen, err);
    return status == STATUS_OK ? add_movement(db, line, "cash", amount_yen, err) : status;
}

enum status
project_cash_refunded(struct database *db, const struct journal_line *line, const struct json_value *body,
                      struct error_detail *err)
{
    const char *means;
    int64_t amount_yen;
    enum status status = json_get_text(body, "means", CODE_SIZE, &means, err);
    if (status == STATUS_OK) {
        status = json_get_int(body, "amount_yen", 1, YEN_LIMIT, &amount_yen, err);
    }
    return status == STATUS_OK && strcmp(means, "cash") == 0 ? add_movement(db, line, "refund", -amount_yen, err)
                                                             : status;
}

enum status
project_cash_counted(struct database *db, const struct journal_line *line, const struct json_value *body,
                     struct error_detail *err)
{
    const struct projection_column columns[] = {{.is_integer = true, .number = line->sequence},
                                                {.key = "day"},
                                                {.key = "purpose"},
                                                {.key = "clerk"},
                                                {.is_integer = true, .number = line->at_ms},
                                                {.key = "total_yen", .is_integer = true}};
    return projection_run(db,
                          "INSERT INTO cash_count (sequence, day, purpose, clerk, at_ms, total_yen)"
                          " VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                          body, columns, COUNT(columns), 1, err);
}

enum status
project_day_inspected(struct database *db, const struct journal_line *line, const struct json_value *body,
                      struct error_detail *err)
{
    const struct projection_column columns[] = {
        {.is_integer = true, .number = line->sequence}, {.key = "day"}, {.key = "number", .is_integer = true}};
    return projection_run(db, "INSERT INTO inspection (sequence, day, number) VALUES (?1, ?2, ?3)", body, columns,
                          COUNT(columns), 1, err);
}

enum status
project_shift_handed_over(struct database *db, const struct journal_line *line, const struct json_value *body,
                          struct error_detail *err)
{
    const struct projection_column columns[] = {{.is_integer = true, .number = line->sequence}, {.key = "day"}};
    return projection_run(db, "INSERT INTO handover (sequence, day) VALUES (?1, ?2)", body, columns, COUNT(columns), 1,
                          err);
}

enum status
project_drawer_opened(struct database *db, const struct journal_line *line, const struct json_value *body,
                      struct error_detail *err)
{
    const struct projection_column columns[] = {{.is_integer = true, .number = line->sequence}, {.key = "reason"}};
    return projection_run(db, "INSERT INTO drawer_opening (sequence, reason) VALUES (?1, ?2)", body, columns,
                          COUNT(columns), 1, err);
}
