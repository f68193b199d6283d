/* A drawer with a port of its own: what opens it, that it is found again, and that nothing is sent late. */
#define _XOPEN_SOURCE 700 /* pseudo-terminals */

#include "drivers/cash_drawer/cash_drawer.h"
#include "drivers/transport/serial_transport.h"
#include "drivers/trigger_drawer/trigger_drawer.h"

#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { PATIENCE_MS = 9000, PATH_SIZE = 64 };

/* The box: a pseudo-terminal under a name that stays. */
struct box {
    int master;
    char path[PATH_SIZE];
    struct cash_drawer *drawer;
};

static void
plug_in(struct box *box)
{
    box->master = posix_openpt(O_RDWR | O_NOCTTY);
    assert_true(box->master >= 0);
    assert_int_equal(grantpt(box->master), 0);
    assert_int_equal(unlockpt(box->master), 0);
    assert_int_equal(symlink(ptsname(box->master), box->path), 0);
}

static void
unplug(struct box *box)
{
    close(box->master);
    unlink(box->path);
}

static int
set_up(void **state)
{
    struct box *box = calloc(1, sizeof *box);
    struct trigger_drawer_options options = {.length = 0};
    assert_non_null(box);
    snprintf(box->path, sizeof box->path, "drawer-box-%ld", (long)getpid());
    unlink(box->path);
    plug_in(box);
    const struct serial_options port = {.path = box->path, .baud = 9600};
    assert_true(trigger_parse("1b70001919", &options));
    assert_int_equal(serial_transport_create(&options.transport, &port, NULL), STATUS_OK);
    assert_int_equal(trigger_drawer_open(&options, &box->drawer, NULL), STATUS_OK);
    *state = box;
    return 0;
}

static int
tear_down(void **state)
{
    struct box *box = *state;
    cash_drawer_close(box->drawer);
    unplug(box);
    free(box);
    return 0;
}

/* The bytes that came, all that are there now. */
static size_t
received(const struct box *box, char *out, size_t capacity)
{
    struct pollfd watched = {.fd = box->master, .events = POLLIN};
    size_t length = 0;
    while (length < capacity && poll(&watched, 1, 0) > 0 && (watched.revents & POLLIN) != 0) {
        const ssize_t count = read(box->master, out + length, capacity - length);
        if (count <= 0) {
            break;
        }
        length += (size_t)count;
    }
    return length;
}

static void
opening_sends_the_trigger_once(void **state)
{
    struct box *box = *state;
    char bytes[64];

    assert_int_equal(cash_drawer_open(box->drawer, PATIENCE_MS, NULL), STATUS_OK);
    assert_int_equal(received(box, bytes, sizeof bytes), 5);
    assert_memory_equal(bytes, "\x1bp\0\x19\x19", 5);
    assert_int_equal(cash_drawer_open(box->drawer, PATIENCE_MS, NULL), STATUS_OK);
    assert_int_equal(received(box, bytes, sizeof bytes), 5);
}

static void
asking_sends_nothing_and_knows_nothing(void **state)
{
    struct box *box = *state;
    char bytes[64];
    enum drawer_position position = DRAWER_CLOSED;

    assert_int_equal(cash_drawer_query(box->drawer, PATIENCE_MS, &position, NULL), STATUS_OK);

    assert_int_equal(position, DRAWER_UNKNOWN);
    assert_int_equal(received(box, bytes, sizeof bytes), 0);
}

static void
a_box_that_is_gone_says_so_and_is_found_again(void **state)
{
    struct box *box = *state;
    struct error_detail err = {0};
    char bytes[64];
    assert_int_equal(cash_drawer_open(box->drawer, PATIENCE_MS, NULL), STATUS_OK);
    unplug(box);

    assert_int_equal(cash_drawer_open(box->drawer, PATIENCE_MS, &err), STATUS_DEVICE_GONE);
    assert_string_equal(err.code, "drawer_gone");
    plug_in(box);
    assert_int_equal(cash_drawer_open(box->drawer, PATIENCE_MS, NULL), STATUS_OK);

    assert_int_equal(received(box, bytes, sizeof bytes), 5); /* what could not be sent then is not sent now */
}

static void
a_trigger_is_bytes_in_hexadecimal(void **state)
{
    (void)state;
    struct trigger_drawer_options options = {.length = 0};

    assert_true(trigger_parse("07", &options));
    assert_int_equal(options.length, 1);
    assert_int_equal(options.trigger[0], 7);
    assert_false(trigger_parse("", &options));
    assert_false(trigger_parse("7", &options));
    assert_false(trigger_parse("0x07", &options));
    assert_false(trigger_parse("0700000000000000000000000000000007", &options));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(opening_sends_the_trigger_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(asking_sends_nothing_and_knows_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_box_that_is_gone_says_so_and_is_found_again, set_up, tear_down),
        cmocka_unit_test(a_trigger_is_bytes_in_hexadecimal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
