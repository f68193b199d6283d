/* Walking a JSON text by its extents, without building it: for documents of megabytes of which a program keeps rows.
 * What is walked has been checked whole, so that the steps cannot fail. */
#pragma once

#include "common/bytes/buffer.h"

/* A value, or the inside of a key's quotes, as it stands in the text. Borrowed from it. */
struct json_span {
    const char *start;
    size_t length;
};

/* Check LENGTH bytes as json_parse does, but for keys that stand twice; *OUT is the text's one value. */
enum status
json_span_check(struct json_span *out, const char *text, size_t length, struct error_detail *err) MUST_CHECK;

/* INVARIANT: cursor stands inside a container, before a member, an element or the end. */
struct json_walk {
    const char *cursor;
    const char *end;
};

/* Begin inside CONTAINER, part of a checked text. Anything but an object or array has no members and no elements. */
struct json_walk json_walk_into(struct json_span container);

/* The next member or element; false at the end. A key with escapes is given as written. */
bool json_walk_member(struct json_walk *walk, struct json_span *out_key, struct json_span *out_value);
bool json_walk_element(struct json_walk *walk, struct json_span *out_value);

/* Whether the span's bytes are TEXT's: for keys. */
bool json_span_is(struct json_span span, const char *text);
