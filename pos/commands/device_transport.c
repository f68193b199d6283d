/* From the keys of a section to the way to a device: the same keys mean the same in every section that has them. */
#include "pos/commands/device_transport.h"

#include "drivers/transport/tcp.h"
#include "drivers/transport/tcp_transport.h"
#include "drivers/transport/usb_transport.h"

#include <stdio.h>
#include <string.h>

enum status
config_choose(const struct config *config, const char *section, const char *name, const char *const *words,
              size_t count, size_t *out, struct error_detail *err)
{
    const char *value = config_text(config, section, name);
    char allowed[200] = "";
    for (size_t i = 0; i < count; i++) {
        if (strcmp(value, words[i]) == 0) {
            *out = i;
            return STATUS_OK;
        }
        const size_t used = strlen(allowed);
        snprintf(allowed + used, sizeof allowed - used, "%s%s", i == 0 ? "" : i + 1 == count ? " or " : ", ", words[i]);
    }
    return config_reject(config, section, name, err, "= %s is not known; %s is allowed", value, allowed);
}

enum status
device_serial_create(struct transport **out, const struct config *config, const char *section, enum serial_flow flow,
                     struct error_detail *err)
{
    const struct serial_options options = {
        .path = config_text(config, section, "device"),
        .baud = (unsigned)config_integer(config, section, "baud"),
        .flow = flow,
    };
    if (!serial_baud_is_valid(options.baud)) {
        return config_reject(config, section, "baud", err,
                             "must be a speed of serial ports: 1200, 2400, 4800, 9600 … 115200");
    }
    return serial_transport_create(out, &options, err);
}

enum status
device_usb_selection(struct usb_selection *out, const struct config *config, const char *section,
                     struct error_detail *err)
{
    const char *ids = config_text(config, section, "usb");
    *out = (struct usb_selection){0};
    if (ids[0] != '\0' && !usb_parse_ids(ids, &out->vendor, &out->product)) {
        return config_reject(config, section, "usb", err, "must be vendor:product in hexadecimal, like 04b8:0202");
    }
    if (ids[0] == '\0' && strcmp(section, "printer") != 0) {
        return config_reject(config, section, "usb", err,
                             "must name the device by vendor:product; otherwise the receipt printer would be taken");
    }
    snprintf(out->serial, sizeof out->serial, "%s", config_text(config, section, "usb_serial_number"));
    return STATUS_OK;
}

static enum status
open_usb(struct transport **out, const struct config *config, const char *section, struct error_detail *err)
{
    struct usb_selection selection;
    const enum status status = device_usb_selection(&selection, config, section, err);
    return status == STATUS_OK ? usb_transport_create(out, &selection, err) : status;
}

static enum status
open_tcp(struct transport **out, const struct config *config, const char *section, struct error_detail *err)
{
    const char *host = config_text(config, section, "host");
    if (!tcp_host_is_valid(host)) {
        return config_reject(config, section, "host", err, "must be a numeric address, like 192.168.0.20");
    }
    return tcp_transport_create(out, host, (uint16_t)config_integer(config, section, "port"), err);
}

enum status
device_transport_create(struct transport **out, const struct config *config, const char *section,
                        struct error_detail *err)
{
    static const char *const connections[] = {"usb", "serial", "tcp"};
    static const char *const flows[] = {"none", "rts-cts", "xon-xoff"};
    size_t connection = 0, flow = 0;
    enum status status = config_choose(config, section, "connection", connections, 3, &connection, err);
    if (status == STATUS_OK) {
        status = config_choose(config, section, "flow_control", flows, 3, &flow, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    switch (connection) {
    case 0:
        return open_usb(out, config, section, err);
    case 1:
        return device_serial_create(out, config, section, (enum serial_flow)flow, err);
    default:
        return open_tcp(out, config, section, err);
    }
}
