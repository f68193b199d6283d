/* What a masters document consists of, as tables: `validate` walks them, the screens draw their forms from them, CSV
 * files take their columns from them, and differences are told in their words. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum field_kind {
    FIELD_CODE,                /* text of 1–32 letters, digits, '_' and '-' */
    FIELD_TEXT,                /* text of minimum … maximum bytes */
    FIELD_TEXTS,               /* at most `most` texts of 1 … maximum bytes */
    FIELD_INTEGER,             /* minimum … maximum */
    FIELD_INTEGERS,            /* at most `most` of them */
    FIELD_BOOLEAN,             /* true or false */
    FIELD_DATE,                /* YYYY-MM-DD */
    FIELD_WORD,                /* one of `words` */
    FIELD_WORDS,               /* an array of them, none twice */
    FIELD_CODE_NAME,           /* {code, name} */
    FIELD_REFERENCE,           /* a code of the table `refers_to` */
    FIELD_REFERENCES,          /* an array of them */
    FIELD_REGISTRATION_NUMBER, /* "T" and a 法人番号 with a right check digit, or "" */
    FIELD_TERMINAL,            /* a terminal id */
    FIELD_PIN_HASH,
    FIELD_ROWS /* an array of objects of `fields` */
};

struct field_word {
    const char *word;
    const char *name; /* as a person reads it */
};

struct field {
    const char *key;
    const char *title; /* as a person reads it */
    enum field_kind kind;
    bool is_optional; /* absent or null is fine; a boolean is then false */
    bool is_yen;
    int64_t minimum, maximum;
    size_t most;
    size_t least;                   /* of FIELD_WORDS, FIELD_ROWS */
    const struct field_word *words; /* ended by a NULL word */
    const char *refers_to;          /* key of a table */
    const struct field *fields;     /* of FIELD_ROWS */
    size_t field_count;
};

/* An array of objects, each known by its `code` (and by `second_key`, where there is one). */
struct table {
    const char *key;
    const char *title;
    const struct field *fields;
    size_t field_count;
    size_t rows_max;
    const char *second_key; /* a member that tells rows of one code apart; NULL: none */
    bool has_validity;      /* a code may stand in several rows that do not overlap in time */
    bool is_optional;       /* may be left out of a document; counts as empty */
    bool has_other_members; /* their members beside `fields` are checked by the tariff engine */
    const char *code_key;   /* NULL: "code" */
};

/* What stands beside `fields` in every row and in the document. */
extern const struct field masters_common_fields[];
extern const size_t masters_common_field_count;

extern const struct table masters_tables[];
extern const size_t masters_table_count;
extern const struct field masters_root_fields[]; /* members of the document that are no tables */
extern const size_t masters_root_field_count;
extern const struct field masters_municipality_fields[];
extern const size_t masters_municipality_field_count;
extern const struct field masters_settings_fields[];
extern const size_t masters_settings_field_count;

/* The settings of all tills as one row: `quick_tender_yen` and the members of `settings`. No table of the document. */
extern const struct table masters_settings_row;

/* NULL when there is none. */
const struct table *masters_table(const char *key);
const struct field *table_field(const struct table *table, const char *key);

/* "code", or what stands for it. */
const char *table_code_key(const struct table *table);
