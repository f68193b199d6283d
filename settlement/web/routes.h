/* The addresses of the finance API. */
#pragma once

#include "common/http/server.h"

extern const struct http_route finance_routes[];
extern const size_t finance_routes_count;
