/* Printing a priced case. Columns are those of a terminal, where a kanji takes two. */
#include "pos/commands/tariff_print.h"

#include "common/text/utf8.h"

#include <stdio.h>
#include <string.h>

enum {
    RESULT_MAX_BYTES = 512 * 1024, /* forty lines of twelve rows */
    TEXT_COLUMNS = 56,
    AMOUNT_COLUMNS = 12
};

enum status
tariff_print_json(const struct tariff_case *example, struct error_detail *err)
{
    struct buffer out;
    struct json_writer writer;
    char day[CIVIL_DATE_TEXT_SIZE];
    buffer_init(&out, RESULT_MAX_BYTES);
    json_writer_init(&writer, &out);
    json_begin_object(&writer, NULL);
    json_text(&writer, "tariff", tariff_code(example->tariff));
    json_text(&writer, "name", tariff_name(example->tariff));
    json_text(&writer, "form", tariff_form_name(example->tariff));
    json_text(&writer, "on", civil_date_format(day, example->date));
    tariff_result_write(&example->result, &writer);
    json_end_object(&writer);
    enum status status = json_finish(&writer, err);
    if (status == STATUS_OK) {
        puts(buffer_text(&out));
    }
    buffer_finish(&out);
    return status;
}

/* TEXT behind INDENT columns, then YEN at the right. */
static void
print_row(struct buffer *out, unsigned indent, const char *text, int64_t yen)
{
    char amount[YEN_TEXT_SIZE];
    size_t columns = indent + utf8_text_columns(text);
    yen_format(amount, yen);
    buffer_printf(out, "%*s%s%*s%*s円\n", (int)indent, "", text,
                  columns < TEXT_COLUMNS ? (int)(TEXT_COLUMNS - columns) : 1, "", AMOUNT_COLUMNS, amount);
}

static void
print_line(struct buffer *out, const struct tariff *tariff, const struct tariff_line *line)
{
    char text[2 * TARIFF_TEXT_SIZE];
    char unit[YEN_TEXT_SIZE];
    yen_format(unit, line->unit_price_yen);
    snprintf(text, sizeof text, "%s  %s円 × %lld", line->label[0] != '\0' ? line->label : tariff_name(tariff), unit,
             (long long)line->quantity);
    print_row(out, 0, text, line->amount_yen);
    for (size_t i = 0; i < line->row_count; i++) {
        print_row(out, 4, line->rows[i].text, line->rows[i].yen);
    }
    if (line->reduction_yen > 0) {
        buffer_printf(out, "    (減免 %s、決定 %s)\n", line->reduction_rule, line->reduction_granter);
    }
}

enum status
tariff_print_table(const struct tariff_case *example, struct error_detail *err)
{
    struct buffer out;
    char day[CIVIL_DATE_TEXT_SIZE];
    buffer_init(&out, RESULT_MAX_BYTES);
    buffer_printf(&out, "%s (%s) %s\n\n", tariff_name(example->tariff), tariff_code(example->tariff),
                  civil_date_format(day, example->date));
    for (size_t i = 0; i < example->result.line_count; i++) {
        print_line(&out, example->tariff, &example->result.lines[i]);
    }
    buffer_append_text(&out, "\n");
    print_row(&out, 0, "合計", example->result.total_yen);
    enum status status = buffer_check(&out, err);
    if (status == STATUS_OK) {
        fputs(buffer_text(&out), stdout);
    }
    buffer_finish(&out);
    return status;
}
