/* A device on the network, a TCP port of its own: most often 9100. */
#pragma once

#include "drivers/transport/transport.h"

/* HOST is a numeric address or "localhost" (STATUS_INVALID otherwise) and is copied. Does not connect.
 * *OUT is given: transport_destroy. */
enum status
tcp_transport_create(struct transport **out, const char *host, uint16_t port, struct error_detail *err) MUST_CHECK;
