/* Rows on paper. The one idea: a row is composed in UTF-8 and measured before the printer sees it, so that the printer
 * never has to break one. */
#include "pos/receipt/page.h"

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
    buffer_init(&page->row, PAGE_TEXT_MAX_BYTES);
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
    buffer_finish(&page->row);
    return status;
}

/* TEXT cleaned, in SCRATCH. */
static const char *
cleaned(struct page *page, struct buffer *scratch, const char *text)
{
    buffer_clear(scratch);
    typeset_clean(scratch, text);
    if (buffer_check(scratch, NULL) != STATUS_OK) {
        page->printer.has_failed = true;
        buffer_clear(scratch);
    }
    return buffer_text(scratch);
}

static void
append_spaces(struct buffer *out, size_t count)
{
    static const char spaces[PAGE_COLUMNS_MAX + 1] = "                                                                ";
    buffer_append(out, spaces, count < PAGE_COLUMNS_MAX ? count : PAGE_COLUMNS_MAX);
}

static void
print_row(struct page *page)
{
    buffer_append_byte(&page->row, '\n');
    escpos_text(&page->printer, buffer_text(&page->row));
    buffer_clear(&page->row);
}

/* Rows of clean TEXT at the right edge. */
static void
print_right(struct page *page, const char *text)
{
    while (*text != '\0') {
        const struct typeset_row row = typeset_break(text, page->columns);
        append_spaces(&page->row, page->columns - row.columns);
        buffer_append(&page->row, text, row.length);
        print_row(page);
        text += row.next;
    }
}

/* Rows of clean TEXT, the last of which stays in page->row. Returns the columns taken there, indent included. Points of
 * a list hang: what follows their first row stands under its words. */
static size_t
compose_left(struct page *page, unsigned indent, const char *text)
{
    const unsigned hang = strncmp(text, POINT, strlen(POINT)) == 0 ? POINT_COLUMNS : 0;
    const size_t columns =
        typeset_unwidowed_columns(text + (hang > 0 ? strlen(POINT) : 0), page->columns - indent - hang);
    if (hang > 0) {
        append_spaces(&page->row, indent);
        buffer_append_text(&page->row, POINT);
        text += strlen(POINT);
    }
    bool is_first = true;
    for (;;) {
        const struct typeset_row row = typeset_break(text, columns);
        append_spaces(&page->row, hang > 0 && is_first ? 0 : indent + hang);
        buffer_append(&page->row, text, row.length);
        text += row.next;
        if (*text == '\0') {
            return indent + hang + row.columns;
        }
        print_row(page);
        is_first = false;
    }
}

void
page_pair(struct page *page, unsigned indent, const char *left, const char *right)
{
    left = cleaned(page, &page->left, left);
    right = cleaned(page, &page->right, right);
    const size_t used = compose_left(page, indent, left);
    const size_t wanted = typeset_columns(right);
    if (wanted > 0 && used + 1 + wanted <= page->columns) {
        append_spaces(&page->row, page->columns - used - wanted);
        buffer_append(&page->row, right, strlen(right));
        print_row(page);
        return;
    }
    print_row(page);
    print_right(page, right);
}

bool
page_pair_fits(struct page *page, unsigned indent, const char *left, const char *right)
{
    const size_t used = typeset_columns(cleaned(page, &page->left, left));
    return indent + used + 1 + typeset_columns(cleaned(page, &page->right, right)) <= page->columns;
}

/* One paragraph: up to a line break. Returns the rest, NULL at the end. */
static const char *
copy_paragraph(struct page *page, const char *text)
{
    const size_t length = strcspn(text, "\n");
    buffer_clear(&page->right);
    buffer_append(&page->right, text, length);
    cleaned(page, &page->left, buffer_text(&page->right));
    return text[length] == '\n' ? text + length + 1 : NULL;
}

void
page_text(struct page *page, unsigned indent, const char *text)
{
    while (text != NULL && *text != '\0') {
        text = copy_paragraph(page, text);
        compose_left(page, indent, buffer_text(&page->left));
        print_row(page);
    }
}

/* Even rows of clean TEXT within COLUMNS, left to the printer's own alignment. */
static void
print_rows(struct page *page, const char *text, size_t columns)
{
    columns = typeset_balanced_columns(text, columns);
    while (*text != '\0') {
        const struct typeset_row row = typeset_break(text, columns);
        buffer_append(&page->row, text, row.length);
        print_row(page);
        text += row.next;
    }
}

void
page_center(struct page *page, const char *text)
{
    escpos_align(&page->printer, ESCPOS_CENTER);
    while (text != NULL && *text != '\0') {
        text = copy_paragraph(page, text);
        print_rows(page, buffer_text(&page->left), page->columns);
    }
    escpos_align(&page->printer, ESCPOS_LEFT);
}

void
page_headline(struct page *page, const char *text)
{
    text = cleaned(page, &page->left, text);
    const unsigned width = typeset_rows(text, page->columns / 2) <= HEADLINE_MAX_ROWS ? 2 : 1;
    escpos_align(&page->printer, ESCPOS_CENTER);
    escpos_emphasised(&page->printer, true);
    escpos_size(&page->printer, width, 2);
    print_rows(page, text, page->columns / width);
    escpos_size(&page->printer, 1, 1);
    escpos_emphasised(&page->printer, false);
    escpos_align(&page->printer, ESCPOS_LEFT);
}

/* LABEL and AMOUNT (clean) at WIDTH × 2, ASIDE at single size, on one row. */
static void
print_total(struct page *page, const char *label, const char *aside, const char *amount, unsigned width, size_t gap)
{
    struct escpos *printer = &page->printer;
    escpos_emphasised(printer, true);
    escpos_size(printer, width, 2);
    escpos_text(printer, label);
    escpos_size(printer, 1, 1);
    escpos_text(printer, aside);
    append_spaces(&page->row, gap);
    escpos_text(printer, buffer_text(&page->row));
    buffer_clear(&page->row);
    escpos_size(printer, width, 2);
    escpos_line(printer, amount);
    escpos_size(printer, 1, 1);
    escpos_emphasised(printer, false);
}

void
page_total(struct page *page, const char *label, const char *aside, const char *amount)
{
    for (unsigned width = 2; width >= 1; width--) {
        const size_t used = (typeset_columns(label) + typeset_columns(amount)) * width + typeset_columns(aside);
        if (used + 1 <= page->columns) {
            print_total(page, label, aside, amount, width, page->columns - used);
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

void
page_rule(struct page *page)
{
    escpos_rule(&page->printer);
}

void
page_heavy_rule(struct page *page)
{
    for (unsigned column = 0; column + 1 < page->columns; column += 2) {
        buffer_append_text(&page->row, "━");
    }
    print_row(page);
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
