/* Cash that waits to be paid in, for the morning page: late, over the limit, not to be found at the bank. By name. */
#include "settlement/remittance/position.h"
#include "settlement/store/payout_store.h"
#include "settlement/terms/terms_book.h"
#include "settlement/web/today.h"

#include <string.h>

enum { OFFICES_SHOWN_MAX = 20 /* the page of cash has them all; the counts tell them all */ };

struct unproved {
    const struct bank_calendar *calendar;
    const char *covers_to;
    int64_t count;
    int64_t amount_yen;
};

static enum status
take_unproved(const struct remittance_row *row, void *context, struct error_detail *err)
{
    struct unproved *unproved = context;
    (void)err;
    if (bank_standing_is_open(bank_standing_of(row, unproved->calendar, unproved->covers_to))) {
        unproved->count++;
        unproved->amount_yen += row->amount_yen;
    }
    return STATUS_OK;
}

static void
write_offices(struct json_writer *writer, struct today *today, const struct cash_position *position)
{
    int64_t late_count = 0, late_yen = 0, over_count = 0, over_yen = 0, held_yen = 0;
    size_t shown = 0;
    json_begin_array(writer, "offices");
    for (size_t i = 0; i < position->office_count; i++) {
        const struct held_cash *held = &position->offices[i];
        late_count += held->late_count;
        late_yen += held->late_yen;
        over_count += held->is_over_limit ? 1 : 0;
        over_yen += held->is_over_limit ? held->held_yen : 0;
        held_yen += held->held_yen;
        if ((held->late_count == 0 && !held->is_over_limit) || shown++ >= OFFICES_SHOWN_MAX) {
            continue;
        }
        json_begin_object(writer, NULL);
        json_text(writer, "section", held->section);
        json_text(writer, "name", cash_office_of_section(position->catalogue, held->section).name);
        json_int(writer, "late_count", held->late_count);
        json_int(writer, "late_yen", held->late_yen);
        json_int(writer, "held_yen", held->held_yen);
        json_bool(writer, "is_over_limit", held->is_over_limit);
        json_end_object(writer);
    }
    json_end_array(writer);
    json_int(writer, "held_yen", held_yen);
    json_int(writer, "late_count", late_count);
    json_int(writer, "late_yen", late_yen);
    json_int(writer, "over_limit_count", over_count);
    json_int(writer, "over_limit_yen", over_yen);
    today_wait(today, WAITING_LATE_CASH, late_count, late_yen);
    today_wait(today, WAITING_CASH_LIMIT, over_count, over_yen);
}

static enum status
write_with(struct json_writer *writer, struct today *today, const struct catalogue *catalogue,
           const struct bank_calendar *calendar, struct error_detail *err)
{
    struct cash_position position = {.offices = NULL};
    struct civil_date day;
    char covers_to[CIVIL_DATE_TEXT_SIZE] = "";
    struct unproved unproved = {.calendar = calendar, .covers_to = covers_to};
    const struct remittance_query query = {
        .municipality = today->municipality, .state = "confirmed", .limit = INT64_MAX};
    enum status status = civil_date_parse(&day, today->today, strlen(today->today));
    if (status == STATUS_OK) {
        status =
            cash_position_read(&position, today->txn, today->municipality, catalogue, calendar, day, NULL, NULL, err);
    }
    if (status == STATUS_OK) {
        status = bank_covers_to(today->txn, today->municipality, covers_to, err);
    }
    if (status == STATUS_OK) {
        status = remittance_each(today->txn, &query, take_unproved, &unproved, err);
    }
    if (status == STATUS_OK) {
        write_offices(writer, today, &position);
        json_int(writer, "unproved_count", unproved.count);
        json_int(writer, "unproved_yen", unproved.amount_yen);
        today_wait(today, WAITING_UNPROVED_CASH, unproved.count, unproved.amount_yen);
    }
    cash_position_finish(&position);
    return status;
}

enum status
json_today_remittance(struct json_writer *writer, struct today *today, struct error_detail *err)
{
    struct catalogue *catalogue = NULL;
    struct terms_book *terms = NULL;
    json_begin_object(writer, "remittance");
    enum status status = catalogue_load(&catalogue, today->txn, today->municipality, err);
    if (status == STATUS_OK) {
        status = terms_book_create(&terms, catalogue, err);
    }
    if (status == STATUS_OK) {
        status = write_with(writer, today, catalogue, terms_book_calendar(terms), err);
    }
    json_end_object(writer);
    terms_book_destroy(terms);
    catalogue_destroy(catalogue);
    return status;
}
