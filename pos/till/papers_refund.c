/* The slip of a refund: what the citizen signs when cash comes back, or keeps as the proof that finance was asked. */
#include "pos/till/refunds.h"

#include <stdio.h>
#include <string.h>

/* What the tables and the two lines of a refund say. */
struct refund_record {
    char sale[IDENTITY_TEXT_SIZE];
    char clerk[CODE_SIZE];
    char approved_by[CODE_SIZE];
    enum refund_means means;
};

static enum status
read_refund(struct till *till, const char *refund, struct print_task *task, struct refund_record *out,
            struct error_detail *err)
{
    struct statement *row;
    bool has_row = false;
    enum status status = database_statement(
        till->db,
        "SELECT sale, clerk, means, amount_yen, reason, requested_ms, state,"
        " json_extract(CAST(line AS TEXT), '$.body.approved_by'), json_extract(CAST(line AS TEXT), '$.at')"
        " FROM refund LEFT JOIN journal_line ON journal_line.sequence = ended_sequence WHERE refund = ?1",
        &row, err);
    if (status == STATUS_OK) {
        statement_bind_text(row, 1, refund);
        status = statement_step(row, &has_row, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    if (!has_row || !refund_means_from_word(statement_column_text(row, 2), &out->means)) {
        error_set(err, "no_such_refund", "その還付の受付は見つかりません。");
        statement_reset(row);
        return STATUS_NOT_FOUND;
    }
    struct receipt_refund *slip = &task->refund;
    const char *ended_at = statement_column_text(row, 8);
    snprintf(out->sale, sizeof out->sale, "%s", statement_column_text(row, 0));
    snprintf(out->clerk, sizeof out->clerk, "%s", statement_column_text(row, 1));
    snprintf(out->approved_by, sizeof out->approved_by, "%s", statement_column_text(row, 7));
    slip->amount_yen = statement_column_int(row, 3);
    snprintf(slip->reason, sizeof slip->reason, "%s", statement_column_text(row, 4));
    task->at_ms = statement_column_int(row, 5);
    slip->is_paid = strcmp(statement_column_text(row, 6), "paid") == 0;
    if (!slip->is_paid || instant_parse(&slip->paid_at_ms, ended_at, strlen(ended_at)) != STATUS_OK) {
        slip->paid_at_ms = 0;
    }
    statement_reset(row);
    return STATUS_OK;
}

enum status
describe_refund_paper(struct till *till, const char *subject, struct print_task *task, struct error_detail *err)
{
    static const enum receipt_refund_means means[] = {[REFUND_CASH] = RECEIPT_REFUND_CASH,
                                                      [REFUND_GATEWAY] = RECEIPT_REFUND_GATEWAY,
                                                      [REFUND_BANK_TRANSFER] = RECEIPT_REFUND_BANK_TRANSFER};
    struct refund_record record;
    struct refund_account account;
    struct sale_row row;
    enum status status = read_refund(till, subject, task, &record, err);
    if (status == STATUS_OK) {
        status = load_sale_row(till, record.sale, &row, err);
    }
    if (status == STATUS_OK) {
        status = load_sale(till, row.sequence, &task->sale, NULL, err);
    }
    if (status == STATUS_OK) {
        status = refund_account_load(till, record.sale, &account, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    struct receipt_refund *slip = &task->refund;
    snprintf(slip->refund, sizeof slip->refund, "%s", subject);
    snprintf(slip->receipt_number, sizeof slip->receipt_number, "%s", row.receipt_number);
    slip->received_on = task->sale.received_on;
    slip->means = means[record.means];
    slip->sale_total_yen = row.total_yen;
    slip->remaining_yen = row.total_yen - account.total_yen;
    if (till->masters != NULL) {
        snprintf(task->clerk_name, sizeof task->clerk_name, "%s", masters_clerk_name(till->masters, record.clerk));
        snprintf(task->brand_name, sizeof task->brand_name, "%s", masters_brand_name(till->masters, row.brand));
        if (record.approved_by[0] != '\0') {
            snprintf(slip->approved_by_name, sizeof slip->approved_by_name, "%s",
                     masters_clerk_name(till->masters, record.approved_by));
        }
    }
    return STATUS_OK;
}
