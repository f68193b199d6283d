/* How the till's devices are: what each last said of itself, what has happened to them since the program started, and
 * how their tests ended. Everything may be called from any thread. Nothing here touches a device. */
#pragma once

#include "common/clock/clock.h"
#include "pos/till/till.h"

enum peripheral {
    PERIPHERAL_PRINTER,
    PERIPHERAL_DRAWER,
    PERIPHERAL_SCANNER,
    PERIPHERAL_DISPLAY,
    PERIPHERAL_CARD_READER,
    PERIPHERALS
};

enum test_outcome {
    TEST_NEVER,
    TEST_RUNNING,
    TEST_PASSED, /* the device itself has proved it */
    TEST_LOOK,   /* what could be told was told to it; a person looks whether it happened */
    TEST_FAILED
};

enum {
    HEALTH_HISTORY_MAX = 100 /* changes that are kept, the newest; a loose plug makes a few a minute */
};

struct health;

/* Changes are told to TILL (borrowed). *OUT is given: health_destroy, NULL is fine. */
enum status
health_create(struct health **out, struct till *till, struct clock_source clock, struct error_detail *err) MUST_CHECK;
void health_destroy(struct health *health);

/* "printer" … "card_reader", as in the till's interface. The reader gives false for another word. */
const char *peripheral_word(enum peripheral peripheral);
bool peripheral_from_word(const char *word, enum peripheral *out);

/* PERIPHERAL is in state WORD, with the sentence that goes with it ("" when it is well). */
void health_report(struct health *health, enum peripheral peripheral, const char *word, const char *message);

/* The same, from how reaching it ended: STATUS_OK is "ready", STATUS_UNAUTHORIZED "refused", STATUS_BUSY "in_use",
 * anything else "offline"; each with a sentence that says what to do. */
void health_report_reached(struct health *health, enum peripheral peripheral, enum status status);

/* Whether PERIPHERAL could not be reached when it was last tried. */
bool health_is_offline(struct health *health, enum peripheral peripheral);

/* One test of a device at a time: false when one runs. */
bool health_begin_test(struct health *health, enum peripheral peripheral) MUST_CHECK;
bool health_test_runs(struct health *health, enum peripheral peripheral);

/* A test has ended, whether or not it was begun here (a test page may be asked for elsewhere). MESSAGE is for the
 * clerk, and holds nothing that a citizen showed. */
void health_end_test(struct health *health, enum peripheral peripheral, enum test_outcome outcome, const char *message);

/* {"devices":[…],"history":[…]} of docs/protocol/till-http.md, appended to OUT. */
enum status health_write(struct health *health, struct buffer *out, struct error_detail *err) MUST_CHECK;
