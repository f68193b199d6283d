/* Requests to bytes. */
#include "drivers/terminal_json/message.h"

#include "common/clock/civil.h"
#include "common/json/writer.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

const char *
terminal_category_name(enum terminal_category category)
{
    switch (category) {
    case CATEGORY_LOGIN:
        return "Login";
    case CATEGORY_DIAGNOSIS:
        return "Diagnosis";
    case CATEGORY_PAYMENT:
        return "Payment";
    case CATEGORY_REVERSAL:
        return "Reversal";
    case CATEGORY_STATUS:
        return "TransactionStatus";
    case CATEGORY_ABORT:
        return "Abort";
    case CATEGORY_TOTALS:
        return "GetTotals";
    case CATEGORY_RECONCILIATION:
        return "Reconciliation";
    }
    return "";
}

/* Opens the envelope, writes the header, and opens the category's own object. */
static void
begin(struct json_writer *json, struct buffer *out, const struct terminal_header *header)
{
    const char *category = terminal_category_name(header->category);
    char body_name[40];
    snprintf(body_name, sizeof body_name, "%sRequest", category);

    json_writer_init(json, out);
    json_begin_object(json, NULL);
    json_begin_object(json, "SaleToPOIRequest");
    json_begin_object(json, "MessageHeader");
    json_text(json, "ProtocolVersion", "3.0");
    json_text(json, "MessageClass", "Service");
    json_text(json, "MessageCategory", category);
    json_text(json, "MessageType", "Request");
    json_text(json, "SaleID", header->sale_id);
    json_text(json, "POIID", header->poi_id);
    json_text(json, "ServiceID", header->service_id);
    json_end_object(json);
    json_begin_object(json, body_name);
}

static enum status
finish(struct json_writer *json, struct error_detail *err)
{
    json_end_object(json);
    json_end_object(json);
    json_end_object(json);
    return json_finish(json, err);
}

static void
write_transaction(struct json_writer *json, const char *reference)
{
    json_begin_object(json, "SaleTransactionID");
    json_text(json, "TransactionID", reference);
    json_end_object(json);
}

/* What sales and refunds have in common. ORIGINAL: the sale's reference of a refund, else NULL. */
struct money {
    const char *reference, *original, *brand;
    int64_t amount_yen, at_ms;
    enum terminal_media media;
};

static enum status
write_payment(struct buffer *out, const struct terminal_header *header, const struct money *money,
              struct error_detail *err)
{
    assert(header->category == CATEGORY_PAYMENT);
    char at[INSTANT_TEXT_SIZE];
    struct json_writer json;
    begin(&json, out, header);

    json_begin_object(&json, "SaleData");
    json_begin_object(&json, "SaleTransactionID");
    json_text(&json, "TransactionID", money->reference);
    json_text(&json, "TimeStamp", instant_format(at, money->at_ms));
    json_end_object(&json);
    json_end_object(&json);

    json_begin_object(&json, "PaymentTransaction");
    json_begin_object(&json, "AmountsReq");
    json_text(&json, "Currency", "JPY");
    json_int(&json, "RequestedAmount", money->amount_yen);
    json_end_object(&json);
    if (money->original != NULL) {
        json_begin_object(&json, "OriginalPOITransaction");
        write_transaction(&json, money->original);
        json_end_object(&json);
    }
    json_end_object(&json);

    json_begin_object(&json, "PaymentData");
    json_text(&json, "PaymentType", money->original != NULL ? "Refund" : "Normal");
    json_text(&json, "PaymentBrand", money->brand);
    json_text(&json, "PaymentMedia", money->media == TERMINAL_EMONEY ? "EMoney" : "Credit");
    json_end_object(&json);
    return finish(&json, err);
}

enum status
terminal_request_payment(struct buffer *out, const struct terminal_header *header,
                         const struct terminal_request *request, int64_t at_ms, struct error_detail *err)
{
    const struct money money = {.reference = request->reference,
                                .brand = request->brand,
                                .amount_yen = request->amount_yen,
                                .at_ms = at_ms,
                                .media = request->media};
    return write_payment(out, header, &money, err);
}

enum status
terminal_request_refund(struct buffer *out, const struct terminal_header *header, const struct terminal_refund *refund,
                        int64_t at_ms, struct error_detail *err)
{
    const struct money money = {.reference = refund->reference,
                                .original = refund->sale,
                                .brand = refund->brand,
                                .amount_yen = refund->amount_yen,
                                .at_ms = at_ms,
                                .media = refund->media};
    return write_payment(out, header, &money, err);
}

static void
write_login(struct json_writer *json, bool is_training)
{
    json_begin_object(json, "SaleSoftware");
    json_text(json, "ApplicationName", "madoguchi-pos");
    json_text(json, "SoftwareVersion", MADOGUCHI_VERSION);
    json_end_object(json);
    json_bool(json, "TrainingModeFlag", is_training);
}

enum status
terminal_request_other(struct buffer *out, const struct terminal_header *header, const char *reference,
                       struct error_detail *err)
{
    struct json_writer json;
    begin(&json, out, header);
    switch (header->category) {
    case CATEGORY_LOGIN:
        write_login(&json, header->is_training);
        break;
    case CATEGORY_DIAGNOSIS:
        break;
    case CATEGORY_REVERSAL:
        json_begin_object(&json, "OriginalPOITransaction");
        write_transaction(&json, reference);
        json_end_object(&json);
        json_text(&json, "ReversalReason", "MerchantCancel");
        break;
    case CATEGORY_STATUS:
        write_transaction(&json, reference);
        break;
    case CATEGORY_ABORT:
        write_transaction(&json, reference);
        json_text(&json, "AbortReason", "MerchantAbort");
        break;
    case CATEGORY_TOTALS:
        json_begin_array(&json, "TotalDetails");
        json_text(&json, NULL, "SaleID");
        json_end_array(&json);
        break;
    case CATEGORY_RECONCILIATION:
        json_text(&json, "ReconciliationType", "SaleReconciliation");
        break;
    case CATEGORY_PAYMENT:
        assert(!"a payment has its own function");
        break;
    }
    return finish(&json, err);
}
