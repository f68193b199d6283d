/* A message of WeChat Pay v2: named texts, written and read as flat XML, and signed with the merchant's key. Pure.
 *
 * INVARIANT: the fields stand in the order of their names (bytes), each name once; every value is NUL-terminated text
 * inside `text`. A failed set is remembered in `has_failed`: a writer may set many and check once. */
#pragma once

#include "common/bytes/buffer.h"

enum {
    WECHAT_FIELDS_MAX = 64,               /* an answer has about 25, and 4 more for every coupon */
    WECHAT_NAME_SIZE = 41,                /* the longest published one has 24 characters */
    WECHAT_TEXT_MAX = 16 * 1024,          /* values of one message together; promotion_detail has up to 6,000 */
    WECHAT_MESSAGE_MAX_BYTES = 32 * 1024, /* as XML */
    WECHAT_SIGN_SIZE = 65
};

enum wechat_sign_type { WECHAT_MD5, WECHAT_HMAC_SHA256 };

struct wechat_field {
    char name[WECHAT_NAME_SIZE];
    size_t value; /* where it begins in the text */
};

struct wechat_fields {
    struct wechat_field items[WECHAT_FIELDS_MAX];
    size_t count;
    char text[WECHAT_TEXT_MAX];
    size_t used;
    bool has_failed;
};

void wechat_fields_init(struct wechat_fields *fields);

/* Overwrite everything: a request holds the citizen's code. */
void wechat_fields_wipe(struct wechat_fields *fields);

/* NAME is of [A-Za-z0-9_]; VALUE is UTF-8 without control characters (both: a failure otherwise, as are too many, too
 * long, and a name that stands already). */
void wechat_fields_set(struct wechat_fields *fields, const char *name, const char *value);
void wechat_fields_set_n(struct wechat_fields *fields, const char *name, const char *value, size_t length);

/* "" when there is no such field. Borrowed. */
const char *wechat_fields_get(const struct wechat_fields *fields, const char *name);

/* Read an XML document: <xml> with text elements, and nothing else (no attributes, declarations of types, processing
 * instructions, deeper elements). STATUS_INVALID otherwise, STATUS_OVERFLOW beyond the limits; FIELDS is then empty. */
enum status
wechat_fields_read(struct wechat_fields *fields, const char *xml, size_t length, struct error_detail *err) MUST_CHECK;

/* Append them as XML. STATUS_INVALID when a set failed. */
enum status
wechat_fields_write(const struct wechat_fields *fields, struct buffer *out, struct error_detail *err) MUST_CHECK;

/* The signature over all fields that have a value, but `sign`: upper-case hexadecimal of MD5 or HMAC-SHA256 over
 * "a=1&b=2&key=KEY". STATUS_NO_MEMORY. */
enum status wechat_fields_sign(const struct wechat_fields *fields, const char *key, enum wechat_sign_type type,
                               char out[WECHAT_SIGN_SIZE], struct error_detail *err) MUST_CHECK;

/* Whether the field `sign` is that signature. */
bool wechat_fields_are_signed(const struct wechat_fields *fields, const char *key, enum wechat_sign_type type);

/* The words of the protocol, "MD5" and "HMAC-SHA256"; the reader gives false for another. */
const char *wechat_sign_type_word(enum wechat_sign_type type);
bool wechat_sign_type_from_word(const char *word, enum wechat_sign_type *out);
