/* The rule, and the rule for small sums. */
#include "settlement/remittance/deadline.h"

#include <string.h>

/* Setting KEY where it is in MIN … MAX, else FALLBACK: masters that say something else were never published. */
static int64_t
setting(const struct json_value *settings, const char *key, int64_t min, int64_t max, int64_t fallback)
{
    int64_t value = 0;
    return json_as_int(json_member(settings, key), &value) && value >= min && value <= max ? value : fallback;
}

struct remittance_rule
remittance_rule_of(const struct catalogue *catalogue)
{
    const struct json_value *settings = catalogue_table(catalogue, "settings");
    const char *from = NULL;
    struct remittance_rule rule = {
        .days = (int)setting(settings, "remittance_days", 0, REMITTANCE_DAYS_MAX, REMITTANCE_DAYS_DEFAULT),
        .small_yen = setting(settings, "remittance_small_yen", 0, INT64_MAX, 0),
        .small_days = (int)setting(settings, "remittance_small_days", 0, REMITTANCE_DAYS_MAX, 0),
        .limit_yen = setting(settings, "cash_limit_yen", 0, INT64_MAX, 0),
        .from = {.year = 1900, .month = 1, .day = 1},
    };
    if (json_as_text(json_member(settings, "remittance_from"), &from) &&
        civil_date_parse(&rule.from, from, strlen(from)) != STATUS_OK) {
        rule.from = (struct civil_date){.year = 1900, .month = 1, .day = 1};
    }
    return rule;
}

struct civil_date
remittance_due_on(const struct remittance_rule *rule, const struct bank_calendar *calendar,
                  struct civil_date business_date, int64_t held_yen)
{
    bool is_small = rule->small_yen > 0 && held_yen <= rule->small_yen && rule->small_days > rule->days;
    int days = is_small ? rule->small_days : rule->days;
    return days == 0 ? bank_calendar_roll(calendar, business_date, BANK_ROLL_AFTER)
                     : bank_calendar_add(calendar, business_date, days);
}

bool
remittance_is_over_limit(const struct remittance_rule *rule, int64_t held_yen)
{
    return rule->limit_yen > 0 && held_yen > rule->limit_yen;
}
