/* Statuses and their sentences. */
#include "common/outcome/status.h"

#include "common/text/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *
status_word(enum status status)
{
    switch (status) {
#define STATUS_AS_CASE(name, word)                                                                                     \
    case name:                                                                                                         \
        return word;
        STATUS_LIST(STATUS_AS_CASE)
#undef STATUS_AS_CASE
    }
    return "unknown_status";
}

/* Copy TEXT into OUT of SIZE bytes, cut at a character; each byte that is not UTF-8 becomes '?'. TEXT may be OUT. */
static void
copy_clean(char *out, size_t size, const char *text)
{
    const char *end = text + strlen(text);
    size_t used = 0;
    while (text < end) {
        const char *start = text;
        uint32_t code_point = utf8_next(&text, end);
        size_t length = (size_t)(text - start);
        if (used + length > size - 1) {
            break;
        }
        bool is_malformed = code_point == UTF8_REPLACEMENT && length == 1;
        memmove(out + used, is_malformed ? "?" : start, length);
        used += length;
    }
    out[used] = '\0';
}

enum {
    /* More than fits by more than a character: one that vsnprintf cuts lies behind all that is copied. */
    WHOLE_SIZE = ERROR_MESSAGE_SIZE + 8
};

static void
set_message(struct error_detail *err, const char *code, const char *format, va_list arguments) PRINTF_LIKE(3, 0);

static void
set_message(struct error_detail *err, const char *code, const char *format, va_list arguments)
{
    char whole[WHOLE_SIZE];
    vsnprintf(whole, sizeof whole, format, arguments);
    copy_clean(err->message, sizeof err->message, whole);
    copy_clean(err->code, sizeof err->code, code);
}

void
error_set(struct error_detail *err, const char *code, const char *format, ...)
{
    if (err == NULL) {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    set_message(err, code, format, arguments);
    va_end(arguments);
    err->line = 0;
    err->column = 0;
}

void
error_set_at(struct error_detail *err, unsigned line, unsigned column, const char *code, const char *format, ...)
{
    if (err == NULL) {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    set_message(err, code, format, arguments);
    va_end(arguments);
    err->line = line;
    err->column = column;
}

void
error_prefix(struct error_detail *err, const char *format, ...)
{
    if (err == NULL) {
        return;
    }
    char whole[WHOLE_SIZE + ERROR_MESSAGE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(whole, WHOLE_SIZE, format, arguments);
    va_end(arguments);
    size_t used = strlen(whole);
    snprintf(whole + used, sizeof whole - used, "%s", err->message);
    copy_clean(err->message, sizeof err->message, whole);
}
