/* Routes, origin check and the event stream. */
#include "pos/web/web.h"

#include "common/log/log.h"
#include "pos/web/web_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What touches the disk or hashes a PIN runs on workers. */
static const struct http_route routes[] = {
    {"GET", "/api/state", get_state, HTTP_WORKER, 0},
    {"GET", "/api/events", get_events, HTTP_INLINE, 0},
    {"GET", "/api/citizen", get_citizen, HTTP_WORKER, 0},
    {"GET", "/api/citizen/code/:payment", get_citizen_code, HTTP_WORKER, 0},
    {"GET", "/api/citizen/events", get_citizen_events, HTTP_INLINE, 0},
    {"POST", "/api/citizen/language", post_citizen_language, HTTP_WORKER, COMMAND_MAX_BYTES},
    {"GET", "/api/catalog", get_catalog, HTTP_WORKER, 0},
    {"GET", "/api/items", get_items, HTTP_WORKER, 0},
    {"POST", "/api/clerk/sign-in", post_sign_in, HTTP_WORKER, COMMAND_MAX_BYTES},
    {"POST", "/api/clerk/sign-out", post_sign_out, HTTP_WORKER, COMMAND_MAX_BYTES},
    {"POST", "/api/clerk/lock", post_lock, HTTP_WORKER, COMMAND_MAX_BYTES},
    {"POST", "/api/clerk/active", post_active, HTTP_WORKER, COMMAND_MAX_BYTES},
    {"POST", "/api/training", post_training, HTTP_WORKER, COMMAND_MAX_BYTES},
    {"POST", "/api/day/open", post_day_open, HTTP_WORKER, COMMAND_MAX_BYTES},
    {"POST", "/api/day/drawer", post_day_drawer, HTTP_WORKER, COMMAND_MAX_BYTES},
    {"POST", "/api/day/count", post_day_count, HTTP_WORKER, COMMAND_MAX_BYTES},
    {"GET", "/api/day/count", get_day_count, HTTP_WORKER, 0},
    {"POST", "/api/day/close", post_day_close, HTTP_WORKER, COMMAND_MAX_BYTES},
    {"POST", "/api/day/inspect", post_day_inspect, HTTP_WORKER, COMMAND_MAX_BYTES},
    {"GET", "/api/day/inspections/:line", get_day_inspection, HTTP_WORKER, 0},
    {"POST", "/api/day/hand-over", post_day_hand_over, HTTP_WORKER, COMMAND_MAX_BYTES},
    {"GET", "/api/cash", get_cash, HTTP_WORKER, 0},
    {"POST", "/api/cash/float", post_cash_float, HTTP_WORKER, COMMAND_MAX_BYTES},
    {"POST", "/api/cash/move", post_cash_move, HTTP_WORKER, COMMAND_MAX_BYTES},
    {"POST", "/api/basket/items", post_basket_item, HTTP_WORKER, COMMAND_MAX_BYTES},
    {"POST", "/api/basket/lines/:line", post_basket_line, HTTP_WORKER, COMMAND_MAX_BYTES},
    {"DELETE", "/api/basket/lines/:line", delete_basket_line, HTTP_WORKER, COMMAND_MAX_BYTES},
    {"POST", "/api/basket/lines/:line/exemption", post_basket_exemption, HTTP_WORKER, COMMAND_MAX_BYTES},
    {"DELETE", "/api/basket", delete_basket, HTTP_WORKER, COMMAND_MAX_BYTES},
    {"GET", "/api/items/:item/questions", get_questions, HTTP_WORKER, 0},
    {"POST", "/api/tariff/price", post_tariff_price, HTTP_WORKER, COMMAND_MAX_BYTES},
    {"POST", "/api/basket/case", post_basket_case, HTTP_WORKER, COMMAND_MAX_BYTES},
    {"POST", "/api/basket/lines/:line/reduction", post_basket_reduction, HTTP_WORKER, COMMAND_MAX_BYTES},
    {"POST", "/api/basket/lines/:line/price", post_basket_price, HTTP_WORKER, COMMAND_MAX_BYTES},
    {"POST", "/api/basket/reference", post_basket_reference, HTTP_WORKER, COMMAND_MAX_BYTES},
    {"POST", "/api/scan", post_scan, HTTP_WORKER, COMMAND_MAX_BYTES},
    {"POST", "/api/basket/hold", post_basket_hold, HTTP_WORKER, COMMAND_MAX_BYTES},
    {"POST", "/api/holds/:hold/recall", post_hold_recall, HTTP_WORKER, COMMAND_MAX_BYTES},
    {"POST", "/api/holds/:hold/discard", post_hold_discard, HTTP_WORKER, COMMAND_MAX_BYTES},
    {"POST", "/api/pay/cash", post_pay_cash, HTTP_WORKER, COMMAND_MAX_BYTES},
    {"POST", "/api/pay/none", post_pay_none, HTTP_WORKER, COMMAND_MAX_BYTES},
    {"POST", "/api/pay/cashless", post_pay_cashless, HTTP_WORKER, COMMAND_MAX_BYTES},
    {"POST", "/api/pay/presented", post_pay_presented, HTTP_WORKER, COMMAND_MAX_BYTES},
    {"POST", "/api/pay/code", post_pay_code, HTTP_WORKER, COMMAND_MAX_BYTES},
    {"POST", "/api/pay/stop", post_pay_stop, HTTP_WORKER, COMMAND_MAX_BYTES},
    {"POST", "/api/pay/set-aside", post_pay_set_aside, HTTP_WORKER, COMMAND_MAX_BYTES},
    {"POST", "/api/pay/abandon", post_pay_abandon, HTTP_WORKER, COMMAND_MAX_BYTES},
    {"POST", "/api/pay/clear", post_pay_clear, HTTP_WORKER, COMMAND_MAX_BYTES},
    {"GET", "/api/sales", get_sales, HTTP_WORKER, 0},
    {"GET", "/api/sales/:sale", get_sale, HTTP_WORKER, 0},
    {"POST", "/api/sales/:sale/refunds", post_sale_refund, HTTP_WORKER, COMMAND_MAX_BYTES},
    {"POST", "/api/refunds/:refund/pay", post_refund_pay, HTTP_WORKER, COMMAND_MAX_BYTES},
    {"POST", "/api/refunds/:refund/withdraw", post_refund_withdraw, HTTP_WORKER, COMMAND_MAX_BYTES},
    {"POST", "/api/sales/:sale/void", post_sale_void, HTTP_WORKER, COMMAND_MAX_BYTES},
    {"POST", "/api/sales/:sale/reprint", post_sale_reprint, HTTP_WORKER, COMMAND_MAX_BYTES},
    {"GET", "/api/sales/:sale/receipt.png", get_sale_paper, HTTP_WORKER, 0},
    {"POST", "/api/papers/:form/:subject/print", post_paper_print, HTTP_WORKER, COMMAND_MAX_BYTES},
    {"GET", "/api/papers/:form/:subject/picture.png", get_paper_picture, HTTP_WORKER, 0},
    {"POST", "/api/drawer/open", post_drawer_open, HTTP_WORKER, COMMAND_MAX_BYTES},
    {"GET", "/api/facilities", get_facilities, HTTP_WORKER, 0},
    {"POST", "/api/tickets", post_ticket, HTTP_WORKER, COMMAND_MAX_BYTES},
    {"GET", "/api/tickets/:ticket", get_ticket, HTTP_WORKER, 0},
    {"POST", "/api/tickets/:ticket/ring-up", post_ticket_ring_up, HTTP_WORKER, COMMAND_MAX_BYTES},
    {"POST", "/api/tickets/:ticket/time", post_ticket_time, HTTP_WORKER, COMMAND_MAX_BYTES},
    {"POST", "/api/tickets/:ticket/close", post_ticket_close, HTTP_WORKER, COMMAND_MAX_BYTES},
    {"POST", "/api/entries", post_entry, HTTP_WORKER, COMMAND_MAX_BYTES},
    {"GET", "/api/devices", get_devices, HTTP_WORKER, 0},
    {"GET", "/api/devices/plugged", get_plugged_devices, HTTP_WORKER, 0},
    {"POST", "/api/devices/:device/test", post_device_test, HTTP_WORKER, COMMAND_MAX_BYTES},
    {"POST", "/api/devices/:device/stop", post_device_stop, HTTP_WORKER, COMMAND_MAX_BYTES},
    {"GET", "/api/card", get_card, HTTP_INLINE, 0},
    {"POST", "/api/card/inquire", post_card_inquire, HTTP_WORKER, COMMAND_MAX_BYTES},
    {"POST", "/api/card/forget", post_card_forget, HTTP_WORKER, COMMAND_MAX_BYTES},
    {"POST", "/api/card/stop", post_card_stop, HTTP_WORKER, COMMAND_MAX_BYTES},
    {"POST", "/api/simulated/card", post_simulated_card, HTTP_WORKER, COMMAND_MAX_BYTES},
    {"GET", "/api/simulated", get_simulated, HTTP_WORKER, 0},
    {"POST", "/api/simulated/printer", post_simulated_printer, HTTP_WORKER, COMMAND_MAX_BYTES},
    {"POST", "/api/simulated/drawer", post_simulated_drawer, HTTP_WORKER, COMMAND_MAX_BYTES},
    {"POST", "/api/simulated/scanner", post_simulated_scanner, HTTP_WORKER, COMMAND_MAX_BYTES},
    {"GET", "/api/simulated/papers/:paper", get_simulated_paper, HTTP_WORKER, 0},
    {"GET", "/*", get_file, HTTP_INLINE, 0},
};

/* "127.0.0.1", "localhost", either with a port. A page that reached us under another name (DNS rebinding) is refused.
 */
static bool
is_local_host(const char *host)
{
    size_t length = host != NULL ? strcspn(host, ":") : 0;
    return (length == 9 && memcmp(host, "127.0.0.1", 9) == 0) || (length == 9 && memcmp(host, "localhost", 9) == 0);
}

/* What may be asked while the screen is locked: who is there, and the devices and windows that are not the clerk's. */
static bool
is_open_to_all(const char *path)
{
    static const char *const beginnings[] = {"/api/clerk/sign-in", "/api/clerk/lock", "/api/simulated/",
                                             "/api/citizen/"};
    for (size_t i = 0; i < sizeof beginnings / sizeof beginnings[0]; i++) {
        if (strncmp(path, beginnings[i], strlen(beginnings[i])) == 0) {
            return true;
        }
    }
    return false;
}

/* A command is a sign that somebody is there, and is refused while the screen waits for a PIN. */
static bool
admit_command(struct http_request *request, struct till_web *web)
{
    const char *path = http_request_path(request);
    if (is_open_to_all(path)) {
        return true;
    }
    if (!till_is_locked(web->options.till)) {
        till_note_activity(web->options.till);
        return true;
    }
    struct error_detail err;
    error_set(&err, "locked", "画面がロックされています。担当者の暗証番号を入れてください。");
    http_respond_error(request, STATUS_UNAUTHORIZED, &err);
    return false;
}

static bool
admit(struct http_request *request, const struct http_route *route, void *context)
{
    (void)route;
    const char *mark = http_request_header(request, "X-Madoguchi");
    bool is_reading = strcmp(http_request_method(request), "GET") == 0;
    if (is_local_host(http_request_header(request, "Host")) &&
        (is_reading || (mark != NULL && strcmp(mark, "till") == 0))) {
        return is_reading || admit_command(request, context);
    }
    struct error_detail err;
    error_set(&err, "wrong_origin", "この操作は、この端末の画面からだけできます。");
    http_respond_error(request, STATUS_UNAUTHORIZED, &err);
    return false;
}

void
get_state(struct http_request *request, void *context)
{
    struct error_detail err = {0};
    answer_with_state(request, context, STATUS_OK, &err);
}

void
get_events(struct http_request *request, void *context)
{
    struct till_web *web = context;
    http_respond_events(request, web->hub);
}

void
get_file(struct http_request *request, void *context)
{
    const struct till_web *web = context;
    http_files_respond(web->files, request, http_request_path(request));
}

static void
publish_state(struct till_web *web)
{
    struct buffer state;
    struct error_detail err;
    buffer_init(&state, STATE_MAX_BYTES);
    enum status status = till_write_state(web->options.till, &state, &err);
    if (status == STATUS_OK) {
        http_event_hub_publish(web->hub, "state", buffer_text(&state), state.length);
    } else {
        log_failure(LOG_LEVEL_ERROR, "till", "writing the state for the screen", status, &err);
    }
    buffer_finish(&state);
}

static void *
publisher_main(void *context)
{
    struct till_web *web = context;
    pthread_mutex_lock(&web->lock);
    while (!web->is_stopping) {
        if (!web->is_dirty) {
            pthread_cond_wait(&web->changed, &web->lock);
            continue;
        }
        web->is_dirty = false;
        pthread_mutex_unlock(&web->lock);
        publish_state(web);
        publish_citizen_view(web);
        pthread_mutex_lock(&web->lock);
    }
    pthread_mutex_unlock(&web->lock);
    return NULL;
}

void
till_web_publish(void *context)
{
    struct till_web *web = context;
    pthread_mutex_lock(&web->lock);
    web->is_dirty = true;
    pthread_cond_signal(&web->changed);
    pthread_mutex_unlock(&web->lock);
}

enum status
till_web_start(struct till_web **out, const struct till_web_options *options, struct error_detail *err)
{
    struct till_web *web = calloc(1, sizeof *web);
    if (web == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    web->options = *options;
    pthread_mutex_init(&web->lock, NULL);
    pthread_cond_init(&web->changed, NULL);
    enum status status = http_files_load(&web->files, options->screen_folder, err);
    if (status == STATUS_OK) {
        status = http_event_hub_create(&web->hub, err);
    }
    if (status == STATUS_OK) {
        status = http_event_hub_create(&web->citizen_hub, err);
    }
    if (status == STATUS_OK) {
        const struct http_server_options server = {.port = options->port,
                                                   .routes = routes,
                                                   .route_count = sizeof routes / sizeof routes[0],
                                                   .context = web,
                                                   .worker_threads = 4,
                                                   .connection_limit =
                                                       192, /* more than the event streams that a hub takes */
                                                   .admit = admit};
        status = http_server_start(&web->server, &server, err);
    }
    if (status == STATUS_OK) {
        web->is_dirty = true; /* the first state is there before the first screen */
        web->has_publisher = pthread_create(&web->publisher, NULL, publisher_main, web) == 0;
        if (!web->has_publisher) {
            error_set(err, "no_thread", "the publishing thread could not be started");
            status = STATUS_IO;
        }
    }
    if (status != STATUS_OK) {
        till_web_stop(web);
        return status;
    }
    *out = web;
    return STATUS_OK;
}

uint16_t
till_web_port(const struct till_web *web)
{
    return http_server_port(web->server);
}

void
till_web_stop(struct till_web *web)
{
    if (web == NULL) {
        return;
    }
    pthread_mutex_lock(&web->lock);
    web->is_stopping = true;
    pthread_cond_signal(&web->changed);
    pthread_mutex_unlock(&web->lock);
    if (web->has_publisher) {
        pthread_join(web->publisher, NULL);
    }
    http_server_stop(web->server);
    http_event_hub_destroy(web->hub);
    http_event_hub_destroy(web->citizen_hub);
    http_files_destroy(web->files);
    pthread_mutex_destroy(&web->lock);
    pthread_cond_destroy(&web->changed);
    free(web);
}
