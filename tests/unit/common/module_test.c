/* Parts of the program that are loaded when they are first used. */
#include "common/http/curl_client.h"
#include "common/module/module.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void
a_part_that_is_there_gives_its_table_and_keeps_it(void **state)
{
    (void)state;
    static struct module client = MODULE_INIT(HTTP_CLIENT_MODULE, struct curl_client_operations);
    const void *first = NULL, *again = NULL;
    assert_int_equal(module_look(HTTP_CLIENT_MODULE, NULL), STATUS_OK);
    assert_null(client.operations); /* looking loads nothing */
    assert_int_equal(module_operations(&client, &first, NULL), STATUS_OK);
    assert_int_equal(module_operations(&client, &again, NULL), STATUS_OK);
    assert_non_null(first);
    assert_ptr_equal(first, again);
}

static void
a_part_that_is_missing_is_named(void **state)
{
    (void)state;
    struct error_detail err;
    static struct module absent = MODULE_INIT("absent_part", struct curl_client_operations);
    const void *operations = &absent;
    assert_int_equal(module_look("absent_part", &err), STATUS_NOT_FOUND);
    assert_int_equal(module_operations(&absent, &operations, &err), STATUS_NOT_FOUND);
    assert_string_equal(err.code, "no_module");
    assert_non_null(strstr(err.message, "absent_part.so"));
    assert_ptr_equal(operations, &absent); /* written on success only */
}

static void
a_part_of_another_build_is_refused(void **state)
{
    (void)state;
    struct error_detail err;
    struct larger {
        struct curl_client_operations operations;
        void (*another)(void);
    };
    static struct module other = MODULE_INIT(HTTP_CLIENT_MODULE, struct larger);
    const void *operations = NULL;
    assert_int_equal(module_operations(&other, &operations, &err), STATUS_INVALID);
    assert_string_equal(err.code, "wrong_module");
    assert_null(operations);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_part_that_is_there_gives_its_table_and_keeps_it),
        cmocka_unit_test(a_part_that_is_missing_is_named),
        cmocka_unit_test(a_part_of_another_build_is_refused),
    };
    return cmocka_run_group_tests_name("module", tests, NULL, NULL);
}
