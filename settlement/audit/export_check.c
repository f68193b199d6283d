/* The files that went to the finance system, held against the 調定 that went with them, field by field. The names of
 * the two people are left out: people change their names, and the file keeps what stood there on the day. */
#include "settlement/audit/outside.h"

#include "common/bytes/buffer.h"
#include "common/signing/signing.h"
#include "common/text/cp932.h"
#include "settlement/statements/text_view.h"
#include "settlement/store/audit_outside_store.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    FIELD_COUNT = 42,
    FIELD_SIZE = 1200,                  /* 摘要 and names are shorter */
    FILE_MAX_BYTES = 128 * 1024 * 1024, /* what is exported is smaller */
    FIELD_AMOUNT = 40,                  /* 内訳金額 */
    FIELD_TOTAL = 27,                   /* 調定額 */
    ID_TEXT_SIZE = 24
};

/* How the text of a field is made of the row of OUTSIDE_EXPORT_LINES. */
enum field_form {
    AS_TEXT,
    AS_NUMBER,
    AS_ASSESSMENT,
    AS_ORIGINAL,
    AS_CATEGORY,
    AS_KIND,
    AS_FORM,
    AS_TAX,
    AS_PAYER,
    AS_DUE,
    AS_METHOD,
    NOT_COMPARED
};

enum {
    COLUMN_YEAR,
    COLUMN_SERIAL,
    COLUMN_ORIGINAL,
    COLUMN_KIND,
    COLUMN_ROUTE,
    COLUMN_TAX,
    COLUMN_SALES,
    COLUMN_COUNT,
    COLUMN_AMOUNT,
    COLUMN_TAX_YEN,
    COLUMN_LINE,
    COLUMN_LINE_COUNT,
    COLUMN_LINE_PRICE,
    COLUMN_LINE_AMOUNT,
    COLUMN_LINE_TAX,
    COLUMN_TEXTS,
    COLUMN_SECTION = COLUMN_TEXTS + 15,
    COLUMN_SECTION_NAME,
    COLUMN_ROUTE_NAME,
    COLUMN_SUMMARY,
    COLUMN_ITEM,
    COLUMN_ITEM_NAME
};

static const struct {
    const char *name;
    enum field_form form;
    int column;
} fields[FIELD_COUNT] = {
    {"調定番号", AS_ASSESSMENT, 0},
    {"調定年月日", AS_TEXT, COLUMN_TEXTS},
    {"起票日", AS_TEXT, COLUMN_TEXTS + 1},
    {"会計年度", AS_NUMBER, COLUMN_YEAR},
    {"歳入科目コード", AS_TEXT, COLUMN_TEXTS + 2},
    {"会計コード", AS_TEXT, COLUMN_TEXTS + 3},
    {"会計", AS_TEXT, COLUMN_TEXTS + 4},
    {"款コード", AS_TEXT, COLUMN_TEXTS + 5},
    {"款", AS_TEXT, COLUMN_TEXTS + 6},
    {"項コード", AS_TEXT, COLUMN_TEXTS + 7},
    {"項", AS_TEXT, COLUMN_TEXTS + 8},
    {"目コード", AS_TEXT, COLUMN_TEXTS + 9},
    {"目", AS_TEXT, COLUMN_TEXTS + 10},
    {"節コード", AS_TEXT, COLUMN_TEXTS + 11},
    {"節", AS_TEXT, COLUMN_TEXTS + 12},
    {"細節コード", AS_TEXT, COLUMN_TEXTS + 13},
    {"細節", AS_TEXT, COLUMN_TEXTS + 14},
    {"所属コード", AS_TEXT, COLUMN_SECTION},
    {"所属", AS_TEXT, COLUMN_SECTION_NAME},
    {"調定区分", AS_CATEGORY, 0},
    {"種別", AS_KIND, 0},
    {"元調定番号", AS_ORIGINAL, 0},
    {"個別集合", AS_FORM, 0},
    {"収納区分コード", AS_TEXT, COLUMN_ROUTE},
    {"収納区分", AS_TEXT, COLUMN_ROUTE_NAME},
    {"消費税区分", AS_TAX, 0},
    {"件数", AS_NUMBER, COLUMN_COUNT},
    {"調定額", AS_NUMBER, COLUMN_AMOUNT},
    {"うち消費税額", AS_NUMBER, COLUMN_TAX_YEN},
    {"納入義務者", AS_PAYER, 0},
    {"納期限", AS_DUE, 0},
    {"納付方法", AS_METHOD, 0},
    {"摘要", AS_TEXT, COLUMN_SUMMARY},
    {"起票者", NOT_COMPARED, 0},
    {"承認者", NOT_COMPARED, 0},
    {"内訳番号", AS_NUMBER, COLUMN_LINE},
    {"内訳品目コード", AS_TEXT, COLUMN_ITEM},
    {"内訳品目", AS_TEXT, COLUMN_ITEM_NAME},
    {"内訳件数", AS_NUMBER, COLUMN_LINE_COUNT},
    {"内訳単価", AS_NUMBER, COLUMN_LINE_PRICE},
    {"内訳金額", AS_NUMBER, COLUMN_LINE_AMOUNT},
    {"内訳消費税額", AS_NUMBER, COLUMN_LINE_TAX},
};

/* One line of the file. INVARIANT: fields are NUL-terminated; what is longer than FIELD_SIZE is cut, and differs. */
struct csv_line {
    char field[FIELD_COUNT][FIELD_SIZE];
    size_t count;
};

/* Read "a","b"…CRLF from *AT on. False where the bytes are something else. */
static bool
csv_next(const char **at, const char *end, struct csv_line *out)
{
    const char *p = *at;
    out->count = 0;
    for (;;) {
        if (p == end || *p++ != '"' || out->count == FIELD_COUNT) {
            return false;
        }
        char *field = out->field[out->count++];
        size_t length = 0;
        for (; p < end && (*p != '"' || (p + 1 < end && p[1] == '"')); p++) {
            p += *p == '"' ? 1 : 0;
            if (length < FIELD_SIZE - 1) {
                field[length++] = *p;
            }
        }
        field[length] = '\0';
        if (p == end) {
            return false;
        }
        p++;
        if (end - p >= 2 && p[0] == '\r' && p[1] == '\n') {
            *at = p + 2;
            return out->count == FIELD_COUNT;
        }
        if (p == end || *p++ != ',') {
            return false;
        }
    }
}

static const char *
kind_name(const char *kind)
{
    return strcmp(kind, "original") == 0 ? "当初" : strcmp(kind, "increase") == 0 ? "増額" : "減額";
}

/* What FIELD should say. Returns OUT. */
static const char *
field_text(char out[FIELD_SIZE], size_t field, const struct audit_rows *row)
{
    int64_t sales = audit_int(row, COLUMN_SALES);
    bool is_cash = strcmp(audit_text(row, COLUMN_ROUTE), "cash") == 0;
    out[0] = '\0';
    switch (fields[field].form) {
    case AS_TEXT:
        snprintf(out, FIELD_SIZE, "%s", audit_text(row, fields[field].column));
        break;
    case AS_NUMBER:
        snprintf(out, FIELD_SIZE, "%" PRId64, audit_int(row, fields[field].column));
        break;
    case AS_ASSESSMENT:
        snprintf(out, FIELD_SIZE, "%04d-%06" PRId64, (int)audit_int(row, COLUMN_YEAR), audit_int(row, COLUMN_SERIAL));
        break;
    case AS_ORIGINAL:
        if (audit_int(row, COLUMN_ORIGINAL) != 0) {
            snprintf(out, FIELD_SIZE, "%04d-%06" PRId64, (int)audit_int(row, COLUMN_YEAR),
                     audit_int(row, COLUMN_ORIGINAL));
        }
        break;
    case AS_CATEGORY:
        snprintf(out, FIELD_SIZE, "事後");
        break;
    case AS_KIND:
        snprintf(out, FIELD_SIZE, "%s", kind_name(audit_text(row, COLUMN_KIND)));
        break;
    case AS_FORM:
        snprintf(out, FIELD_SIZE, "%s", sales == 1 ? "個別" : "集合");
        break;
    case AS_TAX:
        snprintf(out, FIELD_SIZE, "%s", strcmp(audit_text(row, COLUMN_TAX), "exempt") == 0 ? "非課税" : "課税10%");
        break;
    case AS_PAYER:
        snprintf(out, FIELD_SIZE, "窓口納入者");
        if (sales != 1) {
            snprintf(out, FIELD_SIZE, "窓口納入者 ほか%" PRId64 "名", sales - 1);
        }
        break;
    case AS_DUE:
        snprintf(out, FIELD_SIZE, "即納");
        break;
    case AS_METHOD:
        snprintf(out, FIELD_SIZE, "窓口現金");
        if (!is_cash) {
            snprintf(out, FIELD_SIZE, "指定納付受託者(%s)", audit_text(row, COLUMN_ROUTE_NAME));
        }
        break;
    case NOT_COMPARED:
        break;
    }
    return out;
}

/* One export's file being compared. */
struct export
{
    int64_t id;
    int fiscal_year;
    int64_t serial;
    struct findings *findings;
};

static int64_t
yen_of(const char *text)
{
    int64_t yen = 0;
    bool is_negative = *text == '-';
    for (text += is_negative ? 1 : 0; *text >= '0' && *text <= '9' && yen < INT64_C(1000000000000); text++) {
        yen = yen * 10 + (*text - '0');
    }
    return is_negative ? -yen : yen;
}

static void
report(const struct export *export, int64_t expected_yen, int64_t found_yen, const char *where, const char *what)
{
    finding_add(export->findings, "export_differs", NULL, 0, expected_yen, found_yen,
                "%d年度の出力%lldのファイルの%s%s", export->fiscal_year, (long long)export->serial, where, what);
}

/* The first field that differs, which is enough to know where to look; the yen of the field when it is one of yen. */
static void
compare_line(const struct export *export, const struct csv_line *line, const struct audit_rows *row)
{
    char wanted[FIELD_SIZE];
    char where[FIELD_SIZE];
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        if (fields[i].form != NOT_COMPARED && strcmp(line->field[i], field_text(wanted, i, row)) != 0) {
            bool is_total = i == FIELD_TOTAL;
            snprintf(where, sizeof where, "調定%s・内訳%" PRId64 "の「%s」", line->field[0],
                     audit_int(row, COLUMN_LINE), fields[i].name);
            report(export, audit_int(row, is_total ? COLUMN_AMOUNT : COLUMN_LINE_AMOUNT),
                   yen_of(line->field[is_total ? FIELD_TOTAL : FIELD_AMOUNT]), where, "が調定と異なります。");
            return;
        }
    }
}

static bool
header_is_right(const struct csv_line *line)
{
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        if (strcmp(line->field[i], fields[i].name) != 0) {
            return false;
        }
    }
    return true;
}

/* The lines of TEXT and the lines of the 調定, in the order of their numbers. LINE is room for one. */
static enum status
compare_lines(struct store_txn *txn, const struct export *export, const char *text, size_t length,
              struct csv_line *line, struct error_detail *err)
{
    char id[ID_TEXT_SIZE];
    struct audit_rows *row;
    bool has_row = false;
    const char *at = text;
    const char *end = text + length;
    snprintf(id, sizeof id, "%" PRId64, export->id);
    if (!csv_next(&at, end, line) || !header_is_right(line)) {
        report(export, 0, 0, "", "見出しが正しくありません。");
        return STATUS_OK;
    }
    enum status status = outside_rows_begin(txn, OUTSIDE_EXPORT_LINES, id, &row, err);
    while (status == STATUS_OK) {
        status = audit_rows_next(row, &has_row, err);
        bool is_read = at < end && csv_next(&at, end, line);
        if (status != STATUS_OK || (!has_row && at == end)) {
            return status;
        }
        if (has_row && is_read) {
            compare_line(export, line, row);
            continue;
        }
        if (has_row) {
            report(export, audit_int(row, COLUMN_LINE_AMOUNT), 0, "", "行が足りません。");
            audit_rows_end(row);
        } else {
            report(export, 0, is_read ? yen_of(line->field[FIELD_AMOUNT]) : 0, "", "行が余っています。");
        }
        return STATUS_OK;
    }
    return status;
}

/* The file in the other character set must say the same. */
static enum status
compare_cp932(const struct export *export, const struct buffer *utf8, const void *bytes, size_t length,
              struct error_detail *err)
{
    struct buffer cp932;
    buffer_init(&cp932, FILE_MAX_BYTES);
    enum status status = cp932_from_utf8(&cp932, buffer_text(utf8), utf8->length, NULL, err);
    if (status == STATUS_OK && (cp932.length != length || memcmp(buffer_text(&cp932), bytes, length) != 0)) {
        report(export, 0, 0, "(CP932)", "が、UTF-8のファイルと異なります。");
    } else if (status == STATUS_INVALID) {
        report(export, 0, 0, "", "文字が正しくありません。");
        status = STATUS_OK;
    }
    buffer_finish(&cp932);
    return status;
}

static void
check_hash(const struct export *export, const struct audit_rows *file)
{
    char digest[SHA256_TEXT_SIZE];
    size_t length;
    const void *bytes = audit_blob(file, 7, &length);
    sha256_text(digest, bytes, length);
    if (strcmp(digest, audit_text(file, 6)) != 0) {
        finding_add(export->findings, "export_damaged", NULL, 0, 0, 0,
                    "%d年度の出力%lldのファイル(%s)の内容が書き換えられています。", export->fiscal_year,
                    (long long)export->serial, audit_text(file, 5));
    }
}

/* UTF8 keeps the text of the export's first file for the second: the order is utf8, cp932. */
static enum status
check_file(struct store_txn *txn, const struct audit_rows *file, struct buffer *utf8, struct csv_line *line,
           struct findings *findings, struct error_detail *err)
{
    static const char mark[] = "\xEF\xBB\xBF";
    struct export export = {.id = audit_int(file, 0),
                            .fiscal_year = (int)audit_int(file, 1),
                            .serial = audit_int(file, 2),
                            .findings = findings};
    size_t length;
    const char *bytes = audit_blob(file, 7, &length);
    if (strcmp(audit_text(file, 5), "cp932") == 0) {
        check_hash(&export, file);
        return compare_cp932(&export, utf8, bytes, length, err);
    }
    buffer_clear(utf8);
    if (audit_text(file, 5)[0] == '\0') {
        report(&export, audit_int(file, 4), 0, "", "がありません。");
        return STATUS_OK;
    }
    check_hash(&export, file);
    if (length < sizeof mark - 1 || memcmp(bytes, mark, sizeof mark - 1) != 0) {
        report(&export, 0, 0, "", "先頭の印がありません。");
        return STATUS_OK;
    }
    buffer_append(utf8, bytes + sizeof mark - 1, length - (sizeof mark - 1));
    enum status status = buffer_check(utf8, err);
    return status == STATUS_OK ? compare_lines(txn, &export, buffer_text(utf8), utf8->length, line, err) : status;
}

enum status
audit_exports(struct store_txn *txn, struct findings *findings, struct error_detail *err)
{
    struct audit_rows *file;
    bool has_row = false;
    struct buffer utf8;
    struct csv_line *line = calloc(1, sizeof *line);
    if (line == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    buffer_init(&utf8, FILE_MAX_BYTES);
    enum status status = outside_rows_begin(txn, OUTSIDE_EXPORTS, NULL, &file, err);
    while (status == STATUS_OK) {
        status = audit_rows_next(file, &has_row, err);
        if (status != STATUS_OK || !has_row) {
            break;
        }
        status = check_file(txn, file, &utf8, line, findings, err);
        if (status != STATUS_OK) {
            audit_rows_end(file);
        }
    }
    buffer_finish(&utf8);
    free(line);
    return status;
}
