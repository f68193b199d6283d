/* One table of columns, so that header and fields cannot fall out of step. */
#include "settlement/assessment/export_file.h"

#include "common/money/yen.h"
#include "common/text/cp932.h"

struct row {
    const struct assessment_record *record;
    int64_t number;
    const struct assessment_line *line;
};

struct column {
    const char *name;
    void (*write)(struct buffer *out, const struct row *row);
};

static void
put(struct buffer *out, const char *text)
{
    buffer_append_text(out, text);
}

static void
put_number(struct buffer *out, int64_t number)
{
    char text[YEN_TEXT_SIZE];
    buffer_append_text(out, yen_format_plain(text, number));
}

static void
put_assessment_number(struct buffer *out, const struct row *row)
{
    char text[ASSESSMENT_NUMBER_SIZE];
    put(out, assessment_number_format(text, row->record->fiscal_year, row->record->serial));
}

static void
put_original_number(struct buffer *out, const struct row *row)
{
    char text[ASSESSMENT_NUMBER_SIZE];
    if (row->record->original != 0) {
        put(out, assessment_number_format(text, row->record->fiscal_year, row->record->original_serial));
    }
}

static void
put_payer(struct buffer *out, const struct row *row)
{
    char text[ASSESSMENT_TEXT_SIZE];
    put(out, assessment_payer_format(text, row->record->sale_count));
}

static void
put_payment_method(struct buffer *out, const struct row *row)
{
    char text[ASSESSMENT_TEXT_SIZE];
    put(out, assessment_payment_method_format(text, row->record->route, row->record->route_name));
}

#define TEXT_COLUMN(function, expression)                                                                              \
    static void function(struct buffer *out, const struct row *row)                                                    \
    {                                                                                                                  \
        put(out, expression);                                                                                          \
    }
#define NUMBER_COLUMN(function, expression)                                                                            \
    static void function(struct buffer *out, const struct row *row)                                                    \
    {                                                                                                                  \
        put_number(out, expression);                                                                                   \
    }

/* clang-format off */
TEXT_COLUMN(put_assessed_on, row->record->assessed_on)
TEXT_COLUMN(put_drafted_on, row->record->drafted_on)
NUMBER_COLUMN(put_fiscal_year, row->record->fiscal_year)
TEXT_COLUMN(put_account, row->record->account)
TEXT_COLUMN(put_fund_code, row->record->parts.code[ACCOUNT_FUND])
TEXT_COLUMN(put_fund_name, row->record->parts.name[ACCOUNT_FUND])
TEXT_COLUMN(put_kan_code, row->record->parts.code[ACCOUNT_KAN])
TEXT_COLUMN(put_kan_name, row->record->parts.name[ACCOUNT_KAN])
TEXT_COLUMN(put_kou_code, row->record->parts.code[ACCOUNT_KOU])
TEXT_COLUMN(put_kou_name, row->record->parts.name[ACCOUNT_KOU])
TEXT_COLUMN(put_moku_code, row->record->parts.code[ACCOUNT_MOKU])
TEXT_COLUMN(put_moku_name, row->record->parts.name[ACCOUNT_MOKU])
TEXT_COLUMN(put_setsu_code, row->record->parts.code[ACCOUNT_SETSU])
TEXT_COLUMN(put_setsu_name, row->record->parts.name[ACCOUNT_SETSU])
TEXT_COLUMN(put_saisetsu_code, row->record->parts.code[ACCOUNT_SAISETSU])
TEXT_COLUMN(put_saisetsu_name, row->record->parts.name[ACCOUNT_SAISETSU])
TEXT_COLUMN(put_section, row->record->section)
TEXT_COLUMN(put_section_name, row->record->section_name)
TEXT_COLUMN(put_category, row != NULL ? "事後" : "")
TEXT_COLUMN(put_kind, assessment_kind_name(row->record->kind))
TEXT_COLUMN(put_form, assessment_form_name(row->record->sale_count))
TEXT_COLUMN(put_route, row->record->route)
TEXT_COLUMN(put_route_name, row->record->route_name)
TEXT_COLUMN(put_tax, assessment_tax_name(row->record->tax))
NUMBER_COLUMN(put_count, row->record->count)
NUMBER_COLUMN(put_amount, row->record->amount_yen)
NUMBER_COLUMN(put_tax_yen, row->record->tax_yen)
TEXT_COLUMN(put_due, row != NULL ? "即納" : "")
TEXT_COLUMN(put_summary, row->record->summary)
TEXT_COLUMN(put_proposed_by, row->record->proposed_by_name)
TEXT_COLUMN(put_approved_by, row->record->approved_by_name)
NUMBER_COLUMN(put_line_number, row->number)
TEXT_COLUMN(put_line_item, row->line->item)
TEXT_COLUMN(put_line_name, row->line->name)
NUMBER_COLUMN(put_line_count, row->line->count)
NUMBER_COLUMN(put_line_unit_price, row->line->unit_price_yen)
NUMBER_COLUMN(put_line_amount, row->line->amount_yen)
NUMBER_COLUMN(put_line_tax, row->line->tax_yen)
/* clang-format on */

static const struct column columns[] = {
    {"調定番号", put_assessment_number},
    {"調定年月日", put_assessed_on},
    {"起票日", put_drafted_on},
    {"会計年度", put_fiscal_year},
    {"歳入科目コード", put_account},
    {"会計コード", put_fund_code},
    {"会計", put_fund_name},
    {"款コード", put_kan_code},
    {"款", put_kan_name},
    {"項コード", put_kou_code},
    {"項", put_kou_name},
    {"目コード", put_moku_code},
    {"目", put_moku_name},
    {"節コード", put_setsu_code},
    {"節", put_setsu_name},
    {"細節コード", put_saisetsu_code},
    {"細節", put_saisetsu_name},
    {"所属コード", put_section},
    {"所属", put_section_name},
    {"調定区分", put_category},
    {"種別", put_kind},
    {"元調定番号", put_original_number},
    {"個別集合", put_form},
    {"収納区分コード", put_route},
    {"収納区分", put_route_name},
    {"消費税区分", put_tax},
    {"件数", put_count},
    {"調定額", put_amount},
    {"うち消費税額", put_tax_yen},
    {"納入義務者", put_payer},
    {"納期限", put_due},
    {"納付方法", put_payment_method},
    {"摘要", put_summary},
    {"起票者", put_proposed_by},
    {"承認者", put_approved_by},
    {"内訳番号", put_line_number},
    {"内訳品目コード", put_line_item},
    {"内訳品目", put_line_name},
    {"内訳件数", put_line_count},
    {"内訳単価", put_line_unit_price},
    {"内訳金額", put_line_amount},
    {"内訳消費税額", put_line_tax},
};

enum {
    COLUMN_COUNT = sizeof columns / sizeof columns[0],
    LINE_COLUMNS = 7, /* the last ones are of the breakdown */
    VALUE_MAX_BYTES = 64 * 1024
};

size_t
export_column_count(void)
{
    return COLUMN_COUNT;
}

const char *
export_column_name(size_t column)
{
    return columns[column].name;
}

bool
export_column_is_of_line(size_t column)
{
    return column >= COLUMN_COUNT - LINE_COLUMNS;
}

void
export_column_value(struct buffer *out, size_t column, const struct assessment_record *record, int64_t number,
                    const struct assessment_line *line)
{
    const struct row row = {.record = record, .number = number, .line = line};
    columns[column].write(out, &row);
}

static void
append_quoted(struct buffer *out, const char *text)
{
    buffer_append_byte(out, '"');
    for (const char *at = text; *at != '\0'; at++) {
        if (*at == '"') {
            buffer_append_byte(out, '"');
        }
        buffer_append_byte(out, (unsigned char)*at);
    }
    buffer_append_byte(out, '"');
}

void
export_file_begin(struct buffer *out)
{
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        buffer_printf(out, "%s\"%s\"", i == 0 ? "" : ",", columns[i].name);
    }
    buffer_append_text(out, "\r\n");
}

void
export_file_add_line(struct buffer *out, const struct assessment_record *record, int64_t number,
                     const struct assessment_line *line)
{
    struct buffer value;
    buffer_init(&value, VALUE_MAX_BYTES);
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        buffer_clear(&value);
        export_column_value(&value, i, record, number, line);
        buffer_append_text(out, i == 0 ? "" : ",");
        append_quoted(out, buffer_text(&value));
    }
    buffer_append_text(out, "\r\n");
    out->has_failed = out->has_failed || value.has_failed;
    buffer_finish(&value);
}

enum status
export_file_to_cp932(struct buffer *out, const struct buffer *utf8, size_t *out_replaced, struct error_detail *err)
{
    return cp932_from_utf8(out, buffer_text(utf8), utf8->length, out_replaced, err);
}
