/* Bodies about the till itself and its drawer. */
#include "settlement/ledger/effect_readers.h"

#include <stdlib.h>

static const char *const method_words[] = {"cash", "qr", "emoney", "credit", "none", NULL};

enum status
effect_read_enrolled(struct effect *effect, const struct json_value *body, struct error_detail *err)
{
    struct member_reader reader = {.object = body, .err = err};
    body_text(&reader, "municipality", MUNICIPALITY_CODE_SIZE - 1, &effect->enrolled.municipality);
    body_text(&reader, "terminal", TERMINAL_ID_SIZE - 1, &effect->enrolled.terminal);
    body_text(&reader, "place", CODE_MAX_BYTES, &effect->enrolled.place);
    return reader.status;
}

enum status
effect_read_masters_applied(struct effect *effect, const struct json_value *body, struct error_detail *err)
{
    return json_get_int(body, "version", 1, INT64_C(1) << 53, &effect->masters_version, err);
}

enum status
effect_read_day_opened(struct effect *effect, const struct json_value *body, struct error_detail *err)
{
    struct member_reader reader = {.object = body, .err = err};
    body_id(&reader, "day", &effect->day_opened.day);
    body_text(&reader, "clerk", CODE_MAX_BYTES, &effect->day_opened.clerk);
    body_yen(&reader, "float_yen", 0, &effect->day_opened.float_yen);
    return reader.status;
}

static enum status
read_totals(struct day_closed_effect *closed, const struct json_value *body, struct error_detail *err)
{
    const struct json_value *list;
    enum status status = json_get_array(body, "totals", &list, err);
    if (status != STATUS_OK) {
        return status;
    }
    closed->totals = calloc(json_count(list) + 1, sizeof *closed->totals);
    if (closed->totals == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    for (const struct json_value *row = json_first(list); row != NULL && status == STATUS_OK; row = json_next(row)) {
        struct day_total *total = &closed->totals[closed->total_count++];
        struct member_reader reader = {.object = row, .err = err};
        body_word(&reader, "method", method_words, &total->method);
        body_text_or_none(&reader, "brand", CODE_MAX_BYTES, &total->brand);
        body_count(&reader, "count", &total->count);
        body_yen(&reader, "amount_yen", 0, &total->amount_yen);
        body_count(&reader, "void_count", &total->void_count);
        body_yen(&reader, "void_yen", 0, &total->void_yen);
        status = reader.status;
    }
    return status;
}

/* What tills say that know cash control. A till that moved nothing may leave a member out. */
static enum status
read_till_cash(struct day_closed_effect *closed, const struct json_value *body, struct error_detail *err)
{
    struct till_cash *said = &closed->said;
    struct {
        const char *key;
        int64_t least;
        int64_t *out;
        int64_t fallback;
    } members[] = {
        {"number", 1, &said->number, 0},
        {"cash_in_yen", 0, &said->cash_in_yen, 0},
        {"cash_out_yen", 0, &said->cash_out_yen, 0},
        {"refund_cash_yen", 0, &said->refund_cash_yen, 0},
        {"float_returned_yen", 0, &said->float_returned_yen, 0},
        {"deposit_yen", -LINE_MAX_YEN, &said->deposit_yen, closed->counted_cash_yen - closed->float_yen},
    };
    said->float_yen = closed->float_yen;
    struct member_reader reader = {.object = body, .err = err};
    for (size_t i = 0; i < sizeof members / sizeof members[0] && reader.status == STATUS_OK; i++) {
        reader.status = json_get_int_or(body, members[i].key, members[i].least, LINE_MAX_YEN, members[i].fallback,
                                        members[i].out, err);
    }
    body_tally(&reader, &closed->counted);
    if (reader.status == STATUS_OK && closed->counted.is_told &&
        cash_tally_sum(&closed->counted) != closed->counted_cash_yen) {
        body_refuse(&reader, "wrong_sum", "金種の合計%lld円が、数えた現金%lld円と一致しません。",
                    (long long)cash_tally_sum(&closed->counted), (long long)closed->counted_cash_yen);
    }
    if (reader.status == STATUS_OK && said->deposit_yen != closed->counted_cash_yen - closed->float_yen) {
        body_refuse(&reader, "wrong_sum", "払込額%lld円が、数えた現金からつり銭を引いた%lld円と一致しません。",
                    (long long)said->deposit_yen, (long long)(closed->counted_cash_yen - closed->float_yen));
    }
    if (reader.status == STATUS_OK && said->float_returned_yen > closed->float_yen) {
        body_refuse(&reader, "wrong_sum", "返したつり銭%lld円が、預かったつり銭%lld円を超えています。",
                    (long long)said->float_returned_yen, (long long)closed->float_yen);
    }
    return reader.status;
}

enum status
effect_read_day_closed(struct effect *effect, const struct json_value *body, struct error_detail *err)
{
    struct day_closed_effect *closed = &effect->day_closed;
    struct member_reader reader = {.object = body, .err = err};
    body_id(&reader, "day", &closed->day);
    body_text(&reader, "clerk", CODE_MAX_BYTES, &closed->clerk);
    int64_t first_sequence;
    int64_t last_sequence;
    body_sequence(&reader, "first_sequence", &first_sequence);
    body_sequence(&reader, "last_sequence", &last_sequence);
    body_yen(&reader, "float_yen", 0, &closed->float_yen);
    body_yen(&reader, "expected_cash_yen", -LINE_MAX_YEN, &closed->expected_cash_yen);
    body_yen(&reader, "counted_cash_yen", 0, &closed->counted_cash_yen);
    body_yen(&reader, "difference_yen", -LINE_MAX_YEN, &closed->difference_yen);
    body_text_or_none(&reader, "difference_reason", SENTENCE_MAX_BYTES, &closed->difference_reason);
    body_count(&reader, "zero_count", &closed->zero_count);
    if (reader.status == STATUS_OK && closed->difference_yen != closed->counted_cash_yen - closed->expected_cash_yen) {
        body_refuse(&reader, "wrong_sum", "過不足が、数えた現金と計算上の現金の差と一致しません。");
    }
    if (reader.status == STATUS_OK) {
        reader.status = read_till_cash(closed, body, err);
    }
    return reader.status == STATUS_OK ? read_totals(closed, body, err) : reader.status;
}

enum status
effect_read_drawer_opened(struct effect *effect, const struct json_value *body, struct error_detail *err)
{
    struct member_reader reader = {.object = body, .err = err};
    body_text(&reader, "clerk", CODE_MAX_BYTES, &effect->drawer.clerk);
    body_text(&reader, "reason", CODE_MAX_BYTES, &effect->drawer.reason);
    body_text_or_none(&reader, "note", SENTENCE_MAX_BYTES, &effect->drawer.note);
    return reader.status;
}
