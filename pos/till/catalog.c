/* The catalogue for the screens. */
#include "pos/till/till_parts.h"

#include <stdio.h>
#include <string.h>

enum {
    KEYS_MAX = 9 /* number keys of the keyboard */
};

static void
write_item(const struct master_item *item, int64_t *key, struct json_writer *writer)
{
    json_begin_object(writer, NULL);
    json_text(writer, "code", item->code);
    json_text(writer, "name", item->name);
    json_text(writer, "kana", item->kana);
    json_text(writer, "category", item->category);
    json_int(writer, "price_yen", item->price_yen);
    json_text(writer, "tariff", item->tariff[0] != '\0' ? item->tariff : NULL);
    json_text(writer, "tax", tax_kind_word(item->tax));
    json_bool(writer, "favourite", item->is_favourite);
    if (item->is_favourite && *key <= KEYS_MAX) {
        json_int(writer, "key", (*key)++);
    } else {
        json_null(writer, "key");
    }
    json_end_object(writer);
}

static enum status
write_items(const struct till *till, struct json_writer *writer, struct error_detail *err)
{
    static _Thread_local struct master_item found[FOUND_ITEMS_MAX];
    struct item_query query = {.limit = FOUND_ITEMS_MAX};
    int64_t key = 1;
    bool has_more = true;
    enum status status = STATUS_OK;
    json_begin_array(writer, "items");
    while (has_more && status == STATUS_OK) {
        size_t count = 0;
        status = masters_find_items(till->masters, &query, till_business_date(till), found, &count, &has_more, err);
        for (size_t i = 0; i < count && status == STATUS_OK; i++) {
            write_item(&found[i], &key, writer);
        }
        query.offset += count;
    }
    json_end_array(writer);
    return status;
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
        if (!validity_holds(&brand->validity, today) || channel_of(till, brand->method, false) == NULL) {
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
    enum status status = write_items(till, &writer, err);
    write_choices(till, &writer);
    json_end_object(&writer);
    till_unlock(till, false);
    return status == STATUS_OK ? json_finish(&writer, err) : status;
}
