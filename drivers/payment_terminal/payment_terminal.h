/* Payment terminals for cards and e-money (UnifiedPOS ElectronicValueRW 1.15, which folds in CAT), for callers.
 *
 * The terminal reads the card, talks to its centre and answers with a masked result: no card number ever reaches us.
 * Each transaction carries a sequence number (ElectronicValueRW.SequenceNumber) and the payment's own reference, by
 * which a result can be asked for again after a lost answer. A terminal is used by one thread at a time, except for
 * payment_terminal_abort(). */
#pragma once

#include "common/outcome/status.h"

#include <stdint.h>

struct payment_terminal;

enum {
    TERMINAL_REFERENCE_SIZE = 65, /* our payment id, 1–64 of [0-9A-Za-z-] */
    TERMINAL_TEXT_SIZE = 41,
    TERMINAL_SEQUENCE_MAX = 999999999,
    TERMINAL_AMOUNT_MAX_YEN = 9999999 /* seven digits, as on slips and in acquirers' records */
};

enum terminal_media { TERMINAL_CREDIT, TERMINAL_EMONEY };

/* How a transaction ended. The names in brackets are the ElectronicValueRW / CAT results. */
enum terminal_result {
    TERMINAL_APPROVED,            /* (success) money moved */
    TERMINAL_CENTER_ERROR,        /* (CENTERERROR) the centre refused; nothing moved */
    TERMINAL_COMMUNICATION_ERROR, /* (COMMUNICATIONERROR) the terminal did not reach its centre; nothing moved */
    TERMINAL_DEFICIENT,           /* (DEFICIENT) not enough on the card; nothing moved */
    TERMINAL_NO_CARD,             /* (NOCARD) no or unreadable card; nothing moved */
    TERMINAL_CANCELLED,           /* stopped by citizen or clerk; nothing moved */
    TERMINAL_NOT_ALLOWED,         /* the brand cannot do this operation; nothing moved */
    TERMINAL_BUSY,                /* another transaction runs; nothing moved */
    TERMINAL_NOT_FOUND,           /* (queries) the terminal never saw the reference; nothing moved */
    TERMINAL_IN_PROGRESS,         /* (queries) still running: ask again */
    TERMINAL_IN_DOUBT,            /* 処理未了: the card left between debit and confirmation */
    TERMINAL_UNKNOWN              /* no answer: ask by payment_terminal_query() before anything else */
};

struct terminal_request {
    char reference[TERMINAL_REFERENCE_SIZE];
    uint32_t sequence_number; /* 1 … TERMINAL_SEQUENCE_MAX, unique per terminal */
    int64_t amount_yen;       /* 1 … TERMINAL_AMOUNT_MAX_YEN */
    enum terminal_media media;
    char brand[TERMINAL_TEXT_SIZE]; /* brand code of the masters, e.g. "visa", "transit_ic" */
};

/* Money of an earlier sale that goes back, in whole or in part. */
struct terminal_refund {
    char reference[TERMINAL_REFERENCE_SIZE]; /* the refund's own: repeated under it, it is the same refund */
    char sale[TERMINAL_REFERENCE_SIZE];      /* of the sale */
    uint32_t sequence_number;                /* as of terminal_request */
    int64_t amount_yen;                      /* 1 … TERMINAL_AMOUNT_MAX_YEN; refunds together never exceed the sale */
    enum terminal_media media;
    char brand[TERMINAL_TEXT_SIZE];
};

/* What a card in doubt told when it was touched again for something else. */
struct terminal_touch {
    char reference[TERMINAL_REFERENCE_SIZE]; /* the earlier sale's; "": nothing was told */
    bool was_charged;
    int64_t amount_yen;     /* was_charged */
    int64_t accepted_at_ms; /* was_charged; 0 unknown */
    char acquirer_reference[TERMINAL_TEXT_SIZE];
};

/* What came back. Texts are "" where the terminal gave none. `masked_number` never holds more than first 6 and last 4.
 */
struct terminal_answer {
    enum terminal_result result;
    bool is_training;    /* (TrainingMode) the terminal says that nothing was moved, whatever the result */
    int64_t amount_yen;  /* what a sale or refund moved (TERMINAL_APPROVED) or may have moved (TERMINAL_IN_DOUBT; 0: it
                            does not  say) */
    int64_t balance_yen; /* e-money balance afterwards; −1 unknown */
    int64_t accepted_at_ms; /* the terminal's approval time; 0 unknown */
    char acquirer_reference[TERMINAL_TEXT_SIZE];
    char approval_code[TERMINAL_TEXT_SIZE];
    char center_result_code[TERMINAL_TEXT_SIZE];
    char slip_number[TERMINAL_TEXT_SIZE];
    char masked_number[TERMINAL_TEXT_SIZE];
    char brand[TERMINAL_TEXT_SIZE]; /* of the card that was used, as the terminal names it; "": it does not say */
    struct terminal_touch earlier;  /* of sales: the citizen's card ended an earlier doubt */
};

enum { TERMINAL_TOTALS_MAX = 64 /* brands times kinds, with room */ };

enum terminal_kind { TERMINAL_KIND_SALE, TERMINAL_KIND_REVERSAL, TERMINAL_KIND_REFUND };

/* One line of the terminal's own daily log (AccessDailyLog). */
struct terminal_log_line {
    enum terminal_kind kind;
    char reference[TERMINAL_REFERENCE_SIZE];
    char acquirer_reference[TERMINAL_TEXT_SIZE];
    char brand[TERMINAL_TEXT_SIZE];
    int64_t amount_yen; /* negative for reversals and refunds */
    bool is_in_doubt;
};

/* What the terminal itself sums up of one brand and kind. What is in doubt is in no total. */
struct terminal_total {
    char brand[TERMINAL_TEXT_SIZE];
    enum terminal_kind kind;
    uint32_t count;
    int64_t sum_yen; /* negative for reversals and refunds */
};

const char *payment_terminal_name(const struct payment_terminal *terminal);

/* Reachable, and is its centre? STATUS_DEVICE_GONE, STATUS_BUSY, STATUS_UNREACHABLE (centre). */
enum status
payment_terminal_check(struct payment_terminal *terminal, unsigned timeout_ms, struct error_detail *err) MUST_CHECK;

/* AuthorizeSales / SubtractValue. Writes OUT whatever happens and tells all in OUT->result; ERR carries the sentence
 * when the result is not TERMINAL_APPROVED. A connection that could not be made is TERMINAL_COMMUNICATION_ERROR
 * (nothing was sent); one that broke, or TIMEOUT_MS without an answer, is TERMINAL_UNKNOWN. Repeating a reference is
 * answered with the first result and moves nothing again. */
void payment_terminal_sale(struct payment_terminal *terminal, const struct terminal_request *request,
                           unsigned timeout_ms, struct terminal_answer *out, struct error_detail *err);

/* AuthorizeVoid / CancelValue of the sale with this reference. TERMINAL_APPROVED: the money went back; safe to repeat.
 * TERMINAL_NOT_FOUND: it was never taken, and will not be: the terminal remembers the reference and refuses it.
 * TERMINAL_IN_DOUBT: the card must be touched again first. */
void payment_terminal_reverse(struct payment_terminal *terminal, const char *reference, unsigned timeout_ms,
                              struct terminal_answer *out, struct error_detail *err);

/* AuthorizeRefund, for brands that have it (brand_operations.h); TERMINAL_NOT_ALLOWED for the others. Results as for a
 * sale, with the refund in the sale's place: TERMINAL_APPROVED says that the money went back, payment_terminal_query()
 * under the refund's reference tells of a lost answer. TERMINAL_NOT_FOUND: the terminal does not know the sale. */
void payment_terminal_refund(struct payment_terminal *terminal, const struct terminal_refund *refund,
                             unsigned timeout_ms, struct terminal_answer *out, struct error_detail *err);

/* Last-result query (QueryLastSuccessfulTransactionResult, generalised to any reference the terminal still knows).
 * OUT->result tells of the sale, never of the query: a terminal that could not be asked, for whatever reason, is
 * TERMINAL_UNKNOWN, and one too busy to say is TERMINAL_IN_PROGRESS. A sale since reversed is TERMINAL_CANCELLED. */
void payment_terminal_query(struct payment_terminal *terminal, const char *reference, unsigned timeout_ms,
                            struct terminal_answer *out, struct error_detail *err);

/* Ask a sale that runs in another thread to stop; it answers by itself. May be called from any thread. */
void payment_terminal_abort(struct payment_terminal *terminal);

/* AccessDailyLog: at most CAPACITY lines into LINES; STATUS_OVERFLOW when there are more. */
enum status
payment_terminal_daily_log(struct payment_terminal *terminal, unsigned timeout_ms, struct terminal_log_line *lines,
                           size_t capacity, size_t *out_count, struct error_detail *err) MUST_CHECK;

/* CAT's daily log as sums, by the terminal's own counting: what it moved today, or, with SETTLES, since it was settled
 * last, and from then on it counts anew (CAT_DL_SETTLEMENT). Statuses as of payment_terminal_check; STATUS_OVERFLOW as
 * of the daily log; STATUS_REFUSED: it will not settle now. A settlement whose answer was lost is STATUS_DEVICE_GONE:
 * ask the centre. */
enum status payment_terminal_totals(struct payment_terminal *terminal, bool settles, unsigned timeout_ms,
                                    struct terminal_total *totals, size_t capacity, size_t *out_count,
                                    struct error_detail *err) MUST_CHECK;

/* (TrainingMode) From now on all operations are practice: the terminal moves nothing and says so. Touches no wire: the
 * next operation tells the terminal, and one that has no training mode refuses it (TERMINAL_NOT_ALLOWED,
 * STATUS_REFUSED). An approval in training by a terminal that does not say so, and one that says so while we do not
 * train, are TERMINAL_UNKNOWN: the two do not agree on what moved. */
void payment_terminal_set_training(struct payment_terminal *terminal, bool is_training);
bool payment_terminal_is_training(const struct payment_terminal *terminal);

void payment_terminal_close(struct payment_terminal *terminal); /* NULL is fine */

const char *terminal_kind_word(enum terminal_kind kind); /* "sale", "reversal", "refund" */

/* The sums of LINES. STATUS_OVERFLOW when they are more than CAPACITY. */
enum status terminal_totals_of(const struct terminal_log_line *lines, size_t line_count, struct terminal_total *totals,
                               size_t capacity, size_t *out_count, struct error_detail *err) MUST_CHECK;

/* Add one movement to the *COUNT sums in TOTALS. STATUS_OVERFLOW. */
enum status terminal_totals_add(struct terminal_total *totals, size_t capacity, size_t *count, const char *brand,
                                enum terminal_kind kind, int64_t amount_yen, struct error_detail *err) MUST_CHECK;
const struct terminal_total *terminal_total_find(const struct terminal_total *totals, size_t count, const char *brand,
                                                 enum terminal_kind kind); /* NULL: there is none */

const char *terminal_result_word(enum terminal_result result); /* "approved", "center_error", … */

/* Whether RESULT proves that no money moved. */
bool terminal_result_is_free(enum terminal_result result);
