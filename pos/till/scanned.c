/* What was scanned, when it is nobody's payment: our own papers say by their barcode what they are about, and the
 * screen opens that; forms and slips are rung up. What is neither is told apart without being kept or repeated: it may
 * be somebody's payment code. */
#include "pos/tickets/ticket_number.h"
#include "pos/till/till_parts.h"

#include <stdio.h>
#include <string.h>

enum { SERIAL_DIGITS_MIN = 4, DATE_DIGITS = 8 };

/* Whether CODE has the form of a receipt number; TERMINAL gets its first part. */
static bool
is_receipt_number(const char *code, char terminal[TERMINAL_ID_SIZE])
{
    const char *serial = strrchr(code, '-');
    if (serial == NULL || serial - code < DATE_DIGITS + 2 || strlen(code) >= RECEIPT_NUMBER_SIZE) {
        return false;
    }
    const char *date = serial - DATE_DIGITS;
    size_t serial_length = strlen(serial + 1);
    size_t terminal_length = (size_t)(date - code) - 1;
    bool is_form = date[-1] == '-' && strspn(date, "0123456789") == DATE_DIGITS && serial_length >= SERIAL_DIGITS_MIN &&
                   strspn(serial + 1, "0123456789") == serial_length && terminal_length < TERMINAL_ID_SIZE;
    if (is_form) {
        snprintf(terminal, TERMINAL_ID_SIZE, "%.*s", (int)terminal_length, code);
    }
    return is_form;
}

/* The one text that SQL gives for KEY; "" for none. */
static enum status
look_up(struct till *till, const char *sql, const char *key, char out[IDENTITY_TEXT_SIZE], struct error_detail *err)
{
    struct statement *row;
    bool has_row = false;
    out[0] = '\0';
    enum status status = database_statement(till->db, sql, &row, err);
    if (status == STATUS_OK) {
        statement_bind_text(row, 1, key);
        status = statement_step(row, &has_row, err);
    }
    if (status == STATUS_OK && has_row) {
        snprintf(out, IDENTITY_TEXT_SIZE, "%s", statement_column_text(row, 0));
        statement_reset(row);
    }
    return status;
}

static enum status
find_receipt(struct till *till, const char *code, const char *terminal, struct scanned *out, struct error_detail *err)
{
    enum status status = look_up(till, "SELECT sale FROM sale WHERE receipt_number = ?1", code, out->id, err);
    if (status == STATUS_OK && out->id[0] != '\0') {
        out->subject = SUBJECT_SALE;
    } else if (status == STATUS_OK && strcmp(terminal, till->terminal) != 0) {
        snprintf(out->message, sizeof out->message, "レジ %s の会計です。そのレジで手続きしてください。", terminal);
    } else if (status == STATUS_OK) {
        snprintf(out->message, sizeof out->message, "この番号の会計は、このレジの記録にありません。");
    }
    return status;
}

/* A 保留票: its basket comes back at once, as when it is chosen from the list. */
static enum status
recall_hold(struct till *till, struct scanned *out, struct error_detail *err)
{
    enum status status = holds_recall(till, out->id, err);
    bool is_recalled = status == STATUS_OK;
    out->subject = is_recalled ? SUBJECT_HOLD : SUBJECT_FAULT;
    snprintf(out->message, sizeof out->message, "%s", is_recalled ? "保留を呼び戻しました。" : err->message);
    return status;
}

/* The slips for 処理未了, refunds and holds carry ids. */
static enum status
find_identity(struct till *till, const char *code, struct scanned *out, struct error_detail *err)
{
    enum status status = look_up(till, "SELECT payment FROM payment WHERE payment = ?1", code, out->id, err);
    if (status == STATUS_OK && out->id[0] != '\0') {
        char sale[IDENTITY_TEXT_SIZE];
        out->subject = SUBJECT_PAYMENT;
        status = look_up(till, "SELECT sale FROM sale WHERE payment = ?1", code, sale, err);
        if (status == STATUS_OK && sale[0] != '\0') { /* proved since: the sale is what matters now */
            out->subject = SUBJECT_SALE;
            memcpy(out->id, sale, sizeof sale);
        }
        return status;
    }
    if (status == STATUS_OK) {
        status = look_up(till, "SELECT sale FROM refund WHERE refund = ?1", code, out->id, err);
        out->subject = out->id[0] != '\0' ? SUBJECT_SALE : SUBJECT_UNKNOWN;
    }
    if (status == STATUS_OK && out->subject == SUBJECT_UNKNOWN) {
        status = look_up(till, "SELECT hold FROM held_basket WHERE hold = ?1", code, out->id, err);
        if (status == STATUS_OK && out->id[0] != '\0') {
            return recall_hold(till, out, err);
        }
    }
    if (status == STATUS_OK && out->subject == SUBJECT_UNKNOWN) {
        snprintf(out->message, sizeof out->message, "この票は、このレジの記録にありません。");
    }
    return status;
}

static enum status
find_subject(struct till *till, const char *code, struct scanned *out, struct error_detail *err)
{
    char terminal[TERMINAL_ID_SIZE];
    if (is_receipt_number(code, terminal)) {
        return find_receipt(till, code, terminal, out, err);
    }
    if (identity_is_valid(code)) {
        return find_identity(till, code, out, err);
    }
    if (ticket_number_is_likely(code)) {
        struct ticket_number number;
        enum status read = ticket_number_read(code, &number, err);
        if (read == STATUS_OK) {
            out->subject = SUBJECT_TICKET;
            snprintf(out->id, sizeof out->id, "%s", code);
        } else {
            snprintf(out->message, sizeof out->message, "%s", err->message);
        }
        return STATUS_OK;
    }
    enum status status = till->masters != NULL ? scan_slip(till, code, out, err) : STATUS_NOT_FOUND;
    if (status != STATUS_NOT_FOUND) {
        return status;
    }
    snprintf(
        out->message, sizeof out->message,
        "読み取ったコードは、このレジの票ではありません。お支払いのコードは、コード決済を選んでから読み取ってください"
        "。");
    return STATUS_OK;
}

bool
till_waits_for_code(struct till *till)
{
    till_lock(till);
    bool is_waiting = till->foreground.state == FOREGROUND_WAITING_CODE;
    till_unlock(till, false);
    return is_waiting;
}

enum status
till_scan(struct till *till, const char *code, struct error_detail *err)
{
    if (till_waits_for_code(till)) {
        return till_pay_code(till, code, err);
    }
    struct scanned found = {.subject = SUBJECT_UNKNOWN};
    till_lock(till);
    enum status status = STATUS_OK;
    if (atomic_load(&till->is_locked)) {
        error_set(err, "locked", "画面がロックされています。担当者の暗証番号を入れてください。");
        status = STATUS_REFUSED;
    } else if (!till->is_enrolled || !till->clerk.is_present) {
        error_set(err, "no_clerk", "担当者を選び、暗証番号を入れてください。");
        status = STATUS_REFUSED;
    } else {
        status = find_subject(till, code, &found, err);
    }
    if (status == STATUS_OK || found.subject == SUBJECT_FAULT) {
        found.number = till->scanned.number + 1;
        till->scanned = found;
    }
    till_unlock(till, true);
    return status;
}

void
scanned_write(const struct till *till, struct json_writer *writer)
{
    static const char *const words[] = {
        [SUBJECT_UNKNOWN] = "unknown", [SUBJECT_SALE] = "sale",  [SUBJECT_PAYMENT] = "payment",
        [SUBJECT_ITEM] = "item",       [SUBJECT_CASE] = "case",  [SUBJECT_TICKET] = "ticket",
        [SUBJECT_HOLD] = "hold",       [SUBJECT_FAULT] = "fault"};
    const struct scanned *scanned = &till->scanned;
    if (scanned->number == 0) {
        json_null(writer, "scanned");
        return;
    }
    json_begin_object(writer, "scanned");
    json_int(writer, "number", scanned->number);
    json_text(writer, "kind", words[scanned->subject]);
    json_text(writer, "id", scanned->id[0] != '\0' ? scanned->id : NULL);
    json_text(writer, "message", scanned->message);
    json_end_object(writer);
}
