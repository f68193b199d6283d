/* The output that writes down what it is told. */
#include "tests/unit/common/receiptline_page.h"

#include "common/text/typeset.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const struct receiptline_name part_names[] = {{"part", RECEIPTLINE_TEXT, NULL, 1, ""}};
static const struct receiptline_schema part_schema = {part_names, 1};
static const struct receiptline_name thing_names[] = {{"name", RECEIPTLINE_TEXT, NULL, 1, ""},
                                                      {"sum", RECEIPTLINE_YEN, NULL, 1, ""},
                                                      {"parts", RECEIPTLINE_LIST, &part_schema, 1, ""}};
static const struct receiptline_schema thing_schema = {thing_names, THING_VALUES};
static const struct receiptline_name page_names[] = {{"text", RECEIPTLINE_TEXT, NULL, 1, ""},
                                                     {"more", RECEIPTLINE_TEXT, NULL, 1, ""},
                                                     {"note", RECEIPTLINE_PARAGRAPH, NULL, 1, ""},
                                                     {"yen", RECEIPTLINE_YEN, NULL, 1, ""},
                                                     {"number", RECEIPTLINE_NUMBER, NULL, 1, ""},
                                                     {"date", RECEIPTLINE_DATE, NULL, 1, ""},
                                                     {"moment", RECEIPTLINE_MOMENT, NULL, 1, ""},
                                                     {"flag", RECEIPTLINE_FLAG, NULL, 1, ""},
                                                     {"things", RECEIPTLINE_LIST, &thing_schema, 1, ""},
                                                     {"hidden", RECEIPTLINE_TEXT, NULL, 2, ""}};
const struct receiptline_schema page_schema = {page_names, PAGE_VALUES};

struct page {
    struct buffer text;
    unsigned columns, used; /* half columns of the present row */
    bool has_text;
};

static void
take(struct page *page, size_t half_columns)
{
    page->used += (unsigned)half_columns;
    if (page->used > 2 * page->columns) {
        fail_msg("a row takes %u half columns of %u:\n%s", page->used, 2 * page->columns, buffer_text(&page->text));
    }
}

static void
on_text(void *context, struct receiptline_style style, const char *text, size_t length)
{
    struct page *page = context;
    char clean[4096];
    assert_true(length > 0 && length < sizeof clean);
    snprintf(clean, sizeof clean, "%.*s", (int)length, text);
    take(page, 2 * typeset_columns(clean) * style.width);
    page->has_text = true;
    if (style.width == 1 && style.height == 1 && !style.is_emphasised && !style.is_underlined && !style.is_inverse) {
        buffer_append_text(&page->text, clean);
        return;
    }
    buffer_append_text(&page->text, "<");
    if (style.width != 1 || style.height != 1) {
        buffer_printf(&page->text, "%ux%u", style.width, style.height);
    }
    buffer_printf(&page->text, "%s%s%s:%s>", style.is_emphasised ? "e" : "", style.is_underlined ? "u" : "",
                  style.is_inverse ? "i" : "", clean);
}

static void
on_gap(void *context, unsigned half_columns)
{
    struct page *page = context;
    take(page, half_columns);
    for (unsigned i = 0; i < half_columns / 2; i++) {
        buffer_append_text(&page->text, ".");
    }
    buffer_append_text(&page->text, half_columns % 2 != 0 ? "," : "");
}

static void
on_center(void *context)
{
    struct page *page = context;
    assert_int_equal(page->used, 0);
    buffer_append_text(&page->text, "=");
}

static void
on_end_row(void *context)
{
    struct page *page = context;
    buffer_append_text(&page->text, "\n");
    page->used = 0;
}

static void
on_rule(void *context, struct receiptline_area area)
{
    struct page *page = context;
    buffer_printf(&page->text, "[rule %u+%u]\n", area.left, area.width);
}

static void
on_frame(void *context, const char *cells, unsigned height)
{
    struct page *page = context;
    take(page, 2 * strlen(cells) / 3);
    buffer_append_text(&page->text, cells);
    if (height != 1) {
        buffer_printf(&page->text, "%u", height);
    }
}

static void
on_join_rows(void *context, bool has_frame)
{
    struct page *page = context;
    buffer_append_text(&page->text, has_frame ? "{" : "}\n");
}

static void
on_code(void *context, struct receiptline_area area, const struct receiptline_code *code)
{
    static const char *const kinds[] = {"upc", "ean", "code39", "itf", "codabar", "code93", "code128", "qr"};
    static const char *const aligns[] = {"left", "center", "right"};
    struct page *page = context;
    buffer_printf(&page->text, "[%s %s", kinds[code->kind], code->text);
    if (code->kind == RECEIPTLINE_QR) {
        buffer_printf(&page->text, " %u%c", code->cell_dots, code->level);
    } else {
        buffer_printf(&page->text, " %ux%u%s", code->module_dots, code->height_dots, code->has_text ? " hri" : "");
    }
    buffer_printf(&page->text, " %u+%u %s]\n", area.left, area.width, aligns[area.align]);
}

static void
on_image(void *context, struct receiptline_area area, const char *base64, size_t length)
{
    struct page *page = context;
    (void)base64;
    buffer_printf(&page->text, "[image %zu %u+%u]\n", length, area.left, area.width);
}

static void
on_cut(void *context)
{
    struct page *page = context;
    buffer_append_text(&page->text, "[cut]\n");
}

static enum status
print(struct page *page, const char *markup, const struct receiptline_value *values, unsigned columns,
      struct error_detail *err)
{
    static const struct receiptline_value nothing[PAGE_VALUES];
    struct receiptline_template *template = NULL;
    const struct receiptline_output output = {.context = page,
                                              .text = on_text,
                                              .gap = on_gap,
                                              .center = on_center,
                                              .end_row = on_end_row,
                                              .rule = on_rule,
                                              .frame = on_frame,
                                              .join_rows = on_join_rows,
                                              .code = on_code,
                                              .image = on_image,
                                              .cut = on_cut};
    *page = (struct page){.columns = columns};
    buffer_init(&page->text, PAGE_SIZE - 1);
    if (receiptline_compile(&template, &page_schema, 1, markup, strlen(markup), err) != STATUS_OK) {
        fail_msg("%s\nis refused: %s", markup, err->message);
    }
    enum status status = receiptline_render(template, values != NULL ? values : nothing, columns, &output, err);
    receiptline_destroy(template);
    return status;
}

const char *
page_print(const char *markup, const struct receiptline_value *values, unsigned columns, char out[PAGE_SIZE])
{
    struct page page;
    struct error_detail err = {0};
    if (print(&page, markup, values, columns, &err) != STATUS_OK) {
        fail_msg("%s\ncannot be printed: %s", markup, err.message);
    }
    snprintf(out, PAGE_SIZE, "%s", buffer_text(&page.text));
    buffer_finish(&page.text);
    const size_t length = strlen(out);
    assert_true(length >= strlen("[cut]\n"));
    assert_string_equal(out + length - strlen("[cut]\n"), "[cut]\n");
    out[length - strlen("[cut]\n")] = '\0'; /* every paper ends so */
    return out;
}

enum status
page_try(const char *markup, const struct receiptline_value *values, unsigned columns, struct error_detail *err)
{
    struct page page;
    enum status status = print(&page, markup, values, columns, err);
    buffer_finish(&page.text);
    return status;
}

const char *
page_refusal(const char *markup, char out[ERROR_MESSAGE_SIZE])
{
    struct receiptline_template *template = NULL;
    struct error_detail err = {0};
    out[0] = '\0';
    if (receiptline_compile(&template, &page_schema, 1, markup, strlen(markup), &err) != STATUS_OK) {
        const char *words = strstr(err.message, ": ");
        assert_non_null(words);
        snprintf(out, ERROR_MESSAGE_SIZE, "%u:%u %s", err.line, err.column, words + 2);
    }
    receiptline_destroy(template);
    return out;
}
