/* The terminal's messages: golden requests, what each answer of the protocol's table means, and answers that lie. */
#include "drivers/terminal_json/message.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char reference[] = "0192a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b";

static struct terminal_header
header_of(enum terminal_category category)
{
    return (struct terminal_header){.category = category, .sale_id = "KO-01", .poi_id = "POI-1", .service_id = "41"};
}

static void
a_payment_request_is_golden(void **state)
{
    (void)state;
    const struct terminal_header header = header_of(CATEGORY_PAYMENT);
    struct terminal_request request = {
        .sequence_number = 7, .amount_yen = 450, .media = TERMINAL_EMONEY, .brand = "transit_ic"};
    struct buffer out;
    buffer_init(&out, TERMINAL_MESSAGE_MAX_BYTES);
    memcpy(request.reference, reference, sizeof reference);

    assert_int_equal(terminal_request_payment(&out, &header, &request, INT64_C(1795309391123), NULL), STATUS_OK);

    assert_string_equal(
        buffer_text(&out),
        "{\"SaleToPOIRequest\":{\"MessageHeader\":{\"ProtocolVersion\":\"3.0\",\"MessageClass\":\"Service\","
        "\"MessageCategory\":\"Payment\",\"MessageType\":\"Request\",\"SaleID\":\"KO-01\",\"POIID\":\"POI-1\","
        "\"ServiceID\":\"41\"},\"PaymentRequest\":{\"SaleData\":{\"SaleTransactionID\":{\"TransactionID\":"
        "\"0192a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b\",\"TimeStamp\":\"2026-11-22T10:03:11.123+09:00\"}},"
        "\"PaymentTransaction\":{\"AmountsReq\":{\"Currency\":\"JPY\",\"RequestedAmount\":450}},\"PaymentData\":{"
        "\"PaymentType\":\"Normal\",\"PaymentBrand\":\"transit_ic\",\"PaymentMedia\":\"EMoney\"}}}}");
    buffer_finish(&out);
}

static void
assert_request_ends(enum terminal_category category, const char *expected)
{
    const struct terminal_header header = header_of(category);
    struct buffer out;
    buffer_init(&out, TERMINAL_MESSAGE_MAX_BYTES);
    assert_int_equal(terminal_request_other(&out, &header, reference, NULL), STATUS_OK);
    const char *body = strstr(buffer_text(&out), "\"41\"},");
    assert_non_null(body);
    assert_string_equal(body + strlen("\"41\"},"), expected);
    buffer_finish(&out);
}

static void
the_other_requests_are_golden(void **state)
{
    (void)state;

    assert_request_ends(CATEGORY_DIAGNOSIS, "\"DiagnosisRequest\":{}}}");
    assert_request_ends(CATEGORY_REVERSAL,
                        "\"ReversalRequest\":{\"OriginalPOITransaction\":{\"SaleTransactionID\":{\"TransactionID\":"
                        "\"0192a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b\"}},\"ReversalReason\":\"MerchantCancel\"}}}");
    assert_request_ends(CATEGORY_STATUS, "\"TransactionStatusRequest\":{\"SaleTransactionID\":{\"TransactionID\":"
                                         "\"0192a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b\"}}}}");
    assert_request_ends(CATEGORY_ABORT, "\"AbortRequest\":{\"SaleTransactionID\":{\"TransactionID\":"
                                        "\"0192a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b\"},\"AbortReason\":"
                                        "\"MerchantAbort\"}}}");
    assert_request_ends(CATEGORY_TOTALS, "\"GetTotalsRequest\":{\"TotalDetails\":[\"SaleID\"]}}}");
}

/* A reply of CATEGORY with BODY (the members inside its response object). */
static enum status
read_body(enum terminal_category category, const char *body, struct terminal_reply *out)
{
    const struct terminal_header header = header_of(category);
    const char *name = terminal_category_name(category);
    char message[4096];
    int length = snprintf(message, sizeof message,
                          "{\"SaleToPOIResponse\":{\"MessageHeader\":{\"ProtocolVersion\":\"3.0\",\"MessageClass\":"
                          "\"Service\",\"MessageCategory\":\"%s\",\"MessageType\":\"Response\",\"SaleID\":\"KO-01\","
                          "\"POIID\":\"POI-1\",\"ServiceID\":\"41\"},\"%sResponse\":{%s}}}",
                          name, name, body);
    assert_true(length > 0 && (size_t)length < sizeof message);
    return terminal_reply_read(out, message, (size_t)length, &header, NULL);
}

static struct terminal_answer
answer_of(enum terminal_category category, const char *body)
{
    struct terminal_reply reply;
    struct terminal_answer answer;
    assert_int_equal(read_body(category, body, &reply), STATUS_OK);
    switch (category) {
    case CATEGORY_PAYMENT:
        terminal_reply_payment(&reply, reference, &answer, NULL);
        break;
    case CATEGORY_REVERSAL:
        terminal_reply_reversal(&reply, &answer, NULL);
        break;
    case CATEGORY_STATUS:
        terminal_reply_status(&reply, reference, &answer, NULL);
        break;
    case CATEGORY_LOGIN:
    case CATEGORY_DIAGNOSIS:
    case CATEGORY_ABORT:
    case CATEGORY_TOTALS:
    case CATEGORY_RECONCILIATION:
        answer.result = TERMINAL_UNKNOWN;
        fail();
    }
    terminal_reply_finish(&reply);
    return answer;
}

#define RESPONSE(result, condition, additional)                                                                        \
    "\"Response\":{\"Result\":\"" result "\",\"ErrorCondition\":" condition ",\"AdditionalResponse\":\"" additional    \
    "\"}"
#define SUCCESS RESPONSE("Success", "null", "")
#define OF(id) "\"SaleData\":{\"SaleTransactionID\":{\"TransactionID\":\"" id "\"}}"
#define OURS OF("0192a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b")
#define ANOTHERS OF("0192a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5c")
#define PAYMENT_RESULT OURS "," RESULT_OF_NOBODY
#define RESULT_OF_NOBODY                                                                                               \
    "\"POIData\":{\"POITransactionID\":{\"TransactionID\":\"T000000124\",\"TimeStamp\":"                               \
    "\"2026-11-22T10:03:11.123+09:00\"}},\"PaymentResult\":{\"AmountsResp\":{\"Currency\":\"JPY\","                    \
    "\"AuthorizedAmount\":450},\"PaymentInstrumentData\":{\"CardData\":{\"MaskedPan\":\"432112xxxxxx1234\","           \
    "\"PaymentBrand\":\"visa\"}},\"PaymentAcquirerData\":{\"ApprovalCode\":\"A12345\",\"AcquirerTransactionID\":{"     \
    "\"TransactionID\":\"C000000124\",\"TimeStamp\":\"2026-11-22T10:03:10.000+09:00\"}},\"SlipNumber\":\"00012\","     \
    "\"BalanceAfter\":1234}"

static void
an_approval_is_read_whole(void **state)
{
    (void)state;

    struct terminal_answer answer = answer_of(CATEGORY_PAYMENT, SUCCESS "," PAYMENT_RESULT);

    assert_int_equal(answer.result, TERMINAL_APPROVED);
    assert_int_equal(answer.amount_yen, 450);
    assert_int_equal(answer.balance_yen, 1234);
    assert_int_equal(answer.accepted_at_ms, INT64_C(1795309391123));
    assert_string_equal(answer.acquirer_reference, "C000000124");
    assert_string_equal(answer.approval_code, "A12345");
    assert_string_equal(answer.slip_number, "00012");
    assert_string_equal(answer.masked_number, "432112xxxxxx1234");
}

static struct terminal_answer
refund_answer_of(const char *body)
{
    struct terminal_reply reply;
    struct terminal_answer answer;
    assert_int_equal(read_body(CATEGORY_PAYMENT, body, &reply), STATUS_OK);
    terminal_reply_refund(&reply, reference, &answer, NULL);
    terminal_reply_finish(&reply);
    return answer;
}

#define REFUND_RESULT(type, yen)                                                                                       \
    SUCCESS "," OURS ",\"PaymentResult\":{\"PaymentType\":\"" type "\",\"AmountsResp\":{\"Currency\":\"JPY\","         \
            "\"AuthorizedAmount\":" yen "}}"

static void
a_sales_answer_is_never_taken_for_a_refunds_nor_the_other_way_round(void **state)
{
    (void)state;

    struct terminal_answer answer = refund_answer_of(REFUND_RESULT("Refund", "-200"));

    assert_int_equal(answer.result, TERMINAL_APPROVED);
    assert_int_equal(answer.amount_yen, 200);
    assert_int_equal(refund_answer_of(SUCCESS "," PAYMENT_RESULT).result, TERMINAL_UNKNOWN);
    assert_int_equal(refund_answer_of(REFUND_RESULT("Refund", "200")).result, TERMINAL_UNKNOWN);
    assert_int_equal(refund_answer_of(REFUND_RESULT("Normal", "-200")).result, TERMINAL_UNKNOWN);
    assert_int_equal(answer_of(CATEGORY_PAYMENT, REFUND_RESULT("Refund", "-200")).result, TERMINAL_UNKNOWN);
}

static void
totals_that_do_not_add_up_to_a_message_are_invalid(void **state)
{
    (void)state;
#define TOTALS(entries) SUCCESS ",\"TransactionTotals\":[{\"PaymentBrand\":\"visa\",\"PaymentTotals\":[" entries "]}]"
#define TOTAL(type, count, yen)                                                                                        \
    "{\"TransactionType\":\"" type "\",\"TransactionCount\":" count ",\"TransactionAmount\":" yen "}"
    static const struct {
        const char *body;
        enum status status;
    } rows[] = {
        {TOTALS(TOTAL("Sale", "2", "900") "," TOTAL("Refund", "1", "50")), STATUS_OK},
        {TOTALS(TOTAL("Sale", "2", "900") "," TOTAL("Sale", "1", "50")), STATUS_INVALID},
        {TOTALS(TOTAL("Other", "2", "900")), STATUS_INVALID},
        {TOTALS(TOTAL("Sale", "-1", "900")), STATUS_INVALID},
        {TOTALS(TOTAL("Sale", "1", "-900")), STATUS_INVALID},
        {TOTALS(TOTAL("Sale", "1", "1") "," TOTAL("Refund", "1", "1") "," TOTAL("Reversal", "1", "1")),
         STATUS_OVERFLOW},
        {SUCCESS, STATUS_INVALID},
        {RESPONSE("Failure", "\"Busy\"", ""), STATUS_REFUSED},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct terminal_reply reply;
        struct terminal_total totals[2];
        size_t count = 0;
        assert_int_equal(read_body(CATEGORY_TOTALS, rows[i].body, &reply), STATUS_OK);
        assert_int_equal(terminal_reply_totals(&reply, totals, 2, &count, NULL), rows[i].status);
        terminal_reply_finish(&reply);
        if (i == 0) {
            assert_int_equal(count, 2);
            assert_int_equal(totals[0].count, 2);
            assert_int_equal(totals[1].sum_yen, -50);
        }
    }
}

static void
an_approval_without_trimmings_is_an_approval(void **state)
{
    (void)state;

    struct terminal_answer answer = answer_of(CATEGORY_PAYMENT, "\"Response\":{\"Result\":\"Success\"}," OURS
                                                                ",\"PaymentResult\":{\"AmountsResp\":{"
                                                                "\"Currency\":\"JPY\",\"AuthorizedAmount\":1}}");

    assert_int_equal(answer.result, TERMINAL_APPROVED);
    assert_int_equal(answer.balance_yen, -1);
    assert_int_equal(answer.accepted_at_ms, 0);
    assert_string_equal(answer.masked_number, "");
}

static void
every_row_of_the_table_means_what_it_says(void **state)
{
    (void)state;
    static const struct {
        enum terminal_category category;
        const char *body;
        enum terminal_result result;
    } rows[] = {
        {CATEGORY_PAYMENT, RESPONSE("Failure", "\"Refusal\"", "CenterResultCode=G12"), TERMINAL_CENTER_ERROR},
        {CATEGORY_PAYMENT, RESPONSE("Failure", "\"PaymentRestriction\"", "Deficient=true&Balance=120"),
         TERMINAL_DEFICIENT},
        {CATEGORY_PAYMENT, RESPONSE("Failure", "\"PaymentRestriction\"", ""), TERMINAL_NOT_ALLOWED},
        {CATEGORY_PAYMENT, RESPONSE("Failure", "\"UnreachableHost\"", ""), TERMINAL_COMMUNICATION_ERROR},
        {CATEGORY_PAYMENT, RESPONSE("Failure", "\"Cancel\"", ""), TERMINAL_CANCELLED},
        {CATEGORY_PAYMENT, RESPONSE("Failure", "\"Aborted\"", ""), TERMINAL_CANCELLED},
        {CATEGORY_PAYMENT, RESPONSE("Failure", "\"InvalidCard\"", ""), TERMINAL_NO_CARD},
        {CATEGORY_PAYMENT, RESPONSE("Failure", "\"Busy\"", ""), TERMINAL_BUSY},
        {CATEGORY_PAYMENT, RESPONSE("Failure", "\"NotAllowed\"", ""), TERMINAL_NOT_ALLOWED},
        {CATEGORY_PAYMENT, RESPONSE("Failure", "\"InProgress\"", ""), TERMINAL_UNKNOWN},
        {CATEGORY_PAYMENT, RESPONSE("Failure", "\"NotFound\"", ""), TERMINAL_UNKNOWN},
        {CATEGORY_PAYMENT, RESPONSE("Failure", "\"MessageFormat\"", ""), TERMINAL_UNKNOWN},
        {CATEGORY_PAYMENT, RESPONSE("Failure", "\"SomethingNew\"", ""), TERMINAL_UNKNOWN},
        {CATEGORY_PAYMENT, RESPONSE("Failure", "null", ""), TERMINAL_UNKNOWN},
        {CATEGORY_PAYMENT, RESPONSE("Partial", "\"InProgress\"", ""), TERMINAL_UNKNOWN},
        {CATEGORY_PAYMENT, RESPONSE("Partial", "\"InProgress\"", "InDoubt=true") "," PAYMENT_RESULT, TERMINAL_IN_DOUBT},
        {CATEGORY_PAYMENT, RESPONSE("Maybe", "null", ""), TERMINAL_UNKNOWN},
        {CATEGORY_REVERSAL, SUCCESS, TERMINAL_APPROVED},
        {CATEGORY_REVERSAL, RESPONSE("Failure", "\"NotFound\"", ""), TERMINAL_NOT_FOUND},
        {CATEGORY_REVERSAL, RESPONSE("Failure", "\"NotAllowed\"", ""), TERMINAL_NOT_ALLOWED},
        {CATEGORY_REVERSAL, RESPONSE("Failure", "\"Busy\"", ""), TERMINAL_BUSY},
        {CATEGORY_REVERSAL, RESPONSE("Partial", "\"InProgress\"", "InDoubt=true"), TERMINAL_IN_DOUBT},
        {CATEGORY_STATUS, RESPONSE("Partial", "\"InProgress\"", "InDoubt=true"), TERMINAL_UNKNOWN},
        {CATEGORY_STATUS, RESPONSE("Failure", "\"NotFound\"", ""), TERMINAL_NOT_FOUND},
        {CATEGORY_STATUS, RESPONSE("Failure", "\"InProgress\"", ""), TERMINAL_IN_PROGRESS},
        {CATEGORY_STATUS, RESPONSE("Failure", "\"Busy\"", ""), TERMINAL_IN_PROGRESS},
        {CATEGORY_STATUS, RESPONSE("Failure", "\"Refusal\"", ""), TERMINAL_UNKNOWN},
        {CATEGORY_STATUS, RESPONSE("Failure", "\"UnreachableHost\"", ""), TERMINAL_UNKNOWN},
        {CATEGORY_STATUS, SUCCESS ",\"RepeatedMessageResponse\":{" SUCCESS "," PAYMENT_RESULT "}", TERMINAL_APPROVED},
        {CATEGORY_STATUS, SUCCESS ",\"RepeatedMessageResponse\":{" RESPONSE("Failure", "\"Refusal\"", "") "," OURS "}",
         TERMINAL_CENTER_ERROR},
        {CATEGORY_STATUS,
         SUCCESS ",\"RepeatedMessageResponse\":{" RESPONSE("Failure", "\"UnreachableHost\"", "") "," OURS "}",
         TERMINAL_COMMUNICATION_ERROR},
        {CATEGORY_STATUS, SUCCESS ",\"RepeatedMessageResponse\":{" RESPONSE("Failure", "\"NotFound\"", "") "," OURS "}",
         TERMINAL_UNKNOWN},
        {CATEGORY_STATUS, SUCCESS, TERMINAL_UNKNOWN},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct terminal_answer answer = answer_of(rows[i].category, rows[i].body);
        if (answer.result != rows[i].result) {
            print_error("row %zu: %s\n", i, rows[i].body);
        }
        assert_int_equal(answer.result, rows[i].result);
    }
}

/* A terminal that answers every question with the last payment that it knows: its amount is often the same as ours. */
static void
what_is_told_of_another_payment_or_of_nobodys_proves_nothing(void **state)
{
    (void)state;
    static const struct {
        enum terminal_category category;
        const char *body;
    } rows[] = {
        {CATEGORY_PAYMENT, SUCCESS "," RESULT_OF_NOBODY},
        {CATEGORY_PAYMENT, SUCCESS "," ANOTHERS "," RESULT_OF_NOBODY},
        {CATEGORY_PAYMENT, RESPONSE("Partial", "\"InProgress\"", "InDoubt=true") "," RESULT_OF_NOBODY},
        {CATEGORY_PAYMENT, RESPONSE("Failure", "\"Refusal\"", "") "," ANOTHERS},
        {CATEGORY_PAYMENT, SUCCESS ",\"SaleData\":{\"SaleTransactionID\":[]}," RESULT_OF_NOBODY},
        {CATEGORY_STATUS, SUCCESS ",\"RepeatedMessageResponse\":{" SUCCESS "," RESULT_OF_NOBODY "}"},
        {CATEGORY_STATUS, SUCCESS ",\"RepeatedMessageResponse\":{" SUCCESS "," ANOTHERS "," RESULT_OF_NOBODY "}"},
        {CATEGORY_STATUS, SUCCESS ",\"RepeatedMessageResponse\":{" RESPONSE("Failure", "\"Refusal\"", "") "}"},
        {CATEGORY_STATUS,
         SUCCESS ",\"RepeatedMessageResponse\":{" RESPONSE("Failure", "\"Aborted\"", "") "," ANOTHERS "}"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(answer_of(rows[i].category, rows[i].body).result, TERMINAL_UNKNOWN);
    }
    assert_int_equal(refund_answer_of(SUCCESS "," ANOTHERS ",\"PaymentResult\":{\"PaymentType\":\"Refund\","
                                              "\"AmountsResp\":{\"Currency\":\"JPY\",\"AuthorizedAmount\":-200}}")
                         .result,
                     TERMINAL_UNKNOWN);
}

static void
details_of_a_refusal_are_kept(void **state)
{
    (void)state;

    struct terminal_answer refused =
        answer_of(CATEGORY_PAYMENT, RESPONSE("Failure", "\"Refusal\"", "X=1&CenterResultCode=G12&Y=2"));
    struct terminal_answer deficient =
        answer_of(CATEGORY_PAYMENT, RESPONSE("Failure", "\"PaymentRestriction\"", "Deficient=true&Balance=120"));

    assert_string_equal(refused.center_result_code, "G12");
    assert_int_equal(deficient.balance_yen, 120);
}

static void
an_approval_that_names_no_sound_amount_is_unknown(void **state)
{
    (void)state;
    static const char *const amounts[] = {
        "\"AmountsResp\":{\"Currency\":\"JPY\"}",
        "\"AmountsResp\":{\"Currency\":\"USD\",\"AuthorizedAmount\":450}",
        "\"AmountsResp\":{\"Currency\":\"JPY\",\"AuthorizedAmount\":0}",
        "\"AmountsResp\":{\"Currency\":\"JPY\",\"AuthorizedAmount\":-450}",
        "\"AmountsResp\":{\"Currency\":\"JPY\",\"AuthorizedAmount\":450.5}",
        "\"AmountsResp\":{\"Currency\":\"JPY\",\"AuthorizedAmount\":\"450\"}",
        "\"AmountsResp\":{\"Currency\":\"JPY\",\"AuthorizedAmount\":10000000}",
        "\"AmountsResp\":[450]",
    };

    for (size_t i = 0; i < sizeof amounts / sizeof amounts[0]; i++) {
        char body[512];
        snprintf(body, sizeof body, SUCCESS "," OURS ",\"PaymentResult\":{%s}", amounts[i]);
        assert_int_equal(answer_of(CATEGORY_PAYMENT, body).result, TERMINAL_UNKNOWN);
    }
}

static void
an_answer_to_another_request_is_a_stray(void **state)
{
    (void)state;
    static const char message[] =
        "{\"SaleToPOIResponse\":{\"MessageHeader\":{\"MessageCategory\":\"Payment\",\"MessageType\":\"Response\","
        "\"SaleID\":\"KO-01\",\"POIID\":\"POI-1\",\"ServiceID\":\"40\"},\"PaymentResponse\":{" SUCCESS "}}}";
    const struct terminal_header header = header_of(CATEGORY_PAYMENT);
    struct terminal_reply reply;

    assert_int_equal(terminal_reply_read(&reply, message, sizeof message - 1, &header, NULL), STATUS_NOT_FOUND);
}

static void
what_is_not_a_reply_of_ours_is_invalid(void **state)
{
    (void)state;
    static const char *const messages[] = {
        "",
        "\x02TRX OK\x03",
        "null",
        "[]",
        "{}",
        "{\"SaleToPOIResponse\":{}}",
        "{\"SaleToPOIResponse\":{\"MessageHeader\":{\"MessageCategory\":\"Payment\",\"MessageType\":\"Request\","
        "\"SaleID\":\"KO-01\",\"POIID\":\"POI-1\",\"ServiceID\":\"41\"},\"PaymentResponse\":{}}}",
        "{\"SaleToPOIResponse\":{\"MessageHeader\":{\"MessageCategory\":\"Payment\",\"MessageType\":\"Response\","
        "\"SaleID\":\"KO-02\",\"POIID\":\"POI-1\",\"ServiceID\":\"41\"},\"PaymentResponse\":{}}}",
        "{\"SaleToPOIResponse\":{\"MessageHeader\":{\"MessageCategory\":\"Reversal\",\"MessageType\":\"Response\","
        "\"SaleID\":\"KO-01\",\"POIID\":\"POI-1\",\"ServiceID\":\"41\"},\"PaymentResponse\":{}}}",
        "{\"SaleToPOIResponse\":{\"MessageHeader\":{\"MessageCategory\":\"Payment\",\"MessageType\":\"Response\","
        "\"SaleID\":\"KO-01\",\"POIID\":\"POI-1\",\"ServiceID\":\"41\"}}}",
    };
    const struct terminal_header header = header_of(CATEGORY_PAYMENT);
    struct terminal_reply reply;

    for (size_t i = 0; i < sizeof messages / sizeof messages[0]; i++) {
        assert_int_equal(terminal_reply_read(&reply, messages[i], strlen(messages[i]), &header, NULL), STATUS_INVALID);
    }
}

static void
every_beginning_of_a_reply_is_invalid(void **state)
{
    (void)state;
    static const char whole[] =
        "{\"SaleToPOIResponse\":{\"MessageHeader\":{\"MessageCategory\":\"Payment\",\"MessageType\":\"Response\","
        "\"SaleID\":\"KO-01\",\"POIID\":\"POI-1\",\"ServiceID\":\"41\"},\"PaymentResponse\":{" SUCCESS "}}}";
    const struct terminal_header header = header_of(CATEGORY_PAYMENT);
    struct terminal_reply reply;

    for (size_t length = 0; length < sizeof whole - 1; length++) {
        assert_int_equal(terminal_reply_read(&reply, whole, length, &header, NULL), STATUS_INVALID);
    }
    assert_int_equal(terminal_reply_read(&reply, whole, sizeof whole - 1, &header, NULL), STATUS_OK);
    terminal_reply_finish(&reply);
}

static void
a_card_number_anywhere_refuses_the_whole_reply(void **state)
{
    (void)state;
    static const char *const bodies[] = {
        SUCCESS ",\"PaymentResult\":{\"CardData\":{\"MaskedPan\":\"4111111111111111\"}}",
        SUCCESS ",\"Track2\":\"4111 1111 1111 1111=26112011\"",
        SUCCESS ",\"Pan\":4111111111111111",
        SUCCESS ",\"4111-1111-1111-1111\":true",
        SUCCESS ",\"Deep\":[[{\"x\":[\"pan 4111111111111111\"]}]]",
    };
    struct terminal_reply reply;
    struct error_detail err;

    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        assert_int_equal(read_body(CATEGORY_PAYMENT, bodies[i], &reply), STATUS_REFUSED);
    }
    const struct terminal_header header = header_of(CATEGORY_PAYMENT);
    static const char message[] = "{\"pan\":\"4111111111111111\"}";
    assert_int_equal(terminal_reply_read(&reply, message, sizeof message - 1, &header, &err), STATUS_REFUSED);
    assert_null(strstr(err.message, "4111"));
}

static void
a_centres_number_that_looks_like_a_card_number_does_not(void **state)
{
    (void)state;
    static const char *const bodies[] = {
        SUCCESS ",\"PaymentResult\":{\"SlipNumber\":\"4111111111111111\"}",
        SUCCESS ",\"PaymentResult\":{\"PaymentAcquirerData\":{\"ApprovalCode\":\"4111111111111111\"}}",
        SUCCESS ",\"PaymentResult\":{\"PaymentAcquirerData\":{\"AcquirerTransactionID\":"
                "{\"TransactionID\":\"4111111111111111\"}}}",
    };
    struct terminal_reply reply;

    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        assert_int_equal(read_body(CATEGORY_PAYMENT, bodies[i], &reply), STATUS_OK);
        terminal_reply_finish(&reply);
    }
}

/* Cut to what fits it is no card number any more, and still most of one. */
static void
no_part_of_a_card_number_is_kept_of_a_number_that_is_too_long(void **state)
{
    (void)state;

    struct terminal_answer answer = answer_of(
        CATEGORY_PAYMENT, SUCCESS "," OURS ",\"PaymentResult\":{\"AmountsResp\":{\"Currency\":\"JPY\","
                                  "\"AuthorizedAmount\":450},\"SlipNumber\":\"４１１１１１１１１１１１１１１１\"}");

    assert_int_equal(answer.result, TERMINAL_APPROVED);
    assert_string_equal(answer.slip_number, "");
}

static void
a_payment_id_that_looks_like_a_card_number_does_not(void **state)
{
    (void)state;
    struct terminal_reply reply;

    enum status status =
        read_body(CATEGORY_STATUS, SUCCESS ",\"SaleTransactionID\":\"41111111-1111-7111-8111-111111111111\"", &reply);

    assert_int_equal(status, STATUS_OK);
    terminal_reply_finish(&reply);
}

static enum status
diagnose(const char *body)
{
    struct terminal_reply reply;
    assert_int_equal(read_body(CATEGORY_DIAGNOSIS, body, &reply), STATUS_OK);
    enum status status = terminal_reply_diagnosis(&reply, NULL);
    terminal_reply_finish(&reply);
    return status;
}

static void
a_diagnosis_tells_ready_busy_and_unreachable_apart(void **state)
{
    (void)state;

    assert_int_equal(diagnose(SUCCESS ",\"POIStatus\":{\"GlobalStatus\":\"OK\"},\"HostStatus\":[{\"AcquirerID\":\"a\","
                                      "\"IsReachableFlag\":false},{\"AcquirerID\":\"b\",\"IsReachableFlag\":true}]"),
                     STATUS_OK);
    assert_int_equal(diagnose(SUCCESS ",\"POIStatus\":{\"GlobalStatus\":\"Busy\"},\"HostStatus\":[]"), STATUS_BUSY);
    assert_int_equal(diagnose(SUCCESS ",\"POIStatus\":{\"GlobalStatus\":\"OK\"},\"HostStatus\":[]"),
                     STATUS_UNREACHABLE);
    assert_int_equal(diagnose(SUCCESS), STATUS_INVALID);
}

static enum status
read_log(const char *body, struct terminal_log_line *lines, size_t capacity, size_t *out_count)
{
    struct terminal_reply reply;
    assert_int_equal(read_body(CATEGORY_TOTALS, body, &reply), STATUS_OK);
    enum status status = terminal_reply_log(&reply, lines, capacity, out_count, NULL);
    terminal_reply_finish(&reply);
    return status;
}

#define LOG_LINE(kind, state)                                                                                          \
    "{\"SaleTransactionID\":{\"TransactionID\":\"ref-1\"},\"POITransactionID\":{\"TransactionID\":\"T1\"},"            \
    "\"PaymentBrand\":\"visa\",\"Amount\":450,\"Kind\":\"" kind "\",\"State\":\"" state "\"}"

static void
the_daily_log_gives_reversals_a_minus(void **state)
{
    (void)state;
    struct terminal_log_line lines[4];
    size_t count = 0;

    assert_int_equal(read_log(SUCCESS ",\"DailyLog\":[" LOG_LINE("Sale", "Approved") "," LOG_LINE(
                                  "Reversal", "Approved") "," LOG_LINE("Sale", "InDoubt") "]",
                              lines, 4, &count),
                     STATUS_OK);

    assert_int_equal(count, 3);
    assert_int_equal(lines[0].amount_yen, 450);
    assert_int_equal(lines[1].amount_yen, -450);
    assert_true(lines[2].is_in_doubt && !lines[0].is_in_doubt);
    assert_string_equal(lines[0].reference, "ref-1");
    assert_string_equal(lines[0].acquirer_reference, "T1");
}

static void
a_daily_log_that_is_cut_or_too_long_is_an_overflow(void **state)
{
    (void)state;
    struct terminal_log_line lines[1];
    size_t count = 0;

    assert_int_equal(read_log(RESPONSE("Partial", "null", "Truncated=true") ",\"DailyLog\":[]", lines, 1, &count),
                     STATUS_OVERFLOW);
    assert_int_equal(read_log(SUCCESS
                              ",\"DailyLog\":[" LOG_LINE("Sale", "Approved") "," LOG_LINE("Sale", "Approved") "]",
                              lines, 1, &count),
                     STATUS_OVERFLOW);
    assert_int_equal(read_log(SUCCESS ",\"DailyLog\":[" LOG_LINE("Gift", "Approved") "]", lines, 1, &count),
                     STATUS_INVALID);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_payment_request_is_golden),
        cmocka_unit_test(the_other_requests_are_golden),
        cmocka_unit_test(an_approval_is_read_whole),
        cmocka_unit_test(a_sales_answer_is_never_taken_for_a_refunds_nor_the_other_way_round),
        cmocka_unit_test(totals_that_do_not_add_up_to_a_message_are_invalid),
        cmocka_unit_test(an_approval_without_trimmings_is_an_approval),
        cmocka_unit_test(every_row_of_the_table_means_what_it_says),
        cmocka_unit_test(what_is_told_of_another_payment_or_of_nobodys_proves_nothing),
        cmocka_unit_test(details_of_a_refusal_are_kept),
        cmocka_unit_test(an_approval_that_names_no_sound_amount_is_unknown),
        cmocka_unit_test(an_answer_to_another_request_is_a_stray),
        cmocka_unit_test(what_is_not_a_reply_of_ours_is_invalid),
        cmocka_unit_test(every_beginning_of_a_reply_is_invalid),
        cmocka_unit_test(a_card_number_anywhere_refuses_the_whole_reply),
        cmocka_unit_test(a_centres_number_that_looks_like_a_card_number_does_not),
        cmocka_unit_test(no_part_of_a_card_number_is_kept_of_a_number_that_is_too_long),
        cmocka_unit_test(a_payment_id_that_looks_like_a_card_number_does_not),
        cmocka_unit_test(a_diagnosis_tells_ready_busy_and_unreachable_apart),
        cmocka_unit_test(the_daily_log_gives_reversals_a_minus),
        cmocka_unit_test(a_daily_log_that_is_cut_or_too_long_is_an_overflow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
