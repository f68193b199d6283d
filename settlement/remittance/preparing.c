/* Of which closes a 払込 is made: checked one by one, added up, written. */
#include "settlement/remittance/deed.h"

#include "common/clock/civil.h"
#include "common/money/yen.h"
#include "settlement/remittance/deadline.h"
#include "settlement/remittance/doing.h"
#include "settlement/remittance/office.h"
#include "settlement/remittance/reference.h"
#include "settlement/store/cash_query_store.h"
#include "settlement/store/remittance_store.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { AFTER_SIZE = 320, SECTION_SIZE = 64, OFFICER_SIZE = 128 };

/* What the closes are together. */
struct preparing {
    struct doing *doing;
    const struct close_key *asked;
    bool is_found;
    struct civil_date last_date;
    char section[SECTION_SIZE];
    char officer[OFFICER_SIZE];
    struct remittance_row row;
    struct remittance_close_row closes[REMITTANCE_CLOSES_MAX];
    struct civil_date from;
};

static enum status
say_taken(const struct cash_close *close, struct error_detail *err)
{
    char number[REMITTANCE_REFERENCE_SIZE];
    error_set(err, "taken_already", "%sの%sの現金は、もう払込 %s に入っています。画面を新しくしてください。",
              close->terminal, close->business_date,
              remittance_number_format(number, close->fiscal_year, close->remittance_number));
    return STATUS_CONFLICT;
}

/* The first close says whose and which year's cash it is; the others must agree. */
static enum status
join(struct preparing *preparing, const struct cash_close *close, struct civil_date date, struct error_detail *err)
{
    struct remittance_row *row = &preparing->row;
    const struct cash_office office = cash_office_of_place(preparing->doing->catalogue, close->place);
    if (row->close_count == 0) {
        snprintf(preparing->section, sizeof preparing->section, "%s", office.section);
        snprintf(preparing->officer, sizeof preparing->officer, "%s", office.officer);
        row->fiscal_year = fiscal_year_of(date);
        preparing->last_date = date;
    }
    if (strcmp(preparing->section, office.section) != 0) {
        return deed_refuse(STATUS_INVALID, "several_sections",
                           "所属の違う現金が選ばれています。払込書は出納員（所属）ごとに作ってください。", err);
    }
    if (row->fiscal_year != fiscal_year_of(date)) {
        return deed_refuse(STATUS_INVALID, "several_years",
                           "会計年度の違う現金が選ばれています。払込書は年度ごとに作ってください。", err);
    }
    if (civil_date_compare(date, preparing->last_date) > 0) {
        preparing->last_date = date;
    }
    return STATUS_OK;
}

static enum status
take_close(const struct cash_close *close, void *context, struct error_detail *err)
{
    struct preparing *preparing = context;
    struct remittance_row *row = &preparing->row;
    struct civil_date date;
    preparing->is_found = true;
    if (close->remittance != 0) {
        return say_taken(close, err);
    }
    if (close->deposit_yen == 0) {
        error_set(err, "nothing_to_pay", "%sの%sは、払い込む現金がありません。", close->terminal, close->business_date);
        return STATUS_INVALID;
    }
    enum status status = civil_date_parse(&date, close->business_date, strlen(close->business_date));
    if (status != STATUS_OK || civil_date_compare(date, preparing->from) < 0) {
        error_set(err, "before_start", "%sは、払込をこのシステムで管理し始める前の営業日です。", close->business_date);
        return STATUS_INVALID;
    }
    status = join(preparing, close, date, err);
    if (status == STATUS_OK &&
        (yen_add(&row->amount_yen, row->amount_yen, close->deposit_yen) != STATUS_OK ||
         yen_add(&row->difference_yen, row->difference_yen, close->difference_yen) != STATUS_OK)) {
        status = deed_refuse(STATUS_OVERFLOW, "too_much",
                             "一つの払込にできる金額を超えています。分けて作ってください。", err);
    }
    if (status == STATUS_OK) {
        preparing->closes[row->close_count++] =
            (struct remittance_close_row){.terminal = preparing->asked->terminal,
                                          .opened_sequence = preparing->asked->opened_sequence,
                                          .deposit_yen = close->deposit_yen,
                                          .difference_yen = close->difference_yen};
    }
    return status;
}

static enum status
take_closes(struct preparing *preparing, const struct close_key *closes, size_t count, struct error_detail *err)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        for (size_t k = 0; k < i; k++) {
            if (strcmp(closes[k].terminal, closes[i].terminal) == 0 &&
                closes[k].opened_sequence == closes[i].opened_sequence) {
                return deed_refuse(STATUS_INVALID, "chosen_twice", "同じ精算が二度選ばれています。", err);
            }
        }
        const struct cash_query query = {.municipality = preparing->doing->actor->municipality,
                                         .terminal = closes[i].terminal,
                                         .opened_sequence = closes[i].opened_sequence};
        preparing->asked = &closes[i];
        preparing->is_found = false;
        status = cash_close_each(preparing->doing->txn, &query, take_close, preparing, err);
        if (status == STATUS_OK && !preparing->is_found) {
            error_set(err, "not_found", "%sの精算（%" PRId64 "）はありません。", closes[i].terminal,
                      closes[i].opened_sequence);
            status = STATUS_NOT_FOUND;
        }
    }
    return status;
}

static enum status
check_pay_on(const struct preparing *preparing, const char *pay_on, struct error_detail *err)
{
    struct civil_date day;
    if (civil_date_parse(&day, pay_on, strlen(pay_on)) != STATUS_OK ||
        civil_date_compare(day, preparing->last_date) < 0) {
        return deed_refuse(STATUS_INVALID, "invalid_request",
                           "払込日は、現金を受け取った日からの日付で入力してください。", err);
    }
    if (!bank_calendar_is_open(preparing->doing->calendar, day)) {
        error_set(err, "bank_closed", "%sは銀行の休業日です。営業日を選んでください。", pay_on);
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

static enum status
write_remittance(struct preparing *preparing, int64_t *out_id, struct error_detail *err)
{
    const char *municipality = preparing->doing->actor->municipality;
    struct remittance_row *row = &preparing->row;
    enum status status =
        remittance_next_number(preparing->doing->txn, municipality, row->fiscal_year, &row->number, err);
    if (status == STATUS_OK && row->number > REMITTANCE_NUMBER_MAX) {
        status = deed_refuse(STATUS_OVERFLOW, "too_many",
                             "この年度の払込番号を使い切りました。管理者に連絡してください。", err);
    }
    if (status == STATUS_OK) {
        status = remittance_add(preparing->doing->txn, municipality, row, out_id, err);
    }
    for (int64_t i = 0; status == STATUS_OK && i < row->close_count; i++) {
        status = remittance_close_add(preparing->doing->txn, municipality, *out_id, &preparing->closes[i], err);
    }
    return status;
}

static enum status
prepare(struct preparing *preparing, const struct close_key *closes, size_t count, const char *pay_on, int64_t *out_id,
        struct error_detail *err)
{
    char after[AFTER_SIZE];
    const struct remittance_rule rule = remittance_rule_of(preparing->doing->catalogue);
    preparing->from = rule.from;
    preparing->row.section = preparing->section;
    preparing->row.officer = preparing->officer;
    enum status status = take_closes(preparing, closes, count, err);
    if (status == STATUS_OK && preparing->row.amount_yen < 1) {
        status = deed_refuse(
            STATUS_INVALID, "nothing_to_pay",
            "合計が1円以上になるように選んでください。つり銭に足りなかった日は、ほかの日と合わせます。", err);
    }
    if (status == STATUS_OK) {
        status = check_pay_on(preparing, pay_on, err);
    }
    if (status == STATUS_OK) {
        status = write_remittance(preparing, out_id, err);
    }
    snprintf(after, sizeof after, "%" PRId64 "円 %" PRId64 "件 %" PRId64 "円", preparing->row.amount_yen,
             preparing->row.close_count, preparing->row.difference_yen);
    return status == STATUS_OK
               ? deed_record_and_commit(preparing->doing, *out_id, "remittance_prepare", after, /* reason= */ "", err)
               : status;
}

enum status
remittance_prepare(struct store *store, const struct actor *actor, const struct close_key *closes, size_t count,
                   const char *pay_on, const char *bank, int64_t now_ms, int64_t *out_id, struct error_detail *err)
{
    struct doing doing = {.actor = actor, .now_ms = now_ms};
    struct preparing preparing = {
        .doing = &doing,
        .row = {.bank = bank, .pay_on = pay_on, .prepared_at_ms = now_ms, .prepared_by = actor->login}};
    if (count < 1 || count > REMITTANCE_CLOSES_MAX) {
        error_set(err, "invalid_request", "払い込む精算を1件から%d件まで選んでください。", REMITTANCE_CLOSES_MAX);
        return STATUS_INVALID;
    }
    if (deed_is_blank(bank) || strlen(bank) > REMITTANCE_BANK_MAX_BYTES) {
        return deed_refuse(STATUS_INVALID, "invalid_request", "払込先の金融機関を40文字以内で入力してください。", err);
    }
    enum status status = deed_begin(&doing, store, err);
    if (status == STATUS_OK) {
        status = prepare(&preparing, closes, count, pay_on, out_id, err);
    }
    deed_finish(&doing);
    return status;
}
