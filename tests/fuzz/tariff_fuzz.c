/* Any bytes as a file of tariffs, and as a case {"row","facts","on","reductions":[row …]}: refused with a sentence, or
 * priced into lines that hold what common/tariff/tariff.h promises. */
#include "common/tariff/document.h"
#include "tests/fuzz/target.h"

#include <stdlib.h>
#include <string.h>

static void
insist(bool holds)
{
    if (!holds) {
        abort();
    }
}

/* A failure has a sentence, unless it is for want of memory. */
static void
check_failure(enum status status, const struct error_detail *err)
{
    insist(status == STATUS_OK || status == STATUS_NO_MEMORY || err->message[0] != '\0');
}

static void
check_line(const struct tariff_line *line)
{
    int64_t rows_yen = 0;
    insist(line->row_count >= 1 && line->row_count <= TARIFF_ROWS_MAX);
    for (size_t i = 0; i < line->row_count; i++) {
        rows_yen += line->rows[i].yen;
        insist(memchr(line->rows[i].text, '\0', TARIFF_TEXT_SIZE) != NULL);
    }
    insist(line->quantity >= 1 && line->quantity <= TARIFF_QUANTITY_MAX);
    insist(line->unit_price_yen >= 0 && line->unit_price_yen <= TARIFF_TOTAL_MAX_YEN);
    insist(line->reduction_yen >= 0 && line->amount_yen >= 0 && rows_yen == line->amount_yen);
    insist(line->amount_yen == line->unit_price_yen * line->quantity - line->reduction_yen);
}

static void
check_result(const struct tariff_result *result)
{
    int64_t total_yen = 0;
    insist(result->line_count >= 1 && result->line_count <= TARIFF_LINES_MAX);
    for (size_t i = 0; i < result->line_count; i++) {
        check_line(&result->lines[i]);
        total_yen += result->lines[i].amount_yen;
    }
    insist(total_yen == result->total_yen && total_yen <= TARIFF_TOTAL_MAX_YEN);
}

static void
ask(const struct tariff *tariff, struct civil_date date)
{
    struct buffer out;
    struct json_value *questions = NULL;
    buffer_init(&out, 1024 * 1024);
    insist(tariff_questions(tariff, date, &out, NULL) == STATUS_OK);
    insist(json_parse(&questions, buffer_text(&out), out.length, NULL) == STATUS_OK);
    json_free(questions);
    buffer_finish(&out);
}

static void
price(const struct json_value *json, const struct tariff *tariff, struct civil_date date)
{
    struct tariff_granted granted[TARIFF_GRANTED_MAX];
    struct tariff_reduction *reductions[TARIFF_GRANTED_MAX];
    struct error_detail err = {0};
    size_t count = 0;
    for (const struct json_value *row = json_first(json_member(json, "reductions"));
         row != NULL && count < TARIFF_GRANTED_MAX; row = json_next(row)) {
        enum status status = tariff_reduction_read(&reductions[count], row, &err);
        check_failure(status, &err);
        if (status == STATUS_OK) {
            granted[count] = (struct tariff_granted){.reduction = reductions[count],
                                                     .granter = tariff_reduction_granter(reductions[count], 0)};
            count++;
        }
    }
    struct tariff_result *result = malloc(sizeof *result);
    insist(result != NULL);
    err = (struct error_detail){0};
    enum status status = tariff_price(tariff, json_member(json, "facts"), granted, count, date, result, &err);
    check_failure(status, &err);
    if (status == STATUS_OK) {
        check_result(result);
    }
    free(result);
    for (size_t i = 0; i < count; i++) {
        tariff_reduction_destroy(reductions[i]);
    }
}

static void
try_case(const struct json_value *json)
{
    struct tariff *tariff = NULL;
    struct error_detail err = {0};
    struct civil_date date = {2026, 11, 22};
    const char *on = NULL;
    enum status status = tariff_read(&tariff, json_member(json, "row"), &err);
    check_failure(status, &err);
    if (status != STATUS_OK) {
        return;
    }
    if (json_as_text(json_member(json, "on"), &on) && civil_date_parse(&date, on, strlen(on)) != STATUS_OK) {
        date = (struct civil_date){2026, 11, 22};
    }
    ask(tariff, date);
    price(json, tariff, date);
    tariff_destroy(tariff);
}

static void
check_fault(void *context, const struct error_detail *fault)
{
    (void)context;
    insist(fault->message[0] != '\0' && fault->line > 0 && fault->column > 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct tariff_document *document = NULL;
    struct json_value *json = NULL;
    struct error_detail err = {0};
    if (json_parse(&json, (const char *)bytes, length, &err) != STATUS_OK) {
        return 0;
    }
    if (json_member(json, "row") != NULL) {
        try_case(json);
    } else {
        enum status status = tariff_document_open(&document, (const char *)bytes, length, &err);
        check_failure(status, &err);
        if (status == STATUS_OK) {
            check_failure(tariff_document_check(document, check_fault, NULL, &err), &err);
            tariff_document_destroy(document);
        }
    }
    json_free(json);
    return 0;
}
