/* Taking lines, and what the families share. */
#include "settlement/audit/book.h"

#include "settlement/audit/book_parts.h"

#include <string.h>

enum {
    ELEMENTS_MAX = 100 * 1000 * 1000, /* of one till */
};
#define TEXTS_MAX_BYTES ((size_t)8 * 1024 * 1024 * 1024)

void
book_init(struct book *book, struct findings *findings)
{
    *book = (struct book){.findings = findings};
    arena_init(&book->texts, TEXTS_MAX_BYTES);
    growing_init(&book->sales, sizeof(struct book_sale), ELEMENTS_MAX, 0);
    growing_init(&book->lines, sizeof(struct book_line), ELEMENTS_MAX, 0);
    growing_init(&book->taxes, sizeof(struct book_tax), ELEMENTS_MAX, 0);
    growing_init(&book->payments, sizeof(struct book_payment), ELEMENTS_MAX, 0);
    growing_init(&book->reversals, sizeof(struct book_reversal), ELEMENTS_MAX, 0);
    growing_init(&book->voids, sizeof(struct book_void), ELEMENTS_MAX, 0);
    growing_init(&book->days, sizeof(struct book_day), ELEMENTS_MAX, 0);
    growing_init(&book->refunds, sizeof(struct book_refund), ELEMENTS_MAX, 0);
    growing_init(&book->facts, sizeof(struct book_fact), ELEMENTS_MAX, 0);
    growing_init(&book->visits, sizeof(struct book_visit), ELEMENTS_MAX, 0);
    growing_init(&book->entries, sizeof(struct book_entry), ELEMENTS_MAX, 0);
    growing_init(&book->refusals, sizeof(struct book_refusal), ELEMENTS_MAX, 0);
}

void
book_finish(struct book *book)
{
    struct growing *const arrays[] = {&book->sales,     &book->lines,  &book->taxes,   &book->payments,
                                      &book->reversals, &book->voids,  &book->days,    &book->refunds,
                                      &book->facts,     &book->visits, &book->entries, &book->refusals};
    for (size_t i = 0; i < sizeof arrays / sizeof arrays[0]; i++) {
        growing_finish(arrays[i]);
    }
    id_map_finish(&book->sale_ids);
    id_map_finish(&book->payment_ids);
    id_map_finish(&book->reversal_ids);
    id_map_finish(&book->refund_ids);
    id_map_finish(&book->receipts);
    id_map_finish(&book->tickets);
    arena_finish(&book->texts);
}

void *
book_add(struct book *book, struct growing *array)
{
    void *element = growing_add(array);
    if (element == NULL) {
        book->has_failed = true;
        return NULL;
    }
    return memset(element, 0, array->size);
}

static bool
copy_text(struct book *book, const char *text, const char **out)
{
    *out = arena_copy(&book->texts, text, strlen(text));
    book->has_failed = book->has_failed || *out == NULL;
    return *out != NULL;
}

bool
book_text(struct book *book, const struct json_value *object, const char *key, const char **out)
{
    const char *text;
    return json_as_text(json_member(object, key), &text) && copy_text(book, text, out);
}

bool
book_optional_text(struct book *book, const struct json_value *object, const char *key, const char **out)
{
    if (json_is_null(json_member(object, key))) {
        *out = "";
        return true;
    }
    return book_text(book, object, key, out);
}

bool
book_id(struct book *book, const struct json_value *object, const char *key, const char **out)
{
    return book_text(book, object, key, out) && identity_is_valid(*out);
}

bool
book_yen(const struct json_value *object, const char *key, int64_t least, int64_t *out)
{
    return json_as_int(json_member(object, key), out) && *out >= least && *out <= BOOK_MAX_YEN;
}

bool
book_has_texts(const struct json_value *object, const char *const *keys)
{
    const char *ignored;
    while (*keys != NULL && json_as_text(json_member(object, *keys), &ignored)) {
        keys++;
    }
    return *keys == NULL;
}

bool
book_optional_are_texts(const struct json_value *object, const char *const *keys)
{
    const char *ignored;
    while (*keys != NULL &&
           (json_is_null(json_member(object, *keys)) || json_as_text(json_member(object, *keys), &ignored))) {
        keys++;
    }
    return *keys == NULL;
}

bool
book_word_is_one_of(const char *word, const char *const *words)
{
    while (*words != NULL && strcmp(*words, word) != 0) {
        words++;
    }
    return *words != NULL;
}

void
book_write_entry(struct taking *at, const char *ledger, const char *brand, const struct book_line *revenue,
                 struct civil_date received_on, int64_t amount_yen)
{
    if (amount_yen == 0) {
        return;
    }
    struct book_entry *entry = book_add(at->book, &at->book->entries);
    if (entry == NULL) {
        return;
    }
    *entry = (struct book_entry){
        .sequence = at->line->sequence,
        .ledger = ledger,
        .brand = brand,
        .account = revenue != NULL ? revenue->account : "",
        .section = revenue != NULL ? revenue->section : "",
        .tax = revenue != NULL ? revenue->tax : "",
        .issuer = revenue != NULL ? revenue->issuer : "",
        .received_on = received_on,
        .business_date = at->line->business_date,
        .amount_yen = amount_yen,
    };
}

/* Which kinds the audit weighs. Every other kind of the protocol says nothing that the books keep. */
static const struct {
    const char *kind;
    bool (*take)(struct taking *at);
} families[] = {
    {"sale.recorded", book_take_sale},
    {"sale.voided", book_take_void},
    {"payment.started", book_take_payment_started},
    {"payment.unknown", book_take_payment_change},
    {"payment.in_doubt", book_take_payment_change},
    {"payment.abandoned", book_take_payment_change},
    {"payment.resolved", book_take_payment_change},
    {"payment.proved", book_take_payment_proved},
    {"reversal.started", book_take_reversal},
    {"reversal.unknown", book_take_reversal},
    {"reversal.resolved", book_take_reversal},
    {"day.opened", book_take_day_opened},
    {"day.closed", book_take_day_closed},
    {"day.inspected", book_take_day_inspected},
    {"masters.applied", book_take_masters},
    {"refund.requested", book_take_refund},
    {"refund.approved", book_take_refund_approved},
    {"refund.started", book_take_refund_run},
    {"refund.unknown", book_take_refund_run},
    {"refund.refused", book_take_refund_run},
    {"refund.paid", book_take_refund},
    {"refund.withdrawn", book_take_refund},
    {"float.moved", book_take_float_moved},
    {"cash.moved", book_take_cash_moved},
    {"cash.counted", book_take_cash_counted},
    {"shift.handed_over", book_take_shift},
    {"ticket.issued", book_take_ticket_issued},
    {"ticket.closed", book_take_ticket_closed},
    {"entry.counted", book_take_entry},
};

bool
book_weighs(const char *kind)
{
    size_t i = 0;
    while (i < sizeof families / sizeof families[0] && strcmp(families[i].kind, kind) != 0) {
        i++;
    }
    return i < sizeof families / sizeof families[0];
}

void
book_take(struct book *book, const struct journal_line *line)
{
    book->line_count++;
    for (size_t i = 0; i < sizeof families / sizeof families[0]; i++) {
        if (strcmp(families[i].kind, line->kind) != 0) {
            continue;
        }
        struct json_value *body = NULL;
        bool is_body = json_parse(&body, line->body, line->body_length, NULL) == STATUS_OK;
        struct taking at = {.book = book, .line = line, .body = body};
        if (!is_body || !families[i].take(&at)) {
            struct book_refusal *refusal = book_add(book, &book->refusals);
            if (refusal != NULL) {
                refusal->sequence = line->sequence;
            }
        }
        json_free(body);
        return;
    }
}
