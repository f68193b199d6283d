/* Sums of a daily log, and what differs between two of them. Pure. */
#include "drivers/payment_terminal/payment_terminal.h"

#include <stdio.h>
#include <string.h>

const char *
terminal_kind_word(enum terminal_kind kind)
{
    switch (kind) {
    case TERMINAL_KIND_SALE:
        return "sale";
    case TERMINAL_KIND_REVERSAL:
        return "reversal";
    case TERMINAL_KIND_REFUND:
        return "refund";
    }
    return "";
}

const struct terminal_total *
terminal_total_find(const struct terminal_total *totals, size_t count, const char *brand, enum terminal_kind kind)
{
    for (size_t i = 0; i < count; i++) {
        if (totals[i].kind == kind && strcmp(totals[i].brand, brand) == 0) {
            return &totals[i];
        }
    }
    return NULL;
}

enum status
terminal_totals_add(struct terminal_total *totals, size_t capacity, size_t *count, const char *brand,
                    enum terminal_kind kind, int64_t amount_yen, struct error_detail *err)
{
    for (size_t i = 0; i < *count; i++) {
        if (totals[i].kind == kind && strcmp(totals[i].brand, brand) == 0) {
            totals[i].count++;
            totals[i].sum_yen += amount_yen;
            return STATUS_OK;
        }
    }
    if (*count == capacity) {
        error_set(err, "terminal_totals_overflow", "決済端末の日計のブランドが多すぎます。");
        return STATUS_OVERFLOW;
    }
    struct terminal_total *total = &totals[(*count)++];
    *total = (struct terminal_total){.kind = kind, .count = 1, .sum_yen = amount_yen};
    snprintf(total->brand, sizeof total->brand, "%s", brand);
    return STATUS_OK;
}

enum status
terminal_totals_of(const struct terminal_log_line *lines, size_t line_count, struct terminal_total *totals,
                   size_t capacity, size_t *out_count, struct error_detail *err)
{
    size_t count = 0;
    for (size_t i = 0; i < line_count; i++) {
        if (lines[i].is_in_doubt) {
            continue; /* nobody knows yet whether it moved */
        }
        enum status status =
            terminal_totals_add(totals, capacity, &count, lines[i].brand, lines[i].kind, lines[i].amount_yen, err);
        if (status != STATUS_OK) {
            return status;
        }
    }
    *out_count = count;
    return STATUS_OK;
}
