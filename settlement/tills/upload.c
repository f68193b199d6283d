/* POST /v1/terminals/:terminal/journal. Checking happens here, on a worker; storing on the intake's writer, which
 * answers after the commit. The request's body stays where it is meanwhile: the job borrows it. */
#include "settlement/intake/intake.h"
#include "settlement/service.h"
#include "settlement/tills/acknowledgement.h"
#include "settlement/tills/endpoints.h"
#include "settlement/tills/refusal.h"
#include "settlement/tills/signed_request.h"

#include <stdlib.h>
#include <string.h>

static void
answer_upload(struct intake_job *job, enum status status, const struct acceptance *acceptance,
              const struct error_detail *failure)
{
    struct http_request *request = job->context;
    if (status != STATUS_OK) {
        refuse_till(request, status, failure);
        return;
    }
    struct error_detail err;
    switch (acceptance->verdict) {
    case VERDICT_ACKNOWLEDGED:
        respond_acknowledged(request, 200, acceptance->sequence, acceptance->hash, NULL);
        return;
    case VERDICT_GAP:
        error_set(&err, "gap", "lines before %lld are missing here; go on behind the acknowledged one",
                  (long long)job->upload.first);
        respond_acknowledged(request, 409, acceptance->sequence, acceptance->hash, &err);
        return;
    case VERDICT_FORK:
        error_set(&err, "fork", "another line stands here under sequence %lld; the terminal is quarantined",
                  (long long)acceptance->fork_at);
        respond_acknowledged(request, 409, acceptance->sequence, acceptance->hash, &err);
        return;
    case VERDICT_QUARANTINED:
        error_set(&err, "quarantined", "this terminal is quarantined; nothing is taken from it");
        break;
    case VERDICT_REVOKED:
        error_set(&err, "revoked", "this terminal was revoked; nothing is taken from it");
        break;
    case VERDICT_KEY_CHANGED:
        error_set(&err, "bad_signature", "this terminal was enrolled anew with another key");
        break;
    }
    http_respond_error(request, STATUS_UNAUTHORIZED, &err);
}

/* Who sends, and what. */
static enum status
read_upload(struct service *service, struct http_request *request, struct upload *out, struct error_detail *err)
{
    struct terminal terminal;
    enum status status = calling_terminal(service, http_request_parameter(request, "terminal"), &terminal, err);
    if (status == STATUS_OK) {
        http_request_note_subject(request, terminal.terminal);
    }
    if (status == STATUS_OK && terminal.state != TERMINAL_ACTIVE) {
        /* Why stands on the finance screen: this caller has not proved who it is. */
        error_set(err, terminal_state_word(terminal.state), "nothing is taken from this terminal: it is %s",
                  terminal_state_word(terminal.state));
        status = STATUS_UNAUTHORIZED;
    }
    uint8_t signature[SIGNATURE_SIZE];
    if (status == STATUS_OK) {
        status = signature_header(request, signature, err);
    }
    if (status == STATUS_OK) {
        size_t length;
        const char *body = http_request_body(request, &length);
        status = upload_read(out, terminal.terminal, body, length, terminal.public_key, signature, err);
    }
    return status;
}

void
upload_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct intake_job *job = calloc(1, sizeof *job);
    if (job == NULL) {
        error_set(&err, "no_memory", "out of memory");
        http_respond_error(request, STATUS_NO_MEMORY, &err);
        return;
    }
    http_request_attach(request, job, free); /* lives as long as the request */
    enum status status = read_upload(service, request, &job->upload, &err);
    if (status == STATUS_OK) {
        job->answer = answer_upload;
        job->context = request;
        status = intake_submit(service->intake, job, &err);
    }
    if (status != STATUS_OK) {
        refuse_till(request, status, &err);
    }
}
