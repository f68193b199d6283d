/* The catalogue for the screens: what is few is sent whole, items are asked for a screenful at a time. */
#include "pos/till/till_parts.h"

#include <stdio.h>
#include <string.h>

enum {
    KEYS_MAX = 9,       /* number keys of the keyboard */
    FAVOURITES_MAX = 60 /* keys that a hand finds on one screen; further ones stand in their category */
};

/* The favourites that have a number key today, by code. */
struct number_keys {
    char codes[KEYS_MAX][CODE_SIZE];
    size_t count;
};

static void
write_item(const struct till *till, const struct master_item *item, const struct number_keys *keys,
           struct json_writer *writer)
{
    json_begin_object(writer, NULL);
    json_text(writer, "code", item->code);
    json_text(writer, "name", item->name);
    json_text(writer, "kana", item->kana);
    json_text(writer, "category", item->category);
    json_int(writer, "price_yen", item->price_yen);
    json_bool(writer, "price_on_slip", masters_price_is_on_slip(till->masters, item));
    json_text(writer, "tariff", item->tariff[0] != '\0' ? item->tariff : NULL);
    json_text(writer, "tax", tax_kind_word(item->tax));
    json_bool(writer, "favourite", item->is_favourite);
    size_t key = 0;
    while (key < keys->count && strcmp(keys->codes[key], item->code) != 0) {
        key++;
    }
    if (key < keys->count) {
        json_int(writer, "key", (int64_t)key + 1);
    } else {
        json_null(writer, "key");
    }
    json_end_object(writer);
}

/* What one answer lists, found and written under the lock. */
static struct master_item *
found_items(void)
{
    static struct master_item found[FOUND_ITEMS_MAX];
    return found;
}

static enum status
load_number_keys(const struct till *till, struct number_keys *out, struct error_detail *err)
{
    struct master_item *found = found_items();
    const struct item_query favourites = {.favourites_only = true, .limit = KEYS_MAX};
    bool has_more;
    enum status status =
        masters_find_items(till->masters, &favourites, till_business_date(till), found, &out->count, &has_more, err);
    for (size_t i = 0; i < out->count && status == STATUS_OK; i++) {
        memcpy(out->codes[i], found[i].code, CODE_SIZE);
    }
    return status;
}

static enum status
write_found(const struct till *till, const struct item_query *query, const char *key, bool *out_has_more,
            struct json_writer *writer, struct error_detail *err)
{
    struct number_keys keys = {.count = 0};
    struct master_item *found = found_items();
    size_t count = 0;
    enum status status = load_number_keys(till, &keys, err);
    if (status == STATUS_OK) {
        status = masters_find_items(till->masters, query, till_business_date(till), found, &count, out_has_more, err);
    }
    json_begin_array(writer, key);
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        write_item(till, &found[i], &keys, writer);
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

static enum status
check_has_masters(const struct till *till, struct error_detail *err)
{
    if (till->masters == NULL) {
        error_set(err, "not_enrolled", "この端末はまだ登録されていません。管理者に連絡してください。");
        return STATUS_REFUSED;
    }
    return STATUS_OK;
}

enum status
till_write_items(struct till *till, const struct item_query *query, struct buffer *out, struct error_detail *err)
{
    struct json_writer writer;
    bool has_more = false;
    json_writer_init(&writer, out);
    json_begin_object(&writer, NULL);
    till_lock(till);
    enum status status = check_has_masters(till, err);
    if (status == STATUS_OK) {
        status = write_found(till, query, "items", &has_more, &writer, err);
    }
    till_unlock(till, false);
    json_bool(&writer, "has_more", has_more);
    json_end_object(&writer);
    return status == STATUS_OK ? json_finish(&writer, err) : status;
}

enum status
till_write_catalog(struct till *till, struct buffer *out, struct error_detail *err)
{
    struct json_writer writer;
    json_writer_init(&writer, out);
    till_lock(till);
    enum status status = check_has_masters(till, err);
    if (status != STATUS_OK) {
        till_unlock(till, false);
        return status;
    }
    json_begin_object(&writer, NULL);
    json_int(&writer, "version", till->masters->version);
    json_begin_array(&writer, "categories");
    for (size_t i = 0; i < till->masters->place.category_count; i++) {
        json_text(&writer, NULL, till->masters->place.categories[i]);
    }
    json_end_array(&writer);
    const struct item_query favourites = {.favourites_only = true, .limit = FAVOURITES_MAX};
    bool has_more;
    status = write_found(till, &favourites, "favourites", &has_more, &writer, err);
    write_choices(till, &writer);
    json_end_object(&writer);
    till_unlock(till, false);
    return status == STATUS_OK ? json_finish(&writer, err) : status;
}
