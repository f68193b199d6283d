/* Who may propose what, and what the second person does. What it changes is in replacement_apply.c. */
#include "settlement/imports/replacement.h"

#include "common/clock/clock.h"
#include "settlement/matching/reconcile.h"
#include "settlement/store/access_log_store.h"
#include "settlement/store/matching_afresh_store.h"

#include <stdio.h>
#include <string.h>

static enum status
copy_facts(const struct import_row *row, void *context)
{
    struct import_facts *facts = context;
    facts->id = row->id;
    facts->is_statement = strcmp(row->kind, "statement") == 0;
    facts->line_count = row->line_count;
    snprintf(facts->layout, sizeof facts->layout, "%s", row->layout);
    snprintf(facts->trustee, sizeof facts->trustee, "%s", row->trustee);
    snprintf(facts->file_name, sizeof facts->file_name, "%s", row->file_name);
    snprintf(facts->first_on, sizeof facts->first_on, "%s", row->first_on);
    snprintf(facts->last_on, sizeof facts->last_on, "%s", row->last_on);
    return STATUS_OK;
}

enum status
import_facts_read(struct import_facts *out, struct store_txn *txn, const char *municipality, int64_t id,
                  struct error_detail *err)
{
    *out = (struct import_facts){0};
    enum status status =
        id > 0 ? import_each(txn, municipality, id, 0, 1, copy_facts, out, err) : STATUS_OK; /* 0 asks for all */
    if (status == STATUS_OK && out->id == 0) {
        error_set(err, "not_found", "取込(%lld)はありません。", (long long)id);
        status = STATUS_NOT_FOUND;
    }
    return status;
}

/* ---- lines of a stored file ---- */

struct adding {
    struct difference *difference;
    struct growing *side;
    int64_t import;
    struct error_detail *err;
};

static enum status
add_statement_line(const struct statement_line *line, void *context)
{
    struct adding *adding = context;
    return difference_add_statement(adding->difference, adding->side, adding->import, false, line, adding->err);
}

static enum status
add_bank_line(const struct bank_line *line, void *context)
{
    struct adding *adding = context;
    return difference_add_bank(adding->difference, adding->side, adding->import, false, line, adding->err);
}

enum status
difference_add_import(struct difference *difference, struct growing *side, struct store_txn *txn, int64_t import,
                      bool is_statement, struct error_detail *err)
{
    struct adding adding = {.difference = difference, .side = side, .import = import, .err = err};
    return is_statement ? statement_line_each(txn, import, 0, 0, INT64_MAX, add_statement_line, &adding, err)
                        : bank_line_each(txn, import, 0, 0, INT64_MAX, add_bank_line, &adding, err);
}

/* ---- proposing ---- */

enum status
replacement_check(struct store_txn *txn, const char *municipality, int64_t earlier, const char *layout,
                  const char *first_on, const char *last_on, struct error_detail *err)
{
    struct import_facts facts;
    int64_t chain;
    int64_t standing;
    int64_t waiting;
    bool is_kept_out = false;
    enum status status = import_facts_read(&facts, txn, municipality, earlier, err);
    if (status == STATUS_OK) {
        status = replacement_chain(txn, municipality, earlier, &chain, &standing, &waiting, err);
    }
    if (status == STATUS_OK) {
        status = replacement_is_kept_out(txn, earlier, &is_kept_out, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    if (strcmp(facts.layout, layout) != 0) {
        error_set(err, "other_layout", "取込%lldは様式「%s」のファイルです。違う様式のファイルとは差し替えられません。",
                  (long long)earlier, facts.layout);
        return STATUS_REFUSED;
    }
    if (facts.first_on[0] != '\0' && first_on[0] != '\0' &&
        (strcmp(last_on, facts.first_on) < 0 || strcmp(first_on, facts.last_on) > 0)) {
        error_set(err, "other_period", "取込%lldは%s〜%sのファイルです。違う期間のファイルとは差し替えられません。",
                  (long long)earlier, facts.first_on, facts.last_on);
        return STATUS_REFUSED;
    }
    if (is_kept_out && waiting == 0) {
        error_set(err, "not_standing", "取込%lldは差し戻されたファイルで、有効ではありません。", (long long)earlier);
        return STATUS_REFUSED;
    }
    if (standing != earlier) {
        error_set(err, "already_replaced", "取込%lldはもう差し替えられています。今は取込%lldが有効です。",
                  (long long)earlier, (long long)standing);
        return STATUS_REFUSED;
    }
    if (waiting != 0) {
        error_set(err, "replacement_waits", "取込%lldには、二人目の確認を待っている差替え(%lld)があります。",
                  (long long)earlier, (long long)waiting);
        return STATUS_REFUSED;
    }
    return STATUS_OK;
}

/* LATER stands nowhere else: it is new, was refused, counts by itself, or is of the same chain. */
static enum status
check_later(struct store_txn *txn, const char *municipality, int64_t earlier, int64_t later, int64_t chain,
            struct error_detail *err)
{
    int64_t later_chain;
    int64_t standing;
    int64_t waiting;
    enum status status = replacement_chain(txn, municipality, later, &later_chain, &standing, &waiting, err);
    if (status == STATUS_OK && (later == earlier || waiting != 0 || (later_chain != later && later_chain != chain) ||
                                (later_chain == later && standing != later && later_chain != chain))) {
        error_set(err, "same_file",
                  later == earlier ? "取込%lldと同じファイルです。" : "取込%lldは、別の差替えに使われています。",
                  (long long)later);
        status = STATUS_REFUSED;
    }
    return status;
}

static enum status
record(struct store_txn *txn, const struct actor *actor, const char *what, int64_t id, int64_t earlier, int64_t later,
       const char *reason, int64_t now_ms, struct error_detail *err)
{
    char object[48];
    char before[48];
    char after[48];
    snprintf(object, sizeof object, "replacement:%lld", (long long)id);
    snprintf(before, sizeof before, "import:%lld", (long long)earlier);
    snprintf(after, sizeof after, "import:%lld", (long long)later);
    return access_log_append(
        txn, actor, now_ms,
        &(struct access_entry){.what = what, .object = object, .before = before, .after = after, .reason = reason},
        err);
}

static enum status
carry_out(struct store_txn *txn, const struct actor *actor, const struct replacement_row *row, const char *decided_by,
          const char *reason, int64_t now_ms, struct error_detail *err)
{
    enum status status = replacement_apply(txn, actor, row, now_ms, err);
    if (status == STATUS_OK) {
        status = replacement_decide(txn, row->id, "done", decided_by, now_ms, reason, err);
    }
    if (status == STATUS_OK) {
        status = record(txn, actor, "import_replace_confirm", row->id, row->earlier, row->later, reason, now_ms, err);
    }
    return status == STATUS_OK ? matching_empty(txn, actor->municipality, err) : status;
}

static enum status
propose_compared(struct store_txn *txn, const struct actor *actor, const struct difference *difference,
                 struct replacement_row *row, struct proposal *out, struct error_detail *err)
{
    row->same_count = difference->counts[DIFFERENCE_SAME];
    row->changed_count = difference->counts[DIFFERENCE_CHANGED];
    row->gone_count = difference->counts[DIFFERENCE_GONE];
    row->added_count = difference->counts[DIFFERENCE_ADDED];
    enum status status = replacement_add(txn, actor->municipality, row, &row->id, err);
    if (status == STATUS_OK) {
        status = record(txn, actor, "import_replace", row->id, row->earlier, row->later, row->reason,
                        row->proposed_at_ms, err);
    }
    out->id = row->id;
    out->is_done = !difference_is_any(difference);
    return status == STATUS_OK && out->is_done
               ? carry_out(txn, actor, row, "", "同じ内容です。", row->proposed_at_ms, err)
               : status;
}

enum status
replacement_propose(struct store_txn *txn, const struct actor *actor, int64_t earlier, int64_t later,
                    const char *reason, int64_t now_ms, struct proposal *out, struct error_detail *err)
{
    struct import_facts facts;
    struct difference difference;
    struct proposal proposal = {0};
    struct replacement_row row = {.earlier = earlier,
                                  .later = later,
                                  .proposed_by = actor->login,
                                  .proposed_at_ms = now_ms,
                                  .reason = reason != NULL ? reason : ""};
    int64_t standing;
    int64_t waiting;
    if (strlen(row.reason) > REPLACEMENT_REASON_MAX_BYTES) {
        error_set(err, "invalid_request", "理由を1000文字以内で入力してください。");
        return STATUS_INVALID;
    }
    enum status status = import_facts_read(&facts, txn, actor->municipality, later, err);
    if (status == STATUS_OK) {
        status = replacement_check(txn, actor->municipality, earlier, facts.layout, facts.first_on, facts.last_on, err);
    }
    if (status == STATUS_OK) {
        status = replacement_chain(txn, actor->municipality, earlier, &row.chain, &standing, &waiting, err);
    }
    if (status == STATUS_OK) {
        status = check_later(txn, actor->municipality, earlier, later, row.chain, err);
    }
    difference_init(&difference);
    if (status == STATUS_OK) {
        status = difference_add_import(&difference, &difference.earlier, txn, earlier, facts.is_statement, err);
    }
    if (status == STATUS_OK) {
        status = difference_add_import(&difference, &difference.later, txn, later, facts.is_statement, err);
    }
    if (status == STATUS_OK) {
        status = difference_make(&difference, err);
    }
    if (status == STATUS_OK) {
        status = propose_compared(txn, actor, &difference, &row, &proposal, err);
    }
    difference_finish(&difference);
    if (status == STATUS_OK) {
        *out = proposal;
    }
    return status;
}

enum status
replacement_put(struct store *store, const struct actor *actor, int64_t earlier, int64_t later, const char *reason,
                int64_t now_ms, struct proposal *out, struct error_detail *err)
{
    struct store_txn *txn = NULL;
    enum status status = store_begin_write_for(store, actor->municipality, &txn, err);
    if (status == STATUS_OK) {
        status = replacement_propose(txn, actor, earlier, later, reason, now_ms, out, err);
    }
    if (status == STATUS_OK) {
        status = store_commit(txn, err);
    }
    store_end(txn);
    return status;
}

/* ---- the second person ---- */

/* A row whose proposer is kept. */
struct kept_row {
    struct replacement_row row;
    char proposed_by[LOGIN_SIZE];
    bool is_waiting;
};

static enum status
keep_row(const struct replacement_row *row, void *context)
{
    struct kept_row *kept = context;
    kept->row = (struct replacement_row){
        .id = row->id, .chain = row->chain, .earlier = row->earlier, .later = row->later, .proposed_by = ""};
    snprintf(kept->proposed_by, sizeof kept->proposed_by, "%s", row->proposed_by);
    kept->is_waiting = strcmp(row->state, "proposed") == 0;
    return STATUS_OK;
}

static enum status
find_waiting(struct kept_row *out, struct store_txn *txn, const struct actor *actor, int64_t id,
             struct error_detail *err)
{
    *out = (struct kept_row){0};
    enum status status = id > 0 ? replacement_each(txn, actor->municipality, id, 0, 1, keep_row, out, err) : STATUS_OK;
    if (status == STATUS_OK && out->row.id == 0) {
        error_set(err, "not_found", "差替え(%lld)はありません。", (long long)id);
        return STATUS_NOT_FOUND;
    }
    if (status == STATUS_OK && !out->is_waiting) {
        error_set(err, "wrong_state", "この差替えはもう決まっています。開き直してください。");
        return STATUS_REFUSED;
    }
    return status;
}

enum status
replacement_confirm(struct store *store, const struct actor *actor, int64_t id, const char *reason,
                    const struct clock_source *clock, struct work *work, struct run_row *run, struct error_detail *err)
{
    struct store_txn *txn = NULL;
    struct kept_row kept;
    int64_t now_ms = clock_now_ms(clock);
    enum status status = store_begin_write_for(store, actor->municipality, &txn, err);
    if (status == STATUS_OK) {
        status = find_waiting(&kept, txn, actor, id, err);
    }
    if (status == STATUS_OK && strcmp(kept.proposed_by, actor->login) == 0) {
        error_set(err, "own_approval", "自分が提案した差替えは承認できません。別の承認者が確認してください。");
        status = STATUS_UNAUTHORIZED;
    }
    if (status == STATUS_OK) {
        status = carry_out(txn, actor, &kept.row, actor->login, reason, now_ms, err);
    }
    if (status == STATUS_OK) {
        status = store_commit(txn, err);
    }
    store_end(txn);
    if (status == STATUS_OK) {
        status = reconcile_watched(store, actor, clock, work, run, err);
    }
    if (status == STATUS_CANCELLED) {
        error_set(err, "cancelled",
                  "差替えは済みました。照合は中止しました: 「今すぐ照合する」か、次の照合で続きを行います。");
    }
    return status;
}

enum status
replacement_refuse(struct store *store, const struct actor *actor, int64_t id, const char *reason, int64_t now_ms,
                   struct error_detail *err)
{
    struct store_txn *txn = NULL;
    struct kept_row kept;
    if (reason == NULL || reason[0] == '\0') {
        error_set(err, "invalid_request", "差し戻す理由を入力してください。");
        return STATUS_INVALID;
    }
    enum status status = store_begin_write_for(store, actor->municipality, &txn, err);
    if (status == STATUS_OK) {
        status = find_waiting(&kept, txn, actor, id, err);
    }
    if (status == STATUS_OK) {
        status = replacement_decide(txn, id, "refused", actor->login, now_ms, reason, err);
    }
    if (status == STATUS_OK) {
        status = record(txn, actor, "import_replace_refuse", id, kept.row.earlier, kept.row.later, reason, now_ms, err);
    }
    if (status == STATUS_OK) {
        status = store_commit(txn, err);
    }
    store_end(txn);
    return status;
}
