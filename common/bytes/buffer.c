/* The bounded buffer. */
#include "common/bytes/buffer.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 256 };

void
buffer_init(struct buffer *buffer, size_t limit)
{
    assert(limit >= 1);

    *buffer = (struct buffer){.limit = limit};
}

void
buffer_finish(struct buffer *buffer)
{
    free(buffer->data);
    *buffer = (struct buffer){.limit = buffer->limit};
}

void
buffer_clear(struct buffer *buffer)
{
    buffer->length = 0;
    buffer->has_failed = false;
    if (buffer->data != NULL) {
        buffer->data[0] = '\0';
    }
}

/* Make room for MORE bytes and the NUL. False, with has_failed set, when limit or memory does not allow it. */
static bool
reserve(struct buffer *buffer, size_t more)
{
    if (buffer->has_failed) {
        return false;
    }
    if (more > buffer->limit - buffer->length) {
        buffer->has_failed = true;
        return false;
    }
    size_t needed = buffer->length + more;
    if (buffer->data != NULL && needed <= buffer->capacity) {
        return true;
    }
    size_t capacity = buffer->capacity < FIRST_CAPACITY ? FIRST_CAPACITY : buffer->capacity;
    while (capacity < needed) {
        capacity *= 2;
    }
    if (capacity > buffer->limit) {
        capacity = buffer->limit;
    }
    char *data = realloc(buffer->data, capacity + 1);
    if (data == NULL) {
        buffer->has_failed = true;
        return false;
    }
    buffer->data = data;
    buffer->capacity = capacity;
    return true;
}

void
buffer_reserve(struct buffer *buffer, size_t length)
{
    const size_t wanted = length < buffer->limit ? length : buffer->limit;
    if (wanted > buffer->length && reserve(buffer, wanted - buffer->length)) {
        buffer->data[buffer->length] = '\0';
    }
}

void
buffer_append(struct buffer *buffer, const void *bytes, size_t length)
{
    if (length == 0 || !reserve(buffer, length)) {
        return;
    }
    memcpy(buffer->data + buffer->length, bytes, length);
    buffer->length += length;
    buffer->data[buffer->length] = '\0';
}

void
buffer_append_text(struct buffer *buffer, const char *text)
{
    buffer_append(buffer, text, strlen(text));
}

void
buffer_append_byte(struct buffer *buffer, unsigned byte)
{
    unsigned char value = (unsigned char)byte;
    buffer_append(buffer, &value, 1);
}

void
buffer_printf(struct buffer *buffer, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0) {
        buffer->has_failed = true;
        return;
    }
    if (length == 0 || !reserve(buffer, (size_t)length)) {
        return;
    }
    va_start(arguments, format);
    vsnprintf(buffer->data + buffer->length, (size_t)length + 1, format, arguments);
    va_end(arguments);
    buffer->length += (size_t)length;
}

void
buffer_truncate(struct buffer *buffer, size_t length)
{
    assert(length <= buffer->length);

    buffer->length = length;
    if (buffer->data != NULL) {
        buffer->data[length] = '\0';
    }
}

void
buffer_drop_front(struct buffer *buffer, size_t count)
{
    assert(count <= buffer->length);

    if (count == 0) {
        return;
    }
    memmove(buffer->data, buffer->data + count, buffer->length - count + 1);
    buffer->length -= count;
}

enum status
buffer_check(const struct buffer *buffer, struct error_detail *err)
{
    if (!buffer->has_failed) {
        return STATUS_OK;
    }
    error_set(err, "too_large", "the data exceed the limit of %zu bytes", buffer->limit);
    return STATUS_OVERFLOW;
}

const char *
buffer_text(const struct buffer *buffer)
{
    return buffer->data != NULL ? buffer->data : "";
}

char *
buffer_take(struct buffer *buffer, size_t *out_length)
{
    char *data = buffer->data;
    if (out_length != NULL) {
        *out_length = buffer->length;
    }
    buffer->data = NULL;
    buffer->length = 0;
    buffer->capacity = 0;
    return data;
}
