/* What the server's handshakes take from a certificate in use; for this folder only. */
#pragma once

#include "common/http/tls.h"

#include <gnutls/abstract.h>

/* The chain and key for a new handshake. Borrowed until http_tls_close. */
void http_tls_give(struct http_tls *tls, gnutls_pcert_st **out_chain, unsigned *out_length, gnutls_privkey_t *out_key);
