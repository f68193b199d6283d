/* Lines: which of them are blocks, rules, cuts, properties or rows. The one idea: a template's structure is wholly
 * decided here; a value is an atom inside a cell and can be nothing else. */
#include "common/receiptline/parser.h"

#include "common/text/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool
parser_refuse(struct parser *parser, const char *at, const char *format, ...)
{
    char words[ERROR_MESSAGE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(words, sizeof words, format, arguments);
    va_end(arguments);
    unsigned column = 1;
    for (const char *c = parser->line_start; c < at && c < parser->line_end; column++) {
        utf8_next(&c, parser->line_end);
    }
    error_set_at(parser->err, parser->line, column, "markup", "%u行%u桁: %s", parser->line, column, words);
    return false;
}

bool
parser_no_memory(struct parser *parser)
{
    error_set(parser->err, "no_memory", "no memory for a template");
    return false;
}

bool
program_reserve(void **items, size_t *capacity, size_t count, size_t item_size)
{
    if (count < *capacity) {
        return true;
    }
    const size_t wanted = *capacity == 0 ? 32 : *capacity * 2;
    void *grown = realloc(*items, wanted * item_size);
    if (grown == NULL) {
        return false;
    }
    *items = grown;
    *capacity = wanted;
    return true;
}

bool
parser_add_node(struct parser *parser, const struct node *node)
{
    struct receiptline_template *program = parser->program;
    if (!program_reserve((void **)&program->nodes, &program->node_capacity, program->node_count, sizeof *node)) {
        return parser_no_memory(parser);
    }
    program->nodes[program->node_count++] = *node;
    return true;
}

bool
parser_add_atom(struct parser *parser, const struct atom *atom)
{
    struct receiptline_template *program = parser->program;
    if (!program_reserve((void **)&program->atoms, &program->atom_capacity, program->atom_count, sizeof *atom)) {
        return parser_no_memory(parser);
    }
    program->atoms[program->atom_count++] = *atom;
    return true;
}

bool
parser_add_cell(struct parser *parser, const struct cell *cell)
{
    struct receiptline_template *program = parser->program;
    if (!program_reserve((void **)&program->cells, &program->cell_capacity, program->cell_count, sizeof *cell)) {
        return parser_no_memory(parser);
    }
    program->cells[program->cell_count++] = *cell;
    return true;
}

bool
parser_add_condition(struct parser *parser, const struct condition *condition, uint32_t *out)
{
    struct receiptline_template *program = parser->program;
    if (!program_reserve((void **)&program->conditions, &program->condition_capacity, program->condition_count,
                         sizeof *condition)) {
        return parser_no_memory(parser);
    }
    *out = (uint32_t)program->condition_count;
    program->conditions[program->condition_count++] = *condition;
    return true;
}

bool
parser_add_text(struct parser *parser, const char *text, size_t length, uint32_t *out_offset)
{
    struct buffer *texts = &parser->program->texts;
    *out_offset = (uint32_t)texts->length;
    buffer_append(texts, text, length);
    buffer_append_byte(texts, '\0');
    return buffer_check(texts, NULL) == STATUS_OK || parser_no_memory(parser);
}

bool
parser_settings(struct parser *parser, uint32_t *out)
{
    struct receiptline_template *program = parser->program;
    if (!parser->settings_are_stored) {
        if (!program_reserve((void **)&program->settings, &program->settings_capacity, program->settings_count,
                             sizeof parser->settings)) {
            return parser_no_memory(parser);
        }
        program->settings[program->settings_count++] = parser->settings;
        parser->settings_are_stored = true;
    }
    *out = (uint32_t)program->settings_count - 1;
    return true;
}

/* ---- blocks ------------------------------------------------------------------------------------------------------ */

static bool
open_block(struct parser *parser, const struct tag *tag)
{
    if (parser->block_count == RECEIPTLINE_NESTING_MAX) {
        return parser_refuse(parser, tag->at, "入れ子が深すぎます (%d段まで)", RECEIPTLINE_NESTING_MAX);
    }
    const uint32_t index = (uint32_t)parser->program->node_count;
    struct node node = {.kind = tag->kind == TAG_EACH ? NODE_EACH
                                : tag->kind == TAG_IF ? NODE_IF
                                                      : NODE_FIT,
                        .list = tag->list};
    if (tag->kind == TAG_IF && !parser_add_condition(parser, &tag->condition, &node.condition)) {
        return false;
    }
    parser->blocks[parser->block_count++] =
        (struct block){.first = index, .arm = index, .line = parser->line, .is_each = tag->kind == TAG_EACH};
    if (tag->kind == TAG_EACH) {
        parser->scopes[++parser->level] = tag->rows;
    }
    return parser_add_node(parser, &node);
}

static bool
next_arm(struct parser *parser, const struct tag *tag)
{
    struct block *block = parser->block_count > 0 ? &parser->blocks[parser->block_count - 1] : NULL;
    if (block == NULL || block->is_each) {
        return parser_refuse(parser, tag->at, "[[else]] に対応する [[if]] か [[fit]] がありません");
    }
    if (block->has_else) {
        return parser_refuse(parser, tag->at, "[[else]] の後に、もう一つの [[else]] は書けません");
    }
    const uint32_t index = (uint32_t)parser->program->node_count;
    struct node node = {.kind = tag->kind == TAG_ELSE_IF ? NODE_IF : tag->kind == TAG_ELSE_FIT ? NODE_FIT : NODE_ELSE};
    if (tag->kind == TAG_ELSE_IF && !parser_add_condition(parser, &tag->condition, &node.condition)) {
        return false;
    }
    if (!parser_add_node(parser, &node)) {
        return false;
    }
    parser->program->nodes[block->arm].next = index;
    block->arm = index;
    block->has_else = tag->kind == TAG_ELSE;
    return true;
}

static bool
close_block(struct parser *parser, const struct tag *tag)
{
    if (parser->block_count == 0) {
        return parser_refuse(parser, tag->at, "[[end]] に対応する [[each]]、[[if]]、[[fit]] がありません");
    }
    const struct block *block = &parser->blocks[--parser->block_count];
    const uint32_t end = (uint32_t)parser->program->node_count;
    if (!parser_add_node(parser, &(struct node){.kind = NODE_END})) {
        return false;
    }
    struct node *nodes = parser->program->nodes;
    nodes[block->arm].next = end;
    for (uint32_t arm = block->first; arm != end; arm = nodes[arm].next) {
        nodes[arm].finish = end;
    }
    parser->level -= block->is_each;
    return true;
}

static bool
apply_block_tag(struct parser *parser, const struct tag *tag)
{
    switch (tag->kind) {
    case TAG_EACH:
    case TAG_IF:
    case TAG_FIT:
        return open_block(parser, tag);
    case TAG_ELSE:
    case TAG_ELSE_IF:
    case TAG_ELSE_FIT:
        return next_arm(parser, tag);
    case TAG_END:
        return close_block(parser, tag);
    case TAG_FIELD:
        break;
    }
    return true;
}

/* ---- lines ------------------------------------------------------------------------------------------------------- */

static bool
is_run_of(const char *text, const char *end, char c)
{
    const char *cursor = text;
    while (cursor < end && *cursor == c) {
        cursor++;
    }
    return cursor == end && end > text;
}

/* A line that is one tag and nothing else may open or close a block. *OUT_DONE tells whether it did. */
static bool
parse_block_line(struct parser *parser, const char *text, const char *end, bool *out_done)
{
    *out_done = false;
    if (end - text < 4 || strncmp(text, "[[", 2) != 0) {
        return true;
    }
    const char *close = tag_end(parser, text, end);
    if (close != end) {
        return close != NULL;
    }
    struct tag tag;
    if (!parse_tag(parser, text, end, &tag)) {
        return false;
    }
    *out_done = tag.kind != TAG_FIELD;
    return apply_block_tag(parser, &tag);
}

static bool
add_plain_node(struct parser *parser, enum node_kind kind)
{
    struct node node = {.kind = kind};
    return parser_settings(parser, &node.settings) && parser_add_node(parser, &node);
}

static bool
parse_line(struct parser *parser, const char *text, const char *end)
{
    bool is_done;
    while (text < end && is_blank_byte(*text)) {
        text++;
    }
    while (end > text && is_blank_byte(end[-1]) && !(end - text >= 2 && end[-2] == '\\')) {
        end--;
    }
    if (!parse_block_line(parser, text, end, &is_done)) {
        return false;
    }
    if (is_done) {
        return true;
    }
    const char *inner = text < end && *text == '|' ? text + 1 : text;
    const char *inner_end = end > inner && end[-1] == '|' ? end - 1 : end;
    while (inner < inner_end && is_blank_byte(*inner)) {
        inner++;
    }
    while (inner_end > inner && is_blank_byte(inner_end[-1])) {
        inner_end--;
    }
    if (is_run_of(inner, inner_end, '-')) {
        return add_plain_node(parser, NODE_RULE);
    }
    if (is_run_of(inner, inner_end, '=')) {
        return add_plain_node(parser, NODE_CUT);
    }
    return parse_cells(parser, text, end);
}

static bool
parse_all(struct parser *parser, const char *markup, size_t length)
{
    const char *const end = markup + length;
    while (markup < end) {
        const char *newline = memchr(markup, '\n', (size_t)(end - markup));
        const char *line_end = newline != NULL ? newline : end;
        parser->line++;
        parser->line_start = markup;
        parser->line_end = line_end > markup && line_end[-1] == '\r' ? line_end - 1 : line_end;
        if (!parse_line(parser, markup, parser->line_end)) {
            return false;
        }
        markup = newline != NULL ? newline + 1 : end;
    }
    if (parser->block_count > 0) {
        parser->line = parser->blocks[parser->block_count - 1].line;
        parser->line_start = parser->line_end = end;
        return parser_refuse(parser, end, "このブロックを閉じる [[end]] がありません");
    }
    return true;
}

static const struct settings first_settings = {
    .mode = WIDTH_AUTO,
    .border = 1,
    .align = RECEIPTLINE_CENTER,
    .code = {.kind = RECEIPTLINE_CODE128, .module_dots = 2, .height_dots = 72, .cell_dots = 3, .level = 'l'},
};

enum status
receiptline_compile(struct receiptline_template **out, const struct receiptline_schema *schema, uint32_t scope,
                    const char *markup, size_t length, struct error_detail *err)
{
    static const struct receiptline_schema nothing = {NULL, 0};
    if (length > RECEIPTLINE_MARKUP_MAX_BYTES) {
        error_set(err, "markup_too_long", "ひな形が長すぎます (%d バイトまで)", RECEIPTLINE_MARKUP_MAX_BYTES);
        return STATUS_OVERFLOW;
    }
    if (!utf8_is_valid(markup, length)) {
        error_set(err, "markup_not_utf8", "ひな形の文字コードが UTF-8 ではありません");
        return STATUS_INVALID;
    }
    struct receiptline_template *program = calloc(1, sizeof *program);
    struct error_detail ignored;
    if (program == NULL) {
        error_set(err, "no_memory", "no memory for a template");
        return STATUS_NO_MEMORY;
    }
    buffer_init(&program->texts, 2 * RECEIPTLINE_MARKUP_MAX_BYTES + 1024);
    struct parser parser = {.program = program,
                            .scopes = {schema != NULL ? schema : &nothing},
                            .scope_bits = scope,
                            .settings = first_settings,
                            .err = err != NULL ? err : &ignored};
    if (!parse_all(&parser, markup, length)) {
        receiptline_destroy(program);
        return strcmp(parser.err->code, "no_memory") == 0 ? STATUS_NO_MEMORY : STATUS_INVALID;
    }
    *out = program;
    return STATUS_OK;
}

void
receiptline_destroy(struct receiptline_template *template)
{
    if (template != NULL) {
        buffer_finish(&template->texts);
        free(template->atoms);
        free(template->cells);
        free(template->settings);
        free(template->conditions);
        free(template->nodes);
        free(template);
    }
}
