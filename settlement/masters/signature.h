/* The key with which the service vouches for its masters. Tills learn the public half when they enrol, and refuse a
 * document that it did not sign: whoever stands between till and service can then change no price.
 *
 * The secret is a file of mode 0600 (common/signing); the database remembers the public half only, so that a copy of
 * the database signs nothing. */
#pragma once

#include "common/clock/clock.h"
#include "settlement/store/masters_store.h"

enum { MASTERS_SIGNATURE_TEXT_SIZE = 89 /* base64 of 64 bytes and a NUL */ };

/* The key in file PATH, made with it when the service never had one. *OUT is given: signing_key_destroy.
 * STATUS_REFUSED "masters_key_lost" when the database knows a key and PATH has none or another: a new one would be
 * refused by every till that is enrolled. */
enum status masters_key_open(struct signing_key **out, struct store *store, const char *path, int64_t now_ms,
                             struct error_detail *err) MUST_CHECK;

/* Make a new key in PATH and forget the old one, on purpose: every till must be enrolled anew. *OUT as above. */
enum status masters_key_replace(struct signing_key **out, struct store *store, const char *path, int64_t now_ms,
                                struct error_detail *err) MUST_CHECK;

/* Append what is signed (docs/protocol/journal.md). */
enum status masters_signed_statement(struct buffer *out, const struct masters_version *version,
                                     struct error_detail *err) MUST_CHECK;

/* VERSION signed by KEY, as the header carries it. */
enum status masters_sign(const struct signing_key *key, const struct masters_version *version,
                         char out[MASTERS_SIGNATURE_TEXT_SIZE], struct error_detail *err) MUST_CHECK;
