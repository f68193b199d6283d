/* Reconcile, draft, copy, audit the copy, throw old copies away. */
#include "settlement/nightly/nightly.h"

#include "common/log/log.h"
#include "settlement/assessment/drafting.h"
#include "settlement/audit/audit.h"
#include "settlement/desk/refund_desk.h"
#include "settlement/imports/staging.h"
#include "settlement/matching/reconcile.h"
#include "settlement/store/access_log_store.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PATH_SIZE = 1200, OBJECT_SIZE = 32, SUMMARY_SIZE = 4 * NIGHTLY_SENTENCE_SIZE };

#define COPY_PREFIX "madoguchi-"
#define COPY_SUFFIX ".db"
enum { COPY_NAME_LENGTH = sizeof COPY_PREFIX - 1 + 15 + sizeof COPY_SUFFIX - 1 }; /* YYYYMMDD-HHMMSS between */

static const char *const names[NIGHTLY_STEP_COUNT] = {
    [NIGHTLY_RECONCILE] = "照合",
    [NIGHTLY_DRAFT] = "調定の起案",
    [NIGHTLY_BACKUP] = "控えの作成",
    [NIGHTLY_AUDIT] = "監査",
};

/* One night. */
struct night {
    struct store *store;
    const struct actor *actor;
    const struct clock_source *clock;
    const struct nightly_plan *plan;
    struct nightly_outcome *out;
    char copy[PATH_SIZE]; /* of this night; "": none */
    bool is_broken_off;   /* somebody wants it to end */
};

const char *
nightly_step_name(enum nightly_step step)
{
    return names[step];
}

static void
fail(struct night *night, enum nightly_step step, enum status status, const struct error_detail *err)
{
    struct nightly_outcome *outcome = &night->out[step];
    *outcome = (struct nightly_outcome){.is_done = false};
    night->is_broken_off |= status == STATUS_CANCELLED;
    snprintf(outcome->sentence, sizeof outcome->sentence, "%sができませんでした: %s", names[step], err->message);
    log_failure(LOG_LEVEL_ERROR, "nightly", names[step], status, err);
}

/* Files that nobody went on with take no room for ever, and accounts of citizens are not kept longer than needed. */
static void
sweep(struct night *night)
{
    struct error_detail err;
    enum status status = staging_sweep(night->store, night->actor->municipality, clock_now_ms(night->clock), &err);
    if (status != STATUS_OK) {
        log_failure(LOG_LEVEL_WARNING, "nightly", "removing staged lines", status, &err);
    }
    status = desk_wipe_payees(night->store, night->actor, clock_now_ms(night->clock), &err);
    if (status != STATUS_OK) {
        log_failure(LOG_LEVEL_WARNING, "nightly", "wiping payees of refunds", status, &err);
    }
}

static void
match(struct night *night)
{
    struct error_detail err;
    struct run_row run;
    struct nightly_outcome *outcome = &night->out[NIGHTLY_RECONCILE];
    enum status status = reconcile_watched(night->store, night->actor, night->clock, night->plan->work, &run, &err);
    if (status != STATUS_OK) {
        fail(night, NIGHTLY_RECONCILE, status, &err);
        return;
    }
    *outcome = (struct nightly_outcome){.is_done = true, .is_well = run.opened_count == 0};
    snprintf(outcome->sentence, sizeof outcome->sentence,
             "照合%" PRId64 "件、新しい要確認%" PRId64 "件、解消%" PRId64 "件、残る要確認%" PRId64 "件",
             run.matched_count, run.opened_count, run.cleared_count, run.open_count);
}

static void
draft(struct night *night)
{
    struct error_detail err;
    struct drafting_result result = {0};
    struct nightly_outcome *outcome = &night->out[NIGHTLY_DRAFT];
    int64_t now_ms = clock_now_ms(night->clock);
    struct civil_date yesterday = civil_date_add_days(civil_date_at(now_ms), -1);
    work_begin_step(night->plan->work, WORK_DRAFT, 0);
    enum status status = work_advance(night->plan->work, 0, &err);
    if (status == STATUS_OK) {
        status = assessment_draft_until(night->store, night->actor, yesterday, now_ms, &result, &err);
    }
    if (status != STATUS_OK) {
        fail(night, NIGHTLY_DRAFT, status, &err);
        return;
    }
    *outcome = (struct nightly_outcome){.is_done = true, .is_well = result.held_count == 0};
    snprintf(outcome->sentence, sizeof outcome->sentence,
             "新しい案%" PRId64 "件、つくり直し%" PRId64 "件、起案できないもの%" PRId64 "件", result.created,
             result.remade, result.held_count);
}

static void
copy(struct night *night)
{
    struct error_detail err;
    struct nightly_outcome *outcome = &night->out[NIGHTLY_BACKUP];
    char now[INSTANT_TEXT_SIZE];
    if (night->plan->backup_folder[0] == '\0') {
        *outcome =
            (struct nightly_outcome){.is_done = true, .is_well = true, .sentence = "控えの置き場所は決まっていません"};
        return;
    }
    work_begin_step(night->plan->work, WORK_COPY, 0);
    instant_format(now, clock_now_ms(night->clock)); /* 2026-11-22T10:03:11.123+09:00 */
    int length = snprintf(night->copy, sizeof night->copy, "%s/" COPY_PREFIX "%.4s%.2s%.2s-%.2s%.2s%.2s" COPY_SUFFIX,
                          night->plan->backup_folder, now, now + 5, now + 8, now + 11, now + 14, now + 17);
    enum status status = work_advance(night->plan->work, 0, &err);
    if (status != STATUS_OK) {
        /* said below */
    } else if (length >= (int)sizeof night->copy) {
        error_set(&err, "path_too_long", "the folder's name is too long");
        status = STATUS_INVALID;
    } else if (access(night->copy, F_OK) == 0) {
        error_set(&err, "file_exists", "%s is there already; a backup overwrites nothing", night->copy);
        status = STATUS_REFUSED;
    }
    if (status == STATUS_OK) {
        status = store_backup(night->store, night->copy, &err);
    }
    if (status != STATUS_OK) {
        night->copy[0] = '\0';
        fail(night, NIGHTLY_BACKUP, status, &err);
        return;
    }
    *outcome = (struct nightly_outcome){.is_done = true, .is_well = true};
    snprintf(outcome->sentence, sizeof outcome->sentence, "控え %s", strrchr(night->copy, '/') + 1);
}

/* The copy where there is one: that proves that it opens, and leaves the live database to the tills. */
static void
audit(struct night *night)
{
    struct error_detail err;
    struct audit_report report = {0};
    struct store *store = NULL;
    struct nightly_outcome *outcome = &night->out[NIGHTLY_AUDIT];
    enum status status = night->copy[0] != '\0' ? store_open(&store, night->copy, &err) : STATUS_OK;
    if (status == STATUS_OK) {
        status = audit_run_watched(store != NULL ? store : night->store, night->plan->layouts_folder, night->plan->work,
                                   &report, &err);
    }
    store_close(store);
    if (status != STATUS_OK) {
        fail(night, NIGHTLY_AUDIT, status, &err);
    } else {
        *outcome = (struct nightly_outcome){.is_done = true, .is_well = report.findings.count == 0};
        snprintf(outcome->sentence, sizeof outcome->sentence,
                 "%s%" PRId64 "行、収納額%" PRId64 "円を照合し、差異%" PRId64 "件",
                 night->copy[0] != '\0' ? "控えの" : "", report.lines, report.revenue_yen, report.findings.count);
    }
    audit_report_finish(&report);
}

static bool
is_copy(const char *name)
{
    size_t length = strlen(name);
    return length == COPY_NAME_LENGTH && strncmp(name, COPY_PREFIX, sizeof COPY_PREFIX - 1) == 0 &&
           strcmp(name + length - (sizeof COPY_SUFFIX - 1), COPY_SUFFIX) == 0 &&
           strspn(name + sizeof COPY_PREFIX - 1, "0123456789-") == 15;
}

static int
is_copy_entry(const struct dirent *entry)
{
    return is_copy(entry->d_name) ? 1 : 0;
}

/* Names tell the time of their copy: the first are the oldest. Only what this made is removed, and only when the newest
 * was found good. */
static void
throw_old_away(const struct night *night)
{
    struct dirent **entries = NULL;
    int count = scandir(night->plan->backup_folder, &entries, is_copy_entry, alphasort);
    for (int i = 0; i < count; i++) {
        char path[PATH_SIZE];
        bool is_old = i < count - night->plan->copies_kept;
        snprintf(path, sizeof path, "%s/%s", night->plan->backup_folder, entries[i]->d_name);
        if (is_old && unlink(path) != 0) {
            log_line(LOG_LEVEL_WARNING, "nightly", "the old copy %s could not be removed: %s", path, strerror(errno));
        }
        free(entries[i]);
    }
    free(entries);
}

static enum status
record(const struct night *night, const char *day, struct error_detail *err)
{
    char object[OBJECT_SIZE];
    char summary[SUMMARY_SIZE];
    size_t length = 0;
    bool is_well = true;
    summary[0] = '\0';
    for (int i = 0; i < NIGHTLY_STEP_COUNT; i++) {
        is_well =
            is_well && night->out[i].is_done && (i == NIGHTLY_RECONCILE || i == NIGHTLY_DRAFT || night->out[i].is_well);
        length += (size_t)snprintf(summary + length, sizeof summary - length, "%s%s", i > 0 ? "。" : "",
                                   night->out[i].sentence);
        length = length < sizeof summary ? length : sizeof summary - 1;
    }
    snprintf(object, sizeof object, "nightly:%s", day);
    struct store_txn *txn = NULL;
    enum status status = store_begin_write_for(night->store, night->actor->municipality, &txn, err);
    if (status == STATUS_OK) {
        status = access_log_append(txn, night->actor, clock_now_ms(night->clock),
                                   &(struct access_entry){.what = "nightly",
                                                          .object = object,
                                                          .before = "",
                                                          .after = is_well ? "done" : "failed",
                                                          .reason = summary},
                                   err);
    }
    if (status == STATUS_OK) {
        status = store_commit(txn, err);
    }
    store_end(txn);
    return status;
}

enum status
nightly_run(struct store *store, const struct actor *actor, const struct clock_source *clock,
            const struct nightly_plan *plan, struct nightly_outcome out[NIGHTLY_STEP_COUNT], struct error_detail *err)
{
    struct night night = {.store = store, .actor = actor, .clock = clock, .plan = plan, .out = out};
    char day[CIVIL_DATE_TEXT_SIZE];
    civil_date_format(day, civil_date_at(clock_now_ms(clock)));
    sweep(&night);
    match(&night);
    if (!night.is_broken_off) {
        draft(&night);
    }
    for (int i = NIGHTLY_BACKUP; i < NIGHTLY_STEP_COUNT; i++) {
        out[i] =
            (struct nightly_outcome){.is_done = true, .is_well = true, .sentence = "データベース全体で1回行います"};
    }
    if (plan->has_books && !night.is_broken_off) {
        copy(&night);
    }
    if (plan->has_books && !night.is_broken_off) {
        audit(&night);
    }
    if (night.is_broken_off) {
        error_set(err, "cancelled", "夜間処理は途中で終わりました。次に起動したときに、最初から行います。");
        return STATUS_CANCELLED;
    }
    if (night.copy[0] != '\0' && out[NIGHTLY_AUDIT].is_well) {
        throw_old_away(&night);
    }
    return record(&night, day, err);
}

static enum status
note_entry(const struct access_entry *entry, void *context)
{
    (void)entry;
    *(bool *)context = true;
    return STATUS_OK;
}

enum status
nightly_was_done(struct store *store, const char *municipality, const char *day, bool *out, struct error_detail *err)
{
    char object[OBJECT_SIZE];
    snprintf(object, sizeof object, "nightly:%s", day);
    struct access_log_query query = {
        .municipality = municipality, .object = object, .to_ms = INT64_MAX, .before_id = INT64_MAX, .limit = 1};
    struct store_txn *txn = NULL;
    *out = false;
    enum status status = store_begin_read_for(store, municipality, &txn, err);
    if (status == STATUS_OK) {
        status = access_log_each(txn, &query, note_entry, out, err);
    }
    store_end(txn);
    return status;
}
