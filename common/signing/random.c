/* Random bytes. */
#include "common/signing/signing.h"

#include <limits.h>
#include <openssl/rand.h>

enum status
random_bytes(void *out, size_t length, struct error_detail *err)
{
    if (length > INT_MAX || RAND_bytes(out, (int)length) != 1) {
        error_set(err, "no_random", "the system gave no random bytes");
        return STATUS_IO;
    }
    return STATUS_OK;
}
