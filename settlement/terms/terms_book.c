/* A few hundred rows at most, searched one by one; callers ask once per day and brand, not once per sale. */
#include "settlement/terms/terms_book.h"

#include <stdlib.h>
#include <string.h>

/* One row; `brand` "" is for all of the trustee's. */
struct row {
    const char *trustee;
    const char *brand;
    const char *valid_from;
    const char *valid_to; /* NULL: for ever */
    struct terms terms;
};

struct terms_book {
    struct row *rows;
    size_t row_count;
    int64_t *holidays;
    struct bank_calendar calendar;
};

static size_t
count_rows(const struct json_value *table)
{
    size_t count = 0;
    for (const struct json_value *row = json_first(table); row != NULL; row = json_next(row)) {
        count++;
    }
    return count;
}

static const char *
text_of(const struct json_value *row, const char *key, const char *fallback)
{
    const char *text = NULL;
    return json_as_text(json_member(row, key), &text) ? text : fallback;
}

static int64_t
number_of(const struct json_value *row, const char *key, int64_t fallback)
{
    int64_t number = 0;
    return json_as_int(json_member(row, key), &number) ? number : fallback;
}

/* The place of WORD among WORDS, which end with NULL; 0 when it is none of them (the masters were checked). */
static unsigned
place_of(const char *word, const char *const words[])
{
    for (unsigned i = 0; words[i] != NULL; i++) {
        if (strcmp(words[i], word) == 0) {
            return i;
        }
    }
    return 0;
}

static struct row
read_row(const struct json_value *json)
{
    static const char *const closings[] = {"daily", "semimonthly", "monthly", NULL};
    static const char *const rolls[] = {"before", "after", "none", NULL};
    static const char *const roundings[] = {"floor", "half_up", "ceiling", NULL};
    static const char *const units[] = {"line", "payout", NULL};
    enum { MONTH_END = 31, NEXT = 1, NO_RATE = -1 };
    int64_t rate = number_of(json, "fee_rate", NO_RATE);
    return (struct row){
        .trustee = text_of(json, "trustee", ""),
        .brand = text_of(json, "brand", ""),
        .valid_from = text_of(json, "valid_from", ""),
        .valid_to = text_of(json, "valid_to", NULL),
        .terms = {.closing = (enum terms_closing)place_of(text_of(json, "closing", ""), closings),
                  .closing_day = (int)number_of(json, "closing_day", MONTH_END),
                  .pay_after = (int)number_of(json, "pay_after", NEXT),
                  .pay_day = (int)number_of(json, "pay_day", MONTH_END),
                  .roll = (enum bank_roll)place_of(text_of(json, "holiday", ""), rolls),
                  .statement_days = (int)number_of(json, "statement_days", NEXT),
                  .is_net = strcmp(text_of(json, "deposit", ""), "net") == 0,
                  .has_fee = rate != NO_RATE,
                  .fee_rate = rate != NO_RATE ? rate : 0,
                  .rounding = (enum fee_rounding)place_of(text_of(json, "fee_rounding", ""), roundings),
                  .unit = (enum fee_unit)place_of(text_of(json, "fee_unit", ""), units),
                  .is_together = json_is_true(json_member(json, "together")),
                  .minimum_yen = number_of(json, "minimum_yen", 0),
                  .carries_negative = json_is_true(json_member(json, "carry_negative"))},
    };
}

static int
compare_days(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a;
    int64_t right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

static void
read_calendar(struct terms_book *book, const struct json_value *table)
{
    size_t count = 0;
    for (const struct json_value *row = json_first(table); row != NULL; row = json_next(row)) {
        struct civil_date day;
        const char *code = text_of(row, "code", "");
        if (civil_date_parse(&day, code, strlen(code)) == STATUS_OK) {
            book->holidays[count++] = civil_date_to_days(day);
        }
    }
    if (count > 1) {
        qsort(book->holidays, count, sizeof book->holidays[0], compare_days);
    }
    book->calendar = (struct bank_calendar){.holidays = book->holidays, .count = count};
}

enum status
terms_book_create(struct terms_book **out, const struct catalogue *catalogue, struct error_detail *err)
{
    const struct json_value *terms = catalogue_table(catalogue, "terms");
    const struct json_value *holidays = catalogue_table(catalogue, "bank_holidays");
    struct terms_book *book = calloc(1, sizeof *book);
    if (book != NULL) {
        book->rows = calloc(count_rows(terms) + 1, sizeof *book->rows);
        book->holidays = calloc(count_rows(holidays) + 1, sizeof *book->holidays);
    }
    if (book == NULL || book->rows == NULL || book->holidays == NULL) {
        terms_book_destroy(book);
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    for (const struct json_value *row = json_first(terms); row != NULL; row = json_next(row)) {
        book->rows[book->row_count++] = read_row(row);
    }
    read_calendar(book, holidays);
    *out = book;
    return STATUS_OK;
}

void
terms_book_destroy(struct terms_book *book)
{
    if (book != NULL) {
        free(book->rows);
        free(book->holidays);
        free(book);
    }
}

const struct bank_calendar *
terms_book_calendar(const struct terms_book *book)
{
    return &book->calendar;
}

static bool
holds(const struct row *row, const char *trustee, const char *day)
{
    return strcmp(row->trustee, trustee) == 0 && strcmp(row->valid_from, day) <= 0 &&
           (row->valid_to == NULL || strcmp(day, row->valid_to) <= 0);
}

bool
terms_book_pay_day(const struct terms_book *book, const char *trustee, struct civil_date day, struct civil_date *out)
{
    char text[CIVIL_DATE_TEXT_SIZE];
    civil_date_format(text, day);
    bool is_found = false;
    for (size_t i = 0; i < book->row_count; i++) {
        if (holds(&book->rows[i], trustee, text)) {
            const struct terms *terms = &book->rows[i].terms;
            struct civil_date paid = terms_pay_day(terms, &book->calendar, terms_closing_of(terms, day));
            *out = !is_found || civil_date_compare(paid, *out) > 0 ? paid : *out;
            is_found = true;
        }
    }
    return is_found;
}

bool
terms_book_is_net(const struct terms_book *book, const char *trustee, struct civil_date day)
{
    char text[CIVIL_DATE_TEXT_SIZE];
    civil_date_format(text, day);
    bool is_net = false;
    for (size_t i = 0; i < book->row_count; i++) {
        if (holds(&book->rows[i], trustee, text)) {
            if (!book->rows[i].terms.is_net) {
                return false;
            }
            is_net = true;
        }
    }
    return is_net;
}

struct terms_transfer
terms_book_transfer(const struct terms_book *book, const char *trustee, struct civil_date day)
{
    char text[CIVIL_DATE_TEXT_SIZE];
    civil_date_format(text, day);
    struct terms_transfer transfer = {0};
    bool is_first = true;
    for (size_t i = 0; i < book->row_count; i++) {
        const struct terms *terms = &book->rows[i].terms;
        if (!holds(&book->rows[i], trustee, text)) {
            continue;
        }
        if (is_first) {
            transfer = (struct terms_transfer){terms->is_together, terms->minimum_yen, terms->carries_negative};
            is_first = false;
        }
        transfer.is_together = transfer.is_together && terms->is_together;
        transfer.minimum_yen = transfer.minimum_yen == terms->minimum_yen ? transfer.minimum_yen : 0;
        transfer.carries_negative = transfer.carries_negative && terms->carries_negative;
    }
    return transfer;
}

bool
terms_book_carries(const struct terms_book *book, const char *trustee)
{
    for (size_t i = 0; i < book->row_count; i++) {
        const struct row *row = &book->rows[i];
        if (strcmp(row->trustee, trustee) == 0 && (row->terms.minimum_yen > 0 || row->terms.carries_negative)) {
            return true;
        }
    }
    return false;
}

const struct terms *
terms_book_find(const struct terms_book *book, const char *trustee, const char *brand, struct civil_date day)
{
    char text[CIVIL_DATE_TEXT_SIZE];
    civil_date_format(text, day);
    const struct terms *general = NULL;
    for (size_t i = 0; i < book->row_count; i++) {
        const struct row *row = &book->rows[i];
        bool is_valid = holds(row, trustee, text);
        if (is_valid && row->brand[0] != '\0' && strcmp(row->brand, brand) == 0) {
            return &row->terms;
        }
        general = is_valid && row->brand[0] == '\0' && general == NULL ? &row->terms : general;
    }
    return general;
}
