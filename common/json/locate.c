/* One walk over a text that is known to be right, so that skipping needs no checks but the end. */
#include "common/json/locate.h"

#include <stdlib.h>
#include <string.h>

struct walk {
    const char *at;
    const char *end;
};

static void
skip_space(struct walk *walk)
{
    while (walk->at < walk->end && strchr(" \t\r\n", *walk->at) != NULL) {
        walk->at++;
    }
}

/* Behind the string that begins at the cursor. */
static void
skip_string(struct walk *walk)
{
    for (walk->at++; walk->at < walk->end && *walk->at != '"'; walk->at++) {
        if (*walk->at == '\\') {
            walk->at++;
        }
    }
    walk->at++;
}

/* Behind the value at the cursor, whatever it holds. */
static void
skip_value(struct walk *walk)
{
    unsigned depth = 0;
    do {
        skip_space(walk);
        if (walk->at >= walk->end) {
            return;
        }
        char byte = *walk->at;
        if (byte == '"') {
            skip_string(walk);
        } else if (byte == '{' || byte == '[') {
            depth++;
            walk->at++;
        } else if (byte == '}' || byte == ']') {
            depth--;
            walk->at++;
        } else if (byte == ',' || byte == ':') {
            walk->at++;
            continue;
        } else {
            while (walk->at < walk->end && strchr(",:]} \t\r\n", *walk->at) == NULL) {
                walk->at++;
            }
        }
    } while (depth > 0);
}

/* To element INDEX of the array at the cursor; false when there is none. */
static bool
enter_element(struct walk *walk, unsigned long index)
{
    skip_space(walk);
    if (walk->at >= walk->end || *walk->at != '[') {
        return false;
    }
    walk->at++;
    for (;; index--) {
        skip_space(walk);
        if (walk->at >= walk->end || *walk->at == ']') {
            return false;
        }
        if (index == 0) {
            return true;
        }
        skip_value(walk);
        skip_space(walk);
        if (walk->at < walk->end && *walk->at == ',') {
            walk->at++;
        }
    }
}

/* To the value of member KEY (written without escapes) of the object at the cursor. */
static bool
enter_member(struct walk *walk, const char *key, size_t key_length)
{
    skip_space(walk);
    if (walk->at >= walk->end || *walk->at != '{') {
        return false;
    }
    walk->at++;
    for (;;) {
        skip_space(walk);
        if (walk->at >= walk->end || *walk->at != '"') {
            return false;
        }
        const char *name = walk->at + 1;
        skip_string(walk);
        bool is_found = (size_t)(walk->at - 1 - name) == key_length && memcmp(name, key, key_length) == 0;
        skip_space(walk);
        walk->at++; /* the colon */
        skip_space(walk);
        if (is_found) {
            return true;
        }
        skip_value(walk);
        skip_space(walk);
        if (walk->at < walk->end && *walk->at == ',') {
            walk->at++;
        }
    }
}

static void
count_lines(const char *text, const char *at, unsigned *out_line, unsigned *out_column)
{
    *out_line = 1;
    *out_column = 1;
    for (; text < at; text++) {
        if (*text == '\n') {
            (*out_line)++;
            *out_column = 1;
        } else if (((unsigned char)*text & 0xC0) != 0x80) {
            (*out_column)++;
        }
    }
}

bool
json_locate(const char *text, size_t length, const char *path, unsigned *out_line, unsigned *out_column)
{
    struct walk walk = {.at = text, .end = text + length};
    skip_space(&walk);
    const char *found = walk.at;
    while (*path != '\0') {
        bool is_there;
        if (*path == '[') {
            char *end;
            unsigned long index = strtoul(path + 1, &end, 10);
            if (end == path + 1 || *end != ']') {
                return false;
            }
            is_there = enter_element(&walk, index);
            path = end + 1;
        } else {
            path += *path == '.' ? 1 : 0;
            size_t key_length = strcspn(path, ".[");
            if (key_length == 0) {
                return false;
            }
            is_there = enter_member(&walk, path, key_length);
            path += key_length;
        }
        if (!is_there) {
            break;
        }
        found = walk.at;
    }
    count_lines(text, found, out_line, out_column);
    return true;
}
