/* What the processors' statements say of payments that this till still doubts, as the settlement service passes it on.
 *
 * Only "charged" is ever said: that a line is missing proves nothing. What is proved goes through payment_settle like every
 * other answer, so it may come twice, late, or for what is long settled. */
#include "pos/till/till_parts.h"

#include "common/bytes/encoding.h"
#include "common/clock/civil.h"
#include "common/json/reader.h"
#include "common/log/log.h"

#include <stdio.h>
#include <string.h>

enum { PROOF_TEXT_MAX_BYTES = REFERENCE_SIZE - 1 };

bool
till_wants_proofs(struct till *till)
{
    struct statement *row;
    struct error_detail err;
    bool has_row = false;
    till_lock(till);
    enum status status = database_statement(
        till->db,
        "SELECT 1 FROM payment WHERE state IN ('started', 'unknown', 'in_doubt') UNION ALL SELECT 1 FROM payment "
        "WHERE doubt_rule = 'counts_as_sale' AND doubt_end IS NULL AND state = 'approved' LIMIT 1",
        &row, &err);
    if (status == STATUS_OK) {
        status = statement_step(row, &has_row, &err);
        statement_reset(row);
    }
    if (status != STATUS_OK) {
        log_failure(LOG_LEVEL_ERROR, "till", "looking for open payments", status, &err);
    }
    till_unlock(till, false);
    return status == STATUS_OK && has_row;
}

static enum status
check_signature(const struct till *till, const char *document, size_t length, const char *signature,
                struct error_detail *err)
{
    char statement[sizeof "madoguchi-proofs-v1\n\n\n" + TERMINAL_ID_SIZE + SHA256_TEXT_SIZE];
    char sha256[SHA256_TEXT_SIZE];
    uint8_t bytes[SIGNATURE_SIZE + 2];
    size_t byte_count = 0;
    if (!till->knows_masters_key) {
        error_set(err, "no_masters_key",
                  "this till does not know the service's masters key, so it believes no proof: enrol it anew, or tell "
                  "it with masters-key");
        return STATUS_REFUSED;
    }
    sha256_text(sha256, document, length);
    snprintf(statement, sizeof statement, "madoguchi-proofs-v1\n%s\n%s\n", till->terminal, sha256);
    bool is_signed = strlen(signature) == BASE64_SIZE(SIGNATURE_SIZE) - 1 &&
                     base64_decode(bytes, sizeof bytes, &byte_count, signature, strlen(signature)) == STATUS_OK &&
                     byte_count == SIGNATURE_SIZE &&
                     signature_is_valid(till->masters_key, statement, strlen(statement), bytes);
    if (!is_signed) {
        error_set(err, "proofs_not_signed", "the proofs are not signed with the service's masters key");
        return STATUS_REFUSED;
    }
    return STATUS_OK;
}

/* PAYMENT is borrowed from JSON. */
static enum status
read_proof(const struct json_value *json, const char **payment, struct payment_answer *answer, struct error_detail *err)
{
    const char *result;
    const char *reference;
    const char *accepted_at;
    *answer = (struct payment_answer){.result = PAYMENT_APPROVED, .cause = "statement"};
    enum status status = json_get_text(json, "payment", IDENTITY_TEXT_SIZE - 1, payment, err);
    if (status == STATUS_OK) {
        status = json_get_text(json, "result", CODE_SIZE - 1, &result, err);
    }
    if (status == STATUS_OK && strcmp(result, "charged") != 0) {
        error_set(err, "wrong_member", "\"result\" of a proof is \"charged\"");
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK) {
        status = json_get_int(json, "amount_yen", 1, YEN_LIMIT, &answer->amount_yen, err);
    }
    if (status == STATUS_OK) {
        status = json_get_text_or(json, "acquirer_reference", PROOF_TEXT_MAX_BYTES, "", &reference, err);
    }
    if (status == STATUS_OK) {
        status = json_get_text_or(json, "accepted_at", INSTANT_TEXT_SIZE - 1, "", &accepted_at, err);
    }
    if (status == STATUS_OK && accepted_at[0] != '\0' &&
        instant_parse(&answer->accepted_at_ms, accepted_at, strlen(accepted_at)) != STATUS_OK) {
        error_set(err, "wrong_member", "\"accepted_at\" of a proof is no instant");
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK) {
        snprintf(answer->acquirer_reference, sizeof answer->acquirer_reference, "%s", reference);
    }
    return status;
}

/* One that cannot be used stops none of the others. */
static void
take_proof(struct till *till, const struct json_value *json)
{
    const char *payment = "a proof";
    struct payment_answer answer;
    struct error_detail err;
    enum status status = read_proof(json, &payment, &answer, &err);
    if (status == STATUS_OK) {
        till_lock(till);
        status = strcmp(till->running, payment) == 0 ? STATUS_OK : payment_settle(till, payment, &answer, "statement", &err);
        till_unlock(till, true);
    }
    if (status != STATUS_OK) {
        log_failure(LOG_LEVEL_WARNING, payment, "taking what a statement proves", status, &err);
    }
}

enum status
till_take_proofs(struct till *till, const char *document, size_t length, const char *signature, struct error_detail *err)
{
    struct json_value *json = NULL;
    const struct json_value *proofs = NULL;
    enum status status = check_signature(till, document, length, signature, err);
    if (status == STATUS_OK) {
        status = json_parse(&json, document, length, err);
    }
    if (status == STATUS_OK) {
        status = json_get_array(json, "proofs", &proofs, err);
    }
    for (const struct json_value *proof = json_first(proofs); proof != NULL; proof = json_next(proof)) {
        take_proof(till, proof);
    }
    json_free(json);
    return status;
}
