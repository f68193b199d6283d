/* Pricing a stay from the clerk's answers, with the rows that explain it. Seconds do not count: every instant is cut to
 * the minute. */
#include "common/tariff/parking.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { RATE_ROWS_MAX = 4 }; /* more rates than that in one stay are told as one sum */

/* A case, in minutes since 1970-01-01T00:00 in Japan. */
struct parking_case {
    bool has_entry;
    int64_t entry;
    int64_t exit;
    bool is_lost;
    const struct parking_validation *validation; /* NULL: none */
    bool is_prepaid;
    int64_t prepaid_at;
    int64_t prepaid_yen;
};

/* An instant in minutes, seconds cut off, also before 1970. */
static int64_t
fact_minute(struct pricing *pricing, const char *id, const char *label)
{
    enum { MINUTE_MS = 60 * 1000, JST_MINUTES = 9 * 60 };
    int64_t instant_ms = fact_instant(pricing, id, label);
    int64_t minute = instant_ms / MINUTE_MS - (instant_ms % MINUTE_MS < 0 ? 1 : 0);
    return minute + JST_MINUTES;
}

static void
print_minute(char out[32], int64_t minute)
{
    int64_t day = minute / PARKING_DAY_MINUTES - (minute % PARKING_DAY_MINUTES < 0 ? 1 : 0);
    int64_t rest = minute - day * PARKING_DAY_MINUTES;
    struct civil_date date = civil_date_from_days(day);
    snprintf(out, 32, "%d/%d %d:%02d", date.month, date.day, (int)(rest / 60), (int)(rest % 60));
}

static void
refuse_clock(struct pricing *pricing, const struct parking_case *stay, bool has_lost_ticket)
{
    char entry[32];
    char left[32];
    print_minute(entry, stay->entry);
    print_minute(left, stay->exit);
    pricing_refuse(pricing, "left_before_entry",
                   "出庫(%s)が入庫(%s)より前です。時計を確かめ、正しい日時を入れ直してください。%s", left, entry,
                   has_lost_ticket ? "分からないときは駐車券紛失で精算してください。" : "");
}

static void
check_case(struct pricing *pricing, const struct parking_terms *terms, const struct parking_case *stay)
{
    if (pricing->status != STATUS_OK) {
        return;
    }
    if (stay->has_entry && stay->exit < stay->entry) {
        refuse_clock(pricing, stay, terms->has_lost_ticket);
    } else if (stay->has_entry && stay->exit - stay->entry > (int64_t)PARKING_STAY_DAYS_MAX * PARKING_DAY_MINUTES) {
        pricing_refuse(pricing, "too_long", "駐車が10年を超えています。入庫日時の年を確かめて入れ直してください。");
    } else if (stay->is_prepaid &&
               (stay->prepaid_at > stay->exit || (stay->has_entry && stay->prepaid_at < stay->entry))) {
        pricing_refuse(pricing, "wrong_prepayment",
                       "事前精算の日時が入庫から出庫までの間にありません。精算の控えを確かめて入れ直してください。");
    }
}

static const struct parking_validation *
read_validation(struct pricing *pricing, const struct parking_terms *terms)
{
    if (terms->validation_count == 0) {
        return NULL;
    }
    const char *code = fact_text(pricing, parking_validation_id, parking_validation_label, parking_no_validation);
    for (size_t i = 0; i < terms->validation_count; i++) {
        if (strcmp(terms->validations[i].code, code) == 0) {
            return &terms->validations[i];
        }
    }
    if (strcmp(code, parking_no_validation) != 0) {
        pricing_refuse(pricing, "unknown_code", "「%.60s」を選び直してください。", parking_validation_label);
    }
    return NULL;
}

static void
read_case(struct pricing *pricing, const struct parking_terms *terms, struct parking_case *stay)
{
    stay->is_lost = terms->has_lost_ticket && fact_flag(pricing, parking_lost_id, parking_lost_label);
    stay->validation = read_validation(pricing, terms);
    stay->has_entry = fact_is_given(pricing, parking_entered_id);
    if (stay->has_entry || !stay->is_lost) {
        stay->entry = fact_minute(pricing, parking_entered_id, parking_entered_label);
    }
    if (stay->has_entry || !stay->is_lost || fact_is_given(pricing, parking_left_id)) {
        stay->exit = fact_minute(pricing, parking_left_id, parking_left_label);
    }
    if (terms->takes_prepayment) {
        stay->is_prepaid = stay->has_entry && fact_is_given(pricing, parking_prepaid_at_id);
        stay->prepaid_yen =
            fact_count(pricing, parking_prepaid_yen_id, parking_prepaid_yen_label, 0, TARIFF_TOTAL_MAX_YEN, 0);
        if (fact_is_given(pricing, parking_prepaid_at_id)) {
            stay->prepaid_at = fact_minute(pricing, parking_prepaid_at_id, parking_prepaid_at_label);
        } else if (stay->prepaid_yen > 0) {
            pricing_refuse(pricing, "missing_answer", "「%s」も入れてください。", parking_prepaid_at_label);
        }
    }
    check_case(pricing, terms, stay);
}

static void
add_row(struct base_price *base, int64_t yen, const char *text)
{
    assert(base->row_count < BASE_ROWS_MAX);

    struct tariff_row *row = &base->rows[base->row_count++];
    row->yen = yen;
    tariff_text_print(row->text, "%s", text);
}

static void
add_free_row(const struct parking_case *stay, const struct parking_stay *priced, struct base_price *base)
{
    char text[ERROR_MESSAGE_SIZE];
    char duration[TARIFF_TEXT_SIZE];
    if (priced->free_minutes > 0) {
        parking_duration_print(duration, priced->free_minutes);
        snprintf(text, sizeof text, "最初の%s 無料%s%.100s", duration, stay->validation != NULL ? " " : "",
                 stay->validation != NULL ? stay->validation->name : "");
        add_row(base, 0, text);
    }
}

/* "30分ごと100円 × 3" for each rate; gives their sum. */
static int64_t
add_rate_rows(const struct parking_terms *terms, const struct parking_stay *priced, struct base_price *base)
{
    char text[ERROR_MESSAGE_SIZE];
    char duration[TARIFF_TEXT_SIZE];
    char yen_text[YEN_TEXT_SIZE];
    int64_t sum_yen = 0;
    size_t rates = 0;
    size_t first_row = base->row_count;
    for (size_t p = 0; p < PARKING_PLANS; p++) {
        for (size_t i = 0; i < terms->plans[p].rate_count; i++) {
            const struct parking_rate *rate = &terms->plans[p].rates[i];
            int64_t yen = rate->yen * priced->units[p][i];
            sum_yen += yen;
            rates += priced->units[p][i] > 0 ? 1 : 0;
            if (priced->units[p][i] > 0 && rates <= RATE_ROWS_MAX) {
                parking_duration_print(duration, rate->unit_minutes);
                snprintf(text, sizeof text, "%sごと%s円 × %lld", duration, yen_format(yen_text, rate->yen),
                         (long long)priced->units[p][i]);
                add_row(base, yen, text);
            }
        }
    }
    if (rates > RATE_ROWS_MAX) {
        base->row_count = first_row;
        add_row(base, sum_yen, "時間帯ごとの料金の合計");
    }
    return sum_yen;
}

static void
add_cut_rows(const struct parking_terms *terms, const struct parking_stay *priced, struct base_price *base)
{
    char text[ERROR_MESSAGE_SIZE];
    char yen_text[YEN_TEXT_SIZE] = "";
    if (priced->rate_cut_yen > 0) {
        add_row(base, -priced->rate_cut_yen, "時間帯の最大料金を適用");
    }
    if (priced->day_cut_yen > 0) {
        const char *space = terms->has_special ? "" : " ";
        const char *unit = terms->has_special ? "料金" : "円";
        if (!terms->has_special) {
            yen_format(yen_text, terms->plans[0].daily_maximum_yen);
        }
        snprintf(text, sizeof text, "1日最大%s%s%sを適用", space, yen_text, unit);
        if (priced->days_cut > 1) {
            size_t length = strlen(text);
            snprintf(text + length, sizeof text - length, "(%lld日)", (long long)priced->days_cut);
        }
        add_row(base, -priced->day_cut_yen, text);
    }
}

/* The rows of the stay itself; gives its price. */
static int64_t
add_stay(const struct tariff *tariff, const struct parking_case *stay, struct base_price *base)
{
    const struct parking_terms *terms = tariff->terms;
    struct parking_stay priced;
    char entry[32];
    char left[32];
    char text[ERROR_MESSAGE_SIZE];
    char duration[TARIFF_TEXT_SIZE];
    char yen_text[YEN_TEXT_SIZE];
    int64_t free_minutes = terms->free_minutes + (stay->validation != NULL ? stay->validation->minutes : 0);
    parking_stay_price(tariff, stay->entry, stay->exit, free_minutes, &priced);
    print_minute(entry, stay->entry);
    print_minute(left, stay->exit);
    parking_duration_print(duration, priced.minutes);
    snprintf(text, sizeof text, "%s 入庫、%s 出庫(%s)", entry, left, duration);
    add_row(base, 0, text);
    add_free_row(stay, &priced, base);
    if (priced.has_first) {
        parking_duration_print(duration, terms->first_minutes);
        snprintf(text, sizeof text, "最初の%s %s円", duration, yen_format(yen_text, terms->first_yen));
        add_row(base, terms->first_yen, text);
    }
    int64_t whole_yen = add_rate_rows(terms, &priced, base) + (priced.has_first ? terms->first_yen : 0);
    add_cut_rows(terms, &priced, base);
    assert(whole_yen - priced.rate_cut_yen - priced.day_cut_yen == priced.total_yen);
    return priced.total_yen;
}

static void
add_prepayment(const struct parking_terms *terms, const struct parking_case *stay, int64_t due_yen,
               struct base_price *base)
{
    char text[ERROR_MESSAGE_SIZE];
    char at[32];
    print_minute(at, stay->prepaid_at);
    if (stay->exit - stay->prepaid_at <= terms->grace_minutes) {
        snprintf(text, sizeof text, "%s 事前精算済み、%lld分以内の出庫", at, (long long)terms->grace_minutes);
        add_row(base, -due_yen, text);
    } else {
        int64_t paid_yen = stay->prepaid_yen < due_yen ? stay->prepaid_yen : due_yen;
        snprintf(text, sizeof text, "%s 事前精算分を差引", at);
        add_row(base, -paid_yen, text);
    }
}

void
parking_price(const struct tariff *tariff, struct pricing *pricing)
{
    const struct parking_terms *terms = tariff->terms;
    struct parking_case stay = {.has_entry = false};
    char label[TARIFF_TEXT_SIZE] = "駐車券紛失";
    char text[ERROR_MESSAGE_SIZE];
    char yen_text[YEN_TEXT_SIZE];
    read_case(pricing, terms, &stay);
    if (pricing->status != STATUS_OK) {
        return;
    }
    struct base_price base = {
        .part = parking_part, .category = "", .label = label, .quantity = 1, .price = {.factor = -1}};
    int64_t due_yen = 0;
    if (stay.has_entry) {
        due_yen = add_stay(tariff, &stay, &base);
        parking_duration_print(label, stay.exit - stay.entry);
    }
    if (stay.is_lost && terms->lost_ticket_yen >= due_yen) {
        snprintf(text, sizeof text, "駐車券紛失 %s円%s", yen_format(yen_text, terms->lost_ticket_yen),
                 stay.has_entry ? "を適用" : "");
        add_row(&base, terms->lost_ticket_yen - due_yen, text);
        due_yen = terms->lost_ticket_yen;
        tariff_text_print(label, "駐車券紛失");
    }
    if (stay.is_prepaid) {
        add_prepayment(terms, &stay, due_yen, &base);
    }
    pricing_add(pricing, &base);
}
