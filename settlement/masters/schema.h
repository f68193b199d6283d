/* What a masters document consists of, as tables that `validate` walks; for this folder only. */
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
    FIELD_CODE_NAME,           /* {code, name} */
    FIELD_REFERENCE,           /* a code of the table `refers_to` */
    FIELD_REFERENCES,          /* an array of them */
    FIELD_REGISTRATION_NUMBER, /* "T" and a 法人番号 with a right check digit, or "" */
    FIELD_PIN_HASH
};

struct field {
    const char *key;
    enum field_kind kind;
    bool is_optional; /* absent or null is fine */
    int64_t minimum, maximum;
    size_t most;
    const char *const *words; /* NULL-terminated */
    const char *refers_to;    /* key of a table */
};

/* An array of objects, each with a `code`. */
struct table {
    const char *key;
    const struct field *fields;
    size_t field_count;
    size_t rows_max;
    bool has_validity; /* a code may stand in several rows that do not overlap in time */
};

extern const struct table masters_tables[];
extern const size_t masters_table_count;
extern const struct field masters_root_fields[]; /* members of the document that are no tables */
extern const size_t masters_root_field_count;
extern const struct field masters_municipality_fields[];
extern const size_t masters_municipality_field_count;
extern const struct field masters_settings_fields[];
extern const size_t masters_settings_field_count;
