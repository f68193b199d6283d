/* [[tags]]: names, formats, conditions and blocks. A name that no record has is refused here, so that a slip of the pen
 * is seen when the template is checked and not on a citizen's receipt. */
#include "common/receiptline/parser.h"

#include <stdlib.h>
#include <string.h>

enum { WORD_MAX_BYTES = 64, PAD_MAX_COLUMNS = RECEIPTLINE_COLUMNS_MAX, DIGITS_MAX = 15 };

const char *
tag_end(struct parser *parser, const char *text, const char *end)
{
    for (const char *c = text + 2; c + 1 < end; c++) {
        if (c[0] == ']' && c[1] == ']') {
            return c + 2;
        }
        if (c[0] == '[' && c[1] == '[') {
            break;
        }
    }
    parser_refuse(parser, text, "「[[」を閉じる「]]」がこの行にありません");
    return NULL;
}

/* What is left of a tag. */
struct cursor {
    const char *at, *end;
};

static void
skip_blanks(struct cursor *cursor)
{
    while (cursor->at < cursor->end && is_blank_byte(*cursor->at)) {
        cursor->at++;
    }
}

static bool
is_word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

/* The word at the cursor, in OUT; "" when there is none. */
static const char *
take_word(struct cursor *cursor, char out[WORD_MAX_BYTES])
{
    size_t length = 0;
    skip_blanks(cursor);
    while (cursor->at < cursor->end && is_word_byte(*cursor->at) && length + 1 < WORD_MAX_BYTES) {
        out[length++] = *cursor->at++;
    }
    out[length] = '\0';
    return out;
}

/* Resolve WORD, the innermost record first. */
static bool
find_name(struct parser *parser, const char *at, const char *word, struct reference *out,
          const struct receiptline_schema **out_rows)
{
    if (strcmp(word, "columns") == 0) {
        *out = (struct reference){.level = LEVEL_COLUMNS, .kind = RECEIPTLINE_NUMBER};
        return true;
    }
    for (size_t level = parser->level + 1; level-- > 0;) {
        const struct receiptline_schema *schema = parser->scopes[level];
        for (size_t i = 0; i < schema->count; i++) {
            const struct receiptline_name *name = &schema->names[i];
            if (strcmp(name->name, word) != 0 || (level == 0 && (name->scope & parser->scope_bits) == 0)) {
                continue;
            }
            *out = (struct reference){.level = (uint8_t)level, .kind = (uint8_t)name->kind, .index = (uint16_t)i};
            if (name->kind == RECEIPTLINE_LIST) {
                out->row_values = (uint16_t)name->rows->count;
                *out_rows = name->rows;
            }
            return true;
        }
    }
    return word[0] == '\0' ? parser_refuse(parser, at, "[[ ]] の中に名前がありません")
                           : parser_refuse(parser, at, "「%s」という名前はありません", word);
}

/* ---- formats ----------------------------------------------------------------------------------------------------- */

static const struct {
    const char *word;
    enum format format;
    uint32_t kinds; /* bits of enum receiptline_kind */
} formats[] = {
#define KIND(kind) (1u << RECEIPTLINE_##kind)
    {"number", FORMAT_NUMBER, KIND(YEN) | KIND(NUMBER)},
    {"plain", FORMAT_PLAIN, KIND(YEN) | KIND(NUMBER)},
    {"signed", FORMAT_SIGNED, KIND(YEN)},
    {"date", FORMAT_DATE, KIND(DATE) | KIND(MOMENT)},
    {"slash", FORMAT_SLASH, KIND(DATE) | KIND(MOMENT)},
    {"iso", FORMAT_ISO, KIND(DATE) | KIND(MOMENT)},
    {"era", FORMAT_ERA, KIND(DATE) | KIND(MOMENT)},
    {"minute", FORMAT_MINUTE, KIND(MOMENT)},
    {"time", FORMAT_TIME, KIND(MOMENT)},
    {"second", FORMAT_SECOND, KIND(MOMENT)},
#undef KIND
};

static bool
parse_format(struct parser *parser, struct cursor *cursor, struct field *field)
{
    char word[WORD_MAX_BYTES];
    const char *at = cursor->at;
    take_word(cursor, word);
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        if (strcmp(formats[i].word, word) == 0) {
            if ((formats[i].kinds >> field->name.kind & 1) == 0) {
                return parser_refuse(parser, at, "書式「%s」は、この名前の値には使えません", word);
            }
            field->format = (uint8_t)formats[i].format;
            return true;
        }
    }
    return parser_refuse(parser, at, "「%s」という書式はありません", word);
}

static bool
parse_padding(struct parser *parser, struct cursor *cursor, struct field *field)
{
    char word[WORD_MAX_BYTES];
    const char *at = cursor->at;
    field->is_padded_left = *cursor->at++ == '>';
    const long columns = strtol(take_word(cursor, word), NULL, 10);
    if (columns < 1 || columns > PAD_MAX_COLUMNS) {
        return parser_refuse(parser, at, "「<」「>」の後には、幅を 1 から %d までの数で書きます", PAD_MAX_COLUMNS);
    }
    field->pad_columns = (uint8_t)columns;
    return true;
}

/* NAME [?] [:FORMAT] [>N | <N], the name already taken. */
static bool
parse_field(struct parser *parser, struct cursor *cursor, struct field *field)
{
    if (field->name.kind == RECEIPTLINE_LIST) {
        return parser_refuse(parser, cursor->at, "一覧は [[each …]] で一行ずつ書きます");
    }
    if (field->name.kind == RECEIPTLINE_FLAG) {
        return parser_refuse(parser, cursor->at, "この名前は条件 [[if …]] にだけ使えます");
    }
    skip_blanks(cursor);
    while (cursor->at < cursor->end) {
        const char c = *cursor->at;
        if (c == '?') {
            cursor->at++;
            field->is_optional = true;
        } else if (c == ':') {
            cursor->at++;
            if (!parse_format(parser, cursor, field)) {
                return false;
            }
        } else if (c == '<' || c == '>') {
            if (!parse_padding(parser, cursor, field)) {
                return false;
            }
        } else {
            return parser_refuse(parser, cursor->at, "ここに「%.1s」は書けません", (c & 0x80) != 0 ? "?" : cursor->at);
        }
        skip_blanks(cursor);
    }
    return true;
}

/* ---- conditions -------------------------------------------------------------------------------------------------- */

static enum comparison
take_comparison(struct cursor *cursor)
{
    static const struct {
        const char *sign;
        enum comparison comparison;
    } signs[] = {{"!=", COMPARE_UNEQUAL}, {"<=", COMPARE_AT_MOST}, {">=", COMPARE_AT_LEAST},
                 {"=", COMPARE_EQUAL},    {"<", COMPARE_LESS},     {">", COMPARE_MORE}};
    skip_blanks(cursor);
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        const size_t length = strlen(signs[i].sign);
        if ((size_t)(cursor->end - cursor->at) >= length && memcmp(cursor->at, signs[i].sign, length) == 0) {
            cursor->at += length;
            return signs[i].comparison;
        }
    }
    return COMPARE_NONE;
}

/* The right side: a number, or for texts a word. */
static bool
parse_literal(struct parser *parser, struct cursor *cursor, struct condition *condition)
{
    char word[WORD_MAX_BYTES];
    skip_blanks(cursor);
    const char *at = cursor->at;
    take_word(cursor, word);
    if (condition->name.kind == RECEIPTLINE_TEXT) {
        if (condition->comparison != COMPARE_EQUAL && condition->comparison != COMPARE_UNEQUAL) {
            return parser_refuse(parser, at, "文字は「=」か「!=」で比べます");
        }
        return parser_add_text(parser, word, strlen(word), &condition->text);
    }
    if (condition->name.kind != RECEIPTLINE_YEN && condition->name.kind != RECEIPTLINE_NUMBER) {
        return parser_refuse(parser, at, "この名前の値は比べられません");
    }
    char *end;
    condition->number = strtoll(word, &end, 10);
    if (word[0] == '\0' || *end != '\0' || strlen(word) > DIGITS_MAX) {
        return parser_refuse(parser, at, "比べる相手は数で書きます");
    }
    return true;
}

static bool
parse_condition(struct parser *parser, struct cursor *cursor, struct condition *condition)
{
    char word[WORD_MAX_BYTES];
    const struct receiptline_schema *rows = NULL;
    skip_blanks(cursor);
    const char *at = cursor->at;
    take_word(cursor, word);
    if (strcmp(word, "not") == 0) {
        condition->is_negated = true;
        skip_blanks(cursor);
        at = cursor->at;
        take_word(cursor, word);
    }
    if (!find_name(parser, at, word, &condition->name, &rows)) {
        return false;
    }
    condition->comparison = take_comparison(cursor);
    return condition->comparison == COMPARE_NONE || parse_literal(parser, cursor, condition);
}

/* ---- tags -------------------------------------------------------------------------------------------------------- */

static bool
parse_keyword(struct parser *parser, struct cursor *cursor, const char *word, struct tag *out, bool *out_is_keyword)
{
    char second[WORD_MAX_BYTES];
    *out_is_keyword = true;
    if (strcmp(word, "end") == 0) {
        out->kind = TAG_END;
        return true;
    }
    if (strcmp(word, "fit") == 0) {
        out->kind = TAG_FIT;
        return true;
    }
    if (strcmp(word, "if") == 0) {
        out->kind = TAG_IF;
        return parse_condition(parser, cursor, &out->condition);
    }
    if (strcmp(word, "each") == 0) {
        skip_blanks(cursor);
        const char *at = cursor->at;
        out->kind = TAG_EACH;
        if (!find_name(parser, at, take_word(cursor, second), &out->list, &out->rows)) {
            return false;
        }
        return out->list.kind == RECEIPTLINE_LIST || parser_refuse(parser, at, "「%s」は一覧ではありません", second);
    }
    if (strcmp(word, "else") == 0) {
        const struct cursor before = *cursor;
        take_word(cursor, second);
        out->kind = strcmp(second, "if") == 0 ? TAG_ELSE_IF : strcmp(second, "fit") == 0 ? TAG_ELSE_FIT : TAG_ELSE;
        if (out->kind == TAG_ELSE) {
            *cursor = before;
        }
        return out->kind != TAG_ELSE_IF || parse_condition(parser, cursor, &out->condition);
    }
    *out_is_keyword = false;
    return true;
}

bool
parse_tag(struct parser *parser, const char *text, const char *end, struct tag *out)
{
    char word[WORD_MAX_BYTES];
    const struct receiptline_schema *rows = NULL;
    struct cursor cursor = {text + 2, end - 2};
    bool is_keyword;
    *out = (struct tag){.kind = TAG_FIELD, .at = text};
    skip_blanks(&cursor);
    const char *at = cursor.at;
    take_word(&cursor, word);
    if (!parse_keyword(parser, &cursor, word, out, &is_keyword)) {
        return false;
    }
    if (!is_keyword) {
        return find_name(parser, at, word, &out->field.name, &rows) && parse_field(parser, &cursor, &out->field);
    }
    skip_blanks(&cursor);
    return cursor.at == cursor.end || parser_refuse(parser, cursor.at, "「]]」の前に余分な文字があります");
}
