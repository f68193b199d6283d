/* Which adapters there are: one row and one function each. An adapter is set up when its section has an address. */
#include "pos/commands/qr_adapters.h"

#include "common/bytes/buffer.h"
#include "common/signing/signing.h"
#include "pos/commands/settings.h"
#include "pos/commands/wallet_adapters.h"
#include "pos/payment/aggregator/aggregator.h"
#include "pos/payment/paypay/paypay.h"
#include "pos/payment/router.h"

#include <string.h>

enum { TIMING_FILE_MAX_BYTES = 64 * 1024 };

static enum status
open_qr_gateway(struct payment_channel **out, const struct config *config, struct error_detail *err)
{
    char secret[SECRET_SIZE];
    enum status status = secret_load(secret, config_text(config, "qr_gateway", "secret_file"), err);
    if (status == STATUS_OK) {
        status = qr_gateway_create(out, config_text(config, "qr_gateway", "url"), secret,
                                   (unsigned)config_integer(config, "qr_gateway", "timeout_ms"), err);
    }
    secret_wipe(secret, sizeof secret);
    return status;
}

static enum status
open_aggregator(struct payment_channel **out, const struct config *config, struct error_detail *err)
{
    char credential[CREDENTIAL_SIZE];
    enum status status = credential_load(credential, config_text(config, "aggregator", "credential_file"), err);
    if (status == STATUS_OK) {
        const struct aggregator_options options = {
            .url = config_text(config, "aggregator", "url"),
            .credential = credential,
            .store = config_text(config, "aggregator", "store"),
            .security = {.ca_file = config_text(config, "aggregator", "ca_file")},
            .start_timeout_ms = (unsigned)config_integer(config, "aggregator", "timeout_ms"),
            .clock = clock_system(),
        };
        status = aggregator_create(out, &options, err);
    }
    secret_wipe(credential, sizeof credential);
    return status;
}

static enum status
open_paypay(struct payment_channel **out, const struct config *config, struct error_detail *err)
{
    char secret[SECRET_SIZE];
    enum status status = secret_load(secret, config_text(config, "paypay", "secret_file"), err);
    if (status == STATUS_OK) {
        const struct paypay_options options = {
            .url = config_text(config, "paypay", "url"),
            .key = config_text(config, "paypay", "api_key"),
            .secret = secret,
            .merchant = config_text(config, "paypay", "merchant"),
            .security = {.ca_file = config_text(config, "paypay", "ca_file")},
            .timeout_ms = (unsigned)config_integer(config, "paypay", "timeout_ms"),
            .clock = clock_system(),
        };
        status = paypay_create(out, &options, err);
    }
    secret_wipe(secret, sizeof secret);
    return status;
}

/* In this order: the first that is set up takes the brands that no route names, and the codes that tell no brand. */
static const struct {
    const char *section;
    enum status (*open)(struct payment_channel **out, const struct config *config, struct error_detail *err);
} adapters[] = {
    {PAYMENT_WAY_UNNAMED, open_qr_gateway}, {"aggregator", open_aggregator},   {"paypay", open_paypay},
    {"wechat_pay", open_wechat_pay},        {"alipay_plus", open_alipay_plus},
};

static enum status
read_timings(struct brand_timing out[BRAND_TIMINGS_MAX], size_t *out_count, const struct config *config,
             struct error_detail *err)
{
    const char *path = config_text(config, "payment", "timing_file");
    struct error_detail reason;
    struct buffer text;
    if (path[0] == '\0') {
        memcpy(out, brand_timings, brand_timing_count * sizeof brand_timings[0]);
        *out_count = brand_timing_count;
        return STATUS_OK;
    }
    buffer_init(&text, TIMING_FILE_MAX_BYTES);
    enum status status = buffer_read_file(&text, path, err);
    if (status == STATUS_OK) {
        status = brand_timings_read(out, out_count, buffer_text(&text), text.length, &reason);
        if (status != STATUS_OK) {
            error_set_at(err, reason.line, reason.column, reason.code, "%s: %s", path, reason.message);
        }
    }
    buffer_finish(&text);
    return status;
}

static enum status
read_routes(struct payment_route out[PAYMENT_ROUTES_MAX], size_t *out_count, const struct config *config,
            struct error_detail *err)
{
    *out_count = 0;
    enum status status =
        payment_routes_read(out, out_count, config_text(config, "payment", "brand_adapters"), false, err);
    return status == STATUS_OK
               ? payment_routes_read(out, out_count, config_text(config, "payment", "presented_adapters"), true, err)
               : status;
}

static enum status
open_ways(struct payment_way ways[PAYMENT_WAYS_MAX], size_t *out_count, const struct config *config,
          struct error_detail *err)
{
    *out_count = 0;
    enum status status = STATUS_OK;
    for (size_t i = 0; i < sizeof adapters / sizeof adapters[0] && status == STATUS_OK; i++) {
        if (config_text(config, adapters[i].section, "url")[0] == '\0') {
            continue;
        }
        struct payment_way *way = &ways[*out_count];
        way->name = adapters[i].section;
        status = adapters[i].open(&way->channel, config, err);
        *out_count += status == STATUS_OK ? 1 : 0;
    }
    return status;
}

/* One channel over all that is set up. The old gateway alone needs no router: its lines name no way. */
static enum status
open_one(struct payment_channel **out, const struct payment_router_options *rules, const struct config *config,
         struct error_detail *err)
{
    struct payment_way ways[PAYMENT_WAYS_MAX];
    struct payment_router_options options = *rules;
    enum status status = open_ways(ways, &options.way_count, config, err);
    if (status != STATUS_OK) {
        for (size_t i = 0; i < options.way_count; i++) {
            payment_channel_destroy(ways[i].channel);
        }
        return status;
    }
    *out = NULL;
    if (options.way_count == 0) {
        return STATUS_OK;
    }
    if (options.way_count == 1 && strcmp(ways[0].name, PAYMENT_WAY_UNNAMED) == 0 && options.route_count == 0) {
        *out = ways[0].channel;
        return STATUS_OK;
    }
    options.ways = ways;
    return payment_router_create(out, &options, err);
}

enum status
qr_channels_open(struct payment_channel **out_foreground, struct payment_channel **out_background,
                 const struct config *config, struct error_detail *err)
{
    struct brand_timing timings[BRAND_TIMINGS_MAX];
    struct payment_route routes[PAYMENT_ROUTES_MAX];
    struct payment_router_options rules = {.routes = routes, .timings = timings, .clock = clock_system()};
    *out_foreground = *out_background = NULL;
    enum status status = read_timings(timings, &rules.timing_count, config, err);
    if (status == STATUS_OK) {
        status = read_routes(routes, &rules.route_count, config, err);
    }
    if (status == STATUS_OK) {
        status = open_one(out_foreground, &rules, config, err);
    }
    if (status == STATUS_OK) {
        status = open_one(out_background, &rules, config, err);
    }
    if (status != STATUS_OK) {
        payment_channel_destroy(*out_foreground);
        *out_foreground = *out_background = NULL;
    }
    return status;
}
