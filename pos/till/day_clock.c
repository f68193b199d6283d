/* Which date a day may be opened under. The till has no clock but the computer's, and a wrong one dates money into
 * another fiscal year: a date that lies far from the last day's, or before it, is opened only with a supervisor, who is
 * told both. The same way leads back after a clock that was ahead has been repaired. */
#include "pos/till/drawer.h"

enum {
    /* Tills rest over the longest closed season of a counter (New Year with the days before and after); what is longer
     * is rather a wrong clock. */
    OPENING_GAP_MAX_DAYS = 14
};

/* Whether a day was ever opened under DATE. Receipt numbers carry the date, so a date is used once. */
static enum status
is_used(struct till *till, struct civil_date date, bool *out, struct error_detail *err)
{
    struct statement *row;
    char text[CIVIL_DATE_TEXT_SIZE];
    enum status status = database_statement(till->db, "SELECT 1 FROM business_day WHERE business_date = ?1", &row, err);
    if (status == STATUS_OK) {
        statement_bind_text(row, 1, civil_date_format(text, date));
        status = statement_step(row, out, err);
    }
    if (status == STATUS_OK && *out) {
        statement_reset(row);
    }
    return status;
}

enum status
day_opening_now(struct till *till, struct day_opening *out, struct error_detail *err)
{
    *out = (struct day_opening){0};
    if (till->masters == NULL || (till->day.exists && till->day.is_open)) {
        return STATUS_OK;
    }
    out->date = business_date_at(till_now_ms(till), till->masters->day_start_minutes);
    bool is_taken = false;
    enum status status = is_used(till, out->date, &is_taken, err);
    out->is_possible = status == STATUS_OK && !is_taken;
    if (out->is_possible && till->day.exists) {
        int64_t gap = civil_date_to_days(out->date) - civil_date_to_days(till->day.date);
        out->needs_approval = gap < 0 || gap > OPENING_GAP_MAX_DAYS;
    }
    return status;
}

void
day_opening_ask(const struct till *till, const struct day_opening *opening, struct error_detail *err)
{
    const struct civil_date *last = &till->day.date;
    const struct civil_date *date = &opening->date;
    error_set(err, "approval_needed",
              "前の営業日は%d年%d月%d日、このレジの時計では今日は%d年%d月%d日です。今日の日付が正しいときは、"
              "責任者の承認で営業を始められます。違うときは始めずに、管理者に時計を直してもらってください。",
              (int)last->year, (int)last->month, (int)last->day, (int)date->year, (int)date->month, (int)date->day);
}

enum status
day_opening_write(struct till *till, struct json_writer *writer, struct error_detail *err)
{
    struct day_opening opening;
    char date[CIVIL_DATE_TEXT_SIZE];
    enum status status = day_opening_now(till, &opening, err);
    if (status == STATUS_OK) {
        json_text(writer, "last_date", till->day.exists ? civil_date_format(date, till->day.date) : NULL);
        json_text(writer, "opening_on", opening.is_possible ? civil_date_format(date, opening.date) : NULL);
        json_bool(writer, "opening_needs_approval", opening.needs_approval);
    }
    return status;
}
