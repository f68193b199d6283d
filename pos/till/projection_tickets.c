/* How lines about tickets and entries change the tables. A ticket of another till becomes known here by the first line
 * that speaks of it. */
#include "pos/till/projection.h"

#include "pos/checkout/sale.h"
#include "pos/tickets/ticket_number.h"

#include <string.h>

static enum status
read_entry(const struct json_value *body, int64_t *out_ms, struct error_detail *err)
{
    const char *entered_at;
    enum status status = json_get_text(body, "entered_at", INSTANT_TEXT_SIZE, &entered_at, err);
    if (status == STATUS_OK && instant_parse(out_ms, entered_at, strlen(entered_at)) != STATUS_OK) {
        error_set(err, "wrong_member", "\"entered_at\" is no instant");
        status = STATUS_INVALID;
    }
    return status;
}

enum status
project_ticket_issued(struct database *db, const struct journal_line *line, const struct json_value *body,
                      struct error_detail *err)
{
    int64_t entered_ms;
    enum status status = read_entry(body, &entered_ms, err);
    if (status != STATUS_OK) {
        return status;
    }
    const struct projection_column columns[] = {
        {.key = "ticket"}, {.is_integer = true, .number = line->sequence}, {.key = "facility", .is_optional = true},
        {.key = "item"},   {.is_integer = true, .number = entered_ms},     {.key = "label", .is_optional = true}};
    return projection_run(db,
                          "INSERT INTO ticket (ticket, sequence, facility, item, entered_ms, label, state)"
                          " VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'inside')",
                          body, columns, COUNT(columns), 1, err);
}

enum status
project_ticket_corrected(struct database *db, const struct journal_line *line, const struct json_value *body,
                         struct error_detail *err)
{
    int64_t entered_ms;
    enum status status = read_entry(body, &entered_ms, err);
    if (status != STATUS_OK) {
        return status;
    }
    const struct projection_column columns[] = {{.key = "ticket"},
                                                {.is_integer = true, .number = line->sequence},
                                                {.key = "facility", .is_optional = true},
                                                {.key = "item"},
                                                {.is_integer = true, .number = entered_ms}};
    return projection_run(db,
                          "INSERT INTO ticket (ticket, sequence, facility, item, entered_ms, state, is_corrected)"
                          " VALUES (?1, ?2, ?3, ?4, ?5, 'inside', 1) ON CONFLICT (ticket) DO UPDATE SET"
                          " entered_ms = excluded.entered_ms, is_corrected = 1",
                          body, columns, COUNT(columns), 1, err);
}

/* A ticket of another till that leaves free has no row yet; its item is not ours to say. */
enum status
project_ticket_closed(struct database *db, const struct journal_line *line, const struct json_value *body,
                      struct error_detail *err)
{
    const char *ticket;
    struct ticket_number number;
    enum status status = json_get_text(body, "ticket", TICKET_NUMBER_SIZE, &ticket, err);
    if (status == STATUS_OK) {
        status = ticket_number_read(ticket, &number, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    const struct projection_column columns[] = {{.key = "ticket"},
                                                {.is_integer = true, .number = line->sequence},
                                                {.is_integer = true, .number = number.entered_ms},
                                                {.key = "outcome"},
                                                {.is_integer = true, .number = line->at_ms}};
    return projection_run(db,
                          "INSERT INTO ticket (ticket, sequence, item, entered_ms, state, ended_ms)"
                          " VALUES (?1, ?2, '', ?3, ?4, ?5) ON CONFLICT (ticket) DO UPDATE SET"
                          " state = excluded.state, ended_ms = excluded.ended_ms",
                          body, columns, COUNT(columns), 1, err);
}

/* A line of a sale that pays a ticket. */
static enum status
pay_ticket(struct database *db, const struct journal_line *line, const struct json_value *sold, const char *sale,
           struct error_detail *err)
{
    const struct projection_column columns[] = {{.key = "ticket"},
                                                {.text = sale},
                                                {.is_integer = true, .number = line->at_ms},
                                                {.key = "amount_yen", .is_integer = true}};
    return projection_run(db,
                          "INSERT INTO ticket_payment (ticket, sale, paid_ms, yen) VALUES (?1, ?2, ?3, ?4)"
                          " ON CONFLICT (ticket, sale) DO UPDATE SET yen = yen + excluded.yen",
                          sold, columns, COUNT(columns), 1, err);
}

enum status
project_tickets_paid(struct database *db, const struct journal_line *line, const struct json_value *body,
                     struct error_detail *err)
{
    const char *sale;
    const struct json_value *lines;
    enum status status = json_get_text(body, "sale", IDENTITY_TEXT_SIZE, &sale, err);
    if (status == STATUS_OK) {
        status = json_get_array(body, "lines", &lines, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    for (const struct json_value *sold = json_first(lines); sold != NULL && status == STATUS_OK;
         sold = json_next(sold)) {
        if (!json_is_null(json_member(sold, "ticket"))) {
            status = pay_ticket(db, line, sold, sale, err);
        }
    }
    return status;
}

enum status
project_tickets_unpaid(struct database *db, const struct journal_line *line, const struct json_value *body,
                       struct error_detail *err)
{
    (void)line;
    const struct projection_column columns[] = {{.key = "sale"}};
    return projection_run(db, "UPDATE ticket_payment SET is_voided = 1 WHERE sale = ?1", body, columns, COUNT(columns),
                          0, err);
}

enum status
project_entry_counted(struct database *db, const struct journal_line *line, const struct json_value *body,
                      struct error_detail *err)
{
    char date[CIVIL_DATE_TEXT_SIZE];
    const struct projection_column columns[] = {{.text = civil_date_format(date, line->business_date)},
                                                {.key = "facility"},
                                                {.key = "category"},
                                                {.key = "count", .is_integer = true}};
    return projection_run(
        db,
        "INSERT INTO entry_count (business_date, facility, category, count) VALUES (?1, ?2, ?3, ?4)"
        " ON CONFLICT (business_date, facility, category) DO UPDATE SET count = count + excluded.count",
        body, columns, COUNT(columns), 1, err);
}
