/* Failures as tills see them. */
#include "settlement/tills/refusal.h"

#include "common/log/log.h"

void
refuse_till(struct http_request *request, enum status status, const struct error_detail *err)
{
    if (status != STATUS_UNREACHABLE && status != STATUS_UNKNOWN_OUTCOME) {
        http_respond_error(request, status, err);
        return;
    }
    struct error_detail told;
    log_failure(LOG_LEVEL_ERROR, "store", "answering a till", status, err);
    error_set(&told, "store_away", "the service does not reach its database now; send the same again later");
    http_respond_error(request, STATUS_BUSY, &told);
}
