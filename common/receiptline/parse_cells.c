/* A line as cells, a cell's text as atoms. Pipes pull: a cell leans towards the pipe that it touches. */
#include "common/receiptline/parser.h"

#include "common/text/typeset.h"

#include <string.h>

enum { TOGGLE_EMPHASIS = '"', TOGGLE_UNDERLINE = '_', TOGGLE_INVERSE = '`', ENLARGE = '^', SPACE = '~' };

static int
hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    const char lower = (char)(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

bool
parse_escape(struct parser *parser, const char **cursor, const char *end, const char *escapable, int *out)
{
    const char *at = *cursor; /* the backslash */
    if (at + 1 == end) {
        return parser_refuse(parser, at, "行の終わりの「\\」の後に文字がありません");
    }
    const char c = at[1];
    *cursor += 2;
    if (c == 'n') {
        *out = '\n';
        return true;
    }
    if (c == 'x') {
        if (end - at < 4 || hex_digit(at[2]) < 0 || hex_digit(at[3]) < 0) {
            return parser_refuse(parser, at, "「\\x」の後には16進数を2桁書きます");
        }
        *cursor += 2;
        *out = hex_digit(at[2]) * 16 + hex_digit(at[3]);
        return *out < 0x7F || parser_refuse(parser, at, "「\\x」で書けるのは 00 から 7e までです");
    }
    if (c == '\0' || strchr(escapable, c) == NULL) {
        return parser_refuse(parser, at, "「\\」の後に書けるのは %s と n、xNN です", escapable);
    }
    *out = c;
    return true;
}

static bool
is_control(char c)
{
    return (unsigned char)c < ' ' || c == 0x7F;
}

/* A character that ends a plain run. */
static bool
is_special(char c)
{
    return is_control(c) || strchr("\\{}_\"`^~[", c) != NULL;
}

/* A cell under way: literal text gathers until its style ends. */
struct gathering {
    struct parser *parser;
    struct buffer text;
    struct receiptline_style style;
    uint32_t first_atom;
    /* [[if]] inside the cell; −1: none open. */
    int64_t open_if;
    bool has_else, is_optional;
};

static bool
flush(struct gathering *cell)
{
    struct parser *parser = cell->parser;
    if (cell->text.length == 0) {
        return true;
    }
    struct buffer clean;
    buffer_init(&clean, 2 * RECEIPTLINE_MARKUP_MAX_BYTES);
    const size_t columns = typeset_clean_part(&clean, cell->text.data, cell->text.length);
    struct atom atom = {.kind = ATOM_TEXT, .style = cell->style};
    atom.text.length = (uint32_t)clean.length;
    atom.text.columns = (uint32_t)columns;
    const bool is_added = buffer_check(&clean, NULL) == STATUS_OK &&
                          parser_add_text(parser, buffer_text(&clean), clean.length, &atom.text.offset) &&
                          parser_add_atom(parser, &atom);
    buffer_finish(&clean);
    buffer_clear(&cell->text);
    return is_added || parser_no_memory(parser);
}

static bool
add_atom(struct gathering *cell, struct atom atom)
{
    atom.style = cell->style;
    return flush(cell) && parser_add_atom(cell->parser, &atom);
}

/* ---- tags inside a cell ------------------------------------------------------------------------------------------ */

static bool
open_inline_if(struct gathering *cell, const struct tag *tag)
{
    struct atom atom = {.kind = ATOM_IF};
    if (cell->open_if >= 0) {
        return parser_refuse(cell->parser, tag->at, "行の中の [[if]] は入れ子にできません");
    }
    if (!parser_add_condition(cell->parser, &tag->condition, &atom.condition) || !add_atom(cell, atom)) {
        return false;
    }
    cell->open_if = (int64_t)cell->parser->program->atom_count - 1;
    cell->has_else = false;
    return true;
}

static bool
inline_else(struct gathering *cell, const struct tag *tag)
{
    if (cell->open_if < 0 || cell->has_else) {
        return parser_refuse(cell->parser, tag->at, "この [[else]] に対応する [[if]] が同じ欄にありません");
    }
    if (!add_atom(cell, (struct atom){.kind = ATOM_SKIP})) {
        return false;
    }
    struct receiptline_template *program = cell->parser->program;
    program->atoms[cell->open_if].target = (uint32_t)program->atom_count;
    cell->open_if = (int64_t)program->atom_count - 1;
    cell->has_else = true;
    return true;
}

static bool
close_inline_if(struct gathering *cell, const struct tag *tag)
{
    if (cell->open_if < 0) {
        return parser_refuse(cell->parser, tag->at, "この [[end]] に対応する [[if]] が同じ欄にありません");
    }
    if (!flush(cell)) {
        return false;
    }
    struct receiptline_template *program = cell->parser->program;
    program->atoms[cell->open_if].target = (uint32_t)program->atom_count;
    cell->open_if = -1;
    return true;
}

static bool
apply_inline_tag(struct gathering *cell, const struct tag *tag)
{
    switch (tag->kind) {
    case TAG_FIELD:
        cell->is_optional = cell->is_optional || tag->field.is_optional;
        return add_atom(cell, (struct atom){.kind = ATOM_FIELD, .field = tag->field});
    case TAG_IF:
        return open_inline_if(cell, tag);
    case TAG_ELSE:
        return inline_else(cell, tag);
    case TAG_END:
        return close_inline_if(cell, tag);
    case TAG_EACH:
    case TAG_FIT:
    case TAG_ELSE_IF:
    case TAG_ELSE_FIT:
        break;
    }
    return parser_refuse(cell->parser, tag->at, "このタグは、それだけの行に書きます");
}

/* ---- text -------------------------------------------------------------------------------------------------------- */

/* `^` … `^^^^^^^`: how wide and high; the same once more ends it. */
static bool
enlarge(struct gathering *cell, size_t carets)
{
    static const uint8_t sizes[][2] = {{2, 1}, {1, 2}, {2, 2}, {3, 3}, {4, 4}, {5, 5}, {6, 6}};
    const size_t last = sizeof sizes / sizeof sizes[0];
    const uint8_t *size = sizes[(carets > last ? last : carets) - 1];
    if (!flush(cell)) {
        return false;
    }
    const bool is_same = cell->style.width == size[0] && cell->style.height == size[1];
    cell->style.width = is_same ? 1 : size[0];
    cell->style.height = is_same ? 1 : size[1];
    return true;
}

static bool
toggle(struct gathering *cell, char c)
{
    if (!flush(cell)) {
        return false;
    }
    struct receiptline_style *style = &cell->style;
    bool *flag = c == TOGGLE_EMPHASIS    ? &style->is_emphasised
                 : c == TOGGLE_UNDERLINE ? &style->is_underlined
                                         : &style->is_inverse;
    *flag = !*flag;
    return true;
}

static bool
escaped_character(struct gathering *cell, const char **cursor, const char *end)
{
    int c;
    if (!parse_escape(cell->parser, cursor, end, "\\|{}-=~_\"`^", &c)) {
        return false;
    }
    if (c == '\n') {
        return add_atom(cell, (struct atom){.kind = ATOM_BREAK});
    }
    if (c >= ' ') {
        buffer_append_byte(&cell->text, (unsigned)c);
    }
    return true;
}

/* One special character at *CURSOR, stepped over. */
static bool
special_character(struct gathering *cell, const char **cursor, const char *end)
{
    const char *at = *cursor;
    if (at[0] == '\\') {
        return escaped_character(cell, cursor, end);
    }
    if (at[0] == '{' || at[0] == '}') {
        return parser_refuse(cell->parser, at, "文字の中の「%c」は「\\%c」と書きます。指定は、それだけの行に書きます",
                             at[0], at[0]);
    }
    if (at[0] == '[' && at + 1 < end && at[1] == '[') {
        struct tag tag;
        const char *close = tag_end(cell->parser, at, end);
        *cursor = close;
        return close != NULL && parse_tag(cell->parser, at, close, &tag) && apply_inline_tag(cell, &tag);
    }
    if (is_control(at[0])) {
        *cursor += 1; /* a tab and its like mean nothing */
        return true;
    }
    size_t run = 1;
    while (at[0] == ENLARGE && at + run < end && at[run] == ENLARGE) {
        run++;
    }
    *cursor += run;
    if (at[0] == '[' || at[0] == SPACE) {
        buffer_append_byte(&cell->text, at[0] == SPACE ? ' ' : '[');
        return true;
    }
    return at[0] == ENLARGE ? enlarge(cell, run) : toggle(cell, at[0]);
}

static bool
gather(struct gathering *cell, const char *text, const char *end)
{
    while (text < end) {
        const char *run = text;
        while (run < end && !is_special(*run)) {
            run++;
        }
        buffer_append(&cell->text, text, (size_t)(run - text));
        text = run;
        if (text < end && !special_character(cell, &text, end)) {
            return false;
        }
    }
    return flush(cell);
}

static bool
parse_text(struct parser *parser, const char *text, const char *end, bool *out_optional)
{
    struct gathering cell = {.parser = parser, .style = {.width = 1, .height = 1}, .open_if = -1};
    const size_t before = parser->program->atom_count;
    buffer_init(&cell.text, RECEIPTLINE_MARKUP_MAX_BYTES + 1);
    bool is_good = gather(&cell, text, end);
    if (is_good && cell.open_if >= 0) {
        is_good = parser_refuse(parser, text, "この欄の [[if]] を閉じる [[end]] が同じ欄にありません");
    }
    if (is_good && parser->program->atom_count - before > ATOMS_PER_ROW_MAX) {
        is_good = parser_refuse(parser, text, "一つの欄に書けるのは %d 区切りまでです", ATOMS_PER_ROW_MAX);
    }
    *out_optional = *out_optional || cell.is_optional;
    buffer_finish(&cell.text);
    return is_good;
}

bool
parse_cell_text(struct parser *parser, const char *text, const char *end)
{
    bool is_optional = false;
    return parse_text(parser, text, end, &is_optional);
}

/* ---- cells ------------------------------------------------------------------------------------------------------- */

/* The pipe that ends the cell at TEXT, or END. */
static const char *
find_pipe(struct parser *parser, const char *text, const char *end)
{
    while (text != NULL && text < end && *text != '|') {
        if (*text == '\\' && text + 1 < end) {
            text += 2;
        } else if (text[0] == '[' && text + 1 < end && text[1] == '[') {
            text = tag_end(parser, text, end);
        } else {
            text++;
        }
    }
    return text;
}

/* Where a cell leans, by the pipes beside it and whether it touches them. */
static enum receiptline_align
leaning(bool has_left, bool has_right, bool touches_left, bool touches_right)
{
    if (has_left && has_right) {
        return touches_left == touches_right ? RECEIPTLINE_CENTER : touches_left ? RECEIPTLINE_LEFT : RECEIPTLINE_RIGHT;
    }
    if (has_left) {
        return touches_left ? RECEIPTLINE_LEFT : RECEIPTLINE_RIGHT;
    }
    if (has_right) {
        return touches_right ? RECEIPTLINE_RIGHT : RECEIPTLINE_LEFT;
    }
    return RECEIPTLINE_CENTER;
}

struct span {
    const char *text, *end;
    enum receiptline_align align;
};

/* Cut the line into OUT; how many cells, 0 when it was refused. */
static size_t
split(struct parser *parser, const char *text, const char *end, struct span out[RECEIPTLINE_CELLS_MAX])
{
    size_t count = 0;
    bool has_left = text < end && *text == '|';
    text += has_left;
    for (;;) {
        const char *pipe = find_pipe(parser, text, end);
        if (pipe == NULL) {
            return 0;
        }
        const bool has_right = pipe < end;
        if (count == RECEIPTLINE_CELLS_MAX) {
            parser_refuse(parser, text, "一行の欄は %d までです", RECEIPTLINE_CELLS_MAX);
            return 0;
        }
        const char *inner = text, *inner_end = pipe;
        while (inner < inner_end && is_blank_byte(*inner)) {
            inner++;
        }
        while (inner_end > inner && is_blank_byte(inner_end[-1]) &&
               !(inner_end - inner >= 2 && inner_end[-2] == '\\')) {
            inner_end--;
        }
        const bool touches_left = inner == text, touches_right = inner_end == pipe;
        out[count++] = (struct span){inner, inner_end, leaning(has_left, has_right, touches_left, touches_right)};
        if (!has_right || pipe + 1 == end) {
            return count;
        }
        text = pipe + 1;
        has_left = true;
    }
}

/* A list of widths, and `flow`, say how many cells a line may have: what has no place would be lost. */
static bool
check_cell_count(struct parser *parser, size_t count)
{
    const struct settings *settings = &parser->settings;
    if (settings->mode == WIDTH_LIST && count > settings->width_count) {
        return parser_refuse(parser, parser->line_start, "欄が %zu ありますが、width の指定は %d 欄です", count,
                             settings->width_count);
    }
    if (settings->mode == WIDTH_FLOW && count > 2) {
        return parser_refuse(parser, parser->line_start, "width:flow の行に書けるのは 2 欄までです");
    }
    return true;
}

bool
parse_cells(struct parser *parser, const char *text, const char *end)
{
    struct span spans[RECEIPTLINE_CELLS_MAX];
    const size_t count = split(parser, text, end, spans);
    if (count == 0) {
        return false;
    }
    if (count == 1 && spans[0].text < spans[0].end && *spans[0].text == '{') {
        return parse_property(parser, spans[0].text, spans[0].end, spans[0].align);
    }
    struct node node = {.kind = NODE_ROW, .cell_count = (uint32_t)count};
    if (!check_cell_count(parser, count) || !parser_settings(parser, &node.settings)) {
        return false;
    }
    node.first_cell = (uint32_t)parser->program->cell_count;
    for (size_t i = 0; i < count; i++) {
        struct cell cell = {.align = spans[i].align, .first_atom = (uint32_t)parser->program->atom_count};
        if (!parse_text(parser, spans[i].text, spans[i].end, &node.is_optional)) {
            return false;
        }
        cell.atom_count = (uint32_t)parser->program->atom_count - cell.first_atom;
        if (!parser_add_cell(parser, &cell)) {
            return false;
        }
    }
    return parser_add_node(parser, &node);
}
