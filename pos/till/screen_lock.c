/* The lock of a screen that nobody touches: basket and day stay as they are, and a PIN opens it again, of the same
 * clerk or of another one who takes over. While a payment is in hand the clerk is waiting and not away, so that the
 * time runs from its end. */
#include "pos/till/till_parts.h"

#include <string.h>

enum { MINUTE_MS = 60 * 1000 };

void
till_note_activity(struct till *till)
{
    if (!atomic_load(&till->is_locked)) {
        atomic_store(&till->active_ms, till_monotonic_ms(till));
    }
}

bool
till_is_locked(struct till *till)
{
    return atomic_load(&till->is_locked);
}

bool
lock_tick(struct till *till)
{
    int minutes = till->masters != NULL ? till->masters->idle_lock_minutes : 0;
    if (!till->clerk.is_present || minutes == 0 || atomic_load(&till->is_locked)) {
        return false;
    }
    if (payment_is_in_hand(till)) {
        atomic_store(&till->active_ms, till_monotonic_ms(till));
        return false;
    }
    bool is_due = till_monotonic_ms(till) - atomic_load(&till->active_ms) >= (int64_t)minutes * MINUTE_MS;
    if (is_due) {
        atomic_store(&till->is_locked, true);
    }
    return is_due;
}

enum status
till_lock_screen(struct till *till, struct error_detail *err)
{
    till_lock(till);
    enum status status = STATUS_OK;
    if (!till->clerk.is_present) {
        error_set(err, "no_clerk", "担当者を選び、暗証番号を入れてください。");
        status = STATUS_REFUSED;
    } else if (payment_is_in_hand(till)) {
        error_set(err, "payment_running", "お支払いの途中です。終わってから離席してください。");
        status = STATUS_REFUSED;
    } else {
        atomic_store(&till->is_locked, true);
    }
    till_unlock(till, status == STATUS_OK);
    return status;
}

void
lock_open(struct till *till)
{
    atomic_store(&till->is_locked, false);
    atomic_store(&till->active_ms, till_monotonic_ms(till));
}
