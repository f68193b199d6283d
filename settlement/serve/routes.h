/* Every address of the service, in one table. */
#pragma once

#include "common/http/server.h"

extern const struct http_route service_routes[];
extern const size_t service_routes_count;
