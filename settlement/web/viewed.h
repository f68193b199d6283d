/* What somebody looked at, where looking is itself a matter of record: who opened the access log, took away a file that
 * came from outside, or read one signed line of a till. Lists are not noted. For this folder only. */
#pragma once

#include "common/http/server.h"
#include "common/outcome/status.h"
#include "settlement/service.h"

/* Write the entry WHAT on OBJECT for who asks, with DETAIL ("" for none) as its `after`. To be called when the answer
 * is ready and before it is sent: what cannot be noted is not shown. */
enum status viewed_note(const struct http_request *request, struct service *service, const char *what,
                        const char *object, const char *detail, struct error_detail *err) MUST_CHECK;
