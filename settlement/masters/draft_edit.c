/* Changing rows of a draft: each edit finds its row by key, checks that its editor saw the newest state, and writes the
 * change. */
#include "settlement/masters/edit_run.h"

#include "common/clock/civil.h"
#include "common/json/assemble.h"
#include "settlement/masters/field.h"

#include <stdio.h>

/* VALUE without member WITHOUT, and with TEXT in its place unless that is NULL. *OUT is given, borrowing from VALUE. */
static enum status
with_member(const struct json_value *value, const char *key, const char *text, struct json_value **out,
            struct error_detail *err)
{
    struct json_value *changed = NULL;
    enum status status = json_object_create(&changed, err);
    for (const struct json_value *member = json_first(value); member != NULL && status == STATUS_OK;
         member = json_next(member)) {
        if (strcmp(json_key(member), key) != 0) {
            status = json_borrow(changed, json_key(member), member, err);
        }
    }
    if (status == STATUS_OK && text != NULL) {
        status = json_put_text(changed, key, text, err);
    }
    if (status != STATUS_OK) {
        json_free(changed);
        return status;
    }
    *out = changed;
    return STATUS_OK;
}

/* ROW in normal form. A clerk's row that says nothing of the PIN keeps the one of CURRENT (NULL: there is none). */
static enum status
normalise(const struct edit_run *run, const struct json_value *row, const struct json_value *current,
          struct buffer *out)
{
    const char *known = text_or(current, "pin_hash", "");
    if (strcmp(run->table->key, "clerks") != 0 || !json_is_null(json_member(row, "pin_hash")) || known[0] == '\0') {
        return masters_row_normalise(run->table, row, out, run->err);
    }
    struct json_value *filled = NULL;
    enum status status = with_member(row, "pin_hash", known, &filled, run->err);
    if (status == STATUS_OK) {
        status = masters_row_normalise(run->table, filled, out, run->err);
    }
    json_free(filled);
    return status;
}

/* The published row that a change of ROW stands against. */
static enum status
before_of(const struct edit_run *run, const struct overlay_row *row, struct buffer *out, const char **out_text)
{
    if (row->change != NULL) {
        *out_text = row->change->before_text;
        return STATUS_OK;
    }
    enum status status = masters_row_normalise(run->table, row->published, out, run->err);
    *out_text = buffer_text(out);
    return status;
}

/* Replace ROW's value by VALUE (NULL: take it out). */
static enum status
change_row(struct edit_run *run, const struct overlay_row *row, const struct json_value *value)
{
    struct buffer before;
    struct buffer after;
    const char *before_text = NULL;
    buffer_init(&before, JSON_TEXT_MAX_BYTES);
    buffer_init(&after, JSON_TEXT_MAX_BYTES);
    enum status status = before_of(run, row, &before, &before_text);
    if (status == STATUS_OK && value != NULL) {
        status = normalise(run, value, row->value, &after);
    }
    if (status == STATUS_OK) {
        status = edit_run_put(run, row->key, before_text, value != NULL ? buffer_text(&after) : NULL);
    }
    buffer_finish(&before);
    buffer_finish(&after);
    return status;
}

static enum status
add_row(struct edit_run *run, const struct json_value *value, const struct json_value *like)
{
    char key[MASTERS_ROW_KEY_SIZE];
    struct buffer after;
    buffer_init(&after, JSON_TEXT_MAX_BYTES);
    snprintf(key, sizeof key, "+%lld", (long long)run->next_new++);
    enum status status = normalise(run, value, like, &after);
    if (status == STATUS_OK) {
        status = edit_run_put(run, key, NULL, buffer_text(&after));
    }
    buffer_finish(&after);
    return status;
}

/* Whether ROW is valid on FROM and before it; *OUT_DAY_BEFORE receives its new last day. */
static enum status
check_split(const struct edit_run *run, const struct overlay_row *row, const char *from,
            char out_day_before[CIVIL_DATE_TEXT_SIZE])
{
    struct civil_date day;
    if (!run->table->has_validity || row->state == OVERLAY_REMOVED) {
        error_set(run->err, "invalid_request", "この行には期間がないので、「この日から変更」はできません。");
        return STATUS_INVALID;
    }
    if (civil_date_parse(&day, from, strlen(from)) != STATUS_OK) {
        error_set(run->err, "invalid_request", "変更する日を 2027-04-01 のように入力してください。");
        return STATUS_INVALID;
    }
    if (strcmp(text_or(row->value, "valid_from", ""), from) >= 0 ||
        strcmp(text_or(row->value, "valid_to", "9999-12-31"), from) < 0) {
        error_set(
            run->err, "invalid_request",
            "%s は、この行の期間（%sから%s）の途中の日ではありません。期間の中の、開始日より後の日を選んでください。",
            from, text_or(row->value, "valid_from", "?"), text_or(row->value, "valid_to", "終わりなし"));
        return STATUS_INVALID;
    }
    civil_date_format(out_day_before, civil_date_add_days(day, -1));
    return STATUS_OK;
}

/* 「この日から変更」: ROW ends the day before, VALUE follows it and lasts as long as ROW did. */
static enum status
split_row(struct edit_run *run, const struct overlay_row *row, const struct json_value *value, const char *from)
{
    char day_before[CIVIL_DATE_TEXT_SIZE];
    struct json_value *ended = NULL;
    struct json_value *begun = NULL;
    struct json_value *following = NULL;
    enum status status = check_split(run, row, from, day_before);
    if (status == STATUS_OK) {
        status = with_member(row->value, "valid_to", day_before, &ended, run->err);
    }
    if (status == STATUS_OK) {
        status = with_member(value, "valid_from", from, &begun, run->err);
    }
    if (status == STATUS_OK) {
        status = with_member(begun, "valid_to", text_or(row->value, "valid_to", NULL), &following, run->err);
    }
    if (status == STATUS_OK) {
        status = change_row(run, row, ended);
    }
    if (status == STATUS_OK) {
        status = add_row(run, following, row->value);
    }
    json_free(following);
    json_free(begun);
    json_free(ended);
    return status;
}

static enum status
carry_out(struct edit_run *run, const struct masters_edit *edit)
{
    const struct overlay_row *row = NULL;
    if (edit->key == NULL) {
        if (edit->row == NULL || run->table == &masters_settings_row) {
            error_set(run->err, "invalid_request", "加える行の内容がありません。");
            return STATUS_INVALID;
        }
        return add_row(run, edit->row, NULL);
    }
    enum status status = edit_run_find_seen(run, edit->key, edit->seen, &row);
    if (status != STATUS_OK) {
        return status;
    }
    if (edit->row == NULL && run->table == &masters_settings_row) {
        error_set(run->err, "invalid_request", "設定は消せません。");
        return STATUS_INVALID;
    }
    return edit->from != NULL && edit->row != NULL ? split_row(run, row, edit->row, edit->from)
                                                   : change_row(run, row, edit->row);
}

/* One edit from the screen is logged with what stood there before and after; an import by its sum. Never a PIN. */
static enum status
log_edits(struct edit_run *run, const struct masters_edit *edits, size_t count, const char *source)
{
    char what[160];
    if (source != NULL) {
        char after[64];
        snprintf(after, sizeof after, "%zu行", count);
        snprintf(what, sizeof what, "%s %.100s", run->table->title, source);
        return draft_log(run->txn, run->desk, run->draft, "masters_import", NULL, after, what, run->err);
    }
    const struct overlay_row *found = edits->key != NULL ? edit_run_find(run, edits->key) : NULL;
    struct buffer before;
    struct buffer after;
    struct json_value *shown_before = NULL;
    struct json_value *shown_after = NULL;
    enum status status = STATUS_OK;
    buffer_init(&before, JSON_TEXT_MAX_BYTES);
    buffer_init(&after, JSON_TEXT_MAX_BYTES);
    if (found != NULL) {
        status = with_member(found->value, "pin_hash", NULL, &shown_before, run->err);
    }
    if (status == STATUS_OK && shown_before != NULL) {
        status = masters_row_normalise(run->table, shown_before, &before, run->err);
    }
    if (status == STATUS_OK && edits->row != NULL) {
        status = with_member(edits->row, "pin_hash", NULL, &shown_after, run->err);
    }
    if (status == STATUS_OK && shown_after != NULL) {
        status = masters_row_normalise(run->table, shown_after, &after, run->err);
    }
    bool sets_pin = !json_is_null(json_member(edits->row, "pin_hash"));
    const char *code_key = table_code_key(run->table);
    const char *code = text_or(edits->row, code_key, text_or(found != NULL ? found->value : NULL, code_key, ""));
    snprintf(what, sizeof what, "%s %.*s%s%s%s", run->table->title, SHOWN(code),
             edits->from != NULL ? " この日から " : "", edits->from != NULL ? edits->from : "",
             sets_pin             ? " PINを設定"
             : edits->row == NULL ? " 行を消す"
                                  : "");
    if (status == STATUS_OK) {
        status = draft_log(run->txn, run->desk, run->draft, "masters_edit", buffer_text(&before), buffer_text(&after),
                           what, run->err);
    }
    json_free(shown_before);
    json_free(shown_after);
    buffer_finish(&before);
    buffer_finish(&after);
    return status;
}

struct edit_step {
    int64_t id;
    const struct masters_edit *edits;
    size_t count;
    const char *source;
    char key[MASTERS_ROW_KEY_SIZE];
};

static enum status
edit(struct store_txn *txn, const struct masters_desk *desk, void *context, struct error_detail *err)
{
    struct edit_step *step = context;
    struct masters_draft draft;
    const struct masters_book *book = NULL;
    int64_t revision;
    struct edit_run run = {
        .txn = txn, .desk = desk, .draft = step->id, .table = masters_kind(step->edits[0].kind), .err = err};
    enum status status = draft_in_state(txn, desk, step->id, MASTERS_EDITING, &draft, err);
    if (status == STATUS_OK) {
        status = masters_book_hold(desk->shelf, txn, desk->actor->municipality, 0, &book, err);
    }
    if (status == STATUS_OK) {
        status = edit_run_begin(&run, book);
    }
    if (status == STATUS_OK) {
        status = masters_draft_advance(txn, step->id, desk->now_ms, &revision, err);
    }
    for (size_t i = 0; i < step->count && status == STATUS_OK; i++) {
        status = carry_out(&run, &step->edits[i]);
    }
    if (status == STATUS_OK) {
        status = log_edits(&run, step->edits, step->count, step->source);
    }
    memcpy(step->key, run.last_key, sizeof step->key);
    edit_run_finish(&run);
    masters_book_release(desk->shelf, book);
    return status;
}

enum status
masters_draft_edit(const struct masters_desk *desk, int64_t id, const struct masters_edit *edits, size_t count,
                   const char *source, char out_key[MASTERS_ROW_KEY_SIZE], struct error_detail *err)
{
    if (count == 0 || count > MASTERS_EDITS_MAX || masters_kind(edits[0].kind) == NULL) {
        error_set(err, "invalid_request", "変更する行がないか、多すぎます（%d行まで）。", MASTERS_EDITS_MAX);
        return STATUS_INVALID;
    }
    struct edit_step step = {.id = id, .edits = edits, .count = count, .source = source};
    enum status status = draft_run(desk, edit, &step, err);
    if (status == STATUS_OK && out_key != NULL) {
        memcpy(out_key, step.key, sizeof step.key);
    }
    return status;
}
