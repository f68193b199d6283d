/* What the till asks, as messages. Pure. Append functions fail through the buffer (buffer_check). */
#pragma once

#include "drivers/payment_terminal/payment_terminal.h"
#include "drivers/terminal_zvt/apdu.h"

enum {
    ZVT_TILL_SIZE = 33, /* 1–32 printable ASCII characters */
    ZVT_PASSWORD_DIGITS = 6
};

/* TILL NULL: the plain registration of the published examples. PASSWORD: six digits. */
void zvt_request_registration(struct buffer *out, const char *password, const char *till, bool is_training);
void zvt_request_sale(struct buffer *out, const struct terminal_request *request);
void zvt_request_refund(struct buffer *out, const char *password, const struct terminal_refund *refund);
void zvt_request_reversal(struct buffer *out, const char *password, const char *reference);

/* REFERENCE NULL: whether it is ready. */
void zvt_request_status(struct buffer *out, const char *password, const char *reference);
void zvt_request_totals(struct buffer *out, const char *password, bool wants_lines);
void zvt_request_end_of_day(struct buffer *out, const char *password);
void zvt_request_plain(struct buffer *out, enum zvt_command command); /* diagnosis, abort, confirmation */
