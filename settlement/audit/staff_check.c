/* Who may sign in, as the access log alone tells it: each person is what the last deed about them left. */
#include "settlement/audit/outside.h"

#include "common/bytes/encoding.h"
#include "common/signing/signing.h"
#include "settlement/store/audit_outside_store.h"

#include <stdio.h>
#include <string.h>

enum { STATE_SIZE = 1024, MARK_BYTES = 8 };

/* Columns of OUTSIDE_STAFF. */
enum {
    STAFF_EXISTS,
    STAFF_IS_ACTIVE,
    STAFF_FIRST_PASSWORD,
    STAFF_LOGIN,
    STAFF_ROLE,
    STAFF_NAME,
    STAFF_HASH,
    STAFF_TOLD
};

/* The person of ROW in the words of the log. Before migration 0036 it said the role only, and nobody could be sent away
 * or be given a first password. */
static void
stands(char out[STATE_SIZE], const struct audit_rows *row)
{
    uint8_t digest[SHA256_SIZE];
    char mark[2 * MARK_BYTES + 1];
    const char *hash = audit_text(row, STAFF_HASH);
    bool says_all = strncmp(audit_text(row, STAFF_TOLD), "role=", strlen("role=")) == 0;
    bool is_plain = audit_int(row, STAFF_IS_ACTIVE) == 1 && audit_int(row, STAFF_FIRST_PASSWORD) == 0;
    if (!says_all && is_plain) {
        snprintf(out, STATE_SIZE, "%s", audit_text(row, STAFF_ROLE));
        return;
    }
    sha256(digest, hash, strlen(hash));
    hex_encode(mark, digest, MARK_BYTES);
    snprintf(out, STATE_SIZE, "role=%s active=%d first_password=%d password=%s name=%s", audit_text(row, STAFF_ROLE),
             audit_int(row, STAFF_IS_ACTIVE) != 0, audit_int(row, STAFF_FIRST_PASSWORD) != 0, mark,
             audit_text(row, STAFF_NAME));
}

static void
check_person(const struct audit_rows *row, struct findings *findings)
{
    char state[STATE_SIZE];
    const char *login = audit_text(row, STAFF_LOGIN);
    const char *told = audit_text(row, STAFF_TOLD);
    if (audit_int(row, STAFF_EXISTS) == 0) {
        finding_add(findings, "staff_missing", NULL, 0, 0, 0, "操作の記録にある利用者「%s」が、職員の表にありません。",
                    login);
        return;
    }
    if (told[0] == '\0') {
        finding_add(findings, "staff_unrecorded", NULL, 0, 0, 0, "利用者「%s」(%s)の追加が、操作の記録にありません。",
                    login, audit_text(row, STAFF_ROLE));
        return;
    }
    stands(state, row);
    if (strcmp(state, told) != 0) {
        finding_add(findings, "staff_differs", NULL, 0, 0, 0,
                    "利用者「%s」の登録が、操作の記録と異なります(記録では%s、表では%s)。", login, told, state);
    }
}

enum status
audit_staff(struct store_txn *txn, struct findings *findings, struct error_detail *err)
{
    struct audit_rows *row;
    bool has_row = false;
    enum status status = outside_rows_begin(txn, OUTSIDE_STAFF, NULL, &row, err);
    while (status == STATUS_OK && (status = audit_rows_next(row, &has_row, err)) == STATUS_OK && has_row) {
        check_person(row, findings);
    }
    return status;
}
