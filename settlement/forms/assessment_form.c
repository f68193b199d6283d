/* Labels are those of the slips that cities print; figures are the record's, never computed here but the totals. */
#include "settlement/forms/assessment_form.h"

#include "common/money/yen.h"
#include "settlement/forms/form_days.h"

#include <stdio.h>
#include <string.h>

enum { TEXT_SIZE = 400 };

static const char *
yen_words(char out[TEXT_SIZE], int64_t amount_yen, enum assessment_kind kind)
{
    char number[YEN_TEXT_SIZE];
    snprintf(out, TEXT_SIZE, "%s%s 円", kind == ASSESSMENT_DECREASE ? "△" : "", yen_format(number, amount_yen));
    return out;
}

/* "使用料及び手数料 (13)", or the code alone. */
static const char *
part_words(char out[TEXT_SIZE], const struct assessment_record *record, enum account_part part)
{
    const char *code = record->parts.code[part], *name = record->parts.name[part];
    snprintf(out, TEXT_SIZE, "%s%s%s", code, code[0] != '\0' && name[0] != '\0' ? "　" : "", name);
    return out;
}

/* "一般会計 ／ 使用料及び手数料 ／ … ／ 戸籍手数料": names, or codes where there is no name. */
static const char *
account_path(char out[TEXT_SIZE], const struct assessment_record *record)
{
    size_t length = 0;
    out[0] = '\0';
    for (int part = 0; part < ACCOUNT_PART_COUNT; part++) {
        const char *name = record->parts.name[part][0] != '\0' ? record->parts.name[part] : record->parts.code[part];
        if (name[0] != '\0' && length < TEXT_SIZE) {
            length += (size_t)snprintf(out + length, TEXT_SIZE - length, "%s%s", length > 0 ? " ／ " : "", name);
        }
    }
    return out;
}

static void
begin(struct form *form, const struct assessment_record *record, const char *issuer, const char *title)
{
    char whole[TEXT_SIZE], number[ASSESSMENT_NUMBER_SIZE], reference[TEXT_SIZE], day[WAREKI_TEXT_SIZE];
    const bool is_numbered = record->serial != 0;
    snprintf(whole, sizeof whole, "%s%s", title, is_numbered ? "" : "（案）");
    form_begin(form, whole, issuer, is_numbered ? record->approved_at_ms : form_day_start_ms(record->drafted_on));
    if (is_numbered) {
        snprintf(reference, sizeof reference, "調定番号 %s",
                 assessment_number_format(number, record->fiscal_year, record->serial));
        form_set_reference(form, reference);
    }
    snprintf(reference, sizeof reference, "起票日 %s", form_day_words(day, record->drafted_on));
    form_set_made_on(form, reference);
}

static const char *
slip_title(enum assessment_kind kind)
{
    return kind == ASSESSMENT_ORIGINAL ? "調定票" : kind == ASSESSMENT_INCREASE ? "増額調定票" : "減額調定票";
}

/* The account, and whose it is. */
static void
add_account(struct form *form, const struct assessment_record *record)
{
    char year[WAREKI_TEXT_SIZE], day[WAREKI_TEXT_SIZE], text[TEXT_SIZE];
    form_add_field(form, "会計年度", wareki_fiscal_year(year, record->fiscal_year));
    form_add_field(form, "調定年月日", form_day_words(day, record->assessed_on));
    form_add_field(form, "会計", part_words(text, record, ACCOUNT_FUND));
    snprintf(text, sizeof text, "%s　%s", record->section, record->section_name);
    form_add_field(form, "所属", text);
    for (int part = ACCOUNT_KAN; part < ACCOUNT_PART_COUNT; part++) {
        form_add_field(form, account_part_name((enum account_part)part),
                       part_words(text, record, (enum account_part)part));
    }
}

/* The amount, and who paid how. */
static void
add_money(struct form *form, const struct assessment_record *record)
{
    char text[TEXT_SIZE], number[YEN_TEXT_SIZE], words[ASSESSMENT_TEXT_SIZE];
    form_add_field(form, "調定区分", "事後調定");
    snprintf(text, sizeof text, "%s（%s）", assessment_kind_name(record->kind),
             assessment_form_name(record->sale_count));
    form_add_field(form, "種別", text);
    form_add_field(form, record->kind == ASSESSMENT_DECREASE ? "減額する額" : "調定額",
                   yen_words(text, record->amount_yen, record->kind));
    snprintf(text, sizeof text, "%s 円（%s）", yen_format(number, record->tax_yen), assessment_tax_name(record->tax));
    form_add_field(form, "うち消費税額", text);
    snprintf(text, sizeof text, "%s 件", yen_format(number, record->count));
    form_add_field(form, "件数", text);
    snprintf(text, sizeof text, "%s 件（調定しない）", yen_format(number, record->zero_count));
    form_add_field(form, "0円交付", text);
    form_add_wide_field(form, "納入義務者", assessment_payer_format(words, record->sale_count));
    form_add_field(form, "納付方法", assessment_payment_method_format(words, record->route, record->route_name));
    form_add_field(form, "納期限", "即納");
    form_add_wide_field(form, "摘要", record->summary);
}

static void
add_people(struct form *form, const struct assessment_record *record)
{
    char text[TEXT_SIZE], instant[INSTANT_TEXT_SIZE];
    const struct {
        const char *label, *name;
        int64_t at_ms;
    } people[] = {{"起票者", record->proposed_by_name, record->proposed_at_ms},
                  {"承認者", record->approved_by_name, record->approved_at_ms}};
    for (size_t i = 0; i < sizeof people / sizeof people[0]; i++) {
        if (people[i].at_ms == 0) {
            form_add_field(form, people[i].label, "");
            continue;
        }
        instant_format(instant, people[i].at_ms);
        snprintf(text, sizeof text, "%s　%.10s %.5s", people[i].name, instant, instant + 11);
        form_add_field(form, people[i].label, text);
    }
}

void
assessment_slip_form(struct form *form, const struct assessment_record *record, const char *issuer)
{
    char number[ASSESSMENT_NUMBER_SIZE];
    begin(form, record, issuer, slip_title(record->kind));
    form_add_seal(form, "起票");
    form_add_seal(form, "係長");
    form_add_seal(form, "課長");
    form_add_seal(form, "会計管理者");
    if (record->kind != ASSESSMENT_ORIGINAL) {
        form_add_wide_field(form, "元調定番号",
                            assessment_number_format(number, record->fiscal_year, record->original_serial));
    }
    add_account(form, record);
    add_money(form, record);
    add_people(form, record);
    form_add_note(form, "金額はレジの記録から計算しました。一件ごとの売上は画面の「根拠」で確かめられます。");
    if (record->serial == 0) {
        form_add_note(form, "この票は承認されていません。番号は承認のときに付きます。");
    }
}

void
assessment_breakdown_begin(struct assessment_breakdown *breakdown, struct form *form,
                           const struct assessment_record *record, const char *issuer)
{
    char text[TEXT_SIZE], day[WAREKI_TEXT_SIZE];
    *breakdown = (struct assessment_breakdown){.form = form};
    begin(form, record, issuer, record->sale_count == 1 ? "調定内訳票" : "集合調定内訳票");
    form_add_field(form, "調定年月日", form_day_words(day, record->assessed_on));
    snprintf(text, sizeof text, "%s　%s", record->section, record->section_name);
    form_add_field(form, "所属", text);
    form_add_wide_field(form, "科目", account_path(text, record));
    form_add_column(form, "番号", FORM_COUNT, 2);
    form_add_column(form, "品目コード", FORM_TEXT, 5);
    form_add_column(form, "品目", FORM_TEXT, 9);
    form_add_column(form, "件数", FORM_COUNT, 3);
    form_add_column(form, "単価（円）", FORM_YEN, 3);
    form_add_column(form, "金額（円）", FORM_YEN, 4);
    form_add_column(form, "消費税（円）", FORM_YEN, 4);
}

void
assessment_breakdown_add(struct assessment_breakdown *breakdown, int64_t number, const struct assessment_line *line)
{
    struct form *form = breakdown->form;
    form_add_row(form, FORM_ENTRY);
    form_add_number(form, number);
    form_add_text(form, line->item);
    form_add_text(form, line->name);
    form_add_number(form, line->count);
    form_add_number(form, line->unit_price_yen);
    form_add_number(form, line->amount_yen);
    form_add_number(form, line->tax_yen);
    if (yen_add(&breakdown->count, breakdown->count, line->count) != STATUS_OK ||
        yen_add(&breakdown->amount_yen, breakdown->amount_yen, line->amount_yen) != STATUS_OK ||
        yen_add(&breakdown->tax_yen, breakdown->tax_yen, line->tax_yen) != STATUS_OK) {
        breakdown->has_overflowed = true;
    }
}

enum status
assessment_breakdown_end(struct assessment_breakdown *breakdown, const struct assessment_record *record,
                         struct error_detail *err)
{
    struct form *form = breakdown->form;
    if (breakdown->has_overflowed || breakdown->count != record->count || breakdown->amount_yen != record->amount_yen ||
        breakdown->tax_yen != record->tax_yen) {
        error_set(err, "breakdown_differs",
                  "調定(%lld)の内訳の合計が調定額と一致しません。監査（madoguchi-settlement audit）を行ってください。",
                  (long long)record->id);
        return STATUS_INVALID;
    }
    form_add_row(form, FORM_TOTAL);
    form_add_blank(form);
    form_add_blank(form);
    form_add_text(form, "合計");
    form_add_number(form, breakdown->count);
    form_add_blank(form);
    form_add_number(form, breakdown->amount_yen);
    form_add_number(form, breakdown->tax_yen);
    return STATUS_OK;
}
