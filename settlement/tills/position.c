/* GET /v1/terminals/:terminal/position: what is durable here, for a till that starts or was restored. */
#include "settlement/service.h"
#include "settlement/tills/acknowledgement.h"
#include "settlement/tills/endpoints.h"
#include "settlement/tills/refusal.h"
#include "settlement/tills/signed_request.h"

#include <string.h>

void
position_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct terminal terminal;
    enum status status = signed_request_check(service, request, &terminal, &err);
    if (status == STATUS_OK && strcmp(terminal.terminal, http_request_parameter(request, "terminal")) != 0) {
        error_set(&err, "bad_signature", "%s may not ask for another terminal's position", terminal.terminal);
        status = STATUS_UNAUTHORIZED;
    }
    if (status != STATUS_OK) {
        refuse_till(request, status, &err);
        return;
    }
    respond_acknowledged(request, 200, terminal.head_sequence, terminal.head_hash, NULL);
}
