/* A supervisor's approval: who stands in for a command that a clerk alone may not give, proved by the PIN.
 *
 * A command that may need one takes a `const struct approval *` and asks approval_check before it takes the till's lock
 * (hashing a PIN takes 50 ms). The code that comes out goes into the line, as `approved_by`. */
#pragma once

#include "pos/checkout/sale.h"

struct till;

/* As the request carried it; borrowed. Both NULL: none was given. */
struct approval {
    const char *clerk;
    const char *pin;
};

/* Check that SUPERVISOR is one, and the PIN; wrong ones count together with those at sign-in. Not under the till's
 * lock. STATUS_UNAUTHORIZED: `approval_needed` when SUPERVISOR or PIN is NULL, `not_a_supervisor`, `wrong_pin`;
 * STATUS_BUSY `wait` after too many wrong ones. */
enum status approval_check(struct till *till, const char *supervisor, const char *pin, char out_code[CODE_SIZE],
                           struct error_detail *err) MUST_CHECK;
