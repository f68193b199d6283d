/* Any bytes as an answer of the aggregator or PayPay, under the statuses that matter: no approval without an amount and
 * a name, no money said to be back that was not said, and nothing to show or to put in a path that is not sound. */
#include "pos/payment/aggregator/message.h"
#include "pos/payment/paypay/message.h"
#include "tests/fuzz/target.h"

#include <stdlib.h>
#include <string.h>

static const char payment[] = "01a20421-f38f-7000-a218-8dff3efc1201";

static void
check_name(const char *name)
{
    if (strpbrk(name, "/?#% \"\\") != NULL) {
        abort();
    }
}

static void
check_approval(const struct payment_answer *answer)
{
    if (answer->result == PAYMENT_APPROVED && (answer->acquirer_reference[0] == '\0' || answer->accepted_at_ms == 0)) {
        abort();
    }
}

static void
read_aggregator(unsigned http_status, const struct buffer *body)
{
    struct aggregator_token token;
    struct payment_answer refused = {.result = PAYMENT_UNKNOWN};
    struct aggregator_charge charge;
    char id[AGGREGATOR_ID_SIZE];
    if (!aggregator_token_read(http_status, body, &token, &refused) && refused.result == PAYMENT_APPROVED) {
        abort();
    }
    check_name(token.id);
    aggregator_charge_read(http_status, body, payment, &charge);
    check_approval(&charge.answer);
    check_name(charge.id);
    aggregator_list_read(http_status, body, payment, &charge);
    check_approval(&charge.answer);
    if (aggregator_progress_read(http_status, body, id) == AGGREGATOR_DONE && id[0] == '\0') {
        abort();
    }
    check_name(id);
    const struct payment_refund refund = {.refund = "01a20421-f38f-7000-a218-8dff3efc1202", .amount_yen = 300};
    (void)aggregator_refund_read(http_status, body, charge.id, &refund, id);
    check_name(id);
    (void)aggregator_refund_list_read(http_status, body, charge.id, &refund, id);
    check_name(id);
    (void)aggregator_key_is_spent(http_status, body);
}

static void
read_paypay(unsigned http_status, const struct buffer *body)
{
    const struct payment_refund refund = {.refund = "01a20421-f38f-7000-a218-8dff3efc1202", .amount_yen = 300};
    struct payment_presented code;
    struct payment_answer answer;
    paypay_code_read(http_status, body, payment, &code, &answer);
    if ((answer.result == PAYMENT_PENDING) != (code.payload[0] != '\0') || answer.result == PAYMENT_APPROVED) {
        abort();
    }
    check_name(code.code_id);
    paypay_details_read(http_status, body, payment, &answer);
    check_approval(&answer);
    paypay_refund_read(http_status, body, &refund, &answer);
    if (answer.result == PAYMENT_REVERSED && answer.amount_yen != refund.amount_yen) {
        abort();
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static const unsigned statuses[] = {200, 201, 202, 400, 401, 404, 409, 429, 500, 503};
    struct buffer body;
    buffer_init(&body, 64 * 1024);
    buffer_append(&body, bytes, length);
    if (!body.has_failed) {
        for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
            read_aggregator(statuses[i], &body);
            read_paypay(statuses[i], &body);
        }
    }
    buffer_finish(&body);
    return 0;
}
