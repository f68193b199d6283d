/* How each kind of line changes the tables. */
#include "pos/till/projection.h"

#include "pos/checkout/sale.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_MAX = 300 };

/* One column of a row: a text or integer member of the body, or a constant. */
struct column {
    const char *key; /* member of the body; NULL: `text` or `number` below */
    bool is_integer;
    bool is_optional; /* NULL when absent */
    const char *text;
    int64_t number;
};

static enum status
bind_column(struct statement *statement, int index, const struct column *column, const struct json_value *body,
            struct error_detail *err)
{
    if (column->key == NULL) {
        if (column->is_integer) {
            statement_bind_int(statement, index, column->number);
        } else {
            statement_bind_text(statement, index, column->text);
        }
        return STATUS_OK;
    }
    if (column->is_integer) {
        int64_t value;
        enum status status = json_get_int(body, column->key, -YEN_LIMIT, YEN_LIMIT, &value, err);
        if (status == STATUS_OK) {
            statement_bind_int(statement, index, value);
        }
        return status;
    }
    const char *text;
    enum status status = column->is_optional ? json_get_text_or(body, column->key, TEXT_MAX, NULL, &text, err)
                                             : json_get_text(body, column->key, TEXT_MAX, &text, err);
    if (status == STATUS_OK) {
        statement_bind_text(statement, index, text);
    }
    return status;
}

/* Run SQL with the columns bound in order. WANTED_CHANGES 0: any number of rows may change. */
static enum status
run(struct database *db, const char *sql, const struct json_value *body, const struct column *columns, size_t count,
    int64_t wanted_changes, struct error_detail *err)
{
    struct statement *statement;
    enum status status = database_statement(db, sql, &statement, err);
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        status = bind_column(statement, (int)i + 1, &columns[i], body, err);
    }
    if (status == STATUS_OK) {
        status = statement_run(statement, err);
    }
    if (status == STATUS_OK && wanted_changes > 0 && database_changes(db) != wanted_changes) {
        error_set(err, "line_out_of_place", "the line speaks of something that is not there, or is over: %s", sql);
        status = STATUS_REFUSED;
    }
    return status;
}

#define COUNT(columns) (sizeof(columns) / sizeof((columns)[0]))

enum status
project_enrolled(struct database *db, const struct journal_line *line, const struct json_value *body,
                 struct error_detail *err)
{
    (void)line;
    const struct column columns[] = {{.key = "municipality"}, {.key = "terminal"}, {.key = "place"}};
    return run(db, "INSERT INTO enrolment (id, municipality, terminal, place) VALUES (1, ?1, ?2, ?3)", body, columns,
               COUNT(columns), 1, err);
}

enum status
project_masters_applied(struct database *db, const struct journal_line *line, const struct json_value *body,
                        struct error_detail *err)
{
    (void)line;
    const struct column columns[] = {{.key = "version", .is_integer = true}, {.key = "sha256"}};
    return run(db, "INSERT INTO masters_applied (version, sha256) VALUES (?1, ?2)", body, columns, COUNT(columns), 1,
               err);
}

enum status
project_day_opened(struct database *db, const struct journal_line *line, const struct json_value *body,
                   struct error_detail *err)
{
    char date[CIVIL_DATE_TEXT_SIZE];
    civil_date_format(date, line->business_date);
    const struct column columns[] = {{.text = date},
                                     {.key = "day"},
                                     {.key = "float_yen", .is_integer = true},
                                     {.is_integer = true, .number = line->sequence}};
    return run(db,
               "INSERT INTO business_day (business_date, day, state, float_yen, opened_sequence) "
               "VALUES (?1, ?2, 'open', ?3, ?4)",
               body, columns, COUNT(columns), 1, err);
}

enum status
project_day_closed(struct database *db, const struct journal_line *line, const struct json_value *body,
                   struct error_detail *err)
{
    const struct column columns[] = {{.key = "day"}, {.is_integer = true, .number = line->sequence}};
    return run(db, "UPDATE business_day SET state = 'closed', closed_sequence = ?2 WHERE day = ?1 AND state = 'open'",
               body, columns, COUNT(columns), 1, err);
}

enum status
project_payment_started(struct database *db, const struct journal_line *line, const struct json_value *body,
                        struct error_detail *err)
{
    const struct column columns[] = {{.key = "payment"},
                                     {.is_integer = true, .number = line->sequence},
                                     {.key = "sale"},
                                     {.key = "method"},
                                     {.key = "brand", .is_optional = true},
                                     {.key = "amount_yen", .is_integer = true},
                                     {.key = "sequence_number", .is_integer = true},
                                     {.key = "clerk"},
                                     {.is_integer = true, .number = line->at_ms}};
    return run(db,
               "INSERT INTO payment (payment, sequence, sale, method, brand, amount_yen, sequence_number, clerk,"
               " started_ms, state) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'started')",
               body, columns, COUNT(columns), 1, err);
}

enum status
project_payment_unknown(struct database *db, const struct journal_line *line, const struct json_value *body,
                        struct error_detail *err)
{
    (void)line;
    const struct column columns[] = {{.key = "payment"}};
    return run(db, "UPDATE payment SET state = 'unknown' WHERE payment = ?1 AND state IN ('started', 'in_doubt')", body,
               columns, COUNT(columns), 1, err);
}

enum status
project_payment_in_doubt(struct database *db, const struct journal_line *line, const struct json_value *body,
                         struct error_detail *err)
{
    (void)line;
    const struct column columns[] = {{.key = "payment"}};
    return run(db, "UPDATE payment SET state = 'in_doubt' WHERE payment = ?1 AND state IN ('started', 'unknown')", body,
               columns, COUNT(columns), 1, err);
}

enum status
project_payment_abandoned(struct database *db, const struct journal_line *line, const struct json_value *body,
                          struct error_detail *err)
{
    (void)line;
    const struct column columns[] = {{.key = "payment"}};
    return run(db,
               "UPDATE payment SET is_abandoned = 1 WHERE payment = ?1 AND state IN ('started', 'unknown', 'in_doubt')",
               body, columns, COUNT(columns), 1, err);
}

enum status
project_payment_resolved(struct database *db, const struct journal_line *line, const struct json_value *body,
                         struct error_detail *err)
{
    (void)line;
    const struct column columns[] = {{.key = "payment"}, {.key = "result"}};
    return run(db, "UPDATE payment SET state = ?2 WHERE payment = ?1 AND state IN ('started', 'unknown', 'in_doubt')",
               body, columns, COUNT(columns), 1, err);
}

/* The serial is what follows the last hyphen of the receipt number. */
static int64_t
serial_of(const char *receipt_number)
{
    const char *hyphen = strrchr(receipt_number, '-');
    return hyphen != NULL ? strtoll(hyphen + 1, NULL, 10) : 0;
}

enum status
project_sale_recorded(struct database *db, const struct journal_line *line, const struct json_value *body,
                      struct error_detail *err)
{
    char date[CIVIL_DATE_TEXT_SIZE];
    const char *receipt_number;
    const char *method;
    const char *brand;
    const char *payment;
    const struct json_value *paid = json_member(body, "payment");
    enum status status = json_get_text(body, "receipt_number", RECEIPT_NUMBER_SIZE, &receipt_number, err);
    if (status == STATUS_OK) {
        status = json_get_text(paid, "method", CODE_SIZE, &method, err);
    }
    if (status == STATUS_OK) {
        status = json_get_text_or(paid, "brand", CODE_SIZE, NULL, &brand, err);
    }
    if (status == STATUS_OK) {
        status = json_get_text_or(paid, "payment", IDENTITY_TEXT_SIZE, NULL, &payment, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    civil_date_format(date, line->business_date);
    const struct column columns[] = {{.key = "sale"},
                                     {.is_integer = true, .number = line->sequence},
                                     {.text = receipt_number},
                                     {.text = date},
                                     {.is_integer = true, .number = serial_of(receipt_number)},
                                     {.is_integer = true, .number = line->at_ms},
                                     {.key = "clerk"},
                                     {.key = "total_yen", .is_integer = true},
                                     {.text = method},
                                     {.text = brand},
                                     {.text = payment}};
    return run(
        db,
        "INSERT INTO sale (sale, sequence, receipt_number, business_date, serial, at_ms, clerk, total_yen, method,"
        " brand, payment, state) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 'sold')",
        body, columns, COUNT(columns), 1, err);
}

enum status
project_sale_voided(struct database *db, const struct journal_line *line, const struct json_value *body,
                    struct error_detail *err)
{
    const struct column columns[] = {{.key = "sale"}, {.is_integer = true, .number = line->sequence}};
    return run(db,
               "UPDATE sale SET state = 'voided', void_sequence = ?2 WHERE sale = ?1 AND state IN ('sold', 'voiding')",
               body, columns, COUNT(columns), 1, err);
}

enum status
project_reversal_started(struct database *db, const struct journal_line *line, const struct json_value *body,
                         struct error_detail *err)
{
    const struct column columns[] = {{.key = "reversal"}, {.is_integer = true, .number = line->sequence},
                                     {.key = "payment"},  {.key = "sale"},
                                     {.key = "clerk"},    {.key = "reason"}};
    const struct column sale[] = {{.key = "sale"}};
    enum status status = run(db,
                             "INSERT INTO reversal (reversal, sequence, payment, sale, clerk, reason, state)"
                             " VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'started')",
                             body, columns, COUNT(columns), 1, err);
    if (status == STATUS_OK) {
        status = run(db, "UPDATE sale SET state = 'voiding' WHERE sale = ?1 AND state = 'sold'", body, sale,
                     COUNT(sale), 1, err);
    }
    return status;
}

enum status
project_reversal_unknown(struct database *db, const struct journal_line *line, const struct json_value *body,
                         struct error_detail *err)
{
    (void)line;
    const struct column columns[] = {{.key = "reversal"}};
    return run(db, "UPDATE reversal SET state = 'unknown' WHERE reversal = ?1 AND state = 'started'", body, columns,
               COUNT(columns), 1, err);
}

enum status
project_reversal_resolved(struct database *db, const struct journal_line *line, const struct json_value *body,
                          struct error_detail *err)
{
    (void)line;
    const struct column columns[] = {{.key = "reversal"}, {.key = "result"}};
    const struct column sale[] = {{.key = "sale"}, {.key = "result"}};
    enum status status =
        run(db, "UPDATE reversal SET state = ?2 WHERE reversal = ?1 AND state IN ('started', 'unknown')", body, columns,
            COUNT(columns), 1, err);
    if (status == STATUS_OK) {
        /* Refused: the sale stands. Reversed: sale.voided follows in the same transaction. */
        status = run(db, "UPDATE sale SET state = 'sold' WHERE sale = ?1 AND state = 'voiding' AND ?2 = 'refused'",
                     body, sale, COUNT(sale), 0, err);
    }
    return status;
}

enum status
project_print_started(struct database *db, const struct journal_line *line, const struct json_value *body,
                      struct error_detail *err)
{
    (void)line;
    const struct column columns[] = {
        {.key = "job", .is_integer = true}, {.key = "sale"}, {.key = "form"}, {.key = "copy", .is_integer = true}};
    return run(db, "INSERT INTO print_job (job, sale, form, copy, state) VALUES (?1, ?2, ?3, ?4, 'started')", body,
               columns, COUNT(columns), 1, err);
}

/* A paper that could not even be started has a finish without a start. */
enum status
project_print_finished(struct database *db, const struct journal_line *line, const struct json_value *body,
                       struct error_detail *err)
{
    (void)line;
    const struct column columns[] = {{.key = "job", .is_integer = true},
                                     {.key = "sale"},
                                     {.key = "form"},
                                     {.key = "copy", .is_integer = true},
                                     {.key = "outcome"}};
    return run(db,
               "INSERT INTO print_job (job, sale, form, copy, state) VALUES (?1, ?2, ?3, ?4, ?5)"
               " ON CONFLICT (job) DO UPDATE SET state = excluded.state",
               body, columns, COUNT(columns), 1, err);
}
