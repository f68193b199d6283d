/* Payment terminals, for implementers. Callers include payment_terminal.h. */
#pragma once

#include "drivers/payment_terminal/payment_terminal.h"

/* All entries are required; semantics as in payment_terminal.h. payment_terminal_sale() checks the request before, and
 * the answer after: an approved amount that differs from the request's, or an unmasked card number where a mask
 * belongs, is turned into TERMINAL_UNKNOWN with a message, because neither may enter the journal as a sale; a
 * reference, approval code or slip number that reads like a card number is left out. OUT arrives reset to
 * TERMINAL_UNKNOWN; ERR must be written whenever the result is not TERMINAL_APPROVED. */
struct payment_terminal_driver {
    const char *name;
    enum status (*check)(struct payment_terminal *terminal, unsigned timeout_ms, struct error_detail *err);
    void (*sale)(struct payment_terminal *terminal, const struct terminal_request *request, unsigned timeout_ms,
                 struct terminal_answer *out, struct error_detail *err);
    void (*refund)(struct payment_terminal *terminal, const struct terminal_refund *refund, unsigned timeout_ms,
                   struct terminal_answer *out, struct error_detail *err);
    void (*reverse)(struct payment_terminal *terminal, const char *reference, unsigned timeout_ms,
                    struct terminal_answer *out, struct error_detail *err);
    void (*query)(struct payment_terminal *terminal, const char *reference, unsigned timeout_ms,
                  struct terminal_answer *out, struct error_detail *err);
    void (*abort)(struct payment_terminal *terminal); /* any thread */
    enum status (*daily_log)(struct payment_terminal *terminal, unsigned timeout_ms, struct terminal_log_line *lines,
                             size_t capacity, size_t *out_count, struct error_detail *err);
    enum status (*totals)(struct payment_terminal *terminal, bool settles, unsigned timeout_ms,
                          struct terminal_total *totals, size_t capacity, size_t *out_count, struct error_detail *err);
    void (*close)(struct payment_terminal *terminal);
};

/* First member of every implementation's struct. */
struct payment_terminal {
    const struct payment_terminal_driver *driver;
    bool is_training; /* set by the door, read by the driver before each operation */
};

/* 1–64 of [0-9A-Za-z-]. */
bool terminal_reference_is_valid(const char *reference);

/* An answer with RESULT, empty texts and no balance. */
void terminal_answer_reset(struct terminal_answer *answer, enum terminal_result result);

/* Fill ERR with the sentence that tells a clerk what RESULT means and what to do; leaves it alone for
 * TERMINAL_APPROVED. Drivers that know more write their own. */
void terminal_result_explain(enum terminal_result result, struct error_detail *err);
