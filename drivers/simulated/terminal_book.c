/* The book behind the simulated terminal. Which brands can be voided and which have a balance follows what terminals in
 * Japan do: Edy and nanaco take nothing back, iD and QUICPay are paid afterwards. */
#include "drivers/simulated/terminal_book.h"

#include "common/clock/civil.h"
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

bool
simulated_brand_is_voidable(const char *brand)
{
    return strcmp(brand, "edy") != 0 && strcmp(brand, "nanaco") != 0;
}

bool
simulated_brand_has_balance(const char *brand)
{
    return strcmp(brand, "id") != 0 && strcmp(brand, "quicpay") != 0;
}

bool
simulated_brand_runs_again(const char *brand)
{
    return strcmp(brand, "id") == 0 || strcmp(brand, "quicpay") == 0;
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
    snprintf(answer->acquirer_reference, sizeof answer->acquirer_reference, "S%09u", book->last_number);
    snprintf(answer->approval_code, sizeof answer->approval_code, "A%05u", number);
    snprintf(answer->slip_number, sizeof answer->slip_number, "%05u", number);
    if (entry->media == TERMINAL_CREDIT) {
        snprintf(answer->masked_number, sizeof answer->masked_number, "400000xxxxxx0002");
    } else if (simulated_brand_has_balance(entry->brand)) {
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

static bool
append_line(const struct book_entry *entry, int64_t amount_yen, struct terminal_log_line *lines, size_t capacity,
            size_t *count)
{
    if (*count == capacity) {
        return false;
    }
    struct terminal_log_line *line = &lines[(*count)++];
    memset(line, 0, sizeof *line);
    memcpy(line->reference, entry->reference, sizeof line->reference);
    memcpy(line->acquirer_reference, entry->answer.acquirer_reference, sizeof line->acquirer_reference);
    memcpy(line->brand, entry->brand, sizeof line->brand);
    line->amount_yen = amount_yen;
    line->is_in_doubt = entry->state == SALE_IN_DOUBT;
    return true;
}

enum status
terminal_book_log(const struct terminal_book *book, int64_t now_ms, struct terminal_log_line *lines, size_t capacity,
                  size_t *out_count, struct error_detail *err)
{
    const struct civil_date today = civil_date_at(now_ms);
    size_t count = 0;
    bool fits = true;
    for (size_t i = 0; i < book->count && fits; i++) {
        const struct book_entry *entry = &book->entries[i];
        const bool has_moved =
            entry->state == SALE_CHARGED || entry->state == SALE_REVERSED || entry->state == SALE_IN_DOUBT;
        if (!has_moved || civil_date_compare(civil_date_at(entry->answer.accepted_at_ms), today) != 0) {
            continue;
        }
        fits = append_line(entry, entry->amount_yen, lines, capacity, &count);
        if (fits && entry->state == SALE_REVERSED) {
            fits = append_line(entry, -entry->amount_yen, lines, capacity, &count);
        }
    }
    if (!fits) {
        error_set(err, "terminal_log_overflow", "決済端末の日計が%zu行を超えています。", capacity);
        return STATUS_OVERFLOW;
    }
    *out_count = count;
    return STATUS_OK;
}
