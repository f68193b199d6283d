/* The other side of the simulated devices: paper, cover, drawer, and what is held before the scanner. */
#include "drivers/paper/paper.h"
#include "drivers/simulated/control.h"
#include "pos/web/web_parts.h"

#include <stdlib.h>
#include <string.h>

static bool
are_devices_simulated(struct http_request *request, const struct till_web *web)
{
    if (web->options.simulated_printer != NULL) {
        return true;
    }
    struct error_detail err;
    error_set(&err, "not_simulated", "この端末には実機がつながっています。");
    http_respond_error(request, STATUS_NOT_FOUND, &err);
    return false;
}

static void
write_display(const struct till_web *web, struct json_writer *writer)
{
    if (web->options.simulated_display == NULL) {
        json_null(writer, "line_display");
        return;
    }
    json_begin_array(writer, "line_display");
    for (size_t row = 0; row < LINE_DISPLAY_ROWS; row++) {
        struct buffer text;
        struct error_detail err;
        buffer_init(&text, COMMAND_MAX_BYTES);
        const enum status status = simulated_line_display_text(web->options.simulated_display, row, &text, &err);
        json_text(writer, NULL, status == STATUS_OK ? buffer_text(&text) : "");
        buffer_finish(&text);
    }
    json_end_array(writer);
}

static void
answer_with_devices(struct http_request *request, const struct till_web *web)
{
    struct buffer json;
    struct json_writer writer;
    struct error_detail err;
    uint64_t first;
    size_t count;
    enum drawer_position position = DRAWER_UNKNOWN;
    struct simulated_printer_condition printer = simulated_printer_get(web->options.simulated_printer);
    simulated_printer_sheets(web->options.simulated_printer, &first, &count);
    enum status status = cash_drawer_query(web->options.simulated_drawer, 100, &position, &err);
    buffer_init(&json, COMMAND_MAX_BYTES);
    json_writer_init(&writer, &json);
    json_begin_object(&writer, NULL);
    json_begin_object(&writer, "printer");
    json_text(&writer, "paper", printer.paper_is_out ? "end" : printer.paper_is_near_end ? "near_end" : "ok");
    json_bool(&writer, "cover_open", printer.cover_is_open);
    json_bool(&writer, "is_offline", printer.is_offline);
    json_int(&writer, "papers", count == 0 ? 0 : (int64_t)(first + count - 1));
    json_end_object(&writer);
    json_begin_object(&writer, "drawer");
    json_bool(&writer, "is_open", status == STATUS_OK && position == DRAWER_OPENED);
    json_int(&writer, "pulses", (int64_t)simulated_cash_drawer_openings(web->options.simulated_drawer));
    json_end_object(&writer);
    write_display(web, &writer);
    json_null(&writer, "terminal"); /* the payment terminal is simulated with the payment network */
    json_end_object(&writer);
    status = json_finish(&writer, &err);
    if (status == STATUS_OK) {
        http_respond_json(request, 200, &json);
    } else {
        http_respond_error(request, status, &err);
    }
    buffer_finish(&json);
}

void
get_simulated(struct http_request *request, void *context)
{
    const struct till_web *web = context;
    if (are_devices_simulated(request, web)) {
        answer_with_devices(request, web);
    }
}

static enum status
read_printer(const struct json_value *body, struct simulated_printer_condition *out, struct error_detail *err)
{
    const char *paper;
    enum status status = json_get_text_or(body, "paper", 16, NULL, &paper, err);
    if (status == STATUS_OK && paper != NULL) {
        out->paper_is_out = strcmp(paper, "end") == 0;
        out->paper_is_near_end = strcmp(paper, "near_end") == 0;
    }
    if (status == STATUS_OK) {
        status = json_get_bool_or(body, "cover_open", out->cover_is_open, &out->cover_is_open, err);
    }
    if (status == STATUS_OK) {
        status = json_get_bool_or(body, "is_offline", out->is_offline, &out->is_offline, err);
    }
    return status;
}

void
post_simulated_printer(struct http_request *request, void *context)
{
    const struct till_web *web = context;
    struct error_detail err;
    struct json_value *body = are_devices_simulated(request, web) ? command_body(request) : NULL;
    if (body == NULL) {
        return;
    }
    struct simulated_printer_condition condition = simulated_printer_get(web->options.simulated_printer);
    enum status status = read_printer(body, &condition, &err);
    if (status == STATUS_OK) {
        simulated_printer_set(web->options.simulated_printer, &condition);
        answer_with_devices(request, web);
    } else {
        answer_bad_command(request, status, &err);
    }
    json_free(body);
}

void
post_simulated_drawer(struct http_request *request, void *context)
{
    const struct till_web *web = context;
    if (are_devices_simulated(request, web)) {
        simulated_cash_drawer_shut(web->options.simulated_drawer);
        answer_with_devices(request, web);
    }
}

void
post_simulated_scanner(struct http_request *request, void *context)
{
    const struct till_web *web = context;
    const char *code;
    struct error_detail err;
    if (web->options.simulated_scanner == NULL) {
        error_set(&err, "not_simulated", "この端末のスキャナーは模擬機器ではありません。");
        http_respond_error(request, STATUS_NOT_FOUND, &err);
        return;
    }
    struct json_value *body = are_devices_simulated(request, web) ? command_body(request) : NULL;
    if (body == NULL) {
        return;
    }
    enum status status = json_get_text(body, "code", SCANNER_CODE_SIZE - 1, &code, &err);
    if (status == STATUS_OK) {
        simulated_scanner_show(web->options.simulated_scanner, code);
        answer_with_devices(request, web);
    } else {
        answer_bad_command(request, status, &err);
    }
    json_free(body);
}

void
get_simulated_paper(struct http_request *request, void *context)
{
    const struct till_web *web = context;
    struct buffer png;
    struct error_detail err;
    uint64_t first;
    size_t count;
    if (!are_devices_simulated(request, web)) {
        return;
    }
    const char *name = http_request_parameter(request, "paper"); /* "12.png" or "latest.png" */
    simulated_printer_sheets(web->options.simulated_printer, &first, &count);
    uint64_t number = strcmp(name, "latest.png") == 0 ? first + count - (count > 0 ? 1 : 0) : strtoull(name, NULL, 10);
    buffer_init(&png, PAPER_PNG_MAX_BYTES);
    enum status status = simulated_printer_png(web->options.simulated_printer, number, &png, &err);
    if (status == STATUS_OK) {
        http_respond(request, 200, "image/png", buffer_text(&png), png.length);
    } else {
        http_respond_error(request, status, &err);
    }
    buffer_finish(&png);
}
