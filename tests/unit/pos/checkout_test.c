/* Basket and sale: the arithmetic that stands on every receipt. */
#include "pos/checkout/basket.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct sale_line
line_of(const char *item, int64_t price_yen, int64_t quantity, enum tax_kind tax)
{
    struct sale_line line = {.unit_price_yen = price_yen, .quantity = quantity, .tax = tax};
    snprintf(line.item, sizeof line.item, "%s", item);
    snprintf(line.name, sizeof line.name, "%s", item);
    snprintf(line.account, sizeof line.account, "a");
    snprintf(line.section, sizeof line.section, "s");
    snprintf(line.issuer, sizeof line.issuer, "general");
    return line;
}

static void
add(struct basket *basket, struct sale_line line)
{
    struct error_detail err;
    assert_int_equal(basket_add(basket, &line, &err), STATUS_OK);
}

static void
start(struct basket *basket)
{
    struct error_detail err;
    assert_int_equal(basket_init(basket, 1, &err), STATUS_OK);
}

static void
the_official_example_of_five_family_registers_is_3450_yen(void **state)
{
    (void)state;
    static struct basket basket;
    start(&basket);
    add(&basket, line_of("koseki", 450, 1, TAX_EXEMPT));
    add(&basket, line_of("joseki", 750, 1, TAX_EXEMPT));
    add(&basket, line_of("kaisei", 750, 3, TAX_EXEMPT));

    assert_int_equal(basket.content.total_yen, 3450);
    assert_int_equal(basket_count(&basket), 5);
    assert_int_equal(basket.content.taxes[0].tax_yen, 0);
}

static void
tax_is_rounded_once_per_rate_and_not_per_line(void **state)
{
    (void)state;
    static struct basket basket;
    start(&basket);
    /* Three lines of 115 yen, tax included: 10 yen each if rounded by line, 31 together. */
    add(&basket, line_of("a", 115, 1, TAX_STANDARD10));
    add(&basket, line_of("b", 115, 1, TAX_STANDARD10));
    add(&basket, line_of("c", 115, 1, TAX_STANDARD10));

    assert_int_equal(basket.content.tax_count, 1);
    assert_int_equal(basket.content.taxes[0].subject_yen, 345);
    assert_int_equal(basket.content.taxes[0].tax_yen, 31);
}

static void
rates_and_issuers_are_kept_apart(void **state)
{
    (void)state;
    static struct basket basket;
    struct sale_line other = line_of("c", 1100, 1, TAX_STANDARD10);
    snprintf(other.issuer, sizeof other.issuer, "operator");
    start(&basket);
    add(&basket, line_of("a", 300, 1, TAX_EXEMPT));
    add(&basket, line_of("b", 1100, 1, TAX_STANDARD10));
    add(&basket, other);

    assert_int_equal(basket.content.tax_count, 3);
    assert_int_equal(basket.content.taxes[1].tax_yen, 100);
    assert_int_equal(basket.content.taxes[2].tax_yen, 100);
}

static void
the_same_item_again_grows_its_line(void **state)
{
    (void)state;
    static struct basket basket;
    start(&basket);
    add(&basket, line_of("a", 300, 1, TAX_EXEMPT));
    add(&basket, line_of("a", 300, 2, TAX_EXEMPT));

    assert_int_equal(basket.content.line_count, 1);
    assert_int_equal(basket.content.lines[0].quantity, 3);
}

static void
a_change_that_is_refused_changes_nothing(void **state)
{
    (void)state;
    static struct basket basket;
    static struct basket before;
    struct error_detail err;
    struct sale_line too_dear = line_of("b", PAYMENT_MAX_YEN, 2, TAX_EXEMPT);
    start(&basket);
    add(&basket, line_of("a", 300, 1, TAX_EXEMPT));
    before = basket;

    assert_int_equal(basket_add(&basket, &too_dear, &err), STATUS_OVERFLOW);
    struct sale_line line;
    assert_int_equal(basket_line_to_change(&basket, 0, &line, &err), STATUS_OK);
    line.quantity = 0;
    assert_int_equal(basket_replace(&basket, 0, &line, &err), STATUS_INVALID);
    line.quantity = BASKET_QUANTITY_MAX + 1;
    assert_int_equal(basket_replace(&basket, 0, &line, &err), STATUS_INVALID);
    assert_int_equal(basket_remove(&basket, 1, &err), STATUS_NOT_FOUND);
    assert_memory_equal(&basket, &before, sizeof basket);
}

static void
an_exempted_line_costs_nothing_until_the_exemption_is_taken_back(void **state)
{
    (void)state;
    static struct basket basket;
    struct error_detail err;
    const struct exemption official = {.rule = "official", .name = "公用", .reason = "公用請求"};
    start(&basket);
    add(&basket, line_of("a", 300, 2, TAX_EXEMPT));

    assert_int_equal(basket_set_exemption(&basket, 0, &official, &err), STATUS_OK);
    assert_int_equal(basket.content.total_yen, 0);
    assert_int_equal(basket_set_exemption(&basket, 0, NULL, &err), STATUS_OK);
    assert_int_equal(basket.content.total_yen, 600);
}

static void
write_sale(const struct sale *sale, struct buffer *out)
{
    struct json_writer writer;
    struct error_detail err;
    json_writer_init(&writer, out);
    sale_write(sale, &writer);
    assert_int_equal(json_finish(&writer, &err), STATUS_OK);
}

static void
make_sale(struct sale *sale)
{
    static struct basket basket;
    start(&basket);
    add(&basket, line_of("a", 300, 2, TAX_EXEMPT));
    add(&basket, line_of("b", 200, 1, TAX_STANDARD10));
    *sale = (struct sale){.received_on = {2026, 11, 22}, .content = basket.content};
    snprintf(sale->id, sizeof sale->id, "%s", basket.id);
    snprintf(sale->receipt_number, sizeof sale->receipt_number, "KO-01-20261122-0001");
    snprintf(sale->clerk, sizeof sale->clerk, "sato");
    sale->payment = (struct sale_payment){.method = METHOD_CREDIT, .accepted_at_ms = 1795300000000};
    snprintf(sale->payment.payment, sizeof sale->payment.payment, "%s", basket.id);
    snprintf(sale->payment.brand, sizeof sale->payment.brand, "visa");
    snprintf(sale->payment.masked_number, sizeof sale->payment.masked_number, "432112xxxxxx1234");
}

static void
a_sale_reads_back_as_it_was_written(void **state)
{
    (void)state;
    static struct sale sale;
    static struct sale again;
    struct buffer first;
    struct buffer second;
    struct json_value *body;
    struct error_detail err;
    buffer_init(&first, 65536);
    buffer_init(&second, 65536);
    make_sale(&sale);
    write_sale(&sale, &first);

    assert_int_equal(json_parse(&body, buffer_text(&first), first.length, &err), STATUS_OK);
    assert_int_equal(sale_read(&again, body, &err), STATUS_OK);
    write_sale(&again, &second);

    assert_string_equal(buffer_text(&first), buffer_text(&second));
    json_free(body);
    buffer_finish(&first);
    buffer_finish(&second);
}

/* TEXT with FROM replaced by TO, read as a sale. */
static enum status
read_altered(const char *text, const char *from, const char *to)
{
    static struct sale sale;
    char altered[16384];
    struct json_value *body;
    struct error_detail err;
    const char *at = strstr(text, from);
    assert_non_null(at);
    snprintf(altered, sizeof altered, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
    assert_int_equal(json_parse(&body, altered, strlen(altered), &err), STATUS_OK);
    enum status status = sale_read(&sale, body, &err);
    json_free(body);
    return status;
}

static void
a_record_whose_sums_do_not_follow_from_its_lines_is_refused(void **state)
{
    (void)state;
    static struct sale sale;
    struct buffer text;
    buffer_init(&text, 65536);
    make_sale(&sale);
    write_sale(&sale, &text);

    assert_int_equal(read_altered(buffer_text(&text), "\"total_yen\":800", "\"total_yen\":801"), STATUS_CORRUPT);
    assert_int_equal(read_altered(buffer_text(&text), "\"tax_yen\":18", "\"tax_yen\":19"), STATUS_CORRUPT);
    assert_int_equal(read_altered(buffer_text(&text), "\"amount_yen\":600", "\"amount_yen\":601"), STATUS_CORRUPT);
    assert_int_equal(read_altered(buffer_text(&text), "\"quantity\":2", "\"quantity\":1.5"), STATUS_INVALID);
    assert_int_equal(read_altered(buffer_text(&text), "\"quantity\":2", "\"quantity\":-2"), STATUS_OVERFLOW);
    buffer_finish(&text);
}

/* A sale of two priced lines, a reduced and an overridden one, with everything that a line can say. */
static void
fill_with_everything(struct sale *sale)
{
    struct error_detail err;
    struct sale_content *content = &sale->content;
    snprintf(sale->id, sizeof sale->id, "%s", "01900000-0000-7000-8000-000000000001");
    snprintf(sale->receipt_number, sizeof sale->receipt_number, "KO-01-20261122-0001");
    sale->received_on = (struct civil_date){2026, 11, 22};
    snprintf(sale->clerk, sizeof sale->clerk, "sato");
    for (int i = 0; i < 2; i++) {
        struct sale_line line = line_of("museum", 150, 20, TAX_STANDARD10);
        snprintf(line.pricing.tariff, sizeof line.pricing.tariff, "museum");
        snprintf(line.pricing.facts, sizeof line.pricing.facts, i == 0 ? "{\"persons\":{\"adult\":20}}" : "{}");
        line.pricing.set = 1;
        snprintf(line.facility, sizeof line.facility, "museum");
        snprintf(line.ticket, sizeof line.ticket, "P1-0001");
        content->lines[content->line_count++] = line;
        assert_int_equal(sale_content_add_row(content, "一般 200円 × 20", 4000, &err), STATUS_OK);
        assert_int_equal(sale_content_add_row(content, "団体 −50円 × 20", -1000, &err), STATUS_OK);
    }
    struct sale_line hall = line_of("hall", 1000, 1, TAX_STANDARD10);
    hall.reduction = (struct reduction){"school", "学校行事", "教育委員会", 800};
    content->lines[content->line_count++] = hall;
    struct sale_line copy = line_of("copy", 250, 1, TAX_EXEMPT);
    copy.override = (struct price_override){300, "汚損のため", "suzuki"};
    content->lines[content->line_count++] = copy;
    content->reference = (struct sale_reference){"reservation", "R-2026-001"};
    assert_int_equal(sale_content_total(content, &err), STATUS_OK);
}

static enum status
read_sale(struct sale *out, const char *text, size_t length, struct error_detail *err)
{
    struct json_value *value;
    assert_int_equal(json_parse(&value, text, length, err), STATUS_OK);
    enum status status = sale_read(out, value, err);
    json_free(value);
    return status;
}

static void
everything_that_a_line_can_say_reads_back_as_the_same_bytes(void **state)
{
    (void)state;
    static struct sale sale, again;
    struct error_detail err;
    struct buffer text, text_again;
    fill_with_everything(&sale);
    sale.payment = (struct sale_payment){.method = METHOD_QR,
                                         .cash_part_yen = 1450,
                                         .tendered_yen = 2000,
                                         .change_yen = 550,
                                         .payment = "01900000-0000-7000-8000-000000000002",
                                         .brand = "paypay"};
    buffer_init(&text, 64 * 1024);
    buffer_init(&text_again, 64 * 1024);
    write_sale(&sale, &text);

    assert_int_equal(sale.content.total_yen, 3000 + 3000 + 200 + 250);
    assert_int_equal(read_sale(&again, buffer_text(&text), text.length, &err), STATUS_OK);
    write_sale(&again, &text_again);
    assert_string_equal(buffer_text(&text), buffer_text(&text_again));
    assert_int_equal(sale_cashless_yen(&again), 5000);
    buffer_finish(&text);
    buffer_finish(&text_again);
}

static void
parts_of_a_payment_that_do_not_give_the_total_are_refused(void **state)
{
    (void)state;
    static struct sale sale, again;
    struct error_detail err;
    struct buffer text;
    fill_with_everything(&sale);
    sale.payment = (struct sale_payment){.method = METHOD_CASH, .tendered_yen = 7000, .change_yen = 551};
    buffer_init(&text, 64 * 1024);
    write_sale(&sale, &text);

    assert_int_equal(read_sale(&again, buffer_text(&text), text.length, &err), STATUS_CORRUPT);
    buffer_finish(&text);
}

static void
a_removed_line_takes_its_explanation_with_it(void **state)
{
    (void)state;
    static struct sale sale;
    struct error_detail err;
    fill_with_everything(&sale);

    sale_content_remove_line(&sale.content, 0);

    assert_int_equal(sale.content.row_count, 2);
    assert_int_equal(sale.content.lines[0].pricing.first_row, 0);
    assert_int_equal(sale_content_total(&sale.content, &err), STATUS_OK);
    assert_int_equal(sale.content.total_yen, 3000 + 200 + 250);
}

static void
a_reduction_above_its_line_and_rows_that_do_not_explain_the_price_are_refused(void **state)
{
    (void)state;
    static struct sale sale;
    struct error_detail err;
    fill_with_everything(&sale);
    sale.content.lines[2].reduction.yen = 1001;
    assert_int_equal(sale_content_total(&sale.content, &err), STATUS_INVALID);

    memset(&sale, 0, sizeof sale);
    fill_with_everything(&sale);
    sale.content.rows[1].yen = -999;
    assert_int_equal(sale_content_total(&sale.content, &err), STATUS_INVALID);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_official_example_of_five_family_registers_is_3450_yen),
        cmocka_unit_test(tax_is_rounded_once_per_rate_and_not_per_line),
        cmocka_unit_test(rates_and_issuers_are_kept_apart),
        cmocka_unit_test(the_same_item_again_grows_its_line),
        cmocka_unit_test(a_change_that_is_refused_changes_nothing),
        cmocka_unit_test(an_exempted_line_costs_nothing_until_the_exemption_is_taken_back),
        cmocka_unit_test(a_sale_reads_back_as_it_was_written),
        cmocka_unit_test(a_record_whose_sums_do_not_follow_from_its_lines_is_refused),
        cmocka_unit_test(everything_that_a_line_can_say_reads_back_as_the_same_bytes),
        cmocka_unit_test(parts_of_a_payment_that_do_not_give_the_total_are_refused),
        cmocka_unit_test(a_removed_line_takes_its_explanation_with_it),
        cmocka_unit_test(a_reduction_above_its_line_and_rows_that_do_not_explain_the_price_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
