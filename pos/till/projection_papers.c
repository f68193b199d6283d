/* Papers: which lines ask for one, and how far each got. */
#include "pos/till/projection.h"

#include "pos/checkout/sale.h"

#include <stdio.h>
#include <string.h>

enum { FORMS_MAX = 3, VALUES_MAX = 2 };

/* The lines that ask for papers. SUBJECT is the member with the id of what they are about; NULL: the line itself, whose
 * sequence stands for it. ONLY_WITH: a member that lines of older tills lack, which never printed this paper, or whose
 * value tells whether there is one. */
static const struct wanted_papers {
    const char *kind;
    const char *subject;
    const char *only_with;
    const char *only_values[VALUES_MAX]; /* of `only_with`; none: any */
    const char *forms[FORMS_MAX];
} wanted[] = {
    {.kind = "sale.recorded", .subject = "sale", .forms = {"receipt"}},
    {.kind = "sale.recorded", .subject = "sale", .only_with = "shop_copy", .forms = {"shop_copy"}},
    {.kind = "sale.voided", .subject = "sale", .forms = {"void"}},
    {.kind = "sale.voided", .subject = "sale", .only_with = "shop_copy", .forms = {"void_shop_copy"}},
    {.kind = "payment.in_doubt",
     .subject = "payment",
     .only_with = "rule",
     .only_values = {"touch_proves", "touch_confirms"},
     .forms = {"in_doubt"}},
    {.kind = "refund.requested",
     .subject = "refund",
     .only_with = "means",
     .only_values = {"gateway", "bank_transfer"},
     .forms = {"refund"}},
    {.kind = "refund.requested", .subject = "refund", .only_with = "shop_copy", .forms = {"refund_shop_copy"}},
    /* Not of one that the processor had paid: its request asked for the slip, in the same transaction. */
    {.kind = "refund.paid", .subject = "refund", .only_with = "means", .only_values = {"cash"}, .forms = {"refund"}},
    {.kind = "float.moved", .forms = {"float"}},
    {.kind = "cash.moved", .forms = {"cash"}},
    {.kind = "shift.handed_over", .forms = {"handover"}},
    {.kind = "day.inspected", .forms = {"inspection"}},
    {.kind = "day.closed", .subject = "day", .only_with = "number", .forms = {"close"}},
    {.kind = "day.closed", .subject = "day", .only_with = "deposit_yen", .forms = {"deposit", "day_report"}},
};

static enum status
want(struct database *db, const struct journal_line *line, const struct json_value *body, const char *subject,
     const char *form, struct error_detail *err)
{
    char sequence[24];
    snprintf(sequence, sizeof sequence, "%lld", (long long)line->sequence);
    const struct projection_column columns[] = {{.key = subject, .text = sequence},
                                                {.text = form},
                                                {.is_integer = true, .number = line->sequence},
                                                {.is_integer = true, .number = line->at_ms}};
    return projection_run(
        db, "INSERT INTO paper (subject, form, sequence, at_ms, state) VALUES (?1, ?2, ?3, ?4, 'waiting')", body,
        columns, COUNT(columns), 1, err);
}

static bool
is_meant(const struct wanted_papers *row, const struct journal_line *line, const struct json_value *body)
{
    const char *value = "";
    if (strcmp(row->kind, line->kind) != 0) {
        return false;
    }
    if (row->only_with == NULL) {
        return true;
    }
    const struct json_value *member = json_member(body, row->only_with);
    if (member == NULL || row->only_values[0] == NULL) {
        return member != NULL;
    }
    for (size_t i = 0; i < VALUES_MAX && row->only_values[i] != NULL; i++) {
        if (json_as_text(member, &value) && strcmp(value, row->only_values[i]) == 0) {
            return true;
        }
    }
    return false;
}

enum status
project_papers_wanted(struct database *db, const struct journal_line *line, const struct json_value *body,
                      struct error_detail *err)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < COUNT(wanted); i++) {
        bool is_wanted = is_meant(&wanted[i], line, body);
        for (size_t f = 0; is_wanted && f < FORMS_MAX && wanted[i].forms[f] != NULL && status == STATUS_OK; f++) {
            status = want(db, line, body, wanted[i].subject, wanted[i].forms[f], err);
        }
    }
    return status;
}

/* A citizen whose sale is voided gets a void slip, and no receipt any more. */
enum status
project_receipt_unwanted(struct database *db, const struct journal_line *line, const struct json_value *body,
                         struct error_detail *err)
{
    (void)line;
    const struct projection_column columns[] = {{.key = "sale"}};
    return projection_run(db, "DELETE FROM paper WHERE subject = ?1 AND form IN ('receipt', 'shop_copy')", body,
                          columns, COUNT(columns), 0, err);
}

enum status
project_print_started(struct database *db, const struct journal_line *line, const struct json_value *body,
                      struct error_detail *err)
{
    (void)line;
    const struct projection_column columns[] = {
        {.key = "job", .is_integer = true}, {.key = "sale"}, {.key = "form"}, {.key = "copy", .is_integer = true}};
    const struct projection_column paper[] = {{.key = "sale"}, {.key = "form"}};
    enum status status =
        projection_run(db, "INSERT INTO print_job (job, subject, form, copy, state) VALUES (?1, ?2, ?3, ?4, 'started')",
                       body, columns, COUNT(columns), 1, err);
    return status == STATUS_OK
               ? projection_run(db, "UPDATE paper SET state = 'started' WHERE subject = ?1 AND form = ?2", body, paper,
                                COUNT(paper), 0, err)
               : status;
}

/* A paper that could not even be started has a finish without a start. */
enum status
project_print_finished(struct database *db, const struct journal_line *line, const struct json_value *body,
                       struct error_detail *err)
{
    (void)line;
    const struct projection_column columns[] = {{.key = "job", .is_integer = true},
                                                {.key = "sale"},
                                                {.key = "form"},
                                                {.key = "copy", .is_integer = true},
                                                {.key = "outcome"}};
    const struct projection_column paper[] = {{.key = "sale"}, {.key = "form"}, {.key = "outcome"}};
    enum status status = projection_run(db,
                                        "INSERT INTO print_job (job, subject, form, copy, state)"
                                        " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (job) DO UPDATE SET state ="
                                        " excluded.state",
                                        body, columns, COUNT(columns), 1, err);
    return status == STATUS_OK ? projection_run(db, "UPDATE paper SET state = ?3 WHERE subject = ?1 AND form = ?2",
                                                body, paper, COUNT(paper), 0, err)
                               : status;
}
