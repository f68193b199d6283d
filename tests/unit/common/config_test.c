/* A configuration is read as its table says, and every fault names its file and line. */
#include "common/config/config.h"

#include "tests/unit/common/failing_memory.h"
#include "tests/unit/common/scratch.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct config_key keys[] = {
    {"", "terminal", CONFIG_TEXT, NULL, 1, 16, "terminal id"},
    {"", "comment", CONFIG_TEXT, "none", 0, 0, "anything"},
    {"store", "path", CONFIG_PATH, "journal.db", 0, 0, "journal"},
    {"store", "readers", CONFIG_INTEGER, "4", 1, 64, "connections"},
    {"web", "port", CONFIG_INTEGER, "8080", 0, 65535, "TCP port"},
    {"web", "open", CONFIG_BOOLEAN, "no", 0, 0, "for other machines"},
    {"web", "title", CONFIG_TEXT, "", 0, 30, "may be empty"},
    {"web", "offset", CONFIG_INTEGER, "-5", -10, 10, "minutes"},
};
enum { KEYS = sizeof keys / sizeof keys[0] };

static enum status
load(void **state, const char *text, size_t length, struct config **out, struct error_detail *err)
{
    char path[SCRATCH_PATH_SIZE];
    scratch_write(scratch_path(*state, path, "pos.conf"), text, length);
    return config_load(out, path, keys, KEYS, err);
}

static struct config *
load_right(void **state, const char *text)
{
    struct config *config = NULL;
    struct error_detail err = {0};
    if (load(state, text, strlen(text), &config, &err) != STATUS_OK) {
        fail_msg("%s", err.message);
    }
    return config;
}

static void
values_are_read_by_section_and_name(void **state)
{
    struct config *config = load_right(state, "# the till at the counter\n"
                                              "terminal = KO-01\n"
                                              "\n"
                                              "  [store]  \n"
                                              "\treaders=8\t\n"
                                              "path = /var/lib/journal.db\n"
                                              "[web]\n"
                                              "open = yes\r\n"
                                              "title = 住民票 = 写し # 1\n"
                                              "offset = -10");
    assert_string_equal(config_text(config, "", "terminal"), "KO-01");
    assert_string_equal(config_text(config, "store", "path"), "/var/lib/journal.db");
    assert_int_equal(config_integer(config, "store", "readers"), 8);
    assert_true(config_boolean(config, "web", "open"));
    assert_string_equal(config_text(config, "web", "title"), "住民票 = 写し # 1");
    assert_int_equal(config_integer(config, "web", "offset"), -10);
    config_destroy(config);
}

static void
what_is_not_given_falls_back(void **state)
{
    char expected[SCRATCH_PATH_SIZE];
    struct config *config = load_right(state, "terminal = KO-01");
    assert_string_equal(config_text(config, "", "comment"), "none");
    assert_int_equal(config_integer(config, "store", "readers"), 4);
    assert_int_equal(config_integer(config, "web", "port"), 8080);
    assert_int_equal(config_integer(config, "web", "offset"), -5);
    assert_false(config_boolean(config, "web", "open"));
    assert_string_equal(config_text(config, "web", "title"), "");
    assert_string_equal(config_text(config, "store", "path"), scratch_path(*state, expected, "journal.db"));
    config_destroy(config);
}

static void
a_relative_path_counts_from_the_folder_of_the_file(void **state)
{
    char expected[SCRATCH_PATH_SIZE];
    struct config *config = load_right(state, "terminal = KO-01\n[store]\npath = data/../journal.db\n");
    assert_string_equal(config_text(config, "store", "path"), scratch_path(*state, expected, "data/../journal.db"));
    config_destroy(config);
}

static void
a_section_may_come_again_and_the_nameless_one_too(void **state)
{
    struct config *config =
        load_right(state, "[web]\nport = 1\n[store]\nreaders = 2\n[web]\nopen = yes\n[]\nterminal = KO-02\n");
    assert_int_equal(config_integer(config, "web", "port"), 1);
    assert_true(config_boolean(config, "web", "open"));
    assert_string_equal(config_text(config, "", "terminal"), "KO-02");
    config_destroy(config);
}

static void
every_fault_in_a_line_names_file_line_and_what(void **state)
{
    static const struct {
        const char *text;
        const char *code;
        unsigned line;
        const char *says;
    } cases[] = {
        {"terminal = KO-01\nnonsense\n", "config_line", 2, "key = value"},
        {"terminal = KO-01\n[web\n", "config_section", 2, "[name]"},
        {"terminal = KO-01\n[\n", "config_section", 2, "[name]"},
        {"terminal = KO-01\n[a section whose name is so long that no table of ours could ever hold it at all]\n",
         "config_section", 2, "[name]"},
        {"terminal = KO-01\n\n\nprot = 1\n", "config_unknown_key", 4, "\"prot\""},
        {"[web]\nterminal = KO-01\n", "config_unknown_key", 2, "[web]"},
        {"[wbe]\nport = 1\n", "config_unknown_key", 2, "[wbe]"},
        {"= 1\n", "config_unknown_key", 1, "\"\""},
        {"terminal = A\nterminal = A\n", "config_twice", 2, "line 1"},
        {"terminal =\n", "config_value", 1, "1 to 16"},
        {"terminal = 01234567890123456\n", "config_value", 1, "1 to 16"},
        {"[web]\nport = 65536\n", "config_value", 2, "0 to 65535"},
        {"[web]\nport = -1\n", "config_value", 2, "0 to 65535"},
        {"[web]\nport = 80x\n", "config_value", 2, "0 to 65535"},
        {"[web]\nport = 0x50\n", "config_value", 2, "0 to 65535"},
        {"[web]\nport = 8 0\n", "config_value", 2, "0 to 65535"},
        {"[web]\nport = +80\n", "config_value", 2, "0 to 65535"},
        {"[web]\nport =\n", "config_value", 2, "0 to 65535"},
        {"[web]\nport = -\n", "config_value", 2, "0 to 65535"},
        {"[web]\nport = 99999999999999999999999\n", "config_value", 2, "0 to 65535"},
        {"[web]\nport = 80 # http\n", "config_value", 2, "0 to 65535"},
        {"[web]\nopen = true\n", "config_value", 2, "yes or no"},
        {"[web]\nopen = Yes\n", "config_value", 2, "yes or no"},
        {"[web]\nopen =\n", "config_value", 2, "yes or no"},
        {"[store]\npath =\n", "config_value", 2, "1 to 1024"},
        {"terminal = KO-01\ncomment = \xE3\x81\n", "config_encoding", 2, "UTF-8"},
        {"terminal = KO-01\n\ncomment = \x8B\xE0\nx\n", "config_encoding", 3, "UTF-8"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct config *config = NULL;
        struct error_detail err = {0};
        char place[32];
        assert_int_equal(load(state, cases[i].text, strlen(cases[i].text), &config, &err), STATUS_INVALID);
        snprintf(place, sizeof place, "/pos.conf:%u: ", cases[i].line);
        assert_string_equal(err.code, cases[i].code);
        assert_int_equal(err.line, cases[i].line);
        assert_non_null(strstr(err.message, place));
        assert_non_null(strstr(err.message, cases[i].says));
        assert_null(config);
    }
}

static void
a_nul_in_the_file_is_refused_with_its_line(void **state)
{
    static const char text[] = "terminal = KO-01\ncomment = a\0b\n";
    struct config *config = NULL;
    struct error_detail err;
    assert_int_equal(load(state, text, sizeof text - 1, &config, &err), STATUS_INVALID);
    assert_int_equal(err.line, 2);
    assert_null(config);
}

static void
a_required_key_that_is_missing_is_named_with_its_section_and_meaning(void **state)
{
    struct config *config = NULL;
    struct error_detail err;
    assert_int_equal(load(state, "[web]\nport = 1\n", 15, &config, &err), STATUS_INVALID);
    assert_string_equal(err.code, "config_missing");
    assert_non_null(strstr(err.message, "/pos.conf: "));
    assert_non_null(strstr(err.message, "\"terminal\""));
    assert_non_null(strstr(err.message, "terminal id"));
    assert_null(config);
    assert_int_equal(load(state, "", 0, &config, &err), STATUS_INVALID);
    assert_string_equal(err.code, "config_missing");
}

static void
a_file_that_is_not_there_or_too_large_is_told(void **state)
{
    char path[SCRATCH_PATH_SIZE];
    char *large = malloc(300000);
    struct config *config = NULL;
    struct error_detail err;
    assert_non_null(large);
    assert_int_equal(config_load(&config, scratch_path(*state, path, "absent.conf"), keys, KEYS, &err),
                     STATUS_NOT_FOUND);
    assert_non_null(strstr(err.message, "absent.conf"));
    memset(large, '\n', 300000);
    assert_int_equal(load(state, large, 300000, &config, &err), STATUS_OVERFLOW);
    assert_null(config);
    config_destroy(NULL);
    free(large);
}

static void
want_of_memory_at_any_point_is_told_and_leaks_nothing(void **state)
{
    static const char text[] = "terminal = KO-01\n[web]\nport = 1\ntitle = t\n";
    char path[SCRATCH_PATH_SIZE];
    scratch_write(scratch_path(*state, path, "pos.conf"), text, sizeof text - 1);
    struct config *config = NULL;
    unsigned failures = 0;
    enum status status = STATUS_NO_MEMORY;
    while (status != STATUS_OK) {
        failures++;
        memory_fail_from(failures);
        status = config_load(&config, path, keys, KEYS, NULL);
        memory_fail_from(0);
        assert_true(status == STATUS_OK || status == STATUS_NO_MEMORY || status == STATUS_OVERFLOW);
    }
    assert_true(failures > 5);
    config_destroy(config);
}

static void
the_reference_names_every_key_with_its_meaning_and_fallback(void **state)
{
    char path[SCRATCH_PATH_SIZE];
    char text[2000];
    scratch_path(*state, path, "reference");
    fflush(stdout);
    int before = dup(STDOUT_FILENO);
    int file = open(path, O_RDWR | O_CREAT, 0600);
    dup2(file, STDOUT_FILENO);
    config_print_reference(keys, KEYS);
    fflush(stdout);
    dup2(before, STDOUT_FILENO);
    close(before);
    ssize_t length = pread(file, text, sizeof text - 1, 0);
    close(file);
    assert_true(length > 0);
    text[length] = '\0';
    assert_non_null(strstr(text, "# terminal id\nterminal = (required)\n"));
    assert_non_null(strstr(text, "\n[store]\n# journal\npath = journal.db\n"));
    assert_non_null(strstr(text, "\n[web]\n# TCP port\nport = 8080\n"));
}

#define WITH_A_FOLDER(test) cmocka_unit_test_setup_teardown(test, scratch_setup, scratch_teardown)

static void
a_value_that_only_its_user_finds_wrong_names_its_line_too(void **state)
{
    struct config *config = load_right(state, "terminal = KO-01\n[web]\ntitle = jp\n");
    struct error_detail err = {0};

    assert_int_equal(config_reject(config, "web", "title", &err, "= %s is not known", "jp"), STATUS_INVALID);
    assert_non_null(strstr(err.message, "pos.conf:3: title = jp is not known"));
    assert_int_equal(err.line, 3);

    assert_int_equal(config_reject(config, "web", "port", &err, "is taken"), STATUS_INVALID);
    assert_non_null(strstr(err.message, "pos.conf: port is taken"));
    assert_int_equal(err.line, 0);
    config_destroy(config);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_A_FOLDER(values_are_read_by_section_and_name),
        WITH_A_FOLDER(a_value_that_only_its_user_finds_wrong_names_its_line_too),
        WITH_A_FOLDER(what_is_not_given_falls_back),
        WITH_A_FOLDER(a_relative_path_counts_from_the_folder_of_the_file),
        WITH_A_FOLDER(a_section_may_come_again_and_the_nameless_one_too),
        WITH_A_FOLDER(every_fault_in_a_line_names_file_line_and_what),
        WITH_A_FOLDER(a_nul_in_the_file_is_refused_with_its_line),
        WITH_A_FOLDER(a_required_key_that_is_missing_is_named_with_its_section_and_meaning),
        WITH_A_FOLDER(a_file_that_is_not_there_or_too_large_is_told),
        WITH_A_FOLDER(want_of_memory_at_any_point_is_told_and_leaks_nothing),
        WITH_A_FOLDER(the_reference_names_every_key_with_its_meaning_and_fallback),
    };
    return cmocka_run_group_tests_name("config", tests, NULL, NULL);
}
