/* Piece by piece, so that ten years need no more memory than two months. A line of day D can change what is said of
 * 払込 paid in D−W … D+W (W: REMITTANCE_WINDOW_DAYS); their lines lie W around them, and those could be meant for 払込
 * another W around. */
#include "settlement/remittance/settling.h"

#include "settlement/arena/growing.h"
#include "settlement/remittance/bank_match.h"
#include "settlement/remittance/reference.h"
#include "settlement/statements/kana.h"
#include "settlement/store/remittance_store.h"

#include <stdlib.h>
#include <string.h>

enum {
    PIECE_DAYS = 60,
    PAID_MAX = 500000,     /* of a piece and around: a thousand offices that pay in three times a day */
    CREDITS_MAX = 2000000, /* the income of a large city's account in half a year */
    STATE_WORD_SIZE = 16
};

/* What was said of a 払込 before. */
struct said {
    char state[STATE_WORD_SIZE];
    int64_t import;
    int64_t line;
};

struct settling {
    const struct catalogue *catalogue;
    const struct bank_calendar *calendar;
    struct growing paid;    /* struct paid_remittance */
    struct growing said;    /* struct said, beside it */
    struct growing credits; /* struct booked_credit */
};

static enum status
out_of_room(struct error_detail *err)
{
    error_set(err, "too_much_to_match", "一度に照合できる払込・入金の件数を超えました。管理者に連絡してください。");
    return STATUS_OVERFLOW;
}

static enum status
take_paid(const struct remittance_row *row, void *context, struct error_detail *err)
{
    struct settling *settling = context;
    struct civil_date day;
    struct paid_remittance *paid = growing_add(&settling->paid);
    struct said *said = growing_add(&settling->said);
    if (paid == NULL || said == NULL) {
        return out_of_room(err);
    }
    if (civil_date_parse(&day, row->paid_on, strlen(row->paid_on)) != STATUS_OK) {
        error_set(err, "remittance_corrupt", "払込%lldの領収日が日付ではありません。", (long long)row->id);
        return STATUS_CORRUPT;
    }
    *paid = (struct paid_remittance){.id = row->id,
                                     .key = remittance_key(row->fiscal_year, row->number),
                                     .amount_yen = row->amount_yen,
                                     .paid_on = civil_date_to_days(day),
                                     .last_on = remittance_last_day(settling->calendar, day)};
    *said = (struct said){.import = row->import, .line = row->line};
    strncpy(said->state, row->seen, sizeof said->state - 1);
    return STATUS_OK;
}

static bool
is_from_trustee(const struct settling *settling, const char *payer_kana)
{
    const char *kana = NULL;
    const struct json_value *row = json_first(catalogue_table(settling->catalogue, "trustees"));
    for (; row != NULL; row = json_next(row)) {
        if (json_as_text(json_member(row, "kana"), &kana) && kana[0] != '\0' &&
            bank_kana_equal(text_view_of(payer_kana), text_view_of(kana))) {
            return true;
        }
    }
    return false;
}

/* What a line names stands in its EDI or its summary; both naming different ones is no reference to either. */
static int64_t
key_of(const struct booked_row *row)
{
    int64_t edi = remittance_key_in(text_view_of(row->edi));
    int64_t summary = remittance_key_in(text_view_of(row->summary));
    return edi == 0 ? summary : summary == 0 || summary == edi ? edi : -1;
}

static enum status
take_credit(const struct booked_row *row, void *context, struct error_detail *err)
{
    struct settling *settling = context;
    struct civil_date day;
    if (row->amount_yen <= 0 || is_from_trustee(settling, row->payer_kana) ||
        civil_date_parse(&day, row->booked_on, strlen(row->booked_on)) != STATUS_OK) {
        return STATUS_OK;
    }
    struct booked_credit *credit = growing_add(&settling->credits);
    if (credit == NULL) {
        return out_of_room(err);
    }
    *credit = (struct booked_credit){.import = row->import,
                                     .line = row->line,
                                     .key = key_of(row),
                                     .amount_yen = row->amount_yen,
                                     .booked_on = civil_date_to_days(day)};
    return STATUS_OK;
}

/* Whoever loses a line loses it before another takes it. */
static enum status
write_answers(const struct settling *settling, struct store_txn *txn, const char *municipality,
              const struct remittance_answer *answers, int64_t from, int64_t to, struct error_detail *err)
{
    const struct paid_remittance *paid = settling->paid.elements;
    const struct said *said = settling->said.elements;
    const struct booked_credit *credits = settling->credits.elements;
    enum status status = STATUS_OK;
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; status == STATUS_OK && i < settling->paid.count; i++) {
            const char *state = remittance_state_word(answers[i].state);
            const struct booked_credit *credit = answers[i].credit != CREDIT_NONE ? &credits[answers[i].credit] : NULL;
            int64_t import = credit != NULL ? credit->import : 0;
            int64_t line = credit != NULL ? credit->line : 0;
            bool is_same = strcmp(state, said[i].state) == 0 && import == said[i].import && line == said[i].line;
            if (is_same || paid[i].paid_on < from || paid[i].paid_on > to) {
                continue;
            }
            status = remittance_seen_put(txn, municipality, paid[i].id, round == 0 ? "" : state, import, line, err);
        }
    }
    return status;
}

static enum status
settle_piece(struct settling *settling, struct store_txn *txn, const char *municipality, int64_t from, int64_t to,
             struct error_detail *err)
{
    const int window = REMITTANCE_WINDOW_DAYS;
    char first[CIVIL_DATE_TEXT_SIZE], last[CIVIL_DATE_TEXT_SIZE];
    struct remittance_answer *answers = NULL;
    civil_date_format(first, civil_date_from_days(from - 3 * window));
    civil_date_format(last, civil_date_from_days(to + 3 * window));
    enum status status = remittance_paid_each(txn, municipality, first, last, take_paid, settling, err);
    if (status == STATUS_OK && settling->paid.count > 0) {
        status = remittance_credit_each(txn, municipality, first, last, take_credit, settling, err);
        answers = calloc(settling->paid.count, sizeof *answers);
        if (status == STATUS_OK && answers == NULL) {
            status = out_of_room(err);
        }
        if (status == STATUS_OK) {
            status = remittance_match(answers, settling->paid.elements, settling->paid.count,
                                      settling->credits.elements, settling->credits.count, err);
        }
        if (status == STATUS_OK) {
            status = write_answers(settling, txn, municipality, answers, from - window, to + window, err);
        }
    }
    free(answers);
    return status;
}

enum status
remittance_settle(struct store_txn *txn, const char *municipality, const struct catalogue *catalogue,
                  const struct bank_calendar *calendar, struct civil_date from, struct civil_date to,
                  struct error_detail *err)
{
    int64_t last = civil_date_to_days(to);
    enum status status = STATUS_OK;
    for (int64_t day = civil_date_to_days(from); status == STATUS_OK && day <= last; day += PIECE_DAYS) {
        int64_t end = day + PIECE_DAYS - 1 < last ? day + PIECE_DAYS - 1 : last;
        struct settling settling = {.catalogue = catalogue, .calendar = calendar};
        growing_init(&settling.paid, sizeof(struct paid_remittance), PAID_MAX, 0);
        growing_init(&settling.said, sizeof(struct said), PAID_MAX, 0);
        growing_init(&settling.credits, sizeof(struct booked_credit), CREDITS_MAX, 0);
        status = settle_piece(&settling, txn, municipality, day, end, err);
        growing_finish(&settling.paid);
        growing_finish(&settling.said);
        growing_finish(&settling.credits);
    }
    return status;
}

enum status
remittance_settle_new(struct store_txn *txn, const char *municipality, const struct catalogue *catalogue,
                      const struct bank_calendar *calendar, int64_t after_import, struct error_detail *err)
{
    char from_text[CIVIL_DATE_TEXT_SIZE], to_text[CIVIL_DATE_TEXT_SIZE];
    struct civil_date from, to;
    enum status status = remittance_new_days(txn, municipality, after_import, from_text, to_text, err);
    bool has_days = status == STATUS_OK && civil_date_parse(&from, from_text, strlen(from_text)) == STATUS_OK &&
                    civil_date_parse(&to, to_text, strlen(to_text)) == STATUS_OK;
    return has_days ? remittance_settle(txn, municipality, catalogue, calendar, from, to, err) : status;
}
