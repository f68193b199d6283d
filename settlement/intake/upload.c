/* Reading an upload. The signature covers only the hash of the last line; the chain carries it to all lines before. */
#include "settlement/intake/upload.h"

#include <assert.h>
#include <string.h>

/* Check LINE against what must come next, and move on. */
static enum status
take_line(struct upload *upload, const char *bytes, size_t length, struct error_detail *err)
{
    struct journal_line line;
    enum status status = journal_line_read(&line, bytes, length, err);
    if (status != STATUS_OK) {
        return STATUS_INVALID;
    }
    bool is_first = upload->first == 0;
    if (strcmp(line.terminal, upload->terminal) != 0) {
        error_set(err, "broken_chain", "line %lld is of terminal %s, not of %s", (long long)line.sequence,
                  line.terminal, upload->terminal);
        return STATUS_INVALID;
    }
    if (is_first) {
        static const uint8_t zeros[SHA256_SIZE];
        if (line.sequence == 1 && memcmp(line.previous, zeros, sizeof zeros) != 0) {
            error_set(err, "broken_chain", "line 1 names a line before it");
            return STATUS_INVALID;
        }
        upload->first = line.sequence;
        memcpy(upload->previous, line.previous, sizeof upload->previous);
    } else if (line.sequence != upload->last + 1) {
        error_set(err, "broken_chain", "line %lld follows line %lld", (long long)line.sequence,
                  (long long)upload->last);
        return STATUS_INVALID;
    } else if (memcmp(line.previous, upload->last_hash, sizeof line.previous) != 0) {
        error_set(err, "broken_chain", "line %lld does not carry the hash of the line before it",
                  (long long)line.sequence);
        return STATUS_INVALID;
    }
    upload->last = line.sequence;
    journal_line_hash(upload->last_hash, bytes, length);
    return STATUS_OK;
}

static enum status
take_lines(struct upload *upload, struct error_detail *err)
{
    const char *at = upload->lines;
    const char *end = upload->lines + upload->length;
    for (unsigned count = 0; at < end; count++) {
        if (count == UPLOAD_LINES_MAX) {
            error_set(err, "too_many_lines", "an upload holds at most %d lines", UPLOAD_LINES_MAX);
            return STATUS_OVERFLOW;
        }
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        if (newline == NULL) {
            error_set_at(err, count + 1, 0, "not_a_journal_line", "line %u of the upload does not end", count + 1);
            return STATUS_INVALID;
        }
        enum status status = take_line(upload, at, (size_t)(newline - at), err);
        if (status != STATUS_OK) {
            error_prefix(err, "line %u of the upload: ", count + 1);
            return status;
        }
        at = newline + 1;
    }
    return STATUS_OK;
}

static enum status
check_signature(const struct upload *upload, struct error_detail *err)
{
    struct buffer statement;
    buffer_init(&statement, 256);
    enum status status =
        journal_upload_statement(&statement, upload->terminal, upload->first, upload->last, upload->last_hash, err);
    if (status == STATUS_OK &&
        !signature_is_valid(upload->public_key, buffer_text(&statement), statement.length, upload->signature)) {
        error_set(err, "bad_signature", "the signature is not %s's over lines %lld to %lld", upload->terminal,
                  (long long)upload->first, (long long)upload->last);
        status = STATUS_UNAUTHORIZED;
    }
    buffer_finish(&statement);
    return status;
}

enum status
upload_read(struct upload *out, const char *terminal, const char *body, size_t length,
            const uint8_t public_key[PUBLIC_KEY_SIZE], const uint8_t signature[SIGNATURE_SIZE],
            struct error_detail *err)
{
    assert(strlen(terminal) < sizeof out->terminal);

    struct upload upload = {.lines = body, .length = length};
    memcpy(upload.terminal, terminal, strlen(terminal) + 1);
    memcpy(upload.signature, signature, sizeof upload.signature);
    memcpy(upload.public_key, public_key, sizeof upload.public_key);
    if (length == 0) {
        error_set(err, "not_a_journal_line", "the upload is empty");
        return STATUS_INVALID;
    }
    enum status status = take_lines(&upload, err);
    if (status == STATUS_OK) {
        status = check_signature(&upload, err);
    }
    if (status == STATUS_OK) {
        *out = upload;
    }
    return status;
}

const char *
upload_line(const struct upload *upload, int64_t sequence, size_t *out_length)
{
    assert(upload->first <= sequence);
    assert(sequence <= upload->last);

    const char *at = upload->lines;
    const char *end = upload->lines + upload->length;
    const char *newline = memchr(at, '\n', (size_t)(end - at));
    for (int64_t passed = upload->first; passed < sequence; passed++) {
        at = newline + 1;
        newline = memchr(at, '\n', (size_t)(end - at));
    }
    *out_length = (size_t)(newline - at);
    return at;
}
