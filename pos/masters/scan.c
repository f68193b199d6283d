/* Barcodes of application forms and payment slips: a rule fits by prefix and length, its check digit is tried, then the
 * parts are cut out by position. */
#include "pos/masters/masters.h"

#include <stdio.h>
#include <string.h>

static bool
is_digits(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return false;
        }
    }
    return length > 0;
}

/* The last digit makes the sum, weighted 3 1 3 1 … from the digit before it to the left, a multiple of ten (as GS1). */
static bool
mod10_w3_is_right(const char *code, size_t length)
{
    unsigned sum = 0;
    unsigned weight = 3;
    for (size_t i = length - 1; i-- > 0;) {
        sum += weight * (unsigned)(code[i] - '0');
        weight = 4 - weight;
    }
    return (10 - sum % 10) % 10 == (unsigned)(code[length - 1] - '0');
}

/* Weights 2 … 7, again 2 … 7, from the digit before the last to the left; the check digit is 11 minus the rest, and 0
 * for what would be ten or eleven (the modulus 11 of Japanese payment slips). */
static bool
mod11_is_right(const char *code, size_t length)
{
    unsigned sum = 0;
    unsigned weight = 2;
    for (size_t i = length - 1; i-- > 0;) {
        sum += weight * (unsigned)(code[i] - '0');
        weight = weight == 7 ? 2 : weight + 1;
    }
    unsigned digit = 11 - sum % 11;
    return (digit >= 10 ? 0 : digit) == (unsigned)(code[length - 1] - '0');
}

static bool
check_is_right(enum scan_check check, const char *code, size_t length)
{
    switch (check) {
    case SCAN_CHECK_NONE:
        return true;
    case SCAN_CHECK_MOD10_W3:
        return is_digits(code, length) && length > 1 && mod10_w3_is_right(code, length);
    case SCAN_CHECK_MOD11:
        return is_digits(code, length) && length > 1 && mod11_is_right(code, length);
    }
    return false;
}

static const struct master_scan_rule *
find_rule(const struct masters *masters, const char *code, bool *out_is_ambiguous)
{
    const struct master_scan_rule *found = NULL;
    *out_is_ambiguous = false;
    for (size_t i = 0; i < masters->scan_rule_count; i++) {
        const struct master_scan_rule *rule = &masters->scan_rules[i];
        if (strlen(code) == rule->length && strncmp(code, rule->prefix, strlen(rule->prefix)) == 0) {
            *out_is_ambiguous = found != NULL;
            found = rule;
        }
    }
    return found;
}

static void
cut(char *out, size_t size, const char *code, const struct scan_part *part)
{
    snprintf(out, size, "%.*s", (int)part->length, code + part->from - 1);
}

static enum status
read_amount(struct scanned_slip *slip, const char *code, struct error_detail *err)
{
    const struct scan_part *part = &slip->rule->amount_part;
    slip->has_amount = part->from != 0;
    for (unsigned i = 0; slip->has_amount && i < part->length; i++) {
        char digit = code[part->from - 1 + i];
        if (digit < '0' || digit > '9' || slip->amount_yen > PAYMENT_MAX_YEN) {
            error_set(err, "slip_amount", "「%s」のバーコードから金額を読み取れません。用紙を確かめてください。",
                      slip->rule->name);
            return STATUS_INVALID;
        }
        slip->amount_yen = slip->amount_yen * 10 + (digit - '0');
    }
    if (slip->amount_yen > PAYMENT_MAX_YEN) {
        error_set(err, "slip_amount", "「%s」の金額%lld円は、窓口で扱える上限を超えています。", slip->rule->name,
                  (long long)slip->amount_yen);
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

bool
masters_price_is_on_slip(const struct masters *masters, const struct master_item *item)
{
    for (size_t i = 0; i < masters->scan_rule_count && item->price_yen == 0 && item->tariff[0] == '\0'; i++) {
        const struct master_scan_rule *rule = &masters->scan_rules[i];
        if (rule->amount_part.from != 0 && strcmp(rule->item, item->code) == 0) {
            return true;
        }
    }
    return false;
}

enum status
masters_scan(const struct masters *masters, const char *code, struct civil_date date, struct scanned_slip *out,
             struct error_detail *err)
{
    bool is_ambiguous;
    char item[CODE_SIZE];
    struct scanned_slip slip = {.rule = find_rule(masters, code, &is_ambiguous)};
    if (slip.rule == NULL) {
        error_set(err, "no_scan_rule", "このバーコードは申請書や納付書のものではありません。");
        return STATUS_NOT_FOUND;
    }
    if (is_ambiguous) {
        error_set(err, "slip_ambiguous", "このバーコードの読み方が2つ登録されています。商品を手で選んでください。");
        return STATUS_INVALID;
    }
    if (!check_is_right(slip.rule->check, code, strlen(code))) {
        error_set(err, "slip_check", "「%s」のバーコードを正しく読み取れませんでした。もう一度読み取ってください。",
                  slip.rule->name);
        return STATUS_INVALID;
    }
    if (slip.rule->item_part.from != 0) {
        cut(item, sizeof item, code, &slip.rule->item_part);
    } else {
        snprintf(item, sizeof item, "%s", slip.rule->item);
    }
    enum status status = masters_item(masters, item, date, &slip.item, err);
    if (status == STATUS_NOT_FOUND) {
        error_set(err, "slip_item", "「%s」の商品「%s」は、この窓口では今日は扱っていません。", slip.rule->name, item);
        return STATUS_INVALID;
    }
    if (status == STATUS_OK) {
        status = read_amount(&slip, code, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    if (slip.rule->reference_part.from != 0) {
        cut(slip.reference, sizeof slip.reference, code, &slip.rule->reference_part);
    }
    *out = slip;
    return STATUS_OK;
}
