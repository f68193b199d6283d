/* Folding the journal anew, in memory. */
#include "pos/till/refold.h"

#include "common/signing/signing.h"
#include "pos/till/till_parts.h"

#include <stdio.h>
#include <string.h>

extern const struct migration till_migrations[];
extern const size_t till_migrations_count;

/* The tables that are a fold, with an order that makes equal contents equal texts. */
static const struct {
    const char *name;
    const char *rows; /* one text per row */
} tables[] = {
    {"enrolment", "SELECT json_array(municipality, terminal, place) FROM enrolment"},
    {"masters_applied", "SELECT json_array(version, sha256, extract) FROM masters_applied ORDER BY version"},
    {"business_day", "SELECT json_array(business_date, day, state, float_yen, opened_sequence, closed_sequence, number)"
                     " FROM business_day ORDER BY business_date"},
    {"sale",
     "SELECT json_array(sale, sequence, receipt_number, business_date, serial, at_ms, clerk, total_yen, method,"
     " brand, payment, cash_yen, reference_kind, reference_number, state, void_sequence) FROM sale ORDER BY sequence"},
    {"payment",
     "SELECT json_array(payment, sequence, sale, method, brand, amount_yen, sequence_number, clerk, started_ms,"
     " state, is_abandoned, doubt_rule, doubt_end, cash_yen, adapter, is_presented, code_id) FROM payment ORDER BY "
     "sequence"},
    {"reversal", "SELECT json_array(reversal, sequence, payment, sale, clerk, reason, state) FROM reversal"
                 " ORDER BY sequence"},
    {"refund",
     "SELECT json_array(refund, sequence, sale, business_date, amount_yen, means, reason, clerk, requested_ms,"
     " state, ended_sequence) FROM refund ORDER BY sequence"},
    {"refund_line", "SELECT json_array(refund, line, amount_yen) FROM refund_line ORDER BY refund, line"},
    {"refund_run",
     "SELECT json_array(refund, sequence, sale, payment, amount_yen, clerk, approved_by, started_ms, state,"
     " cause) FROM refund_run ORDER BY sequence"},
    {"print_job", "SELECT json_array(job, subject, form, copy, state) FROM print_job ORDER BY job"},
    {"cash_movement", "SELECT json_array(sequence, kind, amount_yen) FROM cash_movement ORDER BY sequence"},
    {"cash_count",
     "SELECT json_array(sequence, day, purpose, clerk, at_ms, total_yen) FROM cash_count ORDER BY sequence"},
    {"inspection", "SELECT json_array(sequence, day, number) FROM inspection ORDER BY sequence"},
    {"handover", "SELECT json_array(sequence, day) FROM handover ORDER BY sequence"},
    {"drawer_opening", "SELECT json_array(sequence, reason) FROM drawer_opening ORDER BY sequence"},
    {"paper", "SELECT json_array(subject, form, sequence, at_ms, state) FROM paper ORDER BY subject, form"},
    {"ticket", "SELECT json_array(ticket, sequence, facility, item, entered_ms, label, state, ended_ms, is_corrected)"
               " FROM ticket ORDER BY sequence, ticket"},
    {"ticket_payment",
     "SELECT json_array(ticket, sale, paid_ms, yen, is_voided) FROM ticket_payment ORDER BY sale, ticket"},
    {"entry_count", "SELECT json_array(business_date, facility, category, count) FROM entry_count"
                    " ORDER BY business_date, facility, category"},
    {"held_basket", "SELECT json_array(hold, sequence, sale, business_date, at_ms, clerk, label, title, item_count,"
                    " total_yen, state) FROM held_basket ORDER BY sequence"},
};

static enum status
fold_line(struct database *into, int64_t sequence, const char *bytes, size_t length, struct error_detail *err)
{
    struct journal_line line;
    struct statement *insert;
    enum status status = journal_line_read(&line, bytes, length, err);
    if (status == STATUS_OK) {
        status = database_statement(into, "INSERT INTO journal_line (sequence, line, hash) VALUES (?1, ?2, x'00')",
                                    &insert, err);
    }
    if (status == STATUS_OK) {
        statement_bind_int(insert, 1, sequence);
        statement_bind_blob(insert, 2, bytes, length);
        status = statement_run(insert, err);
    }
    if (status == STATUS_OK) {
        status = projection_apply(into, &line, err);
    }
    if (status != STATUS_OK) {
        error_prefix(err, "line %lld: ", (long long)sequence);
    }
    return status;
}

static enum status
fold_all(struct database *db, struct database *into, struct error_detail *err)
{
    struct statement *lines;
    bool has_row = false;
    enum status status = database_begin(into, err);
    if (status == STATUS_OK) {
        status = database_statement(db, "SELECT sequence, line FROM journal_line ORDER BY sequence", &lines, err);
    }
    while (status == STATUS_OK && (status = statement_step(lines, &has_row, err)) == STATUS_OK && has_row) {
        size_t length;
        const char *bytes = statement_column_blob(lines, 1, &length);
        status = fold_line(into, statement_column_int(lines, 0), bytes, length, err);
        if (status != STATUS_OK) {
            statement_reset(lines);
        }
    }
    return status == STATUS_OK ? database_commit(into, err) : status;
}

/* A digest over the rows of TABLE. */
static enum status
digest_table(struct database *db, size_t table, uint8_t out[SHA256_SIZE], struct error_detail *err)
{
    struct statement *rows;
    bool has_row = false;
    memset(out, 0, SHA256_SIZE);
    enum status status = database_statement(db, tables[table].rows, &rows, err);
    while (status == STATUS_OK && (status = statement_step(rows, &has_row, err)) == STATUS_OK && has_row) {
        const char *text = statement_column_text(rows, 0);
        hmac_sha256(out, out, SHA256_SIZE, text, strlen(text)); /* chained: each row is keyed by all before it */
    }
    return status;
}

static enum status
compare_tables(struct database *db, struct database *folded, struct error_detail *err)
{
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        uint8_t ours[SHA256_SIZE];
        uint8_t anew[SHA256_SIZE];
        enum status status = digest_table(db, i, ours, err);
        if (status == STATUS_OK) {
            status = digest_table(folded, i, anew, err);
        }
        if (status == STATUS_OK && memcmp(ours, anew, SHA256_SIZE) != 0) {
            error_set(err, "tables_differ", "table %s is not what the journal says", tables[i].name);
            status = STATUS_CORRUPT;
        }
        if (status != STATUS_OK) {
            return status;
        }
    }
    return STATUS_OK;
}

enum status
till_check_fold(struct database *db, struct error_detail *err)
{
    struct database *folded = NULL;
    enum status status = database_open(&folded, ":memory:", DATABASE_READ_WRITE, NULL, err);
    if (status == STATUS_OK) {
        status = database_migrate(folded, till_migrations, till_migrations_count, err);
    }
    if (status == STATUS_OK) {
        status = database_begin_read(db, err); /* one moment of a till that may be running */
    }
    if (status == STATUS_OK) {
        status = fold_all(db, folded, err);
        if (status == STATUS_OK) {
            status = compare_tables(db, folded, err);
        }
        database_rollback(db);
    }
    database_close(folded);
    return status;
}
