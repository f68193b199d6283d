/* SQL of drafts. */
#include "settlement/store/masters_draft_store.h"

#include "settlement/store/column.h"
#include "settlement/store/connection.h"
#include "settlement/store/query.h"

#include <string.h>

static const struct {
    const char *word;
    const char *name;
} states[] = {
    [MASTERS_EDITING] = {"editing", "編集中"},
    [MASTERS_PROPOSED] = {"proposed", "承認待ち"},
    [MASTERS_PUBLISHED] = {"published", "公開済み"},
    [MASTERS_DISCARDED] = {"discarded", "破棄"},
};

const char *
masters_draft_state_word(enum masters_draft_state state)
{
    return states[state].word;
}

const char *
masters_draft_state_name(enum masters_draft_state state)
{
    return states[state].name;
}

#define DRAFT_COLUMNS                                                                                                  \
    "SELECT draft, masters_draft.municipality, title, state, revision, masters_draft.created_by, "                     \
    "masters_draft.created_at_ms, changed_at_ms, coalesce(proposed_by, ''), coalesce(proposed_at_ms, 0), "             \
    "coalesce(approved_by, ''), coalesce(approved_at_ms, 0), coalesce(version, 0), "                                   \
    "coalesce(creator.name, ''), coalesce(proposer.name, ''), coalesce(approver.name, ''), "                           \
    "(SELECT count(*) FROM masters_change WHERE masters_change.draft = masters_draft.draft) FROM masters_draft "       \
    "LEFT JOIN staff AS creator ON creator.login = masters_draft.created_by "                                          \
    "LEFT JOIN staff AS proposer ON proposer.login = proposed_by "                                                     \
    "LEFT JOIN staff AS approver ON approver.login = approved_by "

static enum status
read_draft(const struct statement *row, struct masters_draft *out, struct error_detail *err)
{
    *out = (struct masters_draft){
        .id = statement_column_int(row, 0),
        .revision = statement_column_int(row, 4),
        .created_at_ms = statement_column_int(row, 6),
        .changed_at_ms = statement_column_int(row, 7),
        .proposed_at_ms = statement_column_int(row, 9),
        .approved_at_ms = statement_column_int(row, 11),
        .version = statement_column_int(row, 12),
        .change_count = statement_column_int(row, 16),
    };
    column_copy_text(out->municipality, sizeof out->municipality, row, 1);
    column_copy_text(out->title, sizeof out->title, row, 2);
    column_copy_text(out->created_by, sizeof out->created_by, row, 5);
    column_copy_text(out->proposed_by, sizeof out->proposed_by, row, 8);
    column_copy_text(out->approved_by, sizeof out->approved_by, row, 10);
    column_copy_text(out->created_by_name, sizeof out->created_by_name, row, 13);
    column_copy_text(out->proposed_by_name, sizeof out->proposed_by_name, row, 14);
    column_copy_text(out->approved_by_name, sizeof out->approved_by_name, row, 15);
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        if (strcmp(states[i].word, statement_column_text(row, 3)) == 0) {
            out->state = (enum masters_draft_state)i;
            return STATUS_OK;
        }
    }
    error_set(err, "wrong_state_word", "保存されているマスタ変更案の状態が正しくありません。");
    return STATUS_CORRUPT;
}

enum status
masters_draft_add(struct store_txn *txn, const struct actor *actor, const char *title, int64_t now_ms, int64_t *out_id,
                  struct error_detail *err)
{
    return query_insert(
        txn,
        "INSERT INTO masters_draft (municipality, title, state, revision, created_by, created_at_ms, "
        "changed_at_ms) VALUES ($1, $2, 'editing', 1, $3, $4, $4) RETURNING draft",
        BOUND(bound_text(actor->municipality), bound_text(title), bound_text(actor->login), bound_int(now_ms)), out_id,
        err);
}

enum status
masters_draft_find(struct store_txn *txn, const char *municipality, int64_t id, struct masters_draft *out,
                   struct error_detail *err)
{
    struct statement *row;
    bool found;
    enum status status = query_first(txn, DRAFT_COLUMNS "WHERE draft = $1 AND masters_draft.municipality = $2",
                                     BOUND(bound_int(id), bound_text(municipality)), &row, &found, err);
    if (status != STATUS_OK) {
        return status;
    }
    if (!found) {
        error_set(err, "not_found", "マスタの変更案(%lld)はありません。", (long long)id);
        return STATUS_NOT_FOUND;
    }
    status = read_draft(row, out, err);
    statement_reset(row);
    return status;
}

#define DRAFT_ORDER "AND ($2 = 0 OR draft < $2) ORDER BY draft DESC LIMIT $3"

enum status
masters_drafts_each(struct store_txn *txn, const char *municipality, bool is_open, int64_t before, int64_t limit,
                    masters_draft_visitor visit, void *context, struct error_detail *err)
{
    static const char open[] =
        DRAFT_COLUMNS "WHERE masters_draft.municipality = $1 AND state IN ('editing', 'proposed') " DRAFT_ORDER;
    static const char ended[] =
        DRAFT_COLUMNS "WHERE masters_draft.municipality = $1 AND state IN ('published', 'discarded') " DRAFT_ORDER;
    struct statement *row;
    bool has_row = false;
    enum status status = query_open(txn, is_open ? open : ended,
                                    BOUND(bound_text(municipality), bound_int(before), bound_int(limit)), &row, err);
    while (status == STATUS_OK && (status = statement_step(row, &has_row, err)) == STATUS_OK && has_row) {
        struct masters_draft draft;
        status = read_draft(row, &draft, err);
        if (status == STATUS_OK) {
            status = visit(&draft, context);
        }
        if (status != STATUS_OK) {
            statement_reset(row);
        }
    }
    return status;
}

enum status
masters_draft_set_title(struct store_txn *txn, int64_t id, const char *title, int64_t now_ms, struct error_detail *err)
{
    return query_run(txn, "UPDATE masters_draft SET title = $1, changed_at_ms = $2 WHERE draft = $3",
                     BOUND(bound_text(title), bound_int(now_ms), bound_int(id)), err);
}

enum status
masters_draft_set_proposed(struct store_txn *txn, int64_t id, const char *login, int64_t now_ms,
                           struct error_detail *err)
{
    return query_run(
        txn, "UPDATE masters_draft SET state = 'proposed', proposed_by = $1, proposed_at_ms = $2 WHERE draft = $3",
        BOUND(bound_text(login), bound_int(now_ms), bound_int(id)), err);
}

enum status
masters_draft_set_editing(struct store_txn *txn, int64_t id, int64_t now_ms, struct error_detail *err)
{
    return query_run(txn,
                     "UPDATE masters_draft SET state = 'editing', proposed_by = NULL, proposed_at_ms = NULL, "
                     "changed_at_ms = $1 WHERE draft = $2",
                     BOUND(bound_int(now_ms), bound_int(id)), err);
}

enum status
masters_draft_set_discarded(struct store_txn *txn, int64_t id, int64_t now_ms, struct error_detail *err)
{
    return query_run(txn, "UPDATE masters_draft SET state = 'discarded', changed_at_ms = $1 WHERE draft = $2",
                     BOUND(bound_int(now_ms), bound_int(id)), err);
}

enum status
masters_draft_set_published(struct store_txn *txn, int64_t id, const char *login, int64_t version, int64_t now_ms,
                            struct error_detail *err)
{
    return query_run(txn,
                     "UPDATE masters_draft SET state = 'published', approved_by = $1, approved_at_ms = $2, "
                     "version = $3, changed_at_ms = $2 WHERE draft = $4",
                     BOUND(bound_text(login), bound_int(now_ms), bound_int(version), bound_int(id)), err);
}

#define CHANGE_COLUMNS                                                                                                 \
    "SELECT kind, row_key, before, after, revision, changed_by, coalesce(staff.name, ''), changed_at_ms "              \
    "FROM masters_change LEFT JOIN staff ON staff.login = changed_by "

static struct masters_change
read_change(const struct statement *row)
{
    return (struct masters_change){
        .kind = statement_column_text(row, 0),
        .key = statement_column_text(row, 1),
        .before = statement_column_is_null(row, 2) ? NULL : statement_column_text(row, 2),
        .after = statement_column_is_null(row, 3) ? NULL : statement_column_text(row, 3),
        .revision = statement_column_int(row, 4),
        .changed_by = statement_column_text(row, 5),
        .changed_by_name = statement_column_text(row, 6),
        .changed_at_ms = statement_column_int(row, 7),
    };
}

enum status
masters_changes_each(struct store_txn *txn, int64_t draft, const char *kind, masters_change_visitor visit,
                     void *context, struct error_detail *err)
{
    struct statement *row;
    bool has_row = false;
    enum status status = query_open(txn,
                                    CHANGE_COLUMNS "WHERE draft = $1 AND ($2 IS NULL OR kind = $2) "
                                                   "ORDER BY kind, row_key",
                                    BOUND(bound_int(draft), bound_text(kind)), &row, err);
    while (status == STATUS_OK && (status = statement_step(row, &has_row, err)) == STATUS_OK && has_row) {
        struct masters_change change = read_change(row);
        status = visit(&change, context);
        if (status != STATUS_OK) {
            statement_reset(row);
        }
    }
    return status;
}

enum status
masters_change_visit(struct store_txn *txn, int64_t draft, const char *kind, const char *key,
                     masters_change_visitor visit, void *context, bool *out_found, struct error_detail *err)
{
    struct statement *row;
    enum status status = query_first(txn, CHANGE_COLUMNS "WHERE draft = $1 AND kind = $2 AND row_key = $3",
                                     BOUND(bound_int(draft), bound_text(kind), bound_text(key)), &row, out_found, err);
    if (status == STATUS_OK && *out_found) {
        struct masters_change change = read_change(row);
        status = visit(&change, context);
        statement_reset(row);
    }
    return status;
}

enum status
masters_change_put(struct store_txn *txn, int64_t draft, const struct masters_change *change, struct error_detail *err)
{
    return query_run(
        txn,
        "INSERT INTO masters_change (draft, kind, row_key, before, after, revision, changed_by, "
        "changed_at_ms) VALUES ($1, $2, $3, $4, $5, (SELECT revision FROM masters_draft WHERE draft = $1), "
        "$6, $7) ON CONFLICT (draft, kind, row_key) DO UPDATE SET before = excluded.before, "
        "after = excluded.after, revision = excluded.revision, changed_by = excluded.changed_by, "
        "changed_at_ms = excluded.changed_at_ms",
        BOUND(bound_int(draft), bound_text(change->kind), bound_text(change->key), bound_text(change->before),
              bound_text(change->after), bound_text(change->changed_by), bound_int(change->changed_at_ms)),
        err);
}

enum status
masters_change_remove(struct store_txn *txn, int64_t draft, const char *kind, const char *key, struct error_detail *err)
{
    return query_run(txn, "DELETE FROM masters_change WHERE draft = $1 AND kind = $2 AND row_key = $3",
                     BOUND(bound_int(draft), bound_text(kind), bound_text(key)), err);
}

enum status
masters_draft_advance(struct store_txn *txn, int64_t id, int64_t now_ms, int64_t *out_revision,
                      struct error_detail *err)
{
    enum status status =
        query_run(txn, "UPDATE masters_draft SET revision = revision + 1, changed_at_ms = $1 WHERE draft = $2",
                  BOUND(bound_int(now_ms), bound_int(id)), err);
    if (status == STATUS_OK) {
        status = query_int(txn, "SELECT revision FROM masters_draft WHERE draft = $1", BOUND(bound_int(id)), 0,
                           out_revision, err);
    }
    return status;
}

enum status
masters_next_new_row(struct store_txn *txn, int64_t draft, const char *kind, int64_t *out, struct error_detail *err)
{
    return query_int(txn,
                     "SELECT coalesce(max(CAST(substr(row_key, 2) AS INTEGER)), 0) + 1 FROM masters_change "
                     "WHERE draft = $1 AND kind = $2 AND row_key LIKE '+%'",
                     BOUND(bound_int(draft), bound_text(kind)), 1, out, err);
}
