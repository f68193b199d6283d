/* The masters as a till uses them: what its place sells on a day, at which price and by which policy, to whom it can
 * charge, who may sell.
 *
 * Read from the document that the settlement service publishes (docs/masters.md). What is bounded by the size of a city
 * hall (brands, clerks, policies …) is in memory and immutable; what a lookup returns of it is borrowed from the
 * masters. Items and tariffs can be many and are looked up one at a time: those lookups copy, or give.
 *
 * Every row is valid on some days; callers pass the business date. Used by one thread at a time (the till's lock). */
#pragma once

#include "common/signing/signing.h"
#include "common/sqlite/database.h"
#include "pos/checkout/sale.h"

struct tariff;           /* common/tariff/tariff.h */
struct tariff_reduction; /* the same */

enum {
    CATEGORIES_MAX = 16,       /* tabs on a screen */
    EXEMPTION_REASONS_MAX = 8, /* keys on a screen */
    CODE_PREFIXES_MAX = 8,
    QUICK_TENDER_MAX = 6,
    PLACE_FACILITIES_MAX = 64, /* a counter that sells for every facility of a city */
    SCAN_CODE_MAX = 128,       /* digits and letters that a slip's barcode carries */
    FOUND_ITEMS_MAX = 200      /* of one answer; what follows is asked for by OFFSET */
};

/* A span of days. INVARIANT: `to` is the last day, or year 0: no end. `from` of year 0: since ever. */
struct validity {
    struct civil_date from;
    struct civil_date to;
};

/* What a citizen reads who chose another language; "" where the masters say nothing, and the Japanese name stands. */
struct master_names {
    char en[NAME_SIZE];
    char zh[NAME_SIZE]; /* simplified */
    char ko[NAME_SIZE];
};

struct master_item {
    char code[CODE_SIZE];
    char name[NAME_SIZE];
    struct master_names names;
    char kana[NAME_SIZE];
    char category[NAME_SIZE];
    char tariff[CODE_SIZE]; /* "": it costs price_yen */
    int64_t price_yen;      /* 0 when a tariff prices it */
    enum tax_kind tax;
    char account[CODE_SIZE];
    char section[CODE_SIZE];
    char issuer[CODE_SIZE];
    char facility[CODE_SIZE]; /* "": of no facility */
    char policy[CODE_SIZE];   /* "": the place's */
    struct validity validity;
    bool is_favourite;
};

/* What a brand makes of 処理未了, when the card left between debit and confirmation (docs/payment-states.md). */
enum doubt_rule {
    DOUBT_TOUCH_PROVES,   /* no sale until the next touch proves it (Edy, WAON); also where the masters say nothing */
    DOUBT_TOUCH_CONFIRMS, /* settled at the next touch, perhaps months later (交通系) */
    DOUBT_COUNTS_AS_SALE, /* a sale, perhaps reversed later (nanaco) */
    DOUBT_RUN_AGAIN       /* not completed: cancelled, and run again (iD, QUICPay) */
};

struct master_brand {
    char code[CODE_SIZE];
    char name[NAME_SIZE];
    struct master_names names;
    enum payment_method method;
    bool can_void;
    enum doubt_rule in_doubt;
    char code_prefixes[CODE_PREFIXES_MAX][17]; /* of one-dimensional payment codes */
    size_t prefix_count;
    struct validity validity;
};

struct master_exemption {
    char code[CODE_SIZE];
    char name[NAME_SIZE];
    char reasons[EXEMPTION_REASONS_MAX][NAME_SIZE];
    size_t reason_count;
    bool is_for_some_items; /* only for `items` */
    char (*items)[CODE_SIZE];
    size_t item_count;
};

struct master_issuer {
    char code[CODE_SIZE];
    char name[NAME_SIZE];
    char registration_number[16]; /* T and 13 digits, or "" */
};

/* A 歳入科目 or a 所属, as the reports of a day name them. */
struct master_name {
    char code[CODE_SIZE];
    char name[NAME_SIZE];
};

struct master_clerk {
    char code[CODE_SIZE];
    char name[NAME_SIZE];
    char pin_hash[PASSWORD_HASH_TEXT_SIZE];
    bool is_supervisor;
};

enum revenue_kind {
    REVENUE_USAGE_FEE,   /* 使用料: the city's */
    REVENUE_OPERATOR_FEE /* 利用料金: the operator's, never assessed */
};

struct master_facility {
    char code[CODE_SIZE];
    char name[NAME_SIZE];
    char section[CODE_SIZE];
    enum revenue_kind revenue;
    char operator_name[NAME_SIZE]; /* "" */
    struct validity validity;
};

struct master_drawer {
    char code[CODE_SIZE];
    char name[NAME_SIZE];
    char place[CODE_SIZE];
    char terminal[TERMINAL_ID_SIZE]; /* the only one that may open it */
};

enum refund_permission {
    REFUND_NONE,     /* 手数料不還付 */
    REFUND_SAME_DAY, /* a void, and nothing afterwards */
    REFUND_LATER
};

/* Bits of master_policy.refund_means. */
enum refund_means { REFUND_CASH = 1, REFUND_GATEWAY = 2, REFUND_BANK_TRANSFER = 4 };

struct master_policy {
    char code[CODE_SIZE];
    char name[NAME_SIZE];
    unsigned methods; /* bits 1u << METHOD_CASH … 1u << METHOD_CREDIT */
    bool allows_mixed_payment;
    bool allows_price_override;
    enum refund_permission refund;
    unsigned refund_means;
    bool is_usage_titled; /* a cashless receipt is ご利用明細, not 領収書 */
    bool has_shop_copy;
    struct validity validity;
};

/* A part of a barcode, by position. */
struct scan_part {
    unsigned from; /* from 1; 0: the barcode does not carry it */
    unsigned length;
};

enum scan_check { SCAN_CHECK_NONE, SCAN_CHECK_MOD10_W3, SCAN_CHECK_MOD11 };

struct master_scan_rule {
    char code[CODE_SIZE];
    char name[NAME_SIZE];
    char prefix[33];
    unsigned length;      /* of the whole barcode */
    char item[CODE_SIZE]; /* "": the barcode carries it */
    struct scan_part item_part, amount_part, reference_part;
    enum scan_check check;
};

struct master_template {
    char form[CODE_SIZE];
    unsigned columns; /* 0: for every width */
    char *markup;
    struct validity validity;
};

struct master_place {
    char code[CODE_SIZE];
    char name[NAME_SIZE];
    struct master_names names;
    char receipt_note[REASON_SIZE];
    char categories[CATEGORIES_MAX][NAME_SIZE];
    size_t category_count;
    bool is_for_some_facilities; /* only items of `facilities`, and those of none */
    char facilities[PLACE_FACILITIES_MAX][CODE_SIZE];
    size_t facility_count;
    char policy[CODE_SIZE]; /* "": standard */
};

struct masters_shelf; /* where items and tariffs lie */

/* INVARIANT: arrays hold what stands in the document for PLACE, in its order. */
struct masters {
    int64_t version;
    char sha256[SHA256_TEXT_SIZE]; /* of the document */
    char municipality_name[NAME_SIZE];
    struct master_place place;
    struct masters_shelf *shelf;
    struct master_brand *brands;
    size_t brand_count;
    struct master_exemption *exemptions;
    size_t exemption_count;
    struct master_issuer *issuers;
    size_t issuer_count;
    struct master_name *accounts; /* by their last part: 節 or 細節 */
    size_t account_count;
    struct master_name *sections;
    size_t section_count;
    struct master_clerk *clerks;
    size_t clerk_count;
    struct master_facility *facilities; /* of the place when it names some, else all */
    size_t facility_count;
    struct master_drawer *drawers; /* of every place */
    size_t drawer_count;
    struct master_policy *policies;
    size_t policy_count;
    struct master_scan_rule *scan_rules;
    size_t scan_rule_count;
    struct master_template *templates;
    size_t template_count;
    struct tariff_reduction **reductions;
    size_t reduction_count;
    int64_t quick_tender_yen[QUICK_TENDER_MAX];
    size_t quick_tender_count;
    int day_start_minutes;     /* 0 … 719 after midnight */
    int idle_lock_minutes;     /* 0: never */
    int64_t cash_limit_yen;    /* 0: none. From here on the till reminds of 払込 */
    int64_t cash_approval_yen; /* the most that a clerk puts in or takes out without a supervisor */
};

/* The extract of VERSION in table masters_part of DB (extract.h), if its head is the one whose hash is HEAD_SHA256. DB
 * is borrowed and must outlive the masters. *OUT is given: masters_destroy. STATUS_NOT_FOUND when there is none that
 * this program can read, STATUS_CORRUPT when it was altered on this disk. */
enum status masters_open(struct masters **out, struct database *db, int64_t version, const char *head_sha256,
                         struct error_detail *err) MUST_CHECK;
void masters_destroy(struct masters *masters);

/* Whether something was found altered since it was opened: all else can still be sold. */
bool masters_are_damaged(const struct masters *masters);

/* Check piece INDEX, from 0, of what lies on the disk; *OUT_HAS_MORE is false after the last. A till does this bit by
 * bit after its start, so that damage is found before a citizen meets it. STATUS_CORRUPT. */
enum status masters_check_piece(const struct masters *masters, size_t index, bool *out_has_more,
                                struct error_detail *err) MUST_CHECK;

bool validity_holds(const struct validity *validity, struct civil_date date);

/* ---- items and tariffs: one at a time -----------------------------------------------------------------------------
 */

/* The item CODE as sold on DATE. STATUS_NOT_FOUND when the place does not sell it then; STATUS_CORRUPT when it was
 * altered on this disk. */
enum status masters_item(const struct masters *masters, const char *code, struct civil_date date,
                         struct master_item *out, struct error_detail *err) MUST_CHECK;

/* The same for what was sold once: when no row is valid on DATE, the row that began last. */
enum status masters_item_ever(const struct masters *masters, const char *code, struct civil_date date,
                              struct master_item *out, struct error_detail *err) MUST_CHECK;

/* What to list. Members that are NULL or false ask for nothing. */
struct item_query {
    const char *category;
    const char
        *form; /* items with a tariff of this form ("parking"), by tariff: as many steps as there are such items */
    bool favourites_only;
    const char
        *text; /* the beginning of a kana or code, or a part of a name; case, width and kind of kana are the same */
    size_t offset;
    size_t limit; /* 1 … FOUND_ITEMS_MAX */
};

/* Items that QUERY asks for, valid on DATE: by the document's order, a search with the best first. OUT has room for
 * QUERY->limit; *OUT_HAS_MORE tells that some follow. */
enum status
masters_find_items(const struct masters *masters, const struct item_query *query, struct civil_date date,
                   struct master_item *out, size_t *out_count, bool *out_has_more, struct error_detail *err) MUST_CHECK;

/* The tariff CODE as it is on DATE. *OUT is given: tariff_destroy. STATUS_NOT_FOUND, STATUS_CORRUPT as above. */
enum status masters_tariff(const struct masters *masters, const char *code, struct civil_date date, struct tariff **out,
                           struct error_detail *err) MUST_CHECK;

/* ---- what is in memory: NULL when there is none, or none valid on DATE ---------------------------------------------
 */

const struct master_brand *masters_brand(const struct masters *masters, const char *code, struct civil_date date);
const struct master_exemption *masters_exemption(const struct masters *masters, const char *code);
bool master_exemption_covers(const struct master_exemption *exemption, const char *item);
const struct tariff_reduction *
masters_reduction(const struct masters *masters, const char *code, struct civil_date date);
const struct master_issuer *masters_issuer(const struct masters *masters, const char *code);
const struct master_clerk *masters_clerk(const struct masters *masters, const char *code);
const char *masters_account_name(const struct masters *masters, const char *code); /* "" when it is not known */
const char *masters_section_name(const struct masters *masters, const char *code);
const struct master_facility *masters_facility(const struct masters *masters, const char *code, struct civil_date date);
const struct master_drawer *masters_drawer(const struct masters *masters, const char *code);

/* The drawer of TERMINAL; NULL when the masters name none for it. */
const struct master_drawer *masters_drawer_of(const struct masters *masters, const char *terminal);

/* What may be done with ITEM (NULL: an item nobody knows any more) on DATE: the item's policy, else the place's, else
 * the row `standard`, else the built-in one: all methods, one payment, no override, refunds on a later day by any
 * means, 領収書, no shop copy. A code without a row valid on DATE counts as absent. Never NULL. */
const struct master_policy *
masters_policy_of(const struct masters *masters, const struct master_item *item, struct civil_date date);

/* The city's markup for paper FORM on COLUMNS, a row for that width before one for all; NULL: the built-in one. */
const char *masters_template(const struct masters *masters, const char *form, unsigned columns, struct civil_date date);

/* The brand that a one-dimensional payment code belongs to by its prefix, the longest first; NULL when none or two fit
 * equally well: ambiguous codes are not guessed. */
const struct master_brand *
masters_brand_of_code(const struct masters *masters, const char *code, struct civil_date date);

/* "touch_proves" …; the reader gives false for another word. */
const char *doubt_rule_word(enum doubt_rule rule);
bool doubt_rule_from_word(const char *word, enum doubt_rule *out);

/* Names for people: the code itself when the masters do not know it. */
const char *masters_brand_name(const struct masters *masters, const char *code);
const char *masters_clerk_name(const struct masters *masters, const char *code);

/* ---- barcodes of application forms and payment slips ---------------------------------------------------------------
 */

struct scanned_slip {
    const struct master_scan_rule *rule;
    struct master_item item;
    bool has_amount;
    int64_t amount_yen;             /* 0 … PAYMENT_MAX_YEN: instead of the item's price */
    char reference[REFERENCE_SIZE]; /* "" when the slip carries none */
};

/* Whether only a slip says what ITEM costs: its price is 0, no tariff prices it, and a rule that reads an amount names
 * it. Every other item with price 0 is issued without a fee. */
bool masters_price_is_on_slip(const struct masters *masters, const struct master_item *item);

/* What the barcode CODE says. STATUS_NOT_FOUND "no_scan_rule": no rule fits, it is something else (a payment code, a
 * receipt number). STATUS_INVALID: it is such a slip, but cannot be read; the sentence says why, for the clerk. */
enum status masters_scan(const struct masters *masters, const char *code, struct civil_date date,
                         struct scanned_slip *out, struct error_detail *err) MUST_CHECK;
