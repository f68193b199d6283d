/* The decision, drawn for a payment that nobody gave up:
 *
 *   started ──first wait──▶ ask ──pending──▶ wait ──poll──▶ ask … ──budget──▶ cancel (not before its earliest)
 *                            ├──unknown──▶ the same, for ever; after the budget more rarely
 *                            ├──never seen──▶ cancel, so that a request still on its way is refused
 *                            └──approved, declined, reversed──▶ done
 */
#include "pos/payment/brand_timing.h"

#include "common/json/reader.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { DAY_MS = 24 * 60 * 60 * 1000, MINUTE_MS = 60 * 1000 };

static struct timing_decision
wait_for(int64_t ms)
{
    return (struct timing_decision){TIMING_WAIT, ms > 0 ? ms : 1};
}

/* A clock that was set back must not make a payment young for ever, nor older than it is. */
static int64_t
age_ms(const struct timing_facts *facts)
{
    return facts->now_ms > facts->started_ms ? facts->now_ms - facts->started_ms : 0;
}

static bool
is_over(const struct timing_facts *facts)
{
    const bool took_nothing = facts->heard == PAYMENT_DECLINED || facts->heard == PAYMENT_NOT_CHARGED ||
                              facts->heard == PAYMENT_REVERSED || facts->heard == PAYMENT_CANNOT;
    return facts->heard_ms != 0 && (took_nothing || (facts->heard == PAYMENT_APPROVED && !facts->is_unwanted));
}

/* Whether what was heard says that the payment must be ended by us. */
static bool
must_undo(const struct timing_facts *facts, bool is_overdue)
{
    switch (facts->heard) {
    case PAYMENT_NOT_FOUND:
        return true;
    case PAYMENT_PENDING:
        return facts->is_unwanted || is_overdue;
    case PAYMENT_APPROVED:
        return facts->is_unwanted;
    case PAYMENT_UNKNOWN: /* nobody wants it and nobody answers questions: a cancel may yet arrive */
        return facts->is_unwanted && is_overdue;
    case PAYMENT_DECLINED:
    case PAYMENT_NOT_CHARGED:
    case PAYMENT_IN_DOUBT:
    case PAYMENT_REVERSED:
    case PAYMENT_CANNOT:
        return false;
    }
    return false;
}

static struct timing_decision
undo(const struct brand_timing *timing, const struct timing_facts *facts)
{
    const int64_t accepted_at_ms = facts->accepted_at_ms != 0 ? facts->accepted_at_ms : facts->started_ms;
    if (facts->heard == PAYMENT_APPROVED && facts->now_ms >= brand_timing_cancel_closes_ms(timing, accepted_at_ms)) {
        return (struct timing_decision){.action = TIMING_REFUND};
    }
    return (struct timing_decision){.action = TIMING_CANCEL};
}

struct timing_decision
brand_timing_decide(const struct brand_timing *timing, const struct timing_facts *facts)
{
    assert(timing->poll_ms > 0);
    if (is_over(facts)) {
        return (struct timing_decision){.action = TIMING_DONE};
    }
    const int64_t age = age_ms(facts);
    const bool is_overdue = age >= timing->budget_ms;
    if (facts->heard_ms == 0) {
        return age >= timing->first_wait_ms ? (struct timing_decision){.action = TIMING_INQUIRE}
                                            : wait_for(timing->first_wait_ms - age);
    }
    const int64_t since_heard = facts->now_ms - facts->heard_ms;
    const bool is_fresh = since_heard >= 0 && since_heard < timing->poll_ms;
    if (is_fresh && must_undo(facts, is_overdue)) {
        if (age >= timing->earliest_cancel_ms) {
            return undo(timing, facts);
        }
    }
    const bool is_patient = is_overdue && facts->heard == PAYMENT_UNKNOWN;
    const int64_t rhythm = is_patient ? timing->poll_ms * PATIENT_FACTOR : timing->poll_ms;
    if (since_heard < 0 || since_heard >= rhythm) {
        return (struct timing_decision){.action = TIMING_INQUIRE};
    }
    return wait_for(rhythm - since_heard);
}

int64_t
brand_timing_cancel_closes_ms(const struct brand_timing *timing, int64_t accepted_at_ms)
{
    if (timing->cancel_for_ms > 0) {
        return accepted_at_ms + timing->cancel_for_ms;
    }
    const int64_t offset_ms = (int64_t)timing->utc_offset_minutes * MINUTE_MS;
    const int64_t day = (accepted_at_ms + offset_ms) / DAY_MS;
    return (day + timing->cancel_days) * DAY_MS + (int64_t)timing->cancel_until_s * 1000 - offset_ms;
}

bool
brand_timing_can_refund(const struct brand_timing *timing, int64_t accepted_at_ms, int64_t now_ms)
{
    return timing->refund_days == 0 || now_ms < accepted_at_ms + (int64_t)timing->refund_days * DAY_MS;
}

const struct brand_timing *
brand_timing_find(const struct brand_timing *rows, size_t count, const char *adapter, const char *brand)
{
    const struct brand_timing *of_adapter = NULL;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(rows[i].adapter, adapter) != 0) {
            continue;
        }
        if (strcmp(rows[i].brand, brand) == 0) {
            return &rows[i];
        }
        if (rows[i].brand[0] == '\0') {
            of_adapter = &rows[i];
        }
    }
    return of_adapter;
}
