/* BER-TLV in Base64, element by element. */
#include "pos/codes/citizen_code.h"

#include "common/bytes/encoding.h"
#include "common/log/log.h"

#include <stdio.h>
#include <string.h>

enum {
    TAG_FORMAT = 0x85,
    TAG_APPLICATION = 0x61,
    TAG_PAYMENT = 0x57 /* EMVCo: track 2 equivalent; JPQR: the payment's one-time id */
};

/* How a value is shown. */
enum shown { SHOWN_AS_HEX, SHOWN_AS_TEXT, SHOWN_MASKED };

struct tag_row {
    uint32_t tag;
    const char *name;
    enum shown shown;
};

/* EMV QRCPS Consumer-Presented Mode 1.1, table 4.1; JPQR CPM guideline 1.2 for 99. */
static const struct tag_row tags[] = {
    {0x85, "payload format indicator", SHOWN_AS_TEXT},
    {0x61, "application template", SHOWN_AS_HEX},
    {0x62, "common data template", SHOWN_AS_HEX},
    {0x63, "application specific transparent template", SHOWN_AS_HEX},
    {0x64, "common data transparent template", SHOWN_AS_HEX},
    {0x4F, "application definition file name", SHOWN_AS_HEX},
    {0x50, "application label", SHOWN_AS_TEXT},
    {0x57, "track 2 equivalent data, or payment id", SHOWN_MASKED},
    {0x5A, "application PAN", SHOWN_MASKED},
    {0x5F20, "cardholder name", SHOWN_MASKED},
    {0x5F2D, "language preference", SHOWN_AS_TEXT},
    {0x5F34, "PAN sequence number", SHOWN_AS_HEX},
    {0x5F50, "issuer URL", SHOWN_AS_TEXT},
    {0x82, "application interchange profile", SHOWN_AS_HEX},
    {0x99, "free data of the provider", SHOWN_MASKED},
    {0x9F08, "application version number", SHOWN_AS_HEX},
    {0x9F10, "issuer application data", SHOWN_MASKED},
    {0x9F19, "token requestor id", SHOWN_MASKED},
    {0x9F24, "payment account reference", SHOWN_MASKED},
    {0x9F25, "last 4 digits of PAN", SHOWN_AS_HEX},
    {0x9F26, "application cryptogram", SHOWN_MASKED},
    {0x9F27, "cryptogram information data", SHOWN_AS_HEX},
    {0x9F36, "application transaction counter", SHOWN_AS_HEX},
    {0x9F37, "unpredictable number", SHOWN_MASKED},
};

static const struct tag_row *
find_tag(uint32_t tag)
{
    for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++) {
        if (tags[i].tag == tag) {
            return &tags[i];
        }
    }
    return NULL;
}

/* A stretch of bytes that is being read. */
struct reading {
    const unsigned char *at;
    const unsigned char *end;
};

static bool
read_tag(struct reading *reading, uint32_t *out)
{
    if (reading->at == reading->end) {
        return false;
    }
    *out = *reading->at++;
    if ((*out & 0x1F) != 0x1F) {
        return true;
    }
    for (int more = 0; more < 2; more++) { /* no tag of these standards has more than three bytes */
        if (reading->at == reading->end) {
            return false;
        }
        *out = *out << 8 | *reading->at;
        if ((*reading->at++ & 0x80) == 0) {
            return true;
        }
    }
    return false;
}

static bool
read_length(struct reading *reading, size_t *out)
{
    if (reading->at == reading->end) {
        return false;
    }
    *out = *reading->at++;
    if (*out < 0x80) {
        return true;
    }
    size_t count = *out & 0x7F;
    if (count == 0 || count > 2 || (size_t)(reading->end - reading->at) < count) {
        return false; /* no code is longer than two bytes can say */
    }
    for (*out = 0; count > 0; count--) {
        *out = *out << 8 | *reading->at++;
    }
    return true;
}

/* Bit 6 of a tag's first byte says that its value is made of elements. */
static bool
is_constructed(uint32_t tag)
{
    while (tag > 0xFF) {
        tag >>= 8;
    }
    return (tag & 0x20) != 0;
}

static enum status
damaged(const struct citizen_code *code, const unsigned char *at, struct error_detail *err)
{
    error_set(err, "damaged_code", "the code is damaged at byte %zu of %zu", (size_t)(at - code->bytes) + 1,
              code->length);
    return STATUS_INVALID;
}

static enum status
read_elements(struct citizen_code *code, struct reading reading, unsigned depth, struct error_detail *err);

static enum status
read_element(struct citizen_code *code, struct reading *reading, unsigned depth, struct error_detail *err)
{
    const unsigned char *start = reading->at;
    struct citizen_field field = {.depth = depth};
    if (code->field_count == CITIZEN_FIELDS_MAX || !read_tag(reading, &field.tag) ||
        !read_length(reading, &field.length) || field.length > (size_t)(reading->end - reading->at)) {
        return damaged(code, start, err);
    }
    field.value = reading->at;
    field.is_template = is_constructed(field.tag);
    reading->at += field.length;
    code->fields[code->field_count++] = field;
    const struct reading inside = {field.value, field.value + field.length};
    return field.is_template ? read_elements(code, inside, depth + 1, err) : STATUS_OK;
}

static enum status
read_elements(struct citizen_code *code, struct reading reading, unsigned depth, struct error_detail *err)
{
    enum status status = depth > CITIZEN_DEPTH_MAX ? damaged(code, reading.at, err) : STATUS_OK;
    while (status == STATUS_OK && reading.at < reading.end) {
        status = read_element(code, &reading, depth, err);
    }
    return status;
}

static bool
says(const struct citizen_field *field, const char *text)
{
    return field->length == strlen(text) && memcmp(field->value, text, field->length) == 0;
}

static enum status
check_format(struct citizen_code *code, struct error_detail *err)
{
    const struct citizen_field *format = code->field_count > 0 ? &code->fields[0] : NULL;
    if (format == NULL || format->tag != TAG_FORMAT || (!says(format, "CPV01") && !says(format, "JPQR1"))) {
        error_set(err, "not_a_citizen_code", "a citizen's code begins with CPV01 or JPQR1");
        return STATUS_INVALID;
    }
    code->kind = says(format, "JPQR1") ? CITIZEN_CODE_JPQR : CITIZEN_CODE_EMV;
    if (citizen_code_field(code, TAG_APPLICATION) == NULL) {
        error_set(err, "no_application", "the code names no application: nothing can be paid with it");
        return STATUS_INVALID;
    }
    if (code->kind == CITIZEN_CODE_JPQR && citizen_code_field(code, TAG_PAYMENT) == NULL) {
        error_set(err, "no_payment_id", "the JPQR code lacks its payment id");
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

enum status
citizen_code_read(struct citizen_code *out, const char *text, size_t length, struct error_detail *err)
{
    memset(out, 0, sizeof *out);
    if (base64_decode(out->bytes, sizeof out->bytes, &out->length, text, length) != STATUS_OK) {
        error_set(err, "not_base64", "the code is not Base64, or longer than %d characters",
                  CITIZEN_CODE_MAX_CHARACTERS);
        return STATUS_INVALID;
    }
    const struct reading all = {out->bytes, out->bytes + out->length};
    enum status status = read_elements(out, all, 1, err);
    return status == STATUS_OK ? check_format(out, err) : status;
}

const struct citizen_field *
citizen_code_field(const struct citizen_code *code, uint32_t tag)
{
    for (size_t i = 0; i < code->field_count; i++) {
        if (code->fields[i].tag == tag) {
            return &code->fields[i];
        }
    }
    return NULL;
}

const char *
citizen_field_name(uint32_t tag)
{
    const struct tag_row *row = find_tag(tag);
    return row != NULL ? row->name : "";
}

static bool
is_printable(const struct citizen_field *field)
{
    for (size_t i = 0; i < field->length; i++) {
        if (field->value[i] < 0x20 || field->value[i] > 0x7E) {
            return false;
        }
    }
    return true;
}

/* Whether FIELD spells a card number, as text or as hexadecimal digits: any field may be made to. SCRATCH is spoilt. */
static bool
spells_card_number(const struct citizen_field *field, char scratch[CITIZEN_FIELD_TEXT_SIZE])
{
    for (size_t i = 0; i < field->length; i++) {
        scratch[i] = (char)(field->value[i] != '\0' ? field->value[i] : '.');
    }
    scratch[field->length] = '\0';
    const bool is_as_text = card_digits_are_present(scratch);
    hex_encode(scratch, field->value, field->length);
    return is_as_text || card_digits_are_present(scratch);
}

const char *
citizen_field_text(const struct citizen_field *field, char out[CITIZEN_FIELD_TEXT_SIZE])
{
    const struct tag_row *row = find_tag(field->tag);
    const enum shown shown = row != NULL ? row->shown : SHOWN_MASKED; /* what is not known may be anything */
    if (field->is_template) {
        out[0] = '\0';
    } else if (shown == SHOWN_MASKED || spells_card_number(field, out)) {
        snprintf(out, CITIZEN_FIELD_TEXT_SIZE, "(%zu bytes, not shown)", field->length);
    } else if (shown == SHOWN_AS_TEXT && is_printable(field)) {
        snprintf(out, CITIZEN_FIELD_TEXT_SIZE, "%.*s", (int)field->length, (const char *)field->value);
    } else {
        hex_encode(out, field->value, field->length);
    }
    return out;
}
