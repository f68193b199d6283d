/* What a screen shows of tickets: one that was scanned, and the car parks with who is inside. */
#include "common/tariff/tariff.h"
#include "pos/till/tickets_parts.h"

#include <stdio.h>
#include <string.h>

enum {
    INSIDE_LISTED_MAX = 100 /* newest first; an attendant looks for a car among those of today */
};

static const char *
or_null(const char *text)
{
    return text[0] != '\0' ? text : NULL;
}

static void
write_instant(struct json_writer *writer, const char *key, int64_t instant_ms)
{
    char text[INSTANT_TEXT_SIZE];
    json_text(writer, key, instant_ms != 0 ? instant_format(text, instant_ms) : NULL);
}

static void
write_item_name(struct till *till, const char *item, struct json_writer *writer)
{
    struct master_item found;
    struct error_detail ignored;
    const bool is_found =
        item[0] != '\0' && till->masters != NULL &&
        masters_item_ever(till->masters, item, till_business_date(till), &found, &ignored) == STATUS_OK;
    json_text(writer, "item_name", is_found ? found.name : or_null(item));
}

enum status
till_write_ticket(struct till *till, const char *ticket, struct buffer *out, struct error_detail *err)
{
    struct ticket_row row;
    struct json_writer writer;
    int64_t suggested_ms = 0;
    json_writer_init(&writer, out);
    till_lock(till);
    enum status status = load_ticket(till, ticket, &row, err);
    if (status != STATUS_OK) {
        till_unlock(till, false);
        return status;
    }
    const char *doubt = ticket_clock_doubt(till, &row, &suggested_ms);
    const int64_t stay_ms = till_now_ms(till) - row.entered_ms;
    json_begin_object(&writer, NULL);
    json_text(&writer, "ticket", row.ticket);
    json_text(&writer, "state", row.state);
    json_bool(&writer, "is_known", row.is_known);
    json_text(&writer, "item", or_null(row.item));
    write_item_name(till, row.item, &writer);
    json_text(&writer, "label", or_null(row.label));
    write_instant(&writer, "entered_at", row.entered_ms);
    json_int(&writer, "minutes", stay_ms > 0 ? stay_ms / 60000 : 0);
    json_bool(&writer, "is_corrected", row.is_corrected);
    write_instant(&writer, "paid_at", row.paid_ms);
    json_int(&writer, "paid_yen", row.paid_yen);
    json_text(&writer, "clock_doubt", doubt);
    write_instant(&writer, "suggested_entered_at", doubt != NULL ? suggested_ms : 0);
    json_end_object(&writer);
    till_unlock(till, false);
    return json_finish(&writer, err);
}

/* Items with a tariff of parking, and how many cars are inside on their tickets. */
static enum status
write_car_parks(struct till *till, struct json_writer *writer, struct error_detail *err)
{
    static struct master_item items[FOUND_ITEMS_MAX]; /* large; used under the lock */
    struct item_query query = {.form = "parking", .limit = FOUND_ITEMS_MAX};
    bool has_more = true;
    enum status status = STATUS_OK;
    json_begin_array(writer, "car_parks");
    while (status == STATUS_OK && has_more) {
        size_t count = 0;
        status = masters_find_items(till->masters, &query, till_business_date(till), items, &count, &has_more, err);
        for (size_t i = 0; i < count && status == STATUS_OK; i++) {
            struct tariff *tariff = NULL;
            if (items[i].tariff[0] == '\0' ||
                masters_tariff(till->masters, items[i].tariff, till_business_date(till), &tariff, err) != STATUS_OK) {
                continue;
            }
            if (strcmp(tariff_form_name(tariff), "parking") == 0) {
                json_begin_object(writer, NULL);
                json_text(writer, "item", items[i].code);
                json_text(writer, "name", items[i].name);
                json_text(writer, "facility", or_null(items[i].facility));
                json_end_object(writer);
            }
            tariff_destroy(tariff);
        }
        query.offset += count;
    }
    json_end_array(writer);
    return status;
}

static enum status
write_inside(struct till *till, struct json_writer *writer, struct error_detail *err)
{
    struct statement *row;
    bool has_row = false;
    enum status status = database_statement(
        till->db,
        "SELECT ticket, item, entered_ms, label, (SELECT SUM(yen) FROM ticket_payment WHERE ticket_payment.ticket ="
        " ticket.ticket AND is_voided = 0) FROM ticket WHERE state = 'inside' ORDER BY sequence DESC LIMIT ?1",
        &row, err);
    if (status != STATUS_OK) {
        return status;
    }
    statement_bind_int(row, 1, INSIDE_LISTED_MAX);
    json_begin_array(writer, "inside");
    while ((status = statement_step(row, &has_row, err)) == STATUS_OK && has_row) {
        json_begin_object(writer, NULL);
        json_text(writer, "ticket", statement_column_text(row, 0));
        json_text(writer, "item", statement_column_text(row, 1));
        write_item_name(till, statement_column_text(row, 1), writer);
        write_instant(writer, "entered_at", statement_column_int(row, 2));
        json_text(writer, "label", or_null(statement_column_text(row, 3)));
        json_int(writer, "paid_yen", statement_column_int(row, 4));
        json_end_object(writer);
    }
    json_end_array(writer);
    return status;
}

/* Facilities of the place and today's counts of people who came in without a sale. */
static enum status
write_entries(struct till *till, struct json_writer *writer, struct error_detail *err)
{
    char date[CIVIL_DATE_TEXT_SIZE];
    struct statement *row;
    bool has_row = false;
    enum status status = database_statement(
        till->db,
        "SELECT facility, category, count FROM entry_count WHERE business_date = ?1 ORDER BY facility, category", &row,
        err);
    if (status != STATUS_OK) {
        return status;
    }
    statement_bind_text(row, 1, civil_date_format(date, till_business_date(till)));
    json_begin_array(writer, "entries");
    while ((status = statement_step(row, &has_row, err)) == STATUS_OK && has_row) {
        json_begin_object(writer, NULL);
        json_text(writer, "facility", statement_column_text(row, 0));
        json_text(writer, "category", statement_column_text(row, 1));
        json_int(writer, "count", statement_column_int(row, 2));
        json_end_object(writer);
    }
    json_end_array(writer);
    return status;
}

static void
write_place_facilities(struct till *till, struct json_writer *writer)
{
    json_begin_array(writer, "facilities");
    for (size_t i = 0; i < till->masters->facility_count; i++) {
        const struct master_facility *facility = &till->masters->facilities[i];
        if (!validity_holds(&facility->validity, till_business_date(till))) {
            continue;
        }
        json_begin_object(writer, NULL);
        json_text(writer, "code", facility->code);
        json_text(writer, "name", facility->name);
        json_end_object(writer);
    }
    json_end_array(writer);
}

enum status
till_write_facilities(struct till *till, struct buffer *out, struct error_detail *err)
{
    struct json_writer writer;
    json_writer_init(&writer, out);
    till_lock(till);
    enum status status = STATUS_OK;
    json_begin_object(&writer, NULL);
    if (till->masters == NULL) {
        error_set(err, "not_enrolled", "この端末はまだ登録されていません。管理者に連絡してください。");
        status = STATUS_REFUSED;
    }
    if (status == STATUS_OK) {
        write_place_facilities(till, &writer);
        status = write_car_parks(till, &writer, err);
    }
    if (status == STATUS_OK) {
        status = write_inside(till, &writer, err);
    }
    if (status == STATUS_OK) {
        status = write_entries(till, &writer, err);
    }
    json_end_object(&writer);
    till_unlock(till, false);
    return status == STATUS_OK ? json_finish(&writer, err) : status;
}
