/* Rounds: what was read last is looked at for what belongs to it, until nothing new comes. Rows are kept first and
 * asked about afterwards, since a question cannot be asked while its like is being answered. */
#include "settlement/matching/deposit_set.h"

#include "settlement/store/spread_store.h"

#include <stdlib.h>
#include <string.h>

enum { PAYOUT_NAME_MAX = 64 };

void
deposit_set_init(struct deposit_set *set, struct store_txn *txn, const char *municipality, const struct agreed *agreed,
                 struct arena *arena)
{
    *set = (struct deposit_set){.txn = txn, .municipality = municipality, .agreed = agreed, .arena = arena};
    growing_init(&set->payouts, sizeof(struct known_payout), DEPOSITS_MAX, 0);
    growing_init(&set->credits, sizeof(struct known_credit), DEPOSITS_MAX, 0);
    growing_init(&set->portions, sizeof(struct portion_row), DEPOSITS_MAX, 0);
    growing_init(&set->spreads, sizeof(struct portion_row), DEPOSITS_MAX, 0);
}

void
deposit_set_finish(struct deposit_set *set)
{
    growing_finish(&set->payouts);
    growing_finish(&set->credits);
    growing_finish(&set->portions);
    growing_finish(&set->spreads);
}

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

static struct civil_date
read_day(const char *text)
{
    struct civil_date day;
    return civil_date_parse(&day, text, strlen(text)) == STATUS_OK ? day : (struct civil_date){0};
}

/* When ROW is to be paid and how, by the terms of the day of its first payment. */
static void
apply_terms(const struct deposit_set *set, const struct payout_row *row, struct payout *out)
{
    const struct terms_book *book = set->agreed->book;
    struct civil_date first = read_day(row->first_on);
    if (first.year == 0) {
        first = civil_date_at(row->announced_at_ms);
    }
    struct terms_transfer transfer = terms_book_transfer(book, row->trustee, first);
    out->is_net = terms_book_is_net(book, row->trustee, first);
    out->is_together = transfer.is_together;
    out->minimum_yen = transfer.minimum_yen;
    out->carries_negative = transfer.carries_negative;
    out->pay_date = read_day(row->due_on);
    if (out->pay_date.year != 0) {
        out->due_by = PAYOUT_DUE_BY_STATEMENT;
    } else if (terms_book_pay_day(book, row->trustee, first, &out->pay_date)) {
        out->due_by = PAYOUT_DUE_BY_TERMS;
    } else {
        out->pay_date = civil_date_add_days(first, PAYOUT_DUE_DAYS);
        out->due_by = PAYOUT_DUE_BY_AGE;
    }
}

static struct payout
make_payout(const struct deposit_set *set, const struct payout_row *row)
{
    const char *kana = catalogue_trustee_kana(set->agreed->catalogue, row->trustee);
    struct payout payout = {.id = text_view_of(row->payout),
                            .trustee = text_view_of(row->trustee),
                            .gross_yen = row->amount_yen,
                            .fee_yen = row->fee_yen,
                            .line_count = (size_t)row->line_count,
                            .payer_kana = text_view_of(kana != NULL ? kana : "")};
    apply_terms(set, row, &payout);
    return payout;
}

/* It would be carried, were it not for a credit that spoke of it, and that credit may be another's by now; or it is
 * carried, and a next one may have come. */
static bool
may_be_carried(const struct known_payout *payout)
{
    int64_t own_yen = payout_expected_yen(&payout->payout);
    bool is_small = own_yen < 0 ? payout->payout.carries_negative : own_yen < payout->payout.minimum_yen;
    return is_small && (payout->row.credited_yen != payout->row.expected_yen || payout->row.carried_to[0] == '\0');
}

static enum status
collect_payout(const struct payout_row *row, void *context, struct error_detail *err)
{
    struct deposit_set *set = context;
    struct known_payout payout = {.row = *row, .is_affected = set->is_affecting, .is_in_chain = set->is_chaining};
    struct known_payout *place = growing_add(&set->payouts);
    payout.row.trustee = keep(set->arena, row->trustee);
    payout.row.payout = keep(set->arena, row->payout);
    payout.row.due_on = keep(set->arena, row->due_on);
    payout.row.first_on = keep(set->arena, row->first_on);
    payout.row.payable_on = keep(set->arena, row->payable_on);
    payout.row.credited_on = keep(set->arena, row->credited_on);
    payout.row.carried_to = keep(set->arena, row->carried_to);
    if (place == NULL || payout.row.trustee == NULL || payout.row.payout == NULL || payout.row.due_on == NULL ||
        payout.row.first_on == NULL || payout.row.payable_on == NULL || payout.row.credited_on == NULL ||
        payout.row.carried_to == NULL) {
        return out_of_room(err);
    }
    payout.payout = make_payout(set, &payout.row);
    payout.is_affected = payout.is_affected || may_be_carried(&payout);
    *place = payout;
    return STATUS_OK;
}

static enum status
collect_credit(int64_t import, const struct bank_line *line, bool is_open, void *context, struct error_detail *err)
{
    struct deposit_set *set = context;
    struct known_credit credit = {
        .import = import, .line = *line, .is_open = is_open && !set->is_placed, .is_known = set->is_placed};
    struct known_credit *place = growing_add(&set->credits);
    if (place == NULL || !keep_view(set->arena, &credit.line.payer_kana) || !keep_view(set->arena, &credit.line.edi) ||
        !keep_view(set->arena, &credit.line.summary)) {
        return out_of_room(err);
    }
    *place = credit;
    return STATUS_OK;
}

static enum status
collect_placed_credit(int64_t import, const struct bank_line *line, void *context, struct error_detail *err)
{
    return collect_credit(import, line, /* is_open= */ false, context, err);
}

static enum status
collect_portion(const struct portion_row *row, void *context, struct error_detail *err)
{
    struct deposit_set *set = context;
    struct portion_row portion = *row;
    struct portion_row *place = growing_add(&set->portions);
    portion.trustee = keep(set->arena, row->trustee);
    portion.payout = keep(set->arena, row->payout);
    if (place == NULL || portion.trustee == NULL || portion.payout == NULL) {
        return out_of_room(err);
    }
    *place = portion;
    return STATUS_OK;
}

static int
compare_payouts(const void *a, const void *b)
{
    const struct known_payout *left = a;
    const struct known_payout *right = b;
    int order = strcmp(left->row.payout, right->row.payout);
    return order != 0 ? order : strcmp(left->row.trustee, right->row.trustee);
}

static int
compare_credits(const void *a, const void *b)
{
    const struct known_credit *left = a;
    const struct known_credit *right = b;
    if (left->import != right->import) {
        return left->import < right->import ? -1 : 1;
    }
    return (left->line.line > right->line.line) - (left->line.line < right->line.line);
}

/* Each payout and each credit once, with all that was found out about it. */
static void
sort_once(struct deposit_set *set)
{
    size_t count = set->payouts.count;
    size_t kept = 0;
    if (count > 1) {
        qsort(set->payouts.elements, count, sizeof(struct known_payout), compare_payouts);
    }
    for (size_t i = 0; i < count; i++) {
        const struct known_payout *payout = deposit_set_payout(set, i);
        struct known_payout *before = kept > 0 ? deposit_set_payout(set, kept - 1) : NULL;
        if (before == NULL || compare_payouts(before, payout) != 0) {
            *deposit_set_payout(set, kept++) = *payout;
            continue;
        }
        /* An affected one has more to it than it had before. */
        bool was_expanded =
            (before->is_expanded && before->is_affected) || (payout->is_expanded && payout->is_affected);
        before->is_affected = before->is_affected || payout->is_affected;
        before->is_expanded = before->is_affected ? was_expanded : before->is_expanded || payout->is_expanded;
        before->is_in_chain = before->is_in_chain || payout->is_in_chain;
    }
    set->payouts.count = kept;
    count = set->credits.count;
    kept = 0;
    if (count > 1) {
        qsort(set->credits.elements, count, sizeof(struct known_credit), compare_credits);
    }
    for (size_t i = 0; i < count; i++) {
        const struct known_credit *credit = deposit_set_credit(set, i);
        struct known_credit *before = kept > 0 ? deposit_set_credit(set, kept - 1) : NULL;
        if (before == NULL || compare_credits(before, credit) != 0) {
            *deposit_set_credit(set, kept++) = *credit;
            continue;
        }
        before->is_open = before->is_open || credit->is_open;
        before->is_known = before->is_known || credit->is_known;
        before->is_expanded = before->is_expanded || credit->is_expanded;
    }
    set->credits.count = kept;
}

/* The payouts that EDI names. */
static enum status
collect_named(struct deposit_set *set, struct text_view edi, struct error_detail *err)
{
    char name[PAYOUT_NAME_MAX];
    while (edi.length > 0 && edi.at[edi.length - 1] == ' ') {
        edi.length--;
    }
    while (edi.length > 0 && edi.at[0] == ' ') {
        edi.at++;
        edi.length--;
    }
    if (edi.length == 0 || edi.length >= sizeof name) {
        return STATUS_OK;
    }
    memcpy(name, edi.at, edi.length);
    name[edi.length] = '\0';
    return payout_find_each(set->txn, set->municipality, name, collect_payout, set, err);
}

/* The other payouts of its pay day and of its id, and the credits that it has. */
static enum status
expand_payout(struct deposit_set *set, const struct known_payout *payout, struct error_detail *err)
{
    char day[CIVIL_DATE_TEXT_SIZE];
    const struct payout_row *row = &payout->row;
    civil_date_format(day, payout->payout.pay_date);
    enum status status = payout_of_day_each(set->txn, set->municipality, row->trustee, day, collect_payout, set, err);
    if (status == STATUS_OK && payout->is_affected) {
        set->is_affecting = true;
        status = collect_named(set, text_view_of(row->payout), err);
        set->is_affecting = false;
    }
    if (status == STATUS_OK && row->credited_yen != 0) {
        set->is_placed = true;
        status = credit_each(set->txn, set->municipality, row->trustee, row->payout, collect_placed_credit, set, err);
        set->is_placed = false;
    }
    return status;
}

static enum status
collect_spread(const struct portion_row *row, void *context, struct error_detail *err)
{
    struct deposit_set *set = context;
    struct portion_row part = *row;
    struct portion_row *place = growing_add(&set->spreads);
    part.trustee = keep(set->arena, row->trustee);
    part.payout = keep(set->arena, row->payout);
    if (place == NULL || part.trustee == NULL || part.payout == NULL) {
        return out_of_room(err);
    }
    *place = part;
    return STATUS_OK;
}

/* What a person said that CREDIT pays, and these payouts. */
static enum status
expand_spread(struct deposit_set *set, const struct known_credit *credit, struct error_detail *err)
{
    size_t first = set->spreads.count;
    enum status status = spread_of_credit_each(set->txn, credit->import, credit->line.line, collect_spread, set, err);
    set->is_affecting = !credit->is_known;
    for (size_t i = first; status == STATUS_OK && i < set->spreads.count; i++) {
        const struct portion_row *part = &((struct portion_row *)set->spreads.elements)[i];
        status = payout_find_each(set->txn, set->municipality, part->payout, collect_payout, set, err);
    }
    set->is_affecting = false;
    return status;
}

/* What a credit names, and what it pays. */
static enum status
expand_credit(struct deposit_set *set, const struct known_credit *credit, struct error_detail *err)
{
    set->is_affecting = !credit->is_known;
    enum status status = collect_named(set, credit->line.edi, err);
    set->is_affecting = false;
    if (status == STATUS_OK && credit->is_known) {
        status = payout_of_credit_each(set->txn, set->municipality, credit->import, credit->line.line, collect_payout,
                                       set, err);
    }
    if (status == STATUS_OK && credit->is_known) {
        status = portion_each(set->txn, credit->import, credit->line.line, collect_portion, set, err);
    }
    return status == STATUS_OK ? expand_spread(set, credit, err) : status;
}

static enum status
expand_all(struct deposit_set *set, struct error_detail *err)
{
    enum status status = STATUS_OK;
    bool has_new = true;
    while (status == STATUS_OK && has_new) {
        has_new = false;
        sort_once(set);
        size_t payout_count = set->payouts.count;
        size_t credit_count = set->credits.count;
        for (size_t i = 0; status == STATUS_OK && i < payout_count; i++) {
            const struct known_payout payout = *deposit_set_payout(set, i);
            if (!payout.is_expanded) {
                deposit_set_payout(set, i)->is_expanded = true;
                has_new = true;
                status = expand_payout(set, &payout, err);
            }
        }
        for (size_t i = 0; status == STATUS_OK && i < credit_count; i++) {
            const struct known_credit credit = *deposit_set_credit(set, i);
            if (!credit.is_expanded) {
                deposit_set_credit(set, i)->is_expanded = true;
                has_new = true;
                status = expand_credit(set, &credit, err);
            }
        }
    }
    return status;
}

/* The first day from which something may change in what TRUSTEE's payouts carry; year 0 when nothing may. */
static struct civil_date
first_affected(const struct deposit_set *set, const char *trustee)
{
    struct civil_date first = {0};
    for (size_t i = 0; i < set->payouts.count; i++) {
        const struct known_payout *payout = deposit_set_payout(set, i);
        if (!payout->is_affected || strcmp(payout->row.trustee, trustee) != 0) {
            continue;
        }
        struct civil_date kept = read_day(payout->row.payable_on);
        struct civil_date day = payout->payout.pay_date;
        day = kept.year != 0 && civil_date_compare(kept, day) < 0 ? kept : day;
        first = first.year == 0 || civil_date_compare(day, first) < 0 ? day : first;
    }
    return first;
}

/* Where terms carry anything over: the company's payouts from there on, and what leads to them. */
static enum status
collect_chains(struct deposit_set *set, struct error_detail *err)
{
    enum status status = STATUS_OK;
    const struct json_value *row = json_first(catalogue_table(set->agreed->catalogue, "trustees"));
    set->is_chaining = true;
    for (; status == STATUS_OK && row != NULL; row = json_next(row)) {
        const char *trustee = NULL;
        char day[CIVIL_DATE_TEXT_SIZE];
        if (!json_as_text(json_member(row, "code"), &trustee) || !terms_book_carries(set->agreed->book, trustee)) {
            continue;
        }
        struct civil_date first = first_affected(set, trustee);
        if (first.year != 0) {
            status = payout_from_each(set->txn, set->municipality, trustee, civil_date_format(day, first),
                                      collect_payout, set, err);
        }
    }
    set->is_chaining = false;
    return status == STATUS_OK ? expand_all(set, err) : status;
}

/* What is carried stands as it is where its chain is not here. */
static void
keep_other_chains(struct deposit_set *set)
{
    for (size_t i = 0; i < set->payouts.count; i++) {
        struct known_payout *payout = deposit_set_payout(set, i);
        payout->payout.is_carry_known = !payout->is_affected && !payout->is_in_chain;
        payout->payout.is_known_carried = payout->row.is_carried;
        payout->payout.known_carry_yen = payout->row.carry_yen;
    }
}

enum status
deposit_set_collect(struct deposit_set *set, int64_t after_import, struct error_detail *err)
{
    enum status status = payout_gather(set->txn, set->municipality, after_import, err);
    if (status == STATUS_OK) {
        status = credit_open_each(set->txn, set->municipality, collect_credit, set, err);
    }
    if (status == STATUS_OK) {
        status = credit_new_each(set->txn, set->municipality, after_import, collect_credit, set, err);
    }
    if (status == STATUS_OK) {
        status = payout_open_each(set->txn, set->municipality, collect_payout, set, err);
    }
    set->is_affecting = true;
    if (status == STATUS_OK) {
        status = payout_touched_each(set->txn, set->municipality, after_import, collect_payout, set, err);
    }
    set->is_affecting = false;
    if (status == STATUS_OK) {
        status = expand_all(set, err);
    }
    if (status == STATUS_OK) {
        status = collect_chains(set, err);
    }
    keep_other_chains(set);
    return status;
}
