/* Portions first, then each payout's sums, then what people should look at. */
#include "settlement/matching/deposit_outcome.h"

#include "common/bytes/buffer.h"
#include "settlement/statements/kana.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SENTENCE_MAX_BYTES = 4096, SUBJECT_SIZE = 160 };

struct writing {
    const struct deposit_set *set;
    const struct payout_input *input;
    struct disagreements *disagreements;
};

static int
compare_portions(const void *a, const void *b)
{
    const struct portion_row *left = a;
    const struct portion_row *right = b;
    if (left->import != right->import) {
        return left->import < right->import ? -1 : 1;
    }
    if (left->line != right->line) {
        return left->line < right->line ? -1 : 1;
    }
    int order = strcmp(left->trustee, right->trustee);
    return order != 0 ? order : strcmp(left->payout, right->payout);
}

/* What the portions are to be, sorted; in the arena. */
static enum status
list_portions(const struct writing *writing, const struct payout_result *result, struct portion_row **out,
              size_t *out_count, struct error_detail *err)
{
    size_t count = 0;
    for (size_t i = 0; i < result->outcome_count; i++) {
        count += result->outcomes[i].payout != PAYOUT_NONE ? result->outcomes[i].portion_count : 0;
    }
    struct portion_row *portions = arena_take_array(writing->set->arena, count, sizeof *portions);
    if (portions == NULL) {
        error_set(err, "too_much_to_match", "一度に照合できる件数を超えました。管理者に連絡してください。");
        return STATUS_OVERFLOW;
    }
    size_t filled = 0;
    for (size_t i = 0; i < result->outcome_count; i++) {
        const struct payout_outcome *outcome = &result->outcomes[i];
        for (size_t k = 0; outcome->payout != PAYOUT_NONE && k < outcome->portion_count; k++) {
            const struct known_credit *credit = deposit_set_credit(writing->set, outcome->portions[k].credit);
            const struct payout_row *payout = &deposit_set_payout(writing->set, outcome->payout)->row;
            portions[filled++] = (struct portion_row){.import = credit->import,
                                                      .line = credit->line.line,
                                                      .trustee = payout->trustee,
                                                      .payout = payout->payout,
                                                      .amount_yen = outcome->portions[k].amount_yen};
        }
    }
    if (count > 1) {
        qsort(portions, count, sizeof *portions, compare_portions);
    }
    *out = portions;
    *out_count = count;
    return STATUS_OK;
}

/* Both are sorted: what stands and is not wanted goes, what is wanted and does not stand comes. */
static enum status
write_portions(const struct writing *writing, const struct portion_row *wanted, size_t wanted_count,
               struct error_detail *err)
{
    const struct deposit_set *set = writing->set;
    struct portion_row *standing = set->portions.elements;
    size_t standing_count = set->portions.count;
    if (standing_count > 1) {
        qsort(standing, standing_count, sizeof *standing, compare_portions);
    }
    enum status status = STATUS_OK;
    size_t old = 0;
    size_t new = 0;
    while (status == STATUS_OK && (old < standing_count || new < wanted_count)) {
        int order = old == standing_count ? 1
                    : new == wanted_count ? -1
                                          : compare_portions(&standing[old], &wanted[new]);
        bool is_same = order == 0 && standing[old].amount_yen == wanted[new].amount_yen;
        if (!is_same && order <= 0) {
            status = portion_remove(set->txn, &standing[old], err);
        }
        if (status == STATUS_OK && !is_same && order >= 0) {
            status = portion_add(set->txn, set->municipality, &wanted[new], err);
        }
        old += order <= 0 ? 1 : 0;
        new += order >= 0 ? 1 : 0;
    }
    return status;
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
report(struct writing *writing, const struct payout_outcome *outcome, enum discrepancy_class class, const char *subject,
       struct discrepancy_row *facts, struct error_detail *err)
{
    struct buffer sentence;
    buffer_init(&sentence, SENTENCE_MAX_BYTES);
    payout_explain(&sentence, writing->input, outcome);
    enum status status = buffer_check(&sentence, err);
    facts->summary = buffer_text(&sentence);
    if (status == STATUS_OK) {
        status = disagreements_add(writing->disagreements, class, subject, facts, MATCH_NONE, MATCH_NONE, err);
    }
    buffer_finish(&sentence);
    return status;
}

/* The row of OUTCOME's payout as it is to be. */
static struct payout_row
row_of(const struct writing *writing, const struct payout_outcome *outcome, char payable_on[CIVIL_DATE_TEXT_SIZE],
       char credited_on[CIVIL_DATE_TEXT_SIZE])
{
    struct payout_row row = deposit_set_payout(writing->set, outcome->payout)->row;
    row.payable_on = civil_date_format(payable_on, writing->input->payouts[outcome->payout].pay_date);
    row.expected_yen = outcome->expected_yen;
    row.credited_yen = outcome->received_yen;
    row.carry_yen = outcome->carry_yen;
    if (!writing->input->payouts[outcome->payout].is_carry_known) {
        row.is_carried = outcome->is_carried;
        row.carried_to =
            outcome->carried_to != PAYOUT_NONE ? deposit_set_payout(writing->set, outcome->carried_to)->row.payout : "";
    }
    struct civil_date last = {0};
    for (size_t i = 0; i < outcome->portion_count; i++) { /* the last one is the latest; a line may have no day */
        struct civil_date day = deposit_set_credit(writing->set, outcome->portions[i].credit)->line.date;
        last = day.year != 0 ? day : last;
    }
    credited_on[0] = '\0';
    row.credited_on = last.year != 0 ? civil_date_format(credited_on, last) : credited_on;
    return row;
}

static bool
is_same_row(const struct payout_row *a, const struct payout_row *b)
{
    return a->expected_yen == b->expected_yen && a->credited_yen == b->credited_yen && a->carry_yen == b->carry_yen &&
           a->is_carried == b->is_carried && strcmp(a->payable_on, b->payable_on) == 0 &&
           strcmp(a->credited_on, b->credited_on) == 0 && strcmp(a->carried_to, b->carried_to) == 0;
}

static enum status
write_payout(struct writing *writing, const struct payout_outcome *outcome, struct error_detail *err)
{
    const struct deposit_set *set = writing->set;
    char payable_on[CIVIL_DATE_TEXT_SIZE];
    char credited_on[CIVIL_DATE_TEXT_SIZE];
    struct payout_row row = row_of(writing, outcome, payable_on, credited_on);
    enum status status = STATUS_OK;
    if (!is_same_row(&row, &deposit_set_payout(set, outcome->payout)->row)) {
        status = payout_agree(set->txn, set->municipality, &row, err);
    }
    enum discrepancy_class class;
    if (status != STATUS_OK || !class_of(outcome, &writing->input->payouts[outcome->payout], &class)) {
        return status;
    }
    char subject[SUBJECT_SIZE];
    int64_t missing = outcome->expected_yen - outcome->received_yen;
    snprintf(subject, sizeof subject, "payout:%s:%s", row.trustee, row.payout);
    struct discrepancy_row facts = {.happened_on = payable_on,
                                    .amount_yen = missing < 0 ? -missing : missing,
                                    .trustee = row.trustee,
                                    .payout = row.payout};
    return report(writing, outcome, class, subject, &facts, err);
}

/* The city's account has other income too. */
static bool
is_from_trustee(const struct writing *writing, const struct known_credit *credit)
{
    for (size_t i = 0; i < writing->input->payer_count; i++) {
        if (bank_kana_equal(credit->line.payer_kana, writing->input->payers[i])) {
            return true;
        }
    }
    return false;
}

/* What a trustee paid and no payout takes: open, and reported when its statement is overdue. */
static enum status
write_unknown(struct writing *writing, const struct payout_outcome *outcome, struct error_detail *err)
{
    const struct deposit_set *set = writing->set;
    struct known_credit *credit = deposit_set_credit(set, outcome->portions[0].credit);
    if (!is_from_trustee(writing, credit)) {
        return STATUS_OK;
    }
    struct civil_date today = writing->disagreements->today;
    struct civil_date day = credit->line.date.year != 0 ? credit->line.date : today;
    struct civil_date due = civil_date_add_days(day, CREDIT_DUE_DAYS);
    char due_on[CIVIL_DATE_TEXT_SIZE];
    enum status status = open_credit_put(set->txn, set->municipality, credit->import, credit->line.line,
                                         civil_date_format(due_on, due), err);
    if (status != STATUS_OK || civil_date_compare(due, today) >= 0) {
        return status;
    }
    char subject[SUBJECT_SIZE];
    char day_text[CIVIL_DATE_TEXT_SIZE];
    snprintf(subject, sizeof subject, "bank:%lld:%u", (long long)credit->import, credit->line.line);
    struct discrepancy_row facts = {.happened_on = civil_date_format(day_text, day),
                                    .amount_yen = outcome->received_yen,
                                    .import = credit->import,
                                    .line = credit->line.line};
    return report(writing, outcome, DISCREPANCY_DEPOSIT_OVER, subject, &facts, err);
}

/* Credits that pay something leave the open list. Adds to *OUT_COUNT those that paid nothing before. */
static enum status
close_credits(const struct writing *writing, const struct portion_row *portions, size_t count, int64_t *out_count,
              struct error_detail *err)
{
    enum status status = STATUS_OK;
    size_t next = 0;
    for (size_t i = 0; status == STATUS_OK && i < writing->set->credits.count; i++) {
        const struct known_credit *credit = deposit_set_credit(writing->set, i);
        bool is_paying = false;
        for (; next < count && (portions[next].import < credit->import ||
                                (portions[next].import == credit->import && portions[next].line <= credit->line.line));
             next++) {
            is_paying = true; /* both are in one order, and each portion is of a credit of the set */
        }
        *out_count += is_paying && !credit->is_known ? 1 : 0;
        if (is_paying && credit->is_open) {
            status = open_credit_remove(writing->set->txn, credit->import, credit->line.line, err);
        }
    }
    return status;
}

enum status
deposit_outcome_write(const struct deposit_set *set, const struct payout_input *input,
                      const struct payout_result *result, struct disagreements *disagreements,
                      int64_t *out_credited_count, struct error_detail *err)
{
    struct writing writing = {.set = set, .input = input, .disagreements = disagreements};
    struct portion_row *portions = NULL;
    size_t count = 0;
    enum status status = list_portions(&writing, result, &portions, &count, err);
    if (status == STATUS_OK) {
        status = write_portions(&writing, portions, count, err);
    }
    *out_credited_count = 0;
    if (status == STATUS_OK) {
        status = close_credits(&writing, portions, count, out_credited_count, err);
    }
    for (size_t i = 0; status == STATUS_OK && i < result->outcome_count; i++) {
        const struct payout_outcome *outcome = &result->outcomes[i];
        status = outcome->class == PAYOUT_UNKNOWN_CREDIT ? write_unknown(&writing, outcome, err)
                                                         : write_payout(&writing, outcome, err);
    }
    return status;
}
