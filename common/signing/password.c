/* Password and PIN hashes by scrypt. */
#include "common/bytes/encoding.h"
#include "common/signing/signing.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

enum {
    SALT_SIZE = 16,
    HASH_SIZE = 32,
    PASSWORD_COST = 1 << 15,
    PIN_COST = 1 << 14,
    BLOCK_SIZE = 8,
    PARALLELISM = 1,
    COST_MAX = 1 << 17,
    BLOCK_SIZE_MAX = 16,
    PARALLELISM_MAX = 4,
    MEMORY_MAX = 320 * 1024 * 1024 /* N=2^17, r=16 needs 256 MiB and a little */
};

static bool
derive(uint8_t out[HASH_SIZE], const char *password, const uint8_t salt[SALT_SIZE], unsigned long cost,
       unsigned long block_size, unsigned long parallelism)
{
    return EVP_PBE_scrypt(password, strlen(password), salt, SALT_SIZE, cost, block_size, parallelism, MEMORY_MAX, out,
                          HASH_SIZE) == 1;
}

static enum status
hash_with_cost(char out[PASSWORD_HASH_TEXT_SIZE], const char *password, unsigned cost, struct error_detail *err)
{
    uint8_t salt[SALT_SIZE];
    uint8_t hash[HASH_SIZE];
    enum status status = random_bytes(salt, sizeof salt, err);
    if (status != STATUS_OK) {
        return status;
    }
    if (!derive(hash, password, salt, cost, BLOCK_SIZE, PARALLELISM)) {
        error_set(err, "cannot_hash", "the password could not be hashed (too little memory?)");
        return STATUS_NO_MEMORY;
    }
    char salt_text[2 * SALT_SIZE + 1];
    char hash_text[2 * HASH_SIZE + 1];
    hex_encode(salt_text, salt, sizeof salt);
    hex_encode(hash_text, hash, sizeof hash);
    snprintf(out, PASSWORD_HASH_TEXT_SIZE, "scrypt$%u$%d$%d$%s$%s", cost, BLOCK_SIZE, PARALLELISM, salt_text,
             hash_text);
    return STATUS_OK;
}

enum status
password_hash(char out[PASSWORD_HASH_TEXT_SIZE], const char *password, struct error_detail *err)
{
    return hash_with_cost(out, password, PASSWORD_COST, err);
}

enum status
pin_hash(char out[PASSWORD_HASH_TEXT_SIZE], const char *pin, struct error_detail *err)
{
    return hash_with_cost(out, pin, PIN_COST, err);
}

/* The parts of a stored hash. */
struct stored_hash {
    unsigned cost;
    unsigned block_size;
    unsigned parallelism;
    uint8_t salt[SALT_SIZE];
    uint8_t hash[HASH_SIZE];
};

/* Step over a number of LEAST … MOST and the '$' behind it. */
static bool
take_number(const char **at, unsigned least, unsigned most, unsigned *out)
{
    unsigned value = 0;
    size_t digits = strspn(*at, "0123456789");
    if (digits == 0 || digits > 6 || (*at)[digits] != '$') { /* MOST has six digits */
        return false;
    }
    for (size_t i = 0; i < digits; i++) {
        value = value * 10 + (unsigned)((*at)[i] - '0');
    }
    *at += digits + 1;
    *out = value;
    return value >= least && value <= most;
}

static bool
read_stored_hash(struct stored_hash *out, const char *text)
{
    static const char beginning[] = "scrypt$";
    if (strncmp(text, beginning, sizeof beginning - 1) != 0) {
        return false;
    }
    text += sizeof beginning - 1;
    if (!take_number(&text, 2, COST_MAX, &out->cost) || !take_number(&text, 1, BLOCK_SIZE_MAX, &out->block_size) ||
        !take_number(&text, 1, PARALLELISM_MAX, &out->parallelism)) {
        return false;
    }
    size_t salt_length = strspn(text, "0123456789abcdef");
    const char *hash = text + salt_length + 1;
    return text[salt_length] == '$' && hex_decode(out->salt, SALT_SIZE, text, salt_length) == STATUS_OK &&
           strspn(hash, "0123456789abcdef") == strlen(hash) &&
           hex_decode(out->hash, HASH_SIZE, hash, strlen(hash)) == STATUS_OK;
}

bool
password_is_right(const char *hash, const char *password)
{
    struct stored_hash stored;
    uint8_t actual[HASH_SIZE];
    if (!read_stored_hash(&stored, hash)) {
        return false;
    }
    return derive(actual, password, stored.salt, stored.cost, stored.block_size, stored.parallelism) &&
           secrets_are_equal(stored.hash, actual, sizeof actual);
}
