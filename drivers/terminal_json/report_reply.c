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
read_kind(const struct json_value *object, const char *key, enum terminal_kind *out)
{
    static const struct {
        const char *word;
        enum terminal_kind kind;
    } kinds[] = {{"Sale", TERMINAL_KIND_SALE}, {"Reversal", TERMINAL_KIND_REVERSAL}, {"Refund", TERMINAL_KIND_REFUND}};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (terminal_text_is(object, key, kinds[i].word)) {
            *out = kinds[i].kind;
            return true;
        }
    }
    return false;
}

static bool
read_line(const struct json_value *entry, struct terminal_log_line *out)
{
    memset(out, 0, sizeof *out);
    out->is_in_doubt = terminal_text_is(entry, "State", "InDoubt");
    int64_t amount_yen = 0;
    if (!read_kind(entry, "Kind", &out->kind) || !(out->is_in_doubt || terminal_text_is(entry, "State", "Approved")) ||
        json_get_int(entry, "Amount", 1, TERMINAL_AMOUNT_MAX_YEN, &amount_yen, NULL) != STATUS_OK) {
        return false;
    }
    out->amount_yen = out->kind == TERMINAL_KIND_SALE ? amount_yen : -amount_yen;
    return copy_reference(out->reference, entry) && terminal_text_copy(out->brand, entry, "PaymentBrand") &&
           terminal_text_copy(out->acquirer_reference, json_member(entry, "POITransactionID"), "TransactionID");
}

enum status
terminal_reply_log(const struct terminal_reply *reply, struct terminal_log_line *lines, size_t capacity,
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

/* Eleven digits hold TERMINAL_AMOUNT_MAX_YEN ten thousand times, which no terminal moves in a day. */
#define TOTAL_MAX_YEN INT64_C(99999999999)
enum { TOTAL_MAX_COUNT = 100000 };

/* The sums of one brand. */
static enum status
read_brand_totals(const struct json_value *brand, struct terminal_total *totals, size_t capacity, size_t *count,
                  struct error_detail *err)
{
    const struct json_value *entries = NULL;
    if (json_get_array(brand, "PaymentTotals", &entries, NULL) != STATUS_OK) {
        return invalid(err);
    }
    for (const struct json_value *entry = json_first(entries); entry != NULL; entry = json_next(entry)) {
        struct terminal_total total = {.count = 0};
        int64_t number = 0, sum_yen = 0;
        if (!terminal_text_copy(total.brand, brand, "PaymentBrand") ||
            !read_kind(entry, "TransactionType", &total.kind) ||
            json_get_int(entry, "TransactionCount", 0, TOTAL_MAX_COUNT, &number, NULL) != STATUS_OK ||
            json_get_int(entry, "TransactionAmount", 0, TOTAL_MAX_YEN, &sum_yen, NULL) != STATUS_OK ||
            terminal_total_find(totals, *count, total.brand, total.kind) != NULL) {
            return invalid(err);
        }
        if (*count == capacity) {
            error_set(err, "terminal_totals_overflow", "決済端末の日計のブランドが多すぎます。");
            return STATUS_OVERFLOW;
        }
        total.count = (uint32_t)number;
        total.sum_yen = total.kind == TERMINAL_KIND_SALE ? sum_yen : -sum_yen;
        totals[(*count)++] = total;
    }
    return STATUS_OK;
}

enum status
terminal_reply_totals(const struct terminal_reply *reply, struct terminal_total *totals, size_t capacity,
                      size_t *out_count, struct error_detail *err)
{
    struct terminal_response response;
    const struct json_value *brands = NULL;
    if (!terminal_response_read(reply->body, &response)) {
        return invalid(err);
    }
    if (strcmp(response.result, "Failure") == 0) {
        error_set(err, "terminal_totals_refused",
                  "決済端末は今は集計できません。取引が終わってからやり直してください。");
        return STATUS_REFUSED;
    }
    if (json_get_array(reply->body, "TransactionTotals", &brands, NULL) != STATUS_OK) {
        return invalid(err);
    }
    size_t count = 0;
    for (const struct json_value *brand = json_first(brands); brand != NULL; brand = json_next(brand)) {
        enum status status = read_brand_totals(brand, totals, capacity, &count, err);
        if (status != STATUS_OK) {
            return status;
        }
    }
    *out_count = count;
    return STATUS_OK;
}
