/* A compiled template: a flat program of nodes over rows, cells and atoms. Inside this folder only.
 *
 * INVARIANT: every index points into the arrays of the same template; blocks are properly nested: the nodes between a
 * block's node and its `next` are its body. */
#pragma once

#include "common/receiptline/receiptline.h"

enum {
    WIDTH_STAR = 0xFFFF,  /* `*`: a share of what is left */
    LEVEL_COLUMNS = 0xFF, /* the name `columns`: the paper's width, in no record */
    ATOMS_PER_ROW_MAX = 128
};

enum format {
    FORMAT_DEFAULT,
    FORMAT_NUMBER, /* 1,234 */
    FORMAT_PLAIN,  /* 1234 */
    FORMAT_SIGNED, /* +¥1,234 */
    FORMAT_DATE,   /* 2026年11月22日 */
    FORMAT_SLASH,  /* 2026/11/22 */
    FORMAT_ISO,    /* 2026-11-22 */
    FORMAT_ERA,    /* 令和8年11月22日 */
    FORMAT_MINUTE, /* 2026年11月22日 10:03 */
    FORMAT_TIME,   /* 10:03 */
    FORMAT_SECOND  /* 10:03:11 */
};

/* A name, resolved: value INDEX of the record at LEVEL (0: the root, 1: the row of the outermost [[each]] …). */
struct reference {
    uint8_t level;
    uint8_t kind; /* enum receiptline_kind */
    uint16_t index;
    uint16_t row_values; /* LIST: values in each of its rows */
};

enum comparison {
    COMPARE_NONE,
    COMPARE_EQUAL,
    COMPARE_UNEQUAL,
    COMPARE_LESS,
    COMPARE_AT_MOST,
    COMPARE_MORE,
    COMPARE_AT_LEAST
};

struct condition {
    struct reference name;
    enum comparison comparison;
    bool is_negated;
    int64_t number;
    uint32_t text; /* offset in `texts`, of a TEXT's literal */
};

struct field {
    struct reference name;
    uint8_t format;
    uint8_t pad_columns; /* 0: as wide as it is */
    bool is_padded_left; /* stands at the right of its columns */
    bool is_optional;    /* an empty value leaves the whole row out */
};

enum atom_kind {
    ATOM_TEXT,
    ATOM_BREAK, /* \n */
    ATOM_FIELD,
    ATOM_IF,  /* false: go on at `target` */
    ATOM_SKIP /* go on at `target` */
};

struct atom {
    enum atom_kind kind;
    struct receiptline_style style;
    uint32_t target;
    union {
        struct {
            uint32_t offset, length, columns;
        } text;
        struct field field;
        uint32_t condition;
    };
};

struct cell {
    enum receiptline_align align;
    uint32_t first_atom, atom_count;
};

enum width_mode { WIDTH_AUTO, WIDTH_LIST, WIDTH_FLOW };
enum { BORDER_LINE = -1 };

struct settings {
    enum width_mode mode;
    uint16_t widths[RECEIPTLINE_CELLS_MAX]; /* WIDTH_LIST */
    uint8_t width_count;
    int8_t border; /* BORDER_LINE, or columns between cells */
    enum receiptline_align align;
    bool is_cutting; /* text:nowrap */
    struct receiptline_code code;
};

enum node_kind {
    NODE_ROW,
    NODE_RULE,
    NODE_CUT,
    NODE_CODE,
    NODE_IMAGE,
    NODE_EACH,
    NODE_IF,
    NODE_FIT,
    NODE_ELSE,
    NODE_END
};

struct node {
    enum node_kind kind;
    uint32_t settings;
    uint32_t first_cell, cell_count; /* ROW; CODE and IMAGE have one, whose atoms are the content */
    bool is_optional;                /* ROW: a field may leave it out */
    uint32_t next;                   /* EACH: its END. IF, FIT, ELSE: the next arm, or the END */
    uint32_t finish;                 /* IF, FIT, ELSE: the END */
    uint32_t condition;
    struct reference list;
};

struct receiptline_template {
    struct buffer texts; /* literals, each with a NUL behind it */
    struct atom *atoms;
    struct cell *cells;
    struct settings *settings;
    struct condition *conditions;
    struct node *nodes;
    size_t atom_count, cell_count, settings_count, condition_count, node_count;
    size_t atom_capacity, cell_capacity, settings_capacity, condition_capacity, node_capacity;
};

/* A growable array: room for one more item. False when there is no memory. */
bool program_reserve(void **items, size_t *capacity, size_t count, size_t item_size);

/* widths.c: the columns that each of COUNT cells has on paper of COLUMNS, into OUT; 0 hides a cell. Returns how many
 * there are (the names of a list may be more than the cells of a line). */
size_t
program_widths(const struct settings *settings, size_t count, unsigned columns, unsigned out[RECEIPTLINE_CELLS_MAX]);

/* Columns of a line with these widths, borders and all. */
unsigned program_line_width(const struct settings *settings, const unsigned *widths, size_t count);

/* format.c: append VALUE as FIELD wants it. Returns its columns; *OUT_EMPTY tells that there was nothing to say. */
size_t
program_format(struct buffer *out, const struct field *field, const struct receiptline_value *value, bool *out_empty);
