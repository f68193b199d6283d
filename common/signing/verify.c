/* Checking Ed25519 signatures. By libsodium and not by OpenSSL, because the service checks one with every upload and
 * that is most of what an upload costs (docs/decisions/0014). */
#include "common/signing/signing.h"

#include <assert.h>
#include <pthread.h>
#include <sodium.h>

_Static_assert(crypto_sign_ed25519_PUBLICKEYBYTES == PUBLIC_KEY_SIZE, "a key of ours is a key of theirs");
_Static_assert(crypto_sign_ed25519_BYTES == SIGNATURE_SIZE, "a signature of ours is a signature of theirs");

/* Not at the start of a program: most runs of a till check nothing. */
static void
init_library(void)
{
    int result = sodium_init(); /* 1: somebody did it before; it fails only where the system gives no random bytes */
    assert(result >= 0);
    (void)result;
}

bool
signature_is_valid(const uint8_t public_key[PUBLIC_KEY_SIZE], const void *bytes, size_t length,
                   const uint8_t signature[SIGNATURE_SIZE])
{
    static pthread_once_t is_initialised = PTHREAD_ONCE_INIT;
    pthread_once(&is_initialised, init_library);
    return crypto_sign_ed25519_verify_detached(signature, bytes, length, public_key) == 0;
}
