/* The hands at the simulator's control door: they open covers and change rolls. */
#include "tests/contract/support/receipt_printer.h"

#include "common/bytes/encoding.h"
#include "tests/contract/support/control.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

enum {
    BREAK_AT_BYTES = 20000, /* of a job of about 34,000 */
    RECEIVED_MAX_BYTES = 16 * 1024 * 1024
};

void
receipt_printer_init(struct receipt_printer *printer)
{
    *printer = (struct receipt_printer){0};
    buffer_init(&printer->received, RECEIVED_MAX_BYTES);
}

void
receipt_printer_finish(struct receipt_printer *printer)
{
    child_stop(&printer->child);
    buffer_finish(&printer->received);
}

void
receipt_printer_start(struct receipt_printer *printer)
{
    char port[8];
    struct buffer line;
    buffer_init(&line, 1024);
    snprintf(port, sizeof port, "%u", printer->port);
    const char *const arguments[] = {MADOGUCHI_PYTHON, "printer9100.py", "--port", port, "--control-port", "0", NULL};
    child_start(&printer->child, MADOGUCHI_SOURCE_DIR "/tests/simulators", arguments, &line);
    printer->port = control_port_in(&line, "port");
    printer->control_port = control_port_in(&line, "control_port");
    buffer_finish(&line);
}

/* Append what the simulator has received to `received`. */
static void
collect(struct receipt_printer *printer)
{
    struct json_value *answer = NULL;
    const char *text = NULL;
    size_t length = 0;
    if (printer->child.process == 0) {
        return;
    }
    control_call(printer->control_port, "GET", "/received", NULL, &answer);
    assert_int_equal(json_get_text(answer, "received", 4 * 1024 * 1024, &text, NULL), STATUS_OK);
    const size_t capacity = strlen(text) + 1;
    char *bytes = malloc(capacity);
    assert_non_null(bytes);
    assert_int_equal(base64_decode(bytes, capacity, &length, text, strlen(text)), STATUS_OK);
    buffer_append(&printer->received, bytes, length);
    free(bytes);
    json_free(answer);
}

/* All that was received so far, by this simulator and those before. */
static struct buffer
received_so_far(struct receipt_printer *printer)
{
    struct buffer all;
    const size_t before = printer->received.length;
    collect(printer);
    buffer_init(&all, printer->received.limit);
    buffer_append(&all, buffer_text(&printer->received), printer->received.length);
    if (printer->received.length > before) { /* the running simulator tells all again next time */
        printer->received.length = before;
        printer->received.data[before] = '\0';
    }
    return all;
}

static size_t
count(struct printer_bench *bench, const char *mark)
{
    struct receipt_printer *printer = bench->context;
    struct buffer all = received_so_far(printer);
    size_t found = 0;
    const size_t length = strlen(mark);
    for (size_t i = printer->begin; i + length <= all.length; i++) {
        found += memcmp(all.data + i, mark, length) == 0;
    }
    buffer_finish(&all);
    return found;
}

static void
set(struct printer_bench *bench, enum bench_condition condition)
{
    const struct receipt_printer *printer = bench->context;
    char body[256];
    snprintf(body, sizeof body, "{\"paper\":\"%s\",\"cover_open\":%s,\"offline\":%s,\"error\":\"%s\"}",
             condition == BENCH_PAPER_OUT  ? "end"
             : condition == BENCH_NEAR_END ? "near_end"
                                           : "ok",
             condition == BENCH_COVER_OPEN ? "true" : "false", condition == BENCH_OFFLINE ? "true" : "false",
             condition == BENCH_JAMMED ? "cutter" : "none");
    control_call(printer->control_port, "POST", "/state", body, NULL);
}

static void
set_gone(struct printer_bench *bench, bool is_gone)
{
    struct receipt_printer *printer = bench->context;
    if (printer->plug != NULL) {
        printer->plug(printer, !is_gone);
    } else if (is_gone) {
        collect(printer);
        child_stop(&printer->child);
    } else if (printer->child.process == 0) {
        receipt_printer_start(printer);
    }
}

static void
break_next(struct printer_bench *bench, enum bench_break how)
{
    const struct receipt_printer *printer = bench->context;
    char body[128];
    if (how == BENCH_VANISHES) {
        snprintf(body, sizeof body, "{\"behaviour\":\"reset_after_bytes\",\"bytes\":%d}", BREAK_AT_BYTES);
        control_call(printer->control_port, "POST", "/faults", body, NULL);
        return;
    }
    snprintf(body, sizeof body, "{%s,\"after_bytes\":%d}",
             how == BENCH_JAMS ? "\"error\":\"cutter\"" : "\"paper\":\"end\"", BREAK_AT_BYTES);
    control_call(printer->control_port, "POST", "/state", body, NULL);
}

struct printer_bench *
receipt_printer_bench(struct receipt_printer *printer)
{
    struct printer_bench *bench = calloc(1, sizeof *bench);
    if (bench == NULL) {
        return NULL;
    }
    if (printer->child.process == 0) {
        receipt_printer_start(printer);
    }
    *bench = (struct printer_bench){
        .context = printer, .set = set, .set_gone = set_gone, .break_next = break_next, .count = count};
    control_call(printer->control_port, "POST", "/faults", "{\"behaviour\":\"none\"}", NULL);
    set(bench, BENCH_READY);
    if (printer->plug != NULL) {
        printer->plug(printer, true);
    }
    struct buffer all = received_so_far(printer);
    printer->begin = all.length;
    buffer_finish(&all);
    return bench;
}

void
receipt_printer_bench_free(struct printer_bench *bench)
{
    printer_close(bench->printer);
    free(bench);
}

/* A number of the simulator's. */
static int64_t
ask(const struct receipt_printer *printer, const char *key)
{
    struct json_value *answer = NULL;
    int64_t count = 0;
    control_call(printer->control_port, "GET", "/received", NULL, &answer);
    assert_int_equal(json_get_int(answer, key, 0, INT32_MAX, &count, NULL), STATUS_OK);
    json_free(answer);
    return count;
}

void
receipt_printer_await_idle(const struct receipt_printer *printer)
{
    enum { POLLS_MAX = 3000, POLL_NS = 10 * 1000 * 1000 };
    for (unsigned i = 0; ask(printer, "waiting_bytes") > 0; i++) {
        assert_true(i < POLLS_MAX);
        nanosleep(&(struct timespec){.tv_nsec = POLL_NS}, NULL);
    }
}

int64_t
receipt_printer_kicks(const struct receipt_printer *printer)
{
    return ask(printer, "drawer_kicks");
}
