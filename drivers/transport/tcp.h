/* A TCP stream on which nothing waits for ever, and which tells apart what a payment or a receipt must tell apart:
 * "never connected", "connected, nothing sent", "broke after N bytes".
 *
 * Deadlines are instants of monitor_now_ms(). Hosts are numeric addresses (or "localhost"): a name server's answer
 * cannot be waited for with a bound, and devices of a counter have fixed addresses. Used by one thread at a time. */
#pragma once

#include "common/outcome/status.h"

#include <stdint.h>

struct tcp_stream;

bool tcp_host_is_valid(const char *host);

/* STATUS_UNREACHABLE: nobody has seen a byte. *OUT is given: close with tcp_close (NULL is fine). */
enum status tcp_connect(struct tcp_stream **out, const char *host, uint16_t port, int64_t deadline_ms,
                        struct error_detail *err) MUST_CHECK;
void tcp_close(struct tcp_stream *stream);

/* Hand LENGTH bytes to the network. *OUT_SENT says how many were taken, whatever the status: STATUS_OK all of them,
 * STATUS_BUSY the deadline passed before (the peer does not read), STATUS_DEVICE_GONE the connection broke. */
enum status tcp_write(struct tcp_stream *stream, const void *bytes, size_t length, int64_t deadline_ms,
                      size_t *out_sent, struct error_detail *err) MUST_CHECK;

/* Wait for bytes: 1 … CAPACITY of them. STATUS_NOT_FOUND when none came in time (a deadline in the past just looks),
 * STATUS_DEVICE_GONE when the peer closed or the connection broke. */
enum status tcp_read(struct tcp_stream *stream, void *out, size_t capacity, int64_t deadline_ms, size_t *out_length,
                     struct error_detail *err) MUST_CHECK;
