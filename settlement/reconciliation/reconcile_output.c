/* Rows for people and for other programs: CSV in UTF-8 with a header and LF, quoted where it must be. */
#include "settlement/reconciliation/reconcile_output.h"

#include "common/json/writer.h"
#include "common/money/yen.h"
#include "settlement/reconciliation/csv_text.h"
#include "settlement/reconciliation/match_rows.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum {
    NUMBERS_MAX_BYTES = 128,         /* the numbers, words and separators of a row */
    EVIDENCE_MAX_BYTES = 128 * 1024, /* four facts with the longest references; longer is cut */
    SUMMARY_MAX_BYTES = 64 * 1024
};

/* The line that a row shows: its own, or the one that was paid though we voided it. */
static uint32_t
shown_line(const struct match_discrepancy *row)
{
    return row->line == MATCH_NONE && row->class == MATCH_PAID_THOUGH_VOID ? row->related : row->line;
}

static void
write_discrepancy(struct result_file *file, const struct match_input *input, const struct match_discrepancy *row,
                  struct buffer *evidence)
{
    uint32_t line = shown_line(row);
    const struct match_item *named =
        row->sale != MATCH_NONE ? &input->sales.items[row->sale] : &input->lines.items[row->line];
    buffer_clear(evidence);
    match_explain(evidence, input, row);
    char *out = result_file_room(file, 2 * (named->reference_length + evidence->length) + NUMBERS_MAX_BYTES);
    out = csv_put_word(out, match_class_name(row->class));
    *out++ = ',';
    out = csv_put_text(out, match_item_reference(named));
    *out++ = ',';
    if (line != MATCH_NONE) {
        out = csv_put_place(out, input->lines.items[line].id);
    }
    *out++ = ',';
    if (row->sale != MATCH_NONE) {
        out = csv_put_number(out, input->sales.items[row->sale].amount_yen);
    }
    *out++ = ',';
    if (line != MATCH_NONE) {
        out = csv_put_number(out, input->lines.items[line].amount_yen);
    }
    *out++ = ',';
    out = csv_put_text(out, (struct text_view){buffer_text(evidence), evidence->length});
    *out++ = '\n';
    result_file_advance(file, out);
}

static void
write_discrepancies(struct result_file *file, const struct reconcile_outcome *outcome)
{
    static const char header[] = "class,reference,line,sale_amount,statement_amount,evidence\n";
    struct buffer evidence;
    buffer_init(&evidence, EVIDENCE_MAX_BYTES);
    result_file_write(file, header, sizeof header - 1);
    for (size_t i = 0; i < outcome->result->discrepancy_count; i++) {
        write_discrepancy(file, outcome->input, &outcome->result->discrepancies[i], &evidence);
    }
    buffer_finish(&evidence);
}

static void
write_side(struct json_writer *json, const char *key, const struct side_file *side, uint64_t bytes)
{
    json_begin_object(json, key);
    json_int(json, "bytes", (int64_t)bytes);
    json_int(json, "count", (int64_t)side->side.count);
    json_int(json, "yen", side->total_yen);
    json_int(json, "fee_lines", (int64_t)side->fee_count);
    json_int(json, "fee_lines_yen", side->fee_yen);
    json_end_object(json);
}

static void
write_totals(struct json_writer *json, const char *key, const struct match_totals *totals, int64_t remarks)
{
    json_begin_object(json, key);
    json_int(json, "count", (int64_t)totals->count);
    json_int(json, "sale_yen", totals->sale_yen);
    json_int(json, "statement_yen", totals->statement_yen);
    if (remarks >= 0) {
        json_int(json, "remarks", remarks);
    }
    json_end_object(json);
}

/* One object for each name: both kinds of 期ずれ are counted in one, and `remarks` tells how many only remark on a pair
 * that is counted elsewhere; their yen are not added again. */
static void
write_classes(struct json_writer *json, const struct match_result *result)
{
    json_begin_object(json, "classes");
    for (unsigned class = 0; class < MATCH_CLASS_COUNT; class ++) {
        struct match_totals totals = result->classes[class];
        int64_t remarks = match_class_is_remark((enum match_class) class) ? (int64_t)totals.count : 0;
        if (class == MATCH_CUT_OFF_REMARK) {
            continue;
        }
        if (class == MATCH_CUT_OFF) {
            remarks = (int64_t)result->classes[MATCH_CUT_OFF_REMARK].count;
            totals.count += result->classes[MATCH_CUT_OFF_REMARK].count;
        }
        write_totals(json, match_class_name((enum match_class) class), &totals, remarks);
    }
    json_end_object(json);
}

static void
write_seconds(struct json_writer *json, const char *key, int64_t us)
{
    char text[32];
    int length = snprintf(text, sizeof text, "%lld.%06lld", (long long)(us / 1000000), (long long)(us % 1000000));
    json_raw(json, key, text, (size_t)length);
}

enum status
reconcile_output_summary(struct buffer *out, const struct reconcile_outcome *outcome, struct error_detail *err)
{
    const struct match_result *result = outcome->result;
    size_t by_key[MATCH_KEY_COUNT] = {0};
    for (size_t i = 0; i < result->match_count; i++) {
        by_key[result->matches[i].key]++;
    }
    struct json_writer json;
    json_writer_init(&json, out);
    json_begin_object(&json, NULL);
    json_text(&json, "layout", outcome->layout_name);
    write_side(&json, "sales", outcome->sales, outcome->sales->file.length);
    write_side(&json, "statement", outcome->statement, outcome->statement_bytes);
    json_int(&json, "statement_files", (int64_t)outcome->statement_files);
    write_totals(&json, "matches", &result->matched, -1);
    json_begin_object(&json, "matched_by");
    static const enum match_key keys[] = {MATCH_BY_REFERENCE, MATCH_BY_ACQUIRER_REFERENCE, MATCH_BY_SLIP};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) { /* nobody decides about files */
        json_int(&json, match_key_word(keys[i]), (int64_t)by_key[keys[i]]);
    }
    json_end_object(&json);
    json_int(&json, "discrepancies", (int64_t)result->discrepancy_count);
    write_classes(&json, result);
    if (outcome->bank != NULL) {
        bank_side_write_summary(outcome->bank, &json);
    }
    write_seconds(&json, "seconds", outcome->read_us + outcome->match_us + outcome->write_us);
    write_seconds(&json, "read_seconds", outcome->read_us);
    write_seconds(&json, "match_seconds", outcome->match_us);
    write_seconds(&json, "write_seconds", outcome->write_us);
    json_int(&json, "bytes", (int64_t)(outcome->sales->file.length + outcome->statement_bytes));
    json_end_object(&json);
    enum status status = json_finish(&json, err);
    buffer_append_byte(out, '\n');
    return status == STATUS_OK ? buffer_check(out, err) : status;
}

static int64_t
elapsed_us(const struct timespec *since)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)(now.tv_sec - since->tv_sec) * 1000000 + (now.tv_nsec - since->tv_nsec) / 1000;
}

/* Write the files under their temporary names; the summary tells how long the other two took. */
static enum status
write_files(struct result_file *matches, struct result_file *discrepancies, struct result_file *deposits,
            struct result_file *summary, struct reconcile_outcome *outcome, struct error_detail *err)
{
    struct timespec start;
    clock_gettime(CLOCK_MONOTONIC, &start);
    match_rows_write(matches, outcome->input, outcome->result, outcome->thread_count);
    write_discrepancies(discrepancies, outcome);
    enum status status = result_file_finish(matches, err);
    if (status == STATUS_OK) {
        status = result_file_finish(discrepancies, err);
    }
    if (status == STATUS_OK && outcome->bank != NULL) {
        bank_side_write_rows(outcome->bank, deposits);
        status = result_file_finish(deposits, err);
    }
    outcome->write_us = elapsed_us(&start);
    struct buffer json;
    buffer_init(&json, SUMMARY_MAX_BYTES);
    if (status == STATUS_OK) {
        status = reconcile_output_summary(&json, outcome, err);
    }
    if (status == STATUS_OK) {
        result_file_write(summary, json.data, json.length);
        status = result_file_finish(summary, err);
    }
    buffer_finish(&json);
    return status;
}

enum status
reconcile_output_write(const char *folder, struct reconcile_outcome *outcome, struct error_detail *err)
{
    struct result_file matches = {.file = -1}, discrepancies = {.file = -1}, deposits = {.file = -1},
                       summary = {.file = -1};
    enum status status = STATUS_OK;
    if (mkdir(folder, 0755) != 0 && errno != EEXIST) {
        error_set(err, "cannot_create", "%s: %s", folder, strerror(errno));
        return STATUS_IO;
    }
    status = result_file_open(&matches, folder, "matches.csv", err);
    if (status == STATUS_OK) {
        status = result_file_open(&discrepancies, folder, "discrepancies.csv", err);
    }
    if (status == STATUS_OK && outcome->bank != NULL) {
        status = result_file_open(&deposits, folder, "deposits.csv", err);
    }
    if (status == STATUS_OK) {
        status = result_file_open(&summary, folder, "summary.json", err);
    }
    if (status == STATUS_OK) {
        status = write_files(&matches, &discrepancies, &deposits, &summary, outcome, err);
    }
    enum { FILES = 4 };
    struct result_file *const files[FILES] = {&matches, &discrepancies, &deposits, &summary};
    for (size_t i = 0; i < FILES && status == STATUS_OK; i++) {
        status = files[i]->file >= 0 ? result_file_publish(files[i], err) : STATUS_OK;
    }
    if (status == STATUS_OK) {
        status = result_folder_sync(folder, err);
    }
    for (size_t i = 0; i < FILES; i++) {
        result_file_abandon(files[i]);
    }
    return status;
}
