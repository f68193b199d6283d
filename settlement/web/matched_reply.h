/* The answer to what a person decided about pairs and credits. For this folder only. */
#pragma once

#include "common/http/server.h"
#include "settlement/service.h"

/* Run matching, tell the screens, and answer {"decision","cleared_count","open_count"}: what follows is seen at once.
 * DECISION is its number, 0 for none. */
void respond_matched(struct http_request *request, struct service *service, int64_t decision);
