/* Check, write, record: in one transaction each. */
#include "settlement/matching/pair_deed.h"

#include "common/clock/civil.h"
#include "settlement/matching/split_deed.h"
#include "settlement/matching/standing.h"
#include "settlement/store/access_log_store.h"

#include <stdio.h>
#include <string.h>

enum { PLACE_SIZE = 96 };

static enum status
record(struct store_txn *txn, const struct actor *actor, const struct pair_decision *pair, const char *what,
       const char *reason, int64_t now_ms, struct error_detail *err)
{
    char payment[PLACE_SIZE];
    char line[PLACE_SIZE];
    snprintf(payment, sizeof payment, "payment:%s:%lld:%s", pair->terminal, (long long)pair->sequence,
             book_part_word(pair->part));
    snprintf(line, sizeof line, "line:%lld:%lld", (long long)pair->import, (long long)pair->line);
    return access_log_append(
        txn, actor, now_ms,
        &(struct access_entry){.what = what, .object = payment, .before = "", .after = line, .reason = reason}, err);
}

/* What stands about either side. */
struct standing_decision {
    int64_t same_id; /* about both; 0: none */
    bool same_is_pair;
    bool other_pair; /* one of the two is decided to be a pair with something else */
    const struct pair_decision *pair;
};

static enum status
look_at(const struct pair_decision *row, void *context, struct error_detail *err)
{
    (void)err;
    struct standing_decision *found = context;
    const struct pair_decision *pair = found->pair;
    bool is_payment = strcmp(row->terminal, pair->terminal) == 0 && row->sequence == pair->sequence;
    bool is_line = row->import == pair->import && row->line == pair->line;
    if (is_payment && row->part != pair->part) {
        return STATUS_OK;
    }
    if (is_payment && is_line) {
        found->same_id = row->id;
        found->same_is_pair = row->is_pair;
    } else if (row->is_pair) {
        found->other_pair = true;
    }
    return STATUS_OK;
}

static enum status
find_standing(struct store_txn *txn, const struct actor *actor, struct standing_decision *out, struct error_detail *err)
{
    const struct pair_decision *pair = out->pair;
    return pair_decision_about_each(txn, actor->municipality, pair->terminal, pair->sequence, pair->import, pair->line,
                                    look_at, out, err);
}

static enum status
check_open(struct store_txn *txn, const struct actor *actor, const struct pair_decision *pair, struct error_detail *err)
{
    bool is_payment_open = false;
    bool is_line_open = false;
    enum status status = open_pair_find(txn, actor->municipality, pair, &is_payment_open, &is_line_open, err);
    if (status == STATUS_OK && !(is_payment_open && is_line_open)) {
        error_set(err, "not_open", "%sは、もう組になっているか、処置が済んでいます。開き直してください。",
                  is_payment_open ? "明細の行" : "決済");
        status = STATUS_REFUSED;
    }
    return status;
}

/* Nothing that people said may contradict itself: matching could not follow both. */
static enum status
check_decisions(struct store_txn *txn, const struct actor *actor, const struct pair_decision *pair, int64_t now_ms,
                struct error_detail *err)
{
    struct standing_decision standing = {.pair = pair};
    enum status status =
        split_check_none(txn, actor, pair->terminal, pair->sequence, pair->import, pair->line, err);
    if (status == STATUS_OK) {
        status = find_standing(txn, actor, &standing, err);
    }
    if (status == STATUS_OK && (standing.other_pair || (standing.same_id != 0 && standing.same_is_pair))) {
        error_set(err, "decided_already",
                  "この決済か明細の行には、もう人の判断があります。先にその判断を取り消してください。");
        status = STATUS_REFUSED;
    }
    if (status == STATUS_OK && standing.same_id != 0) { /* "not one" gives way to "one" */
        status =
            pair_decision_undo(txn, actor->municipality, standing.same_id, actor->login, pair->reason, now_ms, err);
    }
    return status;
}

enum status
pair_decide(struct store *store, const struct actor *actor, const struct pair_decision *pair, int64_t now_ms,
            int64_t *out_id, struct error_detail *err)
{
    struct store_txn *txn = NULL;
    struct pair_decision decision = *pair;
    decision.is_pair = true;
    decision.at_ms = now_ms;
    decision.login = actor->login;
    enum status status = standing_check_text(pair->reason, "理由", err);
    if (status == STATUS_OK) {
        status = store_begin_write_for(store, actor->municipality, &txn, err);
    }
    if (status == STATUS_OK) {
        status = check_open(txn, actor, &decision, err);
    }
    if (status == STATUS_OK) {
        status = check_decisions(txn, actor, &decision, now_ms, err);
    }
    if (status == STATUS_OK) {
        status = pair_decision_add(txn, actor->municipality, &decision, out_id, err);
    }
    if (status == STATUS_OK) {
        status = record(txn, actor, &decision, "pair", decision.reason, now_ms, err);
    }
    if (status == STATUS_OK) {
        status = store_commit(txn, err);
    }
    store_end(txn);
    return status;
}

/* The pair comes apart; matching computes the due day of the payment anew. */
static enum status
take_apart(struct store_txn *txn, const struct actor *actor, const struct pair_decision *pair, struct error_detail *err)
{
    return matched_remove(txn, actor->municipality, pair->terminal, pair->sequence, pair->part, pair->import,
                          pair->line, "", err);
}

enum status
pair_part(struct store *store, const struct actor *actor, const struct pair_decision *pair, int64_t now_ms,
          int64_t *out_id, struct error_detail *err)
{
    struct store_txn *txn = NULL;
    struct pair_decision decision = *pair;
    decision.is_pair = false;
    decision.at_ms = now_ms;
    decision.login = actor->login;
    struct standing_decision standing = {.pair = &decision};
    enum status status = standing_check_text(pair->reason, "理由", err);
    if (status == STATUS_OK) {
        status = store_begin_write_for(store, actor->municipality, &txn, err);
    }
    if (status == STATUS_OK) {
        status = split_check_none(txn, actor, pair->terminal, pair->sequence, pair->import, pair->line, err);
    }
    if (status == STATUS_OK) {
        status = take_apart(txn, actor, &decision, err);
    }
    if (status == STATUS_OK) {
        status = find_standing(txn, actor, &standing, err);
    }
    if (status == STATUS_OK && standing.same_id != 0) { /* "one" gives way to "not one" */
        status =
            pair_decision_undo(txn, actor->municipality, standing.same_id, actor->login, pair->reason, now_ms, err);
    }
    if (status == STATUS_OK) {
        status = pair_decision_add(txn, actor->municipality, &decision, out_id, err);
    }
    if (status == STATUS_OK) {
        status = record(txn, actor, &decision, "part", decision.reason, now_ms, err);
    }
    if (status == STATUS_OK) {
        status = store_commit(txn, err);
    }
    store_end(txn);
    return status;
}

/* A decision as it was read, with its till kept. */
struct found_decision {
    bool is_found;
    struct pair_decision row;
    char terminal[TERMINAL_ID_SIZE];
};

static enum status
keep_found(const struct pair_decision *row, void *context, struct error_detail *err)
{
    (void)err;
    struct found_decision *found = context;
    found->is_found = true;
    found->row = *row;
    snprintf(found->terminal, sizeof found->terminal, "%s", row->terminal);
    found->row.terminal = found->terminal;
    return STATUS_OK;
}

enum status
pair_undo(struct store *store, const struct actor *actor, int64_t id, const char *reason, int64_t now_ms,
          struct error_detail *err)
{
    struct store_txn *txn = NULL;
    struct found_decision found = {.is_found = false};
    enum status status = standing_check_text(reason, "取り消す理由", err);
    if (status == STATUS_OK) {
        status = store_begin_write_for(store, actor->municipality, &txn, err);
    }
    if (status == STATUS_OK) {
        status = pair_decision_find(txn, actor->municipality, id, keep_found, &found, err);
    }
    if (status == STATUS_OK) {
        status = pair_decision_undo(txn, actor->municipality, id, actor->login, reason, now_ms, err);
    }
    if (status == STATUS_OK && found.row.is_pair) {
        status = take_apart(txn, actor, &found.row, err);
        status = status == STATUS_NOT_FOUND ? STATUS_OK : status; /* decided, and not carried out yet */
    }
    if (status == STATUS_OK) {
        status = record(txn, actor, &found.row, "pair_undo", reason, now_ms, err);
    }
    if (status == STATUS_OK) {
        status = store_commit(txn, err);
    }
    store_end(txn);
    return status;
}
