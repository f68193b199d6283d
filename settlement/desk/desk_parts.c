/* The frame of a deed. */
#include "settlement/desk/desk_parts.h"

#include "settlement/desk/desk_journal.h"
#include "settlement/ledger/ledger.h"
#include "settlement/store/ledger_store.h"

#include <string.h>

enum { TRIES_MAX = 20 /* uploads between the ledger and the deed; a city's come some times a second */ };

/* Every line that came has been interpreted: what is decided now is decided on all of them. */
static enum status
check_ledger(struct store_txn *txn, struct error_detail *err)
{
    int64_t waiting = 0;
    enum status status = ledger_waiting_runs(txn, &waiting, err);
    if (status == STATUS_OK && waiting > 0) {
        error_set(err, "ledger_behind", "届いた記録を記帳しています。少し待ってから、もう一度行ってください。");
        status = STATUS_BUSY;
    }
    return status;
}

static enum status
try_once(const struct desk *desk, desk_deed deed, void *context, struct error_detail *err)
{
    struct ledger_advance advance;
    struct store_txn *txn = NULL;
    enum status status = ledger_catch_up(desk->store, &advance, err);
    if (status == STATUS_OK) {
        status = store_begin_write_for(desk->store, desk->actor->municipality, &txn, err);
    }
    if (status == STATUS_OK) {
        status = store_join_intake(txn, err);
    }
    if (status == STATUS_OK) {
        status = check_ledger(txn, err);
    }
    if (status == STATUS_OK) {
        status = deed(txn, desk, context, err);
    }
    if (status == STATUS_OK) {
        status = store_commit(txn, err);
    }
    store_end(txn);
    return status;
}

enum status
desk_do(const struct desk *desk, desk_deed deed, void *context, struct error_detail *err)
{
    enum status status = STATUS_BUSY;
    for (int i = 0; i < TRIES_MAX && status == STATUS_BUSY; i++) {
        status = try_once(desk, deed, context, err);
    }
    struct ledger_advance advance;
    return status == STATUS_OK ? ledger_catch_up(desk->store, &advance, err) : status;
}

enum status
desk_refund_find(struct store_txn *txn, const struct desk *desk, const char *refund, struct refund_facts *out,
                 struct error_detail *err)
{
    *out = (struct refund_facts){0};
    enum status status = identity_is_valid(refund) ? refund_find(txn, refund, out, err) : STATUS_OK;
    if (status == STATUS_OK &&
        (out->requested_sequence == 0 || strcmp(out->municipality, desk->actor->municipality) != 0)) {
        error_set(err, "not_found", "この還付はありません。");
        status = STATUS_NOT_FOUND;
    }
    return status;
}

void
desk_body_begin(struct desk_body *body, size_t max_bytes)
{
    buffer_init(&body->text, max_bytes);
    json_writer_init(&body->writer, &body->text);
    json_begin_object(&body->writer, NULL);
}

enum status
desk_body_write(struct desk_body *body, struct store_txn *txn, const struct desk *desk, struct civil_date day,
                const char *kind, struct error_detail *err)
{
    json_end_object(&body->writer);
    enum status status = json_finish(&body->writer, err);
    if (status == STATUS_OK) {
        status =
            desk_journal_append(txn, desk->key, desk->actor->municipality, day, kind, &body->text, desk->now_ms, err);
    }
    buffer_finish(&body->text);
    return status;
}
