/* The papers of a till, from data to the bytes for the printer. Pure: no clock, no file, no device; the same input
 * gives the same bytes.
 *
 * A sale receipt is a 適格簡易請求書 (消費税法57条の4第2項): issuer and registration number, date, content, totals per
 * rate and the tax inside them. Tax is printed as the sale fixed it and never computed here. What the citizen takes
 * home never shows more of a card number than its last four digits, whatever the payment record holds. */
#pragma once

#include "common/bytes/buffer.h"
#include "pos/checkout/sale.h"
#include "pos/masters/masters.h"

enum {
    RECEIPT_MAX_BYTES = 256 * 1024,  /* BASKET_LINES_MAX lines of the longest names, each with its exemption: 150 KB */
    RECEIPT_DAY_TOTALS_MAX = 64,     /* a till's brands, about 20 today, and cash */
    RECEIPT_DAY_UNRESOLVED_MAX = 200 /* more are counted, not listed: a report is not a queue */
};

enum receipt_form {
    RECEIPT_SALE,     /* 領収書: `sale` */
    RECEIPT_VOID,     /* 取消票: `sale` and `void_reason` */
    RECEIPT_IN_DOUBT, /* 処理未了のお知らせ: `in_doubt` */
    RECEIPT_DAY       /* 精算票 (Z): `day` */
};

/* A payment whose card left between debit and confirmation. */
struct receipt_in_doubt {
    char payment[IDENTITY_TEXT_SIZE];
    enum payment_method method;
    int64_t amount_yen;
    char acquirer_reference[REFERENCE_SIZE];
    char guidance[2 * REASON_SIZE]; /* what the brand asks for, e.g. the next touch; "" for the words of all brands */
};

struct receipt_day_total {
    enum payment_method method;
    char brand[CODE_SIZE];
    char brand_name[NAME_SIZE]; /* "" for cash */
    int64_t count;              /* voided sales included */
    int64_t amount_yen;
    int64_t void_count;
    int64_t void_yen;
};

/* What day.closed fixed (docs/protocol/journal.md). */
struct receipt_day {
    struct civil_date business_date;
    int64_t first_sequence;
    int64_t last_sequence;
    int64_t float_yen;
    int64_t expected_cash_yen;
    int64_t counted_cash_yen;
    int64_t difference_yen;
    char difference_reason[REASON_SIZE];
    int64_t zero_count;
    struct receipt_day_total totals[RECEIPT_DAY_TOTALS_MAX];
    size_t total_count;
    char unresolved[RECEIPT_DAY_UNRESOLVED_MAX][IDENTITY_TEXT_SIZE];
    size_t unresolved_count; /* may exceed what `unresolved` holds */
};

/* Everything that stands on one paper. Texts are borrowed, never NULL, "" where there is nothing to say. Only the
 * pointer that the form names is read. */
struct receipt_input {
    enum receipt_form form;
    bool is_training;     /* 訓練: says so on top and at the end */
    bool is_usage_titled; /* policy: a cashless receipt is 「…ご利用明細兼領収書」 and not plain 領収書 */
    int64_t copy;         /* 0: the original; n: the n-th 再発行 */
    int64_t at_ms;        /* when it happened: sold, doubted, closed; 0 unknown */
    int64_t voided_at_ms;  /* RECEIPT_VOID besides; 0 unknown: the paper tells when it was printed */
    int64_t printed_at_ms; /* now; 0 unknown */
    const char *municipality_name;
    const char *place_name;
    const char *terminal;
    const char *clerk_name;
    const char *brand_name;
    const char *note;                    /* the place's closing words; "" for our own */
    const struct master_issuer *issuers; /* an issuer that is not among them stands as its code */
    size_t issuer_count;

    const struct sale *sale;
    const char *void_reason;
    const struct receipt_in_doubt *in_doubt;
    const struct receipt_day *day;
};

/* Append the ESC/POS bytes of INPUT to OUT, for a printer of COLUMNS half-width characters: 48 or 42 (80 mm paper), 32
 * (58 mm). Ends with a cut; the drawer is not touched. STATUS_INVALID (not UTF-8 …), STATUS_OVERFLOW: OUT must be
 * thrown away. */
enum status receipt_write(const struct receipt_input *input, unsigned columns, struct buffer *out,
                          struct error_detail *err) MUST_CHECK;
