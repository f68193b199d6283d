/* What a till is made of; for this folder only.
 *
 * INVARIANTS, under `lock`:
 *  - the tables of the database are the fold of the journal (projection.c);
 *  - `foreground` describes at most one payment, that of basket_in_payment(); `running` is the one whose start is being
 * awaited by the runner, and it is in state 'started' in the database;
 *  - no approved payment is without its sale, and no sale without its line: both are recorded in one transaction.
 *
 * Lock order: till->lock before terminal_lock is never taken; terminal_lock is held without till->lock. */
#pragma once

#include "pos/till/till.h"

#include <pthread.h>
#include <stdatomic.h>

enum foreground_state {
    FOREGROUND_NONE,
    FOREGROUND_WAITING_CODE,
    FOREGROUND_RUNNING,
    FOREGROUND_UNKNOWN,
    FOREGROUND_IN_DOUBT,
    FOREGROUND_DECLINED,
    FOREGROUND_NOT_CHARGED
};

enum {
    STATE_WORD_SIZE = 24,
    PRINT_QUEUE_MAX = 64,       /* papers waiting; beyond it they stay in the list of unprinted ones */
    CODE_WAIT_MS = 180 * 1000,  /* a citizen finds his phone and the code in it; then the till is free again */
    CITIZEN_WAIT_MS = 60 * 1000 /* how long a citizen is asked to wait for a result that did not come */
};

/* The basket that had been begun when the last citizen's payment was approved, as it was then. */
struct thanks {
    char before[IDENTITY_TEXT_SIZE];
    size_t line_count;
    int64_t total_yen;
};

/* What `other` holds (two_baskets.c). */
enum other_basket { OTHER_NONE, OTHER_PAYING, OTHER_NEXT };

struct foreground {
    enum foreground_state state;
    char payment[IDENTITY_TEXT_SIZE]; /* "" while waiting for a code */
    enum payment_method method;
    char brand[CODE_SIZE];
    int64_t amount_yen;                   /* without the cash beside it */
    struct mixed_part mixed;              /* the cash beside it */
    int64_t deadline_ms;                  /* monotonic; 0: none */
    char cause[CODE_SIZE];                /* why it is unknown or ended, a word of payment_answer; "" nothing special */
    enum doubt_rule doubt;                /* in doubt: what the brand makes of it */
    bool is_stopping;                     /* the clerk asked to stop, or our code's time is over */
    bool is_presented;                    /* running: the citizen scans our code (presented.c) */
    char payload[PRESENTED_PAYLOAD_SIZE]; /* what our code says, while the citizen may scan it; "" otherwise */
    bool is_late;                         /* unknown, and the citizen has waited long enough */
    char message[REASON_SIZE];            /* instead of the clerk's sentence; "" for that of payment_words.c */
};

struct last_sale {
    bool is_set;
    char sale[IDENTITY_TEXT_SIZE];
    char receipt_number[RECEIPT_NUMBER_SIZE];
    int64_t total_yen;
    enum payment_method method;
    char brand[CODE_SIZE];
    int64_t cash_part_yen; /* beside a cashless payment */
    int64_t tendered_yen;
    int64_t change_yen;
};

struct print_request {
    char subject[IDENTITY_TEXT_SIZE];
    enum paper_form form;
};

enum scan_subject {
    SUBJECT_UNKNOWN,
    SUBJECT_SALE,
    SUBJECT_PAYMENT,
    SUBJECT_ITEM,   /* a form or slip, rung up */
    SUBJECT_CASE,   /* the form of an item that a tariff prices: the screen asks for its case */
    SUBJECT_TICKET, /* a car park's */
    SUBJECT_HOLD,   /* a 保留票: its basket is on the till again */
    SUBJECT_FAULT   /* a form or slip that cannot be rung up */
};

/* The last thing scanned that was no payment code (scanned.c). The code itself is not kept. */
struct scanned {
    int64_t number; /* grows with every scan, so that the screen sees a new one; 0: none yet */
    enum scan_subject subject;
    char id[IDENTITY_TEXT_SIZE]; /* of the sale or payment, code of the item; "" for none */
    char message[REASON_SIZE];
};

struct signed_in_clerk {
    bool is_present;
    char code[CODE_SIZE];
    char name[NAME_SIZE];
    bool is_supervisor;
};

struct business_day_state {
    bool exists; /* of `date` */
    bool is_open;
    struct civil_date date;
    char id[IDENTITY_TEXT_SIZE];
    int64_t float_yen;
    int64_t opened_sequence;
};

/* What a peripheral or the uplink last said of itself. */
struct reported_state {
    char word[STATE_WORD_SIZE];
    char message[REASON_SIZE];
};

struct till {
    pthread_mutex_t lock;
    pthread_cond_t work_changed;  /* the runner and the resolver wait here */
    pthread_cond_t print_changed; /* the printing thread waits here */
    pthread_cond_t view_changed;  /* the line display waits here */
    pthread_cond_t change_told;   /* till_quiesce waits here */
    pthread_cond_t wal_changed;   /* wal_keeping.c waits here */
    int changes_being_told;       /* calls of on_change that have not returned */
    bool is_stopping;

    struct database *db;
    struct journal journal;
    struct clock_source clock;
    bool devices_are_simulated;
    bool is_training;
    bool is_changing_over; /* to or from training: nothing is sold any more */
    struct buffer body;    /* of the line being recorded */
    struct json_writer writer;

    bool is_enrolled;
    char municipality[MUNICIPALITY_CODE_SIZE];
    char terminal[TERMINAL_ID_SIZE];
    char place[CODE_SIZE];
    struct masters *masters; /* NULL until the first document */
    bool knows_masters_key;  /* else `masters_key` means nothing, and masters are taken unsigned */
    uint8_t masters_key[PUBLIC_KEY_SIZE];
    bool masters_are_unsigned;    /* applied before the key was known: fetched again for their signature */
    size_t masters_checked_to;    /* the next piece that is looked at (masters_keeping.c) */
    struct civil_date noted_date; /* the business date of the last state that was told */
    bool has_told_damage;         /* of the resolver's thread */

    struct signed_in_clerk clerk;
    struct business_day_state day; /* the one opened last */
    bool is_clock_approved;        /* while a supervisor opens a day that lies before `day` */
    struct basket basket;
    struct basket other; /* of the citizen before or after; its lines count while other_kind is not OTHER_NONE */
    enum other_basket other_kind;
    struct thanks thanks;
    char paid_basket[IDENTITY_TEXT_SIZE];   /* the basket before: for repeated calls */
    char recalled_hold[IDENTITY_TEXT_SIZE]; /* the hold that `recalled_sale` came from; "": none */
    char recalled_sale[IDENTITY_TEXT_SIZE]; /* the basket, as long as that is its id */
    struct foreground foreground;
    struct scanned scanned;
    char language[3]; /* the citizen's, chosen for `language_basket`; "" for Japanese */
    char language_basket[IDENTITY_TEXT_SIZE];
    struct last_sale last_sale;
    int64_t acknowledged;

    atomic_bool is_locked;          /* the screen waits for a PIN */
    atomic_int_least64_t active_ms; /* monotonic; when a person last did something */
    int wrong_pins;
    int64_t pin_wait_until_ms; /* monotonic */

    struct payment_channel *qr_foreground;
    struct payment_channel *qr_background;
    struct payment_channel *terminal_channel;
    pthread_mutex_t terminal_lock;
    unsigned inquiry_interval_ms;

    /* The start that the runner is asked to perform, or performs. */
    bool has_run_request;
    char running[IDENTITY_TEXT_SIZE];
    char code[1025]; /* the citizen's one-time code, wiped when it has been used */

    struct print_request print_queue[PRINT_QUEUE_MAX];
    size_t print_count;
    struct print_request printing; /* subject "": none */
    bool is_drawer_wanted;

    struct reported_state uplink, printer, terminal_state, gateway_state, masters_state;
    struct reported_state devices[TILL_DEVICES];
    int64_t devices_revision; /* grows with till_note_devices */

    int64_t revision;
    till_change_handler on_change;
    void *change_context;
    pthread_t runner, resolver;
    bool has_threads;
    char *database_path, *vfs; /* for wal_keeping */
    unsigned wal_pages, wal_quiet_ms;
    struct wal_keeping *wal_keeping; /* NULL: SQLite does it in the middle of a commit */
};

/* "waiting_code" … as the screens know it. */
const char *foreground_state_word(const struct foreground *foreground);

/* The lock; till_unlock tells the listener when something changed. */
void till_lock(struct till *till);
void till_unlock(struct till *till, bool has_changed);

int64_t till_now_ms(const struct till *till);
int64_t till_monotonic_ms(const struct till *till);

/* The business date now: by the clock, but never before the newest business day (a clock that lost its battery must not
 * turn the calendar back). */
struct civil_date till_business_date(const struct till *till);

/* ---- record.c: writing lines ----------------------------------------------------------------------------------------
 */

enum status record_begin(struct till *till, struct error_detail *err) MUST_CHECK;
enum status record_commit(struct till *till, struct error_detail *err) MUST_CHECK;
void record_rollback(struct till *till);

/* Start the body of a line; members are written to the returned writer, braces are ours. */
struct json_writer *record_body(struct till *till);

/* Finish the body, append the line under KIND and fold it into the tables. */
enum status record_line(struct till *till, const char *kind, struct error_detail *err) MUST_CHECK;

/* A whole transaction of one line whose body has been written since record_body. */
enum status record_single(struct till *till, const char *kind, struct error_detail *err) MUST_CHECK;

/* ---- projection.c
 * ---------------------------------------------------------------------------------------------------- */

/* Fold LINE (with its body parsed) into the tables. Kinds without tables are fine. */
enum status projection_apply(struct database *db, const struct journal_line *line, struct error_detail *err) MUST_CHECK;

/* ---- shared checks and steps
 * ------------------------------------------------------------------------------------------ */

/* Selling is allowed: enrolled, masters, not behind, a clerk, today's day open. */
enum status check_can_sell(const struct till *till, struct error_detail *err) MUST_CHECK;

/* Before money moves: STATUS_REFUSED with disk_full where the disk may not hold all that follows (disk_room.c). */
enum status disk_room_check(struct till *till, struct error_detail *err) MUST_CHECK;

/* ---- approval.c
 * ------------------------------------------------------------------------------------------------------ Both are slow
 * (the PIN's hash) and are called WITHOUT the lock. STATUS_UNAUTHORIZED "wrong_pin", "not_a_supervisor"; STATUS_BUSY
 * "wait" after too many wrong ones. */

/* OUT is filled when CLERK's PIN is right, and empty otherwise. */
enum status pin_check(struct till *till, const char *clerk, const char *pin, struct signed_in_clerk *out,
                      struct error_detail *err) MUST_CHECK;

/* ---- two_baskets.c
 * ---------------------------------------------------------------------------------------------------- */

/* The basket that `foreground` speaks of. */
const struct basket *basket_in_payment(const struct till *till);

/* Whether a payment is under way, or its end not known. */
bool payment_is_in_hand(const struct till *till);

/* Before something is rung up: while a payment of `basket` is in hand, the next basket begins. */
enum status basket_make_room(struct till *till, struct error_detail *err) MUST_CHECK;

/* The basket in payment is `basket` again; what was begun meanwhile waits behind it. */
void basket_rejoin(struct till *till);
void basket_rejoin_if_empty(struct till *till);

/* The same when the clerk speaks of BASKET as the one to be paid; not while its payment runs. */
void basket_claim(struct till *till, const char *basket);

/* STATUS_REFUSED while another basket than `basket` is being paid, or waits to be. */
enum status basket_check_alone(const struct till *till, struct error_detail *err) MUST_CHECK;

/* The basket in payment is out of hand: sold, set aside, or over with the day. */
void basket_let_go(struct till *till);

/* `basket` is done: the one begun behind it takes its place. False when there is none, and a new one must begin. */
bool basket_take_next(struct till *till);

/* The member `next` of the state. */
void next_basket_write(const struct till *till, struct json_writer *writer);

/* The same as check_can_sell, and no payment of the basket that is rung up is under way. */
enum status check_can_change(const struct till *till, struct error_detail *err) MUST_CHECK;

/* screen_lock.c. Under the lock: lock the screen when it is time (whether it was); open it again. */
bool lock_tick(struct till *till);
void lock_open(struct till *till);

/* ---- ringing up
 * --------------------------------------------------------------------------------------------------- */

/* A line of one ITEM at its list price (basket_commands.c). */
void line_from_item(const struct master_item *item, struct sale_line *out);

/* The reduction that CHOICE names, where it covers ITEM today and the granter may grant it (case_commands.c). */
enum status find_reduction(const struct till *till, const struct master_item *item, const struct granted_choice *choice,
                           struct tariff_granted *out, struct error_detail *err) MUST_CHECK;

/* policy.c. The policy of a line's item on the day it was sold; never NULL. */
const struct master_policy *
policy_of_line(const struct till *till, const struct sale_line *line, struct civil_date sold_on);

/* Whether SALE is paid by credit card and the policy of something in it asks for a 加盟店控 (papers_shop.c). */
bool policy_wants_shop_copy(const struct till *till, const struct sale *sale);

/* What the policies of the basket's items allow; the sentence names the item that forbids it. */
enum status
policy_check_method(const struct till *till, enum payment_method method, struct error_detail *err) MUST_CHECK;
enum status policy_check_mixed(const struct till *till, struct error_detail *err) MUST_CHECK;
void policy_write(const struct till *till, struct json_writer *writer); /* members `methods` and `can_mix` */

/* SQL, beside rows of `paper` and of their `sale` (left joined): whether the paper is one of a sale that was found out
 * by inquiry, touch or statement, and nobody has asked for it yet. The line before such a sale's own resolves its
 * payment. Its citizen may have gone long ago: it is offered, and never printed by itself at a start. */
#define SQL_PAPER_IS_OF_A_LATE_SALE                                                                                    \
    "(paper.state = 'waiting' AND EXISTS (SELECT 1 FROM journal_line AS resolved WHERE resolved.sequence ="            \
    " paper.sequence - 1 AND json_extract(CAST(resolved.line AS TEXT), '$.kind') = 'payment.resolved'"                 \
    " AND json_extract(CAST(resolved.line AS TEXT), '$.body.payment') = sale.payment"                                  \
    " AND json_extract(CAST(resolved.line AS TEXT), '$.body.how') <> 'answer'))"

/* Ring up the form or slip that CODE says, and tell in OUT (slip_commands.c). STATUS_NOT_FOUND `no_scan_rule`: it is
 * something else. */
enum status scan_slip(struct till *till, const char *code, struct scanned *out, struct error_detail *err) MUST_CHECK;

/* The word of the language that the citizen reads now: chosen for this basket, or for the one whose thanks are still
 * shown; else "ja" (citizen.c). */
const char *citizen_language(const struct till *till);

/* The member `scanned` of the state. */
void scanned_write(const struct till *till, struct json_writer *writer);

/* The member `basket` of the state (basket_state.c). */
void basket_write(struct till *till, struct json_writer *writer);

/* ---- holds.c
 * --------------------------------------------------------------------------------------------------------- */

/* Put HOLD back on the till, which must be empty; under the lock (till_recall_basket, and its scanned slip). */
enum status holds_recall(struct till *till, const char *hold, struct error_detail *err) MUST_CHECK;

/* The present basket is given up: when it was recalled, the hold says so. In a transaction of its own. */
enum status holds_forget_recalled(struct till *till, const char *reason, struct error_detail *err) MUST_CHECK;

/* At the close of a day, inside its transaction: discard what waits, and what was recalled and not sold. */
enum status
holds_discard_all(struct till *till, const char *reason, int64_t *out_count, struct error_detail *err) MUST_CHECK;

/* At start-up: a recalled basket that was neither sold nor given up lies on the till again. */
enum status holds_recover(struct till *till, struct error_detail *err) MUST_CHECK;

/* The member `held` of the state. */
enum status holds_write(struct till *till, struct json_writer *writer, struct error_detail *err) MUST_CHECK;

/* The basket in the line SEQUENCE, a basket.held. */
enum status
load_held_content(struct till *till, int64_t sequence, struct sale_content *out, struct error_detail *err) MUST_CHECK;

/* Load the newest business day from the table. */
enum status load_business_day(struct till *till, struct error_detail *err) MUST_CHECK;

/* Fill receipt number and received_on, write sale.recorded, inside an open transaction. */
enum status record_sale(struct till *till, struct sale *sale, struct error_detail *err) MUST_CHECK;

/* After the commit of a sale: remember it, start a new basket when it was the present one, queue its paper. */
void finish_sale(struct till *till, const struct sale *sale, bool is_foreground);

/* A row of table payment. */
struct payment_row {
    char payment[IDENTITY_TEXT_SIZE];
    char sale[IDENTITY_TEXT_SIZE];
    enum payment_method method;
    char brand[CODE_SIZE];
    int64_t amount_yen;
    int64_t sequence;
    int64_t sequence_number;
    int64_t started_ms;
    char clerk[CODE_SIZE];
    char state[STATE_WORD_SIZE];
    bool is_abandoned;
    char doubt_rule[STATE_WORD_SIZE]; /* of payment.in_doubt; "" when it never was */
    bool is_doubtful;                 /* counted as a sale while in doubt, and not proved yet */
    char adapter[CODE_SIZE];          /* the way it was sent; "" where there was but one */
    bool is_presented;                /* the citizen scans our code */
    char code_id[REFERENCE_SIZE];     /* presented: what the network calls our code; "" not known */
};

/* ROW as its channel wants it. */
void payment_refer(const struct payment_row *row, struct payment_reference *out);
enum status
payment_load(struct till *till, const char *payment, struct payment_row *out, struct error_detail *err) MUST_CHECK;
bool payment_is_open(const struct payment_row *row);

/* Whether another payment of SALE is not terminal: then no second cashless one may start. */
enum status payment_check_none_open(struct till *till, const char *sale, struct error_detail *err) MUST_CHECK;

/* Under the lock: what the clock alone changes of the payment in hand. A code that nobody showed in time is waited for
 * no longer; a citizen is not asked to wait for ever. Whether something changed. */
bool payment_tick(struct till *till);

/* Record what is now known of a payment (payment_settle.c). HOW: answer, inquiry, cancel, touch. Repeating is harmless.
 */
enum status payment_settle(struct till *till, const char *payment, const struct payment_answer *answer, const char *how,
                           struct error_detail *err) MUST_CHECK;

void payment_settle_touch(struct till *till, const struct payment_touch *touch);

/* Leave in ANSWER->brand the brand that was charged: the network's word where it is a brand of ROW's method today, else
 * "" (then ROW's stands). What differs is logged (charged_brand.c). */
void payment_believe_brand(struct till *till, const struct payment_row *row, struct payment_answer *answer);

/* ---- payment_commands.c: what all ways of paying have in common. Under the lock. */

/* Everything that must hold before a cashless payment of the present basket begins. */
enum status check_cashless(struct till *till, const char *basket, enum payment_method method, const char *brand,
                           struct error_detail *err) MUST_CHECK;

/* Write the payment ahead and hand it to the runner. `foreground` says method, brand and amount; CODE (may be NULL) is
 * what the citizen's phone showed. After this returns STATUS_OK the request may leave. */
enum status payment_begin(struct till *till, const char *code, struct error_detail *err) MUST_CHECK;

/* ---- presented.c: payments where the citizen scans our code. Under the lock. */

/* What the network answered to the making of a code for PAYMENT: the code is recorded, then shown. */
enum status presented_settle(struct till *till, const char *payment, const struct payment_presented *code,
                             const struct payment_answer *answer, struct error_detail *err) MUST_CHECK;

/* Whether RESULT is no news of ROW: its code is before the citizen, or is just being taken away. */
bool presented_is_awaited(const struct till *till, const struct payment_row *row, enum payment_result result);

/* Whether ROW is to be ended as soon as the network says that nobody has paid. */
bool presented_must_end(const struct till *till, const struct payment_row *row);

/* Take the code away; what was paid until then is a sale. */
void presented_stop(struct till *till);

/* The member `presented` of the state: brands whose code the citizen may scan. */
void presented_write(const struct till *till, struct json_writer *writer);

/* What the brand of ROW makes of 処理未了: as it was recorded, else as the masters say today. */
enum doubt_rule payment_doubt_rule(const struct till *till, const struct payment_row *row);

/* The basket and the cash part that were written ahead with the payment: what the sale will consist of, whatever
 * happened since. */
enum status payment_load_written(struct till *till, const struct payment_row *row, struct sale *out,
                                 struct error_detail *err) MUST_CHECK;

/* mixed.c. Whether PART may be taken beside a cashless rest of the present basket; the member `cash` of the line and of
 * the state. */
enum status mixed_check(const struct till *till, const struct mixed_part *part, struct error_detail *err) MUST_CHECK;
void mixed_record(const struct mixed_part *part, struct json_writer *writer);
void mixed_write(const struct foreground *foreground, struct json_writer *writer);

/* The same for a reversal's answer. */
enum status reversal_settle(struct till *till, const char *reversal, const struct payment_answer *answer,
                            struct error_detail *err) MUST_CHECK;

/* At start-up: payments whose start was never answered become unknown. */
enum status payment_recover(struct till *till, struct error_detail *err) MUST_CHECK;

void *payment_runner_main(void *context);
void *resolver_main(void *context);

/* The sale as its journal line SEQUENCE says. */
enum status load_sale(struct till *till, int64_t sequence, struct sale *out, int64_t *out_at_ms,
                      struct error_detail *err) MUST_CHECK;

/* A row of table sale, as far as voids and papers need it. */
struct sale_row {
    char sale[IDENTITY_TEXT_SIZE];
    char receipt_number[RECEIPT_NUMBER_SIZE];
    int64_t sequence;
    int64_t total_yen;
    int64_t cash_yen; /* of total_yen */
    enum payment_method method;
    char brand[CODE_SIZE];
    char payment[IDENTITY_TEXT_SIZE];
    char state[STATE_WORD_SIZE];
    struct civil_date business_date;
    bool has_shop_copy; /* as it was recorded */
};

enum status
load_sale_row(struct till *till, const char *sale, struct sale_row *out, struct error_detail *err) MUST_CHECK;

/* ---- papers.c, papers_….c: what is printed
 * ---------------------------------------------------------------------------- */

/* Fill what FORM says about SUBJECT into TASK, whose names are filled already. STATUS_NOT_FOUND. */
typedef enum status (*paper_describer)(struct till *till, const char *subject, struct print_task *task,
                                       struct error_detail *err);
enum status
describe_sale_paper(struct till *till, const char *subject, struct print_task *task, struct error_detail *err);
enum status
describe_shop_copy(struct till *till, const char *subject, struct print_task *task, struct error_detail *err);
enum status
describe_refund_shop_copy(struct till *till, const char *subject, struct print_task *task, struct error_detail *err);
enum status
describe_hold_paper(struct till *till, const char *subject, struct print_task *task, struct error_detail *err);
enum status
describe_payment_code_paper(struct till *till, const char *subject, struct print_task *task, struct error_detail *err);
enum status
describe_test_paper(struct till *till, const char *subject, struct print_task *task, struct error_detail *err);
enum status
describe_day_paper(struct till *till, const char *subject, struct print_task *task, struct error_detail *err);
enum status
describe_inspection_paper(struct till *till, const char *subject, struct print_task *task, struct error_detail *err);
enum status
describe_ticket_paper(struct till *till, const char *subject, struct print_task *task, struct error_detail *err);
enum status
describe_movement_paper(struct till *till, const char *subject, struct print_task *task, struct error_detail *err);
enum status
describe_handover_paper(struct till *till, const char *subject, struct print_task *task, struct error_detail *err);
enum status
describe_refund_paper(struct till *till, const char *subject, struct print_task *task, struct error_detail *err);
enum status
describe_in_doubt_paper(struct till *till, const char *subject, struct print_task *task, struct error_detail *err);

/* The issuers and facilities that the lines of TASK's sale name, as people call them. */
void describe_content(const struct till *till, struct print_task *task);

/* Inside a transaction: CLERK's drawer opens for REASON. */
enum status
record_drawer(struct till *till, const char *reason, const char *clerk, struct error_detail *err) MUST_CHECK;
void queue_print(struct till *till, const char *subject, enum paper_form form);

/* The word of till-http.md for how far the paper is: queued, printing, printed, not_printed, unknown. STATE is what the
 * tables say of it. */
const char *paper_progress(const struct till *till, const char *subject, enum paper_form form, const char *state);

/* The same of SALE's receipt, or of its void slip. */
const char *sale_paper_progress(struct till *till, const char *sale);

/* Members of the state (papers_list.c). */
enum status write_unprinted(struct till *till, struct json_writer *writer, struct error_detail *err) MUST_CHECK;

/* At start-up: papers that were begun are unknown; those never begun, of the last minutes, are printed now. */
enum status papers_recover(struct till *till, struct error_detail *err) MUST_CHECK;

struct payment_channel *channel_of(const struct till *till, enum payment_method method, bool is_background);
