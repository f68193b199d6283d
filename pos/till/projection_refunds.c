/* How lines about refunds change the tables.
 *
 * INVARIANT: the refunds of a sale that are not withdrawn never exceed it, nor those of a line of it that line. The
 * sums are checked here, where a line becomes a row, so that no command, race or restart can get past them. */
#include "pos/till/projection.h"

#include "pos/checkout/sale.h"

static enum status
add_refund(struct database *db, const struct journal_line *line, const struct json_value *body,
           struct error_detail *err)
{
    char date[CIVIL_DATE_TEXT_SIZE];
    civil_date_format(date, line->business_date);
    const struct projection_column columns[] = {{.key = "refund"},
                                                {.is_integer = true, .number = line->sequence},
                                                {.key = "sale"},
                                                {.text = date},
                                                {.key = "amount_yen", .is_integer = true},
                                                {.key = "means"},
                                                {.key = "reason"},
                                                {.key = "clerk"},
                                                {.is_integer = true, .number = line->at_ms}};
    return projection_run(
        db,
        "INSERT INTO refund (refund, sequence, sale, business_date, amount_yen, means, reason, clerk, requested_ms, "
        "state)"
        " SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'requested' FROM sale WHERE sale = ?3 AND state = 'sold'"
        " AND total_yen >= ?5 + (SELECT COALESCE(SUM(amount_yen), 0) FROM refund WHERE sale = ?3"
        " AND state <> 'withdrawn')",
        body, columns, COUNT(columns), 1, err);
}

static enum status
add_part(struct database *db, const struct json_value *body, const struct json_value *part, struct error_detail *err)
{
    int64_t number;
    int64_t amount_yen;
    enum status status = json_get_int(part, "line", 1, BASKET_LINES_MAX, &number, err);
    if (status == STATUS_OK) {
        status = json_get_int(part, "amount_yen", 1, YEN_LIMIT, &amount_yen, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    const struct projection_column columns[] = {{.key = "refund"},
                                                {.is_integer = true, .number = number},
                                                {.is_integer = true, .number = amount_yen},
                                                {.key = "sale"}};
    /* The sale's line is read from its journal line: the amount of a line stands in no table. */
    return projection_run(
        db,
        "INSERT INTO refund_line (refund, line, amount_yen) SELECT ?1, ?2, ?3 FROM sale"
        " JOIN journal_line USING (sequence) WHERE sale = ?4"
        " AND json_extract(CAST(journal_line.line AS TEXT), '$.body.lines[' || (?2 - 1) || '].amount_yen')"
        " >= ?3 + (SELECT COALESCE(SUM(refund_line.amount_yen), 0) FROM refund_line JOIN refund USING (refund)"
        " WHERE refund.sale = ?4 AND refund.state <> 'withdrawn' AND refund_line.line = ?2)",
        body, columns, COUNT(columns), 1, err);
}

enum status
project_refund_requested(struct database *db, const struct journal_line *line, const struct json_value *body,
                         struct error_detail *err)
{
    const struct json_value *parts;
    int64_t amount_yen;
    int64_t sum_yen = 0;
    enum status status = add_refund(db, line, body, err);
    if (status == STATUS_OK) {
        status = json_get_int(body, "amount_yen", 1, YEN_LIMIT, &amount_yen, err);
    }
    if (status == STATUS_OK) {
        status = json_get_array(body, "lines", &parts, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    for (const struct json_value *part = json_first(parts); part != NULL && status == STATUS_OK;
         part = json_next(part)) {
        int64_t part_yen = 0;
        status = add_part(db, body, part, err);
        if (status == STATUS_OK) {
            status = json_get_int(part, "amount_yen", 1, YEN_LIMIT, &part_yen, err);
            sum_yen += part_yen;
        }
    }
    if (status == STATUS_OK && sum_yen != amount_yen) {
        error_set(err, "refund_lines", "the lines of a refund add up to %lld, not to %lld", (long long)sum_yen,
                  (long long)amount_yen);
        status = STATUS_INVALID;
    }
    return status;
}

enum status
project_refund_paid(struct database *db, const struct journal_line *line, const struct json_value *body,
                    struct error_detail *err)
{
    const struct projection_column columns[] = {{.key = "refund"},
                                                {.is_integer = true, .number = line->sequence},
                                                {.key = "amount_yen", .is_integer = true},
                                                {.key = "means"}};
    const struct projection_column refund[] = {{.key = "refund"}};
    enum status status = projection_run(db,
                                        "UPDATE refund SET state = 'paid', ended_sequence = ?2"
                                        " WHERE refund = ?1 AND state = 'requested' AND amount_yen = ?3 AND means = ?4",
                                        body, columns, COUNT(columns), 1, err);
    /* None when a drawer or an earlier reversal paid it. */
    return status == STATUS_OK ? projection_run(db,
                                                "UPDATE refund_run SET state = 'paid', cause = NULL"
                                                " WHERE refund = ?1 AND state IN ('started', 'unknown')",
                                                body, refund, COUNT(refund), 0, err)
                               : status;
}

enum status
project_refund_started(struct database *db, const struct journal_line *line, const struct json_value *body,
                       struct error_detail *err)
{
    const struct projection_column columns[] = {
        {.key = "refund"},      {.is_integer = true, .number = line->sequence}, {.key = "sale"},
        {.key = "payment"},     {.key = "amount_yen", .is_integer = true},      {.key = "clerk"},
        {.key = "approved_by"}, {.is_integer = true, .number = line->at_ms}};
    return projection_run(
        db,
        "INSERT INTO refund_run (refund, sequence, sale, payment, amount_yen, clerk, approved_by, started_ms, state)"
        " SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'started' FROM refund JOIN sale USING (sale)"
        " WHERE refund.refund = ?1 AND refund.state = 'requested' AND refund.means = 'gateway'"
        " AND refund.amount_yen = ?5 AND sale.sale = ?3 AND sale.payment = ?4",
        body, columns, COUNT(columns), 1, err);
}

enum status
project_refund_unknown(struct database *db, const struct journal_line *line, const struct json_value *body,
                       struct error_detail *err)
{
    (void)line;
    const struct projection_column columns[] = {{.key = "refund"}, {.key = "cause"}};
    return projection_run(db,
                          "UPDATE refund_run SET state = 'unknown', cause = ?2 WHERE refund = ?1 AND state = 'started'",
                          body, columns, COUNT(columns), 1, err);
}

enum status
project_refund_refused(struct database *db, const struct journal_line *line, const struct json_value *body,
                       struct error_detail *err)
{
    (void)line;
    const struct projection_column columns[] = {{.key = "refund"}, {.key = "cause"}};
    return projection_run(db,
                          "UPDATE refund_run SET state = 'refused', cause = ?2"
                          " WHERE refund = ?1 AND state IN ('started', 'unknown')",
                          body, columns, COUNT(columns), 1, err);
}

enum status
project_refund_withdrawn(struct database *db, const struct journal_line *line, const struct json_value *body,
                         struct error_detail *err)
{
    const struct projection_column columns[] = {{.key = "refund"}, {.is_integer = true, .number = line->sequence}};
    enum status status = projection_run(db,
                                        "UPDATE refund SET state = 'withdrawn', ended_sequence = ?2"
                                        " WHERE refund = ?1 AND state = 'requested' AND NOT EXISTS (SELECT 1 FROM"
                                        " refund_run WHERE refund = ?1 AND state IN ('started', 'unknown'))",
                                        body, columns, COUNT(columns), 1, err);
    /* A slip that never came out is wanted no more. */
    return status == STATUS_OK
               ? projection_run(db,
                                "DELETE FROM paper WHERE subject = ?1 AND form IN ('refund', 'refund_shop_copy')"
                                " AND state IN ('waiting', 'not_printed')",
                                body, columns, 1, 0, err)
               : status;
}
