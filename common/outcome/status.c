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

/* Copy TEXT into OUT of SIZE bytes, cut at a character. */
static void
copy_cut(char *out, size_t size, const char *text)
{
    size_t length = utf8_prefix(text, strlen(text), size - 1);
    memcpy(out, text, length);
    out[length] = '\0';
}

static void
set_message(struct error_detail *err, const char *code, const char *format, va_list arguments)
{
    /* One byte more than fits, so that utf8_prefix sees a cut character as cut. */
    char whole[ERROR_MESSAGE_SIZE + 8];
    vsnprintf(whole, sizeof whole, format, arguments);
    copy_cut(err->message, sizeof err->message, whole);
    copy_cut(err->code, sizeof err->code, code);
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
    char whole[2 * ERROR_MESSAGE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(whole, ERROR_MESSAGE_SIZE, format, arguments);
    va_end(arguments);
    size_t used = strlen(whole);
    snprintf(whole + used, sizeof whole - used, "%s", err->message);
    copy_cut(err->message, sizeof err->message, whole);
}
