/* Each message is a password where ZVT wants one, fields, and our container. */
#include "drivers/terminal_zvt/request.h"

#include <stdlib.h>

enum {
    /* Registration, bit by bit: the till prints receipts (02) and gets their lines (80), wants intermediate status
     * information (08), and alone starts payments (10) and the terminal's own business (20). */
    CONFIGURATION = 0xBA,
    CURRENCY_BYTES = 2,
    PASSWORD_BYTES = 3,
    FLAG_TRAINING = 1,
    MEDIA_EMONEY = 1,
    SERVICE_LINES = 1
};

struct parts {
    struct buffer data, tags;
};

static void
begin(struct parts *parts, const char *password)
{
    buffer_init(&parts->data, ZVT_APDU_MAX_BYTES);
    buffer_init(&parts->tags, ZVT_APDU_MAX_BYTES);
    if (password != NULL) {
        zvt_bcd_append(&parts->data, strtol(password, NULL, 10), PASSWORD_BYTES);
    }
}

static void
end(struct parts *parts, struct buffer *out, enum zvt_command command)
{
    zvt_container_append(&parts->data, &parts->tags);
    zvt_apdu_append(out, command, &parts->data);
    buffer_finish(&parts->data);
    buffer_finish(&parts->tags);
}

static void
append_money(struct parts *parts, int64_t amount_yen)
{
    buffer_append_byte(&parts->data, ZVT_FIELD_AMOUNT);
    zvt_bcd_append(&parts->data, amount_yen, ZVT_AMOUNT_BYTES);
    buffer_append_byte(&parts->data, ZVT_FIELD_CURRENCY);
    zvt_bcd_append(&parts->data, ZVT_CURRENCY_YEN, CURRENCY_BYTES);
}

static void
append_byte_tag(struct parts *parts, unsigned tag, uint8_t byte)
{
    zvt_tag_append(&parts->tags, tag, &byte, 1);
}

void
zvt_request_registration(struct buffer *out, const char *password, const char *till, bool is_training)
{
    struct parts parts;
    begin(&parts, password);
    buffer_append_byte(&parts.data, CONFIGURATION);
    zvt_bcd_append(&parts.data, ZVT_CURRENCY_YEN, CURRENCY_BYTES);
    if (till != NULL) {
        zvt_tag_append_text(&parts.tags, ZVT_TAG_TILL, till);
        append_byte_tag(&parts, ZVT_TAG_FLAGS, is_training ? FLAG_TRAINING : 0);
    }
    end(&parts, out, ZVT_REGISTRATION);
}

void
zvt_request_sale(struct buffer *out, const struct terminal_request *request)
{
    struct parts parts;
    begin(&parts, NULL);
    append_money(&parts, request->amount_yen);
    zvt_tag_append_text(&parts.tags, ZVT_TAG_REFERENCE, request->reference);
    zvt_tag_append_text(&parts.tags, ZVT_TAG_BRAND, request->brand);
    append_byte_tag(&parts, ZVT_TAG_MEDIA, request->media == TERMINAL_EMONEY ? MEDIA_EMONEY : 0);
    end(&parts, out, ZVT_AUTHORISATION);
}

void
zvt_request_refund(struct buffer *out, const char *password, const struct terminal_refund *refund)
{
    struct parts parts;
    begin(&parts, password);
    append_money(&parts, refund->amount_yen);
    zvt_tag_append_text(&parts.tags, ZVT_TAG_REFERENCE, refund->reference);
    zvt_tag_append_text(&parts.tags, ZVT_TAG_SALE, refund->sale);
    zvt_tag_append_text(&parts.tags, ZVT_TAG_BRAND, refund->brand);
    append_byte_tag(&parts, ZVT_TAG_MEDIA, refund->media == TERMINAL_EMONEY ? MEDIA_EMONEY : 0);
    end(&parts, out, ZVT_REFUND);
}

static void
append_reference_request(struct buffer *out, enum zvt_command command, const char *password, const char *reference)
{
    struct parts parts;
    begin(&parts, password);
    if (reference != NULL) {
        zvt_tag_append_text(&parts.tags, ZVT_TAG_REFERENCE, reference);
    }
    end(&parts, out, command);
}

void
zvt_request_reversal(struct buffer *out, const char *password, const char *reference)
{
    append_reference_request(out, ZVT_REVERSAL, password, reference);
}

void
zvt_request_status(struct buffer *out, const char *password, const char *reference)
{
    append_reference_request(out, ZVT_STATUS_ENQUIRY, password, reference);
}

void
zvt_request_totals(struct buffer *out, const char *password, bool wants_lines)
{
    struct parts parts;
    begin(&parts, password);
    if (wants_lines) {
        buffer_append_byte(&parts.data, ZVT_FIELD_SERVICE);
        buffer_append_byte(&parts.data, SERVICE_LINES);
    }
    end(&parts, out, ZVT_TURNOVER_TOTALS);
}

void
zvt_request_end_of_day(struct buffer *out, const char *password)
{
    append_reference_request(out, ZVT_END_OF_DAY, password, NULL);
}

void
zvt_request_plain(struct buffer *out, enum zvt_command command)
{
    zvt_apdu_append(out, command, NULL);
}
