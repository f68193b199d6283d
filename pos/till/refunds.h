/* Refunds: what of a sale may still go back, by which means, and by which rule not. For this folder only.
 *
 * A refund never edits a sale. It is requested, and then withdrawn, paid in cash, paid through the network that took
 * the payment, or carried out by finance, who see the request in the journal. */
#pragma once

#include "pos/till/till_parts.h"

/* "cash", "gateway", "bank_transfer"; false for another word. */
const char *refund_means_word(enum refund_means means);
bool refund_means_from_word(const char *word, enum refund_means *out);

/* What the policies of what was sold allow: line by line, and by means that all lines allow that may go back at all. */
struct refund_rule {
    bool is_allowed[BASKET_LINES_MAX]; /* the line may go back now */
    bool is_any_allowed;
    unsigned means;               /* of enum refund_means; those of all allowed lines */
    char forbidden_by[NAME_SIZE]; /* the policy of the first line that may not go back; "" when all may */
    char forbidden_item[NAME_SIZE];
};

/* IS_LATE: the business day of the sale is over. */
void refund_rule_of(const struct till *till, const struct sale *sale, struct civil_date sold_on, bool is_late,
                    struct refund_rule *out);

/* What was asked for already, withdrawn requests apart. INVARIANT: total_yen is the sum of line_yen. */
struct refund_account {
    int64_t total_yen;
    int64_t line_yen[BASKET_LINES_MAX];
};
enum status refund_account_load(struct till *till, const char *sale, struct refund_account *out,
                                struct error_detail *err) MUST_CHECK;

/* Inside a transaction: CLERK asks for PARTS_YEN of the lines of ROW's sale, by REQUEST's means and for its reason. */
enum status record_refund_requested(struct till *till, const struct sale_row *row, const struct refund_request *request,
                                    const char *clerk, const int64_t parts_yen[BASKET_LINES_MAX],
                                    char out_refund[IDENTITY_TEXT_SIZE], struct error_detail *err) MUST_CHECK;

/* Whether a refund of ROW's sale by MEANS prints the shop's copy of the card's slip. */
bool refund_has_shop_copy(const struct sale_row *row, const char *means);

/* ---- late_void.c ------------------------------------------------------------------------------------------------ */

/* A void that was asked for while the sale's day was open; all borrowed. */
struct late_void {
    const char *reversal;
    const char *clerk;
    const char *reason;
};

/* Inside the transaction that records that the processor gave the payment back, after the sale's day was closed: the
 * sale stands, and OUT_REFUND is the refund that stands beside it, paid by the processor. */
enum status record_late_void(struct till *till, const struct sale_row *row, const struct late_void *asked,
                             char out_refund[IDENTITY_TEXT_SIZE], struct error_detail *err) MUST_CHECK;

/* ---- network_refund.c: refunds that the till carries out itself. Under the lock. -------------------------------- */

enum { NETWORK_REFUNDS_MAX = 64 /* looked at in one round; more wait for the next */ };

/* A refund that a supervisor approved; all borrowed. */
struct network_refund {
    const char *refund;
    const char *sale;
    int64_t amount_yen;
    const char *approved_by;
};

/* One that was started, as the tables know it. */
struct network_refund_state {
    bool exists;
    bool is_open; /* its end is not known */
    bool is_unknown;
    bool is_refused;
    char refund[IDENTITY_TEXT_SIZE];
    char sale[IDENTITY_TEXT_SIZE];
    char payment[IDENTITY_TEXT_SIZE];
    int64_t amount_yen;
    char clerk[CODE_SIZE];
    char approved_by[CODE_SIZE];
    int64_t started_ms;
};

/* Whether the network that took ROW's payment gives money back on our word, and its time for that is not over. */
bool network_refund_is_possible(struct till *till, const struct sale_row *row);

/* Write the refund ahead and hand it to the resolver. STATUS_REFUSED: `refund_running`, `refund_refused`,
 * `with_finance`. */
enum status
network_refund_start(struct till *till, const struct network_refund *wanted, struct error_detail *err) MUST_CHECK;

/* What the tables know of REFUND; `exists` is false for one that the till never started. */
enum status network_refund_load(struct till *till, const char *refund, struct network_refund_state *out,
                                struct error_detail *err) MUST_CHECK;

/* Those whose end is not known, newest first, at most CAPACITY. */
size_t network_refunds_list(struct till *till, struct network_refund_state *out, size_t capacity);

/* Record what the network said of REFUND. Repeating is harmless. */
enum status network_refund_settle(struct till *till, const char *refund, const struct payment_answer *answer,
                                  struct error_detail *err) MUST_CHECK;

/* Whether money of the sale may be asked back now. STATUS_REFUSED with a sentence that names the rule or says what to
 * do instead. */
enum status
refund_check(struct till *till, const struct sale_row *row, const struct sale *sale,
             const struct refund_account *account, struct refund_rule *out_rule, struct error_detail *err) MUST_CHECK;
