/* Writing one 調定. */
#include "settlement/web/assessment_json.h"

#include "settlement/assessment/fiscal_rules.h"
#include "settlement/web/reply.h"

#include <string.h>

static void
write_number(struct json_writer *writer, const struct assessment_record *record)
{
    char text[ASSESSMENT_NUMBER_SIZE];
    bool has_number = record->serial != 0;
    json_text(writer, "number",
              has_number ? assessment_number_format(text, record->fiscal_year, record->serial) : NULL);
    json_int_or_null(writer, "serial", record->serial);
}

static void
write_original(struct json_writer *writer, const struct assessment_record *record)
{
    if (record->original == 0) {
        json_null(writer, "original");
        return;
    }
    char text[ASSESSMENT_NUMBER_SIZE];
    json_begin_object(writer, "original");
    json_int(writer, "id", record->original);
    json_text(writer, "number", assessment_number_format(text, record->fiscal_year, record->original_serial));
    json_end_object(writer);
}

static void
write_classification(struct json_writer *writer, const struct assessment_record *record)
{
    json_text(writer, "kind", assessment_kind_word(record->kind));
    json_text(writer, "kind_name", assessment_kind_name(record->kind));
    write_original(writer, record);
    json_text(writer, "category_name", "事後");
    json_text(writer, "form", assessment_form_word(record->sale_count));
    json_text(writer, "form_name", assessment_form_name(record->sale_count));
    json_text(writer, "account", record->account);
    for (int part = 0; part < ACCOUNT_PART_COUNT; part++) {
        json_code_name(writer, account_part_word((enum account_part)part), record->parts.code[part],
                       record->parts.name[part]);
    }
    json_code_name(writer, "section", record->section, record->section_name);
    json_text(writer, "route", record->route);
    json_text(writer, "route_name", record->route_name);
    json_text(writer, "tax", record->tax);
    json_text(writer, "tax_name", assessment_tax_name(record->tax));
}

static void
write_warnings(struct json_writer *writer, const struct assessment_record *record, struct civil_date today)
{
    bool is_open = record->state == ASSESSMENT_DRAFT || record->state == ASSESSMENT_PROPOSED;
    struct civil_date day;
    bool has_day = civil_date_parse(&day, record->assessed_on, strlen(record->assessed_on)) == STATUS_OK;
    json_begin_array(writer, "warnings");
    if (is_open && assessment_is_in_adjustment_period(record->fiscal_year, today)) {
        json_text(writer, NULL,
                  "出納整理期間に起案する旧年度の調定です。年度末までに調定すべきだったものの漏れに当たらないか確かめて"
                  "ください。");
    }
    if (is_open && has_day && fiscal_year_of(day) != record->fiscal_year) {
        json_text(writer, NULL, "出納閉鎖後に判明した収入のため、新年度の歳入として調定します。");
    }
    json_end_array(writer);
}

void
json_assessment(struct json_writer *writer, const char *key, const struct assessment_record *record,
                int64_t received_yen, struct civil_date today)
{
    char text[ASSESSMENT_TEXT_SIZE];
    json_begin_object(writer, key);
    json_int(writer, "id", record->id);
    json_int(writer, "version", record->version);
    json_text(writer, "state", assessment_state_word(record->state));
    json_text(writer, "state_name", assessment_state_name(record->state));
    write_number(writer, record);
    json_text(writer, "assessed_on", record->assessed_on);
    json_text(writer, "drafted_on", record->drafted_on);
    json_int(writer, "fiscal_year", record->fiscal_year);
    write_classification(writer, record);
    json_int(writer, "count", record->count);
    json_int(writer, "zero_count", record->zero_count);
    json_int(writer, "sale_count", record->sale_count);
    json_int(writer, "amount_yen", record->amount_yen);
    json_int(writer, "tax_yen", record->tax_yen);
    if (strcmp(record->route, "cash") == 0) {
        json_int(writer, "received_yen", record->amount_yen); /* it lies in the drawer */
    } else if (received_yen >= 0) {
        json_int(writer, "received_yen", received_yen);
    } else {
        json_null(writer, "received_yen");
    }
    json_text(writer, "payer", assessment_payer_format(text, record->sale_count));
    json_text(writer, "due", "即納");
    json_text(writer, "payment_method", assessment_payment_method_format(text, record->route, record->route_name));
    json_text(writer, "summary", record->summary);
    write_warnings(writer, record, today);
    json_person(writer, "proposed_by", record->proposed_by, record->proposed_by_name);
    json_instant(writer, "proposed_at", record->proposed_at_ms);
    json_person(writer, "approved_by", record->approved_by, record->approved_by_name);
    json_instant(writer, "approved_at", record->approved_at_ms);
    if (record->export_id != 0) {
        json_begin_object(writer, "export");
        json_int(writer, "id", record->export_id);
        json_instant(writer, "at", record->exported_at_ms);
        json_end_object(writer);
    } else {
        json_null(writer, "export");
    }
    json_end_object(writer);
}
