/* The log on stderr. */
#include "common/log/log.h"

#include "common/text/utf8.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static atomic_int level_limit = LOG_LEVEL_INFO;

enum {
    LOG_LINE_SIZE = 2048,   /* journald takes more, people do not */
    CARD_NUMBER_SPACE = 64, /* a card number that the cut goes through must be seen whole to be scrubbed */
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

static void
write_line(enum log_level level, const char *subject, const char *format, va_list arguments) PRINTF_LIKE(3, 0);

static void
write_line(enum log_level level, const char *subject, const char *format, va_list arguments)
{
    char line[LOG_LINE_SIZE + CARD_NUMBER_SPACE];
    int used = snprintf(line, sizeof line, "<%d>%s: ", (int)level, subject);
    if (used < 0) {
        return;
    }
    if ((size_t)used < sizeof line) {
        vsnprintf(line + used, sizeof line - (size_t)used, format, arguments);
    }
    flatten(line);
    card_numbers_scrub(line);
    size_t length = utf8_prefix(line, strlen(line), LOG_LINE_SIZE - 1);
    line[length++] = '\n';
    /* One write per line keeps lines of several threads apart; a full or closed stderr must not stop a till. */
    ssize_t written = write(STDERR_FILENO, line, length);
    (void)written;
}

void
log_line(enum log_level level, const char *subject, const char *format, ...)
{
    if ((int)level > atomic_load(&level_limit)) {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    write_line(level, subject, format, arguments);
    va_end(arguments);
}

void
log_failure(enum log_level level, const char *subject, const char *what, enum status status,
            const struct error_detail *err)
{
    log_line(level, subject, "%s: %s [%s, %s]", what, err != NULL ? err->message : "", status_word(status),
             err != NULL ? err->code : "");
}
