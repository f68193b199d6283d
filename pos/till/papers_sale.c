/* The papers of a sale: receipt and void slip. */
#include "pos/till/till_parts.h"

#include <stdio.h>
#include <string.h>

enum status
load_sale_row(struct till *till, const char *sale, struct sale_row *out, struct error_detail *err)
{
    struct statement *row;
    bool has_row;
    enum status status = database_statement(till->db,
                                            "SELECT receipt_number, sequence, total_yen, method, brand, payment, state,"
                                            " business_date, cash_yen, (SELECT json_extract(CAST(line AS TEXT),"
                                            " '$.body.shop_copy') FROM journal_line WHERE journal_line.sequence ="
                                            " sale.sequence) FROM sale WHERE sale = ?1",
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
    *out = (struct sale_row){.sequence = statement_column_int(row, 1),
                             .total_yen = statement_column_int(row, 2),
                             .cash_yen = statement_column_int(row, 8),
                             .has_shop_copy = statement_column_int(row, 9) != 0};
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

static void
copy_facilities(const struct masters *masters, struct print_task *out)
{
    const struct sale_content *content = &out->sale.content;
    for (size_t i = 0; i < content->line_count && out->facility_count < PAPER_FACILITIES_MAX; i++) {
        const char *code = content->lines[i].facility;
        const struct master_facility *facility = masters_facility(masters, code, out->sale.received_on);
        bool is_known = code[0] == '\0' || facility == NULL;
        for (size_t f = 0; f < out->facility_count; f++) {
            is_known = is_known || strcmp(out->facilities[f].code, code) == 0;
        }
        if (!is_known) {
            struct paper_facility *copy = &out->facilities[out->facility_count++];
            snprintf(copy->code, sizeof copy->code, "%s", code);
            snprintf(copy->name, sizeof copy->name, "%s", facility->name);
        }
    }
}

void
describe_content(const struct till *till, struct print_task *task)
{
    if (till->masters != NULL) {
        copy_issuers(till->masters, task);
        copy_facilities(till->masters, task);
    }
}

/* 領収書 only when every item that cost something may have one: what was agreed with a trustee holds for all of it. */
static bool
is_usage_titled(const struct till *till, const struct sale *sale)
{
    for (size_t i = 0; i < sale->content.line_count; i++) {
        const struct sale_line *line = &sale->content.lines[i];
        if (line->amount_yen > 0 && policy_of_line(till, line, sale->received_on)->is_usage_titled) {
            return true;
        }
    }
    return false;
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

enum status
describe_sale_paper(struct till *till, const char *subject, struct print_task *task, struct error_detail *err)
{
    struct sale_row row;
    enum status status = load_sale_row(till, subject, &row, err);
    if (status == STATUS_OK) {
        status = load_sale(till, row.sequence, &task->sale, &task->at_ms, err);
    }
    if (status == STATUS_OK && (task->form == FORM_VOID || task->form == FORM_VOID_SHOP_COPY)) {
        status = read_void(till, subject, task, err);
    }
    if (status == STATUS_OK && till->masters != NULL) {
        snprintf(task->clerk_name, sizeof task->clerk_name, "%s", masters_clerk_name(till->masters, task->sale.clerk));
        snprintf(task->brand_name, sizeof task->brand_name, "%s",
                 masters_brand_name(till->masters, task->sale.payment.brand));
        describe_content(till, task);
        task->is_usage_titled = is_usage_titled(till, &task->sale);
    }
    return status;
}

/* Which of its papers SALE has now. */
static enum status
form_of_sale(struct till *till, const char *sale, enum paper_form *out, struct error_detail *err)
{
    struct sale_row row;
    till_lock(till);
    enum status status = load_sale_row(till, sale, &row, err);
    if (status == STATUS_OK) {
        *out = strcmp(row.state, "voided") == 0 ? FORM_VOID : FORM_RECEIPT;
    }
    till_unlock(till, false);
    return status;
}

enum status
till_request_print(struct till *till, const char *sale, struct error_detail *err)
{
    enum paper_form form;
    enum status status = form_of_sale(till, sale, &form, err);
    return status == STATUS_OK ? till_request_paper(till, form, sale, err) : status;
}

enum status
till_describe_sale(struct till *till, const char *sale, struct print_task *out, struct error_detail *err)
{
    enum paper_form form;
    enum status status = form_of_sale(till, sale, &form, err);
    return status == STATUS_OK ? till_describe_paper(till, form, sale, out, err) : status;
}

const char *
sale_paper_progress(struct till *till, const char *sale)
{
    struct statement *row;
    struct error_detail ignored;
    bool has_row = false;
    char state[STATE_WORD_SIZE] = "waiting";
    enum paper_form form = FORM_RECEIPT;
    if (database_statement(till->db, "SELECT form, state FROM paper WHERE subject = ?1 AND form IN ('receipt', 'void')",
                           &row, &ignored) == STATUS_OK) {
        statement_bind_text(row, 1, sale);
        if (statement_step(row, &has_row, &ignored) == STATUS_OK && has_row) {
            form = strcmp(statement_column_text(row, 0), "void") == 0 ? FORM_VOID : FORM_RECEIPT;
            snprintf(state, sizeof state, "%s", statement_column_text(row, 1));
            statement_reset(row);
        }
    }
    return paper_progress(till, sale, form, state);
}
