/* Lines are added up in chunks, and the chunks' payouts are folded in the end. */
#include "settlement/reconciliation/bank_side.h"

#include "common/bytes/buffer.h"
#include "common/json/writer.h"
#include "common/money/yen.h"
#include "settlement/reconciliation/csv_text.h"
#include "settlement/reconciliation/reconcile_read.h"
#include "settlement/reconciliation/result_file.h"
#include "settlement/statements/reader.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
    LINES_AT_ONCE = 4096,  /* half a megabyte of lines */
    PARTS_MAX = 100000000, /* payouts times chunks */
    EVIDENCE_MAX_BYTES = 128 * 1024,
    NUMBERS_MAX_BYTES = 128
};

void
bank_side_init(struct bank_side *bank)
{
    *bank = (struct bank_side){.reader_count = 0};
    arena_init(&bank->arena, SIZE_MAX / 4);
    growing_init(&bank->parts, sizeof(struct payout), PARTS_MAX, 0);
    growing_init(&bank->credits, sizeof(struct payout_credit), PARTS_MAX, 0);
}

void
bank_side_finish(struct bank_side *bank)
{
    for (size_t i = 0; i < bank->reader_count; i++) {
        reader_destroy(bank->readers[i]);
    }
    growing_finish(&bank->parts);
    growing_finish(&bank->credits);
    arena_finish(&bank->arena);
    layout_destroy(bank->layout);
    mapped_file_close(&bank->file);
}

static enum status
refuse_memory(struct error_detail *err)
{
    error_set(err, "out_of_memory", "行が多すぎるか、メモリーが足りません。ファイルを分けて照合してください。");
    return STATUS_OVERFLOW;
}

/* The payouts of COUNT lines as further parts. */
static enum status
add_parts(struct bank_side *bank, const struct statement_line *lines, size_t count, struct error_detail *err)
{
    struct arena chunk;
    struct payout *payouts = NULL;
    size_t payout_count = 0;
    arena_init(&chunk, SIZE_MAX / 4);
    enum status status = payout_collect(&payouts, &payout_count, lines, count, &chunk, err);
    for (size_t i = 0; status == STATUS_OK && i < payout_count; i++) {
        struct payout *place = growing_add(&bank->parts);
        status = place != NULL ? STATUS_OK : refuse_memory(err);
        if (place != NULL) {
            *place = payouts[i];
        }
    }
    arena_finish(&chunk);
    return status;
}

enum status
bank_side_add_statement(struct bank_side *bank, const struct mapped_file *statement, const char *path,
                        const struct layout *layout, struct civil_date not_after, struct error_detail *err)
{
    assert(bank->reader_count < BANK_SIDE_READERS_MAX);

    struct reader *reader = NULL;
    struct statement_line *lines = malloc(LINES_AT_ONCE * sizeof *lines);
    enum status status = lines != NULL ? STATUS_OK : refuse_memory(err);
    if (status == STATUS_OK) {
        status = reader_create(&reader, layout, statement->bytes, statement->length, not_after, err);
    }
    if (status == STATUS_OK) {
        bank->readers[bank->reader_count++] = reader;
    }
    size_t count = 1;
    while (status == STATUS_OK && count > 0) {
        status = reader_next_statements(reader, lines, LINES_AT_ONCE, &count, err);
        if (status == STATUS_OK) {
            status = add_parts(bank, lines, count, err);
        }
    }
    free(lines);
    return status == STATUS_OK ? STATUS_OK : reconcile_name_place(status, path, err);
}

static int
compare_parts(const void *a, const void *b)
{
    struct text_view left = ((const struct payout *)a)->id;
    struct text_view right = ((const struct payout *)b)->id;
    size_t common = left.length < right.length ? left.length : right.length;
    int order = common > 0 ? memcmp(left.at, right.at, common) : 0;
    return order != 0 ? order : (left.length > right.length) - (left.length < right.length);
}

static void
apply_terms(struct payout *payout, const struct deposit_terms *terms)
{
    payout->is_net = terms->is_net;
    payout->is_together = terms->together != NULL;
    payout->payer_kana = text_view_of(terms->together != NULL ? terms->together : "");
    payout->minimum_yen = terms->minimum_yen;
    payout->carries_negative = terms->carries_negative;
}

/* Parts of one payout become one; the array shrinks in its place. */
static enum status
fold_parts(struct bank_side *bank, const struct deposit_terms *terms, struct error_detail *err)
{
    struct payout *parts = bank->parts.elements;
    size_t kept = 0;
    enum status status = STATUS_OK;
    if (bank->parts.count > 1) {
        qsort(parts, bank->parts.count, sizeof *parts, compare_parts);
    }
    for (size_t i = 0; status == STATUS_OK && i < bank->parts.count; i++) {
        if (kept == 0 || compare_parts(&parts[kept - 1], &parts[i]) != 0) {
            parts[kept] = parts[i];
            apply_terms(&parts[kept++], terms);
            continue;
        }
        struct payout *whole = &parts[kept - 1];
        bool is_later = parts[i].pay_date.year != 0 &&
                        (whole->pay_date.year == 0 || civil_date_compare(parts[i].pay_date, whole->pay_date) > 0);
        whole->pay_date = is_later ? parts[i].pay_date : whole->pay_date;
        whole->line_count += parts[i].line_count;
        status = yen_add(&whole->gross_yen, whole->gross_yen, parts[i].gross_yen);
        if (status == STATUS_OK) {
            status = yen_add(&whole->fee_yen, whole->fee_yen, parts[i].fee_yen);
        }
        if (status == STATUS_OK) {
            status = yen_add(&whole->charge_yen, whole->charge_yen, parts[i].charge_yen);
        }
    }
    bank->parts.count = kept;
    if (status != STATUS_OK) {
        error_set(err, "sum_too_large", "入金番号の合計が扱える範囲を超えました。");
    }
    return status;
}

static enum status
read_credits(struct bank_side *bank, struct civil_date not_after, struct error_detail *err)
{
    struct reader *reader = NULL;
    struct bank_line line;
    bool has_line = true;
    enum status status = reader_create(&reader, bank->layout, bank->file.bytes, bank->file.length, not_after, err);
    if (status == STATUS_OK) {
        bank->readers[bank->reader_count++] = reader;
    }
    while (status == STATUS_OK && has_line) {
        status = reader_next_bank(reader, &line, &has_line, err);
        if (status != STATUS_OK || !has_line) {
            break;
        }
        bool is_last = line.date.year != 0 &&
                       (bank->input.as_of.year == 0 || civil_date_compare(line.date, bank->input.as_of) > 0);
        bank->input.as_of = is_last ? line.date : bank->input.as_of;
        struct payout_credit *place = line.direction == BANK_IN ? growing_add(&bank->credits) : NULL;
        if (place != NULL) {
            *place = payout_credit_of(&line, line.line);
        } else if (line.direction == BANK_IN) {
            status = refuse_memory(err);
        }
    }
    return status;
}

enum status
bank_side_match(struct bank_side *bank, const char *path, const char *layout_path, const struct deposit_terms *terms,
                struct civil_date not_after, struct error_detail *err)
{
    enum status status = layout_load(&bank->layout, layout_path, err);
    if (status != STATUS_OK) {
        bool names_itself = status == STATUS_NOT_FOUND || status == STATUS_IO;
        return names_itself ? status : reconcile_name_place(status, layout_path, err);
    }
    if (layout_gives(bank->layout) != LAYOUT_GIVES_BANK) {
        error_set(err, "layout_kind", "%s: 銀行の入出金明細の書式ではありません。gives を \"bank\" にしてください。",
                  layout_path);
        return STATUS_INVALID;
    }
    status = mapped_file_open(&bank->file, path, err);
    if (status == STATUS_OK) {
        status = read_credits(bank, not_after, err);
    }
    if (status != STATUS_OK) {
        return reconcile_name_place(status, path, err);
    }
    status = fold_parts(bank, terms, err);
    bank->input.payouts = bank->parts.elements;
    bank->input.payout_count = bank->parts.count;
    bank->input.credits = bank->credits.elements;
    bank->input.credit_count = bank->credits.count;
    struct payout_options options = payout_options_default(&bank->arena);
    return status == STATUS_OK ? payout_match(&bank->result, &bank->input, &options, err) : status;
}

void
bank_side_write_rows(const struct bank_side *bank, struct result_file *file)
{
    static const char header[] = "class,payout,expected,received,difference,evidence\n";
    struct buffer evidence;
    buffer_init(&evidence, EVIDENCE_MAX_BYTES);
    result_file_write(file, header, sizeof header - 1);
    for (size_t i = 0; i < bank->result.outcome_count; i++) {
        const struct payout_outcome *outcome = &bank->result.outcomes[i];
        bool is_known = outcome->payout != PAYOUT_NONE;
        struct text_view id = is_known ? bank->input.payouts[outcome->payout].id : (struct text_view){"", 0};
        buffer_clear(&evidence);
        payout_explain(&evidence, &bank->input, outcome);
        char *out = result_file_room(file, 2 * (id.length + evidence.length) + NUMBERS_MAX_BYTES);
        out = csv_put_word(out, payout_class_name(outcome->class));
        *out++ = ',';
        out = csv_put_text(out, id);
        *out++ = ',';
        out = is_known ? csv_put_number(out, outcome->expected_yen) : out;
        *out++ = ',';
        out = csv_put_number(out, outcome->received_yen);
        *out++ = ',';
        out = csv_put_number(out, outcome->received_yen - outcome->expected_yen);
        *out++ = ',';
        out = csv_put_text(out, (struct text_view){buffer_text(&evidence), evidence.length});
        *out++ = '\n';
        result_file_advance(file, out);
    }
    buffer_finish(&evidence);
}

void
bank_side_write_summary(const struct bank_side *bank, struct json_writer *json)
{
    json_begin_object(json, "deposits");
    json_int(json, "payouts", (int64_t)bank->input.payout_count);
    json_int(json, "credits", (int64_t)bank->input.credit_count);
    json_begin_object(json, "classes");
    for (unsigned class = 0; class < PAYOUT_CLASS_COUNT; class ++) {
        int64_t count = 0;
        int64_t difference_yen = 0;
        for (size_t i = 0; i < bank->result.outcome_count; i++) {
            const struct payout_outcome *outcome = &bank->result.outcomes[i];
            if (outcome->class == (enum payout_class) class) {
                count++;
                difference_yen += outcome->received_yen - outcome->expected_yen; /* each within YEN_LIMIT */
            }
        }
        json_begin_object(json, payout_class_name((enum payout_class) class));
        json_int(json, "count", count);
        json_int(json, "difference_yen", difference_yen);
        json_end_object(json);
    }
    json_end_object(json);
    json_end_object(json);
}
