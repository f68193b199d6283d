/* Lines in the order of their files; what was found in this run is skipped by counting. */
#include "settlement/matching/refunds_seen.h"

#include "settlement/store/refund_seen_store.h"

#include <stdio.h>
#include <string.h>

void
refunds_seen_init(struct refunds_seen *seen)
{
    growing_init(&seen->rows, sizeof(struct seen_refund), COLLECTED_MAX, 0);
}

void
refunds_seen_finish(struct refunds_seen *seen)
{
    growing_finish(&seen->rows);
}

static bool
is_wanted(const struct their_item *line)
{
    bool is_back = line->line.kind == STATEMENT_REFUND || line->line.kind == STATEMENT_REVERSAL;
    bool is_named = line->line.merchant_reference.length > 0 || line->line.acquirer_reference.length > 0;
    return is_back && is_named && line->line.amount_yen < 0 && !line->is_matched && !line->is_companion &&
           !line->is_closed && !line->is_of_unknown && !line->line.is_training;
}

/* How many of this run were found by what LINE says, too. */
static int64_t
count_alike(const struct refunds_seen *seen, const struct collected *collected, const struct their_item *line)
{
    const struct seen_refund *rows = seen->rows.elements;
    int64_t count = 0;
    for (size_t i = 0; i < seen->rows.count; i++) {
        const struct statement_line *other = &collected_line(collected, rows[i].line)->line;
        count += other->amount_yen == line->line.amount_yen &&
                         text_view_equals(other->merchant_reference, line->line.merchant_reference) &&
                         (line->line.merchant_reference.length > 0 ||
                          text_view_equals(other->acquirer_reference, line->line.acquirer_reference))
                     ? 1
                     : 0;
    }
    return count;
}

static bool
is_found(const struct refunds_seen *seen, const char *refund)
{
    const struct seen_refund *rows = seen->rows.elements;
    for (size_t i = 0; i < seen->rows.count; i++) {
        if (strcmp(rows[i].refund, refund) == 0) {
            return true;
        }
    }
    return false;
}

enum status
refunds_seen_find(struct refunds_seen *seen, struct collected *collected, struct store_txn *txn,
                  const char *municipality, struct error_detail *err)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < collected->lines.count; i++) {
        struct their_item *line = collected_line(collected, i);
        char refund[IDENTITY_TEXT_SIZE];
        if (!is_wanted(line)) {
            continue;
        }
        /* Texts of a view end with a NUL in the arena (arena_copy). */
        const struct refund_report report = {.merchant_reference = line->line.merchant_reference.at,
                                             .acquirer_reference = line->line.acquirer_reference.at,
                                             .amount_yen = -line->line.amount_yen};
        status = refund_unseen_find(txn, municipality, &report, count_alike(seen, collected, line), refund, err);
        if (status != STATUS_OK || refund[0] == '\0' || is_found(seen, refund)) {
            continue;
        }
        struct seen_refund *place = growing_add(&seen->rows);
        if (place == NULL) {
            error_set(err, "no_memory", "out of memory");
            return STATUS_NO_MEMORY;
        }
        place->line = (uint32_t)i;
        snprintf(place->refund, sizeof place->refund, "%s", refund);
        line->is_matched = line->is_our_refund = true;
    }
    return status;
}

enum status
refunds_seen_write(const struct refunds_seen *seen, const struct collected *collected, struct store_txn *txn,
                   const char *municipality, int64_t run, struct error_detail *err)
{
    const struct seen_refund *rows = seen->rows.elements;
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < seen->rows.count; i++) {
        const struct their_item *line = collected_line(collected, rows[i].line);
        status = refund_seen_add(txn, municipality, rows[i].refund, line->import, line->line.line, run, err);
        if (status == STATUS_OK && line->is_carried) {
            status = open_line_remove(txn, line->import, line->line.line, err);
        }
    }
    return status;
}
