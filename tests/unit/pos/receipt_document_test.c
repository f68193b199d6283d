/* Papers from JSON: what is filled in, what is refused and how the mistake is named, and the command line around it. */
#include "pos/receipt/document.h"
#include "pos/receipt/receipt_command.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define FIXTURES MADOGUCHI_SOURCE_DIR "/tests/fixtures/receipts/"

#define BARE_SALE                                                                                                      \
    "{\"sale\":\"0193f1d2-7c00-7000-8000-000000000007\",\"receipt_number\":\"KO-01-20261122-0007\","                   \
    "\"received_on\":\"2026-11-22\",\"clerk\":\"sato\",\"lines\":[{\"item\":\"koseki\",\"name\":\"戸籍\","           \
    "\"unit_price_yen\":450,\"quantity\":1,\"amount_yen\":450,\"tax\":\"exempt\",\"account\":\"a\",\"section\":\"s\"," \
    "\"issuer\":\"koriyama\",\"exemption\":null}],\"total_yen\":450,\"taxes\":[{\"tax\":\"exempt\","                   \
    "\"issuer\":\"koriyama\",\"subject_yen\":450,\"tax_yen\":0}],"                                                     \
    "\"payment\":{\"method\":\"cash\",\"tendered_yen\":500,\"change_yen\":50}}"

static struct receipt_document *
read_document(const char *text)
{
    struct error_detail err = {0};
    struct receipt_document *document = NULL;
    if (receipt_document_read(&document, text, strlen(text), &err) != STATUS_OK) {
        fail_msg("%s", err.message);
    }
    return document;
}

static void
assert_refused(const char *text, const char *words)
{
    struct error_detail err = {0};
    struct receipt_document *document = NULL;
    assert_int_not_equal(receipt_document_read(&document, text, strlen(text), &err), STATUS_OK);
    assert_null(document);
    if (strstr(err.message, words) == NULL) {
        fail_msg("\"%s\" lacks \"%s\"", err.message, words);
    }
}

static void
a_bare_sale_is_filled_in_from_itself(void **state)
{
    (void)state;
    struct receipt_document *document = read_document(BARE_SALE);
    const struct receipt_input *input = receipt_document_input(document);

    assert_int_equal(input->form, RECEIPT_SALE);
    assert_string_equal(input->terminal, "KO-01");
    assert_string_equal(input->clerk_name, "sato");
    assert_string_equal(input->municipality_name, "");
    assert_int_equal(input->at_ms, 0);
    assert_int_equal(input->sale->content.total_yen, 450);

    receipt_document_destroy(document);
}

static void
a_journal_line_says_terminal_and_time(void **state)
{
    (void)state;
    struct receipt_document *document = read_document(
        "{\"sequence\":12,\"previous\":\"00\",\"terminal\":\"XX-09\",\"at\":\"2026-11-22T10:03:11.123+09:00\","
        "\"business_date\":\"2026-11-22\",\"kind\":\"sale.recorded\",\"body\":" BARE_SALE "}\n");
    const struct receipt_input *input = receipt_document_input(document);

    assert_string_equal(input->terminal, "XX-09");
    assert_int_equal(input->at_ms, INT64_C(1795309391123));

    receipt_document_destroy(document);
}

static void
a_line_that_is_no_paper_is_refused_by_its_kind(void **state)
{
    (void)state;
    assert_refused("{\"kind\":\"drawer.opened\",\"body\":{}}", "\"kind\" is \"drawer.opened\"");
}

static void
a_syntax_error_is_named_by_line_and_column(void **state)
{
    (void)state;
    assert_refused("{\"sale\":\n  {,}}", "line 2, column");
    assert_refused("", "line 1, column 1");
    assert_refused("[]", "must be an object");
}

static void
a_wrong_member_is_named(void **state)
{
    (void)state;
    assert_refused("{\"sale\":{}}", "sale: \"sale\" is missing");
    assert_refused("{\"place\":\"x\",\"sale\":{}}", "\"place\" is not a member");
    assert_refused("{\"terminal\":\"KO-01\"}", "\"sale\", \"in_doubt\" or \"day\" is missing");
    assert_refused("{\"copy\":-1,\"sale\":{}}", "\"copy\"");
    assert_refused("{\"at\":\"yesterday\",\"sale\":{}}", "\"at\" is \"yesterday\"");
    assert_refused("{\"issuers\":[{\"code\":\"a\",\"name\":\"b\"},{\"code\":\"c\"}],\"sale\":{}}",
                   "issuers[1]: \"name\" is missing");
    assert_refused("{\"in_doubt\":{\"payment\":\"x\"}}", "in_doubt: \"payment\"");
    assert_refused("{\"day\":{}}", "\"business_date\"");
    assert_refused("{\"day\":{},\"business_date\":\"2026-02-30\"}", "\"business_date\" is \"2026-02-30\"");
    assert_refused("{\"day\":{},\"business_date\":\"2026-11-22\"}", "day: \"first_sequence\" is missing");
}

static void
a_sale_whose_sums_differ_is_refused(void **state)
{
    (void)state;
    char text[sizeof BARE_SALE];
    memcpy(text, BARE_SALE, sizeof text);
    char *total = strstr(text, "\"total_yen\":450");
    total[strlen("\"total_yen\":4")] = '6';
    assert_refused(text, "sale: ");
}

/* Run the command with up to eight words behind "receipt"; its messages go nowhere. */
static int
run(const char *const words[8])
{
    char texts[9][256] = {"receipt"};
    char *arguments[10] = {texts[0]};
    int count = 1;
    for (size_t i = 0; i < 8 && words[i] != NULL; i++) {
        snprintf(texts[count], sizeof texts[count], "%s", words[i]);
        arguments[count] = texts[count];
        count++;
    }
    fflush(stdout);
    fflush(stderr);
    const int out = dup(STDOUT_FILENO);
    const int errors = dup(STDERR_FILENO);
    assert_non_null(freopen("/dev/null", "w", stdout));
    assert_non_null(freopen("/dev/null", "w", stderr));
    const int code = receipt_command(count, arguments);
    fflush(stdout);
    fflush(stderr);
    dup2(out, STDOUT_FILENO);
    dup2(errors, STDERR_FILENO);
    close(out);
    close(errors);
    return code;
}

static void
the_command_renders_every_form_to_a_file(void **state)
{
    (void)state;
    static const struct {
        const char *form;
        const char *begins;
    } forms[] = {{"escpos", "\x1b@"}, {"text", " "}, {"png", "\x89PNG"}};
    char path[] = "/tmp/madoguchi-receipt-XXXXXX";
    const int file = mkstemp(path);
    assert_true(file >= 0);
    close(file);
    for (size_t i = 0; i < 3; i++) {
        const char *const words[8] = {
            "--sale", FIXTURES "cash-koseki.json", "--as", forms[i].form, "--out", path, "--columns", "32"};
        struct buffer bytes;
        buffer_init(&bytes, 1024 * 1024);

        assert_int_equal(run(words), 0);
        assert_int_equal(buffer_read_file(&bytes, path, NULL), STATUS_OK);
        assert_true(bytes.length > 100);
        assert_memory_equal(bytes.data, forms[i].begins, strlen(forms[i].begins));

        buffer_finish(&bytes);
    }
    unlink(path);
}

static void
the_exit_code_tells_usage_input_and_files_apart(void **state)
{
    (void)state;
    const char *const help[8] = {"--help"};
    const char *const nothing[8] = {NULL};
    const char *const width[8] = {"--sale", "x", "--as", "text", "--columns", "40"};
    const char *const form[8] = {"--sale", "x", "--as", "pdf"};
    const char *const copy[8] = {"--sale", "x", "--as", "text", "--copy", "-1"};
    const char *const half[8] = {"--sale", FIXTURES "cash-koseki.json", "--as"};
    const char *const wrong[8] = {"--sale", FIXTURES "cash-koseki.48.txt", "--as", "text"};
    const char *const absent[8] = {"--sale", FIXTURES "absent.json", "--as", "text"};
    const char *const nowhere[8] = {"--sale", FIXTURES "cash-koseki.json", "--as", "escpos", "--out", "/nowhere/x"};

    assert_int_equal(run(help), 0);
    assert_int_equal(run(nothing), 2);
    assert_int_equal(run(width), 2);
    assert_int_equal(run(form), 2);
    assert_int_equal(run(copy), 2);
    assert_int_equal(run(half), 2);
    assert_int_equal(run(wrong), 3);
    assert_int_equal(run(absent), 4);
    assert_int_equal(run(nowhere), 4);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bare_sale_is_filled_in_from_itself),
        cmocka_unit_test(a_journal_line_says_terminal_and_time),
        cmocka_unit_test(a_line_that_is_no_paper_is_refused_by_its_kind),
        cmocka_unit_test(a_syntax_error_is_named_by_line_and_column),
        cmocka_unit_test(a_wrong_member_is_named),
        cmocka_unit_test(a_sale_whose_sums_differ_is_refused),
        cmocka_unit_test(the_command_renders_every_form_to_a_file),
        cmocka_unit_test(the_exit_code_tells_usage_input_and_files_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
