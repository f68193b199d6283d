/* Replies that are about the terminal and not about one payment. */
#include "drivers/terminal_json/response.h"

#include <stdio.h>
#include <string.h>

static enum status
invalid(struct error_detail *err)
{
    error_set(err, "terminal_reply_invalid", "決済端末の応答を解釈できません。");
    return STATUS_INVALID;
}

enum status
terminal_reply_login(const struct terminal_reply *reply, struct error_detail *err)
{
    struct terminal_response response;
    if (terminal_response_read(reply->body, &response) && strcmp(response.result, "Success") == 0) {
        return STATUS_OK;
    }
    error_set(err, "terminal_login_refused",
              "決済端末がログインを受け付けませんでした。端末の設定を確認してください。");
    return STATUS_REFUSED;
}

/* Whether a centre can be reached: one that can suffices, as brands have different centres. */
static bool
has_reachable_center(const struct json_value *hosts)
{
    for (const struct json_value *host = json_first(hosts); host != NULL; host = json_next(host)) {
        bool is_reachable = false;
        if (json_get_bool(host, "IsReachableFlag", &is_reachable, NULL) == STATUS_OK && is_reachable) {
            return true;
        }
    }
    return false;
}

enum status
terminal_reply_diagnosis(const struct terminal_reply *reply, struct error_detail *err)
{
    struct terminal_response response;
    const struct json_value *hosts = NULL;
    if (!terminal_response_read(reply->body, &response) || strcmp(response.result, "Success") != 0 ||
        json_get_array(reply->body, "HostStatus", &hosts, NULL) != STATUS_OK) {
        return invalid(err);
    }
    if (!terminal_text_is(json_member(reply->body, "POIStatus"), "GlobalStatus", "OK")) {
        error_set(err, "terminal_busy", "決済端末は別の取引を処理しています。");
        return STATUS_BUSY;
    }
    if (!has_reachable_center(hosts)) {
        error_set(err, "terminal_center_unreachable", "決済端末がセンターと通信できません。");
        return STATUS_UNREACHABLE;
    }
    return STATUS_OK;
}

static bool
copy_reference(char out[TERMINAL_REFERENCE_SIZE], const struct json_value *entry)
{
    const char *text = NULL;
    const struct json_value *transaction = json_member(entry, "SaleTransactionID");
    if (json_get_text(transaction, "TransactionID", TERMINAL_REFERENCE_SIZE - 1, &text, NULL) != STATUS_OK) {
        return false;
    }
    snprintf(out, TERMINAL_REFERENCE_SIZE, "%s", text);
    return true;
}

static bool
read_line(const struct json_value *entry, struct terminal_log_line *out)
{
    memset(out, 0, sizeof *out);
    const bool is_sale = terminal_text_is(entry, "Kind", "Sale");
    const bool is_return = terminal_text_is(entry, "Kind", "Reversal") || terminal_text_is(entry, "Kind", "Refund");
    out->is_in_doubt = terminal_text_is(entry, "State", "InDoubt");
    int64_t amount_yen = 0;
    if (!(is_sale || is_return) || !(out->is_in_doubt || terminal_text_is(entry, "State", "Approved")) ||
        json_get_int(entry, "Amount", 1, TERMINAL_AMOUNT_MAX_YEN, &amount_yen, NULL) != STATUS_OK) {
        return false;
    }
    out->amount_yen = is_sale ? amount_yen : -amount_yen;
    return copy_reference(out->reference, entry) && terminal_text_copy(out->brand, entry, "PaymentBrand") &&
           terminal_text_copy(out->acquirer_reference, json_member(entry, "POITransactionID"), "TransactionID");
}

enum status
terminal_reply_totals(const struct terminal_reply *reply, struct terminal_log_line *lines, size_t capacity,
                      size_t *out_count, struct error_detail *err)
{
    struct terminal_response response;
    const struct json_value *log = NULL;
    if (!terminal_response_read(reply->body, &response) || strcmp(response.result, "Failure") == 0 ||
        json_get_array(reply->body, "DailyLog", &log, NULL) != STATUS_OK) {
        return invalid(err);
    }
    if (strcmp(response.result, "Success") != 0 || json_count(log) > capacity) {
        error_set(err, "terminal_log_overflow", "決済端末の日計が一度に読める行数を超えています。");
        return STATUS_OVERFLOW;
    }
    size_t count = 0;
    for (const struct json_value *entry = json_first(log); entry != NULL; entry = json_next(entry)) {
        if (!read_line(entry, &lines[count])) {
            return invalid(err);
        }
        count++;
    }
    *out_count = count;
    return STATUS_OK;
}
