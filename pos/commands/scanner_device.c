/* From the section [scanner] to a scanner. */
#include "pos/commands/scanner_device.h"

#include "drivers/hid_pos_scanner/hid_pos_scanner.h"
#include "drivers/keyboard_scanner/keyboard_scanner.h"
#include "drivers/serial_scanner/serial_scanner.h"
#include "drivers/simulated/simulated.h"

#include <string.h>

static enum status
read_device(const struct config *config, struct device_match *out, struct error_detail *err)
{
    struct error_detail reason;
    if (device_match_read(out, config_text(config, "scanner", "device"), &reason) != STATUS_OK) {
        return config_reject(config, "scanner", "device", err, "is not understood: %s", reason.message);
    }
    return STATUS_OK;
}

static enum status
read_affix(const struct config *config, const char *name, char out[FRAMING_AFFIX_SIZE], struct error_detail *err)
{
    struct error_detail reason;
    if (framing_affix_read(out, config_text(config, "scanner", name), &reason) != STATUS_OK) {
        return config_reject(config, "scanner", name, err, "is not understood: %s", reason.message);
    }
    return STATUS_OK;
}

static enum status
read_framing(const struct config *config, struct framing_options *out, struct error_detail *err)
{
    out->gap_ms = FRAMING_GAP_MS;
    enum status status = read_affix(config, "prefix", out->prefix, err);
    if (status == STATUS_OK) {
        status = read_affix(config, "suffix", out->suffix, err);
    }
    if (status == STATUS_OK && out->suffix[0] == '\0') {
        status = config_reject(config, "scanner", "suffix", err,
                               "must not be empty: without it nobody knows where a code ends");
    }
    return status;
}

static enum status
open_hid_pos(const struct config *config, struct scanner **out, struct error_detail *err)
{
    struct hid_pos_scanner_options options = {.gap_ms = FRAMING_GAP_MS, .keep_ms = SCANNER_REPEAT_WINDOW_MS};
    enum status status = read_device(config, &options.device, err);
    return status == STATUS_OK ? hid_pos_scanner_open(&options, out, err) : status;
}

static enum status
open_keyboard(const struct config *config, struct scanner **out, struct error_detail *err)
{
    const char *layout = config_text(config, "scanner", "layout");
    struct keyboard_scanner_options options = {.keep_ms = SCANNER_REPEAT_WINDOW_MS};
    options.layout = strcmp(layout, "jp") == 0 ? KEYBOARD_JP : KEYBOARD_US;
    if (strcmp(layout, "us") != 0 && strcmp(layout, "jp") != 0) {
        return config_reject(config, "scanner", "layout", err, "= %s is not known; us or jp is allowed", layout);
    }
    enum status status = read_device(config, &options.device, err);
    if (status == STATUS_OK && device_match_is_any(&options.device)) {
        status = config_reject(config, "scanner", "device", err,
                               "must name the scanner by vendor:product or name; otherwise the clerk's keyboard would "
                               "be taken for it");
    }
    if (status == STATUS_OK) {
        status = read_framing(config, &options.framing, err);
    }
    return status == STATUS_OK ? keyboard_scanner_open(&options, out, err) : status;
}

static enum status
open_serial(const struct config *config, struct scanner **out, struct error_detail *err)
{
    struct serial_scanner_options options = {
        .port = {.path = config_text(config, "scanner", "port"),
                 .baud = (unsigned)config_integer(config, "scanner", "baud")},
        .keep_ms = SCANNER_REPEAT_WINDOW_MS,
    };
    if (!serial_baud_is_valid(options.port.baud)) {
        return config_reject(config, "scanner", "baud", err, "must be 1200, 2400, 4800, 9600 … 115200");
    }
    enum status status = read_framing(config, &options.framing, err);
    return status == STATUS_OK ? serial_scanner_open(&options, out, err) : status;
}

enum status
scanner_device_open(const struct config *config, bool printer_is_simulated, struct scanner **out,
                    bool *out_is_simulated, struct error_detail *err)
{
    const char *kind = config_text(config, "scanner", "kind");
    const bool goes_with_printer = strcmp(kind, "with-printer") == 0;
    *out = NULL;
    *out_is_simulated = strcmp(kind, "simulated") == 0 || (goes_with_printer && printer_is_simulated);
    if (*out_is_simulated) {
        return simulated_scanner_open(out, err);
    }
    if (goes_with_printer || strcmp(kind, "none") == 0) {
        return STATUS_OK;
    }
    if (strcmp(kind, "hid-pos") == 0) {
        return open_hid_pos(config, out, err);
    }
    if (strcmp(kind, "keyboard") == 0) {
        return open_keyboard(config, out, err);
    }
    if (strcmp(kind, "serial") == 0) {
        return open_serial(config, out, err);
    }
    return config_reject(config, "scanner", "kind", err,
                         "= %s is not known; with-printer, none, simulated, hid-pos, keyboard or serial is allowed",
                         kind);
}
