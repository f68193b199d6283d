/* The till's local HTTP interface for the clerk's screen (docs/protocol/till-http.md). */
#pragma once

#include "common/http/server.h"
#include "drivers/cash_drawer/cash_drawer.h"
#include "drivers/printer/printer.h"
#include "drivers/scanner/scanner.h"
#include "pos/peripherals/peripherals.h"

struct till_web;

struct till_web_options {
    struct till *till; /* borrowed */
    uint16_t port;     /* 0: any */
    const char *screen_folder;
    /* The simulated devices, borrowed; NULL where devices are real. */
    struct printer *simulated_printer;
    struct cash_drawer *simulated_drawer;
    struct scanner *simulated_scanner;
    struct line_display *simulated_display;
    struct card_reader *simulated_card_reader;
    /* Write what is plugged in and what of it is used, as JSON. Takes a second or two. */
    enum status (*write_plugged)(void *context, struct buffer *out, struct error_detail *err);
    void *plugged_context;
    struct peripherals *peripherals; /* borrowed. peripherals_stop_card before till_web_stop */
    /* Change between the live till and training. STATUS_OK: it will happen in a moment, and this server goes with it.
     */
    enum status (*ask_for_mode)(void *context, bool wants_training, struct error_detail *err);
    void *mode_context;
};

enum status
till_web_start(struct till_web **out, const struct till_web_options *options, struct error_detail *err) MUST_CHECK;
uint16_t till_web_port(const struct till_web *web);

/* Tell the screens that the state has changed; any thread. Use as till_change_handler. */
void till_web_publish(void *web);
void till_web_stop(struct till_web *web); /* NULL is fine */
