/* The basket: every change is made on a copy, totalled, and kept only when it is sound. */
#include "pos/checkout/basket.h"

#include <string.h>

enum status
basket_init(struct basket *basket, int64_t instant_ms, struct error_detail *err)
{
    char id[IDENTITY_TEXT_SIZE];
    enum status status = identity_new(id, instant_ms, err);
    if (status == STATUS_OK) {
        memset(basket, 0, sizeof *basket);
        memcpy(basket->id, id, sizeof id);
    }
    return status;
}

/* The copy that changes are tried on; large, so not on the stack of a server thread. */
static _Thread_local struct sale_content trial;

static enum status
keep_trial(struct basket *basket, struct error_detail *err)
{
    enum status status = sale_content_total(&trial, err);
    if (status == STATUS_OK) {
        basket->content = trial;
    }
    return status;
}

static enum status
check_quantity(int64_t quantity, struct error_detail *err)
{
    if (quantity < 1 || quantity > BASKET_QUANTITY_MAX) {
        error_set(err, "quantity", "数量は1から%dまでです。", BASKET_QUANTITY_MAX);
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

static enum status
check_index(const struct basket *basket, size_t index, struct error_detail *err)
{
    if (index >= basket->content.line_count) {
        error_set(err, "no_such_line", "その明細はもうありません。画面の明細を確かめてください。");
        return STATUS_NOT_FOUND;
    }
    return STATUS_OK;
}

/* A line that says nothing but item, price and quantity; only such lines grow into each other. */
static bool
is_plain(const struct sale_line *line)
{
    return !line->is_exempted && line->reduction.rule[0] == '\0' && line->override.approved_by[0] == '\0' &&
           line->pricing.tariff[0] == '\0' && line->ticket[0] == '\0';
}

static struct sale_line *
find_same(struct sale_content *content, const struct sale_line *line)
{
    for (size_t i = 0; i < content->line_count; i++) {
        struct sale_line *other = &content->lines[i];
        if (strcmp(other->item, line->item) == 0 && other->unit_price_yen == line->unit_price_yen && is_plain(other) &&
            is_plain(line)) {
            return other;
        }
    }
    return NULL;
}

enum status
basket_add(struct basket *basket, const struct sale_line *line, struct error_detail *err)
{
    enum status status = check_quantity(line->quantity, err);
    if (status != STATUS_OK) {
        return status;
    }
    trial = basket->content;
    struct sale_line *same = find_same(&trial, line);
    if (same != NULL) {
        same->quantity += line->quantity;
        status = check_quantity(same->quantity, err);
    } else if (trial.line_count == BASKET_LINES_MAX) {
        error_set(err, "basket_full", "一度にお会計できるのは%d明細までです。分けてお会計してください。",
                  BASKET_LINES_MAX);
        status = STATUS_OVERFLOW;
    } else {
        trial.lines[trial.line_count++] = *line;
    }
    return status == STATUS_OK ? keep_trial(basket, err) : status;
}

enum status
basket_set_quantity(struct basket *basket, size_t index, int64_t quantity, struct error_detail *err)
{
    enum status status = check_index(basket, index, err);
    if (status == STATUS_OK) {
        status = check_quantity(quantity, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    trial = basket->content;
    trial.lines[index].quantity = quantity;
    return keep_trial(basket, err);
}

enum status
basket_remove(struct basket *basket, size_t index, struct error_detail *err)
{
    enum status status = check_index(basket, index, err);
    if (status != STATUS_OK) {
        return status;
    }
    trial = basket->content;
    sale_content_remove_line(&trial, index);
    return keep_trial(basket, err);
}

enum status
basket_set_exemption(struct basket *basket, size_t index, const struct exemption *exemption, struct error_detail *err)
{
    enum status status = check_index(basket, index, err);
    if (status != STATUS_OK) {
        return status;
    }
    trial = basket->content;
    trial.lines[index].is_exempted = exemption != NULL;
    trial.lines[index].exemption = exemption != NULL ? *exemption : (struct exemption){0};
    return keep_trial(basket, err);
}

int64_t
basket_count(const struct basket *basket)
{
    int64_t count = 0;
    for (size_t i = 0; i < basket->content.line_count; i++) {
        count += basket->content.lines[i].quantity;
    }
    return count;
}
