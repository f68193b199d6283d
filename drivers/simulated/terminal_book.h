/* What a simulated terminal and its centre remember of each reference. Pure memory; the owner locks. */
#pragma once

#include "common/clock/clock.h"
#include "drivers/payment_terminal/payment_terminal.h"
#include "drivers/simulated/control.h"

enum {
    SIMULATED_BOOK_MAX = 2000 /* sales; several days of training. The oldest are forgotten */
};

enum sale_state {
    SALE_RUNNING,
    SALE_CHARGED,
    SALE_FREE, /* declined, cancelled …: `answer.result` says how */
    SALE_REVERSED,
    SALE_IN_DOUBT, /* `truth_is_charged` will show */
    SALE_REFUSED,  /* reversed before it came: refused for ever */
    SALE_REFUND    /* not a sale: money of `sale` that went back */
};

struct book_entry {
    char reference[TERMINAL_REFERENCE_SIZE];
    enum sale_state state;
    bool is_settled;                    /* a settlement has counted it … */
    bool is_back_settled;               /* … and its reversal */
    char sale[TERMINAL_REFERENCE_SIZE]; /* SALE_REFUND */
    int64_t refunded_yen;               /* SALE_CHARGED: of it */
    bool truth_is_charged;
    int64_t amount_yen;
    enum terminal_media media;
    char brand[TERMINAL_TEXT_SIZE];
    struct terminal_answer answer; /* to the sale; CHARGED and IN_DOUBT say "approved" in it */
};

struct terminal_book {
    struct book_entry *entries;
    size_t count, capacity;
    uint32_t last_number; /* of slips and centre references */
};

void terminal_book_finish(struct terminal_book *book);

/* Borrowed until the next addition; NULL when the reference is not known. */
struct book_entry *terminal_book_find(struct terminal_book *book, const char *reference);

/* A new entry for REFERENCE, zeroed but for it and state SALE_RUNNING; NULL without memory. */
struct book_entry *terminal_book_add(struct terminal_book *book, const char *reference);

/* Take back the last terminal_book_add. */
void terminal_book_forget_last(struct terminal_book *book);

/* Charge ENTRY: give it the numbers and texts of an approval at NOW_MS. */
void terminal_book_charge(struct terminal_book *book, struct book_entry *entry, int64_t now_ms);

/* What a query for ENTRY (NULL: never seen) answers now. */
void terminal_book_answer(const struct book_entry *entry, struct terminal_answer *out);

/* The daily log of the JST day of NOW_MS. STATUS_OVERFLOW when it has more than CAPACITY lines. */
enum status terminal_book_log(const struct terminal_book *book, int64_t now_ms, struct terminal_log_line *lines,
                              size_t capacity, size_t *out_count, struct error_detail *err) MUST_CHECK;

/* The card of every trainee holds SIMULATED_CARD_YEN, the most that a transit card may. */
enum { SIMULATED_CARD_YEN = 20000 };

/* Give REFUND's money of its sale back at NOW_MS. Answered again when it is repeated. */
void terminal_book_refund(struct terminal_book *book, const struct terminal_refund *refund, int64_t now_ms,
                          struct terminal_answer *out);

/* The card of an in-doubt ENTRY is seen again: the truth shows. */
void terminal_book_resolve(struct book_entry *entry);

/* The trainee has one card of each brand: a sale of BRAND touches that of an earlier doubt, which ends. OUT tells. */
void terminal_book_touch_brand(struct terminal_book *book, const char *brand, struct terminal_touch *out);

/* The sums of today (or, with SETTLES, of what no settlement has counted; then they are counted). STATUS_OVERFLOW. */
enum status
terminal_book_totals(struct terminal_book *book, bool settles, int64_t now_ms, struct terminal_total *totals,
                     size_t capacity, size_t *out_count, struct error_detail *err) MUST_CHECK;

/* The rules: how a sale goes by its amount, and the result a caller then gets. */
enum simulated_sale simulated_sale_of(const struct terminal_request *request);
enum terminal_result simulated_sale_result(enum simulated_sale sale);
