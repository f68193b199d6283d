/* 総合振込 in 全銀 form: 120-byte records, JIS X 0201 in one byte a character. PURE.
 *
 * Source: 全国銀行協会, レコード・フォーマット (総合振込): header 1, data 2, trailer 8 with count (6) and sum (12),
 * end 9. Held against the published file in tests/fixtures/zengin. */
#pragma once

#include "common/bytes/buffer.h"

#include <stdint.h>

enum {
    TRANSFER_RECORD_BYTES = 120,
    TRANSFER_ITEMS_MAX =
        9999, /* the number of a file's data records that banks take at once, and less than its 6 digits */
    TRANSFER_ITEM_MAX_YEN = 999999999 /* the 10 digits hold more; no refund of a counter is more */
};

/* Whose account pays. Names in bank_kana form (UTF-8); cut nowhere: longer than the field is STATUS_INVALID. */
struct transfer_origin {
    const char *consignor_code; /* 委託者コード, 10 digits */
    const char *consignor_name; /* ≤ 40 */
    const char *bank;           /* 4 digits */
    const char *bank_name;      /* ≤ 15; "" */
    const char *branch;         /* 3 digits */
    const char *branch_name;    /* ≤ 15; "" */
    const char *account_kind;   /* "1" 普通, "2" 当座 */
    const char *account_number; /* 7 digits */
};

struct transfer_line {
    const char *bank;
    const char *bank_name; /* "" */
    const char *branch;
    const char *branch_name;    /* "" */
    const char *clearing_house; /* 手形交換所番号, 4 digits; "" */
    const char *account_kind;   /* "1", "2", "4" 貯蓄 */
    const char *account_number;
    const char *holder; /* ≤ 30 */
    int64_t amount_yen; /* 1 … TRANSFER_ITEM_MAX_YEN */
    char new_code;      /* 新規コード: '1' first, '2' changed, '0' other */
    const char *customer_1;
    const char *customer_2; /* ≤ 10 each; "" */
    char telegraph;         /* 振込指定区分: '7' テレ, '8' 文書, ' ' */
    const char *mark;       /* 識別表示, one character: "Y" when both customer codes are one EDI; "" */
};

/* Append the records of a file for PAY_ON ("MMDD"), each followed by RECORD_END ("\r\n", "\r", ""). COUNT 1 …
 * TRANSFER_ITEMS_MAX. STATUS_INVALID "wrong_transfer" names the field that cannot be written. */
enum status bank_transfer_file_write(struct buffer *out, const struct transfer_origin *origin, const char *pay_on,
                                     const struct transfer_line *lines, size_t count, const char *record_end,
                                     struct error_detail *err) MUST_CHECK;
