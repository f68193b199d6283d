/* SHA-256 and HMAC. */
#include "common/bytes/encoding.h"
#include "common/signing/signing.h"

#include <assert.h>
#include <limits.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

void
sha256(uint8_t out[SHA256_SIZE], const void *bytes, size_t length)
{
    /* The one-shot function: EVP_Digest fetches the algorithm anew each time, three times slower on journal lines. */
    SHA256(bytes, length, out);
}

void
sha256_text(char out[SHA256_TEXT_SIZE], const void *bytes, size_t length)
{
    uint8_t digest[SHA256_SIZE];
    sha256(digest, bytes, length);
    hex_encode(out, digest, sizeof digest);
}

void
hmac_sha256(uint8_t out[SHA256_SIZE], const void *key, size_t key_length, const void *bytes, size_t length)
{
    assert(key_length <= INT_MAX);

    unsigned written = SHA256_SIZE;
    const unsigned char *result = HMAC(EVP_sha256(), key, (int)key_length, bytes, length, out, &written);
    assert(result != NULL && written == SHA256_SIZE);
    (void)result;
}

void
md5(uint8_t out[MD5_SIZE], const void *bytes, size_t length)
{
    unsigned written = MD5_SIZE;
    const int is_done = EVP_Digest(bytes, length, out, &written, EVP_md5(), NULL);
    assert(is_done == 1 && written == MD5_SIZE);
    (void)is_done;
}

bool
secrets_are_equal(const void *a, const void *b, size_t length)
{
    return CRYPTO_memcmp(a, b, length) == 0;
}

void
secret_wipe(void *secret, size_t length)
{
    OPENSSL_cleanse(secret, length);
}
