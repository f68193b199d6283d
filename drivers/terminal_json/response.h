/* The parts that every reply is made of. Inside this folder only. */
#pragma once

#include "drivers/terminal_json/message.h"

enum {
    REPLY_TEXT_MAX_BYTES = 4096 /* longest text of a reply that is looked at; AdditionalResponse is the longest */
};

/* Response{Result, ErrorCondition, AdditionalResponse}; the last two are "" where absent. Borrowed from the document.
 */
struct terminal_response {
    const char *result;
    const char *condition;
    const char *additional;
};

bool terminal_response_read(const struct json_value *body, struct terminal_response *out);

/* Whether member KEY of OBJECT is the text EXPECTED. */
bool terminal_text_is(const struct json_value *object, const char *key, const char *expected);

/* The value of KEY in "key=value&…" into OUT, cut to what fits; false when KEY is not there. */
bool terminal_pair_find(const char *pairs, const char *key, char *out, size_t size);

/* Optional members: false only when they are there and wrong. A text too long for us is cut, as none of them decides
 * anything; a time that is absent leaves *OUT_MS alone. */
bool terminal_text_copy(char out[TERMINAL_TEXT_SIZE], const struct json_value *object, const char *key);
bool terminal_time_copy(int64_t *out_ms, const struct json_value *transaction);
