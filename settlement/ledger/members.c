/* Members of a body, with the failure remembered. */
#include "settlement/ledger/effect_readers.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { COUNT_MAX = 1000000000 };

void
body_refuse(struct member_reader *reader, const char *code, const char *format, ...)
{
    if (reader->status != STATUS_OK) {
        return;
    }
    char message[ERROR_MESSAGE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    error_set(reader->err, code, "%s", message);
    reader->status = STATUS_INVALID;
}

void
body_text(struct member_reader *reader, const char *key, size_t max_bytes, const char **out)
{
    if (reader->status == STATUS_OK) {
        reader->status = json_get_text(reader->object, key, max_bytes, out, reader->err);
    }
}

void
body_text_or_none(struct member_reader *reader, const char *key, size_t max_bytes, const char **out)
{
    if (reader->status == STATUS_OK) {
        reader->status = json_get_text_or(reader->object, key, max_bytes, "", out, reader->err);
    }
}

void
body_id(struct member_reader *reader, const char *key, const char **out)
{
    body_text(reader, key, IDENTITY_TEXT_SIZE - 1, out);
    if (reader->status == STATUS_OK && !identity_is_valid(*out)) {
        body_refuse(reader, "wrong_body", "%sが識別番号(UUID)ではありません。", key);
    }
}

void
body_word(struct member_reader *reader, const char *key, const char *const *words, const char **out)
{
    body_text(reader, key, CODE_MAX_BYTES, out);
    if (reader->status != STATUS_OK) {
        return;
    }
    while (*words != NULL && strcmp(*words, *out) != 0) {
        words++;
    }
    if (*words == NULL) {
        body_refuse(reader, "wrong_body", "%sの値「%s」を知りません。", key, *out);
    }
}

void
body_yen(struct member_reader *reader, const char *key, int64_t minimum_yen, int64_t *out)
{
    if (reader->status == STATUS_OK) {
        reader->status = json_get_int(reader->object, key, minimum_yen, LINE_MAX_YEN, out, reader->err);
    }
}

void
body_sequence(struct member_reader *reader, const char *key, int64_t *out)
{
    if (reader->status == STATUS_OK) {
        reader->status = json_get_int(reader->object, key, 1, JOURNAL_SEQUENCE_MAX, out, reader->err);
    }
}

void
body_count(struct member_reader *reader, const char *key, int64_t *out)
{
    if (reader->status == STATUS_OK) {
        reader->status = json_get_int(reader->object, key, 0, COUNT_MAX, out, reader->err);
    }
}

void
body_instant_or_none(struct member_reader *reader, const char *key, int64_t *out_ms)
{
    const char *text = "";
    body_text_or_none(reader, key, INSTANT_TEXT_SIZE - 1, &text);
    *out_ms = 0;
    if (reader->status == STATUS_OK && text[0] != '\0' && instant_parse(out_ms, text, strlen(text)) != STATUS_OK) {
        body_refuse(reader, "wrong_body", "%sが時刻ではありません。", key);
    }
}

const struct json_value *
body_object_or_none(struct member_reader *reader, const char *key)
{
    const struct json_value *member = json_member(reader->object, key);
    if (reader->status != STATUS_OK || json_is_null(member)) {
        return NULL;
    }
    if (!json_is_object(member)) {
        body_refuse(reader, "wrong_body", "%sがオブジェクトではありません。", key);
        return NULL;
    }
    return member;
}

void
body_cash_part(struct member_reader *reader, int64_t *out_yen)
{
    int64_t tendered_yen = 0;
    int64_t change_yen = 0;
    const struct json_value *cash = body_object_or_none(reader, "cash");
    *out_yen = 0;
    if (cash == NULL) {
        return;
    }
    struct member_reader inner = {.object = cash, .err = reader->err};
    body_yen(&inner, "amount_yen", 1, out_yen);
    body_yen(&inner, "tendered_yen", 0, &tendered_yen);
    body_yen(&inner, "change_yen", 0, &change_yen);
    if (inner.status == STATUS_OK && tendered_yen - change_yen != *out_yen) {
        body_refuse(&inner, "wrong_sum", "預り%lld円からつり%lld円を引いた額が、現金分%lld円と一致しません。",
                    (long long)tendered_yen, (long long)change_yen, (long long)*out_yen);
    }
    reader->status = inner.status;
}

static bool
is_denomination(int64_t yen)
{
    static const int64_t denominations[] = {10000, 5000, 2000, 1000, 500, 100, 50, 10, 5, 1};
    for (size_t i = 0; i < sizeof denominations / sizeof denominations[0]; i++) {
        if (denominations[i] == yen) {
            return true;
        }
    }
    return false;
}

void
body_tally(struct member_reader *reader, struct cash_tally *out)
{
    enum { PIECES_MAX = 100000 /* a drawer holds some hundred of each */ };
    const struct json_value *list = json_member(reader->object, "counts");
    *out = (struct cash_tally){0};
    if (reader->status != STATUS_OK || json_is_null(list)) {
        return;
    }
    if (!json_is_array(list) || json_count(list) > DENOMINATIONS_MAX) {
        body_refuse(reader, "wrong_body", "金種の一覧が正しくありません。");
        return;
    }
    out->is_told = json_count(list) > 0;
    for (const struct json_value *row = json_first(list); row != NULL; row = json_next(row)) {
        struct member_reader inner = {.object = row, .err = reader->err};
        int64_t yen = 0;
        int64_t pieces = 0;
        body_yen(&inner, "yen", 1, &yen);
        body_count(&inner, "count", &pieces);
        bool is_smaller = out->count == 0 || yen < out->rows[out->count - 1].yen;
        if (inner.status == STATUS_OK && (!is_denomination(yen) || !is_smaller || pieces > PIECES_MAX)) {
            body_refuse(&inner, "wrong_body", "金種%lld円・%lld枚は正しくありません。", (long long)yen,
                        (long long)pieces);
        }
        if (inner.status != STATUS_OK) {
            reader->status = inner.status;
            return;
        }
        out->rows[out->count].yen = yen;
        out->rows[out->count++].pieces = pieces;
    }
}
