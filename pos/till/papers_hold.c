/* 保留票: what waits, with the code by which it comes back on the till; and the test page. Both are printed when
 * somebody asks for them, and nobody misses them otherwise. */
#include "pos/till/till_parts.h"

#include <stdio.h>
#include <string.h>

/* When, by whom and under which mark HOLD was put aside. *OUT_SEQUENCE is its line. */
static enum status
read_hold(struct till *till, const char *hold, struct print_task *task, int64_t *out_sequence, struct error_detail *err)
{
    struct statement *row;
    bool has_row = false;
    enum status status = database_statement(
        till->db, "SELECT sequence, at_ms, label, clerk FROM held_basket WHERE hold = ?1 AND state = 'held'", &row,
        err);
    if (status == STATUS_OK) {
        statement_bind_text(row, 1, hold);
        status = statement_step(row, &has_row, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    if (!has_row) {
        error_set(err, "no_such_paper", "その保留はもう呼び戻されたか、取りやめになっています。");
        return STATUS_NOT_FOUND;
    }
    *out_sequence = statement_column_int(row, 0);
    task->at_ms = statement_column_int(row, 1);
    snprintf(task->hold.hold, sizeof task->hold.hold, "%s", hold);
    snprintf(task->hold.label, sizeof task->hold.label, "%s", statement_column_text(row, 2));
    snprintf(task->clerk_name, sizeof task->clerk_name, "%s",
             till->masters != NULL ? masters_clerk_name(till->masters, statement_column_text(row, 3)) : "");
    statement_reset(row);
    return STATUS_OK;
}

enum status
describe_hold_paper(struct till *till, const char *subject, struct print_task *task, struct error_detail *err)
{
    int64_t sequence;
    enum status status = read_hold(till, subject, task, &sequence, err);
    if (status == STATUS_OK) {
        status = load_held_content(till, sequence, &task->sale.content, err);
    }
    if (status == STATUS_OK) {
        task->sale.received_on = till_business_date(till);
        describe_content(till, task);
    }
    return status;
}

enum status
describe_test_paper(struct till *till, const char *subject, struct print_task *task, struct error_detail *err)
{
    if (strcmp(subject, till->terminal) != 0) {
        error_set(err, "no_such_paper", "試し刷りは、このレジのプリンタだけでできます。");
        return STATUS_NOT_FOUND;
    }
    task->at_ms = till_now_ms(till);
    return STATUS_OK;
}
