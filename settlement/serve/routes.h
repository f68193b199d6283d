/* Every address of the service: those of the tills, of the finance API, and last the screens' files. */
#pragma once

#include "common/http/server.h"

/* *OUT is given: free(). STATUS_NO_MEMORY. */
enum status service_routes_create(struct http_route **out, size_t *out_count, struct error_detail *err) MUST_CHECK;
