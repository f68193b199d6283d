/* One record after the other; the first fault stays. */
#include "settlement/desk/bank_transfer_file.h"

#include "common/text/utf8.h"
#include "settlement/statements/kana.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct record {
    struct buffer *out;
    size_t length; /* of this record so far */
    const char *end;
    const char *fault; /* the field that cannot be written; NULL */
};

static void
fill(struct record *record, char with, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        buffer_append(record->out, &with, 1);
    }
    record->length += count;
}

/* TEXT, with blanks behind it to WIDTH. */
static void
put_text(struct record *record, const char *field, const char *text, size_t width)
{
    const char *cursor = text;
    const char *end = text + strlen(text);
    size_t written = 0;
    while (cursor < end) {
        unsigned char byte = bank_kana_byte(utf8_next(&cursor, end));
        if (byte == 0 || written == width) {
            record->fault = record->fault != NULL ? record->fault : field;
            return;
        }
        buffer_append(record->out, &byte, 1);
        written++;
    }
    record->length += written;
    fill(record, ' ', width - written);
}

/* Exactly WIDTH digits, or blanks where IS_OPTIONAL and "". */
static void
put_digits(struct record *record, const char *field, const char *text, size_t width, bool is_optional)
{
    if (is_optional && text[0] == '\0') {
        fill(record, ' ', width);
        return;
    }
    if (strlen(text) != width || strspn(text, "0123456789") != width) {
        record->fault = record->fault != NULL ? record->fault : field;
        return;
    }
    buffer_append_text(record->out, text);
    record->length += width;
}

static void
put_number(struct record *record, int64_t number, int width)
{
    char text[32];
    snprintf(text, sizeof text, "%0*" PRId64, width, number);
    buffer_append_text(record->out, text);
    record->length += (size_t)width;
}

static void
put_mark(struct record *record, char mark)
{
    buffer_append(record->out, &mark, 1);
    record->length++;
}

static void
end_record(struct record *record)
{
    if (record->length < TRANSFER_RECORD_BYTES) {
        fill(record, ' ', TRANSFER_RECORD_BYTES - record->length);
    }
    buffer_append_text(record->out, record->end);
    record->length = 0;
}

static void
put_header(struct record *record, const struct transfer_origin *origin, const char *pay_on)
{
    put_digits(record, "種別", "1210", 4, false); /* header, 総合振込 (21), JIS (0) */
    put_digits(record, "委託者コード", origin->consignor_code, 10, false);
    put_text(record, "委託者名", origin->consignor_name, 40);
    put_digits(record, "振込指定日", pay_on, 4, false);
    put_digits(record, "仕向金融機関番号", origin->bank, 4, false);
    put_text(record, "仕向金融機関名", origin->bank_name, 15);
    put_digits(record, "仕向支店番号", origin->branch, 3, false);
    put_text(record, "仕向支店名", origin->branch_name, 15);
    put_digits(record, "預金種目", origin->account_kind, 1, false);
    put_digits(record, "口座番号", origin->account_number, 7, false);
    end_record(record);
}

static void
put_line(struct record *record, const struct transfer_line *line)
{
    put_mark(record, '2');
    put_digits(record, "被仕向金融機関番号", line->bank, 4, false);
    put_text(record, "被仕向金融機関名", line->bank_name, 15);
    put_digits(record, "被仕向支店番号", line->branch, 3, false);
    put_text(record, "被仕向支店名", line->branch_name, 15);
    put_digits(record, "手形交換所番号", line->clearing_house, 4, true);
    put_digits(record, "預金種目", line->account_kind, 1, false);
    put_digits(record, "口座番号", line->account_number, 7, false);
    put_text(record, "受取人名", line->holder, 30);
    if (line->amount_yen < 1 || line->amount_yen > TRANSFER_ITEM_MAX_YEN) {
        record->fault = record->fault != NULL ? record->fault : "振込金額";
    }
    put_number(record, line->amount_yen, 10);
    put_mark(record, line->new_code);
    put_text(record, "顧客コード1", line->customer_1, 10);
    put_text(record, "顧客コード2", line->customer_2, 10);
    put_mark(record, line->telegraph);
    put_text(record, "識別表示", line->mark, 1);
    end_record(record);
}

enum status
bank_transfer_file_write(struct buffer *out, const struct transfer_origin *origin, const char *pay_on,
                         const struct transfer_line *lines, size_t count, const char *record_end,
                         struct error_detail *err)
{
    struct record record = {.out = out, .end = record_end};
    int64_t sum_yen = 0;
    if (count < 1 || count > TRANSFER_ITEMS_MAX) {
        error_set(err, "wrong_transfer", "振込は1件から%d件まで、一つの振込データにできます。", TRANSFER_ITEMS_MAX);
        return STATUS_INVALID;
    }
    put_header(&record, origin, pay_on);
    if (record.fault != NULL) {
        error_set(err, "wrong_transfer",
                  "振込元の「%s」を、銀行の形式で書けません。マスタの「振込元の口座」を直してください。", record.fault);
        return STATUS_INVALID;
    }
    for (size_t i = 0; i < count; i++) {
        put_line(&record, &lines[i]);
        sum_yen += lines[i].amount_yen;
        if (record.fault != NULL) {
            error_set(err, "wrong_transfer", "%zu件目の「%s」を、銀行の形式で書けません。振込先を直してください。",
                      i + 1, record.fault);
            return STATUS_INVALID;
        }
    }
    put_mark(&record, '8');
    put_number(&record, (int64_t)count, 6);
    put_number(&record, sum_yen, 12);
    end_record(&record);
    put_mark(&record, '9');
    end_record(&record);
    return buffer_check(out, err);
}
