/* The terminal's messages, as docs/protocol/payment-network.md gives them: requests to bytes, bytes to answers. Pure.
 *
 * Requests are one JSON object without the frame; framing belongs to connection.c. */
#pragma once

#include "common/bytes/buffer.h"
#include "common/json/reader.h"
#include "drivers/payment_terminal/payment_terminal.h"

enum {
    TERMINAL_MESSAGE_MAX_BYTES = 65536, /* the protocol's limit, in both directions */
    TERMINAL_NAME_SIZE = 33,            /* SaleID and POIID: 1–32 printable ASCII characters */
    SERVICE_ID_SIZE = 11                /* 1–10 characters, unique per SaleID */
};

enum terminal_category {
    CATEGORY_LOGIN,
    CATEGORY_DIAGNOSIS,
    CATEGORY_PAYMENT,
    CATEGORY_REVERSAL,
    CATEGORY_STATUS,
    CATEGORY_ABORT,
    CATEGORY_TOTALS,
    CATEGORY_RECONCILIATION
};

/* Whose message it is. Borrowed texts. */
struct terminal_header {
    enum terminal_category category;
    const char *sale_id;
    const char *poi_id;
    const char *service_id;
    bool is_training; /* of logins */
};

const char *terminal_category_name(enum terminal_category category); /* "Payment", as on the wire */

/* Append a request of HEADER's category. Categories that name no payment ignore REFERENCE. AT_MS is the TimeStamp. */
enum status
terminal_request_payment(struct buffer *out, const struct terminal_header *header,
                         const struct terminal_request *request, int64_t at_ms, struct error_detail *err) MUST_CHECK;
enum status
terminal_request_refund(struct buffer *out, const struct terminal_header *header, const struct terminal_refund *refund,
                        int64_t at_ms, struct error_detail *err) MUST_CHECK;
enum status terminal_request_other(struct buffer *out, const struct terminal_header *header, const char *reference,
                                   struct error_detail *err) MUST_CHECK;

/* A reply that belongs to the request outstanding. `body` points into `document`. */
struct terminal_reply {
    struct json_value *document;
    const struct json_value *body; /* the PaymentResponse, ReversalResponse … */
};

/* Read LENGTH bytes as the reply to EXPECTED. STATUS_NOT_FOUND: a stray, the reply to something else: drop it and read
 * on. STATUS_INVALID: not a message of the protocol. STATUS_REFUSED: a card number stands in it in the clear.
 * Finish with terminal_reply_finish after STATUS_OK. */
enum status terminal_reply_read(struct terminal_reply *out, const char *bytes, size_t length,
                                const struct terminal_header *expected, struct error_detail *err) MUST_CHECK;
void terminal_reply_finish(struct terminal_reply *reply);

/* What the replies say. What contradicts the protocol is TERMINAL_UNKNOWN, and so is what tells of another payment
 * than REFERENCE: a terminal may answer with the last one that it knows. ERR is written unless APPROVED. */
void terminal_reply_payment(const struct terminal_reply *reply, const char *reference, struct terminal_answer *out,
                            struct error_detail *err);
void terminal_reply_refund(const struct terminal_reply *reply, const char *reference, struct terminal_answer *out,
                           struct error_detail *err);
void terminal_reply_reversal(const struct terminal_reply *reply, struct terminal_answer *out, struct error_detail *err);
void terminal_reply_status(const struct terminal_reply *reply, const char *reference, struct terminal_answer *out,
                           struct error_detail *err);

/* STATUS_OK, STATUS_REFUSED. */
enum status terminal_reply_login(const struct terminal_reply *reply, struct error_detail *err) MUST_CHECK;

/* As payment_terminal_check; STATUS_INVALID for what is not a diagnosis. */
enum status terminal_reply_diagnosis(const struct terminal_reply *reply, struct error_detail *err) MUST_CHECK;

/* As payment_terminal_daily_log; STATUS_INVALID for what is not a log. */
enum status terminal_reply_log(const struct terminal_reply *reply, struct terminal_log_line *lines, size_t capacity,
                               size_t *out_count, struct error_detail *err) MUST_CHECK;

/* As payment_terminal_totals, of GetTotals and Reconciliation; STATUS_INVALID for what holds no totals. */
enum status terminal_reply_totals(const struct terminal_reply *reply, struct terminal_total *totals, size_t capacity,
                                  size_t *out_count, struct error_detail *err) MUST_CHECK;
