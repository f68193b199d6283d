/* The slip for 処理未了: what the citizen takes home while nobody knows whether his card was debited. */
#include "pos/till/till_parts.h"

#include <stdio.h>
#include <string.h>

/* What the citizen can do, by what the brand makes of it. A doubt that counts as a sale gets a receipt instead, and one
 * that is run again ends before he leaves. */
static const char *const guidance[] = {
    [DOUBT_TOUCH_PROVES] = "引き落とされたかどうか、まだ分かっていません。\n"
                           "・同じカードを次にタッチ(残高照会でもかまいません)すると、結果が分かります。\n"
                           "・残高や利用履歴をご確認のうえ、カードとこの票をお持ちください。\n"
                           "・引き落としが確認できたときは、領収書をお渡しします。",
    [DOUBT_TOUCH_CONFIRMS] = "お支払いは、同じカードを次にタッチしたときに確定します。後日でもかまいません。\n"
                             "・それまでは、残高の表示が正しくないことがあります。\n"
                             "・確定したときは、領収書をお渡しします。この票をお持ちください。",
    [DOUBT_COUNTS_AS_SALE] = "",
    [DOUBT_RUN_AGAIN] = ("この支払いは取り消しています。引き落とされていたときは、自動で返金されます。\n"
                         "・取消を確かめるまで、この票をお持ちください。"),
};

/* When it became so, and the acquirer's number: both stand in its payment.in_doubt. */
static enum status
read_doubt(struct till *till, const char *payment, struct print_task *task, struct error_detail *err)
{
    struct statement *row;
    bool has_row = false;
    enum status status = database_statement(
        till->db,
        "SELECT paper.at_ms, json_extract(CAST(line AS TEXT), '$.body.acquirer_reference') FROM paper"
        " JOIN journal_line USING (sequence) WHERE subject = ?1 AND form = 'in_doubt'",
        &row, err);
    if (status == STATUS_OK) {
        statement_bind_text(row, 1, payment);
        status = statement_step(row, &has_row, err);
    }
    if (status == STATUS_OK && !has_row) {
        error_set(err, "no_such_paper", "そのお支払いの処理未了票はありません。");
        status = STATUS_NOT_FOUND;
    } else if (status == STATUS_OK) {
        task->at_ms = statement_column_int(row, 0);
        snprintf(task->in_doubt.acquirer_reference, sizeof task->in_doubt.acquirer_reference, "%s",
                 statement_column_text(row, 1));
        statement_reset(row);
    }
    return status;
}

enum status
describe_in_doubt_paper(struct till *till, const char *subject, struct print_task *task, struct error_detail *err)
{
    struct payment_row row;
    enum status status = payment_load(till, subject, &row, err);
    if (status == STATUS_OK) {
        status = read_doubt(till, subject, task, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    struct receipt_in_doubt *doubt = &task->in_doubt;
    snprintf(doubt->payment, sizeof doubt->payment, "%s", row.payment);
    doubt->method = row.method;
    doubt->amount_yen = row.amount_yen;
    snprintf(doubt->guidance, sizeof doubt->guidance, "%s", guidance[payment_doubt_rule(till, &row)]);
    if (till->masters != NULL) {
        snprintf(task->clerk_name, sizeof task->clerk_name, "%s", masters_clerk_name(till->masters, row.clerk));
        snprintf(task->brand_name, sizeof task->brand_name, "%s", masters_brand_name(till->masters, row.brand));
    }
    return STATUS_OK;
}
