/* What the screens are told. */
#include "settlement/service.h"
#include "settlement/web/endpoints.h"

void
events_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    http_respond_events(request, service->hub);
}
