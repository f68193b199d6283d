/* Walks the tables: a refund has few lines. */
#include "settlement/desk/refund_policy.h"

#include <string.h>

static const char *
text_of(const struct json_value *row, const char *key)
{
    const char *text = NULL;
    struct error_detail err;
    return row != NULL && json_get_text_or(row, key, JSON_TEXT_MAX_BYTES, "", &text, &err) == STATUS_OK ? text : "";
}

static bool
is_valid_on(const struct json_value *row, struct civil_date day)
{
    char text[CIVIL_DATE_TEXT_SIZE];
    const char *from = text_of(row, "valid_from");
    const char *to = text_of(row, "valid_to");
    civil_date_format(text, day);
    return (from[0] == '\0' || strcmp(from, text) <= 0) && (to[0] == '\0' || strcmp(text, to) <= 0);
}

/* The row of CODE on DAY, or NULL. */
static const struct json_value *
find(const struct catalogue *catalogue, const char *table, const char *code, struct civil_date day)
{
    const struct json_value *rows = catalogue_table(catalogue, table);
    for (const struct json_value *row = json_first(rows); row != NULL; row = json_next(row)) {
        if (strcmp(text_of(row, "code"), code) == 0 && is_valid_on(row, day)) {
            return row;
        }
    }
    return NULL;
}

static bool
has_word(const struct json_value *row, const char *key, const char *word)
{
    const struct json_value *list = json_member(row, key);
    if (!json_is_array(list)) {
        return true; /* left out: any */
    }
    for (const struct json_value *one = json_first(list); one != NULL; one = json_next(one)) {
        const char *text = NULL;
        if (json_as_text(one, &text) && strcmp(text, word) == 0) {
            return true;
        }
    }
    return false;
}

struct refund_policy
refund_policy_of(const struct catalogue *catalogue, const char *item, const char *place, struct civil_date day)
{
    const char *code = text_of(find(catalogue, "items", item, day), "policy");
    if (code[0] == '\0') {
        code = text_of(find(catalogue, "places", place, day), "policy");
    }
    const struct json_value *row = find(catalogue, "policies", code[0] != '\0' ? code : "standard", day);
    if (row == NULL) {
        return (struct refund_policy){.name = "", .is_allowed = true, .may_gateway = true, .may_bank_transfer = true};
    }
    const char *refund = text_of(row, "refund");
    return (struct refund_policy){.name = text_of(row, "name"),
                                  .is_allowed = refund[0] == '\0' || strcmp(refund, "later") == 0,
                                  .may_gateway = has_word(row, "refund_means", "gateway"),
                                  .may_bank_transfer = has_word(row, "refund_means", "bank_transfer")};
}
