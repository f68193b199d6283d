/* SQL of people, sessions and failed sign-ins. */
#include "settlement/store/staff_store.h"

#include "settlement/store/column.h"
#include "settlement/store/connection.h"
#include "settlement/store/query.h"

#include <string.h>

enum status
staff_add(struct store_txn *txn, const struct staff_row *row, int64_t now_ms, const char *by, int64_t *out_id,
          struct error_detail *err)
{
    enum status status = query_insert(
        txn,
        "INSERT INTO staff (municipality, login, name, role, password_hash, is_active, "
        "created_at_ms, created_by, must_change_password) VALUES ($1, $2, $3, $4, $5, 1, $6, $7, $8) "
        "RETURNING staff",
        BOUND(bound_text(row->actor.municipality), bound_text(row->actor.login), bound_text(row->actor.name),
              bound_text(role_word(row->actor.role)), bound_text(row->password_hash), bound_int(now_ms), bound_text(by),
              bound_int(row->must_change_password)),
        out_id, err);
    if (status == STATUS_CONFLICT) {
        error_set(err, "login_taken", "利用者ID「%s」は既に使われています。", row->actor.login);
    }
    return status;
}

#define STAFF_COLUMNS                                                                                                  \
    "staff.staff, staff.municipality, staff.login, staff.name, staff.role, staff.password_hash, staff.is_active, "     \
    "staff.must_change_password, "                                                                                     \
    "coalesce((SELECT group_concat(code) FROM (SELECT code FROM staff_scope WHERE staff_scope.municipality = "         \
    "staff.municipality AND staff_scope.login = staff.login AND kind = 'section' ORDER BY code) AS scope), '')"

/* STAFF_COLUMNS from FIRST. */
static enum status
read_staff(const struct statement *statement, int first, struct staff_row *out, struct error_detail *err)
{
    struct staff_row row = {0};
    row.actor.id = statement_column_int(statement, first);
    column_copy_text(row.actor.municipality, sizeof row.actor.municipality, statement, first + 1);
    column_copy_text(row.actor.login, sizeof row.actor.login, statement, first + 2);
    column_copy_text(row.actor.name, sizeof row.actor.name, statement, first + 3);
    column_copy_text(row.password_hash, sizeof row.password_hash, statement, first + 5);
    row.is_active = statement_column_int(statement, first + 6) != 0;
    row.must_change_password = statement_column_int(statement, first + 7) != 0;
    column_copy_text(row.sections, sizeof row.sections, statement, first + 8);
    if (!role_from_word(&row.actor.role, statement_column_text(statement, first + 4))) {
        error_set(err, "unknown_role", "利用者の役割が正しくありません。");
        return STATUS_CORRUPT;
    }
    *out = row;
    return STATUS_OK;
}

/* The person whom SQL finds, which is asked with MUNICIPALITY (NULL: of any) and LOGIN. */
static enum status
find_one(struct store_txn *txn, const char *sql, const char *municipality, const char *login, struct staff_row *out,
         struct error_detail *err)
{
    struct statement *statement;
    bool found;
    enum status status =
        query_first(txn, sql, BOUND(bound_text(municipality), bound_text(login)), &statement, &found, err);
    if (status != STATUS_OK) {
        return status;
    }
    if (!found) {
        error_set(err, "not_found", "利用者ID「%s」はありません。", login);
        return STATUS_NOT_FOUND;
    }
    status = read_staff(statement, 0, out, err);
    statement_reset(statement);
    return status;
}

#define ONE_OF_STAFF                                                                                                   \
    "SELECT " STAFF_COLUMNS " FROM staff WHERE ($1 IS NULL OR staff.municipality = $1) AND staff.login = $2"

enum status
staff_find(struct store_txn *txn, const char *login, struct staff_row *out, struct error_detail *err)
{
    return find_one(txn, ONE_OF_STAFF, NULL, login, out, err);
}

enum status
staff_hold(struct store_txn *txn, const char *municipality, const char *login, struct staff_row *out,
           struct error_detail *err)
{
    return find_one(txn, store_txn_locks_rows(txn) ? ONE_OF_STAFF " FOR UPDATE" : ONE_OF_STAFF, municipality, login,
                    out, err);
}

#define ADMINISTRATORS                                                                                                 \
    "SELECT staff FROM staff WHERE municipality = $1 AND role = 'administrator' AND is_active = 1 ORDER BY staff"

enum status
staff_hold_administrators(struct store_txn *txn, const char *municipality, int64_t *out_count, struct error_detail *err)
{
    struct statement *statement;
    bool has_row = true;
    int64_t count = 0;
    enum status status = query_open(txn, store_txn_locks_rows(txn) ? ADMINISTRATORS " FOR UPDATE" : ADMINISTRATORS,
                                    BOUND(bound_text(municipality)), &statement, err);
    if (status != STATUS_OK) {
        return status;
    }
    while ((status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        count++;
    }
    statement_reset(statement);
    if (status == STATUS_OK) {
        *out_count = count;
    }
    return status;
}

enum status
staff_update(struct store_txn *txn, const struct staff_row *row, struct error_detail *err)
{
    return query_run(txn,
                     "UPDATE staff SET name = $1, role = $2, password_hash = $3, must_change_password = $4, "
                     "is_active = $5 WHERE staff = $6",
                     BOUND(bound_text(row->actor.name), bound_text(role_word(row->actor.role)),
                           bound_text(row->password_hash), bound_int(row->must_change_password),
                           bound_int(row->is_active), bound_int(row->actor.id)),
                     err);
}

static enum status
add_section(struct store_txn *txn, const struct staff_row *row, const char *code, size_t length,
            struct error_detail *err)
{
    return query_run(
        txn, "INSERT INTO staff_scope (municipality, login, kind, code) VALUES ($1, $2, 'section', $3)",
        BOUND(bound_text(row->actor.municipality), bound_text(row->actor.login), bound_text_n(code, length)), err);
}

enum status
staff_put_sections(struct store_txn *txn, const struct staff_row *row, struct error_detail *err)
{
    enum status status =
        query_run(txn, "DELETE FROM staff_scope WHERE municipality = $1 AND login = $2 AND kind = 'section'",
                  BOUND(bound_text(row->actor.municipality), bound_text(row->actor.login)), err);
    const char *at = row->sections;
    while (status == STATUS_OK && *at != '\0') {
        size_t length = strcspn(at, ",");
        status = add_section(txn, row, at, length, err);
        at += length + (at[length] == ',' ? 1 : 0);
    }
    return status;
}

#define SECTIONS_OF "FROM staff_scope AS s WHERE s.municipality = $1 AND s.login = $2 AND s.kind = 'section'"

enum status
staff_approves_section_of(struct store_txn *txn, const char *municipality, const char *login, int64_t assessment,
                          bool *out_does, struct error_detail *err)
{
    int64_t count = 0;
    enum status status =
        query_int(txn,
                  "SELECT count(*) FROM assessment AS a WHERE a.assessment = $3 AND (NOT EXISTS (SELECT 1 " SECTIONS_OF
                  ") OR EXISTS (SELECT 1 " SECTIONS_OF " AND s.code = a.section))",
                  BOUND(bound_text(municipality), bound_text(login), bound_int(assessment)), 0, &count, err);
    if (status == STATUS_OK) {
        *out_does = count > 0;
    }
    return status;
}

enum status
staff_each(struct store_txn *txn, const char *municipality, const char *after, int64_t limit, staff_visitor visit,
           void *context, struct error_detail *err)
{
    struct statement *statement;
    bool has_row = true;
    enum status status = query_open(
        txn,
        "SELECT " STAFF_COLUMNS ", staff.created_at_ms, staff.created_by, coalesce(maker.name, '') FROM staff "
        "LEFT JOIN staff AS maker ON maker.login = staff.created_by AND maker.municipality = staff.municipality "
        "WHERE staff.municipality = $1 AND ($2 IS NULL OR staff.login > $2) ORDER BY staff.login LIMIT $3",
        BOUND(bound_text(municipality), bound_text(after), bound_int(limit)), &statement, err);
    if (status != STATUS_OK) {
        return status;
    }
    while ((status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        struct staff_listing listing = {.created_at_ms = statement_column_int(statement, 9),
                                        .created_by = statement_column_text(statement, 10),
                                        .created_by_name = statement_column_text(statement, 11)};
        status = read_staff(statement, 0, &listing.row, err);
        secret_wipe(listing.row.password_hash, sizeof listing.row.password_hash);
        if (status == STATUS_OK) {
            status = visit(&listing, context);
        }
        if (status != STATUS_OK) {
            break;
        }
    }
    statement_reset(statement);
    return status;
}

enum status
session_add(struct store_txn *txn, const struct session_row *row, struct error_detail *err)
{
    return query_run(txn,
                     "INSERT INTO session (token_hash, staff, created_at_ms, seen_at_ms, address) "
                     "VALUES ($1, $2, $3, $4, $5)",
                     BOUND(bound_blob(row->token_hash, SHA256_SIZE), bound_int(row->staff),
                           bound_int(row->created_at_ms), bound_int(row->seen_at_ms), bound_text(row->address)),
                     err);
}

enum status
session_find(struct store_txn *txn, const uint8_t token_hash[SHA256_SIZE], struct session_row *out,
             struct staff_row *out_staff, struct error_detail *err)
{
    struct statement *statement;
    bool found;
    enum status status =
        query_first(txn,
                    "SELECT session.created_at_ms, session.seen_at_ms, session.address, " STAFF_COLUMNS
                    " FROM session JOIN staff ON staff.staff = session.staff WHERE session.token_hash = $1",
                    BOUND(bound_blob(token_hash, SHA256_SIZE)), &statement, &found, err);
    if (status != STATUS_OK) {
        return status;
    }
    if (!found) {
        error_set(err, "not_signed_in", "サインインしてください。");
        return STATUS_NOT_FOUND;
    }
    struct session_row row = {.created_at_ms = statement_column_int(statement, 0),
                              .seen_at_ms = statement_column_int(statement, 1),
                              .staff = statement_column_int(statement, 3)};
    memcpy(row.token_hash, token_hash, SHA256_SIZE);
    column_copy_text(row.address, sizeof row.address, statement, 2);
    status = read_staff(statement, 3, out_staff, err);
    statement_reset(statement);
    if (status == STATUS_OK) {
        *out = row;
    }
    return status;
}

enum status
session_touch(struct store_txn *txn, const uint8_t token_hash[SHA256_SIZE], int64_t seen_at_ms,
              struct error_detail *err)
{
    return query_run(
        txn,
        "UPDATE session SET seen_at_ms = CASE WHEN seen_at_ms > $1 THEN seen_at_ms ELSE $1 END WHERE token_hash = $2",
        BOUND(bound_int(seen_at_ms), bound_blob(token_hash, SHA256_SIZE)), err);
}

enum status
session_end(struct store_txn *txn, const uint8_t token_hash[SHA256_SIZE], struct error_detail *err)
{
    return query_run(txn, "DELETE FROM session WHERE token_hash = $1", BOUND(bound_blob(token_hash, SHA256_SIZE)), err);
}

enum status
session_end_others(struct store_txn *txn, int64_t staff, const uint8_t *kept, struct error_detail *err)
{
    return query_run(txn, "DELETE FROM session WHERE staff = $1 AND ($2 IS NULL OR token_hash <> $2)",
                     BOUND(bound_int(staff), bound_blob(kept, SHA256_SIZE)), err);
}

enum status
session_prune(struct store_txn *txn, int64_t seen_before_ms, int64_t created_before_ms, struct error_detail *err)
{
    return query_run(txn, "DELETE FROM session WHERE seen_at_ms < $1 OR created_at_ms < $2",
                     BOUND(bound_int(seen_before_ms), bound_int(created_before_ms)), err);
}

enum status
sign_in_failures(struct store_txn *txn, const char *login, int64_t *out_failures, int64_t *out_failed_at_ms,
                 struct error_detail *err)
{
    struct statement *statement;
    bool found;
    enum status status = query_first(txn, "SELECT failures, failed_at_ms FROM sign_in_failure WHERE login = $1",
                                     BOUND(bound_text(login)), &statement, &found, err);
    if (status != STATUS_OK) {
        return status;
    }
    *out_failures = found ? statement_column_int(statement, 0) : 0;
    *out_failed_at_ms = found ? statement_column_int(statement, 1) : 0;
    statement_reset(statement);
    return STATUS_OK;
}

enum status
sign_in_failure_add(struct store_txn *txn, const char *login, int64_t now_ms, struct error_detail *err)
{
    return query_run(txn,
                     "INSERT INTO sign_in_failure (login, failures, failed_at_ms) VALUES ($1, 1, $2) "
                     "ON CONFLICT (login) DO UPDATE SET failures = sign_in_failure.failures + 1, "
                     "failed_at_ms = excluded.failed_at_ms",
                     BOUND(bound_text(login), bound_int(now_ms)), err);
}

enum status
sign_in_failure_clear(struct store_txn *txn, const char *login, struct error_detail *err)
{
    return query_run(txn, "DELETE FROM sign_in_failure WHERE login = $1", BOUND(bound_text(login)), err);
}

enum status
sign_in_failure_prune(struct store_txn *txn, int64_t before_ms, int64_t limit, struct error_detail *err)
{
    return query_run(
        txn,
        "DELETE FROM sign_in_failure WHERE failed_at_ms < $1 OR login IN "
        "(SELECT login FROM sign_in_failure ORDER BY failed_at_ms DESC, login LIMIT 9223372036854775807 OFFSET $2)",
        BOUND(bound_int(before_ms), bound_int(limit)), err);
}
