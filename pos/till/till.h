/* The till: everything a clerk can do, as commands on one object.
 *
 * All functions may be called from any thread; each takes the till's lock, checks, records what happened in the journal
 * (durable before it returns) and only then changes what the screen shows. Nothing here waits for a network, a printer
 * or a person: what takes time is done by the till's own threads (payment_runner.c, resolver.c) and by the peripherals
 * and uplink, which call back through the functions at the end of this header.
 *
 * Refusals carry a Japanese sentence that says what to do. */
#pragma once

#include "common/clock/clock.h"
#include "pos/checkout/basket.h"
#include "pos/journal/journal.h"
#include "pos/masters/masters.h"
#include "pos/payment/channel.h"
#include "pos/receipt/receipt.h"
#include "pos/till/approval.h"
#include "pos/till/cases.h"

struct till;

/* Called (without the lock) whenever the state may have changed. */
typedef void (*till_change_handler)(void *context);

struct till_options {
    const char *database_path;
    const char *vfs;         /* NULL: the default; tests name one that loses power */
    struct database *opened; /* taken: what till_peek_owner gave for this path; NULL: it is opened */
    struct clock_source clock;
    bool devices_are_simulated;
    bool is_training; /* 訓練: marked on every screen and paper; its terminal id begins with TR- */
    /* Taken by the till. `qr_background` and `qr_foreground` are two connections to one gateway: an inquiry must not
     * wait for a citizen. The terminal is one device and is shared under a lock. Any may be NULL: that method is
     * refused. */
    struct payment_channel *qr_foreground;
    struct payment_channel *qr_background;
    struct payment_channel *terminal;
    unsigned inquiry_interval_ms; /* 0: 3,000 */
    /* The database's WAL is moved when it has WAL_PAGES (0: 1,000) and nothing was recorded for WAL_QUIET_MS (0:
     * 1,000).
     */
    unsigned wal_pages, wal_quiet_ms;
};

/* Open the database, bring its schema up to date, check the end of the journal, and find what was in flight. Takes the
 * channels even on failure. *OUT is given. */
enum status till_open(struct till **out, const struct till_options *options, struct error_detail *err) MUST_CHECK;

/* Who the database at PATH belongs to, before its till is opened: the terminal id and the public key (hexadecimal) that
 * line 1 of the journal says; both "" when it is not enrolled. Makes and migrates the database. STATUS_CORRUPT says to
 * a person what to do with a damaged file. */
struct till_owner {
    char terminal[TERMINAL_ID_SIZE];
    char public_key[2 * PUBLIC_KEY_SIZE + 1];
};
enum status till_peek_owner(const char *path, struct till_owner *out, struct database **out_opened,
                            struct error_detail *err) MUST_CHECK;

/* Start the till's threads; payments can be made from now on. */
enum status
till_start(struct till *till, till_change_handler on_change, void *context, struct error_detail *err) MUST_CHECK;

/* Stop calling the change handler, and wake whoever waits for papers: the first step of stopping a program. When this
 * returns, no call of the handler is under way. Not from the handler itself. */
void till_quiesce(struct till *till);

/* Stop the threads (a payment under way ends as unknown, and is found at the next start) and close. NULL is fine. */
void till_close(struct till *till);

/* Who this till is. Line 1 of the journal; once. DOCUMENT is the masters' JSON. */
enum status till_enrol(struct till *till, const char *municipality, const char *terminal, const char *place,
                       const char *public_key_hex, struct error_detail *err) MUST_CHECK;
bool till_is_enrolled(struct till *till);

/* Put a masters document in force, if it is newer than the present one. SIGNATURE is the service's over it, in base64
 * (NULL: none): a till that knows the service's key refuses a document without a good one (STATUS_REFUSED). STATUS_BUSY
 * while a basket is open: a citizen's prices do not change under the clerk's hands. Called by one thread at a time. */
enum status till_apply_signed_masters(struct till *till, const char *document, size_t length, const char *signature,
                                      struct error_detail *err) MUST_CHECK;
enum status /* without a signature */
till_apply_masters(struct till *till, const char *document, size_t length, struct error_detail *err) MUST_CHECK;

/* Whether no citizen is at the till: whoever would fetch masters now can put them in force. */
bool till_can_take_masters(struct till *till);

/* Whether a payment is open here that a statement could prove. */
bool till_wants_proofs(struct till *till);

/* Take DOCUMENT (`GET /v1/terminals/…/proofs` of docs/protocol/journal.md, LENGTH bytes): payments that the processors'
 * statements prove charged. SIGNATURE is the service's, in base64. STATUS_REFUSED when it is not signed with the
 * masters key; a proof that cannot be used is logged and skipped. */
enum status till_take_proofs(struct till *till, const char *document, size_t length, const char *signature,
                             struct error_detail *err) MUST_CHECK;

/* From now on masters must be signed with this key (64 hexadecimal digits). What is in force stays, and is fetched
 * again for its signature. */
enum status till_set_masters_key(struct till *till, const char *key_hex, struct error_detail *err) MUST_CHECK;

/* Clerk and day. */
enum status till_sign_in(struct till *till, const char *clerk, const char *pin, struct error_detail *err) MUST_CHECK;
enum status till_sign_out(struct till *till, struct error_detail *err) MUST_CHECK;

/* The screen's lock: after masters' idle_lock_minutes without activity, or at once when the clerk steps away. Signing
 * in opens it, as the same clerk or another. Whoever takes commands asks till_is_locked and notes activity; neither
 * waits.
 */
enum status till_lock_screen(struct till *till, struct error_detail *err) MUST_CHECK;
bool till_is_locked(struct till *till);
void till_note_activity(struct till *till);
enum status till_open_day(struct till *till, int64_t float_yen, struct error_detail *err) MUST_CHECK;

/* Close with a count of which only the sum is known, written first (cash.counted). Counting by denomination, comparing,
 * and all else about cash: pos/till/cash.h. */
enum status till_close_day(struct till *till, int64_t counted_cash_yen, const char *difference_reason,
                           struct error_detail *err) MUST_CHECK;

/* The basket. LINE counts from 1. */
enum status till_add_item(struct till *till, const char *item, int64_t quantity, struct error_detail *err) MUST_CHECK;
enum status till_set_quantity(struct till *till, size_t line, int64_t quantity, struct error_detail *err) MUST_CHECK;
enum status till_remove_line(struct till *till, size_t line, struct error_detail *err) MUST_CHECK;

/* 減免 on a line of a fixed price; RULE NULL takes it back, GRANTER NULL is the only one. */
enum status till_set_reduction(struct till *till, size_t line, const char *rule, const char *granter,
                               struct error_detail *err) MUST_CHECK;

/* Another unit price for a line, where its item's policy allows it and a supervisor gives the PIN. BASKET and ITEM say
 * what the supervisor saw. Borrowed. */
struct price_change {
    const char *basket;
    const char *item;
    int64_t unit_price_yen; /* 1 … PAYMENT_MAX_YEN */
    const char *reason;
};
enum status till_override_price(struct till *till, size_t line, const struct price_change *change,
                                const struct approval *approval, struct error_detail *err) MUST_CHECK;
enum status till_restore_price(struct till *till, size_t line, struct error_detail *err) MUST_CHECK;

/* The reservation, application or slip that the basket belongs to; KIND NULL takes it back. */
enum status
till_set_reference(struct till *till, const char *kind, const char *number, struct error_detail *err) MUST_CHECK;

enum status till_set_exemption(struct till *till, size_t line, const char *rule, const char *reason,
                               struct error_detail *err) MUST_CHECK; /* RULE NULL takes it back */
enum status till_clear_basket(struct till *till, struct error_detail *err) MUST_CHECK;

/* Put basket BASKET (its id) aside under LABEL (may be NULL; up to 30 kanji), take a hold back on an empty till, or
 * give one up. A hold belongs to its business day. */
enum status
till_hold_basket(struct till *till, const char *basket, const char *label, struct error_detail *err) MUST_CHECK;
enum status till_recall_basket(struct till *till, const char *hold, struct error_detail *err) MUST_CHECK;
enum status
till_discard_hold(struct till *till, const char *hold, const char *reason, struct error_detail *err) MUST_CHECK;

/* The citizen scans our code: made by the network of BRAND for exactly this basket, shown on his window until it is
 * paid, stopped (till_stop_payment) or over. STATUS_REFUSED `no_presented` where nobody makes such codes. */
enum status
till_pay_presented(struct till *till, const char *basket, const char *brand, struct error_detail *err) MUST_CHECK;

/* What the code that is shown for PAYMENT says. STATUS_NOT_FOUND when none is. */
enum status till_presented_payload(struct till *till, const char *payment, char out[PRESENTED_PAYLOAD_SIZE],
                                   struct error_detail *err) MUST_CHECK;

/* Paying for basket BASKET (its id). Repeating a call for a basket that is paid is STATUS_OK and changes nothing. */
enum status
till_pay_cash(struct till *till, const char *basket, int64_t tendered_yen, struct error_detail *err) MUST_CHECK;
enum status till_pay_none(struct till *till, const char *basket, struct error_detail *err) MUST_CHECK;
enum status till_pay_cashless(struct till *till, const char *basket, enum payment_method method, const char *brand,
                              struct error_detail *err) MUST_CHECK; /* BRAND NULL: the code tells (QR only) */

/* The same with a part in cash, where the policies of all items let both be taken. The rest is asked for at once; the
 * cash becomes part of the sale when the rest is approved, and goes back otherwise. */
struct mixed_part {
    int64_t cash_yen;     /* 1 … total − 1; 0: nothing in cash */
    int64_t tendered_yen; /* what the citizen handed over for it */
};
enum status till_pay_mixed(struct till *till, const char *basket, enum payment_method method, const char *brand,
                           const struct mixed_part *part, struct error_detail *err) MUST_CHECK;

/* A code was scanned or typed. STATUS_REFUSED when no payment waits for one. The code is wiped after use. */
enum status till_pay_code(struct till *till, const char *code, struct error_detail *err) MUST_CHECK;

/* Whatever the scanner read, or a person typed for it: a code for the payment that waits for one, else one of our
 * papers, which the screen opens, or a form or slip, which is rung up (member `scanned` of the state). The code is not
 * kept. */
enum status till_scan(struct till *till, const char *code, struct error_detail *err) MUST_CHECK;
enum status till_stop_payment(struct till *till, struct error_detail *err) MUST_CHECK;
enum status till_set_payment_aside(struct till *till, struct error_detail *err) MUST_CHECK;
enum status
till_abandon_payment(struct till *till, const char *payment, const char *reason, struct error_detail *err) MUST_CHECK;
enum status till_clear_payment(struct till *till, struct error_detail *err) MUST_CHECK;

/* What a paper says, and what its subject is. */
enum paper_form {
    FORM_RECEIPT,          /* of a sale */
    FORM_VOID,             /* of a sale */
    FORM_SHOP_COPY,        /* of a sale */
    FORM_VOID_SHOP_COPY,   /* of a sale */
    FORM_REFUND_SHOP_COPY, /* of a refund */
    FORM_IN_DOUBT,         /* of a payment */
    FORM_REFUND,           /* of a refund */
    FORM_CLOSE,            /* of a day */
    FORM_DEPOSIT,          /* of a day */
    FORM_DAY_REPORT,       /* of a day */
    FORM_INSPECTION,       /* of a journal line, which has no id of its own: its sequence in decimals */
    FORM_FLOAT,            /* of a journal line */
    FORM_CASH,             /* of a journal line */
    FORM_HANDOVER,         /* of a journal line */
    FORM_TICKET,           /* of a ticket */
    FORM_HOLD,             /* of a hold */
    FORM_PAYMENT_CODE,     /* of the payment whose code is shown now */
    FORM_TEST,             /* of this till: its terminal id */
    PAPER_FORMS
};
enum { PAPER_FACILITIES_MAX = 16 }; /* in one basket; a further one stands by its code */

/* The word of the journal, and what people call it. The reader gives false for another word. */
const char *paper_form_word(enum paper_form form);
const char *paper_form_title(enum paper_form form);
bool paper_form_from_word(const char *word, enum paper_form *out);

/* After the sale. */
enum status
till_void_sale(struct till *till, const char *sale, const char *reason, struct error_detail *err) MUST_CHECK;
enum status till_request_print(struct till *till, const char *sale, struct error_detail *err) MUST_CHECK;
enum status till_request_paper(struct till *till, enum paper_form form, const char *subject,
                               struct error_detail *err) MUST_CHECK; /* any paper again: 再発行 */

/* Money back on a later day. What finance carries out (gateway, bank transfer) is a request here and nothing more. */
struct refund_part {
    size_t line; /* of the sale, from 1 */
    int64_t amount_yen;
};

struct refund_request {
    const char *sale;
    int64_t remainder_yen; /* what the screen showed as left: another sum means that it is old, or this a repetition */
    const char *means;     /* cash, gateway, bank_transfer */
    const char *reason;
    const struct refund_part *parts; /* each line at most once */
    size_t part_count;               /* 0: all that is left of every line */
};

/* STATUS_REFUSED by rule, or above what is left of the sale or a line. */
enum status till_request_refund(struct till *till, const struct refund_request *request,
                                char out_refund[IDENTITY_TEXT_SIZE], struct error_detail *err) MUST_CHECK;

/* Cash from this drawer, with a supervisor's PIN. */
enum status till_pay_refund(struct till *till, const char *refund, const struct approval *approval,
                            struct error_detail *err) MUST_CHECK;
enum status
till_withdraw_refund(struct till *till, const char *refund, const char *reason, struct error_detail *err) MUST_CHECK;
enum status till_open_drawer(struct till *till, const char *reason, struct error_detail *err) MUST_CHECK;

/* What the screens show, as JSON appended to OUT (docs/protocol/till-http.md). */
enum status till_write_state(struct till *till, struct buffer *out, struct error_detail *err) MUST_CHECK;
enum status till_write_catalog(struct till *till, struct buffer *out, struct error_detail *err) MUST_CHECK;
enum status till_write_items(struct till *till, const struct item_query *query, struct buffer *out,
                             struct error_detail *err) MUST_CHECK;

/* What is known of a sale that is looked for. Texts may be NULL: not known. */
struct sale_search {
    const char *text;           /* receipt number (whole, or from its date on), its serial, an amount, or words */
    struct civil_date from, to; /* business dates; year 0: open */
    int from_minute, to_minute; /* of the day, 0 … 1439, both included; −1: open */
    const char *method;
    const char *brand;
    const char *state;  /* sold, voided (or being voided), refunded (asked for) */
    const char *before; /* a receipt number: only what is older */
    size_t limit;       /* 1 … 200 */
};

/* Newest first. STATUS_NOT_FOUND when `before` is no receipt of this till. */
enum status till_write_sales(struct till *till, const struct sale_search *search, struct buffer *out,
                             struct error_detail *err) MUST_CHECK;

/* One sale, by its id or receipt number. */
enum status
till_write_sale(struct till *till, const char *sale, struct buffer *out, struct error_detail *err) MUST_CHECK;

/* ---- for the peripherals ------------------------------------------------------------------------------------------
 */

enum {
    REPORT_GROUP_SIZE = CODE_SIZE + 1, /* a facility's code, or a section's behind a mark */
    DAY_ROWS_MAX = 256 /* kinds of items sold in a day at one till, by facility; beyond it they stand as one row */
};

/* What a row of a day's report borrows. */
struct day_row_texts {
    char facility[REPORT_GROUP_SIZE];
    char facility_name[NAME_SIZE];
    char item[CODE_SIZE];
    char item_name[NAME_SIZE];
    char account[CODE_SIZE];
    char account_name[NAME_SIZE];
};

/* A paper that waits to be printed, with all that its layout needs. */
struct print_task {
    int64_t job; /* 0 until print_started */
    char subject[IDENTITY_TEXT_SIZE];
    enum paper_form form;
    int64_t copy; /* 0: the original */
    bool is_training;
    int64_t at_ms; /* when it happened: sold, doubted, closed … */
    char terminal[TERMINAL_ID_SIZE];
    char clerk_name[NAME_SIZE];
    char brand_name[NAME_SIZE];
    char place_name[NAME_SIZE];
    char municipality_name[NAME_SIZE];
    char receipt_note[REASON_SIZE];
    bool is_usage_titled; /* policy: a cashless receipt is ご利用明細兼領収書 */
    struct master_issuer issuers[TAX_TOTALS_MAX];
    size_t issuer_count;
    struct paper_facility {
        char code[CODE_SIZE];
        char name[NAME_SIZE];
    } facilities[PAPER_FACILITIES_MAX]; /* of the sale's lines */
    size_t facility_count;

    /* Only what the form speaks of is filled. */
    struct sale sale;
    char void_reason[REASON_SIZE];
    int64_t voided_at_ms; /* FORM_VOID, FORM_VOID_SHOP_COPY; 0 unknown */
    enum receipt_shop_event shop_event;
    struct receipt_day day; /* its rows are day_rows */
    struct receipt_day_row day_rows[DAY_ROWS_MAX];
    struct day_row_texts day_row_texts[DAY_ROWS_MAX];
    struct receipt_in_doubt in_doubt;
    struct receipt_refund refund;
    struct receipt_cash cash;
    struct receipt_handover handover;
    struct receipt_ticket ticket;
    struct receipt_payment_code payment_code;
    struct receipt_hold hold; /* its content is sale.content */
};

/* Wait up to TIMEOUT_MS for the next paper. STATUS_NOT_FOUND when there is none. */
enum status
till_next_print(struct till *till, unsigned timeout_ms, struct print_task *out, struct error_detail *err) MUST_CHECK;

/* The city's template for FORM on paper of COLUMNS, a copy (free); NULL: there is none, the built-in one is used. */
char *till_copy_template(struct till *till, enum paper_form form, unsigned columns);

/* The same task for a picture on the screen, without printing; of a sale, its receipt or its void slip. */
enum status till_describe_paper(struct till *till, enum paper_form form, const char *subject, struct print_task *out,
                                struct error_detail *err) MUST_CHECK;
enum status
till_describe_sale(struct till *till, const char *sale, struct print_task *out, struct error_detail *err) MUST_CHECK;

/* Record that bytes are about to go to the printer (sets task->job), and how it ended. MESSAGE is for the clerk. */
enum status till_print_started(struct till *till, struct print_task *task, struct error_detail *err) MUST_CHECK;
enum status till_print_finished(struct till *till, const struct print_task *task, const char *outcome,
                                const char *message, struct error_detail *err) MUST_CHECK;

/* Wait up to TIMEOUT_MS for a request to open the drawer (already in the journal). */
bool till_next_drawer_request(struct till *till);

/* Show what the sensors say: STATE one of the words of till-http.md. */
void till_set_printer_state(struct till *till, const char *state, const char *message);

/* The same for what stands beside the printer: none (not configured), ready, offline, refused, in_use. */
enum till_device { TILL_DRAWER, TILL_SCANNER, TILL_DISPLAY, TILL_CARD_READER, TILL_DEVICES };
void till_set_device_state(struct till *till, enum till_device device, const char *state, const char *message);

/* Something is new in what the peripherals tell of themselves beside their state (a test has ended): the screens look.
 */
void till_note_devices(struct till *till);

/* Whether what is scanned now pays. */
bool till_waits_for_code(struct till *till);

/* ---- for the uplink ------------------------------------------------------------------------------------------------
 */

/* What has been acknowledged, and the present end of the journal. */
void till_upload_position(struct till *till, int64_t *out_acknowledged, struct journal_position *out_tail);
enum status till_acknowledge(struct till *till, int64_t sequence, struct error_detail *err) MUST_CHECK;

/* STATE: online, offline, quarantined, behind, damaged, disk_failing, not_enrolled. "behind" and "damaged" stop
 * selling: see docs/protocol/journal.md. */
void till_set_uplink_state(struct till *till, const char *state, const char *message);
void till_identity(struct till *till, char terminal[TERMINAL_ID_SIZE], char place[CODE_SIZE]);

/* What is in force; 0: nothing. SHA256 is "" when it must be fetched again: damaged on this disk, or without a
 * signature. */
int64_t till_masters_version(struct till *till, char sha256[SHA256_TEXT_SIZE]);
