/* Addresses under /api/ that do not exist. Without a row of their own they would be taken for files of the screens. */
#include "settlement/web/endpoints.h"
#include "settlement/web/reply.h"

void
nothing_here_endpoint(struct http_request *request, void *context)
{
    (void)context;
    respond_problem(request, STATUS_NOT_FOUND, "not_found", "このアドレスには何もありません。");
}
