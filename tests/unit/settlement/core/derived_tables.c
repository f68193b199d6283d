/* All columns of all derived tables, sorted. */
#include "tests/unit/settlement/core/derived_tables.h"

#include "common/bytes/buffer.h"
#include "settlement/store/place.h"

#include <stdio.h>
#include <stdlib.h>

static const char *const derived_tables[] = {
    "ledger_progress", "ledger_terminal",    "parked_line",    "sale",
    "sale_line",       "sale_tax",           "sale_void",      "payment",
    "reversal",        "business_day",       "posting",        "daily_item",
    "daily_payment",   "business_day_total", "drawer_opening", "refund",
    "refund_line",     "cash_movement",      "cash_count",     "cash_tally",
    "shift_change",    "day_inspection",     "ticket",         "ticket_closing",
    "daily_entry",     "hourly_payment",
};

static void
must(enum status status, const struct error_detail *err)
{
    if (status != STATUS_OK) {
        fprintf(stderr, "reading derived tables failed: %s\n", err->message);
        abort();
    }
}

/* "SELECT * FROM table ORDER BY 1, 2 …" over all of its columns. Returns their number. */
static int
select_sorted(struct database *db, const char *table, struct buffer *out)
{
    struct error_detail err;
    struct statement *column;
    bool has_row = true;
    int count = 0;
    char sql[200];
    snprintf(sql, sizeof sql,
             database_dialect(db) == DIALECT_SQLITE
                 ? "SELECT name FROM pragma_table_info('%s')"
                 : "SELECT attname::text FROM pg_attribute WHERE attrelid = '%s'::regclass AND attnum > 0",
             table);
    buffer_printf(out, "SELECT * FROM %s ORDER BY ", table);
    must(database_statement(db, sql, &column, &err), &err);
    while (statement_step(column, &has_row, &err) == STATUS_OK && has_row) {
        buffer_printf(out, "%s%d", count == 0 ? "" : ", ", count + 1);
        count++;
    }
    return count;
}

static void
append_rows(struct database *db, const char *table, struct buffer *text)
{
    struct error_detail err;
    struct buffer sql;
    struct statement *row;
    bool has_row = false;
    buffer_init(&sql, 1000);
    int count = select_sorted(db, table, &sql);
    must(database_statement(db, buffer_text(&sql), &row, &err), &err);
    for (;;) {
        must(statement_step(row, &has_row, &err), &err);
        if (!has_row) {
            break;
        }
        for (int column = 0; column < count; column++) {
            buffer_printf(text, "%s%c", statement_column_text(row, column), 31);
        }
        buffer_append_byte(text, '\n');
    }
    buffer_finish(&sql);
}

/* The columns that must come back. */
static const struct {
    const char *sql;
    int columns;
} matching_tables[] = {
    {"SELECT terminal, sequence, part, municipality, import, line, matched_by FROM matched ORDER BY 1, 2, 3", 7},
    {"SELECT terminal, sequence, part, municipality, due_on FROM open_item ORDER BY 1, 2, 3", 5},
    {"SELECT import, line, municipality FROM open_line ORDER BY 1, 2", 3},
    {"SELECT municipality, trustee, payout, due_on, first_on, line_count, amount_yen, fee_yen, credited_yen,"
     " credited_on, expected_yen, payable_on, carry_yen, is_carried, carried_to FROM payout ORDER BY 1, 2, 3",
     15},
    {"SELECT import, line, municipality, trustee, payout, amount_yen FROM payout_credit ORDER BY 1, 2, 4, 5", 6},
    {"SELECT import, line, municipality, due_on FROM open_credit ORDER BY 1, 2", 4},
    {"SELECT terminal, sequence FROM matching_progress ORDER BY 1", 2},
    {"SELECT municipality, import, due_day, rescan FROM matching_state ORDER BY 1", 4},
    {"SELECT discrepancy, class, subject, state, version, amount_yen, happened_on, opened_on, due_on, cleared_on,"
     " is_remark, terminal, sequence, import, line, related_import, related_line, payment, receipt_number, brand,"
     " trustee, payout, summary, owner, resolution, reason, resolved_by, resolved_at_ms, confirmed_by, confirmed_at_ms,"
     " expected_on, undo_by FROM discrepancy ORDER BY 1",
     32},
    {"SELECT decision, terminal, sequence, part, import, line, is_pair, at_ms, login, reason, undone_by"
     " FROM pair_decision ORDER BY 1",
     11},
    {"SELECT comment, discrepancy, login, text FROM discrepancy_comment ORDER BY 1", 4},
};

void
matching_tables_text(const char *path, struct buffer *out)
{
    struct error_detail err;
    struct database *db;
    must(store_database_open(&db, path, &err), &err);
    for (size_t i = 0; i < sizeof matching_tables / sizeof matching_tables[0]; i++) {
        struct statement *row;
        bool has_row = false;
        buffer_printf(out, "%s\n", matching_tables[i].sql);
        must(database_statement(db, matching_tables[i].sql, &row, &err), &err);
        for (;;) {
            must(statement_step(row, &has_row, &err), &err);
            if (!has_row) {
                break;
            }
            for (int column = 0; column < matching_tables[i].columns; column++) {
                buffer_printf(out, "%s|", statement_column_text(row, column));
            }
            buffer_append_byte(out, '\n');
        }
    }
    must(buffer_check(out, &err), &err);
    database_close(db);
}

void
derived_tables_hash(const char *path, char out[SHA256_TEXT_SIZE])
{
    struct error_detail err;
    struct database *db;
    struct buffer text;
    buffer_init(&text, 64 * 1024 * 1024);
    must(store_database_open(&db, path, &err), &err);
    for (size_t i = 0; i < sizeof derived_tables / sizeof derived_tables[0]; i++) {
        append_rows(db, derived_tables[i], &text);
        buffer_printf(&text, "%s\n", derived_tables[i]);
    }
    must(buffer_check(&text, &err), &err);
    sha256_text(out, buffer_text(&text), text.length);
    buffer_finish(&text);
    database_close(db);
}
