/* The code that a citizen shows and the till scans: EMVCo Consumer-Presented Mode ("CPV01") and JPQR CPM ("JPQR1"),
 * both BER-TLV in Base64.
 *
 * Such a code is good for one payment: it is money for some minutes. What this room keeps of it is wiped by its owner
 * (secret_wipe), and what it prints is masked (citizen_field_text). */
#pragma once

#include "common/outcome/status.h"

#include <stdint.h>

enum {
    CITIZEN_CODE_MAX_CHARACTERS = 1024, /* what scanners read from one symbol, and what the till takes */
    CITIZEN_CODE_MAX_BYTES = CITIZEN_CODE_MAX_CHARACTERS / 4 * 3,
    CITIZEN_FIELDS_MAX = 64,
    CITIZEN_FIELD_TEXT_SIZE = 2 * CITIZEN_CODE_MAX_BYTES + 1,
    CITIZEN_DEPTH_MAX = 4 /* the deepest that EMVCo nests is three */
};

enum citizen_code_kind { CITIZEN_CODE_EMV, CITIZEN_CODE_JPQR };

/* One element, in the order of the code. `value` lies in the code's `bytes`; templates have their content as value and
 * their elements behind them. */
struct citizen_field {
    uint32_t tag; /* 0x4F, 0x5F20, 0x9F26 … */
    unsigned depth;
    bool is_template;
    const unsigned char *value;
    size_t length;
};

struct citizen_code {
    enum citizen_code_kind kind;
    unsigned char bytes[CITIZEN_CODE_MAX_BYTES];
    size_t length;
    struct citizen_field fields[CITIZEN_FIELDS_MAX];
    size_t field_count;
};

/* Decode TEXT. STATUS_INVALID says where it is not what it claims to be. OUT is to be wiped after use, whatever the
 * status. */
enum status
citizen_code_read(struct citizen_code *out, const char *text, size_t length, struct error_detail *err) MUST_CHECK;

/* The first field with TAG, or NULL. */
const struct citizen_field *citizen_code_field(const struct citizen_code *code, uint32_t tag);

/* What the standard calls TAG; "" when it does not. */
const char *citizen_field_name(uint32_t tag);

/* The value for people: text where it is text, hexadecimal otherwise; what can pay, or names a person or a
 * card, is told by its length only. Returns OUT. */
const char *citizen_field_text(const struct citizen_field *field, char out[CITIZEN_FIELD_TEXT_SIZE]);
