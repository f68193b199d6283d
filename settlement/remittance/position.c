/* Two walks: how much each 所属 holds decides which deadline holds, and only then can be said what is late. */
#include "settlement/remittance/position.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct reading {
    struct cash_position *position;
    held_close_visitor visit; /* of the second walk */
    void *context;
    bool is_second;
};

static struct held_cash *
office_of(struct cash_position *position, const char *section, struct error_detail *err)
{
    for (size_t i = 0; i < position->office_count; i++) {
        if (strcmp(position->offices[i].section, section) == 0) {
            return &position->offices[i];
        }
    }
    if (position->office_count == CASH_OFFICES_MAX) {
        error_set(err, "too_many", "所属が%dを超えています。管理者に連絡してください。", CASH_OFFICES_MAX);
        return NULL;
    }
    struct held_cash *office = &position->offices[position->office_count++];
    *office = (struct held_cash){.count = 0};
    snprintf(office->section, sizeof office->section, "%s", section);
    return office;
}

static void
judge(const struct cash_position *position, struct held_cash *held, const struct cash_close *close, char *due_on,
      bool *is_late)
{
    struct civil_date date;
    if (civil_date_parse(&date, close->business_date, strlen(close->business_date)) != STATUS_OK) {
        snprintf(due_on, CIVIL_DATE_TEXT_SIZE, "%.10s", close->business_date);
    } else {
        civil_date_format(due_on, remittance_due_on(&position->rule, position->calendar, date, held->held_yen));
    }
    *is_late = strcmp(due_on, position->today) < 0;
    held->late_count += *is_late ? 1 : 0;
    held->late_yen += *is_late ? close->deposit_yen : 0;
    if (held->first_due_on[0] == '\0' || strcmp(due_on, held->first_due_on) < 0) {
        snprintf(held->first_due_on, sizeof held->first_due_on, "%s", due_on);
    }
}

static enum status
take(const struct cash_close *close, void *context, struct error_detail *err)
{
    struct reading *reading = context;
    const struct cash_office office = cash_office_of_place(reading->position->catalogue, close->place);
    struct held_cash *held = office_of(reading->position, office.section, err);
    char due_on[CIVIL_DATE_TEXT_SIZE];
    bool is_late = false;
    if (held == NULL) {
        return STATUS_OVERFLOW;
    }
    if (!reading->is_second) {
        held->count++;
        held->held_yen += close->deposit_yen;
        held->prepared_yen += close->remittance != 0 ? close->deposit_yen : 0;
        return STATUS_OK;
    }
    judge(reading->position, held, close, due_on, &is_late);
    return reading->visit != NULL ? reading->visit(close, &office, due_on, is_late, reading->context, err) : STATUS_OK;
}

enum status
cash_position_read(struct cash_position *out, struct store_txn *txn, const char *municipality,
                   const struct catalogue *catalogue, const struct bank_calendar *calendar, struct civil_date today,
                   held_close_visitor visit, void *context, struct error_detail *err)
{
    char from[CIVIL_DATE_TEXT_SIZE];
    *out = (struct cash_position){.rule = remittance_rule_of(catalogue), .catalogue = catalogue, .calendar = calendar};
    civil_date_format(out->today, today);
    out->offices = calloc(CASH_OFFICES_MAX, sizeof *out->offices);
    if (out->offices == NULL) {
        error_set(err, "no_memory", "メモリが足りません。しばらくしてからもう一度行ってください。");
        return STATUS_NO_MEMORY;
    }
    struct reading reading = {.position = out, .visit = visit, .context = context};
    const struct cash_query query = {
        .municipality = municipality, .from = civil_date_format(from, out->rule.from), .is_held_only = true};
    enum status status = cash_close_each(txn, &query, take, &reading, err);
    reading.is_second = true;
    if (status == STATUS_OK) {
        status = cash_close_each(txn, &query, take, &reading, err);
    }
    for (size_t i = 0; i < out->office_count; i++) {
        out->offices[i].is_over_limit = remittance_is_over_limit(&out->rule, out->offices[i].held_yen);
    }
    return status;
}

void
cash_position_finish(struct cash_position *position)
{
    free(position->offices);
    position->offices = NULL;
}

static const struct {
    const char *word;
    const char *name;
} standings[BANK_STANDING_COUNT] = {
    [BANK_PROVED] = {"proved", "銀行で確認済み"},     [BANK_PROVED_AMOUNT] = {"proved_amount", "金額と日付で確認"},
    [BANK_WAITING] = {"waiting", "銀行の記録待ち"},   [BANK_MISSING] = {"missing", "銀行の記録にない"},
    [BANK_DIFFERS] = {"differs", "銀行の記録と違う"}, [BANK_SEVERAL] = {"several", "銀行の記録の候補が複数"},
};

const char *
bank_standing_word(enum bank_standing standing)
{
    return standings[standing].word;
}

const char *
bank_standing_name(enum bank_standing standing)
{
    return standings[standing].name;
}

bool
bank_standing_is_open(enum bank_standing standing)
{
    return standing == BANK_MISSING || standing == BANK_DIFFERS || standing == BANK_SEVERAL;
}

enum bank_standing
bank_standing_of(const struct remittance_row *row, const struct bank_calendar *calendar, const char *covers_to)
{
    struct civil_date paid_on;
    char last[CIVIL_DATE_TEXT_SIZE];
    if (strcmp(row->seen, "reference") == 0) {
        return BANK_PROVED;
    }
    if (strcmp(row->seen, "amount") == 0) {
        return BANK_PROVED_AMOUNT;
    }
    if (strcmp(row->seen, "differs") == 0) {
        return BANK_DIFFERS;
    }
    if (strcmp(row->seen, "several") == 0) {
        return BANK_SEVERAL;
    }
    if (civil_date_parse(&paid_on, row->paid_on, strlen(row->paid_on)) != STATUS_OK) {
        return BANK_WAITING;
    }
    civil_date_format(last, civil_date_from_days(remittance_last_day(calendar, paid_on)));
    return strcmp(covers_to, last) > 0 ? BANK_MISSING : BANK_WAITING;
}
