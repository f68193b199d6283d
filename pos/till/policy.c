/* What may be done with the basket: what the policies of all its items allow. Lines that cost nothing forbid nothing.
 */
#include "pos/till/till_parts.h"

#include <stdio.h>
#include <string.h>

const struct master_policy *
policy_of_line(const struct till *till, const struct sale_line *line, struct civil_date sold_on)
{
    struct master_item item;
    bool is_known = masters_item_ever(till->masters, line->item, sold_on, &item, NULL) == STATUS_OK;
    return masters_policy_of(till->masters, is_known ? &item : NULL, sold_on);
}

static const char *const method_names[] = {
    [METHOD_NONE] = "無料",         [METHOD_CASH] = "現金",         [METHOD_QR] = "コード決済",
    [METHOD_EMONEY] = "電子マネー", [METHOD_CREDIT] = "クレジット",
};

/* The policies of the present lines, looked up once; NULL for lines that cost nothing. Borrowed from the masters. */
struct line_policies {
    const struct sale_content *content;
    const struct master_policy *of[BASKET_LINES_MAX];
};

static void
gather(const struct till *till, struct line_policies *out)
{
    out->content = &till->basket.content;
    for (size_t i = 0; i < out->content->line_count; i++) {
        const struct sale_line *line = &out->content->lines[i];
        out->of[i] = line->amount_yen > 0 ? policy_of_line(till, line, till_business_date(till)) : NULL;
    }
}

static bool
forbids_method(const struct master_policy *policy, unsigned method)
{
    return (policy->methods & (1u << method)) == 0;
}

static bool
forbids_mixing(const struct master_policy *policy, unsigned unused)
{
    (void)unused;
    return !policy->allows_mixed_payment;
}

/* The first line whose policy FORBIDS it; NULL when there is none. */
static const struct sale_line *
find_objector(const struct line_policies *policies, bool (*forbids)(const struct master_policy *policy, unsigned what),
              unsigned what)
{
    for (size_t i = 0; i < policies->content->line_count; i++) {
        if (policies->of[i] != NULL && forbids(policies->of[i], what)) {
            return &policies->content->lines[i];
        }
    }
    return NULL;
}

static void
name_allowed(const struct line_policies *policies, char *out, size_t size)
{
    size_t length = 0;
    out[0] = '\0';
    for (unsigned method = METHOD_CASH; method <= METHOD_CREDIT; method++) {
        if (find_objector(policies, forbids_method, method) == NULL) {
            length +=
                (size_t)snprintf(out + length, size - length, "%s%s", length > 0 ? "・" : "", method_names[method]);
        }
    }
}

static enum status
check_method(const struct line_policies *policies, enum payment_method method, struct error_detail *err)
{
    char allowed[160];
    const struct sale_line *objector = find_objector(policies, forbids_method, method);
    if (objector == NULL) {
        return STATUS_OK;
    }
    name_allowed(policies, allowed, sizeof allowed);
    if (allowed[0] != '\0') {
        error_set(err, "method_forbidden", "「%s」は%sではお支払いいただけません。%sをご案内ください。", objector->name,
                  method_names[method], allowed);
    } else {
        error_set(err, "method_forbidden",
                  "「%s」は%sではお支払いいただけません。一緒に払える方法がないので、分けてお会計してください。",
                  objector->name, method_names[method]);
    }
    return STATUS_REFUSED;
}

static enum status
check_mixed(const struct line_policies *policies, struct error_detail *err)
{
    const struct sale_line *objector = find_objector(policies, forbids_mixing, 0);
    if (objector != NULL) {
        error_set(
            err, "mixed_forbidden",
            "「%s」は現金とほかの方法を合わせてお支払いいただけません。どちらか一つでお支払いいただいてください。",
            objector->name);
        return STATUS_REFUSED;
    }
    return check_method(policies, METHOD_CASH, err);
}

enum status
policy_check_method(const struct till *till, enum payment_method method, struct error_detail *err)
{
    struct line_policies policies;
    gather(till, &policies);
    return check_method(&policies, method, err);
}

enum status
policy_check_mixed(const struct till *till, struct error_detail *err)
{
    struct line_policies policies;
    gather(till, &policies);
    return check_mixed(&policies, err);
}

void
policy_write(const struct till *till, struct json_writer *writer)
{
    struct line_policies policies = {.content = &till->basket.content};
    struct error_detail refusal;
    bool has_lines = till->masters != NULL && till->basket.content.line_count > 0;
    if (has_lines) {
        gather(till, &policies);
    }
    json_begin_array(writer, "methods");
    for (unsigned method = METHOD_CASH; method <= METHOD_CREDIT; method++) {
        bool is_allowed = !has_lines || check_method(&policies, (enum payment_method)method, &refusal) == STATUS_OK;
        json_begin_object(writer, NULL);
        json_text(writer, "method", payment_method_word((enum payment_method)method));
        json_text(writer, "refusal", is_allowed ? NULL : refusal.message);
        json_end_object(writer);
    }
    json_end_array(writer);
    bool can_mix = has_lines && till->basket.content.total_yen > 1 && check_mixed(&policies, &refusal) == STATUS_OK;
    json_bool(writer, "can_mix", can_mix);
    presented_write(till, writer);
}
