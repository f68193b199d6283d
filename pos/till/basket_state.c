/* The basket as the screen shows it (docs/protocol/till-http.md). */
#include "pos/till/till_parts.h"

#include <string.h>

static const char *
or_null(const char *text)
{
    return text[0] != '\0' ? text : NULL;
}

static void
write_exemption(const struct sale_line *line, struct json_writer *writer)
{
    if (!line->is_exempted) {
        json_null(writer, "exemption");
        return;
    }
    json_begin_object(writer, "exemption");
    json_text(writer, "rule", line->exemption.rule);
    json_text(writer, "name", line->exemption.name);
    json_text(writer, "reason", line->exemption.reason);
    json_end_object(writer);
}

static void
write_reduction(const struct sale_line *line, struct json_writer *writer)
{
    if (line->reduction.rule[0] == '\0') {
        json_null(writer, "reduction");
        return;
    }
    json_begin_object(writer, "reduction");
    json_text(writer, "rule", line->reduction.rule);
    json_text(writer, "name", line->reduction.name);
    json_text(writer, "granter", line->reduction.granter);
    json_int(writer, "yen", line->reduction.yen);
    json_end_object(writer);
}

static void
write_override(const struct till *till, const struct sale_line *line, struct json_writer *writer)
{
    if (line->override.approved_by[0] == '\0') {
        json_null(writer, "override");
        return;
    }
    json_begin_object(writer, "override");
    json_int(writer, "list_price_yen", line->override.list_price_yen);
    json_text(writer, "reason", line->override.reason);
    json_text(writer, "approved_by", line->override.approved_by);
    json_text(writer, "approved_by_name",
              till->masters != NULL ? masters_clerk_name(till->masters, line->override.approved_by)
                                    : line->override.approved_by);
    json_end_object(writer);
}

static void
write_pricing(const struct sale_content *content, const struct sale_line *line, struct json_writer *writer)
{
    const struct line_pricing *pricing = &line->pricing;
    if (pricing->tariff[0] == '\0') {
        json_null(writer, "pricing");
        return;
    }
    json_begin_object(writer, "pricing");
    json_text(writer, "tariff", pricing->tariff);
    json_int(writer, "set", pricing->set);
    json_raw(writer, "facts", pricing->facts, strlen(pricing->facts));
    json_begin_array(writer, "rows");
    for (size_t i = 0; i < pricing->row_count; i++) {
        const struct pricing_row *row = &content->rows[pricing->first_row + i];
        json_begin_object(writer, NULL);
        json_text(writer, "text", row->text);
        json_int(writer, "yen", row->yen);
        json_end_object(writer);
    }
    json_end_array(writer);
    json_end_object(writer);
}

static void
write_line(const struct till *till, size_t index, struct json_writer *writer)
{
    const struct sale_content *content = &till->basket.content;
    const struct sale_line *line = &content->lines[index];
    json_begin_object(writer, NULL);
    json_int(writer, "line", (int64_t)index + 1);
    json_text(writer, "item", line->item);
    json_text(writer, "name", line->name);
    json_int(writer, "unit_price_yen", line->unit_price_yen);
    json_int(writer, "quantity", line->quantity);
    json_int(writer, "amount_yen", line->amount_yen);
    json_text(writer, "tax", tax_kind_word(line->tax));
    write_exemption(line, writer);
    json_text(writer, "facility", or_null(line->facility));
    write_reduction(line, writer);
    write_override(till, line, writer);
    write_pricing(content, line, writer);
    json_text(writer, "ticket", or_null(line->ticket));
    json_bool(writer, "can_override",
              till->masters != NULL && line->pricing.tariff[0] == '\0' && line->ticket[0] == '\0' &&
                  policy_of_line(till, line, till_business_date(till))->allows_price_override);
    json_end_object(writer);
}

void
basket_write(struct till *till, struct json_writer *writer)
{
    const struct sale_content *content = &till->basket.content;
    json_begin_object(writer, "basket");
    json_text(writer, "id", till->basket.id);
    json_begin_array(writer, "lines");
    for (size_t i = 0; i < content->line_count; i++) {
        write_line(till, i, writer);
    }
    json_end_array(writer);
    json_int(writer, "count", basket_count(&till->basket));
    json_int(writer, "total_yen", content->total_yen);
    if (content->reference.kind[0] != '\0') {
        json_begin_object(writer, "reference");
        json_text(writer, "kind", content->reference.kind);
        json_text(writer, "number", content->reference.number);
        json_end_object(writer);
    } else {
        json_null(writer, "reference");
    }
    policy_write(till, writer);
    json_end_object(writer);
}
