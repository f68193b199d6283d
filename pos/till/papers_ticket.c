/* 駐車券: the ticket as it was issued. */
#include "pos/till/tickets_parts.h"

#include <stdio.h>
#include <string.h>

enum status
describe_ticket_paper(struct till *till, const char *subject, struct print_task *task, struct error_detail *err)
{
    struct ticket_row row;
    struct master_item item;
    struct receipt_ticket *paper = &task->ticket;
    enum status status = load_ticket(till, subject, &row, err);
    if (status == STATUS_OK && !row.is_known) {
        error_set(err, "no_such_paper", "この券は、この端末で発券したものではありません。");
        status = STATUS_NOT_FOUND;
    }
    if (status != STATUS_OK) {
        return status;
    }
    task->at_ms = row.entered_ms;
    paper->is_parking = true;
    paper->entered_at_ms = row.entered_ms;
    snprintf(paper->ticket, sizeof paper->ticket, "%s", row.ticket);
    snprintf(paper->label, sizeof paper->label, "%s", row.label);
    status = masters_item_ever(till->masters, row.item, civil_date_at(row.entered_ms), &item, err);
    if (status == STATUS_OK) {
        const struct master_facility *facility =
            masters_facility(till->masters, item.facility, civil_date_at(row.entered_ms));
        snprintf(paper->item_name, sizeof paper->item_name, "%s", item.name);
        snprintf(paper->facility_name, sizeof paper->facility_name, "%s", facility != NULL ? facility->name : "");
    }
    return status;
}
