/* A layout compiled for the readers: every text already in the file's encoding, every word an enum. For the files of
 * this folder only. */
#pragma once

#include "settlement/arena/arena.h"
#include "settlement/statements/csv_scanner.h"
#include "settlement/statements/date_format.h"
#include "settlement/statements/layout.h"
#include "settlement/statements/loose_date.h"
#include "settlement/statements/number_form.h"
#include "settlement/statements/statement_line.h"

enum layout_kind { LAYOUT_CSV, LAYOUT_FIXED, LAYOUT_XML };

enum {
    LAYOUT_NAME_SIZE = 64,
    LAYOUT_FIELDS_MAX = 20,   /* more than the fields of either kind of line */
    LAYOUT_VALUES_MAX = 256,  /* brand codes of one acquirer */
    LAYOUT_RECORDS_MAX = 12,  /* kinds of record in a fixed file; 全銀 has four */
    LAYOUT_SELECTORS_MAX = 4, /* places that tell kinds of record apart */
    LAYOUT_CHECKS_MAX = 12,   /* figures in one trailer; 全銀 03 has five */
    LAYOUT_PLACES_MAX = 6,    /* columns that make up one field */
    LAYOUT_ALIASES_MAX = 4,   /* names that one column had over the years */
    LAYOUT_TEXTS_MAX = 16,    /* words that mean one kind of record; Adyen has a dozen for corrections */
    FIXED_RECORD_MAX_BYTES = 4096
};

enum field_type {
    FIELD_TEXT,
    FIELD_BRAND,
    FIELD_YEN,
    FIELD_INSTANT,
    FIELD_DATE,
    FIELD_STATEMENT_KIND,
    FIELD_DIRECTION,
    FIELD_FLAG,
    FIELD_CURRENCY /* must be JPY; goes nowhere */
};

/* One field that a line can have: its key in layouts, its type, where in the line struct it goes. */
struct field_rule {
    const char *name;
    enum field_type type;
    size_t offset;
    bool is_required;
};

/* The fields of a kind of line; *OUT_COUNT (may be NULL) of them. */
const struct field_rule *field_rules(enum layout_gives gives, size_t *out_count);

/* Where a value stands. CSV: `header` (in the file's encoding; empty when `column` is given) or `column` from 0. Fixed:
 * `offset` and `length` in bytes. XML: `path` below the element of the record ("Amt/@Ccy"). `shown` is what messages
 * call it. */
struct place {
    struct text_view header;
    struct text_view aliases[LAYOUT_ALIASES_MAX]; /* other headers that mean the same column */
    unsigned alias_count;
    const char *path;
    uint32_t column;
    uint32_t offset;
    uint32_t length;
    const char *shown;
};

#define PLACE_BY_HEADER UINT32_MAX /* the column is known once the header was read */

/* What a value of the file means to us: CODE is an enum of the field's type, NAME a brand. */
struct value_meaning {
    struct text_view encoded;
    unsigned code;
    const char *name;
};

enum {
    KIND_IGNORED = STATEMENT_KIND_COUNT /* a line that is counted and not given */
};

enum sign_rule {
    SIGN_AS_WRITTEN, /* "signed": −450 is −450, and must agree with the kind */
    SIGN_BY_KIND     /* "by_kind": written without sign; reversals and refunds are negative */
};

struct field_plan {
    const struct field_rule *rule;
    struct place places[LAYOUT_PLACES_MAX];
    unsigned place_count; /* 0: a constant */
    unsigned minus_from;  /* an amount is the sum of its places; from this one on they are taken off */
    bool is_sum;          /* "plus" and "minus": empty places count as 0 */
    const char
        *joiner;   /* in the file's encoding, between the places of a text or an instant; NULL: there is one place */
    bool is_plain; /* decoder_read_quickly knows how it is written */
    bool may_be_empty;    /* "optional": an empty value leaves the field absent */
    bool may_lack_column; /* "column_optional" */
    bool refuses_unknown; /* a value without meaning is an error */
    enum sign_rule sign;
    struct date_format format;
    struct loose_date loose;
    bool is_loose; /* `loose` describes it, not `format` */
    struct number_form number;
    bool has_number; /* written as `number`, not as yen_parse reads it */
    struct value_meaning *values;
    unsigned value_count;
    struct text_view constant;
    unsigned constant_code;
};

enum record_role {
    RECORD_HEADER, /* opens an account or a batch; its fields go into the lines below */
    RECORD_LINE,
    RECORD_TRAILER, /* closes what the header opened */
    RECORD_END,     /* closes the file */
    RECORD_SKIP,
    RECORD_TOTALS /* figures that are summed up over the file and hold for all of its lines */
};

struct record_selector {
    struct place place;
    struct text_view texts[LAYOUT_TEXTS_MAX]; /* one of these */
    unsigned text_count;
};

enum check_figure {
    CHECK_COUNT,
    CHECK_SUM,
    CHECK_ABSOLUTE_SUM,
    CHECK_RECORDS, /* every record of the file, this one included */
    CHECK_HEADERS,
    CHECK_FEE_SUM,
    CHECK_NET /* amounts less fees */
};

/* A figure of a trailer that must equal ours over the lines whose class is in `classes` (bit = statement kind, or bank
 * direction). */
struct record_check {
    struct place places[2]; /* the second is taken off the first */
    unsigned place_count;
    struct number_form number;
    bool has_number;
    bool is_optional; /* xml: holds only where the file has it */
    enum check_figure figure;
    unsigned classes;
};

struct record_plan {
    enum record_role role;
    struct record_selector selectors[LAYOUT_SELECTORS_MAX];
    unsigned selector_count;
    struct field_plan fields[LAYOUT_FIELDS_MAX]; /* the kind is the first, if there is one */
    unsigned field_count;
    bool has_kind; /* or, of a bank, a direction */
    struct record_check checks[LAYOUT_CHECKS_MAX];
    unsigned check_count;
    unsigned below; /* csv trailer: the figures stand so many records below the words */
};

/* Elements of XML whose amounts are added up: PATH below the group (balances) or the line (details). */
struct xml_sum {
    const char *path; /* NULL: the layout has none */
    struct place amount;
    struct number_form number;
    bool has_number;
    struct place direction; /* DIRECTION holds OUT for what went out; path NULL: nothing says */
    struct text_view out;
};

/* What XML has beside fields and checks. */
struct xml_plan {
    struct record_selector skips[LAYOUT_SELECTORS_MAX]; /* any of them: the line is none yet (pending) */
    unsigned skip_count;
    struct xml_sum balance;
    struct place balance_kind;
    struct record_selector opening; /* texts of balance_kind */
    struct record_selector closing;
    struct xml_sum detail;
};

enum { LINE_ENDS_CRLF = 1, LINE_ENDS_CR = 2, LINE_ENDS_LF = 4, LINE_ENDS_NONE = 8 };

/* INVARIANT: csv layouts without kinds have records[0] = the line and perhaps records[1] = the trailer; the others have
 * at least one line record. XML layouts have one record each of header (the group's element) and line. `encoding` is
 * that of the bytes the readers see: a UTF-16 file is turned into UTF-8 first. Texts live in `arena`. */
struct layout {
    char name[LAYOUT_NAME_SIZE];
    const char *title;
    enum layout_kind kind;
    enum layout_gives gives;
    enum text_encoding encoding;
    struct csv_format csv;
    bool is_utf16;
    bool has_header;
    bool has_kinds;          /* csv: records of several kinds, told apart by `selectors` */
    bool checks_fees;        /* some check needs the sums of fees */
    struct text_view prefix; /* csv: what every value may begin with, or empty */
    const char *group_path;  /* xml: the element of a group, and of a line below it */
    const char *line_path;
    struct xml_plan xml;
    unsigned skip_lines;
    uint32_t record_length;
    unsigned line_ends;
    int zone_minutes;
    struct record_plan records[LAYOUT_RECORDS_MAX];
    unsigned record_count;
    struct arena arena;
};

/* The reading of the parts, called by layout_create; CONTEXT names the place in the JSON for messages. */
struct json_value;
struct layout_context {
    struct layout *layout;
    struct error_detail *err;
};
enum status layout_read_fields(struct layout_context *context, const struct json_value *fields,
                               struct record_plan *record) MUST_CHECK;
enum status layout_read_records(struct layout_context *context, const struct json_value *records) MUST_CHECK;
enum status layout_read_xml(struct layout_context *context, const struct json_value *root) MUST_CHECK;
enum status layout_read_checks(struct layout_context *context, const struct json_value *list, const char *where,
                               struct record_plan *record) MUST_CHECK;
/* The texts that may stand at a selector: one, or a list. */
enum status layout_read_texts(struct layout_context *context, const struct json_value *value, const char *where,
                              struct record_selector *out) MUST_CHECK;
enum status layout_read_trailer(struct layout_context *context, const struct json_value *trailer) MUST_CHECK;
enum status layout_read_place(struct layout_context *context, const struct json_value *object, const char *shown,
                              struct place *out) MUST_CHECK;
enum { LAYOUT_PATH_MAX_BYTES = 200 };
/* Whether PATH names an element, or an attribute when allowed. */
bool layout_is_path(const char *path, bool may_end_in_attribute);
/* One place from VALUE: a header or number, { offset, length }, or a path. */
enum status layout_read_one_place(struct layout_context *context, const struct json_value *value, const char *shown,
                                  struct place *out) MUST_CHECK;
/* How the values of FIELD are written: format, values, sign, number. */
enum status layout_read_writing(struct layout_context *context, const struct json_value *object,
                                struct field_plan *field) MUST_CHECK;
enum status layout_read_number(struct layout_context *context, const struct json_value *object, const char *shown,
                               struct number_form *out) MUST_CHECK;
/* What MEANING (of a values table, or a constant) is for a field of TYPE; false when it is nothing. */
bool layout_read_meaning(enum field_type type, const char *meaning, unsigned *out_code);
bool layout_has_values(enum field_type type);
enum { LAYOUT_VALUE_MAX_BYTES = 200 /* a value in a "values" table, or a constant */ };

/* TEXT (UTF-8) in the file's encoding, in the layout's arena. */
enum status layout_encode(struct layout_context *context, const char *text, struct text_view *out) MUST_CHECK;

/* STATUS_INVALID with a sentence when OBJECT has a key that is not in the NULL-terminated list KEYS. */
enum status layout_check_keys(struct layout_context *context, const struct json_value *object, const char *where,
                              const char *const *keys) MUST_CHECK;

/* Set the error of a layout: "書式の WHERE: SENTENCE". Always STATUS_INVALID. */
enum status layout_refuse(struct layout_context *context, const char *where, const char *format, ...) PRINTF_LIKE(3, 4);

/* One of COUNT words: its index, or −1 when TEXT is none of them. */
int layout_word_index(const char *text, const char *const *words, size_t count);
