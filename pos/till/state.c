/* What the screens show, written under the lock from memory and a few small queries. */
#include "pos/till/drawer.h"
#include "pos/till/payment_words.h"

#include <stdio.h>
#include <string.h>

enum {
    LISTED_MAX = 50 /* open payments on the screen; the rest follow as these are settled */
};

static const char *
or_null(const char *text)
{
    return text[0] != '\0' ? text : NULL;
}

static void
write_till(const struct till *till, struct json_writer *writer)
{
    char now[INSTANT_TEXT_SIZE];
    char date[CIVIL_DATE_TEXT_SIZE];
    json_begin_object(writer, "till");
    json_text(writer, "terminal", till->terminal);
    json_text(writer, "place", till->place);
    json_text(writer, "place_name", till->masters != NULL ? till->masters->place.name : till->place);
    json_text(writer, "municipality_name", till->masters != NULL ? till->masters->municipality_name : "");
    json_bool(writer, "has_facilities", till->masters != NULL && till->masters->place.facility_count > 0);
    json_text(writer, "devices", till->devices_are_simulated ? "simulated" : "real");
    json_bool(writer, "training", till->is_training);
    json_end_object(writer);
    json_text(writer, "now", instant_format(now, till_now_ms(till)));
    json_text(writer, "business_date", civil_date_format(date, till_business_date(till)));
}

static enum status
write_clerk_and_day(struct till *till, struct json_writer *writer, struct error_detail *err)
{
    if (till->clerk.is_present) {
        json_begin_object(writer, "clerk");
        json_text(writer, "code", till->clerk.code);
        json_text(writer, "name", till->clerk.name);
        json_text(writer, "role", till->clerk.is_supervisor ? "supervisor" : "clerk");
        json_end_object(writer);
    } else {
        json_null(writer, "clerk");
    }
    bool is_today = till->day.exists && civil_date_compare(till->day.date, till_business_date(till)) == 0;
    bool is_over =
        till->day.is_open && till->masters != NULL &&
        civil_date_compare(till->day.date, business_date_at(till_now_ms(till), till->masters->day_start_minutes)) < 0;
    json_bool(writer, "is_locked", atomic_load(&till->is_locked));
    json_begin_object(writer, "day");
    json_text(writer, "state", !is_today ? "none" : till->day.is_open ? "open" : "closed");
    json_int(writer, "float_yen", is_today ? till->day.float_yen : 0);
    json_bool(writer, "is_over", is_over);
    enum status status = drawer_write_state(till, writer, err);
    json_end_object(writer);
    return status;
}

static void
write_reported(const struct reported_state *state, const char *key, struct json_writer *writer)
{
    json_begin_object(writer, key);
    json_text(writer, "state", state->word);
    json_text(writer, "message", state->message);
    json_end_object(writer);
}

static void
write_status(const struct till *till, struct json_writer *writer)
{
    json_begin_object(writer, "status");
    json_begin_object(writer, "uplink");
    json_text(writer, "state", till->is_training ? "training" : till->is_enrolled ? till->uplink.word : "not_enrolled");
    json_int(writer, "unsent", till->is_training ? 0 : till->journal.tail.sequence - till->acknowledged);
    json_text(writer, "message", till->uplink.message);
    json_end_object(writer);
    write_reported(&till->printer, "printer", writer);
    static const char *const device_keys[TILL_DEVICES] = {[TILL_DRAWER] = "cash_drawer",
                                                          [TILL_SCANNER] = "scanner",
                                                          [TILL_DISPLAY] = "line_display",
                                                          [TILL_CARD_READER] = "card_reader"};
    for (size_t i = 0; i < TILL_DEVICES; i++) {
        write_reported(&till->devices[i], device_keys[i], writer);
    }
    json_int(writer, "devices_revision", till->devices_revision);
    struct reported_state terminal = till->terminal_state;
    bool is_busy = till->foreground.state == FOREGROUND_RUNNING && till->foreground.method != METHOD_QR;
    if (is_busy) {
        snprintf(terminal.word, sizeof terminal.word, "busy");
    }
    write_reported(&terminal, "payment_terminal", writer);
    write_reported(&till->gateway_state, "qr_gateway", writer);
    json_begin_object(writer, "masters");
    json_int(writer, "version", till->masters != NULL ? till->masters->version : 0);
    json_text(writer, "message", till->masters_state.message);
    json_end_object(writer);
    json_end_object(writer);
}

static const char *const foreground_words[] = {
    [FOREGROUND_NONE] = "none",
    [FOREGROUND_WAITING_CODE] = "waiting_code",
    [FOREGROUND_RUNNING] = "running",
    [FOREGROUND_UNKNOWN] = "unknown",
    [FOREGROUND_IN_DOUBT] = "in_doubt",
    [FOREGROUND_DECLINED] = "declined",
    [FOREGROUND_NOT_CHARGED] = "not_charged",
};

const char *
foreground_state_word(const struct foreground *foreground)
{
    return foreground->payload[0] != '\0' ? "showing_code" : foreground_words[foreground->state];
}

static void
write_payment(const struct till *till, struct json_writer *writer)
{
    const struct foreground *foreground = &till->foreground;
    if (foreground->state == FOREGROUND_NONE) {
        json_null(writer, "payment");
        return;
    }
    bool is_open = foreground->state == FOREGROUND_UNKNOWN || foreground->state == FOREGROUND_IN_DOUBT;
    json_begin_object(writer, "payment");
    json_text(writer, "id", or_null(foreground->payment));
    json_text(writer, "basket", basket_in_payment(till)->id);
    json_int(writer, "count", basket_count(basket_in_payment(till)));
    json_text(writer, "state", foreground_state_word(foreground));
    json_text(writer, "method", payment_method_word(foreground->method));
    json_text(writer, "brand", or_null(foreground->brand));
    json_text(writer, "brand_name",
              foreground->brand[0] != '\0' ? masters_brand_name(till->masters, foreground->brand) : NULL);
    json_int(writer, "amount_yen", foreground->amount_yen);
    mixed_write(foreground, writer);
    write_payment_words(foreground_code(till), foreground->message, writer);
    int64_t left_ms = foreground->deadline_ms - till_monotonic_ms(till);
    if (foreground->deadline_ms != 0) {
        json_int(writer, "seconds_left", left_ms > 0 ? left_ms / 1000 : 0);
    } else {
        json_null(writer, "seconds_left");
    }
    json_bool(writer, "can_stop",
              foreground->state == FOREGROUND_WAITING_CODE ||
                  (foreground->state == FOREGROUND_RUNNING &&
                   (foreground->method != METHOD_QR || (foreground->is_presented && !foreground->is_stopping))));
    json_bool(writer, "can_set_aside", is_open);
    json_bool(writer, "can_abandon", is_open);
    json_end_object(writer);
}

static void
write_last_sale(struct till *till, struct json_writer *writer)
{
    const struct last_sale *last = &till->last_sale;
    if (!last->is_set) {
        json_null(writer, "last_sale");
        return;
    }
    const char *print = sale_paper_progress(till, last->sale);
    json_begin_object(writer, "last_sale");
    json_text(writer, "sale", last->sale);
    json_text(writer, "receipt_number", last->receipt_number);
    json_int(writer, "total_yen", last->total_yen);
    json_text(writer, "method", payment_method_word(last->method));
    json_text(writer, "brand_name", last->brand[0] != '\0' ? masters_brand_name(till->masters, last->brand) : NULL);
    json_int(writer, "cash_part_yen", last->cash_part_yen);
    json_int(writer, "tendered_yen", last->tendered_yen);
    json_int(writer, "change_yen", last->change_yen);
    json_text(writer, "print", print);
    json_text(writer, "print_message", strcmp(print, "printed") == 0 ? "" : till->printer.message);
    json_end_object(writer);
}

/* An approved payment is listed while its void is not answered, or while it counts as a sale although it is in doubt.
 */
static const char *
open_payment_word(const char *state, bool is_abandoned, bool is_doubtful)
{
    if (strcmp(state, "refunding") == 0) {
        return state;
    }
    if (strcmp(state, "held") == 0 || is_doubtful) {
        return is_doubtful ? "doubtful" : state;
    }
    return is_abandoned ? "abandoned" : strcmp(state, "in_doubt") == 0 ? state : "unknown";
}

static enum status
write_unresolved(struct till *till, struct json_writer *writer, struct error_detail *err)
{
    struct statement *row;
    bool has_row = false;
    enum status status =
        database_statement(till->db,
                           "SELECT payment, amount_yen, method, brand, state, started_ms, is_abandoned, doubt_rule,"
                           " state = 'approved' AND doubt_rule = 'counts_as_sale' AND doubt_end IS NULL, cash_yen,"
                           " EXISTS (SELECT 1 FROM refund_run WHERE refund_run.payment = payment.payment"
                           " AND refund_run.state IN ('started', 'unknown'))"
                           " FROM payment"
                           " WHERE (state IN ('started', 'unknown', 'in_doubt') OR (state = 'held' AND sequence >= ?4)"
                           " OR (doubt_rule = 'counts_as_sale' AND doubt_end IS NULL AND state = 'approved'"
                           " AND sequence >= ?4)"
                           " OR payment IN (SELECT payment FROM reversal WHERE state IN ('started', 'unknown'))"
                           " OR payment IN (SELECT payment FROM refund_run WHERE state IN ('started', 'unknown')))"
                           " AND payment <> ?1 AND payment <> ?2 ORDER BY sequence LIMIT ?3",
                           &row, err);
    if (status != STATUS_OK) {
        return status;
    }
    statement_bind_text(row, 1, till->foreground.payment);
    statement_bind_text(row, 2, till->running);
    statement_bind_int(row, 3, LISTED_MAX);
    statement_bind_int(row, 4, till->day.exists ? till->day.opened_sequence : 0);
    json_begin_array(writer, "unresolved");
    while ((status = statement_step(row, &has_row, err)) == STATUS_OK && has_row) {
        char since[INSTANT_TEXT_SIZE];
        bool is_refunding = statement_column_int(row, 10) != 0;
        const char *state = is_refunding ? "refunding" : statement_column_text(row, 4);
        const char *brand = statement_column_text(row, 3);
        const char *rule = statement_column_text(row, 7);
        bool is_abandoned = statement_column_int(row, 6) != 0;
        bool is_doubtful = statement_column_int(row, 8) != 0;
        const struct payment_words *words = payment_words(
            open_payment_code(state, is_abandoned, strcmp(state, "approved") != 0 || is_doubtful ? rule : ""));
        json_begin_object(writer, NULL);
        json_text(writer, "payment", statement_column_text(row, 0));
        json_int(writer, "amount_yen", statement_column_int(row, 1));
        json_int(writer, "cash_yen", statement_column_int(row, 9));
        json_text(writer, "method", statement_column_text(row, 2));
        json_text(writer, "brand_name",
                  brand[0] != '\0' && till->masters != NULL ? masters_brand_name(till->masters, brand) : NULL);
        json_text(writer, "state", open_payment_word(state, is_abandoned, is_doubtful));
        json_text(writer, "since", instant_format(since, statement_column_int(row, 5)));
        json_text(writer, "message", words->clerk);
        json_text(writer, "citizen_message", words->citizen[LANGUAGE_JA]);
        json_text(writer, "code", words->code);
        json_bool(writer, "can_abandon",
                  !is_abandoned && strcmp(state, "approved") != 0 && strcmp(state, "held") != 0 && !is_refunding);
        json_end_object(writer);
    }
    json_end_array(writer);
    return status;
}

enum status
till_write_state(struct till *till, struct buffer *out, struct error_detail *err)
{
    struct json_writer writer;
    json_writer_init(&writer, out);
    till_lock(till);
    json_begin_object(&writer, NULL);
    json_int(&writer, "revision", till->revision);
    write_till(till, &writer);
    enum status status = write_clerk_and_day(till, &writer, err);
    write_status(till, &writer);
    basket_write(till, &writer);
    next_basket_write(till, &writer);
    write_payment(till, &writer);
    write_last_sale(till, &writer);
    scanned_write(till, &writer);
    json_text(&writer, "citizen_language", citizen_language(till));
    if (status == STATUS_OK) {
        status = write_unresolved(till, &writer, err);
    }
    if (status == STATUS_OK) {
        status = write_unprinted(till, &writer, err);
    }
    if (status == STATUS_OK) {
        status = holds_write(till, &writer, err);
    }
    till_unlock(till, false);
    if (status != STATUS_OK) {
        return status;
    }
    json_end_object(&writer);
    return json_finish(&writer, err);
}
