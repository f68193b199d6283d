/* What a statement or bank file says, one line at a time, in our words. Texts are UTF-8, borrowed from the reader (or
 * the struct statement_file) that gave the line. */
#pragma once

#include "common/clock/civil.h"
#include "settlement/statements/text_view.h"

enum statement_kind {
    STATEMENT_SALE,     /* 売上 */
    STATEMENT_REVERSAL, /* 取消 */
    STATEMENT_REFUND,   /* 返金 */
    STATEMENT_FEE,      /* 手数料その他、売上に対応しない行 */
    STATEMENT_KIND_COUNT
};

#define INSTANT_ABSENT INT64_MIN /* the file has no such time */

/* INVARIANT: amount_yen ≥ 0 for a sale, ≤ 0 for a reversal or refund; both amounts within ±YEN_LIMIT. A field that the
 * layout does not map is empty, 0, INSTANT_ABSENT, or (pay_date) year 0. `brand_index` numbers the brands of one file
 * from 0 in the order of their first line. */
struct statement_line {
    uint32_t line; /* physical line in the file, the first is 1 */
    enum statement_kind kind;
    bool is_training;
    uint16_t brand_index;
    struct text_view brand;
    struct text_view merchant_reference;
    struct text_view acquirer_reference;
    struct text_view terminal;
    struct text_view slip; /* 伝票番号 */
    struct text_view payout_id;
    int64_t accepted_at_ms;
    int64_t amount_yen;
    int64_t fee_yen;
    struct civil_date pay_date;
};

enum bank_direction {
    BANK_IN, /* 入金 */
    BANK_OUT /* 出金 */
};

/* INVARIANT: amount_yen ≥ 0; the direction tells its sign. Dates that the file lacks have year 0. The account comes
 * from the header record above the line. Kana stay half-width, as the bank sent them: bank_kana_normalise is for
 * comparing. */
struct bank_line {
    uint32_t line;
    enum bank_direction direction;
    struct civil_date date;       /* 勘定日 */
    struct civil_date value_date; /* 起算日, 預入・払出日 */
    int64_t amount_yen;
    struct text_view inquiry_number; /* 照会番号 */
    struct text_view transaction;    /* 取引区分 */
    struct text_view payer_code;     /* 振込依頼人コード */
    struct text_view payer_kana;     /* 振込依頼人名 */
    struct text_view sending_bank;
    struct text_view sending_branch;
    struct text_view summary; /* 摘要 */
    struct text_view edi;     /* EDI情報 */
    struct text_view account_bank;
    struct text_view account_branch;
    struct text_view account_kind;
    struct text_view account_number;
    struct civil_date covers_from; /* 勘定日（自）: the days that the record is of, whether or not anything moved */
    struct civil_date covers_to;   /* 勘定日（至） */
};
