/* Rows that one line makes and no later line changes: written down as the text that the books' row must give. */
#include "settlement/audit/book_parts.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { FACT_TEXT_MAX_BYTES = 8192 };

void
book_fact_text(struct fact *fact, const char *text)
{
    assert(fact->count < FACT_PARTS_MAX);
    fact->parts[fact->count++] = text;
}

void
book_fact_number(struct fact *fact, int64_t number)
{
    assert(fact->number_count < FACT_NUMBERS_MAX);
    char *text = fact->numbers[fact->number_count++];
    snprintf(text, FACT_NUMBER_SIZE, "%lld", (long long)number);
    book_fact_text(fact, text);
}

void
book_fact_begin(struct fact *fact, struct taking *at)
{
    *fact = (struct fact){.at = at};
    book_fact_text(fact, at->book->municipality);
    book_fact_text(fact, civil_date_format(fact->date, at->line->business_date));
}

void
book_fact_begin_place(struct fact *fact, struct taking *at)
{
    const struct book *book = at->book;
    book_fact_begin(fact, at);
    book_fact_text(fact, book->place);
    book_fact_number(fact, book->open_day == 0
                               ? 0
                               : BOOK_AT(book->days, const struct book_day, book->open_day - 1)->opened_sequence);
    book_fact_number(fact, at->line->at_ms);
}

void
book_fact_end(struct fact *fact, const char *table, int64_t amount_yen)
{
    struct book *book = fact->at->book;
    struct buffer text;
    buffer_init(&text, FACT_TEXT_MAX_BYTES);
    for (size_t i = 0; i < fact->count; i++) {
        buffer_append_text(&text, i == 0 ? "" : FACT_SEPARATOR);
        buffer_append_text(&text, fact->parts[i]);
    }
    struct book_fact *written = book_add(book, &book->facts);
    const char *kept = arena_copy(&book->texts, buffer_text(&text), text.length);
    book->has_failed = book->has_failed || kept == NULL;
    if (written != NULL) {
        *written = (struct book_fact){.sequence = fact->at->line->sequence,
                                      .amount_yen = amount_yen,
                                      .table = table,
                                      .text = kept != NULL ? kept : ""};
    }
    buffer_finish(&text);
}

bool
book_contradicts(struct taking *at, const char *code, int64_t expected_yen, int64_t found_yen, const char *format, ...)
{
    char message[FINDING_MESSAGE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    finding_add(at->book->findings, code, at->book->terminal, at->line->sequence, expected_yen, found_yen, "%s",
                message);
    return false;
}

void
book_compare_claim(struct taking *at, const char *code, int64_t own_yen, int64_t claimed_yen, const char *message)
{
    if (own_yen != claimed_yen) {
        finding_add(at->book->findings, code, at->book->terminal, at->line->sequence, own_yen, claimed_yen, "%s",
                    message);
    }
}
