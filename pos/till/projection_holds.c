/* How lines about held baskets change the tables. */
#include "pos/till/projection.h"

#include "pos/checkout/sale.h"

static enum status
count_items(const struct json_value *lines, int64_t *out, struct error_detail *err)
{
    *out = 0;
    for (const struct json_value *line = json_first(lines); line != NULL; line = json_next(line)) {
        int64_t quantity;
        enum status status = json_get_int(line, "quantity", 1, BASKET_QUANTITY_MAX, &quantity, err);
        if (status != STATUS_OK) {
            return status;
        }
        *out += quantity;
    }
    return STATUS_OK;
}

/* A basket that was recalled and is put aside again has a new hold; the old one has done its work. */
static enum status
supersede(struct database *db, const struct json_value *body, struct error_detail *err)
{
    const struct projection_column columns[] = {{.key = "sale"}};
    return projection_run(db, "UPDATE held_basket SET state = 'held_again' WHERE sale = ?1 AND state = 'recalled'",
                          body, columns, COUNT(columns), 0, err);
}

enum status
project_basket_held(struct database *db, const struct journal_line *line, const struct json_value *body,
                    struct error_detail *err)
{
    char date[CIVIL_DATE_TEXT_SIZE];
    const struct json_value *lines;
    const char *title;
    int64_t item_count;
    civil_date_format(date, line->business_date);
    enum status status = json_get_array(body, "lines", &lines, err);
    if (status == STATUS_OK) {
        status = json_get_text(json_first(lines), "name", NAME_SIZE, &title, err);
    }
    if (status == STATUS_OK) {
        status = count_items(lines, &item_count, err);
    }
    if (status == STATUS_OK) {
        status = supersede(db, body, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    const struct projection_column columns[] = {{.key = "hold"},
                                                {.is_integer = true, .number = line->sequence},
                                                {.key = "sale"},
                                                {.text = date},
                                                {.is_integer = true, .number = line->at_ms},
                                                {.key = "clerk"},
                                                {.key = "label", .is_optional = true},
                                                {.text = title},
                                                {.is_integer = true, .number = item_count},
                                                {.key = "total_yen", .is_integer = true}};
    return projection_run(
        db,
        "INSERT INTO held_basket (hold, sequence, sale, business_date, at_ms, clerk, label, title, item_count,"
        " total_yen, state) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 'held')",
        body, columns, COUNT(columns), 1, err);
}

enum status
project_basket_recalled(struct database *db, const struct journal_line *line, const struct json_value *body,
                        struct error_detail *err)
{
    (void)line;
    const struct projection_column columns[] = {{.key = "hold"}};
    return projection_run(db, "UPDATE held_basket SET state = 'recalled' WHERE hold = ?1 AND state = 'held'", body,
                          columns, COUNT(columns), 1, err);
}

enum status
project_basket_discarded(struct database *db, const struct journal_line *line, const struct json_value *body,
                         struct error_detail *err)
{
    (void)line;
    const struct projection_column columns[] = {{.key = "hold"}};
    return projection_run(
        db, "UPDATE held_basket SET state = 'discarded' WHERE hold = ?1 AND state IN ('held', 'recalled')", body,
        columns, COUNT(columns), 1, err);
}
