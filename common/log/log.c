/* The log on stderr. */
#include "common/log/log.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static atomic_int level_limit = LOG_LEVEL_INFO;

enum {
    LOG_LINE_SIZE = 2048 /* journald takes more, people do not */
};

void
log_set_level(enum log_level level)
{
    atomic_store(&level_limit, (int)level);
}

/* Control characters would let a message forge a second line. */
static void
flatten(char *line)
{
    for (char *at = line; *at != '\0'; at++) {
        if ((unsigned char)*at < 0x20 || *at == 0x7F) {
            *at = ' ';
        }
    }
}

static void
write_line(enum log_level level, const char *subject, const char *format, va_list arguments)
{
    char line[LOG_LINE_SIZE];
    int used = snprintf(line, sizeof line - 1, "<%d>%s: ", (int)level, subject);
    if (used < 0) {
        return;
    }
    size_t start = (size_t)used < sizeof line - 1 ? (size_t)used : sizeof line - 2;
    vsnprintf(line + start, sizeof line - 1 - start, format, arguments);
    flatten(line);
    card_numbers_scrub(line);
    size_t length = strlen(line);
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
