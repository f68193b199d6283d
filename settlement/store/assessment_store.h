/* 調定 as rows: drafts are made and remade, states move on. The tables refuse what must not happen to an approved one;
 * the rules that people meet are in settlement/assessment. */
#pragma once

#include "common/signing/signing.h"
#include "settlement/access/actor.h"
#include "settlement/assessment/record.h"
#include "settlement/store/store.h"

/* What a deed needs to know of a 調定. */
struct assessment_head {
    int64_t id;
    char municipality[MUNICIPALITY_CODE_SIZE];
    int64_t version;
    enum assessment_state state;
    enum assessment_kind kind;
    int fiscal_year;
    int64_t serial;
    char assessed_on[CIVIL_DATE_TEXT_SIZE];
    int64_t original;
    int64_t amount_yen;
    char proposed_by[LOGIN_SIZE]; /* "" for a draft */
    int64_t export_id;
    uint8_t content_sha256[SHA256_SIZE];
};

/* STATUS_NOT_FOUND when there is none in MUNICIPALITY. */
enum status assessment_head_find(struct store_txn *txn, const char *municipality, int64_t id,
                                 struct assessment_head *out, struct error_detail *err) MUST_CHECK;

/* The draft or proposed record for KEY (当初), or for (KIND, ORIGINAL). *OUT_FOUND is false when there is none. */
enum status assessment_open_find(struct store_txn *txn, const char *municipality, const struct assessment_key *key,
                                 enum assessment_kind kind, int64_t original, struct assessment_head *out,
                                 bool *out_found, struct error_detail *err) MUST_CHECK;

/* Visits may not change 調定; collect first. Anything but STATUS_OK ends the walk and is returned. */
typedef enum status (*assessment_head_visitor)(const struct assessment_head *head, void *context,
                                               struct error_detail *err);

/* The draft and proposed records of DAY. */
enum status assessment_open_each(struct store_txn *txn, const char *municipality, const char *day,
                                 assessment_head_visitor visit, void *context, struct error_detail *err) MUST_CHECK;

/* All that a draft is made of. */
struct assessment_content {
    const struct assessment_draft *draft;
    const struct account_parts *parts;
    const char *section_name;
    const char *route_name;
    const char *summary;
    struct civil_date drafted_on;
    const uint8_t *sha256; /* SHA256_SIZE bytes */
};

/* Insert a draft. */
enum status
assessment_draft_add(struct store_txn *txn, const char *municipality, const struct assessment_content *content,
                     int64_t *out_id, struct error_detail *err) MUST_CHECK;

/* Make the record ID (draft or proposed) a draft of this content, with a new version. */
enum status assessment_draft_replace(struct store_txn *txn, int64_t id, const struct assessment_content *content,
                                     struct error_detail *err) MUST_CHECK;

/* Remove a draft or proposed record that has no content left. */
enum status assessment_draft_remove(struct store_txn *txn, int64_t id, struct error_detail *err) MUST_CHECK;

/* State changes; each makes a new version but approval and export, which freeze. SUMMARY NULL keeps it. */
enum status assessment_set_proposed(struct store_txn *txn, int64_t id, const char *login, int64_t now_ms,
                                    const char *summary, struct error_detail *err) MUST_CHECK;
enum status assessment_set_draft(struct store_txn *txn, int64_t id, struct error_detail *err) MUST_CHECK;

/* Gives the next number of HEAD's fiscal year. STATUS_CONFLICT when the tables refuse it. */
enum status assessment_set_approved(struct store_txn *txn, const struct assessment_head *head, const char *login,
                                    int64_t now_ms, int64_t *out_serial, struct error_detail *err) MUST_CHECK;
enum status
assessment_set_exported(struct store_txn *txn, int64_t id, int64_t export_id, struct error_detail *err) MUST_CHECK;
