/* Bytes of a port into the framing. */
#include "drivers/serial_scanner/serial_scanner.h"

#include "common/signing/signing.h"
#include "drivers/code_stream/code_scanner.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { READ_BYTES = 512 };

struct serial_scanner {
    struct code_scanner base;
    struct serial_options options;
    char *path;
    struct serial_port *port; /* NULL: not connected */
    struct framing framing;
};

static const struct scanner_driver driver;

static struct serial_scanner *
serial(struct code_scanner *scanner)
{
    assert(scanner->base.driver == &driver);
    return (struct serial_scanner *)scanner;
}

static enum status
connect_scanner(struct code_scanner *scanner, int *out_descriptor, struct error_detail *err)
{
    struct serial_scanner *self = serial(scanner);
    const enum status status = serial_open(&self->port, &self->options, err);
    if (status == STATUS_OK) {
        *out_descriptor = serial_descriptor(self->port);
    }
    return status;
}

static enum status
take(struct code_scanner *scanner, int64_t now_ms, struct code_slot *slot, struct error_detail *err)
{
    struct serial_scanner *self = serial(scanner);
    char bytes[READ_BYTES];
    struct scanned_code code;
    size_t length = 0;
    const enum status status = serial_read(self->port, bytes, sizeof bytes, now_ms, &length, err);
    if (status == STATUS_DEVICE_GONE) {
        code_scanner_describe_absence(err);
    }
    for (size_t i = 0; i < length; i++) {
        code_slot_put(slot, framing_put(&self->framing, bytes[i], now_ms, &code), &code);
    }
    secret_wipe(bytes, sizeof bytes);
    secret_wipe(&code, sizeof code);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static void
release(struct code_scanner *scanner)
{
    struct serial_scanner *self = serial(scanner);
    serial_close(self->port);
    self->port = NULL;
    framing_reset(&self->framing);
}

static const struct code_source source = {.connect = connect_scanner, .take = take, .release = release};

static void
close_scanner(struct scanner *scanner)
{
    struct serial_scanner *self = serial((struct code_scanner *)scanner);
    code_scanner_finish(&self->base);
    free(self->path);
    free(self);
}

static const struct scanner_driver driver = {
    .name = "serial",
    .wait = code_scanner_wait,
    .interrupt = code_scanner_interrupt,
    .close = close_scanner,
};

enum status
serial_scanner_open(const struct serial_scanner_options *options, struct scanner **out, struct error_detail *err)
{
    if (!serial_baud_is_valid(options->port.baud)) {
        error_set(err, "baud", "%u is not a speed of a serial port; 1200, 2400, 4800, 9600 … 115200 are",
                  options->port.baud);
        return STATUS_INVALID;
    }
    struct serial_scanner *self = calloc(1, sizeof *self);
    char *path = self != NULL ? strdup(options->port.path) : NULL;
    enum status status = STATUS_NO_MEMORY;
    if (path == NULL) {
        error_set(err, "no_memory", "out of memory");
    } else {
        status = code_scanner_init(&self->base, &driver, &source, options->keep_ms, err);
    }
    if (status != STATUS_OK) {
        free(path);
        free(self);
        return status;
    }
    self->options = options->port;
    self->path = path;
    self->options.path = path;
    framing_init(&self->framing, &options->framing);
    *out = &self->base.base;
    return STATUS_OK;
}
