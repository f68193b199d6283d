/* How each kind of line changes the tables. */
#include "pos/till/projection.h"

#include "pos/checkout/sale.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum status
project_enrolled(struct database *db, const struct journal_line *line, const struct json_value *body,
                 struct error_detail *err)
{
    (void)line;
    const struct projection_column columns[] = {{.key = "municipality"}, {.key = "terminal"}, {.key = "place"}};
    return projection_run(db, "INSERT INTO enrolment (id, municipality, terminal, place) VALUES (1, ?1, ?2, ?3)", body,
                          columns, COUNT(columns), 1, err);
}

enum status
project_masters_applied(struct database *db, const struct journal_line *line, const struct json_value *body,
                        struct error_detail *err)
{
    (void)line;
    const struct projection_column columns[] = {
        {.key = "version", .is_integer = true}, {.key = "sha256"}, {.key = "extract", .is_optional = true}};
    /* The same document may be cut anew by a newer program: another extract of it. */
    return projection_run(db,
                          "INSERT INTO masters_applied (version, sha256, extract) VALUES (?1, ?2, ?3)"
                          " ON CONFLICT (version) DO UPDATE SET extract = excluded.extract"
                          " WHERE sha256 = excluded.sha256",
                          body, columns, COUNT(columns), 1, err);
}

enum status
project_day_opened(struct database *db, const struct journal_line *line, const struct json_value *body,
                   struct error_detail *err)
{
    char date[CIVIL_DATE_TEXT_SIZE];
    civil_date_format(date, line->business_date);
    const struct projection_column columns[] = {{.text = date},
                                                {.key = "day"},
                                                {.key = "float_yen", .is_integer = true},
                                                {.is_integer = true, .number = line->sequence}};
    return projection_run(db,
                          "INSERT INTO business_day (business_date, day, state, float_yen, opened_sequence) "
                          "VALUES (?1, ?2, 'open', ?3, ?4)",
                          body, columns, COUNT(columns), 1, err);
}

enum status
project_day_closed(struct database *db, const struct journal_line *line, const struct json_value *body,
                   struct error_detail *err)
{
    /* Lines of older tills have no number. */
    const bool is_numbered = json_member(body, "number") != NULL;
    const struct projection_column columns[] = {{.key = "day"},
                                                {.is_integer = true, .number = line->sequence},
                                                {.key = is_numbered ? "number" : NULL, .is_integer = is_numbered}};
    return projection_run(db,
                          "UPDATE business_day SET state = 'closed', closed_sequence = ?2, number = ?3"
                          " WHERE day = ?1 AND state = 'open'",
                          body, columns, COUNT(columns), 1, err);
}

enum status
project_payment_started(struct database *db, const struct journal_line *line, const struct json_value *body,
                        struct error_detail *err)
{
    const struct json_value *cash = json_member(body, "cash");
    int64_t cash_yen = 0;
    enum status status =
        json_is_null(cash) ? STATUS_OK : json_get_int(cash, "amount_yen", 1, YEN_LIMIT, &cash_yen, err);
    if (status != STATUS_OK) {
        return status;
    }
    const struct projection_column columns[] = {
        {.key = "payment"},
        {.is_integer = true, .number = line->sequence},
        {.key = "sale"},
        {.key = "method"},
        {.key = "brand", .is_optional = true},
        {.key = "amount_yen", .is_integer = true},
        {.key = "sequence_number", .is_integer = true},
        {.key = "clerk"},
        {.is_integer = true, .number = line->at_ms},
        {.is_integer = true, .number = cash_yen},
        {.key = "adapter", .is_optional = true},
        {.is_integer = true, .number = json_is_true(json_member(body, "presented"))}};
    return projection_run(
        db,
        "INSERT INTO payment (payment, sequence, sale, method, brand, amount_yen, sequence_number, clerk,"
        " started_ms, cash_yen, adapter, is_presented, state)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, 'started')",
        body, columns, COUNT(columns), 1, err);
}

enum status
project_payment_presented(struct database *db, const struct journal_line *line, const struct json_value *body,
                          struct error_detail *err)
{
    (void)line;
    const struct projection_column columns[] = {{.key = "payment"}, {.key = "code_id"}};
    return projection_run(db, "UPDATE payment SET code_id = ?2 WHERE payment = ?1 AND is_presented = 1", body, columns,
                          COUNT(columns), 1, err);
}

enum status
project_payment_unknown(struct database *db, const struct journal_line *line, const struct json_value *body,
                        struct error_detail *err)
{
    (void)line;
    const struct projection_column columns[] = {{.key = "payment"}};
    return projection_run(
        db, "UPDATE payment SET state = 'unknown' WHERE payment = ?1 AND state IN ('started', 'in_doubt')", body,
        columns, COUNT(columns), 1, err);
}

enum status
project_payment_in_doubt(struct database *db, const struct journal_line *line, const struct json_value *body,
                         struct error_detail *err)
{
    (void)line;
    const struct projection_column columns[] = {{.key = "payment"}, {.key = "rule", .is_optional = true}};
    return projection_run(db,
                          "UPDATE payment SET state = 'in_doubt', doubt_rule = ?2"
                          " WHERE payment = ?1 AND state IN ('started', 'unknown')",
                          body, columns, COUNT(columns), 1, err);
}

enum status
project_payment_proved(struct database *db, const struct journal_line *line, const struct json_value *body,
                       struct error_detail *err)
{
    (void)line;
    const struct projection_column columns[] = {{.key = "payment"}, {.key = "result"}};
    return projection_run(db,
                          "UPDATE payment SET doubt_end = ?2 WHERE payment = ?1 AND state = 'approved'"
                          " AND doubt_rule = 'counts_as_sale' AND doubt_end IS NULL",
                          body, columns, COUNT(columns), 1, err);
}

enum status
project_payment_abandoned(struct database *db, const struct journal_line *line, const struct json_value *body,
                          struct error_detail *err)
{
    (void)line;
    const struct projection_column columns[] = {{.key = "payment"}};
    return projection_run(
        db, "UPDATE payment SET is_abandoned = 1 WHERE payment = ?1 AND state IN ('started', 'unknown', 'in_doubt')",
        body, columns, COUNT(columns), 1, err);
}

enum status
project_payment_resolved(struct database *db, const struct journal_line *line, const struct json_value *body,
                         struct error_detail *err)
{
    (void)line;
    const struct projection_column columns[] = {
        {.key = "payment"}, {.key = "result"}, {.key = "brand", .is_optional = true}};
    return projection_run(db,
                          "UPDATE payment SET state = ?2, brand = coalesce(?3, brand)"
                          " WHERE payment = ?1 AND state IN ('started', 'unknown', 'in_doubt')",
                          body, columns, COUNT(columns), 1, err);
}

/* The serial is what follows the last hyphen of the receipt number. */
static int64_t
serial_of(const char *receipt_number)
{
    const char *hyphen = strrchr(receipt_number, '-');
    return hyphen != NULL ? strtoll(hyphen + 1, NULL, 10) : 0;
}

/* What the sale BODY brought into the drawer. */
static enum status
cash_of(const struct json_value *body, const char *method, int64_t *out_yen, struct error_detail *err)
{
    const struct json_value *part = json_member(json_member(body, "payment"), "cash");
    *out_yen = 0;
    if (strcmp(method, "cash") == 0) {
        return json_get_int(body, "total_yen", 0, YEN_LIMIT, out_yen, err);
    }
    return json_is_null(part) ? STATUS_OK : json_get_int(part, "amount_yen", 1, YEN_LIMIT, out_yen, err);
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
    int64_t cash_yen;
    const char *reference_kind;
    const char *reference_number;
    const struct json_value *reference = json_member(body, "reference");
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
    if (status == STATUS_OK) {
        status = cash_of(body, method, &cash_yen, err);
    }
    if (status == STATUS_OK) {
        status = json_get_text_or(reference, "kind", CODE_SIZE, NULL, &reference_kind, err);
    }
    if (status == STATUS_OK) {
        status = json_get_text_or(reference, "number", EXTERNAL_NUMBER_SIZE, NULL, &reference_number, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    civil_date_format(date, line->business_date);
    const struct projection_column columns[] = {{.key = "sale"},
                                                {.is_integer = true, .number = line->sequence},
                                                {.text = receipt_number},
                                                {.text = date},
                                                {.is_integer = true, .number = serial_of(receipt_number)},
                                                {.is_integer = true, .number = line->at_ms},
                                                {.key = "clerk"},
                                                {.key = "total_yen", .is_integer = true},
                                                {.text = method},
                                                {.text = brand},
                                                {.text = payment},
                                                {.is_integer = true, .number = cash_yen},
                                                {.text = reference_kind},
                                                {.text = reference_number}};
    return projection_run(
        db,
        "INSERT INTO sale (sale, sequence, receipt_number, business_date, serial, at_ms, clerk, total_yen, method,"
        " brand, payment, cash_yen, reference_kind, reference_number, state)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, 'sold')",
        body, columns, COUNT(columns), 1, err);
}

enum status
project_sale_voided(struct database *db, const struct journal_line *line, const struct json_value *body,
                    struct error_detail *err)
{
    const struct projection_column columns[] = {{.key = "sale"}, {.is_integer = true, .number = line->sequence}};
    return projection_run(
        db, "UPDATE sale SET state = 'voided', void_sequence = ?2 WHERE sale = ?1 AND state IN ('sold', 'voiding')",
        body, columns, COUNT(columns), 1, err);
}

enum status
project_reversal_started(struct database *db, const struct journal_line *line, const struct json_value *body,
                         struct error_detail *err)
{
    const struct projection_column columns[] = {{.key = "reversal"}, {.is_integer = true, .number = line->sequence},
                                                {.key = "payment"},  {.key = "sale"},
                                                {.key = "clerk"},    {.key = "reason"}};
    const struct projection_column sale[] = {{.key = "sale"}};
    enum status status = projection_run(db,
                                        "INSERT INTO reversal (reversal, sequence, payment, sale, clerk, reason, state)"
                                        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'started')",
                                        body, columns, COUNT(columns), 1, err);
    if (status == STATUS_OK) {
        status = projection_run(db, "UPDATE sale SET state = 'voiding' WHERE sale = ?1 AND state = 'sold'", body, sale,
                                COUNT(sale), 1, err);
    }
    return status;
}

enum status
project_reversal_unknown(struct database *db, const struct journal_line *line, const struct json_value *body,
                         struct error_detail *err)
{
    (void)line;
    const struct projection_column columns[] = {{.key = "reversal"}};
    return projection_run(db, "UPDATE reversal SET state = 'unknown' WHERE reversal = ?1 AND state = 'started'", body,
                          columns, COUNT(columns), 1, err);
}

enum status
project_reversal_resolved(struct database *db, const struct journal_line *line, const struct json_value *body,
                          struct error_detail *err)
{
    (void)line;
    const struct projection_column columns[] = {{.key = "reversal"}, {.key = "result"}};
    const struct projection_column sale[] = {{.key = "sale"}};
    enum status status =
        projection_run(db, "UPDATE reversal SET state = ?2 WHERE reversal = ?1 AND state IN ('started', 'unknown')",
                       body, columns, COUNT(columns), 1, err);
    if (status == STATUS_OK) {
        /* Refused: the sale stands. Reversed: sale.voided follows in the same transaction, or, after the sale's day was
         * closed, a refund beside the sale that stands. */
        status = projection_run(db, "UPDATE sale SET state = 'sold' WHERE sale = ?1 AND state = 'voiding'", body, sale,
                                COUNT(sale), 0, err);
    }
    return status;
}
