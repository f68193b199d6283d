/* Each field is made in UTF-8, brought into the file's encoding, and then fitted, because widths count encoded bytes.
 */
#include "settlement/handover/handover_writer.h"

#include "common/clock/civil.h"
#include "common/text/cp932.h"
#include "common/text/utf8.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { VALUE_MAX_BYTES = 64 * 1024, NUMBER_SIZE = 24 };

static const struct {
    int first_year; /* its first calendar year is year 1 */
    struct civil_date from;
    char number;
    char letter;
} eras[] = {
    {2019, {2019, 5, 1}, '5', 'R'},
    {1989, {1989, 1, 8}, '4', 'H'},
    {1926, {1926, 12, 25}, '3', 'S'},
};

static enum status
cannot(const struct assessment_record *record, const struct handover_field *field, const char *why,
       struct error_detail *err)
{
    char number[ASSESSMENT_NUMBER_SIZE] = "";
    if (record != NULL) {
        assessment_number_format(number, record->fiscal_year, record->serial);
    }
    error_set(err, "cannot_be_written", "%s%s%sの「%.60s」は%s", record != NULL ? "調定" : "", number,
              record != NULL ? "" : "見出し・末尾の行", field->name, why);
    return STATUS_INVALID;
}

/* DAY by FORMAT, appended. The era of a fiscal year is that of its 1 April; 2019 is 令和元年度 in the books. */
static enum status
append_day(struct buffer *out, const char *format, struct civil_date day)
{
    size_t era = 0;
    while (era < sizeof eras / sizeof eras[0] && civil_date_compare(day, eras[era].from) < 0) {
        era++;
    }
    if (era == sizeof eras / sizeof eras[0]) {
        return STATUS_INVALID;
    }
    for (const char *at = format; *at != '\0';) {
        if (strncmp(at, "YYYY", 4) == 0) {
            buffer_printf(out, "%04d", day.year);
            at += 4;
        } else if (strncmp(at, "EE", 2) == 0) {
            buffer_printf(out, "%02d", day.year - eras[era].first_year + 1);
            at += 2;
        } else if (strncmp(at, "MM", 2) == 0) {
            buffer_printf(out, "%02d", (int)day.month);
            at += 2;
        } else if (strncmp(at, "DD", 2) == 0) {
            buffer_printf(out, "%02d", (int)day.day);
            at += 2;
        } else {
            buffer_append_byte(out, (unsigned char)(*at == 'N'   ? eras[era].number
                                                    : *at == 'G' ? eras[era].letter
                                                                 : *at));
            at++;
        }
    }
    return STATUS_OK;
}

/* A plain date or fiscal year in the form that FIELD wants. */
static enum status
reform(struct buffer *value, const struct handover_field *field)
{
    char plain[CIVIL_DATE_TEXT_SIZE];
    struct civil_date day = {0};
    bool is_year = handover_source_kind(field->source) == HANDOVER_IS_YEAR;
    snprintf(plain, sizeof plain, "%s", buffer_text(value));
    if (plain[0] == '\0') {
        return STATUS_OK;
    }
    if (is_year && sscanf(plain, "%d", &day.year) == 1) {
        day = (struct civil_date){day.year, 5, 1}; /* the era in which most of the year lies */
    } else if (is_year || civil_date_parse(&day, plain, strlen(plain)) != STATUS_OK) {
        return STATUS_INVALID;
    }
    buffer_clear(value);
    return append_day(value, field->format, day);
}

static const char *
code_of(const struct handover_layout *layout, int table, const char *ours)
{
    const char *rest = NULL;
    for (size_t i = 0; i < layout->code_count; i++) {
        const struct handover_code *code = &layout->codes[i];
        if (code->table == table && strcmp(code->ours, ours) == 0) {
            return code->theirs;
        }
        rest = code->table == table && strcmp(code->ours, "*") == 0 ? code->theirs : rest;
    }
    return rest;
}

static bool
has_control(const char *text)
{
    for (const char *at = text; *at != '\0'; at++) {
        if ((unsigned char)*at < ' ' || *at == 0x7F) {
            return true;
        }
    }
    return false;
}

/* VALUE (UTF-8) in the encoding of the file. */
static enum status
encode(struct handover_writer *writer, const struct assessment_record *record, const struct handover_field *field,
       const char *text, size_t length, struct buffer *out, struct error_detail *err)
{
    size_t replaced = 0;
    buffer_clear(out);
    if (writer->layout->encoding != HANDOVER_CP932) {
        buffer_append(out, text, length);
        return STATUS_OK;
    }
    enum status status = cp932_from_utf8(out, text, length, &replaced, err);
    if (status == STATUS_OK && replaced > 0 && !writer->layout->may_substitute) {
        char why[ERROR_MESSAGE_SIZE];
        snprintf(why, sizeof why,
                 "CP932にない文字を含みます(%.90s)。元の名前を直すか、書式に \"substitute\": \"〓\" と書いてください。",
                 text);
        return cannot(record, field, why, err);
    }
    writer->substituted += (int64_t)replaced;
    return status;
}

/* Encode TEXT so that it fits: cut at a character where the field allows it. */
static enum status
fit(struct handover_writer *writer, const struct assessment_record *record, const struct handover_field *field,
    const char *text, struct buffer *out, struct error_detail *err)
{
    size_t length = strlen(text);
    int64_t substituted = writer->substituted;
    enum status status = encode(writer, record, field, text, length, out, err);
    while (status == STATUS_OK && field->width > 0 && out->length > field->width) {
        if (!field->may_cut) {
            char why[ERROR_MESSAGE_SIZE];
            snprintf(why, sizeof why,
                     "%zuバイトの欄に入りません(%.90s)。書式の width を広げるか、文字なら cut を書いてください。",
                     field->width, text);
            return cannot(record, field, why, err);
        }
        length = utf8_prefix(text, length, length - 1);
        writer->substituted = substituted;
        status = encode(writer, record, field, text, length, out, err);
    }
    return status;
}

static void
append_padded(struct buffer *out, const struct handover_field *field, const struct buffer *value)
{
    const char *text = buffer_text(value);
    size_t length = value->length;
    size_t padding = field->width > length ? field->width - length : 0;
    if (field->align == HANDOVER_RIGHT && field->pad == '0' && length > 0 && text[0] == '-') {
        buffer_append_byte(out, '-'); /* the sign before the zeros */
        text++;
        length--;
    }
    for (size_t i = 0; field->align == HANDOVER_RIGHT && i < padding; i++) {
        buffer_append_byte(out, (unsigned char)field->pad);
    }
    buffer_append(out, text, length);
    for (size_t i = 0; field->align == HANDOVER_LEFT && i < padding; i++) {
        buffer_append_byte(out, (unsigned char)field->pad);
    }
}

static void
append_separated(struct buffer *out, const struct handover_layout *layout, const struct buffer *value)
{
    const char *text = buffer_text(value);
    bool is_quoted = layout->quotes_always || memchr(text, layout->separator, value->length) != NULL ||
                     memchr(text, '"', value->length) != NULL;
    if (!is_quoted) {
        buffer_append(out, text, value->length);
        return;
    }
    buffer_append_byte(out, '"');
    for (size_t i = 0; i < value->length; i++) {
        if (text[i] == '"') {
            buffer_append_byte(out, '"');
        }
        buffer_append_byte(out, (unsigned char)text[i]);
    }
    buffer_append_byte(out, '"');
}

/* What a record is written from: a 調定 and its line, or the sums. */
struct writing {
    const struct assessment_record *record; /* NULL: sums */
    int64_t number;
    const struct assessment_line *line;
};

static enum status
make_value(struct handover_writer *writer, const struct writing *writing, const struct handover_field *field,
           struct buffer *value, struct error_detail *err)
{
    buffer_clear(value);
    if (field->source < 0) {
        buffer_append_text(value, field->text);
    } else if (writing->record != NULL) {
        handover_record_value(value, field->source, writing->record, writing->number, writing->line);
    } else {
        handover_sum_value(value, field->source, &writer->totals);
    }
    enum status status = buffer_check(value, err);
    if (status == STATUS_OK && field->format[0] != '\0' && reform(value, field) != STATUS_OK) {
        return cannot(writing->record, field, "書式の format で書けない日付です。", err);
    }
    if (status == STATUS_OK && field->codes >= 0) {
        const char *theirs = code_of(writer->layout, field->codes, buffer_text(value));
        if (theirs == NULL) {
            char why[ERROR_MESSAGE_SIZE];
            snprintf(why, sizeof why, "表「%.60s」にないコードです(%.60s)。書式の codes に加えてください。",
                     writer->layout->tables[field->codes], buffer_text(value));
            return cannot(writing->record, field, why, err);
        }
        buffer_clear(value);
        buffer_append_text(value, theirs);
    }
    if (status == STATUS_OK && has_control(buffer_text(value))) {
        return cannot(writing->record, field, "改行などの制御文字を含みます。元の文字を直してください。", err);
    }
    return status == STATUS_OK ? buffer_check(value, err) : status;
}

static enum status
append_record(struct handover_writer *writer, const struct handover_record *fields, const struct writing *writing,
              struct buffer *out, struct error_detail *err)
{
    struct buffer value;
    struct buffer encoded;
    enum status status = STATUS_OK;
    buffer_init(&value, VALUE_MAX_BYTES);
    buffer_init(&encoded, VALUE_MAX_BYTES);
    for (size_t i = 0; status == STATUS_OK && i < fields->count; i++) {
        const struct handover_field *field = &fields->fields[i];
        status = make_value(writer, writing, field, &value, err);
        if (status == STATUS_OK) {
            status = fit(writer, writing->record, field, buffer_text(&value), &encoded, err);
        }
        if (status == STATUS_OK && writer->layout->is_fixed) {
            append_padded(out, field, &encoded);
        } else if (status == STATUS_OK) {
            if (i > 0) {
                buffer_append_byte(out, (unsigned char)writer->layout->separator);
            }
            append_separated(out, writer->layout, &encoded);
        }
    }
    buffer_append_text(out, writer->layout->line_end);
    buffer_finish(&value);
    buffer_finish(&encoded);
    return status == STATUS_OK ? buffer_check(out, err) : status;
}

void
handover_writer_init(struct handover_writer *writer, const struct handover_layout *layout,
                     const struct handover_totals *totals)
{
    *writer = (struct handover_writer){.layout = layout};
    writer->totals.fiscal_year = totals->fiscal_year;
    writer->totals.serial = totals->serial;
    snprintf(writer->totals.made_on, sizeof writer->totals.made_on, "%s", totals->made_on);
    buffer_init(&writer->records, HANDOVER_FILE_MAX_BYTES);
}

void
handover_writer_finish(struct handover_writer *writer)
{
    buffer_finish(&writer->records);
}

enum status
handover_write_assessment(struct handover_writer *writer, const struct assessment_record *record,
                          struct error_detail *err)
{
    struct handover_totals *totals = &writer->totals;
    bool is_decrease = record->kind == ASSESSMENT_DECREASE;
    totals->assessment_count++;
    totals->amount_yen += is_decrease ? -record->amount_yen : record->amount_yen;
    totals->decrease_yen += is_decrease ? record->amount_yen : 0;
    totals->increase_yen += is_decrease ? 0 : record->amount_yen;
    if (writer->layout->is_per_line) {
        return STATUS_OK;
    }
    const struct writing writing = {.record = record, .number = ++totals->record_count};
    return append_record(writer, &writer->layout->body, &writing, &writer->records, err);
}

enum status
handover_write_line(struct handover_writer *writer, const struct assessment_record *record, int64_t number,
                    const struct assessment_line *line, struct error_detail *err)
{
    const struct writing writing = {.record = record, .number = number, .line = line};
    if (!writer->layout->is_per_line) {
        return STATUS_OK;
    }
    writer->totals.record_count++;
    return append_record(writer, &writer->layout->body, &writing, &writer->records, err);
}

enum status
handover_write_end(struct handover_writer *writer, struct buffer *out, struct error_detail *err)
{
    const struct writing sums = {0};
    enum status status = STATUS_OK;
    buffer_append_text(out, writer->layout->encoding == HANDOVER_UTF8_MARKED ? "\xEF\xBB\xBF" : "");
    if (writer->layout->header.count > 0) {
        status = append_record(writer, &writer->layout->header, &sums, out, err);
    }
    buffer_append(out, buffer_text(&writer->records), writer->records.length);
    if (status == STATUS_OK && writer->layout->trailer.count > 0) {
        status = append_record(writer, &writer->layout->trailer, &sums, out, err);
    }
    return status == STATUS_OK ? buffer_check(out, err) : status;
}

void
handover_file_name(char out[HANDOVER_TEXT_SIZE + 32], const struct handover_layout *layout, int fiscal_year,
                   int64_t serial)
{
    struct buffer name;
    buffer_init(&name, HANDOVER_TEXT_SIZE + 31);
    for (const char *at = layout->file_name; *at != '\0';) {
        if (strncmp(at, "{year}", 6) == 0) {
            buffer_printf(&name, "%04d", fiscal_year);
            at += 6;
        } else if (strncmp(at, "{serial}", 8) == 0) {
            buffer_printf(&name, "%04" PRId64, serial);
            at += 8;
        } else {
            buffer_append_byte(&name, (unsigned char)*at++);
        }
    }
    snprintf(out, HANDOVER_TEXT_SIZE + 32, "%s", buffer_text(&name));
    buffer_finish(&name);
}
