/* The router. It translates nothing: it finds the way and hands on. */
#include "pos/payment/router.h"

#include "pos/payment/way_watch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct router {
    struct payment_channel channel;
    struct payment_way ways[PAYMENT_WAYS_MAX];
    size_t way_count;
    struct payment_route routes[PAYMENT_ROUTES_MAX];
    size_t route_count;
    struct brand_timing timings[BRAND_TIMINGS_MAX];
    size_t timing_count;
    struct clock_source clock;
    struct way_watch *watch;
};

static const struct payment_way *
way_named(const struct router *router, const char *name)
{
    for (size_t i = 0; i < router->way_count; i++) {
        if (strcmp(router->ways[i].name, name) == 0) {
            return &router->ways[i];
        }
    }
    return NULL;
}

/* The way for a new payment; NULL for a presented one that nobody was named for: making codes is not guessed. */
static const struct payment_way *
way_for(const struct router *router, const char *brand, bool is_presented)
{
    for (size_t i = 0; i < router->route_count; i++) {
        const struct payment_route *route = &router->routes[i];
        if (route->is_presented == is_presented && brand[0] != '\0' && strcmp(route->brand, brand) == 0) {
            return way_named(router, route->way);
        }
    }
    return is_presented ? NULL : &router->ways[0];
}

/* The way that PAYMENT went; NULL when the settings know it no more. */
static const struct payment_way *
way_of(const struct router *router, const struct payment_reference *payment)
{
    return way_named(router, payment->adapter[0] != '\0' ? payment->adapter : PAYMENT_WAY_UNNAMED);
}

static const struct payment_way *
way_of_request(const struct router *router, const struct payment_request *request, bool is_presented)
{
    return request->adapter[0] != '\0' ? way_named(router, request->adapter)
                                       : way_for(router, request->brand, is_presented);
}

static void
take(struct router *router, const struct payment_way *way)
{
    way_watch_take(router->watch, way->channel);
}

static void
give(struct router *router, const struct payment_way *way)
{
    way_watch_give(router->watch, way->channel);
}

static void
start(struct payment_channel *channel, const struct payment_request *request, struct payment_answer *out)
{
    const struct payment_way *way = way_of_request((struct router *)channel, request, /* is_presented= */ false);
    memset(out, 0, sizeof *out);
    if (way == NULL) {
        payment_answer_set(out, PAYMENT_NOT_CHARGED, "not_possible"); /* it has not left */
        return;
    }
    take((struct router *)channel, way);
    way->channel->operations->start(way->channel, request, out);
    give((struct router *)channel, way);
}

static void
present(struct payment_channel *channel, const struct payment_request *request, struct payment_presented *out_code,
        struct payment_answer *out)
{
    const struct payment_way *way = way_of_request((struct router *)channel, request, /* is_presented= */ true);
    if (way == NULL) {
        payment_answer_set(out, PAYMENT_NOT_CHARGED, "not_possible");
        return;
    }
    take((struct router *)channel, way);
    payment_channel_present(way->channel, request, out_code, out);
    give((struct router *)channel, way);
}

static const char *
way_word(struct payment_channel *channel, const char *brand, bool is_presented)
{
    const struct payment_way *way = way_for((struct router *)channel, brand, is_presented);
    return way != NULL ? way->name : "";
}

static const struct brand_timing *
timing(struct payment_channel *channel, const struct payment_reference *payment)
{
    const struct router *router = (const struct router *)channel;
    const char *way = payment->adapter[0] != '\0' ? payment->adapter : PAYMENT_WAY_UNNAMED;
    return brand_timing_find(router->timings, router->timing_count, way, payment->brand);
}

static void
inquire(struct payment_channel *channel, const struct payment_reference *payment, struct payment_answer *out)
{
    const struct payment_way *way = way_of((struct router *)channel, payment);
    memset(out, 0, sizeof *out);
    if (way == NULL) {
        payment_answer_set(out, PAYMENT_UNKNOWN, "way_missing");
        return;
    }
    take((struct router *)channel, way);
    way->channel->operations->inquire(way->channel, payment, out);
    give((struct router *)channel, way);
}

/* Nobody reverses too early by mistake, whoever calls. */
static bool
is_too_early(struct router *router, const struct payment_reference *payment)
{
    const struct brand_timing *row = timing(&router->channel, payment);
    const int64_t age_ms = clock_now_ms(&router->clock) - payment->started_ms;
    return row != NULL && age_ms >= 0 && age_ms < row->earliest_cancel_ms;
}

/* A refusal may be of the repetition of a cancel that was done: what cannot be given back is refunded by finance, so it
 * is believed only while the network does not say that the money is back. */
static void
check_refusal(const struct payment_way *way, const struct payment_reference *payment, struct payment_answer *out)
{
    struct payment_answer stands;
    memset(&stands, 0, sizeof stands);
    way->channel->operations->inquire(way->channel, payment, &stands);
    if (stands.result == PAYMENT_REVERSED || stands.result == PAYMENT_NOT_CHARGED) {
        *out = stands;
    } else if (stands.result == PAYMENT_UNKNOWN) {
        payment_answer_set(out, PAYMENT_UNKNOWN, "not_cancelled");
    }
}

static void
cancel(struct payment_channel *channel, const struct payment_reference *payment, struct payment_answer *out)
{
    struct router *router = (struct router *)channel;
    const struct payment_way *way = way_of(router, payment);
    memset(out, 0, sizeof *out);
    if (way == NULL) {
        payment_answer_set(out, PAYMENT_UNKNOWN, "way_missing");
    } else if (is_too_early(router, payment)) {
        payment_answer_set(out, PAYMENT_UNKNOWN, "too_early");
    } else {
        take(router, way);
        way->channel->operations->cancel(way->channel, payment, out);
        if (out->result == PAYMENT_CANNOT) {
            check_refusal(way, payment, out);
        }
        give(router, way);
    }
}

static void
refund(struct payment_channel *channel, const struct payment_reference *payment, const struct payment_refund *refund,
       struct payment_answer *out)
{
    const struct payment_way *way = way_of((struct router *)channel, payment);
    if (way == NULL) {
        payment_answer_set(out, PAYMENT_UNKNOWN, "way_missing");
        return;
    }
    take((struct router *)channel, way);
    payment_channel_refund(way->channel, payment, refund, out);
    give((struct router *)channel, way);
}

static bool
can_refund(struct payment_channel *channel, const struct payment_reference *payment)
{
    const struct payment_way *way = way_of((struct router *)channel, payment);
    return way != NULL && payment_channel_can_refund(way->channel, payment);
}

static void
stop(struct payment_channel *channel)
{
    const struct router *router = (const struct router *)channel;
    for (size_t i = 0; i < router->way_count; i++) {
        router->ways[i].channel->operations->stop(router->ways[i].channel);
    }
}

/* Ready when every way is: a clerk is to know before a citizen shows his phone. The sentence is that of the first that
 * is not. */
static bool
check(struct payment_channel *channel, char reason[REASON_SIZE])
{
    return way_watch_look(((struct router *)channel)->watch, reason);
}

static void
destroy(struct payment_channel *channel)
{
    struct router *router = (struct router *)channel;
    way_watch_destroy(router->watch);
    for (size_t i = 0; i < router->way_count; i++) {
        payment_channel_destroy(router->ways[i].channel);
    }
    free(router);
}

static const struct payment_channel_operations operations = {
    .name = "router",
    .start = start,
    .inquire = inquire,
    .cancel = cancel,
    .refund = refund,
    .can_refund = can_refund,
    .present = present,
    .way = way_word,
    .timing = timing,
    .stop = stop,
    .check = check,
    .destroy = destroy,
};

static enum status
take_options(struct router *router, const struct payment_router_options *options, struct error_detail *err)
{
    if (options->route_count > PAYMENT_ROUTES_MAX || options->timing_count > BRAND_TIMINGS_MAX) {
        error_set(err, "too_many_routes", "at most %d routes and %d timings", PAYMENT_ROUTES_MAX, BRAND_TIMINGS_MAX);
        return STATUS_OVERFLOW;
    }
    for (; router->route_count < options->route_count; router->route_count++) {
        router->routes[router->route_count] = options->routes[router->route_count];
    }
    for (; router->timing_count < options->timing_count; router->timing_count++) {
        router->timings[router->timing_count] = options->timings[router->timing_count];
    }
    router->clock = options->clock;
    for (size_t i = 0; i < router->route_count; i++) {
        const struct payment_way *way = way_named(router, router->routes[i].way);
        if (way == NULL) {
            error_set(err, "no_such_adapter", "brand %s goes by [%s], which is not set up", router->routes[i].brand,
                      router->routes[i].way);
            return STATUS_INVALID;
        }
        if (router->routes[i].is_presented && way->channel->operations->present == NULL) {
            error_set(err, "no_such_adapter", "brand %s: [%s] makes no codes to show", router->routes[i].brand,
                      way->name);
            return STATUS_INVALID;
        }
    }
    return STATUS_OK;
}

enum status
payment_router_create(struct payment_channel **out, const struct payment_router_options *options,
                      struct error_detail *err)
{
    struct router *router = calloc(1, sizeof *router);
    if (router == NULL) {
        for (size_t i = 0; i < options->way_count; i++) {
            payment_channel_destroy(options->ways[i].channel);
        }
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    router->channel.operations = &operations;
    struct payment_channel *channels[PAYMENT_WAYS_MAX] = {NULL};
    for (size_t i = 0; i < options->way_count; i++) {
        struct payment_channel *way = options->ways[i].channel;
        router->ways[i] = options->ways[i];
        channels[i] = way;
        if (way->start_timeout_ms > router->channel.start_timeout_ms) {
            router->channel.start_timeout_ms = way->start_timeout_ms;
        }
    }
    router->way_count = options->way_count;
    enum status status = way_watch_create(&router->watch, channels, router->way_count, err);
    if (status == STATUS_OK) {
        status = take_options(router, options, err);
    }
    if (status != STATUS_OK) {
        destroy(&router->channel);
        return status;
    }
    *out = &router->channel;
    return STATUS_OK;
}

enum status
payment_routes_read(struct payment_route routes[PAYMENT_ROUTES_MAX], size_t *count, const char *text, bool is_presented,
                    struct error_detail *err)
{
    for (const char *word = text + strspn(text, " "); word[0] != '\0'; word += strspn(word, " ")) {
        const size_t length = strcspn(word, " ");
        const size_t brand_length = strcspn(word, "= ");
        const size_t way_length = brand_length < length ? length - brand_length - 1 : 0;
        if (brand_length == 0 || brand_length >= CODE_SIZE || way_length == 0 || way_length >= CODE_SIZE) {
            error_set(err, "route", "\"%.*s\" does not read; a route is brand=adapter", (int)length, word);
            return STATUS_INVALID;
        }
        if (*count == PAYMENT_ROUTES_MAX) {
            error_set(err, "too_many_routes", "at most %d routes", PAYMENT_ROUTES_MAX);
            return STATUS_OVERFLOW;
        }
        struct payment_route *route = &routes[(*count)++];
        *route = (struct payment_route){.is_presented = is_presented};
        memcpy(route->brand, word, brand_length);
        memcpy(route->way, word + brand_length + 1, way_length);
        word += length;
    }
    return STATUS_OK;
}
