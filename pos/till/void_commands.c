/* Voids on the same business day, and papers after the sale. */
#include "pos/till/till_parts.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/* A row of table sale, as far as a void needs it. */
struct sale_row {
    char sale[IDENTITY_TEXT_SIZE];
    char receipt_number[RECEIPT_NUMBER_SIZE];
    int64_t sequence;
    int64_t total_yen;
    enum payment_method method;
    char brand[CODE_SIZE];
    char payment[IDENTITY_TEXT_SIZE];
    char state[STATE_WORD_SIZE];
    struct civil_date business_date;
};

static enum status
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

static enum status
check_can_void(const struct till *till, const struct sale_row *row, const char *reason, struct error_detail *err)
{
    enum status status = check_can_sell(till, err);
    if (status != STATUS_OK) {
        return status;
    }
    status = STATUS_REFUSED;
    const struct master_brand *brand =
        row->method >= METHOD_QR ? masters_brand(till->masters, row->brand, row->business_date) : NULL;
    if (strcmp(row->state, "voided") == 0) {
        error_set(err, "already_voided", "この会計はもう取り消されています。");
    } else if (strcmp(row->state, "voiding") == 0) {
        error_set(err, "already_voiding", "この会計は取消の結果を確かめています。待ってください。");
    } else if (civil_date_compare(row->business_date, till->day.date) != 0) {
        error_set(err, "other_day", "取消は売上と同じ営業日だけです。翌日以降は会計担当へ還付を依頼してください。");
    } else if (reason[0] == '\0' || strlen(reason) >= REASON_SIZE) {
        error_set(err, "reason_needed", "取消の理由を80文字までで入れてください。");
        status = STATUS_INVALID;
    } else if (brand != NULL && !brand->can_void) {
        error_set(err, "brand_cannot_void", "%sは取消ができません。会計担当へ還付を依頼してください。", brand->name);
    } else {
        status = STATUS_OK;
    }
    return status;
}

static enum status
record_voided(struct till *till, const struct sale_row *row, const char *clerk, const char *reason,
              struct error_detail *err)
{
    struct json_writer *body = record_body(till);
    json_text(body, "sale", row->sale);
    json_text(body, "receipt_number", row->receipt_number);
    json_text(body, "clerk", clerk);
    json_text(body, "reason", reason);
    json_int(body, "total_yen", row->total_yen);
    json_text(body, "method", payment_method_word(row->method));
    json_text(body, "brand", row->brand[0] != '\0' ? row->brand : NULL);
    json_text(body, "payment", row->payment[0] != '\0' ? row->payment : NULL);
    return record_line(till, "sale.voided", err);
}

/* Cash and 0円: nobody else has to be asked. */
static enum status
void_at_once(struct till *till, const struct sale_row *row, const char *reason, struct error_detail *err)
{
    bool opens_drawer = row->method == METHOD_CASH;
    enum status status = record_begin(till, err);
    if (status != STATUS_OK) {
        return status;
    }
    status = record_voided(till, row, till->clerk.code, reason, err);
    if (status == STATUS_OK && opens_drawer) {
        struct json_writer *body = record_body(till);
        json_text(body, "clerk", till->clerk.code);
        json_text(body, "reason", "void");
        status = record_line(till, "drawer.opened", err);
    }
    if (status != STATUS_OK) {
        record_rollback(till);
        return status;
    }
    status = record_commit(till, err);
    if (status == STATUS_OK) {
        till->is_drawer_wanted = till->is_drawer_wanted || opens_drawer;
        queue_print(till, row->sale, FORM_VOID);
    }
    return status;
}

/* Cashless: write the reversal ahead; the resolver performs it and repeats it until the answer is known. */
static enum status
start_reversal(struct till *till, const struct sale_row *row, const char *reason, struct error_detail *err)
{
    char id[IDENTITY_TEXT_SIZE];
    enum status status = identity_new(id, till_now_ms(till), err);
    if (status != STATUS_OK) {
        return status;
    }
    struct json_writer *body = record_body(till);
    json_text(body, "reversal", id);
    json_text(body, "payment", row->payment);
    json_text(body, "sale", row->sale);
    json_int(body, "amount_yen", row->total_yen);
    json_text(body, "clerk", till->clerk.code);
    json_text(body, "reason", reason);
    status = record_single(till, "reversal.started", err);
    pthread_cond_broadcast(&till->work_changed);
    return status;
}

enum status
till_void_sale(struct till *till, const char *sale, const char *reason, struct error_detail *err)
{
    struct sale_row row;
    till_lock(till);
    enum status status = load_sale_row(till, sale, &row, err);
    if (status == STATUS_OK) {
        status = check_can_void(till, &row, reason, err);
    }
    if (status == STATUS_OK) {
        status =
            row.method >= METHOD_QR ? start_reversal(till, &row, reason, err) : void_at_once(till, &row, reason, err);
    }
    till_unlock(till, status == STATUS_OK);
    return status;
}

struct reversal_row {
    char payment[IDENTITY_TEXT_SIZE];
    char sale[IDENTITY_TEXT_SIZE];
    char clerk[CODE_SIZE];
    char reason[REASON_SIZE];
    char state[STATE_WORD_SIZE];
};

static enum status
load_reversal(struct till *till, const char *reversal, struct reversal_row *out, struct error_detail *err)
{
    struct statement *row;
    bool has_row;
    enum status status = database_statement(
        till->db, "SELECT payment, sale, clerk, reason, state FROM reversal WHERE reversal = ?1", &row, err);
    if (status == STATUS_OK) {
        statement_bind_text(row, 1, reversal);
        status = statement_step(row, &has_row, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    if (!has_row) {
        error_set(err, "no_such_reversal", "there is no reversal %s", reversal);
        return STATUS_NOT_FOUND;
    }
    snprintf(out->payment, sizeof out->payment, "%s", statement_column_text(row, 0));
    snprintf(out->sale, sizeof out->sale, "%s", statement_column_text(row, 1));
    snprintf(out->clerk, sizeof out->clerk, "%s", statement_column_text(row, 2));
    snprintf(out->reason, sizeof out->reason, "%s", statement_column_text(row, 3));
    snprintf(out->state, sizeof out->state, "%s", statement_column_text(row, 4));
    statement_reset(row);
    return STATUS_OK;
}

static enum status
record_reversal_resolved(struct till *till, const char *reversal, const struct reversal_row *row, const char *result,
                         const char *reason, struct error_detail *err)
{
    struct json_writer *body = record_body(till);
    json_text(body, "reversal", reversal);
    json_text(body, "payment", row->payment);
    json_text(body, "sale", row->sale);
    json_text(body, "result", result);
    json_text(body, "reason", reason[0] != '\0' ? reason : NULL);
    return record_line(till, "reversal.resolved", err);
}

static enum status
settle_reversed(struct till *till, const char *reversal, const struct reversal_row *row, struct error_detail *err)
{
    struct sale_row sale;
    enum status status = load_sale_row(till, row->sale, &sale, err);
    if (status == STATUS_OK) {
        status = record_begin(till, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    status = record_reversal_resolved(till, reversal, row, "reversed", "", err);
    if (status == STATUS_OK) {
        status = record_voided(till, &sale, row->clerk, row->reason, err);
    }
    if (status != STATUS_OK) {
        record_rollback(till);
        return status;
    }
    status = record_commit(till, err);
    if (status == STATUS_OK) {
        queue_print(till, row->sale, FORM_VOID);
    }
    return status;
}

enum status
reversal_settle(struct till *till, const char *reversal, const struct payment_answer *answer, struct error_detail *err)
{
    struct reversal_row row;
    enum status status = load_reversal(till, reversal, &row, err);
    bool is_open = status == STATUS_OK && (strcmp(row.state, "started") == 0 || strcmp(row.state, "unknown") == 0);
    if (!is_open) {
        return status;
    }
    if (answer->result == PAYMENT_REVERSED) {
        return settle_reversed(till, reversal, &row, err);
    }
    if (answer->result == PAYMENT_CANNOT) {
        status = record_begin(till, err);
        if (status == STATUS_OK) {
            status = record_reversal_resolved(till, reversal, &row, "refused", answer->cause, err);
        }
        if (status != STATUS_OK) {
            record_rollback(till);
            return status;
        }
        return record_commit(till, err);
    }
    if (strcmp(row.state, "unknown") == 0) {
        return STATUS_OK;
    }
    /* Also "not charged": the sale says that it was, so only people can say what happened. It stays open and listed. */
    struct json_writer *body = record_body(till);
    json_text(body, "reversal", reversal);
    json_text(body, "cause", answer->cause[0] != '\0' ? answer->cause : "no_answer");
    return record_single(till, "reversal.unknown", err);
}

/* ---- papers ---- */

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

static enum status
void_reason_of(struct till *till, const char *sale, char *out, size_t size, struct error_detail *err)
{
    struct statement *row;
    bool has_row;
    /* The reason stands in the body of the sale's void line. */
    enum status status = database_statement(till->db,
                                            "SELECT json_extract(CAST(line AS TEXT), '$.body.reason') FROM journal_line"
                                            " WHERE sequence = (SELECT void_sequence FROM sale WHERE sale = ?1)",
                                            &row, err);
    if (status == STATUS_OK) {
        statement_bind_text(row, 1, sale);
        status = statement_step(row, &has_row, err);
    }
    out[0] = '\0';
    if (status == STATUS_OK && has_row) {
        snprintf(out, size, "%s", statement_column_text(row, 0));
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
        status = void_reason_of(till, sale, out->void_reason, sizeof out->void_reason, err);
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
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    int64_t ns = until.tv_nsec + (int64_t)(timeout_ms % 1000) * 1000000;
    until.tv_sec += timeout_ms / 1000 + ns / 1000000000;
    until.tv_nsec = ns % 1000000000;
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
