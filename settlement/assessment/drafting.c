/* What should be there is computed anew by `grouping`; an open record of the same group is left alone when its content
 * has the same digest, remade when not, and removed when no content is left. Approved records are never touched. */
#include "settlement/assessment/drafting.h"

#include "settlement/assessment/day_input.h"
#include "settlement/assessment/fiscal_rules.h"
#include "settlement/store/access_log_store.h"
#include "settlement/store/assessment_ledger_store.h"
#include "settlement/store/assessment_store.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum {
    /* Groups of one day: accounts × sections × routes × tax classes × corrections of a large city. */
    OPEN_RECORDS_MAX = 20000,
    SUMMARY_SIZE = 160
};

/* One day's work. */
struct drafting {
    struct store_txn *txn;
    const struct actor *actor;
    const struct catalogue *catalogue;
    const char *day;
    struct civil_date date;
    struct civil_date today;
    int64_t now_ms;
    struct drafting_result *result;
    struct assessment_head *open; /* what is there; `id` 0 once it was seen */
    size_t open_count;
};

static enum status
collect_open(const struct assessment_head *head, void *context, struct error_detail *err)
{
    struct drafting *drafting = context;
    if (drafting->open_count == OPEN_RECORDS_MAX) {
        error_set(err, "too_many_drafts", "%sの起案が多すぎます。管理者に連絡してください。", drafting->day);
        return STATUS_OVERFLOW;
    }
    drafting->open[drafting->open_count++] = *head;
    return STATUS_OK;
}

/* DIGEST = SHA-256 (DIGEST, TEXT). */
static void
fold(uint8_t digest[SHA256_SIZE], const char *text)
{
    uint8_t block[SHA256_SIZE + 512];
    memcpy(block, digest, SHA256_SIZE);
    uint8_t inner[SHA256_SIZE];
    sha256(inner, text, strlen(text));
    memcpy(block + SHA256_SIZE, inner, SHA256_SIZE);
    sha256(digest, block, (size_t)2 * SHA256_SIZE);
}

static void
fold_number(uint8_t digest[SHA256_SIZE], int64_t number)
{
    char text[24];
    snprintf(text, sizeof text, "%lld", (long long)number);
    fold(digest, text);
}

/* The digest of all that people approve: when it is the same, nothing has changed for them. */
static void
digest_content(uint8_t out[SHA256_SIZE], const struct assessment_content *content)
{
    const struct assessment_draft *draft = content->draft;
    memset(out, 0, SHA256_SIZE);
    fold(out, assessment_kind_word(draft->kind));
    fold_number(out, draft->original);
    fold_number(out, draft->key.fiscal_year);
    fold(out, draft->key.account);
    fold(out, draft->key.section);
    fold(out, draft->key.route);
    fold(out, draft->key.tax);
    for (int part = 0; part < ACCOUNT_PART_COUNT; part++) {
        fold(out, content->parts->code[part]);
        fold(out, content->parts->name[part]);
    }
    fold(out, content->section_name);
    fold(out, content->route_name);
    fold_number(out, draft->zero_count);
    for (size_t i = 0; i < draft->source_count; i++) {
        const struct assessment_source *source = &draft->sources[i];
        fold(out, source->terminal);
        fold_number(out, source->sequence);
        fold_number(out, source->line);
        fold(out, source->item);
        fold(out, source->name);
        fold_number(out, source->quantity);
        fold_number(out, source->amount_yen);
        fold_number(out, source->tax_yen);
    }
}

static enum status
log_change(const struct drafting *drafting, const char *what, const struct assessment_head *head, int64_t after_yen,
           struct error_detail *err)
{
    char object[48];
    char before[64];
    char after[64];
    snprintf(object, sizeof object, "assessment:%lld", (long long)head->id);
    snprintf(before, sizeof before, "%s %lld円", assessment_state_word(head->state), (long long)head->amount_yen);
    snprintf(after, sizeof after, "draft %lld円", (long long)after_yen);
    return access_log_append(
        drafting->txn, drafting->actor, drafting->now_ms,
        &(struct access_entry){.what = what, .object = object, .before = before, .after = after_yen > 0 ? after : ""},
        err);
}

static void
mark_seen(struct drafting *drafting, int64_t id)
{
    for (size_t i = 0; i < drafting->open_count; i++) {
        if (drafting->open[i].id == id) {
            drafting->open[i].id = 0;
        }
    }
}

static enum status
put_draft(struct drafting *drafting, const struct assessment_content *content, struct error_detail *err)
{
    const struct assessment_draft *draft = content->draft;
    struct assessment_head head;
    bool found;
    enum status status = assessment_open_find(drafting->txn, drafting->actor->municipality, &draft->key, draft->kind,
                                              draft->original, &head, &found, err);
    if (status != STATUS_OK) {
        return status;
    }
    if (!found) {
        int64_t id;
        drafting->result->created++;
        return assessment_draft_add(drafting->txn, drafting->actor->municipality, content, &id, err);
    }
    mark_seen(drafting, head.id);
    if (memcmp(head.content_sha256, content->sha256, SHA256_SIZE) == 0) {
        return STATUS_OK;
    }
    drafting->result->remade++;
    status = assessment_draft_replace(drafting->txn, head.id, content, err);
    if (status == STATUS_OK && head.state == ASSESSMENT_PROPOSED) {
        status = log_change(drafting, "content_changed", &head, draft->amount_yen, err);
    }
    return status;
}

/* Not the city's: written down for its operator, and waiting for nobody. */
static enum status
leave_to_operator(struct drafting *drafting, const struct assessment_source *source, struct error_detail *err)
{
    drafting->result->operator_count++;
    drafting->result->operator_yen += source->amount_yen;
    struct operator_line line = {.terminal = source->terminal,
                                 .sequence = source->sequence,
                                 .number = source->line,
                                 .route = strcmp(source->key.route, "none") == 0 ? "" : source->key.route,
                                 .facility = source->facility,
                                 .run_by = source->run_by,
                                 .item = source->item,
                                 .quantity = source->quantity,
                                 .amount_yen = source->amount_yen,
                                 .tax_yen = source->tax_yen};
    return operator_revenue_add(drafting->txn, drafting->actor->municipality, drafting->day, &line, err);
}

static enum status
hold(struct drafting *drafting, const struct assessment_source *source, const char *reason, struct error_detail *err)
{
    drafting->result->held_count++;
    drafting->result->held_yen += source->amount_yen;
    return assessment_held_add(drafting->txn, drafting->actor->municipality, drafting->day, source->terminal,
                               source->sequence, source->line, reason, source->amount_yen, err);
}

/* A closed year's 調定 stays as it is: the money goes back out of the new year's 歳出, and a person sees to it. */
static bool
is_decrease_of_closed_year(const struct drafting *drafting, const struct assessment_draft *draft)
{
    return draft->kind == ASSESSMENT_DECREASE &&
           civil_date_compare(drafting->today, fiscal_year_closing_day(draft->key.fiscal_year)) > 0;
}

static void
format_summary(char out[SUMMARY_SIZE], const struct assessment_draft *draft)
{
    const struct civil_date day = draft->key.received_on;
    const char *suffix = "";
    if (draft->kind == ASSESSMENT_INCREASE) {
        suffix = "の増額";
    } else if (draft->kind == ASSESSMENT_DECREASE) {
        suffix = "の減額";
    }
    snprintf(out, SUMMARY_SIZE, "%d年%d月%d日 窓口収納分%s", day.year, day.month, day.day, suffix);
}

static enum status
put_one(struct drafting *drafting, const struct assessment_draft *draft, struct error_detail *err)
{
    if (is_decrease_of_closed_year(drafting, draft)) {
        enum status status = STATUS_OK;
        for (size_t i = 0; status == STATUS_OK && i < draft->source_count; i++) {
            status = hold(drafting, &draft->sources[i], "closed_year_decrease", err);
        }
        return status;
    }
    /* A 減額 keeps the account of what was approved, even when the masters have dropped it. */
    struct account_parts parts;
    if (!catalogue_account(drafting->catalogue, draft->key.account, &parts)) {
        for (int part = 0; part < ACCOUNT_PART_COUNT; part++) {
            parts.code[part] = "";
            parts.name[part] = "";
        }
    }
    char summary[SUMMARY_SIZE];
    format_summary(summary, draft);
    uint8_t digest[SHA256_SIZE];
    bool is_cash = strcmp(draft->key.route, "cash") == 0;
    struct assessment_content content = {
        .draft = draft,
        .parts = &parts,
        .section_name = catalogue_name(drafting->catalogue, "sections", draft->key.section),
        .route_name = is_cash ? "現金" : catalogue_name(drafting->catalogue, "trustees", draft->key.route),
        .summary = summary,
        .drafted_on = drafting->today,
        .sha256 = digest,
    };
    digest_content(digest, &content);
    return put_draft(drafting, &content, err);
}

static enum status
put_all(struct drafting *drafting, const struct assessment_drafts *drafts, struct error_detail *err)
{
    enum status status = assessment_held_clear(drafting->txn, drafting->actor->municipality, drafting->day, err);
    if (status == STATUS_OK) {
        status = operator_revenue_clear(drafting->txn, drafting->actor->municipality, drafting->day, err);
    }
    for (size_t i = 0; status == STATUS_OK && i < drafts->held_count; i++) {
        const struct assessment_source *source = drafts->held[i];
        status = source->run_by != NULL ? leave_to_operator(drafting, source, err)
                                        : hold(drafting, source, source->held_for, err);
    }
    for (size_t i = 0; status == STATUS_OK && i < drafts->count; i++) {
        status = put_one(drafting, &drafts->drafts[i], err);
    }
    for (size_t i = 0; status == STATUS_OK && i < drafting->open_count; i++) {
        const struct assessment_head *head = &drafting->open[i];
        if (head->id == 0) {
            continue;
        }
        drafting->result->removed++;
        status = log_change(drafting, "draft_removed", head, 0, err);
        if (status == STATUS_OK) {
            status = assessment_draft_remove(drafting->txn, head->id, err);
        }
    }
    return status;
}

enum status
assessment_draft_day(struct store_txn *txn, const struct actor *actor, const struct catalogue *catalogue,
                     const char *day, int64_t now_ms, struct drafting_result *result, struct error_detail *err)
{
    struct drafting drafting = {.txn = txn,
                                .actor = actor,
                                .catalogue = catalogue,
                                .day = day,
                                .today = civil_date_at(now_ms),
                                .now_ms = now_ms,
                                .result = result};
    enum status status = civil_date_parse(&drafting.date, day, strlen(day));
    assert(status == STATUS_OK); /* days come from the ledger, which has checked them */

    struct day_input input = {0};
    struct assessment_drafts drafts = {0};
    status = day_input_read(&input, txn, catalogue, actor->municipality, drafting.date, drafting.today, err);
    if (status != STATUS_OK) {
        return status;
    }
    drafting.open = arena_take_array(&input.arena, OPEN_RECORDS_MAX, sizeof drafting.open[0]);
    if (drafting.open == NULL) {
        error_set(err, "no_memory", "out of memory");
        status = STATUS_NO_MEMORY;
        goto out;
    }
    status = assessment_draft_all(&input.input, &drafts, err);
    if (status == STATUS_OK) {
        status = assessment_open_each(txn, actor->municipality, day, collect_open, &drafting, err);
    }
    if (status == STATUS_OK) {
        status = put_all(&drafting, &drafts, err);
    }
    if (status == STATUS_OK) {
        status = assessment_unmark_day(txn, actor->municipality, day, err);
    }

out:
    assessment_drafts_finish(&drafts);
    day_input_finish(&input);
    return status;
}

static enum status
mark_days(struct store *store, const struct actor *actor, int64_t now_ms, struct error_detail *err)
{
    struct store_txn *txn = NULL;
    char today[CIVIL_DATE_TEXT_SIZE];
    enum status status = store_begin_write_for(store, actor->municipality, &txn, err);
    if (status == STATUS_OK) {
        status = assessment_mark_days(txn, actor->municipality, civil_date_format(today, civil_date_at(now_ms)), err);
    }
    if (status == STATUS_OK) {
        status = store_commit(txn, err);
    }
    store_end(txn);
    return status;
}

/* Draft the earliest marked day up to TO in a transaction of its own. */
static enum status
draft_next_day(struct store *store, const struct actor *actor, const char *to, int64_t now_ms,
               struct drafting_result *result, bool *out_found, struct error_detail *err)
{
    struct store_txn *txn = NULL;
    struct catalogue *catalogue = NULL;
    char day[CIVIL_DATE_TEXT_SIZE];
    *out_found = false;
    enum status status = store_begin_write_for(store, actor->municipality, &txn, err);
    if (status == STATUS_OK) {
        status = assessment_marked_day(txn, actor->municipality, to, day, out_found, err);
    }
    if (status == STATUS_OK && *out_found) {
        status = catalogue_load(&catalogue, txn, actor->municipality, err);
    }
    if (status == STATUS_OK && *out_found) {
        status = assessment_draft_day(txn, actor, catalogue, day, now_ms, result, err);
    }
    if (status == STATUS_OK) {
        status = store_commit(txn, err);
    }
    store_end(txn);
    catalogue_destroy(catalogue);
    return status;
}

enum status
assessment_draft_until(struct store *store, const struct actor *actor, struct civil_date to, int64_t now_ms,
                       struct drafting_result *out, struct error_detail *err)
{
    *out = (struct drafting_result){0};
    char to_text[CIVIL_DATE_TEXT_SIZE];
    civil_date_format(to_text, to);
    /* Marked once: a day that still holds money back would be marked again for ever. */
    enum status status = mark_days(store, actor, now_ms, err);
    bool found = true;
    while (status == STATUS_OK && found) {
        status = draft_next_day(store, actor, to_text, now_ms, out, &found, err);
    }
    return status;
}
