/* What an aggregator's messages mean (docs/protocol/aggregator.md); the pure half of the adapter. */
#pragma once

#include "common/bytes/buffer.h"
#include "pos/payment/channel.h"

enum { AGGREGATOR_ID_SIZE = 65 };

/* A scanned code, as the aggregator took it. */
struct aggregator_token {
    char id[AGGREGATOR_ID_SIZE];
    char brand[CODE_SIZE]; /* of our masters; "" when the aggregator could not tell, or it is none of ours */
};

/* A charge: what it says, and the name under which it can be cancelled. */
struct aggregator_charge {
    char id[AGGREGATOR_ID_SIZE]; /* "" when there is none */
    struct payment_answer answer;
};

/* Bodies. The code stands in the first only. */
enum status aggregator_token_write(const char *code, struct buffer *out, struct error_detail *err) MUST_CHECK;
enum status aggregator_charge_write(const char *payment, const char *token, const char *brand, int64_t amount_yen,
                                    struct buffer *out, struct error_detail *err) MUST_CHECK;
enum status aggregator_cancel_write(const char *payment, struct buffer *out, struct error_detail *err) MUST_CHECK;
enum status
aggregator_refund_write(const struct payment_refund *refund, struct buffer *out, struct error_detail *err) MUST_CHECK;

/* The answer to a scanned code. False with the reason in OUT_REFUSED: nothing was charged, for no charge was asked. */
bool aggregator_token_read(unsigned http_status, const struct buffer *body, struct aggregator_token *out,
                           struct payment_answer *out_refused);

/* One charge, as answered to its making or to a question by its id. */
void aggregator_charge_read(unsigned http_status, const struct buffer *body, const char *payment,
                            struct aggregator_charge *out);

/* The list of charges that carry PAYMENT: the one, PAYMENT_NOT_FOUND, or PAYMENT_UNKNOWN where two do. */
void aggregator_list_read(unsigned http_status, const struct buffer *body, const char *payment,
                          struct aggregator_charge *out);

/* How a cancel or refund stands. */
enum aggregator_progress {
    AGGREGATOR_DONE,
    AGGREGATOR_RUNNING,      /* ask again by OUT_ID */
    AGGREGATOR_REFUSED,      /* for good: too late, too much */
    AGGREGATOR_NOT_ANSWERED, /* or not in a form that can be believed */
    AGGREGATOR_NONE          /* of a list: there is no such refund */
};
enum aggregator_progress
aggregator_progress_read(unsigned http_status, const struct buffer *body, char out_id[AGGREGATOR_ID_SIZE]);

/* The same of REFUND, of the charge with the id CHARGE: of one that was asked for or asked about by its id, and of the
 * list of the charge's refunds. What names another refund, charge, amount or currency is no answer. */
enum aggregator_progress aggregator_refund_read(unsigned http_status, const struct buffer *body, const char *charge,
                                                const struct payment_refund *refund, char out_id[AGGREGATOR_ID_SIZE]);
enum aggregator_progress
aggregator_refund_list_read(unsigned http_status, const struct buffer *body, const char *charge,
                            const struct payment_refund *refund, char out_id[AGGREGATOR_ID_SIZE]);

/* Whether the answer says that nothing can be charged under the key any more, because our void use of it was taken as
 * its first. */
bool aggregator_key_is_spent(unsigned http_status, const struct buffer *body);
