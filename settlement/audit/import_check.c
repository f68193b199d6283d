/* The kept bytes are read by their layout once more, and walked beside the rows that were made of them. */
#include "settlement/audit/outside.h"

#include "common/bytes/scratch_file.h"
#include "common/clock/civil.h"
#include "settlement/imports/layouts.h"
#include "settlement/statements/reader.h"
#include "settlement/store/audit_outside_store.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    DATES_AHEAD_DAYS = 400,    /* as when it was taken in: tells 令和 from an older era */
    FORGET_EVERY_LINES = 4096, /* the texts of lines behind need no memory */
    ID_TEXT_SIZE = 24,
    DAY_TEXT_SIZE = CIVIL_DATE_TEXT_SIZE
};

/* One file being read beside its rows. */
struct rereading {
    struct reader *reader;
    struct audit_rows *rows;
    bool is_statement;
    bool has_row;
    int64_t import;
    int64_t lines_read;
    const char *file_name;
    struct findings *findings;
};

/* A line as the file has it, of either kind. */
struct file_line {
    bool is_there;
    uint32_t line;
    int64_t amount_yen;
    struct statement_line statement;
    struct bank_line bank;
};

static bool
view_is(struct text_view view, const struct audit_rows *row, int column)
{
    return text_view_equals(view, text_view_of(audit_text(row, column)));
}

static bool
day_is(struct civil_date day, const struct audit_rows *row, int column)
{
    char text[DAY_TEXT_SIZE] = "";
    if (day.year != 0) {
        civil_date_format(text, day);
    }
    return strcmp(text, audit_text(row, column)) == 0;
}

static bool
statement_line_is(const struct statement_line *line, const struct audit_rows *row)
{
    static const char *const kinds[STATEMENT_KIND_COUNT] = {
        [STATEMENT_SALE] = "sale",
        [STATEMENT_REVERSAL] = "reversal",
        [STATEMENT_REFUND] = "refund",
        [STATEMENT_FEE] = "fee",
    };
    bool has_time = line->accepted_at_ms != INSTANT_ABSENT;
    return strcmp(kinds[line->kind], audit_text(row, 1)) == 0 && line->amount_yen == audit_int(row, 2) &&
           line->fee_yen == audit_int(row, 3) && has_time == (audit_int(row, 4) != 0) &&
           (!has_time || line->accepted_at_ms == audit_int(row, 5)) && line->is_training == (audit_int(row, 6) != 0) &&
           view_is(line->brand, row, 7) && view_is(line->merchant_reference, row, 8) &&
           view_is(line->acquirer_reference, row, 9) && view_is(line->terminal, row, 10) &&
           view_is(line->payout_id, row, 11) && day_is(line->pay_date, row, 12) && view_is(line->slip, row, 13);
}

static bool
bank_line_is(const struct bank_line *line, const struct audit_rows *row)
{
    const struct text_view texts[] = {line->inquiry_number, line->transaction,  line->payer_code,
                                      line->payer_kana,     line->sending_bank, line->sending_branch,
                                      line->summary,        line->edi,          line->account_bank,
                                      line->account_branch, line->account_kind, line->account_number};
    bool is_same = strcmp(line->direction == BANK_IN ? "in" : "out", audit_text(row, 1)) == 0 &&
                   line->amount_yen == audit_int(row, 2) && day_is(line->date, row, 3) &&
                   day_is(line->value_date, row, 4);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        is_same = is_same && view_is(texts[i], row, 5 + (int)i);
    }
    return is_same;
}

static enum status
next_in_file(struct rereading *rereading, struct file_line *out, struct error_detail *err)
{
    if (++rereading->lines_read % FORGET_EVERY_LINES == 0) {
        reader_forget_texts(rereading->reader);
    }
    enum status status = rereading->is_statement
                             ? reader_next_statement(rereading->reader, &out->statement, &out->is_there, err)
                             : reader_next_bank(rereading->reader, &out->bank, &out->is_there, err);
    if (status == STATUS_OK && out->is_there) {
        out->line = rereading->is_statement ? out->statement.line : out->bank.line;
        out->amount_yen = rereading->is_statement ? out->statement.amount_yen : out->bank.amount_yen;
    }
    return status;
}

static void
report(const struct rereading *rereading, const char *code, int64_t line, int64_t expected_yen, int64_t found_yen,
       const char *what)
{
    finding_add(rereading->findings, code, NULL, 0, expected_yen, found_yen, "取込%lld(%s)の%lld行目が、%s。",
                (long long)rereading->import, rereading->file_name, (long long)line, what);
}

/* One step of the walk: the side that is behind goes on. *READ and WHY tell of the file, the return of the store. */
static enum status
step(struct rereading *rereading, struct file_line *line, enum status *read, struct error_detail *why,
     struct error_detail *err)
{
    const struct audit_rows *row = rereading->rows;
    int64_t row_line = rereading->has_row ? audit_int(row, 0) : INT64_MAX;
    int64_t file_line = line->is_there ? (int64_t)line->line : INT64_MAX;
    if (file_line < row_line) {
        report(rereading, "line_missing", file_line, line->amount_yen, 0, "帳簿にありません");
    } else if (row_line < file_line) {
        report(rereading, "line_unexpected", row_line, 0, audit_int(row, 2), "ファイルにありません");
    } else if (rereading->is_statement ? !statement_line_is(&line->statement, row) : !bank_line_is(&line->bank, row)) {
        report(rereading, "line_differs", file_line, line->amount_yen, audit_int(row, 2),
               "ファイルの内容と帳簿で異なります");
    }
    if (file_line <= row_line) {
        *read = next_in_file(rereading, line, why);
    }
    return row_line <= file_line ? audit_rows_next(rereading->rows, &rereading->has_row, err) : STATUS_OK;
}

/* A file of which some lines could not be read was taken in without them: they have no rows. */
static void
pass_over_fault(const struct error_detail *fault, struct text_view raw, void *context)
{
    (void)fault;
    (void)raw;
    (void)context;
}

/* Whether STATUS says that the bytes are wrong, and not that the machine failed. */
static bool
is_of_the_file(enum status status)
{
    return status == STATUS_INVALID || status == STATUS_OVERFLOW;
}

/* The lines of the file and their rows, side by side. *OUT_IS_UNREADABLE, with WHY: by the file's own fault. */
static enum status
walk(struct rereading *rereading, struct store_txn *txn, bool *out_is_unreadable, struct error_detail *why,
     struct error_detail *err)
{
    char id[ID_TEXT_SIZE];
    struct file_line line = {0};
    snprintf(id, sizeof id, "%" PRId64, rereading->import);
    enum status read = next_in_file(rereading, &line, why);
    enum status status = outside_rows_begin(txn, rereading->is_statement ? OUTSIDE_STATEMENT_LINES : OUTSIDE_BANK_LINES,
                                            id, &rereading->rows, err);
    if (status == STATUS_OK) {
        status = audit_rows_next(rereading->rows, &rereading->has_row, err);
    }
    while (status == STATUS_OK && read == STATUS_OK && (rereading->has_row || line.is_there)) {
        status = step(rereading, &line, &read, why, err);
    }
    if (status == STATUS_OK && rereading->has_row) {
        audit_rows_end(rereading->rows);
    }
    *out_is_unreadable = is_of_the_file(read);
    if (status == STATUS_OK && read != STATUS_OK && !*out_is_unreadable) {
        *err = *why;
        return read;
    }
    return status;
}

static enum status
reread_bytes(struct rereading *rereading, const struct audit_rows *file, const void *bytes, size_t length,
             const struct layout *layout, struct store_txn *txn, struct error_detail *err)
{
    struct error_detail why;
    bool is_unreadable = false;
    struct civil_date not_after = civil_date_add_days(civil_date_at(audit_int(file, 4)), DATES_AHEAD_DAYS);
    enum status status = reader_create(&rereading->reader, layout, bytes, length, not_after, &why);
    if (status == STATUS_OK) {
        reader_keep_faults(rereading->reader, pass_over_fault, NULL);
        status = walk(rereading, txn, &is_unreadable, &why, err);
    } else if (is_of_the_file(status)) {
        is_unreadable = true;
        status = STATUS_OK;
    } else {
        *err = why;
    }
    if (is_unreadable) {
        finding_add(rereading->findings, "import_unreadable", NULL, 0, 0, 0,
                    "取り込んだファイル%s(%lld)を、もう一度読むことができません: %s", rereading->file_name,
                    (long long)rereading->import, why.message);
    }
    reader_destroy(rereading->reader);
    return status;
}

/* The parts of the file one behind the other, outside memory. */
static enum status
put_together(struct scratch_file *scratch, int64_t import, struct store_txn *txn, struct error_detail *err)
{
    char id[ID_TEXT_SIZE];
    struct audit_rows *part;
    bool has_row = true;
    snprintf(id, sizeof id, "%" PRId64, import);
    enum status status = outside_rows_begin(txn, OUTSIDE_FILE_PARTS, id, &part, err);
    while (status == STATUS_OK && (status = audit_rows_next(part, &has_row, err)) == STATUS_OK && has_row) {
        size_t length;
        const void *bytes = audit_blob(part, 0, &length);
        status = scratch_file_append(scratch, bytes, length, err);
        if (status != STATUS_OK) {
            audit_rows_end(part);
        }
    }
    return status == STATUS_OK ? scratch_file_map(scratch, err) : status;
}

static enum status
reread(struct rereading *rereading, const struct audit_rows *file, const struct layout *layout, struct store_txn *txn,
       struct error_detail *err)
{
    size_t length;
    const void *bytes = audit_blob(file, 5, &length);
    if (length > 0) { /* of before files were kept in parts */
        return reread_bytes(rereading, file, bytes, length, layout, txn, err);
    }
    struct scratch_file scratch;
    enum status status = scratch_file_open(&scratch, err);
    if (status != STATUS_OK) {
        return status;
    }
    status = put_together(&scratch, rereading->import, txn, err);
    if (status == STATUS_OK) {
        status = reread_bytes(rereading, file, scratch.bytes, scratch.length, layout, txn, err);
    }
    scratch_file_close(&scratch);
    return status;
}

static enum status
check_import(struct store_txn *txn, const struct audit_rows *file, const struct layouts *layouts,
             struct findings *findings, struct error_detail *err)
{
    const char *name = audit_text(file, 2);
    const char *own = audit_text(file, 6);
    bool is_statement = strcmp(audit_text(file, 3), "statement") == 0;
    struct layout *city = NULL;
    struct error_detail why;
    struct rereading rereading = {.is_statement = is_statement,
                                  .import = audit_int(file, 0),
                                  .file_name = audit_text(file, 1),
                                  .findings = findings};
    const struct layout_entry *entry = layouts_find(layouts, name);
    const struct layout *layout = entry != NULL ? entry->layout : NULL;
    if (own[0] != '\0') {
        layout = layout_create(&city, own, strlen(own), &why) == STATUS_OK ? city : NULL;
    }
    enum status status = STATUS_OK;
    if (layout == NULL || (layout_gives(layout) == LAYOUT_GIVES_STATEMENT) != is_statement) {
        finding_add(findings, "layout_unknown", NULL, 0, 0, 0,
                    "取り込んだファイル%s(%lld)の様式%sがないため、内容を確かめられません。", rereading.file_name,
                    (long long)rereading.import, name);
    } else {
        status = reread(&rereading, file, layout, txn, err);
    }
    layout_destroy(city);
    return status;
}

enum status
audit_imports(struct store_txn *txn, const struct layouts *layouts, struct work *work, struct findings *findings,
              struct error_detail *err)
{
    struct audit_rows *file;
    bool has_row = false;
    work_begin_step(work, WORK_FILES, 0);
    enum status status = outside_rows_begin(txn, OUTSIDE_IMPORTS, NULL, &file, err);
    while (status == STATUS_OK) {
        status = audit_rows_next(file, &has_row, err);
        if (status != STATUS_OK || !has_row) {
            return status;
        }
        status = check_import(txn, file, layouts, findings, err);
        if (status == STATUS_OK) {
            status = work_advance(work, 1, err);
        }
    }
    audit_rows_end(file);
    return status;
}
