/* How a city's finance system wants its file: a descriptor in JSON, compiled (docs/export-layouts.md). The layouts of
 * such systems are not public, so that a city writes its own; nothing of it is programmed.
 *
 * A file is header records, one record for each 調定 (or each line of its breakdown), and trailer records; each record
 * is a row of fields, either of fixed widths or separated. */
#pragma once

#include "common/outcome/status.h"

#include <stddef.h>
#include <stdint.h>

enum {
    HANDOVER_DESCRIPTOR_MAX_BYTES = 256 * 1024, /* some hundred fields and code tables; more is no layout */
    HANDOVER_NAME_SIZE = 64,
    HANDOVER_TEXT_SIZE = 128,
    HANDOVER_FIELDS_MAX = 200, /* of one record; the widest known has about a hundred */
    HANDOVER_WIDTH_MAX = 4000, /* bytes of one field */
    HANDOVER_CODES_MAX = 2000, /* rows of all code tables: 科目 of a large city */
    HANDOVER_FORMAT_SIZE = 32
};

enum handover_encoding { HANDOVER_CP932, HANDOVER_UTF8, HANDOVER_UTF8_MARKED };
enum handover_align { HANDOVER_LEFT, HANDOVER_RIGHT };

/* Where a field's value comes from: a column of the standard file or of a sum (handover_value.h), or a fixed text. */
struct handover_field {
    int source; /* handover_source; < 0: `text` */
    char text[HANDOVER_TEXT_SIZE];
    char name[HANDOVER_TEXT_SIZE]; /* for messages: the source's, or the text */
    size_t width;                  /* bytes; 0 in separated files */
    enum handover_align align;
    char pad;
    char format[HANDOVER_FORMAT_SIZE]; /* of a date or a fiscal year; "" */
    int codes;                         /* table of codes, < 0: none */
    bool may_cut;                      /* too long a text is cut at a character; else it stops the file */
};

struct handover_record {
    struct handover_field *fields;
    size_t count;
};

/* One row of a code table: what we say, what they want. */
struct handover_code {
    int table;
    char ours[HANDOVER_TEXT_SIZE];
    char theirs[HANDOVER_TEXT_SIZE];
};

/* How their answer reads: a separated file, one 調定 a row. Columns count from 1; 0: there is none. */
struct handover_answer_form {
    bool is_given;
    int64_t skip;   /* rows before the first */
    int64_t number; /* of 調定: "2026-000012", or its serial alone */
    int64_t result;
    int64_t reason;
    char accepted[8][HANDOVER_TEXT_SIZE]; /* what `result` says of an accepted one; anything else is refused */
    size_t accepted_count;
};

struct handover_layout {
    char name[HANDOVER_NAME_SIZE];
    char title[HANDOVER_TEXT_SIZE];
    enum handover_encoding encoding;
    bool is_fixed;
    bool quotes_always;
    char separator;
    const char *line_end;               /* "\r\n", "\n", "" */
    bool is_per_line;                   /* a record for each line of the breakdown; else for each 調定 */
    bool may_substitute;                /* 〓 for what CP932 lacks; else such a character stops the file */
    char file_name[HANDOVER_TEXT_SIZE]; /* with {year}, {serial} */
    struct handover_record header;      /* no field: none */
    struct handover_record body;
    struct handover_record trailer;
    struct handover_code *codes;
    size_t code_count;
    char (*tables)[HANDOVER_TEXT_SIZE];
    size_t table_count;
    struct handover_answer_form answer;
};

/* Compile LENGTH bytes of JSON. *OUT is given: handover_layout_destroy. STATUS_INVALID says where and what, in
 * Japanese; STATUS_OVERFLOW beyond a limit above; STATUS_NO_MEMORY. */
enum status handover_layout_create(struct handover_layout **out, const char *text, size_t length,
                                   struct error_detail *err) MUST_CHECK;
/* NULL is fine. */
void handover_layout_destroy(struct handover_layout *layout);
