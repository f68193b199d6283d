/* Any bytes as a statement or bank file: read or refused, never more than the file gives. The first byte chooses the
 * layout, its highest bit whether lines that cannot be read are passed over. What is given out must be what the reader
 * promises: UTF-8, lines in order, signs that agree with the kind. */
#include "common/money/yen.h"
#include "common/text/utf8.h"
#include "settlement/statements/reader.h"
#include "tests/fuzz/target.h"

#include <stdlib.h>

static const char *const layout_files[] = {
    MADOGUCHI_SOURCE_DIR "/settlement/statements/layouts/aggregator-daily.json",
    MADOGUCHI_SOURCE_DIR "/settlement/statements/layouts/zengin-03.json",
    MADOGUCHI_SOURCE_DIR "/tests/fixtures/zengin/sougou-furikomi.json",
    NULL, /* small_json */
#define SHIPPED(name) MADOGUCHI_SOURCE_DIR "/settlement/statements/layouts/" name ".json"
    SHIPPED("paypay"),
    SHIPPED("wechat-bill"),
    SHIPPED("antom-settlement"),
    SHIPPED("adyen-settlement-detail"),
    SHIPPED("card-monthly"),
    SHIPPED("emoney-daily"),
    SHIPPED("zengin-01"),
    SHIPPED("zengin-03-csv"),
    SHIPPED("anser-csv"),
    SHIPPED("camt-053"),
};

static const char small_json[] =
    "{\"layout\":\"small\",\"kind\":\"csv\",\"encoding\":\"utf-8\",\"fields\":{"
    "\"merchant_reference\":{\"column\":1},\"amount\":{\"column\":2},"
    "\"accepted_at\":{\"column\":[3,4],\"format\":\"YYYY-MM-DD hh:mm:ss\",\"optional\":true},"
    "\"brand\":{\"column\":1},\"terminal\":{\"column\":5,\"column_optional\":true}},\"header\":false}";

enum { LAYOUT_COUNT = sizeof layout_files / sizeof layout_files[0], WITH_FAULTS = 0x80 };

static const struct layout *
chosen_layout(size_t number)
{
    static struct layout *layouts[LAYOUT_COUNT];
    if (layouts[number] == NULL) {
        enum status status = layout_files[number] != NULL
                                 ? layout_load(&layouts[number], layout_files[number], NULL)
                                 : layout_create(&layouts[number], small_json, sizeof small_json - 1, NULL);
        if (status != STATUS_OK) {
            abort();
        }
    }
    return layouts[number];
}

static void
require(bool is_so)
{
    if (!is_so) {
        abort();
    }
}

static void
check_statement(const struct statement_line *line, uint32_t line_before)
{
    require(line->line > line_before);
    require(utf8_is_valid(line->merchant_reference.at, line->merchant_reference.length));
    require(utf8_is_valid(line->terminal.at, line->terminal.length));
    require(utf8_is_valid(line->brand.at, line->brand.length));
    require(yen_is_valid(line->amount_yen) && yen_is_valid(line->fee_yen));
    require(line->kind != STATEMENT_SALE || line->amount_yen >= 0);
    require((line->kind != STATEMENT_REVERSAL && line->kind != STATEMENT_REFUND) || line->amount_yen <= 0);
}

static enum status
read_next(struct reader *reader, const struct layout *layout, uint32_t *line_before, bool *out_has_line,
          struct error_detail *err)
{
    if (layout_gives(layout) == LAYOUT_GIVES_BANK) {
        struct bank_line line;
        enum status status = reader_next_bank(reader, &line, out_has_line, err);
        if (status == STATUS_OK && *out_has_line) {
            require(line.line > *line_before && line.amount_yen >= 0 && yen_is_valid(line.amount_yen));
            require(utf8_is_valid(line.payer_kana.at, line.payer_kana.length));
            *line_before = line.line;
        }
        return status;
    }
    struct statement_line line;
    enum status status = reader_next_statement(reader, &line, out_has_line, err);
    if (status == STATUS_OK && *out_has_line) {
        check_statement(&line, *line_before);
        *line_before = line.line;
    }
    return status;
}

static void
count_fault(const struct error_detail *fault, struct text_view raw, void *context)
{
    volatile char last = raw.length > 0 ? raw.at[raw.length - 1] : '\0'; /* all of it can be read */
    (void)last;
    require(fault->line > 0 && fault->code[0] != '\0');
    ++*(unsigned *)context;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    if (length == 0) {
        return 0;
    }
    const struct layout *layout = chosen_layout((bytes[0] & 0x7FU) % LAYOUT_COUNT);
    struct reader *reader = NULL;
    struct error_detail err = {0};
    enum status status = reader_create(&reader, layout, bytes + 1, length - 1, (struct civil_date){2030, 12, 31}, &err);
    bool has_line = true;
    uint32_t line_before = 0;
    unsigned faults = 0;
    if (status == STATUS_OK && (bytes[0] & WITH_FAULTS) != 0) {
        reader_keep_faults(reader, count_fault, &faults);
    }
    while (status == STATUS_OK && has_line) {
        status = read_next(reader, layout, &line_before, &has_line, &err);
        if (status == STATUS_OK) {
            reader_forget_texts(reader);
        }
    }
    require(faults <= READER_FAULTS_MAX + 1);
    require(status == STATUS_OK || err.code[0] != '\0');
    reader_destroy(reader);
    return 0;
}
