/* A file that names only one of the balances, or pages with interim ones, is not checked by them. */
#include "settlement/statements/xml_sums.h"

#include "common/money/yen.h"

#include <string.h>

enum { SLOT_AMOUNT, SLOT_DIRECTION, SLOT_KIND };

static void
add_places(struct xml_open_sum *sum, const struct xml_sum *plan, const struct place *kind)
{
    static const struct place nowhere = {.path = "/"}; /* no element is called so */
    sum->plan = plan;
    xml_slot_add(&sum->slots, plan->path != NULL ? &plan->amount : &nowhere);
    xml_slot_add(&sum->slots, plan->direction.path != NULL ? &plan->direction : &nowhere);
    xml_slot_add(&sum->slots, kind != NULL && kind->path != NULL ? kind : &nowhere);
}

void
xml_sums_init(struct xml_sums *sums, const struct xml_plan *plan)
{
    *sums = (struct xml_sums){.plan = plan};
    add_places(&sums->balance, &plan->balance, &plan->balance_kind);
    add_places(&sums->detail, &plan->detail, NULL);
}

void
xml_sums_finish(struct xml_sums *sums)
{
    xml_slots_finish(&sums->balance.slots);
    xml_slots_finish(&sums->detail.slots);
}

void
xml_sums_begin_group(struct xml_sums *sums)
{
    sums->has_opening = false;
    sums->has_closing = false;
}

void
xml_sums_begin_line(struct xml_sums *sums)
{
    sums->detail_count = 0;
    sums->detail_yen = 0;
    sums->detail_without_yen = 0;
    sums->is_detail_unknown = false;
}

bool
xml_sums_open(struct xml_open_sum *sum, const char *path, size_t length)
{
    if (sum->plan->path == NULL || sum->scope > 0 || strcmp(path, sum->plan->path) != 0) {
        return false;
    }
    xml_slots_clear(&sum->slots);
    sum->scope = length;
    return true;
}

void
xml_sums_fill(struct xml_sums *sums, unsigned depth, const char *text, size_t length)
{
    if (sums->balance.scope > 0) {
        xml_slots_fill(&sums->balance.slots, depth, text, length);
    }
    if (sums->detail.scope > 0) {
        xml_slots_fill(&sums->detail.slots, depth, text, length);
    }
}

bool
xml_selector_holds(const struct record_selector *selector, struct text_view text)
{
    for (unsigned i = 0; i < selector->text_count; i++) {
        if (text_view_equals(selector->texts[i], text)) {
            return true;
        }
    }
    return false;
}

static enum status
read_yen(const struct xml_sum *plan, struct text_view text, int64_t *out)
{
    return plan->has_number ? number_read(&plan->number, text, out) : yen_parse(out, text.at, text.length);
}

static enum status
close_balance(struct xml_sums *sums, struct error_detail *err)
{
    const struct xml_open_sum *balance = &sums->balance;
    struct text_view kind = xml_slot_text(&balance->slots.slots[SLOT_KIND]);
    struct text_view amount = xml_slot_text(&balance->slots.slots[SLOT_AMOUNT]);
    bool is_opening = !sums->has_opening && xml_selector_holds(&sums->plan->opening, kind);
    bool is_closing = !sums->has_closing && xml_selector_holds(&sums->plan->closing, kind);
    int64_t yen = 0;
    if (!is_opening && !is_closing) {
        return STATUS_OK;
    }
    if (read_yen(balance->plan, amount, &yen) != STATUS_OK) {
        error_set(err, "statement_incomplete",
                  "明細ファイル不完全: 残高「%.*s」が数字ではありません。送付元から受け取り直してください。"
                  "何も取り込んでいません。",
                  (int)(amount.length < 40 ? amount.length : 40), amount.at);
        return STATUS_INVALID;
    }
    bool is_out = balance->plan->direction.path != NULL &&
                  text_view_equals(xml_slot_text(&balance->slots.slots[SLOT_DIRECTION]), balance->plan->out);
    yen = is_out ? -yen : yen;
    if (is_opening) {
        sums->has_opening = true;
        sums->opening_yen = yen;
    } else {
        sums->has_closing = true;
        sums->closing_yen = yen;
    }
    return STATUS_OK;
}

static void
close_detail(struct xml_sums *sums)
{
    const struct xml_open_sum *detail = &sums->detail;
    struct text_view direction = xml_slot_text(&detail->slots.slots[SLOT_DIRECTION]);
    int64_t yen = 0;
    bool is_read = read_yen(detail->plan, xml_slot_text(&detail->slots.slots[SLOT_AMOUNT]), &yen) == STATUS_OK;
    bool is_said = detail->plan->direction.path != NULL && direction.length > 0;
    bool is_out = is_said && text_view_equals(direction, detail->plan->out);
    int64_t *sum = is_said ? &sums->detail_yen : &sums->detail_without_yen;
    is_read = is_read && yen_add(sum, *sum, is_out ? -yen : yen) == STATUS_OK;
    sums->is_detail_unknown = sums->is_detail_unknown || !is_read;
}

enum status
xml_sums_close(struct xml_sums *sums, unsigned depth, size_t length, struct error_detail *err)
{
    xml_slots_close(&sums->balance.slots, depth);
    xml_slots_close(&sums->detail.slots, depth);
    if (sums->detail.scope == length) {
        sums->detail.scope = 0;
        close_detail(sums);
    }
    if (sums->balance.scope == length) {
        sums->balance.scope = 0;
        return close_balance(sums, err);
    }
    return STATUS_OK;
}

enum status
xml_sums_check_balance(const struct xml_sums *sums, const struct tally *tally, struct error_detail *err)
{
    if (!sums->has_opening || !sums->has_closing) {
        return STATUS_OK;
    }
    int64_t moved = tally->group.sum_yen[BANK_IN] - tally->group.sum_yen[BANK_OUT];
    if (tally->unknown_amounts > 0 || sums->opening_yen + moved != sums->closing_yen) {
        error_set(err, "statement_incomplete",
                  "明細ファイル不完全: 前残高 %lld に読めた明細の増減 %lld を足すと %lld ですが、後残高は %lld です。%s"
                  "何も取り込んでいません。",
                  (long long)sums->opening_yen, (long long)moved, (long long)(sums->opening_yen + moved),
                  (long long)sums->closing_yen,
                  tally->unknown_amounts > 0 ? "金額か区分を読めない行があります。"
                                             : "送付元から受け取り直してください。");
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

enum status
xml_sums_check_details(const struct xml_sums *sums, const struct bank_line *line, struct error_detail *err)
{
    int64_t amount = line->direction == BANK_OUT ? -line->amount_yen : line->amount_yen;
    int64_t without = line->direction == BANK_OUT ? -sums->detail_without_yen : sums->detail_without_yen;
    if (sums->detail_count == 0 || sums->is_detail_unknown || sums->detail_yen + without == amount) {
        return STATUS_OK;
    }
    error_set(err, "statement_field",
              "内訳%u件の合計は %lld ですが、入出金の金額は %lld です。銀行に確かめてください。", sums->detail_count,
              (long long)(sums->detail_yen + without), (long long)amount);
    return STATUS_INVALID;
}
