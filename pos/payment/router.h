/* Several QR adapters behind one channel: which brand goes which way.
 *
 * The way is chosen once, when the payment starts, and stands in its journal line; whoever asks about it later goes by
 * that line. So nobody is ever asked about a payment he has not seen (and says truthfully that there is none, while the
 * money was taken elsewhere), also after a restart or a change of the settings. */
#pragma once

#include "pos/payment/brand_timing.h"

enum { PAYMENT_WAYS_MAX = 8, PAYMENT_ROUTES_MAX = 64 };

/* The way of payments whose line names none: written when a till had this one alone. */
#define PAYMENT_WAY_UNNAMED "qr_gateway"

struct payment_way {
    const char *name; /* a static word: the section of the settings */
    struct payment_channel *channel;
};

struct payment_route {
    char brand[CODE_SIZE];
    char way[CODE_SIZE];
    bool is_presented; /* of codes that the citizen scans; else of codes that he shows */
};

struct payment_router_options {
    const struct payment_way *ways; /* the first takes what no route names */
    size_t way_count;               /* 1 … PAYMENT_WAYS_MAX */
    const struct payment_route *routes;
    size_t route_count;
    const struct brand_timing *timings;
    size_t timing_count;
    struct clock_source clock;
};

/* *OUT is given. Takes the channels, even on failure; the rest is copied. STATUS_INVALID when a route names no way. */
enum status payment_router_create(struct payment_channel **out, const struct payment_router_options *options,
                                  struct error_detail *err) MUST_CHECK;

/* Append the routes of TEXT, "paypay=paypay wechat_pay=wechat_pay", to ROUTES. STATUS_INVALID names the word that does
 * not read. */
enum status payment_routes_read(struct payment_route routes[PAYMENT_ROUTES_MAX], size_t *count, const char *text,
                                bool is_presented, struct error_detail *err) MUST_CHECK;
