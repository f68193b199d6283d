/* Writing one discrepancy. */
#include "settlement/web/discrepancy_json.h"

#include "settlement/matching/discrepancy_class.h"
#include "settlement/web/reply.h"

#include <string.h>

static int64_t
age_days(const struct discrepancy_row *row, struct civil_date today)
{
    struct civil_date opened;
    if (civil_date_parse(&opened, row->opened_on, strlen(row->opened_on)) != STATUS_OK) {
        return 0;
    }
    return civil_date_to_days(today) - civil_date_to_days(opened);
}

/* What it is about, as a pair names it: a payment, or a line of a statement; null for anything else. */
static void
json_side(struct json_writer *writer, const struct discrepancy_row *row)
{
    bool is_payment = strncmp(row->subject, "payment:", 8) == 0 && row->sequence != 0;
    bool is_line = strncmp(row->subject, "line:", 5) == 0;
    size_t length = strlen(row->subject);
    if (!is_payment && !is_line) {
        json_null(writer, "side");
        return;
    }
    json_begin_object(writer, "side");
    if (is_payment) {
        json_text(writer, "terminal", row->terminal);
        json_int(writer, "sequence", row->sequence);
        json_text(writer, "part", length > 5 && strcmp(row->subject + length - 5, ":void") == 0 ? "void" : "sale");
    } else {
        json_int(writer, "import", row->import);
        json_int(writer, "line", row->line);
    }
    json_end_object(writer);
}

void
json_discrepancy_members(struct json_writer *writer, const struct discrepancy_row *row,
                         const struct catalogue *catalogue, struct civil_date today)
{
    char today_text[CIVIL_DATE_TEXT_SIZE];
    civil_date_format(today_text, today);
    bool is_open = strcmp(row->state, "open") == 0 || strcmp(row->state, "awaiting_second") == 0;
    json_int(writer, "id", row->id);
    json_text(writer, "class", row->class);
    json_text(writer, "class_name", discrepancy_class_name(row->class));
    json_text(writer, "state", row->state);
    json_text(writer, "state_name", discrepancy_state_name(row->state));
    json_int(writer, "amount_yen", row->amount_yen);
    json_text(writer, "date", row->happened_on);
    json_text(writer, "opened_on", row->opened_on);
    json_text(writer, "due_on", row->due_on);
    json_int(writer, "age_days", age_days(row, today));
    json_bool(writer, "is_overdue", is_open && strcmp(row->due_on, today_text) < 0);
    json_text_or_null(writer, "terminal", row->terminal);
    json_text_or_null(writer, "receipt_number", row->receipt_number);
    json_text_or_null(writer, "payment", row->payment);
    json_text_or_null(writer, "brand", row->brand);
    json_text_or_null(writer, "brand_name",
                      row->brand[0] != '\0' ? catalogue_name(catalogue, "brands", row->brand) : NULL);
    json_text_or_null(writer, "payout", row->payout);
    json_text_or_null(writer, "payout_trustee", row->payout[0] != '\0' ? row->payout_trustee : NULL);
    json_person(writer, "owner", row->owner, row->owner_name);
    json_text_or_null(writer, "expected_on", row->expected_on);
    json_bool(writer, "is_undo_asked", row->undo_by[0] != '\0');
    json_side(writer, row);
    json_text(writer, "summary", row->summary);
    json_int(writer, "version", row->version);
}

void
json_discrepancy_resolution(struct json_writer *writer, const struct discrepancy_row *row)
{
    enum resolution resolution;
    if (row->resolution[0] == '\0' || !resolution_from_word(&resolution, row->resolution)) {
        json_null(writer, "resolution");
        return;
    }
    json_begin_object(writer, "resolution");
    json_text(writer, "kind", row->resolution);
    json_text(writer, "kind_name", resolution_name(row->resolution));
    json_text(writer, "reason", row->reason);
    json_bool(writer, "moves_money", resolution_moves_money(resolution));
    json_person(writer, "by", row->resolved_by, row->resolved_by_name);
    json_instant(writer, "at", row->resolved_at_ms);
    json_person(writer, "confirmed_by", row->confirmed_by, row->confirmed_by_name);
    json_instant(writer, "confirmed_at", row->confirmed_at_ms);
    json_end_object(writer);
}

void
json_discrepancy_undo(struct json_writer *writer, const struct discrepancy_row *row)
{
    if (row->undo_by[0] == '\0') {
        json_null(writer, "undo");
        return;
    }
    json_begin_object(writer, "undo");
    json_person(writer, "by", row->undo_by, row->undo_by_name);
    json_instant(writer, "at", row->undo_at_ms);
    json_text(writer, "reason", row->undo_reason);
    json_end_object(writer);
}
