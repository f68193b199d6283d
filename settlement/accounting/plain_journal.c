/* Postings into the text that accounting programs read. */
#include "settlement/accounting/plain_journal.h"

#include "common/clock/civil.h"
#include "common/identity/identity.h"
#include "settlement/store/accounting_store.h"

#include <inttypes.h>
#include <string.h>

/* What becomes of a ledger's name; the parts behind it, in this order, are those that are set. */
struct account_rule {
    const char *ledger;
    const char *root;
    bool has_place;
    bool has_terminal;
    bool has_brand;
    bool has_revenue; /* account, section, tax, issuer */
};

static const struct account_rule rules[] = {
    {.ledger = "drawer", .root = "assets:drawer", .has_terminal = true},
    {.ledger = "vault", .root = "assets:vault", .has_place = true, .has_terminal = true},
    {.ledger = "bank", .root = "assets:bank"},
    {.ledger = "receivable", .root = "assets:receivable", .has_brand = true},
    {.ledger = "float", .root = "liabilities:float", .has_terminal = true},
    {.ledger = "held", .root = "liabilities:held", .has_brand = true},
    {.ledger = "refund_transit", .root = "liabilities:refund-transit"},
    {.ledger = "revenue", .root = "revenues", .has_revenue = true},
    {.ledger = "refund", .root = "expenses:refund"},
    {.ledger = "over_short", .root = "expenses:over-short", .has_terminal = true},
    {.ledger = "cash_other", .root = "equity:cash-other", .has_terminal = true},
};

struct plain_journal {
    FILE *out;
    struct plain_journal_counts *counts;
    char terminal[TERMINAL_ID_SIZE]; /* of the transaction that is being written; "": none */
    int64_t sequence;
    char last_day[CIVIL_DATE_TEXT_SIZE]; /* latest business date that was written */
};

/* What the first part of a name means to programs that make a balance sheet. */
static const struct {
    const char *name;
    char type;
} roots[] = {{"assets", 'A'}, {"liabilities", 'L'}, {"equity", 'E'}, {"revenues", 'R'}, {"expenses", 'X'}};

/* A part of an account's name. Codes of masters may hold what the format gives a meaning to: a colon parts names, two
 * spaces end one, a semicolon begins a comment. None may make two accounts of one, or one of two. */
static void
write_part(FILE *out, const char *text)
{
    fputc(':', out);
    if (text[0] == '\0') {
        fputs("none", out);
    }
    for (const char *at = text; *at != '\0'; at++) {
        if (strchr(":; %\t\n\r()[]=@\"", *at) != NULL) {
            fprintf(out, "%%%02X", (unsigned char)*at);
        } else {
            fputc(*at, out);
        }
    }
}

static enum status
write_account(FILE *out, const struct posting_row *row, struct error_detail *err)
{
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        const struct account_rule *rule = &rules[i];
        if (strcmp(rule->ledger, row->ledger) != 0) {
            continue;
        }
        fputs(rule->root, out);
        if (rule->has_place) {
            write_part(out, row->place);
        }
        if (rule->has_terminal) {
            write_part(out, row->terminal);
        }
        if (rule->has_brand) {
            write_part(out, row->brand);
        }
        if (rule->has_revenue) {
            write_part(out, row->account);
            write_part(out, row->section);
            write_part(out, row->tax);
            write_part(out, row->issuer);
        }
        return STATUS_OK;
    }
    error_set(err, "unknown_ledger", "%s:%" PRId64 " is posted to \"%s\", which this program does not know",
              row->terminal, row->sequence, row->ledger);
    return STATUS_CORRUPT;
}

static enum status
write_posting(const struct posting_row *row, void *context, struct error_detail *err)
{
    struct plain_journal *journal = context;
    if (row->sequence != journal->sequence || strcmp(row->terminal, journal->terminal) != 0) {
        bool is_remittance = row->sequence < 0;
        fprintf(journal->out, "\n%s (%s:%" PRId64 ") %s  ; received:%s\n", row->business_date,
                is_remittance ? "remittance" : row->terminal, is_remittance ? -row->sequence : row->sequence,
                row->place, row->received_on);
        snprintf(journal->terminal, sizeof journal->terminal, "%s", row->terminal);
        journal->sequence = row->sequence;
        if (strcmp(row->business_date, journal->last_day) > 0) {
            snprintf(journal->last_day, sizeof journal->last_day, "%s", row->business_date);
        }
        journal->counts->transactions++;
    }
    fputs("    ", journal->out);
    enum status status = write_account(journal->out, row, err);
    fprintf(journal->out, "  %" PRId64 " JPY\n", row->amount_yen);
    journal->counts->postings++;
    return status;
}

/* Programs that are asked to be strict take no account that was not named before. */
static enum status
write_declaration(const struct posting_row *row, void *context, struct error_detail *err)
{
    struct plain_journal *journal = context;
    fputs("account ", journal->out);
    enum status status = write_account(journal->out, row, err);
    fputc('\n', journal->out);
    return status;
}

static enum status
write_assertion(const struct posting_row *row, void *context, struct error_detail *err)
{
    struct plain_journal *journal = context;
    fputs("    ", journal->out);
    enum status status = write_account(journal->out, row, err);
    fprintf(journal->out, "  0 JPY = %" PRId64 " JPY\n", row->amount_yen);
    journal->counts->accounts++;
    return status;
}

enum status
plain_journal_write(struct store_txn *txn, const char *municipality, FILE *out, struct plain_journal_counts *counts,
                    struct error_detail *err)
{
    struct plain_journal journal = {.out = out, .counts = counts};
    *counts = (struct plain_journal_counts){0};
    fprintf(out,
            "; The books of municipality %s. Each entry is named by the journal line that made it, or by its 払込.\n",
            municipality);
    fputs("; The last one moves nothing and asserts every balance, summed in another way.\n"
          "commodity 1,000. JPY\n",
          out);
    for (size_t i = 0; i < sizeof roots / sizeof roots[0]; i++) {
        fprintf(out, "account %s  ; type:%c\n", roots[i].name, roots[i].type);
    }
    enum status status = posting_balance_each(txn, municipality, write_declaration, &journal, err);
    if (status == STATUS_OK) {
        status = posting_each(txn, municipality, write_posting, &journal, err);
    }
    if (status == STATUS_OK && counts->postings > 0) {
        fprintf(out, "\n%s (balances) every account\n", journal.last_day);
        status = posting_balance_each(txn, municipality, write_assertion, &journal, err);
    }
    if (status == STATUS_OK && ferror(out)) {
        error_set(err, "write_failed", "the file could not be written");
        status = STATUS_IO;
    }
    return status;
}
