/* A line is written as a till would write it and taken in as a till's is, so that every check of intake stands. */
#include "settlement/desk/desk_journal.h"

#include "settlement/intake/accept.h"
#include "settlement/store/terminal_store.h"

#include <stdio.h>
#include <string.h>

enum {
    DESKS_MAX = 99,        /* keys that one city's service has had */
    LINE_ROOM_BYTES = 1024 /* the envelope */
};

static enum status
enrol(struct store_txn *txn, const char *terminal, const char *municipality, const uint8_t public_key[PUBLIC_KEY_SIZE],
      int64_t now_ms, struct terminal *out, struct error_detail *err)
{
    *out = (struct terminal){.state = TERMINAL_ACTIVE, .state_since_ms = now_ms, .enrolled_at_ms = now_ms};
    snprintf(out->terminal, sizeof out->terminal, "%s", terminal);
    snprintf(out->municipality, sizeof out->municipality, "%s", municipality);
    snprintf(out->place, sizeof out->place, "%s", DESK_PLACE);
    snprintf(out->software, sizeof out->software, "madoguchi-settlement");
    memcpy(out->public_key, public_key, PUBLIC_KEY_SIZE);
    return terminal_put(txn, out, err);
}

/* The desk of this key; a new one when there is none yet. */
static enum status
find_desk(struct store_txn *txn, const struct signing_key *key, const char *municipality, int64_t now_ms,
          struct terminal *out, struct error_detail *err)
{
    uint8_t public_key[PUBLIC_KEY_SIZE];
    signing_key_public(key, public_key);
    for (int i = 1; i <= DESKS_MAX; i++) {
        char terminal[TERMINAL_ID_SIZE + 16];
        snprintf(terminal, sizeof terminal, DESK_TERMINAL_PREFIX "%s-%d", municipality, i);
        enum status status = terminal_find(txn, terminal, out, err);
        if (status == STATUS_NOT_FOUND) {
            return enrol(txn, terminal, municipality, public_key, now_ms, out, err);
        }
        if (status != STATUS_OK) {
            return status;
        }
        if (out->state == TERMINAL_ACTIVE && memcmp(out->public_key, public_key, sizeof public_key) == 0) {
            return STATUS_OK;
        }
    }
    error_set(err, "too_many_desks", "署名の鍵がこの市で%d回を超えて変わっています。システム管理者に連絡してください。",
              DESKS_MAX);
    return STATUS_OVERFLOW;
}

static enum status
add_line(struct buffer *out, const struct terminal *desk, int64_t sequence, const uint8_t previous[SHA256_SIZE],
         struct civil_date business_date, const char *kind, const char *body, size_t length, int64_t now_ms,
         struct error_detail *err)
{
    struct journal_line line = {
        .sequence = sequence, .at_ms = now_ms, .business_date = business_date, .body = body, .body_length = length};
    memcpy(line.previous, previous, sizeof line.previous);
    snprintf(line.terminal, sizeof line.terminal, "%s", desk->terminal);
    snprintf(line.kind, sizeof line.kind, "%s", kind);
    enum status status = journal_line_write(&line, out, err);
    buffer_append_text(out, "\n");
    return status == STATUS_OK ? buffer_check(out, err) : status;
}

/* Line 1 of a new desk, as of a till: who it is. */
static enum status
add_enrolled(struct buffer *out, const struct terminal *desk, struct civil_date business_date, int64_t now_ms,
             struct error_detail *err)
{
    static const uint8_t none[SHA256_SIZE];
    struct buffer body;
    struct json_writer writer;
    char key[2 * PUBLIC_KEY_SIZE + 1];
    for (size_t i = 0; i < PUBLIC_KEY_SIZE; i++) {
        snprintf(key + 2 * i, 3, "%02x", desk->public_key[i]);
    }
    buffer_init(&body, LINE_ROOM_BYTES);
    json_writer_init(&writer, &body);
    json_begin_object(&writer, NULL);
    json_text(&writer, "municipality", desk->municipality);
    json_text(&writer, "terminal", desk->terminal);
    json_text(&writer, "place", desk->place);
    json_text(&writer, "public_key", key);
    json_end_object(&writer);
    enum status status = json_finish(&writer, err);
    if (status == STATUS_OK) {
        status = add_line(out, desk, 1, none, business_date, "terminal.enrolled", buffer_text(&body), body.length,
                          now_ms, err);
    }
    buffer_finish(&body);
    return status;
}

/* LINES, which end line LAST of DESK, signed and taken in. */
static enum status
take_in(struct store_txn *txn, const struct signing_key *key, const struct terminal *desk, const struct buffer *lines,
        int64_t last, const uint8_t last_hash[SHA256_SIZE], int64_t now_ms, struct error_detail *err)
{
    struct buffer statement;
    struct upload upload;
    struct acceptance acceptance;
    uint8_t signature[SIGNATURE_SIZE];
    buffer_init(&statement, LINE_ROOM_BYTES);
    enum status status =
        journal_upload_statement(&statement, desk->terminal, desk->head_sequence + 1, last, last_hash, err);
    if (status == STATUS_OK) {
        status = signing_key_sign(key, buffer_text(&statement), statement.length, signature, err);
    }
    buffer_finish(&statement);
    if (status == STATUS_OK) {
        status =
            upload_read(&upload, desk->terminal, buffer_text(lines), lines->length, desk->public_key, signature, err);
    }
    if (status == STATUS_OK) {
        status = intake_accept(txn, &upload, now_ms, &acceptance, err);
    }
    if (status == STATUS_OK && (acceptance.verdict != VERDICT_ACKNOWLEDGED || acceptance.sequence != last)) {
        error_set(err, "desk_journal_broken", "会計の記録(%s)が続きません。監査を行ってください。", desk->terminal);
        status = STATUS_CORRUPT;
    }
    return status;
}

enum status
desk_journal_append(struct store_txn *txn, const struct signing_key *key, const char *municipality,
                    struct civil_date business_date, const char *kind, const struct buffer *body, int64_t now_ms,
                    struct error_detail *err)
{
    struct terminal desk;
    struct buffer lines;
    uint8_t hash[SHA256_SIZE];
    buffer_init(&lines, JOURNAL_LINE_MAX_BYTES + LINE_ROOM_BYTES);
    enum status status = find_desk(txn, key, municipality, now_ms, &desk, err);
    int64_t last = status == STATUS_OK ? desk.head_sequence : 0;
    if (status == STATUS_OK) {
        memcpy(hash, desk.head_hash, sizeof hash);
    }
    if (status == STATUS_OK && last == 0) {
        status = add_enrolled(&lines, &desk, business_date, now_ms, err);
        journal_line_hash(hash, buffer_text(&lines), lines.length > 0 ? lines.length - 1 : 0);
        last = 1;
    }
    size_t start = lines.length;
    if (status == STATUS_OK) {
        last++;
        status = add_line(&lines, &desk, last, hash, business_date, kind, buffer_text(body), body->length, now_ms, err);
    }
    if (status == STATUS_OK) {
        journal_line_hash(hash, buffer_text(&lines) + start, lines.length - start - 1);
        status = take_in(txn, key, &desk, &lines, last, hash, now_ms, err);
    }
    buffer_finish(&lines);
    return status;
}
