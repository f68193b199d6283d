/* Certificates, over GnuTLS, on which libmicrohttpd's TLS stands.
 *
 * A handshake that is under way holds pointers into the certificate and key that it was given, and nobody tells when it
 * ends. So what was in use once stays in memory until the end; a reload of the same files adds nothing, and
 * certificates are renewed a few times a year. */
#include "common/http/tls.h"

#include "common/bytes/buffer.h"
#include "common/http/tls_session.h"
#include "common/signing/signing.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum {
    CHAIN_MAX = 10,           /* certificates of one chain; real ones have two to four */
    PEM_MAX_BYTES = 64 * 1024 /* of one file */
};

/* One pair of files as it was read. Never changed, freed at the end. */
struct identity {
    struct identity *older;
    gnutls_pcert_st chain[CHAIN_MAX];
    unsigned chain_length;
    gnutls_privkey_t key;
    int64_t expires_at_ms;
    uint8_t digest[SHA256_SIZE]; /* of both files */
};

struct http_tls {
    char *certificate_file;
    char *key_file;
    pthread_mutex_t lock;
    struct identity *current; /* under `lock`; never NULL once opened */
};

static void
identity_destroy(struct identity *identity)
{
    if (identity == NULL) {
        return;
    }
    for (unsigned i = 0; i < identity->chain_length; i++) {
        gnutls_pcert_deinit(&identity->chain[i]);
    }
    if (identity->key != NULL) {
        gnutls_privkey_deinit(identity->key);
    }
    free(identity);
}

static enum status
read_chain(struct identity *identity, const char *path, const gnutls_datum_t *pem, struct error_detail *err)
{
    gnutls_x509_crt_t *certificates = NULL;
    unsigned count = 0;
    int result = gnutls_x509_crt_list_import2(&certificates, &count, pem, GNUTLS_X509_FMT_PEM, 0);
    if (result < 0 || count == 0 || count > CHAIN_MAX) {
        error_set(err, "wrong_certificate", "%s: this is no chain of 1 to %d PEM certificates: %s", path, CHAIN_MAX,
                  result < 0 ? gnutls_strerror(result) : "wrong number");
        result = result < 0 ? result : GNUTLS_E_CERTIFICATE_ERROR;
    } else {
        identity->expires_at_ms = (int64_t)gnutls_x509_crt_get_expiration_time(certificates[0]) * 1000;
        for (unsigned i = 0; i < count && result >= 0; i++) {
            result = gnutls_pcert_import_x509(&identity->chain[i], certificates[i], 0);
            identity->chain_length += result >= 0 ? 1 : 0;
        }
        if (result < 0) {
            error_set(err, "wrong_certificate", "%s: %s", path, gnutls_strerror(result));
        }
    }
    for (unsigned i = 0; i < count; i++) {
        gnutls_x509_crt_deinit(certificates[i]);
    }
    gnutls_free(certificates);
    return result < 0 ? STATUS_INVALID : STATUS_OK;
}

/* Whether KEY is the one of CERTIFICATE. */
static bool
belong_together(const gnutls_pcert_st *certificate, gnutls_privkey_t key)
{
    uint8_t of_certificate[64];
    uint8_t of_key[64];
    size_t certificate_size = sizeof of_certificate;
    size_t key_size = sizeof of_key;
    gnutls_pubkey_t public_key = NULL;
    bool are = gnutls_pubkey_init(&public_key) >= 0 && gnutls_pubkey_import_privkey(public_key, key, 0, 0) >= 0 &&
               gnutls_pubkey_get_key_id(public_key, 0, of_key, &key_size) >= 0 &&
               gnutls_pubkey_get_key_id(certificate->pubkey, 0, of_certificate, &certificate_size) >= 0 &&
               certificate_size == key_size && memcmp(of_certificate, of_key, key_size) == 0;
    if (public_key != NULL) {
        gnutls_pubkey_deinit(public_key);
    }
    return are;
}

static enum status
read_key(struct identity *identity, const char *path, const gnutls_datum_t *pem, struct error_detail *err)
{
    int result = gnutls_privkey_init(&identity->key);
    if (result >= 0) {
        result = gnutls_privkey_import_x509_raw(identity->key, pem, GNUTLS_X509_FMT_PEM, NULL, 0);
    }
    if (result < 0) {
        error_set(err, "wrong_key", "%s: this is no PEM private key without a password: %s", path,
                  gnutls_strerror(result));
        return STATUS_INVALID;
    }
    if (!belong_together(&identity->chain[0], identity->key)) {
        error_set(err, "wrong_key", "%s: this is not the key of the first certificate", path);
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

static gnutls_datum_t
datum(const struct buffer *bytes)
{
    return (gnutls_datum_t){.data = (unsigned char *)(uintptr_t)buffer_text(bytes), .size = (unsigned)bytes->length};
}

static enum status
identity_parse(struct identity *identity, const struct http_tls *tls, const struct buffer *certificate,
               const struct buffer *key, struct error_detail *err)
{
    uint8_t digests[2][SHA256_SIZE];
    sha256(digests[0], buffer_text(certificate), certificate->length);
    sha256(digests[1], buffer_text(key), key->length);
    sha256(identity->digest, digests, sizeof digests);
    const gnutls_datum_t chain_pem = datum(certificate);
    const gnutls_datum_t key_pem = datum(key);
    enum status status = read_chain(identity, tls->certificate_file, &chain_pem, err);
    return status == STATUS_OK ? read_key(identity, tls->key_file, &key_pem, err) : status;
}

/* *OUT is given. */
static enum status
identity_read(struct identity **out, const struct http_tls *tls, struct error_detail *err)
{
    struct buffer certificate;
    struct buffer key;
    buffer_init(&certificate, PEM_MAX_BYTES);
    buffer_init(&key, PEM_MAX_BYTES);
    buffer_reserve(&key, PEM_MAX_BYTES); /* the key does not move while it is read: one place to wipe */
    struct identity *identity = calloc(1, sizeof *identity);
    enum status status = STATUS_OK;
    if (identity == NULL) {
        error_set(err, "no_memory", "out of memory");
        status = STATUS_NO_MEMORY;
    }
    if (status == STATUS_OK) {
        status = file_check_private(tls->key_file, err);
    }
    if (status == STATUS_OK) {
        status = buffer_read_file(&certificate, tls->certificate_file, err);
    }
    if (status == STATUS_OK) {
        status = buffer_read_file(&key, tls->key_file, err);
    }
    if (status == STATUS_OK) {
        status = identity_parse(identity, tls, &certificate, &key, err);
    }
    if (key.data != NULL) {
        secret_wipe(key.data, key.length);
    }
    buffer_finish(&certificate);
    buffer_finish(&key);
    if (status != STATUS_OK) {
        identity_destroy(identity);
        return status;
    }
    *out = identity;
    return STATUS_OK;
}

enum status
http_tls_open(struct http_tls **out, const char *certificate_file, const char *key_file, struct error_detail *err)
{
    struct http_tls *tls = calloc(1, sizeof *tls);
    enum status status = STATUS_OK;
    if (tls == NULL || (tls->certificate_file = strdup(certificate_file)) == NULL ||
        (tls->key_file = strdup(key_file)) == NULL) {
        error_set(err, "no_memory", "out of memory");
        status = STATUS_NO_MEMORY;
    }
    if (tls != NULL) {
        pthread_mutex_init(&tls->lock, NULL);
    }
    if (status == STATUS_OK) {
        status = identity_read(&tls->current, tls, err);
    }
    if (status != STATUS_OK) {
        http_tls_close(tls);
        return status;
    }
    *out = tls;
    return STATUS_OK;
}

static struct identity *
identity_in_use(struct http_tls *tls)
{
    pthread_mutex_lock(&tls->lock);
    struct identity *identity = tls->current;
    pthread_mutex_unlock(&tls->lock);
    return identity;
}

enum status
http_tls_reload(struct http_tls *tls, bool *out_has_changed, struct error_detail *err)
{
    struct identity *fresh;
    enum status status = identity_read(&fresh, tls, err);
    if (status != STATUS_OK) {
        return status;
    }
    pthread_mutex_lock(&tls->lock);
    bool has_changed = memcmp(fresh->digest, tls->current->digest, sizeof fresh->digest) != 0;
    if (has_changed) {
        fresh->older = tls->current;
        tls->current = fresh;
        fresh = NULL; /* now owned by tls */
    }
    pthread_mutex_unlock(&tls->lock);
    identity_destroy(fresh);
    *out_has_changed = has_changed;
    return STATUS_OK;
}

int64_t
http_tls_expires_at_ms(struct http_tls *tls)
{
    return identity_in_use(tls)->expires_at_ms;
}

void
http_tls_give(struct http_tls *tls, gnutls_pcert_st **out_chain, unsigned *out_length, gnutls_privkey_t *out_key)
{
    struct identity *identity = identity_in_use(tls);
    *out_chain = identity->chain;
    *out_length = identity->chain_length;
    *out_key = identity->key;
}

void
http_tls_close(struct http_tls *tls)
{
    if (tls == NULL) {
        return;
    }
    struct identity *identity = tls->current;
    while (identity != NULL) {
        struct identity *older = identity->older;
        identity_destroy(identity);
        identity = older;
    }
    pthread_mutex_destroy(&tls->lock);
    free(tls->certificate_file);
    free(tls->key_file);
    free(tls);
}
