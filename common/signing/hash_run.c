/* SHA-256 piece by piece. */
#include "common/signing/signing.h"

#include <assert.h>
#include <openssl/evp.h>

/* An EVP_MD_CTX by another name. */
struct sha256_run;

enum status
sha256_begin(struct sha256_run **out, struct error_detail *err)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    if (context == NULL || EVP_DigestInit_ex(context, EVP_sha256(), NULL) != 1) {
        EVP_MD_CTX_free(context);
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    *out = (struct sha256_run *)(void *)context;
    return STATUS_OK;
}

void
sha256_add(struct sha256_run *run, const void *bytes, size_t length)
{
    const int is_done = EVP_DigestUpdate((EVP_MD_CTX *)(void *)run, bytes, length);
    assert(is_done == 1); /* of a digest that was begun and not ended it cannot fail */
    (void)is_done;
}

void
sha256_end(struct sha256_run *run, uint8_t out[SHA256_SIZE])
{
    unsigned written = 0;
    const int is_done = EVP_DigestFinal_ex((EVP_MD_CTX *)(void *)run, out, &written);
    assert(is_done == 1 && written == SHA256_SIZE);
    (void)is_done;
    sha256_drop(run);
}

void
sha256_drop(struct sha256_run *run)
{
    EVP_MD_CTX_free((EVP_MD_CTX *)(void *)run);
}
