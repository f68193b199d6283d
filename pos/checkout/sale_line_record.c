/* A line as the journal carries it. Members that say nothing are left out, as in the lines of tills that did not know
 * them, so that a plain line keeps the bytes it always had. */
#include "pos/checkout/sale_line_record.h"

#include <stdio.h>
#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])

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
write_pricing(const struct sale_content *content, const struct line_pricing *pricing, struct json_writer *writer)
{
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
write_changes_of_price(const struct sale_line *line, struct json_writer *writer)
{
    if (line->reduction.rule[0] != '\0') {
        json_begin_object(writer, "reduction");
        json_text(writer, "rule", line->reduction.rule);
        json_text(writer, "name", line->reduction.name);
        json_text(writer, "granter", line->reduction.granter);
        json_int(writer, "yen", line->reduction.yen);
        json_end_object(writer);
    }
    if (line->override.approved_by[0] != '\0') {
        json_begin_object(writer, "override");
        json_int(writer, "list_price_yen", line->override.list_price_yen);
        json_text(writer, "reason", line->override.reason);
        json_text(writer, "approved_by", line->override.approved_by);
        json_end_object(writer);
    }
}

void
sale_line_write(const struct sale_content *content, const struct sale_line *line, struct json_writer *writer)
{
    json_begin_object(writer, NULL);
    json_text(writer, "item", line->item);
    json_text(writer, "name", line->name);
    json_int(writer, "unit_price_yen", line->unit_price_yen);
    json_int(writer, "quantity", line->quantity);
    json_int(writer, "amount_yen", line->amount_yen);
    json_text(writer, "tax", tax_kind_word(line->tax));
    json_text(writer, "account", line->account);
    json_text(writer, "section", line->section);
    json_text(writer, "issuer", line->issuer);
    write_exemption(line, writer);
    if (line->facility[0] != '\0') {
        json_text(writer, "facility", line->facility);
    }
    write_changes_of_price(line, writer);
    if (line->pricing.tariff[0] != '\0') {
        write_pricing(content, &line->pricing, writer);
    }
    if (line->ticket[0] != '\0') {
        json_text(writer, "ticket", line->ticket);
    }
    json_end_object(writer);
}

enum status
unknown_word(const char *key, const char *word, struct error_detail *err)
{
    error_set(err, "wrong_member", "\"%s\" is \"%s\", which is not known", key, word);
    return STATUS_INVALID;
}

enum status
read_texts(const struct json_value *object, const struct text_member *members, size_t count, bool are_required,
           struct error_detail *err)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        const char *text;
        const size_t limit = members[i].size - 1;
        status = are_required ? json_get_text(object, members[i].key, limit, &text, err)
                              : json_get_text_or(object, members[i].key, limit, "", &text, err);
        if (status == STATUS_OK) {
            snprintf(members[i].out, members[i].size, "%s", text);
        }
    }
    return status;
}

static enum status
read_exemption(struct sale_line *line, const struct json_value *object, struct error_detail *err)
{
    const struct json_value *exemption = json_member(object, "exemption");
    const struct text_member texts[] = {
        {"rule", line->exemption.rule, CODE_SIZE},
        {"name", line->exemption.name, NAME_SIZE},
        {"reason", line->exemption.reason, REASON_SIZE},
    };
    line->is_exempted = !json_is_null(exemption);
    return line->is_exempted ? read_texts(exemption, texts, COUNT_OF(texts), true, err) : STATUS_OK;
}

static enum status
read_reduction(struct sale_line *line, const struct json_value *object, struct error_detail *err)
{
    const struct json_value *reduction = json_member(object, "reduction");
    const struct text_member texts[] = {
        {"rule", line->reduction.rule, CODE_SIZE},
        {"name", line->reduction.name, NAME_SIZE},
        {"granter", line->reduction.granter, NAME_SIZE},
    };
    if (json_is_null(reduction)) {
        return STATUS_OK;
    }
    enum status status = read_texts(reduction, texts, COUNT_OF(texts), true, err);
    return status == STATUS_OK ? json_get_int(reduction, "yen", 1, PAYMENT_MAX_YEN, &line->reduction.yen, err) : status;
}

static enum status
read_override(struct sale_line *line, const struct json_value *object, struct error_detail *err)
{
    const struct json_value *override = json_member(object, "override");
    const struct text_member texts[] = {
        {"reason", line->override.reason, REASON_SIZE},
        {"approved_by", line->override.approved_by, CODE_SIZE},
    };
    if (json_is_null(override)) {
        return STATUS_OK;
    }
    enum status status = read_texts(override, texts, COUNT_OF(texts), true, err);
    return status == STATUS_OK
               ? json_get_int(override, "list_price_yen", 0, PAYMENT_MAX_YEN, &line->override.list_price_yen, err)
               : status;
}

/* FACTS back into the bytes they are written as. */
static enum status
read_facts(struct line_pricing *pricing, const struct json_value *facts, struct error_detail *err)
{
    struct buffer text;
    buffer_init(&text, FACTS_SIZE);
    enum status status = json_write_canonical(facts, &text, err);
    if (status == STATUS_OK && text.length >= sizeof pricing->facts) {
        error_set(err, "facts_too_long", "\"facts\" is longer than %d bytes", FACTS_SIZE - 1);
        status = STATUS_OVERFLOW;
    }
    if (status == STATUS_OK) {
        memcpy(pricing->facts, text.data, text.length);
        pricing->facts[text.length] = '\0';
    }
    buffer_finish(&text);
    return status;
}

static enum status
read_rows(struct sale_content *content, const struct json_value *rows, struct error_detail *err)
{
    enum status status = STATUS_OK;
    for (const struct json_value *row = json_first(rows); row != NULL && status == STATUS_OK; row = json_next(row)) {
        const char *text;
        int64_t yen;
        status = json_get_text(row, "text", NAME_SIZE - 1, &text, err);
        if (status == STATUS_OK) {
            status = json_get_int(row, "yen", -PAYMENT_MAX_YEN, PAYMENT_MAX_YEN, &yen, err);
        }
        if (status == STATUS_OK) {
            status = sale_content_add_row(content, text, yen, err);
        }
    }
    return status;
}

static enum status
read_pricing(struct sale_content *content, struct sale_line *line, const struct json_value *object,
             struct error_detail *err)
{
    const struct json_value *pricing = json_member(object, "pricing");
    const struct json_value *facts, *rows;
    if (json_is_null(pricing)) {
        return STATUS_OK;
    }
    const struct text_member tariff = {"tariff", line->pricing.tariff, CODE_SIZE};
    enum status status = read_texts(pricing, &tariff, 1, true, err);
    if (status == STATUS_OK) {
        status = json_get_int(pricing, "set", 1, BASKET_LINES_MAX, &line->pricing.set, err);
    }
    if (status == STATUS_OK) {
        status = json_get_object(pricing, "facts", &facts, err);
    }
    if (status == STATUS_OK) {
        status = read_facts(&line->pricing, facts, err);
    }
    if (status == STATUS_OK) {
        status = json_get_array(pricing, "rows", &rows, err);
    }
    return status == STATUS_OK ? read_rows(content, rows, err) : status;
}

static enum status
read_price(struct sale_line *line, const struct json_value *object, struct error_detail *err)
{
    const char *tax;
    enum status status = json_get_int(object, "unit_price_yen", 0, PAYMENT_MAX_YEN, &line->unit_price_yen, err);
    if (status == STATUS_OK) {
        status = json_get_int(object, "quantity", 1, BASKET_QUANTITY_MAX, &line->quantity, err);
    }
    if (status == STATUS_OK) {
        status = json_get_int(object, "amount_yen", 0, PAYMENT_MAX_YEN, &line->amount_yen, err);
    }
    if (status == STATUS_OK) {
        status = json_get_text(object, "tax", CODE_SIZE, &tax, err);
    }
    if (status == STATUS_OK && !tax_kind_from_word(tax, &line->tax)) {
        status = unknown_word("tax", tax, err);
    }
    return status;
}

enum status
sale_line_read(struct sale_content *content, const struct json_value *object, struct error_detail *err)
{
    struct sale_line *line = &content->lines[content->line_count++];
    const struct text_member required[] = {
        {"item", line->item, CODE_SIZE},       {"name", line->name, NAME_SIZE},
        {"account", line->account, CODE_SIZE}, {"section", line->section, CODE_SIZE},
        {"issuer", line->issuer, CODE_SIZE},
    };
    const struct text_member optional[] = {
        {"facility", line->facility, CODE_SIZE},
        {"ticket", line->ticket, TICKET_SIZE},
    };
    enum status status = read_texts(object, required, COUNT_OF(required), true, err);
    if (status == STATUS_OK) {
        status = read_price(line, object, err);
    }
    if (status == STATUS_OK) {
        status = read_texts(object, optional, COUNT_OF(optional), false, err);
    }
    if (status == STATUS_OK) {
        status = read_exemption(line, object, err);
    }
    if (status == STATUS_OK) {
        status = read_reduction(line, object, err);
    }
    if (status == STATUS_OK) {
        status = read_override(line, object, err);
    }
    return status == STATUS_OK ? read_pricing(content, line, object, err) : status;
}
