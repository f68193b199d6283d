/* Stepping over values of a text that is known to be JSON: only quotes, brackets and commas matter. */
#include "common/json/walk.h"

#include "common/json/syntax.h"

#include <string.h>

enum status
json_span_check(struct json_span *out, const char *text, size_t length, struct error_detail *err)
{
    enum status status = json_text_check(text, length, err);
    if (status == STATUS_OK) {
        struct json_walk walk = {text, text + length};
        struct json_span value = {text, length};
        *out = json_walk_element(&walk, &value) ? value : (struct json_span){text, 0};
    }
    return status;
}

static void
skip_space_and_commas(struct json_walk *walk)
{
    while (walk->cursor < walk->end && (*walk->cursor == ' ' || *walk->cursor == '\t' || *walk->cursor == '\n' ||
                                        *walk->cursor == '\r' || *walk->cursor == ',')) {
        walk->cursor++;
    }
}

/* Past the string whose opening quote is at CURSOR. */
static const char *
after_string(const char *cursor, const char *end)
{
    for (cursor++; cursor < end && *cursor != '"'; cursor++) {
        cursor += *cursor == '\\' ? 1 : 0;
    }
    return cursor < end ? cursor + 1 : end;
}

static const char *
after_value(const char *cursor, const char *end)
{
    unsigned depth = 0;
    while (cursor < end) {
        char c = *cursor;
        if (c == '"') {
            cursor = after_string(cursor, end);
            if (depth == 0) {
                return cursor;
            }
            continue;
        }
        bool ends_scalar = c == ',' || c == ' ' || c == '\t' || c == '\n' || c == '\r';
        if (depth == 0 && (ends_scalar || c == ']' || c == '}')) {
            return cursor;
        }
        cursor++;
        if (c == '{' || c == '[') {
            depth++;
        } else if ((c == '}' || c == ']') && --depth == 0) {
            return cursor;
        }
    }
    return end;
}

struct json_walk
json_walk_into(struct json_span container)
{
    bool is_container = container.length >= 2 && (container.start[0] == '{' || container.start[0] == '[');
    const char *end = container.start + container.length;
    return (struct json_walk){is_container ? container.start + 1 : end, is_container ? end - 1 : end};
}

bool
json_walk_element(struct json_walk *walk, struct json_span *out_value)
{
    skip_space_and_commas(walk);
    if (walk->cursor >= walk->end) {
        return false;
    }
    const char *after = after_value(walk->cursor, walk->end);
    *out_value = (struct json_span){walk->cursor, (size_t)(after - walk->cursor)};
    walk->cursor = after;
    return true;
}

bool
json_walk_member(struct json_walk *walk, struct json_span *out_key, struct json_span *out_value)
{
    struct json_span key;
    if (!json_walk_element(walk, &key) || key.length < 2) {
        return false;
    }
    *out_key = (struct json_span){key.start + 1, key.length - 2};
    while (walk->cursor < walk->end && *walk->cursor != ':') {
        walk->cursor++;
    }
    walk->cursor++;
    return json_walk_element(walk, out_value);
}

bool
json_span_is(struct json_span span, const char *text)
{
    return strlen(text) == span.length && memcmp(span.start, text, span.length) == 0;
}
