/* The current masters as finance reads them: names of codes, parts of an account, which trustee stands behind a brand
 * on a day. A snapshot: it does not change while it is held. */
#pragma once

#include "common/clock/civil.h"
#include "common/json/reader.h"
#include "settlement/store/store.h"

struct catalogue;

/* 会計 and 款項目節細節, in this order. */
enum account_part {
    ACCOUNT_FUND,
    ACCOUNT_KAN,
    ACCOUNT_KOU,
    ACCOUNT_MOKU,
    ACCOUNT_SETSU,
    ACCOUNT_SAISETSU,
    ACCOUNT_PART_COUNT
};

/* "fund" and "会計". Static strings. */
const char *account_part_word(enum account_part part);
const char *account_part_name(enum account_part part);

/* The current masters of MUNICIPALITY; an empty catalogue when there are none yet. *OUT is given: catalogue_destroy. */
enum status catalogue_load(struct catalogue **out, struct store_txn *txn, const char *municipality,
                           struct error_detail *err) MUST_CHECK;
void catalogue_destroy(struct catalogue *catalogue);

/* The name of CODE in table "sections", "places", "brands", "trustees", "items" …; CODE itself when it is not there.
 * Borrowed from the catalogue or from the caller. */
const char *catalogue_name(const struct catalogue *catalogue, const char *table, const char *code);

/* A whole table, for walking; NULL when there are no masters. */
const struct json_value *catalogue_table(const struct catalogue *catalogue, const char *table);

/* The municipality's name; its code when there are no masters. */
const char *catalogue_municipality_name(const struct catalogue *catalogue, const char *code);

/* The trustee behind BRAND on DAY, or NULL. */
const char *catalogue_trustee_of(const struct catalogue *catalogue, const char *brand, struct civil_date day);

/* FACILITY as it is on DAY. */
struct facility_view {
    const char *name;
    const char *section;
    const char *run_by;   /* "" when the city runs it */
    bool is_operator_fee; /* 利用料金: the operator's money, never assessed */
};

/* Whether the masters know FACILITY on DAY. Texts are borrowed from the catalogue. */
bool catalogue_facility(const struct catalogue *catalogue, const char *facility, struct civil_date day,
                        struct facility_view *out);

/* The name as the bank's record shows it (全銀 kana), or NULL. */
const char *catalogue_trustee_kana(const struct catalogue *catalogue, const char *trustee);

/* Whether ACCOUNT is known; code and name of each part, "" where it has none. */
struct account_parts {
    const char *code[ACCOUNT_PART_COUNT];
    const char *name[ACCOUNT_PART_COUNT];
};
bool catalogue_account(const struct catalogue *catalogue, const char *account, struct account_parts *out);
