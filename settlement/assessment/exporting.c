/* Choose, write, keep, mark: one transaction. */
#include "settlement/assessment/exporting.h"

#include "settlement/assessment/export_file.h"
#include "settlement/store/access_log_store.h"
#include "settlement/store/assessment_export_store.h"
#include "settlement/store/assessment_query_store.h"
#include "settlement/store/assessment_store.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct exporting {
    struct store_txn *txn;
    const struct actor *actor;
    int64_t now_ms;
    struct assessment_head *heads;
    size_t count;
    struct buffer utf8; /* without the mark */
    struct error_detail *err;
};

static int
by_number(const void *a, const void *b)
{
    const struct assessment_head *left = a;
    const struct assessment_head *right = b;
    return (left->serial > right->serial) - (left->serial < right->serial);
}

static enum status
too_many(struct error_detail *err)
{
    error_set(err, "too_large", "一度に出力できる調定は%d件までです。分けて出力してください。", EXPORT_RECORDS_MAX);
    return STATUS_OVERFLOW;
}

static enum status
collect_approved(const struct assessment_record *record, void *context)
{
    struct exporting *exporting = context;
    if (exporting->count == EXPORT_RECORDS_MAX) {
        return too_many(exporting->err);
    }
    exporting->heads[exporting->count++] = (struct assessment_head){.id = record->id};
    return STATUS_OK;
}

/* Fill `heads` with what is to be exported, by number. */
static enum status
choose(struct exporting *exporting, const int64_t *ids, size_t count, int fiscal_year, struct error_detail *err)
{
    enum status status = STATUS_OK;
    if (count > EXPORT_RECORDS_MAX) {
        return too_many(err);
    }
    for (size_t i = 0; i < count; i++) {
        exporting->heads[exporting->count++] = (struct assessment_head){.id = ids[i]};
    }
    if (count == 0) {
        struct assessment_query query = {.municipality = exporting->actor->municipality,
                                         .state = "approved",
                                         .fiscal_year = fiscal_year,
                                         .limit = EXPORT_RECORDS_MAX + 1};
        status = assessment_each(exporting->txn, &query, collect_approved, exporting, err);
    }
    if (status == STATUS_OK && exporting->count == 0) {
        error_set(err, "nothing_to_export", "出力する調定がありません。");
        return STATUS_NOT_FOUND;
    }
    for (size_t i = 0; status == STATUS_OK && i < exporting->count; i++) {
        status = assessment_head_find(exporting->txn, exporting->actor->municipality, exporting->heads[i].id,
                                      &exporting->heads[i], err);
    }
    if (status == STATUS_OK) {
        qsort(exporting->heads, exporting->count, sizeof exporting->heads[0], by_number);
    }
    return status;
}

static enum status
count_record(const struct assessment_record *record, void *context)
{
    (void)record;
    int64_t *count = context;
    (*count)++;
    return STATUS_OK;
}

/* All approved, of one year, none twice; or *OUT_EARLIER is the export that holds exactly these. */
static enum status
check_choice(const struct exporting *exporting, int64_t *out_earlier, struct error_detail *err)
{
    const struct assessment_head *heads = exporting->heads;
    size_t exported = 0;
    for (size_t i = 0; i < exporting->count; i++) {
        if (i > 0 && (heads[i].id == heads[i - 1].id || heads[i].fiscal_year != heads[0].fiscal_year)) {
            error_set(err, "invalid_request", "会計年度ごとに、同じ調定を二度選ばずに出力してください。");
            return STATUS_INVALID;
        }
        bool is_with_first = heads[i].export_id != 0 && heads[i].export_id == heads[0].export_id;
        exported += is_with_first ? 1 : 0;
        if (heads[i].state != ASSESSMENT_APPROVED && !is_with_first) {
            error_set(err, "wrong_state", "承認済みで未出力の調定だけを出力できます(調定%lldは「%s」です)。",
                      (long long)heads[i].id, assessment_state_name(heads[i].state));
            return STATUS_CONFLICT;
        }
    }
    *out_earlier = 0;
    if (exported == 0) {
        return STATUS_OK;
    }
    int64_t held = 0;
    enum status status = assessment_exported_each(exporting->txn, heads[0].export_id, count_record, &held, err);
    if (status == STATUS_OK && (exported != exporting->count || held != (int64_t)exported)) {
        error_set(err, "wrong_state",
                  "出力済みの調定が含まれています。出力済みのファイルは「出力一覧」から取り出せます。");
        return STATUS_CONFLICT;
    }
    *out_earlier = heads[0].export_id;
    return status;
}

/* A record and the file it goes to, for the visit of its lines. */
struct writing {
    struct buffer *out;
    const struct assessment_record *record;
};

static enum status
write_line(int64_t number, const struct assessment_line *line, void *context)
{
    struct writing *writing = context;
    export_file_add_line(writing->out, writing->record, number, line);
    return STATUS_OK;
}

static enum status
write_record(const struct assessment_record *record, void *context)
{
    struct exporting *exporting = context;
    struct writing writing = {.out = &exporting->utf8, .record = record};
    return assessment_line_each(exporting->txn, record->id, write_line, &writing, exporting->err);
}

static enum status
write_all(struct exporting *exporting, struct error_detail *err)
{
    export_file_begin(&exporting->utf8);
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < exporting->count; i++) {
        struct assessment_query query = {
            .municipality = exporting->actor->municipality, .id = exporting->heads[i].id, .limit = 1};
        status = assessment_each(exporting->txn, &query, write_record, exporting, err);
    }
    return status == STATUS_OK ? buffer_check(&exporting->utf8, err) : status;
}

static enum status
keep_file(const struct exporting *exporting, const struct export_row *row, const char *encoding,
          const struct buffer *bytes, size_t replaced, struct error_detail *err)
{
    char name[64];
    char digest[SHA256_TEXT_SIZE];
    snprintf(name, sizeof name, "chotei-%d-%04" PRId64 "-%s.csv", row->fiscal_year, row->serial, encoding);
    sha256_text(digest, buffer_text(bytes), bytes->length);
    struct export_file_row file = {
        .encoding = encoding, .file_name = name, .sha256 = digest, .replaced = (int64_t)replaced};
    return export_file_add(exporting->txn, row->id, &file, buffer_text(bytes), bytes->length, err);
}

static enum status
keep_files(const struct exporting *exporting, const struct export_row *row, struct error_detail *err)
{
    struct buffer marked;
    struct buffer cp932;
    buffer_init(&marked, EXPORT_FILE_MAX_BYTES);
    buffer_init(&cp932, EXPORT_FILE_MAX_BYTES);
    size_t replaced = 0;
    buffer_append_text(&marked, "\xEF\xBB\xBF");
    buffer_append(&marked, buffer_text(&exporting->utf8), exporting->utf8.length);
    enum status status = buffer_check(&marked, err);
    if (status == STATUS_OK) {
        status = keep_file(exporting, row, "utf8", &marked, 0, err);
    }
    if (status == STATUS_OK) {
        status = export_file_to_cp932(&cp932, &exporting->utf8, &replaced, err);
    }
    if (status == STATUS_OK) {
        status = keep_file(exporting, row, "cp932", &cp932, replaced, err);
    }
    buffer_finish(&marked);
    buffer_finish(&cp932);
    return status;
}

static enum status
mark_exported(const struct exporting *exporting, const struct export_row *row, struct error_detail *err)
{
    char object[48];
    char after[64];
    snprintf(after, sizeof after, "export:%lld", (long long)row->id);
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < exporting->count; i++) {
        status = assessment_set_exported(exporting->txn, exporting->heads[i].id, row->id, err);
        snprintf(object, sizeof object, "assessment:%lld", (long long)exporting->heads[i].id);
        if (status == STATUS_OK) {
            status = access_log_append(
                exporting->txn, exporting->actor, exporting->now_ms,
                &(struct access_entry){.what = "export", .object = object, .before = "approved", .after = after}, err);
        }
    }
    return status;
}

static enum status
export_chosen(struct exporting *exporting, int64_t *out_id, struct error_detail *err)
{
    struct export_row row = {.fiscal_year = exporting->heads[0].fiscal_year,
                             .created_at_ms = exporting->now_ms,
                             .created_by = exporting->actor->login,
                             .count = (int64_t)exporting->count};
    for (size_t i = 0; i < exporting->count; i++) {
        bool is_decrease = exporting->heads[i].kind == ASSESSMENT_DECREASE;
        row.amount_yen += is_decrease ? -exporting->heads[i].amount_yen : exporting->heads[i].amount_yen;
    }
    enum status status = export_add(exporting->txn, exporting->actor->municipality, &row, err);
    if (status == STATUS_OK) {
        status = write_all(exporting, err);
    }
    if (status == STATUS_OK) {
        status = keep_files(exporting, &row, err);
    }
    if (status == STATUS_OK) {
        status = mark_exported(exporting, &row, err);
    }
    if (status == STATUS_OK) {
        *out_id = row.id;
    }
    return status;
}

enum status
assessment_export(struct store *store, const struct actor *actor, const int64_t *ids, size_t count, int fiscal_year,
                  int64_t now_ms, int64_t *out_id, bool *out_is_new, struct error_detail *err)
{
    struct exporting exporting = {.actor = actor, .now_ms = now_ms, .err = err};
    exporting.heads = calloc(EXPORT_RECORDS_MAX, sizeof exporting.heads[0]);
    if (exporting.heads == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    buffer_init(&exporting.utf8, EXPORT_FILE_MAX_BYTES);
    int64_t id = 0;
    bool is_new = false;
    enum status status = store_begin_write_for(store, actor->municipality, &exporting.txn, err);
    if (status == STATUS_OK) {
        status = choose(&exporting, ids, count, fiscal_year, err);
    }
    if (status == STATUS_OK) {
        status = check_choice(&exporting, &id, err);
    }
    if (status == STATUS_OK && id == 0) {
        is_new = true;
        status = export_chosen(&exporting, &id, err);
    }
    if (status == STATUS_OK) {
        status = store_commit(exporting.txn, err);
    }
    store_end(exporting.txn);
    buffer_finish(&exporting.utf8);
    free(exporting.heads);
    if (status == STATUS_OK) {
        *out_id = id;
        *out_is_new = is_new;
    }
    return status;
}
