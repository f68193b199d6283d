/* What the names of a template stand for, right now. */
#include "common/receiptline/painter.h"

#include <string.h>

const struct receiptline_value *
painter_value(const struct painter *painter, struct reference name, struct receiptline_value *columns)
{
    if (name.level == LEVEL_COLUMNS) {
        *columns = (struct receiptline_value){.number = painter->columns};
        return columns;
    }
    return &painter->records[name.level][name.index];
}

static bool
compare_numbers(enum comparison comparison, int64_t left, int64_t right)
{
    switch (comparison) {
    case COMPARE_EQUAL:
        return left == right;
    case COMPARE_UNEQUAL:
        return left != right;
    case COMPARE_LESS:
        return left < right;
    case COMPARE_AT_MOST:
        return left <= right;
    case COMPARE_MORE:
        return left > right;
    case COMPARE_AT_LEAST:
        return left >= right;
    case COMPARE_NONE:
        break;
    }
    return left != 0;
}

static bool
is_told(enum receiptline_kind kind, const struct receiptline_value *value)
{
    switch (kind) {
    case RECEIPTLINE_TEXT:
    case RECEIPTLINE_PARAGRAPH:
        return value->text != NULL && value->text[0] != '\0';
    case RECEIPTLINE_DATE:
        return value->date.year != 0;
    case RECEIPTLINE_LIST:
        return value->rows.count > 0;
    case RECEIPTLINE_YEN:
    case RECEIPTLINE_NUMBER:
    case RECEIPTLINE_MOMENT:
    case RECEIPTLINE_FLAG:
        break;
    }
    return value->number != 0;
}

bool
painter_condition(const struct painter *painter, const struct condition *condition)
{
    struct receiptline_value columns;
    const struct receiptline_value *value = painter_value(painter, condition->name, &columns);
    const enum receiptline_kind kind = (enum receiptline_kind)condition->name.kind;
    bool is_true;
    if (condition->comparison == COMPARE_NONE) {
        is_true = is_told(kind, value);
    } else if (kind == RECEIPTLINE_TEXT) {
        const char *literal = buffer_text(&painter->program->texts) + condition->text;
        is_true =
            (strcmp(value->text != NULL ? value->text : "", literal) == 0) == (condition->comparison == COMPARE_EQUAL);
    } else {
        is_true = compare_numbers(condition->comparison, value->number, condition->number);
    }
    return is_true != condition->is_negated;
}

void
painter_plain_text(struct painter *painter, const struct cell *cell, struct buffer *out)
{
    const struct atom *atom = painter->program->atoms + cell->first_atom;
    for (const struct atom *end = atom + cell->atom_count; atom < end; atom++) {
        struct receiptline_value columns;
        if (atom->kind == ATOM_TEXT) {
            buffer_append(out, buffer_text(&painter->program->texts) + atom->text.offset, atom->text.length);
        } else if (atom->kind == ATOM_FIELD) {
            const struct receiptline_value *value = painter_value(painter, atom->field.name, &columns);
            bool is_empty;
            if (atom->field.name.kind == RECEIPTLINE_TEXT) {
                buffer_append_text(out, value->text != NULL ? value->text : "");
            } else {
                (void)program_format(out, &atom->field, value, &is_empty);
            }
        }
    }
}

/* ---- a row's cells ----------------------------------------------------------------------------------------------- */

static struct piece *
add_piece(struct painter *painter, struct receiptline_style style)
{
    if (painter->piece_count == PIECES_MAX) {
        painter->status = STATUS_OVERFLOW;
        painter->piece_count = 0; /* the paper is thrown away */
    }
    struct piece *piece = &painter->pieces[painter->piece_count++];
    *piece = (struct piece){.style = style};
    return piece;
}

static void
add_break(struct painter *painter, struct content *content)
{
    add_piece(painter, (struct receiptline_style){.width = 1, .height = 1})->is_break = true;
    content->has_break = true;
}

/* LENGTH bytes of a value's text, cleaned into the scratch. */
static void
add_cleaned(struct painter *painter, struct content *content, struct receiptline_style style, const char *text,
            size_t length)
{
    struct piece *piece = add_piece(painter, style);
    piece->offset = painter->scratch.length;
    piece->columns = typeset_clean_part(&painter->scratch, text, length);
    piece->length = painter->scratch.length - piece->offset;
    content->columns += piece->columns * style.width;
}

static void
add_paragraph(struct painter *painter, struct content *content, struct receiptline_style style, const char *text)
{
    for (;;) {
        const size_t length = strcspn(text, "\n");
        add_cleaned(painter, content, style, text, length);
        if (text[length] == '\0') {
            return;
        }
        add_break(painter, content);
        text += length + 1;
    }
}

/* False when the field is empty and leaves the row out. */
static bool
add_field(struct painter *painter, struct content *content, const struct atom *atom)
{
    struct receiptline_value columns;
    const struct receiptline_value *value = painter_value(painter, atom->field.name, &columns);
    bool is_empty;
    if (atom->field.name.kind == RECEIPTLINE_PARAGRAPH && value->text != NULL && value->text[0] != '\0') {
        add_paragraph(painter, content, atom->style, value->text);
        return true;
    }
    struct piece *piece = add_piece(painter, atom->style);
    piece->offset = painter->scratch.length;
    piece->columns = program_format(&painter->scratch, &atom->field, value, &is_empty);
    piece->length = painter->scratch.length - piece->offset;
    content->columns += piece->columns * atom->style.width;
    return !(is_empty && atom->field.is_optional);
}

static bool
assemble_cell(struct painter *painter, const struct cell *cell, struct content *content)
{
    const struct receiptline_template *program = painter->program;
    const size_t end = (size_t)cell->first_atom + cell->atom_count;
    *content = (struct content){.first_piece = painter->piece_count, .align = cell->align};
    for (size_t i = cell->first_atom; i < end;) {
        const struct atom *atom = &program->atoms[i++];
        switch (atom->kind) {
        case ATOM_TEXT: {
            struct piece *piece = add_piece(painter, atom->style);
            piece->text = buffer_text(&program->texts) + atom->text.offset;
            piece->length = atom->text.length;
            piece->columns = atom->text.columns;
            content->columns += piece->columns * atom->style.width;
            break;
        }
        case ATOM_BREAK:
            add_break(painter, content);
            break;
        case ATOM_FIELD:
            if (!add_field(painter, content, atom)) {
                return false;
            }
            break;
        case ATOM_IF:
            i = painter_condition(painter, &program->conditions[atom->condition]) ? i : atom->target;
            break;
        case ATOM_SKIP:
            i = atom->target;
            break;
        }
    }
    content->piece_count = painter->piece_count - content->first_piece;
    return true;
}

bool
painter_assemble(struct painter *painter, const struct node *node)
{
    buffer_clear(&painter->scratch);
    painter->piece_count = 0;
    for (size_t i = 0; i < node->cell_count; i++) {
        if (!assemble_cell(painter, &painter->program->cells[node->first_cell + i], &painter->contents[i])) {
            return false;
        }
    }
    if (buffer_check(&painter->scratch, NULL) != STATUS_OK) {
        painter->status = STATUS_OVERFLOW;
        return false;
    }
    const char *scratch = buffer_text(&painter->scratch);
    for (size_t i = 0; i < painter->piece_count; i++) {
        struct piece *piece = &painter->pieces[i];
        piece->text = piece->text != NULL ? piece->text : scratch + piece->offset;
    }
    return true;
}
