/* A way to move cashless money: the QR gateway or the payment terminal, behind one interface.
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
    char brand[CODE_SIZE]; /* "" : the code tells (QR) */
    const char *code;      /* QR: what the citizen's phone shows; borrowed, never kept; NULL otherwise */
    const char *terminal;  /* our terminal id */
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
    char brand[CODE_SIZE];
    char acquirer_reference[REFERENCE_SIZE];
    char approval_code[REFERENCE_SIZE];
    char slip_number[REFERENCE_SIZE];
    char masked_number[REFERENCE_SIZE];
    char cause[CODE_SIZE]; /* a stable word: "insufficient_balance", "no_answer", … */
    struct payment_touch earlier;
};

struct payment_channel;

struct payment_channel_operations {
    const char *name;
    void (*start)(struct payment_channel *channel, const struct payment_request *request, struct payment_answer *out);
    void (*inquire)(struct payment_channel *channel, const char *payment, struct payment_answer *out);
    /* Give the money back, or make sure that none is ever taken under PAYMENT. */
    void (*cancel)(struct payment_channel *channel, const char *payment, struct payment_answer *out);
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
const char *payment_result_word(enum payment_result result);
