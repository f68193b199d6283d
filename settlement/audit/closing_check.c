/* Closed years: what was declared final, held against the 調定 that stand now, by the audit's own sums and digest. */
#include "settlement/audit/outside.h"

#include "common/bytes/buffer.h"
#include "common/signing/signing.h"
#include "settlement/store/audit_outside_store.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ID_TEXT_SIZE = 24, YEAR_MAX_BYTES = 256 * 1024 * 1024 };

/* Columns of OUTSIDE_CLOSED_YEARS. */
enum { CLOSING_ID, CLOSING_YEAR, CLOSING_COUNT, CLOSING_YEN, CLOSING_LATER, CLOSING_SHA256 };

/* Columns of OUTSIDE_CLOSING_DEEDS, and its first one's values. */
enum { DEED_DISAGREES, DEED_YEN, DEED_YEAR, DEED_FIGURES, DEED_WHAT };
enum { DEED_HAS_NO_ROW, DEED_HAS_ANOTHER_ROW, ROW_HAS_NO_DEED };

/* Columns of OUTSIDE_CLOSED_YEAR_RECORDS. */
enum {
    RECORD_SERIAL,
    RECORD_YEN,
    RECORD_TAX_YEN,
    RECORD_KIND,
    RECORD_DAY,
    RECORD_ACCOUNT,
    RECORD_SECTION,
    RECORD_ROUTE,
    RECORD_TAX
};

/* What stands now. */
struct year_now {
    int64_t count;
    int64_t yen;
    char sha256[SHA256_TEXT_SIZE];
};

/* "serial|kind|day|account|section|route|tax|yen|tax yen" and a line feed for each, in the order of serials. */
static enum status
read_year(struct store_txn *txn, int64_t closing, struct year_now *out, struct error_detail *err)
{
    struct audit_rows *row;
    struct buffer text;
    char id[ID_TEXT_SIZE];
    bool has_row = false;
    *out = (struct year_now){0};
    buffer_init(&text, YEAR_MAX_BYTES);
    snprintf(id, sizeof id, "%" PRId64, closing);
    enum status status = outside_rows_begin(txn, OUTSIDE_CLOSED_YEAR_RECORDS, id, &row, err);
    while (status == STATUS_OK && (status = audit_rows_next(row, &has_row, err)) == STATUS_OK && has_row) {
        int64_t yen = audit_int(row, RECORD_YEN);
        out->count++;
        out->yen += strcmp(audit_text(row, RECORD_KIND), "decrease") == 0 ? -yen : yen;
        buffer_printf(&text, "%" PRId64 "|", audit_int(row, RECORD_SERIAL));
        for (int column = RECORD_KIND; column <= RECORD_TAX; column++) {
            buffer_printf(&text, "%s|", audit_text(row, column));
        }
        buffer_printf(&text, "%" PRId64 "|%" PRId64 "\n", yen, audit_int(row, RECORD_TAX_YEN));
    }
    if (status == STATUS_OK) {
        status = buffer_check(&text, err);
    }
    sha256_text(out->sha256, buffer_text(&text), text.length);
    buffer_finish(&text);
    return status;
}

static enum status
check_closing(struct store_txn *txn, const struct audit_rows *row, struct findings *findings, struct error_detail *err)
{
    struct year_now now;
    int year = (int)audit_int(row, CLOSING_YEAR);
    int64_t yen = audit_int(row, CLOSING_YEN);
    enum status status = read_year(txn, audit_int(row, CLOSING_ID), &now, err);
    if (status != STATUS_OK) {
        return status;
    }
    if (now.count != audit_int(row, CLOSING_COUNT) || now.yen != yen || audit_int(row, CLOSING_LATER) != 0 ||
        strcmp(now.sha256, audit_text(row, CLOSING_SHA256)) != 0) {
        finding_add(findings, "closed_year_differs", NULL, 0, yen, now.yen,
                    "締めた%d年度の調定が、締めたときと異なります(%" PRId64 "件から%" PRId64 "件)。", year,
                    audit_int(row, CLOSING_COUNT), now.count);
    }
    return STATUS_OK;
}

/* "調定12件 3400円 …": what was declared. */
static int64_t
declared_yen(const char *figures)
{
    const char *at = strstr(figures, "件 ");
    return at == NULL ? 0 : strtoll(at + strlen("件 "), NULL, 10);
}

static void
check_deed(const struct audit_rows *row, struct findings *findings)
{
    int64_t declared = declared_yen(audit_text(row, DEED_FIGURES));
    int64_t kept = audit_int(row, DEED_YEN);
    const char *year = audit_text(row, DEED_YEAR) + strlen("year:");
    const char *what = strcmp(audit_text(row, DEED_WHAT), "year_close_propose") == 0   ? "締めることの提案"
                       : strcmp(audit_text(row, DEED_WHAT), "year_close_approve") == 0 ? "締め"
                                                                                       : "締めの取下げ";
    switch (audit_int(row, DEED_DISAGREES)) {
    case DEED_HAS_NO_ROW:
        finding_add(findings, "closing_missing", NULL, 0, declared, 0,
                    "操作の記録にある%s年度の%sが、年度締めの表にありません。", year, what);
        break;
    case DEED_HAS_ANOTHER_ROW:
        finding_add(findings, "closing_differs", NULL, 0, declared, kept,
                    "%s年度の%sが、操作の記録と異なります(操作の記録では%s)。", year, what,
                    audit_text(row, DEED_FIGURES));
        break;
    default:
        finding_add(findings, "deed_unrecorded", NULL, 0, 0, kept, "%s年度の%sが、操作の記録にありません。", year,
                    what);
    }
}

enum status
audit_closings(struct store_txn *txn, struct findings *findings, struct error_detail *err)
{
    struct audit_rows *row;
    bool has_row = false;
    enum status status = outside_rows_begin(txn, OUTSIDE_CLOSED_YEARS, NULL, &row, err);
    while (status == STATUS_OK && (status = audit_rows_next(row, &has_row, err)) == STATUS_OK && has_row) {
        status = check_closing(txn, row, findings, err);
        if (status != STATUS_OK) {
            audit_rows_end(row);
        }
    }
    if (status == STATUS_OK) {
        status = outside_rows_begin(txn, OUTSIDE_CLOSING_DEEDS, NULL, &row, err);
    }
    has_row = true;
    while (status == STATUS_OK && (status = audit_rows_next(row, &has_row, err)) == STATUS_OK && has_row) {
        check_deed(row, findings);
    }
    return status;
}
