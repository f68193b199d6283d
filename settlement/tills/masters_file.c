/* GET /v1/masters: the current masters of the till's municipality. */
#include "settlement/masters/signature.h"
#include "settlement/service.h"
#include "settlement/store/masters_store.h"
#include "settlement/tills/endpoints.h"
#include "settlement/tills/refusal.h"
#include "settlement/tills/signed_request.h"

#include <stdio.h>
#include <string.h>

static enum status
read_masters(struct service *service, const char *municipality, struct masters_version *out, struct buffer *document,
             struct error_detail *err)
{
    struct store_txn *txn = NULL;
    enum status status = store_begin_read(service->store, &txn, err);
    if (status == STATUS_OK) {
        status = masters_current(txn, municipality, out, document, err);
    }
    store_end(txn);
    return status;
}

void
masters_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct terminal terminal;
    struct masters_version version;
    struct buffer document;
    buffer_init(&document, JSON_TEXT_MAX_BYTES);
    enum status status = signed_request_check(service, request, &terminal, &err);
    if (status == STATUS_OK) {
        status = read_masters(service, terminal.municipality, &version, &document, &err);
    }
    char signature[MASTERS_SIGNATURE_TEXT_SIZE];
    if (status == STATUS_OK) {
        status = masters_sign(service->masters_key, &version, signature, &err);
    }
    if (status != STATUS_OK) {
        refuse_till(request, status, &err);
        buffer_finish(&document);
        return;
    }
    char tag[SHA256_TEXT_SIZE + 2];
    snprintf(tag, sizeof tag, "\"%s\"", version.sha256);
    http_respond_header(request, "ETag", tag);
    http_respond_header(request, "Madoguchi-Masters-Signature", signature); /* with a 304 too: the till may lack it */
    const char *known = http_request_header(request, "If-None-Match");
    if (known != NULL && strcmp(known, tag) == 0) {
        http_respond_empty(request, 304);
    } else {
        http_respond_json(request, 200, &document);
    }
    buffer_finish(&document);
}
