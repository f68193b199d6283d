/* Finding the one configured keyboard among the event nodes, and taking it away from everybody else. */
#include "drivers/keyboard_scanner/keyboard_scanner.h"

#include "common/signing/signing.h"
#include "drivers/code_stream/code_scanner.h"
#include "drivers/code_stream/node_search.h"
#include "drivers/keyboard_scanner/key_stream.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <linux/input.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { EVENTS_READ = 64 /* at once: what the kernel holds for a keyboard */ };

struct keyboard_scanner {
    struct code_scanner base;
    struct device_match device;
    struct key_stream stream;
};

static const struct scanner_driver driver;

static struct keyboard_scanner *
keyboard(struct code_scanner *scanner)
{
    assert(scanner->base.driver == &driver);
    return (struct keyboard_scanner *)scanner;
}

/* A scanner with several interfaces has several nodes of one name; the one that types has digits. */
static bool
is_the_keyboard(int descriptor, const struct device_match *match)
{
    struct input_id id = {0};
    char name[DEVICE_NAME_SIZE] = "";
    unsigned char keys[KEY_CNT / CHAR_BIT] = {0};
    if (ioctl(descriptor, EVIOCGID, &id) < 0 || ioctl(descriptor, EVIOCGBIT(EV_KEY, sizeof keys), keys) < 0) {
        return false;
    }
    if (ioctl(descriptor, EVIOCGNAME(sizeof name - 1), name) < 0) {
        name[0] = '\0';
    }
    return (keys[KEY_1 / CHAR_BIT] >> KEY_1 % CHAR_BIT & 1) != 0 && device_matches(match, id.vendor, id.product, name);
}

static enum status
try_node(struct code_scanner *scanner, const char *path, int *out_descriptor)
{
    int descriptor = -1;
    enum status status = node_open(path, &descriptor);
    if (status != STATUS_OK) {
        return status;
    }
    status = STATUS_NOT_FOUND;
    if (is_the_keyboard(descriptor, &keyboard(scanner)->device)) {
        status = ioctl(descriptor, EVIOCGRAB, 1) == 0 ? STATUS_OK : STATUS_BUSY;
    }
    if (status != STATUS_OK) {
        close(descriptor);
        return status;
    }
    *out_descriptor = descriptor;
    return STATUS_OK;
}

static enum status
connect_scanner(struct code_scanner *scanner, int *out_descriptor, struct error_detail *err)
{
    static const struct node_class class = {.list = "/sys/class/input", .prefix = "event", .folder = "/dev/input"};
    const enum status status = node_search(scanner, &class, try_node, out_descriptor, err);
    key_stream_reset(&keyboard(scanner)->stream);
    return status;
}

static enum status
take(struct code_scanner *scanner, int64_t now_ms, struct code_slot *slot, struct error_detail *err)
{
    struct keyboard_scanner *self = keyboard(scanner);
    struct input_event events[EVENTS_READ];
    const ssize_t length = read(scanner->descriptor, events, sizeof events);
    if (length < 0 && (errno == EAGAIN || errno == EINTR)) {
        return STATUS_OK;
    }
    if (length <= 0) {
        code_scanner_describe_absence(err);
        return STATUS_DEVICE_GONE;
    }
    key_stream_put(&self->stream, events, (size_t)length, now_ms, slot);
    secret_wipe(events, (size_t)length);
    return STATUS_OK;
}

static void
release(struct code_scanner *scanner)
{
    if (scanner->descriptor >= 0) {
        close(scanner->descriptor); /* lets go of the grab too */
    }
    key_stream_reset(&keyboard(scanner)->stream);
}

static const struct code_source source = {.connect = connect_scanner, .take = take, .release = release};

static void
close_scanner(struct scanner *scanner)
{
    struct code_scanner *self = (struct code_scanner *)scanner;
    code_scanner_finish(self);
    free(keyboard(self));
}

static const struct scanner_driver driver = {
    .name = "keyboard",
    .wait = code_scanner_wait,
    .interrupt = code_scanner_interrupt,
    .close = close_scanner,
};

enum status
keyboard_scanner_open(const struct keyboard_scanner_options *options, struct scanner **out, struct error_detail *err)
{
    if (device_match_is_any(&options->device)) {
        error_set(err, "scanner_device",
                  "a scanner that types must be named by vendor:product or name; otherwise the "
                  "clerk's keyboard would be taken for it");
        return STATUS_INVALID;
    }
    struct keyboard_scanner *self = calloc(1, sizeof *self);
    if (self == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    const enum status status = code_scanner_init(&self->base, &driver, &source, options->keep_ms, err);
    if (status != STATUS_OK) {
        free(self);
        return status;
    }
    self->device = options->device;
    key_stream_init(&self->stream, options->layout, &options->framing);
    *out = &self->base.base;
    return STATUS_OK;
}
