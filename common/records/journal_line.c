/* The journal line's envelope. It is written and read by hand rather than through a JSON tree, because its form is
 * fixed to the byte and intake reads a hundred thousand of them a second. */
#include "common/records/journal_line.h"

#include "common/bytes/encoding.h"
#include "common/json/writer.h"
#include "common/text/utf8.h"

#include <string.h>

/* Append LINE to OUT, and read it back: what the reader refuses must not come to stand in a journal. */
static enum status
append_line(const struct journal_line *line, struct buffer *out, struct error_detail *err)
{
    char previous[SHA256_TEXT_SIZE];
    char at[INSTANT_TEXT_SIZE];
    char business_date[CIVIL_DATE_TEXT_SIZE];
    hex_encode(previous, line->previous, SHA256_SIZE);
    size_t before = out->length;
    struct json_writer writer;
    json_writer_init(&writer, out);
    json_begin_object(&writer, NULL);
    json_int(&writer, "sequence", line->sequence);
    json_text(&writer, "previous", previous);
    json_text(&writer, "terminal", line->terminal);
    json_text(&writer, "at", instant_format(at, line->at_ms));
    json_text(&writer, "business_date", civil_date_format(business_date, line->business_date));
    json_text(&writer, "kind", line->kind);
    json_raw(&writer, "body", line->body, line->body_length);
    json_end_object(&writer);
    enum status status = json_finish(&writer, err);
    if (status != STATUS_OK) {
        return status;
    }
    struct journal_line read;
    return journal_line_read(&read, buffer_text(out) + before, out->length - before, err);
}

enum status
journal_line_write(const struct journal_line *line, struct buffer *out, struct error_detail *err)
{
    size_t before = out->length;
    enum status status = append_line(line, out, err);
    if (status != STATUS_OK) {
        buffer_truncate(out, before);
    }
    return status;
}

/* A reader that steps over exactly what is expected and remembers the first place that differs. */
struct envelope_reader {
    const char *at;
    const char *end;
    bool has_failed;
};

static void
expect(struct envelope_reader *reader, const char *wanted)
{
    size_t length = strlen(wanted);
    if (reader->has_failed || (size_t)(reader->end - reader->at) < length || memcmp(reader->at, wanted, length) != 0) {
        reader->has_failed = true;
        return;
    }
    reader->at += length;
}

/* The characters up to the next '"', which is stepped over; none of ours holds an escape. */
static const char *
take_text(struct envelope_reader *reader, size_t max_length, size_t *out_length)
{
    *out_length = 0;
    if (reader->has_failed) {
        return "";
    }
    const char *start = reader->at;
    size_t left = (size_t)(reader->end - start);
    const char *quote = memchr(start, '"', left < max_length + 1 ? left : max_length + 1);
    if (quote == NULL || memchr(start, '\\', (size_t)(quote - start)) != NULL) {
        reader->has_failed = true;
        return "";
    }
    reader->at = quote + 1;
    *out_length = (size_t)(quote - start);
    return start;
}

static int64_t
take_sequence(struct envelope_reader *reader)
{
    int64_t value = 0;
    const char *start = reader->at;
    while (!reader->has_failed && reader->at < reader->end && *reader->at >= '0' && *reader->at <= '9' &&
           reader->at - start < 16) {
        value = value * 10 + (*reader->at++ - '0');
    }
    bool is_canonical = reader->at > start && *start != '0';
    if (!is_canonical || value > JOURNAL_SEQUENCE_MAX) {
        reader->has_failed = true;
    }
    return value;
}

/* Whether the object at BODY closes exactly at its last byte. Canonical JSON holds no control character as it is. */
static bool
is_one_object(const char *body, size_t length)
{
    if (length < 2 || body[0] != '{' || body[length - 1] != '}') {
        return false;
    }
    unsigned depth = 0;
    bool in_string = false;
    bool is_behind_backslash = false;
    for (size_t i = 0; i < length; i++) {
        char byte = body[i];
        if ((unsigned char)byte < 0x20) {
            return false;
        }
        bool is_escaped = in_string && is_behind_backslash;
        is_behind_backslash = in_string && byte == '\\' && !is_escaped;
        if (in_string) {
            in_string = is_escaped || byte != '"';
        } else if (byte == '"') {
            in_string = true;
        } else if (byte == '{' || byte == '[') {
            depth++;
        } else if (byte == '}' || byte == ']') {
            depth--;
            if (depth == 0) {
                return i + 1 == length;
            }
        }
    }
    return false;
}

static void
take_terminal(struct envelope_reader *reader, struct journal_line *line)
{
    size_t length;
    const char *text = take_text(reader, TERMINAL_ID_SIZE - 1, &length);
    memcpy(line->terminal, text, length);
    line->terminal[length] = '\0';
    if (strlen(line->terminal) != length || !terminal_id_is_valid(line->terminal)) {
        reader->has_failed = true;
    }
}

static void
take_kind(struct envelope_reader *reader, struct journal_line *line)
{
    size_t length;
    const char *text = take_text(reader, JOURNAL_KIND_SIZE - 1, &length);
    memcpy(line->kind, text, length);
    line->kind[length] = '\0';
    if (length == 0 || strspn(line->kind, "abcdefghijklmnopqrstuvwxyz._") != length) {
        reader->has_failed = true;
    }
}

static void
take_times(struct envelope_reader *reader, struct journal_line *line)
{
    size_t length;
    const char *text = take_text(reader, INSTANT_TEXT_SIZE - 1, &length);
    /* Of the forms that instant_parse takes, only the written one has this length and this end. */
    static const char japan[] = "+09:00";
    bool is_written_form =
        length == INSTANT_TEXT_SIZE - 1 && memcmp(text + length - (sizeof japan - 1), japan, sizeof japan - 1) == 0;
    if (!is_written_form || instant_parse(&line->at_ms, text, length) != STATUS_OK) {
        reader->has_failed = true;
    }
    expect(reader, ",\"business_date\":\"");
    text = take_text(reader, CIVIL_DATE_TEXT_SIZE - 1, &length);
    if (civil_date_parse(&line->business_date, text, length) != STATUS_OK) {
        reader->has_failed = true;
    }
}

static void
take_previous(struct envelope_reader *reader, struct journal_line *line)
{
    size_t length;
    const char *text = take_text(reader, 2 * SHA256_SIZE, &length);
    for (size_t i = 0; i < length; i++) {
        if (text[i] >= 'A' && text[i] <= 'F') {
            reader->has_failed = true;
        }
    }
    if (hex_decode(line->previous, SHA256_SIZE, text, length) != STATUS_OK) {
        reader->has_failed = true;
    }
}

enum status
journal_line_read(struct journal_line *out, const char *bytes, size_t length, struct error_detail *err)
{
    if (length > JOURNAL_LINE_MAX_BYTES) {
        error_set(err, "line_too_long", "the journal line exceeds %d bytes", JOURNAL_LINE_MAX_BYTES);
        return STATUS_OVERFLOW;
    }
    struct journal_line line = {0};
    struct envelope_reader reader = {.at = bytes, .end = bytes + length};
    expect(&reader, "{\"sequence\":");
    line.sequence = take_sequence(&reader);
    expect(&reader, ",\"previous\":\"");
    take_previous(&reader, &line);
    expect(&reader, ",\"terminal\":\"");
    take_terminal(&reader, &line);
    expect(&reader, ",\"at\":\"");
    take_times(&reader, &line);
    expect(&reader, ",\"kind\":\"");
    take_kind(&reader, &line);
    expect(&reader, ",\"body\":");
    if (!reader.has_failed && reader.end - reader.at >= 3 && reader.end[-1] == '}') {
        line.body = reader.at;
        line.body_length = (size_t)(reader.end - 1 - reader.at);
        reader.has_failed = !is_one_object(line.body, line.body_length) || !utf8_is_valid(bytes, length);
    } else {
        reader.has_failed = true;
    }
    if (reader.has_failed) {
        error_set_at(err, 0, (unsigned)(reader.at - bytes) + 1, "not_a_journal_line",
                     "this is not a journal line (byte %zu)", (size_t)(reader.at - bytes) + 1);
        return STATUS_INVALID;
    }
    *out = line;
    return STATUS_OK;
}

void
journal_line_hash(uint8_t out[SHA256_SIZE], const char *bytes, size_t length)
{
    sha256(out, bytes, length);
}

/* Parts of a statement are set off by newlines, so none may stand inside: one signature would stand for two. */
static enum status
check_part(const char *part, struct error_detail *err)
{
    for (const char *at = part; *at != '\0'; at++) {
        if ((unsigned char)*at < 0x20) {
            error_set(err, "not_signable", "a control character stands in what is to be signed");
            return STATUS_INVALID;
        }
    }
    return STATUS_OK;
}

enum status
journal_upload_statement(struct buffer *out, const char *terminal, int64_t first, int64_t last,
                         const uint8_t last_hash[SHA256_SIZE], struct error_detail *err)
{
    enum status status = check_part(terminal, err);
    if (status != STATUS_OK) {
        return status;
    }
    char hash[SHA256_TEXT_SIZE];
    hex_encode(hash, last_hash, SHA256_SIZE);
    buffer_printf(out, "madoguchi-journal-v1\n%s\n%lld\n%lld\n%s\n", terminal, (long long)first, (long long)last, hash);
    return buffer_check(out, err);
}

enum status
signed_request_statement(struct buffer *out, const char *terminal, const char *method, const char *path, int64_t at_ms,
                         const void *body, size_t body_length, struct error_detail *err)
{
    const char *const parts[] = {terminal, method, path};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        enum status status = check_part(parts[i], err);
        if (status != STATUS_OK) {
            return status;
        }
    }
    char hash[SHA256_TEXT_SIZE];
    sha256_text(hash, body_length > 0 ? body : "", body_length);
    buffer_printf(out, "madoguchi-request-v1\n%s\n%s\n%s\n%lld\n%s\n", terminal, method, path, (long long)at_ms, hash);
    return buffer_check(out, err);
}
