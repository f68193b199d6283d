/* The cash drawer suite on a drawer on an ESC/POS printer, against a simulated printer on port 9100. */
#include "drivers/escpos_printer/escpos_printer.h"
#include "drivers/transport/tcp_transport.h"
#include "tests/contract/cash_drawer_bench.h"
#include "tests/contract/support/child.h"
#include "tests/contract/support/control.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

struct nine_thousand {
    struct child child;
    uint16_t port, control_port;
    struct printer *printer;
};

static void
start(struct nine_thousand *simulator)
{
    char port[8];
    struct buffer line;
    buffer_init(&line, 1024);
    snprintf(port, sizeof port, "%u", simulator->port);
    const char *const arguments[] = {MADOGUCHI_PYTHON, "printer9100.py", "--port", port, "--control-port", "0", NULL};
    child_start(&simulator->child, MADOGUCHI_SOURCE_DIR "/tests/simulators", arguments, &line);
    simulator->port = control_port_in(&line, "port");
    simulator->control_port = control_port_in(&line, "control_port");
    buffer_finish(&line);
}

static void
set_open(struct cash_drawer_bench *bench, bool is_open)
{
    const struct nine_thousand *simulator = bench->context;
    control_call(simulator->control_port, "POST", "/state",
                 is_open ? "{\"drawer_open\":true}" : "{\"drawer_open\":false}", NULL);
}

static void
set_gone(struct cash_drawer_bench *bench, bool is_gone)
{
    struct nine_thousand *simulator = bench->context;
    if (is_gone) {
        child_stop(&simulator->child);
    } else {
        start(simulator);
    }
}

/* A kick has no answer of its own. An inquiry behind it on the same connection does: once that is answered, the kick
 * has been taken. */
static size_t
kicks(struct cash_drawer_bench *bench)
{
    const struct nine_thousand *simulator = bench->context;
    enum drawer_position position;
    assert_int_equal(cash_drawer_query(bench->drawer, 9000, &position, NULL), STATUS_OK);
    struct json_value *answer = NULL;
    int64_t count = 0;
    control_call(simulator->control_port, "GET", "/received", NULL, &answer);
    assert_int_equal(json_get_int(answer, "drawer_kicks", 0, 1000, &count, NULL), STATUS_OK);
    json_free(answer);
    return (size_t)count;
}

static int
set_up(void **state)
{
    struct cash_drawer_bench *bench = calloc(1, sizeof *bench);
    struct nine_thousand *simulator = calloc(1, sizeof *simulator);
    if (bench == NULL || simulator == NULL) {
        return -1;
    }
    start(simulator);
    struct escpos_printer_options options = {.model = "auto", .columns = 48};
    *bench =
        (struct cash_drawer_bench){.context = simulator, .set_open = set_open, .set_gone = set_gone, .kicks = kicks};
    *state = bench;
    if (tcp_transport_create(&options.transport, "127.0.0.1", simulator->port, NULL) != STATUS_OK ||
        escpos_printer_open(&options, &simulator->printer, NULL) != STATUS_OK) {
        return -1;
    }
    enum status status =
        escpos_printer_drawer_open(simulator->printer, ESCPOS_DRAWER_1, ESCPOS_DRAWER_OPENS_LOW, &bench->drawer, NULL);
    return status == STATUS_OK ? 0 : -1;
}

static int
tear_down(void **state)
{
    struct cash_drawer_bench *bench = *state;
    struct nine_thousand *simulator = bench->context;
    cash_drawer_close(bench->drawer);
    printer_close(simulator->printer);
    child_stop(&simulator->child);
    free(simulator);
    free(bench);
    return 0;
}

static void
a_printer_without_paper_still_opens_its_drawer(void **state)
{
    struct cash_drawer_bench *bench = *state;
    const struct nine_thousand *simulator = bench->context;
    control_call(simulator->control_port, "POST", "/state", "{\"paper\":\"end\"}", NULL);

    assert_int_equal(cash_drawer_open(bench->drawer, 9000, NULL), STATUS_OK);

    assert_int_equal(bench->kicks(bench), 1);
}

int
main(void)
{
    const struct CMUnitTest own[] = {
        cmocka_unit_test_setup_teardown(a_printer_without_paper_still_opens_its_drawer, set_up, tear_down),
    };
    int failures = cash_drawer_contract_run("cash drawer: ESC/POS over TCP", set_up, tear_down);
    return failures + cmocka_run_group_tests_name("ESC/POS drawer", own, NULL, NULL);
}
