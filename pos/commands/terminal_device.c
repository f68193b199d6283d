/* From configuration to payment terminal. */
#include "pos/commands/terminal_device.h"

#include "common/signing/signing.h"
#include "drivers/simulated/simulated.h"
#include "drivers/terminal_json/terminal_json.h"
#include "drivers/terminal_zvt/terminal_zvt.h"
#include "drivers/transport/serial_transport.h"
#include "pos/commands/settings.h"

#include <string.h>

static enum status
open_json(const struct config *config, const char *sale_id, struct payment_terminal **out, struct error_detail *err)
{
    const struct terminal_json_options options = {
        .host = config_text(config, "payment_terminal", "host"),
        .port = (uint16_t)config_integer(config, "payment_terminal", "port"),
        .sale_id = sale_id,
        .poi_id = config_text(config, "payment_terminal", "poi_id"),
    };
    return terminal_json_open(&options, out, err);
}

static enum status
open_zvt(const struct config *config, const char *sale_id, struct payment_terminal **out, struct error_detail *err)
{
    const char *connection = config_text(config, "payment_terminal", "connection");
    const char *password_file = config_text(config, "payment_terminal", "password_file");
    char password[SECRET_SIZE] = "000000";
    if (strcmp(connection, "serial") != 0) {
        return config_reject(config, "payment_terminal", "connection", err, "= %s is not known; serial is allowed",
                             connection);
    }
    enum status status = password_file[0] != '\0' ? secret_load(password, password_file, err) : STATUS_OK;
    if (status != STATUS_OK) {
        return status;
    }
    const struct serial_options port = {
        .path = config_text(config, "payment_terminal", "device"),
        .baud = (unsigned)config_integer(config, "payment_terminal", "baud"),
        .has_two_stop_bits = true,
    };
    struct terminal_zvt_options options = {.till = sale_id, .password = password};
    status = serial_transport_create(&options.transport, &port, err);
    if (status == STATUS_OK) {
        status = terminal_zvt_open(&options, out, err);
    }
    secret_wipe(password, sizeof password);
    return status;
}

enum status
terminal_device_open(struct payment_terminal **out, const struct config *config, const char *sale_id,
                     struct error_detail *err)
{
    const char *kind = config_text(config, "payment_terminal", "kind");
    *out = NULL;
    if (strcmp(kind, "none") == 0) {
        return STATUS_OK;
    }
    if (strcmp(kind, "simulated") == 0) {
        return simulated_terminal_open(clock_system(), out, err);
    }
    if (strcmp(kind, "json") == 0) {
        return open_json(config, sale_id, out, err);
    }
    if (strcmp(kind, "zvt") == 0) {
        return open_zvt(config, sale_id, out, err);
    }
    return config_reject(config, "payment_terminal", "kind", err,
                         "= %s is not known; none, simulated, json or zvt is allowed", kind);
}
