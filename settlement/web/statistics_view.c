/* One snapshot for everything that an answer says. */
#include "settlement/web/statistics_view.h"

#include <string.h>

enum status
statistics_view_begin(struct statistics_view *view, const struct http_request *request, struct service *service,
                      struct error_detail *err)
{
    int64_t fiscal_year = 0;
    *view = (struct statistics_view){.municipality = asked_actor(request)->municipality};
    enum status status = asked_int(request, "fiscal_year", fiscal_year_of(civil_date_at(asked_now_ms(service))),
                                   STATISTICS_YEAR_FIRST, STATISTICS_YEAR_LAST, &fiscal_year, err);
    if (status != STATUS_OK) {
        return status;
    }
    view->fiscal_year = (int)fiscal_year;
    statistics_days_of(&view->days, view->fiscal_year);
    status = asked_begin_read(request, service, &view->txn, err);
    return status == STATUS_OK ? catalogue_load(&view->catalogue, view->txn, view->municipality, err) : status;
}

void
statistics_view_finish(struct statistics_view *view)
{
    store_end(view->txn);
    catalogue_destroy(view->catalogue);
}

const char *
statistics_brand_name(const struct catalogue *catalogue, const struct usage_brand *brand)
{
    return brand->method == USAGE_CASH ? "現金"
           : brand->brand[0] == '\0'   ? usage_method_name(brand->method)
                                       : catalogue_name(catalogue, "brands", brand->brand);
}

struct facility_view
statistics_facility(const struct catalogue *catalogue, const struct facility_sum *sum)
{
    struct facility_view view = {.name = sum->facility, .section = "", .run_by = ""};
    struct civil_date day;
    if (sum->facility[0] == '\0') {
        view.name = "施設によらないもの（証明書等）";
    } else if (civil_date_parse(&day, sum->last_on, strlen(sum->last_on)) == STATUS_OK &&
               !catalogue_facility(catalogue, sum->facility, day, &view)) {
        view = (struct facility_view){.name = sum->facility, .section = "", .run_by = ""};
    }
    return view;
}

const char *
statistics_trustee_name(const struct catalogue *catalogue, const char *trustee)
{
    return trustee[0] == '\0' ? "（決済会社不明）" : catalogue_name(catalogue, "trustees", trustee);
}

enum status
statistics_no_memory(struct error_detail *err)
{
    error_set(err, "no_memory", "メモリが足りません。しばらくしてからもう一度行ってください。");
    return STATUS_NO_MEMORY;
}
