/* {key:value; …}: how the lines from here on are laid out, and codes and pictures. Unknown keys and values that are out
 * of range are refused, not passed over, so that a slip of the pen is seen when the template is checked. */
#include "common/receiptline/parser.h"

#include "common/receiptline/symbols.h"

#include <string.h>

enum { KEY_MAX_BYTES = 16, WORD_MAX_BYTES = 24, BORDER_MAX_COLUMNS = 2 };

static const char escapable[] = "\\|{};";

struct member {
    const char *key, *key_end;
    const char *value, *value_end;
};

static bool
key_is(const struct member *member, const char *name, const char *letter)
{
    const size_t length = (size_t)(member->key_end - member->key);
    return (strlen(name) == length && memcmp(member->key, name, length) == 0) ||
           (strlen(letter) == length && memcmp(member->key, letter, length) == 0);
}

/* Where the byte C stands in TEXT, not escaped; END when it does not. */
static const char *
find_plain(const char *text, const char *end, char c)
{
    while (text < end && *text != c) {
        text += *text == '\\' && text + 1 < end ? 2 : 1;
    }
    return text < end ? text : end;
}

static void
trim(const char **text, const char **end)
{
    while (*text < *end && is_blank_byte(**text)) {
        (*text)++;
    }
    while (*end > *text && is_blank_byte((*end)[-1])) {
        (*end)--;
    }
}

/* ---- words of a value -------------------------------------------------------------------------------------------- */

struct words {
    struct parser *parser;
    const char *at, *end;
    const char *word_at;
    char word[WORD_MAX_BYTES]; /* lower case */
};

static bool
is_separator(char c)
{
    return is_blank_byte(c) || c == ',';
}

/* The next word; false at the end, or when it is too long to be one (refused then: `word` is ""). */
static bool
next_word(struct words *words)
{
    size_t length = 0;
    while (words->at < words->end && is_separator(*words->at)) {
        words->at++;
    }
    words->word_at = words->at;
    while (words->at < words->end && !is_separator(*words->at) && length + 1 < sizeof words->word) {
        const char c = *words->at++;
        words->word[length++] = c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
    }
    words->word[length] = '\0';
    return length > 0;
}

/* WORD as a number of at most three digits; −1 for anything else. */
static int
number_of(const char *word)
{
    const size_t length = strlen(word);
    if (length == 0 || length > 3 || strspn(word, "0123456789") != length) {
        return -1;
    }
    int number = 0;
    for (size_t i = 0; i < length; i++) {
        number = number * 10 + (word[i] - '0');
    }
    return number;
}

static bool
refuse_word(const struct words *words, const char *key)
{
    return parser_refuse(words->parser, words->word_at, "%s に「%s」とは書けません", key, words->word);
}

static bool
set_width(struct words *words, struct settings *settings)
{
    settings->mode = WIDTH_AUTO;
    settings->width_count = 0;
    while (next_word(words)) {
        const int number = number_of(words->word);
        const bool is_star = strcmp(words->word, "*") == 0;
        if (settings->width_count == 0 && strcmp(words->word, "auto") == 0) {
            continue;
        }
        if (settings->width_count == 0 && strcmp(words->word, "flow") == 0) {
            settings->mode = WIDTH_FLOW;
            continue;
        }
        if ((!is_star && number < 0) || settings->mode == WIDTH_FLOW ||
            settings->width_count == RECEIPTLINE_CELLS_MAX) {
            return refuse_word(words, "width");
        }
        settings->mode = WIDTH_LIST;
        settings->widths[settings->width_count++] = is_star ? WIDTH_STAR : (uint16_t)number;
    }
    return true;
}

static bool
set_border(struct words *words, struct settings *settings)
{
    settings->border = 1;
    if (!next_word(words)) {
        return true;
    }
    const int number = number_of(words->word);
    if (strcmp(words->word, "line") == 0) {
        settings->border = BORDER_LINE;
    } else if (strcmp(words->word, "none") == 0) {
        settings->border = 0;
    } else if (number >= 0 && number <= BORDER_MAX_COLUMNS) {
        settings->border = (int8_t)number;
    } else if (strcmp(words->word, "space") != 0) {
        return refuse_word(words, "border");
    }
    return !next_word(words) || refuse_word(words, "border");
}

static bool
set_align(struct words *words, struct settings *settings)
{
    settings->align = RECEIPTLINE_CENTER;
    if (!next_word(words)) {
        return true;
    }
    if (strcmp(words->word, "left") == 0) {
        settings->align = RECEIPTLINE_LEFT;
    } else if (strcmp(words->word, "right") == 0) {
        settings->align = RECEIPTLINE_RIGHT;
    } else if (strcmp(words->word, "center") != 0) {
        return refuse_word(words, "align");
    }
    return !next_word(words) || refuse_word(words, "align");
}

static bool
set_text(struct words *words, struct settings *settings)
{
    settings->is_cutting = false;
    if (!next_word(words)) {
        return true;
    }
    settings->is_cutting = strcmp(words->word, "nowrap") == 0;
    if (!settings->is_cutting && strcmp(words->word, "wrap") != 0) {
        return refuse_word(words, "text");
    }
    return !next_word(words) || refuse_word(words, "text");
}

static bool
set_code_number(struct receiptline_code *code, int number)
{
    enum { BAR_MIN = 2, BAR_MAX = 4, CELL_MIN = 3, CELL_MAX = 8, HEIGHT_MIN = 24, HEIGHT_MAX = 240 };
    const bool is_bar = number >= BAR_MIN && number <= BAR_MAX;
    const bool is_cell = number >= CELL_MIN && number <= CELL_MAX;
    if (number >= HEIGHT_MIN && number <= HEIGHT_MAX) {
        code->height_dots = (unsigned)number;
        return true;
    }
    if (is_bar) {
        code->module_dots = (unsigned)number;
    }
    if (is_cell) {
        code->cell_dots = (unsigned)number;
    }
    return is_bar || is_cell;
}

static bool
set_option(struct words *words, struct settings *settings)
{
    static const struct {
        const char *word;
        enum receiptline_code_kind kind;
    } kinds[] = {{"upc", RECEIPTLINE_UPC},       {"ean", RECEIPTLINE_EAN},       {"jan", RECEIPTLINE_EAN},
                 {"code39", RECEIPTLINE_CODE39}, {"itf", RECEIPTLINE_ITF},       {"codabar", RECEIPTLINE_CODABAR},
                 {"nw7", RECEIPTLINE_CODABAR},   {"code93", RECEIPTLINE_CODE93}, {"code128", RECEIPTLINE_CODE128},
                 {"qrcode", RECEIPTLINE_QR}};
    struct receiptline_code *code = &settings->code;
    while (next_word(words)) {
        const char *word = words->word;
        bool is_known = false;
        for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
            if (strcmp(word, kinds[i].word) == 0) {
                code->kind = kinds[i].kind;
                is_known = true;
            }
        }
        if (strcmp(word, "hri") == 0 || strcmp(word, "nohri") == 0) {
            code->has_text = word[0] == 'h';
            is_known = true;
        } else if (word[1] == '\0' && strchr("lmqh", word[0]) != NULL) {
            code->level = word[0];
            is_known = true;
        }
        if (!is_known && !set_code_number(code, number_of(word))) {
            return refuse_word(words, "option");
        }
    }
    return true;
}

/* ---- what prints ------------------------------------------------------------------------------------------------- */

static bool
flush_value(struct parser *parser, struct buffer *text)
{
    struct atom atom = {.kind = ATOM_TEXT};
    if (text->length == 0) {
        return true;
    }
    atom.text.length = (uint32_t)text->length;
    const bool is_added =
        parser_add_text(parser, text->data, text->length, &atom.text.offset) && parser_add_atom(parser, &atom);
    buffer_clear(text);
    return is_added;
}

/* The value as atoms: literal text and fields. */
static bool
gather_value(struct parser *parser, struct buffer *text, const char *at, const char *end)
{
    while (at < end) {
        if (*at == '\\') {
            int c;
            if (!parse_escape(parser, &at, end, escapable, &c)) {
                return false;
            }
            buffer_append_byte(text, (unsigned)c);
        } else if (*at == '[' && at + 1 < end && at[1] == '[') {
            struct tag tag;
            const char *close = tag_end(parser, at, end);
            if (close == NULL || !flush_value(parser, text) || !parse_tag(parser, at, close, &tag)) {
                return false;
            }
            if (tag.kind != TAG_FIELD) {
                return parser_refuse(parser, at, "指定の中に書けるのは値の名前だけです");
            }
            if (!parser_add_atom(parser, &(struct atom){.kind = ATOM_FIELD, .field = tag.field})) {
                return false;
            }
            at = close;
        } else {
            buffer_append_byte(text, (unsigned char)*at++);
        }
    }
    return flush_value(parser, text);
}

/* A literal content is checked now; one with fields, when it is printed. */
static bool
check_literal(struct parser *parser, const struct member *member, enum node_kind kind, const struct cell *cell)
{
    const struct receiptline_template *program = parser->program;
    const struct atom *atom = &program->atoms[cell->first_atom];
    struct error_detail why;
    if (cell->atom_count == 0) {
        return parser_refuse(parser, member->value, "中身がありません");
    }
    if (cell->atom_count > 1 || atom->kind != ATOM_TEXT) {
        return true;
    }
    const char *text = buffer_text(&program->texts) + atom->text.offset;
    const bool is_good = kind == NODE_CODE
                             ? receiptline_code_check(parser->settings.code.kind, text, atom->text.length, &why)
                             : symbols_image_check(text, atom->text.length, &why);
    return is_good || parser_refuse(parser, member->value, "%s", why.message);
}

static bool
add_printed(struct parser *parser, const struct member *member, enum node_kind kind, enum receiptline_align align)
{
    struct cell cell = {.align = align, .first_atom = (uint32_t)parser->program->atom_count};
    struct node node = {.kind = kind, .first_cell = (uint32_t)parser->program->cell_count, .cell_count = 1};
    struct buffer text;
    buffer_init(&text, RECEIPTLINE_MARKUP_MAX_BYTES + 1);
    bool is_good = gather_value(parser, &text, member->value, member->value_end);
    buffer_finish(&text);
    cell.atom_count = (uint32_t)parser->program->atom_count - cell.first_atom;
    is_good = is_good && check_literal(parser, member, kind, &cell);
    return is_good && parser_settings(parser, &node.settings) && parser_add_cell(parser, &cell) &&
           parser_add_node(parser, &node);
}

/* ---- members ----------------------------------------------------------------------------------------------------- */

/* The members that set something; *OUT_KNOWN tells whether this is one. */
static bool
apply_setting(struct parser *parser, const struct member *member, bool *out_known)
{
    static const struct {
        const char *name, *letter;
        bool (*set)(struct words *words, struct settings *settings);
    } settings[] = {{"width", "w", set_width},
                    {"border", "b", set_border},
                    {"align", "a", set_align},
                    {"text", "t", set_text},
                    {"option", "o", set_option}};
    *out_known = true;
    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++) {
        if (key_is(member, settings[i].name, settings[i].letter)) {
            struct words words = {.parser = parser, .at = member->value, .end = member->value_end};
            parser->settings_are_stored = false;
            return settings[i].set(&words, &parser->settings);
        }
    }
    *out_known = false;
    return true;
}

static bool
check_member(struct parser *parser, const struct member *member)
{
    bool is_known;
    if (!apply_setting(parser, member, &is_known)) {
        return false;
    }
    if (is_known) {
        return true;
    }
    if (key_is(member, "command", "x")) {
        return parser_refuse(parser, member->key,
                             "command は使えません。プリンタへの命令をひな形から送ることはできません");
    }
    if (key_is(member, "image", "i") || key_is(member, "code", "c") || key_is(member, "comment", "_")) {
        return true;
    }
    return parser_refuse(parser, member->key,
                         "知らない指定です。image、code、option、align、width、border、text、comment が使えます");
}

/* The next member of the property at *CURSOR; false at the end. */
static bool
next_member(const char **cursor, const char *end, struct member *out)
{
    while (*cursor < end) {
        const char *stop = find_plain(*cursor, end, ';');
        const char *colon = find_plain(*cursor, stop, ':');
        *out = (struct member){*cursor, colon, colon < stop ? colon + 1 : stop, stop};
        trim(&out->key, &out->key_end);
        trim(&out->value, &out->value_end);
        *cursor = stop < end ? stop + 1 : end;
        if (out->key < out->key_end || out->value < out->value_end) {
            return true;
        }
    }
    return false;
}

bool
parse_property(struct parser *parser, const char *text, const char *end, enum receiptline_align align)
{
    const char *close = find_plain(text + 1, end, '}');
    if (close == end) {
        return parser_refuse(parser, text, "「{」を閉じる「}」がありません");
    }
    if (close + 1 != end) {
        return parser_refuse(parser, close + 1, "指定 { } の後に文字は書けません");
    }
    const char *nested = find_plain(text + 1, close, '{');
    if (nested != close) {
        return parser_refuse(parser, nested, "指定の中の「{」は「\\{」と書きます");
    }
    struct member member;
    for (const char *cursor = text + 1; next_member(&cursor, close, &member);) {
        if (!check_member(parser, &member)) {
            return false;
        }
    }
    /* An option counts for the code beside it, whichever comes first. */
    for (const char *cursor = text + 1; next_member(&cursor, close, &member);) {
        const bool is_image = key_is(&member, "image", "i");
        if ((is_image || key_is(&member, "code", "c")) &&
            !add_printed(parser, &member, is_image ? NODE_IMAGE : NODE_CODE, align)) {
            return false;
        }
    }
    return true;
}
