/* Till by till, then what spans tills. */
#include "settlement/audit/audit.h"

#include "settlement/audit/book.h"
#include "settlement/audit/compare.h"
#include "settlement/audit/journal_check.h"
#include "settlement/audit/outside.h"
#include "settlement/audit/sums.h"
#include "settlement/imports/layouts.h"
#include "settlement/store/journal_store.h"

#include <stdio.h>
#include <string.h>

static enum status
compare_book(struct store_txn *txn, const struct book *book, struct audit_report *report, struct error_detail *err)
{
    static enum status (*const comparisons[])(struct store_txn *, const struct book *, struct error_detail *) = {
        compare_sales,   compare_sale_lines, compare_voids, compare_payments, compare_reversals,
        compare_refunds, compare_days,       compare_facts, compare_visits,   compare_postings,
    };
    enum status status = STATUS_OK;
    for (size_t i = 0; i < sizeof comparisons / sizeof comparisons[0] && status == STATUS_OK; i++) {
        status = comparisons[i](txn, book, err);
    }
    if (status == STATUS_OK) {
        status = compare_parked(txn, book, &report->parked, err);
    }
    compare_receipts(book);
    return status;
}

static void
count_book(const struct book *book, struct audit_report *report)
{
    report->sales += (int64_t)book->sales.count;
    for (size_t i = 0; i < book->sales.count; i++) {
        const struct book_sale *sale = BOOK_AT(book->sales, const struct book_sale, i);
        report->revenue_yen += sale->voided_by == 0 ? sale->total_yen : 0;
    }
}

static enum status
audit_till(struct store_txn *txn, const struct audit_rows *row, struct audit_report *report, struct error_detail *err)
{
    struct audited_till till = {.head_sequence = audit_int(row, 4), .interpreted = audit_int(row, 6)};
    struct book book;
    book_init(&book, &report->findings);
    snprintf(till.terminal, sizeof till.terminal, "%s", audit_text(row, 0));
    snprintf(book.terminal, sizeof book.terminal, "%s", audit_text(row, 0));
    snprintf(book.municipality, sizeof book.municipality, "%s", audit_text(row, 1));
    snprintf(book.place, sizeof book.place, "%s", audit_text(row, 2));
    size_t key_length;
    size_t hash_length;
    const void *key = audit_blob(row, 3, &key_length);
    const void *hash = audit_blob(row, 5, &hash_length);
    if (key_length == sizeof till.public_key && hash_length == sizeof till.head_hash) {
        memcpy(till.public_key, key, sizeof till.public_key);
        memcpy(till.head_hash, hash, sizeof till.head_hash);
    }
    int64_t lines = 0;
    enum status status = journal_check(txn, &till, &book, &lines, err);
    if (status == STATUS_OK && book.has_failed) {
        error_set(err, "no_memory", "out of memory while auditing %s", till.terminal);
        status = STATUS_NO_MEMORY;
    }
    if (status == STATUS_OK) {
        status = compare_book(txn, &book, report, err);
    }
    report->terminals++;
    report->lines += lines;
    report->waiting += till.head_sequence > till.interpreted ? till.head_sequence - till.interpreted : 0;
    count_book(&book, report);
    book_finish(&book);
    return status;
}

static enum status
audit_tills(struct store_txn *txn, struct work *work, struct audit_report *report, struct error_detail *err)
{
    struct audit_rows *row;
    bool has_row = false;
    int64_t line_count = 0;
    enum status status = journal_line_count(txn, &line_count, err);
    work_begin_step(work, WORK_TILLS, line_count);
    if (status != STATUS_OK) {
        return status;
    }
    status = audit_rows_begin(txn, AUDIT_TERMINALS, NULL, &row, err);
    while (status == STATUS_OK) {
        status = audit_rows_next(row, &has_row, err);
        if (status != STATUS_OK || !has_row) {
            return status;
        }
        int64_t lines_before = report->lines;
        status = audit_till(txn, row, report, err);
        if (status == STATUS_OK) {
            status = work_advance(work, report->lines - lines_before, err);
        }
    }
    audit_rows_end(row);
    return status;
}

enum status
audit_run(struct store *store, const char *layouts_folder, struct audit_report *out, struct error_detail *err)
{
    return audit_run_watched(store, layouts_folder, NULL, out, err);
}

enum status
audit_run_watched(struct store *store, const char *layouts_folder, struct work *work, struct audit_report *out,
                  struct error_detail *err)
{
    struct audit_report report = {0};
    struct store_txn *txn = NULL;
    struct layouts *layouts = NULL;
    enum status status = layouts_load(&layouts, layouts_folder, err);
    if (status == STATUS_OK) {
        status = store_begin_read(store, &txn, err);
    }
    if (status == STATUS_OK) {
        status = audit_tills(txn, work, &report, err);
    }
    if (status == STATUS_OK) {
        status = audit_sums(txn, &report.findings, err);
    }
    if (status == STATUS_OK) {
        status = audit_import_bytes(txn, &report.findings, err);
    }
    if (status == STATUS_OK) {
        status = audit_imports(txn, layouts, work, &report.findings, err);
    }
    if (status == STATUS_OK) {
        status = work_advance(work, 0, err);
    }
    if (status == STATUS_OK) {
        status = audit_outside(txn, &report.findings, err);
    }
    if (status == STATUS_OK) {
        status = audit_payouts(txn, &report.findings, err);
    }
    if (status == STATUS_OK) {
        status = audit_fees(txn, &report.findings, err);
    }
    if (status == STATUS_OK) {
        status = audit_exports(txn, &report.findings, err);
    }
    if (status == STATUS_OK) {
        status = audit_handover(txn, &report.findings, err);
    }
    if (status == STATUS_OK) {
        status = audit_closings(txn, &report.findings, err);
    }
    if (status == STATUS_OK) {
        status = audit_desk(txn, &report.findings, err);
    }
    if (status == STATUS_OK) {
        status = audit_staff(txn, &report.findings, err);
    }
    if (status == STATUS_OK) {
        status = audit_access_log(txn, &report.findings, err);
    }
    store_end(txn);
    layouts_destroy(layouts);
    if (status == STATUS_OK && report.findings.has_failed) {
        error_set(err, "no_memory", "out of memory while writing down findings");
        status = STATUS_NO_MEMORY;
    }
    if (status != STATUS_OK) {
        audit_report_finish(&report);
        return status;
    }
    *out = report;
    return STATUS_OK;
}

void
audit_report_finish(struct audit_report *report)
{
    findings_finish(&report->findings);
}
