/* Bytes to a reply that is worth reading: one JSON value, of this conversation, without a card number in it. */
#include "drivers/terminal_json/response.h"

#include "common/identity/identity.h"
#include "common/log/log.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    MEMBERS_MAX = 20000 /* values in a reply: a daily log of 64 KiB has fewer */
};

static bool
text_shows_card(const char *text)
{
    /* A UUID of ours may read like a card number, its hyphens like a card's; no card number reads like a UUID. */
    return !identity_is_valid(text) && card_number_is_present(text, strlen(text));
}

static bool
value_shows_card(const struct json_value *value)
{
    const char *text = NULL;
    int64_t number = 0;
    if (json_as_text(value, &text)) {
        return text_shows_card(text);
    }
    if (json_as_int(value, &number)) {
        char digits[24];
        snprintf(digits, sizeof digits, "%" PRId64, number);
        return text_shows_card(digits);
    }
    return false;
}

/* Members that a centre fills with numbers of its own, one in ten of which reads like a card's when it is long enough.
 * The door leaves such a number out and the answer counts (drivers/payment_terminal/payment_terminal.c). */
static bool
is_number_of_centre(const char *key)
{
    static const char *const keys[] = {"ApprovalCode", "SlipNumber", "TransactionID"};
    for (size_t i = 0; key != NULL && i < sizeof keys / sizeof keys[0]; i++) {
        if (strcmp(key, keys[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* Recursion is bounded by JSON_DEPTH_MAX, which json_parse enforces; *BUDGET bounds the width. */
static bool
tree_shows_card(const struct json_value *value, unsigned *budget)
{
    if (*budget == 0) {
        return true; /* too much to look through is too much to trust */
    }
    (*budget)--;
    if (!is_number_of_centre(json_key(value)) && value_shows_card(value)) {
        return true;
    }
    for (const struct json_value *item = json_first(value); item != NULL; item = json_next(item)) {
        const char *key = json_key(item);
        if ((key != NULL && text_shows_card(key)) || tree_shows_card(item, budget)) {
            return true;
        }
    }
    return false;
}

/* STATUS_OK, STATUS_NOT_FOUND for a stray, STATUS_INVALID. */
static enum status
check_header(const struct json_value *response, const struct terminal_header *expected)
{
    const struct json_value *header = json_member(response, "MessageHeader");
    const char *service_id = NULL;
    if (!terminal_text_is(header, "MessageType", "Response") ||
        json_get_text(header, "ServiceID", SERVICE_ID_SIZE - 1, &service_id, NULL) != STATUS_OK) {
        return STATUS_INVALID;
    }
    if (strcmp(service_id, expected->service_id) != 0) {
        return STATUS_NOT_FOUND;
    }
    const bool is_ours = terminal_text_is(header, "SaleID", expected->sale_id) &&
                         terminal_text_is(header, "POIID", expected->poi_id) &&
                         terminal_text_is(header, "MessageCategory", terminal_category_name(expected->category));
    return is_ours ? STATUS_OK : STATUS_INVALID;
}

static enum status
check_document(struct terminal_reply *reply, const struct terminal_header *expected, struct error_detail *err)
{
    unsigned budget = MEMBERS_MAX;
    if (tree_shows_card(reply->document, &budget)) {
        error_set(err, "terminal_card_number", "決済端末の応答に会員番号が含まれていたため破棄しました。");
        return STATUS_REFUSED;
    }
    const struct json_value *response = json_member(reply->document, "SaleToPOIResponse");
    enum status status = check_header(response, expected);
    if (status == STATUS_OK) {
        char name[40];
        snprintf(name, sizeof name, "%sResponse", terminal_category_name(expected->category));
        reply->body = json_member(response, name);
        status = json_is_object(reply->body) ? STATUS_OK : STATUS_INVALID;
    }
    if (status != STATUS_OK) {
        error_set(err, "terminal_reply_invalid", "決済端末の応答を解釈できません。");
    }
    return status;
}

enum status
terminal_reply_read(struct terminal_reply *out, const char *bytes, size_t length,
                    const struct terminal_header *expected, struct error_detail *err)
{
    struct terminal_reply reply = {0};
    if (json_parse(&reply.document, bytes, length, NULL) != STATUS_OK) {
        /* The parser's message may quote the bytes, which are not trusted yet. */
        error_set(err, "terminal_reply_invalid", "決済端末の応答を解釈できません。");
        return STATUS_INVALID;
    }
    enum status status = check_document(&reply, expected, err);
    if (status != STATUS_OK) {
        terminal_reply_finish(&reply);
        return status;
    }
    *out = reply;
    return STATUS_OK;
}

void
terminal_reply_finish(struct terminal_reply *reply)
{
    json_free(reply->document);
    memset(reply, 0, sizeof *reply);
}
