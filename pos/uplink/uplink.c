/* Sending the journal.
 *
 * What is not acknowledged is every line after the acknowledged sequence; there is no queue that could disagree. The
 * thread first asks where the service stands (a till restored from an old backup must find out before it sells), then
 * uploads runs until nothing is left, and sleeps. Failures make it wait longer, up to a minute; a fork or a quarantine
 * is shown and asked again slowly. */
#include "pos/uplink/uplink.h"

#include "common/log/log.h"
#include "pos/uplink/record_check.h"
#include "pos/uplink/service.h"
#include "pos/uplink/wording.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    RUN_LINES_MAX = 500, /* docs/protocol/journal.md */
    RUN_BYTES_MAX = 3 * 1024 * 1024,
    DEFAULT_INTERVAL_MS = 500,
    RETRY_FIRST_MS = 500,
    RETRY_LAST_MS = 30 * 1000,
    REFUSED_RETRY_MS = 60 * 1000, /* quarantined or revoked: people must act first */
    MASTERS_INTERVAL_MS = 60 * 1000,
    MASTERS_RETRY_MS = 2000, /* new ones wait for the citizen at the counter */
    PROOFS_INTERVAL_MS = 60 * 1000,
    PROOFS_MAX_BYTES = 64 * 1024 /* as the service sends at most */
};

struct uplink {
    struct uplink_options options;
    struct settlement_service service;
    struct database *db;
    pthread_mutex_t lock;
    pthread_cond_t stop_changed;
    bool is_stopping;
    pthread_t thread;
    struct record_check check;
    bool has_position;    /* the service was asked where it stands */
    bool is_disk_failing; /* lines that the service has are damaged here: told until the disk is changed */
    bool is_over;         /* selling has stopped: nothing that is recorded now could ever be sent */
    unsigned retry_ms;
    unsigned asked_wait_ms; /* the service asked for it in its last answer; 0: it did not */
    int64_t masters_due_ms; /* monotonic */
    int64_t proofs_due_ms;  /* monotonic */
};

/* How a round went, and so how long to sleep. */
enum round_result {
    ROUND_DONE, /* nothing left */
    ROUND_MORE,
    ROUND_FAILED,
    ROUND_REFUSED
};

static void
stop_selling(struct uplink *uplink)
{
    uplink->is_over = true;
    till_set_uplink_state(
        uplink->options.till, "behind",
        "この端末の記録が、集計サーバの記録より古くなっています。お会計を止めました。管理者に連絡してください。");
    log_line(LOG_LEVEL_ERROR, uplink->service.terminal,
             "the service has lines that this till does not have: restored from an old backup? Selling has stopped");
}

static void
stop_on_damage(struct uplink *uplink)
{
    uplink->is_over = true;
    till_set_uplink_state(
        uplink->options.till, "damaged",
        "この端末の記録に傷があります。お会計を止めました。ほかの端末を使い、管理者に連絡してください。");
}

static void
show_online(struct uplink *uplink)
{
    if (uplink->is_disk_failing) {
        till_set_uplink_state(uplink->options.till, "disk_failing",
                              "この端末のディスクに傷があります。記録はサーバに届いています。お会計は続けられますが、"
                              "今日のうちに管理者に連絡してください。");
    } else {
        till_set_uplink_state(uplink->options.till, "online", "");
    }
}

/* A piece of the check of the own record; false when selling has stopped. */
static bool
check_record(struct uplink *uplink)
{
    int64_t acknowledged;
    struct journal_position tail;
    struct error_detail err;
    till_upload_position(uplink->options.till, &acknowledged, &tail);
    switch (record_check_step(&uplink->check, uplink->db, uplink->service.terminal, acknowledged, &err)) {
    case RECORD_WHOLE:
        break;
    case RECORD_DAMAGED_SENT:
        uplink->is_disk_failing = true;
        show_online(uplink);
        break;
    case RECORD_DAMAGED_UNSENT:
        stop_on_damage(uplink);
        break;
    }
    return !uplink->is_over;
}

/* Whether our line at POSITION's sequence is the service's. */
static bool
has_same_line(struct uplink *uplink, const struct journal_position *position)
{
    struct error_detail ignored;
    struct buffer line;
    uint8_t hash[SHA256_SIZE] = {0};
    bool is_same = position->sequence == 0;
    buffer_init(&line, JOURNAL_LINE_MAX_BYTES);
    if (position->sequence > 0 && journal_read_line(uplink->db, position->sequence, &line, &ignored) == STATUS_OK) {
        journal_line_hash(hash, buffer_text(&line), line.length);
        is_same = memcmp(hash, position->hash, SHA256_SIZE) == 0;
    }
    buffer_finish(&line);
    return is_same;
}

static enum round_result
show_refusal(struct uplink *uplink, const struct service_reply *reply)
{
    if (strcmp(reply->code, "broken_chain") == 0 || strcmp(reply->code, "not_a_journal_line") == 0) {
        uplink->check.is_unsent_checked = false; /* damaged on the way, or here: the next round looks */
    }
    const struct uplink_words words = uplink_words_refused(reply->code);
    till_set_uplink_state(uplink->options.till, words.state, words.message);
    log_line(LOG_LEVEL_ERROR, uplink->service.terminal, "upload refused: %s (%u %s)", reply->message,
             reply->http_status, reply->code);
    return ROUND_REFUSED;
}

/* Take what the service acknowledges: our new position, or the sign that we are behind. */
static enum round_result
take_acknowledged(struct uplink *uplink, const struct journal_position *acknowledged)
{
    int64_t known;
    struct journal_position tail;
    struct error_detail err;
    till_upload_position(uplink->options.till, &known, &tail);
    if (acknowledged->sequence > tail.sequence || !has_same_line(uplink, acknowledged)) {
        stop_selling(uplink);
        return ROUND_REFUSED;
    }
    enum status status = STATUS_OK;
    if (acknowledged->sequence != known) {
        status = till_acknowledge(uplink->options.till, acknowledged->sequence, &err);
    }
    if (status != STATUS_OK) {
        log_failure(LOG_LEVEL_WARNING, uplink->service.terminal, "keeping the upload position", status, &err);
        return ROUND_FAILED;
    }
    show_online(uplink);
    return acknowledged->sequence < tail.sequence ? ROUND_MORE : ROUND_DONE;
}

static enum round_result
take_reply(struct uplink *uplink, enum status status, const struct service_reply *reply, const struct error_detail *err)
{
    if (status != STATUS_OK || reply->http_status >= 500) {
        uplink->asked_wait_ms = status == STATUS_OK ? reply->retry_after_ms : 0;
        const struct uplink_words words = uplink_words_unreached(status != STATUS_OK ? err : NULL);
        till_set_uplink_state(uplink->options.till, words.state, words.message);
        if (status != STATUS_OK && uplink->retry_ms == RETRY_FIRST_MS) {
            log_failure(LOG_LEVEL_INFO, uplink->service.terminal, "reaching the settlement service", status, err);
        }
        return ROUND_FAILED;
    }
    bool may_go_on = reply->code[0] == '\0' || strcmp(reply->code, "gap") == 0;
    if (may_go_on && reply->has_acknowledged) {
        return take_acknowledged(uplink, &reply->acknowledged);
    }
    return show_refusal(uplink, reply);
}

static enum round_result
ask_position(struct uplink *uplink)
{
    struct service_reply reply = {0};
    struct error_detail err;
    enum status status = service_position(&uplink->service, clock_now_ms(&uplink->options.clock), &reply, &err);
    enum round_result result = take_reply(uplink, status, &reply, &err);
    uplink->has_position = result == ROUND_DONE || result == ROUND_MORE;
    return result;
}

static enum round_result
upload_run(struct uplink *uplink)
{
    int64_t acknowledged;
    struct journal_position tail;
    struct journal_position last = {0};
    struct service_reply reply = {0};
    struct error_detail err;
    struct buffer lines;
    till_upload_position(uplink->options.till, &acknowledged, &tail);
    if (tail.sequence == acknowledged) {
        return ROUND_DONE;
    }
    buffer_init(&lines, RUN_BYTES_MAX + JOURNAL_LINE_MAX_BYTES + 1);
    enum status status =
        journal_read_after(uplink->db, acknowledged, RUN_LINES_MAX, RUN_BYTES_MAX, &lines, &last, &err);
    enum round_result result = ROUND_FAILED;
    if (status != STATUS_OK || last.sequence == 0) {
        log_failure(LOG_LEVEL_ERROR, uplink->service.terminal, "reading lines to upload", status, &err);
    } else {
        status = service_upload(&uplink->service, acknowledged + 1, &last, &lines, &reply, &err);
        result = take_reply(uplink, status, &reply, &err);
    }
    buffer_finish(&lines);
    return result;
}

static void
refresh_masters(struct uplink *uplink)
{
    char known[SHA256_TEXT_SIZE];
    struct masters_answer answer = {0};
    struct error_detail err;
    struct till *till = uplink->options.till;
    if (clock_monotonic_ms(&uplink->options.clock) < uplink->masters_due_ms || !till_can_take_masters(till)) {
        return; /* a citizen is at the till: a document of megabytes would be fetched in vain */
    }
    uplink->masters_due_ms = clock_monotonic_ms(&uplink->options.clock) + MASTERS_INTERVAL_MS;
    till_masters_version(till, known);
    buffer_init(&answer.http.body, SERVICE_ANSWER_MAX_BYTES);
    enum status status = service_masters(&uplink->service, clock_now_ms(&uplink->options.clock), known, &answer, &err);
    if (status == STATUS_OK && answer.is_new) {
        const char *signature = answer.http.header[0] != '\0' ? answer.http.header : NULL;
        status =
            till_apply_signed_masters(till, buffer_text(&answer.http.body), answer.http.body.length, signature, &err);
    }
    if (status == STATUS_BUSY) {
        uplink->masters_due_ms = clock_monotonic_ms(&uplink->options.clock) + MASTERS_RETRY_MS;
    } else if (status != STATUS_OK) {
        log_failure(LOG_LEVEL_WARNING, uplink->service.terminal, "fetching masters", status, &err);
    }
    buffer_finish(&answer.http.body);
}

/* A statement may know what gateway and terminal no longer tell. Asked only while something is open here. */
static void
ask_for_proofs(struct uplink *uplink)
{
    struct error_detail err;
    struct till *till = uplink->options.till;
    struct http_answer answer = {0};
    int64_t now_ms = clock_monotonic_ms(&uplink->options.clock);
    if (now_ms < uplink->proofs_due_ms || !till_wants_proofs(till)) {
        return;
    }
    uplink->proofs_due_ms = now_ms + PROOFS_INTERVAL_MS;
    buffer_init(&answer.body, PROOFS_MAX_BYTES);
    enum status status = service_proofs(&uplink->service, clock_now_ms(&uplink->options.clock), &answer, &err);
    if (status == STATUS_OK) {
        status = till_take_proofs(till, buffer_text(&answer.body), answer.body.length, answer.header, &err);
    }
    if (status != STATUS_OK) {
        log_failure(LOG_LEVEL_WARNING, uplink->service.terminal, "asking what statements prove", status, &err);
    }
    buffer_finish(&answer.body);
}

static enum round_result
run_round(struct uplink *uplink)
{
    if (!uplink->check.is_unsent_checked && !check_record(uplink)) {
        return ROUND_REFUSED;
    }
    enum round_result result = uplink->has_position ? upload_run(uplink) : ask_position(uplink);
    if (result == ROUND_DONE) {
        (void)check_record(uplink);
        refresh_masters(uplink);
        ask_for_proofs(uplink);
    }
    return result;
}

/* PAUSE_MS and up to a half more, by chance: tills that failed together do not come again together. */
static unsigned
scattered(unsigned pause_ms)
{
    uint16_t chance = 0;
    struct error_detail ignored;
    if (random_bytes(&chance, sizeof chance, &ignored) != STATUS_OK) {
        chance = 0; /* then they come together; nothing else depends on it */
    }
    return pause_ms + (unsigned)((uint64_t)pause_ms * chance / (2 * UINT16_MAX));
}

static unsigned
pause_after(struct uplink *uplink, enum round_result result)
{
    switch (result) {
    case ROUND_MORE:
        uplink->retry_ms = RETRY_FIRST_MS;
        return 0;
    case ROUND_DONE:
        uplink->retry_ms = RETRY_FIRST_MS;
        return uplink->options.interval_ms;
    case ROUND_FAILED: {
        unsigned pause = uplink->retry_ms;
        uplink->retry_ms = pause * 2 < RETRY_LAST_MS ? pause * 2 : RETRY_LAST_MS;
        return scattered(pause > uplink->asked_wait_ms ? pause : uplink->asked_wait_ms);
    }
    case ROUND_REFUSED:
        uplink->has_position = false;
        return REFUSED_RETRY_MS;
    }
    return REFUSED_RETRY_MS;
}

static void
sleep_unless_stopped(struct uplink *uplink, unsigned ms)
{
    struct timespec until = clock_deadline_after(ms);
    pthread_mutex_lock(&uplink->lock);
    if (!uplink->is_stopping && ms > 0) {
        pthread_cond_timedwait(&uplink->stop_changed, &uplink->lock, &until);
    }
    pthread_mutex_unlock(&uplink->lock);
}

static bool
is_stopping(struct uplink *uplink)
{
    pthread_mutex_lock(&uplink->lock);
    bool is = uplink->is_stopping;
    pthread_mutex_unlock(&uplink->lock);
    return is;
}

static void *
uplink_main(void *context)
{
    struct uplink *uplink = context;
    while (!is_stopping(uplink) && !uplink->is_over) {
        sleep_unless_stopped(uplink, pause_after(uplink, run_round(uplink)));
    }
    return NULL;
}

enum status
uplink_start(struct uplink **out, const struct uplink_options *options, struct error_detail *err)
{
    char place[CODE_SIZE];
    pthread_condattr_t monotonic;
    struct uplink *uplink = calloc(1, sizeof *uplink);
    if (uplink == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    uplink->options = *options;
    if (uplink->options.interval_ms == 0) {
        uplink->options.interval_ms = DEFAULT_INTERVAL_MS;
    }
    uplink->retry_ms = RETRY_FIRST_MS;
    uplink->service.key = options->key;
    snprintf(uplink->service.url, sizeof uplink->service.url, "%s", options->service_url);
    till_identity(options->till, uplink->service.terminal, place);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&uplink->lock, NULL);
    pthread_cond_init(&uplink->stop_changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    const struct http_security security = {.ca_file = options->ca_file};
    enum status status = database_open(&uplink->db, options->database_path, DATABASE_READ_ONLY, NULL, err);
    if (status == STATUS_OK) {
        status = http_client_create_secure(&uplink->service.client, &security, err);
    }
    if (status == STATUS_OK && pthread_create(&uplink->thread, NULL, uplink_main, uplink) != 0) {
        error_set(err, "no_thread", "the uplink thread could not be started");
        status = STATUS_IO;
    }
    if (status != STATUS_OK) {
        http_client_destroy(uplink->service.client);
        database_close(uplink->db);
        free(uplink);
        return status;
    }
    *out = uplink;
    return STATUS_OK;
}

void
uplink_stop(struct uplink *uplink)
{
    if (uplink == NULL) {
        return;
    }
    pthread_mutex_lock(&uplink->lock);
    uplink->is_stopping = true;
    pthread_cond_signal(&uplink->stop_changed);
    pthread_mutex_unlock(&uplink->lock);
    http_client_cancel(uplink->service.client);
    pthread_join(uplink->thread, NULL);
    http_client_destroy(uplink->service.client);
    database_close(uplink->db);
    pthread_mutex_destroy(&uplink->lock);
    pthread_cond_destroy(&uplink->stop_changed);
    free(uplink);
}
