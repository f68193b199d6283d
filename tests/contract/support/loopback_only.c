/* Preloaded into a program that listens on all addresses of this computer and cannot be told otherwise: it listens on
 * loopback alone. */
#define _GNU_SOURCE /* RTLD_NEXT */

#include <dlfcn.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

/* The next function of this name, from the object pointer that dlsym gives. */
static int
bind_of_libc(int descriptor, const struct sockaddr *address, socklen_t length)
{
    int (*next)(int, const struct sockaddr *, socklen_t) = NULL;
    void *symbol = dlsym(RTLD_NEXT, "bind");
    memcpy(&next, &symbol, sizeof next);
    return next(descriptor, address, length);
}

__attribute__((visibility("default"))) int
bind(int descriptor, const struct sockaddr *address, socklen_t length)
{
    struct sockaddr_in narrowed;
    if (address->sa_family != AF_INET || length != sizeof narrowed) {
        return bind_of_libc(descriptor, address, length);
    }
    memcpy(&narrowed, address, sizeof narrowed);
    if (narrowed.sin_addr.s_addr == htonl(INADDR_ANY)) {
        narrowed.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    }
    return bind_of_libc(descriptor, (const struct sockaddr *)&narrowed, sizeof narrowed);
}
