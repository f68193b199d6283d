/* The chain of the access log, computed once more. */
#include "settlement/audit/outside.h"

#include "common/bytes/buffer.h"
#include "common/signing/signing.h"
#include "settlement/store/audit_outside_store.h"

#include <stdio.h>
#include <string.h>

enum {
    ENTRY_MAX_BYTES = 1 << 20, /* as when it was written */
    FIRST_TEXT = 4,            /* columns of OUTSIDE_ACCESS_LOG: login … reason */
    LAST_TEXT = 10
};

static void
add_text(struct buffer *out, const char *text)
{
    buffer_printf(out, "%zu:%s", strlen(text), text);
}

static enum status
hash_entry(char out[SHA256_TEXT_SIZE], const char *previous, const struct audit_rows *row, struct error_detail *err)
{
    struct buffer bytes;
    buffer_init(&bytes, ENTRY_MAX_BYTES);
    add_text(&bytes, previous);
    add_text(&bytes, audit_text(row, 2));
    buffer_printf(&bytes, "%lld:", (long long)audit_int(row, 1));
    for (int column = FIRST_TEXT; column <= LAST_TEXT; column++) {
        add_text(&bytes, audit_text(row, column));
    }
    enum status status = buffer_check(&bytes, err);
    if (status == STATUS_OK) {
        sha256_text(out, bytes.data, bytes.length);
    }
    buffer_finish(&bytes);
    return status;
}

/* The chain of one municipality so far; entries from before there was a chain have none. */
struct chain {
    char municipality[32];
    char last[SHA256_TEXT_SIZE];
};

static enum status
check_entry(struct chain *chain, const struct audit_rows *row, struct findings *findings, struct error_detail *err)
{
    char expected[SHA256_TEXT_SIZE] = "";
    const char *found = audit_text(row, 3);
    enum status status = STATUS_OK;
    if (strcmp(chain->municipality, audit_text(row, 2)) != 0) {
        *chain = (struct chain){.last = ""};
        snprintf(chain->municipality, sizeof chain->municipality, "%s", audit_text(row, 2));
    }
    if (found[0] != '\0' || chain->last[0] != '\0') {
        status = hash_entry(expected, chain->last, row, err);
    }
    if (status == STATUS_OK && strcmp(expected, found) != 0) {
        finding_add(findings, "access_log_broken", NULL, 0, 0, 0,
                    "操作の記録%lld(%s)が書き換えられたか、その前の記録が消されています。",
                    (long long)audit_int(row, 0), audit_text(row, 6));
    }
    snprintf(chain->last, sizeof chain->last, "%s", found);
    return status;
}

static void
check_head(const struct audit_rows *row, struct findings *findings)
{
    if (audit_int(row, 0) != audit_int(row, 1)) {
        finding_add(findings, "access_log_incomplete", NULL, 0, 0, 0,
                    "操作の記録は%lld件あるはずですが、%lld件あります。", (long long)audit_int(row, 0),
                    (long long)audit_int(row, 1));
    } else if (strcmp(audit_text(row, 3), audit_text(row, 4)) != 0) {
        finding_add(findings, "access_log_broken", NULL, 0, 0, 0, "操作の記録の終わりが、控えと一致しません。");
    }
}

enum status
audit_access_log(struct store_txn *txn, struct findings *findings, struct error_detail *err)
{
    struct chain chain = {.last = ""};
    struct audit_rows *row;
    bool has_row = true;
    enum status status = outside_rows_begin(txn, OUTSIDE_ACCESS_LOG, NULL, &row, err);
    while (status == STATUS_OK && (status = audit_rows_next(row, &has_row, err)) == STATUS_OK && has_row) {
        status = check_entry(&chain, row, findings, err);
        if (status != STATUS_OK) {
            audit_rows_end(row);
        }
    }
    if (status == STATUS_OK) {
        status = outside_rows_begin(txn, OUTSIDE_ACCESS_HEADS, NULL, &row, err);
    }
    has_row = true;
    while (status == STATUS_OK && (status = audit_rows_next(row, &has_row, err)) == STATUS_OK && has_row) {
        check_head(row, findings);
    }
    return status;
}
