/* Making a training till from a live one. */
#include "pos/till/training.h"

#include "pos/till/till_parts.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define TRAINING_FILE "training.db"

static const char no_key[] = "0000000000000000000000000000000000000000000000000000000000000000"; /* it signs nothing */

enum status
training_path(const char *live, char out[TRAINING_PATH_SIZE], struct error_detail *err)
{
    const char *slash = strrchr(live, '/');
    const char *name = slash != NULL ? slash + 1 : live;
    int length = snprintf(out, TRAINING_PATH_SIZE, "%.*s" TRAINING_FILE, (int)(name - live), live);
    if (strcmp(name, TRAINING_FILE) == 0 || length < 0 || length >= TRAINING_PATH_SIZE) {
        error_set(err, "training_path", "[till] database: \"%s\" leaves no place for " TRAINING_FILE " beside it",
                  live);
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

/* What the training till takes over. */
struct origin {
    char municipality[MUNICIPALITY_CODE_SIZE];
    char terminal[TERMINAL_ID_SIZE];
    char place[CODE_SIZE];
    struct buffer masters;
};

static enum status
read_origin(const char *live, struct origin *out, struct error_detail *err)
{
    struct database *db = NULL;
    struct statement *row;
    bool has_row = false;
    enum status status = database_open(&db, live, DATABASE_READ_ONLY, NULL, err);
    if (status == STATUS_OK) {
        status = database_statement(db,
                                    "SELECT municipality, terminal, place, document FROM enrolment, masters_document"
                                    " ORDER BY version DESC LIMIT 1",
                                    &row, err);
    }
    if (status == STATUS_OK) {
        status = statement_step(row, &has_row, err);
    }
    if (status == STATUS_OK && !has_row) {
        error_set(err, "not_enrolled", "この端末はまだ登録されていません。管理者に連絡してください。");
        status = STATUS_REFUSED;
    }
    if (status == STATUS_OK) {
        size_t length;
        const char *document = statement_column_blob(row, 3, &length);
        snprintf(out->municipality, sizeof out->municipality, "%s", statement_column_text(row, 0));
        snprintf(out->terminal, sizeof out->terminal, "%s", statement_column_text(row, 1));
        snprintf(out->place, sizeof out->place, "%s", statement_column_text(row, 2));
        buffer_append(&out->masters, document, length);
        if (out->masters.has_failed) {
            error_set(err, "no_memory", "out of memory");
            status = STATUS_NO_MEMORY;
        }
        statement_reset(row);
    }
    database_close(db);
    return status;
}

static enum status
remove_old(const char *path, struct error_detail *err)
{
    static const char *const endings[] = {"", "-wal", "-shm", "-journal"};
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        char file[TRAINING_PATH_SIZE + 16];
        snprintf(file, sizeof file, "%s%s", path, endings[i]);
        if (unlink(file) != 0 && errno != ENOENT) {
            error_set(err, "training_file", "%s: %s", file, strerror(errno));
            return STATUS_IO;
        }
    }
    return STATUS_OK;
}

/* "TR-" and the end of the live id, so that a long one fits too. */
static void
training_terminal(const char *live, char out[TERMINAL_ID_SIZE])
{
    const size_t room = TERMINAL_ID_SIZE - sizeof TRAINING_TERMINAL_PREFIX;
    const size_t length = strlen(live);
    snprintf(out, TERMINAL_ID_SIZE, TRAINING_TERMINAL_PREFIX "%s", live + (length > room ? length - room : 0));
}

enum status
training_prepare(const char *live, struct clock_source clock, struct error_detail *err)
{
    char path[TRAINING_PATH_SIZE];
    char terminal[TERMINAL_ID_SIZE];
    struct origin origin = {0};
    struct till *till = NULL;
    buffer_init(&origin.masters, JSON_TEXT_MAX_BYTES);
    enum status status = training_path(live, path, err);
    if (status == STATUS_OK) {
        status = read_origin(live, &origin, err);
    }
    if (status == STATUS_OK) {
        status = remove_old(path, err);
    }
    if (status == STATUS_OK) {
        const struct till_options options = {.database_path = path, .clock = clock, .is_training = true};
        status = till_open(&till, &options, err);
    }
    if (status == STATUS_OK) {
        training_terminal(origin.terminal, terminal);
        status = till_enrol(till, origin.municipality, terminal, origin.place, no_key, err);
    }
    if (status == STATUS_OK) {
        status = till_apply_masters(till, buffer_text(&origin.masters), origin.masters.length, err);
    }
    till_close(till);
    buffer_finish(&origin.masters);
    return status;
}

static enum status
check_nothing_runs(const struct till *till, struct error_detail *err)
{
    if (till->is_changing_over) {
        error_set(err, "changing_over", "切り替えています。少し待ってください。");
        return STATUS_BUSY;
    }
    if (!payment_is_in_hand(till) && !till->has_run_request && till->running[0] == '\0') {
        return STATUS_OK;
    }
    error_set(err, "payment_running", "お支払いの途中です。終わってから切り替えてください。");
    return STATUS_REFUSED;
}

static enum status
check_all_known(struct till *till, struct error_detail *err)
{
    int64_t open;
    enum status status =
        database_query_int(till->db,
                           "SELECT (SELECT COUNT(*) FROM payment WHERE state IN ('started', 'unknown'))"
                           " + (SELECT COUNT(*) FROM reversal WHERE state IN ('started', 'unknown'))"
                           " + (SELECT COUNT(*) FROM refund_run WHERE state IN ('started', 'unknown'))",
                           &open, err);
    if (status == STATUS_OK && open > 0) {
        error_set(
            err, "payments_open",
            "結果の分からない決済が%lld件あります。照会が終わってから訓練を始めてください。要確認の画面で確かめられま"
            "す。",
            (long long)open);
        status = STATUS_REFUSED;
    }
    return status;
}

enum status
training_check_enter(struct till *till, char out_clerk[CODE_SIZE], struct error_detail *err)
{
    till_lock(till);
    enum status status = check_nothing_runs(till, err);
    if (status == STATUS_OK && !till->clerk.is_present) {
        error_set(err, "no_clerk", "担当者を選び、暗証番号を入れてください。");
        status = STATUS_REFUSED;
    }
    if (status == STATUS_OK && till->basket.content.line_count > 0) {
        error_set(err, "basket_open", "会計の途中です。済ませるか保留してから、訓練を始めてください。");
        status = STATUS_REFUSED;
    }
    if (status == STATUS_OK) {
        status = check_all_known(till, err);
    }
    if (status == STATUS_OK) {
        memcpy(out_clerk, till->clerk.code, CODE_SIZE);
        till->is_changing_over = true;
    }
    till_unlock(till, false);
    return status;
}

enum status
training_check_leave(struct till *till, struct error_detail *err)
{
    till_lock(till);
    enum status status = check_nothing_runs(till, err);
    till->is_changing_over = till->is_changing_over || status == STATUS_OK;
    till_unlock(till, false);
    return status;
}

void
training_stay(struct till *till)
{
    till_lock(till);
    till->is_changing_over = false;
    till_unlock(till, true);
}

enum status
training_adopt_clerk(struct till *till, const char *clerk, struct error_detail *err)
{
    till_lock(till);
    assert(till->is_training);
    const struct master_clerk *row = till->masters != NULL ? masters_clerk(till->masters, clerk) : NULL;
    struct signed_in_clerk present = {.is_present = row != NULL};
    enum status status = STATUS_OK;
    if (row != NULL) {
        snprintf(present.code, sizeof present.code, "%s", row->code);
        snprintf(present.name, sizeof present.name, "%s", row->name);
        present.is_supervisor = row->is_supervisor;
        struct json_writer *body = record_body(till);
        json_text(body, "clerk", row->code);
        status = record_single(till, "clerk.signed_in", err);
    }
    if (status == STATUS_OK) {
        till->clerk = present;
        lock_open(till);
    }
    till_unlock(till, status == STATUS_OK);
    return status;
}
