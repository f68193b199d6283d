/* RSA signatures (RSASSA-PKCS1-v1_5 with SHA-256, RFC 8017) with keys in PEM files, where a payment network's protocol
 * names them. Ours are Ed25519 (signing.h). */
#pragma once

#include "common/outcome/status.h"

#include <stdint.h>

enum {
    RSA_BITS_MIN = 2048,
    RSA_BITS_MAX = 4096,
    RSA_SIGNATURE_MAX = RSA_BITS_MAX / 8,
    RSA_PEM_MAX_BYTES = 8 * 1024 /* a 4,096-bit private key is 3.3 kB */
};

struct rsa_key; /* has no print function */

/* The private key in the PEM file at PATH, which none but its owner may read (STATUS_REFUSED otherwise). *OUT is given:
 * destroy with rsa_key_destroy. STATUS_INVALID for another content or size, STATUS_NOT_FOUND, STATUS_IO. */
enum status rsa_private_key_load(struct rsa_key **out, const char *path, struct error_detail *err) MUST_CHECK;

/* The public key in the PEM file at PATH, or in LENGTH bytes of PEM. */
enum status rsa_public_key_load(struct rsa_key **out, const char *path, struct error_detail *err) MUST_CHECK;
enum status
rsa_public_key_read(struct rsa_key **out, const char *pem, size_t length, struct error_detail *err) MUST_CHECK;

void rsa_key_destroy(struct rsa_key *key); /* NULL is fine */

/* KEY is private. */
enum status rsa_sign(const struct rsa_key *key, const void *bytes, size_t length, uint8_t out[RSA_SIGNATURE_MAX],
                     size_t *out_length, struct error_detail *err) MUST_CHECK;

/* Whether the LENGTH bytes at SIGNATURE are KEY's over the bytes. */
bool rsa_signature_is_valid(const struct rsa_key *key, const void *bytes, size_t byte_count, const uint8_t *signature,
                            size_t length);
