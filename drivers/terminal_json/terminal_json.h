/* Payment terminals that speak JSON over TCP (docs/protocol/payment-network.md), the protocol shaped after nexo
 * Retailer. The constructor does not connect: a terminal that is switched on later is found when it is needed. */
#pragma once

#include "drivers/payment_terminal/payment_terminal.h"

struct terminal_json_options {
    const char *host; /* numeric address or "localhost" */
    uint16_t port;
    const char *sale_id; /* this till, 1–32 printable ASCII characters */
    const char *poi_id;  /* the terminal, likewise */
};

/* *OUT is given: close with payment_terminal_close. OPTIONS are copied. STATUS_INVALID names the option at fault. */
enum status terminal_json_open(const struct terminal_json_options *options, struct payment_terminal **out,
                               struct error_detail *err) MUST_CHECK;
