/* The basket: every change is made on a copy, totalled, and kept only when it is sound. */
#include "pos/checkout/basket.h"

#include "pos/checkout/basket_trial.h"

#include <stdio.h>
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

void
basket_restore(struct basket *basket, const char *id, const struct sale_content *content)
{
    memset(basket, 0, sizeof *basket);
    snprintf(basket->id, sizeof basket->id, "%s", id);
    if (content != NULL) {
        basket->content = *content;
    }
}

/* Too large for a stack, and for every thread to have one: a till changes one basket at a time, under its lock. */
static struct sale_content trial;

struct sale_content *
basket_trial(const struct basket *basket)
{
    trial = basket->content;
    return &trial;
}

static enum status
check_record_fits(struct error_detail *err)
{
    struct buffer record;
    struct json_writer writer;
    struct error_detail ignored;
    buffer_init(&record, BASKET_RECORD_MAX_BYTES);
    json_writer_init(&writer, &record);
    json_begin_object(&writer, NULL);
    sale_content_write(&trial, &writer);
    json_end_object(&writer);
    enum status status = json_finish(&writer, &ignored);
    buffer_finish(&record);
    if (status != STATUS_OK) {
        error_set(err, "basket_full", "明細が多すぎて一度に記録できません。分けてお会計してください。");
        return STATUS_OVERFLOW;
    }
    return STATUS_OK;
}

enum status
basket_keep_trial(struct basket *basket, struct error_detail *err)
{
    enum status status = sale_content_total(&trial, err);
    if (status == STATUS_OK) {
        status = check_record_fits(err);
    }
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

enum status
basket_check_index(const struct basket *basket, size_t index, struct error_detail *err)
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
    struct sale_content *content = basket_trial(basket);
    struct sale_line *same = find_same(content, line);
    if (same != NULL) {
        same->quantity += line->quantity;
        status = check_quantity(same->quantity, err);
    } else if (content->line_count == BASKET_LINES_MAX) {
        error_set(err, "basket_full", "一度にお会計できるのは%d明細までです。分けてお会計してください。",
                  BASKET_LINES_MAX);
        status = STATUS_OVERFLOW;
    } else {
        content->lines[content->line_count++] = *line;
    }
    return status == STATUS_OK ? basket_keep_trial(basket, err) : status;
}

enum status
basket_line_to_change(const struct basket *basket, size_t index, struct sale_line *out, struct error_detail *err)
{
    enum status status = basket_check_index(basket, index, err);
    if (status != STATUS_OK) {
        return status;
    }
    const struct sale_line *line = &basket->content.lines[index];
    if (line->pricing.tariff[0] != '\0') {
        error_set(err, "priced_by_tariff",
                  "料金表で計算した明細です。「内容を直す」を押して、人数や時間などを入れ直してください。");
        return STATUS_REFUSED;
    }
    if (line->ticket[0] != '\0') {
        error_set(err, "pays_a_ticket", "券で計算した明細は変えられません。明細を消して、券を読み直してください。");
        return STATUS_REFUSED;
    }
    *out = *line;
    return STATUS_OK;
}

enum status
basket_replace(struct basket *basket, size_t index, const struct sale_line *line, struct error_detail *err)
{
    enum status status = basket_check_index(basket, index, err);
    if (status == STATUS_OK) {
        status = check_quantity(line->quantity, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    basket_trial(basket)->lines[index] = *line;
    return basket_keep_trial(basket, err);
}

enum status
basket_set_exemption(struct basket *basket, size_t index, const struct exemption *exemption, struct error_detail *err)
{
    enum status status = basket_check_index(basket, index, err);
    if (status != STATUS_OK) {
        return status;
    }
    struct sale_line *line = &basket_trial(basket)->lines[index];
    line->is_exempted = exemption != NULL;
    line->exemption = exemption != NULL ? *exemption : (struct exemption){0};
    return basket_keep_trial(basket, err);
}

enum status
basket_set_reference(struct basket *basket, const struct sale_reference *reference, struct error_detail *err)
{
    const struct sale_reference *present = &basket->content.reference;
    if (reference == NULL) {
        basket->content.reference = (struct sale_reference){0};
        return STATUS_OK;
    }
    bool is_same = strcmp(present->kind, reference->kind) == 0 && strcmp(present->number, reference->number) == 0;
    if (present->kind[0] != '\0' && !is_same) {
        error_set(err, "other_reference",
                  "この会計はもう番号 %s のものです。先にこの会計を済ませるか保留してから、次の番号を入れてください。",
                  present->number);
        return STATUS_REFUSED;
    }
    basket_trial(basket)->reference = *reference;
    return basket_keep_trial(basket, err);
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
