/* Sums of 調定 come from their rows, what has come from 消込 on the closing day. */
#include "settlement/closing/closing_facts.h"

#include "common/bytes/encoding.h"
#include "settlement/assessment/fiscal_rules.h"
#include "settlement/catalogue/catalogue.h"
#include "settlement/collection/collecting.h"
#include "settlement/collection/year_table.h"
#include "settlement/terms/terms_book.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { RECORD_MAX_BYTES = 1024 };

bool
closing_is_obstacle(enum closing_question question)
{
    return question < YEAR_IN_DOUBT;
}

bool
closing_is_possible(const struct closing_facts *facts)
{
    for (int i = 0; i < CLOSING_QUESTION_COUNT; i++) {
        if (closing_is_obstacle((enum closing_question)i) && facts->obstacles[i].count > 0) {
            return false;
        }
    }
    return facts->is_after_closing_day;
}

/* ---- the digest ---- */

struct digesting {
    struct sha256_run *run;
    struct closing_facts *facts;
};

/* One line a 調定: docs/assessment.md gives the form, since the audit reads it there, too. */
static enum status
add_record(const struct year_record *record, void *context)
{
    struct digesting *digesting = context;
    char line[RECORD_MAX_BYTES];
    bool is_decrease = strcmp(record->kind, "decrease") == 0;
    int length = snprintf(line, sizeof line, "%" PRId64 "|%s|%s|%s|%s|%s|%s|%" PRId64 "|%" PRId64 "\n", record->serial,
                          record->kind, record->assessed_on, record->account, record->section, record->route,
                          record->tax, record->amount_yen, record->tax_yen);
    sha256_add(digesting->run, line, length < (int)sizeof line ? (size_t)length : sizeof line - 1);
    digesting->facts->assessed_count++;
    digesting->facts->assessed_yen += is_decrease ? -record->amount_yen : record->amount_yen;
    return STATUS_OK;
}

static enum status
digest(struct closing_facts *facts, struct store_txn *txn, const char *municipality, struct error_detail *err)
{
    struct digesting digesting = {.facts = facts};
    uint8_t sum[SHA256_SIZE];
    enum status status = sha256_begin(&digesting.run, err);
    if (status == STATUS_OK) {
        status = year_record_each(txn, municipality, facts->fiscal_year, add_record, &digesting, err);
    }
    if (status != STATUS_OK) {
        sha256_drop(digesting.run);
        return status;
    }
    sha256_end(digesting.run, sum);
    hex_encode(facts->record_sha256, sum, SHA256_SIZE);
    return STATUS_OK;
}

/* ---- what has come ---- */

/* Only sums are wanted here: a payout that nothing says the day of is due on the closing day. */
struct paying {
    const struct terms_book *book;
    const char *closing_day;
};

static void
pay_day(const char *route, const char *day, char *out, void *context)
{
    const struct paying *paying = context;
    struct civil_date date;
    struct civil_date pay;
    if (civil_date_parse(&date, day, strlen(day)) == STATUS_OK && terms_book_pay_day(paying->book, route, date, &pay)) {
        civil_date_format(out, pay);
    } else {
        snprintf(out, CIVIL_DATE_TEXT_SIZE, "%s", paying->closing_day);
    }
}

static enum status
sum_received(struct closing_facts *facts, struct collecting *found, struct paying *paying, const char *to,
             struct error_detail *err)
{
    struct year_table table = {0};
    const struct year_question question = {.fiscal_year = facts->fiscal_year,
                                           .closing = facts->closing_day,
                                           .today = to,
                                           .pay_day = pay_day,
                                           .context = paying,
                                           .arena = &found->arena};
    enum status status = year_table_make(&table, &question, found->assessed.elements, found->assessed.count,
                                         found->payouts.elements, found->payouts.count, err);
    for (size_t i = 0; status == STATUS_OK && i < table.rows.count; i++) {
        facts->received_yen += ((const struct collection_row *)table.rows.elements)[i].stand_yen[COLLECTION_RECEIVED];
    }
    facts->outstanding_yen = facts->assessed_yen - facts->received_yen;
    year_table_finish(&table);
    return status;
}

static enum status
collect(struct closing_facts *facts, struct store_txn *txn, const char *municipality, struct civil_date today,
        struct error_detail *err)
{
    struct catalogue *catalogue = NULL;
    struct terms_book *book = NULL;
    struct collecting found;
    char to[CIVIL_DATE_TEXT_SIZE];
    struct civil_date closing = fiscal_year_closing_day(facts->fiscal_year);
    civil_date_format(to, civil_date_compare(today, closing) < 0 ? today : closing);
    collecting_begin(&found);
    enum status status = catalogue_load(&catalogue, txn, municipality, err);
    if (status == STATUS_OK) {
        status = terms_book_create(&book, catalogue, err);
    }
    if (status == STATUS_OK) {
        status = collecting_read_year(&found, txn, municipality, facts->fiscal_year, to, err);
    }
    if (status == STATUS_OK) {
        struct paying paying = {.book = book, .closing_day = facts->closing_day};
        status = sum_received(facts, &found, &paying, to, err);
    }
    terms_book_destroy(book);
    collecting_finish(&found);
    catalogue_destroy(catalogue);
    return status;
}

enum status
closing_facts_read(struct closing_facts *out, struct store_txn *txn, const char *municipality, int fiscal_year,
                   struct civil_date today, struct error_detail *err)
{
    char first[CIVIL_DATE_TEXT_SIZE];
    char last[CIVIL_DATE_TEXT_SIZE];
    struct civil_date closing = fiscal_year_closing_day(fiscal_year);
    struct closing_facts facts = {.fiscal_year = fiscal_year,
                                  .is_after_closing_day = civil_date_compare(today, closing) > 0};
    civil_date_format(facts.closing_day, closing);
    civil_date_format(first, (struct civil_date){fiscal_year, 4, 1});
    civil_date_format(last, (struct civil_date){fiscal_year + 1, 3, 31});
    enum status status = STATUS_OK;
    for (int i = 0; status == STATUS_OK && i < CLOSING_QUESTION_COUNT; i++) {
        status = year_obstacle_read(txn, (enum closing_question)i, municipality, fiscal_year, first, last,
                                    &facts.obstacles[i], err);
    }
    if (status == STATUS_OK) {
        status = digest(&facts, txn, municipality, err);
    }
    if (status == STATUS_OK) {
        status = collect(&facts, txn, municipality, today, err);
    }
    if (status == STATUS_OK) {
        *out = facts;
    }
    return status;
}
