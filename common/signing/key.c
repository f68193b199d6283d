/* Ed25519 keys and signatures. */
#include "common/bytes/buffer.h"
#include "common/bytes/encoding.h"
#include "common/signing/signing.h"

#include <assert.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct signing_key {
    EVP_PKEY *pair;
};

static enum status
wrap_pair(EVP_PKEY *pair, struct signing_key **out, struct error_detail *err)
{
    struct signing_key *key = pair != NULL ? malloc(sizeof *key) : NULL;
    if (key == NULL) {
        EVP_PKEY_free(pair);
        error_set(err, "no_key", "the key could not be made");
        return STATUS_IO;
    }
    key->pair = pair;
    *out = key;
    return STATUS_OK;
}

enum status
signing_key_generate(struct signing_key **out, struct error_detail *err)
{
    return wrap_pair(EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"), out, err);
}

enum status
signing_key_load(struct signing_key **out, const char *path, struct error_detail *err)
{
    struct stat information;
    if (stat(path, &information) == 0 && (information.st_mode & 077) != 0) {
        error_set(err, "key_is_readable", "%s: others may read this key; run chmod 600 on it", path);
        return STATUS_REFUSED;
    }
    struct buffer text;
    buffer_init(&text, 2 * SECRET_KEY_SIZE + 2);
    uint8_t secret[SECRET_KEY_SIZE];
    enum status status = buffer_read_file(&text, path, err);
    if (status == STATUS_OK) {
        size_t length = strcspn(buffer_text(&text), "\r\n");
        status = hex_decode(secret, sizeof secret, buffer_text(&text), length);
        if (status != STATUS_OK) {
            error_set(err, "not_a_key", "%s: this is not a signing key (64 hexadecimal digits)", path);
        }
    }
    if (status == STATUS_OK) {
        status = wrap_pair(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, secret, sizeof secret), out, err);
    }
    secret_wipe(secret, sizeof secret);
    if (text.data != NULL) {
        secret_wipe(text.data, text.length);
    }
    buffer_finish(&text);
    return status;
}

enum status
signing_key_save(const struct signing_key *key, const char *path, struct error_detail *err)
{
    uint8_t secret[SECRET_KEY_SIZE];
    size_t length = sizeof secret;
    char text[2 * SECRET_KEY_SIZE + 2];
    if (EVP_PKEY_get_raw_private_key(key->pair, secret, &length) != 1 || length != sizeof secret) {
        error_set(err, "no_key", "the key could not be read");
        return STATUS_IO;
    }
    hex_encode(text, secret, sizeof secret);
    text[2 * SECRET_KEY_SIZE] = '\n';
    enum status status = file_write_durably(path, text, 2 * SECRET_KEY_SIZE + 1, 0600, err);
    secret_wipe(secret, sizeof secret);
    secret_wipe(text, sizeof text);
    return status;
}

void
signing_key_destroy(struct signing_key *key)
{
    if (key != NULL) {
        EVP_PKEY_free(key->pair); /* wipes the secret */
        free(key);
    }
}

void
signing_key_public(const struct signing_key *key, uint8_t out[PUBLIC_KEY_SIZE])
{
    size_t length = PUBLIC_KEY_SIZE;
    int done = EVP_PKEY_get_raw_public_key(key->pair, out, &length);
    assert(done == 1 && length == PUBLIC_KEY_SIZE);
    (void)done;
}

enum status
signing_key_sign(const struct signing_key *key, const void *bytes, size_t length, uint8_t out[SIGNATURE_SIZE],
                 struct error_detail *err)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    size_t written = SIGNATURE_SIZE;
    bool is_done = context != NULL && EVP_DigestSignInit(context, NULL, NULL, NULL, key->pair) == 1 &&
                   EVP_DigestSign(context, out, &written, bytes, length) == 1 && written == SIGNATURE_SIZE;
    EVP_MD_CTX_free(context);
    if (!is_done) {
        error_set(err, "cannot_sign", "the signature could not be made");
        return STATUS_IO;
    }
    return STATUS_OK;
}

bool
signature_is_valid(const uint8_t public_key[PUBLIC_KEY_SIZE], const void *bytes, size_t length,
                   const uint8_t signature[SIGNATURE_SIZE])
{
    EVP_PKEY *key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, public_key, PUBLIC_KEY_SIZE);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool is_valid = key != NULL && context != NULL && EVP_DigestVerifyInit(context, NULL, NULL, NULL, key) == 1 &&
                    EVP_DigestVerify(context, signature, SIGNATURE_SIZE, bytes, length) == 1;
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(key);
    return is_valid;
}
