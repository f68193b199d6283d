/* Making a file: once for each export, version of a layout, and state of the answers; then the same bytes for ever. */
#include "settlement/handover/handover_deeds.h"
#include "settlement/handover/making.h"

#include "common/clock/civil.h"
#include "common/signing/signing.h"
#include "settlement/store/access_log_store.h"
#include "settlement/store/finance_layout_store.h"

#include <stdio.h>
#include <string.h>

/* The version in use, compiled. */
struct used_layout {
    int64_t id;
    struct handover_layout *layout;
    struct error_detail *err;
};

static enum status
compile(const struct finance_layout_row *row, void *context)
{
    struct used_layout *used = context;
    used->id = row->id;
    return handover_layout_create(&used->layout, row->descriptor, strlen(row->descriptor), used->err);
}

static enum status
find_layout(struct used_layout *used, struct store_txn *txn, const char *municipality, const char *name,
            struct error_detail *err)
{
    *used = (struct used_layout){.err = err};
    enum status status = finance_layout_each(txn, municipality, 0, name, /* in_use= */ true, 1, compile, used, err);
    if (status == STATUS_OK && used->layout == NULL) {
        error_set(err, "not_found",
                  "財務会計の書式「%.60s」は使われていません。提案して、承認者の確認を受けてください。", name);
        return STATUS_NOT_FOUND;
    }
    return status;
}

static enum status
keep(struct store_txn *txn, const struct actor *actor, const struct used_layout *used, struct finance_file_row *row,
     const struct made *made, const struct buffer *bytes, struct error_detail *err)
{
    char name[HANDOVER_TEXT_SIZE + 32];
    char digest[SHA256_TEXT_SIZE];
    char object[48];
    sha256_text(digest, buffer_text(bytes), bytes->length);
    handover_file_name(name, used->layout, made->totals.fiscal_year, made->totals.serial);
    row->file_name = name;
    row->sha256 = digest;
    row->record_count = made->totals.record_count;
    row->assessment_count = made->totals.assessment_count;
    row->amount_yen = made->totals.amount_yen;
    row->substituted = made->substituted;
    enum status status = finance_file_add(txn, actor->municipality, row, buffer_text(bytes), bytes->length, err);
    for (size_t i = 0; status == STATUS_OK && i < made->count; i++) {
        status = finance_file_part_add(txn, row->id, made->assessments[i], err);
    }
    snprintf(object, sizeof object, "finance_file:%lld", (long long)row->id);
    if (status == STATUS_OK) {
        status =
            access_log_append(txn, actor, row->made_at_ms,
                              &(struct access_entry){.what = "finance_file", .object = object, .after = name}, err);
    }
    row->file_name = NULL;
    row->sha256 = NULL;
    return status;
}

static enum status
make_new(struct store_txn *txn, const struct actor *actor, const struct used_layout *used, struct finance_file_row *row,
         struct error_detail *err)
{
    const struct making making = {.txn = txn,
                                  .municipality = actor->municipality,
                                  .layout = used->layout,
                                  .export_id = row->export_id,
                                  .choice = row->after_answer != 0 ? MAKING_REFUSED : MAKING_ALL};
    char day[CIVIL_DATE_TEXT_SIZE];
    struct buffer bytes;
    struct made made;
    buffer_init(&bytes, HANDOVER_FILE_MAX_BYTES);
    civil_date_format(day, civil_date_at(row->made_at_ms));
    enum status status = making_write(&making, day, &bytes, &made, err);
    if (status == STATUS_OK) {
        status = keep(txn, actor, used, row, &made, &bytes, err);
    }
    making_finish(&made);
    buffer_finish(&bytes);
    return status;
}

enum status
handover_make(struct store *store, const struct actor *actor, int64_t export_id, const char *name, bool only_refused,
              int64_t now_ms, int64_t *out_file, bool *out_is_new, struct error_detail *err)
{
    struct store_txn *txn = NULL;
    struct used_layout used = {0};
    struct finance_file_row row = {.export_id = export_id, .made_at_ms = now_ms, .made_by = actor->login};
    enum status status = store_begin_write_for(store, actor->municipality, &txn, err);
    if (status == STATUS_OK) {
        status = find_layout(&used, txn, actor->municipality, name, err);
    }
    if (status == STATUS_OK && only_refused) {
        status = finance_answer_newest(txn, export_id, &row.after_answer, err);
    }
    if (status == STATUS_OK && only_refused && row.after_answer == 0) {
        error_set(err, "nothing_to_send", "この出力への回答はまだありません。");
        status = STATUS_NOT_FOUND;
    }
    if (status == STATUS_OK) {
        row.layout_id = used.id;
        status = finance_file_find(txn, actor->municipality, export_id, used.id, row.after_answer, &row.id, err);
    }
    *out_is_new = row.id == 0;
    if (status == STATUS_OK && row.id == 0) {
        status = make_new(txn, actor, &used, &row, err);
    }
    if (status == STATUS_OK) {
        status = store_commit(txn, err);
    }
    store_end(txn);
    handover_layout_destroy(used.layout);
    *out_file = row.id;
    return status;
}

enum status
handover_try(struct store_txn *txn, const char *municipality, const struct handover_layout *layout, int64_t export_id,
             const char *made_on, struct buffer *out, struct error_detail *err)
{
    const struct making making = {.txn = txn,
                                  .municipality = municipality,
                                  .layout = layout,
                                  .export_id = export_id,
                                  .limit = HANDOVER_PREVIEW_RECORDS};
    struct made made;
    enum status status = making_write(&making, made_on, out, &made, err);
    making_finish(&made);
    return status;
}
