/* The set goes to the pure matcher, and what it decides is written where it differs from what stands. */
#include "settlement/matching/deposits.h"

#include "settlement/matching/deposit_outcome.h"
#include "settlement/statements/kana.h"

#include <string.h>

enum { KANAS_MAX = 64 };

static enum status
out_of_room(struct error_detail *err)
{
    error_set(err, "too_much_to_match", "一度に照合できる件数を超えました。管理者に連絡してください。");
    return STATUS_OVERFLOW;
}

/* The names by which the bank shows the companies of the masters: *OUT is in ARENA. */
static enum status
list_payers(const struct deposit_set *set, struct text_view **out, size_t *out_count, struct error_detail *err)
{
    struct text_view *payers = arena_take_array(set->arena, KANAS_MAX, sizeof *payers);
    size_t count = 0;
    const struct json_value *row = json_first(catalogue_table(set->agreed->catalogue, "trustees"));
    for (; payers != NULL && row != NULL && count < KANAS_MAX; row = json_next(row)) {
        const char *kana = NULL;
        if (json_as_text(json_member(row, "kana"), &kana) && kana[0] != '\0') {
            payers[count++] = text_view_of(kana);
        }
    }
    *out = payers;
    *out_count = count;
    return payers != NULL ? STATUS_OK : out_of_room(err);
}

/* The last day that the bank's records cover; year 0 without any: nothing is missing yet. */
static enum status
read_as_of(const struct deposit_set *set, struct civil_date *out, struct error_detail *err)
{
    char covers_to[CIVIL_DATE_TEXT_SIZE] = "";
    enum status status = bank_covers_to(set->txn, set->municipality, covers_to, err);
    if (status == STATUS_OK && civil_date_parse(out, covers_to, strlen(covers_to)) != STATUS_OK) {
        *out = (struct civil_date){0};
    }
    return status;
}

static uint64_t
credit_id(int64_t import, int64_t line)
{
    return (uint64_t)import << 32 | (uint64_t)line;
}

/* The matcher's input, in the arena. */
static enum status
make_input(const struct deposit_set *set, struct payout_input *out, struct error_detail *err)
{
    struct payout *payouts = arena_take_array(set->arena, set->payouts.count, sizeof *payouts);
    struct payout_credit *credits = arena_take_array(set->arena, set->credits.count, sizeof *credits);
    struct payout_decision *decisions = arena_take_array(set->arena, set->spreads.count, sizeof *decisions);
    const struct portion_row *spreads = set->spreads.elements;
    struct text_view *payers = NULL;
    size_t payer_count = 0;
    enum status status = payouts != NULL && credits != NULL && decisions != NULL ? STATUS_OK : out_of_room(err);
    for (size_t i = 0; status == STATUS_OK && i < set->spreads.count; i++) {
        decisions[i] = (struct payout_decision){.credit_id = credit_id(spreads[i].import, spreads[i].line),
                                                .payout_id = text_view_of(spreads[i].payout),
                                                .is_pair = true,
                                                .trustee = text_view_of(spreads[i].trustee),
                                                .amount_yen = spreads[i].amount_yen};
    }
    for (size_t i = 0; status == STATUS_OK && i < set->payouts.count; i++) {
        payouts[i] = deposit_set_payout(set, i)->payout;
    }
    for (size_t i = 0; status == STATUS_OK && i < set->credits.count; i++) {
        const struct known_credit *credit = deposit_set_credit(set, i);
        credits[i] = payout_credit_of(&credit->line, credit_id(credit->import, credit->line.line));
    }
    if (status == STATUS_OK) {
        status = list_payers(set, &payers, &payer_count, err);
    }
    *out = (struct payout_input){.payouts = payouts,
                                 .payout_count = set->payouts.count,
                                 .payers = payers,
                                 .payer_count = payer_count,
                                 .decisions = decisions,
                                 .decision_count = set->spreads.count,
                                 .credits = credits,
                                 .credit_count = set->credits.count};
    return status == STATUS_OK ? read_as_of(set, &out->as_of, err) : status;
}

static enum status
settle(struct deposit_set *set, int64_t after_import, struct disagreements *disagreements, struct deposits_result *out,
       struct error_detail *err)
{
    struct payout_input input;
    struct payout_result result = {0};
    struct payout_options options = payout_options_default(set->arena);
    enum status status = deposit_set_collect(set, after_import, err);
    if (status == STATUS_OK) {
        status = make_input(set, &input, err);
    }
    if (status == STATUS_OK) {
        status = payout_match(&result, &input, &options, err);
    }
    if (status == STATUS_OK) {
        status = deposit_outcome_write(set, &input, &result, disagreements, &out->credited_count, err);
    }
    for (size_t i = 0; i < set->credits.count; i++) {
        out->credit_count += deposit_set_credit(set, i)->is_known ? 0 : 1;
    }
    return status;
}

enum status
deposits_settle(struct store_txn *txn, const char *municipality, const struct agreed *agreed, int64_t after_import,
                struct disagreements *disagreements, struct deposits_result *out, struct error_detail *err)
{
    struct deposit_set set;
    struct deposits_result result = {0};
    deposit_set_init(&set, txn, municipality, agreed, disagreements->arena);
    enum status status = settle(&set, after_import, disagreements, &result, err);
    deposit_set_finish(&set);
    if (status == STATUS_OK) {
        *out = result;
    }
    return status;
}
