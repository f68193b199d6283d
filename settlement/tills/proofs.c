/* GET /v1/terminals/:terminal/proofs: what the processors' statements say of payments whose end the till does not know.
 *
 * The answer makes sales, so it is signed like the masters: whoever stands between till and service can prove nothing. */
#include "common/bytes/encoding.h"
#include "common/clock/civil.h"
#include "common/json/writer.h"
#include "settlement/service.h"
#include "settlement/store/matching_store.h"
#include "settlement/store/proof_store.h"
#include "settlement/tills/endpoints.h"
#include "settlement/tills/refusal.h"
#include "settlement/tills/signed_request.h"

#include <string.h>

enum {
    PROOFS_MAX = 64,                 /* of one answer; the till asks again, and what it has taken is not listed any more */
    PROOFS_MAX_BYTES = 64 * 1024     /* 64 of them, with room */
};

static enum status
write_proof(const struct payment_proof *proof, void *context, struct error_detail *err)
{
    struct json_writer *writer = context;
    char accepted_at[INSTANT_TEXT_SIZE];
    (void)err; /* the writer keeps its failure for json_finish */
    json_begin_object(writer, NULL);
    json_text(writer, "payment", proof->payment);
    json_text(writer, "result", "charged");
    json_int(writer, "amount_yen", proof->amount_yen);
    if (proof->accepted_at_ms != INSTANT_ABSENT) {
        instant_format(accepted_at, proof->accepted_at_ms);
        json_text(writer, "accepted_at", accepted_at);
    } else {
        json_null(writer, "accepted_at");
    }
    json_text(writer, "acquirer_reference", proof->acquirer_reference[0] != '\0' ? proof->acquirer_reference : NULL);
    json_end_object(writer);
    return STATUS_OK;
}

static enum status
write_proofs(struct service *service, const struct terminal *terminal, struct buffer *out, struct error_detail *err)
{
    struct store_txn *txn = NULL;
    struct json_writer writer;
    json_writer_init(&writer, out);
    json_begin_object(&writer, NULL);
    json_begin_array(&writer, "proofs");
    enum status status = store_begin_read(service->store, &txn, err);
    if (status == STATUS_OK) {
        status = payment_proofs_each(txn, terminal->municipality, terminal->terminal, PROOFS_MAX, write_proof, &writer,
                                     err);
    }
    store_end(txn);
    json_end_array(&writer);
    json_end_object(&writer);
    return status == STATUS_OK ? json_finish(&writer, err) : status;
}

static enum status
sign_proofs(const struct service *service, const char *terminal, const struct buffer *document,
            char out[BASE64_SIZE(SIGNATURE_SIZE)], struct error_detail *err)
{
    uint8_t signature[SIGNATURE_SIZE];
    char sha256[SHA256_TEXT_SIZE];
    struct buffer statement;
    sha256_text(sha256, buffer_text(document), document->length);
    buffer_init(&statement, 256);
    buffer_printf(&statement, "madoguchi-proofs-v1\n%s\n%s\n", terminal, sha256);
    enum status status = buffer_check(&statement, err);
    if (status == STATUS_OK) {
        status = signing_key_sign(service->masters_key, buffer_text(&statement), statement.length, signature, err);
    }
    if (status == STATUS_OK) {
        base64_encode(out, signature, sizeof signature);
    }
    buffer_finish(&statement);
    return status;
}

void
proofs_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct terminal terminal;
    struct buffer document;
    char signature[BASE64_SIZE(SIGNATURE_SIZE)];
    buffer_init(&document, PROOFS_MAX_BYTES);
    enum status status = signed_request_check(service, request, &terminal, &err);
    if (status == STATUS_OK && strcmp(terminal.terminal, http_request_parameter(request, "terminal")) != 0) {
        error_set(&err, "bad_signature", "%s may not ask for another terminal's payments", terminal.terminal);
        status = STATUS_UNAUTHORIZED;
    }
    if (status == STATUS_OK) {
        status = write_proofs(service, &terminal, &document, &err);
    }
    if (status == STATUS_OK) {
        status = sign_proofs(service, terminal.terminal, &document, signature, &err);
    }
    if (status == STATUS_OK) {
        http_respond_header(request, "Madoguchi-Proofs-Signature", signature);
        http_respond_json(request, 200, &document);
    } else {
        refuse_till(request, status, &err);
    }
    buffer_finish(&document);
}
