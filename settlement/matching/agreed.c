/* An answer has one place, by its brand and day; another that comes there takes it over. */
#include "settlement/matching/agreed.h"

#include "settlement/reconciliation/match_item.h"

#include <stdio.h>
#include <string.h>

enum status
agreed_init(struct agreed *agreed, const struct catalogue *catalogue, struct error_detail *err)
{
    *agreed = (struct agreed){.catalogue = catalogue};
    return terms_book_create(&agreed->book, catalogue, err);
}

void
agreed_finish(struct agreed *agreed)
{
    terms_book_destroy(agreed->book);
    agreed->book = NULL;
}

static struct agreed_answer
ask(const struct agreed *agreed, const char *brand, struct civil_date day)
{
    struct agreed_answer answer = {.day = civil_date_to_days(day),
                                   .trustee = catalogue_trustee_of(agreed->catalogue, brand, day)};
    if (answer.trustee != NULL) {
        answer.terms = terms_book_find(agreed->book, answer.trustee, brand, day);
    }
    if (strlen(brand) < sizeof answer.brand) {
        snprintf(answer.brand, sizeof answer.brand, "%s", brand);
    }
    return answer;
}

const struct terms *
agreed_terms(struct agreed *agreed, const char *brand, struct civil_date day, const char **out_trustee)
{
    int64_t number = civil_date_to_days(day);
    uint32_t place = (match_hash(text_view_of(brand)) + (uint32_t)number * 31U) & (AGREED_ANSWERS - 1U);
    struct agreed_answer *kept = &agreed->answers[place];
    if (kept->brand[0] == '\0' || kept->day != number || strcmp(kept->brand, brand) != 0) {
        *kept = ask(agreed, brand, day);
    }
    if (out_trustee != NULL) {
        *out_trustee = kept->trustee;
    }
    return kept->terms;
}

struct civil_date
agreed_statement_due(struct agreed *agreed, const char *brand, struct civil_date day)
{
    const struct terms *terms = agreed != NULL ? agreed_terms(agreed, brand, day, NULL) : NULL;
    return terms != NULL ? terms_statement_due(terms, terms_book_calendar(agreed->book), terms_closing_of(terms, day))
                         : civil_date_add_days(day, STATEMENT_DUE_DAYS);
}

struct civil_date
agreed_last_reported(struct agreed *agreed, const char *trustee, const char *brand, struct civil_date today)
{
    const struct terms *terms = terms_book_find(agreed->book, trustee, brand, today);
    return terms != NULL ? terms_last_reported(terms, terms_book_calendar(agreed->book), today)
                         : civil_date_add_days(today, -STATEMENT_DUE_DAYS - 1);
}
