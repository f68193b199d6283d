/* Raw lines are cut out of the very bytes that were imported; parsed values are what the store made of them.
 */
#include "settlement/web/evidence.h"

#include "common/text/cp932.h"
#include "common/text/utf8.h"
#include "settlement/imports/import_file.h"
#include "settlement/store/import_store.h"
#include "settlement/store/matching_query_store.h"
#include "settlement/store/matching_store.h"
#include "settlement/store/payment_query_store.h"
#include "settlement/web/journal_line_json.h"

#include <stdio.h>
#include <string.h>

enum {
    PAYMENT_LINES_MAX = 32, /* a payment's life has some ten lines; reversals may repeat */
    RAW_LINE_MAX_BYTES = 256 * 1024,
    RECORD_03_BYTES = 200 /* a 全銀 record without line end */
};

enum status
json_payment_journal(struct json_writer *writer, struct store_txn *txn, const char *terminal, int64_t sequence,
                     struct error_detail *err)
{
    int64_t sequences[PAYMENT_LINES_MAX];
    size_t count;
    enum status status = payment_journal_sequences(txn, terminal, sequence, sequences, PAYMENT_LINES_MAX, &count, err);
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        status = json_journal_line(writer, txn, NULL, terminal, sequences[i], err);
        status = status == STATUS_NOT_FOUND ? STATUS_OK : status;
    }
    return status;
}

void
shown_file_init(struct shown_file *file)
{
    *file = (struct shown_file){0};
    buffer_init(&file->bytes, IMPORT_MAX_BYTES);
}

void
shown_file_finish(struct shown_file *file)
{
    buffer_finish(&file->bytes);
}

static enum status
keep_names(const struct import_row *row, void *context)
{
    struct shown_file *file = context;
    file->import = row->id;
    file->is_bank = strcmp(row->kind, "bank") == 0;
    snprintf(file->file_name, sizeof file->file_name, "%s", row->file_name);
    snprintf(file->layout, sizeof file->layout, "%s", row->layout);
    return STATUS_OK;
}

static enum status
load(struct shown_file *file, struct store_txn *txn, const char *municipality, const struct layouts *layouts,
     int64_t import, struct error_detail *err)
{
    if (file->import == import) {
        return STATUS_OK;
    }
    file->import = 0;
    buffer_clear(&file->bytes);
    enum status status = import_each(txn, municipality, import, 0, 1, keep_names, file, err);
    if (status == STATUS_OK && file->import == 0) {
        error_set(err, "not_found", "取込(%lld)はありません。", (long long)import);
        return STATUS_NOT_FOUND;
    }
    if (status == STATUS_OK) {
        status = import_bytes(txn, municipality, import, &file->bytes, err);
    }
    if (status != STATUS_OK) {
        file->import = 0;
        return status;
    }
    const struct layout_entry *entry = layouts_find(layouts, file->layout);
    /* A city's own layout is not among these: what is no UTF-8 is CP932. */
    file->is_cp932 = entry != NULL ? strcmp(entry->encoding, "CP932") == 0 || strcmp(entry->encoding, "JIS X 0201") == 0
                                   : !utf8_is_valid(buffer_text(&file->bytes), file->bytes.length);
    const char *bytes = buffer_text(&file->bytes);
    bool has_line_ends =
        memchr(bytes, '\n', file->bytes.length) != NULL || memchr(bytes, '\r', file->bytes.length) != NULL;
    file->record_length = has_line_ends ? 0 : RECORD_03_BYTES;
    file->offset = 0;
    file->line = 1;
    return STATUS_OK;
}

/* The end of the physical line that begins at OFFSET, and where the next begins. */
static size_t
line_end(const struct shown_file *file, size_t offset, size_t *out_next)
{
    const char *bytes = buffer_text(&file->bytes);
    size_t end = offset;
    while (end < file->bytes.length && bytes[end] != '\n' && bytes[end] != '\r') {
        end++;
    }
    bool is_crlf = end + 1 < file->bytes.length && bytes[end] == '\r' && bytes[end + 1] == '\n';
    *out_next = end + (is_crlf ? 2 : 1);
    return end;
}

/* Find physical line LINE. False when the file is shorter. */
static bool
find_line(struct shown_file *file, int64_t line, const char **out, size_t *out_length)
{
    const char *bytes = buffer_text(&file->bytes);
    if (file->record_length > 0) {
        size_t offset = (size_t)(line - 1) * file->record_length;
        if (line < 1 || offset >= file->bytes.length) {
            return false;
        }
        size_t left = file->bytes.length - offset;
        *out = bytes + offset;
        *out_length = left < file->record_length ? left : file->record_length;
        return true;
    }
    if (line < file->line) {
        file->offset = 0;
        file->line = 1;
    }
    size_t next;
    while (file->line < line && file->offset < file->bytes.length) {
        line_end(file, file->offset, &next);
        file->offset = next;
        file->line++;
    }
    if (file->offset >= file->bytes.length) {
        return false;
    }
    *out = bytes + file->offset;
    *out_length = line_end(file, file->offset, &next) - file->offset;
    return true;
}

static void
write_raw(struct json_writer *writer, const struct shown_file *file, const char *line, size_t length)
{
    struct buffer text;
    struct error_detail ignored;
    buffer_init(&text, RAW_LINE_MAX_BYTES);
    bool is_text = file->is_cp932 && cp932_to_utf8(&text, line, length, &ignored) == STATUS_OK;
    if (is_text) {
        json_text_n(writer, "raw", buffer_text(&text), text.length);
    } else if (utf8_is_valid(line, length)) {
        json_text_n(writer, "raw", line, length);
    } else {
        json_null(writer, "raw");
    }
    buffer_finish(&text);
}

static void
write_value(struct json_writer *writer, const char *name, struct text_view value)
{
    if (value.length > 0) {
        json_begin_object(writer, NULL);
        json_text(writer, "name", name);
        json_text_n(writer, "value", value.at, value.length);
        json_end_object(writer);
    }
}

static void
write_number(struct json_writer *writer, const char *name, int64_t number)
{
    char text[24];
    snprintf(text, sizeof text, "%lld", (long long)number);
    write_value(writer, name, text_view_of(text));
}

static void
write_day(struct json_writer *writer, const char *name, struct civil_date day)
{
    char text[CIVIL_DATE_TEXT_SIZE];
    if (day.year != 0) {
        write_value(writer, name, text_view_of(civil_date_format(text, day)));
    }
}

static enum status
write_statement_values(const struct statement_line *line, void *context)
{
    json_statement_values(context, line);
    return STATUS_OK;
}

void
json_statement_values(struct json_writer *writer, const struct statement_line *line)
{
    static const char *const kinds[STATEMENT_KIND_COUNT] = {[STATEMENT_SALE] = "売上",
                                                            [STATEMENT_REVERSAL] = "取消",
                                                            [STATEMENT_REFUND] = "返金",
                                                            [STATEMENT_FEE] = "手数料"};
    char instant[INSTANT_TEXT_SIZE];
    write_value(writer, "取引区分", text_view_of(kinds[line->kind]));
    write_value(writer, "加盟店取引ID", line->merchant_reference);
    write_value(writer, "決済会社取引ID", line->acquirer_reference);
    write_value(writer, "伝票番号", line->slip);
    write_value(writer, "ブランド", line->brand);
    write_value(writer, "端末番号", line->terminal);
    if (line->accepted_at_ms != INSTANT_ABSENT) {
        instant_format(instant, line->accepted_at_ms);
        instant[10] = ' ';
        instant[19] = '\0';
        write_value(writer, "取引日時", text_view_of(instant));
    }
    write_number(writer, "取引金額", line->amount_yen);
    write_number(writer, "手数料", line->fee_yen);
    write_day(writer, "入金予定日", line->pay_date);
    write_value(writer, "入金番号", line->payout_id);
    if (line->is_training) {
        write_value(writer, "訓練", text_view_of("訓練"));
    }
}

static enum status
write_bank_values(const struct bank_line *line, void *context)
{
    json_bank_values(context, line);
    return STATUS_OK;
}

void
json_bank_values(struct json_writer *writer, const struct bank_line *line)
{
    write_value(writer, "入払区分", text_view_of(line->direction == BANK_IN ? "入金" : "出金"));
    write_day(writer, "勘定日", line->date);
    write_day(writer, "起算日", line->value_date);
    write_number(writer, "金額", line->amount_yen);
    write_value(writer, "振込依頼人名", line->payer_kana);
    write_value(writer, "EDI情報", line->edi);
    write_value(writer, "摘要", line->summary);
    write_value(writer, "仕向銀行", line->sending_bank);
    write_value(writer, "仕向支店", line->sending_branch);
    write_value(writer, "照会番号", line->inquiry_number);
    write_value(writer, "口座番号", line->account_number);
}

enum status
json_file_members(struct json_writer *writer, struct shown_file *file, struct store_txn *txn, const char *municipality,
                  const struct layouts *layouts, int64_t import, int64_t line, struct error_detail *err)
{
    const char *text;
    size_t length;
    enum status status = load(file, txn, municipality, layouts, import, err);
    if (status != STATUS_OK) {
        return status;
    }
    if (find_line(file, line, &text, &length)) {
        write_raw(writer, file, text, length);
    } else {
        json_null(writer, "raw");
    }
    json_begin_array(writer, "parsed");
    status = file->is_bank ? bank_line_each(txn, import, line, 0, 1, write_bank_values, writer, err)
                           : statement_line_each(txn, import, line, 0, 1, write_statement_values, writer, err);
    json_end_array(writer);
    return status;
}

void
evidence_init(struct evidence *evidence, struct json_writer *writer, struct store_txn *txn, const char *municipality,
              const struct layouts *layouts)
{
    *evidence = (struct evidence){.writer = writer, .txn = txn, .municipality = municipality, .layouts = layouts};
    shown_file_init(&evidence->file);
}

void
evidence_finish(struct evidence *evidence)
{
    shown_file_finish(&evidence->file);
}

enum status
evidence_line(struct evidence *evidence, int64_t import, int64_t line, struct error_detail *err)
{
    if (import == 0) {
        return STATUS_OK;
    }
    struct shown_file *file = &evidence->file;
    enum status status = load(file, evidence->txn, evidence->municipality, evidence->layouts, import, err);
    if (status != STATUS_OK) {
        return status == STATUS_NOT_FOUND ? STATUS_OK : status;
    }
    struct json_writer *writer = evidence->writer;
    json_begin_object(writer, NULL);
    json_int(writer, "import", import);
    json_text(writer, "file_name", file->file_name);
    json_int(writer, "line", line);
    status =
        json_file_members(writer, file, evidence->txn, evidence->municipality, evidence->layouts, import, line, err);
    json_end_object(writer);
    return status;
}

static enum status
add_place(int64_t import, int64_t line, void *context)
{
    struct evidence *evidence = context;
    if (evidence->line_count == EVIDENCE_LINES_MAX) {
        evidence->is_truncated = true;
        return STATUS_OK;
    }
    evidence->line_count++;
    return evidence_line(evidence, import, line, evidence->err);
}

static enum status
add_journal(const struct book_row *row, void *context, struct error_detail *err)
{
    struct evidence *evidence = context;
    return json_payment_journal(evidence->writer, evidence->txn, row->terminal, row->sequence, err);
}

enum status
evidence_payment_journal(struct evidence *evidence, const char *payment, struct error_detail *err)
{
    return book_find(evidence->txn, evidence->municipality, payment, add_journal, evidence, err);
}

enum status
evidence_payment_lines(struct evidence *evidence, const char *payment, struct error_detail *err)
{
    evidence->err = err;
    return payment_lines_each(evidence->txn, evidence->municipality, payment, add_place, evidence, err);
}

enum status
evidence_payout_lines(struct evidence *evidence, const char *trustee, const char *payout, struct error_detail *err)
{
    evidence->err = err;
    return payout_line_each(evidence->txn, evidence->municipality, trustee, payout, EVIDENCE_LINES_MAX + 1, add_place,
                            evidence, err);
}

enum status
evidence_bank_lines(struct evidence *evidence, const char *trustee, const char *payout, struct error_detail *err)
{
    evidence->err = err;
    return payout_bank_line_each(evidence->txn, evidence->municipality, trustee, payout, add_place, evidence, err);
}

enum status
evidence_payment_bank_lines(struct evidence *evidence, const char *payment, struct error_detail *err)
{
    evidence->err = err;
    return payment_bank_lines_each(evidence->txn, evidence->municipality, payment, add_place, evidence, err);
}
