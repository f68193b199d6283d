/* Largest remainders. */
#include "settlement/assessment/tax_share.h"

#include "common/money/yen.h"

enum {
    /* Beyond this a receipt is damage, not a sale; below it amount × tax fits 63 bits. */
    RECEIPT_MAX_YEN = 1000000000
};

static enum status
check(const int64_t amounts_yen[], size_t count, int64_t tax_yen, int64_t *out_total_yen, struct error_detail *err)
{
    int64_t total = 0;
    for (size_t i = 0; i < count; i++) {
        if (amounts_yen[i] < 0 || yen_add(&total, total, amounts_yen[i]) != STATUS_OK) {
            error_set(err, "tax_not_shareable", "明細の金額が負または過大です。");
            return STATUS_INVALID;
        }
    }
    if (tax_yen < 0 || tax_yen > total || total > RECEIPT_MAX_YEN) {
        error_set(err, "tax_not_shareable", "消費税額が明細の合計と合いません。");
        return STATUS_INVALID;
    }
    *out_total_yen = total;
    return STATUS_OK;
}

enum status
tax_share(int64_t out_shares_yen[], const int64_t amounts_yen[], size_t count, int64_t tax_yen,
          struct error_detail *err)
{
    int64_t total;
    enum status status = check(amounts_yen, count, tax_yen, &total, err);
    if (status != STATUS_OK || total == 0) {
        for (size_t i = 0; status == STATUS_OK && i < count; i++) {
            out_shares_yen[i] = 0;
        }
        return status;
    }

    int64_t left = tax_yen;
    for (size_t i = 0; i < count; i++) {
        out_shares_yen[i] = amounts_yen[i] * tax_yen / total;
        left -= out_shares_yen[i];
    }
    /* Fewer yen are left than lines with a remainder; a line that got its extra yen has a negative remainder from then
     * on. Lines × lines at worst, for the several hundred lines of one receipt. */
    for (; left > 0; left--) {
        size_t best = 0;
        int64_t best_remainder = -1;
        for (size_t i = 0; i < count; i++) {
            int64_t remainder = amounts_yen[i] * tax_yen - out_shares_yen[i] * total;
            if (remainder > best_remainder) {
                best = i;
                best_remainder = remainder;
            }
        }
        out_shares_yen[best]++;
    }
    return STATUS_OK;
}
