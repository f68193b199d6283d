/* Barcodes of forms and slips: positions lie within the code, and no code fits two rules. */
#include "settlement/masters/validation.h"

#include <stdio.h>

/* A part of a code by positions from 1; `from` 0: it has none. */
struct part {
    int64_t from;
    int64_t length;
};

static bool
has(const struct json_value *row, const char *key)
{
    return !json_is_null(json_member(row, key));
}

/* Read part NAME ("amount"), checked against the code's LENGTH. */
static struct part
read_part(const struct json_value *row, const char *name, int64_t length, const struct field_report *report)
{
    struct part part = {0, 0};
    char from_key[32];
    char length_key[32];
    snprintf(from_key, sizeof from_key, "%s_from", name);
    snprintf(length_key, sizeof length_key, "%s_length", name);
    if (has(row, from_key) != has(row, length_key)) {
        field_refuse(report, has(row, from_key) ? length_key : from_key,
                     "開始桁と桁数は、両方書くか両方空にしてください。");
        return part;
    }
    int64_t from;
    int64_t size;
    if (!json_as_int(json_member(row, from_key), &from) || !json_as_int(json_member(row, length_key), &size)) {
        return part; /* absent, or refused as a member */
    }
    if (from + size - 1 > length) {
        field_refuse(report, length_key, "コードの桁数（%lld桁）からはみ出しています。", (long long)length);
        return part;
    }
    return (struct part){.from = from, .length = size};
}

static bool
parts_overlap(struct part a, struct part b)
{
    return a.from > 0 && b.from > 0 && a.from < b.from + b.length && b.from < a.from + a.length;
}

static void
check_parts(const struct json_value *row, int64_t length, const struct field_report *report)
{
    struct part item = read_part(row, "item", length, report);
    struct part amount = read_part(row, "amount", length, report);
    struct part reference = read_part(row, "reference", length, report);
    if (!has(row, "item") && !has(row, "item_from")) {
        field_refuse(report, "item", "品目を選ぶか、コードの中の品目の位置（開始桁と桁数）を書いてください。");
    } else if (has(row, "item") && has(row, "item_from")) {
        field_refuse(report, "item_from", "品目を選んだときは、品目の位置は書けません。どちらかを消してください。");
    }
    if (parts_overlap(item, amount)) {
        field_refuse(report, "amount_from", "品目の位置と金額の位置が重なっています。");
    }
    if (parts_overlap(amount, reference)) {
        field_refuse(report, "reference_from", "金額の位置と番号の位置が重なっています。");
    }
    bool has_check = strcmp(text_or(row, "check", "none"), "none") != 0;
    if (has_check && amount.from > 0 && amount.from + amount.length - 1 == length) {
        field_refuse(report, "amount_length", "最後の桁は検査数字です。金額に含めないでください。");
    }
    if (amount.length > 10) {
        field_refuse(report, "amount_length", "金額は10桁までです。");
    }
}

static bool
codes_collide(const struct json_value *a, const struct json_value *b)
{
    int64_t length_a;
    int64_t length_b;
    const char *prefix_a = text_or(a, "prefix", "");
    const char *prefix_b = text_or(b, "prefix", "");
    size_t shorter = strlen(prefix_a) < strlen(prefix_b) ? strlen(prefix_a) : strlen(prefix_b);
    return json_as_int(json_member(a, "length"), &length_a) && json_as_int(json_member(b, "length"), &length_b) &&
           length_a == length_b && strncmp(prefix_a, prefix_b, shorter) == 0;
}

void
check_scan_rules(const struct validation *validation)
{
    const struct row_index *table = rows_of_table(validation, "scan_rules");
    for (size_t i = 0; i < table->count; i++) {
        const struct json_value *row = table->rows[i].value;
        struct field_report report = row_report(validation, table, table->rows[i].index);
        int64_t length = 0;
        if (json_as_int(json_member(row, "length"), &length)) {
            check_parts(row, length, &report);
        }
        if (length > 0 && (int64_t)strlen(text_or(row, "prefix", "")) > length) {
            field_refuse(&report, "prefix", "コードの桁数より長くなっています。");
        }
        for (size_t k = 0; k < i; k++) {
            if (codes_collide(row, table->rows[k].value)) {
                field_refuse(
                    &report, "prefix",
                    "同じコードが「%.*s」の規則にも当てはまります。先頭の文字か桁数で区別できるようにしてください。",
                    SHOWN(table->rows[k].code));
                break;
            }
        }
    }
}
