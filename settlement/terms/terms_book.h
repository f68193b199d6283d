/* The terms and the calendar of one version of the masters. Terms of a brand go before those of its trustee at large;
 * both hold on the days of their rows. */
#pragma once

#include "settlement/catalogue/catalogue.h"
#include "settlement/terms/terms.h"

struct terms_book;

/* Read both tables of CATALOGUE. *OUT is given: terms_book_destroy. Borrows CATALOGUE's texts. */
enum status
terms_book_create(struct terms_book **out, const struct catalogue *catalogue, struct error_detail *err) MUST_CHECK;
void terms_book_destroy(struct terms_book *book);

const struct bank_calendar *terms_book_calendar(const struct terms_book *book);

/* What holds for BRAND ("" for none in particular) of TRUSTEE on DAY, or NULL. Borrowed. */
const struct terms *
terms_book_find(const struct terms_book *book, const char *trustee, const char *brand, struct civil_date day);

/* The day by which TRUSTEE pays a period that began with DAY: the latest of all its terms on DAY, as a payout may hold
 * several brands. False without terms. */
bool
terms_book_pay_day(const struct terms_book *book, const char *trustee, struct civil_date day, struct civil_date *out);

/* Whether every one of TRUSTEE's terms on DAY says that fees are deducted from deposits; false without terms. */
bool terms_book_is_net(const struct terms_book *book, const char *trustee, struct civil_date day);

/* How TRUSTEE transfers what it owes for DAY. Where its terms on that day differ in something, nothing is said of it:
 * no minimum, not together, nothing carried. */
struct terms_transfer {
    bool is_together;
    int64_t minimum_yen;
    bool carries_negative;
};
struct terms_transfer terms_book_transfer(const struct terms_book *book, const char *trustee, struct civil_date day);

/* Whether any terms of TRUSTEE, of whatever day, carry anything over. */
bool terms_book_carries(const struct terms_book *book, const char *trustee);
