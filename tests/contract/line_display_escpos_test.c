/* The line display suite on the serial driver, whose port is a pseudo-terminal with a display of our own behind it, and
 * what only a port can do: hold us off, be held by somebody else. */
#define _XOPEN_SOURCE 700 /* pseudo-terminals */

#include "common/text/cp932.h"
#include "drivers/escpos_display/escpos_display.h"
#include "drivers/transport/serial_transport.h"
#include "tests/contract/line_display_bench.h"

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

/* The display: as much of one as understands the documented commands. */
struct glass {
    int master;
    char link[64]; /* the port's name; a symbolic link, so that the device can come back under it */
    char rows[LINE_DISPLAY_ROWS][LINE_DISPLAY_COLUMNS];
    unsigned column, row;
    unsigned unknown_commands;
};

static void
plug_in(struct glass *glass)
{
    glass->master = posix_openpt(O_RDWR | O_NOCTTY);
    assert_true(glass->master >= 0);
    assert_int_equal(grantpt(glass->master), 0);
    assert_int_equal(unlockpt(glass->master), 0);
    assert_int_equal(symlink(ptsname(glass->master), glass->link), 0);
    memset(glass->rows, ' ', sizeof glass->rows);
}

static void
unplug(struct glass *glass)
{
    close(glass->master);
    unlink(glass->link);
}

/* Interpret one command or character at BYTES; returns how many bytes it was. */
static size_t
interpret(struct glass *glass, const unsigned char *bytes, size_t length)
{
    if (bytes[0] == 0x1B && length >= 2 && bytes[1] == '@') {
        memset(glass->rows, ' ', sizeof glass->rows);
        glass->column = glass->row = 0;
        return 2;
    }
    if (bytes[0] == 0x1B && length >= 3 && (bytes[1] == 't' || bytes[1] == 'R')) {
        return 3;
    }
    if (bytes[0] == 0x1F && length >= 2 && bytes[1] == 1) {
        return 2;
    }
    if (bytes[0] == 0x1F && length >= 3 && bytes[1] == 'C') {
        return 3;
    }
    if (bytes[0] == 0x1F && length >= 4 && bytes[1] == '$') {
        glass->column = bytes[2] - 1u;
        glass->row = bytes[3] - 1u;
        return 4;
    }
    if (bytes[0] < 0x20 || glass->row >= LINE_DISPLAY_ROWS || glass->column >= LINE_DISPLAY_COLUMNS) {
        glass->unknown_commands++;
        return 1;
    }
    glass->rows[glass->row][glass->column++] = (char)bytes[0];
    return 1;
}

/* Take what has been sent. */
static void
look(struct glass *glass)
{
    unsigned char bytes[4096];
    struct pollfd watched = {.fd = glass->master, .events = POLLIN};
    while (poll(&watched, 1, 0) > 0 && (watched.revents & POLLIN) != 0) {
        const ssize_t count = read(glass->master, bytes, sizeof bytes);
        for (size_t at = 0; count > 0 && at < (size_t)count;) {
            at += interpret(glass, bytes + at, (size_t)count - at);
        }
        if (count <= 0) {
            return;
        }
    }
}

static void
read_row(struct line_display_bench *bench, unsigned row, char out[SHOWN_TEXT_SIZE])
{
    struct glass *glass = bench->context;
    struct buffer text;
    size_t length = LINE_DISPLAY_COLUMNS;
    look(glass);
    assert_int_equal(glass->unknown_commands, 0);
    while (length > 0 && glass->rows[row][length - 1] == ' ') {
        length--;
    }
    buffer_init(&text, SHOWN_TEXT_SIZE);
    assert_int_equal(cp932_to_utf8(&text, glass->rows[row], length, NULL), STATUS_OK);
    snprintf(out, SHOWN_TEXT_SIZE, "%s", buffer_text(&text));
    buffer_finish(&text);
}

static void
set_gone(struct line_display_bench *bench, bool is_gone)
{
    if (is_gone) {
        unplug(bench->context);
    } else {
        plug_in(bench->context);
    }
}

static struct transport *
port_of(const struct glass *glass)
{
    struct transport *transport = NULL;
    const struct serial_options port = {.path = glass->link, .baud = 9600};
    assert_int_equal(serial_transport_create(&transport, &port, NULL), STATUS_OK);
    return transport;
}

static int
set_up(void **state, bool has_kanji)
{
    struct line_display_bench *bench = calloc(1, sizeof *bench);
    struct glass *glass = calloc(1, sizeof *glass);
    if (bench == NULL || glass == NULL) {
        return -1;
    }
    snprintf(glass->link, sizeof glass->link, "line-display-%ld-%d", (long)getpid(), has_kanji);
    plug_in(glass);
    const struct escpos_display_options options = {.transport = port_of(glass), .has_kanji = has_kanji};
    *bench =
        (struct line_display_bench){.context = glass, .has_kanji = has_kanji, .set_gone = set_gone, .read = read_row};
    *state = bench;
    return escpos_display_open(&options, &bench->display, NULL) == STATUS_OK ? 0 : -1;
}

static int
set_up_kanji(void **state)
{
    return set_up(state, true);
}

static int
set_up_katakana(void **state)
{
    return set_up(state, false);
}

static int
tear_down(void **state)
{
    struct line_display_bench *bench = *state;
    line_display_close(bench->display);
    unplug(bench->context);
    free(bench->context);
    free(bench);
    return 0;
}

static const struct line_display_row blank[LINE_DISPLAY_ROWS] = {{"", "", ""}, {"", "", ""}};

static void
a_display_that_takes_nothing_is_busy_and_does_not_hold_the_till(void **state)
{
    struct line_display_bench *bench = *state;
    enum status status = STATUS_OK;
    /* Nobody reads: after some time the kernel's buffer of the pseudo-terminal is full. */
    for (int i = 0; i < 10000 && status == STATUS_OK; i++) {
        status = line_display_show(bench->display, blank, 20, NULL);
    }
    assert_int_equal(status, STATUS_BUSY);
}

static void
a_port_that_another_till_uses_is_left_alone(void **state)
{
    struct line_display_bench *bench = *state;
    const struct glass *glass = bench->context;
    const struct escpos_display_options options = {.transport = port_of(glass)};
    struct line_display *other = NULL;
    assert_int_equal(line_display_show(bench->display, blank, 2000, NULL), STATUS_OK);
    assert_int_equal(escpos_display_open(&options, &other, NULL), STATUS_OK);
    assert_int_equal(line_display_show(other, blank, 100, NULL), STATUS_BUSY);
    line_display_close(other);
}

static void
a_speed_that_ports_do_not_have_is_named(void **state)
{
    (void)state;
    const struct serial_options port = {.path = "x", .baud = 9601};
    struct transport *transport = NULL;
    struct error_detail err = {0};
    assert_int_equal(serial_transport_create(&transport, &port, &err), STATUS_INVALID);
    assert_non_null(strstr(err.message, "9601"));
}

int
main(void)
{
    const struct CMUnitTest own[] = {
        cmocka_unit_test_setup_teardown(a_display_that_takes_nothing_is_busy_and_does_not_hold_the_till, set_up_kanji,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_port_that_another_till_uses_is_left_alone, set_up_kanji, tear_down),
        cmocka_unit_test(a_speed_that_ports_do_not_have_is_named),
    };
    return line_display_contract_run("escpos, kanji", set_up_kanji, tear_down) +
           line_display_contract_run("escpos, katakana", set_up_katakana, tear_down) +
           cmocka_run_group_tests(own, NULL, NULL);
}
