/* SQL of lines on their way in. They are written by one kept statement each, because a file may have millions. */
#include "settlement/store/line_store.h"

#include "settlement/store/connection.h"
#include "settlement/store/import_store.h"
#include "settlement/store/query.h"

/* Columns behind the first, which says whose line it is. */
#define STATEMENT_COLUMNS                                                                                              \
    "line, kind, is_training, brand, merchant_reference, acquirer_reference, terminal, payout, accepted_at_ms, "       \
    "amount_yen, fee_yen, pay_date, slip"
#define STATEMENT_VALUES "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
#define BANK_COLUMNS                                                                                                   \
    "line, direction, booked_on, value_on, amount_yen, inquiry_number, transaction_code, payer_code, payer_kana, "     \
    "sending_bank, sending_branch, summary, edi, account_bank, account_branch, account_kind, account_number"
#define BANK_VALUES "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)"

static void
bind_view(struct statement *statement, int index, struct text_view text)
{
    statement_bind_text_n(statement, index, text.at != NULL ? text.at : "", text.length);
}

/* Days of a file lie close together: the text of the last one is kept. */
struct day_text {
    struct civil_date day;
    char text[CIVIL_DATE_TEXT_SIZE];
};

static const char *
format_day(struct day_text *last, struct civil_date day)
{
    if (day.year == 0) {
        return "";
    }
    if (last->text[0] == '\0' || civil_date_compare(last->day, day) != 0) {
        last->day = day;
        civil_date_format(last->text, day);
    }
    return last->text;
}

static enum status
add_statement_lines(struct store_txn *txn, const char *sql, int64_t owner, const struct statement_line *lines,
                    size_t count, struct error_detail *err)
{
    struct statement *statement;
    struct day_text pay_date = {0};
    enum status status = database_statement(store_txn_database(txn), sql, &statement, err);
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        const struct statement_line *line = &lines[i];
        statement_bind_int(statement, 1, owner);
        statement_bind_int(statement, 2, line->line);
        statement_bind_text(statement, 3, statement_kind_word(line->kind));
        statement_bind_int(statement, 4, line->is_training ? 1 : 0);
        bind_view(statement, 5, line->brand);
        bind_view(statement, 6, line->merchant_reference);
        bind_view(statement, 7, line->acquirer_reference);
        bind_view(statement, 8, line->terminal);
        bind_view(statement, 9, line->payout_id);
        if (line->accepted_at_ms == INSTANT_ABSENT) {
            statement_bind_null(statement, 10);
        } else {
            statement_bind_int(statement, 10, line->accepted_at_ms);
        }
        statement_bind_int(statement, 11, line->amount_yen);
        statement_bind_int(statement, 12, line->fee_yen);
        statement_bind_text(statement, 13, format_day(&pay_date, line->pay_date));
        bind_view(statement, 14, line->slip);
        status = statement_run(statement, err);
    }
    return status;
}

static enum status
add_bank_lines(struct store_txn *txn, const char *sql, int64_t owner, const struct bank_line *lines, size_t count,
               struct error_detail *err)
{
    struct statement *statement;
    struct day_text booked = {0};
    struct day_text value = {0};
    enum status status = database_statement(store_txn_database(txn), sql, &statement, err);
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        const struct bank_line *line = &lines[i];
        const struct text_view texts[] = {line->inquiry_number, line->transaction,  line->payer_code,
                                          line->payer_kana,     line->sending_bank, line->sending_branch,
                                          line->summary,        line->edi,          line->account_bank,
                                          line->account_branch, line->account_kind, line->account_number};
        statement_bind_int(statement, 1, owner);
        statement_bind_int(statement, 2, line->line);
        statement_bind_text(statement, 3, line->direction == BANK_IN ? "in" : "out");
        statement_bind_text(statement, 4, format_day(&booked, line->date));
        statement_bind_text(statement, 5, format_day(&value, line->value_date));
        statement_bind_int(statement, 6, line->amount_yen);
        for (size_t k = 0; k < sizeof texts / sizeof texts[0]; k++) {
            bind_view(statement, 7 + (int)k, texts[k]);
        }
        status = statement_run(statement, err);
    }
    return status;
}

enum status
import_add_statement_lines(struct store_txn *txn, int64_t import, const struct statement_line *lines, size_t count,
                           struct error_detail *err)
{
    return add_statement_lines(txn, "INSERT INTO statement_line (import, " STATEMENT_COLUMNS ") " STATEMENT_VALUES,
                               import, lines, count, err);
}

enum status
staging_add_statement_lines(struct store_txn *txn, int64_t staging, const struct statement_line *lines, size_t count,
                            struct error_detail *err)
{
    return add_statement_lines(txn,
                               "INSERT INTO staged_statement_line (staging, " STATEMENT_COLUMNS ") " STATEMENT_VALUES,
                               staging, lines, count, err);
}

enum status
import_add_bank_lines(struct store_txn *txn, int64_t import, const struct bank_line *lines, size_t count,
                      struct error_detail *err)
{
    return add_bank_lines(txn, "INSERT INTO bank_line (import, " BANK_COLUMNS ") " BANK_VALUES, import, lines, count,
                          err);
}

enum status
staging_add_bank_lines(struct store_txn *txn, int64_t staging, const struct bank_line *lines, size_t count,
                       struct error_detail *err)
{
    return add_bank_lines(txn, "INSERT INTO staged_bank_line (staging, " BANK_COLUMNS ") " BANK_VALUES, staging, lines,
                          count, err);
}

enum status
staging_take_over_piece(struct store_txn *txn, int64_t staging, int64_t import, int64_t after_line, int64_t to_line,
                        int64_t *out_lines, struct error_detail *err)
{
    static const char *const texts[] = {
        "INSERT INTO statement_line (import, " STATEMENT_COLUMNS ") SELECT $2, " STATEMENT_COLUMNS
        " FROM staged_statement_line WHERE staging = $1 AND line > $3 AND line <= $4",
        "INSERT INTO bank_line (import, " BANK_COLUMNS ") SELECT $2, " BANK_COLUMNS
        " FROM staged_bank_line WHERE staging = $1 AND line > $3 AND line <= $4",
    };
    enum status status = STATUS_OK;
    *out_lines = 0;
    for (size_t i = 0; status == STATUS_OK && i < sizeof texts / sizeof texts[0]; i++) {
        status =
            query_run(txn, texts[i],
                      BOUND(bound_int(staging), bound_int(import), bound_int(after_line), bound_int(to_line)), err);
        *out_lines += status == STATUS_OK ? database_changes(store_txn_database(txn)) : 0;
    }
    return status;
}

enum status
import_add_payout_part(struct store_txn *txn, const char *municipality, int64_t import, const struct payout_part *part,
                       struct error_detail *err)
{
    struct day_text due = {0};
    struct day_text first = {0};
    return query_run(txn,
                     "INSERT INTO payout_part (municipality, trustee, payout, import, due_on, first_on, line_count, "
                     "amount_yen, fee_yen) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                     BOUND(bound_text(municipality), bound_text(part->trustee),
                           bound_text_n(part->payout.at, part->payout.length), bound_int(import),
                           bound_text(format_day(&due, part->due_on)), bound_text(format_day(&first, part->first_on)),
                           bound_int(part->line_count), bound_int(part->amount_yen), bound_int(part->fee_yen)),
                     err);
}
