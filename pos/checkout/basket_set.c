/* Lines priced together: put in, replaced and taken out as a whole. */
#include "pos/checkout/basket_trial.h"

#include <string.h>

/* The basket as it is being written anew; large, and as `trial` in basket.c one for the process. */
static struct sale_content anew;

static enum status
append_line(const struct sale_line *line, const struct pricing_row *rows, struct error_detail *err)
{
    if (anew.line_count == BASKET_LINES_MAX) {
        error_set(err, "basket_full", "一度にお会計できるのは%d明細までです。分けてお会計してください。",
                  BASKET_LINES_MAX);
        return STATUS_OVERFLOW;
    }
    struct sale_line *copy = &anew.lines[anew.line_count++];
    *copy = *line;
    copy->pricing.first_row = 0;
    copy->pricing.row_count = 0;
    enum status status = STATUS_OK;
    for (size_t i = 0; i < line->pricing.row_count && status == STATUS_OK; i++) {
        status = sale_content_add_row(&anew, rows[i].text, rows[i].yen, err);
    }
    return status;
}

static enum status
append_set(const struct basket_set *set, int64_t number, struct error_detail *err)
{
    const struct pricing_row *rows = set->rows;
    enum status status = STATUS_OK;
    for (size_t i = 0; i < set->line_count && status == STATUS_OK; i++) {
        status = append_line(&set->lines[i], rows, err);
        if (status == STATUS_OK) {
            anew.lines[anew.line_count - 1].pricing.set = number;
        }
        rows += set->lines[i].pricing.row_count;
    }
    return status;
}

static bool
has_set(const struct sale_content *content, int64_t number)
{
    for (size_t i = 0; i < content->line_count; i++) {
        if (content->lines[i].pricing.tariff[0] != '\0' && content->lines[i].pricing.set == number) {
            return true;
        }
    }
    return false;
}

static int64_t
free_number(const struct sale_content *content)
{
    int64_t number = 1;
    while (has_set(content, number)) {
        number++;
    }
    return number;
}

enum status
basket_put_set(struct basket *basket, const struct basket_set *set, int64_t replaced, struct error_detail *err)
{
    const struct sale_content *content = &basket->content;
    bool is_placed = replaced == 0;
    if (replaced != 0 && !has_set(content, replaced)) {
        error_set(err, "no_such_line", "その明細はもうありません。画面の明細を確かめてください。");
        return STATUS_NOT_FOUND;
    }
    memset(&anew, 0, sizeof anew);
    anew.reference = content->reference;
    enum status status = STATUS_OK;
    for (size_t i = 0; i < content->line_count && status == STATUS_OK; i++) {
        const struct sale_line *line = &content->lines[i];
        bool is_old = replaced != 0 && line->pricing.tariff[0] != '\0' && line->pricing.set == replaced;
        if (!is_old) {
            status = append_line(line, &content->rows[line->pricing.first_row], err);
        } else if (!is_placed) {
            is_placed = true;
            status = append_set(set, replaced, err);
        }
    }
    if (status == STATUS_OK && replaced == 0) {
        status = append_set(set, free_number(content), err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    *basket_trial(basket) = anew;
    return basket_keep_trial(basket, err);
}

enum status
basket_remove(struct basket *basket, size_t index, struct error_detail *err)
{
    enum status status = basket_check_index(basket, index, err);
    if (status != STATUS_OK) {
        return status;
    }
    struct sale_content *trial = basket_trial(basket);
    const struct line_pricing gone = trial->lines[index].pricing;
    if (gone.tariff[0] == '\0') {
        sale_content_remove_line(trial, index);
    }
    for (size_t i = trial->line_count; i > 0 && gone.tariff[0] != '\0'; i--) {
        if (trial->lines[i - 1].pricing.tariff[0] != '\0' && trial->lines[i - 1].pricing.set == gone.set) {
            sale_content_remove_line(trial, i - 1);
        }
    }
    if (trial->line_count == 0) {
        trial->reference = (struct sale_reference){0}; /* what it belonged to went with its last line */
    }
    return basket_keep_trial(basket, err);
}
