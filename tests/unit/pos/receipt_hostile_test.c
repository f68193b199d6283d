/* Papers of generated sales: whatever names, amounts and card numbers hold, rows keep to the paper and secrets stay off
 * it. */
#include "drivers/escpos/encoder.h"
#include "tests/unit/pos/receipt_render.h"

#include "tests/unit/common/seeded_random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SALES = 120, CARDS = 400 };

static const char *const scraps[] = {
    "戸籍",
    "証明書",
    "ﾌﾟｰﾙ",
    "ｶ",
    "プール",
    "（税込）",
    "「",
    "」",
    "、",
    "。",
    "A",
    "WWWWWWWW",
    " ",
    "　",
    "-",
    "¥1,000",
    "%",
    "~",
    "\\",
    "葛\xF3\xA0\x84\x80",
    "𠮷",
    "é",
    "\x1b@",
    "\n",
    "\t",
    "①",
    "×",
    "‾",
    "か\xE3\x82\x99",
    "\xE2\x80\x8B",
    "\xFF\xC0",
    "👪",
};

static size_t
pick(struct seeded_random *random, size_t count)
{
    return (size_t)seeded_between(random, 0, (int64_t)count - 1);
}

static void
make_name(struct seeded_random *random, char *out, size_t size)
{
    out[0] = '\0';
    for (size_t pieces = pick(random, 30); pieces > 0; pieces--) {
        const char *scrap = scraps[pick(random, sizeof scraps / sizeof scraps[0])];
        if (strlen(out) + strlen(scrap) < size) {
            strcat(out, scrap);
        }
    }
}

static void
make_line(struct seeded_random *random, struct sale_line *line)
{
    make_name(random, line->name, sizeof line->name);
    line->unit_price_yen = seeded_between(random, 0, seeded_between(random, 0, 2) == 0 ? 9999 : 300);
    line->quantity = seeded_between(random, 1, seeded_between(random, 0, 4) == 0 ? BASKET_QUANTITY_MAX : 3);
    line->tax = pick(random, 2) == 0 ? TAX_EXEMPT : TAX_STANDARD10;
    line->is_exempted = pick(random, 6) == 0;
    make_name(random, line->exemption.name, sizeof line->exemption.name);
    make_name(random, line->exemption.reason, sizeof line->exemption.reason);
    snprintf(line->issuer, sizeof line->issuer, "issuer-%zu", pick(random, 3));
}

static void
make_sale(struct seeded_random *random, struct sale *sale)
{
    *sale = (struct sale){.receipt_number = "ABCDEFGH-1234567-20261122-123456", .received_on = {2026, 11, 22}};
    sale->content.line_count = 1 + pick(random, 12);
    for (size_t i = 0; i < sale->content.line_count; i++) {
        make_line(random, &sale->content.lines[i]);
    }
    if (sale_content_total(&sale->content, NULL) != STATUS_OK) {
        sale->content.line_count = 1;
        assert_int_equal(sale_content_total(&sale->content, NULL), STATUS_OK);
    }
    sale->payment.method = (enum payment_method)pick(random, 5);
    sale->payment.tendered_yen = seeded_between(random, 0, INT64_C(999999999));
    make_name(random, sale->payment.acquirer_reference, REFERENCE_SIZE);
    make_name(random, sale->payment.masked_number, REFERENCE_SIZE);
    sale->payment.accepted_at_ms = INT64_C(1795309391000);
}

/* The row of each amount ends at the paper's edge. */
static void
assert_amounts_are_flush(const char *paper, const struct sale *sale, unsigned columns)
{
    for (size_t i = 0; i < sale->content.line_count; i++) {
        char digits[YEN_TEXT_SIZE];
        char amount[YEN_TEXT_SIZE + 8];
        snprintf(amount, sizeof amount, " ¥%s\n", yen_format(digits, sale->content.lines[i].amount_yen));
        bool is_flush = false;
        for (const char *found = strstr(paper, amount); found != NULL && !is_flush; found = strstr(found + 1, amount)) {
            const char *row = found;
            while (row > paper && row[-1] != '\n') {
                row--;
            }
            char text[512];
            const char *end = strchr(row, '\n');
            snprintf(text, sizeof text, "%.*s", (int)(end - row), row);
            is_flush = escpos_text_columns(text) == columns;
        }
        if (!is_flush) {
            fail_msg("no row ends flush with %s on:\n%s", amount, paper);
        }
    }
}

static void
no_name_pushes_an_amount_off_the_paper(void **state)
{
    (void)state;
    static const unsigned widths[] = {48, 42, 32};
    struct seeded_random random = {.state = 1};
    struct sale *sale = malloc(sizeof *sale);
    struct buffer text;
    buffer_init(&text, 1024 * 1024);
    for (int run = 0; run < SALES; run++) {
        char names[5][NAME_SIZE];
        for (size_t i = 0; i < 5; i++) {
            make_name(&random, names[i], NAME_SIZE);
        }
        make_sale(&random, sale);
        const struct master_issuer issuer = {"issuer-1", "市", "T1234567890123"};
        const struct receipt_input input = {
            .form = pick(&random, 4) == 0 ? RECEIPT_VOID : RECEIPT_SALE,
            .copy = seeded_between(&random, 0, 2),
            .is_training = pick(&random, 5) == 0,
            .is_usage_titled = pick(&random, 2) == 0,
            .at_ms = pick(&random, 2) == 0 ? 0 : INT64_C(1795309391000),
            .printed_at_ms = INT64_C(1795309391000),
            .municipality_name = names[0],
            .place_name = names[1],
            .terminal = "ABCDEFGH-1234567",
            .clerk_name = names[2],
            .brand_name = names[3],
            .note = names[4],
            .issuers = &issuer,
            .issuer_count = 1,
            .sale = sale,
            .void_reason = names[4],
        };
        for (size_t w = 0; w < 3; w++) {
            buffer_clear(&text);
            render_text(&text, &input, widths[w]);
            assert_amounts_are_flush(buffer_text(&text), sale, widths[w]);
        }
    }
    buffer_finish(&text);
    free(sale);
}

static void
a_citizens_paper_never_holds_five_digits_of_a_card(void **state)
{
    (void)state;
    struct seeded_random random = {.state = 7};
    struct receipt_document *document = load_fixture("credit-rink.json");
    struct receipt_input *input = receipt_document_input(document);
    struct sale *sale = malloc(sizeof *sale);
    *sale = *input->sale;
    input->sale = sale;
    sale->payment.acquirer_reference[0] = '\0';
    sale->payment.approval_code[0] = '\0';
    sale->payment.slip_number[0] = '\0';
    struct buffer text;
    buffer_init(&text, 64 * 1024);
    for (int run = 0; run < CARDS; run++) {
        char *number = sale->payment.masked_number;
        const size_t length = 1 + pick(&random, 19);
        for (size_t i = 0; i < length; i++) {
            /* 6 … 9: digits that stand nowhere else on this paper in a run */
            number[i] = "6789*X-6789"[pick(&random, 11)];
        }
        number[length] = '\0';

        buffer_clear(&text);
        render_text(&text, input, 32);

        size_t run_length = 0;
        for (const char *c = buffer_text(&text); *c != '\0'; c++) {
            run_length = *c >= '6' && *c <= '9' ? run_length + 1 : 0;
            assert_true(run_length <= 4);
        }
        const bool ends_in_digit = number[length - 1] >= '6' && number[length - 1] <= '9';
        assert_int_equal(strstr(buffer_text(&text), "************") != NULL, ends_in_digit);
    }
    buffer_finish(&text);
    free(sale);
    receipt_document_destroy(document);
}

static void
the_largest_basket_with_the_longest_names_fits_the_limit(void **state)
{
    (void)state;
    struct sale *sale = calloc(1, sizeof *sale);
    snprintf(sale->receipt_number, sizeof sale->receipt_number, "KO-01-20261122-0001");
    sale->received_on = (struct civil_date){2026, 11, 22};
    sale->content.line_count = BASKET_LINES_MAX;
    for (size_t i = 0; i < BASKET_LINES_MAX; i++) {
        struct sale_line *line = &sale->content.lines[i];
        for (size_t byte = 0; byte + 3 < NAME_SIZE; byte += 3) {
            strcat(line->name, "戸");
            strcat(line->exemption.name, "公");
        }
        for (size_t byte = 0; byte + 3 < REASON_SIZE; byte += 3) {
            strcat(line->exemption.reason, "用");
        }
        line->quantity = BASKET_QUANTITY_MAX;
        line->is_exempted = true;
        snprintf(line->issuer, sizeof line->issuer, "i%zu", i % TAX_TOTALS_MAX);
    }
    assert_int_equal(sale_content_total(&sale->content, NULL), STATUS_OK);
    const struct receipt_input input = {.municipality_name = "",
                                        .place_name = "",
                                        .terminal = "",
                                        .clerk_name = "",
                                        .brand_name = "",
                                        .note = "",
                                        .void_reason = "",
                                        .sale = sale};
    struct buffer bytes;
    buffer_init(&bytes, RECEIPT_MAX_BYTES);

    assert_int_equal(receipt_write(&input, 32, &bytes, NULL), STATUS_OK);
    assert_true(assert_rows_fit(bytes.data, bytes.length, 32) > BASKET_LINES_MAX);

    buffer_finish(&bytes);
    buffer_init(&bytes, 1000);
    assert_int_equal(receipt_write(&input, 32, &bytes, NULL), STATUS_OVERFLOW);
    buffer_finish(&bytes);
    free(sale);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_name_pushes_an_amount_off_the_paper),
        cmocka_unit_test(a_citizens_paper_never_holds_five_digits_of_a_card),
        cmocka_unit_test(the_largest_basket_with_the_longest_names_fits_the_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
