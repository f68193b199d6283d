/* The catalogue and the list of past sales, for the screens. */
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

static void
write_lines(const struct sale_content *content, struct json_writer *writer)
{
    json_begin_array(writer, "lines");
    for (size_t i = 0; i < content->line_count; i++) {
        json_begin_object(writer, NULL);
        json_text(writer, "name", content->lines[i].name);
        json_int(writer, "quantity", content->lines[i].quantity);
        json_int(writer, "amount_yen", content->lines[i].amount_yen);
        json_text(writer, "exemption", content->lines[i].is_exempted ? content->lines[i].exemption.name : NULL);
        json_end_object(writer);
    }
    json_end_array(writer);
}

/* One row as fetched: the journal line is read after the cursor has been closed. */
struct listed_sale {
    char sale[IDENTITY_TEXT_SIZE];
    int64_t sequence;
    char state[STATE_WORD_SIZE];
    int64_t copies;
    bool is_of_open_day;
};

enum { LIST_MAX = 200 };

static enum status
fetch(struct till *till, const char *before, size_t limit, struct listed_sale *out, size_t *out_count,
      struct error_detail *err)
{
    struct statement *row;
    bool has_row = false;
    enum status status = database_statement(
        till->db,
        "SELECT sale, sequence, state, (SELECT COUNT(*) FROM print_job WHERE subject = sale AND print_job.state <>"
        " 'not_printed'), business_date"
        " FROM sale WHERE ?1 IS NULL OR sequence < (SELECT sequence FROM sale WHERE receipt_number = ?1)"
        " ORDER BY sequence DESC LIMIT ?2",
        &row, err);
    if (status != STATUS_OK) {
        return status;
    }
    char today[CIVIL_DATE_TEXT_SIZE] = "";
    if (till->day.exists && till->day.is_open) {
        civil_date_format(today, till->day.date);
    }
    statement_bind_text(row, 1, before);
    statement_bind_int(row, 2, (int64_t)limit);
    while ((status = statement_step(row, &has_row, err)) == STATUS_OK && has_row) {
        struct listed_sale *listed = &out[(*out_count)++];
        snprintf(listed->sale, sizeof listed->sale, "%s", statement_column_text(row, 0));
        listed->sequence = statement_column_int(row, 1);
        snprintf(listed->state, sizeof listed->state, "%s", statement_column_text(row, 2));
        listed->copies = statement_column_int(row, 3);
        listed->is_of_open_day = strcmp(statement_column_text(row, 4), today) == 0;
    }
    return status;
}

static const char *
void_hint(const struct till *till, const struct listed_sale *listed, const struct sale *sale)
{
    const struct master_brand *brand = masters_brand(till->masters, sale->payment.brand, till_business_date(till));
    if (strcmp(listed->state, "voiding") == 0) {
        return "取消の結果を確かめています。お客様への返金はまだ確認できていません。";
    }
    if (strcmp(listed->state, "sold") != 0) {
        return "取消済みです。";
    }
    if (!listed->is_of_open_day) {
        return "取消は売上と同じ営業日だけです。会計担当へ還付を依頼してください。";
    }
    return brand != NULL && !brand->can_void ? "このブランドは取消ができません。会計担当へ還付を依頼してください。"
                                             : "";
}

static enum status
write_sale(struct till *till, const struct listed_sale *listed, struct json_writer *writer, struct error_detail *err)
{
    static _Thread_local struct sale sale;
    char at[INSTANT_TEXT_SIZE];
    char received_on[CIVIL_DATE_TEXT_SIZE];
    int64_t at_ms;
    enum status status = load_sale(till, listed->sequence, &sale, &at_ms, err);
    if (status != STATUS_OK) {
        return status;
    }
    const char *hint = void_hint(till, listed, &sale);
    json_begin_object(writer, NULL);
    json_text(writer, "sale", listed->sale);
    json_text(writer, "receipt_number", sale.receipt_number);
    json_text(writer, "at", instant_format(at, at_ms));
    json_text(writer, "received_on", civil_date_format(received_on, sale.received_on));
    json_int(writer, "total_yen", sale.content.total_yen);
    json_text(writer, "method", payment_method_word(sale.payment.method));
    json_text(writer, "brand_name",
              sale.payment.brand[0] != '\0' ? masters_brand_name(till->masters, sale.payment.brand) : NULL);
    json_text(writer, "clerk_name", masters_clerk_name(till->masters, sale.clerk));
    json_text(writer, "state", listed->state);
    json_text(writer, "print", sale_paper_progress(till, listed->sale));
    json_int(writer, "copies", listed->copies);
    write_lines(&sale.content, writer);
    json_bool(writer, "can_void", hint[0] == '\0');
    json_text(writer, "void_hint", hint);
    json_end_object(writer);
    return STATUS_OK;
}

enum status
till_write_sales(struct till *till, const char *before, size_t limit, struct buffer *out, struct error_detail *err)
{
    static _Thread_local struct listed_sale listed[LIST_MAX];
    size_t count = 0;
    struct json_writer writer;
    json_writer_init(&writer, out);
    till_lock(till);
    enum status status = STATUS_OK;
    if (till->masters == NULL) {
        error_set(err, "not_enrolled", "この端末はまだ登録されていません。管理者に連絡してください。");
        status = STATUS_REFUSED;
    }
    if (status == STATUS_OK) {
        status = fetch(till, before, limit < LIST_MAX ? limit : LIST_MAX, listed, &count, err);
    }
    json_begin_object(&writer, NULL);
    json_begin_array(&writer, "sales");
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        status = write_sale(till, &listed[i], &writer, err);
    }
    till_unlock(till, false);
    if (status != STATUS_OK) {
        return status;
    }
    json_end_array(&writer);
    json_end_object(&writer);
    return json_finish(&writer, err);
}
