/* What was sold, a row or two a line:
 *
 *   戸籍全部事項証明       ¥450 × 1   非      ¥450      when every line fits on one row
 *
 *   団体観覧料(常設展・一般)                           otherwise
 *     ¥150 × 20          内    ¥3,000
 *
 * The marks stand in a column of their own, so that the amounts keep one right edge with the totals below. */
#include "pos/receipt/form.h"

#include "pos/receipt/typeset.h"

#include <stdio.h>
#include <string.h>

enum {
    AMOUNT_COLUMNS = 10, /* "¥9,999,999", PAYMENT_MAX_YEN */
    DETAIL_SIZE = 64,
    ONE_ROW_MIN_COLUMNS = 40, /* on 58 mm paper a name and its figures never fit side by side: two rows for all */
    INDENT = 2
};

static const char *
mark_of(const struct sale_line *line)
{
    if (line->is_exempted) {
        return "免";
    }
    return line->tax == TAX_EXEMPT ? "非" : "内";
}

/* "非      ¥450": the mark, and the amount at the right of its column. */
static void
format_tail(char *out, size_t size, const struct sale_line *line)
{
    char amount[AMOUNT_SIZE];
    const size_t columns = typeset_columns(amount_text(amount, line->amount_yen));
    const int pad = columns < AMOUNT_COLUMNS ? (int)(AMOUNT_COLUMNS - columns) : 0;
    snprintf(out, size, "%s %*s%s", mark_of(line), pad, "", amount);
}

static void
print_exemption(struct page *page, const struct exemption *exemption)
{
    char words[NAME_SIZE + REASON_SIZE + 40];
    const bool has_reason = exemption->reason[0] != '\0';
    snprintf(words, sizeof words, "免除: %s%s%s%s", exemption->name, has_reason ? "(" : "", exemption->reason,
             has_reason ? ")" : "");
    page_text(page, INDENT, words);
}

/* A line's figures. */
struct figures {
    char detail[DETAIL_SIZE]; /* "¥450 × 1" */
    char tail[DETAIL_SIZE];   /* "非       ¥450" */
    char whole[2 * DETAIL_SIZE + 4];
};

static void
format_figures(struct figures *out, const struct sale_line *line)
{
    char unit[AMOUNT_SIZE];
    amount_text(unit, line->unit_price_yen);
    snprintf(out->detail, sizeof out->detail, "%s × %lld", unit, (long long)line->quantity);
    format_tail(out->tail, sizeof out->tail, line);
    snprintf(out->whole, sizeof out->whole, "%s  %s", out->detail, out->tail);
}

static bool
is_wanted(const struct sale_line *line, const char *issuer)
{
    return strcmp(line->issuer, issuer) == 0;
}

/* One name too long for its row gives every line two, so that the lines look alike. */
static bool
all_fit_on_one_row(struct page *page, const struct sale *sale, const char *issuer)
{
    bool all_fit = page->columns >= ONE_ROW_MIN_COLUMNS;
    for (size_t i = 0; all_fit && i < sale->content.line_count; i++) {
        const struct sale_line *line = &sale->content.lines[i];
        if (is_wanted(line, issuer)) {
            struct figures figures;
            format_figures(&figures, line);
            all_fit = page_pair_fits(page, 0, line->name, figures.whole);
        }
    }
    return all_fit;
}

void
form_lines(struct page *page, const struct sale *sale, const char *issuer)
{
    const bool on_one_row = all_fit_on_one_row(page, sale, issuer);
    for (size_t i = 0; i < sale->content.line_count; i++) {
        const struct sale_line *line = &sale->content.lines[i];
        if (!is_wanted(line, issuer)) {
            continue;
        }
        struct figures figures;
        format_figures(&figures, line);
        if (on_one_row) {
            page_pair(page, 0, line->name, figures.whole);
        } else {
            page_text(page, 0, line->name);
            page_pair(page, INDENT, figures.detail, figures.tail);
        }
        if (line->is_exempted) {
            print_exemption(page, &line->exemption);
        }
    }
}
