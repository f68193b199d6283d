/* The catalogue for the screens. */
#include "pos/till/till_parts.h"

#include <stdio.h>
#include <string.h>

enum {
    KEYS_MAX = 9 /* number keys of the keyboard */
};

static void
write_items(const struct till *till, struct json_writer *writer)
{
    struct civil_date today = till_business_date(till);
    int64_t key = 1;
    json_begin_array(writer, "items");
    for (size_t i = 0; i < till->masters->item_count; i++) {
        const struct master_item *item = &till->masters->items[i];
        if (!master_item_is_valid_on(item, today)) {
            continue;
        }
        json_begin_object(writer, NULL);
        json_text(writer, "code", item->code);
        json_text(writer, "name", item->name);
        json_text(writer, "kana", item->kana);
        json_text(writer, "category", item->category);
        json_int(writer, "price_yen", item->price_yen);
        json_text(writer, "tax", tax_kind_word(item->tax));
        json_bool(writer, "favourite", item->is_favourite);
        if (item->is_favourite && key <= KEYS_MAX) {
            json_int(writer, "key", key++);
        } else {
            json_null(writer, "key");
        }
        json_end_object(writer);
    }
    json_end_array(writer);
}

static void
write_choices(const struct till *till, struct json_writer *writer)
{
    const struct masters *masters = till->masters;
    struct civil_date today = till_business_date(till);
    json_begin_array(writer, "exemptions");
    for (size_t i = 0; i < masters->exemption_count; i++) {
        const struct master_exemption *exemption = &masters->exemptions[i];
        json_begin_object(writer, NULL);
        json_text(writer, "code", exemption->code);
        json_text(writer, "name", exemption->name);
        json_begin_array(writer, "reasons");
        for (size_t r = 0; r < exemption->reason_count; r++) {
            json_text(writer, NULL, exemption->reasons[r]);
        }
        json_end_array(writer);
        json_end_object(writer);
    }
    json_end_array(writer);
    json_begin_array(writer, "brands");
    for (size_t i = 0; i < masters->brand_count; i++) {
        const struct master_brand *brand = &masters->brands[i];
        if (!master_brand_is_valid_on(brand, today) || channel_of(till, brand->method, false) == NULL) {
            continue;
        }
        json_begin_object(writer, NULL);
        json_text(writer, "code", brand->code);
        json_text(writer, "name", brand->name);
        json_text(writer, "method", payment_method_word(brand->method));
        json_bool(writer, "can_void", brand->can_void);
        json_end_object(writer);
    }
    json_end_array(writer);
    json_begin_array(writer, "quick_tender_yen");
    for (size_t i = 0; i < masters->quick_tender_count; i++) {
        json_int(writer, NULL, masters->quick_tender_yen[i]);
    }
    json_end_array(writer);
    json_begin_array(writer, "clerks");
    for (size_t i = 0; i < masters->clerk_count; i++) {
        json_begin_object(writer, NULL);
        json_text(writer, "code", masters->clerks[i].code);
        json_text(writer, "name", masters->clerks[i].name);
        json_text(writer, "role", masters->clerks[i].is_supervisor ? "supervisor" : "clerk");
        json_end_object(writer);
    }
    json_end_array(writer);
}

enum status
till_write_catalog(struct till *till, struct buffer *out, struct error_detail *err)
{
    struct json_writer writer;
    json_writer_init(&writer, out);
    till_lock(till);
    if (till->masters == NULL) {
        till_unlock(till, false);
        error_set(err, "not_enrolled", "この端末はまだ登録されていません。管理者に連絡してください。");
        return STATUS_REFUSED;
    }
    json_begin_object(&writer, NULL);
    json_int(&writer, "version", till->masters->version);
    json_begin_array(&writer, "categories");
    for (size_t i = 0; i < till->masters->place.category_count; i++) {
        json_text(&writer, NULL, till->masters->place.categories[i]);
    }
    json_end_array(&writer);
    write_items(till, &writer);
    write_choices(till, &writer);
    json_end_object(&writer);
    till_unlock(till, false);
    return json_finish(&writer, err);
}
