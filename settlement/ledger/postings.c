/* The double entry, event by event. */
#include "settlement/ledger/postings.h"

#include <assert.h>
#include <string.h>

static void
add(struct posting_list *list, struct posting entry)
{
    assert(list->count < POSTINGS_MAX);

    if (entry.amount_yen == 0) {
        return;
    }
    entry.brand = entry.brand != NULL ? entry.brand : "";
    entry.account = entry.account != NULL ? entry.account : "";
    entry.section = entry.section != NULL ? entry.section : "";
    entry.tax = entry.tax != NULL ? entry.tax : "";
    entry.issuer = entry.issuer != NULL ? entry.issuer : "";
    list->entries[list->count++] = entry;
}

static void
check_balance(const struct posting_list *list)
{
    int64_t sum_yen = 0;
    for (size_t i = 0; i < list->count; i++) {
        sum_yen += list->entries[i].amount_yen;
    }
    assert(sum_yen == 0);
    (void)sum_yen;
}

/* The entry of the revenue group that LINE belongs to, or NULL. */
static struct posting *
find_group(struct posting_list *list, const struct sale_line_row *line)
{
    for (size_t i = 0; i < list->count; i++) {
        struct posting *entry = &list->entries[i];
        if (entry->ledger == LEDGER_REVENUE && strcmp(entry->account, line->account) == 0 &&
            strcmp(entry->section, line->section) == 0 && strcmp(entry->tax, line->tax) == 0 &&
            strcmp(entry->issuer, line->issuer) == 0) {
            return entry;
        }
    }
    return NULL;
}

enum status
postings_of_sale(struct posting_list *out, int64_t cash_yen, const char *brand, const struct sale_line_row *lines,
                 size_t count, struct error_detail *err)
{
    int64_t total_yen = 0;
    for (size_t i = 0; i < count; i++) {
        total_yen += lines[i].amount_yen;
    }
    out->count = 0;
    add(out, (struct posting){.ledger = LEDGER_DRAWER, .amount_yen = cash_yen});
    add(out, (struct posting){.ledger = LEDGER_RECEIVABLE, .brand = brand, .amount_yen = total_yen - cash_yen});
    for (size_t i = 0; i < count; i++) {
        struct posting *group = find_group(out, &lines[i]);
        if (group != NULL) {
            group->amount_yen -= lines[i].amount_yen;
            continue;
        }
        if (out->count == POSTINGS_MAX) {
            error_set(err, "too_many_accounts", "一つの売上に%dを超える科目があります。", POSTINGS_MAX - 2);
            return STATUS_OVERFLOW;
        }
        add(out, (struct posting){.ledger = LEDGER_REVENUE,
                                  .account = lines[i].account,
                                  .section = lines[i].section,
                                  .tax = lines[i].tax,
                                  .issuer = lines[i].issuer,
                                  .amount_yen = -lines[i].amount_yen});
    }
    check_balance(out);
    return STATUS_OK;
}

void
postings_of_held(struct posting_list *out, const char *brand, int64_t amount_yen)
{
    out->count = 0;
    add(out, (struct posting){.ledger = LEDGER_RECEIVABLE, .brand = brand, .amount_yen = amount_yen});
    add(out, (struct posting){.ledger = LEDGER_HELD, .brand = brand, .amount_yen = -amount_yen});
    check_balance(out);
}

void
postings_of_opening(struct posting_list *out, int64_t float_yen)
{
    out->count = 0;
    add(out, (struct posting){.ledger = LEDGER_DRAWER, .amount_yen = float_yen});
    add(out, (struct posting){.ledger = LEDGER_FLOAT, .amount_yen = -float_yen});
    check_balance(out);
}

void
postings_of_closing(struct posting_list *out, int64_t float_yen, int64_t expected_yen, int64_t counted_yen)
{
    out->count = 0;
    add(out, (struct posting){.ledger = LEDGER_DRAWER, .amount_yen = -expected_yen});
    add(out, (struct posting){.ledger = LEDGER_FLOAT, .amount_yen = float_yen});
    add(out, (struct posting){.ledger = LEDGER_VAULT, .amount_yen = counted_yen - float_yen});
    add(out, (struct posting){.ledger = LEDGER_OVER_SHORT, .amount_yen = expected_yen - counted_yen});
    check_balance(out);
}

void
postings_of_transfer(struct posting_list *out, enum ledger_account debit, enum ledger_account credit,
                     int64_t amount_yen)
{
    out->count = 0;
    add(out, (struct posting){.ledger = debit, .amount_yen = amount_yen});
    add(out, (struct posting){.ledger = credit, .amount_yen = -amount_yen});
    check_balance(out);
}

int64_t
postings_sum(const struct posting_list *list, enum ledger_account account)
{
    int64_t sum_yen = 0;
    for (size_t i = 0; i < list->count; i++) {
        if (list->entries[i].ledger == account) {
            sum_yen += list->entries[i].amount_yen;
        }
    }
    return sum_yen;
}
