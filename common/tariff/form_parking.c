/* parking: free minutes, units, maxima, a lost ticket, paying before leaving. Seconds do not count: entry and exit are
 * cut to the minute. */
#include "common/tariff/parking.h"

#include <stdlib.h>
#include <string.h>

enum { FREE_MINUTES_MAX = 7 * PARKING_DAY_MINUTES, GRACE_MINUTES_MAX = PARKING_DAY_MINUTES };

const char parking_entered_id[] = "entered_at";
const char parking_entered_label[] = "入庫日時";
const char parking_left_id[] = "left_at";
const char parking_left_label[] = "出庫日時";
const char parking_lost_id[] = "lost_ticket";
const char parking_lost_label[] = "駐車券紛失";
const char parking_validation_id[] = "validation";
const char parking_validation_label[] = "利用認証";
const char parking_no_validation[] = "none";
const char parking_prepaid_at_id[] = "prepaid_at";
const char parking_prepaid_at_label[] = "事前精算した日時";
const char parking_prepaid_yen_id[] = "prepaid_yen";
const char parking_prepaid_yen_label[] = "事前精算した額";
const char parking_part[] = "parking";

static void
read_rate(struct parking_plan *plan, struct member_row *row, const char *key, const struct json_value *object)
{
    struct parking_rate *rate = &plan->rates[plan->rate_count++];
    struct member_row inner;
    member_enter(&inner, row, key, plan->rate_count - 1, object);
    rate->unit_minutes = member_int(&inner, "unit_minutes", 1, PARKING_DAY_MINUTES);
    rate->yen = member_int(&inner, "yen", 0, TARIFF_TOTAL_MAX_YEN);
    rate->maximum_yen = member_int_or(&inner, "maximum_yen", 1, TARIFF_TOTAL_MAX_YEN, 0);
    if (member_is_given(&inner, "from") || member_is_given(&inner, "to")) {
        rate->from_minute = member_time(&inner, "from") % PARKING_DAY_MINUTES;
        rate->to_minute = member_time(&inner, "to") % PARKING_DAY_MINUTES;
    }
    member_leave(&inner, row);
}

/* Write the rate of every minute down; refuse minutes with none and with two. */
static void
spread_rates(struct parking_plan *plan, struct member_row *row, const char *key)
{
    enum { NO_RATE = 255 };
    memset(plan->rate_of_minute, NO_RATE, sizeof plan->rate_of_minute);
    for (size_t i = 0; i < plan->rate_count && row->status == STATUS_OK; i++) {
        int minute = plan->rates[i].from_minute;
        do {
            if (plan->rate_of_minute[minute] != NO_RATE) {
                member_refuse(row, key, "%d:%02d に2つの料金があります。from と to を確かめてください", minute / 60,
                              minute % 60);
                return;
            }
            plan->rate_of_minute[minute] = (unsigned char)i;
            minute = (minute + 1) % PARKING_DAY_MINUTES;
        } while (minute != plan->rates[i].to_minute);
    }
    for (int minute = 0; minute < PARKING_DAY_MINUTES && row->status == STATUS_OK; minute++) {
        if (plan->rate_of_minute[minute] == NO_RATE) {
            member_refuse(row, key, "%d:%02d の料金がありません。1日のすべての時刻に料金を書いてください", minute / 60,
                          minute % 60);
        }
    }
}

static void
read_plan(struct parking_plan *plan, struct member_row *row)
{
    static const char key[] = "rates";
    const struct json_value *rates = member_list(row, key, 1, PARKING_RATES_MAX);
    for (const struct json_value *item = json_first(rates); item != NULL; item = json_next(item)) {
        read_rate(plan, row, key, item);
    }
    spread_rates(plan, row, key);
    plan->daily_maximum_yen = member_int_or(row, "daily_maximum_yen", 1, TARIFF_TOTAL_MAX_YEN, 0);
}

static void
read_first(struct parking_terms *terms, struct member_row *row)
{
    if (member_is_given(row, "first")) {
        struct member_row inner;
        member_enter_object(&inner, row, "first");
        terms->first_minutes = member_int(&inner, "minutes", 1, PARKING_DAY_MINUTES);
        terms->first_yen = member_int(&inner, "yen", 0, TARIFF_TOTAL_MAX_YEN);
        member_leave(&inner, row);
    }
}

static void
read_special(struct parking_terms *terms, struct member_row *row)
{
    terms->has_special = member_is_given(row, "special_days");
    if (terms->has_special) {
        struct member_row inner;
        member_enter_object(&inner, row, "special_days");
        tariff_day_set_read(&terms->special_days, &inner);
        read_plan(&terms->plans[1], &inner);
        member_leave(&inner, row);
    }
}

static void
read_validations(struct parking_terms *terms, struct member_row *row)
{
    const struct json_value *list = member_list(row, "validations", 0, PARKING_VALIDATIONS_MAX);
    for (const struct json_value *item = json_first(list); item != NULL; item = json_next(item)) {
        struct parking_validation *validation = &terms->validations[terms->validation_count];
        struct member_row inner;
        member_enter(&inner, row, "validations", terms->validation_count, item);
        member_code(&inner, "code", validation->code);
        member_text(&inner, "name", validation->name);
        validation->minutes = member_int(&inner, "minutes", 1, FREE_MINUTES_MAX);
        bool is_taken = strcmp(validation->code, parking_no_validation) == 0;
        for (size_t i = 0; i < terms->validation_count; i++) {
            is_taken = is_taken || strcmp(terms->validations[i].code, validation->code) == 0;
        }
        if (is_taken) {
            member_refuse(&inner, "code", "ほかの認証と同じコードか、none です。別のコードにしてください");
        }
        terms->validation_count++;
        member_leave(&inner, row);
    }
}

static void
read(struct tariff *tariff, struct member_row *row)
{
    static const char *const rolls[] = {"midnight", "24h", NULL};
    static const char *const frees[] = {"always", "within", NULL};
    struct parking_terms *terms = calloc(1, sizeof *terms);
    if (terms == NULL) {
        member_out_of_memory(row);
        return;
    }
    tariff->terms = terms;
    terms->free_minutes = member_int_or(row, "free_minutes", 0, FREE_MINUTES_MAX, 0);
    terms->free_only_within = member_word(row, "free", frees, 0) == 1;
    read_first(terms, row);
    read_plan(&terms->plans[0], row);
    read_special(terms, row);
    terms->rolls_at_midnight = member_word(row, "day", rolls, 0) == 0;
    terms->takes_prepayment = member_is_given(row, "grace_minutes");
    terms->grace_minutes = member_int_or(row, "grace_minutes", 0, GRACE_MINUTES_MAX, 0);
    terms->has_lost_ticket = member_is_given(row, "lost_ticket_yen");
    terms->lost_ticket_yen = member_int_or(row, "lost_ticket_yen", 0, TARIFF_TOTAL_MAX_YEN, 0);
    read_validations(terms, row);
}

static void
destroy(void *terms_of_form)
{
    struct parking_terms *terms = terms_of_form;
    tariff_day_set_finish(&terms->special_days);
    free(terms);
}

static bool
has_part(const struct tariff *tariff, const char *code)
{
    (void)tariff;
    return strcmp(code, parking_part) == 0;
}

static void
write_parts(const struct tariff *tariff, struct json_writer *writer)
{
    (void)tariff;
    json_text(writer, NULL, parking_part);
}

static void
ask_instant(struct question_list *questions, const char *id, const char *label, const char *hint, bool is_required,
            bool is_now)
{
    question_begin(questions, id, "instant", label, hint, is_required);
    json_text(&questions->writer, "default", is_now ? "now" : NULL);
    json_end_object(&questions->writer);
}

static void
ask_validation(const struct parking_terms *terms, struct question_list *questions)
{
    question_begin(questions, parking_validation_id, "choice", parking_validation_label, "", /* is_required= */ false);
    json_begin_array(&questions->writer, "choices");
    question_choice(questions, parking_no_validation, "なし", "");
    for (size_t i = 0; i < terms->validation_count; i++) {
        char hint[TARIFF_TEXT_SIZE];
        char duration[TARIFF_TEXT_SIZE];
        parking_duration_print(duration, terms->validations[i].minutes);
        tariff_text_print(hint, "%s 無料", duration);
        question_choice(questions, terms->validations[i].code, terms->validations[i].name, hint);
    }
    json_end_array(&questions->writer);
    json_text(&questions->writer, "default", parking_no_validation);
    json_end_object(&questions->writer);
}

static void
ask(const struct tariff *tariff, struct civil_date date, struct question_list *questions)
{
    const struct parking_terms *terms = tariff->terms;
    (void)date;
    ask_instant(questions, parking_entered_id, parking_entered_label,
                terms->has_lost_ticket ? "駐車券がないときは空のまま" : "", !terms->has_lost_ticket,
                /* is_now= */ false);
    ask_instant(questions, parking_left_id, parking_left_label, "", /* is_required= */ true, /* is_now= */ true);
    if (terms->has_lost_ticket) {
        question_flag(questions, parking_lost_id, parking_lost_label, "入庫日時が分かれば、それも入れる");
    }
    if (terms->validation_count > 0) {
        ask_validation(terms, questions);
    }
    if (terms->takes_prepayment) {
        ask_instant(questions, parking_prepaid_at_id, parking_prepaid_at_label, "精算してから出庫するとき",
                    /* is_required= */ false,
                    /* is_now= */ false);
        question_begin(questions, parking_prepaid_yen_id, "yen", parking_prepaid_yen_label, "",
                       /* is_required= */ false);
        json_int(&questions->writer, "min", 0);
        json_int(&questions->writer, "max", TARIFF_TOTAL_MAX_YEN);
        json_int(&questions->writer, "default", 0);
        json_end_object(&questions->writer);
    }
}

const struct tariff_form tariff_parking_form = {
    .name = "parking",
    .reserved_ids = (const char *const[]){parking_entered_id, parking_left_id, parking_lost_id, parking_validation_id,
                                          parking_prepaid_at_id, parking_prepaid_yen_id, NULL},
    .read = read,
    .destroy = destroy,
    .has_part = has_part,
    .write_parts = write_parts,
    .ask = ask,
    .price = parking_price,
};
