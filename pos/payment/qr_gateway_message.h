/* What the QR gateway's messages mean (docs/protocol/payment-network.md); the pure half of the adapter. */
#pragma once

#include "common/bytes/buffer.h"
#include "pos/payment/channel.h"

/* The body of POST /charges. */
enum status
qr_charge_write(const struct payment_request *request, struct buffer *out, struct error_detail *err) MUST_CHECK;

/* What an HTTP answer to a charge or an inquiry for PAYMENT says. An answer that is not understood, names another
 * reference or is a server's error is PAYMENT_UNKNOWN. */
void qr_charge_read(unsigned http_status, const struct buffer *body, const char *payment, struct payment_answer *out);

/* What the answer to a cancel says: a canceled charge that had been accepted is PAYMENT_REVERSED, one that had not is
 * PAYMENT_NOT_CHARGED. */
void qr_cancel_read(unsigned http_status, const struct buffer *body, const char *payment, struct payment_answer *out);

/* What the answer to a refund under REFUND says: PAYMENT_REVERSED, PAYMENT_DECLINED or PAYMENT_UNKNOWN. */
void qr_refund_read(unsigned http_status, const struct buffer *body, const struct payment_refund *refund,
                    struct payment_answer *out);
