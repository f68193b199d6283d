/* 残高照会: what a citizen's card says, shown to the clerk and on the citizen's window, and forgotten. The card's id
 * does not leave the driver's answer; nothing of all this is logged. */
#include "common/signing/signing.h"
#include "drivers/simulated/control.h"
#include "pos/web/web_parts.h"

#include <stdio.h>

enum { INQUIRY_TIMEOUT_MS = 15000, USES_SHOWN = 5, CARD_MAX_BYTES = 16 * 1024 };

static bool
has_reader(struct http_request *request, const struct till_web *web)
{
    if (peripherals_have_card_reader(web->options.peripherals)) {
        return true;
    }
    struct error_detail err;
    error_set(&err, "no_card_reader", "このレジにはカードリーダーがありません。");
    http_respond_error(request, STATUS_NOT_FOUND, &err);
    return false;
}

static void
write_use(struct json_writer *writer, const struct stored_value_use *use)
{
    static const char *const kinds[] = {
        [STORED_VALUE_PAID] = "paid", [STORED_VALUE_CHARGED] = "charged", [STORED_VALUE_OTHER] = "other"};
    char text[32];
    json_begin_object(writer, NULL);
    snprintf(text, sizeof text, "%04u-%02u-%02u", use->year % 10000, use->month % 100, use->day % 100);
    json_text(writer, "date", text);
    if (use->has_time) {
        snprintf(text, sizeof text, "%02u:%02u", use->hour % 100, use->minute % 100);
        json_text(writer, "time", text);
    } else {
        json_null(writer, "time");
    }
    json_text(writer, "kind", kinds[use->kind]);
    if (use->amount_yen >= 0) {
        json_int(writer, "amount_yen", use->amount_yen);
    } else {
        json_null(writer, "amount_yen");
    }
    json_int(writer, "balance_yen", use->balance_yen);
    json_end_object(writer);
}

/* The citizen's window gets the balances alone. */
static enum status
write_card(const struct card_inquiry *card, bool has_uses, struct buffer *out, struct error_detail *err)
{
    struct json_writer writer;
    json_writer_init(&writer, out);
    json_begin_object(&writer, NULL);
    json_begin_array(&writer, "values");
    for (size_t i = 0; i < card->value_count; i++) {
        const struct stored_value *value = &card->values[i];
        json_begin_object(&writer, NULL);
        json_text(&writer, "scheme", stored_value_word(value->scheme));
        json_text(&writer, "name", stored_value_name(value->scheme));
        json_int(&writer, "balance_yen", value->balance_yen);
        if (has_uses) {
            json_begin_array(&writer, "uses");
            for (size_t j = 0; j < value->use_count && j < USES_SHOWN; j++) {
                write_use(&writer, &value->uses[j]);
            }
            json_end_array(&writer);
        }
        json_end_object(&writer);
    }
    json_end_array(&writer);
    json_end_object(&writer);
    return json_finish(&writer, err);
}

/* The hub keeps the newest event of each name for windows that open later: until forget_balance. */
static void
show_citizen(struct till_web *web, const struct card_inquiry *card)
{
    struct buffer json;
    buffer_init(&json, CARD_MAX_BYTES);
    if (write_card(card, /* has_uses= */ false, &json, NULL) == STATUS_OK) {
        atomic_store(&web->is_balance_shown, true);
        http_event_hub_publish(web->citizen_hub, "balance", buffer_text(&json), json.length);
        secret_wipe(json.data, json.length);
    }
    buffer_finish(&json);
}

void
forget_balance(struct till_web *web)
{
    static const char nothing[] = "{\"values\":[]}";
    if (atomic_exchange(&web->is_balance_shown, false)) {
        http_event_hub_publish(web->citizen_hub, "balance", nothing, sizeof nothing - 1);
    }
}

static void
answer_with_card(struct http_request *request, struct till_web *web, const struct card_inquiry *card)
{
    struct buffer json;
    struct error_detail err;
    buffer_init(&json, CARD_MAX_BYTES);
    const enum status status = write_card(card, /* has_uses= */ true, &json, &err);
    if (status == STATUS_OK) {
        show_citizen(web, card);
        http_respond_json(request, 200, &json);
    } else {
        http_respond_error(request, status, &err);
    }
    buffer_finish(&json);
}

void
get_card(struct http_request *request, void *context)
{
    const struct till_web *web = context;
    struct buffer json;
    buffer_init(&json, CARD_MAX_BYTES);
    buffer_append_text(&json, peripherals_have_card_reader(web->options.peripherals) ? "{\"has_reader\":true}"
                                                                                     : "{\"has_reader\":false}");
    http_respond_json(request, 200, &json);
    buffer_finish(&json);
}

void
post_card_inquire(struct http_request *request, void *context)
{
    struct till_web *web = context;
    struct card_inquiry card;
    struct error_detail err;
    if (!has_reader(request, web)) {
        return;
    }
    const enum status status = peripherals_inquire_card(web->options.peripherals, INQUIRY_TIMEOUT_MS, &card, &err);
    if (status == STATUS_OK) {
        answer_with_card(request, web, &card);
        secret_wipe(&card, sizeof card);
    } else {
        http_respond_error(request, status, &err);
    }
}

void
post_card_forget(struct http_request *request, void *context)
{
    forget_balance(context);
    get_card(request, context);
}

void
post_card_stop(struct http_request *request, void *context)
{
    struct till_web *web = context;
    if (!has_reader(request, web)) {
        return;
    }
    peripherals_stop_card(web->options.peripherals);
    get_card(request, context);
}

void
post_simulated_card(struct http_request *request, void *context)
{
    const struct till_web *web = context;
    const char *card;
    struct error_detail err;
    if (web->options.simulated_card_reader == NULL) {
        error_set(&err, "not_simulated", "この端末のカードリーダーは模擬機器ではありません。");
        http_respond_error(request, STATUS_NOT_FOUND, &err);
        return;
    }
    struct json_value *body = command_body(request);
    if (body == NULL) {
        return;
    }
    enum status status = json_get_text_or(body, "card", 16, NULL, &card, &err);
    if (status == STATUS_OK && !simulated_card_reader_lay(web->options.simulated_card_reader, card)) {
        error_set(&err, "no_sample", "見本のカード「%s」はありません。", card);
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK) {
        get_card(request, context);
    } else {
        answer_bad_command(request, status, &err);
    }
    json_free(body);
}
