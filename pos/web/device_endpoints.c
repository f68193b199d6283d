/* 機器の点検: how the devices are, what has happened to them, and their tests. */
#include "pos/web/web_parts.h"

enum { DEVICES_MAX_BYTES = 256 * 1024 /* a hundred changes, each a sentence */ };

static void
answer(struct http_request *request, enum status status, struct buffer *json, const struct error_detail *err)
{
    if (status == STATUS_OK) {
        http_respond_json(request, 200, json);
    } else {
        http_respond_error(request, status, err);
    }
    buffer_finish(json);
}

void
get_devices(struct http_request *request, void *context)
{
    const struct till_web *web = context;
    struct buffer json;
    struct error_detail err;
    buffer_init(&json, DEVICES_MAX_BYTES);
    const enum status status = health_write(peripherals_health(web->options.peripherals), &json, &err);
    answer(request, status, &json, &err);
}

void
get_plugged_devices(struct http_request *request, void *context)
{
    const struct till_web *web = context;
    struct buffer json;
    struct error_detail err;
    buffer_init(&json, DEVICES_MAX_BYTES);
    const enum status status = web->options.write_plugged(web->options.plugged_context, &json, &err);
    answer(request, status, &json, &err);
}

static enum status
device_of_path(const struct http_request *request, enum peripheral *out, struct error_detail *err)
{
    if (peripheral_from_word(http_request_parameter(request, "device"), out)) {
        return STATUS_OK;
    }
    error_set(err, "no_such_device", "この機器はありません。画面を再読み込みしてください。");
    return STATUS_NOT_FOUND;
}

void
post_device_test(struct http_request *request, void *context)
{
    struct till_web *web = context;
    struct error_detail err;
    enum peripheral device;
    enum status status = device_of_path(request, &device, &err);
    if (status == STATUS_OK) {
        status = peripherals_test(web->options.peripherals, device, &err);
    }
    answer_with_state(request, web, status, &err);
}

void
post_device_stop(struct http_request *request, void *context)
{
    struct till_web *web = context;
    struct error_detail err;
    enum peripheral device;
    enum status status = device_of_path(request, &device, &err);
    if (status == STATUS_OK && device == PERIPHERAL_SCANNER) {
        peripherals_stop_scan_test(web->options.peripherals);
    } else if (status == STATUS_OK) {
        error_set(&err, "cannot_stop", "この点検は途中でやめられません。数秒で終わります。");
        status = STATUS_REFUSED;
    }
    answer_with_state(request, web, status, &err);
}
