/* The terminal's day against the till's journal: what differs, by name. */
#pragma once

#include "common/database/database.h"
#include "common/identity/identity.h"
#include "drivers/payment_terminal/payment_terminal.h"

enum { TERMINAL_DAY_LINES_MAX = 5000 /* payments of one till in one day, several times over */ };

enum day_difference_kind {
    DAY_ONLY_TERMINAL, /* 明細のみ: the terminal moved it, the journal does not know the payment */
    DAY_ONLY_TILL,     /* POSのみ: the journal says approved, the terminal has no line */
    DAY_AMOUNT,        /* 金額相違, also one side reversed and the other not */
    DAY_BRAND,         /* ブランド相違 */
    DAY_UNKNOWN,       /* 結果不明のまま: the journal still waits for the result */
    DAY_IN_DOUBT,      /* 処理未了: the card has not told the terminal yet */
    DAY_TOTALS /* 件数相違: the terminal's own totals are not the sums of its lines; REFERENCE is the brand */
};

struct day_difference {
    enum day_difference_kind kind;
    char reference[TERMINAL_REFERENCE_SIZE];
    char brand[TERMINAL_TEXT_SIZE];
    int64_t terminal_yen, till_yen; /* what each says was kept */
};

/* What the terminal says of today, and what differs from the journal. Lines by the caller. */
struct terminal_day {
    struct terminal_log_line lines[TERMINAL_DAY_LINES_MAX];
    size_t line_count;
    struct terminal_total totals[TERMINAL_TOTALS_MAX];
    size_t total_count;
    struct day_difference differences[TERMINAL_DAY_LINES_MAX];
    size_t difference_count;
};

const char *day_difference_word(enum day_difference_kind kind); /* "only_terminal", … */
const char *day_difference_name(enum day_difference_kind kind); /* "明細のみ", … */

/* Fill the differences of DAY, whose lines and totals stand: against the payments of DB (read only) that began on the
 * JST day of NOW_MS, and any older one that the terminal names. STATUS_OVERFLOW, or what reading DB gave. */
enum status terminal_day_compare(struct terminal_day *day, struct database *db, int64_t now_ms,
                                 struct error_detail *err) MUST_CHECK;

/* The terminal id that line 1 of the journal names; "" for an empty journal. */
enum status journal_owner_read(struct database *db, char out[TERMINAL_ID_SIZE], struct error_detail *err) MUST_CHECK;
