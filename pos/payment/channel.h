/* A way to move cashless money: a QR network or the payment terminal, behind one interface (docs/protocol/adapters.md).
 *
 * Every operation is safe to repeat under the same reference, and none of them ever guesses: what is not known is
 * PAYMENT_UNKNOWN, and then the order is fixed: inquire first, cancel second, never charge under a new reference before
 * the old one is terminal. Calls block up to their timeout and are made from one thread at a time, except `stop`. */
#pragma once

#include "common/clock/clock.h"
#include "pos/checkout/sale.h"

enum payment_result {
    PAYMENT_APPROVED,    /* money moved */
    PAYMENT_DECLINED,    /* refused; nothing moved */
    PAYMENT_NOT_CHARGED, /* certainly nothing moved, and nothing will under this reference */
    PAYMENT_NOT_FOUND,   /* inquiry: never seen; a request may still be on its way: cancel before believing it */
    PAYMENT_PENDING,     /* still running: ask again */
    PAYMENT_IN_DOUBT,    /* 処理未了 at the card */
    PAYMENT_UNKNOWN,     /* no answer, or one that cannot be believed */
    PAYMENT_REVERSED,    /* money had moved and went back */
    PAYMENT_CANNOT       /* cancel: refused for good (window closed, brand without void) */
};

struct payment_request {
    char payment[IDENTITY_TEXT_SIZE]; /* the reference at gateway and terminal */
    int64_t sequence_number;
    int64_t amount_yen;
    enum payment_method method;
    char brand[CODE_SIZE];   /* "" : the code tells (QR) */
    char adapter[CODE_SIZE]; /* the way recorded with the payment; "": the channel's own choice (router.h) */
    const char *code;        /* QR: what the citizen's phone shows; borrowed, never kept; NULL otherwise */
    const char *terminal;    /* our terminal id */
};

/* A payment that was started, as the journal knows it: all that a channel needs to speak of it to its network, also
 * after a restart. A channel keeps nothing of its own. */
struct payment_reference {
    char payment[IDENTITY_TEXT_SIZE];
    char brand[CODE_SIZE];   /* "": the code told */
    char adapter[CODE_SIZE]; /* the way it was sent; "": of a till that had but one */
    int64_t amount_yen;
    int64_t started_ms;
    int64_t accepted_at_ms;       /* 0: not known */
    bool is_presented;            /* the citizen scanned our code */
    char code_id[REFERENCE_SIZE]; /* presented: what the network calls our code; "": not known */
};

/* Money that goes back for a payment that can no longer be cancelled, in whole or in part. */
struct payment_refund {
    char refund[IDENTITY_TEXT_SIZE]; /* the refund's own reference: repeated under it, it is the same refund */
    int64_t amount_yen;
    const char *reason; /* borrowed; "" none */
};

enum { PRESENTED_PAYLOAD_SIZE = 1025 };

/* A code of ours that the citizen scans with his phone. */
struct payment_presented {
    char payload[PRESENTED_PAYLOAD_SIZE]; /* what the QR code says: an EMVCo text or an address */
    char code_id[REFERENCE_SIZE];         /* what the network calls it */
    int64_t expires_at_ms;                /* after it nobody can pay with it; 0: the network did not say */
};

/* What the card told about an earlier payment, when it was touched for a later one. */
struct payment_touch {
    char payment[IDENTITY_TEXT_SIZE]; /* the earlier one; "": nothing was told */
    bool was_charged;
    int64_t amount_yen;
    int64_t accepted_at_ms;
    char acquirer_reference[REFERENCE_SIZE];
};

/* What is said about it to clerk and citizen follows from `result` and `cause` (pos/till/payment_words.h). */
struct payment_answer {
    enum payment_result result;
    int64_t amount_yen;
    int64_t accepted_at_ms; /* 0 unknown */
    char brand[CODE_SIZE];  /* what was charged, as the network says; "": it does not say */
    char acquirer_reference[REFERENCE_SIZE];
    char approval_code[REFERENCE_SIZE];
    char slip_number[REFERENCE_SIZE];
    char masked_number[REFERENCE_SIZE];
    char cause[CODE_SIZE]; /* a stable word: "insufficient_balance", "no_answer", … */
    struct payment_touch earlier;
};

struct payment_channel;
struct brand_timing;

struct payment_channel_operations {
    const char *name;
    void (*start)(struct payment_channel *channel, const struct payment_request *request, struct payment_answer *out);
    void (*inquire)(struct payment_channel *channel, const struct payment_reference *payment,
                    struct payment_answer *out);
    /* Give the money back, or make sure that none is ever taken under PAYMENT. */
    void (*cancel)(struct payment_channel *channel, const struct payment_reference *payment,
                   struct payment_answer *out);
    /* Give part or all of an approved PAYMENT back. PAYMENT_REVERSED: it went back. PAYMENT_DECLINED: refused for good,
     * nothing went back under this reference. PAYMENT_PENDING, PAYMENT_UNKNOWN: repeat it under the same reference.
     * NULL: this network gives nothing back. */
    void (*refund)(struct payment_channel *channel, const struct payment_reference *payment,
                   const struct payment_refund *refund, struct payment_answer *out);
    /* Whether this network gives PAYMENT back by `refund`; pure. NULL: when there is a `refund`. */
    bool (*can_refund)(struct payment_channel *channel, const struct payment_reference *payment);
    /* Make a code for exactly this payment, which the citizen scans. PAYMENT_PENDING with OUT_CODE filled: inquire
     * until it is terminal; cancel makes an unpaid code void. Otherwise as for start, and OUT_CODE is empty. Repeated
     * under the same reference it is the same code, or none. NULL: no such codes. */
    void (*present)(struct payment_channel *channel, const struct payment_request *request,
                    struct payment_presented *out_code, struct payment_answer *out);
    /* The way that a payment of BRAND would go, to be recorded with it; a static word or one that lives as long as the
     * channel. NULL: there is but one way, and nothing is recorded. */
    const char *(*way)(struct payment_channel *channel, const char *brand, bool is_presented);
    /* The rhythm of PAYMENT's network, borrowed from the channel. NULL (also as the result): it is asked about in every
     * round of the till. */
    const struct brand_timing *(*timing)(struct payment_channel *channel, const struct payment_reference *payment);
    /* Ask a running start to end early. From any thread; harmless when none runs. */
    void (*stop)(struct payment_channel *channel);
    /* Whether it can be used now; false with a sentence in REASON. */
    bool (*check)(struct payment_channel *channel, char reason[REASON_SIZE]);
    void (*destroy)(struct payment_channel *channel);
};

/* First member of every implementation's struct. */
struct payment_channel {
    const struct payment_channel_operations *operations;
    unsigned start_timeout_ms; /* a start has ended by then, one way or another */
};

/* The QR gateway at BASE_URL ("http://127.0.0.1:8110") with the merchant's secret (copied). One channel, one thread. */
enum status qr_gateway_create(struct payment_channel **out, const char *base_url, const char *secret,
                              unsigned start_timeout_ms, struct error_detail *err) MUST_CHECK;

/* A QR gateway for training, without any network: two channels on one book. The last digit of the citizen's code says
 * how it goes (training_gateway.c). */
enum status training_gateway_create(struct payment_channel **out_foreground, struct payment_channel **out_background,
                                    struct clock_source clock, struct error_detail *err) MUST_CHECK;

struct payment_terminal;

/* The payment terminal as a channel; takes TERMINAL (even on failure). Timeouts in ms. */
enum status terminal_channel_create(struct payment_channel **out, struct payment_terminal *terminal,
                                    unsigned start_timeout_ms, struct error_detail *err) MUST_CHECK;

void payment_channel_destroy(struct payment_channel *channel); /* NULL is fine */

/* The optional operations: where the channel has none, PAYMENT_DECLINED "not_possible", false, "" and NULL. */
void payment_channel_refund(struct payment_channel *channel, const struct payment_reference *payment,
                            const struct payment_refund *refund, struct payment_answer *out);
bool payment_channel_can_refund(struct payment_channel *channel, const struct payment_reference *payment);
void payment_channel_present(struct payment_channel *channel, const struct payment_request *request,
                             struct payment_presented *out_code, struct payment_answer *out);
const char *payment_channel_way(struct payment_channel *channel, const char *brand, bool is_presented);
const struct brand_timing *
payment_channel_timing(struct payment_channel *channel, const struct payment_reference *payment);

/* Set RESULT and the stable CAUSE. */
void payment_answer_set(struct payment_answer *out, enum payment_result result, const char *cause);
const char *payment_result_word(enum payment_result result);
