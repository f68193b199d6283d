/* キャッシュレス統計: the forms of its subjects, with a chart above each table and the definitions below. Pure. Rows
 * are added in the order in which they shall stand; shares are made here, of the sums that a row is given. */
#pragma once

#include "settlement/forms/form.h"
#include "settlement/statistics/definitions.h"
#include "settlement/statistics/deposit_days.h"
#include "settlement/statistics/hour_grid.h"
#include "settlement/statistics/usage.h"

/* Begin the form of SUBJECT in FISCAL_YEAR as of DAY ("YYYY-MM-DD"): title, columns, definitions, and its chart's
 * series. End it by form_finish. STATISTICS_CASHLESS is by month; brands have a form of their own. */
void statistics_form(struct form *form, enum statistics_subject subject, const char *issuer, int fiscal_year,
                     const char *day);
void statistics_brand_form(struct form *form, const char *issuer, int fiscal_year, const char *day);

/* A month, with a bar; or the year, without. */
void statistics_month_row(struct form *form, const char *name, const struct usage_sum methods[USAGE_METHOD_COUNT],
                          struct usage_sum refunds, enum form_role role);
void statistics_brand_row(struct form *form, const char *name, enum usage_method method, struct usage_sum sum,
                          struct usage_sum paid);
void statistics_certificate_row(struct form *form, const char *name, struct usage_sum sum, struct usage_sum before,
                                enum form_role role);
void statistics_facility_row(struct form *form, const char *name, const char *operator_name, struct usage_sum cash,
                             struct usage_sum cashless, int64_t zero_count, enum form_role role);

/* All hours of a grid. */
void statistics_hour_rows(struct form *form, const struct hour_grid *grid);

/* A company; the total has the chart's bars. */
void statistics_deposit_row(struct form *form, const char *name, const struct deposit_days *days, enum form_role role);
void statistics_saving_row(struct form *form, const char *work, int64_t before_seconds, int64_t after_seconds,
                           int64_t cases, const char *basis);
