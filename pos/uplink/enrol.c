/* Enrolment of a new till. The key is on disk before the service hears of it. */
#include "common/bytes/encoding.h"
#include "pos/uplink/service.h"
#include "pos/uplink/uplink.h"

#include <stdio.h>

static enum status
load_or_make_key(const char *path, struct signing_key **out, struct error_detail *err)
{
    enum status status = signing_key_load(out, path, err);
    if (status != STATUS_NOT_FOUND) {
        return status;
    }
    status = signing_key_generate(out, err);
    if (status == STATUS_OK) {
        status = signing_key_save(*out, path, err);
        if (status != STATUS_OK) {
            signing_key_destroy(*out);
            *out = NULL;
        }
    }
    return status;
}

static enum status
record_enrolment(struct till *till, const struct signing_key *key, const struct enrolment_answer *answer,
                 struct error_detail *err)
{
    uint8_t public_key[PUBLIC_KEY_SIZE];
    char text[2 * PUBLIC_KEY_SIZE + 1];
    signing_key_public(key, public_key);
    hex_encode(text, public_key, sizeof public_key);
    return till_enrol(till, answer->municipality, answer->terminal, answer->place, text, err);
}

static enum status
fetch_masters(struct till *till, struct settlement_service *service, int64_t now_ms, struct error_detail *err)
{
    struct masters_answer answer = {0};
    buffer_init(&answer.http.body, SERVICE_ANSWER_MAX_BYTES);
    enum status status = service_masters(service, now_ms, "", &answer, err);
    if (status == STATUS_OK && answer.is_new) {
        const char *signature = answer.http.header[0] != '\0' ? answer.http.header : NULL;
        status =
            till_apply_signed_masters(till, buffer_text(&answer.http.body), answer.http.body.length, signature, err);
    }
    buffer_finish(&answer.http.body);
    return status;
}

enum status
uplink_check_url(const char *url, struct error_detail *err)
{
    if (!http_url_keeps_secrets(url)) {
        error_set(err, "not_secure",
                  "%s: the till speaks to a settlement service on another computer by https only; set the address to "
                  "https://… and ca_file to the root of its certificate",
                  url);
        return STATUS_REFUSED;
    }
    return STATUS_OK;
}

enum status
uplink_enrol(struct till *till, const char *service_url, const char *ca_file, const char *key_path, const char *code,
             struct clock_source clock, struct error_detail *err)
{
    struct settlement_service service = {0};
    struct signing_key *key = NULL;
    struct enrolment_answer answer = {0};
    snprintf(service.url, sizeof service.url, "%s", service_url);
    const struct http_security security = {.ca_file = ca_file};
    enum status status = uplink_check_url(service_url, err);
    if (status == STATUS_OK) {
        status = load_or_make_key(key_path, &key, err);
    }
    if (status == STATUS_OK) {
        service.key = key;
        status = http_client_create_secure(&service.client, &security, err);
    }
    if (status == STATUS_OK) {
        status = service_enrol(&service, code, &answer, err);
    }
    if (status == STATUS_OK && !till_is_enrolled(till)) {
        status = record_enrolment(till, key, &answer, err);
    }
    if (status == STATUS_OK && answer.masters_key[0] != '\0') {
        status = till_set_masters_key(till, answer.masters_key, err); /* again when the first answer was lost */
    }
    if (status == STATUS_OK) {
        snprintf(service.terminal, sizeof service.terminal, "%s", answer.terminal);
        status = fetch_masters(till, &service, clock_now_ms(&clock), err);
    }
    http_client_destroy(service.client);
    signing_key_destroy(key);
    return status;
}
