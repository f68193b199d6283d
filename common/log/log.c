/* The log on stderr. */
#include "common/log/log.h"

#include "common/bytes/buffer.h"
#include "common/text/utf8.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static atomic_int level_limit = LOG_LEVEL_INFO;
static atomic_int format_in_use = LOG_FORMAT_TEXT;

enum {
    JSON_LINE_MAX_BYTES = 16 * 1024, /* every text doubled by escapes */
    LOG_LINE_SIZE = 2048,            /* journald takes more, people do not */
    CARD_NUMBER_SPACE = 64,          /* a card number that the cut goes through must be seen whole to be scrubbed */
    C1_FIRST = 0x80,
    C1_LAST = 0x9F,
    LINE_SEPARATOR = 0x2028,
    PARAGRAPH_SEPARATOR = 0x2029
};

void
log_set_level(enum log_level level)
{
    atomic_store(&level_limit, (int)level);
}

static bool
breaks_a_line(uint32_t code_point)
{
    return code_point < 0x20 || code_point == 0x7F || (code_point >= C1_FIRST && code_point <= C1_LAST) ||
           code_point == LINE_SEPARATOR || code_point == PARAGRAPH_SEPARATOR;
}

/* Control characters would let a message forge a second line or move a terminal's cursor; of a line that is not UTF-8,
 * journald shows only that there is one. */
static void
flatten(char *line)
{
    const char *at = line;
    const char *end = line + strlen(line);
    while (at < end) {
        const char *start = at;
        uint32_t code_point = utf8_next(&at, end);
        size_t length = (size_t)(at - start);
        if (code_point == UTF8_REPLACEMENT && length == 1) {
            line[start - line] = '?';
        } else if (breaks_a_line(code_point)) {
            memset(line + (start - line), ' ', length);
        }
    }
}

/* One write per line keeps lines of several threads apart; a full or closed stderr must not stop a till. */
static void
put_line(char *line)
{
    card_numbers_scrub(line);
    size_t length = utf8_prefix(line, strlen(line), LOG_LINE_SIZE - 1);
    line[length++] = '\n';
    ssize_t written = write(STDERR_FILENO, line, length);
    (void)written;
}

static void
put_text(enum log_level level, const char *subject, const char *message, const struct log_member *members, size_t count)
{
    char line[LOG_LINE_SIZE + CARD_NUMBER_SPACE];
    int used = snprintf(line, sizeof line, "<%d>%s: %s", (int)level, subject, message);
    for (size_t i = 0; i < count && used >= 0 && (size_t)used < sizeof line; i++) {
        int more = members[i].text != NULL
                       ? snprintf(line + used, sizeof line - (size_t)used, " %s=%s", members[i].name, members[i].text)
                       : snprintf(line + used, sizeof line - (size_t)used, " %s=%lld", members[i].name,
                                  (long long)members[i].number);
        used = more < 0 ? more : used + more;
    }
    if (used < 0) {
        return;
    }
    flatten(line);
    put_line(line);
}

static const char *
level_word(enum log_level level)
{
    switch (level) {
    case LOG_LEVEL_ERROR:
        return "error";
    case LOG_LEVEL_WARNING:
        return "warning";
    case LOG_LEVEL_NOTICE:
        return "notice";
    case LOG_LEVEL_INFO:
        return "info";
    case LOG_LEVEL_DEBUG:
        return "debug";
    }
    return "info";
}

/* A text as a JSON string; it was flattened, so quotes and backslashes are all that must be escaped. */
static void
append_json(struct buffer *out, const char *name, const char *text)
{
    char flat[LOG_LINE_SIZE / 2];
    size_t length = utf8_prefix(text, strlen(text), sizeof flat - 1);
    memcpy(flat, text, length);
    flat[length] = '\0';
    flatten(flat);
    card_numbers_scrub(flat);
    buffer_printf(out, ",\"%s\":\"", name);
    for (const char *at = flat; *at != '\0'; at++) {
        if (*at == '"' || *at == '\\') {
            buffer_append_byte(out, '\\');
        }
        buffer_append_byte(out, (unsigned char)*at);
    }
    buffer_append_byte(out, '"');
}

static void
put_json(enum log_level level, const char *subject, const char *message, const struct log_member *members, size_t count)
{
    struct timespec now;
    struct tm utc;
    char time_text[32];
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &utc);
    strftime(time_text, sizeof time_text, "%Y-%m-%dT%H:%M:%S", &utc);
    struct buffer line;
    buffer_init(&line, JSON_LINE_MAX_BYTES);
    buffer_printf(&line, "{\"time\":\"%s.%03ldZ\",\"level\":\"%s\"", time_text, now.tv_nsec / 1000000,
                  level_word(level));
    append_json(&line, "subject", subject);
    append_json(&line, "message", message);
    for (size_t i = 0; i < count; i++) {
        if (members[i].text != NULL) {
            append_json(&line, members[i].name, members[i].text);
        } else {
            buffer_printf(&line, ",\"%s\":%lld", members[i].name, (long long)members[i].number);
        }
    }
    buffer_append(&line, "}\n", 2);
    if (!line.has_failed) {
        ssize_t written = write(STDERR_FILENO, line.data, line.length);
        (void)written;
    }
    buffer_finish(&line);
}

void
log_set_format(enum log_format wanted)
{
    atomic_store(&format_in_use, (int)wanted);
}

void
log_event(enum log_level level, const char *subject, const char *message, const struct log_member *members,
          size_t count)
{
    if ((int)level > atomic_load(&level_limit)) {
        return;
    }
    if (atomic_load(&format_in_use) == LOG_FORMAT_JSON) {
        put_json(level, subject, message, members, count);
    } else {
        put_text(level, subject, message, members, count);
    }
}

void
log_line(enum log_level level, const char *subject, const char *format, ...)
{
    if ((int)level > atomic_load(&level_limit)) {
        return;
    }
    char message[LOG_LINE_SIZE + CARD_NUMBER_SPACE];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    if (length >= 0) {
        log_event(level, subject, message, NULL, 0);
    }
}

void
log_failure(enum log_level level, const char *subject, const char *what, enum status status,
            const struct error_detail *err)
{
    log_line(level, subject, "%s: %s [%s, %s]", what, err != NULL ? err->message : "", status_word(status),
             err != NULL ? err->code : "");
}
