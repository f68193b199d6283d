/* Papers described in ReceiptLine markup (OFSC, OpenReceipt), with places for values: templates that a city can edit.
 *
 * A template is compiled once: its structure (lines, columns, decorations, codes) is fixed then, and values only ever
 * become text inside it, so that no name, reason or number can act as markup. Rendering walks the structure, lays every
 * row out for a paper's columns and tells an output what to print; which bytes or pictures that makes is the output's
 * business. Pure: no clock, no file, no device. docs/receipt.md is the reference of the language.
 *
 * Messages are Japanese, because who edits a template reads them; each names line and column. */
#pragma once

#include "common/bytes/buffer.h"
#include "common/clock/civil.h"

#include <stdint.h>

enum {
    RECEIPTLINE_MARKUP_MAX_BYTES = 64 * 1024, /* a template with a logo of 40 KB; ours have three */
    RECEIPTLINE_COLUMNS_MIN = 24,             /* of paper; narrower, an amount and its label have no room */
    RECEIPTLINE_COLUMNS_MAX = 64,
    RECEIPTLINE_CELLS_MAX = 12,        /* columns of one line: a twelfth of 80 mm paper is three digits and a gap */
    RECEIPTLINE_NESTING_MAX = 8,       /* blocks inside blocks */
    RECEIPTLINE_ROWS_MAX = 5000,       /* 15 m of paper: a template that repeats itself is a mistake */
    RECEIPTLINE_ROW_MAX_BYTES = 16384, /* text of one line before it is broken: a note is a few hundred bytes */
    RECEIPTLINE_CODE_MAX_BYTES = 1024
};

/* ---- what a template may name --------------------------------------------------------------------------------- */

enum receiptline_kind {
    RECEIPTLINE_TEXT,      /* one line: line breaks become spaces */
    RECEIPTLINE_PARAGRAPH, /* line breaks stay */
    RECEIPTLINE_YEN,
    RECEIPTLINE_NUMBER,
    RECEIPTLINE_DATE,   /* year 0: none */
    RECEIPTLINE_MOMENT, /* ms since 1970; 0: none */
    RECEIPTLINE_FLAG,   /* for conditions */
    RECEIPTLINE_LIST    /* for [[each]] */
};

struct receiptline_schema;

struct receiptline_name {
    const char *name; /* [a-z][a-z0-9_]* */
    enum receiptline_kind kind;
    const struct receiptline_schema *rows; /* LIST: what stands in each of its rows */
    uint32_t scope;                        /* bits: for which templates it is there */
    const char *meaning;                   /* Japanese, for who edits */
};

/* INVARIANT: a record of this schema is an array of `count` values in the order of `names`. */
struct receiptline_schema {
    const struct receiptline_name *names;
    size_t count;
};

struct receiptline_value {
    union {
        const char *text; /* TEXT, PARAGRAPH: borrowed; NULL is "" */
        int64_t number;   /* YEN, NUMBER, MOMENT, FLAG */
        struct civil_date date;
        struct {
            const struct receiptline_value *first; /* `count` records, one behind the other */
            size_t count;
        } rows;
    };
};

/* ---- compiling ------------------------------------------------------------------------------------------------ */

struct receiptline_template;

/* Compile LENGTH bytes of MARKUP, which may use those names of SCHEMA (NULL: none) whose scope meets SCOPE. *OUT is
 * given: receiptline_destroy (NULL is fine). STATUS_INVALID names line and column (in characters); STATUS_OVERFLOW,
 * STATUS_NO_MEMORY. */
enum status receiptline_compile(struct receiptline_template **out, const struct receiptline_schema *schema,
                                uint32_t scope, const char *markup, size_t length, struct error_detail *err) MUST_CHECK;
void receiptline_destroy(struct receiptline_template *template);

/* ---- printing ------------------------------------------------------------------------------------------------- */

enum receiptline_align { RECEIPTLINE_LEFT, RECEIPTLINE_CENTER, RECEIPTLINE_RIGHT };

struct receiptline_style {
    uint8_t width, height; /* 1 … 6 */
    bool is_emphasised, is_underlined, is_inverse;
};

enum receiptline_code_kind {
    RECEIPTLINE_UPC,
    RECEIPTLINE_EAN,
    RECEIPTLINE_CODE39,
    RECEIPTLINE_ITF,
    RECEIPTLINE_CODABAR,
    RECEIPTLINE_CODE93,
    RECEIPTLINE_CODE128,
    RECEIPTLINE_QR
};

/* Where on the paper something stands that is not text: columns from the left edge. */
struct receiptline_area {
    unsigned left, width;
    enum receiptline_align align;
};

struct receiptline_code {
    enum receiptline_code_kind kind;
    const char *text; /* fit for the kind (receiptline_code_check) */
    unsigned module_dots, height_dots;
    bool has_text;
    unsigned cell_dots;
    char level; /* l, m, q, h */
};

/* Who prints. Rows come left to right and top to bottom: text and gaps, then end_row. All entries are required. Texts
 * are clean (common/text/typeset.h) and never wider than what is left of the paper. Failures are the output's to
 * remember. */
struct receiptline_output {
    void *context;
    void (*text)(void *context, struct receiptline_style style, const char *text, size_t length);
    void (*gap)(void *context, unsigned half_columns); /* blank paper, half a column is 6 dots */
    void (*center)(void *context);                     /* before a row's first text: the row stands in the middle */
    void (*end_row)(void *context);
    void (*rule)(void *context, struct receiptline_area area);
    /* CELLS is line graphics, each one column wide, HEIGHT times as high; `has_frame` tells rows to join. */
    void (*frame)(void *context, const char *cells, unsigned height);
    void (*join_rows)(void *context, bool has_frame);
    void (*code)(void *context, struct receiptline_area area, const struct receiptline_code *code);
    void (*image)(void *context, struct receiptline_area area, const char *base64, size_t length);
    void (*cut)(void *context);
};

/* Print TEMPLATE with the record VALUES (of the schema it was compiled with; NULL when it has none) on paper of COLUMNS
 * (RECEIPTLINE_COLUMNS_MIN … _MAX). Ends with a cut. STATUS_OVERFLOW beyond a limit, STATUS_NO_MEMORY; the paper must
 * be thrown away then. May be called from several threads at once. */
enum status
receiptline_render(const struct receiptline_template *template, const struct receiptline_value *values,
                   unsigned columns, const struct receiptline_output *output, struct error_detail *err) MUST_CHECK;

/* Whether LENGTH bytes of TEXT can be printed as KIND; otherwise ERR says in Japanese what they should be. */
bool receiptline_code_check(enum receiptline_code_kind kind, const char *text, size_t length,
                            struct error_detail *err) MUST_CHECK;
