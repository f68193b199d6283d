/* Fields in order, their signature, and XML out. */
#include "pos/payment/wechat_pay/fields.h"

#include "common/bytes/encoding.h"
#include "common/signing/signing.h"
#include "common/text/utf8.h"

#include <ctype.h>
#include <string.h>

void
wechat_fields_init(struct wechat_fields *fields)
{
    fields->count = 0;
    fields->used = 0;
    fields->has_failed = false;
}

void
wechat_fields_wipe(struct wechat_fields *fields)
{
    secret_wipe(fields, sizeof *fields);
    wechat_fields_init(fields);
}

static bool
is_name(const char *name)
{
    const size_t length = strlen(name);
    for (size_t i = 0; i < length; i++) {
        const bool is_letter = (name[i] >= 'a' && name[i] <= 'z') || (name[i] >= 'A' && name[i] <= 'Z');
        const bool is_digit = name[i] >= '0' && name[i] <= '9';
        if (!is_letter && name[i] != '_' && !(is_digit && i > 0)) {
            return false;
        }
    }
    return length > 0 && length < WECHAT_NAME_SIZE;
}

static bool
is_value(const char *value, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        const unsigned char byte = (unsigned char)value[i];
        if ((byte < 0x20 && byte != '\n' && byte != '\r' && byte != '\t') || byte == 0x7F) {
            return false;
        }
    }
    return utf8_is_valid(value, length);
}

/* Where NAME stands, or would. */
static size_t
place_of(const struct wechat_fields *fields, const char *name, bool *out_is_there)
{
    size_t place = 0;
    int order = 1;
    while (place < fields->count && (order = strcmp(fields->items[place].name, name)) < 0) {
        place++;
    }
    *out_is_there = place < fields->count && order == 0;
    return place;
}

void
wechat_fields_set_n(struct wechat_fields *fields, const char *name, const char *value, size_t length)
{
    bool is_there;
    const size_t place = place_of(fields, name, &is_there);
    if (is_there || !is_name(name) || !is_value(value, length) || fields->count == WECHAT_FIELDS_MAX ||
        length >= WECHAT_TEXT_MAX - fields->used) {
        fields->has_failed = true;
        return;
    }
    memmove(&fields->items[place + 1], &fields->items[place], (fields->count - place) * sizeof fields->items[0]);
    struct wechat_field *field = &fields->items[place];
    memcpy(field->name, name, strlen(name) + 1);
    field->value = fields->used;
    memcpy(fields->text + fields->used, value, length);
    fields->text[fields->used + length] = '\0';
    fields->used += length + 1;
    fields->count++;
}

void
wechat_fields_set(struct wechat_fields *fields, const char *name, const char *value)
{
    wechat_fields_set_n(fields, name, value, strlen(value));
}

const char *
wechat_fields_get(const struct wechat_fields *fields, const char *name)
{
    bool is_there;
    const size_t place = place_of(fields, name, &is_there);
    return is_there ? fields->text + fields->items[place].value : "";
}

static void
append_escaped(struct buffer *out, const char *value)
{
    for (const char *at = value; *at != '\0'; at++) {
        switch (*at) {
        case '&':
            buffer_append_text(out, "&amp;");
            break;
        case '<':
            buffer_append_text(out, "&lt;");
            break;
        case '>':
            buffer_append_text(out, "&gt;");
            break;
        case '\r': /* a reader of XML would make it a newline, and the signature another */
            buffer_append_text(out, "&#13;");
            break;
        default:
            buffer_append_byte(out, (unsigned char)*at);
        }
    }
}

enum status
wechat_fields_write(const struct wechat_fields *fields, struct buffer *out, struct error_detail *err)
{
    if (fields->has_failed) {
        error_set(err, "bad_field", "a field of the message is too long, stands twice, or has characters not allowed");
        return STATUS_INVALID;
    }
    buffer_append_text(out, "<xml>");
    for (size_t i = 0; i < fields->count; i++) {
        const char *name = fields->items[i].name;
        buffer_printf(out, "<%s>", name);
        append_escaped(out, fields->text + fields->items[i].value);
        buffer_printf(out, "</%s>", name);
    }
    buffer_append_text(out, "</xml>");
    return buffer_check(out, err);
}

static void
append_signed_text(const struct wechat_fields *fields, const char *key, struct buffer *out)
{
    for (size_t i = 0; i < fields->count; i++) {
        const char *value = fields->text + fields->items[i].value;
        if (value[0] != '\0' && strcmp(fields->items[i].name, "sign") != 0) {
            buffer_append_text(out, fields->items[i].name);
            buffer_append_byte(out, '=');
            buffer_append_text(out, value);
            buffer_append_byte(out, '&');
        }
    }
    buffer_append_text(out, "key=");
    buffer_append_text(out, key);
}

enum status
wechat_fields_sign(const struct wechat_fields *fields, const char *key, enum wechat_sign_type type,
                   char out[WECHAT_SIGN_SIZE], struct error_detail *err)
{
    struct buffer text;
    uint8_t digest[SHA256_SIZE];
    buffer_init(&text, WECHAT_MESSAGE_MAX_BYTES);
    buffer_reserve(&text, WECHAT_MESSAGE_MAX_BYTES); /* in one place, to be wiped */
    append_signed_text(fields, key, &text);
    enum status status = buffer_check(&text, err);
    if (status == STATUS_OK && type == WECHAT_MD5) {
        md5(digest, buffer_text(&text), text.length);
        hex_encode(out, digest, MD5_SIZE);
    } else if (status == STATUS_OK) {
        hmac_sha256(digest, key, strlen(key), buffer_text(&text), text.length);
        hex_encode(out, digest, SHA256_SIZE);
    }
    for (char *at = out; status == STATUS_OK && *at != '\0'; at++) {
        *at = (char)toupper((unsigned char)*at);
    }
    if (text.data != NULL) {
        secret_wipe(text.data, text.capacity); /* it ends with the key */
    }
    buffer_finish(&text);
    return status;
}

bool
wechat_fields_are_signed(const struct wechat_fields *fields, const char *key, enum wechat_sign_type type)
{
    char expected[WECHAT_SIGN_SIZE];
    const char *sign = wechat_fields_get(fields, "sign");
    return wechat_fields_sign(fields, key, type, expected, NULL) == STATUS_OK && strlen(sign) == strlen(expected) &&
           secrets_are_equal(sign, expected, strlen(expected));
}

static const char *const sign_types[] = {[WECHAT_MD5] = "MD5", [WECHAT_HMAC_SHA256] = "HMAC-SHA256"};

const char *
wechat_sign_type_word(enum wechat_sign_type type)
{
    return sign_types[type];
}

bool
wechat_sign_type_from_word(const char *word, enum wechat_sign_type *out)
{
    for (size_t i = 0; i < sizeof sign_types / sizeof sign_types[0]; i++) {
        if (strcmp(word, sign_types[i]) == 0) {
            *out = (enum wechat_sign_type)i;
            return true;
        }
    }
    return false;
}
