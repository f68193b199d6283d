/* A void whose answer came after the sale's day was closed.
 *
 * The Z has counted the sale, and its day is assessed with it: the sale stands. What the processor gave back stands
 * beside it as a refund by the processor, asked for and paid in the transaction that records its answer. What was taken
 * in cash beside it is asked for as a refund in cash, which a supervisor pays from an open drawer.
 * (docs/decisions/0012) */
#include "pos/till/refunds.h"

#include <stdio.h>
#include <string.h>

/* What each line of SALE has of the cash part (means cash) or of the rest: cash covers the lines in their order. */
static void
split_lines(const struct sale *sale, int64_t cash_yen, bool wants_cash, int64_t parts_yen[BASKET_LINES_MAX])
{
    for (size_t i = 0; i < sale->content.line_count; i++) {
        int64_t amount_yen = sale->content.lines[i].amount_yen;
        int64_t in_cash_yen = amount_yen < cash_yen ? amount_yen : cash_yen;
        cash_yen -= in_cash_yen;
        parts_yen[i] = wants_cash ? in_cash_yen : amount_yen - in_cash_yen;
    }
}

static enum status
record_paid_back(struct till *till, const char *refund, const struct sale_row *row, const struct late_void *asked,
                 int64_t amount_yen, struct error_detail *err)
{
    struct json_writer *body = record_body(till);
    json_text(body, "refund", refund);
    json_text(body, "sale", row->sale);
    json_int(body, "amount_yen", amount_yen);
    json_text(body, "means", refund_means_word(REFUND_GATEWAY));
    json_text(body, "clerk", asked->clerk);
    json_null(body, "approved_by");
    json_text(body, "reversal", asked->reversal);
    return record_line(till, "refund.paid", err);
}

enum status
record_late_void(struct till *till, const struct sale_row *row, const struct late_void *asked,
                 char out_refund[IDENTITY_TEXT_SIZE], struct error_detail *err)
{
    static struct sale sale; /* too large for a stack; used under the lock */
    int64_t parts_yen[BASKET_LINES_MAX] = {0};
    struct refund_request request = {
        .sale = row->sale, .means = refund_means_word(REFUND_GATEWAY), .reason = asked->reason};
    char cash_refund[IDENTITY_TEXT_SIZE];
    enum status status = load_sale(till, row->sequence, &sale, NULL, err);
    if (status == STATUS_OK) {
        split_lines(&sale, row->cash_yen, false, parts_yen);
        status = record_refund_requested(till, row, &request, asked->clerk, parts_yen, out_refund, err);
    }
    if (status == STATUS_OK) {
        status = record_paid_back(till, out_refund, row, asked, row->total_yen - row->cash_yen, err);
    }
    if (status == STATUS_OK && row->cash_yen > 0) {
        request.means = refund_means_word(REFUND_CASH);
        split_lines(&sale, row->cash_yen, true, parts_yen);
        status = record_refund_requested(till, row, &request, asked->clerk, parts_yen, cash_refund, err);
    }
    return status;
}
