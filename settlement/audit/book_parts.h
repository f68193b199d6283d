/* How lines get into the book, by family; for this folder only. */
#pragma once

#include "common/json/reader.h"
#include "settlement/audit/book.h"

/* No line speaks of more: ten billion yen. Sums over any journal fit. */
#define BOOK_MAX_YEN INT64_C(10000000000)

/* One line being taken. `body` is NULL when it is no JSON object. */
struct taking {
    struct book *book;
    const struct journal_line *line;
    const struct json_value *body;
};

/* True when the line counts; otherwise it is refused. */
bool book_take_sale(struct taking *at);
bool book_take_void(struct taking *at);
bool book_take_payment_started(struct taking *at);
bool book_take_payment_change(struct taking *at);
bool book_take_payment_proved(struct taking *at);
bool book_take_reversal(struct taking *at);
bool book_take_day_opened(struct taking *at);
bool book_take_day_closed(struct taking *at);
bool book_take_day_inspected(struct taking *at);
bool book_take_masters(struct taking *at);
bool book_take_refund(struct taking *at);
bool book_take_refund_run(struct taking *at);
bool book_take_refund_approved(struct taking *at);
bool book_take_float_moved(struct taking *at);
bool book_take_cash_moved(struct taking *at);
bool book_take_cash_counted(struct taking *at);
bool book_take_shift(struct taking *at);
bool book_take_ticket_issued(struct taking *at);
bool book_take_ticket_closed(struct taking *at);
bool book_take_entry(struct taking *at);

/* The lines of a sale into the book, and how much of each the cash paid. */
bool book_take_sale_lines(struct taking *at, struct book_sale *sale);
void book_spread_cash(struct book *book, const struct book_sale *sale);

/* What stands in a sale's or payment's `cash`: 0 when there is none. */
bool book_cash_part(struct taking *at, const struct json_value *object, int64_t *out_yen);

/* The tally in `counts` as text, "10000x2,1000x10", and its sum; "" when only a sum is known (left out, or empty). */
bool book_tally(struct taking *at, const char **out_text, int64_t *out_sum_yen, bool *out_is_told);

/* The notes and coins of the line as a fact, when it tells any. */
void book_write_tally(struct taking *at, const char *text, int64_t sum_yen);

/* The till contradicts itself: named in yen, and the line is refused. Returns false. */
bool book_contradicts(struct taking *at, const char *code, int64_t expected_yen, int64_t found_yen, const char *format,
                      ...) PRINTF_LIKE(5, 6);

/* The open day when the line's `day` is its id, or NULL. */
struct book_day *book_open_day(struct taking *at);

/* The till's claim CLAIMED_YEN of its own figure; another one by its lines is a finding. The line counts. */
void book_compare_claim(struct taking *at, const char *code, int64_t own_yen, int64_t claimed_yen, const char *message);

/* The till's totals over the lines FIRST … LAST (book_days.c). */
void book_compare_totals(struct taking *at, int64_t first, int64_t last);

/* A row that the line must have made: begin, its columns in order, end. */
enum { FACT_PARTS_MAX = 24, FACT_NUMBER_SIZE = 24, FACT_NUMBERS_MAX = 16 };
struct fact {
    struct taking *at;
    const char *parts[FACT_PARTS_MAX];
    size_t count;
    char numbers[FACT_NUMBERS_MAX][FACT_NUMBER_SIZE];
    size_t number_count;
    char date[CIVIL_DATE_TEXT_SIZE];
};
void book_fact_begin(struct fact *fact, struct taking *at);
void book_fact_begin_place(struct fact *fact, struct taking *at); /* with the place, the open day's line and the time */
void book_fact_text(struct fact *fact, const char *text);
void book_fact_number(struct fact *fact, int64_t number);
void book_fact_end(struct fact *fact, const char *table, int64_t amount_yen);

/* Members of OBJECT, copied into the book's arena; false when they are missing or of another kind. An optional text
 * that is null or absent is "". */
bool book_text(struct book *book, const struct json_value *object, const char *key, const char **out);
bool book_optional_text(struct book *book, const struct json_value *object, const char *key, const char **out);
bool book_id(struct book *book, const struct json_value *object, const char *key, const char **out);
bool book_yen(const struct json_value *object, const char *key, int64_t least, int64_t *out);
bool book_has_texts(const struct json_value *object, const char *const *keys); /* NULL-terminated; each is a text */
bool
book_optional_are_texts(const struct json_value *object, const char *const *keys); /* each is a text, null or absent */
bool book_word_is_one_of(const char *word, const char *const *words);              /* NULL-terminated */

/* A new, cleared element of SIZE bytes; NULL (and has_failed) without memory. */
void *book_add(struct book *book, struct growing *array);

/* Write down one entry of the line; 0 yen is none. */
void book_write_entry(struct taking *at, const char *ledger, const char *brand, const struct book_line *revenue,
                      struct civil_date received_on, int64_t amount_yen);
