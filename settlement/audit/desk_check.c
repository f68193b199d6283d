/* The finance desk: what it did to refunds, as its journal (which was compared before) and the access log tell it, and
 * the files by which it had the bank pay, read by the audit's own eyes. */
#include "settlement/audit/outside.h"

#include "common/money/yen.h"
#include "common/signing/signing.h"
#include "settlement/store/audit_outside_store.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Columns of OUTSIDE_DESK_DEEDS, OUTSIDE_TRANSFERS and OUTSIDE_TRANSFERS_LOST. */
enum { DEED_SIDE, DEED_YEN, DEED_OBJECT, DEED_WHAT, DEED_AFTER };
enum {
    FILE_TRANSFER,
    FILE_COUNT,
    FILE_YEN,
    FILE_ITEMS_YEN,
    FILE_ITEMS,
    FILE_WRONG_ITEMS,
    FILE_UNLOGGED,
    FILE_SHA256,
    FILE_BYTES
};
enum { LOST_OBJECT, LOST_YEN, LOST_AFTER };

/* Places in a 120-byte record of 総合振込, and its end. */
enum { RECORD_BYTES = 120, RECORD_END_BYTES = 2, AMOUNT_AT = 80, AMOUNT_LENGTH = 10 };

/* The yen in "… 3400円 …"; 0 where there are none. */
static int64_t
yen_in(const char *after)
{
    const char *at = strstr(after, "円");
    const char *first = at;
    while (first != NULL && first > after && first[-1] >= '0' && first[-1] <= '9') {
        first--;
    }
    return first == NULL ? 0 : strtoll(first, NULL, 10);
}

static void
check_deed(const struct audit_rows *row, struct findings *findings)
{
    const char *refund = audit_text(row, DEED_OBJECT) + strlen("refund:");
    if (audit_int(row, DEED_SIDE) == 0) {
        finding_add(findings, "deed_unrecorded", NULL, 0, 0, audit_int(row, DEED_YEN),
                    "会計の還付%sの操作(%s)が、操作の記録にありません。", refund, audit_text(row, DEED_WHAT));
    } else {
        finding_add(findings, "desk_deed_missing", NULL, 0, yen_in(audit_text(row, DEED_AFTER)), 0,
                    "操作の記録にある還付%sの操作(%s)が、会計の記録にありません。", refund, audit_text(row, DEED_WHAT));
    }
}

/* The sum of the data records; −1 when the bytes are no such file. */
static int64_t
sum_of_file(const char *bytes, size_t length)
{
    int64_t sum_yen = 0;
    for (size_t at = 0; at < length; at += RECORD_BYTES + RECORD_END_BYTES) {
        int64_t yen = 0;
        if (length - at < RECORD_BYTES + RECORD_END_BYTES) {
            return -1;
        }
        if (bytes[at] == '2' && (yen_parse(&yen, bytes + at + AMOUNT_AT, AMOUNT_LENGTH) != STATUS_OK ||
                                 yen_add(&sum_yen, sum_yen, yen) != STATUS_OK)) {
            return -1;
        }
    }
    return sum_yen;
}

static void
check_file(const struct audit_rows *row, struct findings *findings)
{
    char sha256[SHA256_TEXT_SIZE];
    size_t length = 0;
    const char *bytes = audit_blob(row, FILE_BYTES, &length);
    int64_t id = audit_int(row, FILE_TRANSFER);
    int64_t yen = audit_int(row, FILE_YEN);
    sha256_text(sha256, bytes, length);
    int64_t file_yen = sum_of_file(bytes, length);
    if (strcmp(sha256, audit_text(row, FILE_SHA256)) != 0) {
        finding_add(findings, "transfer_damaged", NULL, 0, yen, file_yen,
                    "振込データ%" PRId64 "番の中身が、つくったときと異なります。", id);
    } else if (audit_int(row, FILE_ITEMS_YEN) != yen || audit_int(row, FILE_ITEMS) != audit_int(row, FILE_COUNT) ||
               file_yen != yen) {
        finding_add(findings, "transfer_sum_differs", NULL, 0, file_yen, audit_int(row, FILE_ITEMS_YEN),
                    "振込データ%" PRId64 "番の明細の合計が、中身と一致しません。", id);
    }
    if (audit_int(row, FILE_WRONG_ITEMS) != 0) {
        finding_add(findings, "transfer_differs", NULL, 0, yen, 0,
                    "振込データ%" PRId64 "番の%" PRId64 "件が、会計の還付の記録と一致しません。", id,
                    audit_int(row, FILE_WRONG_ITEMS));
    }
    if (audit_int(row, FILE_UNLOGGED) != 0) {
        finding_add(findings, "deed_unrecorded", NULL, 0, 0, yen,
                    "振込データ%" PRId64 "番の操作が、操作の記録にありません。", id);
    }
}

static void
check_lost(const struct audit_rows *row, struct findings *findings)
{
    int64_t yen = audit_int(row, LOST_YEN);
    if (yen == 0) {
        finding_add(findings, "transfer_missing", NULL, 0, yen_in(audit_text(row, LOST_AFTER)), 0,
                    "操作の記録にある%sの振込データがありません。", audit_text(row, LOST_OBJECT));
    } else {
        finding_add(findings, "transfer_missing", NULL, 0, yen, 0,
                    "口座振込で支払った%sが、どの振込データにもありません。", audit_text(row, LOST_OBJECT));
    }
}

enum status
audit_desk(struct store_txn *txn, struct findings *findings, struct error_detail *err)
{
    static const struct {
        enum outside_question question;
        void (*check)(const struct audit_rows *row, struct findings *findings);
    } checks[] = {
        {OUTSIDE_DESK_DEEDS, check_deed}, {OUTSIDE_TRANSFERS, check_file}, {OUTSIDE_TRANSFERS_LOST, check_lost}};
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < sizeof checks / sizeof checks[0]; i++) {
        struct audit_rows *row;
        bool has_row = true;
        status = outside_rows_begin(txn, checks[i].question, NULL, &row, err);
        while (status == STATUS_OK && (status = audit_rows_next(row, &has_row, err)) == STATUS_OK && has_row) {
            checks[i].check(row, findings);
        }
    }
    return status;
}
