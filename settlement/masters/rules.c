/* Rules that no single member shows. Each is a function over the rows of one table; all that it needs of other tables
 * it looks up by code. */
#include "common/clock/civil.h"
#include "common/papers/papers.h"
#include "common/tariff/tariff.h"
#include "settlement/masters/validation.h"
#include "settlement/statements/kana.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef void (*row_rule)(const struct validation *validation, const struct indexed_row *row,
                         const struct field_report *report);

static void
each_row(const struct validation *validation, const char *key, row_rule rule)
{
    const struct row_index *table = rows_of_table(validation, key);
    for (size_t i = 0; i < table->count; i++) {
        struct field_report report = row_report(validation, table, table->rows[i].index);
        rule(validation, &table->rows[i], &report);
    }
}

static bool
has(const struct json_value *row, const char *key)
{
    return !json_is_null(json_member(row, key));
}

static bool
is_word(const struct json_value *row, const char *key, const char *word)
{
    return strcmp(text_or(row, key, ""), word) == 0;
}

/* The first day of [FROM, TO] that none of the COUNT rows (sorted by day, not overlapping) covers; "" when there is
 * none, or when the days are no days (said elsewhere). */
static void
first_gap(const struct indexed_row *rows, size_t count, const char *from, const char *to,
          char out[CIVIL_DATE_TEXT_SIZE])
{
    struct civil_date day;
    out[0] = '\0';
    if (civil_date_parse(&day, from, strlen(from)) != STATUS_OK) {
        return;
    }
    char at[CIVIL_DATE_TEXT_SIZE];
    civil_date_format(at, day);
    for (size_t i = 0; i < count && strcmp(at, to) <= 0; i++) {
        if (strcmp(rows[i].to, at) < 0) {
            continue;
        }
        if (strcmp(rows[i].from, at) > 0) {
            break;
        }
        if (civil_date_parse(&day, rows[i].to, strlen(rows[i].to)) != STATUS_OK) {
            return; /* no end */
        }
        civil_date_format(at, civil_date_add_days(day, 1));
    }
    if (strcmp(at, to) <= 0) {
        memcpy(out, at, sizeof at);
    }
}

/* An item points to a tariff or a facility that exists on its days. A gap may be meant (next year's tariff is not
 * decided yet), so it is a warning; no common day at all is a mistake. */
static void
check_days_of(const struct validation *validation, const struct indexed_row *row, const char *member, const char *table,
              const struct field_report *report)
{
    size_t count;
    const char *code = text_or(row->value, member, "");
    const struct indexed_row *others = rows_of_code(validation, table, code, &count);
    bool has_common_day = false;
    for (size_t i = 0; i < count; i++) {
        has_common_day =
            has_common_day || (strcmp(others[i].from, row->to) <= 0 && strcmp(row->from, others[i].to) <= 0);
    }
    char gap[CIVIL_DATE_TEXT_SIZE];
    if (count > 0 && !has_common_day) {
        field_refuse(report, member, "「%.*s」は、この行の期間には一日も適用されません。期間を合わせてください。",
                     SHOWN(code));
        return;
    }
    first_gap(others, count, row->from, row->to, gap);
    if (count > 0 && gap[0] != '\0') {
        field_warn(report, member, "%sには「%.*s」がなく、その日は売れません。次の期間の行を加えてください。", gap,
                   SHOWN(code));
    }
}

static void
check_item(const struct validation *validation, const struct indexed_row *row, const struct field_report *report)
{
    bool has_price = has(row->value, "price_yen");
    bool has_tariff = has(row->value, "tariff");
    if (!has_price && !has_tariff) {
        field_refuse(report, "price_yen", "単価か料金表のどちらかが必要です。");
    } else if (has_price && has_tariff) {
        field_refuse(report, "tariff", "単価と料金表は両方は書けません。どちらかを消してください。");
    }
    if (has_tariff) {
        check_days_of(validation, row, "tariff", "tariffs", report);
    }
    if (has(row->value, "facility")) {
        check_days_of(validation, row, "facility", "facilities", report);
    }
}

static void
check_facility(const struct validation *validation, const struct indexed_row *row, const struct field_report *report)
{
    (void)validation;
    if (is_word(row->value, "revenue", "operator_fee") && text_or(row->value, "operator", "")[0] == '\0') {
        field_refuse(report, "operator", "利用料金の施設には、指定管理者の名称が必要です。");
    }
}

static void
check_rates(const struct json_value *rates, const struct field_report *report)
{
    size_t index = 0;
    for (const struct json_value *rate = json_first(rates); rate != NULL; rate = json_next(rate), index++) {
        char member[REMARK_MEMBER_SIZE];
        const char *part = text_or(rate, "part", "");
        if (has(rate, "percent") == has(rate, "yen")) {
            snprintf(member, sizeof member, "rates[%zu].percent", index);
            field_refuse(report, member, "減免率か減免額の、どちらか一つを書いてください。");
        }
        for (const struct json_value *before = json_first(rates); before != rate; before = json_next(before)) {
            if (part[0] != '\0' && is_word(before, "part", part)) {
                snprintf(member, sizeof member, "rates[%zu].part", index);
                field_refuse(report, member, "「%.*s」が二度書かれています。", SHOWN(part));
            }
        }
    }
}

/* Say what the tariff engine said: "member: sentence". */
static void
report_engine(const struct field_report *report, const char *fallback, const struct error_detail *err)
{
    char member[REMARK_MEMBER_SIZE];
    size_t length = strcspn(err->message, ":");
    bool is_path = err->message[length] == ':' && err->message[length + 1] == ' ' && length < sizeof member &&
                   strspn(err->message, "abcdefghijklmnopqrstuvwxyz0123456789_.[]") == length;
    snprintf(member, sizeof member, "%.*s", is_path ? (int)length : 0, err->message);
    field_refuse(report, is_path ? member : fallback, "%s", err->message + (is_path ? length + 2 : 0));
}

static void
check_reduction(const struct validation *validation, const struct indexed_row *row, const struct field_report *report)
{
    const struct json_value *granters = json_member(row->value, "granters");
    size_t errors_before = report->remarks->error_count;
    if (json_is_array(granters) && json_count(granters) == 0) {
        field_refuse(report, "granters", "減免を決める所属を、少なくとも一つ書いてください。");
    }
    check_rates(json_member(row->value, "rates"), report);
    struct tariff_reduction *reduction = NULL;
    struct error_detail err;
    bool is_wrong = row->is_wrong || report->remarks->error_count > errors_before;
    enum status status = is_wrong ? STATUS_OK : tariff_reduction_read(&reduction, row->value, &err);
    tariff_reduction_destroy(reduction);
    if (status == STATUS_NO_MEMORY) {
        validation->remarks->has_failed = true;
    } else if (status != STATUS_OK) {
        report_engine(report, "rates", &err);
    }
}

static void
check_policy(const struct validation *validation, const struct indexed_row *row, const struct field_report *report)
{
    (void)validation;
    size_t means = json_count(json_member(row->value, "refund_means"));
    if (is_word(row->value, "refund", "later") && means == 0) {
        field_refuse(report, "refund_means", "後日も還付するなら、還付の方法を少なくとも一つ選んでください。");
    } else if (!is_word(row->value, "refund", "later") && means > 0) {
        field_warn(report, "refund_means", "後日の還付をしない方針なので、還付の方法は使われません。");
    }
    bool is_mixed = false;
    bool takes_cash = false;
    for (const struct json_value *method = json_first(json_member(row->value, "methods")); method != NULL;
         method = json_next(method)) {
        const char *word;
        takes_cash = takes_cash || (json_as_text(method, &word) && strcmp(word, "cash") == 0);
    }
    if (json_get_bool_or(row->value, "mixed_payment", false, &is_mixed, NULL) == STATUS_OK && is_mixed &&
        (!takes_cash || json_count(json_member(row->value, "methods")) < 2)) {
        field_refuse(report, "mixed_payment", "現金との併用には、支払方法に現金とほかの方法の両方が必要です。");
    }
}

/* Numbers of a bank are digits, and its names what a bank's file may hold: seen here, not on the day of a transfer. */
static void
check_transfer_account(const struct validation *validation, const struct indexed_row *row,
                       const struct field_report *report)
{
    static const char *const numbers[] = {"consignor_code", "bank", "branch", "account_number"};
    static const char *const names[] = {"consignor_kana", "bank_kana", "branch_kana"};
    static const size_t widths[] = {40, 15, 15} /* of 全銀's 総合振込 record */;
    (void)validation;
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        const char *text = "";
        if (json_as_text(json_member(row->value, numbers[i]), &text) && text[strspn(text, "0123456789")] != '\0') {
            field_refuse(report, numbers[i], "数字だけで入れてください。");
        }
    }
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *text = "";
        size_t length = 0;
        if (!json_as_text(json_member(row->value, names[i]), &text)) {
            continue;
        }
        if (bank_kana_fault(text, &length) != NULL) {
            field_refuse(report, names[i], "半角カナ、英大文字、数字と ()-./ だけで入れてください。");
        } else if (length > widths[i]) {
            field_refuse(report, names[i], "濁点も1文字として、銀行の形式に入る長さにしてください。");
        }
    }
}

static void
check_tariff(const struct validation *validation, const struct indexed_row *row, const struct field_report *report)
{
    struct tariff *tariff = NULL;
    struct error_detail err;
    enum status status = row->is_wrong ? STATUS_OK : tariff_read(&tariff, row->value, &err);
    tariff_destroy(tariff);
    if (status == STATUS_NO_MEMORY) {
        validation->remarks->has_failed = true;
    } else if (status != STATUS_OK) {
        report_engine(report, "form", &err);
    }
}

static void
check_template(const struct validation *validation, const struct indexed_row *row, const struct field_report *report)
{
    struct receiptline_template *template = NULL;
    enum papers_form form;
    struct error_detail err;
    int64_t columns;
    if (papers_form_from_word(text_or(row->value, "form", ""), &form)) {
        const char *markup = text_or(row->value, "markup", "");
        enum status status = papers_compile(&template, form, markup, strlen(markup), &err);
        receiptline_destroy(template);
        if (status == STATUS_NO_MEMORY) {
            validation->remarks->has_failed = true;
        } else if (status != STATUS_OK) {
            field_refuse(report, "markup", "%s", err.message);
        }
    }
    if (json_as_int(json_member(row->value, "columns"), &columns) && columns != 32 && columns != 42 && columns != 48) {
        field_refuse(report, "columns", "桁数は 32、42、48 のどれかです。すべての桁数に使う様式では空にしてください。");
    }
}

/* Money does not come before its period is closed, and a rate needs to say what becomes of a fraction of a yen. */
static void
check_terms(const struct validation *validation, const struct indexed_row *row, const struct field_report *report)
{
    (void)validation;
    enum { MONTH_END = 31 };
    int64_t pay_after = 0;
    int64_t closing_day = MONTH_END;
    int64_t pay_day = MONTH_END;
    (void)json_as_int(json_member(row->value, "pay_after"), &pay_after);
    (void)json_as_int(json_member(row->value, "closing_day"), &closing_day);
    (void)json_as_int(json_member(row->value, "pay_day"), &pay_day);
    if (is_word(row->value, "closing", "monthly") && pay_after == 0 && pay_day < closing_day) {
        field_refuse(report, "pay_day", "入金日が締め日より前です。翌月の入金なら「入金まで」を 1 にしてください。");
    }
    if (has(row->value, "fee_rate") && (!has(row->value, "fee_rounding") || !has(row->value, "fee_unit"))) {
        field_refuse(report, has(row->value, "fee_rounding") ? "fee_unit" : "fee_rounding",
                     "手数料率を書くときは、端数と計算の単位も選んでください。");
    }
}

static void
check_bank_holiday(const struct validation *validation, const struct indexed_row *row,
                   const struct field_report *report)
{
    (void)validation;
    struct civil_date day;
    const char *code = text_or(row->value, "code", "");
    if (civil_date_parse(&day, code, strlen(code)) != STATUS_OK) {
        field_refuse(report, "code", "「%.*s」は日付ではありません。2026-11-23 のように書いてください。", SHOWN(code));
    }
}

/* One drawer per terminal: a till that could open two would mix their cash. */
static void
check_drawers(const struct validation *validation)
{
    const struct row_index *table = rows_of_table(validation, "drawers");
    for (size_t i = 0; i < table->count; i++) {
        const char *terminal = text_or(table->rows[i].value, "terminal", "");
        for (size_t k = 0; k < i; k++) {
            if (terminal[0] != '\0' && is_word(table->rows[k].value, "terminal", terminal)) {
                struct field_report report = row_report(validation, table, table->rows[i].index);
                field_refuse(&report, "terminal",
                             "端末「%.*s」はドロア「%.*s」のものです。一つの端末に一つのドロアにしてください。",
                             SHOWN(terminal), SHOWN(table->rows[k].code));
                break;
            }
        }
    }
}

static bool
list_has(const struct json_value *list, const char *text)
{
    const char *other;
    for (const struct json_value *item = json_first(list); item != NULL; item = json_next(item)) {
        if (json_as_text(item, &other) && strcmp(other, text) == 0) {
            return true;
        }
    }
    return false;
}

/* An item as the keys see it. */
struct key_item {
    const char *category;
    const char *facility; /* "" for none */
    size_t index;
};

static int
compare_key_items(const void *a, const void *b)
{
    const struct key_item *left = a;
    const struct key_item *right = b;
    int order = strcmp(left->category, right->category);
    return order != 0 ? order : strcmp(left->facility, right->facility);
}

static bool
is_on_keys(const struct row_index *places, const struct key_item *item)
{
    for (size_t i = 0; i < places->count; i++) {
        const struct json_value *place = places->rows[i].value;
        if (list_has(json_member(place, "categories"), item->category) &&
            (item->facility[0] == '\0' || list_has(json_member(place, "facilities"), item->facility))) {
            return true;
        }
    }
    return false;
}

/* An item that stands on no keys can be found by search only. Items are sorted by what decides it, so that each pair is
 * looked up once, however many items have it. */
static void
check_keys(const struct validation *validation)
{
    const struct row_index *items = rows_of_table(validation, "items");
    const struct row_index *places = rows_of_table(validation, "places");
    struct key_item *sorted = calloc(items->count + 1, sizeof *sorted);
    if (sorted == NULL) {
        validation->remarks->has_failed = true;
        return;
    }
    for (size_t i = 0; i < items->count; i++) {
        sorted[i] = (struct key_item){.category = text_or(items->rows[i].value, "category", ""),
                                      .facility = text_or(items->rows[i].value, "facility", ""),
                                      .index = items->rows[i].index};
    }
    qsort(sorted, items->count, sizeof *sorted, compare_key_items);
    bool is_found = true;
    for (size_t i = 0; i < items->count; i++) {
        if (i == 0 || compare_key_items(&sorted[i - 1], &sorted[i]) != 0) {
            is_found = is_on_keys(places, &sorted[i]);
        }
        if (!is_found) {
            struct field_report report = row_report(validation, items, sorted[i].index);
            field_warn(
                &report, "category",
                "どの窓口のキーにも出ません（検索では出ます）。窓口の「分類のキー」と「扱う施設」を確かめてください。");
        }
    }
    free(sorted);
}

void
check_rules(const struct validation *validation)
{
    each_row(validation, "items", check_item);
    each_row(validation, "facilities", check_facility);
    each_row(validation, "tariffs", check_tariff);
    each_row(validation, "reductions", check_reduction);
    each_row(validation, "policies", check_policy);
    each_row(validation, "transfer_accounts", check_transfer_account);
    each_row(validation, "templates", check_template);
    each_row(validation, "terms", check_terms);
    each_row(validation, "bank_holidays", check_bank_holiday);
    check_drawers(validation);
    check_keys(validation);
}
