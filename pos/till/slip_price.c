/* The price that only a slip knows. */
#include "pos/till/slip_price.h"

static bool
is_on_slip(const struct till *till, const struct sale_line *line)
{
    struct master_item item;
    struct error_detail ignored; /* an item that nobody knows any more has no rule either */
    return line->pricing.tariff[0] == '\0' && line->ticket[0] == '\0' &&
           masters_item_ever(till->masters, line->item, till_business_date(till), &item, &ignored) == STATUS_OK &&
           masters_price_is_on_slip(till->masters, &item);
}

static enum status
refuse(const char *name, struct error_detail *err)
{
    error_set(
        err, "slip_needed",
        "「%s」の金額は用紙に書かれています。用紙のバーコードを読み取るか、検索にバーコードの番号を入れてください。",
        name);
    return STATUS_REFUSED;
}

enum status
slip_price_check_item(const struct till *till, const struct master_item *item, struct error_detail *err)
{
    return masters_price_is_on_slip(till->masters, item) ? refuse(item->name, err) : STATUS_OK;
}

enum status
slip_price_check_quantity(const struct till *till, const struct sale_line *line, int64_t quantity,
                          struct error_detail *err)
{
    if (quantity > line->quantity && is_on_slip(till, line)) {
        error_set(err, "one_slip", "「%s」は用紙1枚につき1件です。次の用紙は、バーコードを読み取ってください。",
                  line->name);
        return STATUS_REFUSED;
    }
    return STATUS_OK;
}

enum status
slip_price_check_content(const struct till *till, const struct sale_content *content, struct error_detail *err)
{
    for (size_t i = 0; i < content->line_count; i++) {
        const struct sale_line *line = &content->lines[i];
        bool is_waived = line->is_exempted || line->override.approved_by[0] != '\0';
        if (line->unit_price_yen == 0 && !is_waived && is_on_slip(till, line)) {
            return refuse(line->name, err);
        }
    }
    return STATUS_OK;
}

bool
slip_price_is_in(const struct till *till, const struct sale_content *content)
{
    for (size_t i = 0; i < content->line_count; i++) {
        if (is_on_slip(till, &content->lines[i])) {
            return true;
        }
    }
    return false;
}
