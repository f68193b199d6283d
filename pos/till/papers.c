/* Papers: what is to be printed, with everything that its layout needs, and how many copies have come out.
 *
 * A paper is about something: a sale, a payment, a business day, a line of the journal. It is started durably before
 * its first byte goes to the printer, so that after a power cut nothing is printed twice unmarked: a paper that was
 * begun is "unknown", and the next one says 再発行. What ought to come out stands in table paper (projection_papers.c);
 * nothing is tried again without being asked. */
#include "pos/till/till_parts.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *word;
    const char *title;
    paper_describer describe;
    bool is_shop_copy; /* laid out by the template of that form, which has one for all three */
} kinds[PAPER_FORMS] = {
    [FORM_RECEIPT] = {"receipt", "領収書", describe_sale_paper},
    [FORM_VOID] = {"void", "取消票", describe_sale_paper},
    [FORM_SHOP_COPY] = {"shop_copy", "加盟店控", describe_shop_copy},
    [FORM_VOID_SHOP_COPY] = {"void_shop_copy", "加盟店控(取消)", describe_shop_copy, .is_shop_copy = true},
    [FORM_REFUND_SHOP_COPY] = {"refund_shop_copy", "加盟店控(返金)", describe_refund_shop_copy, .is_shop_copy = true},
    [FORM_IN_DOUBT] = {"in_doubt", "処理未了のお知らせ", describe_in_doubt_paper},
    [FORM_REFUND] = {"refund", "還付票", describe_refund_paper},
    [FORM_CLOSE] = {"close", "精算票", describe_day_paper},
    [FORM_DEPOSIT] = {"deposit", "現金払込書", describe_day_paper},
    [FORM_DAY_REPORT] = {"day_report", "収納日報", describe_day_paper},
    [FORM_INSPECTION] = {"inspection", "点検票", describe_inspection_paper},
    [FORM_FLOAT] = {"float", "つり銭票", describe_movement_paper},
    [FORM_CASH] = {"cash", "入出金票", describe_movement_paper},
    [FORM_HANDOVER] = {"handover", "引継票", describe_handover_paper},
    [FORM_TICKET] = {"ticket", "駐車券", describe_ticket_paper},
    [FORM_HOLD] = {"hold", "保留票", describe_hold_paper},
    [FORM_PAYMENT_CODE] = {"payment_code", "お支払い用コード", describe_payment_code_paper},
    [FORM_TEST] = {"test", "試し刷り", describe_test_paper},
};

const char *
paper_form_word(enum paper_form form)
{
    assert(form < PAPER_FORMS);
    return kinds[form].word;
}

const char *
paper_form_title(enum paper_form form)
{
    assert(form < PAPER_FORMS);
    return kinds[form].title;
}

bool
paper_form_from_word(const char *word, enum paper_form *out)
{
    for (size_t i = 0; i < PAPER_FORMS; i++) {
        if (strcmp(kinds[i].word, word) == 0) {
            *out = (enum paper_form)i;
            return true;
        }
    }
    return false;
}

/* How many papers of this form have come out, or may have: the next one's copy number. */
static enum status
count_copies(struct till *till, const char *subject, enum paper_form form, int64_t *out, struct error_detail *err)
{
    struct statement *row;
    bool has_row;
    enum status status = database_statement(
        till->db, "SELECT COUNT(*) FROM print_job WHERE subject = ?1 AND form = ?2 AND state <> 'not_printed'", &row,
        err);
    if (status == STATUS_OK) {
        statement_bind_text(row, 1, subject);
        statement_bind_text(row, 2, paper_form_word(form));
        status = statement_step(row, &has_row, err);
    }
    if (status == STATUS_OK) {
        *out = statement_column_int(row, 0);
        statement_reset(row);
    }
    return status;
}

/* Under the lock. */
static enum status
describe(struct till *till, const char *subject, enum paper_form form, struct print_task *out, struct error_detail *err)
{
    memset(out, 0, sizeof *out); /* too large for a temporary */
    out->form = form;
    snprintf(out->subject, sizeof out->subject, "%s", subject);
    out->is_training = till->is_training;
    snprintf(out->terminal, sizeof out->terminal, "%s", till->terminal);
    if (till->masters != NULL) {
        snprintf(out->place_name, sizeof out->place_name, "%s", till->masters->place.name);
        snprintf(out->municipality_name, sizeof out->municipality_name, "%s", till->masters->municipality_name);
        snprintf(out->receipt_note, sizeof out->receipt_note, "%s", till->masters->place.receipt_note);
    }
    enum status status = form == FORM_TEST ? STATUS_OK : count_copies(till, subject, form, &out->copy, err);
    return status == STATUS_OK ? kinds[form].describe(till, subject, out, err) : status;
}

enum status
till_describe_paper(struct till *till, enum paper_form form, const char *subject, struct print_task *out,
                    struct error_detail *err)
{
    till_lock(till);
    enum status status = describe(till, subject, form, out, err);
    till_unlock(till, false);
    if (status == STATUS_OK) {
        out->copy = 0;
    }
    return status;
}

char *
till_copy_template(struct till *till, enum paper_form form, unsigned columns)
{
    const char *word = paper_form_word(kinds[form].is_shop_copy ? FORM_SHOP_COPY : form);
    till_lock(till);
    const char *markup =
        till->masters != NULL ? masters_template(till->masters, word, columns, till_business_date(till)) : NULL;
    char *copy = markup != NULL ? strdup(markup) : NULL;
    till_unlock(till, false);
    return copy;
}

void
queue_print(struct till *till, const char *subject, enum paper_form form)
{
    if (till->print_count == PRINT_QUEUE_MAX) {
        return; /* it stays without a print job, and so in the list of unprinted papers */
    }
    struct print_request *request = &till->print_queue[till->print_count++];
    snprintf(request->subject, sizeof request->subject, "%s", subject);
    request->form = form;
    pthread_cond_broadcast(&till->print_changed);
}

enum status
till_request_paper(struct till *till, enum paper_form form, const char *subject, struct error_detail *err)
{
    static struct print_task task; /* to see that there is such a paper; large, used under the lock */
    till_lock(till);
    enum status status = describe(till, subject, form, &task, err);
    if (status == STATUS_OK && !till->clerk.is_present) {
        error_set(err, "no_clerk", "担当者を選び、暗証番号を入れてください。");
        status = STATUS_REFUSED;
    }
    if (status == STATUS_OK && till->print_count == PRINT_QUEUE_MAX) {
        error_set(err, "print_queue_full", "印刷待ちがいっぱいです。プリンタを確かめてください。");
        status = STATUS_BUSY;
    }
    if (status == STATUS_OK) {
        queue_print(till, subject, form);
    }
    till_unlock(till, status == STATUS_OK);
    return status;
}

static bool
is_same_paper(const struct print_request *request, const char *subject, enum paper_form form)
{
    return request->form == form && strcmp(request->subject, subject) == 0;
}

const char *
paper_progress(const struct till *till, const char *subject, enum paper_form form, const char *state)
{
    for (size_t i = 0; i < till->print_count; i++) {
        if (is_same_paper(&till->print_queue[i], subject, form)) {
            return "queued";
        }
    }
    if (is_same_paper(&till->printing, subject, form)) {
        return "printing";
    }
    if (strcmp(state, "printed") == 0) {
        return "printed";
    }
    return strcmp(state, "started") == 0 || strcmp(state, "unknown") == 0 ? "unknown" : "not_printed";
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
        status = describe(till, request.subject, request.form, out, err);
        if (status == STATUS_OK) {
            till->printing = request;
        }
    } else {
        error_set(err, "nothing_to_print", "nothing to print");
    }
    till_unlock(till, has_task);
    return status;
}

/* What the lines about a print job say of it. */
struct print_job {
    int64_t job;
    const char *subject;
    enum paper_form form;
    int64_t copy;
};

static enum status
record_print(struct till *till, const char *kind, const struct print_job *job, const char *outcome,
             struct error_detail *err)
{
    struct json_writer *body = record_body(till);
    json_int(body, "job", job->job);
    json_text(body, "sale", job->subject); /* the member is as old as the papers of sales */
    json_text(body, "form", paper_form_word(job->form));
    json_int(body, "copy", job->copy);
    if (outcome != NULL) {
        json_text(body, "outcome", outcome);
    }
    return record_single(till, kind, err);
}

static enum status
next_job(struct till *till, int64_t *out, struct error_detail *err)
{
    return database_query_int(till->db, "SELECT COALESCE(MAX(job), 0) + 1 FROM print_job", out, err);
}

enum status
till_print_started(struct till *till, struct print_task *task, struct error_detail *err)
{
    till_lock(till);
    enum status status = next_job(till, &task->job, err);
    if (status == STATUS_OK) {
        const struct print_job job = {
            .job = task->job, .subject = task->subject, .form = task->form, .copy = task->copy};
        status = record_print(till, "print.started", &job, NULL, err);
    }
    till_unlock(till, true);
    return status;
}

enum status
till_print_finished(struct till *till, const struct print_task *task, const char *outcome, const char *message,
                    struct error_detail *err)
{
    struct print_job job = {.job = task->job, .subject = task->subject, .form = task->form, .copy = task->copy};
    till_lock(till);
    enum status status = job.job == 0 ? next_job(till, &job.job, err) : STATUS_OK;
    if (status == STATUS_OK) {
        status = record_print(till, "print.finished", &job, outcome, err);
    }
    till->printing = (struct print_request){0};
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
    struct print_job jobs[RECOVERED_PAPERS_MAX];
    char subjects[RECOVERED_PAPERS_MAX][IDENTITY_TEXT_SIZE];
    size_t count = 0;
    struct statement *row;
    bool has_row = false;
    enum status status = database_statement(
        till->db, "SELECT job, subject, form, copy FROM print_job WHERE state = 'started' ORDER BY job LIMIT 16", &row,
        err);
    while (status == STATUS_OK && (status = statement_step(row, &has_row, err)) == STATUS_OK && has_row) {
        struct print_job *job = &jobs[count];
        snprintf(subjects[count], IDENTITY_TEXT_SIZE, "%s", statement_column_text(row, 1));
        *job = (struct print_job){
            .job = statement_column_int(row, 0), .subject = subjects[count], .copy = statement_column_int(row, 3)};
        if (!paper_form_from_word(statement_column_text(row, 2), &job->form)) {
            error_set(err, "database_corrupt", "print job %lld has an unknown form", (long long)job->job);
            status = STATUS_CORRUPT;
        }
        if (++count == RECOVERED_PAPERS_MAX || status != STATUS_OK) {
            statement_reset(row);
            break;
        }
    }
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        status = record_print(till, "print.finished", &jobs[i], "unknown", err);
    }
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
    status = database_statement(till->db,
                                "SELECT subject, form FROM paper LEFT JOIN sale ON sale.sale = subject"
                                " WHERE paper.state = 'waiting' AND paper.at_ms > ?1"
                                " AND NOT " SQL_PAPER_IS_OF_A_LATE_SALE
                                " ORDER BY paper.sequence, form LIMIT 16", /* the citizen's before the shop's */
                                &row, err);
    if (status != STATUS_OK) {
        return status;
    }
    statement_bind_int(row, 1, till_now_ms(till) - WAITING_CITIZEN_MS);
    while ((status = statement_step(row, &has_row, err)) == STATUS_OK && has_row) {
        enum paper_form form;
        if (paper_form_from_word(statement_column_text(row, 1), &form)) {
            queue_print(till, statement_column_text(row, 0), form);
        }
    }
    return status;
}
