/* The file is read outside any transaction (it may be large), and written in one. */
#include "settlement/imports/import_file.h"

#include "common/bytes/encoding.h"
#include "common/money/yen.h"
#include "common/text/utf8.h"
#include "settlement/catalogue/catalogue.h"
#include "settlement/imports/payout_sums.h"
#include "settlement/imports/replacement.h"
#include "settlement/matching/discrepancy_class.h"
#include "settlement/statements/statement_file.h"
#include "settlement/store/access_log_store.h"
#include "settlement/store/discrepancy_store.h"
#include "settlement/store/import_store.h"
#include "settlement/store/layout_store.h"

#include <stdio.h>
#include <string.h>

/* What is read, of one kind or the other. */
struct reading {
    bool is_statement;
    struct statement_file statement;
    struct bank_file bank;
    struct civil_date first; /* year 0: no line has a day */
    struct civil_date last;
    int64_t amount_yen;
    int64_t fee_yen;
    size_t count;
    size_t fee_line_count;
};

static void
reading_finish(struct reading *reading)
{
    if (reading->is_statement) {
        statement_file_finish(&reading->statement);
    } else {
        bank_file_finish(&reading->bank);
    }
}

static void
count_day(struct reading *reading, struct civil_date day)
{
    if (day.year == 0) {
        return;
    }
    if (reading->first.year == 0 || civil_date_compare(day, reading->first) < 0) {
        reading->first = day;
    }
    if (reading->last.year == 0 || civil_date_compare(day, reading->last) > 0) {
        reading->last = day;
    }
}

static enum status
sum_statement(struct reading *reading, struct error_detail *err)
{
    int64_t last_day_number = 0;
    for (size_t i = 0; i < reading->statement.count; i++) {
        const struct statement_line *line = &reading->statement.lines[i];
        bool has_time = line->accepted_at_ms != INSTANT_ABSENT;
        int64_t day_number = has_time ? line->accepted_at_ms / (INT64_C(3600) * 1000) : 0;
        if (has_time && (i == 0 || day_number != last_day_number)) {
            count_day(reading, civil_date_at(line->accepted_at_ms));
            last_day_number = day_number;
        }
        reading->fee_line_count += line->kind == STATEMENT_FEE ? 1 : 0;
        if (yen_add(&reading->amount_yen, reading->amount_yen, line->amount_yen) != STATUS_OK ||
            yen_add(&reading->fee_yen, reading->fee_yen, line->fee_yen) != STATUS_OK) {
            error_set_at(err, line->line, 0, "amount_too_large", "%u行目で合計金額が扱える範囲を超えました。",
                         line->line);
            return STATUS_OVERFLOW;
        }
    }
    return STATUS_OK;
}

static enum status
sum_bank(struct reading *reading, struct error_detail *err)
{
    for (size_t i = 0; i < reading->bank.count; i++) {
        const struct bank_line *line = &reading->bank.lines[i];
        count_day(reading, line->date);
        int64_t amount = line->direction == BANK_IN ? line->amount_yen : -line->amount_yen;
        if (yen_add(&reading->amount_yen, reading->amount_yen, amount) != STATUS_OK) {
            error_set_at(err, line->line, 0, "amount_too_large", "%u行目で合計金額が扱える範囲を超えました。",
                         line->line);
            return STATUS_OVERFLOW;
        }
    }
    return STATUS_OK;
}

/* A file of which no line can be read has another format: say so with the first reason. */
static enum status
refuse_unreadable(const struct reading *reading, const struct faults *faults, struct error_detail *err)
{
    if (faults->has_failed) {
        error_set(err, "out_of_memory", "読めない行を控えるメモリーが足りません。");
        return STATUS_OVERFLOW;
    }
    if (reading->count > 0 || faults->list.count == 0) {
        return STATUS_OK;
    }
    const struct fault *first = faults->list.elements;
    error_set_at(err, first->line, first->column, "no_readable_line", "読める行が一つもありません。%s",
                 first->sentence);
    return STATUS_INVALID;
}

static enum status
read_file(struct reading *out, const struct import_request *request, struct faults *faults, int64_t now_ms,
          struct error_detail *err)
{
    const struct layout *layout = request->layout->layout;
    struct civil_date not_after = civil_date_add_days(civil_date_at(now_ms), IMPORT_DATES_AHEAD_DAYS);
    struct reading reading = {.is_statement = layout_gives(layout) == LAYOUT_GIVES_STATEMENT};
    enum status status;
    if (reading.is_statement) {
        status = statement_file_parse_passing(&reading.statement, layout, request->bytes, request->length, not_after,
                                              faults_add, faults, err);
        reading.count = status == STATUS_OK ? reading.statement.count : 0;
    } else {
        status = bank_file_parse_passing(&reading.bank, layout, request->bytes, request->length, not_after, faults_add,
                                         faults, err);
        reading.count = status == STATUS_OK ? reading.bank.count : 0;
    }
    if (status != STATUS_OK) {
        return status;
    }
    status = refuse_unreadable(&reading, faults, err);
    if (status == STATUS_OK) {
        status = reading.is_statement ? sum_statement(&reading, err) : sum_bank(&reading, err);
    }
    if (status != STATUS_OK) {
        reading_finish(&reading);
        return status;
    }
    *out = reading;
    return STATUS_OK;
}

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
find_repeat(struct store_txn *txn, const struct actor *actor, const struct import_request *request,
            const uint8_t digest[SHA256_SIZE], int64_t *out_id, struct error_detail *err)
{
    char layout[IMPORT_LAYOUT_NAME_SIZE] = "";
    enum status status = import_find(txn, actor->municipality, digest, out_id, layout, sizeof layout, err);
    if (status == STATUS_OK && *out_id != 0 && strcmp(layout, request->layout->name) != 0) {
        error_set(err, "same_file_other_layout",
                  "このファイルは様式「%s」で取込済みです(取込%lld)。様式の選択を確かめてください。", layout,
                  (long long)*out_id);
        return STATUS_CONFLICT;
    }
    return status;
}

static enum status
add_lines(struct store_txn *txn, const struct actor *actor, int64_t id, const char *trustee,
          const struct reading *reading, bool is_aside, struct error_detail *err)
{
    enum status status =
        reading->is_statement
            ? import_add_statement_lines(txn, id, reading->statement.lines, reading->statement.count, err)
            : import_add_bank_lines(txn, id, reading->bank.lines, reading->bank.count, err);
    if (status == STATUS_OK && is_aside) {
        return line_aside_all(txn, id, err);
    }
    if (!reading->is_statement) {
        return status;
    }
    struct payout_sums sums;
    payout_sums_init(&sums);
    if (status == STATUS_OK) {
        status = payout_sums_make(&sums, reading->statement.lines, reading->statement.count, err);
    }
    for (size_t i = 0; status == STATUS_OK && i < sums.parts.count; i++) {
        struct payout_part part = ((const struct payout_part *)sums.parts.elements)[i];
        part.trustee = trustee;
        status = import_add_payout_part(txn, actor->municipality, id, &part, err);
    }
    payout_sums_finish(&sums);
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
log_import(struct store_txn *txn, const struct actor *actor, const char *what, int64_t id,
           const struct import_request *request, int64_t now_ms, struct error_detail *err)
{
    char object[48];
    char reason[IMPORT_LAYOUT_NAME_SIZE + 32];
    snprintf(object, sizeof object, "import:%lld", (long long)id);
    snprintf(reason, sizeof reason, "書式 %s 第%lld版", request->layout->name, (long long)request->layout_version);
    return access_log_append(txn, actor, now_ms,
                             &(struct access_entry){.what = what,
                                                    .object = object,
                                                    .after = base_name(request->file_name),
                                                    .reason = request->layout_version > 0 ? reason : NULL},
                             err);
}

/* A complete file of this name has come: the incomplete one is dealt with. */
static enum status
clear_incomplete(struct store_txn *txn, const struct actor *actor, const char *file_name, struct civil_date today,
                 struct error_detail *err)
{
    char subject[IMPORT_FILE_NAME_MAX_BYTES + 8];
    char day[CIVIL_DATE_TEXT_SIZE];
    int64_t id;
    bool is_resolved;
    snprintf(subject, sizeof subject, "file:%s", file_name);
    enum status status = discrepancy_find(txn, actor->municipality, discrepancy_class_word(DISCREPANCY_FILE_INCOMPLETE),
                                          subject, &id, &is_resolved, err);
    if (status == STATUS_OK && id != 0 && !is_resolved) {
        status = discrepancy_clear(txn, id, civil_date_format(day, today), err);
    }
    return status;
}

static enum status
add_all(struct store_txn *txn, const struct actor *actor, const struct import_request *request,
        const struct reading *reading, const struct faults *faults, const uint8_t digest[SHA256_SIZE], int64_t now_ms,
        struct import_result *out, struct error_detail *err)
{
    struct catalogue *catalogue = NULL;
    enum status status = catalogue_load(&catalogue, txn, actor->municipality, err);
    if (status != STATUS_OK) {
        return status;
    }
    const char *file_name = base_name(request->file_name);
    struct import_row row = {
        .layout = request->layout->name,
        .kind = reading->is_statement ? "statement" : "bank",
        .trustee = reading->is_statement ? trustee_of(catalogue, request->layout->name) : "",
        .file_name = file_name,
        .byte_count = (int64_t)request->length,
        .imported_at_ms = now_ms,
        .imported_by = actor->login,
        .line_count = out->line_count,
        .fee_line_count = (int64_t)reading->fee_line_count,
        .amount_yen = out->amount_yen,
        .fee_yen = out->fee_yen,
        .first_on = out->first_on,
        .last_on = out->last_on,
    };
    memcpy(row.sha256, digest, SHA256_SIZE);
    status = import_add(txn, actor->municipality, &row, request->bytes, &out->id, err);
    if (status == STATUS_OK) {
        status = add_lines(txn, actor, out->id, row.trustee, reading, request->supersedes != 0, err);
    }
    if (status == STATUS_OK) {
        status = add_faults(txn, out->id, faults, err);
    }
    if (status == STATUS_OK) {
        status = clear_incomplete(txn, actor, file_name, civil_date_at(now_ms), err);
    }
    if (status == STATUS_OK) {
        status = log_import(txn, actor, "import", out->id, request, now_ms, err);
    }
    catalogue_destroy(catalogue);
    return status;
}

/* Put the refused file on people's list. */
static enum status
report_incomplete(struct store *store, const struct actor *actor, const struct import_request *request, int64_t now_ms,
                  const struct error_detail *why, struct error_detail *err)
{
    struct civil_date today = civil_date_at(now_ms);
    char subject[IMPORT_FILE_NAME_MAX_BYTES + 8];
    char today_text[CIVIL_DATE_TEXT_SIZE];
    char due_on[CIVIL_DATE_TEXT_SIZE];
    char sentence[ERROR_MESSAGE_SIZE + IMPORT_FILE_NAME_MAX_BYTES + 8];
    const char *file_name = base_name(request->file_name);
    snprintf(subject, sizeof subject, "file:%s", file_name);
    snprintf(sentence, sizeof sentence, "%s: %s", file_name, why->message);
    const char *class = discrepancy_class_word(DISCREPANCY_FILE_INCOMPLETE);
    struct discrepancy_row row = {
        .class = class,
        .subject = subject,
        .happened_on = civil_date_format(today_text, today),
        .opened_on = today_text,
        .due_on = civil_date_format(due_on, civil_date_add_days(today, discrepancy_days(DISCREPANCY_FILE_INCOMPLETE))),
        .terminal = "",
        .payment = "",
        .brand = "",
        .trustee = "",
        .payout = "",
        .summary = sentence,
    };
    struct store_txn *txn = NULL;
    int64_t id = 0;
    bool is_resolved = false;
    enum status status = store_begin_write(store, &txn, err);
    if (status == STATUS_OK) {
        status = discrepancy_find(txn, actor->municipality, class, subject, &id, &is_resolved, err);
    }
    if (status == STATUS_OK && id == 0) {
        status = discrepancy_add(txn, actor->municipality, &row, &id, err);
    } else if (status == STATUS_OK && !is_resolved) {
        status = discrepancy_refresh(txn, id, &row, err);
    }
    if (status == STATUS_OK) {
        status = store_commit(txn, err);
    }
    store_end(txn);
    return status;
}

static void
describe(struct import_result *out, const struct reading *reading, const uint8_t digest[SHA256_SIZE])
{
    *out = (struct import_result){
        .line_count = (int64_t)reading->count, .amount_yen = reading->amount_yen, .fee_yen = reading->fee_yen};
    if (reading->first.year != 0) {
        civil_date_format(out->first_on, reading->first);
        civil_date_format(out->last_on, reading->last);
    }
    hex_encode(out->sha256, digest, SHA256_SIZE);
}

/* Whether the file may take the place it is meant for, and what it would change there. */
static enum status
compare(struct store_txn *txn, const struct actor *actor, const struct import_request *request,
        const struct reading *reading, const struct import_result *result, struct error_detail *err)
{
    struct difference *difference = request->difference;
    enum status status = replacement_check(txn, actor->municipality, request->supersedes, request->layout->name,
                                           result->first_on, result->last_on, err);
    if (status != STATUS_OK || difference == NULL) {
        return status;
    }
    status =
        difference_add_import(difference, &difference->earlier, txn, request->supersedes, reading->is_statement, err);
    for (size_t i = 0; status == STATUS_OK && i < reading->count; i++) {
        status =
            reading->is_statement
                ? difference_add_statement(difference, &difference->later, 0, false, &reading->statement.lines[i], err)
                : difference_add_bank(difference, &difference->later, 0, false, &reading->bank.lines[i], err);
    }
    return status == STATUS_OK ? difference_make(difference, err) : status;
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
store_file(struct store *store, const struct actor *actor, const struct import_request *request,
           const struct reading *reading, const struct faults *faults, const uint8_t digest[SHA256_SIZE],
           int64_t now_ms, struct import_result *result, struct error_detail *err)
{
    struct store_txn *txn = NULL;
    int64_t earlier = 0;
    enum status status = store_begin_write(store, &txn, err);
    if (status == STATUS_OK) {
        status = find_repeat(txn, actor, request, digest, &earlier, err);
    }
    if (status == STATUS_OK && request->supersedes != 0) {
        status = compare(txn, actor, request, reading, result, err);
    }
    if (status == STATUS_OK && earlier != 0) {
        result->id = earlier;
        result->is_repeat = true;
        status = log_import(txn, actor, "import_repeated", earlier, request, now_ms, err);
    } else if (status == STATUS_OK && !request->is_dry_run) {
        status = add_all(txn, actor, request, reading, faults, digest, now_ms, result, err);
    }
    if (status == STATUS_OK && request->supersedes != 0 && !request->is_dry_run) {
        status = supersede(txn, actor, request, now_ms, result, err);
    }
    if (status == STATUS_OK && !request->is_dry_run) {
        status = store_commit(txn, err);
    }
    store_end(txn);
    return status;
}

/* The file, with FAULTS empty at first. */
static enum status
take_file(struct store *store, const struct actor *actor, const struct import_request *request, struct faults *faults,
          int64_t now_ms, struct import_result *out, struct error_detail *err)
{
    uint8_t digest[SHA256_SIZE];
    struct reading reading;
    sha256(digest, request->bytes, request->length);
    enum status status = read_file(&reading, request, faults, now_ms, err);
    if (status == STATUS_INVALID && strcmp(err->code, "statement_incomplete") == 0 && !request->is_dry_run) {
        struct error_detail report_err;
        enum status reported = report_incomplete(store, actor, request, now_ms, err, &report_err);
        if (reported != STATUS_OK) {
            *err = report_err;
            return reported;
        }
    }
    if (status != STATUS_OK) {
        return status;
    }
    struct import_result result;
    describe(&result, &reading, digest);
    result.fault_count = (int64_t)faults->list.count;
    status = store_file(store, actor, request, &reading, faults, digest, now_ms, &result, err);
    reading_finish(&reading);
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
