/* What the parts of the parser share. Inside this folder only.
 *
 * Every function that returns false has filled `err`, with the place. */
#pragma once

#include "common/receiptline/program.h"

/* An open [[each]], [[if]] or [[fit]]. */
struct block {
    uint32_t first; /* its node */
    uint32_t arm;   /* the arm under way: IF, FIT or ELSE */
    unsigned line;
    bool is_each, has_else;
};

struct parser {
    struct receiptline_template *program;
    const struct receiptline_schema *scopes[RECEIPTLINE_NESTING_MAX + 1]; /* the root, then one for each [[each]] */
    uint32_t scope_bits;
    size_t level;
    struct block blocks[RECEIPTLINE_NESTING_MAX];
    size_t block_count;
    struct settings settings; /* in force from here on */
    bool settings_are_stored;
    const char *line_start, *line_end;
    unsigned line;
    struct error_detail *err;
};

/* Fill `err` with the sentence, prefixed by the place of AT in the present line. Returns false. */
bool parser_refuse(struct parser *parser, const char *at, const char *format, ...) PRINTF_LIKE(3, 4);
bool parser_no_memory(struct parser *parser);

/* Append to the program; false when there is no memory. */
bool parser_add_node(struct parser *parser, const struct node *node);
bool parser_add_atom(struct parser *parser, const struct atom *atom);
bool parser_add_cell(struct parser *parser, const struct cell *cell);
bool parser_add_condition(struct parser *parser, const struct condition *condition, uint32_t *out);
bool parser_add_text(struct parser *parser, const char *text, size_t length, uint32_t *out_offset);

/* The index of the settings in force, stored when they changed. */
bool parser_settings(struct parser *parser, uint32_t *out);

/* parse_cells.c: a line of one or more cells with text. */
bool parse_cells(struct parser *parser, const char *text, const char *end);

/* The text of one cell (or a property's value, where IS_VALUE) as atoms: escapes, decorations, tags. */
bool parse_cell_text(struct parser *parser, const char *text, const char *end);

/* parse_property.c: what stands between { and }. ALIGN is how the line's only cell leans. */
bool parse_property(struct parser *parser, const char *text, const char *end, enum receiptline_align align);

/* parse_tag.c. What stands between [[ and ]]. */
enum tag_kind { TAG_FIELD, TAG_EACH, TAG_IF, TAG_FIT, TAG_ELSE, TAG_ELSE_IF, TAG_ELSE_FIT, TAG_END };

struct tag {
    enum tag_kind kind;
    const char *at; /* its [[ */
    struct field field;
    struct condition condition;
    struct reference list;
    const struct receiptline_schema *rows;
};

/* The end of the tag that begins at TEXT, behind its ]]; NULL (refused) when it does not close on this line. */
const char *tag_end(struct parser *parser, const char *text, const char *end);
bool parse_tag(struct parser *parser, const char *text, const char *end, struct tag *out);

/* The next byte of escaped text at *CURSOR, or −1 for what stands for nothing; steps over it. \n gives '\n'. ESCAPABLE
 * are the characters that a backslash makes ordinary. */
bool parse_escape(struct parser *parser, const char **cursor, const char *end, const char *escapable, int *out);

static inline bool
is_blank_byte(char c)
{
    return c == ' ' || c == '\t';
}
