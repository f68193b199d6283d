/* The code that a merchant shows and a citizen scans: EMVCo Merchant-Presented Mode (EMV QRCPS 1.1), and JPQR, its
 * Japanese profile (template jp.or.paymentsjapan; 58 JP, 53 392, 61 and 64 with language JA present).
 *
 * A payload is a run of objects: two digits id, two digits length, value. A length counts characters, not bytes; the
 * CRC in object 63, always the last, runs over the UTF-8 bytes before it. */
#pragma once

#include "common/bytes/buffer.h"

enum {
    MERCHANT_CODE_MAX_CHARACTERS = 512,                         /* EMV QRCPS 3.1 */
    MERCHANT_CODE_MAX_BYTES = 4 * MERCHANT_CODE_MAX_CHARACTERS, /* each at most 4 bytes of UTF-8 */
    MERCHANT_ACCOUNTS_MAX = 16,                                 /* brands on one code; the JPQR poster has 12 */
    MERCHANT_VALUE_SIZE = 4 * 99 + 1,                           /* 99 characters */
    JPQR_LEVELS = 4
};

/* One account: ids 02–25 are bare values of a card scheme, 26–51 templates whose object 00 names the network. */
struct merchant_account {
    unsigned id;
    char value[MERCHANT_VALUE_SIZE];
};

/* Texts are "" where the code does not say. Sizes are the standard's character limits, 4 bytes each. */
struct merchant_code {
    bool is_dynamic; /* 01: 12, made for one payment; otherwise 11, a poster */
    struct merchant_account accounts[MERCHANT_ACCOUNTS_MAX];
    size_t account_count;
    char category[5];            /* 52: ISO 18245 merchant category */
    char currency[4];            /* 53: ISO 4217, "392" is yen */
    char amount[14];             /* 54 */
    char country[3];             /* 58 */
    char name[25 * 4 + 1];       /* 59 */
    char city[15 * 4 + 1];       /* 60 */
    char postal_code[11];        /* 61 */
    char bill_number[26];        /* 62.01 */
    char store_label[26];        /* 62.03 */
    char reference_label[26];    /* 62.05 */
    char terminal_label[26];     /* 62.07 */
    char language[3];            /* 64.00 */
    char local_name[25 * 4 + 1]; /* 64.01 */
    char local_city[15 * 4 + 1]; /* 64.02 */

    bool is_jpqr;
    char jpqr_levels[JPQR_LEVELS][14]; /* 01 … 04 of the JPQR template: 13, 4, 6 and 6 digits */
};

/* Read PAYLOAD. STATUS_INVALID says which object is wrong and how; a code whose CRC is wrong was read wrongly. */
enum status
merchant_code_read(struct merchant_code *out, const char *payload, size_t length, struct error_detail *err) MUST_CHECK;

/* Append the payload of CODE to OUT: accounts first, in their order; with `is_jpqr` the JPQR template as account 26,
 * and the objects that JPQR demands. STATUS_INVALID names what is missing or too long. */
enum status
merchant_code_write(const struct merchant_code *code, struct buffer *out, struct error_detail *err) MUST_CHECK;

/* The amount in yen; false when there is none, or it is not whole yen. */
bool merchant_code_amount_yen(const struct merchant_code *code, int64_t *out);
