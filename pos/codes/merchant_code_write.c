/* Writing a merchant's code. */
#include "common/text/utf8.h"
#include "pos/codes/crc16.h"
#include "pos/codes/merchant_code.h"

#include <stdio.h>
#include <string.h>

enum { TEMPLATE_MAX_BYTES = MERCHANT_VALUE_SIZE };

static enum status
put(struct buffer *out, unsigned id, const char *value, struct error_detail *err)
{
    const size_t characters = utf8_count(value);
    if (characters > 99 || !utf8_is_valid(value, strlen(value))) {
        error_set(err, "object_length", "object %02u must be at most 99 characters of UTF-8", id);
        return STATUS_INVALID;
    }
    buffer_printf(out, "%02u%02zu%s", id, characters, value);
    return STATUS_OK;
}

/* Nothing for "". */
static enum status
put_given(struct buffer *out, unsigned id, const char *value, struct error_detail *err)
{
    return value[0] == '\0' ? STATUS_OK : put(out, id, value, err);
}

struct member {
    unsigned id;
    const char *value;
};

/* Template ID of those MEMBERS that say something; nothing when none does. */
static enum status
put_template(struct buffer *out, unsigned id, const struct member *members, size_t count, struct error_detail *err)
{
    struct buffer inside;
    enum status status = STATUS_OK;
    buffer_init(&inside, TEMPLATE_MAX_BYTES);
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        status = put_given(&inside, members[i].id, members[i].value, err);
    }
    if (status == STATUS_OK) {
        status = buffer_check(&inside, err);
    }
    if (status == STATUS_OK) {
        status = put_given(out, id, buffer_text(&inside), err);
    }
    buffer_finish(&inside);
    return status;
}

static enum status
put_accounts(const struct merchant_code *code, struct buffer *out, struct error_detail *err)
{
    const struct member jpqr[] = {
        {0, "jp.or.paymentsjapan"}, {1, code->jpqr_levels[0]}, {2, code->jpqr_levels[1]},
        {3, code->jpqr_levels[2]},  {4, code->jpqr_levels[3]},
    };
    enum status status = STATUS_OK;
    for (size_t i = 0; i < code->account_count && status == STATUS_OK; i++) {
        if (code->accounts[i].id < 2 || code->accounts[i].id > 51) {
            error_set(err, "account_id", "an account's id is 02 to 51, not %02u", code->accounts[i].id);
            return STATUS_INVALID;
        }
        status = put(out, code->accounts[i].id, code->accounts[i].value, err);
    }
    return status == STATUS_OK && code->is_jpqr ? put_template(out, 26, jpqr, 5, err) : status;
}

static enum status
put_details(const struct merchant_code *code, struct buffer *out, struct error_detail *err)
{
    const struct member plain[] = {
        {52, code->category}, {53, code->currency}, {54, code->amount},      {58, code->country},
        {59, code->name},     {60, code->city},     {61, code->postal_code},
    };
    const struct member additional[] = {
        {1, code->bill_number},
        {3, code->store_label},
        {5, code->reference_label},
        {7, code->terminal_label},
    };
    const struct member local[] = {{0, code->language}, {1, code->local_name}, {2, code->local_city}};
    enum status status = STATUS_OK;
    for (size_t i = 0; i < sizeof plain / sizeof plain[0] && status == STATUS_OK; i++) {
        status = put_given(out, plain[i].id, plain[i].value, err);
    }
    if (status == STATUS_OK) {
        status = put_template(out, 62, additional, 4, err);
    }
    return status == STATUS_OK ? put_template(out, 64, local, 3, err) : status;
}

/* What must be there before anything is drawn: a code that no wallet accepts is worse than none. */
static enum status
check(const struct merchant_code *code, struct error_detail *err)
{
    const char *missing = code->account_count == 0 && !code->is_jpqr ? "an account"
                          : code->category[0] == '\0'                ? "52 (category)"
                          : code->currency[0] == '\0'                ? "53 (currency)"
                          : code->country[0] == '\0'                 ? "58 (country)"
                          : code->name[0] == '\0'                    ? "59 (name)"
                          : code->city[0] == '\0'                    ? "60 (city)"
                                                                     : NULL;
    if (missing != NULL) {
        error_set(err, "incomplete", "a merchant's code needs %s", missing);
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

enum status
merchant_code_write(const struct merchant_code *code, struct buffer *out, struct error_detail *err)
{
    struct buffer payload;
    struct merchant_code again;
    enum status status = check(code, err);
    buffer_init(&payload, MERCHANT_CODE_MAX_BYTES);
    buffer_append_text(&payload, "000201");
    buffer_append_text(&payload, code->is_dynamic ? "010212" : "010211");
    if (status == STATUS_OK) {
        status = put_accounts(code, &payload, err);
    }
    if (status == STATUS_OK) {
        status = put_details(code, &payload, err);
    }
    buffer_append_text(&payload, "6304");
    buffer_printf(&payload, "%04X", crc16_ccitt_false(buffer_text(&payload), payload.length));
    if (status == STATUS_OK) {
        status = buffer_check(&payload, err);
    }
    if (status == STATUS_OK) {
        /* The reader knows every rule; what it refuses is not shown to a citizen. */
        status = merchant_code_read(&again, buffer_text(&payload), payload.length, err);
    }
    if (status == STATUS_OK) {
        buffer_append(out, buffer_text(&payload), payload.length);
    }
    buffer_finish(&payload);
    return status;
}
