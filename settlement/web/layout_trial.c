/* Trying a layout out on a file: what would be read, the first lines raw and understood, and what cannot be read.
 * Takes nothing in. */
#include "settlement/web/layout_trial.h"

#include "settlement/imports/faults.h"
#include "settlement/imports/import_file.h"
#include "settlement/web/asked.h"
#include "settlement/web/endpoints.h"
#include "settlement/web/evidence.h"
#include "settlement/web/import_json.h"
#include "settlement/web/reply.h"

#include "common/money/yen.h"

enum { TRIAL_LINES_SHOWN = 50 };

/* What was seen so far. */
struct trial {
    const struct layout *layout;
    struct json_writer *writer;
    const char *bytes;
    size_t length;
    const char *raw_at; /* physical line `raw_line` begins here */
    uint32_t raw_line;
    struct arena arena;
    struct faults faults;
    int64_t line_count;
    int64_t amount_yen;
    int64_t fee_yen;
    bool is_too_large;
};

/* The physical line LINE of the file; lines come in order. */
static struct text_view
raw_line(struct trial *trial, uint32_t line)
{
    const char *end = trial->bytes + trial->length;
    const char *at = trial->raw_at;
    for (;;) {
        const char *stop = at;
        while (stop < end && *stop != '\n' && *stop != '\r') {
            stop++;
        }
        if (trial->raw_line >= line || stop == end) {
            trial->raw_at = at;
            return (struct text_view){at, trial->raw_line == line ? (size_t)(stop - at) : 0};
        }
        at = stop + (stop + 1 < end && stop[0] == '\r' && stop[1] == '\n' ? 2 : 1);
        trial->raw_line++;
    }
}

static void
add_amounts(struct trial *trial, int64_t amount_yen, int64_t fee_yen)
{
    trial->line_count++;
    trial->is_too_large = trial->is_too_large ||
                          yen_add(&trial->amount_yen, trial->amount_yen, amount_yen) != STATUS_OK ||
                          yen_add(&trial->fee_yen, trial->fee_yen, fee_yen) != STATUS_OK;
}

static void
begin_line(struct trial *trial, uint32_t line)
{
    json_begin_object(trial->writer, NULL);
    json_int(trial->writer, "line", line);
    json_text(trial->writer, "raw",
              fault_text(&trial->arena, layout_text_encoding(trial->layout), raw_line(trial, line)));
    json_begin_array(trial->writer, "parsed");
}

static void
end_line(struct trial *trial)
{
    json_end_array(trial->writer);
    json_end_object(trial->writer);
}

static enum status
next(struct trial *trial, struct reader *reader, bool *out_has_line, struct error_detail *err)
{
    bool is_shown = trial->line_count < TRIAL_LINES_SHOWN;
    if (layout_gives(trial->layout) == LAYOUT_GIVES_BANK) {
        struct bank_line line;
        enum status status = reader_next_bank(reader, &line, out_has_line, err);
        if (status != STATUS_OK || !*out_has_line) {
            return status;
        }
        if (is_shown) {
            begin_line(trial, line.line);
            json_bank_values(trial->writer, &line);
            end_line(trial);
        }
        add_amounts(trial, line.direction == BANK_IN ? line.amount_yen : -line.amount_yen, 0);
        return STATUS_OK;
    }
    struct statement_line line;
    enum status status = reader_next_statement(reader, &line, out_has_line, err);
    if (status != STATUS_OK || !*out_has_line) {
        return status;
    }
    if (is_shown) {
        begin_line(trial, line.line);
        json_statement_values(trial->writer, &line);
        end_line(trial);
    }
    add_amounts(trial, line.amount_yen, line.fee_yen);
    return STATUS_OK;
}

/* Read the whole file and write "lines". The memory does not grow with it. */
static enum status
read_file(struct trial *trial, struct civil_date not_after, struct error_detail *err)
{
    struct reader *reader = NULL;
    enum status status = reader_create(&reader, trial->layout, trial->bytes, trial->length, not_after, err);
    if (status == STATUS_OK) {
        reader_keep_faults(reader, faults_add, &trial->faults);
    }
    bool has_line = true;
    json_begin_array(trial->writer, "lines");
    while (status == STATUS_OK && has_line) {
        status = next(trial, reader, &has_line, err);
        reader_forget_texts(reader);
    }
    json_end_array(trial->writer);
    reader_destroy(reader);
    if (status == STATUS_OK && trial->is_too_large) {
        error_set(err, "amount_too_large", "合計金額が扱える範囲を超えました。桁がずれていないか確かめてください。");
        return STATUS_OVERFLOW;
    }
    return status;
}

void
layout_trial_write(struct json_writer *writer, const struct layout *layout, const char *bytes, size_t length,
                   int64_t now_ms, struct layout_trial *out)
{
    struct error_detail err = {0};
    struct trial trial = {
        .layout = layout, .writer = writer, .bytes = bytes, .length = length, .raw_at = bytes, .raw_line = 1};
    arena_init(&trial.arena, LAYOUT_MAX_BYTES);
    faults_init(&trial.faults, layout_text_encoding(layout));
    json_text(writer, "layout", layout_name(layout));
    json_text(writer, "name", layout_title(layout));
    json_text(writer, "kind", layout_gives(layout) == LAYOUT_GIVES_STATEMENT ? "statement" : "bank");
    json_text(writer, "encoding", layout_encoding(layout));
    enum status status = read_file(&trial, civil_date_add_days(civil_date_at(now_ms), IMPORT_DATES_AHEAD_DAYS), &err);
    json_int(writer, "line_count", trial.line_count);
    json_int(writer, "amount_yen", trial.amount_yen);
    json_int(writer, "fee_yen", trial.fee_yen);
    json_faults(writer, &trial.faults);
    if (status == STATUS_OK) {
        json_null(writer, "error");
    } else {
        json_begin_object(writer, "error"); /* the file as a whole would not be taken */
        json_text(writer, "code", err.code);
        json_text(writer, "message", err.message);
        json_int(writer, "line", err.line);
        json_int(writer, "column", err.column);
        json_end_object(writer);
    }
    *out = (struct layout_trial){.status = status, .err = err, .line_count = trial.line_count};
    faults_finish(&trial.faults);
    arena_finish(&trial.arena);
}

enum status
layout_trial_asked(struct layout_trial_request *out, const struct http_request *request, struct error_detail *err)
{
    size_t length = 0;
    int64_t descriptor_length = 0;
    const char *body = http_request_body(request, &length);
    *out = (struct layout_trial_request){0};
    enum status status = asked_int(request, "descriptor_bytes", 0, 1, LAYOUT_MAX_BYTES, &descriptor_length, err);
    if (status == STATUS_OK && (descriptor_length == 0 || (size_t)descriptor_length >= length)) {
        error_set(err, "invalid_request", "書式と、試しに読むファイルの両方を選んでください。");
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK) {
        status = layout_create(&out->layout, body, (size_t)descriptor_length, err);
    }
    if (status == STATUS_OK) {
        out->descriptor = body;
        out->descriptor_length = (size_t)descriptor_length;
        out->bytes = body + descriptor_length;
        out->length = length - (size_t)descriptor_length;
    }
    return status;
}

void
layout_try_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct layout_trial_request asked;
    struct layout_trial trial;
    enum status status = layout_trial_asked(&asked, request, &err);
    if (status != STATUS_OK) {
        respond_failure(request, status, &err);
        return;
    }
    struct reply reply;
    reply_begin(&reply);
    layout_trial_write(&reply.writer, asked.layout, asked.bytes, asked.length, asked_now_ms(service), &trial);
    layout_destroy(asked.layout);
    reply_send(&reply, request, 200);
}
