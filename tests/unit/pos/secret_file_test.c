/* Files of secrets as people leave them. */
#include "pos/commands/settings.h"

#include <fcntl.h>
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

enum { PATH_BYTES = 64 };

/* The outcome of loading LENGTH BYTES from a file with MODE; the secret in OUT. */
static enum status
load(const char *bytes, size_t length, mode_t mode, char out[SECRET_SIZE])
{
    char path[PATH_BYTES] = "/tmp/secret-file-XXXXXX";
    struct error_detail err;
    const int file = mkstemp(path);
    assert_true(file >= 0);
    assert_int_equal(write(file, bytes, length), length);
    assert_int_equal(fchmod(file, mode), 0);
    close(file);
    const enum status status = secret_load(out, path, &err);
    unlink(path);
    return status;
}

#define LOAD(text, mode, out) load(text, sizeof(text) - 1, mode, out)

static void
a_secret_is_one_line_with_or_without_its_end(void **state)
{
    (void)state;
    char secret[SECRET_SIZE];
    assert_int_equal(LOAD("s.t", 0600, secret), STATUS_OK);
    assert_string_equal(secret, "s.t");
    assert_int_equal(LOAD("s.t\n", 0600, secret), STATUS_OK);
    assert_string_equal(secret, "s.t");
    assert_int_equal(LOAD("s.t\r\n", 0400, secret), STATUS_OK);
    assert_string_equal(secret, "s.t");
}

static void
what_stands_behind_or_within_the_line_is_refused_and_not_cut_off(void **state)
{
    (void)state;
    char secret[SECRET_SIZE];
    assert_int_equal(LOAD("", 0600, secret), STATUS_INVALID);
    assert_int_equal(LOAD("\n", 0600, secret), STATUS_INVALID);
    assert_int_equal(LOAD("s.t\nmore\n", 0600, secret), STATUS_INVALID);
    assert_string_equal(secret, "");
    assert_int_equal(LOAD("s.t\0more", 0600, secret), STATUS_INVALID);
    assert_int_equal(LOAD("s.t\x1b[2J\n", 0600, secret), STATUS_INVALID);
}

static void
a_secret_that_others_may_read_is_refused(void **state)
{
    (void)state;
    char secret[SECRET_SIZE];
    assert_int_equal(LOAD("s.t\n", 0640, secret), STATUS_REFUSED);
    assert_int_equal(LOAD("s.t\n", 0604, secret), STATUS_REFUSED);
}

/* It would wait for a writer who never comes, and no signal of the till would end it. */
static void
a_fifo_is_no_file_for_a_secret(void **state)
{
    (void)state;
    char secret[SECRET_SIZE];
    char folder[PATH_BYTES] = "/tmp/secret-folder-XXXXXX";
    char path[PATH_BYTES + 8];
    struct error_detail err;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/fifo", folder);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_int_equal(secret_load(secret, path, &err), STATUS_REFUSED);
    assert_string_equal(err.code, "secret_is_no_file");
    unlink(path);
    rmdir(folder);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_secret_is_one_line_with_or_without_its_end),
        cmocka_unit_test(what_stands_behind_or_within_the_line_is_refused_and_not_cut_off),
        cmocka_unit_test(a_secret_that_others_may_read_is_refused),
        cmocka_unit_test(a_fifo_is_no_file_for_a_secret),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
