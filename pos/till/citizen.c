/* The citizen's view of the till, written from memory alone. */
#include "pos/till/citizen.h"

#include "pos/till/citizen_names.h"

#include <stdio.h>
#include <string.h>

static const char *const languages[PAYMENT_LANGUAGES] = {
    [LANGUAGE_JA] = "ja", [LANGUAGE_EN] = "en", [LANGUAGE_ZH] = "zh", [LANGUAGE_KO] = "ko"};

static const struct basket nothing;

/* What the citizen at the counter sees: his own things while he pays, whatever the clerk rings up behind. */
static const struct basket *
shown_basket(const struct till *till)
{
    return till->foreground.state != FOREGROUND_NONE ? basket_in_payment(till) : &till->basket;
}

enum status
till_set_language(struct till *till, const char *language, struct error_detail *err)
{
    for (size_t i = 0; i < sizeof languages / sizeof languages[0]; i++) {
        if (strcmp(language, languages[i]) == 0) {
            till_lock(till);
            snprintf(till->language, sizeof till->language, "%s", language);
            snprintf(till->language_basket, sizeof till->language_basket, "%s", shown_basket(till)->id);
            till_unlock(till, true);
            return STATUS_OK;
        }
    }
    error_set(err, "language", "その言語は表示できません。");
    return STATUS_INVALID;
}

/* The next citizen's things, begun while the last one paid: he is thanked until the clerk goes on with them. */
static bool
is_thanked(const struct till *till)
{
    const struct basket *basket = &till->basket;
    return till->last_sale.is_set && strcmp(till->thanks.before, basket->id) == 0 &&
           till->thanks.line_count == basket->content.line_count && till->thanks.total_yen == basket->content.total_yen;
}

static enum citizen_view
view_now(const struct till *till)
{
    if (!till->clerk.is_present || !till->day.is_open) {
        return CITIZEN_CLOSED;
    }
    if (till->foreground.state != FOREGROUND_NONE) {
        return CITIZEN_PAYING;
    }
    if (till->basket.content.line_count > 0 && !is_thanked(till)) {
        return CITIZEN_ITEMS;
    }
    return till->last_sale.is_set ? CITIZEN_PAID : CITIZEN_IDLE;
}

const char *
citizen_language(const struct till *till)
{
    const bool is_of_basket = strcmp(till->language_basket, shown_basket(till)->id) == 0;
    const bool is_thanking = view_now(till) == CITIZEN_PAID;
    const bool is_of_thanks = is_thanking && (till->basket.content.line_count == 0 || is_thanked(till)) &&
                              strcmp(till->language_basket, till->paid_basket) == 0;
    return till->language[0] != '\0' && (is_of_basket || is_of_thanks) ? till->language : languages[0];
}

static enum payment_language
language_index(const struct till *till)
{
    for (size_t i = 0; i < PAYMENT_LANGUAGES; i++) {
        if (strcmp(languages[i], citizen_language(till)) == 0) {
            return (enum payment_language)i;
        }
    }
    return LANGUAGE_JA;
}

static const char *const view_words[] = {
    [CITIZEN_CLOSED] = "closed", [CITIZEN_IDLE] = "idle", [CITIZEN_ITEMS] = "items",
    [CITIZEN_PAYING] = "paying", [CITIZEN_PAID] = "paid",
};

static void
write_lines(const struct till *till, const struct sale_content *content, struct json_writer *writer)
{
    const enum payment_language language = language_index(till);
    json_begin_array(writer, "lines");
    for (size_t i = 0; i < content->line_count; i++) {
        const struct sale_line *line = &content->lines[i];
        char name[NAME_SIZE];
        citizen_line_name(till, line, language, name);
        json_begin_object(writer, NULL);
        json_text(writer, "name", name);
        json_int(writer, "quantity", line->quantity);
        json_int(writer, "unit_price_yen", line->unit_price_yen);
        json_int(writer, "reduction_yen", line->reduction.yen);
        json_int(writer, "amount_yen", line->amount_yen);
        json_end_object(writer);
    }
    json_end_array(writer);
}

/* NULL when there is no brand. */
static const char *
brand_name(const struct till *till, const char *code)
{
    const struct master_brand *brand = masters_brand(till->masters, code, till_business_date(till));
    if (brand != NULL) {
        return citizen_name(&brand->names, brand->name, language_index(till));
    }
    return code[0] != '\0' ? masters_brand_name(till->masters, code) : NULL;
}

/* The place, or before there are masters its code. */
static const char *
place_name(const struct till *till)
{
    return till->masters != NULL
               ? citizen_name(&till->masters->place.names, till->masters->place.name, language_index(till))
               : till->place;
}

static void
write_payment(const struct till *till, struct json_writer *writer)
{
    const struct foreground *foreground = &till->foreground;
    if (foreground->state == FOREGROUND_NONE) {
        json_null(writer, "payment");
        return;
    }
    const int64_t left_ms = foreground->deadline_ms - till_monotonic_ms(till);
    json_begin_object(writer, "payment");
    json_text(writer, "state", foreground_state_word(foreground));
    json_text(writer, "say", payment_words(foreground_code(till))->citizen[language_index(till)]);
    json_text(writer, "method", payment_method_word(foreground->method));
    json_text(writer, "brand_name", brand_name(till, foreground->brand));
    json_int(writer, "amount_yen", foreground->amount_yen);
    json_text(writer, "code", foreground->payload[0] != '\0' ? foreground->payment : NULL);
    if (foreground->deadline_ms != 0) {
        json_int(writer, "seconds_left", left_ms > 0 ? left_ms / 1000 : 0);
    } else {
        json_null(writer, "seconds_left");
    }
    json_end_object(writer);
}

static void
write_paid(const struct till *till, struct json_writer *writer)
{
    const struct last_sale *last = &till->last_sale;
    if (!last->is_set) {
        json_null(writer, "paid");
        return;
    }
    json_begin_object(writer, "paid");
    json_text(writer, "receipt_number", last->receipt_number);
    json_int(writer, "total_yen", last->total_yen);
    json_text(writer, "method", payment_method_word(last->method));
    json_text(writer, "brand_name", brand_name(till, last->brand));
    json_int(writer, "tendered_yen", last->tendered_yen);
    json_int(writer, "change_yen", last->change_yen);
    json_end_object(writer);
}

enum status
till_write_citizen(struct till *till, struct buffer *out, struct error_detail *err)
{
    struct json_writer writer;
    till_lock(till);
    json_writer_init(&writer, out);
    json_begin_object(&writer, NULL);
    json_int(&writer, "revision", till->revision);
    json_bool(&writer, "is_training", till->is_training);
    json_text(&writer, "language", citizen_language(till));
    json_text(&writer, "municipality_name", till->masters != NULL ? till->masters->municipality_name : "");
    json_text(&writer, "place_name", place_name(till));
    json_text(&writer, "view", view_words[view_now(till)]);
    const struct basket *shown = is_thanked(till) ? &nothing : shown_basket(till);
    write_lines(till, &shown->content, &writer);
    json_int(&writer, "count", basket_count(shown));
    json_int(&writer, "total_yen", shown->content.total_yen);
    write_payment(till, &writer);
    write_paid(till, &writer);
    json_end_object(&writer);
    till_unlock(till, false);
    return json_finish(&writer, err);
}

static void
summarise(const struct till *till, struct citizen_summary *out)
{
    const struct sale_content *content = is_thanked(till) ? &nothing.content : &shown_basket(till)->content;
    const struct last_sale *last = &till->last_sale;
    *out = (struct citizen_summary){
        .view = view_now(till), .is_japanese = language_index(till) == LANGUAGE_JA, .total_yen = content->total_yen};
    if (content->line_count > 0) {
        const struct sale_line *newest = &content->lines[content->line_count - 1];
        citizen_display_name(till, newest, language_index(till), out->item_name, out->item_plain);
        out->item_quantity = newest->quantity;
        out->item_amount_yen = newest->amount_yen;
    }
    if (out->view == CITIZEN_PAYING) {
        out->total_yen = till->foreground.amount_yen;
    } else if (out->view == CITIZEN_PAID) {
        out->total_yen = last->total_yen;
        out->is_cash = last->method == METHOD_CASH;
        out->tendered_yen = last->tendered_yen;
        out->change_yen = last->change_yen;
    }
}

int64_t
till_await_citizen(struct till *till, int64_t seen, unsigned timeout_ms, struct citizen_summary *out)
{
    const struct timespec until = clock_deadline_after(timeout_ms);
    till_lock(till);
    while (till->revision == seen && !till->is_stopping &&
           pthread_cond_timedwait(&till->view_changed, &till->lock, &until) == 0) {
    }
    const int64_t revision = till->revision;
    summarise(till, out);
    till_unlock(till, false);
    return revision;
}
