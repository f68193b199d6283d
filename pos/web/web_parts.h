/* What the endpoints share; for this folder only. */
#pragma once

#include "common/http/files.h"
#include "common/json/reader.h"
#include "pos/web/web.h"

#include <pthread.h>
#include <stdatomic.h>

struct till_web {
    struct till_web_options options;
    struct http_server *server;
    struct http_files *files;
    struct http_event_hub *hub;
    struct http_event_hub *citizen_hub; /* what the citizen may see, and nothing else */
    atomic_bool is_balance_shown;       /* on the citizen's window */
    uint8_t citizen_digest[32];         /* SHA-256 of what that window was last sent; the publisher's */

    /* The publisher sends at most one state per change and never holds up the till. */
    pthread_mutex_t lock;
    pthread_cond_t changed;
    pthread_t publisher;
    bool has_publisher;
    bool is_dirty;
    bool is_stopping;
};

enum {
    COMMAND_MAX_BYTES = 8 * 1024,
    STATE_MAX_BYTES = 512 * 1024,
    SALES_MAX_BYTES = 8 * 1024 * 1024,
    PIN_MAX_BYTES = 64,
    REASON_READ_MAX = 4000 /* what the till finds too long it says in words */
};

/* Answer with the state when STATUS is OK, with the error otherwise. */
void answer_with_state(struct http_request *request, struct till_web *web, enum status status,
                       const struct error_detail *err);

/* The JSON body of a command: an object. NULL when it is none; then the answer has been given. */
struct json_value *command_body(struct http_request *request);

/* 400 with a Japanese sentence for a malformed command (a fault of the screen). */
void answer_bad_command(struct http_request *request, enum status status, const struct error_detail *err);

/* The member `approval` of a command, {"clerk","pin"}; left empty when absent or null. Borrows from BODY. */
enum status read_approval(const struct json_value *body, struct approval *out, struct error_detail *err) MUST_CHECK;

/* The number in path parameter NAME; 0 when it is none. */
size_t path_number(const struct http_request *request, const char *name);

void get_state(struct http_request *request, void *context);
void get_events(struct http_request *request, void *context);
void get_catalog(struct http_request *request, void *context);
void get_items(struct http_request *request, void *context);
void get_file(struct http_request *request, void *context);

void post_sign_in(struct http_request *request, void *context);
void post_sign_out(struct http_request *request, void *context);
void post_lock(struct http_request *request, void *context);
void post_active(struct http_request *request, void *context);
void post_training(struct http_request *request, void *context);

void post_day_open(struct http_request *request, void *context);
void post_day_drawer(struct http_request *request, void *context);
void post_day_count(struct http_request *request, void *context);
void get_day_count(struct http_request *request, void *context);
void post_day_close(struct http_request *request, void *context);
void post_day_inspect(struct http_request *request, void *context);
void get_day_inspection(struct http_request *request, void *context);
void post_day_hand_over(struct http_request *request, void *context);
void get_cash(struct http_request *request, void *context);
void post_cash_float(struct http_request *request, void *context);
void post_cash_move(struct http_request *request, void *context);

void post_basket_item(struct http_request *request, void *context);
void post_basket_line(struct http_request *request, void *context);
void delete_basket_line(struct http_request *request, void *context);
void post_basket_exemption(struct http_request *request, void *context);
void delete_basket(struct http_request *request, void *context);
void get_questions(struct http_request *request, void *context);
void post_tariff_price(struct http_request *request, void *context);
void post_basket_case(struct http_request *request, void *context);
void post_basket_reduction(struct http_request *request, void *context);
void post_basket_price(struct http_request *request, void *context);
void post_basket_reference(struct http_request *request, void *context);
void post_scan(struct http_request *request, void *context);
void post_basket_hold(struct http_request *request, void *context);
void post_hold_recall(struct http_request *request, void *context);
void post_hold_discard(struct http_request *request, void *context);

void post_pay_cash(struct http_request *request, void *context);
void post_pay_none(struct http_request *request, void *context);
void post_pay_presented(struct http_request *request, void *context);
void post_pay_cashless(struct http_request *request, void *context);
void post_pay_code(struct http_request *request, void *context);
void post_pay_stop(struct http_request *request, void *context);
void post_pay_set_aside(struct http_request *request, void *context);
void post_pay_abandon(struct http_request *request, void *context);
void post_pay_clear(struct http_request *request, void *context);

void get_sales(struct http_request *request, void *context);
void get_sale(struct http_request *request, void *context);
void post_sale_refund(struct http_request *request, void *context);
void post_refund_pay(struct http_request *request, void *context);
void post_refund_withdraw(struct http_request *request, void *context);
void post_sale_void(struct http_request *request, void *context);
void post_sale_reprint(struct http_request *request, void *context);
void get_citizen(struct http_request *request, void *context);
void get_citizen_code(struct http_request *request, void *context);
void get_citizen_events(struct http_request *request, void *context);
void post_citizen_language(struct http_request *request, void *context);

/* Send the citizen's view to the windows that show it. */
void publish_citizen_view(struct till_web *web);

/* Take the balance off the citizen's window, and out of what newcomers to its stream are sent. */
void forget_balance(struct till_web *web);

void post_drawer_open(struct http_request *request, void *context);

void get_sale_paper(struct http_request *request, void *context);
void post_paper_print(struct http_request *request, void *context);
void get_paper_picture(struct http_request *request, void *context);

void get_simulated(struct http_request *request, void *context);
void post_simulated_printer(struct http_request *request, void *context);
void post_simulated_drawer(struct http_request *request, void *context);
void post_simulated_scanner(struct http_request *request, void *context);
void get_simulated_paper(struct http_request *request, void *context);

void get_card(struct http_request *request, void *context);
void post_card_inquire(struct http_request *request, void *context);
void post_card_forget(struct http_request *request, void *context);
void post_card_stop(struct http_request *request, void *context);
void post_simulated_card(struct http_request *request, void *context);

void get_plugged_devices(struct http_request *request, void *context);
void get_devices(struct http_request *request, void *context);
void post_device_test(struct http_request *request, void *context);
void post_device_stop(struct http_request *request, void *context);

void get_facilities(struct http_request *request, void *context);
void post_ticket(struct http_request *request, void *context);
void get_ticket(struct http_request *request, void *context);
void post_ticket_ring_up(struct http_request *request, void *context);
void post_ticket_time(struct http_request *request, void *context);
void post_ticket_close(struct http_request *request, void *context);
void post_entry(struct http_request *request, void *context);
