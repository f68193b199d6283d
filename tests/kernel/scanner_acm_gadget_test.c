/* The scanner suite on a serial scanner with USB (CDC ACM): its port is the kernel's /dev/ttyACM0, which vanishes with
 * the cable. */
#include "drivers/serial_scanner/serial_scanner.h"
#include "tests/contract/scanner_bench.h"
#include "tests/kernel/gadget.h"

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
#include <unistd.h>

#include <cmocka.h>

enum { PATIENCE_MS = 60 * 1000, SOON_MS = 500, LONG_MS = 10 * 60 * 1000, LOOKS_MAX = 1000, LOOK_US = 10 * 1000 };

struct gun {
    struct gadget gadget;
    char path[GADGET_PORT_SIZE];
    int port;   /* the gadget's side; -1 while the cable is out */
    int beside; /* the host's side, to see what has arrived there */
    pthread_t owner;
};

static struct gun gun = {.port = -1, .beside = -1};

static void
send_text(const char *text)
{
    const int length = (int)strlen(text);
    int before = 0, after = 0;
    assert_int_equal(ioctl(gun.beside, FIONREAD, &before), 0);
    assert_int_equal(write(gun.port, text, (size_t)length), length);
    if (!pthread_equal(gun.owner, pthread_self())) {
        return; /* somebody reads meanwhile */
    }
    for (unsigned i = 0; i < LOOKS_MAX && after < before + length; i++) {
        assert_int_equal(ioctl(gun.beside, FIONREAD, &after), 0);
        usleep(LOOK_US);
    }
    assert_int_equal(after, before + length);
}

static void
show(struct scanner_bench *bench, const char *text)
{
    char line[SCANNER_CODE_SIZE + 8];
    (void)bench;
    snprintf(line, sizeof line, "%s\r\n", text);
    send_text(line);
}

static void
plug_in(struct scanner *scanner)
{
    struct termios settings;
    struct scanned_code code;
    gadget_plug(&gun.gadget);
    gun.port = open(gun.path, O_RDWR | O_NOCTTY | O_CLOEXEC);
    assert_true(gun.port >= 0);
    assert_int_equal(tcgetattr(gun.port, &settings), 0);
    cfmakeraw(&settings);
    assert_int_equal(tcsetattr(gun.port, TCSANOW, &settings), 0);
    for (unsigned i = 0; scanner_wait(scanner, SOON_MS, &code, NULL) == STATUS_DEVICE_GONE; i++) {
        assert_true(i < LOOKS_MAX);
        usleep(LOOK_US);
    }
    gun.beside = open("/dev/ttyACM0", O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    assert_true(gun.beside >= 0);
}

static void
unplug(void)
{
    gadget_unplug(&gun.gadget);
    if (gun.port >= 0) {
        close(gun.port);
        close(gun.beside);
        gun.port = gun.beside = -1;
    }
}

static void
set_gone(struct scanner_bench *bench, bool is_gone)
{
    if (is_gone) {
        unplug();
    } else {
        plug_in(bench->scanner);
    }
}

static int
set_up(void **state)
{
    const struct serial_scanner_options options = {.port = {.path = "/dev/ttyACM0", .baud = 9600},
                                                   .framing = {.suffix = "\r\n", .gap_ms = LONG_MS},
                                                   .keep_ms = LONG_MS};
    struct scanner_bench *bench = calloc(1, sizeof *bench);
    if (bench == NULL || serial_scanner_open(&options, &bench->scanner, NULL) != STATUS_OK) {
        return -1;
    }
    bench->show = show;
    bench->set_gone = set_gone;
    *state = bench;
    gun.owner = pthread_self();
    plug_in(bench->scanner);
    return 0;
}

static int
tear_down(void **state)
{
    struct scanner_bench *bench = *state;
    scanner_close(bench->scanner);
    unplug();
    free(bench);
    return 0;
}

static void
half_a_code_at_unplugging_is_no_part_of_the_next(void **state)
{
    struct scanner_bench *bench = *state;
    struct scanned_code code;
    send_text("12345");
    assert_int_equal(scanner_wait(bench->scanner, SOON_MS, &code, NULL), STATUS_NOT_FOUND);

    unplug();
    assert_int_equal(scanner_wait(bench->scanner, PATIENCE_MS, &code, NULL), STATUS_DEVICE_GONE);
    plug_in(bench->scanner);
    show(bench, "67890");

    assert_int_equal(scanner_wait(bench->scanner, PATIENCE_MS, &code, NULL), STATUS_OK);
    assert_string_equal(code.text, "67890");
}

int
main(void)
{
    const struct gadget_names names = {
        .vendor = 0x0483, .product = 0x5740, .maker = "Example", .model = "ACM scanner", .serial = "S3"};
    const struct CMUnitTest own[] = {
        cmocka_unit_test_setup_teardown(half_a_code_at_unplugging_is_no_part_of_the_next, set_up, tear_down),
    };
    gadget_create(&gun.gadget, "acm-scanner", 3, &names);
    gadget_make_function(&gun.gadget, "acm.0");
    gadget_use_function(&gun.gadget, "acm.0");
    gadget_name_port(&gun.gadget, "acm.0", gun.path);
    return scanner_contract_run("scanner: serial on the kernel's CDC ACM", set_up, tear_down) +
           cmocka_run_group_tests_name("scanner: serial, unplugged", own, NULL, NULL);
}
