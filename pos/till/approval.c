/* Who a PIN proves to be standing at the till: a clerk who signs in, or a supervisor who approves one thing. */
#include "pos/till/approval.h"

#include "common/signing/signing.h"
#include "pos/till/till_parts.h"

#include <stdio.h>
#include <string.h>

enum {
    WRONG_PINS_MAX = 5, /* then a pause: a four-digit PIN must not be tried through by hand */
    PIN_PAUSE_MS = 30 * 1000
};

/* The slow part, outside the lock: 50 ms of scrypt must not hold up a payment. */
static bool
pin_is_right(struct till *till, const char *clerk, const char *pin, struct signed_in_clerk *out)
{
    char hash[PASSWORD_HASH_TEXT_SIZE] = "";
    till_lock(till);
    const struct master_clerk *row = till->masters != NULL ? masters_clerk(till->masters, clerk) : NULL;
    if (row != NULL) {
        memcpy(hash, row->pin_hash, sizeof hash);
        out->is_present = true;
        snprintf(out->code, sizeof out->code, "%s", row->code);
        snprintf(out->name, sizeof out->name, "%s", row->name);
        out->is_supervisor = row->is_supervisor;
    }
    till_unlock(till, false);
    return hash[0] != '\0' && password_is_right(hash, pin);
}

/* Without a list of clerks no PIN can be right, and none is counted as wrong. */
static enum status
check_knows_clerks(struct till *till, struct error_detail *err)
{
    till_lock(till);
    bool is_enrolled = till->is_enrolled;
    bool has_clerks = till->masters != NULL;
    till_unlock(till, false);
    if (!is_enrolled) {
        error_set(err, "not_enrolled", "この端末はまだ登録されていません。管理者に連絡してください。");
        return STATUS_REFUSED;
    }
    if (!has_clerks) {
        error_set(err, "no_masters", "担当者の一覧がまだ届いていません。集計サーバにつながるまで待ってください。");
        return STATUS_REFUSED;
    }
    return STATUS_OK;
}

static enum status
check_may_try_pin(struct till *till, struct error_detail *err)
{
    till_lock(till);
    int64_t left_ms = till->pin_wait_until_ms - till_monotonic_ms(till);
    till_unlock(till, false);
    if (left_ms > 0) {
        error_set(err, "wait", "暗証番号の間違いが続きました。%lld秒待ってください。", (long long)(left_ms / 1000 + 1));
        return STATUS_BUSY;
    }
    return STATUS_OK;
}

enum status
pin_check(struct till *till, const char *clerk, const char *pin, struct signed_in_clerk *out, struct error_detail *err)
{
    *out = (struct signed_in_clerk){0};
    enum status status = check_knows_clerks(till, err);
    if (status == STATUS_OK) {
        status = check_may_try_pin(till, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    bool is_right = pin_is_right(till, clerk, pin, out);
    till_lock(till);
    if (is_right) {
        till->wrong_pins = 0;
    } else {
        if (++till->wrong_pins >= WRONG_PINS_MAX) {
            till->wrong_pins = 0;
            till->pin_wait_until_ms = till_monotonic_ms(till) + PIN_PAUSE_MS;
        }
        *out = (struct signed_in_clerk){0};
        error_set(err, "wrong_pin", "担当者か暗証番号が違います。");
        status = STATUS_UNAUTHORIZED;
    }
    till_unlock(till, !is_right);
    return status;
}

static bool
is_supervisor(struct till *till, const char *clerk)
{
    till_lock(till);
    const struct master_clerk *row = till->masters != NULL ? masters_clerk(till->masters, clerk) : NULL;
    bool is = row != NULL && row->is_supervisor;
    till_unlock(till, false);
    return is;
}

enum status
approval_check(struct till *till, const char *supervisor, const char *pin, char out_code[CODE_SIZE],
               struct error_detail *err)
{
    struct signed_in_clerk present;
    if (supervisor == NULL || pin == NULL) {
        error_set(err, "approval_needed", "責任者の承認が必要です。責任者を選び、暗証番号を入れてもらってください。");
        return STATUS_UNAUTHORIZED;
    }
    /* Before the PIN is tried: a clerk's own right PIN must not wipe out wrong ones that were tried for a supervisor.
     */
    if (!is_supervisor(till, supervisor)) {
        error_set(err, "not_a_supervisor", "承認は責任者だけができます。責任者を選び、暗証番号を入れてください。");
        return STATUS_UNAUTHORIZED;
    }
    enum status status = pin_check(till, supervisor, pin, &present, err);
    if (status == STATUS_OK) {
        memcpy(out_code, present.code, CODE_SIZE);
    }
    return status;
}
