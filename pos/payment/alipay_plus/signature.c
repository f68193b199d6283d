/* The text to be signed, and the header's form. */
#include "pos/payment/alipay_plus/signature.h"

#include "common/bytes/encoding.h"
#include "common/signing/signing.h"

#include <stdio.h>
#include <string.h>

enum { BASE64_MAX = BASE64_SIZE(RSA_SIGNATURE_MAX) };

static enum status
write_content(const struct alipay_signed *what, struct buffer *out, struct error_detail *err)
{
    buffer_printf(out, "POST %s\n%s.%s.", what->path, what->client, what->time);
    buffer_append(out, what->body, what->length);
    return buffer_check(out, err);
}

enum status
alipay_sign(const struct rsa_key *key, unsigned key_version, const struct alipay_signed *what,
            char out[ALIPAY_SIGNATURE_SIZE], struct error_detail *err)
{
    struct buffer content;
    uint8_t signature[RSA_SIGNATURE_MAX];
    char text[BASE64_MAX];
    size_t length = 0;
    buffer_init(&content, ALIPAY_MESSAGE_MAX_BYTES + 1024);
    buffer_reserve(&content, what->length + 1024); /* what is wiped below stands in one place */
    enum status status = write_content(what, &content, err);
    if (status == STATUS_OK) {
        status = rsa_sign(key, buffer_text(&content), content.length, signature, &length, err);
    }
    if (content.data != NULL) {
        secret_wipe(content.data, content.capacity); /* a payment's body holds the citizen's code */
    }
    buffer_finish(&content);
    if (status != STATUS_OK) {
        return status;
    }
    base64_encode(text, signature, length);
    size_t used =
        (size_t)snprintf(out, ALIPAY_SIGNATURE_SIZE, "algorithm=RSA256,keyVersion=%u,signature=", key_version);
    for (const char *at = text; *at != '\0'; at++) { /* three characters of Base64 are none of a URL's */
        const char *escape = *at == '+' ? "%2B" : *at == '/' ? "%2F" : *at == '=' ? "%3D" : NULL;
        used += (size_t)(escape != NULL ? snprintf(out + used, ALIPAY_SIGNATURE_SIZE - used, "%s", escape)
                                        : snprintf(out + used, ALIPAY_SIGNATURE_SIZE - used, "%c", *at));
    }
    return STATUS_OK;
}

static int
hex_digit(char digit)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    const char *at = digit != '\0' ? strchr(digits, digit) : NULL;
    return at != NULL ? (int)((at - digits) % 16) : -1;
}

/* Undo the percent escapes; false when there is something else, or too much. */
static bool
unescape(const char *text, size_t length, char *out, size_t size)
{
    size_t used = 0;
    for (size_t i = 0; i < length; i++, used++) {
        if (used + 1 >= size) {
            return false;
        }
        out[used] = text[i];
        if (text[i] == '%') {
            const int high = i + 2 < length ? hex_digit(text[i + 1]) : -1;
            const int low = high >= 0 ? hex_digit(text[i + 2]) : -1;
            if (low < 0) {
                return false;
            }
            out[used] = (char)(high * 16 + low);
            i += 2;
        }
    }
    out[used] = '\0';
    return true;
}

/* The value of NAME in "name=value, name=value". */
static bool
find_part(const char *header, const char *name, const char **out, size_t *out_length)
{
    const size_t name_length = strlen(name);
    for (const char *at = header; *at != '\0';) {
        at += strspn(at, " ,");
        const size_t length = strcspn(at, ",");
        if (length > name_length && at[name_length] == '=' && strncmp(at, name, name_length) == 0) {
            *out = at + name_length + 1;
            *out_length = length - name_length - 1;
            return true;
        }
        at += length;
    }
    return false;
}

bool
alipay_is_signed(const struct rsa_key *key, const struct alipay_signed *what, const char *header)
{
    const char *part;
    size_t part_length;
    char text[BASE64_MAX];
    uint8_t signature[RSA_SIGNATURE_MAX];
    size_t length;
    const bool is_rsa = find_part(header, "algorithm", &part, &part_length) && part_length == strlen("RSA256") &&
                        strncmp(part, "RSA256", part_length) == 0;
    if (!is_rsa || !find_part(header, "signature", &part, &part_length) ||
        !unescape(part, part_length, text, sizeof text) ||
        base64_decode(signature, sizeof signature, &length, text, strlen(text)) != STATUS_OK) {
        return false;
    }
    struct buffer content;
    buffer_init(&content, ALIPAY_MESSAGE_MAX_BYTES + 1024);
    const bool is_valid = write_content(what, &content, NULL) == STATUS_OK &&
                          rsa_signature_is_valid(key, buffer_text(&content), content.length, signature, length);
    buffer_finish(&content);
    return is_valid;
}
