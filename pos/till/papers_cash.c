/* The papers about a line of the drawer: float, cash in and out, hand-over. Their subject is the line's sequence. */
#include "pos/till/drawer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum status
drawer_read_subject(struct till *till, const char *subject, const char *kind, struct print_task *task,
                    struct json_value **out, struct error_detail *err)
{
    struct journal_line line;
    char *end;
    int64_t sequence = strtoll(subject, &end, 10);
    enum status status = STATUS_NOT_FOUND;
    if (subject[0] >= '1' && subject[0] <= '9' && *end == '\0') {
        status = drawer_read_body(till, sequence, &line, out, err);
    }
    if (status == STATUS_OK && strcmp(line.kind, kind) != 0) {
        json_free(*out);
        *out = NULL;
        status = STATUS_NOT_FOUND;
    }
    if (status == STATUS_NOT_FOUND) {
        error_set(err, "no_such_paper", "この用紙は印字できません。");
    }
    if (status == STATUS_OK) {
        task->at_ms = line.at_ms;
        task->day.business_date = line.business_date;
    }
    return status;
}

void
drawer_name_clerk(const struct till *till, const struct json_value *body, const char *key, char out[NAME_SIZE])
{
    const char *code;
    out[0] = '\0';
    if (json_as_text(json_member(body, key), &code)) {
        snprintf(out, NAME_SIZE, "%s", till->masters != NULL ? masters_clerk_name(till->masters, code) : code);
    }
}

void
drawer_receipt_counts(const struct cash_count *count, struct receipt_count out[RECEIPT_COUNTS_MAX], size_t *out_count)
{
    *out_count = 0;
    for (size_t i = 0; i < DENOMINATION_COUNT && count->has_pieces; i++) {
        if (count->pieces[i] > 0) {
            out[(*out_count)++] = (struct receipt_count){.yen = denominations_yen[i], .count = count->pieces[i]};
        }
    }
}

static enum status
read_movement(struct receipt_cash *out, const struct json_value *body, struct error_detail *err)
{
    static const struct {
        const char *word;
        enum receipt_direction direction;
    } directions[] = {{"lent", RECEIPT_LENT}, {"returned", RECEIPT_RETURNED}, {"in", RECEIPT_IN}, {"out", RECEIPT_OUT}};
    const char *direction;
    const char *reason;
    enum status status = json_get_text(body, "direction", CODE_SIZE, &direction, err);
    if (status == STATUS_OK) {
        status = json_get_int(body, "amount_yen", 1, YEN_LIMIT, &out->amount_yen, err);
    }
    if (status == STATUS_OK) {
        status = json_get_text_or(body, "reason", REASON_SIZE - 1, "", &reason, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    for (size_t i = 0; i < sizeof directions / sizeof directions[0]; i++) {
        if (strcmp(directions[i].word, direction) == 0) {
            out->direction = directions[i].direction;
        }
    }
    snprintf(out->reason, sizeof out->reason, "%s", reason);
    return STATUS_OK;
}

enum status
describe_movement_paper(struct till *till, const char *subject, struct print_task *task, struct error_detail *err)
{
    struct json_value *body = NULL;
    struct cash_count count = {0};
    const char *kind = task->form == FORM_FLOAT ? "float.moved" : "cash.moved";
    enum status status = drawer_read_subject(till, subject, kind, task, &body, err);
    if (status == STATUS_OK) {
        status = read_movement(&task->cash, body, err);
    }
    if (status == STATUS_OK && json_member(body, "counts") != NULL) {
        status = cash_count_read(&count, json_member(body, "counts"), err);
    }
    if (status == STATUS_OK) {
        drawer_receipt_counts(&count, task->cash.counts, &task->cash.count_count);
        drawer_name_clerk(till, body, "clerk", task->clerk_name);
        drawer_name_clerk(till, body, "approved_by", task->cash.approved_by_name);
    }
    json_free(body);
    return status;
}

/* The count that a hand-over was made with: the newest one for it before the line. */
static enum status
load_handover_count(struct till *till, int64_t before, struct recorded_count *out, struct error_detail *err)
{
    struct statement *row;
    bool has_row = false;
    enum status status = database_statement(till->db,
                                            "SELECT sequence FROM cash_count WHERE sequence < ?1 AND purpose ="
                                            " 'handover' ORDER BY sequence DESC LIMIT 1",
                                            &row, err);
    if (status == STATUS_OK) {
        statement_bind_int(row, 1, before);
        status = statement_step(row, &has_row, err);
    }
    if (status != STATUS_OK || !has_row) {
        return status;
    }
    int64_t sequence = statement_column_int(row, 0);
    statement_reset(row);
    return drawer_load_count(till, sequence, out, err);
}

enum status
describe_handover_paper(struct till *till, const char *subject, struct print_task *task, struct error_detail *err)
{
    struct json_value *body = NULL;
    struct recorded_count counted = {0};
    struct receipt_handover *handover = &task->handover;
    const char *reason = "";
    const struct {
        const char *key;
        int64_t *out;
    } amounts[] = {{"counted_cash_yen", &handover->counted_cash_yen},
                   {"expected_cash_yen", &handover->expected_cash_yen},
                   {"difference_yen", &handover->difference_yen}};
    enum status status = drawer_read_subject(till, subject, "shift.handed_over", task, &body, err);
    for (size_t i = 0; i < sizeof amounts / sizeof amounts[0] && status == STATUS_OK; i++) {
        status = json_get_int(body, amounts[i].key, -YEN_LIMIT, YEN_LIMIT, amounts[i].out, err);
    }
    if (status == STATUS_OK) {
        status = json_get_text_or(body, "difference_reason", REASON_SIZE - 1, "", &reason, err);
    }
    if (status == STATUS_OK) {
        status = load_handover_count(till, strtoll(subject, NULL, 10), &counted, err);
    }
    if (status == STATUS_OK) {
        snprintf(handover->difference_reason, sizeof handover->difference_reason, "%s", reason);
        drawer_name_clerk(till, body, "from", handover->from_name);
        drawer_name_clerk(till, body, "to", handover->to_name);
        memcpy(task->clerk_name, handover->from_name, sizeof task->clerk_name);
        drawer_receipt_counts(&counted.count, handover->counts, &handover->count_count);
    }
    json_free(body);
    return status;
}
