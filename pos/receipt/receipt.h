/* The papers of a till, from data to the bytes for the printer, by templates (docs/receipt.md): a city's own, or those
 * that are built in. No clock, no file, no device; the same input gives the same bytes.
 *
 * A sale receipt is a 適格簡易請求書 (消費税法57条の4第2項): issuer and registration number, date, content, totals per
 * rate and the tax inside them. Tax is printed as the sale fixed it and never computed here. What the citizen takes
 * home never shows more of a card number than its last four digits, whatever the payment record holds. */
#pragma once

#include "common/bytes/buffer.h"
#include "common/papers/papers.h"
#include "drivers/receiptline/print.h"
#include "pos/checkout/sale.h"
#include "pos/masters/masters.h"

enum {
    RECEIPT_MAX_BYTES = 256 * 1024,   /* BASKET_LINES_MAX lines of the longest names, each with its exemption: 150 KB */
    RECEIPT_DAY_TOTALS_MAX = 64,      /* a till's brands, about 20 today, and cash */
    RECEIPT_DAY_UNRESOLVED_MAX = 200, /* more are counted, not listed: a report is not a queue */
    RECEIPT_COUNTS_MAX = 10           /* 10,000 … 1: six coins and four notes */
};

/* Each form and the members of receipt_input that it reads besides the common ones. */
enum receipt_form {
    RECEIPT_SALE,     /* 領収書: `sale` */
    RECEIPT_VOID,     /* 取消票: `sale` and `void_reason` */
    RECEIPT_IN_DOUBT, /* 処理未了のお知らせ: `in_doubt` */
    RECEIPT_DAY,      /* 精算票 (Z): `day` */
    RECEIPT_SHOP_COPY, /* 加盟店控 of a card, first 6 and last 4 digits: `sale`, `shop_event`; `void_reason`, `refund`
                        */
    RECEIPT_REFUND,    /* 返金票, requested or paid: `refund` */
    RECEIPT_FLOAT,     /* つり銭 lent or returned: `cash` */
    RECEIPT_CASH,      /* 入金票, 出金票: `cash` */
    RECEIPT_INSPECTION,   /* 点検票 (X): `day` */
    RECEIPT_DEPOSIT,      /* 現金払込書, the figures for it: `day` */
    RECEIPT_DAY_REPORT,   /* 収納日報: `day` with `rows` */
    RECEIPT_HANDOVER,     /* 引継票: `handover` */
    RECEIPT_HOLD,         /* 保留票: `hold` */
    RECEIPT_TICKET,       /* 入場券, 駐車券: `ticket` */
    RECEIPT_PAYMENT_CODE, /* お支払い用コード: `payment_code` */
    RECEIPT_TEST          /* self-test page: nothing more */
};
enum { RECEIPT_FORM_COUNT = RECEIPT_TEST + 1 };

/* Which of the papers that templates are made for it is. */
enum papers_form receipt_papers_form(enum receipt_form form);

/* What a 加盟店控 is of. */
enum receipt_shop_event { RECEIPT_SHOP_SALE, RECEIPT_SHOP_VOID, RECEIPT_SHOP_REFUND };

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

/* Coins or notes of one denomination. */
struct receipt_count {
    int64_t yen;
    int64_t count;
};

/* What one kind of item brought at one facility (or, without facilities, at the counter) in a day. Texts are borrowed,
 * "" where there is nothing to say. Voided sales are left out. Names stand as the codes where a name is "". */
struct receipt_day_row {
    const char *facility;
    const char *facility_name;
    const char *item;
    const char *item_name;
    const char *account; /* 歳入科目 */
    const char *account_name;
    int64_t quantity;   /* pieces, those at 0円 included */
    int64_t amount_yen; /* of it: */
    int64_t cash_yen;
    int64_t cashless_yen;
};

/* What day.closed or day.inspected fixed (docs/protocol/journal.md). A line that did not know the later members leaves
 * them 0. */
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

    int64_t number;       /* the n-th Z of this till, the n-th X of this day; 0 unknown */
    bool has_cash_detail; /* the line says the five amounts below */
    int64_t cash_in_yen;
    int64_t cash_out_yen;
    int64_t refund_cash_yen;
    int64_t float_returned_yen;
    int64_t deposit_yen; /* 払込: counted − float; below zero it is what the float lacks */
    struct receipt_count counts[RECEIPT_COUNTS_MAX]; /* of the close; largest first */
    size_t count_count;
    int64_t discarded_count;            /* holds given up by the close */
    int64_t no_sale_count;              /* times that the drawer was opened without a sale */
    const struct receipt_day_row *rows; /* borrowed; ordered by facility, then as wanted; NULL with row_count 0 */
    size_t row_count;
};

enum receipt_direction {
    RECEIPT_LENT,     /* つり銭 into the drawer */
    RECEIPT_RETURNED, /* つり銭 out of the drawer */
    RECEIPT_IN,
    RECEIPT_OUT
};

/* float.moved: LENT, RETURNED; cash.moved: IN, OUT. */
struct receipt_cash {
    enum receipt_direction direction;
    int64_t amount_yen; /* > 0 */
    char reason[REASON_SIZE];
    char approved_by_name[NAME_SIZE];
    struct receipt_count counts[RECEIPT_COUNTS_MAX]; /* largest first; may be empty */
    size_t count_count;
};

enum receipt_refund_means { RECEIPT_REFUND_CASH, RECEIPT_REFUND_GATEWAY, RECEIPT_REFUND_BANK_TRANSFER };

/* refund.requested, and once it is paid, refund.paid. `sale` of the input, if given, adds what was sold and how. */
struct receipt_refund {
    char refund[IDENTITY_TEXT_SIZE];
    char receipt_number[RECEIPT_NUMBER_SIZE]; /* of the sale */
    struct civil_date received_on;            /* of the sale; year 0 unknown */
    enum receipt_refund_means means;
    int64_t amount_yen;
    int64_t sale_total_yen; /* 0 unknown */
    int64_t remaining_yen;  /* what may still be refunded of the sale after this; −1 unknown */
    char reason[REASON_SIZE];
    char approved_by_name[NAME_SIZE];
    bool is_paid;
    int64_t paid_at_ms; /* is_paid; 0 unknown. `at_ms` of the input is the request's */
};

/* shift.handed_over. */
struct receipt_handover {
    char from_name[NAME_SIZE];
    char to_name[NAME_SIZE];
    int64_t expected_cash_yen;
    int64_t counted_cash_yen;
    int64_t difference_yen;
    char difference_reason[REASON_SIZE];
    struct receipt_count counts[RECEIPT_COUNTS_MAX];
    size_t count_count;
};

/* basket.held. */
struct receipt_hold {
    char hold[IDENTITY_TEXT_SIZE]; /* what the code on the slip says */
    char label[NAME_SIZE];
    const struct sale_content *content; /* borrowed */
};

/* ticket.issued. `at_ms` of the input is when it was issued. */
struct receipt_ticket {
    char ticket[REFERENCE_SIZE]; /* what the barcode says: printable ASCII */
    char facility_name[NAME_SIZE];
    char item_name[NAME_SIZE];
    char label[NAME_SIZE];
    bool is_parking;             /* 駐車券, else 入場券 */
    int64_t entered_at_ms;       /* 0 unknown */
    char terms[2 * REASON_SIZE]; /* what it costs and until when, in words; '\n' begins a row; "" for nothing */
};

enum { RECEIPT_PAYLOAD_SIZE = 1025 /* no network's code is longer; a printer's QR code holds it */ };

/* payment.presented: our code, for a citizen who scans it off paper. */
struct receipt_payment_code {
    char payment[IDENTITY_TEXT_SIZE];
    char payload[RECEIPT_PAYLOAD_SIZE]; /* what the code says */
    int64_t amount_yen;
    int64_t expires_at_ms; /* 0 unknown */
};

/* A code and what people call it. Borrowed. */
struct receipt_name {
    const char *code;
    const char *name;
};

/* Everything that stands on one paper. Texts are borrowed, never NULL, "" where there is nothing to say. Only the
 * pointer that the form names is read. */
struct receipt_input {
    enum receipt_form form;
    bool is_training;     /* 訓練: says so on top and at the end */
    bool is_usage_titled; /* policy: a cashless receipt is 「…ご利用明細兼領収書」 and not plain 領収書 */
    int64_t copy;         /* 0: the original; n: the n-th 再発行 */
    int64_t at_ms;        /* when it happened: sold, doubted, closed; 0 unknown */
    enum receipt_shop_event shop_event; /* RECEIPT_SHOP_COPY */
    int64_t voided_at_ms;  /* RECEIPT_VOID, RECEIPT_SHOP_VOID besides; 0 unknown: the paper tells when it was printed */
    int64_t printed_at_ms; /* now; 0 unknown */
    const char *municipality_name;
    const char *place_name;
    const char *terminal;
    const char *clerk_name;
    const char *brand_name;
    const char *note;                    /* the place's closing words; "" for our own */
    const struct master_issuer *issuers; /* an issuer that is not among them stands as its code */
    size_t issuer_count;

    const struct receipt_name *facilities; /* one that is not among them stands as its code */
    size_t facility_count;
    const char *markup; /* the city's template for this form; NULL: the built-in one */

    const struct sale *sale;
    const char *void_reason; /* NULL is "" */
    const struct receipt_in_doubt *in_doubt;
    const struct receipt_day *day;
    const struct receipt_cash *cash;
    const struct receipt_refund *refund;
    const struct receipt_handover *handover;
    const struct receipt_hold *hold;
    const struct receipt_ticket *ticket;
    const struct receipt_payment_code *payment_code;
};

/* Append the ESC/POS bytes of INPUT to OUT, for a printer of COLUMNS half-width characters: 48 or 42 (80 mm paper), 32
 * (58 mm). Ends with a cut; the drawer is not touched. STATUS_INVALID (a template that is none; its line is named),
 * STATUS_OVERFLOW: OUT must be thrown away. */
enum status receipt_write(const struct receipt_input *input, unsigned columns, struct buffer *out,
                          struct error_detail *err) MUST_CHECK;

/* The same as text or as a picture. */
enum status receipt_preview(const struct receipt_input *input, unsigned columns, enum receiptline_medium medium,
                            struct buffer *out, struct error_detail *err) MUST_CHECK;
