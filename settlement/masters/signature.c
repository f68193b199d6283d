/* The masters key. The file is written before the database remembers it: a power cut in between leaves a key that the
 * next start takes up, and never a memory of a key that does not exist. */
#include "settlement/masters/signature.h"

#include "common/bytes/encoding.h"

#include <assert.h>
#include <string.h>

static_assert(MASTERS_SIGNATURE_TEXT_SIZE == BASE64_SIZE(SIGNATURE_SIZE), "a signature fits its text");

static enum status
lost(const char *path, const char *what, struct error_detail *err)
{
    error_set(
        err, "masters_key_lost",
        "%s: %s. Put the key file back from its copy; if there is none, run masters key --replace, and enrol every "
        "till anew (tills refuse masters that another key signed)",
        path, what);
    return STATUS_REFUSED;
}

static enum status
remember(struct store *store, const struct signing_key *key, int64_t now_ms, struct error_detail *err)
{
    uint8_t public_key[PUBLIC_KEY_SIZE];
    signing_key_public(key, public_key);
    struct store_txn *txn = NULL;
    enum status status = store_begin_write(store, &txn, err);
    if (status == STATUS_OK) {
        status = masters_key_put(txn, public_key, now_ms, err);
    }
    if (status == STATUS_OK) {
        status = store_commit(txn, err);
    }
    store_end(txn);
    return status;
}

static enum status
known_key(struct store *store, uint8_t out[PUBLIC_KEY_SIZE], bool *out_is_known, struct error_detail *err)
{
    struct store_txn *txn = NULL;
    enum status status = store_begin_read(store, &txn, err);
    if (status == STATUS_OK) {
        status = masters_key_find(txn, out, err);
    }
    store_end(txn);
    *out_is_known = status == STATUS_OK;
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static enum status
make_key(struct signing_key **out, const char *path, struct error_detail *err)
{
    struct signing_key *key = NULL;
    enum status status = signing_key_generate(&key, err);
    if (status == STATUS_OK) {
        status = signing_key_save(key, path, err);
    }
    if (status != STATUS_OK) {
        signing_key_destroy(key);
        return status;
    }
    *out = key;
    return STATUS_OK;
}

enum status
masters_key_open(struct signing_key **out, struct store *store, const char *path, int64_t now_ms,
                 struct error_detail *err)
{
    uint8_t known[PUBLIC_KEY_SIZE];
    uint8_t found[PUBLIC_KEY_SIZE];
    bool is_known;
    struct signing_key *key = NULL;
    enum status status = known_key(store, known, &is_known, err);
    if (status != STATUS_OK) {
        return status;
    }
    status = signing_key_load(&key, path, err);
    if (status == STATUS_NOT_FOUND) {
        status = is_known ? lost(path, "the masters key is not there", err) : make_key(&key, path, err);
    }
    if (status == STATUS_OK && is_known) {
        signing_key_public(key, found);
        status = memcmp(found, known, sizeof found) == 0
                     ? STATUS_OK
                     : lost(path, "this is not the key that the tills of this database know", err);
    } else if (status == STATUS_OK) {
        status = remember(store, key, now_ms, err);
    }
    if (status != STATUS_OK) {
        signing_key_destroy(key);
        return status;
    }
    *out = key;
    return STATUS_OK;
}

enum status
masters_key_replace(struct signing_key **out, struct store *store, const char *path, int64_t now_ms,
                    struct error_detail *err)
{
    struct signing_key *key = NULL;
    enum status status = make_key(&key, path, err);
    if (status == STATUS_OK) {
        status = remember(store, key, now_ms, err);
    }
    if (status != STATUS_OK) {
        signing_key_destroy(key);
        return status;
    }
    *out = key;
    return STATUS_OK;
}

enum status
masters_signed_statement(struct buffer *out, const struct masters_version *version, struct error_detail *err)
{
    buffer_printf(out, "madoguchi-masters-v1\n%s\n%lld\n%s\n", version->municipality, (long long)version->version,
                  version->sha256);
    return buffer_check(out, err);
}

enum status
masters_sign(const struct signing_key *key, const struct masters_version *version,
             char out[MASTERS_SIGNATURE_TEXT_SIZE], struct error_detail *err)
{
    uint8_t signature[SIGNATURE_SIZE];
    struct buffer statement;
    buffer_init(&statement, 256);
    enum status status = masters_signed_statement(&statement, version, err);
    if (status == STATUS_OK) {
        status = signing_key_sign(key, buffer_text(&statement), statement.length, signature, err);
    }
    if (status == STATUS_OK) {
        base64_encode(out, signature, SIGNATURE_SIZE);
    }
    buffer_finish(&statement);
    return status;
}
