/* Tickets and visitors: facts without money. */
#include "settlement/audit/book_parts.h"

#include <string.h>

bool
book_take_ticket_issued(struct taking *at)
{
    struct book *book = at->book;
    const char *ticket = "";
    const char *facility = "";
    const char *item = "";
    const char *entered_at = "";
    const char *clerk = "";
    const char *label = "";
    int64_t entered_at_ms;
    if (!book_text(book, at->body, "ticket", &ticket) || !book_text(book, at->body, "facility", &facility) ||
        !book_text(book, at->body, "item", &item) || !book_text(book, at->body, "entered_at", &entered_at) ||
        instant_parse(&entered_at_ms, entered_at, strlen(entered_at)) != STATUS_OK || entered_at_ms == 0 ||
        !book_text(book, at->body, "clerk", &clerk) || !book_optional_text(book, at->body, "label", &label) ||
        id_map_find(&book->tickets, ticket) != 0) {
        return false;
    }
    book->has_failed = !id_map_put(&book->tickets, ticket, at->line->sequence) || book->has_failed;
    struct fact fact;
    book_fact_begin(&fact, at);
    book_fact_text(&fact, book->place);
    book_fact_text(&fact, ticket);
    book_fact_text(&fact, facility);
    book_fact_text(&fact, item);
    book_fact_number(&fact, entered_at_ms);
    book_fact_text(&fact, clerk);
    book_fact_text(&fact, label);
    book_fact_end(&fact, "ticket", 0);
    return true;
}

bool
book_take_ticket_closed(struct taking *at)
{
    static const char *const words[] = {"left", "voided", NULL};
    struct book *book = at->book;
    const char *ticket = "";
    const char *outcome = "";
    const char *clerk = "";
    const char *reason = "";
    if (!book_text(book, at->body, "ticket", &ticket) || !book_text(book, at->body, "outcome", &outcome) ||
        !book_word_is_one_of(outcome, words) || !book_text(book, at->body, "clerk", &clerk) ||
        !book_optional_text(book, at->body, "reason", &reason)) {
        return false;
    }
    struct fact fact;
    book_fact_begin(&fact, at);
    book_fact_text(&fact, ticket);
    book_fact_text(&fact, outcome);
    book_fact_text(&fact, clerk);
    book_fact_text(&fact, reason);
    book_fact_end(&fact, "ticket_closing", 0);
    return true;
}

bool
book_take_entry(struct taking *at)
{
    struct book *book = at->book;
    struct book_visit visit = {.business_date = at->line->business_date};
    const char *clerk = "";
    if (!book_text(book, at->body, "facility", &visit.facility) ||
        !book_text(book, at->body, "category", &visit.category) ||
        !json_as_int(json_member(at->body, "count"), &visit.count) || visit.count < -100000 || visit.count > 100000 ||
        !book_text(book, at->body, "clerk", &clerk)) {
        return false;
    }
    struct book_visit *written = book_add(book, &book->visits);
    if (written != NULL) {
        *written = visit;
    }
    return true;
}
