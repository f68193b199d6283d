/* From configuration to the foreign wallets' channels. */
#include "pos/commands/wallet_adapters.h"

#include "common/signing/signing.h"
#include "pos/commands/settings.h"
#include "pos/payment/alipay_plus/alipay_plus.h"
#include "pos/payment/wechat_pay/wechat_pay.h"

#include <stdio.h>
#include <string.h>

/* Copy a value that the table of keys has bounded; one that is required and empty is refused. */
static enum status
take(char *out, size_t size, const struct config *config, const char *section, const char *key, bool is_required,
     struct error_detail *err)
{
    const char *text = config_text(config, section, key);
    if (strlen(text) >= size || (is_required && text[0] == '\0')) {
        error_set(err, "config_value", "[%s] %s has %d to %zu characters", section, key, is_required ? 1 : 0, size - 1);
        return STATUS_INVALID;
    }
    memcpy(out, text, strlen(text) + 1);
    return STATUS_OK;
}

static enum status
take_units(int64_t *out, const struct config *config, const char *section, struct error_detail *err)
{
    *out = config_integer(config, section, "units_per_yen");
    if (*out != 1 && *out != 100) {
        error_set(err, "config_value", "[%s] units_per_yen is 1 or 100", section);
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

static enum status
read_wechat_merchant(struct wechat_merchant *out, const struct config *config, struct error_detail *err)
{
    static const char section[] = "wechat_pay";
    char secret[SECRET_SIZE];
    const struct {
        const char *key;
        char *out;
        size_t size;
        bool is_required;
    } texts[] = {
        {"app_id", out->app_id, sizeof out->app_id, true},
        {"merchant_id", out->merchant, sizeof out->merchant, true},
        {"sub_app_id", out->sub_app_id, sizeof out->sub_app_id, false},
        {"sub_merchant_id", out->sub_merchant, sizeof out->sub_merchant, false},
        {"currency", out->currency, sizeof out->currency, true},
        {"description", out->description, sizeof out->description, true},
        {"address", out->address, sizeof out->address, true},
    };
    enum status status = STATUS_OK;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0] && status == STATUS_OK; i++) {
        status = take(texts[i].out, texts[i].size, config, section, texts[i].key, texts[i].is_required, err);
    }
    if (status == STATUS_OK) {
        status = take_units(&out->units_per_yen, config, section, err);
    }
    if (status == STATUS_OK &&
        !wechat_sign_type_from_word(config_text(config, section, "sign_type"), &out->sign_type)) {
        error_set(err, "config_value", "[wechat_pay] sign_type is HMAC-SHA256 or MD5");
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK) {
        status = secret_load(secret, config_text(config, section, "key_file"), err);
    }
    if (status == STATUS_OK && strlen(secret) >= sizeof out->key) {
        error_set(err, "config_value", "[wechat_pay] the API key has at most %zu characters", sizeof out->key - 1);
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK) {
        snprintf(out->key, sizeof out->key, "%s", secret);
    }
    secret_wipe(secret, sizeof secret);
    return status;
}

enum status
open_wechat_pay(struct payment_channel **out, const struct config *config, struct error_detail *err)
{
    struct wechat_merchant merchant = {0};
    const struct wechat_pay_options options = {
        .url = config_text(config, "wechat_pay", "url"),
        .merchant = &merchant,
        .security = {.ca_file = config_text(config, "wechat_pay", "ca_file"),
                     .certificate_file = config_text(config, "wechat_pay", "certificate_file"),
                     .key_file = config_text(config, "wechat_pay", "certificate_key_file")},
        .start_timeout_ms = (unsigned)config_integer(config, "wechat_pay", "timeout_ms"),
        .clock = clock_system(),
    };
    enum status status = read_wechat_merchant(&merchant, config, err);
    if (status == STATUS_OK) {
        status = wechat_pay_create(out, &options, err);
    }
    secret_wipe(&merchant, sizeof merchant);
    return status;
}

static enum status
read_alipay_merchant(struct alipay_merchant *out, const struct config *config, struct error_detail *err)
{
    static const char section[] = "alipay_plus";
    const struct {
        const char *key;
        char *out;
        size_t size;
    } texts[] = {
        {"merchant_id", out->reference, sizeof out->reference},
        {"merchant_name", out->name, sizeof out->name},
        {"store_id", out->store, sizeof out->store},
        {"category", out->category, sizeof out->category},
        {"description", out->description, sizeof out->description},
        {"currency", out->currency, sizeof out->currency},
    };
    enum status status = STATUS_OK;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0] && status == STATUS_OK; i++) {
        status = take(texts[i].out, texts[i].size, config, section, texts[i].key, /* is_required= */ true, err);
    }
    return status == STATUS_OK ? take_units(&out->units_per_yen, config, section, err) : status;
}

enum status
open_alipay_plus(struct payment_channel **out, const struct config *config, struct error_detail *err)
{
    struct alipay_merchant merchant = {0};
    const struct alipay_plus_options options = {
        .url = config_text(config, "alipay_plus", "url"),
        .path = config_text(config, "alipay_plus", "path"),
        .client_id = config_text(config, "alipay_plus", "client_id"),
        .key_version = (unsigned)config_integer(config, "alipay_plus", "key_version"),
        .private_key_file = config_text(config, "alipay_plus", "private_key_file"),
        .network_key_file = config_text(config, "alipay_plus", "network_key_file"),
        .ca_file = config_text(config, "alipay_plus", "ca_file"),
        .merchant = &merchant,
        .start_timeout_ms = (unsigned)config_integer(config, "alipay_plus", "timeout_ms"),
        .clock = clock_system(),
    };
    enum status status = read_alipay_merchant(&merchant, config, err);
    return status == STATUS_OK ? alipay_plus_create(out, &options, err) : status;
}
