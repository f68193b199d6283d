/* GET of everything that no other row takes: the finance screens' files. */
#pragma once

#include "common/http/server.h"

/* CONTEXT is the `struct service`. */
void screens_endpoint(struct http_request *request, void *context);
