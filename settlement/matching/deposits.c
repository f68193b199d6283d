/* The open payouts, those that a credit names, and all their credits go to the pure matcher; what it adds is written.
 */
#include "settlement/matching/deposits.h"

#include "common/bytes/buffer.h"
#include "settlement/reconciliation/payout.h"
#include "settlement/statements/kana.h"
#include "settlement/store/payout_store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KANAS_MAX = 64, SENTENCE_MAX_BYTES = 4096, SUBJECT_SIZE = 160, PAYOUT_NAME_MAX = 64 };

/* A payout as the store has it; texts in the arena. */
struct known_payout {
    const char *trustee;
    const char *id;
    const char *due_on;
    const char *first_on;
    const char *payable_on;
    int64_t announced_at_ms;
    int64_t line_count;
    int64_t amount_yen;
    int64_t fee_yen;
    int64_t credited_yen;
    int64_t expected_yen;
};

/* A credit that was read; texts in the arena. */
struct credit {
    int64_t import;
    struct bank_line line;
    bool is_carried;
    bool is_known; /* written by an earlier run, of the payout named here */
    const char *trustee;
    const char *payout;
};

struct settling {
    struct store_txn *txn;
    const char *municipality;
    const struct catalogue *catalogue;
    const struct terms_book *book;
    const struct known_payout *known_for; /* whose credits are being read */
    struct disagreements *disagreements;
    struct arena *arena;
    struct growing payouts; /* struct known_payout, ids unique once sorted */
    struct growing credits; /* struct credit */
    const char *kanas[KANAS_MAX];
    size_t kana_count;
};

static enum status
out_of_room(struct error_detail *err)
{
    error_set(err, "too_much_to_match", "一度に照合できる件数を超えました。管理者に連絡してください。");
    return STATUS_OVERFLOW;
}

static const char *
keep(struct arena *arena, const char *text)
{
    return arena_copy(arena, text, strlen(text));
}

static bool
keep_view(struct arena *arena, struct text_view *view)
{
    view->at = arena_copy(arena, view->at != NULL ? view->at : "", view->length);
    return view->at != NULL;
}

static enum status
add_credit(struct settling *settling, int64_t import, const struct bank_line *line, bool is_carried, bool is_known,
           struct error_detail *err)
{
    struct credit credit = {.import = import, .line = *line, .is_carried = is_carried, .is_known = is_known};
    struct credit *place = growing_add(&settling->credits);
    if (place == NULL || !keep_view(settling->arena, &credit.line.payer_kana) ||
        !keep_view(settling->arena, &credit.line.edi) || !keep_view(settling->arena, &credit.line.summary)) {
        return out_of_room(err);
    }
    *place = credit;
    return STATUS_OK;
}

static enum status
collect_credit(int64_t import, const struct bank_line *line, bool is_carried, void *context, struct error_detail *err)
{
    return add_credit(context, import, line, is_carried, /* is_known= */ false, err);
}

static enum status
collect_known_credit(int64_t import, const struct bank_line *line, void *context, struct error_detail *err)
{
    struct settling *settling = context;
    enum status status = add_credit(settling, import, line, false, /* is_known= */ true, err);
    if (status == STATUS_OK) {
        struct credit *credits = settling->credits.elements;
        credits[settling->credits.count - 1].trustee = settling->known_for->trustee;
        credits[settling->credits.count - 1].payout = settling->known_for->id;
    }
    return status;
}

static enum status
collect_payout(const struct payout_row *row, void *context, struct error_detail *err)
{
    struct settling *settling = context;
    struct known_payout payout = {
        .trustee = keep(settling->arena, row->trustee),
        .id = keep(settling->arena, row->payout),
        .due_on = keep(settling->arena, row->due_on),
        .first_on = keep(settling->arena, row->first_on),
        .payable_on = keep(settling->arena, row->payable_on),
        .announced_at_ms = row->announced_at_ms,
        .line_count = row->line_count,
        .amount_yen = row->amount_yen,
        .fee_yen = row->fee_yen,
        .credited_yen = row->credited_yen,
        .expected_yen = row->expected_yen,
    };
    struct known_payout *place = growing_add(&settling->payouts);
    if (place == NULL || payout.trustee == NULL || payout.id == NULL || payout.due_on == NULL ||
        payout.first_on == NULL || payout.payable_on == NULL) {
        return out_of_room(err);
    }
    *place = payout;
    return STATUS_OK;
}

/* The payouts that new credits name, even when they are paid already: a second deposit of one payout must be seen. */
static enum status
collect_named(struct settling *settling, struct error_detail *err)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < settling->credits.count; i++) {
        struct text_view edi = ((const struct credit *)settling->credits.elements)[i].line.edi;
        char name[PAYOUT_NAME_MAX];
        while (edi.length > 0 && edi.at[edi.length - 1] == ' ') {
            edi.length--;
        }
        if (edi.length > 0 && edi.length < sizeof name) {
            memcpy(name, edi.at, edi.length);
            name[edi.length] = '\0';
            status = payout_find_each(settling->txn, settling->municipality, name, collect_payout, settling, err);
        }
    }
    return status;
}

static int
compare_payouts(const void *a, const void *b)
{
    const struct known_payout *left = a;
    const struct known_payout *right = b;
    int order = strcmp(left->id, right->id);
    return order != 0 ? order : strcmp(left->trustee, right->trustee);
}

/* Each payout once: it may have been found as open, as touched and as named. */
static void
sort_payouts(struct settling *settling)
{
    struct known_payout *payouts = settling->payouts.elements;
    size_t count = settling->payouts.count;
    size_t kept = 0;
    if (count > 1) {
        qsort(payouts, count, sizeof payouts[0], compare_payouts);
    }
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || compare_payouts(&payouts[kept - 1], &payouts[i]) != 0) {
            payouts[kept++] = payouts[i];
        }
    }
    settling->payouts.count = kept;
}

/* The credits that the payouts had before, so that sums are whole. */
static enum status
collect_known_credits(struct settling *settling, struct error_detail *err)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < settling->payouts.count; i++) {
        const struct known_payout *payout = &((const struct known_payout *)settling->payouts.elements)[i];
        if (payout->credited_yen != 0) {
            settling->known_for = payout;
            status = credit_each(settling->txn, settling->municipality, payout->trustee, payout->id,
                                 collect_known_credit, settling, err);
        }
    }
    return status;
}

static enum status
collect_all(struct settling *settling, int64_t after_import, struct error_detail *err)
{
    enum status status = payout_gather(settling->txn, settling->municipality, after_import, err);
    if (status == STATUS_OK) {
        status = credit_open_each(settling->txn, settling->municipality, collect_credit, settling, err);
    }
    if (status == STATUS_OK) {
        status = credit_new_each(settling->txn, settling->municipality, after_import, collect_credit, settling, err);
    }
    if (status == STATUS_OK) {
        status = payout_open_each(settling->txn, settling->municipality, collect_payout, settling, err);
    }
    if (status == STATUS_OK) {
        status =
            payout_touched_each(settling->txn, settling->municipality, after_import, collect_payout, settling, err);
    }
    if (status == STATUS_OK) {
        status = collect_named(settling, err);
    }
    if (status == STATUS_OK) {
        sort_payouts(settling);
        status = collect_known_credits(settling, err);
    }
    return status;
}

static void
list_kanas(struct settling *settling)
{
    const struct json_value *row = json_first(catalogue_table(settling->catalogue, "trustees"));
    for (; row != NULL && settling->kana_count < KANAS_MAX; row = json_next(row)) {
        const char *kana = NULL;
        if (json_as_text(json_member(row, "kana"), &kana) && kana[0] != '\0') {
            settling->kanas[settling->kana_count++] = kana;
        }
    }
}

/* The city's account has other income too. */
static bool
is_from_trustee(const struct settling *settling, const struct credit *credit)
{
    for (size_t i = 0; i < settling->kana_count; i++) {
        if (bank_kana_equal(credit->line.payer_kana, text_view_of(settling->kanas[i]))) {
            return true;
        }
    }
    return false;
}

static struct civil_date
read_day(const char *text)
{
    struct civil_date day;
    return civil_date_parse(&day, text, strlen(text)) == STATUS_OK ? day : (struct civil_date){0};
}

/* When OUT is to be paid and whether less fees, by the terms of the day of its first payment. */
static void
apply_terms(const struct settling *settling, const struct known_payout *known, struct payout *out)
{
    struct civil_date first = read_day(known->first_on);
    if (first.year == 0) {
        first = civil_date_at(known->announced_at_ms);
    }
    out->is_net = terms_book_is_net(settling->book, known->trustee, first);
    out->pay_date = read_day(known->due_on);
    if (out->pay_date.year != 0) {
        out->due_by = PAYOUT_DUE_BY_STATEMENT;
    } else if (terms_book_pay_day(settling->book, known->trustee, first, &out->pay_date)) {
        out->due_by = PAYOUT_DUE_BY_TERMS;
    } else {
        out->pay_date = civil_date_add_days(first, PAYOUT_DUE_DAYS);
        out->due_by = PAYOUT_DUE_BY_AGE;
    }
}

/* The matcher's input, in the arena. */
static enum status
make_input(struct settling *settling, struct payout_input *out, struct error_detail *err)
{
    size_t payout_count = settling->payouts.count;
    size_t credit_count = settling->credits.count;
    struct payout *payouts = arena_take_array(settling->arena, payout_count, sizeof *payouts);
    struct payout_credit *credits = arena_take_array(settling->arena, credit_count, sizeof *credits);
    struct text_view *payers = arena_take_array(settling->arena, settling->kana_count, sizeof *payers);
    if (payouts == NULL || credits == NULL || payers == NULL) {
        return out_of_room(err);
    }
    for (size_t i = 0; i < payout_count; i++) {
        const struct known_payout *known = &((const struct known_payout *)settling->payouts.elements)[i];
        const char *kana = catalogue_trustee_kana(settling->catalogue, known->trustee);
        payouts[i] = (struct payout){.id = text_view_of(known->id),
                                     .trustee = text_view_of(known->trustee),
                                     .gross_yen = known->amount_yen,
                                     .fee_yen = known->fee_yen,
                                     .line_count = (size_t)known->line_count,
                                     .payer_kana = text_view_of(kana != NULL ? kana : "")};
        apply_terms(settling, known, &payouts[i]);
    }
    for (size_t i = 0; i < credit_count; i++) {
        const struct credit *credit = &((const struct credit *)settling->credits.elements)[i];
        credits[i] = payout_credit_of(&credit->line, (uint64_t)credit->import << 32 | credit->line.line);
        credits[i].is_settled = credit->is_known;
        if (credit->is_known) {
            credits[i].settled_id = text_view_of(credit->payout);
            credits[i].settled_trustee = text_view_of(credit->trustee);
        }
    }
    for (size_t i = 0; i < settling->kana_count; i++) {
        payers[i] = text_view_of(settling->kanas[i]);
    }
    char covers_to[CIVIL_DATE_TEXT_SIZE] = "";
    enum status status = bank_covers_to(settling->txn, settling->municipality, covers_to, err);
    struct civil_date as_of = {0};
    if (civil_date_parse(&as_of, covers_to, strlen(covers_to)) != STATUS_OK) {
        as_of = (struct civil_date){0}; /* no record: nothing is missing yet */
    }
    *out = (struct payout_input){.payouts = payouts,
                                 .payout_count = payout_count,
                                 .payers = payers,
                                 .payer_count = settling->kana_count,
                                 .credits = credits,
                                 .credit_count = credit_count,
                                 .as_of = as_of};
    return status;
}

static enum status
write_credit(struct settling *settling, const struct known_payout *payout, const struct credit *credit,
             struct error_detail *err)
{
    char day[CIVIL_DATE_TEXT_SIZE] = "";
    if (credit->line.date.year != 0) {
        civil_date_format(day, credit->line.date);
    }
    struct credit_row row = {.import = credit->import,
                             .line = credit->line.line,
                             .trustee = payout->trustee,
                             .payout = payout->id,
                             .amount_yen = credit->line.amount_yen,
                             .credited_on = day};
    enum status status = credit_add(settling->txn, settling->municipality, &row, err);
    return status == STATUS_OK && credit->is_carried
               ? open_credit_remove(settling->txn, credit->import, credit->line.line, err)
               : status;
}

/* The name of OUTCOME for people; false when nobody need look. */
static bool
class_of(const struct payout_outcome *outcome, const struct payout *payout, enum discrepancy_class *out)
{
    switch (outcome->class) {
    case PAYOUT_SHORT: {
        /* Short by the very fee: it was deducted, although it is billed apart. */
        bool is_fee = !payout->is_net && outcome->expected_yen - outcome->received_yen == payout->fee_yen;
        *out = is_fee ? DISCREPANCY_FEE_DIFFERS : DISCREPANCY_DEPOSIT_SHORT;
        return true;
    }
    case PAYOUT_MISSING:
        *out = DISCREPANCY_DEPOSIT_SHORT;
        return true;
    case PAYOUT_TRANSFER_FEE:
        *out = DISCREPANCY_TRANSFER_FEE_DEDUCTED;
        return true;
    case PAYOUT_OVER:
        *out = DISCREPANCY_DEPOSIT_OVER;
        return true;
    case PAYOUT_SETTLED:
    case PAYOUT_DUE:
    case PAYOUT_CARRIED:
    case PAYOUT_UNKNOWN_CREDIT:
    case PAYOUT_CLASS_COUNT:
        break;
    }
    return false;
}

static enum status
report(struct settling *settling, const struct payout_input *input, const struct payout_outcome *outcome,
       enum discrepancy_class class, const char *subject, struct discrepancy_row *facts, struct error_detail *err)
{
    struct buffer sentence;
    buffer_init(&sentence, SENTENCE_MAX_BYTES);
    payout_explain(&sentence, input, outcome);
    enum status status = buffer_check(&sentence, err);
    facts->summary = buffer_text(&sentence);
    if (status == STATUS_OK) {
        status = disagreements_add(settling->disagreements, class, subject, facts, MATCH_NONE, MATCH_NONE, err);
    }
    buffer_finish(&sentence);
    return status;
}

static enum status
settle_payout(struct settling *settling, const struct payout_input *input, const struct payout_outcome *outcome,
              struct deposits_result *result, struct error_detail *err)
{
    const struct known_payout *payout = &((const struct known_payout *)settling->payouts.elements)[outcome->payout];
    char payable_on[CIVIL_DATE_TEXT_SIZE];
    civil_date_format(payable_on, input->payouts[outcome->payout].pay_date);
    enum status status = STATUS_OK;
    if (payout->expected_yen != outcome->expected_yen || strcmp(payout->payable_on, payable_on) != 0) {
        status = payout_agree(settling->txn, settling->municipality, payout->trustee, payout->id, outcome->expected_yen,
                              payable_on, err);
    }
    for (size_t i = 0; status == STATUS_OK && i < outcome->credit_count; i++) {
        const struct credit *credit = &((const struct credit *)settling->credits.elements)[outcome->credits[i]];
        if (!credit->is_known) {
            result->credited_count++;
            status = write_credit(settling, payout, credit, err);
        }
    }
    enum discrepancy_class class;
    if (status != STATUS_OK || !class_of(outcome, &input->payouts[outcome->payout], &class)) {
        return status;
    }
    char subject[SUBJECT_SIZE];
    int64_t missing = outcome->expected_yen - outcome->received_yen;
    snprintf(subject, sizeof subject, "payout:%s:%s", payout->trustee, payout->id);
    struct discrepancy_row facts = {.happened_on = payable_on,
                                    .amount_yen = missing < 0 ? -missing : missing,
                                    .trustee = payout->trustee,
                                    .payout = payout->id};
    return report(settling, input, outcome, class, subject, &facts, err);
}

/* A credit of a trustee's without payout: open, and reported when its statement is overdue. */
static enum status
keep_open(struct settling *settling, const struct payout_input *input, const struct payout_outcome *outcome,
          struct error_detail *err)
{
    const struct credit *credit = &((const struct credit *)settling->credits.elements)[outcome->credits[0]];
    if (!is_from_trustee(settling, credit)) {
        return STATUS_OK;
    }
    struct civil_date day = credit->line.date.year != 0 ? credit->line.date : settling->disagreements->today;
    struct civil_date due = civil_date_add_days(day, CREDIT_DUE_DAYS);
    char due_on[CIVIL_DATE_TEXT_SIZE];
    enum status status = open_credit_put(settling->txn, settling->municipality, credit->import, credit->line.line,
                                         civil_date_format(due_on, due), err);
    if (status != STATUS_OK || civil_date_compare(due, settling->disagreements->today) >= 0) {
        return status;
    }
    char subject[SUBJECT_SIZE];
    char day_text[CIVIL_DATE_TEXT_SIZE];
    snprintf(subject, sizeof subject, "bank:%lld:%u", (long long)credit->import, credit->line.line);
    struct discrepancy_row facts = {.happened_on = civil_date_format(day_text, day),
                                    .amount_yen = credit->line.amount_yen,
                                    .import = credit->import,
                                    .line = credit->line.line};
    return report(settling, input, outcome, DISCREPANCY_DEPOSIT_OVER, subject, &facts, err);
}

static enum status
settle_all(struct settling *settling, int64_t after_import, struct deposits_result *result, struct error_detail *err)
{
    struct payout_input input;
    struct payout_result outcomes = {0};
    struct payout_options options = payout_options_default(settling->arena);
    enum status status = collect_all(settling, after_import, err);
    if (status == STATUS_OK) {
        status = make_input(settling, &input, err);
    }
    if (status == STATUS_OK) {
        status = payout_match(&outcomes, &input, &options, err);
    }
    for (size_t i = 0; status == STATUS_OK && i < outcomes.outcome_count; i++) {
        const struct payout_outcome *outcome = &outcomes.outcomes[i];
        status = outcome->class == PAYOUT_UNKNOWN_CREDIT ? keep_open(settling, &input, outcome, err)
                                                         : settle_payout(settling, &input, outcome, result, err);
    }
    for (size_t i = 0; i < settling->credits.count; i++) {
        result->credit_count += ((const struct credit *)settling->credits.elements)[i].is_known ? 0 : 1;
    }
    return status;
}

enum status
deposits_settle(struct store_txn *txn, const char *municipality, const struct agreed *agreed, int64_t after_import,
                struct disagreements *disagreements, struct deposits_result *out, struct error_detail *err)
{
    struct settling settling = {.txn = txn,
                                .municipality = municipality,
                                .catalogue = agreed->catalogue,
                                .book = agreed->book,
                                .disagreements = disagreements,
                                .arena = disagreements->arena};
    growing_init(&settling.payouts, sizeof(struct known_payout), DEPOSITS_MAX, 0);
    growing_init(&settling.credits, sizeof(struct credit), DEPOSITS_MAX, 0);
    list_kanas(&settling);
    struct deposits_result result = {0};
    enum status status = settle_all(&settling, after_import, &result, err);
    growing_finish(&settling.payouts);
    growing_finish(&settling.credits);
    if (status == STATUS_OK) {
        *out = result;
    }
    return status;
}
