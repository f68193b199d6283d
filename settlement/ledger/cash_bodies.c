/* Bodies about cash without a sale: つり銭, 入出金, counts, hand-overs, 点検. */
#include "settlement/ledger/effect_readers.h"

#include <string.h>

static void
read_movement(struct member_reader *reader, struct cash_moved_effect *moved, const char *const words[3],
              const char *const kinds[2])
{
    const char *direction = words[0];
    body_id(reader, "day", &moved->day);
    body_word(reader, "direction", words, &direction);
    body_yen(reader, "amount_yen", 1, &moved->amount_yen);
    body_text(reader, "clerk", CODE_MAX_BYTES, &moved->clerk);
    moved->kind = strcmp(direction, words[0]) == 0 ? kinds[0] : kinds[1];
}

enum status
effect_read_float_moved(struct effect *effect, const struct json_value *body, struct error_detail *err)
{
    static const char *const words[] = {"lent", "returned", NULL};
    static const char *const kinds[] = {"float_lent", "float_returned"};
    struct cash_moved_effect *moved = &effect->cash_moved;
    struct member_reader reader = {.object = body, .err = err};
    read_movement(&reader, moved, words, kinds);
    body_text_or_none(&reader, "reason", SENTENCE_MAX_BYTES, &moved->reason);
    body_tally(&reader, &moved->counted);
    moved->approved_by = "";
    if (reader.status == STATUS_OK && moved->counted.is_told && cash_tally_sum(&moved->counted) != moved->amount_yen) {
        body_refuse(&reader, "wrong_sum", "金種の合計%lld円が、つり銭の額%lld円と一致しません。",
                    (long long)cash_tally_sum(&moved->counted), (long long)moved->amount_yen);
    }
    return reader.status;
}

enum status
effect_read_cash_moved(struct effect *effect, const struct json_value *body, struct error_detail *err)
{
    static const char *const words[] = {"in", "out", NULL};
    static const char *const kinds[] = {"cash_in", "cash_out"};
    struct cash_moved_effect *moved = &effect->cash_moved;
    struct member_reader reader = {.object = body, .err = err};
    read_movement(&reader, moved, words, kinds);
    body_text(&reader, "reason", SENTENCE_MAX_BYTES, &moved->reason);
    body_text_or_none(&reader, "approved_by", CODE_MAX_BYTES, &moved->approved_by);
    return reader.status;
}

enum status
effect_read_cash_counted(struct effect *effect, const struct json_value *body, struct error_detail *err)
{
    static const char *const words[] = {"open", "inspection", "handover", "close", NULL};
    struct cash_counted_effect *counted = &effect->cash_counted;
    struct member_reader reader = {.object = body, .err = err};
    body_id(&reader, "day", &counted->day);
    body_word(&reader, "purpose", words, &counted->purpose);
    body_text(&reader, "clerk", CODE_MAX_BYTES, &counted->clerk);
    body_tally(&reader, &counted->counted);
    body_yen(&reader, "total_yen", 0, &counted->total_yen);
    if (reader.status == STATUS_OK && counted->counted.is_told &&
        cash_tally_sum(&counted->counted) != counted->total_yen) {
        body_refuse(&reader, "wrong_sum", "金種の合計%lld円が、数えた現金%lld円と一致しません。",
                    (long long)cash_tally_sum(&counted->counted), (long long)counted->total_yen);
    }
    return reader.status;
}

enum status
effect_read_shift(struct effect *effect, const struct json_value *body, struct error_detail *err)
{
    struct shift_effect *shift = &effect->shift;
    struct member_reader reader = {.object = body, .err = err};
    body_id(&reader, "day", &shift->day);
    body_text(&reader, "from", CODE_MAX_BYTES, &shift->from);
    body_text(&reader, "to", CODE_MAX_BYTES, &shift->to);
    body_yen(&reader, "counted_cash_yen", 0, &shift->counted_cash_yen);
    body_yen(&reader, "expected_cash_yen", -LINE_MAX_YEN, &shift->expected_cash_yen);
    body_yen(&reader, "difference_yen", -LINE_MAX_YEN, &shift->difference_yen);
    body_text_or_none(&reader, "difference_reason", SENTENCE_MAX_BYTES, &shift->difference_reason);
    if (reader.status == STATUS_OK && shift->difference_yen != shift->counted_cash_yen - shift->expected_cash_yen) {
        body_refuse(&reader, "wrong_sum", "過不足が、数えた現金と計算上の現金の差と一致しません。");
    }
    return reader.status;
}

enum status
effect_read_day_inspected(struct effect *effect, const struct json_value *body, struct error_detail *err)
{
    struct day_inspected_effect *inspected = &effect->inspected;
    struct member_reader reader = {.object = body, .err = err};
    int64_t first_sequence;
    int64_t last_sequence;
    body_id(&reader, "day", &inspected->day);
    body_text(&reader, "clerk", CODE_MAX_BYTES, &inspected->clerk);
    body_count(&reader, "number", &inspected->number);
    body_sequence(&reader, "first_sequence", &first_sequence);
    body_sequence(&reader, "last_sequence", &last_sequence);
    body_yen(&reader, "float_yen", 0, &inspected->float_yen);
    body_yen(&reader, "cash_in_yen", 0, &inspected->cash_in_yen);
    body_yen(&reader, "cash_out_yen", 0, &inspected->cash_out_yen);
    body_yen(&reader, "expected_cash_yen", -LINE_MAX_YEN, &inspected->expected_cash_yen);
    body_count(&reader, "zero_count", &inspected->zero_count);
    return reader.status;
}
