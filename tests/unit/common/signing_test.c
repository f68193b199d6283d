/* The published vectors hold, keys are guarded, and planted hashes cannot exhaust the machine. */
#include "common/signing/signing.h"

#include "common/bytes/buffer.h"
#include "common/bytes/encoding.h"

#include "tests/unit/common/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

static void
assert_hex(const void *bytes, size_t length, const char *expected)
{
    char text[2 * 64 + 1];
    assert_true(length <= 64);
    hex_encode(text, bytes, length);
    assert_string_equal(text, expected);
}

static void
sha256_gives_the_vectors_of_fips_180(void **state)
{
    (void)state;
    char text[SHA256_TEXT_SIZE];
    sha256_text(text, "abc", 3);
    assert_string_equal(text, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    sha256_text(text, "", 0);
    assert_string_equal(text, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    sha256_text(text, "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56);
    assert_string_equal(text, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

static void
sha256_of_pieces_is_that_of_the_whole(void **state)
{
    (void)state;
    static const char whole[] = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    struct error_detail err;
    for (size_t piece = 1; piece < sizeof whole; piece++) {
        struct sha256_run *run = NULL;
        uint8_t digest[SHA256_SIZE];
        assert_int_equal(sha256_begin(&run, &err), STATUS_OK);
        for (size_t at = 0; at < sizeof whole - 1; at += piece) {
            size_t left = sizeof whole - 1 - at;
            sha256_add(run, whole + at, left < piece ? left : piece);
        }
        sha256_end(run, digest);
        assert_hex(digest, sizeof digest, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    }
    sha256_drop(NULL);
}

static void
hmac_gives_the_vectors_of_rfc_4231(void **state)
{
    (void)state;
    uint8_t out[SHA256_SIZE];
    char key[131];
    memset(key, 0x0b, 20);
    hmac_sha256(out, key, 20, "Hi There", 8);
    assert_hex(out, sizeof out, "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    hmac_sha256(out, "Jefe", 4, "what do ya want for nothing?", 28);
    assert_hex(out, sizeof out, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    memset(key, 0xaa, sizeof key);
    hmac_sha256(out, key, sizeof key, "Test Using Larger Than Block-Size Key - Hash Key First", 54);
    assert_hex(out, sizeof out, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    hmac_sha256(out, "", 0, "", 0);
    assert_hex(out, sizeof out, "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

static const char *
write_key(const struct scratch *scratch, char path[SCRATCH_PATH_SIZE], const char *text, mode_t mode)
{
    scratch_path(scratch, path, "till.key");
    scratch_write(path, text, strlen(text));
    assert_int_equal(chmod(path, mode), 0);
    return path;
}

static void
ed25519_gives_the_vectors_of_rfc_8032(void **state)
{
    static const struct {
        const char *secret, *public_key, *message, *signature;
    } cases[] = {
        {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
         "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
         "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bb"
         "e24"
         "655141438e7a100b"},
        {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb\n",
         "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
         "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302"
         "aee"
         "b00d291612bb0c00"},
        {"C5AA8DF43F9F837BEDB7442F31DCB7B166D38535076F094B85CE3A2E0B4458F7\n",
         "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
         "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed"
         "28d"
         "c027beceea1ec40a"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char path[SCRATCH_PATH_SIZE];
        struct signing_key *key;
        uint8_t message[2];
        size_t length = strlen(cases[i].message) / 2;
        uint8_t public_key[PUBLIC_KEY_SIZE];
        uint8_t signature[SIGNATURE_SIZE];
        assert_int_equal(hex_decode(message, length, cases[i].message, 2 * length), STATUS_OK);
        write_key(*state, path, cases[i].secret, 0600);

        assert_int_equal(signing_key_load(&key, path, NULL), STATUS_OK);
        signing_key_public(key, public_key);
        assert_int_equal(signing_key_sign(key, message, length, signature, NULL), STATUS_OK);

        assert_hex(public_key, sizeof public_key, cases[i].public_key);
        assert_hex(signature, sizeof signature, cases[i].signature);
        assert_true(signature_is_valid(public_key, message, length, signature));
        signing_key_destroy(key);
    }
}

/* The neutral point as key and as first half, zero as second: by the equation alone it holds for every text. */
static void
a_key_of_small_order_signs_nothing(void **state)
{
    (void)state;
    static const uint8_t public_key[PUBLIC_KEY_SIZE] = {1};
    static const uint8_t signature[SIGNATURE_SIZE] = {1};

    assert_false(signature_is_valid(public_key, "anything", 8, signature));
}

static void
a_signature_holds_for_its_bytes_its_key_and_nothing_else(void **state)
{
    (void)state;
    struct signing_key *key, *other;
    uint8_t public_key[PUBLIC_KEY_SIZE], other_public[PUBLIC_KEY_SIZE], signature[SIGNATURE_SIZE];
    char text[] = "madoguchi-journal-v1\nKO-01\n1\n2\n";
    assert_int_equal(signing_key_generate(&key, NULL), STATUS_OK);
    assert_int_equal(signing_key_generate(&other, NULL), STATUS_OK);
    signing_key_public(key, public_key);
    signing_key_public(other, other_public);
    assert_memory_not_equal(public_key, other_public, PUBLIC_KEY_SIZE);
    assert_int_equal(signing_key_sign(key, text, sizeof text, signature, NULL), STATUS_OK);

    assert_true(signature_is_valid(public_key, text, sizeof text, signature));
    assert_false(signature_is_valid(other_public, text, sizeof text, signature));
    assert_false(signature_is_valid(public_key, text, sizeof text - 1, signature));
    for (size_t i = 0; i < sizeof text; i++) {
        text[i] ^= 1;
        assert_false(signature_is_valid(public_key, text, sizeof text, signature));
        text[i] ^= 1;
    }
    for (size_t i = 0; i < SIGNATURE_SIZE; i++) {
        signature[i] ^= 0x80;
        assert_false(signature_is_valid(public_key, text, sizeof text, signature));
        signature[i] ^= 0x80;
    }
    memset(other_public, 0xFF, sizeof other_public); /* no point of the curve */
    assert_false(signature_is_valid(other_public, text, sizeof text, signature));
    signing_key_destroy(key);
    signing_key_destroy(other);
    signing_key_destroy(NULL);
}

static void
a_saved_key_is_private_and_comes_back(void **state)
{
    char path[SCRATCH_PATH_SIZE];
    struct signing_key *key, *loaded;
    uint8_t before[PUBLIC_KEY_SIZE], after[PUBLIC_KEY_SIZE];
    struct stat information;
    scratch_path(*state, path, "till.key");
    assert_int_equal(signing_key_generate(&key, NULL), STATUS_OK);

    assert_int_equal(signing_key_save(key, path, NULL), STATUS_OK);
    assert_int_equal(signing_key_load(&loaded, path, NULL), STATUS_OK);

    assert_int_equal(stat(path, &information), 0);
    assert_int_equal(information.st_mode & 0777, 0600);
    assert_int_equal(information.st_size, 2 * SECRET_KEY_SIZE + 1);
    signing_key_public(key, before);
    signing_key_public(loaded, after);
    assert_memory_equal(before, after, PUBLIC_KEY_SIZE);
    signing_key_destroy(key);
    signing_key_destroy(loaded);
}

static void
a_key_that_others_may_read_is_refused(void **state)
{
    static const mode_t wrong[] = {0644, 0640, 0604, 0660, 0606, 0610, 0601, 0620, 0777};
    char path[SCRATCH_PATH_SIZE];
    struct error_detail err;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct signing_key *key = NULL;
        write_key(*state, path, "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60\n", wrong[i]);
        assert_int_equal(signing_key_load(&key, path, &err), STATUS_REFUSED);
        assert_string_equal(err.code, "key_is_readable");
        assert_non_null(strstr(err.message, path));
        assert_null(key);
    }
}

static void
what_is_not_a_key_is_refused_without_being_shown(void **state)
{
    static const char *const wrong[] = {
        "",
        "\n",
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f6",
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f600",
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f6g",
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60\nx",
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60\n\n",
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60 ",
        " 9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "-----BEGIN PRIVATE KEY-----\n",
    };
    char path[SCRATCH_PATH_SIZE];
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct signing_key *key = NULL;
        struct error_detail err;
        write_key(*state, path, wrong[i], 0600);
        assert_int_equal(signing_key_load(&key, path, &err), STATUS_INVALID);
        assert_string_equal(err.code, "not_a_key");
        assert_null(strstr(err.message, "9d61b19d"));
        assert_null(key);
    }
}

static void
a_key_that_is_not_there_is_not_found_and_a_folder_is_no_key(void **state)
{
    char path[SCRATCH_PATH_SIZE];
    struct signing_key *key = NULL;
    struct error_detail err;
    assert_int_equal(signing_key_load(&key, scratch_path(*state, path, "absent"), &err), STATUS_NOT_FOUND);
    assert_int_equal(mkdir(scratch_path(*state, path, "folder"), 0700), 0);
    assert_int_equal(signing_key_load(&key, path, &err), STATUS_INVALID);
    assert_int_equal(mkfifo(scratch_path(*state, path, "fifo"), 0600), 0);
    assert_int_equal(signing_key_load(&key, path, &err), STATUS_INVALID); /* and does not wait for a writer */
    assert_null(key);
}

static void
a_key_that_cannot_be_saved_says_so(void **state)
{
    char path[SCRATCH_PATH_SIZE];
    struct signing_key *key;
    assert_int_equal(signing_key_generate(&key, NULL), STATUS_OK);
    assert_int_equal(signing_key_save(key, scratch_path(*state, path, "no/such/folder"), NULL), STATUS_IO);
    signing_key_destroy(key);
}

static void
random_bytes_differ_each_time(void **state)
{
    (void)state;
    uint8_t a[32] = {0};
    uint8_t b[32] = {0};
    assert_int_equal(random_bytes(a, sizeof a, NULL), STATUS_OK);
    assert_int_equal(random_bytes(b, sizeof b, NULL), STATUS_OK);
    assert_memory_not_equal(a, b, sizeof a);
    assert_int_equal(random_bytes(a, 0, NULL), STATUS_OK);
}

static void
secrets_are_compared_whole_and_wiped_whole(void **state)
{
    (void)state;
    char secret[] = "0123456789";
    assert_true(secrets_are_equal("abc", "abc", 3));
    assert_false(secrets_are_equal("abc", "abd", 3));
    assert_false(secrets_are_equal("abc", "xbc", 3));
    assert_true(secrets_are_equal("abc", "xyz", 0));
    secret_wipe(secret, 10);
    for (size_t i = 0; i < 10; i++) {
        assert_int_equal(secret[i], 0);
    }
}

static void
a_password_and_a_pin_are_known_again(void **state)
{
    (void)state;
    char first[PASSWORD_HASH_TEXT_SIZE], second[PASSWORD_HASH_TEXT_SIZE], pin[PASSWORD_HASH_TEXT_SIZE];
    assert_int_equal(password_hash(first, "窓口 correct horse", NULL), STATUS_OK);
    assert_int_equal(password_hash(second, "窓口 correct horse", NULL), STATUS_OK);
    assert_int_equal(pin_hash(pin, "2580", NULL), STATUS_OK);
    assert_string_not_equal(first, second); /* salted */
    assert_int_equal(strncmp(first, "scrypt$32768$8$1$", 17), 0);
    assert_int_equal(strncmp(pin, "scrypt$16384$8$1$", 17), 0);
    assert_true(password_is_right(first, "窓口 correct horse"));
    assert_true(password_is_right(second, "窓口 correct horse"));
    assert_false(password_is_right(first, "窓口 correct horsf"));
    assert_false(password_is_right(first, ""));
    assert_true(password_is_right(pin, "2580"));
    assert_false(password_is_right(pin, "2581"));
}

/* Computed by another program (Python's hashlib.scrypt) with the salt 00 01 … 0f. */
static void
hashes_made_elsewhere_are_read(void **state)
{
    (void)state;
    assert_true(password_is_right("scrypt$16384$8$1$000102030405060708090a0b0c0d0e0f$"
                                  "b69ddc3e30c0623fe318932de97a974ffa3da9138559519d58b88d59342e53c4",
                                  "窓口-1234"));
    assert_true(password_is_right("scrypt$2$1$1$000102030405060708090a0b0c0d0e0f$"
                                  "7eba92921cb0de9e130bf748064da1eddcfc014a5b6032fd8e23a5f6fb1d76a9",
                                  ""));
    assert_true(password_is_right("scrypt$1024$16$4$000102030405060708090a0b0c0d0e0f$"
                                  "ece50564c6fa02e6c8bc056835d9e22aaae8fe103c58205c6607e2580f033ccc",
                                  "pässword"));
}

#define SALT "000102030405060708090a0b0c0d0e0f"
#define HASH "0000000000000000000000000000000000000000000000000000000000000000"

static void
hashes_that_would_exhaust_the_machine_or_are_malformed_are_wrong(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",
        "scrypt",
        "scrypt$",
        "scrypt$262144$8$1$" SALT "$" HASH, /* N > 2^17 */
        "scrypt$1073741824$8$1$" SALT "$" HASH,
        "scrypt$4294967296$8$1$" SALT "$" HASH,
        "scrypt$999999999999999999999$8$1$" SALT "$" HASH,
        "scrypt$-1$8$1$" SALT "$" HASH,
        "scrypt$0$8$1$" SALT "$" HASH,
        "scrypt$1$8$1$" SALT "$" HASH,
        "scrypt$+2$1$1$" SALT "$" HASH,
        "scrypt$ 2$1$1$" SALT "$" HASH,
        "scrypt$3$8$1$" SALT "$" HASH, /* no power of two */
        "scrypt$16384$17$1$" SALT "$" HASH,
        "scrypt$16384$0$1$" SALT "$" HASH,
        "scrypt$16384$8$5$" SALT "$" HASH,
        "scrypt$16384$8$0$" SALT "$" HASH,
        "scrypt$2$1$1$0001$" HASH,
        "scrypt$2$1$1$" SALT "$00",
        "scrypt$2$1$1$" SALT "$" HASH "0",
        "scrypt$2$1$1$" SALT "$" HASH " ",
        "scrypt$2$1$1$" SALT "0$" HASH,
        "scrypt$2$1$1$000102030405060708090A0B0C0D0E0F$" HASH,
        "scrypt$2$1$1$$" HASH,
        "bcrypt$2$1$1$" SALT "$" HASH,
        "plain",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_false(password_is_right(wrong[i], ""));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha256_gives_the_vectors_of_fips_180),
        cmocka_unit_test(sha256_of_pieces_is_that_of_the_whole),
        cmocka_unit_test(hmac_gives_the_vectors_of_rfc_4231),
        cmocka_unit_test_setup_teardown(ed25519_gives_the_vectors_of_rfc_8032, scratch_setup, scratch_teardown),
        cmocka_unit_test(a_signature_holds_for_its_bytes_its_key_and_nothing_else),
        cmocka_unit_test(a_key_of_small_order_signs_nothing),
        cmocka_unit_test_setup_teardown(a_saved_key_is_private_and_comes_back, scratch_setup, scratch_teardown),
        cmocka_unit_test_setup_teardown(a_key_that_others_may_read_is_refused, scratch_setup, scratch_teardown),
        cmocka_unit_test_setup_teardown(what_is_not_a_key_is_refused_without_being_shown, scratch_setup,
                                        scratch_teardown),
        cmocka_unit_test_setup_teardown(a_key_that_is_not_there_is_not_found_and_a_folder_is_no_key, scratch_setup,
                                        scratch_teardown),
        cmocka_unit_test_setup_teardown(a_key_that_cannot_be_saved_says_so, scratch_setup, scratch_teardown),
        cmocka_unit_test(random_bytes_differ_each_time),
        cmocka_unit_test(secrets_are_compared_whole_and_wiped_whole),
        cmocka_unit_test(a_password_and_a_pin_are_known_again),
        cmocka_unit_test(hashes_made_elsewhere_are_read),
        cmocka_unit_test(hashes_that_would_exhaust_the_machine_or_are_malformed_are_wrong),
    };
    return cmocka_run_group_tests_name("signing", tests, NULL, NULL);
}
