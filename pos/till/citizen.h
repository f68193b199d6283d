/* What the citizen sees: the second window and the line display. Nothing about the clerk, other citizens or the day. */
#pragma once

#include "pos/till/till.h"

enum citizen_view {
    CITIZEN_CLOSED, /* nobody serves here now */
    CITIZEN_IDLE,   /* waiting for the next citizen */
    CITIZEN_ITEMS,  /* being rung up */
    CITIZEN_PAYING,
    CITIZEN_PAID /* until the next item is rung up */
};

/* The newest thing rung up and the sum, for a display of two rows. Texts are "" where there is nothing. */
struct citizen_summary {
    enum citizen_view view;
    bool is_japanese; /* else a display speaks English: it has letters for that, whatever language was chosen */
    char item_name[NAME_SIZE];
    char item_plain[NAME_SIZE]; /* the same for a display without kanji */
    int64_t item_quantity;
    int64_t item_amount_yen;
    int64_t total_yen;
    bool is_cash;
    int64_t tendered_yen;
    int64_t change_yen;
};

/* Append the view as JSON (docs/protocol/till-http.md, "The citizen's window"). */
enum status till_write_citizen(struct till *till, struct buffer *out, struct error_detail *err) MUST_CHECK;

/* Wait until something changed since revision SEEN, the till stops, or TIMEOUT_MS have passed; then tell what the
 * citizen sees. Returns the revision that OUT is of. */
int64_t till_await_citizen(struct till *till, int64_t seen, unsigned timeout_ms, struct citizen_summary *out);

/* The citizen's language for this sale: ja, en, zh, ko. It ends with the sale, so that nobody inherits it. */
enum status till_set_language(struct till *till, const char *language, struct error_detail *err) MUST_CHECK;
