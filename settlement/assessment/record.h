/* A 調定 as a record: its words, names and the texts that follow from its figures. Pure. */
#pragma once

#include "settlement/assessment/grouping.h"
#include "settlement/catalogue/catalogue.h"

/* draft ──propose──▶ proposed ──approve (another person)──▶ approved ──export──▶ exported
 *   ▲                    │
 *   └── return, or the ledger changed
 * Numbered and unchangeable from `approved` on (migration 0004-assessment refuses the rest). */
enum assessment_state {
    ASSESSMENT_DRAFT,
    ASSESSMENT_PROPOSED,
    ASSESSMENT_APPROVED,
    ASSESSMENT_EXPORTED,
    ASSESSMENT_STATE_COUNT
};

enum {
    ASSESSMENT_NUMBER_SIZE = 24, /* "2026-000012"; the serial may need more than six digits */
    ASSESSMENT_TEXT_SIZE = 200   /* 納入義務者, 納付方法 */
};

/* Texts are borrowed; empty where there is none. `original`, `serial`, `export` and the instants are 0 where there is
 * none. */
struct assessment_record {
    int64_t id;
    int64_t version;
    enum assessment_state state;
    int fiscal_year;
    int64_t serial;
    const char *assessed_on;
    const char *drafted_on;
    enum assessment_kind kind;
    int64_t original;
    int64_t original_serial;
    const char *account;
    struct account_parts parts;
    const char *section;
    const char *section_name;
    const char *route;
    const char *route_name;
    const char *tax;
    int64_t count;
    int64_t zero_count;
    int64_t sale_count;
    int64_t amount_yen;
    int64_t tax_yen;
    const char *summary;
    const char *proposed_by;
    const char *proposed_by_name;
    int64_t proposed_at_ms;
    const char *approved_by;
    const char *approved_by_name;
    int64_t approved_at_ms;
    int64_t export_id;
    int64_t exported_at_ms;
};

/* Words as stored and sent, names as people read them. Static strings. */
const char *assessment_state_word(enum assessment_state state);
const char *assessment_state_name(enum assessment_state state);
const char *assessment_kind_word(enum assessment_kind kind);
const char *assessment_kind_name(enum assessment_kind kind);
const char *assessment_tax_name(const char *tax);
bool assessment_state_from_word(enum assessment_state *out, const char *word);
bool assessment_kind_from_word(enum assessment_kind *out, const char *word);

/* 個別 for one payer, 集合 for several. */
const char *assessment_form_word(int64_t sale_count);
const char *assessment_form_name(int64_t sale_count);

/* "2026-000012"; returns OUT. */
const char *assessment_number_format(char out[ASSESSMENT_NUMBER_SIZE], int fiscal_year, int64_t serial);

/* 納入義務者: "窓口納入者" or "窓口納入者 ほか3名"; returns OUT. */
const char *assessment_payer_format(char out[ASSESSMENT_TEXT_SIZE], int64_t sale_count);

/* 納付方法: "窓口現金" or "指定納付受託者(みほん決済株式会社)"; returns OUT. */
const char *assessment_payment_method_format(char out[ASSESSMENT_TEXT_SIZE], const char *route, const char *route_name);
