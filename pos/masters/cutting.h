/* A document being cut: what extract.c and shelve.c share. For this folder only. */
#pragma once

#include "common/json/walk.h"
#include "common/json/writer.h"
#include "pos/masters/entries.h"
#include "pos/masters/row.h"

enum { MEMBERS_MAX = 64 /* kinds of rows in a document */ };

struct member {
    struct json_span key;
    struct json_span value;
};

struct cutting {
    struct member members[MEMBERS_MAX];
    size_t member_count;
    struct master_place place;
    struct entries entries;
    struct json_writer head;
    struct error_detail *err;
};

/* Takes one row, parsed; TEXT is the row as it stands, INDEX its place among its kind. Failures are the row's. */
typedef void (*row_taker)(struct cutting *cutting, struct row *row, struct json_span text, size_t index);

void shelve_item(struct cutting *cutting, struct row *row, struct json_span text, size_t index);
void shelve_tariff(struct cutting *cutting, struct row *row, struct json_span text, size_t index);

/* Whether the place sells for the facility CODE. */
bool cutting_has_facility(const struct cutting *cutting, const char *code);
