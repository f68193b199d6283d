/* What happened to the drawer since the last close, for the screen. What an inspection or a hand-over expected is left
 * out: the next count is blind as well. */
#include "pos/till/drawer.h"

#include <stdio.h>
#include <string.h>

enum {
    EVENTS_MAX = 100 /* on the screen; a day has a dozen */
};

/* A row of the union below. */
struct event {
    int64_t sequence;
    char print[STATE_WORD_SIZE]; /* of its paper; "" when it has none */
    enum paper_form form;
};

static enum status
find_events(struct till *till, struct event *out, size_t *out_count, struct error_detail *err)
{
    struct statement *row;
    bool has_row = false;
    *out_count = 0;
    enum status status = database_statement(
        till->db,
        "SELECT event.sequence, paper.form, paper.state FROM"
        " (SELECT sequence FROM cash_movement WHERE kind <> 'refund' UNION SELECT sequence FROM inspection"
        "  UNION SELECT sequence FROM handover UNION SELECT sequence FROM drawer_opening WHERE reason = 'no_sale')"
        " AS event LEFT JOIN paper ON paper.subject = CAST(event.sequence AS TEXT)"
        " WHERE event.sequence >= ?1 ORDER BY event.sequence DESC LIMIT ?2",
        &row, err);
    if (status != STATUS_OK) {
        return status;
    }
    statement_bind_int(row, 1, till->day.exists ? till->day.opened_sequence : 0);
    statement_bind_int(row, 2, EVENTS_MAX);
    while ((status = statement_step(row, &has_row, err)) == STATUS_OK && has_row) {
        struct event *event = &out[*out_count];
        char subject[IDENTITY_TEXT_SIZE];
        *event = (struct event){.sequence = statement_column_int(row, 0)};
        snprintf(subject, sizeof subject, "%lld", (long long)event->sequence);
        if (paper_form_from_word(statement_column_text(row, 1), &event->form)) {
            snprintf(event->print, sizeof event->print, "%s",
                     paper_progress(till, subject, event->form, statement_column_text(row, 2)));
        }
        ++*out_count;
    }
    return status;
}

/* A member that may be absent or null. */
static void
copy_text(const struct json_value *body, const char *key, struct json_writer *writer, const char *as)
{
    const char *text = NULL;
    bool is_text = json_as_text(json_member(body, key), &text);
    json_text(writer, as, is_text ? text : NULL);
}

static void
copy_clerk(const struct till *till, const struct json_value *body, const char *key, struct json_writer *writer,
           const char *as)
{
    const char *code = NULL;
    bool is_text = json_as_text(json_member(body, key), &code);
    json_text(writer, as, is_text && till->masters != NULL ? masters_clerk_name(till->masters, code) : code);
}

static void
copy_int(const struct json_value *body, const char *key, struct json_writer *writer)
{
    int64_t value;
    if (json_as_int(json_member(body, key), &value)) {
        json_int(writer, key, value);
    } else {
        json_null(writer, key);
    }
}

static enum status
write_event(struct till *till, const struct event *event, struct json_writer *writer, struct error_detail *err)
{
    struct journal_line line;
    struct json_value *body = NULL;
    char at[INSTANT_TEXT_SIZE];
    enum status status = drawer_read_body(till, event->sequence, &line, &body, err);
    if (status != STATUS_OK) {
        return status;
    }
    bool is_opening = strcmp(line.kind, "drawer.opened") == 0;
    bool is_handover = strcmp(line.kind, "shift.handed_over") == 0;
    json_begin_object(writer, NULL);
    json_int(writer, "sequence", event->sequence);
    json_text(writer, "kind", line.kind);
    json_text(writer, "at", instant_format(at, line.at_ms));
    copy_clerk(till, body, is_handover ? "from" : "clerk", writer, "clerk_name");
    copy_clerk(till, body, "to", writer, "to_name");
    copy_clerk(till, body, "approved_by", writer, "approved_by_name");
    copy_text(body, "direction", writer, "direction");
    copy_int(body, "amount_yen", writer);
    copy_text(body, is_opening ? "note" : "reason", writer, "reason");
    copy_int(body, "number", writer);
    json_text(writer, "form", event->print[0] != '\0' ? paper_form_word(event->form) : NULL);
    json_text(writer, "print", event->print[0] != '\0' ? event->print : NULL);
    json_end_object(writer);
    json_free(body);
    return STATUS_OK;
}

enum status
till_write_cash_events(struct till *till, struct buffer *out, struct error_detail *err)
{
    static _Thread_local struct event events[EVENTS_MAX];
    size_t count = 0;
    struct json_writer writer;
    json_writer_init(&writer, out);
    till_lock(till);
    enum status status = find_events(till, events, &count, err);
    json_begin_object(&writer, NULL);
    json_begin_array(&writer, "events");
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        status = write_event(till, &events[i], &writer, err);
    }
    till_unlock(till, false);
    if (status != STATUS_OK) {
        return status;
    }
    json_end_array(&writer);
    json_end_object(&writer);
    return json_finish(&writer, err);
}
