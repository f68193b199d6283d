/* Papers: what is to be printed, with everything that its layout needs, and how many copies have come out.
 *
 * A paper is started durably before its first byte goes to the printer, so that after a power cut nothing is printed
 * twice unmarked: a paper that was begun is "unknown", and the next one says 再発行. */
#include "pos/till/till_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum status
load_sale_row(struct till *till, const char *sale, struct sale_row *out, struct error_detail *err)
{
    struct statement *row;
    bool has_row;
    enum status status = database_statement(till->db,
                                            "SELECT receipt_number, sequence, total_yen, method, brand, payment, state,"
                                            " business_date FROM sale WHERE sale = ?1",
                                            &row, err);
    if (status == STATUS_OK) {
        statement_bind_text(row, 1, sale);
        status = statement_step(row, &has_row, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    if (!has_row) {
        error_set(err, "no_such_sale", "その会計は見つかりません。");
        return STATUS_NOT_FOUND;
    }
    *out = (struct sale_row){.sequence = statement_column_int(row, 1), .total_yen = statement_column_int(row, 2)};
    snprintf(out->sale, sizeof out->sale, "%s", sale);
    snprintf(out->receipt_number, sizeof out->receipt_number, "%s", statement_column_text(row, 0));
    snprintf(out->brand, sizeof out->brand, "%s", statement_column_text(row, 4));
    snprintf(out->payment, sizeof out->payment, "%s", statement_column_text(row, 5));
    snprintf(out->state, sizeof out->state, "%s", statement_column_text(row, 6));
    const char *date = statement_column_text(row, 7);
    bool is_sound = payment_method_from_word(statement_column_text(row, 3), &out->method) &&
                    civil_date_parse(&out->business_date, date, strlen(date)) == STATUS_OK;
    statement_reset(row);
    if (!is_sound) {
        error_set(err, "database_corrupt", "sale %s has an unknown method or date", sale);
        return STATUS_CORRUPT;
    }
    return STATUS_OK;
}

enum status
till_request_print(struct till *till, const char *sale, struct error_detail *err)
{
    struct sale_row row;
    till_lock(till);
    enum status status = load_sale_row(till, sale, &row, err);
    if (status == STATUS_OK && !till->clerk.is_present) {
        error_set(err, "no_clerk", "担当者を選び、暗証番号を入れてください。");
        status = STATUS_REFUSED;
    }
    if (status == STATUS_OK && till->print_count == PRINT_QUEUE_MAX) {
        error_set(err, "print_queue_full", "印刷待ちがいっぱいです。プリンタを確かめてください。");
        status = STATUS_BUSY;
    }
    if (status == STATUS_OK) {
        queue_print(till, sale, strcmp(row.state, "voided") == 0 ? FORM_VOID : FORM_RECEIPT);
    }
    till_unlock(till, status == STATUS_OK);
    return status;
}

static const char *
form_word(enum paper_form form)
{
    return form == FORM_RECEIPT ? "receipt" : "void";
}

/* How many papers of this form have come out, or may have: the next one's copy number. */
static enum status
count_copies(struct till *till, const char *sale, enum paper_form form, int64_t *out, struct error_detail *err)
{
    struct statement *row;
    bool has_row;
    enum status status = database_statement(
        till->db, "SELECT COUNT(*) FROM print_job WHERE sale = ?1 AND form = ?2 AND state <> 'not_printed'", &row, err);
    if (status == STATUS_OK) {
        statement_bind_text(row, 1, sale);
        statement_bind_text(row, 2, form_word(form));
        status = statement_step(row, &has_row, err);
    }
    if (status == STATUS_OK) {
        *out = statement_column_int(row, 0);
        statement_reset(row);
    }
    return status;
}

static void
copy_issuers(const struct masters *masters, struct print_task *out)
{
    for (size_t t = 0; t < out->sale.content.tax_count; t++) {
        const char *code = out->sale.content.taxes[t].issuer;
        bool is_known = false;
        for (size_t i = 0; i < out->issuer_count; i++) {
            is_known = is_known || strcmp(out->issuers[i].code, code) == 0;
        }
        for (size_t i = 0; i < masters->issuer_count && !is_known; i++) {
            if (strcmp(masters->issuers[i].code, code) == 0) {
                out->issuers[out->issuer_count++] = masters->issuers[i];
                is_known = true;
            }
        }
    }
}

/* When and why SALE was voided: both stand in its void line. */
static enum status
read_void(struct till *till, const char *sale, struct print_task *out, struct error_detail *err)
{
    struct statement *row;
    bool has_row;
    enum status status = database_statement(till->db,
                                            "SELECT json_extract(CAST(line AS TEXT), '$.body.reason'),"
                                            " json_extract(CAST(line AS TEXT), '$.at') FROM journal_line"
                                            " WHERE sequence = (SELECT void_sequence FROM sale WHERE sale = ?1)",
                                            &row, err);
    if (status == STATUS_OK) {
        statement_bind_text(row, 1, sale);
        status = statement_step(row, &has_row, err);
    }
    if (status == STATUS_OK && has_row) {
        const char *at = statement_column_text(row, 1);
        snprintf(out->void_reason, sizeof out->void_reason, "%s", statement_column_text(row, 0));
        if (instant_parse(&out->voided_at_ms, at, strlen(at)) != STATUS_OK) {
            out->voided_at_ms = 0; /* unknown: the slip says when it was issued */
        }
        statement_reset(row);
    }
    return status;
}

/* Under the lock. */
static enum status
describe(struct till *till, const char *sale, enum paper_form form, struct print_task *out, struct error_detail *err)
{
    struct sale_row row;
    *out = (struct print_task){.form = form};
    enum status status = load_sale_row(till, sale, &row, err);
    if (status == STATUS_OK) {
        status = load_sale(till, row.sequence, &out->sale, &out->sold_at_ms, err);
    }
    if (status == STATUS_OK) {
        status = count_copies(till, sale, form, &out->copy, err);
    }
    if (status == STATUS_OK && form == FORM_VOID) {
        status = read_void(till, sale, out, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    const struct masters *masters = till->masters;
    snprintf(out->sale_id, sizeof out->sale_id, "%s", sale);
    snprintf(out->terminal, sizeof out->terminal, "%s", till->terminal);
    snprintf(out->clerk_name, sizeof out->clerk_name, "%s", masters_clerk_name(masters, out->sale.clerk));
    snprintf(out->brand_name, sizeof out->brand_name, "%s", masters_brand_name(masters, out->sale.payment.brand));
    snprintf(out->place_name, sizeof out->place_name, "%s", masters->place.name);
    snprintf(out->municipality_name, sizeof out->municipality_name, "%s", masters->municipality_name);
    snprintf(out->receipt_note, sizeof out->receipt_note, "%s", masters->place.receipt_note);
    copy_issuers(masters, out);
    return STATUS_OK;
}

enum status
till_describe_sale(struct till *till, const char *sale, struct print_task *out, struct error_detail *err)
{
    struct sale_row row;
    till_lock(till);
    enum status status = load_sale_row(till, sale, &row, err);
    if (status == STATUS_OK) {
        status = describe(till, sale, strcmp(row.state, "voided") == 0 ? FORM_VOID : FORM_RECEIPT, out, err);
    }
    till_unlock(till, false);
    if (status == STATUS_OK) {
        out->copy = 0;
    }
    return status;
}

enum status
till_next_print(struct till *till, unsigned timeout_ms, struct print_task *out, struct error_detail *err)
{
    struct timespec until = clock_deadline_after(timeout_ms);
    till_lock(till);
    if (till->print_count == 0 && !till->is_stopping && !till->is_drawer_wanted) {
        pthread_cond_timedwait(&till->print_changed, &till->lock, &until);
    }
    enum status status = STATUS_NOT_FOUND;
    bool has_task = till->print_count > 0 && !till->is_stopping;
    if (has_task) {
        struct print_request request = till->print_queue[0];
        till->print_count--;
        memmove(&till->print_queue[0], &till->print_queue[1], till->print_count * sizeof till->print_queue[0]);
        status = describe(till, request.sale, request.form, out, err);
        if (status == STATUS_OK) {
            memcpy(till->printing_sale, request.sale, sizeof till->printing_sale);
        }
    } else {
        error_set(err, "nothing_to_print", "nothing to print");
    }
    till_unlock(till, has_task);
    return status;
}

static enum status
record_print(struct till *till, const char *kind, const struct print_task *task, const char *outcome,
             struct error_detail *err)
{
    struct json_writer *body = record_body(till);
    json_int(body, "job", task->job);
    json_text(body, "sale", task->sale_id);
    json_text(body, "form", form_word(task->form));
    json_int(body, "copy", task->copy);
    if (outcome != NULL) {
        json_text(body, "outcome", outcome);
    }
    return record_single(till, kind, err);
}

static enum status
next_job(struct till *till, struct print_task *task, struct error_detail *err)
{
    return database_query_int(till->db, "SELECT COALESCE(MAX(job), 0) + 1 FROM print_job", &task->job, err);
}

enum status
till_print_started(struct till *till, struct print_task *task, struct error_detail *err)
{
    till_lock(till);
    enum status status = next_job(till, task, err);
    if (status == STATUS_OK) {
        status = record_print(till, "print.started", task, NULL, err);
    }
    till_unlock(till, true);
    return status;
}

enum status
till_print_finished(struct till *till, const struct print_task *task, const char *outcome, const char *message,
                    struct error_detail *err)
{
    struct print_task numbered = {.job = task->job, .form = task->form, .copy = task->copy};
    till_lock(till);
    memcpy(numbered.sale_id, task->sale_id, sizeof numbered.sale_id);
    enum status status = numbered.job == 0 ? next_job(till, &numbered, err) : STATUS_OK;
    if (status == STATUS_OK) {
        status = record_print(till, "print.finished", &numbered, outcome, err);
    }
    till->printing_sale[0] = '\0';
    (void)message; /* the printer's state carries it */
    till_unlock(till, true);
    return status;
}

enum {
    RECOVERED_PAPERS_MAX = 16,
    WAITING_CITIZEN_MS = 10 * 60 * 1000 /* after a restart a citizen may still be waiting for a paper this old */
};

/* Papers begun and never finished: the power went while they were being printed. */
static enum status
finish_begun_papers(struct till *till, struct error_detail *err)
{
    struct print_task *tasks = calloc(RECOVERED_PAPERS_MAX, sizeof *tasks);
    size_t count = 0;
    struct statement *row;
    bool has_row = false;
    if (tasks == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    enum status status = database_statement(
        till->db, "SELECT job, sale, form, copy FROM print_job WHERE state = 'started' LIMIT 16", &row, err);
    while (status == STATUS_OK && (status = statement_step(row, &has_row, err)) == STATUS_OK && has_row) {
        struct print_task *task = &tasks[count++];
        task->job = statement_column_int(row, 0);
        snprintf(task->sale_id, sizeof task->sale_id, "%s", statement_column_text(row, 1));
        task->form = strcmp(statement_column_text(row, 2), "void") == 0 ? FORM_VOID : FORM_RECEIPT;
        task->copy = statement_column_int(row, 3);
        if (count == RECOVERED_PAPERS_MAX) {
            statement_reset(row);
            break;
        }
    }
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        status = record_print(till, "print.finished", &tasks[i], "unknown", err);
    }
    free(tasks);
    return status;
}

enum status
papers_recover(struct till *till, struct error_detail *err)
{
    struct statement *row;
    bool has_row = false;
    enum status status = finish_begun_papers(till, err);
    if (status != STATUS_OK) {
        return status;
    }
    status =
        database_statement(till->db,
                           "SELECT sale FROM sale WHERE at_ms > ?1 AND state = 'sold' AND NOT EXISTS"
                           " (SELECT 1 FROM print_job WHERE print_job.sale = sale.sale) ORDER BY sequence LIMIT 16",
                           &row, err);
    if (status != STATUS_OK) {
        return status;
    }
    statement_bind_int(row, 1, till_now_ms(till) - WAITING_CITIZEN_MS);
    while ((status = statement_step(row, &has_row, err)) == STATUS_OK && has_row) {
        queue_print(till, statement_column_text(row, 0), FORM_RECEIPT);
    }
    return status;
}
