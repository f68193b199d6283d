/* Any bytes as a template, and any as the values it is printed with: compiled or refused with a sentence and a place,
 * and whatever is printed is only ever text, rules, codes and pictures: no value and no template makes a command of its
 * own.
 *
 * The first byte chooses form and width; what stands behind the first NUL is every text and the numbers. */
#include "common/papers/papers.h"
#include "drivers/paper/paper.h"
#include "drivers/receiptline/print.h"
#include "tests/fuzz/target.h"

#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = 3, ROWS = 2, BLOCKS_MAX = 64, TEXT_MAX = 400 };

struct supply {
    char text[TEXT_MAX];
    const uint8_t *bytes;
    size_t length, at;
    struct receiptline_value *blocks[BLOCKS_MAX];
    size_t block_count;
};

static int64_t
next_number(struct supply *supply)
{
    uint64_t number = 0;
    for (int i = 0; i < 5 && supply->length > 0; i++) {
        number = number << 8 | supply->bytes[supply->at++ % supply->length];
    }
    return number % 5 == 0 ? 0 : (int64_t)number - (INT64_C(1) << 39);
}

static struct receiptline_value *
make_record(struct supply *supply, const struct receiptline_schema *schema, size_t rows, unsigned depth)
{
    struct receiptline_value *values = calloc(rows * schema->count, sizeof *values);
    if (values == NULL || supply->block_count == BLOCKS_MAX) {
        free(values);
        return NULL;
    }
    supply->blocks[supply->block_count++] = values;
    for (size_t i = 0; i < rows * schema->count; i++) {
        const struct receiptline_name *name = &schema->names[i % schema->count];
        switch (name->kind) {
        case RECEIPTLINE_TEXT:
        case RECEIPTLINE_PARAGRAPH:
            values[i].text = next_number(supply) == 0 ? NULL : supply->text;
            break;
        case RECEIPTLINE_DATE:
            values[i].date = (struct civil_date){2026, (int)(next_number(supply) % 13), 28};
            break;
        case RECEIPTLINE_LIST:
            values[i].rows.first = depth < DEPTH_MAX ? make_record(supply, name->rows, ROWS, depth + 1) : NULL;
            values[i].rows.count = values[i].rows.first != NULL ? ROWS : 0;
            break;
        case RECEIPTLINE_YEN:
        case RECEIPTLINE_NUMBER:
        case RECEIPTLINE_MOMENT:
        case RECEIPTLINE_FLAG:
            values[i].number = next_number(supply);
            break;
        }
    }
    return values;
}

/* The printer must have understood every byte, and opened nothing. */
static void
check_paper(const struct buffer *bytes, unsigned columns)
{
    struct paper *paper = NULL;
    if (paper_create(&paper, columns, NULL) != STATUS_OK) {
        return;
    }
    paper_feed(paper, buffer_text(bytes), bytes->length);
    const struct paper_report *report = paper_report(paper);
    if (report->unknown_commands > 0 || report->drawer_pulses > 0 || report->cuts == 0) {
        abort();
    }
    paper_destroy(paper);
}

static void
print(const struct receiptline_template *template, struct supply *supply, unsigned columns)
{
    struct buffer bytes;
    struct error_detail err = {0};
    const struct receiptline_value *values = make_record(supply, papers_schema(), 1, 0);
    buffer_init(&bytes, RECEIPTLINE_PAPER_MAX_BYTES);
    enum status status = values == NULL ? STATUS_NO_MEMORY : receiptline_print(template, values, columns, &bytes, &err);
    if (status == STATUS_OK) {
        check_paper(&bytes, columns);
    } else if (values != NULL && err.message[0] == '\0') {
        abort();
    }
    buffer_finish(&bytes);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static const unsigned widths[] = {48, 42, 32};
    const uint8_t choice = length > 0 ? bytes[0] : 0;
    const char *markup = length > 0 ? (const char *)bytes + 1 : "";
    const size_t rest = length > 0 ? length - 1 : 0;
    const char *nul = rest > 0 ? memchr(markup, '\0', rest) : NULL;
    const size_t markup_length = nul != NULL ? (size_t)(nul - markup) : rest;
    struct receiptline_template *template = NULL;
    struct error_detail err = {0};
    enum status status =
        papers_compile(&template, (enum papers_form)(choice % PAPERS_FORM_COUNT), markup, markup_length, &err);
    if (status != STATUS_OK) {
        if (err.message[0] == '\0' || (status == STATUS_INVALID && strcmp(err.code, "markup") == 0 && err.line == 0)) {
            abort();
        }
        return 0;
    }
    struct supply supply = {.bytes = bytes, .length = length};
    const size_t text_length = rest - markup_length < TEXT_MAX ? rest - markup_length : TEXT_MAX - 1;
    memcpy(supply.text, nul != NULL ? nul + 1 : "", nul != NULL && text_length > 0 ? text_length - 1 : 0);
    print(template, &supply, widths[choice / PAPERS_FORM_COUNT % 3]);
    for (size_t i = 0; i < supply.block_count; i++) {
        free(supply.blocks[i]);
    }
    receiptline_destroy(template);
    return 0;
}
