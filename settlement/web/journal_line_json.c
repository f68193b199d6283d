/* Writing one journal line: the exact bytes, and what they say. */
#include "settlement/web/journal_line_json.h"

#include "common/bytes/encoding.h"
#include "common/json/reader.h"
#include "settlement/store/journal_store.h"
#include "settlement/web/reply.h"

enum {
    PERSON_MAX_BYTES = 64 /* a clerk's code; a longer one has no name here */
};

/* Who did it and who allowed it, by name; a code that the masters do not know stays a code. */
static void
write_people(struct json_writer *writer, const struct catalogue *catalogue, const struct json_value *body)
{
    static const char *const members[] = {"clerk", "approved_by", "from", "to"};
    json_begin_object(writer, "people");
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        struct error_detail ignored;
        const char *code = NULL;
        if (json_get_text_or(body, members[i], PERSON_MAX_BYTES, NULL, &code, &ignored) == STATUS_OK && code != NULL) {
            json_text(writer, members[i], catalogue_name(catalogue, "clerks", code));
        }
    }
    json_end_object(writer);
}

/* The body as a value; null when it is no JSON (such a line is parked, and `raw` shows it). Intake checks the envelope
 * only, so that a body is parsed before it may stand inside an answer. */
static void
write_parsed(struct json_writer *writer, const struct catalogue *catalogue, const struct journal_line *line)
{
    struct error_detail ignored;
    struct json_value *body = NULL;
    if (json_parse(&body, line->body, line->body_length, &ignored) == STATUS_OK) {
        json_raw(writer, "parsed", line->body, line->body_length);
        if (catalogue != NULL) {
            write_people(writer, catalogue, body);
        }
    } else {
        json_null(writer, "parsed");
    }
    json_free(body);
}

static enum status
write_members(struct json_writer *writer, const struct catalogue *catalogue, const char *bytes, size_t length,
              struct journal_line *out_line, struct error_detail *err)
{
    struct journal_line line;
    char day[CIVIL_DATE_TEXT_SIZE];
    char hash[SHA256_TEXT_SIZE];
    enum status status = journal_line_read(&line, bytes, length, err);
    if (status != STATUS_OK) {
        return status;
    }
    sha256_text(hash, bytes, length);
    json_text(writer, "terminal", line.terminal);
    json_int(writer, "sequence", line.sequence);
    json_text(writer, "hash", hash);
    json_text(writer, "kind", line.kind);
    json_instant(writer, "at", line.at_ms);
    json_text(writer, "business_date", civil_date_format(day, line.business_date));
    json_text_n(writer, "raw", bytes, length);
    write_parsed(writer, catalogue, &line);
    if (out_line != NULL) {
        *out_line = line;
    }
    return STATUS_OK;
}

enum status
json_journal_line_members(struct json_writer *writer, const char *bytes, size_t length, struct journal_line *out_line,
                          struct error_detail *err)
{
    return write_members(writer, NULL, bytes, length, out_line, err);
}

enum status
json_journal_line(struct json_writer *writer, struct store_txn *txn, const struct catalogue *catalogue,
                  const char *terminal, int64_t sequence, struct error_detail *err)
{
    int64_t received_at_ms;
    struct buffer line;
    buffer_init(&line, JOURNAL_LINE_MAX_BYTES + 1);
    enum status status = journal_line_of(txn, terminal, sequence, &line, &received_at_ms, err);
    if (status == STATUS_OK) {
        json_begin_object(writer, NULL);
        status = write_members(writer, catalogue, buffer_text(&line), line.length, NULL, err);
        json_end_object(writer);
    }
    buffer_finish(&line);
    return status;
}
