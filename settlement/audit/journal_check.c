/* Chain and signatures, line by line. */
#include "settlement/audit/journal_check.h"

#include <string.h>

/* Where the walk stands. */
struct walk {
    const struct audited_till *till;
    struct book *book;
    int64_t sequence;          /* of the last line */
    uint8_t hash[SHA256_SIZE]; /* of the last line; zeros before line 1 */
    int64_t lines;
};

static void
check_line(struct walk *walk, const char *bytes, size_t length)
{
    struct journal_line line;
    struct findings *findings = walk->book->findings;
    const char *terminal = walk->till->terminal;
    walk->lines++;
    walk->sequence++;
    if (journal_line_read(&line, bytes, length, NULL) != STATUS_OK) {
        finding_add(findings, "line_damaged", terminal, walk->sequence, 0, 0,
                    "保存された行がジャーナルの行ではありません。");
        journal_line_hash(walk->hash, bytes, length);
        return;
    }
    if (strcmp(line.terminal, terminal) != 0) {
        finding_add(findings, "line_damaged", terminal, walk->sequence, 0, 0, "保存された行は別の端末%sの行です。",
                    line.terminal);
    }
    if (line.sequence != walk->sequence) {
        finding_add(findings, "lines_missing", terminal, walk->sequence, 0, 0,
                    "行%lldがあるべきところに行%lldがあります。", (long long)walk->sequence, (long long)line.sequence);
        walk->sequence = line.sequence;
    }
    if (memcmp(line.previous, walk->hash, SHA256_SIZE) != 0) {
        finding_add(findings, "chain_broken", terminal, line.sequence, 0, 0,
                    "前の行のハッシュが一致しません。この行か前の行が書き換えられています。");
    }
    journal_line_hash(walk->hash, bytes, length);
    if (line.sequence <= walk->till->interpreted) {
        book_take(walk->book, &line);
    }
}

static void
check_lines(struct walk *walk, const char *bytes, size_t length)
{
    const char *end = bytes + length;
    while (bytes < end) {
        const char *newline = memchr(bytes, '\n', (size_t)(end - bytes));
        if (newline == NULL) {
            finding_add(walk->book->findings, "line_damaged", walk->till->terminal, walk->sequence + 1, 0, 0,
                        "保存された行が途中で切れています。");
            return;
        }
        check_line(walk, bytes, (size_t)(newline - bytes));
        bytes = newline + 1;
    }
}

static void
check_signature(struct walk *walk, int64_t signed_first, int64_t last, const uint8_t *signature)
{
    struct buffer statement;
    buffer_init(&statement, 256);
    bool is_written =
        journal_upload_statement(&statement, walk->till->terminal, signed_first, last, walk->hash, NULL) == STATUS_OK;
    if (!is_written ||
        !signature_is_valid(walk->till->public_key, buffer_text(&statement), statement.length, signature)) {
        finding_add(walk->book->findings, "signature_wrong", walk->till->terminal, last, 0, 0,
                    "行%lld〜%lldの署名が、この端末の鍵のものではありません。", (long long)signed_first,
                    (long long)last);
    }
    buffer_finish(&statement);
}

static void
check_run(struct walk *walk, const struct audit_rows *row)
{
    int64_t first = audit_int(row, 0);
    int64_t last = audit_int(row, 1);
    struct findings *findings = walk->book->findings;
    if (first != walk->sequence + 1) {
        finding_add(findings, "lines_missing", walk->till->terminal, walk->sequence + 1, 0, 0,
                    "行%lldから行%lldまでの間の行がありません。", (long long)walk->sequence, (long long)first);
        walk->sequence = first - 1;
    }
    size_t length;
    const char *lines = audit_blob(row, 5, &length);
    check_lines(walk, lines, length);
    if (walk->sequence != last) {
        finding_add(findings, "lines_missing", walk->till->terminal, last, 0, 0,
                    "行%lldまであるはずの束が行%lldで終わっています。", (long long)last, (long long)walk->sequence);
    }
    size_t signature_length;
    const uint8_t *signature = audit_blob(row, 4, &signature_length);
    if (signature_length == SIGNATURE_SIZE) {
        check_signature(walk, audit_int(row, 2), last, signature);
    }
}

enum status
journal_check(struct store_txn *txn, const struct audited_till *till, struct book *book, int64_t *out_lines,
              struct error_detail *err)
{
    struct walk walk = {.till = till, .book = book};
    struct audit_rows *rows;
    bool has_row = false;
    enum status status = audit_rows_begin(txn, AUDIT_RUNS, till->terminal, &rows, err);
    while (status == STATUS_OK) {
        status = audit_rows_next(rows, &has_row, err);
        if (status != STATUS_OK || !has_row) {
            break;
        }
        check_run(&walk, rows);
    }
    if (status != STATUS_OK) {
        return status;
    }
    if (walk.sequence != till->head_sequence || memcmp(walk.hash, till->head_hash, SHA256_SIZE) != 0) {
        finding_add(book->findings, "head_differs", till->terminal, till->head_sequence, 0, 0,
                    "受領済みとされる行%lldが、保存された最後の行%lldと一致しません。", (long long)till->head_sequence,
                    (long long)walk.sequence);
    }
    *out_lines = walk.lines;
    return STATUS_OK;
}
