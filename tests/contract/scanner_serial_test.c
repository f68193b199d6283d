/* The scanner suite on a pseudo-terminal, and the faults that only a port can have. */
#define _XOPEN_SOURCE 700 /* posix_openpt */

#include "drivers/serial_scanner/serial_scanner.h"
#include "tests/contract/scanner_bench.h"

#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum { PATIENCE_MS = 30 * 1000, SOON_MS = 50, LONG_MS = 10 * 60 * 1000, LOOKS_MAX = 30000 };

struct port {
    int master, slave; /* the slave is held open to see what has arrived there */
    char link[64];
    pthread_t owner; /* who waits is who shows, but for one test */
};

static void
plug_in(struct port *port)
{
    struct termios settings;
    port->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    assert_true(port->master >= 0);
    assert_int_equal(grantpt(port->master), 0);
    assert_int_equal(unlockpt(port->master), 0);
    assert_int_equal(tcgetattr(port->master, &settings), 0);
    cfmakeraw(&settings);
    assert_int_equal(tcsetattr(port->master, TCSANOW, &settings), 0);
    port->slave = open(ptsname(port->master), O_RDWR | O_NOCTTY | O_CLOEXEC);
    assert_true(port->slave >= 0);
    assert_int_equal(symlink(ptsname(port->master), port->link), 0);
}

static void
unplug(struct port *port)
{
    close(port->master);
    close(port->slave);
    unlink(port->link);
}

/* Bytes written to a pseudo-terminal arrive at the other end a little later: wait until they have. */
static void
send_text(struct port *port, const char *text)
{
    const int length = (int)strlen(text);
    int before = 0, after = 0;
    assert_int_equal(ioctl(port->slave, FIONREAD, &before), 0);
    assert_int_equal(write(port->master, text, (size_t)length), length);
    if (!pthread_equal(port->owner, pthread_self())) {
        return; /* somebody reads meanwhile */
    }
    for (int i = 0; i < LOOKS_MAX && after < before + length; i++) {
        assert_int_equal(ioctl(port->slave, FIONREAD, &after), 0);
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
    assert_int_equal(after, before + length);
}

static void
show(struct scanner_bench *bench, const char *text)
{
    char line[SCANNER_CODE_SIZE + 8];
    snprintf(line, sizeof line, "%s\r\n", text);
    send_text(bench->context, line);
}

static void
set_gone(struct scanner_bench *bench, bool is_gone)
{
    if (is_gone) {
        unplug(bench->context);
    } else {
        plug_in(bench->context);
    }
}

static int
set_up_with(void **state, const struct framing_options *framing)
{
    struct scanner_bench *bench = calloc(1, sizeof *bench);
    struct port *port = calloc(1, sizeof *port);
    if (bench == NULL || port == NULL) {
        return -1;
    }
    port->owner = pthread_self();
    snprintf(port->link, sizeof port->link, "scanner-port-%ld", (long)getpid());
    plug_in(port);
    const struct serial_scanner_options options = {
        .port = {.path = port->link, .baud = 9600}, .framing = *framing, .keep_ms = LONG_MS};
    *bench = (struct scanner_bench){.context = port, .show = show, .set_gone = set_gone};
    *state = bench;
    return serial_scanner_open(&options, &bench->scanner, NULL) == STATUS_OK ? 0 : -1;
}

static int
set_up(void **state)
{
    return set_up_with(state, &(struct framing_options){.suffix = "\r\n", .gap_ms = LONG_MS});
}

static int
set_up_bracketed(void **state)
{
    return set_up_with(state, &(struct framing_options){.prefix = "\x02", .suffix = "\x03", .gap_ms = LONG_MS});
}

static int
tear_down(void **state)
{
    struct scanner_bench *bench = *state;
    scanner_close(bench->scanner);
    unplug(bench->context);
    free(bench->context);
    free(bench);
    return 0;
}

static void
half_a_code_at_unplugging_is_no_part_of_the_next(void **state)
{
    struct scanner_bench *bench = *state;
    struct scanned_code code;
    send_text(bench->context, "12345");
    assert_int_equal(scanner_wait(bench->scanner, SOON_MS, &code, NULL), STATUS_NOT_FOUND);

    set_gone(bench, true);
    assert_int_equal(scanner_wait(bench->scanner, PATIENCE_MS, &code, NULL), STATUS_DEVICE_GONE);
    set_gone(bench, false);
    show(bench, "67890");

    assert_int_equal(scanner_wait(bench->scanner, PATIENCE_MS, &code, NULL), STATUS_OK);
    assert_string_equal(code.text, "67890");
}

static void
garbage_is_refused_and_the_next_code_is_read(void **state)
{
    struct scanner_bench *bench = *state;
    struct scanned_code code;
    show(bench, "12\xFF\x01\x80"
                "34");
    assert_int_equal(scanner_wait(bench->scanner, PATIENCE_MS, &code, NULL), STATUS_INVALID);
    show(bench, "1234");
    assert_int_equal(scanner_wait(bench->scanner, PATIENCE_MS, &code, NULL), STATUS_OK);
}

static void
a_prefix_and_suffix_are_cut_and_what_lacks_them_is_refused(void **state)
{
    struct scanner_bench *bench = *state;
    struct scanned_code code;
    send_text(bench->context, "\x02"
                              "4901234567894\x03");
    assert_int_equal(scanner_wait(bench->scanner, PATIENCE_MS, &code, NULL), STATUS_OK);
    assert_string_equal(code.text, "4901234567894");
    send_text(bench->context, "no beginning\x03");
    assert_int_equal(scanner_wait(bench->scanner, PATIENCE_MS, &code, NULL), STATUS_INVALID);
}

static void
a_port_that_another_till_uses_is_left_alone(void **state)
{
    struct scanner_bench *bench = *state;
    const struct port *port = bench->context;
    const struct serial_scanner_options options = {
        .port = {.path = port->link, .baud = 9600}, .framing = {.suffix = "\r"}, .keep_ms = LONG_MS};
    struct scanned_code code;
    struct scanner *other = NULL;
    assert_int_equal(scanner_wait(bench->scanner, SOON_MS, &code, NULL), STATUS_NOT_FOUND);
    assert_int_equal(serial_scanner_open(&options, &other, NULL), STATUS_OK);
    assert_int_equal(scanner_wait(other, SOON_MS, &code, NULL), STATUS_BUSY);
    scanner_close(other);
}

int
main(void)
{
    const struct CMUnitTest own[] = {
        cmocka_unit_test_setup_teardown(half_a_code_at_unplugging_is_no_part_of_the_next, set_up, tear_down),
        cmocka_unit_test_setup_teardown(garbage_is_refused_and_the_next_code_is_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_prefix_and_suffix_are_cut_and_what_lacks_them_is_refused, set_up_bracketed,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_port_that_another_till_uses_is_left_alone, set_up, tear_down),
    };
    return scanner_contract_run("scanner: serial", set_up, tear_down) + cmocka_run_group_tests(own, NULL, NULL);
}
