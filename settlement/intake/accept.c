/* Gap, known, new or fork. */
#include "settlement/intake/accept.h"

#include "settlement/store/journal_store.h"
#include "settlement/store/terminal_store.h"

#include <stdio.h>
#include <string.h>

static void
fill_head(struct acceptance *out, enum verdict verdict, const struct terminal *terminal)
{
    *out = (struct acceptance){.verdict = verdict, .sequence = terminal->head_sequence};
    memcpy(out->hash, terminal->head_hash, sizeof out->hash);
}

/* Whether what stands here and UPLOAD agree in the last line that both have. */
static enum status
agrees_with_store(struct store_txn *txn, const struct upload *upload, const struct terminal *terminal, bool *out_agrees,
                  struct error_detail *err)
{
    int64_t head = terminal->head_sequence;
    if (upload->first == head + 1) {
        *out_agrees = memcmp(upload->previous, terminal->head_hash, SHA256_SIZE) == 0;
        return STATUS_OK;
    }
    int64_t common = upload->last < head ? upload->last : head;
    size_t offered_length;
    const char *offered = upload_line(upload, common, &offered_length);
    if (common == head) {
        uint8_t hash[SHA256_SIZE];
        journal_line_hash(hash, offered, offered_length);
        *out_agrees = memcmp(hash, terminal->head_hash, SHA256_SIZE) == 0;
        return STATUS_OK;
    }
    struct buffer known;
    buffer_init(&known, JOURNAL_LINE_MAX_BYTES);
    int64_t received_at_ms;
    enum status status = journal_line_of(txn, upload->terminal, common, &known, &received_at_ms, err);
    if (status == STATUS_OK) {
        *out_agrees = known.length == offered_length && memcmp(buffer_text(&known), offered, offered_length) == 0;
    }
    buffer_finish(&known);
    return status;
}

/* The first line of both that differs; the head itself when the upload only claims another line there. KNOWN receives
 * the line that stands here. */
static enum status
find_fork(struct store_txn *txn, const struct upload *upload, int64_t head, int64_t *out_sequence, struct buffer *known,
          struct error_detail *err)
{
    int64_t received_at_ms;
    int64_t sequence = upload->first > head ? head : upload->first;
    for (;; sequence++) {
        buffer_clear(known);
        enum status status = journal_line_of(txn, upload->terminal, sequence, known, &received_at_ms, err);
        if (status != STATUS_OK) {
            return status;
        }
        if (upload->first > head || sequence == head) {
            break;
        }
        size_t length;
        const char *offered = upload_line(upload, sequence, &length);
        if (known->length != length || memcmp(buffer_text(known), offered, length) != 0) {
            break;
        }
    }
    *out_sequence = sequence;
    return STATUS_OK;
}

static enum status
quarantine(struct store_txn *txn, const struct upload *upload, const struct terminal *terminal, int64_t now_ms,
           struct acceptance *out, struct error_detail *err)
{
    struct buffer known;
    buffer_init(&known, JOURNAL_LINE_MAX_BYTES);
    int64_t sequence;
    enum status status = find_fork(txn, upload, terminal->head_sequence, &sequence, &known, err);
    if (status == STATUS_OK) {
        struct fork fork = {
            .municipality = terminal->municipality,
            .terminal = terminal->terminal,
            .sequence = sequence,
            .known_line = buffer_text(&known),
            .known_length = known.length,
            .offered_first = upload->first,
            .offered_last = upload->last,
            .offered_hash = upload->last_hash,
            .offered_lines = upload->lines,
            .offered_length = upload->length,
            .signature = upload->signature,
            .received_at_ms = now_ms,
        };
        status = fork_put(txn, &fork, err);
    }
    if (status == STATUS_OK) {
        char reason[TERMINAL_REASON_SIZE];
        snprintf(reason, sizeof reason,
                 "行%lldに、すでに受け取った行と異なる行が届きました(端末の複製、または古い複写からの復元)。",
                 (long long)sequence);
        status = terminal_set_state(txn, terminal->terminal, TERMINAL_QUARANTINED, reason, now_ms, err);
    }
    buffer_finish(&known);
    if (status == STATUS_OK) {
        fill_head(out, VERDICT_FORK, terminal);
        out->fork_at = sequence;
    }
    return status;
}

/* Store the lines behind the head. */
static enum status
take_new_lines(struct store_txn *txn, const struct upload *upload, const struct terminal *terminal, int64_t now_ms,
               struct acceptance *out, struct error_detail *err)
{
    int64_t first_new = terminal->head_sequence + 1;
    size_t ignored;
    const char *start = upload_line(upload, first_new, &ignored);
    struct journal_run run = {
        .first = first_new,
        .last = upload->last,
        .signed_first = upload->first,
        .received_at_ms = now_ms,
        .lines = start,
        .length = upload->length - (size_t)(start - upload->lines),
    };
    memcpy(run.municipality, terminal->municipality, sizeof run.municipality);
    memcpy(run.terminal, terminal->terminal, sizeof run.terminal);
    memcpy(run.last_hash, upload->last_hash, sizeof run.last_hash);
    memcpy(run.signature, upload->signature, sizeof run.signature);
    enum status status = journal_append(txn, &run, err);
    if (status == STATUS_OK) {
        *out = (struct acceptance){
            .verdict = VERDICT_ACKNOWLEDGED, .sequence = upload->last, .taken = upload->last - first_new + 1};
        memcpy(out->hash, upload->last_hash, sizeof out->hash);
    }
    return status;
}

enum status
intake_accept(struct store_txn *txn, const struct upload *upload, int64_t now_ms, struct acceptance *out,
              struct error_detail *err)
{
    struct terminal terminal;
    enum status status = terminal_find(txn, upload->terminal, &terminal, err);
    if (status != STATUS_OK) {
        return status;
    }
    if (terminal.state != TERMINAL_ACTIVE) {
        fill_head(out, terminal.state == TERMINAL_QUARANTINED ? VERDICT_QUARANTINED : VERDICT_REVOKED, &terminal);
        return STATUS_OK;
    }
    if (memcmp(terminal.public_key, upload->public_key, sizeof terminal.public_key) != 0) {
        fill_head(out, VERDICT_KEY_CHANGED, &terminal);
        return STATUS_OK;
    }
    if (upload->first > terminal.head_sequence + 1) {
        fill_head(out, VERDICT_GAP, &terminal);
        return STATUS_OK;
    }
    bool agrees;
    status = agrees_with_store(txn, upload, &terminal, &agrees, err);
    if (status != STATUS_OK) {
        return status;
    }
    if (!agrees) {
        return quarantine(txn, upload, &terminal, now_ms, out, err);
    }
    if (upload->last <= terminal.head_sequence) {
        fill_head(out, VERDICT_ACKNOWLEDGED, &terminal);
        return STATUS_OK;
    }
    return take_new_lines(txn, upload, &terminal, now_ms, out, err);
}
