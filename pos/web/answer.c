/* How commands are read and answered. */
#include "pos/web/web_parts.h"

#include "common/identity/identity.h"
#include "common/log/log.h"
#include "pos/codes/observed_prefixes.h"

#include <stdlib.h>
#include <string.h>

void
answer_with_state(struct http_request *request, struct till_web *web, enum status status,
                  const struct error_detail *err)
{
    if (status != STATUS_OK) {
        http_respond_error(request, status, err);
        return;
    }
    struct buffer state;
    struct error_detail failure;
    buffer_init(&state, STATE_MAX_BYTES);
    status = till_write_state(web->options.till, &state, &failure);
    if (status == STATUS_OK) {
        http_respond_json(request, 200, &state);
    } else {
        http_respond_error(request, status, &failure);
    }
    buffer_finish(&state);
}

void
answer_bad_command(struct http_request *request, enum status status, const struct error_detail *err)
{
    struct error_detail told;
    error_set(&told, "bad_command", "画面からの指示を読み取れません。画面を再読み込みしてください。(%.300s)",
              err->message);
    http_respond_error(request, status == STATUS_OVERFLOW ? STATUS_INVALID : status, &told);
}

/* No text of a command is a card's number or a citizen's payment code, whose journal would keep it for ever; but for the
 * code of a payment itself, which is never written. Recursion is bounded by JSON_DEPTH_MAX. */
static bool
holds_secret(const struct json_value *value)
{
    const char *text = NULL;
    if (json_as_text(value, &text) && !identity_is_valid(text)) {
        struct classification what;
        classify_code(text, strlen(text), observed_prefixes, observed_prefix_count, &what);
        bool is_payment_code = what.kind == SCANNED_JPQR || what.kind == SCANNED_EMV ||
                               (what.kind == SCANNED_BARCODE && what.candidate_count > 0);
        return is_payment_code || card_number_is_present(text, strlen(text));
    }
    for (const struct json_value *item = json_first(value); item != NULL; item = json_next(item)) {
        const char *key = json_key(item);
        bool may_be_secret = key != NULL && (strcmp(key, "code") == 0 || strcmp(key, "pin") == 0);
        if (!may_be_secret && holds_secret(item)) {
            return true;
        }
    }
    return false;
}

static enum status
refuse_secret(const struct json_value *body, struct error_detail *err)
{
    if (!holds_secret(body)) {
        return STATUS_OK;
    }
    error_set(err, "looks_secret",
              "カード番号かお客様の決済コードのように見える文字は、記録に残さないため入れられません。番号の終わりの4桁だけにするなどして、入れ直してください。");
    return STATUS_REFUSED;
}

struct json_value *
command_body(struct http_request *request)
{
    size_t length;
    struct error_detail err;
    struct json_value *body = NULL;
    const char *text = http_request_body(request, &length);
    enum status status = json_parse(&body, text, length, &err);
    if (status == STATUS_OK && !json_is_object(body)) {
        error_set(&err, "not_an_object", "an object is wanted");
        json_free(body);
        status = STATUS_INVALID;
    }
    if (status != STATUS_OK) {
        answer_bad_command(request, status, &err);
        return NULL;
    }
    status = refuse_secret(body, &err);
    if (status != STATUS_OK) {
        http_respond_error(request, status, &err);
        json_free(body);
        return NULL;
    }
    return body;
}

enum status
read_approval(const struct json_value *body, struct approval *out, struct error_detail *err)
{
    const struct json_value *approval = json_member(body, "approval");
    *out = (struct approval){0};
    if (json_is_null(approval)) {
        return STATUS_OK;
    }
    enum status status = json_get_text(approval, "clerk", CODE_SIZE - 1, &out->clerk, err);
    if (status == STATUS_OK) {
        status = json_get_text(approval, "pin", PIN_MAX_BYTES, &out->pin, err);
    }
    return status;
}

size_t
path_number(const struct http_request *request, const char *name)
{
    const char *text = http_request_parameter(request, name);
    char *end;
    if (text[0] < '1' || text[0] > '9') {
        return 0;
    }
    unsigned long value = strtoul(text, &end, 10);
    return *end == '\0' && value <= 1000000 ? value : 0;
}
