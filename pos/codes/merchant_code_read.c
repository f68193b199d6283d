/* Reading a merchant's code: objects by characters, the CRC by bytes. */
#include "common/text/utf8.h"
#include "pos/codes/crc16.h"
#include "pos/codes/merchant_code.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CRC_OBJECT_BYTES = 8, ID_CRC = 63, ID_JPQR_FIRST = 26, ID_TEMPLATE_LAST = 51, ID_UNRESERVED_FIRST = 80 };

static const char jpqr_network[] = "jp.or.paymentsjapan";
static const size_t jpqr_level_digits[JPQR_LEVELS] = {13, 4, 6, 6};

/* One object inside a payload or a template. */
struct object {
    unsigned id;
    const char *value;
    size_t length; /* bytes */
};

static bool
read_two_digits(const char *text, unsigned *out)
{
    if (text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9') {
        return false;
    }
    *out = (unsigned)(text[0] - '0') * 10 + (unsigned)(text[1] - '0');
    return true;
}

/* The object at *CURSOR; steps over it. */
static enum status
next_object(const char **cursor, const char *end, struct object *out, struct error_detail *err)
{
    unsigned characters;
    if (end - *cursor < 4 || !read_two_digits(*cursor, &out->id) || !read_two_digits(*cursor + 2, &characters)) {
        error_set(err, "not_a_merchant_code", "an object must begin with two digits of id and two of length");
        return STATUS_INVALID;
    }
    out->value = *cursor + 4;
    const char *at = out->value;
    for (unsigned i = 0; i < characters; i++) {
        if (at >= end) {
            error_set(err, "object_too_long", "object %02u says %u characters, and the code ends before", out->id,
                      characters);
            return STATUS_INVALID;
        }
        (void)utf8_next(&at, end);
    }
    out->length = (size_t)(at - out->value);
    *cursor = at;
    return STATUS_OK;
}

/* Copy an object's value into OUT of SIZE bytes. */
static enum status
take(const struct object *object, char *out, size_t size, struct error_detail *err)
{
    if (object->length == 0 || object->length >= size) {
        error_set(err, "object_length", "object %02u has %zu bytes; 1 to %zu are allowed", object->id, object->length,
                  size - 1);
        return STATUS_INVALID;
    }
    memcpy(out, object->value, object->length);
    out[object->length] = '\0';
    return STATUS_OK;
}

/* Where the value of object ID of template PARENT goes; NULL when we do not keep it. */
static char *
place_of(struct merchant_code *code, unsigned parent, unsigned id, size_t *out_size)
{
    const struct place {
        unsigned parent, id;
        char *out;
        size_t size;
    } places[] = {
        {0, 52, code->category, sizeof code->category},
        {0, 53, code->currency, sizeof code->currency},
        {0, 54, code->amount, sizeof code->amount},
        {0, 58, code->country, sizeof code->country},
        {0, 59, code->name, sizeof code->name},
        {0, 60, code->city, sizeof code->city},
        {0, 61, code->postal_code, sizeof code->postal_code},
        {62, 1, code->bill_number, sizeof code->bill_number},
        {62, 3, code->store_label, sizeof code->store_label},
        {62, 5, code->reference_label, sizeof code->reference_label},
        {62, 7, code->terminal_label, sizeof code->terminal_label},
        {64, 0, code->language, sizeof code->language},
        {64, 1, code->local_name, sizeof code->local_name},
        {64, 2, code->local_city, sizeof code->local_city},
    };
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        if (places[i].parent == parent && places[i].id == id) {
            *out_size = places[i].size;
            return places[i].out;
        }
    }
    return NULL;
}

static enum status
read_template(struct merchant_code *code, const struct object *parent, struct error_detail *err)
{
    const char *cursor = parent->value;
    const char *end = parent->value + parent->length;
    enum status status = STATUS_OK;
    while (cursor < end && status == STATUS_OK) {
        struct object object;
        size_t size;
        status = next_object(&cursor, end, &object, err);
        char *out = status == STATUS_OK ? place_of(code, parent->id, object.id, &size) : NULL;
        if (out != NULL) {
            status = take(&object, out, size, err);
        }
    }
    return status;
}

/* Whether OBJECT, a template, says in its object 00 which network it is of. */
static enum status
check_network(const struct object *object, struct object *out_network, struct error_detail *err)
{
    const char *cursor = object->value;
    const char *end = object->value + object->length;
    while (cursor < end) {
        enum status status = next_object(&cursor, end, out_network, err);
        if (status != STATUS_OK) {
            return status;
        }
        if (out_network->id == 0) {
            return STATUS_OK;
        }
    }
    error_set(err, "no_network", "object %02u does not say which network it belongs to (its object 00)", object->id);
    return STATUS_INVALID;
}

static enum status
read_jpqr(struct merchant_code *code, const struct object *template, struct error_detail *err)
{
    const char *cursor = template->value;
    const char *end = template->value + template->length;
    while (cursor < end) {
        struct object level;
        enum status status = next_object(&cursor, end, &level, err);
        if (status != STATUS_OK) {
            return status;
        }
        if (level.id >= 1 && level.id <= JPQR_LEVELS) {
            if (level.length != jpqr_level_digits[level.id - 1]) {
                error_set(err, "jpqr_level", "object %02u of the JPQR template must have %zu digits", level.id,
                          jpqr_level_digits[level.id - 1]);
                return STATUS_INVALID;
            }
            status = take(&level, code->jpqr_levels[level.id - 1], sizeof code->jpqr_levels[0], err);
            if (status != STATUS_OK) {
                return status;
            }
        }
    }
    code->is_jpqr = true;
    return STATUS_OK;
}

static enum status
read_account(struct merchant_code *code, const struct object *object, struct error_detail *err)
{
    struct object network;
    if (code->account_count == MERCHANT_ACCOUNTS_MAX) {
        error_set(err, "too_many_accounts", "a code with more than %d accounts is not read", MERCHANT_ACCOUNTS_MAX);
        return STATUS_OVERFLOW;
    }
    struct merchant_account *account = &code->accounts[code->account_count++];
    account->id = object->id;
    enum status status = take(object, account->value, sizeof account->value, err);
    if (status == STATUS_OK && object->id >= ID_JPQR_FIRST) {
        status = check_network(object, &network, err);
        if (status == STATUS_OK && network.length == sizeof jpqr_network - 1 &&
            memcmp(network.value, jpqr_network, network.length) == 0) {
            status = read_jpqr(code, object, err);
        }
    }
    return status;
}

static enum status
read_object(struct merchant_code *code, const struct object *object, struct error_detail *err)
{
    struct object network;
    size_t size;
    if (object->id == 1) {
        code->is_dynamic = object->length == 2 && memcmp(object->value, "12", 2) == 0;
        if (!code->is_dynamic && (object->length != 2 || memcmp(object->value, "11", 2) != 0)) {
            error_set(err, "initiation", "object 01 must be 11 (a poster) or 12 (made for one payment)");
            return STATUS_INVALID;
        }
        return STATUS_OK;
    }
    if (object->id >= 2 && object->id <= ID_TEMPLATE_LAST) {
        return read_account(code, object, err);
    }
    if (object->id == 62 || object->id == 64) {
        return read_template(code, object, err);
    }
    if (object->id >= ID_UNRESERVED_FIRST) {
        return check_network(object, &network, err);
    }
    char *out = place_of(code, 0, object->id, &size);
    return out != NULL ? take(object, out, size, err) : STATUS_OK;
}

static enum status
check_envelope(const char *payload, size_t length, struct error_detail *err)
{
    if (length > MERCHANT_CODE_MAX_BYTES) {
        error_set(err, "too_long", "a merchant's code has at most %d characters", MERCHANT_CODE_MAX_CHARACTERS);
        return STATUS_OVERFLOW;
    }
    if (length < 6 + CRC_OBJECT_BYTES || memcmp(payload, "000201", 6) != 0 || !utf8_is_valid(payload, length)) {
        error_set(err, "not_a_merchant_code", "a merchant's code begins with 000201");
        return STATUS_INVALID;
    }
    const char *check = payload + length - CRC_OBJECT_BYTES;
    char computed[5];
    snprintf(computed, sizeof computed, "%04X", crc16_ccitt_false(payload, length - 4));
    if (memcmp(check, "6304", 4) != 0 || memcmp(check + 4, computed, 4) != 0) {
        error_set(err, "wrong_crc", "the check at the end (6304%.4s) is not that of the code (%s): it was read wrongly",
                  check + 4, computed);
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

/* What JPQR demands beyond EMVCo. */
static enum status
check_jpqr(const struct merchant_code *code, struct error_detail *err)
{
    const char *wrong = strcmp(code->country, "JP") != 0     ? "58 (country) must be JP"
                        : strcmp(code->currency, "392") != 0 ? "53 (currency) must be 392"
                        : code->postal_code[0] == '\0'       ? "61 (postal code) is missing"
                        : strcmp(code->language, "JA") != 0  ? "64 (language) must be JA"
                        : code->local_city[0] != '\0'        ? "64 must not name a city"
                                                             : NULL;
    for (size_t i = 0; i < JPQR_LEVELS && wrong == NULL; i++) {
        wrong = code->jpqr_levels[i][0] == '\0' ? "the JPQR template lacks one of its four levels" : NULL;
    }
    if (wrong == NULL) {
        return STATUS_OK;
    }
    error_set(err, "not_jpqr", "the code names JPQR, but %s", wrong);
    return STATUS_INVALID;
}

enum status
merchant_code_read(struct merchant_code *out, const char *payload, size_t length, struct error_detail *err)
{
    *out = (struct merchant_code){0};
    bool seen[100] = {false};
    enum status status = check_envelope(payload, length, err);
    const char *cursor = payload;
    const char *end = status == STATUS_OK ? payload + length : payload;
    while (cursor < end && status == STATUS_OK) {
        struct object object;
        status = next_object(&cursor, end, &object, err);
        if (status == STATUS_OK && seen[object.id]) {
            error_set(err, "twice", "object %02u stands twice", object.id);
            status = STATUS_INVALID;
        }
        if (status == STATUS_OK && object.id == ID_CRC && cursor != end) {
            error_set(err, "crc_not_last", "object 63 must be the last");
            status = STATUS_INVALID;
        }
        if (status == STATUS_OK && object.id != 0 && object.id != ID_CRC) {
            status = read_object(out, &object, err);
        }
        if (status == STATUS_OK) {
            seen[object.id] = true;
        }
    }
    return status == STATUS_OK && out->is_jpqr ? check_jpqr(out, err) : status;
}

bool
merchant_code_amount_yen(const struct merchant_code *code, int64_t *out)
{
    char *end;
    if (code->amount[0] < '0' || code->amount[0] > '9') {
        return false;
    }
    *out = strtoll(code->amount, &end, 10);
    /* "450", "450.", "450.0" and "450.00" are whole yen. */
    return *end == '\0' || (*end == '.' && strspn(end + 1, "0") == strlen(end + 1));
}
