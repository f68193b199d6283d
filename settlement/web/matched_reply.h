/* The answer to what a person decided about pairs and credits. For this folder only. */
#pragma once

#include "common/http/server.h"
#include "settlement/access/actor.h"
#include "settlement/service.h"

/* Run matching, tell the screens, and answer {"decision","cleared_count","open_count"}: what follows is seen at once.
 * DECISION is its number, 0 for none. */
void respond_matched(struct http_request *request, struct service *service, int64_t decision);

/* Take back what stands in the path as `:id`, for the "reason" of the body, and answer as respond_matched. */
typedef enum status (*matched_undo)(struct store *store, const struct actor *actor, int64_t id, const char *reason,
                                    int64_t now_ms, struct error_detail *err);
void respond_taken_back(struct http_request *request, struct service *service, matched_undo undo);
