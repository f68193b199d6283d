/* SQL of the morning page's matching part. All of it walks what is open or of one day, never the history. */
#include "settlement/store/today_matching_store.h"

#include "settlement/store/query.h"

#include <stdio.h>

/* Two integers of one row; zeros when there is none. */
static enum status
read_pair(struct store_txn *txn, const char *sql, const struct bound *values, size_t count, int64_t *out_first,
          int64_t *out_second, struct error_detail *err)
{
    struct statement *statement;
    bool found = false;
    *out_first = 0;
    *out_second = 0;
    enum status status = query_first(txn, sql, values, count, &statement, &found, err);
    if (status == STATUS_OK && found) {
        *out_first = statement_column_int(statement, 0);
        *out_second = statement_column_int(statement, 1);
        statement_reset(statement);
    }
    return status;
}

enum status
matched_sums_read(struct store_txn *txn, const char *municipality, const char *day, const char *today,
                  struct matched_sums *out, struct error_detail *err)
{
    enum status status =
        read_pair(txn,
                  "SELECT count(*), coalesce(sum(s.total_yen), 0) FROM sale AS s "
                  "JOIN matched AS m ON m.terminal = s.terminal AND m.sequence = s.sequence "
                  "AND m.part = 'sale' WHERE s.municipality = $1 AND s.received_on = $2",
                  BOUND(bound_text(municipality), bound_text(day)), &out->matched_count, &out->matched_yen, err);
    if (status == STATUS_OK) {
        status =
            read_pair(txn,
                      "SELECT count(*), coalesce(sum(s.total_yen), 0) FROM open_item AS o "
                      "JOIN sale AS s ON s.terminal = o.terminal AND s.sequence = o.sequence "
                      "WHERE o.municipality = $1 AND o.part = 'sale' AND o.due_on >= $2",
                      BOUND(bound_text(municipality), bound_text(today)), &out->waiting_count, &out->waiting_yen, err);
    }
    return status;
}

enum status
deposit_sums_read(struct store_txn *txn, const char *municipality, const char *today, struct deposit_sums *out,
                  struct error_detail *err)
{
    enum status status = read_pair(txn,
                                   "SELECT count(*), coalesce(sum(amount_yen - credited_yen), 0) FROM payout "
                                   "WHERE municipality = $1 AND credited_yen < amount_yen AND due_on = $2",
                                   BOUND(bound_text(municipality), bound_text(today)), &out->expected_today_count,
                                   &out->expected_today_yen, err);
    if (status == STATUS_OK) {
        status = read_pair(txn,
                           "SELECT count(*), coalesce(sum(amount_yen - credited_yen), 0) FROM payout "
                           "WHERE municipality = $1 AND credited_yen < amount_yen AND due_on < $2",
                           BOUND(bound_text(municipality), bound_text(today)), &out->late_count, &out->late_yen, err);
    }
    if (status == STATUS_OK) {
        /* 出納閉鎖: 5/31 after the fiscal year (4/1 – 3/31) in which the citizen paid (地方自治法235条の5). */
        status = read_pair(txn,
                           "SELECT count(*), coalesce(sum(amount_yen - credited_yen), 0) FROM payout "
                           "WHERE municipality = $1 AND credited_yen < amount_yen AND due_on > "
                           "(CAST(substr(first_on, 1, 4) AS INTEGER) + (substr(first_on, 6, 2) >= '04')) || '-05-31'",
                           BOUND(bound_text(municipality)), &out->misses_closing_count, &out->misses_closing_yen, err);
    }
    return status;
}

enum status
last_run_read(struct store_txn *txn, const char *municipality, int64_t *out_run, int64_t *out_at_ms, char *login,
              size_t login_size, struct error_detail *err)
{
    struct statement *statement;
    bool found = false;
    *out_run = 0;
    *out_at_ms = 0;
    login[0] = '\0';
    enum status status = query_first(txn,
                                     "SELECT run, at_ms, login FROM reconciliation_run WHERE municipality = $1 "
                                     "ORDER BY run DESC LIMIT 1",
                                     BOUND(bound_text(municipality)), &statement, &found, err);
    if (status == STATUS_OK && found) {
        *out_run = statement_column_int(statement, 0);
        *out_at_ms = statement_column_int(statement, 1);
        snprintf(login, login_size, "%s", statement_column_text(statement, 2));
        statement_reset(statement);
    }
    return status;
}

enum status
last_import_read(struct store_txn *txn, const char *municipality, const char *trustee, struct last_import *out,
                 struct error_detail *err)
{
    struct statement *statement;
    bool found = false;
    *out = (struct last_import){0};
    enum status status = query_first(txn,
                                     "SELECT import, file_name, imported_at_ms, last_on FROM import "
                                     "WHERE municipality = $1 AND trustee = $2 AND kind = 'statement' "
                                     "ORDER BY import DESC LIMIT 1",
                                     BOUND(bound_text(municipality), bound_text(trustee)), &statement, &found, err);
    if (status == STATUS_OK && found) {
        out->import = statement_column_int(statement, 0);
        snprintf(out->file_name, sizeof out->file_name, "%s", statement_column_text(statement, 1));
        out->imported_at_ms = statement_column_int(statement, 2);
        snprintf(out->covers_to, sizeof out->covers_to, "%s", statement_column_text(statement, 3));
        statement_reset(statement);
    }
    return status;
}
