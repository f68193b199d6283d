/* Opening, closing and locking a till. */
#include "pos/till/till.h"

#include "common/bytes/encoding.h"
#include "common/log/log.h"
#include "common/signing/signing.h"
#include "pos/till/masters_keeping.h"
#include "pos/till/till_parts.h"
#include "pos/till/wal_keeping.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern const struct migration till_migrations[];
extern const size_t till_migrations_count;

enum { DEFAULT_INQUIRY_INTERVAL_MS = 3000 };

void
till_lock(struct till *till)
{
    pthread_mutex_lock(&till->lock);
}

void
till_unlock(struct till *till, bool has_changed)
{
    till_change_handler on_change = NULL;
    void *context = NULL;
    if (has_changed) {
        till->revision++;
        pthread_cond_broadcast(&till->view_changed);
        on_change = till->on_change;
        context = till->change_context;
    }
    till->changes_being_told += on_change != NULL ? 1 : 0;
    pthread_mutex_unlock(&till->lock);
    if (on_change == NULL) {
        return;
    }
    on_change(context);
    pthread_mutex_lock(&till->lock);
    till->changes_being_told--;
    pthread_cond_broadcast(&till->change_told);
    pthread_mutex_unlock(&till->lock);
}

int64_t
till_now_ms(const struct till *till)
{
    return clock_now_ms(&till->clock);
}

int64_t
till_monotonic_ms(const struct till *till)
{
    return clock_monotonic_ms(&till->clock);
}

struct civil_date
till_business_date(const struct till *till)
{
    int day_start_minutes = till->masters != NULL ? till->masters->day_start_minutes : 0;
    struct civil_date by_clock = business_date_at(till_now_ms(till), day_start_minutes);
    bool is_clock_behind =
        till->day.exists && !till->is_clock_approved && civil_date_compare(by_clock, till->day.date) < 0;
    /* An open day goes on until it is closed: what is still sold after midnight belongs to its 精算. */
    return is_clock_behind || (till->day.exists && till->day.is_open) ? till->day.date : by_clock;
}

static enum status
load_enrolment(struct till *till, struct error_detail *err)
{
    struct statement *row;
    bool has_row;
    enum status status =
        database_statement(till->db, "SELECT municipality, terminal, place, masters_key FROM enrolment", &row, err);
    if (status == STATUS_OK) {
        status = statement_step(row, &has_row, err);
    }
    if (status != STATUS_OK || !has_row) {
        return status;
    }
    till->is_enrolled = true;
    snprintf(till->municipality, sizeof till->municipality, "%s", statement_column_text(row, 0));
    snprintf(till->terminal, sizeof till->terminal, "%s", statement_column_text(row, 1));
    snprintf(till->place, sizeof till->place, "%s", statement_column_text(row, 2));
    const char *key = statement_column_text(row, 3);
    till->knows_masters_key = key[0] != '\0';
    if (till->knows_masters_key && hex_decode(till->masters_key, PUBLIC_KEY_SIZE, key, strlen(key)) != STATUS_OK) {
        error_set(err, "masters_key",
                  "the stored key of the masters is damaged; set it anew (madoguchi-pos masters-key)");
        status = STATUS_CORRUPT;
    }
    statement_reset(row);
    return status;
}

static void
read_owner(const struct statement *row, struct till_owner *out)
{
    struct json_value *json = NULL;
    struct error_detail ignored;
    const char *text = "";
    size_t length;
    const char *line = statement_column_blob(row, 0, &length);
    if (json_parse(&json, line, length, &ignored) == STATUS_OK) {
        json_as_text(json_member(json, "terminal"), &text);
        snprintf(out->terminal, sizeof out->terminal, "%s", text);
        text = "";
        json_as_text(json_member(json_member(json, "body"), "public_key"), &text);
        snprintf(out->public_key, sizeof out->public_key, "%s", text);
    }
    json_free(json);
}

/* A damaged file is not for a clerk to mend: what SQLite says goes to the administrator, behind what to do. */
static void
explain_damage(const char *path, struct error_detail *err)
{
    struct error_detail found = *err;
    error_set(err, found.code,
              "データベース(%s)が壊れていて、レジを始められません。ほかの端末を使い、管理者に連絡してください。"
              "壊れたファイルは消さずに保管し、バックアップを戻すか、新しい端末番号で登録し直します。[%.150s]",
              path, found.message);
}

enum status
till_peek_owner(const char *path, struct till_owner *out, struct database **out_opened, struct error_detail *err)
{
    struct database *db = NULL;
    struct statement *row;
    bool has_row = false;
    *out = (struct till_owner){0};
    enum status status = database_open(&db, path, DATABASE_READ_WRITE, NULL, err);
    if (status == STATUS_OK) {
        status = database_migrate(db, till_migrations, till_migrations_count, err);
    }
    if (status == STATUS_OK) {
        status = database_statement(db, "SELECT line FROM journal_line WHERE sequence = 1", &row, err);
    }
    if (status == STATUS_OK) {
        status = statement_step(row, &has_row, err);
    }
    if (status == STATUS_OK && has_row) {
        read_owner(row, out);
        statement_reset(row);
    }
    if (status == STATUS_OK) {
        *out_opened = db;
    } else {
        database_close(db);
    }
    if (status == STATUS_CORRUPT) {
        explain_damage(path, err);
    }
    return status;
}

enum status
load_business_day(struct till *till, struct error_detail *err)
{
    struct statement *row;
    bool has_row;
    enum status status = database_statement(till->db,
                                            "SELECT business_date, day, state, float_yen, opened_sequence "
                                            "FROM business_day ORDER BY opened_sequence DESC LIMIT 1",
                                            &row, err);
    if (status == STATUS_OK) {
        status = statement_step(row, &has_row, err);
    }
    if (status != STATUS_OK || !has_row) {
        return status;
    }
    struct business_day_state *day = &till->day;
    const char *date = statement_column_text(row, 0);
    status = civil_date_parse(&day->date, date, strlen(date));
    day->exists = status == STATUS_OK;
    snprintf(day->id, sizeof day->id, "%s", statement_column_text(row, 1));
    day->is_open = strcmp(statement_column_text(row, 2), "open") == 0;
    day->float_yen = statement_column_int(row, 3);
    day->opened_sequence = statement_column_int(row, 4);
    statement_reset(row);
    return status;
}

static enum status
load_everything(struct till *till, struct error_detail *err)
{
    enum status status = database_migrate(till->db, till_migrations, till_migrations_count, err);
    if (status == STATUS_OK) {
        status = load_enrolment(till, err);
    }
    if (status == STATUS_OK) {
        status = journal_init(&till->journal, till->db, till->terminal, err);
    }
    if (status == STATUS_OK && till->is_enrolled) {
        status = load_masters(till, err);
    }
    if (status == STATUS_OK) {
        status = load_business_day(till, err);
    }
    if (status == STATUS_OK) {
        status = database_query_int(till->db, "SELECT acknowledged FROM upload_position", &till->acknowledged, err);
    }
    if (status == STATUS_OK) {
        status = basket_init(&till->basket, till_now_ms(till), err);
    }
    if (status == STATUS_OK) {
        status = payment_recover(till, err);
    }
    if (status == STATUS_OK) {
        status = holds_recover(till, err);
    }
    return status == STATUS_OK ? papers_recover(till, err) : status;
}

static void
init_locks(struct till *till)
{
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&till->lock, NULL);
    pthread_mutex_init(&till->terminal_lock, NULL);
    pthread_cond_init(&till->work_changed, &monotonic);
    pthread_cond_init(&till->print_changed, &monotonic);
    pthread_cond_init(&till->change_told, &monotonic);
    pthread_cond_init(&till->view_changed, &monotonic);
    pthread_cond_init(&till->wal_changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
}

static void
set_reported(struct reported_state *state, const char *word, const char *message)
{
    snprintf(state->word, sizeof state->word, "%s", word);
    snprintf(state->message, sizeof state->message, "%s", message);
}

enum status
till_open(struct till **out, const struct till_options *options, struct error_detail *err)
{
    struct till *till = calloc(1, sizeof *till);
    if (till == NULL) {
        payment_channel_destroy(options->qr_foreground);
        payment_channel_destroy(options->qr_background);
        payment_channel_destroy(options->terminal);
        database_close(options->opened);
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    till->db = options->opened;
    till->clock = options->clock;
    till->devices_are_simulated = options->devices_are_simulated;
    till->is_training = options->is_training;
    till->qr_foreground = options->qr_foreground;
    till->qr_background = options->qr_background;
    till->terminal_channel = options->terminal;
    till->inquiry_interval_ms =
        options->inquiry_interval_ms > 0 ? options->inquiry_interval_ms : DEFAULT_INQUIRY_INTERVAL_MS;
    till->database_path = strdup(options->database_path);
    till->vfs = options->vfs != NULL ? strdup(options->vfs) : NULL;
    till->wal_pages = options->wal_pages;
    till->wal_quiet_ms = options->wal_quiet_ms;
    init_locks(till);
    buffer_init(&till->body, JOURNAL_LINE_MAX_BYTES);
    set_reported(&till->uplink, "offline", "");
    set_reported(&till->printer, "offline", "");
    set_reported(&till->terminal_state, "ready", "");
    set_reported(&till->gateway_state, "ready", "");
    for (size_t i = 0; i < TILL_DEVICES; i++) {
        set_reported(&till->devices[i], "none", "");
    }
    enum status status = STATUS_OK;
    if (till->database_path == NULL || (options->vfs != NULL && till->vfs == NULL)) {
        error_set(err, "no_memory", "out of memory");
        status = STATUS_NO_MEMORY;
    }
    if (status == STATUS_OK && till->db == NULL) {
        status = database_open(&till->db, options->database_path, DATABASE_READ_WRITE, options->vfs, err);
    }
    if (status == STATUS_OK) {
        status = load_everything(till, err);
    }
    if (status != STATUS_OK) {
        till_close(till);
        return status;
    }
    *out = till;
    return STATUS_OK;
}

/* Without it the till sells as well, only slower now and then. */
static void
start_wal_keeping(struct till *till)
{
    struct error_detail err;
    const struct wal_keeping_options options = {.till = till,
                                                .database_path = till->database_path,
                                                .vfs = till->vfs,
                                                .pages = till->wal_pages,
                                                .quiet_ms = till->wal_quiet_ms};
    enum status status = wal_keeping_start(&till->wal_keeping, &options, &err);
    if (status != STATUS_OK) {
        log_failure(LOG_LEVEL_WARNING, till->terminal, "starting to keep the WAL", status, &err);
    }
}

enum status
till_start(struct till *till, till_change_handler on_change, void *context, struct error_detail *err)
{
    till_lock(till);
    till->on_change = on_change;
    till->change_context = context;
    till_unlock(till, false);
    if (pthread_create(&till->runner, NULL, payment_runner_main, till) != 0) {
        error_set(err, "no_thread", "the payment thread could not be started");
        return STATUS_IO;
    }
    if (pthread_create(&till->resolver, NULL, resolver_main, till) != 0) {
        till_lock(till);
        till->is_stopping = true;
        pthread_cond_broadcast(&till->work_changed);
        till_unlock(till, false);
        pthread_join(till->runner, NULL);
        error_set(err, "no_thread", "the inquiry thread could not be started");
        return STATUS_IO;
    }
    till->has_threads = true;
    start_wal_keeping(till);
    return STATUS_OK;
}

void
till_quiesce(struct till *till)
{
    till_lock(till);
    till->is_stopping = true;
    till->on_change = NULL;
    pthread_cond_broadcast(&till->work_changed);
    pthread_cond_broadcast(&till->print_changed);
    pthread_cond_broadcast(&till->view_changed);
    pthread_cond_broadcast(&till->wal_changed);
    while (till->changes_being_told > 0) { /* afterwards the listener may go */
        pthread_cond_wait(&till->change_told, &till->lock);
    }
    till_unlock(till, false);
}

void
till_close(struct till *till)
{
    if (till == NULL) {
        return;
    }
    till_quiesce(till);
    if (till->has_threads) {
        if (till->terminal_channel != NULL) {
            till->terminal_channel->operations->stop(till->terminal_channel);
        }
        pthread_join(till->runner, NULL);
        pthread_join(till->resolver, NULL);
        wal_keeping_stop(till->wal_keeping);
    }
    payment_channel_destroy(till->qr_foreground);
    payment_channel_destroy(till->qr_background);
    payment_channel_destroy(till->terminal_channel);
    journal_finish(&till->journal);
    database_close(till->db);
    masters_destroy(till->masters);
    buffer_finish(&till->body);
    pthread_mutex_destroy(&till->lock);
    pthread_mutex_destroy(&till->terminal_lock);
    pthread_cond_destroy(&till->work_changed);
    pthread_cond_destroy(&till->print_changed);
    pthread_cond_destroy(&till->change_told);
    pthread_cond_destroy(&till->view_changed);
    pthread_cond_destroy(&till->wal_changed);
    free(till->vfs);
    free(till->database_path);
    free(till);
}

/* ---- what peripherals and uplink report ---- */

static void
report(struct till *till, struct reported_state *state, const char *word, const char *message)
{
    till_lock(till);
    bool has_changed = strcmp(state->word, word) != 0 || strcmp(state->message, message) != 0;
    set_reported(state, word, message);
    till_unlock(till, has_changed);
}

void
till_set_printer_state(struct till *till, const char *state, const char *message)
{
    report(till, &till->printer, state, message);
}

void
till_set_device_state(struct till *till, enum till_device device, const char *state, const char *message)
{
    assert(device < TILL_DEVICES);
    report(till, &till->devices[device], state, message);
}

void
till_note_devices(struct till *till)
{
    till_lock(till);
    till->devices_revision++;
    till_unlock(till, true);
}

void
till_set_uplink_state(struct till *till, const char *state, const char *message)
{
    report(till, &till->uplink, state, message);
}

void
till_upload_position(struct till *till, int64_t *out_acknowledged, struct journal_position *out_tail)
{
    till_lock(till);
    *out_acknowledged = till->acknowledged;
    *out_tail = till->journal.tail;
    till_unlock(till, false);
}

enum status
till_acknowledge(struct till *till, int64_t sequence, struct error_detail *err)
{
    till_lock(till);
    struct statement *update;
    /* What is lost in a power cut is asked anew: no sale waits for the disk because of it. */
    enum status status = database_begin_unsynced(till->db, err);
    if (status == STATUS_OK) {
        status =
            database_statement(till->db, "UPDATE upload_position SET acknowledged = ?1 WHERE id = 1", &update, err);
    }
    if (status == STATUS_OK) {
        statement_bind_int(update, 1, sequence);
        status = statement_run(update, err);
    }
    if (status == STATUS_OK) {
        status = database_commit(till->db, err);
    }
    if (status == STATUS_OK) {
        till->acknowledged = sequence;
    } else {
        database_rollback(till->db);
    }
    till_unlock(till, status == STATUS_OK);
    return status;
}
