/* Which lines count from now on. Only what differs is written; deposits that the files announce are summed again. */
#include "settlement/imports/replacement.h"

#include "settlement/imports/payout_sums.h"
#include "settlement/matching/discrepancy_class.h"
#include "settlement/store/discrepancy_store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    CHAIN_FILES_MAX = 1000,                  /* how often one file is corrected: by people, one at a time */
    LINE_DECISIONS_MAX = 1000,               /* of one line: each was made by a person */
    DECISION_TEXT_SIZE = ERROR_MESSAGE_SIZE, /* a summary */
    DECISION_FIELD_SIZE = 128
};

struct applying {
    struct store_txn *txn;
    const struct actor *actor;
    const struct replacement_row *row;
    struct import_facts later;
    int64_t now_ms;
    struct growing files; /* int64_t: of the chain, and the later one */
    bool is_of_chain;     /* the later one is */
    struct difference difference;
    struct error_detail *err;
};

static enum status
keep_number(int64_t number, void *context)
{
    int64_t *place = growing_add(context);
    if (place == NULL) {
        return STATUS_OVERFLOW;
    }
    *place = number;
    return STATUS_OK;
}

/* ---- the lines that count, and the later file's ---- */

/* One file being read beside its lines that do not count. */
struct reading_side {
    struct applying *applying;
    struct growing aside; /* int64_t, ascending */
    size_t at;
    int64_t import;
    bool is_later;
    struct payout_sums *sums; /* NULL, or where lines that count are summed */
};

static bool
is_aside(struct reading_side *side, uint32_t line)
{
    const int64_t *lines = side->aside.elements;
    while (side->at < side->aside.count && lines[side->at] < line) {
        side->at++;
    }
    return side->at < side->aside.count && lines[side->at] == line;
}

/* Where a line belongs; NULL: nowhere. What counts in the later file already, because it did in the chain, stays. */
static struct growing *
side_of(struct reading_side *side, bool line_is_aside)
{
    struct applying *applying = side->applying;
    if (side->is_later) {
        return applying->is_of_chain && !line_is_aside ? NULL : &applying->difference.later;
    }
    return line_is_aside ? NULL : &applying->difference.earlier;
}

static enum status
take_statement_line(const struct statement_line *line, void *context)
{
    struct reading_side *side = context;
    bool line_is_aside = is_aside(side, line->line);
    if (side->sums != NULL) {
        return line_is_aside ? STATUS_OK : payout_sums_add(side->sums, line, side->applying->err);
    }
    struct growing *place = side_of(side, line_is_aside);
    return place == NULL ? STATUS_OK
                         : difference_add_statement(&side->applying->difference, place, side->import, line_is_aside,
                                                    line, side->applying->err);
}

static enum status
take_bank_line(const struct bank_line *line, void *context)
{
    struct reading_side *side = context;
    bool line_is_aside = is_aside(side, line->line);
    struct growing *place = side_of(side, line_is_aside);
    return place == NULL ? STATUS_OK
                         : difference_add_bank(&side->applying->difference, place, side->import, line_is_aside, line,
                                               side->applying->err);
}

static enum status
read_side(struct applying *applying, int64_t import, struct payout_sums *sums)
{
    struct reading_side side = {
        .applying = applying, .import = import, .is_later = import == applying->row->later, .sums = sums};
    growing_init(&side.aside, sizeof(int64_t), DIFFERENCE_LINES_MAX, 0);
    enum status status = line_aside_each(applying->txn, import, keep_number, &side.aside, applying->err);
    if (status == STATUS_OVERFLOW) {
        error_set(applying->err, "no_memory", "比べるためのメモリーが足りません。");
    }
    if (status == STATUS_OK) {
        status =
            applying->later.is_statement
                ? statement_line_each(applying->txn, import, 0, 0, INT64_MAX, take_statement_line, &side, applying->err)
                : bank_line_each(applying->txn, import, 0, 0, INT64_MAX, take_bank_line, &side, applying->err);
    }
    growing_finish(&side.aside);
    return status;
}

static enum status
find_files(struct applying *applying)
{
    enum status status =
        replacement_chain_each(applying->txn, applying->row->chain, keep_number, &applying->files, applying->err);
    const int64_t *files = applying->files.elements;
    for (size_t i = 0; status == STATUS_OK && i < applying->files.count; i++) {
        applying->is_of_chain = applying->is_of_chain || files[i] == applying->row->later;
    }
    if (status == STATUS_OK && !applying->is_of_chain) {
        status = keep_number(applying->row->later, &applying->files);
    }
    if (status == STATUS_OVERFLOW) {
        error_set(applying->err, "too_many", "このファイルは差し替えた回数が多すぎます。");
    }
    return status;
}

/* ---- what people had decided ---- */

/* One decision, copied: rows are written while others are read otherwise. */
struct kept_decision {
    char what[48];
    char name[DECISION_FIELD_SIZE];
    char login[LOGIN_SIZE];
    char terminal[TERMINAL_ID_SIZE];
    int64_t sequence;
    char payment[DECISION_FIELD_SIZE];
    char brand[DECISION_FIELD_SIZE];
    char trustee[DECISION_FIELD_SIZE];
    char happened_on[CIVIL_DATE_TEXT_SIZE];
};

static enum status
keep_decision(const struct line_decision *decision, void *context)
{
    struct kept_decision *kept = growing_add(context);
    if (kept == NULL) {
        return STATUS_OVERFLOW;
    }
    *kept = (struct kept_decision){.sequence = decision->sequence};
    const char *name = strcmp(decision->resolution, "pair") == 0     ? "突合"
                       : strcmp(decision->resolution, "part") == 0   ? "切離し"
                       : strcmp(decision->resolution, "split") == 0  ? "合わせて突合"
                       : strcmp(decision->resolution, "spread") == 0 ? "入金の割当て"
                                                                     : resolution_name(decision->resolution);
    snprintf(kept->what, sizeof kept->what, "%s", decision->what);
    snprintf(kept->name, sizeof kept->name, "%s", name);
    snprintf(kept->login, sizeof kept->login, "%s", decision->login);
    snprintf(kept->terminal, sizeof kept->terminal, "%s", decision->terminal);
    snprintf(kept->payment, sizeof kept->payment, "%s", decision->payment);
    snprintf(kept->brand, sizeof kept->brand, "%s", decision->brand);
    snprintf(kept->trustee, sizeof kept->trustee, "%s", decision->trustee);
    snprintf(kept->happened_on, sizeof kept->happened_on, "%s", decision->happened_on);
    return STATUS_OK;
}

/* Put one decision on people's list. */
static enum status
report_decision(struct applying *applying, const struct kept_decision *kept, const struct compared_line *earlier,
                const struct compared_line *later)
{
    struct civil_date today = civil_date_at(applying->now_ms);
    char opened_on[CIVIL_DATE_TEXT_SIZE];
    char due_on[CIVIL_DATE_TEXT_SIZE];
    char subject[160];
    char summary[DECISION_TEXT_SIZE];
    int64_t id;
    snprintf(subject, sizeof subject, "replacement:%lld:%s", (long long)applying->row->id, kept->what);
    int written =
        snprintf(summary, sizeof summary, "取込%lldの%u行目(%lld円)について%sさんが「%s」と判断したあと、",
                 (long long)earlier->import, earlier->line, (long long)earlier->amount_yen, kept->login, kept->name);
    size_t used = written > 0 && (size_t)written < sizeof summary ? (size_t)written : sizeof summary - 1;
    if (later != NULL) {
        snprintf(summary + used, sizeof summary - used,
                 "差替えの取込%lldで、この行は%u行目(%lld円)に変わりました。判断を見直してください。",
                 (long long)later->import, later->line, (long long)later->amount_yen);
    } else {
        snprintf(summary + used, sizeof summary - used,
                 "差替えの取込%lldで、この行はなくなりました。判断を見直してください。",
                 (long long)applying->row->later);
    }
    civil_date_format(opened_on, today);
    civil_date_format(due_on, civil_date_add_days(today, discrepancy_days(DISCREPANCY_DECISION_OVERTAKEN)));
    const struct discrepancy_row row = {
        .class = discrepancy_class_word(DISCREPANCY_DECISION_OVERTAKEN),
        .subject = subject,
        .amount_yen = later != NULL ? later->amount_yen - earlier->amount_yen : -earlier->amount_yen,
        .happened_on = kept->happened_on[0] != '\0' ? kept->happened_on : opened_on,
        .opened_on = opened_on,
        .due_on = due_on,
        .is_remark = true, /* only a person can say that it is dealt with */
        .terminal = kept->terminal,
        .sequence = kept->sequence,
        .import = earlier->import,
        .line = earlier->line,
        .related_import = later != NULL ? later->import : 0,
        .related_line = later != NULL ? later->line : 0,
        .payment = kept->payment,
        .brand = kept->brand,
        .trustee = kept->trustee[0] != '\0' ? kept->trustee : applying->later.trustee,
        .payout = "",
        .summary = summary,
    };
    return discrepancy_add(applying->txn, applying->actor->municipality, &row, &id, applying->err);
}

static enum status
report_decisions(struct applying *applying, const struct compared_line *earlier, const struct compared_line *later)
{
    struct growing kept;
    growing_init(&kept, sizeof(struct kept_decision), LINE_DECISIONS_MAX, 0);
    enum status status =
        line_decision_each(applying->txn, earlier->import, earlier->line, keep_decision, &kept, applying->err);
    if (status == STATUS_OVERFLOW) {
        error_set(applying->err, "too_many", "一つの行についての判断が多すぎるか、メモリーが足りません。");
    }
    const struct kept_decision *decisions = kept.elements;
    for (size_t i = 0; status == STATUS_OK && i < kept.count; i++) {
        status = report_decision(applying, &decisions[i], earlier, later);
    }
    growing_finish(&kept);
    return status;
}

/* ---- writing ---- */

static enum status
write_entry(struct applying *applying, const struct difference_entry *entry)
{
    const struct compared_line *earlier = difference_earlier(&applying->difference, entry);
    const struct compared_line *later = difference_later(&applying->difference, entry);
    if (entry->kind == DIFFERENCE_SAME) {
        return later->is_aside ? STATUS_OK : line_aside_put(applying->txn, later->import, later->line, applying->err);
    }
    enum status status = STATUS_OK;
    if (earlier != NULL) {
        status = report_decisions(applying, earlier, later);
    }
    if (status == STATUS_OK && earlier != NULL) {
        status = line_aside_put(applying->txn, earlier->import, earlier->line, applying->err);
    }
    if (status == STATUS_OK && later != NULL && later->is_aside) {
        status = line_aside_remove(applying->txn, later->import, later->line, applying->err);
    }
    return status;
}

/* What IMPORT announces as deposits, by the lines of it that count. */
static enum status
sum_payouts(struct applying *applying, int64_t import)
{
    struct payout_sums sums;
    payout_sums_init(&sums);
    enum status status = payout_parts_remove(applying->txn, import, applying->err);
    if (status == STATUS_OK) {
        status = read_side(applying, import, &sums);
    }
    for (size_t i = 0; status == STATUS_OK && i < sums.parts.count; i++) {
        struct payout_part part = ((const struct payout_part *)sums.parts.elements)[i];
        part.trustee = applying->later.trustee;
        status = import_add_payout_part(applying->txn, applying->actor->municipality, import, &part, applying->err);
    }
    payout_sums_finish(&sums);
    return status;
}

static enum status
apply(struct applying *applying)
{
    enum status status = find_files(applying);
    const int64_t *files = applying->files.elements;
    for (size_t i = 0; status == STATUS_OK && i < applying->files.count; i++) {
        bool is_later = files[i] == applying->row->later;
        if (is_later && applying->is_of_chain) {
            continue; /* what counts of it stays */
        }
        if (!is_later) {
            status = read_side(applying, files[i], NULL);
        }
    }
    if (status == STATUS_OK) {
        status = read_side(applying, applying->row->later, NULL);
    }
    if (status == STATUS_OK) {
        status = difference_make(&applying->difference, applying->err);
    }
    const struct difference_entry *entries = applying->difference.entries.elements;
    for (size_t i = 0; status == STATUS_OK && i < applying->difference.entries.count; i++) {
        status = write_entry(applying, &entries[i]);
    }
    for (size_t i = 0; status == STATUS_OK && applying->later.is_statement && i < applying->files.count; i++) {
        status = sum_payouts(applying, files[i]);
    }
    return status;
}

enum status
replacement_apply(struct store_txn *txn, const struct actor *actor, const struct replacement_row *row, int64_t now_ms,
                  struct error_detail *err)
{
    struct applying applying = {.txn = txn, .actor = actor, .row = row, .now_ms = now_ms, .err = err};
    growing_init(&applying.files, sizeof(int64_t), CHAIN_FILES_MAX, 0);
    difference_init(&applying.difference);
    enum status status = import_facts_read(&applying.later, txn, actor->municipality, row->later, err);
    if (status == STATUS_OK) {
        status = apply(&applying);
    }
    difference_finish(&applying.difference);
    growing_finish(&applying.files);
    return status;
}
