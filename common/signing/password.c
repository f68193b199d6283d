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

bool
password_is_right(const char *hash, const char *password)
{
    unsigned cost, block_size, parallelism;
    char salt_text[2 * SALT_SIZE + 1];
    char hash_text[2 * HASH_SIZE + 1];
    int end = 0;
    int found = sscanf(hash, "scrypt$%9u$%9u$%9u$%32[0-9a-f]$%64[0-9a-f]%n", &cost, &block_size, &parallelism,
                       salt_text, hash_text, &end);
    bool is_bounded = found == 5 && hash[end] == '\0' && cost >= 2 && cost <= COST_MAX && block_size >= 1 &&
                      block_size <= BLOCK_SIZE_MAX && parallelism >= 1 && parallelism <= PARALLELISM_MAX;
    uint8_t salt[SALT_SIZE];
    uint8_t expected[HASH_SIZE];
    uint8_t actual[HASH_SIZE];
    if (!is_bounded || hex_decode(salt, sizeof salt, salt_text, strlen(salt_text)) != STATUS_OK ||
        hex_decode(expected, sizeof expected, hash_text, strlen(hash_text)) != STATUS_OK) {
        return false;
    }
    return derive(actual, password, salt, cost, block_size, parallelism) &&
           secrets_are_equal(expected, actual, sizeof actual);
}
