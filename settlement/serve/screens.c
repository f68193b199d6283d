/* The screens' files, from memory. */
#include "settlement/serve/screens.h"

#include "settlement/service.h"

void
screens_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    if (service->files == NULL) {
        struct error_detail err;
        error_set(&err, "no_such_address", "there is nothing at this address");
        http_respond_error(request, STATUS_NOT_FOUND, &err);
        return;
    }
    http_files_respond(service->files, request, http_request_parameter(request, "*"));
}
