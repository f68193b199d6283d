/* The masters as a till uses them: what its place sells on a day, to whom it can charge, who may sell.
 *
 * Read from the document that the settlement service publishes (docs/masters.md). Immutable once read; everything that
 * a lookup returns is borrowed from it. */
#pragma once

#include "common/signing/signing.h"
#include "pos/checkout/sale.h"

enum {
    CATEGORIES_MAX = 16,       /* tabs on a screen */
    EXEMPTION_REASONS_MAX = 8, /* keys on a screen */
    CODE_PREFIXES_MAX = 8,
    QUICK_TENDER_MAX = 6
};

struct master_item {
    char code[CODE_SIZE];
    char name[NAME_SIZE];
    char kana[NAME_SIZE];
    char category[NAME_SIZE];
    int64_t price_yen;
    enum tax_kind tax;
    char account[CODE_SIZE];
    char section[CODE_SIZE];
    char issuer[CODE_SIZE];
    struct civil_date valid_from;
    struct civil_date valid_to; /* the last day; year 0: no end */
    bool is_favourite;
};

struct master_brand {
    char code[CODE_SIZE];
    char name[NAME_SIZE];
    enum payment_method method;
    bool can_void;
    char code_prefixes[CODE_PREFIXES_MAX][17]; /* of one-dimensional payment codes */
    size_t prefix_count;
    struct civil_date valid_from;
    struct civil_date valid_to;
};

struct master_exemption {
    char code[CODE_SIZE];
    char name[NAME_SIZE];
    char reasons[EXEMPTION_REASONS_MAX][NAME_SIZE];
    size_t reason_count;
};

struct master_issuer {
    char code[CODE_SIZE];
    char name[NAME_SIZE];
    char registration_number[16]; /* T and 13 digits, or "" */
};

struct master_clerk {
    char code[CODE_SIZE];
    char name[NAME_SIZE];
    char pin_hash[PASSWORD_HASH_TEXT_SIZE];
    bool is_supervisor;
};

struct master_place {
    char code[CODE_SIZE];
    char name[NAME_SIZE];
    char receipt_note[REASON_SIZE];
    char categories[CATEGORIES_MAX][NAME_SIZE];
    size_t category_count;
};

/* INVARIANT: arrays hold what stands in the document for PLACE, in its order. */
struct masters {
    int64_t version;
    char sha256[SHA256_TEXT_SIZE];
    char municipality_name[NAME_SIZE];
    struct master_place place;
    struct master_item *items;
    size_t item_count;
    struct master_brand *brands;
    size_t brand_count;
    struct master_exemption *exemptions;
    size_t exemption_count;
    struct master_issuer *issuers;
    size_t issuer_count;
    struct master_clerk *clerks;
    size_t clerk_count;
    int64_t quick_tender_yen[QUICK_TENDER_MAX];
    size_t quick_tender_count;
    int day_start_minutes;
};

/* Read LENGTH bytes of the document for PLACE. *OUT is given: masters_destroy. STATUS_INVALID names the member,
 * STATUS_NOT_FOUND when the document does not know the place. */
enum status masters_read(struct masters **out, const char *document, size_t length, const char *place,
                         struct error_detail *err) MUST_CHECK;
void masters_destroy(struct masters *masters);

/* NULL when there is none, or none valid on DATE. */
const struct master_item *masters_item(const struct masters *masters, const char *code, struct civil_date date);
const struct master_brand *masters_brand(const struct masters *masters, const char *code, struct civil_date date);
const struct master_exemption *masters_exemption(const struct masters *masters, const char *code);
const struct master_clerk *masters_clerk(const struct masters *masters, const char *code);
bool master_item_is_valid_on(const struct master_item *item, struct civil_date date);
bool master_brand_is_valid_on(const struct master_brand *brand, struct civil_date date);

/* The brand that a one-dimensional payment code belongs to by its prefix, the longest first; NULL when none or two fit
 * equally well: ambiguous codes are not guessed. */
const struct master_brand *
masters_brand_of_code(const struct masters *masters, const char *code, struct civil_date date);

/* Names for people: the code itself when the masters do not know it. */
const char *masters_brand_name(const struct masters *masters, const char *code);
const char *masters_clerk_name(const struct masters *masters, const char *code);
