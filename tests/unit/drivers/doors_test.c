/* The four doors: what they refuse, bound and correct, whatever the implementation behind them does. */
#include "drivers/payment_terminal/brand_operations.h"
#include "drivers/payment_terminal/payment_terminal_driver.h"
#include "drivers/printer/printer_driver.h"
#include "drivers/scanner/scanner_driver.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---- a printer that answers as it is told ---- */

struct fake_printer {
    struct printer base;
    enum status status;
    enum print_outcome outcome;
    unsigned timeout_ms;
    int calls;
};

static enum status
fake_printer_query(struct printer *printer, unsigned timeout_ms, struct printer_state *out, struct error_detail *err)
{
    (void)err;
    struct fake_printer *fake = (struct fake_printer *)printer;
    fake->timeout_ms = timeout_ms;
    out->paper_is_out = true;
    return fake->status;
}

static enum status
fake_printer_print(struct printer *printer, uint64_t job_id, const void *bytes, size_t length, unsigned timeout_ms,
                   enum print_outcome *out_outcome, struct error_detail *err)
{
    (void)job_id, (void)bytes, (void)length, (void)err;
    struct fake_printer *fake = (struct fake_printer *)printer;
    fake->timeout_ms = timeout_ms;
    fake->calls++;
    *out_outcome = fake->outcome;
    return fake->status;
}

static void
fake_printer_close(struct printer *printer)
{
    (void)printer;
}

static const struct printer_driver fake_printer_driver = {
    .name = "fake", .query = fake_printer_query, .print = fake_printer_print, .close = fake_printer_close};

static void
status_and_outcome_of_a_print_never_contradict(void **state)
{
    (void)state;
    struct fake_printer fake = {.base = {.driver = &fake_printer_driver}};
    enum print_outcome outcome;

    fake.status = STATUS_OK;
    fake.outcome = PRINT_UNKNOWN;
    assert_int_equal(printer_print(&fake.base, 1, "x", 1, 100, &outcome, NULL), STATUS_IO);
    assert_int_equal(outcome, PRINT_UNKNOWN);

    fake.status = STATUS_IO;
    fake.outcome = PRINT_DONE;
    assert_int_equal(printer_print(&fake.base, 1, "x", 1, 100, &outcome, NULL), STATUS_IO);
    assert_int_equal(outcome, PRINT_UNKNOWN);
}

static void
an_empty_or_huge_job_does_not_reach_the_printer(void **state)
{
    (void)state;
    struct fake_printer fake = {.base = {.driver = &fake_printer_driver}};
    enum print_outcome outcome = PRINT_DONE;

    assert_int_equal(printer_print(&fake.base, 1, "", 0, 100, &outcome, NULL), STATUS_INVALID);
    assert_int_equal(outcome, PRINT_NOT_DONE);
    assert_int_equal(printer_print(&fake.base, 1, "", (size_t)1 << 30, 100, &outcome, NULL), STATUS_OVERFLOW);
    assert_int_equal(outcome, PRINT_NOT_DONE);
    assert_int_equal(fake.calls, 0);
}

static void
no_caller_can_wait_for_ever(void **state)
{
    (void)state;
    struct fake_printer fake = {.base = {.driver = &fake_printer_driver}, .outcome = PRINT_DONE};
    enum print_outcome outcome;

    assert_int_equal(printer_print(&fake.base, 1, "x", 1, UINT_MAX, &outcome, NULL), STATUS_OK);

    assert_true(fake.timeout_ms < UINT_MAX);
}

static void
a_query_that_failed_leaves_the_state_alone(void **state)
{
    (void)state;
    struct fake_printer fake = {.base = {.driver = &fake_printer_driver}, .status = STATUS_DEVICE_GONE};
    struct printer_state before = {.is_online = true};

    assert_int_equal(printer_query(&fake.base, 100, &before, NULL), STATUS_DEVICE_GONE);

    assert_true(before.is_online);
    assert_false(before.paper_is_out);
}

static void
a_state_refuses_in_the_order_in_which_people_act(void **state)
{
    (void)state;
    struct printer_state printer = {.is_known = true, .is_online = false, .cover_is_open = true, .paper_is_out = true};

    assert_int_equal(printer_state_refuses(&printer, NULL), STATUS_COVER_OPEN);
    printer.cover_is_open = false;
    assert_int_equal(printer_state_refuses(&printer, NULL), STATUS_PAPER_OUT);
    printer.paper_is_out = false;
    assert_int_equal(printer_state_refuses(&printer, NULL), STATUS_BUSY);
    printer.is_online = true;
    printer.paper_is_near_end = true;
    assert_int_equal(printer_state_refuses(&printer, NULL), STATUS_OK);
    printer.is_known = false;
    printer.paper_is_out = true;
    assert_int_equal(printer_state_refuses(&printer, NULL), STATUS_OK);
}

/* ---- a scanner with a list of codes ---- */

struct fake_scanner {
    struct scanner base;
    const char *const *codes; /* NULL-terminated */
};

static enum status
fake_scanner_wait(struct scanner *scanner, unsigned timeout_ms, struct scanned_code *out, struct error_detail *err)
{
    (void)timeout_ms, (void)err;
    struct fake_scanner *fake = (struct fake_scanner *)scanner;
    if (*fake->codes == NULL) {
        return STATUS_NOT_FOUND;
    }
    out->length = strlen(*fake->codes);
    memcpy(out->text, *fake->codes, out->length + 1);
    fake->codes++;
    return STATUS_OK;
}

static void
fake_scanner_nothing(struct scanner *scanner)
{
    (void)scanner;
}

static const struct scanner_driver fake_scanner_driver = {
    .name = "fake", .wait = fake_scanner_wait, .interrupt = fake_scanner_nothing, .close = fake_scanner_nothing};

static void
a_code_read_again_at_once_is_one_scan(void **state)
{
    (void)state;
    static const char *const codes[] = {"123", "123", "123", "456", "123", NULL};
    struct fake_scanner fake = {.base = {.driver = &fake_scanner_driver}, .codes = codes};
    struct scanned_code code;

    assert_int_equal(scanner_wait(&fake.base, 5000, &code, NULL), STATUS_OK);
    assert_string_equal(code.text, "123");
    assert_int_equal(scanner_wait(&fake.base, 5000, &code, NULL), STATUS_OK);
    assert_string_equal(code.text, "456");
    assert_int_equal(scanner_wait(&fake.base, 5000, &code, NULL), STATUS_OK);
    assert_string_equal(code.text, "123");
    assert_int_equal(scanner_wait(&fake.base, 5000, &code, NULL), STATUS_NOT_FOUND);
}

static void
a_code_read_again_after_the_window_is_a_second_scan(void **state)
{
    (void)state;
    static const char *const codes[] = {"123", "123", NULL};
    struct fake_scanner fake = {.base = {.driver = &fake_scanner_driver}, .codes = codes};
    struct scanned_code code;

    assert_int_equal(scanner_wait(&fake.base, 5000, &code, NULL), STATUS_OK);
    fake.base.last_at_ms -= SCANNER_REPEAT_WINDOW_MS;
    assert_int_equal(scanner_wait(&fake.base, 5000, &code, NULL), STATUS_OK);
}

static void
the_scanner_keeps_no_code(void **state)
{
    (void)state;
    static const char *const codes[] = {"9000818112345678", NULL};
    struct fake_scanner fake = {.base = {.driver = &fake_scanner_driver}, .codes = codes};
    struct scanned_code code;

    assert_int_equal(scanner_wait(&fake.base, 5000, &code, NULL), STATUS_OK);

    assert_true(fake.base.has_last);
    for (size_t i = 0; i + 4 <= sizeof fake.base.last_digest; i++) {
        assert_memory_not_equal(fake.base.last_digest + i, "9000", 4);
    }
}

static void
a_code_with_control_characters_is_refused(void **state)
{
    (void)state;
    static const char *const codes[] = {"12\r3", "", NULL};
    struct fake_scanner fake = {.base = {.driver = &fake_scanner_driver}, .codes = codes};
    struct scanned_code code = {.text = "before"};

    assert_int_equal(scanner_wait(&fake.base, 5000, &code, NULL), STATUS_INVALID);
    assert_int_equal(scanner_wait(&fake.base, 5000, &code, NULL), STATUS_INVALID);
    assert_string_equal(code.text, "before");
}

/* ---- a terminal with a prepared answer ---- */

struct fake_terminal {
    struct payment_terminal base;
    struct terminal_answer answer;
    const char *sentence;
    int sales;
};

static void
fake_terminal_sale(struct payment_terminal *terminal, const struct terminal_request *request, unsigned timeout_ms,
                   struct terminal_answer *out, struct error_detail *err)
{
    (void)request, (void)timeout_ms;
    struct fake_terminal *fake = (struct fake_terminal *)terminal;
    fake->sales++;
    *out = fake->answer;
    if (fake->sentence != NULL) {
        error_set(err, "fake", "%s", fake->sentence);
    }
}

static void
fake_terminal_query(struct payment_terminal *terminal, const char *reference, unsigned timeout_ms,
                    struct terminal_answer *out, struct error_detail *err)
{
    (void)reference, (void)timeout_ms, (void)err;
    *out = ((struct fake_terminal *)terminal)->answer;
}

static enum status
fake_terminal_log(struct payment_terminal *terminal, unsigned timeout_ms, struct terminal_log_line *lines,
                  size_t capacity, size_t *out_count, struct error_detail *err)
{
    (void)terminal, (void)timeout_ms, (void)err;
    assert_true(capacity >= 2);
    memset(lines, 0, 2 * sizeof *lines);
    memcpy(lines[0].reference, "41111111-1111-7111-8111-111111111111", 37);
    memcpy(lines[1].reference, "4111111111111111", 17);
    *out_count = 2;
    return STATUS_OK;
}

static const struct payment_terminal_driver fake_terminal_driver = {.name = "fake",
                                                                    .sale = fake_terminal_sale,
                                                                    .query = fake_terminal_query,
                                                                    .reverse = fake_terminal_query,
                                                                    .daily_log = fake_terminal_log};

static struct terminal_request
good_request(void)
{
    return (struct terminal_request){
        .reference = "ref-1", .sequence_number = 1, .amount_yen = 450, .media = TERMINAL_CREDIT, .brand = "visa"};
}

static struct fake_terminal
approving_terminal(void)
{
    return (struct fake_terminal){
        .base = {.driver = &fake_terminal_driver},
        .answer = {.result = TERMINAL_APPROVED, .amount_yen = 450, .masked_number = "432112xxxxxx1234"}};
}

static void
an_impossible_request_never_leaves(void **state)
{
    (void)state;
    struct fake_terminal fake = approving_terminal();
    struct terminal_request requests[9];
    struct terminal_answer answer;
    for (size_t i = 0; i < 9; i++) {
        requests[i] = good_request();
    }
    requests[0].amount_yen = 0;
    requests[1].amount_yen = -1;
    requests[2].amount_yen = TERMINAL_AMOUNT_MAX_YEN + 1;
    requests[3].sequence_number = 0;
    requests[4].sequence_number = TERMINAL_SEQUENCE_MAX + 1;
    requests[5].reference[0] = '\0';
    memcpy(requests[6].reference, "a b", 4);
    requests[7].brand[0] = '\0';
    memset(requests[8].reference, 'x', sizeof requests[8].reference);

    for (size_t i = 0; i < 9; i++) {
        payment_terminal_sale(&fake.base, &requests[i], 100, &answer, NULL);
        assert_int_equal(answer.result, TERMINAL_NOT_ALLOWED);
    }
    assert_int_equal(fake.sales, 0);
}

static void
an_approval_of_another_amount_is_unknown(void **state)
{
    (void)state;
    struct fake_terminal fake = approving_terminal();
    const struct terminal_request request = good_request();
    struct terminal_answer answer;
    struct error_detail err;
    fake.answer.amount_yen = 4500;

    payment_terminal_sale(&fake.base, &request, 100, &answer, &err);

    assert_int_equal(answer.result, TERMINAL_UNKNOWN);
    assert_string_equal(err.code, "terminal_amount_differs");
}

static void
a_terminal_that_trains_when_we_do_not_or_the_other_way_round_is_not_believed(void **state)
{
    (void)state;
    struct fake_terminal fake = approving_terminal();
    const struct terminal_request request = good_request();
    struct terminal_answer answer;
    struct error_detail err;

    fake.answer.is_training = true;
    payment_terminal_sale(&fake.base, &request, 100, &answer, &err);
    assert_int_equal(answer.result, TERMINAL_UNKNOWN);
    assert_string_equal(err.code, "terminal_training_differs");
    payment_terminal_set_training(&fake.base, true);
    payment_terminal_sale(&fake.base, &request, 100, &answer, &err);
    assert_int_equal(answer.result, TERMINAL_APPROVED);
    fake.answer.is_training = false;
    payment_terminal_sale(&fake.base, &request, 100, &answer, &err);
    assert_int_equal(answer.result, TERMINAL_UNKNOWN);
    assert_int_equal(answer.amount_yen, 0);
}

static void
the_matrix_says_what_each_brand_can_do(void **state)
{
    (void)state;

    assert_false(brand_operations_of("edy")->can_void);
    assert_false(brand_operations_of("nanaco")->can_void);
    assert_true(brand_operations_of("transit_ic")->can_void);
    assert_false(brand_operations_of("transit_ic")->can_refund);
    assert_true(brand_operations_of("visa")->can_refund);
    assert_true(brand_operations_of("id")->runs_again);
    assert_false(brand_operations_of("id")->has_balance);
    assert_true(brand_operations_of("a_new_credit_brand")->can_void);
}

static void
an_impossible_refund_never_leaves(void **state)
{
    (void)state;
    struct fake_terminal fake = approving_terminal(); /* it has no refund: to get there would be a crash */
    const struct terminal_refund good = {
        .reference = "r-1", .sale = "s-1", .sequence_number = 1, .amount_yen = 1, .brand = "visa"};
    struct terminal_refund refunds[] = {good, good, good, good, good};
    struct terminal_answer answer;
    refunds[0].amount_yen = 0;
    memcpy(refunds[1].sale, "r-1", 4);
    refunds[2].sale[0] = '\0';
    memcpy(refunds[3].brand, "edy", 4);
    refunds[4].sequence_number = 0;

    for (size_t i = 0; i < sizeof refunds / sizeof refunds[0]; i++) {
        payment_terminal_refund(&fake.base, &refunds[i], 100, &answer, NULL);
        assert_int_equal(answer.result, TERMINAL_NOT_ALLOWED);
    }
}

static void
a_sale_in_doubt_may_name_no_amount_but_no_other(void **state)
{
    (void)state;
    struct fake_terminal fake = approving_terminal();
    const struct terminal_request request = good_request();
    struct terminal_answer answer;
    fake.answer.result = TERMINAL_IN_DOUBT;

    fake.answer.amount_yen = 0;
    payment_terminal_sale(&fake.base, &request, 100, &answer, NULL);
    assert_int_equal(answer.result, TERMINAL_IN_DOUBT);
    fake.answer.amount_yen = 451;
    payment_terminal_sale(&fake.base, &request, 100, &answer, NULL);
    assert_int_equal(answer.result, TERMINAL_UNKNOWN);
}

static void
a_card_number_in_an_answer_makes_it_unknown_and_is_gone(void **state)
{
    (void)state;
    struct fake_terminal fake = approving_terminal();
    const struct terminal_request request = good_request();
    struct terminal_answer answer;
    memcpy(fake.answer.masked_number, "4111 1111 1111 1111", 20);

    payment_terminal_sale(&fake.base, &request, 100, &answer, NULL);

    assert_int_equal(answer.result, TERMINAL_UNKNOWN);
    assert_string_equal(answer.masked_number, "");
    payment_terminal_query(&fake.base, "ref-1", 100, &answer, NULL);
    assert_int_equal(answer.result, TERMINAL_UNKNOWN);
}

static void
a_centres_number_that_reads_like_a_card_is_left_out_and_the_answer_counts(void **state)
{
    (void)state;
    struct fake_terminal fake = approving_terminal();
    const struct terminal_request request = good_request();
    struct terminal_answer answer;
    memcpy(fake.answer.slip_number, "4111111111111111", 17);
    memcpy(fake.answer.approval_code, "4111 1111 1111 1111", 20);
    memcpy(fake.answer.acquirer_reference, "P4111111111111111", 18);

    payment_terminal_sale(&fake.base, &request, 100, &answer, NULL);

    assert_int_equal(answer.result, TERMINAL_APPROVED);
    assert_string_equal(answer.slip_number, "");
    assert_string_equal(answer.approval_code, "");
    assert_string_equal(answer.acquirer_reference, "");
}

static void
a_card_number_in_disguise_is_left_out_as_well(void **state)
{
    (void)state;
    struct fake_terminal fake = approving_terminal();
    const struct terminal_request request = good_request();
    struct terminal_answer answer;
    snprintf(fake.answer.slip_number, sizeof fake.answer.slip_number, "4111.1111.1111.1111");
    snprintf(fake.answer.approval_code, sizeof fake.answer.approval_code, "４２２２２２２２２２２２２");
    snprintf(fake.answer.acquirer_reference, sizeof fake.answer.acquirer_reference, "41111111 11111111");

    payment_terminal_sale(&fake.base, &request, 100, &answer, NULL);

    assert_int_equal(answer.result, TERMINAL_APPROVED);
    assert_string_equal(answer.slip_number, "");
    assert_string_equal(answer.approval_code, "");
    assert_string_equal(answer.acquirer_reference, "");
}

static void
a_sentence_loses_its_card_number(void **state)
{
    (void)state;
    struct fake_terminal fake = approving_terminal();
    const struct terminal_request request = good_request();
    struct terminal_answer answer;
    struct error_detail err;
    fake.answer.result = TERMINAL_CENTER_ERROR;
    fake.sentence = "card 4111111111111111 refused";

    payment_terminal_sale(&fake.base, &request, 100, &answer, &err);

    assert_int_equal(answer.result, TERMINAL_CENTER_ERROR);
    assert_null(strstr(err.message, "411111111111"));
}

static void
a_masked_number_shows_six_and_four_at_most(void **state)
{
    (void)state;
    static const struct {
        const char *given;
        const char *kept;
    } rows[] = {
        {"432112xxxxxx1234", "432112xxxxxx1234"}, {"43211234xxxx1234", "432112xxxxxx1234"},
        {"************1234", "************1234"}, {"4321xx5678xx1234", "4321xxxxxxxx1234"},
        {"1234567890123456", "123456xxxxxx3456"}, {"", ""},
    };
    const struct terminal_request request = good_request();
    struct terminal_answer answer;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct fake_terminal fake = approving_terminal();
        memcpy(fake.answer.masked_number, rows[i].given, strlen(rows[i].given) + 1);
        payment_terminal_sale(&fake.base, &request, 100, &answer, NULL);
        assert_int_equal(answer.result, TERMINAL_APPROVED);
        assert_string_equal(answer.masked_number, rows[i].kept);
    }
}

static void
the_daily_log_is_scrubbed_of_all_but_our_ids(void **state)
{
    (void)state;
    struct fake_terminal fake = approving_terminal();
    struct terminal_log_line lines[2];
    size_t count = 0;

    assert_int_equal(payment_terminal_daily_log(&fake.base, 100, lines, 2, &count, NULL), STATUS_OK);

    assert_string_equal(lines[0].reference, "41111111-1111-7111-8111-111111111111");
    assert_null(strstr(lines[1].reference, "411111111111"));
}

static void
only_results_that_prove_it_are_free(void **state)
{
    (void)state;

    for (int result = TERMINAL_APPROVED; result <= TERMINAL_UNKNOWN; result++) {
        const bool has_moved_perhaps = result == TERMINAL_APPROVED || result == TERMINAL_IN_PROGRESS ||
                                       result == TERMINAL_IN_DOUBT || result == TERMINAL_UNKNOWN;
        assert_int_equal(terminal_result_is_free((enum terminal_result)result), !has_moved_perhaps);
        assert_true(strlen(terminal_result_word((enum terminal_result)result)) > 0);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(status_and_outcome_of_a_print_never_contradict),
        cmocka_unit_test(an_empty_or_huge_job_does_not_reach_the_printer),
        cmocka_unit_test(no_caller_can_wait_for_ever),
        cmocka_unit_test(a_query_that_failed_leaves_the_state_alone),
        cmocka_unit_test(a_state_refuses_in_the_order_in_which_people_act),
        cmocka_unit_test(a_code_read_again_at_once_is_one_scan),
        cmocka_unit_test(a_code_read_again_after_the_window_is_a_second_scan),
        cmocka_unit_test(the_scanner_keeps_no_code),
        cmocka_unit_test(a_code_with_control_characters_is_refused),
        cmocka_unit_test(an_impossible_request_never_leaves),
        cmocka_unit_test(an_approval_of_another_amount_is_unknown),
        cmocka_unit_test(a_terminal_that_trains_when_we_do_not_or_the_other_way_round_is_not_believed),
        cmocka_unit_test(the_matrix_says_what_each_brand_can_do),
        cmocka_unit_test(an_impossible_refund_never_leaves),
        cmocka_unit_test(a_sale_in_doubt_may_name_no_amount_but_no_other),
        cmocka_unit_test(a_card_number_in_an_answer_makes_it_unknown_and_is_gone),
        cmocka_unit_test(a_centres_number_that_reads_like_a_card_is_left_out_and_the_answer_counts),
        cmocka_unit_test(a_card_number_in_disguise_is_left_out_as_well),
        cmocka_unit_test(a_sentence_loses_its_card_number),
        cmocka_unit_test(a_masked_number_shows_six_and_four_at_most),
        cmocka_unit_test(the_daily_log_is_scrubbed_of_all_but_our_ids),
        cmocka_unit_test(only_results_that_prove_it_are_free),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
