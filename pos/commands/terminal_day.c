/* Line by line: what the terminal kept under each reference, against what the journal says was kept. */
#include "pos/commands/terminal_day.h"

#include "common/clock/civil.h"

#include <stdio.h>
#include <string.h>

const char *
day_difference_word(enum day_difference_kind kind)
{
    static const char *const words[] = {
        [DAY_ONLY_TERMINAL] = "only_terminal", [DAY_ONLY_TILL] = "only_till", [DAY_AMOUNT] = "amount_differs",
        [DAY_BRAND] = "brand_differs",         [DAY_UNKNOWN] = "unknown",     [DAY_IN_DOUBT] = "in_doubt",
        [DAY_TOTALS] = "totals_differ"};
    return words[kind];
}

const char *
day_difference_name(enum day_difference_kind kind)
{
    static const char *const names[] = {
        [DAY_ONLY_TERMINAL] = "明細のみ", [DAY_ONLY_TILL] = "POSのみ",      [DAY_AMOUNT] = "金額相違",
        [DAY_BRAND] = "ブランド相違",     [DAY_UNKNOWN] = "結果不明のまま", [DAY_IN_DOUBT] = "処理未了",
        [DAY_TOTALS] = "件数相違"};
    return names[kind];
}

static enum status
add(struct terminal_day *day, enum day_difference_kind kind, const char *reference, const char *brand,
    int64_t terminal_yen, int64_t till_yen, struct error_detail *err)
{
    if (day->difference_count == TERMINAL_DAY_LINES_MAX) {
        error_set(err, "too_many_differences", "more than %d differences", TERMINAL_DAY_LINES_MAX);
        return STATUS_OVERFLOW;
    }
    struct day_difference *difference = &day->differences[day->difference_count++];
    *difference = (struct day_difference){.kind = kind, .terminal_yen = terminal_yen, .till_yen = till_yen};
    snprintf(difference->reference, sizeof difference->reference, "%s", reference);
    snprintf(difference->brand, sizeof difference->brand, "%s", brand);
    return STATUS_OK;
}

struct kept {
    bool has_line, is_in_doubt;
    int64_t yen;
};

static struct kept
kept_by_terminal(const struct terminal_day *day, const char *reference)
{
    struct kept kept = {.yen = 0};
    for (size_t i = 0; i < day->line_count; i++) {
        const struct terminal_log_line *line = &day->lines[i];
        if (strcmp(line->reference, reference) == 0) {
            kept.has_line = true;
            kept.is_in_doubt = kept.is_in_doubt || line->is_in_doubt;
            kept.yen += line->is_in_doubt ? 0 : line->amount_yen;
        }
    }
    return kept;
}

/* One payment of the journal; `is_of_today` says that its absence from the terminal's log means something. */
struct ours {
    char reference[TERMINAL_REFERENCE_SIZE], brand[TERMINAL_TEXT_SIZE], state[24];
    int64_t amount_yen;
    bool is_of_today;
};

static bool
is_one_of(const char *state, const char *a, const char *b)
{
    return strcmp(state, a) == 0 || strcmp(state, b) == 0;
}

static enum status
compare_payment(struct terminal_day *day, const struct ours *ours, const char *terminal_brand, struct error_detail *err)
{
    const struct kept kept = kept_by_terminal(day, ours->reference);
    const bool is_kept = is_one_of(ours->state, "approved", "held");
    const bool is_open = is_one_of(ours->state, "started", "unknown");
    const int64_t till_yen = is_kept ? ours->amount_yen : 0;
    if (kept.is_in_doubt || strcmp(ours->state, "in_doubt") == 0) {
        return add(day, DAY_IN_DOUBT, ours->reference, ours->brand, kept.yen, till_yen, err);
    }
    if (is_open) {
        return add(day, DAY_UNKNOWN, ours->reference, ours->brand, kept.yen, till_yen, err);
    }
    if (!kept.has_line) {
        return is_kept && ours->is_of_today ? add(day, DAY_ONLY_TILL, ours->reference, ours->brand, 0, till_yen, err)
                                            : STATUS_OK;
    }
    const bool began_before = !ours->is_of_today && kept.yen <= 0; /* today's part of it: given back, or a part */
    if (kept.yen != till_yen && !began_before) {
        return add(day, DAY_AMOUNT, ours->reference, ours->brand, kept.yen, till_yen, err);
    }
    if (terminal_brand != NULL && strcmp(terminal_brand, ours->brand) != 0) {
        return add(day, DAY_BRAND, ours->reference, terminal_brand, kept.yen, till_yen, err);
    }
    return STATUS_OK;
}

static void
read_row(const struct statement *row, int64_t day_start_ms, struct ours *out)
{
    *out = (struct ours){.amount_yen = statement_column_int(row, 2)};
    snprintf(out->reference, sizeof out->reference, "%s", statement_column_text(row, 0));
    snprintf(out->brand, sizeof out->brand, "%s", statement_column_text(row, 1));
    snprintf(out->state, sizeof out->state, "%s", statement_column_text(row, 3));
    const int64_t started_ms = statement_column_int(row, 4);
    out->is_of_today = started_ms >= day_start_ms && started_ms < day_start_ms + INT64_C(86400000);
}

/* Every reference that the terminal names, once. */
static enum status
compare_lines(struct terminal_day *day, struct database *db, int64_t day_start_ms, struct error_detail *err)
{
    for (size_t i = 0; i < day->line_count; i++) {
        const struct terminal_log_line *line = &day->lines[i];
        bool is_first = true, has_row = false;
        for (size_t j = 0; j < i && is_first; j++) {
            is_first = strcmp(day->lines[j].reference, line->reference) != 0;
        }
        if (!is_first || line->kind == TERMINAL_KIND_REFUND) {
            continue; /* refunds have references of their own; the totals count them */
        }
        struct statement *row;
        struct ours ours;
        enum status status = database_statement(
            db, "SELECT payment, coalesce(brand, ''), amount_yen, state, started_ms FROM payment WHERE payment = ?1",
            &row, err);
        if (status != STATUS_OK) {
            return status;
        }
        statement_bind_text(row, 1, line->reference);
        status = statement_step(row, &has_row, err);
        if (status == STATUS_OK && has_row) {
            read_row(row, day_start_ms, &ours);
            statement_reset(row);
            status = compare_payment(day, &ours, line->brand, err);
        } else if (status == STATUS_OK) {
            status = add(day, DAY_ONLY_TERMINAL, line->reference, line->brand,
                         kept_by_terminal(day, line->reference).yen, 0, err);
        }
        if (status != STATUS_OK) {
            return status;
        }
    }
    return STATUS_OK;
}

/* Our payments of today that the terminal does not name. */
static enum status
compare_payments(struct terminal_day *day, struct database *db, int64_t day_start_ms, struct error_detail *err)
{
    struct statement *row;
    bool has_row = false;
    enum status status = database_statement(
        db,
        "SELECT payment, coalesce(brand, ''), amount_yen, state, started_ms FROM payment"
        " WHERE method IN ('credit', 'emoney') AND started_ms >= ?1 AND started_ms < ?2 ORDER BY sequence",
        &row, err);
    if (status != STATUS_OK) {
        return status;
    }
    statement_bind_int(row, 1, day_start_ms);
    statement_bind_int(row, 2, day_start_ms + INT64_C(86400000));
    while ((status = statement_step(row, &has_row, err)) == STATUS_OK && has_row) {
        struct ours ours;
        read_row(row, day_start_ms, &ours);
        if (!kept_by_terminal(day, ours.reference).has_line) {
            status = compare_payment(day, &ours, NULL, err);
        }
        if (status != STATUS_OK) {
            statement_reset(row);
            return status;
        }
    }
    return status;
}

static enum status
compare_totals(struct terminal_day *day, struct error_detail *err)
{
    struct terminal_total sums[TERMINAL_TOTALS_MAX];
    size_t count = 0;
    enum status status = terminal_totals_of(day->lines, day->line_count, sums, TERMINAL_TOTALS_MAX, &count, err);
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        const struct terminal_total *theirs =
            terminal_total_find(day->totals, day->total_count, sums[i].brand, sums[i].kind);
        if (theirs == NULL || theirs->count != sums[i].count || theirs->sum_yen != sums[i].sum_yen) {
            status = add(day, DAY_TOTALS, sums[i].brand, sums[i].brand, theirs != NULL ? theirs->sum_yen : 0,
                         sums[i].sum_yen, err);
        }
    }
    for (size_t i = 0; status == STATUS_OK && i < day->total_count; i++) {
        const struct terminal_total *total = &day->totals[i];
        if (total->count != 0 && terminal_total_find(sums, count, total->brand, total->kind) == NULL) {
            status = add(day, DAY_TOTALS, total->brand, total->brand, total->sum_yen, 0, err);
        }
    }
    return status;
}

enum status
terminal_day_compare(struct terminal_day *day, struct database *db, int64_t now_ms, struct error_detail *err)
{
    const int64_t offset_ms = INT64_C(9) * 3600 * 1000; /* Japan has no other */
    const int64_t day_start_ms = civil_date_to_days(civil_date_at(now_ms)) * INT64_C(86400000) - offset_ms;
    day->difference_count = 0;
    enum status status = compare_lines(day, db, day_start_ms, err);
    if (status == STATUS_OK) {
        status = compare_payments(day, db, day_start_ms, err);
    }
    return status == STATUS_OK ? compare_totals(day, err) : status;
}
