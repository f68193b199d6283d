/* A serial port (RS-232, USB CDC and adapters) on which nothing waits for ever: 8 data bits, no parity, one stop bit unless two
 * are asked for.
 *
 * Deadlines are instants of monitor_now_ms(). Used by one thread at a time. */
#pragma once

#include "common/outcome/status.h"

#include <stdint.h>

struct serial_port;

enum serial_flow { SERIAL_FLOW_NONE, SERIAL_FLOW_RTS_CTS, SERIAL_FLOW_XON_XOFF };

struct serial_options {
    const char *path; /* "/dev/ttyUSB0" */
    unsigned baud;    /* 1200 … 115200, of the usual steps */
    enum serial_flow flow;
    bool has_two_stop_bits;
};

bool serial_baud_is_valid(unsigned baud);

/* For this process alone. STATUS_NOT_FOUND when there is no such port, STATUS_BUSY when another program holds it,
 * STATUS_UNAUTHORIZED when this one may not open it, STATUS_IO. *OUT is given: close with serial_close. */
enum status
serial_open(struct serial_port **out, const struct serial_options *options, struct error_detail *err) MUST_CHECK;

/* Waits half a second at most for what is on its way to leave. NULL is fine. */
void serial_close(struct serial_port *port);

/* For poll(2) beside others; still the port's. */
int serial_descriptor(const struct serial_port *port);

/* Throw away what is on its way, both ways. NULL is fine. */
void serial_discard(struct serial_port *port);

/* Whether the port has hung up: unplugged. */
bool serial_is_gone(const struct serial_port *port);

/* As tcp_write: *OUT_SENT bytes were taken, whatever the status. STATUS_BUSY: the deadline passed before (the device
 * holds us off), STATUS_DEVICE_GONE: unplugged. */
enum status serial_write(struct serial_port *port, const void *bytes, size_t length, int64_t deadline_ms,
                         size_t *out_sent, struct error_detail *err) MUST_CHECK;

/* As tcp_read: 1 … CAPACITY bytes, STATUS_NOT_FOUND when none came in time, STATUS_DEVICE_GONE. */
enum status serial_read(struct serial_port *port, void *out, size_t capacity, int64_t deadline_ms, size_t *out_length,
                        struct error_detail *err) MUST_CHECK;
