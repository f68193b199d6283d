/* The file is read twice: once outside any transaction, to judge it, and once more to write its lines: in the one
 * transaction that makes the import, or, when they are many, before it (staging.h). So nobody waits for a file that is
 * refused or large, a cut leaves nothing that counts, and no line is held in memory. */
#include "settlement/imports/import_file.h"

#include "common/bytes/encoding.h"
#include "common/log/log.h"
#include "common/text/utf8.h"
#include "settlement/catalogue/catalogue.h"
#include "settlement/imports/file_verdict.h"
#include "settlement/imports/import_compare.h"
#include "settlement/imports/import_lines.h"
#include "settlement/imports/import_report.h"
#include "settlement/imports/kept_file.h"
#include "settlement/imports/replacement.h"
#include "settlement/imports/staging.h"
#include "settlement/store/access_log_store.h"
#include "settlement/store/import_store.h"
#include "settlement/store/layout_store.h"
#include "settlement/store/line_store.h"
#include "settlement/store/waiting_store.h"

#include <stdio.h>
#include <string.h>

/* One file being taken in. All borrowed. */
struct taking {
    const struct actor *actor;
    const struct import_request *request;
    struct walked_file file;
    const struct file_verdict *verdict;
    const struct faults *faults;
    int64_t now_ms;
    struct staged staged; /* its lines, when there are many */
};

/* PATH without its folders. */
static const char *
base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *backslash = strrchr(path, '\\');
    const char *last = slash != NULL && (backslash == NULL || slash > backslash) ? slash : backslash;
    return last != NULL ? last + 1 : path;
}

static enum status
check_name(const char *name, struct error_detail *err)
{
    size_t length = strlen(name);
    if (length == 0 || length > IMPORT_FILE_NAME_MAX_BYTES || !utf8_is_valid(name, length)) {
        error_set(err, "invalid_request", "ファイル名がないか、長すぎます。");
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

/* Whose statements LAYOUT describes: the first trustee of the masters that names it, or "". */
static const char *
trustee_of(const struct catalogue *catalogue, const char *layout)
{
    const struct json_value *row = json_first(catalogue_table(catalogue, "trustees"));
    for (; row != NULL; row = json_next(row)) {
        const char *name = NULL;
        const char *code = NULL;
        if (json_as_text(json_member(row, "layout"), &name) && strcmp(name, layout) == 0 &&
            json_as_text(json_member(row, "code"), &code)) {
            return code;
        }
    }
    return "";
}

static enum status
find_repeat(struct store_txn *txn, const struct taking *taking, int64_t *out_id, struct error_detail *err)
{
    char layout[IMPORT_LAYOUT_NAME_SIZE] = "";
    enum status status =
        import_find(txn, taking->actor->municipality, taking->verdict->digest, out_id, layout, sizeof layout, err);
    if (status == STATUS_OK && *out_id != 0 && strcmp(layout, taking->request->layout->name) != 0) {
        error_set(err, "same_file_other_layout",
                  "このファイルは様式「%s」で取込済みです(取込%lld)。様式の選択を確かめてください。", layout,
                  (long long)*out_id);
        return STATUS_CONFLICT;
    }
    return status;
}

static enum status
add_payouts(struct store_txn *txn, const struct taking *taking, int64_t id, const char *trustee,
            struct error_detail *err)
{
    enum status status = STATUS_OK;
    const struct growing *parts = &taking->verdict->payouts.parts;
    for (size_t i = 0; status == STATUS_OK && i < parts->count; i++) {
        struct payout_part part = ((const struct payout_part *)parts->elements)[i];
        part.trustee = trustee;
        status = import_add_payout_part(txn, taking->actor->municipality, id, &part, err);
    }
    return status;
}

static enum status
add_faults(struct store_txn *txn, int64_t id, const struct faults *faults, struct error_detail *err)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < faults->list.count; i++) {
        const struct fault *fault = (const struct fault *)faults->list.elements + i;
        const struct import_fault_row row = {fault->line, fault->column, fault->sentence, fault->raw};
        status = import_fault_add(txn, id, (int64_t)i + 1, &row, err);
    }
    return status;
}

static enum status
log_import(struct store_txn *txn, const struct taking *taking, const char *what, int64_t id, struct error_detail *err)
{
    const struct import_request *request = taking->request;
    char object[48];
    char reason[IMPORT_LAYOUT_NAME_SIZE + 32];
    snprintf(object, sizeof object, "import:%lld", (long long)id);
    snprintf(reason, sizeof reason, "書式 %s 第%lld版", request->layout->name, (long long)request->layout_version);
    return access_log_append(txn, taking->actor, taking->now_ms,
                             &(struct access_entry){.what = what,
                                                    .object = object,
                                                    .after = base_name(request->file_name),
                                                    .reason = request->layout_version > 0 ? reason : NULL},
                             err);
}

/* The file's row, its bytes, its lines. */
static enum status
add_file(struct store_txn *txn, const struct taking *taking, const char *trustee, struct import_result *out,
         struct error_detail *err)
{
    const struct file_verdict *verdict = taking->verdict;
    const char *municipality = taking->actor->municipality;
    struct import_row row = {
        .layout = taking->request->layout->name,
        .kind = verdict->is_statement ? "statement" : "bank",
        .trustee = trustee,
        .file_name = base_name(taking->request->file_name),
        .byte_count = (int64_t)taking->file.length,
        .imported_at_ms = taking->now_ms,
        .imported_by = taking->actor->login,
        .line_count = out->line_count,
        .fee_line_count = verdict->fee_line_count,
        .amount_yen = out->amount_yen,
        .fee_yen = out->fee_yen,
        .first_on = out->first_on,
        .last_on = out->last_on,
    };
    memcpy(row.sha256, verdict->digest, SHA256_SIZE);
    int64_t kept = 0;
    enum status status = file_length(txn, municipality, verdict->digest, &kept, err);
    if (status == STATUS_OK && kept != row.byte_count) {
        status = file_keep(txn, municipality, verdict->digest, &taking->file, err);
    }
    if (status == STATUS_OK) {
        status = import_add(txn, municipality, &row, &out->id, err);
    }
    return status == STATUS_OK
               ? import_lines_add(txn, out->id, &taking->file, verdict->line_count, &taking->staged, err)
               : status;
}

static enum status
add_all(struct store_txn *txn, const struct taking *taking, struct import_result *out, struct error_detail *err)
{
    struct catalogue *catalogue = NULL;
    const struct file_verdict *verdict = taking->verdict;
    enum status status = catalogue_load(&catalogue, txn, taking->actor->municipality, err);
    if (status != STATUS_OK) {
        return status;
    }
    const char *trustee = verdict->is_statement ? trustee_of(catalogue, taking->request->layout->name) : "";
    status = add_file(txn, taking, trustee, out, err);
    if (status == STATUS_OK) {
        status = taking->request->supersedes != 0 ? line_aside_all(txn, out->id, err)
                                                  : add_payouts(txn, taking, out->id, trustee, err);
    }
    if (status == STATUS_OK) {
        status = add_faults(txn, out->id, taking->faults, err);
    }
    if (status == STATUS_OK) {
        status = import_report_clear(txn, taking->actor, base_name(taking->request->file_name),
                                     civil_date_at(taking->now_ms), err);
    }
    if (status == STATUS_OK) {
        status = log_import(txn, taking, "import", out->id, err);
    }
    catalogue_destroy(catalogue);
    return status;
}

static void
describe(struct import_result *out, const struct file_verdict *verdict, const struct faults *faults)
{
    *out = (struct import_result){.line_count = verdict->line_count,
                                  .fault_count = (int64_t)faults->list.count,
                                  .amount_yen = verdict->amount_yen,
                                  .fee_yen = verdict->fee_yen};
    if (verdict->first.year != 0) {
        civil_date_format(out->first_on, verdict->first);
        civil_date_format(out->last_on, verdict->last);
    }
    hex_encode(out->sha256, verdict->digest, SHA256_SIZE);
}

/* Put the stored file in the place of the one that it supersedes, as a proposal. */
static enum status
supersede(struct store_txn *txn, const struct actor *actor, const struct import_request *request, int64_t now_ms,
          struct import_result *result, struct error_detail *err)
{
    struct proposal proposal;
    enum status status =
        replacement_propose(txn, actor, request->supersedes, result->id, request->reason, now_ms, &proposal, err);
    if (status == STATUS_OK) {
        result->replacement = proposal.id;
        result->is_replaced = proposal.is_done;
    }
    return status;
}

static enum status
store_file(struct store *store, const struct taking *taking, struct import_result *result, struct error_detail *err)
{
    const struct import_request *request = taking->request;
    const struct actor *actor = taking->actor;
    struct store_txn *txn = NULL;
    int64_t earlier = 0;
    enum status status = store_begin_write_for(store, actor->municipality, &txn, err);
    if (status == STATUS_OK) {
        status = find_repeat(txn, taking, &earlier, err);
    }
    if (status == STATUS_OK && request->supersedes != 0) {
        status = import_compare(txn, actor->municipality, request, &taking->file, result, err);
    }
    if (status == STATUS_OK && earlier != 0) {
        result->id = earlier;
        result->is_repeat = true;
        status = log_import(txn, taking, "import_repeated", earlier, err);
    } else if (status == STATUS_OK && !request->is_dry_run) {
        status = add_all(txn, taking, result, err);
    }
    if (status == STATUS_OK && !request->is_dry_run) {
        status = waiting_remove(txn, actor->municipality, taking->verdict->digest, err);
    }
    if (status == STATUS_OK && !request->is_dry_run) {
        status = staging_end_file(txn, actor->municipality, taking->verdict->digest, err);
    }
    if (status == STATUS_OK && request->supersedes != 0 && !request->is_dry_run) {
        status = supersede(txn, actor, request, taking->now_ms, result, err);
    }
    if (status == STATUS_OK) {
        status = work_advance(request->work, 0, err); /* the last moment to stop it */
    }
    if (status == STATUS_OK && !request->is_dry_run) {
        status = store_commit(txn, err);
    }
    store_end(txn);
    return status;
}

/* Stage the lines, when they are many and the file is new. */
static enum status
stage(struct store *store, struct taking *taking, struct import_result *result, struct error_detail *err)
{
    const struct import_request *request = taking->request;
    struct staging_key key = {.municipality = taking->actor->municipality,
                              .layout = request->layout->name,
                              .layout_version = request->layout_version};
    struct store_txn *txn = NULL;
    int64_t earlier = 0;
    if (request->is_dry_run || taking->verdict->line_count <= STAGING_PIECE_LINES) {
        return STATUS_OK;
    }
    enum status status = store_begin_read_for(store, key.municipality, &txn, err);
    if (status == STATUS_OK) {
        status = find_repeat(txn, taking, &earlier, err);
    }
    store_end(txn);
    if (status != STATUS_OK || earlier != 0) {
        return status;
    }
    memcpy(key.sha256, taking->verdict->digest, SHA256_SIZE);
    status =
        staging_fill(store, &key, &taking->file, taking->verdict->line_count, taking->now_ms, &taking->staged, err);
    result->resumed_lines = taking->staged.resumed_from;
    return status;
}

/* Lines that are missing would be missing for ever: the next attempt is to write all of them again. */
static enum status
end_broken(struct store *store, const struct taking *taking, struct error_detail *err)
{
    struct store_txn *txn = NULL;
    const char *municipality = taking->actor->municipality;
    enum status status = store_begin_write_for(store, municipality, &txn, err);
    if (status == STATUS_OK) {
        status = staging_end_file(txn, municipality, taking->verdict->digest, err);
    }
    if (status == STATUS_OK) {
        status = store_commit(txn, err);
    }
    store_end(txn);
    return status;
}

/* What is left of stagings goes away; whatever stays is swept by the next import or the night. */
static void
sweep(struct store *store, const struct taking *taking)
{
    struct error_detail err;
    enum status status =
        taking->staged.id != 0 ? staging_sweep(store, taking->actor->municipality, taking->now_ms, &err) : STATUS_OK;
    if (status != STATUS_OK) {
        log_failure(LOG_LEVEL_WARNING, "imports", "removing staged lines", status, &err);
    }
}

/* Refused for what the file says of itself: that goes on people's list. */
static enum status
report_refusal(struct store *store, const struct taking *taking, struct error_detail *err)
{
    struct error_detail report_err;
    enum status reported = import_report_incomplete(store, taking->actor, base_name(taking->request->file_name),
                                                    taking->now_ms, err, &report_err);
    if (reported != STATUS_OK) {
        *err = report_err;
    }
    return reported;
}

/* The file, with FAULTS empty at first. */
static enum status
take_file(struct store *store, const struct actor *actor, const struct import_request *request, struct faults *faults,
          int64_t now_ms, struct import_result *out, struct error_detail *err)
{
    struct file_verdict verdict;
    struct import_result result;
    struct taking taking = {
        .actor = actor,
        .request = request,
        .file = {.layout = request->layout->layout,
                 .bytes = request->bytes,
                 .length = request->length,
                 .is_mapped = request->is_mapped,
                 .not_after = civil_date_add_days(civil_date_at(now_ms), IMPORT_DATES_AHEAD_DAYS),
                 .work = request->work},
        .verdict = &verdict,
        .faults = faults,
        .now_ms = now_ms,
    };
    enum status status = file_verdict_read(&verdict, &taking.file, faults, err);
    if (status == STATUS_OK) {
        file_verdict_cover(&verdict, civil_date_add_days(civil_date_at(now_ms), -1));
        describe(&result, &verdict, faults);
        status = stage(store, &taking, &result, err);
        if (status == STATUS_OK) {
            status = store_file(store, &taking, &result, err);
        }
        if (status == STATUS_OK) {
            sweep(store, &taking);
        } else if (status == STATUS_CORRUPT && taking.staged.id != 0) {
            struct error_detail end_err;
            enum status ended = end_broken(store, &taking, &end_err);
            if (ended != STATUS_OK) {
                log_failure(LOG_LEVEL_ERROR, "imports", "ending a broken staging", ended, &end_err);
            }
        }
    } else if (status == STATUS_INVALID && strcmp(err->code, "statement_incomplete") == 0 && !request->is_dry_run) {
        enum status reported = report_refusal(store, &taking, err);
        status = reported == STATUS_OK ? status : reported;
    }
    file_verdict_finish(&verdict);
    if (status == STATUS_OK) {
        *out = result;
    }
    return status;
}

enum status
import_file(struct store *store, const struct actor *actor, const struct import_request *request, int64_t now_ms,
            struct import_result *out, struct error_detail *err)
{
    enum status status = check_name(base_name(request->file_name), err);
    if (status != STATUS_OK) {
        return status;
    }
    if (request->faults != NULL) {
        return take_file(store, actor, request, request->faults, now_ms, out, err);
    }
    struct faults faults;
    faults_init(&faults, layout_text_encoding(request->layout->layout));
    status = take_file(store, actor, request, &faults, now_ms, out, err);
    faults_finish(&faults);
    return status;
}
