/* Random bytes, from the kernel: the same that OpenSSL would stretch, without setting its generator up at every start.
 */
#include "common/signing/signing.h"

#include <errno.h>
#include <sys/random.h>

enum status
random_bytes(void *out, size_t length, struct error_detail *err)
{
    char *next = out;
    while (length > 0) {
        const ssize_t count = getrandom(next, length, 0);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            error_set(err, "no_random", "the system gave no random bytes");
            return STATUS_IO;
        }
        next += count;
        length -= (size_t)count;
    }
    return STATUS_OK;
}
