/* From [printer] and [cash_drawer] to devices. */
#include "pos/commands/printer_devices.h"

#include "drivers/escpos/model.h"
#include "drivers/escpos_printer/escpos_printer.h"
#include "drivers/simulated/simulated.h"
#include "drivers/trigger_drawer/trigger_drawer.h"
#include "pos/commands/device_transport.h"

#include <stdio.h>
#include <string.h>

enum { COLUMNS_DEFAULT = 48 };

static enum status
check_columns(const struct config *config, unsigned *out, struct error_detail *err)
{
    const int64_t columns = config_integer(config, "printer", "columns");
    if (columns != 0 && columns != 32 && columns != 42 && columns != 48) {
        return config_reject(config, "printer", "columns", err, "must be 32, 42 or 48, or 0 for the model's own");
    }
    *out = (unsigned)columns;
    return STATUS_OK;
}

static enum status
open_printer(struct devices *out, const struct config *config, unsigned columns, struct error_detail *err)
{
    const char *model = config_text(config, "printer", "model");
    struct transport *transport = NULL;
    if (strcmp(model, "auto") != 0 && escpos_model_find(model) == NULL) {
        return config_reject(config, "printer", "model", err, "= %s is not known; see docs/drivers/printer.md", model);
    }
    enum status status = device_transport_create(&transport, config, "printer", err);
    if (status != STATUS_OK) {
        return status;
    }
    const struct escpos_printer_options options = {.transport = transport, .model = model, .columns = columns};
    return escpos_printer_open(&options, &out->printer, err);
}

static enum status
open_drawer_on_printer(struct devices *out, const struct config *config, struct error_detail *err)
{
    static const char *const switches[] = {"none", "opens-low", "opens-high"};
    const int64_t pin = config_integer(config, "cash_drawer", "pin");
    size_t wiring = 0;
    if (pin != 2 && pin != 5) {
        return config_reject(config, "cash_drawer", "pin", err, "must be 2 or 5");
    }
    enum status status = config_choose(config, "cash_drawer", "switch", switches, 3, &wiring, err);
    if (status != STATUS_OK) {
        return status;
    }
    if (!printer_capabilities(out->printer).has_drawer_port) {
        return config_reject(config, "cash_drawer", "kind", err, "= printer: this model of printer has no drawer port");
    }
    return escpos_printer_drawer_open(out->printer, pin == 2 ? ESCPOS_DRAWER_1 : ESCPOS_DRAWER_2,
                                      (enum escpos_drawer_switch)wiring, &out->drawer, err);
}

static enum status
open_drawer_box(struct devices *out, const struct config *config, struct error_detail *err)
{
    struct trigger_drawer_options options = {0};
    if (!trigger_parse(config_text(config, "cash_drawer", "trigger"), &options)) {
        return config_reject(config, "cash_drawer", "trigger", err,
                             "must be 1 to %d bytes in hexadecimal, like 07 or 1b70001919", TRIGGER_MAX_BYTES);
    }
    enum status status = device_serial_create(&options.transport, config, "cash_drawer", SERIAL_FLOW_NONE, err);
    return status == STATUS_OK ? trigger_drawer_open(&options, &out->drawer, err) : status;
}

enum status
printer_devices_open(struct devices *out, const struct config *config, struct error_detail *err)
{
    static const char *const printers[] = {"simulated", "escpos"};
    static const char *const drawers[] = {"none", "printer", "serial"};
    size_t printer = 0, drawer = 0;
    unsigned columns = 0;
    enum status status = config_choose(config, "printer", "kind", printers, 2, &printer, err);
    if (status == STATUS_OK) {
        status = config_choose(config, "cash_drawer", "kind", drawers, 3, &drawer, err);
    }
    if (status == STATUS_OK) {
        status = check_columns(config, &columns, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    const bool is_simulated = printer == 0;
    if (is_simulated) {
        status = simulated_printer_open(columns != 0 ? columns : COLUMNS_DEFAULT, &out->printer, err);
    } else {
        status = open_printer(out, config, columns, err);
    }
    if (status != STATUS_OK || drawer == 0) {
        return status;
    }
    if (drawer == 2) {
        return open_drawer_box(out, config, err);
    }
    return is_simulated ? simulated_cash_drawer_open(out->printer, &out->drawer, err)
                        : open_drawer_on_printer(out, config, err);
}
