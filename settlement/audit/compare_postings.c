/* The double entry, line by line: both sides are added up per account, so that neither the order nor the grouping of
 * entries matters. */
#include "settlement/audit/compare.h"

#include <stdlib.h>
#include <string.h>

enum {
    SIDES_MAX = 256, /* different accounts in one line; a basket has under five */
    KEY_PARTS = 10
};

/* One account of one line: what the journal says and what stands in the books. Texts are borrowed from the book, or
 * copied from a row. */
struct side {
    char key[320];
    int64_t expected_yen;
    int64_t found_yen;
};

struct comparison {
    const struct book *book;
    struct side sides[SIDES_MAX];
    size_t count;
    bool has_overflown;
};

static struct side *
side_of(struct comparison *at, const char *key)
{
    for (size_t i = 0; i < at->count; i++) {
        if (strcmp(at->sides[i].key, key) == 0) {
            return &at->sides[i];
        }
    }
    if (at->count == SIDES_MAX) {
        at->has_overflown = true;
        return &at->sides[SIDES_MAX - 1];
    }
    struct side *side = &at->sides[at->count++];
    *side = (struct side){0};
    strncpy(side->key, key, sizeof side->key - 1);
    return side;
}

static void
key_of(struct buffer *out, const char *const parts[KEY_PARTS])
{
    buffer_clear(out);
    for (size_t i = 0; i < KEY_PARTS; i++) {
        buffer_append_text(out, parts[i]);
        buffer_append_byte(out, i + 1 < KEY_PARTS ? ' ' : 0);
    }
}

static void
expect_entry(struct comparison *at, const struct book_entry *entry, struct buffer *key)
{
    char received_on[CIVIL_DATE_TEXT_SIZE];
    char business_date[CIVIL_DATE_TEXT_SIZE];
    const char *const parts[KEY_PARTS] = {
        entry->ledger,
        entry->brand,
        entry->account,
        entry->section,
        entry->tax,
        entry->issuer,
        civil_date_format(received_on, entry->received_on),
        at->book->municipality,
        at->book->place,
        civil_date_format(business_date, entry->business_date),
    };
    key_of(key, parts);
    side_of(at, buffer_text(key))->expected_yen += entry->amount_yen;
}

static void
find_entry(struct comparison *at, const struct audit_rows *row, struct buffer *key)
{
    static const int columns[KEY_PARTS] = {1, 2, 3, 4, 5, 6, 7, 9, 10, 11};
    const char *parts[KEY_PARTS];
    for (size_t i = 0; i < KEY_PARTS; i++) {
        parts[i] = audit_text(row, columns[i]);
    }
    key_of(key, parts);
    side_of(at, buffer_text(key))->found_yen += audit_int(row, 8);
}

static void
report(struct comparison *at, int64_t sequence)
{
    struct findings *findings = at->book->findings;
    int64_t sum_yen = 0;
    for (size_t i = 0; i < at->count; i++) {
        const struct side *side = &at->sides[i];
        sum_yen += side->found_yen;
        if (side->expected_yen != side->found_yen) {
            finding_add(findings, "posting_differs", at->book->terminal, sequence, side->expected_yen, side->found_yen,
                        "仕訳(%s)が記録と異なります。", side->key);
        }
    }
    if (sum_yen != 0) {
        finding_add(findings, "posting_unbalanced", at->book->terminal, sequence, 0, sum_yen,
                    "仕訳の貸借が一致しません。");
    }
    if (at->has_overflown) {
        finding_add(findings, "posting_differs", at->book->terminal, sequence, 0, 0, "仕訳の科目が多すぎます。");
    }
    at->count = 0;
    at->has_overflown = false;
}

static enum status
compare_all(struct comparison *at, struct row_cursor *row, struct buffer *key, struct error_detail *err)
{
    const struct book *book = at->book;
    size_t index = 0;
    enum status status = STATUS_OK;
    while (status == STATUS_OK && (row->has_row || index < book->entries.count)) {
        int64_t found = row->has_row ? audit_int(row->rows, 0) : INT64_MAX;
        int64_t expected =
            index < book->entries.count ? BOOK_AT(book->entries, const struct book_entry, index)->sequence : INT64_MAX;
        int64_t sequence = found < expected ? found : expected;
        while (index < book->entries.count &&
               BOOK_AT(book->entries, const struct book_entry, index)->sequence == sequence) {
            expect_entry(at, BOOK_AT(book->entries, const struct book_entry, index++), key);
        }
        while (status == STATUS_OK && row->has_row && audit_int(row->rows, 0) == sequence) {
            find_entry(at, row->rows, key);
            status = row_cursor_next(row, err);
        }
        report(at, sequence);
    }
    return status;
}

enum status
compare_postings(struct store_txn *txn, const struct book *book, struct error_detail *err)
{
    struct comparison *at = calloc(1, sizeof *at);
    if (at == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    at->book = book;
    struct buffer key;
    struct row_cursor row;
    buffer_init(&key, 4096);
    enum status status = row_cursor_begin(&row, txn, AUDIT_POSTINGS, book->terminal, err);
    if (status == STATUS_OK) {
        status = compare_all(at, &row, &key, err);
    }
    buffer_finish(&key);
    free(at);
    return status;
}
