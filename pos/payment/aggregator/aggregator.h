/* The aggregator: one contract for all brands of codes that citizens show (docs/protocol/aggregator.md). */
#pragma once

#include "common/http/client.h"
#include "pos/payment/channel.h"

struct aggregator_options {
    const char *url;        /* "https://api.example.jp" */
    const char *credential; /* what stands behind "Bearer " */
    const char *store;      /* the store's id there */
    struct http_security security;
    unsigned start_timeout_ms;
    struct clock_source clock; /* its monotonic half bounds a start over its several calls */
};

/* Copies everything. STATUS_REFUSED for an address that would send the credential in the clear. */
enum status aggregator_create(struct payment_channel **out, const struct aggregator_options *options,
                              struct error_detail *err) MUST_CHECK;
