/* The morning page while it is being written. For this folder only. */
#pragma once

#include "common/clock/civil.h"
#include "common/json/writer.h"
#include "settlement/store/store.h"

/* Work that waits, most urgent first: money that is or may be wrong, then what holds others up, then the daily round.
 */
enum waiting {
    WAITING_QUARANTINED,
    WAITING_OVERDUE,
    WAITING_DISCREPANCIES,
    WAITING_AWAITING_SECOND,
    WAITING_LAYOUTS,
    WAITING_SHARED_DRAWERS,
    WAITING_DISPROVED,
    WAITING_LATE_CASH,
    WAITING_CASH_LIMIT,
    WAITING_UNPROVED_CASH,
    WAITING_REFUNDS,
    WAITING_PARKED,
    WAITING_PROPOSED,
    WAITING_DRAFTS,
    WAITING_UNEXPORTED,
    WAITING_LATE_DEPOSITS,
    WAITING_MISSES_CLOSING,
    WAITING_LATE_STATEMENTS,
    WAITING_UNCLOSED,
    WAITING_SILENT_TERMINALS,
    WAITING_COUNT
};

struct today {
    struct store_txn *txn;
    const char *municipality;
    int64_t now_ms;
    char day[CIVIL_DATE_TEXT_SIZE]; /* that is asked for */
    char today[CIVIL_DATE_TEXT_SIZE];
    struct {
        int64_t count;
        int64_t amount_yen;
    } waiting[WAITING_COUNT];
};

/* COUNT things of kind WHAT wait, worth AMOUNT_YEN. */
void today_wait(struct today *today, enum waiting what, int64_t count, int64_t amount_yen);

/* Write "waiting": what was counted and is not zero. */
void json_today_waiting(struct json_writer *writer, const struct today *today);

/* Write "remittance": cash that waits to be paid in. */
enum status json_today_remittance(struct json_writer *writer, struct today *today, struct error_detail *err) MUST_CHECK;

/* Write "reconciliation", "statements" and "deposits". */
enum status json_today_matching(struct json_writer *writer, struct today *today, struct error_detail *err) MUST_CHECK;
