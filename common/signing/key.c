/* Ed25519 keys and signing. */
#include "common/bytes/buffer.h"
#include "common/bytes/encoding.h"
#include "common/signing/signing.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct signing_key {
    EVP_PKEY *pair;
};

static enum status
wrap_pair(EVP_PKEY *pair, struct signing_key **out, struct error_detail *err)
{
    struct signing_key *key = pair != NULL ? malloc(sizeof *key) : NULL;
    if (key == NULL) {
        EVP_PKEY_free(pair);
        error_set(err, "no_key", "the key could not be made");
        return STATUS_IO;
    }
    key->pair = pair;
    *out = key;
    return STATUS_OK;
}

enum status
signing_key_generate(struct signing_key **out, struct error_detail *err)
{
    return wrap_pair(EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"), out, err);
}

enum status
signing_key_from_secret(struct signing_key **out, const uint8_t secret[SECRET_KEY_SIZE], struct error_detail *err)
{
    return wrap_pair(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, secret, SECRET_KEY_SIZE), out, err);
}

enum {
    KEY_TEXT_SIZE = 2 * SECRET_KEY_SIZE + 1 /* digits and a newline */
};

/* Open the key file for its owner only. The mode is asked of the open file, so that it cannot be another by the time it
 * is read; O_NONBLOCK keeps a FIFO under that name from holding the program up. */
static enum status
open_key_file(const char *path, int *out_file, struct error_detail *err)
{
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) {
        int reason = errno;
        error_set(err, "cannot_open", "%s: %s", path, strerror(reason));
        return reason == ENOENT ? STATUS_NOT_FOUND : STATUS_IO;
    }
    struct stat information;
    enum status status = STATUS_OK;
    if (fstat(file, &information) != 0 || !S_ISREG(information.st_mode)) {
        error_set(err, "not_a_key", "%s: this is not a file", path);
        status = STATUS_INVALID;
    } else if ((information.st_mode & 077) != 0) {
        error_set(err, "key_is_readable", "%s: others may use this key; run chmod 600 on it", path);
        status = STATUS_REFUSED;
    }
    if (status != STATUS_OK) {
        close(file);
        return status;
    }
    *out_file = file;
    return STATUS_OK;
}

/* Up to SIZE bytes of FILE; −1 when it cannot be read. No buffer of the C library's or ours keeps a copy. */
static ssize_t
read_upto(int file, char *out, size_t size)
{
    size_t used = 0;
    while (used < size) {
        ssize_t count = read(file, out + used, size - used);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            return -1;
        }
        if (count == 0) {
            break;
        }
        used += (size_t)count;
    }
    return (ssize_t)used;
}

enum status
signing_key_load(struct signing_key **out, const char *path, struct error_detail *err)
{
    int file;
    enum status status = open_key_file(path, &file, err);
    if (status != STATUS_OK) {
        return status;
    }
    char text[KEY_TEXT_SIZE + 1]; /* one more shows that there is more */
    uint8_t secret[SECRET_KEY_SIZE];
    ssize_t length = read_upto(file, text, sizeof text);
    close(file);
    if (length == KEY_TEXT_SIZE && text[KEY_TEXT_SIZE - 1] == '\n') {
        length--;
    }
    if (length < 0) {
        error_set(err, "cannot_read", "%s: the key cannot be read", path);
        status = STATUS_IO;
    } else if (hex_decode(secret, sizeof secret, text, (size_t)length) != STATUS_OK) {
        error_set(err, "not_a_key", "%s: this is not a signing key (64 hexadecimal digits)", path);
        status = STATUS_INVALID;
    } else {
        status = signing_key_from_secret(out, secret, err);
    }
    secret_wipe(secret, sizeof secret);
    secret_wipe(text, sizeof text);
    return status;
}

enum status
signing_key_save(const struct signing_key *key, const char *path, struct error_detail *err)
{
    uint8_t secret[SECRET_KEY_SIZE];
    size_t length = sizeof secret;
    char text[2 * SECRET_KEY_SIZE + 2];
    if (EVP_PKEY_get_raw_private_key(key->pair, secret, &length) != 1 || length != sizeof secret) {
        error_set(err, "no_key", "the key could not be read");
        return STATUS_IO;
    }
    hex_encode(text, secret, sizeof secret);
    text[2 * SECRET_KEY_SIZE] = '\n';
    enum status status = file_write_durably(path, text, 2 * SECRET_KEY_SIZE + 1, 0600, err);
    secret_wipe(secret, sizeof secret);
    secret_wipe(text, sizeof text);
    return status;
}

void
signing_key_destroy(struct signing_key *key)
{
    if (key != NULL) {
        EVP_PKEY_free(key->pair); /* wipes the secret */
        free(key);
    }
}

void
signing_key_public(const struct signing_key *key, uint8_t out[PUBLIC_KEY_SIZE])
{
    size_t length = PUBLIC_KEY_SIZE;
    int done = EVP_PKEY_get_raw_public_key(key->pair, out, &length);
    assert(done == 1 && length == PUBLIC_KEY_SIZE);
    (void)done;
}

enum status
signing_key_sign(const struct signing_key *key, const void *bytes, size_t length, uint8_t out[SIGNATURE_SIZE],
                 struct error_detail *err)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    size_t written = SIGNATURE_SIZE;
    bool is_done = context != NULL && EVP_DigestSignInit(context, NULL, NULL, NULL, key->pair) == 1 &&
                   EVP_DigestSign(context, out, &written, bytes, length) == 1 && written == SIGNATURE_SIZE;
    EVP_MD_CTX_free(context);
    if (!is_done) {
        error_set(err, "cannot_sign", "the signature could not be made");
        return STATUS_IO;
    }
    return STATUS_OK;
}
