/* People and their sessions, as rows. Rules (limits, passwords, rights) are in settlement/access. */
#pragma once

#include "common/signing/signing.h"
#include "settlement/access/actor.h"
#include "settlement/store/store.h"

enum {
    STAFF_SECTIONS_MAX = 100,  /* a large city's 所属 with counters; who approves for more approves for all */
    STAFF_SECTIONS_SIZE = 2048 /* their codes, joined */
};

struct staff_row {
    struct actor actor; /* `address` is empty */
    char password_hash[PASSWORD_HASH_TEXT_SIZE];
    bool is_active;
    bool must_change_password;          /* somebody else chose it */
    char sections[STAFF_SECTIONS_SIZE]; /* 所属 whose 調定 they approve, in order, "a,b,c"; "" for all */
};

struct session_row {
    uint8_t token_hash[SHA256_SIZE];
    int64_t staff;
    int64_t created_at_ms;
    int64_t seen_at_ms;
    char address[64];
};

/* Gives the new row's id in *OUT_ID. STATUS_CONFLICT when the login is taken. */
enum status staff_add(struct store_txn *txn, const struct staff_row *row, int64_t now_ms, const char *by,
                      int64_t *out_id, struct error_detail *err) MUST_CHECK;

/* STATUS_NOT_FOUND. */
enum status
staff_find(struct store_txn *txn, const char *login, struct staff_row *out, struct error_detail *err) MUST_CHECK;

/* The same, of MUNICIPALITY, and it stays as it is until TXN ends: another's login is STATUS_NOT_FOUND. */
enum status staff_hold(struct store_txn *txn, const char *municipality, const char *login, struct staff_row *out,
                       struct error_detail *err) MUST_CHECK;

/* How many active administrators MUNICIPALITY has; they stay so until TXN ends. */
enum status staff_hold_administrators(struct store_txn *txn, const char *municipality, int64_t *out_count,
                                      struct error_detail *err) MUST_CHECK;

/* Write name, role, password, whether it must be changed, and whether they are active, of ROW's person. */
enum status staff_update(struct store_txn *txn, const struct staff_row *row, struct error_detail *err) MUST_CHECK;

/* Put ROW's sections in the place of those that the person had. */
enum status staff_put_sections(struct store_txn *txn, const struct staff_row *row, struct error_detail *err) MUST_CHECK;

/* Whether the approver LOGIN was given the 所属 of the 調定 ASSESSMENT, or none at all. */
enum status staff_approves_section_of(struct store_txn *txn, const char *municipality, const char *login,
                                      int64_t assessment, bool *out_does, struct error_detail *err) MUST_CHECK;

/* A person as the list of staff shows them. Texts are borrowed from the visit. */
struct staff_listing {
    struct staff_row row; /* without password */
    int64_t created_at_ms;
    const char *created_by;
    const char *created_by_name; /* "" for the console */
};
typedef enum status (*staff_visitor)(const struct staff_listing *listing, void *context);

/* The staff of MUNICIPALITY by login, LIMIT at most, behind AFTER (NULL: from the first). */
enum status staff_each(struct store_txn *txn, const char *municipality, const char *after, int64_t limit,
                       staff_visitor visit, void *context, struct error_detail *err) MUST_CHECK;

enum status session_add(struct store_txn *txn, const struct session_row *row, struct error_detail *err) MUST_CHECK;

/* The session and whose it is. STATUS_NOT_FOUND. */
enum status session_find(struct store_txn *txn, const uint8_t token_hash[SHA256_SIZE], struct session_row *out,
                         struct staff_row *out_staff, struct error_detail *err) MUST_CHECK;

enum status session_touch(struct store_txn *txn, const uint8_t token_hash[SHA256_SIZE], int64_t seen_at_ms,
                          struct error_detail *err) MUST_CHECK;

/* Fine when there is none. */
enum status
session_end(struct store_txn *txn, const uint8_t token_hash[SHA256_SIZE], struct error_detail *err) MUST_CHECK;

/* End every session of STAFF but the one of KEPT (NULL: all). */
enum status
session_end_others(struct store_txn *txn, int64_t staff, const uint8_t *kept, struct error_detail *err) MUST_CHECK;

/* Forget sessions last seen before SEEN_BEFORE_MS or begun before CREATED_BEFORE_MS. */
enum status session_prune(struct store_txn *txn, int64_t seen_before_ms, int64_t created_before_ms,
                          struct error_detail *err) MUST_CHECK;

/* Failures in a row under LOGIN, 0 when none is remembered. */
enum status sign_in_failures(struct store_txn *txn, const char *login, int64_t *out_failures, int64_t *out_failed_at_ms,
                             struct error_detail *err) MUST_CHECK;
enum status
sign_in_failure_add(struct store_txn *txn, const char *login, int64_t now_ms, struct error_detail *err) MUST_CHECK;
enum status sign_in_failure_clear(struct store_txn *txn, const char *login, struct error_detail *err) MUST_CHECK;

/* Forget failures older than BEFORE_MS, and the oldest beyond LIMIT rows. */
enum status
sign_in_failure_prune(struct store_txn *txn, int64_t before_ms, int64_t limit, struct error_detail *err) MUST_CHECK;
