/* What the morning page sums up of statements and deposits. */
#pragma once

#include "settlement/store/store.h"

struct matched_sums {
    int64_t matched_count, matched_yen; /* cashless sales received on the day that have their statement line */
    int64_t waiting_count, waiting_yen; /* of any day: not reported yet, and not due yet */
};
enum status matched_sums_read(struct store_txn *txn, const char *municipality, const char *day, const char *today,
                              struct matched_sums *out, struct error_detail *err) MUST_CHECK;

struct deposit_sums {
    int64_t expected_today_count, expected_today_yen;
    int64_t late_count, late_yen;
    int64_t misses_closing_count, misses_closing_yen; /* old-year money that is announced for after 5/31 */
};
enum status deposit_sums_read(struct store_txn *txn, const char *municipality, const char *today,
                              struct deposit_sums *out, struct error_detail *err) MUST_CHECK;

/* The newest reconciliation; *OUT_RUN 0 when there was none. LOGIN_SIZE bytes at LOGIN, "" for a run by itself. */
enum status last_run_read(struct store_txn *txn, const char *municipality, int64_t *out_run, int64_t *out_at_ms,
                          char *login, size_t login_size, struct error_detail *err) MUST_CHECK;

/* TRUSTEE's newest statement; *OUT_IMPORT 0 when there is none. */
struct last_import {
    int64_t import;
    char file_name[256];
    int64_t imported_at_ms;
    char covers_to[11]; /* YYYY-MM-DD, or "" for a statement without lines */
};
enum status last_import_read(struct store_txn *txn, const char *municipality, const char *trustee,
                             struct last_import *out, struct error_detail *err) MUST_CHECK;
