/* What one journal line says, read and checked by itself. Pure: the same line gives the same effect, whatever came
 * before; what the line says about earlier lines is checked by `apply`. */
#pragma once

#include "common/json/reader.h"
#include "common/records/journal_line.h"
#include "settlement/store/cash_store.h"
#include "settlement/store/day_store.h"
#include "settlement/store/gate_store.h"
#include "settlement/store/sale_store.h"

enum effect_kind {
    EFFECT_NONE, /* known, and of no consequence for the books */
    EFFECT_ENROLLED,
    EFFECT_MASTERS_APPLIED,
    EFFECT_DAY_OPENED,
    EFFECT_DAY_CLOSED,
    EFFECT_PAYMENT_STARTED,
    EFFECT_PAYMENT_UNKNOWN,
    EFFECT_PAYMENT_IN_DOUBT,
    EFFECT_PAYMENT_ABANDONED,
    EFFECT_PAYMENT_RESOLVED,
    EFFECT_PAYMENT_PROVED,
    EFFECT_SALE_RECORDED,
    EFFECT_REVERSAL_STARTED,
    EFFECT_REVERSAL_UNKNOWN,
    EFFECT_REVERSAL_RESOLVED,
    EFFECT_SALE_VOIDED,
    EFFECT_REFUND_REQUESTED,
    EFFECT_REFUND_APPROVED,
    EFFECT_REFUND_PAID,
    EFFECT_REFUND_WITHDRAWN,
    EFFECT_REFUND_RUN,
    EFFECT_DRAWER_OPENED,
    EFFECT_CASH_MOVED,
    EFFECT_CASH_COUNTED,
    EFFECT_SHIFT_CHANGED,
    EFFECT_DAY_INSPECTED,
    EFFECT_TICKET_ISSUED,
    EFFECT_TICKET_CLOSED,
    EFFECT_ENTRY_COUNTED
};

struct enrolled_effect {
    const char *municipality;
    const char *terminal;
    const char *place;
};

struct day_opened_effect {
    const char *day;
    const char *clerk;
    int64_t float_yen;
};

struct day_closed_effect {
    const char *day;
    const char *clerk;
    int64_t float_yen;
    int64_t expected_cash_yen;
    int64_t counted_cash_yen;
    int64_t difference_yen; /* = counted − expected */
    const char *difference_reason;
    int64_t zero_count;
    struct day_total *totals; /* owned */
    size_t total_count;
    struct till_cash said;     /* what the till says of its drawer; nothing, from a till that did not say it yet */
    struct cash_tally counted; /* by denomination */
};

/* float.moved, cash.moved. */
struct cash_moved_effect {
    const char *day;
    const char *kind; /* float_lent, float_returned, cash_in, cash_out */
    int64_t amount_yen;
    const char *clerk;
    const char *approved_by;
    const char *reason;
    struct cash_tally counted;
};

struct cash_counted_effect {
    const char *day;
    const char *purpose;
    const char *clerk;
    struct cash_tally counted;
    int64_t total_yen; /* = Σ counted */
};

struct shift_effect {
    const char *day;
    const char *from;
    const char *to;
    int64_t counted_cash_yen;
    int64_t expected_cash_yen;
    int64_t difference_yen; /* = counted − expected */
    const char *difference_reason;
};

struct day_inspected_effect {
    const char *day;
    const char *clerk;
    int64_t number;
    int64_t float_yen;
    int64_t cash_in_yen;
    int64_t cash_out_yen;
    int64_t expected_cash_yen;
    int64_t zero_count;
};

/* How much of line `line` (from 1) of a sale is asked back. */
struct refund_part {
    int64_t line;
    int64_t amount_yen;
};

/* Every kind of refund.… line; members that a kind lacks are "" or 0. INVARIANT: amount_yen = Σ parts, when there are
 * any; their lines ascend. */
struct refund_effect {
    struct refund_part *parts; /* owned; none from tills that did not tell them yet */
    size_t part_count;
    const char *refund;
    const char *sale;
    const char *receipt_number;
    int64_t amount_yen;
    const char *means;
    const char *reason;
    const char *clerk;
    const char *approved_by;
    const char *run;        /* of the three that tell how far the till's own refund is: running, unknown, refused */
    const char *payment;    /* of refund.started: the payment whose network gives the money back */
    const char *takes_over; /* of refund.requested at the finance desk: the till's request that it carries out; "" */
    const char *reversal;   /* of refund.paid: by which the processor had given it back; "" when people paid it */
};

struct ticket_effect {
    const char *ticket;
    const char *facility;
    const char *item;
    int64_t entered_at_ms;
    const char *clerk;
    const char *label;
    const char *outcome;
    const char *reason;
};

struct entry_effect {
    const char *facility;
    const char *category;
    int64_t count; /* negative: a correction */
    const char *clerk;
};

/* Every kind of payment.… line; members that a kind lacks are "" or 0. */
struct payment_effect {
    const char *payment;
    const char *sale;
    const char *method;
    const char *brand;  /* started: "" when the answer will name it; resolved: "" where it is the one of the start */
    int64_t amount_yen; /* what the brand takes */
    int64_t cash_yen;   /* what was put beside it in cash */
    char sequence_number[24];
    const char *clerk;
    const char *cause; /* of unknown; the reason of a result */
    const char *result;
    const char *how;
    const char *acquirer_reference;
    const char *approval_code;
    const char *slip_number;
    const char *masked_number;
    int64_t accepted_at_ms; /* 0: not said */
    const char *rule;       /* of in doubt: what the brand makes of it */
};

/* INVARIANT: total_yen = Σ lines = what was paid in cash + what the payment took; taxes follow from the lines; every
 * line knows how much of it was paid in cash (tender_split.h). */
struct sale_effect {
    const char *sale;
    const char *receipt_number;
    struct civil_date received_on;
    const char *clerk;
    struct sale_line_row *lines; /* owned */
    size_t line_count;
    int64_t total_yen;
    int64_t cash_yen;           /* all of it, a part, or 0 */
    struct sale_tax_row *taxes; /* owned */
    size_t tax_count;
    const char *reference_kind; /* what the basket belongs to outside the till; "" */
    const char *reference_number;
    const char *method; /* cash, qr, emoney, credit, none; of a mixed sale the cashless one */
    const char *brand;
    const char *payment;
};

struct reversal_effect {
    const char *reversal;
    const char *payment;
    const char *sale;
    int64_t amount_yen;
    const char *clerk;
    const char *reason; /* why it was started, is unknown, or was refused */
    const char *result;
};

struct void_effect {
    const char *sale;
    const char *receipt_number;
    const char *clerk;
    const char *reason;
    int64_t total_yen;
    const char *method;
};

struct drawer_effect {
    const char *clerk;
    const char *reason;
    const char *note; /* of no_sale; "" */
};

/* Texts are borrowed from `document`. */
struct effect {
    enum effect_kind kind;
    struct json_value *document; /* the line's body; owned */
    union {
        struct enrolled_effect enrolled;
        int64_t masters_version;
        struct day_opened_effect day_opened;
        struct day_closed_effect day_closed;
        struct payment_effect payment;
        struct sale_effect sale;
        struct reversal_effect reversal;
        struct void_effect voided;
        struct refund_effect refund;
        struct drawer_effect drawer;
        struct cash_moved_effect cash_moved;
        struct cash_counted_effect cash_counted;
        struct shift_effect shift;
        struct day_inspected_effect inspected;
        struct ticket_effect ticket;
        struct entry_effect entry;
    };
};

/* Read LINE. STATUS_INVALID or STATUS_OVERFLOW, with a sentence for finance staff in ERR, when the kind is not known
 * ("unknown_kind") or the body is not what docs/protocol/journal.md says; STATUS_NO_MEMORY. On STATUS_OK the caller
 * owes effect_finish. */
enum status effect_read(struct effect *out, const struct journal_line *line, struct error_detail *err) MUST_CHECK;
void effect_finish(struct effect *effect);
