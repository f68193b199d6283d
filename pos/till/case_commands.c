/* Items that a tariff prices: what is asked, what it costs, and its lines in the basket as one set. */
#include "pos/till/cases.h"

#include "common/text/utf8.h"
#include "pos/till/till_parts.h"

#include <stdio.h>
#include <string.h>

/* Everything for one case, under the lock. The tariff is given, the reductions are borrowed from the masters. */
struct priced_case {
    struct master_item item;
    struct tariff *tariff;
    struct tariff_granted granted[TARIFF_GRANTED_MAX];
    size_t granted_count;
    struct tariff_result result;
};

/* About 90 KiB: not on the stack of a server thread. */
static _Thread_local struct priced_case priced;

static void
forget(struct priced_case *it)
{
    tariff_destroy(it->tariff);
    it->tariff = NULL;
}

static const char *
granter_of(const struct tariff_reduction *reduction, const char *wanted)
{
    const char *first = tariff_reduction_granter(reduction, 0);
    if (wanted == NULL) {
        return first != NULL && tariff_reduction_granter(reduction, 1) == NULL ? first : NULL;
    }
    const char *granter;
    for (size_t i = 0; (granter = tariff_reduction_granter(reduction, i)) != NULL; i++) {
        if (strcmp(granter, wanted) == 0) {
            return granter;
        }
    }
    return NULL;
}

enum status
find_reduction(const struct till *till, const struct master_item *item, const struct granted_choice *choice,
               struct tariff_granted *out, struct error_detail *err)
{
    const struct tariff_reduction *reduction = masters_reduction(till->masters, choice->rule, till_business_date(till));
    if (reduction == NULL || !tariff_reduction_covers(reduction, item->code, item->facility)) {
        error_set(err, "no_such_reduction", "「%s」にその減免は使えません。", item->name);
        return STATUS_NOT_FOUND;
    }
    const char *granter = granter_of(reduction, choice->granter);
    if (granter == NULL) {
        error_set(err, "granter_needed", "%sを決めた部署を選んでください。", tariff_reduction_name(reduction));
        return STATUS_INVALID;
    }
    *out = (struct tariff_granted){.reduction = reduction, .granter = granter};
    return STATUS_OK;
}

/* Item, tariff and reductions. STATUS_REFUSED `fixed_price` for an item without a tariff. */
static enum status
find_case(struct till *till, const struct case_input *input, struct priced_case *out, struct error_detail *err)
{
    struct civil_date today = till_business_date(till);
    out->tariff = NULL;
    out->granted_count = 0;
    enum status status = masters_item(till->masters, input->item, today, &out->item, err);
    if (status == STATUS_OK && out->item.tariff[0] == '\0') {
        error_set(err, "fixed_price", "「%s」は決まった料金です。人数などの入力はありません。", out->item.name);
        status = STATUS_REFUSED;
    }
    for (size_t i = 0; i < input->granted_count && status == STATUS_OK; i++) {
        status = find_reduction(till, &out->item, &input->granted[i], &out->granted[i], err);
        out->granted_count = i + 1;
    }
    return status == STATUS_OK ? masters_tariff(till->masters, out->item.tariff, today, &out->tariff, err) : status;
}

static enum status
price_case(struct till *till, const struct case_input *input, struct priced_case *out, struct error_detail *err)
{
    enum status status = find_case(till, input, out, err);
    if (status == STATUS_OK) {
        status = tariff_price(out->tariff, input->facts, out->granted, out->granted_count, till_business_date(till),
                              &out->result, err);
    }
    return status;
}

/* Whether REDUCTION takes anything off ITEM at all: what cannot apply is not promised to a citizen. */
static bool
can_reduce(const struct tariff_reduction *reduction, const struct master_item *item, const struct tariff *tariff)
{
    if (tariff != NULL) {
        return tariff_reduction_fits(reduction, tariff);
    }
    int64_t price_yen = item->price_yen > 0 ? item->price_yen : PAYMENT_MAX_YEN; /* 0: a slip says it */
    return tariff_reduction_yen(reduction, "all", price_yen, 1) > 0;
}

static void
write_reductions(const struct till *till, const struct master_item *item, const struct tariff *tariff,
                 struct json_writer *writer)
{
    json_begin_array(writer, "reductions");
    for (size_t i = 0; i < till->masters->reduction_count; i++) {
        const struct tariff_reduction *reduction = till->masters->reductions[i];
        const char *granter;
        if (!tariff_reduction_is_valid_on(reduction, till_business_date(till)) ||
            !tariff_reduction_covers(reduction, item->code, item->facility) || !can_reduce(reduction, item, tariff)) {
            continue;
        }
        json_begin_object(writer, NULL);
        json_text(writer, "code", tariff_reduction_code(reduction));
        json_text(writer, "name", tariff_reduction_name(reduction));
        json_begin_array(writer, "granters");
        for (size_t g = 0; (granter = tariff_reduction_granter(reduction, g)) != NULL; g++) {
            json_text(writer, NULL, granter);
        }
        json_end_array(writer);
        json_end_object(writer);
    }
    json_end_array(writer);
}

static enum status
check_masters(const struct till *till, struct error_detail *err)
{
    if (till->is_enrolled && till->masters != NULL) {
        return STATUS_OK;
    }
    error_set(err, "not_enrolled", "この端末はまだ登録されていません。管理者に連絡してください。");
    return STATUS_REFUSED;
}

enum {
    QUESTIONS_MAX_BYTES = 256 * 1024 /* forty rooms with bands, or a hundred kinds of equipment */
};

enum status
till_write_questions(struct till *till, const char *item, struct buffer *out, struct error_detail *err)
{
    struct master_item found;
    struct tariff *tariff = NULL;
    struct buffer questions;
    struct json_writer writer;
    buffer_init(&questions, QUESTIONS_MAX_BYTES);
    json_writer_init(&writer, out);
    till_lock(till);
    struct civil_date today = till->masters != NULL ? till_business_date(till) : (struct civil_date){0};
    enum status status = check_masters(till, err);
    if (status == STATUS_OK) {
        status = masters_item(till->masters, item, today, &found, err);
    }
    if (status == STATUS_OK && found.tariff[0] != '\0') {
        status = masters_tariff(till->masters, found.tariff, today, &tariff, err);
        if (status == STATUS_OK) {
            status = tariff_questions(tariff, today, &questions, err);
        }
    }
    if (status == STATUS_OK) {
        json_begin_object(&writer, NULL);
        json_text(&writer, "item", found.code);
        json_text(&writer, "name", found.name);
        json_text(&writer, "category", found.category);
        json_int(&writer, "price_yen", found.price_yen);
        if (tariff != NULL) {
            json_raw(&writer, "questions", buffer_text(&questions), questions.length);
        } else {
            json_null(&writer, "questions");
        }
        write_reductions(till, &found, tariff, &writer);
        json_end_object(&writer);
    }
    till_unlock(till, false);
    tariff_destroy(tariff);
    buffer_finish(&questions);
    return status == STATUS_OK ? json_finish(&writer, err) : status;
}

enum status
till_price_case(struct till *till, const struct case_input *input, struct buffer *out, struct error_detail *err)
{
    struct json_writer writer;
    struct error_detail fault;
    json_writer_init(&writer, out);
    till_lock(till);
    enum status status = check_masters(till, err);
    if (status != STATUS_OK) {
        till_unlock(till, false);
        return status;
    }
    enum status priced_as = price_case(till, input, &priced, &fault);
    json_begin_object(&writer, NULL);
    json_text(&writer, "item", input->item);
    if (priced_as == STATUS_OK) {
        tariff_result_write(&priced.result, &writer);
    } else {
        json_begin_object(&writer, "fault");
        json_text(&writer, "code", fault.code);
        json_text(&writer, "message", fault.message);
        json_end_object(&writer);
    }
    json_end_object(&writer);
    forget(&priced);
    till_unlock(till, false);
    return json_finish(&writer, err);
}

/* "観覧料 一般(団体)", cut at a character where it is longer than a receipt's line holds. */
static void
name_line(struct sale_line *line, const char *label)
{
    char name[2 * NAME_SIZE];
    if (label[0] == '\0') {
        return;
    }
    int length = snprintf(name, sizeof name, "%s %s", line->name, label);
    size_t fitting = utf8_prefix(name, (size_t)length, NAME_SIZE - 1);
    memcpy(line->name, name, fitting);
    line->name[fitting] = '\0';
}

static void
make_line(const struct priced_case *from, const struct tariff_line *priced_line, struct sale_line *out)
{
    line_from_item(&from->item, out);
    name_line(out, priced_line->label);
    out->unit_price_yen = priced_line->unit_price_yen;
    out->quantity = priced_line->quantity;
    snprintf(out->pricing.tariff, sizeof out->pricing.tariff, "%s", from->item.tariff);
    snprintf(out->pricing.facts, sizeof out->pricing.facts, "{}");
    out->pricing.row_count = priced_line->row_count;
    if (priced_line->reduction_yen > 0) {
        out->reduction.yen = priced_line->reduction_yen;
        snprintf(out->reduction.rule, sizeof out->reduction.rule, "%s", priced_line->reduction_rule);
        snprintf(out->reduction.name, sizeof out->reduction.name, "%s", priced_line->reduction_name);
        snprintf(out->reduction.granter, sizeof out->reduction.granter, "%s", priced_line->reduction_granter);
    }
}

/* The case as it was entered, with the reductions that were chosen: what the panel is filled with when it opens again,
 * and what an auditor prices anew. */
static enum status
write_facts(const struct case_input *input, char out[FACTS_SIZE], struct error_detail *err)
{
    struct buffer text;
    struct error_detail ignored;
    buffer_init(&text, FACTS_SIZE);
    enum status status = STATUS_OK;
    if (input->facts != NULL) {
        status = json_write_canonical(input->facts, &text, &ignored);
    } else {
        buffer_append_text(&text, "{}");
    }
    if (status != STATUS_OK || text.has_failed || text.length >= FACTS_SIZE) {
        error_set(err, "case_too_long", "入力が多すぎて記録できません。部屋や備品を分けて、別の明細にしてください。");
        status = STATUS_OVERFLOW;
    } else {
        memcpy(out, buffer_text(&text), text.length + 1);
    }
    buffer_finish(&text);
    return status;
}

static _Thread_local struct sale_line lines[TARIFF_LINES_MAX];
static _Thread_local struct pricing_row rows[TARIFF_LINES_MAX * TARIFF_ROWS_MAX];

static enum status
put_lines(struct till *till, const struct case_input *input, int64_t replaced, struct error_detail *err)
{
    size_t row_count = 0;
    for (size_t i = 0; i < priced.result.line_count; i++) {
        const struct tariff_line *line = &priced.result.lines[i];
        make_line(&priced, line, &lines[i]);
        snprintf(lines[i].ticket, sizeof lines[i].ticket, "%s", input->ticket != NULL ? input->ticket : "");
        for (size_t r = 0; r < line->row_count; r++) {
            snprintf(rows[row_count].text, sizeof rows[row_count].text, "%s", line->rows[r].text);
            rows[row_count++].yen = line->rows[r].yen;
        }
    }
    enum status status = write_facts(input, lines[0].pricing.facts, err);
    const struct basket_set set = {.lines = lines, .line_count = priced.result.line_count, .rows = rows};
    return status == STATUS_OK ? basket_put_set(&till->basket, &set, replaced, err) : status;
}

enum status
till_put_case(struct till *till, const struct case_input *input, int64_t replaced, struct error_detail *err)
{
    till_lock(till);
    /* A case that is changed is one of the basket's; a new one may be the next citizen's. */
    enum status status = replaced != 0 ? check_can_change(till, err) : check_can_sell(till, err);
    if (status == STATUS_OK) {
        status = price_case(till, input, &priced, err);
        if (status == STATUS_OK && input->ticket != NULL && priced.result.total_yen == 0) {
            error_set(err, "nothing_to_pay", "お支払いはありません。「出庫」を押してください。");
            status = STATUS_REFUSED;
        }
        if (status == STATUS_OK) {
            status = basket_make_room(till, err);
        }
        if (status == STATUS_OK) {
            status = put_lines(till, input, replaced, err);
        }
        forget(&priced);
    }
    till_unlock(till, status == STATUS_OK);
    return status;
}
