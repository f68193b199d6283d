/* Which refunds are allowed: the rule of what was sold, the day, and what is left. */
#include "pos/till/refunds.h"

#include <stdio.h>
#include <string.h>

static const struct {
    enum refund_means means;
    const char *word;
} means_words[] = {{REFUND_CASH, "cash"}, {REFUND_GATEWAY, "gateway"}, {REFUND_BANK_TRANSFER, "bank_transfer"}};

const char *
refund_means_word(enum refund_means means)
{
    for (size_t i = 0; i < sizeof means_words / sizeof means_words[0]; i++) {
        if (means_words[i].means == means) {
            return means_words[i].word;
        }
    }
    return "";
}

bool
refund_means_from_word(const char *word, enum refund_means *out)
{
    for (size_t i = 0; i < sizeof means_words / sizeof means_words[0]; i++) {
        if (strcmp(means_words[i].word, word) == 0) {
            *out = means_words[i].means;
            return true;
        }
    }
    return false;
}

void
refund_rule_of(const struct till *till, const struct sale *sale, struct civil_date sold_on, bool is_late,
               struct refund_rule *out)
{
    *out = (struct refund_rule){.means = REFUND_CASH | REFUND_GATEWAY | REFUND_BANK_TRANSFER};
    for (size_t i = 0; i < sale->content.line_count; i++) {
        const struct sale_line *line = &sale->content.lines[i];
        const struct master_policy *policy = policy_of_line(till, line, sold_on);
        if (line->amount_yen == 0) {
            continue;
        }
        out->is_allowed[i] = policy->refund == REFUND_LATER || (policy->refund == REFUND_SAME_DAY && !is_late);
        if (out->is_allowed[i]) {
            out->is_any_allowed = true;
            out->means &= policy->refund_means;
        } else if (out->forbidden_by[0] == '\0') {
            snprintf(out->forbidden_by, sizeof out->forbidden_by, "%s", policy->name);
            snprintf(out->forbidden_item, sizeof out->forbidden_item, "%s", line->name);
        }
    }
    if (sale->payment.method < METHOD_QR || sale->payment.cash_part_yen > 0) {
        out->means &= ~(unsigned)REFUND_GATEWAY; /* no gateway took anything, or not all of it */
    }
}

/* Whether a line that may go back has something left. */
static bool
is_anything_left(const struct sale *sale, const struct refund_account *account, const struct refund_rule *rule)
{
    for (size_t i = 0; i < sale->content.line_count; i++) {
        if (rule->is_allowed[i] && sale->content.lines[i].amount_yen > account->line_yen[i]) {
            return true;
        }
    }
    return false;
}

enum status
refund_account_load(struct till *till, const char *sale, struct refund_account *out, struct error_detail *err)
{
    struct statement *row;
    bool has_row = false;
    *out = (struct refund_account){0};
    enum status status =
        database_statement(till->db,
                           "SELECT line, SUM(refund_line.amount_yen) FROM refund_line JOIN refund USING (refund)"
                           " WHERE refund.sale = ?1 AND refund.state <> 'withdrawn' GROUP BY line",
                           &row, err);
    if (status != STATUS_OK) {
        return status;
    }
    statement_bind_text(row, 1, sale);
    while ((status = statement_step(row, &has_row, err)) == STATUS_OK && has_row) {
        int64_t line = statement_column_int(row, 0);
        if (line >= 1 && line <= BASKET_LINES_MAX) {
            out->line_yen[line - 1] = statement_column_int(row, 1);
            out->total_yen += statement_column_int(row, 1);
        }
    }
    return status;
}

/* A payment that gateway or terminal will not take back: the brand cannot, or it was tried and refused. */
static bool
is_beyond_void(struct till *till, const struct sale_row *row)
{
    struct statement *refused;
    bool has_row = false;
    if (row->method < METHOD_QR) {
        return false;
    }
    const struct master_brand *brand = masters_brand(till->masters, row->brand, row->business_date);
    if (brand != NULL && !brand->can_void) {
        return true;
    }
    if (database_statement(till->db, "SELECT 1 FROM reversal WHERE payment = ?1 AND state = 'refused' LIMIT 1",
                           &refused, NULL) != STATUS_OK) {
        return false;
    }
    statement_bind_text(refused, 1, row->payment);
    if (statement_step(refused, &has_row, NULL) == STATUS_OK && has_row) {
        statement_reset(refused);
        return true;
    }
    return false;
}

enum status
refund_check(struct till *till, const struct sale_row *row, const struct sale *sale,
             const struct refund_account *account, struct refund_rule *out_rule, struct error_detail *err)
{
    bool is_today = till->day.exists && civil_date_compare(row->business_date, till->day.date) == 0;
    refund_rule_of(till, sale, row->business_date, !is_today, out_rule);
    if (strcmp(row->state, "voided") == 0) {
        error_set(err, "already_voided", "この会計は取り消されています。");
    } else if (strcmp(row->state, "voiding") == 0) {
        error_set(err, "already_voiding", "この会計は取消の結果を確かめています。待ってください。");
    } else if (row->total_yen == 0) {
        error_set(err, "nothing_to_refund", "無料の会計です。お返しするお金はありません。");
    } else if (account->total_yen >= row->total_yen) {
        error_set(err, "nothing_left", "この会計は全額の還付を受け付けています。");
    } else if (is_today && !is_beyond_void(till, row)) {
        error_set(err, "void_instead", "今日の会計です。還付ではなく、取消をしてください。");
    } else if (!out_rule->is_any_allowed) {
        error_set(err, "no_refund", "還付できません。手数料不還付の定めです(%s)。", out_rule->forbidden_by);
    } else if (!is_anything_left(sale, account, out_rule)) {
        error_set(err, "nothing_left", "還付できる分は、すべて受け付けています。");
    } else if (out_rule->means == 0) {
        error_set(err, "no_means", "この会計を還付する方法が定められていません。会計担当に連絡してください。");
    } else {
        return STATUS_OK;
    }
    return STATUS_REFUSED;
}
