/* One line of a sale. Its amount must follow from what it says: unit price × quantity less the reduction, or 0円 under
 * an exemption; a price that was put in place of the list price names who allowed it; a tariff's rows explain the
 * amount to the yen. A line that says otherwise is not booked. */
#include "common/money/yen.h"
#include "settlement/ledger/effect_readers.h"

#include <string.h>

enum { QUANTITY_MAX = 100000, SETS_MAX = 1000 /* a line of 64 KiB holds fewer */ };

static const char *const tax_words[] = {"exempt", "standard10", NULL};

static void
read_exemption(struct sale_line_row *line, struct member_reader *reader)
{
    const struct json_value *exemption = body_object_or_none(reader, "exemption");
    line->exemption = line->exemption_name = line->exemption_reason = "";
    if (exemption == NULL) {
        return;
    }
    struct member_reader inner = {.object = exemption, .err = reader->err};
    body_text(&inner, "rule", CODE_MAX_BYTES, &line->exemption);
    body_text(&inner, "name", NAME_MAX_BYTES, &line->exemption_name);
    body_text(&inner, "reason", SENTENCE_MAX_BYTES, &line->exemption_reason);
    reader->status = inner.status;
}

static void
read_reduction(struct sale_line_row *line, struct member_reader *reader)
{
    const struct json_value *reduction = body_object_or_none(reader, "reduction");
    line->reduction = line->reduction_name = line->reduction_granter = "";
    line->reduction_yen = 0;
    if (reduction == NULL) {
        return;
    }
    struct member_reader inner = {.object = reduction, .err = reader->err};
    body_text(&inner, "rule", CODE_MAX_BYTES, &line->reduction);
    body_text(&inner, "name", NAME_MAX_BYTES, &line->reduction_name);
    body_text(&inner, "granter", NAME_MAX_BYTES, &line->reduction_granter);
    body_yen(&inner, "yen", 1, &line->reduction_yen);
    reader->status = inner.status;
}

static void
read_override(struct sale_line_row *line, struct member_reader *reader)
{
    const struct json_value *override = body_object_or_none(reader, "override");
    line->is_overridden = override != NULL;
    line->list_price_yen = 0;
    line->override_reason = line->override_by = "";
    if (override == NULL) {
        return;
    }
    struct member_reader inner = {.object = override, .err = reader->err};
    body_yen(&inner, "list_price_yen", 0, &line->list_price_yen);
    body_text(&inner, "reason", SENTENCE_MAX_BYTES, &line->override_reason);
    body_text_or_none(&inner, "approved_by", CODE_MAX_BYTES, &line->override_by);
    if (inner.status == STATUS_OK && line->override_by[0] == '\0') {
        body_refuse(&inner, "override_unapproved", "「%s」の単価が変更されていますが、承認者がありません。",
                    line->name);
    }
    reader->status = inner.status;
}

/* The rows of the explanation must come to EXPLAINED_YEN. */
static enum status
check_rows(const struct sale_line_row *line, const struct json_value *pricing, int64_t explained_yen,
           struct error_detail *err)
{
    const struct json_value *rows = NULL;
    const char *text;
    int64_t sum_yen = 0;
    enum status status = json_get_array(pricing, "rows", &rows, err);
    for (const struct json_value *row = json_first(rows); row != NULL && status == STATUS_OK; row = json_next(row)) {
        int64_t yen = 0;
        struct member_reader reader = {.object = row, .err = err};
        body_text(&reader, "text", SENTENCE_MAX_BYTES, &text);
        body_yen(&reader, "yen", -LINE_MAX_YEN, &yen);
        status = reader.status == STATUS_OK ? yen_add(&sum_yen, sum_yen, yen) : reader.status;
    }
    if (status == STATUS_OK && sum_yen != explained_yen) {
        error_set(err, "wrong_sum", "「%s」の料金の内訳の合計%lld円が、金額%lld円と一致しません。", line->name,
                  (long long)sum_yen, (long long)explained_yen);
        return STATUS_INVALID;
    }
    return status;
}

static void
read_pricing(struct sale_line_row *line, struct member_reader *reader, int64_t explained_yen)
{
    const struct json_value *pricing = body_object_or_none(reader, "pricing");
    line->tariff = "";
    if (pricing == NULL) {
        return;
    }
    int64_t set;
    struct member_reader inner = {.object = pricing, .err = reader->err};
    body_text(&inner, "tariff", CODE_MAX_BYTES, &line->tariff);
    if (inner.status == STATUS_OK) {
        inner.status = json_get_int(pricing, "set", 1, SETS_MAX, &set, reader->err);
    }
    reader->status = inner.status == STATUS_OK ? check_rows(line, pricing, explained_yen, reader->err) : inner.status;
}

/* What LINE comes to before an exemption. */
static int64_t
check_amount(const struct sale_line_row *line, struct member_reader *reader)
{
    int64_t full_yen = 0;
    if (reader->status != STATUS_OK) {
        return 0;
    }
    if (line->quantity < 1 || line->quantity > QUANTITY_MAX ||
        yen_multiply(&full_yen, line->unit_price_yen, line->quantity) != STATUS_OK) {
        body_refuse(reader, "wrong_sum", "数量または金額が範囲の外です。");
        return 0;
    }
    if (line->reduction_yen > full_yen) {
        body_refuse(reader, "reduction_too_large", "「%s」の減免額%lld円が、単価×数量の%lld円を超えています。",
                    line->name, (long long)line->reduction_yen, (long long)full_yen);
        return 0;
    }
    int64_t due_yen = full_yen - line->reduction_yen;
    bool is_exempted = line->exemption[0] != '\0';
    if (line->amount_yen != (is_exempted ? 0 : due_yen)) {
        body_refuse(reader, "wrong_sum", "「%s」の金額%lld円が、単価×数量から減免・免除を引いた%lld円と一致しません。",
                    line->name, (long long)line->amount_yen, (long long)(is_exempted ? 0 : due_yen));
    }
    return due_yen;
}

enum status
effect_read_sale_line(struct sale_line_row *line, const struct json_value *object, struct error_detail *err)
{
    struct member_reader reader = {.object = object, .err = err};
    body_text(&reader, "item", CODE_MAX_BYTES, &line->item);
    body_text(&reader, "name", NAME_MAX_BYTES, &line->name);
    body_yen(&reader, "unit_price_yen", 0, &line->unit_price_yen);
    body_count(&reader, "quantity", &line->quantity);
    body_yen(&reader, "amount_yen", 0, &line->amount_yen);
    body_word(&reader, "tax", tax_words, &line->tax);
    body_text(&reader, "account", CODE_MAX_BYTES, &line->account);
    body_text(&reader, "section", CODE_MAX_BYTES, &line->section);
    body_text(&reader, "issuer", CODE_MAX_BYTES, &line->issuer);
    read_exemption(line, &reader);
    body_text_or_none(&reader, "facility", CODE_MAX_BYTES, &line->facility);
    read_reduction(line, &reader);
    read_override(line, &reader);
    body_text_or_none(&reader, "ticket", REFERENCE_MAX_BYTES, &line->ticket);
    int64_t due_yen = check_amount(line, &reader);
    read_pricing(line, &reader, due_yen);
    return reader.status;
}
