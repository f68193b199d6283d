/* The book behind the simulated terminal. */
#include "drivers/simulated/terminal_book.h"

#include "common/clock/civil.h"
#include "drivers/payment_terminal/brand_operations.h"
#include "drivers/payment_terminal/payment_terminal_driver.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
terminal_book_finish(struct terminal_book *book)
{
    free(book->entries);
    memset(book, 0, sizeof *book);
}

struct book_entry *
terminal_book_find(struct terminal_book *book, const char *reference)
{
    for (size_t i = book->count; i > 0; i--) { /* the one asked for is nearly always among the last */
        if (strcmp(book->entries[i - 1].reference, reference) == 0) {
            return &book->entries[i - 1];
        }
    }
    return NULL;
}

static bool
has_room(struct terminal_book *book)
{
    if (book->count == SIMULATED_BOOK_MAX) {
        memmove(book->entries, book->entries + 1, (book->count - 1) * sizeof *book->entries);
        book->count--;
    }
    if (book->count < book->capacity) {
        return true;
    }
    size_t capacity = book->capacity == 0 ? 16 : book->capacity * 2;
    struct book_entry *entries = realloc(book->entries, capacity * sizeof *entries);
    if (entries == NULL) {
        return false;
    }
    book->entries = entries;
    book->capacity = capacity;
    return true;
}

struct book_entry *
terminal_book_add(struct terminal_book *book, const char *reference)
{
    if (!has_room(book)) {
        return NULL;
    }
    struct book_entry *entry = &book->entries[book->count++];
    memset(entry, 0, sizeof *entry);
    snprintf(entry->reference, sizeof entry->reference, "%s", reference);
    entry->state = SALE_RUNNING;
    terminal_answer_reset(&entry->answer, TERMINAL_UNKNOWN);
    return entry;
}

void
terminal_book_forget_last(struct terminal_book *book)
{
    assert(book->count > 0);
    book->count--;
}

void
terminal_book_resolve(struct book_entry *entry)
{
    assert(entry->state == SALE_IN_DOUBT);
    if (entry->truth_is_charged) {
        entry->state = SALE_CHARGED;
        entry->answer.result = TERMINAL_APPROVED;
        return;
    }
    entry->state = SALE_FREE;
    terminal_answer_reset(&entry->answer, TERMINAL_CANCELLED);
}

void
terminal_book_touch_brand(struct terminal_book *book, const char *brand, struct terminal_touch *out)
{
    for (size_t i = 0; i < book->count; i++) {
        struct book_entry *entry = &book->entries[i];
        if (entry->state != SALE_IN_DOUBT || strcmp(entry->brand, brand) != 0) {
            continue;
        }
        terminal_book_resolve(entry);
        memcpy(out->reference, entry->reference, sizeof out->reference);
        out->was_charged = entry->state == SALE_CHARGED;
        if (out->was_charged) {
            out->amount_yen = entry->answer.amount_yen;
            out->accepted_at_ms = entry->answer.accepted_at_ms;
            memcpy(out->acquirer_reference, entry->answer.acquirer_reference, sizeof out->acquirer_reference);
        }
        return; /* one card has one doubt */
    }
}

void
terminal_book_charge(struct terminal_book *book, struct book_entry *entry, int64_t now_ms)
{
    const unsigned number = ++book->last_number % 100000;
    struct terminal_answer *answer = &entry->answer;
    terminal_answer_reset(answer, TERMINAL_APPROVED);
    answer->amount_yen = entry->amount_yen;
    answer->accepted_at_ms = now_ms;
    memcpy(answer->brand, entry->brand, sizeof answer->brand);
    snprintf(answer->acquirer_reference, sizeof answer->acquirer_reference, "S%09u", book->last_number);
    snprintf(answer->approval_code, sizeof answer->approval_code, "A%05u", number);
    snprintf(answer->slip_number, sizeof answer->slip_number, "%05u", number);
    if (entry->media == TERMINAL_CREDIT) {
        snprintf(answer->masked_number, sizeof answer->masked_number, "400000xxxxxx0002");
    } else if (brand_operations_of(entry->brand)->has_balance) {
        answer->balance_yen = SIMULATED_CARD_YEN - entry->amount_yen;
    }
    entry->state = SALE_CHARGED;
}

void
terminal_book_answer(const struct book_entry *entry, struct terminal_answer *out)
{
    if (entry == NULL) {
        terminal_answer_reset(out, TERMINAL_NOT_FOUND);
        return;
    }
    switch (entry->state) {
    case SALE_RUNNING:
        terminal_answer_reset(out, TERMINAL_IN_PROGRESS);
        break;
    case SALE_CHARGED:
    case SALE_FREE:
    case SALE_REFUND:
        *out = entry->answer;
        break;
    case SALE_IN_DOUBT:
        *out = entry->answer;
        out->result = TERMINAL_IN_DOUBT;
        out->balance_yen = -1; /* nobody has seen the card since */
        break;
    case SALE_REVERSED:
    case SALE_REFUSED:
        terminal_answer_reset(out, TERMINAL_CANCELLED);
        break;
    }
}

void
terminal_book_refund(struct terminal_book *book, const struct terminal_refund *refund, int64_t now_ms,
                     struct terminal_answer *out)
{
    struct book_entry *known = terminal_book_find(book, refund->reference);
    struct book_entry *sale = terminal_book_find(book, refund->sale);
    if (known != NULL) {
        const bool is_same = known->state == SALE_REFUND && strcmp(known->sale, refund->sale) == 0 &&
                             known->amount_yen == refund->amount_yen;
        terminal_answer_reset(out, TERMINAL_NOT_ALLOWED);
        if (is_same) {
            *out = known->answer;
        }
        return;
    }
    if (sale == NULL || sale->state != SALE_CHARGED) {
        terminal_answer_reset(out, sale == NULL ? TERMINAL_NOT_FOUND : TERMINAL_NOT_ALLOWED);
        return;
    }
    if (refund->amount_yen > sale->amount_yen - sale->refunded_yen) {
        terminal_answer_reset(out, TERMINAL_CENTER_ERROR);
        return;
    }
    sale->refunded_yen += refund->amount_yen; /* before the book grows: SALE is borrowed */
    struct book_entry *entry = terminal_book_add(book, refund->reference);
    if (entry == NULL) {
        sale->refunded_yen -= refund->amount_yen;
        terminal_answer_reset(out, TERMINAL_COMMUNICATION_ERROR);
        return;
    }
    memcpy(entry->sale, refund->sale, sizeof entry->sale);
    memcpy(entry->brand, refund->brand, sizeof entry->brand);
    entry->media = refund->media;
    entry->amount_yen = refund->amount_yen;
    terminal_book_charge(book, entry, now_ms);
    entry->state = SALE_REFUND;
    *out = entry->answer;
}

/* What of ENTRY moved, in the order in which it did: at most a sale and its reversal, or a refund. */
struct movements {
    size_t count;
    struct terminal_log_line lines[2];
};

static void
move(struct movements *movements, const struct book_entry *entry, enum terminal_kind kind)
{
    struct terminal_log_line *line = &movements->lines[movements->count++];
    memset(line, 0, sizeof *line);
    line->kind = kind;
    memcpy(line->reference, entry->reference, sizeof line->reference);
    memcpy(line->acquirer_reference, entry->answer.acquirer_reference, sizeof line->acquirer_reference);
    memcpy(line->brand, entry->brand, sizeof line->brand);
    line->amount_yen = kind == TERMINAL_KIND_SALE ? entry->amount_yen : -entry->amount_yen;
    line->is_in_doubt = entry->state == SALE_IN_DOUBT;
}

static struct movements
movements_of(const struct book_entry *entry)
{
    struct movements movements = {.count = 0};
    if (entry->state == SALE_REFUND) {
        move(&movements, entry, TERMINAL_KIND_REFUND);
    } else if (entry->state == SALE_CHARGED || entry->state == SALE_REVERSED || entry->state == SALE_IN_DOUBT) {
        move(&movements, entry, TERMINAL_KIND_SALE);
    }
    if (entry->state == SALE_REVERSED) {
        move(&movements, entry, TERMINAL_KIND_REVERSAL);
    }
    return movements;
}

static bool
is_of_today(const struct book_entry *entry, int64_t now_ms)
{
    return civil_date_compare(civil_date_at(entry->answer.accepted_at_ms), civil_date_at(now_ms)) == 0;
}

enum status
terminal_book_log(const struct terminal_book *book, int64_t now_ms, struct terminal_log_line *lines, size_t capacity,
                  size_t *out_count, struct error_detail *err)
{
    size_t count = 0;
    for (size_t i = 0; i < book->count; i++) {
        const struct movements movements = movements_of(&book->entries[i]);
        if (!is_of_today(&book->entries[i], now_ms)) {
            continue;
        }
        for (size_t j = 0; j < movements.count; j++) {
            if (count == capacity) {
                error_set(err, "terminal_log_overflow", "決済端末の日計が%zu行を超えています。", capacity);
                return STATUS_OVERFLOW;
            }
            lines[count++] = movements.lines[j];
        }
    }
    *out_count = count;
    return STATUS_OK;
}

/* The first movement of an entry is counted by `is_settled`, its reversal by `is_back_settled`. */
enum status
terminal_book_totals(struct terminal_book *book, bool settles, int64_t now_ms, struct terminal_total *totals,
                     size_t capacity, size_t *out_count, struct error_detail *err)
{
    size_t count = 0;
    for (size_t i = 0; i < book->count; i++) {
        const struct book_entry *entry = &book->entries[i];
        const struct movements movements = movements_of(entry);
        for (size_t j = 0; j < movements.count; j++) {
            const struct terminal_log_line *line = &movements.lines[j];
            const bool is_counted = j == 0 ? entry->is_settled : entry->is_back_settled;
            if (line->is_in_doubt || (settles ? is_counted : !is_of_today(entry, now_ms))) {
                continue;
            }
            enum status status =
                terminal_totals_add(totals, capacity, &count, line->brand, line->kind, line->amount_yen, err);
            if (status != STATUS_OK) {
                return status;
            }
        }
    }
    for (size_t i = 0; settles && i < book->count; i++) {
        struct book_entry *entry = &book->entries[i];
        const struct movements movements = movements_of(entry);
        entry->is_settled = entry->is_settled || (movements.count > 0 && !movements.lines[0].is_in_doubt);
        entry->is_back_settled = entry->is_back_settled || movements.count > 1;
    }
    *out_count = count;
    return STATUS_OK;
}
