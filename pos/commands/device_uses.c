/* The configuration's way to each device, and whether it leads anywhere. */
#include "pos/commands/device_uses.h"

#include "drivers/code_stream/device_match.h"
#include "drivers/monitor/monitor.h"
#include "drivers/transport/tcp.h"
#include "pos/commands/device_transport.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CONNECT_MS = 1000 };

/* What a section is compared with. */
struct question {
    const struct config *config;
    const struct inventory *inventory;
    struct device_use *use;
};

static const char *
text(const struct question *q, const char *name)
{
    return config_text(q->config, q->use->section, name);
}

static void
found(struct question *q, size_t device)
{
    q->use->plugged = device;
    q->use->state = device < q->inventory->count ? USE_PRESENT : USE_ABSENT;
}

/* The serial port at PATH. A link that leads to a port is the port; a port that sysfs does not know is there when its
 * node is. */
static void
find_port(struct question *q, const char *path)
{
    char *real = realpath(path, NULL);
    snprintf(q->use->line, USE_LINE_SIZE, "%s", path);
    size_t i = 0;
    while (i < q->inventory->count && (real == NULL || q->inventory->devices[i].kind != PLUGGED_SERIAL_PORT ||
                                       strcmp(q->inventory->devices[i].path, real) != 0)) {
        i++;
    }
    found(q, i < q->inventory->count ? i : NOTHING_PLUGGED);
    if (q->use->state == USE_ABSENT && real != NULL && access(real, F_OK) == 0) {
        q->use->state = USE_PRESENT;
    }
    free(real);
}

static bool
is_selected(const struct usb_selection *selection, const struct plugged_device *device)
{
    const bool is_named = selection->vendor != 0 || selection->product != 0;
    return device->kind == PLUGGED_USB_PRINTER &&
           (!is_named || (selection->vendor == device->vendor && selection->product == device->product)) &&
           (selection->serial[0] == '\0' || strcmp(selection->serial, device->serial) == 0);
}

static void
find_usb(struct question *q)
{
    struct usb_selection selection;
    size_t i = 0;
    snprintf(q->use->line, USE_LINE_SIZE, "connection = usb, usb = %s", text(q, "usb"));
    q->use->state = USE_ABSENT;
    if (device_usb_selection(&selection, q->config, q->use->section, NULL) != STATUS_OK) {
        return;
    }
    while (i < q->inventory->count && !is_selected(&selection, &q->inventory->devices[i])) {
        i++;
    }
    found(q, i < q->inventory->count ? i : NOTHING_PLUGGED);
}

static void
find_on_network(struct question *q)
{
    struct tcp_stream *stream = NULL;
    const char *host = text(q, "host");
    const uint16_t port = (uint16_t)config_integer(q->config, q->use->section, "port");
    snprintf(q->use->line, USE_LINE_SIZE, "connection = tcp, host = %s, port = %u", host, port);
    const bool is_there =
        tcp_host_is_valid(host) && tcp_connect(&stream, host, port, monitor_now_ms() + CONNECT_MS, NULL) == STATUS_OK;
    tcp_close(stream);
    q->use->state = is_there ? USE_PRESENT : USE_ABSENT;
}

/* A printer or display by its connection. */
static void
find_connected(struct question *q)
{
    const char *connection = text(q, "connection");
    if (strcmp(connection, "usb") == 0) {
        find_usb(q);
    } else if (strcmp(connection, "serial") == 0) {
        char path[USE_LINE_SIZE];
        find_port(q, text(q, "device"));
        snprintf(path, sizeof path, "%s", q->use->line);
        snprintf(q->use->line, USE_LINE_SIZE, "connection = serial, device = %.300s", path);
    } else {
        find_on_network(q);
    }
}

static void
find_scanner(struct question *q, const char *kind)
{
    struct device_match match;
    const enum plugged_kind wanted = strcmp(kind, "hid-pos") == 0 ? PLUGGED_HID_SCANNER : PLUGGED_KEYBOARD;
    size_t i = 0;
    if (strcmp(kind, "serial") == 0) {
        char path[USE_LINE_SIZE];
        find_port(q, text(q, "port"));
        snprintf(path, sizeof path, "%s", q->use->line);
        snprintf(q->use->line, USE_LINE_SIZE, "kind = serial, port = %.300s", path);
        return;
    }
    snprintf(q->use->line, USE_LINE_SIZE, "kind = %s, device = %s", kind, text(q, "device"));
    q->use->state = USE_ABSENT;
    if (device_match_read(&match, text(q, "device"), NULL) != STATUS_OK) {
        return;
    }
    for (; i < q->inventory->count; i++) {
        const struct plugged_device *device = &q->inventory->devices[i];
        if (device->kind == wanted && device_matches(&match, device->vendor, device->product, device->name)) {
            break;
        }
    }
    found(q, i < q->inventory->count ? i : NOTHING_PLUGGED);
}

static void
find_card_reader(struct question *q, const char *kind)
{
    const bool is_pcsc = strcmp(kind, "pcsc") == 0;
    size_t i = 0;
    snprintf(q->use->line, USE_LINE_SIZE, "kind = %s%s%s", kind, is_pcsc ? ", name = " : "",
             is_pcsc ? text(q, "name") : "");
    for (; i < q->inventory->count; i++) {
        const struct plugged_device *device = &q->inventory->devices[i];
        if (is_pcsc ? device->kind == PLUGGED_CARD_READER && strstr(device->name, text(q, "name")) != NULL
                    : device->kind == PLUGGED_RC_S380) {
            break;
        }
    }
    found(q, i < q->inventory->count ? i : NOTHING_PLUGGED);
}

static void
find_real(struct question *q, const char *kind)
{
    const char *section = q->use->section;
    if (strcmp(section, "printer") == 0 || strcmp(section, "line_display") == 0) {
        find_connected(q);
    } else if (strcmp(section, "scanner") == 0) {
        find_scanner(q, kind);
    } else if (strcmp(section, "card_reader") == 0) {
        find_card_reader(q, kind);
    } else if (strcmp(section, "cash_drawer") == 0 || strcmp(kind, "zvt") == 0) {
        char path[USE_LINE_SIZE];
        find_port(q, text(q, "device"));
        snprintf(path, sizeof path, "%s", q->use->line);
        snprintf(q->use->line, USE_LINE_SIZE, "kind = %s, device = %.300s", kind, path);
    } else {
        snprintf(q->use->line, USE_LINE_SIZE, "kind = %s, host = %s, port = %lld", kind, text(q, "host"),
                 (long long)config_integer(q->config, section, "port"));
        q->use->state = USE_NOT_ASKED;
    }
}

void
device_uses_find(struct device_use out[DEVICE_USES], const struct config *config, const struct inventory *inventory)
{
    static const char *const sections[DEVICE_USES] = {"printer",      "cash_drawer", "scanner",
                                                      "line_display", "card_reader", "payment_terminal"};
    const bool is_simulated = strcmp(config_text(config, "printer", "kind"), "simulated") == 0;
    for (size_t i = 0; i < DEVICE_USES; i++) {
        out[i] = (struct device_use){.section = sections[i], .plugged = NOTHING_PLUGGED};
        struct question q = {.config = config, .inventory = inventory, .use = &out[i]};
        const char *kind = text(&q, "kind");
        snprintf(out[i].line, USE_LINE_SIZE, "kind = %s", kind);
        if (strcmp(kind, "with-printer") == 0) {
            kind = is_simulated ? "simulated" : "none";
        }
        if (strcmp(kind, "printer") == 0) { /* the drawer on it is there when the printer is */
            out[i].state = out[0].state;
            out[i].plugged = out[0].plugged;
        } else if (strcmp(kind, "simulated") == 0) {
            out[i].state = USE_SIMULATED;
        } else if (strcmp(kind, "none") != 0) {
            find_real(&q, kind);
        }
    }
}

const struct device_use *
device_use_of(const struct device_use uses[DEVICE_USES], size_t device)
{
    for (size_t i = 0; i < DEVICE_USES; i++) {
        if (uses[i].plugged == device) {
            return &uses[i];
        }
    }
    return NULL;
}

const char *
use_state_word(enum use_state state)
{
    switch (state) {
    case USE_NONE:
        return "none";
    case USE_SIMULATED:
        return "simulated";
    case USE_PRESENT:
        return "present";
    case USE_ABSENT:
        return "absent";
    case USE_NOT_ASKED:
        return "not_asked";
    }
    return "none";
}
