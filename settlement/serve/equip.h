/* What the settings say about logs, metrics and readiness, put into the service. */
#pragma once

#include "common/config/config.h"
#include "settlement/service.h"

/* Choose the log's format, read the metrics token, make service->watching for ROUTES (borrowed). STATUS_INVALID names
 * the key; STATUS_REFUSED for a token that others may read. */
enum status equip_watching(struct service *service, const struct config *settings, const struct http_route *routes,
                           size_t route_count, struct error_detail *err) MUST_CHECK;
