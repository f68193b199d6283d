/* The parts that every reply is made of: the Response object, its key=value pairs, optional texts and times. */
#include "drivers/terminal_json/response.h"

#include "common/clock/civil.h"
#include "common/log/log.h"
#include "common/text/utf8.h"

#include <string.h>

bool
terminal_text_is(const struct json_value *object, const char *key, const char *expected)
{
    const char *text = NULL;
    return json_get_text(object, key, REPLY_TEXT_MAX_BYTES, &text, NULL) == STATUS_OK && strcmp(text, expected) == 0;
}

bool
terminal_response_read(const struct json_value *body, struct terminal_response *out)
{
    const struct json_value *response = json_member(body, "Response");
    return json_get_text(response, "Result", REPLY_TEXT_MAX_BYTES, &out->result, NULL) == STATUS_OK &&
           json_get_text_or(response, "ErrorCondition", REPLY_TEXT_MAX_BYTES, "", &out->condition, NULL) == STATUS_OK &&
           json_get_text_or(response, "AdditionalResponse", REPLY_TEXT_MAX_BYTES, "", &out->additional, NULL) ==
               STATUS_OK;
}

bool
terminal_pair_find(const char *pairs, const char *key, char *out, size_t size)
{
    const size_t key_length = strlen(key);
    for (const char *pair = pairs; *pair != '\0';) {
        const size_t length = strcspn(pair, "&");
        if (length > key_length && strncmp(pair, key, key_length) == 0 && pair[key_length] == '=') {
            const char *value = pair + key_length + 1;
            const size_t kept = utf8_prefix(value, length - key_length - 1, size - 1);
            memcpy(out, value, kept);
            out[kept] = '\0';
            return true;
        }
        pair += length;
        pair += *pair == '&';
    }
    return false;
}

bool
terminal_text_copy(char out[TERMINAL_TEXT_SIZE], const struct json_value *object, const char *key)
{
    const char *text = NULL;
    if (json_get_text_or(object, key, REPLY_TEXT_MAX_BYTES, "", &text, NULL) != STATUS_OK) {
        return false;
    }
    size_t length = utf8_prefix(text, strlen(text), TERMINAL_TEXT_SIZE - 1);
    if (text[length] != '\0' && card_digits_are_present(text)) {
        length = 0; /* cut, it would be most of a card number that nobody recognises any more */
    }
    memcpy(out, text, length);
    out[length] = '\0';
    return true;
}

bool
terminal_time_copy(int64_t *out_ms, const struct json_value *transaction)
{
    const char *text = NULL;
    if (json_get_text_or(transaction, "TimeStamp", REPLY_TEXT_MAX_BYTES, "", &text, NULL) != STATUS_OK) {
        return false;
    }
    return *text == '\0' || instant_parse(out_ms, text, strlen(text)) == STATUS_OK;
}
