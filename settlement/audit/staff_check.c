/* Who may sign in, as the access log alone tells it: each person is what the last deed about them left. */
#include "settlement/audit/outside.h"

#include "common/bytes/encoding.h"
#include "common/signing/signing.h"
#include "settlement/store/audit_outside_store.h"

#include <stdio.h>
#include <string.h>

enum { STATE_SIZE = 8192, MARK_BYTES = 8 };

/* Columns of OUTSIDE_STAFF. */
enum {
    STAFF_EXISTS,
    STAFF_IS_ACTIVE,
    STAFF_FIRST_PASSWORD,
    STAFF_LOGIN,
    STAFF_ROLE,
    STAFF_NAME,
    STAFF_HASH,
    STAFF_TOLD,
    STAFF_SECTIONS
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
    const char *sections = audit_text(row, STAFF_SECTIONS);
    bool is_plain =
        audit_int(row, STAFF_IS_ACTIVE) == 1 && audit_int(row, STAFF_FIRST_PASSWORD) == 0 && sections[0] == '\0';
    if (!says_all && is_plain) {
        snprintf(out, STATE_SIZE, "%s", audit_text(row, STAFF_ROLE));
        return;
    }
    sha256(digest, hash, strlen(hash));
    hex_encode(mark, digest, MARK_BYTES);
    const char *head = sections[0] == '\0' ? "" : " sections=";
    snprintf(out, STATE_SIZE, "role=%s active=%d first_password=%d password=%s%s%s name=%s",
             audit_text(row, STAFF_ROLE), audit_int(row, STAFF_IS_ACTIVE) != 0,
             audit_int(row, STAFF_FIRST_PASSWORD) != 0, mark, head, sections, audit_text(row, STAFF_NAME));
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

/* Columns of OUTSIDE_SCOPED_APPROVALS. */
enum { APPROVED_YEAR, APPROVED_SERIAL, APPROVED_YEN, APPROVED_SECTION, APPROVED_BY, APPROVED_TOLD };

/* Whether the approver, of whom the log said TOLD, had SECTION: "… sections=a,b name=…". A name may say anything. */
static bool
had_section(const char *told, const char *section)
{
    char wanted[STATE_SIZE];
    char had[STATE_SIZE];
    const char *from = strstr(told, " sections=");
    const char *end = strstr(told, " name=");
    if (from == NULL || end == NULL || from > end) {
        return true;
    }
    from += strlen(" sections=");
    snprintf(had, sizeof had, ",%.*s,", (int)(end - from), from);
    snprintf(wanted, sizeof wanted, ",%s,", section);
    return strstr(had, wanted) != NULL;
}

static enum status
check_approvals(struct store_txn *txn, struct findings *findings, struct error_detail *err)
{
    struct audit_rows *row;
    bool has_row = false;
    enum status status = outside_rows_begin(txn, OUTSIDE_SCOPED_APPROVALS, NULL, &row, err);
    while (status == STATUS_OK && (status = audit_rows_next(row, &has_row, err)) == STATUS_OK && has_row) {
        if (!had_section(audit_text(row, APPROVED_TOLD), audit_text(row, APPROVED_SECTION))) {
            int64_t yen = audit_int(row, APPROVED_YEN);
            finding_add(findings, "approved_out_of_section", NULL, 0, 0, yen,
                        "%d年度の調定%lldを承認した「%s」は、所属「%s」の承認を任されていませんでした。",
                        (int)audit_int(row, APPROVED_YEAR), (long long)audit_int(row, APPROVED_SERIAL),
                        audit_text(row, APPROVED_BY), audit_text(row, APPROVED_SECTION));
        }
    }
    return status;
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
    return status == STATUS_OK ? check_approvals(txn, findings, err) : status;
}
