/* The standard file's columns come first, so that their numbers are those of the source. */
#include "settlement/handover/handover_value.h"

#include "common/money/yen.h"
#include "settlement/assessment/export_file.h"

#include <inttypes.h>
#include <string.h>

/* Behind the standard columns. */
static const char *const more_names[] = {"調定連番", "元調定連番", "符号付調定額", "符号付内訳金額", "行番号"};
enum { MORE_SERIAL, MORE_ORIGINAL, MORE_SIGNED, MORE_SIGNED_LINE, MORE_NUMBER, MORE_COUNT };

/* Behind those: of header and trailer. */
static const char *const sum_names[] = {"会計年度", "出力番号", "出力日",   "レコード件数",
                                        "調定件数", "合計額",   "増額合計", "減額合計"};
enum { SUM_YEAR, SUM_SERIAL, SUM_DAY, SUM_RECORDS, SUM_ASSESSMENTS, SUM_YEN, SUM_INCREASE, SUM_DECREASE, SUM_COUNT };

static const char *const number_columns[] = {"件数",     "調定額",   "うち消費税額", "内訳番号",
                                             "内訳件数", "内訳単価", "内訳金額",     "内訳消費税額"};
static const char *const date_columns[] = {"調定年月日", "起票日"};

static int
more_first(void)
{
    return (int)export_column_count();
}

static int
sum_first(void)
{
    return more_first() + MORE_COUNT;
}

static bool
is_among(const char *name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(name, names[i]) == 0) {
            return true;
        }
    }
    return false;
}

const char *
handover_source_name(int source)
{
    if (source >= sum_first()) {
        return sum_names[source - sum_first()];
    }
    return source >= more_first() ? more_names[source - more_first()] : export_column_name((size_t)source);
}

int
handover_source_find(const char *name, bool is_sum)
{
    int first = is_sum ? sum_first() : 0;
    int end = is_sum ? sum_first() + SUM_COUNT : sum_first();
    for (int source = first; source < end; source++) {
        if (strcmp(handover_source_name(source), name) == 0) {
            return source;
        }
    }
    return -1;
}

enum handover_kind
handover_source_kind(int source)
{
    const char *name = handover_source_name(source);
    if (strcmp(name, "会計年度") == 0) {
        return HANDOVER_IS_YEAR;
    }
    if (source >= sum_first()) {
        return source - sum_first() == SUM_DAY ? HANDOVER_IS_DATE : HANDOVER_IS_NUMBER;
    }
    if (source >= more_first() || is_among(name, number_columns, sizeof number_columns / sizeof number_columns[0])) {
        return HANDOVER_IS_NUMBER;
    }
    return is_among(name, date_columns, sizeof date_columns / sizeof date_columns[0]) ? HANDOVER_IS_DATE
                                                                                      : HANDOVER_IS_TEXT;
}

bool
handover_source_is_of_line(int source)
{
    if (source >= more_first()) {
        return source == more_first() + MORE_SIGNED_LINE;
    }
    return export_column_is_of_line((size_t)source);
}

static void
append_number(struct buffer *out, int64_t number)
{
    char text[YEN_TEXT_SIZE];
    buffer_append_text(out, yen_format_plain(text, number));
}

void
handover_record_value(struct buffer *out, int source, const struct assessment_record *record, int64_t number,
                      const struct assessment_line *line)
{
    int64_t sign = record->kind == ASSESSMENT_DECREASE ? -1 : 1;
    if (source < more_first()) {
        export_column_value(out, (size_t)source, record, number, line);
        return;
    }
    switch (source - more_first()) {
    case MORE_SERIAL:
        append_number(out, record->serial);
        break;
    case MORE_ORIGINAL:
        append_number(out, record->original_serial);
        break;
    case MORE_SIGNED:
        append_number(out, sign * record->amount_yen);
        break;
    case MORE_SIGNED_LINE:
        append_number(out, line != NULL ? sign * line->amount_yen : 0);
        break;
    default:
        append_number(out, number);
        break;
    }
}

void
handover_sum_value(struct buffer *out, int source, const struct handover_totals *totals)
{
    switch (source - sum_first()) {
    case SUM_YEAR:
        append_number(out, totals->fiscal_year);
        break;
    case SUM_SERIAL:
        append_number(out, totals->serial);
        break;
    case SUM_DAY:
        buffer_append_text(out, totals->made_on);
        break;
    case SUM_RECORDS:
        append_number(out, totals->record_count);
        break;
    case SUM_ASSESSMENTS:
        append_number(out, totals->assessment_count);
        break;
    case SUM_YEN:
        append_number(out, totals->amount_yen);
        break;
    case SUM_INCREASE:
        append_number(out, totals->increase_yen);
        break;
    default:
        append_number(out, totals->decrease_yen);
        break;
    }
}
