/* A basket and the sale it becomes: what was sold, at which price and tax, and how it was paid. Pure data.
 *
 * Everything is fixed when the line is put into the basket: a later change of the masters changes no basket. */
#pragma once

#include "common/clock/civil.h"
#include "common/identity/identity.h"
#include "common/json/reader.h"
#include "common/json/writer.h"
#include "common/money/yen.h"

enum {
    CODE_SIZE = 33,            /* codes of masters: 1–32 of [0-9a-z_-] */
    NAME_SIZE = 121,           /* names for people: up to 40 kanji */
    REASON_SIZE = 241,         /* a sentence by a clerk: up to 80 kanji */
    RECEIPT_NUMBER_SIZE = 36,  /* TERMINAL-YYYYMMDD-NNNN… */
    REFERENCE_SIZE = 65,       /* of a payment, at acquirer or gateway */
    BASKET_LINES_MAX = 100,    /* a journal line holds them with room to spare; a citizen's basket has under ten */
    BASKET_QUANTITY_MAX = 999, /* a group's tickets; three keys on the pad */
    TAX_TOTALS_MAX = 8,        /* rates × issuers in one basket */
    TICKET_SIZE = 65,          /* what a ticket's barcode says: CODE128 of 64 characters is as wide as 80 mm paper */
    EXTERNAL_NUMBER_SIZE = 65, /* a reservation's or an application's number */
    FACTS_SIZE = 512,          /* a case as the clerk entered it; the largest form, rooms with equipment, needs 300 */
    PRICING_ROWS_MAX = 300     /* explanations in one basket: three rows for each line */
};

/* The dearest thing that a till sells: one payment is at most 9,999,999 yen, what payment terminals take. */
#define PAYMENT_MAX_YEN INT64_C(9999999)

enum tax_kind {
    TAX_EXEMPT,    /* 非課税 */
    TAX_STANDARD10 /* 10%, included in the price */
};

enum payment_method {
    METHOD_NONE, /* total 0円 */
    METHOD_CASH,
    METHOD_QR,
    METHOD_EMONEY,
    METHOD_CREDIT
};

/* Why a line costs nothing (公用, 法定免除, 無料開放). */
struct exemption {
    char rule[CODE_SIZE];
    char name[NAME_SIZE];
    char reason[REASON_SIZE];
};

/* 減免: what a rule takes off a line, and who granted it. rule "" : none. */
struct reduction {
    char rule[CODE_SIZE];
    char name[NAME_SIZE];
    char granter[NAME_SIZE];
    int64_t yen; /* 1 … unit price × quantity */
};

/* A price that a supervisor put in place of the list price. approved_by "": none. */
struct price_override {
    int64_t list_price_yen;
    char reason[REASON_SIZE];
    char approved_by[CODE_SIZE];
};

/* How a tariff came to a line. tariff "": the line has a fixed price. The rows stand in the content's `rows`. */
struct line_pricing {
    char tariff[CODE_SIZE];
    int64_t set;            /* lines priced together share it; from 1 */
    char facts[FACTS_SIZE]; /* a JSON object in canonical form; "{}" on all but the first line of a set */
    size_t first_row;
    size_t row_count;
};

struct pricing_row {
    char text[NAME_SIZE];
    int64_t yen;
};

/* What a sale belongs to outside the till. kind "": nothing. */
struct sale_reference {
    char kind[CODE_SIZE]; /* reservation, application, slip */
    char number[EXTERNAL_NUMBER_SIZE];
};

/* INVARIANT: 0 ≤ unit_price_yen; 1 ≤ quantity ≤ BASKET_QUANTITY_MAX; amount_yen = unit × quantity − reduction.yen, or 0
 * when exempted; the rows of its pricing give the amount before an exemption. */
struct sale_line {
    char item[CODE_SIZE];
    char name[NAME_SIZE];
    int64_t unit_price_yen;
    int64_t quantity;
    int64_t amount_yen;
    enum tax_kind tax;
    char account[CODE_SIZE];
    char section[CODE_SIZE];
    char issuer[CODE_SIZE];
    bool is_exempted;
    struct exemption exemption;
    char facility[CODE_SIZE]; /* "": none */
    struct reduction reduction;
    struct price_override override;
    struct line_pricing pricing;
    char ticket[TICKET_SIZE]; /* the ticket it pays; "": none */
};

/* One row of the invoice: what one issuer charges at one rate. INVARIANT: 0 ≤ tax_yen ≤ subject_yen. */
struct tax_total {
    enum tax_kind tax;
    char issuer[CODE_SIZE];
    int64_t subject_yen;
    int64_t tax_yen;
};

/* INVARIANT: total_yen is the sum of the lines' amounts and of the taxes' subjects. */
struct sale_content {
    struct sale_line lines[BASKET_LINES_MAX];
    size_t line_count;
    int64_t total_yen;
    struct tax_total taxes[TAX_TOTALS_MAX];
    size_t tax_count;
    struct pricing_row rows[PRICING_ROWS_MAX]; /* of all lines, in their order, without gaps */
    size_t row_count;
    struct sale_reference reference;
};

/* How it was paid. Cash: tendered and change. Cashless: the rest, and where a policy lets both be taken, the cash part
 * beside it. Texts are "" where unknown. */
struct sale_payment {
    enum payment_method method;
    int64_t cash_part_yen; /* beside a cashless payment; 0: none */
    int64_t tendered_yen;
    int64_t change_yen;
    char payment[IDENTITY_TEXT_SIZE];
    char brand[CODE_SIZE];
    char acquirer_reference[REFERENCE_SIZE];
    char approval_code[REFERENCE_SIZE];
    char slip_number[REFERENCE_SIZE];
    char masked_number[REFERENCE_SIZE]; /* at most first 6 and last 4 digits */
    int64_t accepted_at_ms;             /* the acquirer's time; 0 unknown */
};

struct sale {
    char id[IDENTITY_TEXT_SIZE];
    char receipt_number[RECEIPT_NUMBER_SIZE];
    struct civil_date received_on; /* the day the citizen paid: decides 調定年月日 and fiscal year */
    char clerk[CODE_SIZE];
    struct sale_content content;
    struct sale_payment payment;
    bool has_shop_copy; /* a 加盟店控 belongs to it: a credit card, and a policy of its lines asks for one */
};

/* The words of the journal: "exempt" … and "cash" …. The readers give false for another word. */
const char *tax_kind_word(enum tax_kind tax);
bool tax_kind_from_word(const char *word, enum tax_kind *out);
const char *payment_method_word(enum payment_method method);
bool payment_method_from_word(const char *word, enum payment_method *out);

/* Compute amounts, total and taxes of CONTENT from its lines: tax rounded down once per rate and issuer
 * (消費税法57条の4, one rounding per invoice). STATUS_OVERFLOW beyond PAYMENT_MAX_YEN; STATUS_INVALID when a reduction
 * is more than its line, or the rows of a pricing do not give it. */
enum status sale_content_total(struct sale_content *content, struct error_detail *err) MUST_CHECK;

/* What is charged cashless: the total without the cash part. */
int64_t sale_cashless_yen(const struct sale *sale);

/* Drop line INDEX and its rows; the others close up. Not totalled. */
void sale_content_remove_line(struct sale_content *content, size_t index);

/* Append a row to the pricing of the last line. STATUS_OVERFLOW when there are PRICING_ROWS_MAX. */
enum status
sale_content_add_row(struct sale_content *content, const char *text, int64_t yen, struct error_detail *err) MUST_CHECK;

/* The journal's forms (docs/protocol/journal.md). Readers are strict and check the invariants above. */
void sale_content_write(const struct sale_content *content, struct json_writer *writer); /* members, without braces */
enum status
sale_content_read(struct sale_content *out, const struct json_value *object, struct error_detail *err) MUST_CHECK;
void sale_write(const struct sale *sale, struct json_writer *writer); /* the whole body of sale.recorded */
enum status sale_read(struct sale *out, const struct json_value *body, struct error_detail *err) MUST_CHECK;

/* The member `cash` of a payment: the part taken in cash beside a cashless payment. Nothing is written when there is
 * none; CASH absent or null reads as none. */
void cash_part_write(const struct sale_payment *payment, struct json_writer *writer);
enum status
cash_part_read(struct sale_payment *out, const struct json_value *cash, struct error_detail *err) MUST_CHECK;
