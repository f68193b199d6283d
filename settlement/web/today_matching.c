/* What the morning page says of statements, deposits and discrepancies. */
#include "settlement/catalogue/catalogue.h"
#include "settlement/web/today.h"

/* Nothing is imported and nothing is matched: everything is zero, and every trustee's statement is still to come. */
static void
write_nothing_matched(struct json_writer *writer)
{
    static const char *const counts[] = {"matched_count", "matched_yen", "waiting_count", "waiting_yen",
                                         "open_count",    "open_yen",    "overdue_count", "awaiting_second_count"};
    json_begin_object(writer, "reconciliation");
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        json_int(writer, counts[i], 0);
    }
    json_begin_array(writer, "by_class");
    json_end_array(writer);
    json_null(writer, "last_run");
    json_end_object(writer);
}

static void
write_no_deposits(struct json_writer *writer)
{
    static const char *const counts[] = {"expected_today_count", "expected_today_yen", "late_count", "late_yen",
                                         "misses_closing_count", "misses_closing_yen"};
    json_begin_object(writer, "deposits");
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        json_int(writer, counts[i], 0);
    }
    json_end_object(writer);
}

static void
write_statements(struct json_writer *writer, const struct catalogue *catalogue)
{
    const struct json_value *row = json_first(catalogue_table(catalogue, "trustees"));
    json_begin_array(writer, "statements");
    for (; row != NULL; row = json_next(row)) {
        const char *code;
        if (json_as_text(json_member(row, "code"), &code)) {
            json_begin_object(writer, NULL);
            json_text(writer, "trustee", code);
            json_text(writer, "name", catalogue_name(catalogue, "trustees", code));
            json_null(writer, "last_import");
            json_null(writer, "covers_to");
            json_bool(writer, "is_late", false);
            json_end_object(writer);
        }
    }
    json_end_array(writer);
}

enum status
json_today_matching(struct json_writer *writer, struct today *today, struct error_detail *err)
{
    struct catalogue *catalogue = NULL;
    enum status status = catalogue_load(&catalogue, today->txn, today->municipality, err);
    if (status != STATUS_OK) {
        return status;
    }
    write_nothing_matched(writer);
    write_statements(writer, catalogue);
    write_no_deposits(writer);
    catalogue_destroy(catalogue);
    return STATUS_OK;
}
