/* The kept bytes of every import against its hash, part by part: an audit needs no more memory for a large file. */
#include "settlement/audit/outside.h"

#include "common/signing/signing.h"
#include "settlement/store/audit_store.h"

#include <stdio.h>
#include <string.h>

enum { NAME_SIZE = 256 };

/* The file whose parts are coming. */
struct hashing {
    struct sha256_run *run; /* NULL: none yet */
    int64_t import;
    char file_name[NAME_SIZE];
    uint8_t known[SHA256_SIZE];
    bool is_known; /* the stored hash has the length of one */
    struct findings *findings;
};

static void
judge(struct hashing *hashing)
{
    uint8_t hash[SHA256_SIZE];
    if (hashing->run == NULL) {
        return;
    }
    sha256_end(hashing->run, hash);
    hashing->run = NULL;
    if (!hashing->is_known || memcmp(hash, hashing->known, sizeof hash) != 0) {
        finding_add(hashing->findings, "import_damaged", NULL, 0, 0, 0,
                    "取り込んだファイル%s(%lld)の内容が書き換えられています。", hashing->file_name,
                    (long long)hashing->import);
    }
}

static enum status
take_part(struct hashing *hashing, const struct audit_rows *row, struct error_detail *err)
{
    size_t length;
    if (hashing->run == NULL || audit_int(row, 0) != hashing->import) {
        judge(hashing);
        const void *known = audit_blob(row, 2, &length);
        hashing->is_known = length == SHA256_SIZE;
        if (hashing->is_known) {
            memcpy(hashing->known, known, SHA256_SIZE);
        }
        hashing->import = audit_int(row, 0);
        snprintf(hashing->file_name, sizeof hashing->file_name, "%s", audit_text(row, 1));
        enum status status = sha256_begin(&hashing->run, err);
        if (status != STATUS_OK) {
            return status;
        }
    }
    const void *bytes = audit_blob(row, 3, &length);
    sha256_add(hashing->run, bytes, length);
    return STATUS_OK;
}

enum status
audit_import_bytes(struct store_txn *txn, struct findings *findings, struct error_detail *err)
{
    struct hashing hashing = {.findings = findings};
    struct audit_rows *row;
    bool has_row = true;
    enum status status = audit_rows_begin(txn, AUDIT_IMPORT_FILES, NULL, &row, err);
    while (status == STATUS_OK && (status = audit_rows_next(row, &has_row, err)) == STATUS_OK && has_row) {
        status = take_part(&hashing, row, err);
        if (status != STATUS_OK) {
            audit_rows_end(row);
        }
    }
    if (status == STATUS_OK) {
        judge(&hashing);
    } else {
        sha256_drop(hashing.run);
    }
    return status;
}
