/* What every statistic begins with: the year that is asked for, a snapshot of the store, names. For this folder only.
 */
#pragma once

#include "settlement/catalogue/catalogue.h"
#include "settlement/statistics/definitions.h"
#include "settlement/statistics/reading.h"
#include "settlement/web/asked.h"

struct statistics_view {
    const char *municipality;
    int fiscal_year;
    struct statistics_days days;
    struct store_txn *txn;
    struct catalogue *catalogue;
};

/* `fiscal_year` (default: the one of today). End it by statistics_view_finish, also after a failure. */
enum status statistics_view_begin(struct statistics_view *view, const struct http_request *request,
                                  struct service *service, struct error_detail *err) MUST_CHECK;
void statistics_view_finish(struct statistics_view *view);

/* Write "definitions". */
void statistics_write_definitions(struct json_writer *writer, enum statistics_subject subject);

/* Names as of the masters: "現金" for cash; of a facility on its last day with a sale, "施設によらないもの" for none.
 */
const char *statistics_brand_name(const struct catalogue *catalogue, const struct usage_brand *brand);
struct facility_view statistics_facility(const struct catalogue *catalogue, const struct facility_sum *sum);
const char *statistics_trustee_name(const struct catalogue *catalogue, const char *trustee);

/* STATUS_NO_MEMORY with its sentence. */
enum status statistics_no_memory(struct error_detail *err);
