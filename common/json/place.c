/* Places in a JSON text. The text is known to be right, so the walk looks only at quotes, brackets and commas. */
#include "common/json/place.h"

#include <stdlib.h>
#include <string.h>

struct cursor {
    const char *text;
    size_t length;
    size_t at;
};

static char
peek(const struct cursor *cursor)
{
    return cursor->at < cursor->length ? cursor->text[cursor->at] : '\0';
}

static void
skip_space(struct cursor *cursor)
{
    while (peek(cursor) != '\0' && strchr(" \t\r\n", peek(cursor)) != NULL) {
        cursor->at++;
    }
}

/* At a quote; stops behind the other. */
static void
skip_string(struct cursor *cursor)
{
    cursor->at++;
    while (peek(cursor) != '"' && cursor->at < cursor->length) {
        cursor->at += peek(cursor) == '\\' ? 2 : 1;
    }
    cursor->at++;
}

/* Stops behind the value. */
static void
skip_value(struct cursor *cursor)
{
    skip_space(cursor);
    if (peek(cursor) != '"' && peek(cursor) != '{' && peek(cursor) != '[') {
        while (cursor->at < cursor->length && strchr(",]} \t\r\n", peek(cursor)) == NULL) {
            cursor->at++;
        }
        return;
    }
    int depth = 0;
    do {
        char byte = peek(cursor);
        if (byte == '"') {
            skip_string(cursor);
        } else {
            depth += byte == '{' || byte == '[' ? 1 : byte == '}' || byte == ']' ? -1 : 0;
            cursor->at++;
        }
    } while (depth > 0 && cursor->at < cursor->length);
}

/* At '{': step to the value of the member that PATH begins with, *OUT_KEY_AT being its key. Gives the rest of PATH, or
 * NULL when there is no such member. Keys are compared as they are written. */
static const char *
enter_member(struct cursor *cursor, const char *path, size_t *out_key_at)
{
    cursor->at++;
    skip_space(cursor);
    while (peek(cursor) == '"') {
        size_t key_at = cursor->at;
        skip_string(cursor);
        size_t key_length = cursor->at - key_at - 2;
        bool is_wanted = strncmp(path, cursor->text + key_at + 1, key_length) == 0 &&
                         (path[key_length] == '\0' || path[key_length] == '.' || path[key_length] == '[');
        skip_space(cursor);
        cursor->at++; /* ':' */
        skip_space(cursor);
        if (is_wanted) {
            *out_key_at = key_at;
            return path + key_length;
        }
        skip_value(cursor);
        skip_space(cursor);
        cursor->at += peek(cursor) == ',' ? 1 : 0;
        skip_space(cursor);
    }
    return NULL;
}

/* At '[': step to element INDEX. */
static bool
enter_element(struct cursor *cursor, unsigned long index)
{
    cursor->at++;
    skip_space(cursor);
    for (unsigned long i = 0; peek(cursor) != ']' && cursor->at < cursor->length; i++) {
        if (i == index) {
            return true;
        }
        skip_value(cursor);
        skip_space(cursor);
        cursor->at += peek(cursor) == ',' ? 1 : 0;
        skip_space(cursor);
    }
    return false;
}

void
json_place_of_offset(const char *text, size_t offset, unsigned *out_line, unsigned *out_column)
{
    unsigned line = 1;
    unsigned column = 1;
    for (size_t i = 0; i < offset; i++) {
        if (text[i] == '\n') {
            line++;
            column = 1;
        } else if (((unsigned char)text[i] & 0xC0) != 0x80) {
            column++;
        }
    }
    *out_line = line;
    *out_column = column;
}

void
json_place(const char *text, size_t length, const char *path, unsigned *out_line, unsigned *out_column)
{
    struct cursor cursor = {.text = text, .length = length};
    skip_space(&cursor);
    size_t found = cursor.at;
    while (path != NULL && *path != '\0') {
        if (peek(&cursor) == '[' && *path == '[') {
            char *end;
            unsigned long index = strtoul(path + 1, &end, 10);
            if (*end != ']' || !enter_element(&cursor, index)) {
                break;
            }
            found = cursor.at;
            path = end + 1;
        } else if (peek(&cursor) == '{') {
            path = enter_member(&cursor, *path == '.' ? path + 1 : path, &found);
        } else {
            break;
        }
    }
    json_place_of_offset(text, found, out_line, out_column);
}

bool
json_place_of_key(const char *text, size_t length, size_t n, unsigned *out_line, unsigned *out_column)
{
    struct cursor cursor = {.text = text, .length = length};
    while (cursor.at < length) {
        if (peek(&cursor) != '"') {
            cursor.at++;
            continue;
        }
        size_t string_at = cursor.at;
        skip_string(&cursor);
        skip_space(&cursor);
        if (peek(&cursor) == ':' && n-- == 0) {
            json_place_of_offset(text, string_at, out_line, out_column);
            return true;
        }
    }
    return false;
}
