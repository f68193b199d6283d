/* Tills and the one-time codes by which they enrol. Every verb works inside the caller's transaction. */
#pragma once

#include "common/identity/identity.h"
#include "common/signing/signing.h"
#include "settlement/store/store.h"

enum {
    PLACE_CODE_SIZE = 33,      /* 1–32 bytes; masters/ holds codes to this length */
    SOFTWARE_NAME_SIZE = 65,   /* what a till says it runs; longer is cut */
    TERMINAL_REASON_SIZE = 481 /* a sentence for people */
};

/* What a till may do. Only an active one may upload; a quarantined one may still ask. */
enum terminal_state { TERMINAL_ACTIVE, TERMINAL_QUARANTINED, TERMINAL_REVOKED };

/* The word in the database and in JSON. */
const char *terminal_state_word(enum terminal_state state);

struct terminal {
    char terminal[TERMINAL_ID_SIZE];
    char municipality[MUNICIPALITY_CODE_SIZE];
    char place[PLACE_CODE_SIZE];
    char software[SOFTWARE_NAME_SIZE];
    uint8_t public_key[PUBLIC_KEY_SIZE];
    enum terminal_state state;
    char state_reason[TERMINAL_REASON_SIZE];
    int64_t state_since_ms;
    int64_t enrolled_at_ms;
    int64_t head_sequence;          /* last durable line; 0: none */
    uint8_t head_hash[SHA256_SIZE]; /* its hash; zeros when none */
    int64_t last_upload_ms;         /* 0: nothing came yet */
};

/* STATUS_NOT_FOUND with the code "unknown_terminal". */
enum status
terminal_find(struct store_txn *txn, const char *terminal, struct terminal *out, struct error_detail *err) MUST_CHECK;

/* Insert, or replace a till that has sent no line yet (asserted: head_sequence 0 in both). */
enum status terminal_put(struct store_txn *txn, const struct terminal *terminal, struct error_detail *err) MUST_CHECK;

/* The line `head_sequence` with `head_hash` is durable since NOW_MS. */
enum status
terminal_set_head(struct store_txn *txn, const char *terminal, int64_t head_sequence,
                  const uint8_t head_hash[SHA256_SIZE], int64_t now_ms, struct error_detail *err) MUST_CHECK;

enum status terminal_set_state(struct store_txn *txn, const char *terminal, enum terminal_state state,
                               const char *reason, int64_t now_ms, struct error_detail *err) MUST_CHECK;

/* Called for each row; anything but STATUS_OK ends the walk and is returned. Must not use the same list itself. */
typedef enum status (*terminal_visitor)(const struct terminal *terminal, void *context);

/* The tills of MUNICIPALITY (NULL: of all) in the order of their ids. */
enum status terminal_each(struct store_txn *txn, const char *municipality, terminal_visitor visit, void *context,
                          struct error_detail *err) MUST_CHECK;

/* A one-time code. Of the code itself only the hash is known. */
struct enrolment_code {
    uint8_t code_hash[SHA256_SIZE];
    char municipality[MUNICIPALITY_CODE_SIZE];
    char terminal[TERMINAL_ID_SIZE];
    char place[PLACE_CODE_SIZE];
    char created_by[65];
    int64_t created_at_ms;
    int64_t expires_at_ms;
    int64_t used_at_ms; /* 0: not used */
    uint8_t used_public_key[PUBLIC_KEY_SIZE];
};

/* Insert CODE and drop unused codes for the same terminal: the newest one counts. */
enum status
enrolment_code_put(struct store_txn *txn, const struct enrolment_code *code, struct error_detail *err) MUST_CHECK;

/* The keys with which TERMINAL was enrolled, the newest first, at most MAXIMUM. */
enum status enrolment_keys_of(struct store_txn *txn, const char *terminal, size_t maximum,
                              uint8_t out_keys[][PUBLIC_KEY_SIZE], size_t *out_count,
                              struct error_detail *err) MUST_CHECK;

/* STATUS_NOT_FOUND with the code "unknown_code". */
enum status enrolment_code_find(struct store_txn *txn, const uint8_t code_hash[SHA256_SIZE], struct enrolment_code *out,
                                struct error_detail *err) MUST_CHECK;

enum status
enrolment_code_set_used(struct store_txn *txn, const uint8_t code_hash[SHA256_SIZE],
                        const uint8_t public_key[PUBLIC_KEY_SIZE], int64_t now_ms, struct error_detail *err) MUST_CHECK;

typedef enum status (*enrolment_code_visitor)(const struct enrolment_code *code, void *context);

/* The codes of MUNICIPALITY, newest first. */
enum status enrolment_code_each(struct store_txn *txn, const char *municipality, enrolment_code_visitor visit,
                                void *context, struct error_detail *err) MUST_CHECK;
