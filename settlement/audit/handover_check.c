/* Files that the finance system was given in its own form, and its answers: bytes against their hash, sums against the
 * 調定, the file against what its layout makes of them again, and answers against their counts. The writer is the
 * product's own (a fault of it shows in the figures of the standard file, which is read by another path); what this
 * finds is what somebody changed afterwards, on either side. */
#include "settlement/audit/outside.h"

#include "common/signing/signing.h"
#include "settlement/handover/making.h"
#include "settlement/store/audit_outside_store.h"

#include <stdio.h>
#include <string.h>

/* Columns of OUTSIDE_FINANCE_FILES. */
enum {
    FILE_ID,
    FILE_EXPORT,
    FILE_MADE_AT,
    FILE_COUNT,
    FILE_YEN,
    FILE_PARTS,
    FILE_PARTS_YEN,
    FILE_STRANGE_PARTS,
    FILE_MISSING_PARTS,
    FILE_MUNICIPALITY,
    FILE_NAME,
    FILE_SHA256,
    FILE_DESCRIPTOR,
    FILE_BYTES
};

/* Columns of OUTSIDE_FINANCE_ANSWERS. */
enum {
    ANSWER_ID,
    ANSWER_ACCEPTED,
    ANSWER_REFUSED,
    ANSWER_ACCEPTED_LINES,
    ANSWER_REFUSED_LINES,
    ANSWER_STRANGE_LINES,
    ANSWER_NAME,
    ANSWER_SHA256,
    ANSWER_BYTES
};

static bool
is_damaged(const struct audit_rows *row, int sha256_column, int bytes_column)
{
    char digest[SHA256_TEXT_SIZE];
    size_t length;
    const void *bytes = audit_blob(row, bytes_column, &length);
    sha256_text(digest, bytes, length);
    return strcmp(digest, audit_text(row, sha256_column)) != 0;
}

static void
differs(const struct audit_rows *file, const char *what, struct findings *findings)
{
    finding_add(findings, "finance_file_differs", NULL, 0, audit_int(file, FILE_PARTS_YEN), audit_int(file, FILE_YEN),
                "財務会計に渡したファイル%lld「%.100s」%s", (long long)audit_int(file, FILE_ID),
                audit_text(file, FILE_NAME), what);
}

/* By its layout, from the 調定 as they are now: they never change, so that it is the same. */
static enum status
make_again(struct store_txn *txn, const struct audit_rows *file, struct buffer *out, bool *out_is_made,
           struct error_detail *err)
{
    struct handover_layout *layout = NULL;
    struct made made = {0};
    char day[CIVIL_DATE_TEXT_SIZE];
    const char *descriptor = audit_text(file, FILE_DESCRIPTOR);
    struct making making = {.txn = txn,
                            .municipality = audit_text(file, FILE_MUNICIPALITY),
                            .export_id = audit_int(file, FILE_EXPORT),
                            .choice = MAKING_OF_FILE,
                            .file = audit_int(file, FILE_ID)};
    civil_date_format(day, civil_date_at(audit_int(file, FILE_MADE_AT)));
    enum status status = handover_layout_create(&layout, descriptor, strlen(descriptor), err);
    if (status == STATUS_OK) {
        making.layout = layout;
        status = making_write(&making, day, out, &made, err);
    }
    making_finish(&made);
    handover_layout_destroy(layout);
    *out_is_made = status == STATUS_OK;
    return status == STATUS_INVALID || status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static enum status
check_file(struct store_txn *txn, const struct audit_rows *file, struct findings *findings, struct error_detail *err)
{
    size_t length;
    bool is_made = false;
    const void *bytes = audit_blob(file, FILE_BYTES, &length);
    struct buffer again;
    if (is_damaged(file, FILE_SHA256, FILE_BYTES)) {
        finding_add(findings, "finance_file_damaged", NULL, 0, audit_int(file, FILE_PARTS_YEN), 0,
                    "財務会計に渡したファイル%lld「%.100s」の内容が書き換えられています。",
                    (long long)audit_int(file, FILE_ID), audit_text(file, FILE_NAME));
        return STATUS_OK;
    }
    if (audit_int(file, FILE_PARTS_YEN) != audit_int(file, FILE_YEN) ||
        audit_int(file, FILE_PARTS) != audit_int(file, FILE_COUNT) || audit_int(file, FILE_STRANGE_PARTS) != 0 ||
        audit_int(file, FILE_MISSING_PARTS) != 0) {
        differs(file, "の調定の件数か金額が、出力した調定と合いません。", findings);
        return STATUS_OK;
    }
    buffer_init(&again, HANDOVER_FILE_MAX_BYTES);
    enum status status = make_again(txn, file, &again, &is_made, err);
    if (status == STATUS_OK &&
        (!is_made || again.length != length || memcmp(buffer_text(&again), bytes, length) != 0)) {
        differs(file, "が、調定と書式からつくり直したものと異なります。", findings);
    }
    buffer_finish(&again);
    return status;
}

static void
check_answer(const struct audit_rows *answer, struct findings *findings)
{
    bool is_changed = is_damaged(answer, ANSWER_SHA256, ANSWER_BYTES);
    if (is_changed || audit_int(answer, ANSWER_ACCEPTED) != audit_int(answer, ANSWER_ACCEPTED_LINES) ||
        audit_int(answer, ANSWER_REFUSED) != audit_int(answer, ANSWER_REFUSED_LINES) ||
        audit_int(answer, ANSWER_STRANGE_LINES) != 0) {
        finding_add(findings, "finance_answer_differs", NULL, 0, 0, 0, "財務会計の回答%lld「%.100s」%s",
                    (long long)audit_int(answer, ANSWER_ID), audit_text(answer, ANSWER_NAME),
                    is_changed ? "の内容が書き換えられています。" : "の件数が、その行と合いません。");
    }
}

enum status
audit_handover(struct store_txn *txn, struct findings *findings, struct error_detail *err)
{
    struct audit_rows *row;
    bool has_row = false;
    enum status status = outside_rows_begin(txn, OUTSIDE_FINANCE_FILES, NULL, &row, err);
    while (status == STATUS_OK && (status = audit_rows_next(row, &has_row, err)) == STATUS_OK && has_row) {
        status = check_file(txn, row, findings, err);
        if (status != STATUS_OK) {
            audit_rows_end(row);
        }
    }
    if (status == STATUS_OK) {
        status = outside_rows_begin(txn, OUTSIDE_FINANCE_ANSWERS, NULL, &row, err);
    }
    while (status == STATUS_OK && (status = audit_rows_next(row, &has_row, err)) == STATUS_OK && has_row) {
        check_answer(row, findings);
    }
    return status;
}
