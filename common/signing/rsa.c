/* RSA over OpenSSL. */
#include "common/signing/rsa.h"

#include "common/bytes/buffer.h"
#include "common/signing/signing.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdlib.h>

struct rsa_key {
    EVP_PKEY *pair;
};

/* Never asks at the terminal: a key with a pass phrase is refused. */
static int
no_pass_phrase(char *out, int size, int is_for_writing, void *context)
{
    (void)out;
    (void)size;
    (void)is_for_writing;
    (void)context;
    return -1;
}

static enum status
wrap(EVP_PKEY *pair, struct rsa_key **out, struct error_detail *err)
{
    const bool is_fit = pair != NULL && EVP_PKEY_get_base_id(pair) == EVP_PKEY_RSA &&
                        EVP_PKEY_get_bits(pair) >= RSA_BITS_MIN && EVP_PKEY_get_bits(pair) <= RSA_BITS_MAX;
    struct rsa_key *key = is_fit ? malloc(sizeof *key) : NULL;
    if (key == NULL) {
        EVP_PKEY_free(pair);
        error_set(err, "no_rsa_key", "this is no RSA key in PEM of %d to %d bits without a pass phrase", RSA_BITS_MIN,
                  RSA_BITS_MAX);
        return STATUS_INVALID;
    }
    key->pair = pair;
    *out = key;
    return STATUS_OK;
}

static enum status
read_pem(struct rsa_key **out, const char *pem, size_t length, bool is_private, struct error_detail *err)
{
    BIO *memory = BIO_new_mem_buf(pem, (int)length);
    if (memory == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    EVP_PKEY *pair = is_private ? PEM_read_bio_PrivateKey(memory, NULL, no_pass_phrase, NULL)
                                : PEM_read_bio_PUBKEY(memory, NULL, no_pass_phrase, NULL);
    BIO_free(memory);
    return wrap(pair, out, err);
}

enum status
rsa_public_key_read(struct rsa_key **out, const char *pem, size_t length, struct error_detail *err)
{
    if (length > RSA_PEM_MAX_BYTES) {
        error_set(err, "no_rsa_key", "a key has at most %d bytes", RSA_PEM_MAX_BYTES);
        return STATUS_INVALID;
    }
    return read_pem(out, pem, length, /* is_private= */ false, err);
}

static enum status
load(struct rsa_key **out, const char *path, bool is_private, struct error_detail *err)
{
    struct buffer pem;
    enum status status = is_private ? file_check_private(path, err) : file_check_readable(path, err);
    if (status != STATUS_OK) {
        return status;
    }
    buffer_init(&pem, RSA_PEM_MAX_BYTES);
    status = buffer_read_file(&pem, path, err);
    if (status == STATUS_OK) {
        status = read_pem(out, buffer_text(&pem), pem.length, is_private, err);
        if (status != STATUS_OK) {
            error_prefix(err, "%s: ", path);
        }
    }
    if (pem.data != NULL) {
        secret_wipe(pem.data, pem.capacity);
    }
    buffer_finish(&pem);
    return status;
}

enum status
rsa_private_key_load(struct rsa_key **out, const char *path, struct error_detail *err)
{
    return load(out, path, /* is_private= */ true, err);
}

enum status
rsa_public_key_load(struct rsa_key **out, const char *path, struct error_detail *err)
{
    return load(out, path, /* is_private= */ false, err);
}

void
rsa_key_destroy(struct rsa_key *key)
{
    if (key != NULL) {
        EVP_PKEY_free(key->pair); /* wipes */
        free(key);
    }
}

enum status
rsa_sign(const struct rsa_key *key, const void *bytes, size_t length, uint8_t out[RSA_SIGNATURE_MAX],
         size_t *out_length, struct error_detail *err)
{
    size_t written = RSA_SIGNATURE_MAX;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    const bool is_signed = context != NULL && EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key->pair) == 1 &&
                           EVP_DigestSign(context, out, &written, bytes, length) == 1;
    EVP_MD_CTX_free(context);
    if (!is_signed) {
        error_set(err, "not_signed", "the RSA key did not sign");
        return STATUS_IO;
    }
    *out_length = written;
    return STATUS_OK;
}

bool
rsa_signature_is_valid(const struct rsa_key *key, const void *bytes, size_t byte_count, const uint8_t *signature,
                       size_t length)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    const bool is_valid = context != NULL && EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, key->pair) == 1 &&
                          EVP_DigestVerify(context, signature, length, bytes, byte_count) == 1;
    EVP_MD_CTX_free(context);
    return is_valid;
}
