/* termios and poll(2). */
#include "drivers/transport/serial.h"

#include "drivers/monitor/monitor.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

struct serial_port {
    int descriptor;
};

struct baud_rate {
    unsigned baud;
    speed_t speed;
};

static const struct baud_rate rates[] = {
    {1200, B1200},   {2400, B2400},   {4800, B4800},   {9600, B9600},
    {19200, B19200}, {38400, B38400}, {57600, B57600}, {115200, B115200},
};

static const struct baud_rate *
find_rate(unsigned baud)
{
    for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++) {
        if (rates[i].baud == baud) {
            return &rates[i];
        }
    }
    return NULL;
}

bool
serial_baud_is_valid(unsigned baud)
{
    return find_rate(baud) != NULL;
}

static enum status
fail(struct error_detail *err, const char *what, const char *path)
{
    const int code = errno;
    const bool is_absent = code == ENOENT || code == ENXIO || code == ENODEV;
    error_set(err, is_absent ? "no_such_port" : "serial", "%s: %s: %s", path, what, strerror(code));
    return is_absent                              ? STATUS_NOT_FOUND
           : code == EBUSY || code == EWOULDBLOCK ? STATUS_BUSY
           : code == EACCES || code == EPERM      ? STATUS_UNAUTHORIZED
                                                  : STATUS_IO;
}

static enum status
configure(int descriptor, const struct serial_options *options, const struct baud_rate *rate, struct error_detail *err)
{
    struct termios settings;
    if (tcgetattr(descriptor, &settings) != 0) {
        return fail(err, "is not a serial port", options->path);
    }
    cfmakeraw(&settings);
    settings.c_cflag &= (tcflag_t) ~(CSTOPB | CRTSCTS);
    settings.c_cflag |= CLOCAL | CREAD | (options->flow == SERIAL_FLOW_RTS_CTS ? CRTSCTS : 0);
    settings.c_cflag |= options->has_two_stop_bits ? CSTOPB : 0;
    settings.c_iflag &= (tcflag_t) ~(IXON | IXOFF);
    settings.c_iflag |= options->flow == SERIAL_FLOW_XON_XOFF ? IXON | IXOFF : 0;
    if (cfsetspeed(&settings, rate->speed) != 0 || tcsetattr(descriptor, TCSANOW, &settings) != 0) {
        return fail(err, "cannot be set up", options->path);
    }
    return STATUS_OK;
}

enum status
serial_open(struct serial_port **out, const struct serial_options *options, struct error_detail *err)
{
    const struct baud_rate *rate = find_rate(options->baud);
    if (rate == NULL) {
        error_set(err, "baud", "%u is not a speed of a serial port; 1200, 2400, 4800, 9600 … 115200 are",
                  options->baud);
        return STATUS_INVALID;
    }
    const int descriptor = open(options->path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (descriptor < 0) {
        return fail(err, "cannot be opened", options->path);
    }
    /* Two programs on one port would mix their bytes. The lock is for our own kind, whoever it runs as; TIOCEXCL keeps
     * out the rest. */
    enum status status = STATUS_OK;
    if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        status = fail(err, "is used by another program", options->path);
    } else {
        status = configure(descriptor, options, rate, err);
    }
    struct serial_port *port = status == STATUS_OK ? malloc(sizeof *port) : NULL;
    if (port == NULL) {
        close(descriptor);
        if (status == STATUS_OK) {
            error_set(err, "no_memory", "out of memory");
            status = STATUS_NO_MEMORY;
        }
        return status;
    }
    (void)ioctl(descriptor, TIOCEXCL); /* not every kind of port knows it; the lock holds anyway */
    port->descriptor = descriptor;
    *out = port;
    return STATUS_OK;
}

void
serial_close(struct serial_port *port)
{
    enum { DRAIN_POLLS = 50, DRAIN_POLL_NS = 10 * 1000 * 1000 };
    if (port == NULL) {
        return;
    }
    /* The kernel would wait half a minute for a device that holds us off, and throws the rest away then. */
    int waiting = 0;
    for (int i = 0; i < DRAIN_POLLS && ioctl(port->descriptor, TIOCOUTQ, &waiting) == 0 && waiting > 0; i++) {
        nanosleep(&(struct timespec){.tv_nsec = DRAIN_POLL_NS}, NULL);
    }
    if (waiting > 0) {
        (void)tcflush(port->descriptor, TCOFLUSH);
    }
    close(port->descriptor);
    free(port);
}

void
serial_discard(struct serial_port *port)
{
    if (port != NULL) {
        (void)tcflush(port->descriptor, TCIOFLUSH); /* a port that is gone has nothing left to throw away */
    }
}

bool
serial_is_gone(const struct serial_port *port)
{
    struct pollfd watched = {.fd = port->descriptor, .events = POLLIN};
    return poll(&watched, 1, 0) > 0 && (watched.revents & (POLLHUP | POLLERR | POLLNVAL)) != 0;
}

int
serial_descriptor(const struct serial_port *port)
{
    return port->descriptor;
}

static enum status
gone(struct error_detail *err)
{
    error_set(err, "device_gone", "the serial port was unplugged");
    return STATUS_DEVICE_GONE;
}

/* Wait for EVENTS. STATUS_NOT_FOUND when the deadline passes. */
static enum status
wait_for(const struct serial_port *port, short events, int64_t deadline_ms, struct error_detail *err)
{
    for (;;) {
        const int64_t left_ms = deadline_ms - monitor_now_ms();
        struct pollfd watched = {.fd = port->descriptor, .events = events};
        const int count = poll(&watched, 1, left_ms < 0 ? 0 : left_ms > INT_MAX ? INT_MAX : (int)left_ms);
        if (count > 0) {
            /* A line that hangs up may still have bytes to read. */
            const bool is_dead = (watched.revents & events) == 0;
            return is_dead ? gone(err) : STATUS_OK;
        }
        if (count == 0) {
            return STATUS_NOT_FOUND;
        }
        if (errno != EINTR) {
            return gone(err);
        }
    }
}

enum status
serial_write(struct serial_port *port, const void *bytes, size_t length, int64_t deadline_ms, size_t *out_sent,
             struct error_detail *err)
{
    assert(port != NULL);
    const unsigned char *next = bytes;
    *out_sent = 0;
    while (*out_sent < length) {
        enum status status = wait_for(port, POLLOUT, deadline_ms, err);
        if (status == STATUS_NOT_FOUND) {
            error_set(err, "device_busy", "the device behind the serial port takes nothing");
            return STATUS_BUSY;
        }
        if (status != STATUS_OK) {
            return status;
        }
        const ssize_t count = write(port->descriptor, next + *out_sent, length - *out_sent);
        if (count > 0) {
            *out_sent += (size_t)count;
        } else if (count < 0 && errno != EINTR && errno != EAGAIN) {
            return gone(err);
        }
    }
    return STATUS_OK;
}

enum status
serial_read(struct serial_port *port, void *out, size_t capacity, int64_t deadline_ms, size_t *out_length,
            struct error_detail *err)
{
    assert(port != NULL);
    *out_length = 0;
    for (;;) {
        enum status status = wait_for(port, POLLIN, deadline_ms, err);
        if (status != STATUS_OK) {
            return status;
        }
        const ssize_t count = read(port->descriptor, out, capacity);
        if (count > 0) {
            *out_length = (size_t)count;
            return STATUS_OK;
        }
        if (count == 0 || (errno != EINTR && errno != EAGAIN)) {
            return gone(err);
        }
    }
}
