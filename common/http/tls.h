/* The certificate that a server shows, and its private key: read from PEM files, and read again while the server runs,
 * so that a renewed certificate costs no connection. TLS is 1.2 or newer. May be used from any thread. */
#pragma once

#include "common/outcome/status.h"

#include <stdint.h>

struct http_tls;

/* Read the chain (the server's own certificate first) and the key of mode 0600. *OUT is given: http_tls_close.
 * STATUS_REFUSED for a key that others may read, STATUS_INVALID for files that are no certificate, no key, or do not
 * belong together, STATUS_NOT_FOUND, STATUS_IO. */
enum status http_tls_open(struct http_tls **out, const char *certificate_file, const char *key_file,
                          struct error_detail *err) MUST_CHECK;

/* Read the same files again. Connections that stand keep what they were made with, new ones get the new certificate.
 * *OUT_HAS_CHANGED tells whether it is another one. On failure the old one stays in use. */
enum status http_tls_reload(struct http_tls *tls, bool *out_has_changed, struct error_detail *err) MUST_CHECK;

/* When the certificate in use ends to be valid, ms since 1970. */
int64_t http_tls_expires_at_ms(struct http_tls *tls);

/* After the last server that uses it was stopped. NULL is fine. */
void http_tls_close(struct http_tls *tls);
