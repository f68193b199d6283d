/* What each kind of row holds (docs/masters.md). */
#include "pos/masters/row.h"

#include "drivers/payment_terminal/brand_operations.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXEMPTION_ITEMS_MAX = 2000, TEMPLATE_MAX_BYTES = 32 * 1024 };

/* In the order of enum doubt_rule. */
static const char *const doubt_words[] = {"touch_proves", "touch_confirms", "counts_as_sale", "run_again", NULL};
static const char *const tax_words[] = {[TAX_EXEMPT] = "exempt", [TAX_STANDARD10] = "standard10", NULL};
static const char *const brand_method_words[] = {"qr", "emoney", "credit", NULL};
static const char *const method_words[] = {"cash", "qr", "emoney", "credit", NULL};
static const char *const role_words[] = {"clerk", "supervisor", NULL};
static const char *const revenue_words[] = {
    [REVENUE_USAGE_FEE] = "usage_fee", [REVENUE_OPERATOR_FEE] = "operator_fee", NULL};
static const char *const refund_words[] = {
    [REFUND_NONE] = "none", [REFUND_SAME_DAY] = "same_day", [REFUND_LATER] = "later", NULL};
static const char *const means_words[] = {"cash", "gateway", "bank_transfer", NULL};
static const char *const title_words[] = {"receipt", "usage", NULL};
static const char *const check_words[] = {
    [SCAN_CHECK_NONE] = "none", [SCAN_CHECK_MOD10_W3] = "mod10_w3", [SCAN_CHECK_MOD11] = "mod11", NULL};

static void
read_code_and_name(struct row *row, char code[CODE_SIZE], char name[NAME_SIZE])
{
    row_text(row, "code", code, CODE_SIZE);
    row_text(row, "name", name, NAME_SIZE);
}

static void
read_names(struct row *row, struct master_names *out)
{
    row_text_or_empty(row, "name_en", out->en, sizeof out->en);
    row_text_or_empty(row, "name_zh", out->zh, sizeof out->zh);
    row_text_or_empty(row, "name_ko", out->ko, sizeof out->ko);
}

void
read_item(struct row *row, struct master_item *out)
{
    read_code_and_name(row, out->code, out->name);
    read_names(row, &out->names);
    row_text(row, "kana", out->kana, sizeof out->kana);
    row_text(row, "category", out->category, sizeof out->category);
    row_text(row, "account", out->account, sizeof out->account);
    row_text(row, "section", out->section, sizeof out->section);
    row_text(row, "issuer", out->issuer, sizeof out->issuer);
    row_text_or_empty(row, "facility", out->facility, sizeof out->facility);
    row_text_or_empty(row, "policy", out->policy, sizeof out->policy);
    row_text_or_empty(row, "tariff", out->tariff, sizeof out->tariff);
    if (out->tariff[0] == '\0') {
        out->price_yen = row_int(row, "price_yen", 0, PAYMENT_MAX_YEN);
    }
    out->tax = (enum tax_kind)row_word(row, "tax", tax_words, -1);
    out->is_favourite = row_bool_or(row, "favourite", false);
    out->validity = row_validity(row);
}

void
read_brand(struct row *row, struct master_brand *out)
{
    read_code_and_name(row, out->code, out->name);
    read_names(row, &out->names);
    out->method = (enum payment_method)(METHOD_QR + row_word(row, "method", brand_method_words, -1));
    /* Masters may forbid what a terminal can do, and never promise what it cannot. */
    out->can_void = row_bool_or(row, "can_void", true) && brand_operations_of(out->code)->can_void;
    out->in_doubt = (enum doubt_rule)row_word(row, "in_doubt", doubt_words, DOUBT_TOUCH_PROVES);
    out->prefix_count =
        row_texts(row, "code_prefixes", out->code_prefixes[0], sizeof out->code_prefixes[0], CODE_PREFIXES_MAX);
    out->validity = row_validity(row);
}

void
read_exemption(struct row *row, struct master_exemption *out)
{
    read_code_and_name(row, out->code, out->name);
    out->reason_count = row_texts(row, "reasons", out->reasons[0], sizeof out->reasons[0], EXEMPTION_REASONS_MAX);
    const struct json_value *items = json_member(row->object, "items");
    if (json_is_null(items) || row->status != STATUS_OK) {
        return;
    }
    out->is_for_some_items = true;
    out->items = calloc(json_count(items) + 1, sizeof *out->items);
    if (out->items == NULL) {
        error_set(row->err, "no_memory", "out of memory");
        row->status = STATUS_NO_MEMORY;
        return;
    }
    out->item_count = row_texts(row, "items", out->items[0], sizeof out->items[0],
                                json_count(items) < EXEMPTION_ITEMS_MAX ? json_count(items) : EXEMPTION_ITEMS_MAX);
}

void
read_issuer(struct row *row, struct master_issuer *out)
{
    read_code_and_name(row, out->code, out->name);
    row_text_or_empty(row, "registration_number", out->registration_number, sizeof out->registration_number);
}

/* An account is called by the last of its parts that has a name. */
void
read_account(struct row *row, struct master_name *out)
{
    static const char *const parts[] = {"saisetsu", "setsu", "moku", "kou", "kan"};
    row_text(row, "code", out->code, sizeof out->code);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0] && out->name[0] == '\0'; i++) {
        const char *name;
        if (json_as_text(json_member(json_member(row->object, parts[i]), "name"), &name)) {
            snprintf(out->name, sizeof out->name, "%s", name);
        }
    }
}

void
read_section(struct row *row, struct master_name *out)
{
    read_code_and_name(row, out->code, out->name);
}

void
read_clerk(struct row *row, struct master_clerk *out)
{
    read_code_and_name(row, out->code, out->name);
    row_text(row, "pin_hash", out->pin_hash, sizeof out->pin_hash);
    out->is_supervisor = row_word(row, "role", role_words, 0) == 1;
}

void
read_facility(struct row *row, struct master_facility *out)
{
    read_code_and_name(row, out->code, out->name);
    row_text_or_empty(row, "section", out->section, sizeof out->section);
    out->revenue = (enum revenue_kind)row_word(row, "revenue", revenue_words, -1);
    row_text_or_empty(row, "operator", out->operator_name, sizeof out->operator_name);
    out->validity = row_validity(row);
}

void
read_drawer(struct row *row, struct master_drawer *out)
{
    read_code_and_name(row, out->code, out->name);
    row_text(row, "place", out->place, sizeof out->place);
    row_text(row, "terminal", out->terminal, sizeof out->terminal);
}

void
read_policy(struct row *row, struct master_policy *out)
{
    read_code_and_name(row, out->code, out->name);
    out->methods = row_words(row, "methods", method_words, 0xF) << METHOD_CASH; /* in the enum's order */
    out->allows_mixed_payment = row_bool_or(row, "mixed_payment", false);
    out->allows_price_override = row_bool_or(row, "price_override", false);
    out->refund = (enum refund_permission)row_word(row, "refund", refund_words, REFUND_LATER);
    out->refund_means =
        row_words(row, "refund_means", means_words, REFUND_CASH | REFUND_GATEWAY | REFUND_BANK_TRANSFER);
    out->is_usage_titled = row_word(row, "receipt_title", title_words, 0) == 1;
    out->has_shop_copy = row_bool_or(row, "shop_copy", false);
    out->validity = row_validity(row);
}

static struct scan_part
read_scan_part(struct row *row, const char *from, const char *length, unsigned most)
{
    struct scan_part part = {0};
    if (!json_is_null(json_member(row->object, from)) || !json_is_null(json_member(row->object, length))) {
        part.from = (unsigned)row_int(row, from, 1, SCAN_CODE_MAX);
        part.length = (unsigned)row_int(row, length, 1, most);
    }
    return part;
}

void
read_scan_rule(struct row *row, struct master_scan_rule *out)
{
    enum { AMOUNT_DIGITS_MAX = 10 };
    read_code_and_name(row, out->code, out->name);
    row_text_or_empty(row, "prefix", out->prefix, sizeof out->prefix);
    out->length = (unsigned)row_int(row, "length", 1, SCAN_CODE_MAX);
    row_text_or_empty(row, "item", out->item, sizeof out->item);
    out->item_part = read_scan_part(row, "item_from", "item_length", CODE_SIZE - 1);
    out->amount_part = read_scan_part(row, "amount_from", "amount_length", AMOUNT_DIGITS_MAX);
    out->reference_part = read_scan_part(row, "reference_from", "reference_length", REFERENCE_SIZE - 1);
    out->check = (enum scan_check)row_word(row, "check", check_words, SCAN_CHECK_NONE);
    const struct scan_part *parts[] = {&out->item_part, &out->amount_part, &out->reference_part};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0] && row->status == STATUS_OK; i++) {
        if (parts[i]->from != 0 && parts[i]->from + parts[i]->length - 1 > out->length) {
            error_set(row->err, "wrong_member", "a part of the barcode lies beyond its length");
            row->status = STATUS_INVALID;
        }
    }
    if (row->status == STATUS_OK && (out->item[0] == '\0') != (out->item_part.from != 0)) {
        error_set(row->err, "wrong_member", "either \"item\" or \"item_from\" says which item it is");
        row->status = STATUS_INVALID;
    }
}

void
read_template(struct row *row, struct master_template *out)
{
    const char *markup = NULL;
    row_text(row, "form", out->form, sizeof out->form);
    out->columns = (unsigned)row_int_or(row, "columns", 0, 48, 0);
    if (row->status == STATUS_OK) {
        row->status = json_get_text(row->object, "markup", TEMPLATE_MAX_BYTES, &markup, row->err);
    }
    out->validity = row_validity(row);
    if (row->status == STATUS_OK && (out->markup = strdup(markup)) == NULL) {
        error_set(row->err, "no_memory", "out of memory");
        row->status = STATUS_NO_MEMORY;
    }
}

void
read_place(struct row *row, struct master_place *out)
{
    read_code_and_name(row, out->code, out->name);
    read_names(row, &out->names);
    row_text_or_empty(row, "receipt_note", out->receipt_note, sizeof out->receipt_note);
    row_text_or_empty(row, "policy", out->policy, sizeof out->policy);
    out->category_count = row_texts(row, "categories", out->categories[0], NAME_SIZE, CATEGORIES_MAX);
    out->is_for_some_facilities = !json_is_null(json_member(row->object, "facilities"));
    out->facility_count = row_texts(row, "facilities", out->facilities[0], CODE_SIZE, PLACE_FACILITIES_MAX);
}
