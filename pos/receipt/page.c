/* Rows on paper. The one idea: a row is composed in UTF-8 and measured before the printer sees it, so that the printer
 * never has to break one. */
#include "pos/receipt/page.h"

#include "pos/receipt/glyphs.h"
#include "pos/receipt/typeset.h"

#include <assert.h>
#include <string.h>

#define POINT "・"

enum {
    CODE_MODULE_DOTS = 5, /* 0.63 mm: read by a phone at arm's length; 21 modules fit 58 mm paper */
    HEADLINE_MAX_ROWS = 2,
    POINT_COLUMNS = 2
};

void
page_begin(struct page *page, struct buffer *out, unsigned columns)
{
    assert(columns >= PAGE_COLUMNS_MIN);
    assert(columns <= PAGE_COLUMNS_MAX);

    *page = (struct page){.columns = columns};
    buffer_init(&page->left, PAGE_TEXT_MAX_BYTES);
    buffer_init(&page->right, PAGE_TEXT_MAX_BYTES);
    buffer_init(&page->part, PAGE_TEXT_MAX_BYTES);
    escpos_init(&page->printer, out, columns);
    escpos_begin(&page->printer);
}

enum status
page_end(struct page *page, struct error_detail *err)
{
    escpos_cut(&page->printer);
    enum status status = escpos_finish(&page->printer, err);
    buffer_finish(&page->left);
    buffer_finish(&page->right);
    buffer_finish(&page->part);
    return status;
}

/* Clean text, and the columns that it takes. Borrowed from a scratch buffer. */
struct piece {
    const char *text;
    size_t columns;
};

/* TEXT cleaned, in SCRATCH. */
static struct piece
cleaned(struct page *page, struct buffer *scratch, const char *text)
{
    buffer_clear(scratch);
    size_t columns = typeset_clean(scratch, text);
    if (buffer_check(scratch, NULL) != STATUS_OK) {
        page->printer.has_failed = true;
        buffer_clear(scratch);
        columns = 0;
    }
    return (struct piece){buffer_text(scratch), columns};
}

/* COUNT spaces (≤ PAGE_COLUMNS_MAX). */
static const char *
spaces(size_t count)
{
    static const char row[] = "                                                                ";
    _Static_assert(sizeof row == PAGE_COLUMNS_MAX + 1, "a row of spaces");
    assert(count < sizeof row);
    return row + (sizeof row - 1 - count);
}

/* LENGTH bytes of clean TEXT: the one place where text leaves for the printer. */
static void
print_part(struct page *page, const char *text, size_t length)
{
    if (!glyphs_append(page->printer.out, text, length)) {
        page->printer.has_failed = true;
    }
}

static void
print_piece(struct page *page, struct piece piece)
{
    print_part(page, piece.text, strlen(piece.text));
}

static void
print_spaces(struct page *page, size_t count)
{
    buffer_append(page->printer.out, spaces(count), count);
}

static void
end_row(struct page *page)
{
    buffer_append_byte(page->printer.out, '\n');
}

/* Rows at the right edge. */
static void
print_right(struct page *page, const char *text)
{
    while (*text != '\0') {
        const struct typeset_row row = typeset_break(text, page->columns);
        print_spaces(page, page->columns - row.columns);
        print_part(page, text, row.length);
        end_row(page);
        text += row.next;
    }
}

/* Rows INDENT columns in, the last of which is left open. Returns the columns taken there. Points of a list hang: what
 * follows their first row stands under its words. */
static size_t
print_left(struct page *page, unsigned indent, struct piece left)
{
    const char *text = left.text;
    print_spaces(page, indent);
    if (indent + left.columns <= page->columns) {
        print_piece(page, left);
        return indent + left.columns;
    }
    if (strncmp(text, POINT, strlen(POINT)) == 0) {
        print_part(page, POINT, strlen(POINT));
        text += strlen(POINT);
        indent += POINT_COLUMNS;
    }
    const size_t columns = typeset_unwidowed_columns(text, page->columns - indent);
    for (;;) {
        const struct typeset_row row = typeset_break(text, columns);
        print_part(page, text, row.length);
        text += row.next;
        if (*text == '\0') {
            return indent + row.columns;
        }
        end_row(page);
        print_spaces(page, indent);
    }
}

void
page_pair(struct page *page, unsigned indent, const char *left, const char *right)
{
    const struct piece value = cleaned(page, &page->right, right);
    const size_t used = print_left(page, indent, cleaned(page, &page->left, left));
    if (used + 1 + value.columns > page->columns) {
        end_row(page);
        print_right(page, value.text);
        return;
    }
    if (value.columns > 0) {
        print_spaces(page, page->columns - used - value.columns);
        print_piece(page, value);
    }
    end_row(page);
}

bool
page_pair_fits(struct page *page, unsigned indent, const char *left, const char *right)
{
    const size_t columns = cleaned(page, &page->left, left).columns + cleaned(page, &page->right, right).columns;
    return indent + columns + 1 <= page->columns;
}

/* One paragraph: up to a line break. Returns the rest, NULL at the end. */
static const char *
clean_paragraph(struct page *page, const char *text, struct piece *out)
{
    const size_t length = strcspn(text, "\n");
    if (text[length] == '\0') {
        *out = cleaned(page, &page->left, text);
        return NULL;
    }
    buffer_clear(&page->right);
    buffer_append(&page->right, text, length);
    *out = cleaned(page, &page->left, buffer_text(&page->right));
    return text + length + 1;
}

void
page_text(struct page *page, unsigned indent, const char *text)
{
    while (text != NULL && *text != '\0') {
        struct piece paragraph;
        text = clean_paragraph(page, text, &paragraph);
        print_left(page, indent, paragraph);
        end_row(page);
    }
}

/* Even rows within COLUMNS, left to the printer's own alignment. */
static void
print_rows(struct page *page, struct piece piece, size_t columns)
{
    if (piece.columns <= columns) {
        print_piece(page, piece);
        end_row(page);
        return;
    }
    const char *text = piece.text;
    columns = typeset_balanced_columns(text, columns);
    while (*text != '\0') {
        const struct typeset_row row = typeset_break(text, columns);
        print_part(page, text, row.length);
        end_row(page);
        text += row.next;
    }
}

void
page_center(struct page *page, const char *text)
{
    escpos_align(&page->printer, ESCPOS_CENTER);
    while (text != NULL && *text != '\0') {
        struct piece paragraph;
        text = clean_paragraph(page, text, &paragraph);
        print_rows(page, paragraph, page->columns);
    }
    escpos_align(&page->printer, ESCPOS_LEFT);
}

void
page_headline(struct page *page, const char *text)
{
    const struct piece words = cleaned(page, &page->left, text);
    const bool is_short = words.columns <= page->columns / 2;
    const unsigned width = is_short || typeset_rows(words.text, page->columns / 2) <= HEADLINE_MAX_ROWS ? 2 : 1;
    escpos_align(&page->printer, ESCPOS_CENTER);
    escpos_emphasised(&page->printer, true);
    escpos_size(&page->printer, width, 2);
    print_rows(page, words, page->columns / width);
    escpos_size(&page->printer, 1, 1);
    escpos_emphasised(&page->printer, false);
    escpos_align(&page->printer, ESCPOS_LEFT);
}

/* LABEL and AMOUNT at WIDTH × 2, ASIDE at single size, on one row with GAP columns in it. */
static void
print_total(struct page *page, struct piece label, struct piece aside, struct piece amount, unsigned width, size_t gap)
{
    struct escpos *printer = &page->printer;
    escpos_emphasised(printer, true);
    escpos_size(printer, width, 2);
    print_piece(page, label);
    escpos_size(printer, 1, 1);
    print_piece(page, aside);
    print_spaces(page, gap);
    escpos_size(printer, width, 2);
    print_piece(page, amount);
    end_row(page);
    escpos_size(printer, 1, 1);
    escpos_emphasised(printer, false);
}

void
page_total(struct page *page, const char *label, const char *aside, const char *amount)
{
    const struct piece words = cleaned(page, &page->left, label);
    const struct piece sum = cleaned(page, &page->right, amount);
    const struct piece small = cleaned(page, &page->part, aside);
    for (unsigned width = 2; width >= 1; width--) {
        const size_t used = (words.columns + sum.columns) * width + small.columns;
        if (used + 1 <= page->columns) {
            print_total(page, words, small, sum, width, page->columns - used);
            return;
        }
    }
    page_emphasised(page, true);
    page_pair(page, 0, label, aside);
    page_pair(page, 0, "", amount);
    page_emphasised(page, false);
}

void
page_emphasised(struct page *page, bool is_on)
{
    escpos_emphasised(&page->printer, is_on);
}

/* A row of RULE, which is PAGE_COLUMNS_MAX columns of a character with two columns and three bytes. */
static void
print_rule(struct page *page, const char rule[PAGE_COLUMNS_MAX / 2 * 3 + 1])
{
    print_part(page, rule, page->columns / 2 * 3);
    end_row(page);
}

void
page_rule(struct page *page)
{
    print_rule(page, "────────────────────────────────");
}

void
page_heavy_rule(struct page *page)
{
    print_rule(page, "━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━");
}

void
page_space(struct page *page)
{
    escpos_feed(&page->printer, 1);
}

void
page_code(struct page *page, const char *text)
{
    escpos_align(&page->printer, ESCPOS_CENTER);
    escpos_qr(&page->printer, text, strlen(text), CODE_MODULE_DOTS, ESCPOS_QR_M);
    escpos_align(&page->printer, ESCPOS_LEFT);
}
