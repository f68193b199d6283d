/* Hashes, signatures, passwords and random bytes, over OpenSSL 3. The only folder that includes OpenSSL. */
#pragma once

#include "common/outcome/status.h"

#include <stdint.h>

enum {
    SHA256_SIZE = 32,
    SHA256_TEXT_SIZE = 65, /* hexadecimal and a NUL */
    SIGNATURE_SIZE = 64,   /* Ed25519, RFC 8032 */
    PUBLIC_KEY_SIZE = 32,
    SECRET_KEY_SIZE = 32,
    PASSWORD_HASH_TEXT_SIZE = 160
};

void sha256(uint8_t out[SHA256_SIZE], const void *bytes, size_t length);
void sha256_text(char out[SHA256_TEXT_SIZE], const void *bytes, size_t length);

/* SHA-256 of bytes that come piece by piece. *OUT is given, and taken by sha256_end, which writes the digest, or ended
 * by sha256_drop (NULL is fine). STATUS_NO_MEMORY. */
struct sha256_run;
enum status sha256_begin(struct sha256_run **out, struct error_detail *err) MUST_CHECK;
void sha256_add(struct sha256_run *run, const void *bytes, size_t length);
void sha256_end(struct sha256_run *run, uint8_t out[SHA256_SIZE]);
void sha256_drop(struct sha256_run *run);

/* HMAC-SHA-256 (RFC 2104). */
void hmac_sha256(uint8_t out[SHA256_SIZE], const void *key, size_t key_length, const void *bytes, size_t length);

/* MD5 (RFC 1321): only where a payment network's protocol names it; it protects nothing. */
enum { MD5_SIZE = 16 };
void md5(uint8_t out[MD5_SIZE], const void *bytes, size_t length);

/* STATUS_IO when the system gives none. */
enum status random_bytes(void *out, size_t length, struct error_detail *err) MUST_CHECK;

/* Compares in a time that does not depend on the content. */
bool secrets_are_equal(const void *a, const void *b, size_t length);

/* Overwrites memory in a way that the compiler keeps. */
void secret_wipe(void *secret, size_t length);

struct signing_key; /* an Ed25519 secret key; has no print function */

/* *OUT is given: destroy with signing_key_destroy (which wipes; NULL is fine). */
enum status signing_key_generate(struct signing_key **out, struct error_detail *err) MUST_CHECK;

/* The key whose 32 secret bytes (RFC 8032) are known. */
enum status signing_key_from_secret(struct signing_key **out, const uint8_t secret[SECRET_KEY_SIZE],
                                    struct error_detail *err) MUST_CHECK;

/* Read or write the key file: 64 hexadecimal digits and a newline, mode 0600. A file that others may use is refused
 * (STATUS_REFUSED): whoever can read it can forge the journal. STATUS_INVALID for another content, STATUS_NOT_FOUND,
 * STATUS_IO. */
enum status signing_key_load(struct signing_key **out, const char *path, struct error_detail *err) MUST_CHECK;
enum status signing_key_save(const struct signing_key *key, const char *path, struct error_detail *err) MUST_CHECK;
void signing_key_destroy(struct signing_key *key);
void signing_key_public(const struct signing_key *key, uint8_t out[PUBLIC_KEY_SIZE]);

enum status signing_key_sign(const struct signing_key *key, const void *bytes, size_t length,
                             uint8_t out[SIGNATURE_SIZE], struct error_detail *err) MUST_CHECK;

/* Whether SIGNATURE is PUBLIC_KEY's over the bytes. Never for a key of small order, under which everybody can sign. */
bool signature_is_valid(const uint8_t public_key[PUBLIC_KEY_SIZE], const void *bytes, size_t length,
                        const uint8_t signature[SIGNATURE_SIZE]);

/* scrypt (RFC 7914) with a random salt, as "scrypt$N$r$p$salt$hash" in hexadecimal. N=2^15, r=8, p=1: 32 MiB and about
 * 50 ms, the floor that OWASP gives for interactive logins at this memory. */
enum status password_hash(char out[PASSWORD_HASH_TEXT_SIZE], const char *password, struct error_detail *err) MUST_CHECK;

/* The same with a smaller N for PINs of clerks, checked on the till's small computer (N=2^14, 16 MiB). */
enum status pin_hash(char out[PASSWORD_HASH_TEXT_SIZE], const char *pin, struct error_detail *err) MUST_CHECK;

/* Whether PASSWORD gives HASH; parameters are read from HASH, bounded to N ≤ 2^17, r ≤ 16, p ≤ 4 so that a planted hash
 * cannot exhaust the machine. A malformed hash is false. */
bool password_is_right(const char *hash, const char *password);
