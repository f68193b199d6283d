/* The walk over a compiled template: blocks are decided, rows laid out, everything else handed to the output. */
#include "common/receiptline/painter.h"
#include "common/receiptline/symbols.h"

#include <stdlib.h>

static void run(struct painter *painter, uint32_t first, uint32_t last);

static bool
may_go_on(struct painter *painter)
{
    if (painter->status == STATUS_OK && ++painter->steps > STEPS_MAX) {
        painter->status = STATUS_OVERFLOW;
    }
    return painter->status == STATUS_OK;
}

/* Whether all cells between FIRST and LAST stand side by side without being broken. */
static bool
fits(struct painter *painter, uint32_t first, uint32_t last)
{
    const bool was_measuring = painter->is_measuring, did_fit = painter->does_fit;
    painter->is_measuring = true;
    painter->does_fit = true;
    run(painter, first, last);
    const bool result = painter->does_fit;
    painter->is_measuring = was_measuring;
    painter->does_fit = did_fit;
    return result;
}

static void
repeat(struct painter *painter, const struct node *node, uint32_t first)
{
    const struct receiptline_value *list = &painter->records[node->list.level][node->list.index];
    const size_t count = list->rows.count;
    painter->level++;
    for (size_t i = 0; i < count && painter->status == STATUS_OK; i++) {
        painter->records[painter->level] = list->rows.first + i * node->list.row_values;
        run(painter, first, node->next);
    }
    painter->level--;
}

static void
print_rule(struct painter *painter, const struct settings *settings)
{
    if (settings->border == BORDER_LINE && settings->mode == WIDTH_LIST) {
        unsigned widths[RECEIPTLINE_CELLS_MAX];
        const size_t count = program_widths(settings, 1, painter->columns, widths);
        painter_frame_rule(painter, painter_area(painter, settings).left, widths, count);
        return;
    }
    painter_frame_end(painter);
    painter->output->rule(painter->output->context, painter_area(painter, settings));
}

/* What cannot be a code is printed in words: the clerk can type them. */
static void
print_as_text(struct painter *painter, const char *text)
{
    buffer_clear(&painter->scratch);
    const size_t columns = typeset_clean(&painter->scratch, text);
    painter->pieces[0] = (struct piece){.text = buffer_text(&painter->scratch),
                                        .length = painter->scratch.length,
                                        .columns = columns,
                                        .style = {.width = 1, .height = 1}};
    painter->piece_count = 1;
    painter->contents[0] = (struct content){.piece_count = 1, .columns = columns, .align = RECEIPTLINE_CENTER};
    painter_wrap(painter, &(struct slot){0, painter->columns}, 1, 1, /* is_cutting= */ false);
}

/* Bars that are wider than their area are made of the thinnest, or else become a QR code: a printer would print nothing
 * in their place. */
static void
fit_code(struct receiptline_code *code, unsigned width)
{
    enum { COLUMN_DOTS = 12, THINNEST = 2, CELL_DOTS = 5 };
    if (symbols_code_dots(code) > width * COLUMN_DOTS) {
        code->module_dots = THINNEST;
    }
    if (symbols_code_dots(code) > width * COLUMN_DOTS) {
        code->kind = RECEIPTLINE_QR;
        code->cell_dots = CELL_DOTS;
        code->level = 'm';
    }
}

static void
print_symbol(struct painter *painter, const struct node *node)
{
    const struct settings *settings = &painter->program->settings[node->settings];
    const struct cell *cell = &painter->program->cells[node->first_cell];
    struct receiptline_area area = painter_area(painter, settings);
    struct buffer text;
    area.align = cell->align;
    buffer_init(&text, 2 * RECEIPTLINE_MARKUP_MAX_BYTES);
    painter_plain_text(painter, cell, &text);
    if (buffer_check(&text, NULL) != STATUS_OK) {
        painter->status = STATUS_OVERFLOW;
    } else if (text.length > 0 && node->kind == NODE_IMAGE) {
        painter->output->image(painter->output->context, area, buffer_text(&text), text.length);
    } else if (text.length > 0) {
        struct receiptline_code code = settings->code;
        code.text = buffer_text(&text);
        if (receiptline_code_check(code.kind, code.text, text.length, NULL)) {
            fit_code(&code, area.width);
            painter->output->code(painter->output->context, area, &code);
        } else {
            print_as_text(painter, code.text);
        }
    }
    buffer_finish(&text);
}

static void
print_node(struct painter *painter, const struct node *node)
{
    if (node->kind == NODE_ROW) {
        painter_row(painter, node);
        return;
    }
    if (painter->is_measuring) {
        return;
    }
    if (node->kind == NODE_RULE) {
        print_rule(painter, &painter->program->settings[node->settings]);
    } else {
        painter_frame_end(painter);
        if (node->kind == NODE_CUT) {
            painter->output->cut(painter->output->context);
        } else {
            print_symbol(painter, node);
        }
    }
    painter->has_cut = node->kind == NODE_CUT;
}

/* Whether the arm at INDEX is the one. */
static bool
takes_arm(struct painter *painter, const struct node *node, uint32_t index)
{
    return node->kind == NODE_ELSE ||
           (node->kind == NODE_IF && painter_condition(painter, &painter->program->conditions[node->condition])) ||
           (node->kind == NODE_FIT && fits(painter, index + 1, node->next));
}

static void
run(struct painter *painter, uint32_t first, uint32_t last)
{
    const struct node *nodes = painter->program->nodes;
    uint32_t i = first;
    while (i < last && may_go_on(painter)) {
        const struct node *node = &nodes[i];
        switch (node->kind) {
        case NODE_EACH:
            repeat(painter, node, i + 1);
            i = node->next;
            break;
        case NODE_IF:
        case NODE_FIT:
        case NODE_ELSE:
            if (takes_arm(painter, node, i)) {
                run(painter, i + 1, node->next);
                i = node->finish;
            } else {
                i = node->next;
            }
            break;
        case NODE_END:
            i++;
            break;
        case NODE_ROW:
        case NODE_RULE:
        case NODE_CUT:
        case NODE_CODE:
        case NODE_IMAGE:
            print_node(painter, node);
            i++;
            break;
        }
    }
}

enum status
receiptline_render(const struct receiptline_template *template, const struct receiptline_value *values,
                   unsigned columns, const struct receiptline_output *output, struct error_detail *err)
{
    struct painter *painter = malloc(sizeof *painter); /* its large arrays are filled as they are needed */
    if (painter == NULL) {
        error_set(err, "no_memory", "no memory for a paper");
        return STATUS_NO_MEMORY;
    }
    painter->program = template;
    painter->output = output;
    painter->columns = columns < RECEIPTLINE_COLUMNS_MIN   ? RECEIPTLINE_COLUMNS_MIN
                       : columns > RECEIPTLINE_COLUMNS_MAX ? RECEIPTLINE_COLUMNS_MAX
                                                           : columns;
    painter->records[0] = values;
    painter->level = painter->steps = painter->rows = 0;
    painter->is_measuring = painter->has_cut = painter->frame.is_open = false;
    painter->does_fit = true;
    painter->status = STATUS_OK;
    painter->x = 0;
    buffer_init(&painter->scratch, RECEIPTLINE_ROW_MAX_BYTES);
    buffer_init(&painter->joined, 2 * RECEIPTLINE_ROW_MAX_BYTES);

    run(painter, 0, (uint32_t) template->node_count);
    painter_frame_end(painter);
    if (!painter->has_cut) {
        output->cut(output->context);
    }

    const enum status status = painter->status;
    buffer_finish(&painter->scratch);
    buffer_finish(&painter->joined);
    free(painter);
    if (status != STATUS_OK) {
        error_set(err, "paper_too_long", "この用紙は長すぎます。ひな形の繰返しと文字の量を確かめてください。");
    }
    return status;
}
