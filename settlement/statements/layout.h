/* A layout: the description of one file format, as data (docs/protocol/layouts.md). */
#pragma once

#include "settlement/statements/text_encoding.h"

enum layout_gives {
    LAYOUT_GIVES_STATEMENT, /* struct statement_line */
    LAYOUT_GIVES_BANK       /* struct bank_line */
};

struct layout; /* immutable once created: may be shared by threads */

enum {
    LAYOUT_MAX_BYTES = 256 * 1024 /* the shipped ones have 2 KiB */
};

/* Read a layout from LENGTH bytes of JSON. *OUT is given. STATUS_INVALID names the key and says what belongs there. */
enum status layout_create(struct layout **out, const char *json, size_t length, struct error_detail *err) MUST_CHECK;

/* The same from a file. STATUS_NOT_FOUND, STATUS_IO. */
enum status layout_load(struct layout **out, const char *path, struct error_detail *err) MUST_CHECK;

void layout_destroy(struct layout *layout);

/* The layout's own name ("aggregator-daily") and what its files give. */
const char *layout_name(const struct layout *layout);
enum layout_gives layout_gives(const struct layout *layout);
/* Whether its files are turned into UTF-8 in memory as a whole before they are read. */
bool layout_is_converted(const struct layout *layout);

/* For people: its title (the name when it has none), and its encoding as people write it ("CP932"). */
const char *layout_title(const struct layout *layout);
const char *layout_encoding(const struct layout *layout);
/* That of the bytes that faults show. */
enum text_encoding layout_text_encoding(const struct layout *layout);
