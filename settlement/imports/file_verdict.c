/* Sums over a walk. */
#include "settlement/imports/file_verdict.h"

#include "common/money/yen.h"

#define HOUR_MS (INT64_C(3600) * 1000)

static void
count_day(struct file_verdict *verdict, struct civil_date day)
{
    if (day.year == 0) {
        return;
    }
    if (verdict->first.year == 0 || civil_date_compare(day, verdict->first) < 0) {
        verdict->first = day;
    }
    if (verdict->last.year == 0 || civil_date_compare(day, verdict->last) > 0) {
        verdict->last = day;
    }
}

static enum status
refuse_sum(uint32_t line, struct error_detail *err)
{
    error_set_at(err, line, 0, "amount_too_large", "%u行目で合計金額が扱える範囲を超えました。", line);
    return STATUS_OVERFLOW;
}

static enum status
count_statement(struct file_verdict *verdict, const struct statement_line *line, struct error_detail *err)
{
    if (line->accepted_at_ms != INSTANT_ABSENT) {
        int64_t day_number = line->accepted_at_ms / HOUR_MS;
        if (verdict->first.year == 0 || day_number != verdict->last_day_number) {
            count_day(verdict, civil_date_at(line->accepted_at_ms));
            verdict->last_day_number = day_number;
        }
    }
    verdict->fee_line_count += line->kind == STATEMENT_FEE ? 1 : 0;
    if (yen_add(&verdict->amount_yen, verdict->amount_yen, line->amount_yen) != STATUS_OK ||
        yen_add(&verdict->fee_yen, verdict->fee_yen, line->fee_yen) != STATUS_OK) {
        return refuse_sum(line->line, err);
    }
    return payout_sums_add(&verdict->payouts, line, err);
}

static enum status
count_bank(struct file_verdict *verdict, const struct bank_line *line, struct error_detail *err)
{
    count_day(verdict, line->date);
    int64_t amount = line->direction == BANK_IN ? line->amount_yen : -line->amount_yen;
    return yen_add(&verdict->amount_yen, verdict->amount_yen, amount) == STATUS_OK ? STATUS_OK
                                                                                   : refuse_sum(line->line, err);
}

static enum status
count_lines(const struct statement_line *statements, const struct bank_line *banks, size_t count, void *context,
            struct error_detail *err)
{
    struct file_verdict *verdict = context;
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        status =
            statements != NULL ? count_statement(verdict, &statements[i], err) : count_bank(verdict, &banks[i], err);
    }
    verdict->line_count += (int64_t)count;
    return status;
}

/* The digest first: it is of the bytes, whatever they say. */
static enum status
digest_file(uint8_t out[SHA256_SIZE], const struct walked_file *file, struct error_detail *err)
{
    struct sha256_run *run = NULL;
    enum status status = sha256_begin(&run, err);
    for (size_t at = 0; status == STATUS_OK && at < file->length; at += WALK_FORGET_BYTES) {
        size_t left = file->length - at;
        sha256_add(run, file->bytes + at, left < WALK_FORGET_BYTES ? left : WALK_FORGET_BYTES);
        walked_file_forget(file, at, at + WALK_FORGET_BYTES);
        status = work_advance(file->work, 0, err);
    }
    if (status != STATUS_OK) {
        sha256_drop(run);
        return status;
    }
    sha256_end(run, out);
    return STATUS_OK;
}

/* A file of which no line can be read has another format: say so with the first reason. */
static enum status
refuse_unreadable(const struct file_verdict *verdict, const struct faults *faults, struct error_detail *err)
{
    if (faults->has_failed) {
        error_set(err, "out_of_memory", "読めない行を控えるメモリーが足りません。");
        return STATUS_OVERFLOW;
    }
    if (verdict->line_count > 0 || faults->list.count == 0) {
        return STATUS_OK;
    }
    const struct fault *first = faults->list.elements;
    error_set_at(err, first->line, first->column, "no_readable_line", "読める行が一つもありません。%s",
                 first->sentence);
    return STATUS_INVALID;
}

enum status
file_verdict_read(struct file_verdict *out, const struct walked_file *file, struct faults *faults,
                  struct error_detail *err)
{
    *out = (struct file_verdict){.is_statement = layout_gives(file->layout) == LAYOUT_GIVES_STATEMENT};
    payout_sums_init(&out->payouts);
    work_begin_step(file->work, WORK_JUDGE, (int64_t)file->length);
    enum status status = digest_file(out->digest, file, err);
    if (status == STATUS_OK) {
        status = file_walk(file, WALK_COUNTS_BYTES, faults_add, faults, count_lines, out, &out->days, err);
    }
    return status == STATUS_OK ? refuse_unreadable(out, faults, err) : status;
}

void
file_verdict_cover(struct file_verdict *verdict, struct civil_date yesterday)
{
    struct civil_date to = verdict->days.to;
    if (to.year != 0 && civil_date_compare(to, yesterday) > 0) {
        to = yesterday;
    }
    bool is_reversed = verdict->days.from.year != 0 && civil_date_compare(verdict->days.from, to) > 0;
    if (to.year == 0 || is_reversed) {
        return;
    }
    if (verdict->first.year == 0) {
        count_day(verdict, verdict->days.from);
    }
    if (verdict->first.year == 0 || civil_date_compare(to, verdict->first) >= 0) {
        count_day(verdict, to);
    }
}

void
file_verdict_finish(struct file_verdict *verdict)
{
    payout_sums_finish(&verdict->payouts);
}
