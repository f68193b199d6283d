/* Cash that moves without a sale: つり銭 lent and returned, cash put in and taken out. */
#include "pos/till/drawer.h"

#include <stdio.h>
#include <string.h>

void
drawer_print_line(struct till *till, enum paper_form form)
{
    char subject[IDENTITY_TEXT_SIZE];
    snprintf(subject, sizeof subject, "%lld", (long long)till->journal.tail.sequence);
    queue_print(till, subject, form);
}

static enum status
check_amount(int64_t amount_yen, struct error_detail *err)
{
    if (amount_yen < 1 || amount_yen > FLOAT_MAX_YEN) {
        error_set(err, "amount", "金額は1円から%d円までで入れてください。", FLOAT_MAX_YEN);
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

static enum status
check_reason(const char *reason, bool is_needed, struct error_detail *err)
{
    if (reason != NULL && strlen(reason) >= REASON_SIZE) {
        error_set(err, "reason_too_long", "理由は80文字までで入れてください。");
        return STATUS_INVALID;
    }
    if (is_needed && (reason == NULL || reason[0] == '\0')) {
        error_set(err, "reason_needed", "理由を入れてください。");
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

/* drawer.opened and then the line KIND, whose members WRITE writes: both, or neither. */
static enum status
record_movement(struct till *till, const char *opening, const char *kind,
                void (*write)(const struct till *till, struct json_writer *body, const void *movement),
                const void *movement, struct error_detail *err)
{
    enum status status = record_begin(till, err);
    if (status != STATUS_OK) {
        return status;
    }
    status = drawer_record_opened(till, opening, err);
    if (status == STATUS_OK) {
        write(till, record_body(till), movement);
        status = record_line(till, kind, err);
    }
    if (status != STATUS_OK) {
        record_rollback(till);
        return status;
    }
    status = record_commit(till, err);
    if (status == STATUS_OK) {
        drawer_kick(till);
    }
    return status;
}

struct float_movement {
    bool is_lent;
    const struct cash_count *count;
    const char *reason; /* NULL: none */
};

static void
write_float(const struct till *till, struct json_writer *body, const void *movement)
{
    const struct float_movement *moved = movement;
    json_text(body, "day", till->day.id);
    json_text(body, "direction", moved->is_lent ? "lent" : "returned");
    json_int(body, "amount_yen", moved->count->total_yen);
    json_text(body, "clerk", till->clerk.code);
    json_text(body, "reason", moved->reason);
    if (moved->count->has_pieces) {
        cash_count_write(moved->count, body, "counts");
    }
}

static enum status
check_float(struct till *till, const struct float_movement *movement, struct error_detail *err)
{
    int64_t amount_yen = movement->count->total_yen;
    enum status status = drawer_check(till, err);
    if (status == STATUS_OK) {
        status = check_amount(amount_yen, err);
    }
    if (status == STATUS_OK && movement->is_lent && till->day.float_yen + amount_yen > FLOAT_MAX_YEN) {
        error_set(err, "float", "つり銭は合わせて%d円までです。", FLOAT_MAX_YEN);
        status = STATUS_REFUSED;
    }
    if (status == STATUS_OK && !movement->is_lent && amount_yen > till->day.float_yen) {
        char lent[YEN_TEXT_SIZE];
        error_set(err, "float", "返せるつり銭は、預かっている%s円までです。売上金は「出金」で扱います。",
                  yen_format(lent, till->day.float_yen));
        status = STATUS_REFUSED;
    }
    if (status == STATUS_OK && !movement->is_lent) {
        status = drawer_check_holds(till, amount_yen, err);
    }
    return status;
}

enum status
till_move_float(struct till *till, bool is_lent, const struct cash_count *count, const char *reason,
                struct error_detail *err)
{
    const struct float_movement movement = {
        .is_lent = is_lent, .count = count, .reason = reason != NULL && reason[0] != '\0' ? reason : NULL};
    till_lock(till);
    enum status status = check_float(till, &movement, err);
    if (status == STATUS_OK) {
        status = check_reason(reason, false, err);
    }
    if (status == STATUS_OK) {
        status = record_movement(till, "float", "float.moved", write_float, &movement, err);
    }
    if (status == STATUS_OK) {
        drawer_print_line(till, FORM_FLOAT);
        status = load_business_day(till, err);
    }
    till_unlock(till, status == STATUS_OK);
    return status;
}

struct cash_movement {
    bool is_in;
    int64_t amount_yen;
    const char *reason;
    const char *approved_by; /* NULL: nobody had to */
};

static void
write_cash(const struct till *till, struct json_writer *body, const void *movement)
{
    const struct cash_movement *moved = movement;
    json_text(body, "day", till->day.id);
    json_text(body, "direction", moved->is_in ? "in" : "out");
    json_int(body, "amount_yen", moved->amount_yen);
    json_text(body, "reason", moved->reason);
    json_text(body, "clerk", till->clerk.code);
    json_text(body, "approved_by", moved->approved_by);
}

/* Whether AMOUNT_YEN is more than a clerk may move alone. */
static bool
needs_approval(struct till *till, int64_t amount_yen)
{
    till_lock(till);
    bool is_needed = till->masters == NULL || amount_yen > till->masters->cash_approval_yen;
    till_unlock(till, false);
    return is_needed;
}

enum status
till_move_cash(struct till *till, bool is_in, int64_t amount_yen, const char *reason, const struct approval *approval,
               struct error_detail *err)
{
    char supervisor[CODE_SIZE];
    struct cash_movement movement = {.is_in = is_in, .amount_yen = amount_yen, .reason = reason};
    enum status status = check_amount(amount_yen, err);
    if (status == STATUS_OK) {
        status = check_reason(reason, true, err);
    }
    if (status == STATUS_OK && needs_approval(till, amount_yen)) {
        status = approval_check(till, approval->clerk, approval->pin, supervisor, err);
        movement.approved_by = supervisor;
    }
    if (status != STATUS_OK) {
        return status;
    }
    till_lock(till);
    status = drawer_check(till, err);
    if (status == STATUS_OK && !is_in) {
        status = drawer_check_holds(till, amount_yen, err);
    }
    if (status == STATUS_OK) {
        status = record_movement(till, "cash", "cash.moved", write_cash, &movement, err);
    }
    if (status == STATUS_OK) {
        drawer_print_line(till, FORM_CASH);
    }
    till_unlock(till, status == STATUS_OK);
    return status;
}
