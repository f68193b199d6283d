/* Published masters, by version. */
#pragma once

#include "common/bytes/buffer.h"
#include "common/identity/identity.h"
#include "common/json/reader.h"
#include "common/signing/signing.h"
#include "settlement/access/actor.h"
#include "settlement/store/store.h"

enum { MASTERS_TITLE_SIZE = 241 /* 80 characters of Japanese */ };

struct masters_version {
    char municipality[MUNICIPALITY_CODE_SIZE];
    int64_t version;
    char sha256[SHA256_TEXT_SIZE]; /* of the document's bytes */
    int64_t loaded_at_ms;
    char title[MASTERS_TITLE_SIZE]; /* what it changed; "" for what the operator loaded */
    char proposed_by[LOGIN_SIZE];   /* "cli" for what the operator loaded */
    char approved_by[LOGIN_SIZE];   /* "" for what the operator loaded */
};

/* STATUS_CONFLICT when the version exists. DOCUMENT is canonical JSON, borrowed. */
enum status masters_put(struct store_txn *txn, const struct masters_version *version, const char *document,
                        size_t length, struct error_detail *err) MUST_CHECK;

/* The newest version of MUNICIPALITY; its bytes are appended to DOCUMENT unless that is NULL. STATUS_NOT_FOUND with the
 * code "no_masters". */
enum status masters_current(struct store_txn *txn, const char *municipality, struct masters_version *out,
                            struct buffer *document, struct error_detail *err) MUST_CHECK;

/* VERSION of MUNICIPALITY, likewise. STATUS_NOT_FOUND. */
enum status masters_find(struct store_txn *txn, const char *municipality, int64_t version, struct masters_version *out,
                         struct buffer *document, struct error_detail *err) MUST_CHECK;

/* VERSION is borrowed for the call; anything but STATUS_OK ends the walk and is returned. */
typedef enum status (*masters_version_visitor)(const struct masters_version *version, void *context);

/* The versions of MUNICIPALITY, newest first, those before BEFORE (0: all), at most LIMIT. */
enum status masters_versions_each(struct store_txn *txn, const char *municipality, int64_t before, int64_t limit,
                                  masters_version_visitor visit, void *context, struct error_detail *err) MUST_CHECK;

/* The public half of the key that signs masters. STATUS_NOT_FOUND while there was none; put replaces it. */
enum status masters_key_find(struct store_txn *txn, uint8_t out[PUBLIC_KEY_SIZE], struct error_detail *err) MUST_CHECK;
enum status masters_key_put(struct store_txn *txn, const uint8_t public_key[PUBLIC_KEY_SIZE], int64_t now_ms,
                            struct error_detail *err) MUST_CHECK;

/* Every municipality that has masters. MUNICIPALITY is borrowed for the visit. */
typedef enum status (*municipality_visitor)(const char *municipality, void *context);
enum status masters_municipality_each(struct store_txn *txn, municipality_visitor visit, void *context,
                                      struct error_detail *err) MUST_CHECK;

/* The only municipality that has masters. STATUS_NOT_FOUND when there is none, STATUS_CONFLICT when there are more. */
enum status
masters_only_municipality(struct store_txn *txn, char out[MUNICIPALITY_CODE_SIZE], struct error_detail *err) MUST_CHECK;
