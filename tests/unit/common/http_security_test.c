/* Whom the client believes: what can be said without a peer. The peers stand in tests/scenario. */
#include "common/bytes/buffer.h"
#include "common/http/client.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = "/tmp/madoguchi-http-XXXXXX";
static char key[sizeof folder + 16];

static int
make_folder(void **state)
{
    (void)state;
    struct error_detail err;
    assert_non_null(mkdtemp(folder));
    snprintf(key, sizeof key, "%s/key.pem", folder);
    return file_write_durably(key, "x", 1, 0600, &err) == STATUS_OK ? 0 : -1;
}

static int
remove_folder(void **state)
{
    (void)state;
    unlink(key);
    return rmdir(folder);
}

static void
a_key_that_others_may_read_is_refused(void **state)
{
    (void)state;
    struct http_client *client = NULL;
    struct error_detail err;
    const struct http_security security = {.key_file = key};

    assert_int_equal(http_client_create_secure(&client, &security, &err), STATUS_OK);
    http_client_destroy(client);
    client = NULL;

    static const mode_t wrong[] = {0640, 0604, 0610, 0602};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_equal(chmod(key, wrong[i]), 0);
        assert_int_equal(http_client_create_secure(&client, &security, &err), STATUS_REFUSED);
        assert_non_null(strstr(err.message, key));
        assert_null(client);
    }
    assert_int_equal(chmod(key, 0600), 0);
}

static void
a_file_that_is_not_there_is_found_at_the_start(void **state)
{
    (void)state;
    struct http_client *client = NULL;
    struct error_detail err;
    const struct http_security security = {.ca_file = "/nowhere/ca.pem"};

    assert_int_equal(http_client_create_secure(&client, &security, &err), STATUS_NOT_FOUND);
    assert_null(client);
}

static void
a_secret_is_sent_in_the_clear_on_this_computer_only(void **state)
{
    (void)state;
    static const char *const good[] = {"https://api.example.jp", "http://127.0.0.1:8110", "http://localhost/x",
                                       "http://[::1]:80/"};
    static const char *const bad[] = {"http://api.example.jp",         "http://127.0.0.1.example.jp/",
                                      "http://localhost.example.jp",   "ftp://127.0.0.1/",
                                      "http://127.0.0.1:1@example.jp", ""};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_true(http_url_keeps_secrets(good[i]));
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(http_url_keeps_secrets(bad[i]));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_that_others_may_read_is_refused),
        cmocka_unit_test(a_file_that_is_not_there_is_found_at_the_start),
        cmocka_unit_test(a_secret_is_sent_in_the_clear_on_this_computer_only),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
