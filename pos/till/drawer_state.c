/* What the state says of the day's drawer: the count that stands, the papers of the close. Nothing of what must lie in
 * it, but that it is more than it should be. */
#include "pos/till/drawer.h"

bool
drawer_is_over_limit(struct till *till)
{
    struct drawer_figures figures;
    struct error_detail ignored;
    if (till->masters == NULL || till->masters->cash_limit_yen == 0 || !till->day.exists || !till->day.is_open) {
        return false;
    }
    return drawer_figures_now(till, &figures, &ignored) == STATUS_OK &&
           figures.expected_cash_yen >= till->masters->cash_limit_yen;
}

static enum status
write_standing(struct till *till, struct json_writer *writer, struct error_detail *err)
{
    struct recorded_count counted;
    struct error_detail why;
    char at[INSTANT_TEXT_SIZE];
    enum status status = drawer_standing_count(till, &counted, &why);
    if (status == STATUS_NOT_FOUND) {
        json_null(writer, "count");
        return STATUS_OK;
    }
    if (status != STATUS_OK) {
        *err = why;
        return status;
    }
    json_begin_object(writer, "count");
    json_int(writer, "sequence", counted.sequence);
    json_text(writer, "purpose", count_purpose_word(counted.purpose));
    json_text(writer, "at", instant_format(at, counted.at_ms));
    json_int(writer, "total_yen", counted.count.total_yen);
    json_end_object(writer);
    return STATUS_OK;
}

static enum status
write_papers(struct till *till, struct json_writer *writer, struct error_detail *err)
{
    struct statement *row;
    bool has_row = false;
    enum status status = database_statement(
        till->db, "SELECT form, state FROM paper WHERE subject = ?1 ORDER BY form = 'close' DESC, form", &row, err);
    if (status != STATUS_OK) {
        return status;
    }
    statement_bind_text(row, 1, till->day.id);
    json_begin_array(writer, "papers");
    while ((status = statement_step(row, &has_row, err)) == STATUS_OK && has_row) {
        enum paper_form form;
        if (!paper_form_from_word(statement_column_text(row, 0), &form)) {
            continue;
        }
        json_begin_object(writer, NULL);
        json_text(writer, "form", paper_form_word(form));
        json_text(writer, "title", paper_form_title(form));
        json_text(writer, "print", paper_progress(till, till->day.id, form, statement_column_text(row, 1)));
        json_end_object(writer);
    }
    json_end_array(writer);
    return status;
}

/* What the close fixed, for the clerk who carries the money away; NULL while the day is open. */
static enum status
write_closing(struct till *till, struct json_writer *writer, struct error_detail *err)
{
    static const char *const members[] = {"number",      "counted_cash_yen", "difference_yen",
                                          "deposit_yen", "float_yen",        "float_returned_yen"};
    struct journal_line line;
    struct json_value *body = NULL;
    int64_t sequence = 0;
    if (!till->day.exists || till->day.is_open) {
        json_null(writer, "closing");
        return STATUS_OK;
    }
    enum status status = database_query_int(till->db, "SELECT MAX(closed_sequence) FROM business_day", &sequence, err);
    if (status == STATUS_OK) {
        status = drawer_read_body(till, sequence, &line, &body, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    json_begin_object(writer, "closing");
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        int64_t value;
        if (json_as_int(json_member(body, members[i]), &value)) {
            json_int(writer, members[i], value);
        } else {
            json_null(writer, members[i]); /* a line of an older till */
        }
    }
    json_end_object(writer);
    json_free(body);
    return STATUS_OK;
}

enum status
drawer_write_state(struct till *till, struct json_writer *writer, struct error_detail *err)
{
    json_text(writer, "id", till->day.exists ? till->day.id : NULL);
    json_int(writer, "last_float_yen", till->day.exists ? till->day.float_yen : 0);
    json_int(writer, "cash_approval_yen", till->masters != NULL ? till->masters->cash_approval_yen : 0);
    json_bool(writer, "is_over_cash_limit", drawer_is_over_limit(till));
    enum status status = day_opening_write(till, writer, err);
    if (status == STATUS_OK) {
        status = write_standing(till, writer, err);
    }
    if (status == STATUS_OK) {
        status = write_closing(till, writer, err);
    }
    return status == STATUS_OK ? write_papers(till, writer, err) : status;
}
