/* From configuration to devices. */
#include "pos/commands/devices.h"

#include "drivers/escpos_display/escpos_display.h"
#include "drivers/payment_terminal/payment_terminal.h"
#include "drivers/simulated/simulated.h"
#include "pos/commands/card_device.h"
#include "pos/commands/device_transport.h"
#include "pos/commands/printer_devices.h"
#include "pos/commands/qr_adapters.h"
#include "pos/commands/scanner_device.h"
#include "pos/commands/terminal_device.h"

#include <string.h>

static enum status
open_display(struct devices *out, const struct config *config, struct error_detail *err)
{
    const char *kind = config_text(config, "line_display", "kind");
    const char *characters = config_text(config, "line_display", "characters");
    const bool has_kanji = strcmp(characters, "cp932") == 0;
    if (strcmp(kind, "none") == 0) {
        return STATUS_OK;
    }
    if (!has_kanji && strcmp(characters, "katakana") != 0) {
        return config_reject(config, "line_display", "characters", err,
                             "= %s is not known; cp932 or katakana is allowed", characters);
    }
    if (strcmp(kind, "simulated") == 0) {
        out->display_is_simulated = true;
        return simulated_line_display_open(has_kanji, &out->display, err);
    }
    if (strcmp(kind, "escpos") != 0) {
        return config_reject(config, "line_display", "kind", err,
                             "= %s is not known; none, simulated or escpos is allowed", kind);
    }
    struct escpos_display_options options = {.has_kanji = has_kanji};
    enum status status = device_transport_create(&options.transport, config, "line_display", err);
    if (status != STATUS_OK) {
        return status;
    }
    return escpos_display_open(&options, &out->display, err);
}

enum status
devices_open(struct devices *out, const struct config *config, struct error_detail *err)
{
    *out = (struct devices){.are_simulated = strcmp(config_text(config, "printer", "kind"), "simulated") == 0};
    enum status status = printer_devices_open(out, config, err);
    if (status == STATUS_OK) {
        status = scanner_device_open(config, out->are_simulated, &out->scanner, &out->scanner_is_simulated, err);
    }
    if (status == STATUS_OK) {
        status = card_device_open(config, out->are_simulated, &out->card_reader, &out->card_reader_is_simulated, err);
    }
    if (status == STATUS_OK) {
        status = open_display(out, config, err);
    }
    if (status != STATUS_OK) {
        devices_close(out);
    }
    return status;
}

void
devices_close(struct devices *devices)
{
    line_display_close(devices->display);
    card_reader_close(devices->card_reader);
    scanner_close(devices->scanner);
    cash_drawer_close(devices->drawer);
    printer_close(devices->printer);
    *devices = (struct devices){0};
}

static enum status
open_terminal(struct channels *out, const struct config *config, const char *sale_id, struct error_detail *err)
{
    struct payment_terminal *terminal = NULL;
    const enum status status = terminal_device_open(&terminal, config, sale_id, err);
    if (status != STATUS_OK || terminal == NULL) {
        return status;
    }
    unsigned timeout_ms = (unsigned)config_integer(config, "payment_terminal", "timeout_ms");
    return terminal_channel_create(&out->terminal, terminal, timeout_ms, err);
}

enum {
    TRAINING_TERMINAL_TIMEOUT_MS = 30000 /* long enough to practise waiting for a card */
};

enum status
channels_open_for_training(struct channels *out, struct error_detail *err)
{
    struct payment_terminal *terminal = NULL;
    *out = (struct channels){0};
    enum status status = training_gateway_create(&out->qr_foreground, &out->qr_background, clock_system(), err);
    if (status == STATUS_OK) {
        status = simulated_terminal_open(clock_system(), &terminal, err);
    }
    if (status == STATUS_OK) {
        payment_terminal_set_training(terminal, true);
        status = terminal_channel_create(&out->terminal, terminal, TRAINING_TERMINAL_TIMEOUT_MS, err);
    }
    if (status != STATUS_OK) {
        payment_channel_destroy(out->qr_foreground);
        payment_channel_destroy(out->qr_background);
        *out = (struct channels){0};
    }
    return status;
}

enum status
channels_open(struct channels *out, const struct config *config, const char *sale_id, struct error_detail *err)
{
    *out = (struct channels){0};
    enum status status = qr_channels_open(&out->qr_foreground, &out->qr_background, config, err);
    if (status == STATUS_OK) {
        status = open_terminal(out, config, sale_id, err);
    }
    if (status != STATUS_OK) {
        payment_channel_destroy(out->qr_foreground);
        payment_channel_destroy(out->qr_background);
        payment_channel_destroy(out->terminal);
        *out = (struct channels){0};
    }
    return status;
}
