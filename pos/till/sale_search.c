/* Finding past sales by what a citizen knows of one: the number on the paper, the amount, the day, how it was paid.
 *
 * A typed text can be read in several ways ("450" is an amount and a serial number); each reading is a query of its own
 * that an index answers, and their sequences are merged, newest first. Only words inside the lines have no index: they
 * are looked for in the newest WORDS_SCANNED_MAX sales of the days that were asked for. */
#include "pos/till/sale_search.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    WORDS_SCANNED_MAX = 20000, /* journal lines read for words: about a month of one counter, a tenth of a second */
    BINDINGS_MAX = 16,
    SQL_MAX_BYTES = 2048,
    MINUTES_PER_DAY = 24 * 60,
    JAPAN_MINUTES = 9 * 60,
    READINGS_MAX = 3
};

enum reading_kind { READ_ALL, READ_RECEIPT, READ_DAY_AND_SERIAL, READ_SERIAL, READ_AMOUNT, READ_WORDS };

/* One way to understand the text. */
struct reading {
    enum reading_kind kind;
    char text[REASON_SIZE];
    int64_t number;
};

static bool
all_digits(const char *text, size_t length)
{
    return length > 0 && strspn(text, "0123456789") >= length;
}

/* "¥1,200", "1200円": certainly an amount. OUT_YEN −1 when it is none. */
static int64_t
amount_of(const char *text, bool *out_is_certain)
{
    char digits[10] = "";
    size_t count = 0;
    *out_is_certain = strncmp(text, "¥", strlen("¥")) == 0;
    text += *out_is_certain ? strlen("¥") : 0;
    for (; *text != '\0' && strcmp(text, "円") != 0; text++) {
        if (*text == ',') {
            *out_is_certain = true;
        } else if (*text < '0' || *text > '9' || count + 1 >= sizeof digits) {
            return -1;
        } else {
            digits[count++] = *text;
        }
    }
    *out_is_certain = *out_is_certain || *text != '\0';
    return count > 0 ? strtoll(digits, NULL, 10) : -1;
}

/* "20261122-0007": the paper without the till's name. */
static bool
read_day_and_serial(const char *text, struct reading *out)
{
    if (strlen(text) < 10 || !all_digits(text, 8) || text[8] != '-' || !all_digits(text + 9, strlen(text + 9)) ||
        strlen(text + 9) > 9) {
        return false;
    }
    out->kind = READ_DAY_AND_SERIAL;
    snprintf(out->text, sizeof out->text, "%.4s-%.2s-%.2s", text, text + 4, text + 6);
    out->number = strtoll(text + 9, NULL, 10);
    return true;
}

static size_t
read_text(const char *text, struct reading out[READINGS_MAX])
{
    bool is_certain;
    if (text == NULL || text[0] == '\0') {
        out[0] = (struct reading){.kind = READ_ALL};
        return 1;
    }
    int64_t amount_yen = amount_of(text, &is_certain);
    if (amount_yen >= 0) {
        out[0] = (struct reading){.kind = READ_AMOUNT, .number = amount_yen};
        out[1] = (struct reading){.kind = READ_SERIAL, .number = amount_yen};
        return is_certain ? 1 : 2;
    }
    if (read_day_and_serial(text, &out[0])) {
        return 1;
    }
    bool is_receipt = strchr(text, '-') != NULL && strlen(text) < RECEIPT_NUMBER_SIZE;
    out[0] = (struct reading){.kind = is_receipt ? READ_RECEIPT : READ_WORDS};
    snprintf(out[0].text, sizeof out[0].text, "%s", text);
    for (char *c = out[0].text; is_receipt && *c != '\0'; c++) {
        *c = (char)(*c >= 'a' && *c <= 'z' ? *c - 'a' + 'A' : *c);
    }
    return 1;
}

/* A query that grows by clauses. */
struct query {
    struct buffer sql;
    struct {
        const char *text; /* NULL: `number` */
        int64_t number;
    } bindings[BINDINGS_MAX];
    size_t count;
};

static void
add(struct query *query, const char *clause)
{
    buffer_append_text(&query->sql, clause);
}

static void
add_text(struct query *query, const char *clause, const char *text)
{
    assert(query->count < BINDINGS_MAX);
    buffer_append_text(&query->sql, clause);
    query->bindings[query->count++].text = text;
}

static void
add_number(struct query *query, const char *clause, int64_t number)
{
    assert(query->count < BINDINGS_MAX);
    buffer_append_text(&query->sql, clause);
    query->bindings[query->count].text = NULL;
    query->bindings[query->count++].number = number;
}

/* Business dates never go back while sequences grow: a range of days is a range of sequences. */
struct range {
    int64_t first;
    int64_t end; /* the first one behind it */
};

static enum status
first_sequence(struct till *till, const char *sql, const char *key, int64_t *out, bool *out_is_known,
               struct error_detail *err)
{
    struct statement *row;
    enum status status = database_statement(till->db, sql, &row, err);
    *out_is_known = false;
    if (status == STATUS_OK) {
        statement_bind_text(row, 1, key);
        status = statement_step(row, out_is_known, err);
    }
    if (status == STATUS_OK && *out_is_known) {
        *out = statement_column_int(row, 0);
        statement_reset(row);
    }
    return status;
}

static enum status
range_of(struct till *till, const struct sale_search *search, struct range *out, struct error_detail *err)
{
    char date[CIVIL_DATE_TEXT_SIZE];
    bool is_known = true;
    enum status status = STATUS_OK;
    *out = (struct range){.first = 0, .end = INT64_MAX};
    if (search->from.year != 0) {
        civil_date_format(date, search->from);
        status = first_sequence(
            till, "SELECT sequence FROM sale WHERE business_date >= ?1 ORDER BY business_date, serial LIMIT 1", date,
            &out->first, &is_known, err);
        out->first = is_known ? out->first : INT64_MAX;
    }
    if (status == STATUS_OK && search->to.year != 0) {
        civil_date_format(date, search->to);
        status = first_sequence(
            till, "SELECT sequence FROM sale WHERE business_date > ?1 ORDER BY business_date, serial LIMIT 1", date,
            &out->end, &is_known, err);
    }
    if (status == STATUS_OK && search->before != NULL) {
        int64_t before = 0;
        status = first_sequence(till, "SELECT sequence FROM sale WHERE receipt_number = ?1", search->before, &before,
                                &is_known, err);
        if (status == STATUS_OK && !is_known) {
            error_set(err, "no_such_sale", "その会計は見つかりません。");
            status = STATUS_NOT_FOUND;
        }
        out->end = before < out->end ? before : out->end;
    }
    return status;
}

static void
add_reading(struct query *query, const struct reading *reading)
{
    switch (reading->kind) {
    case READ_RECEIPT:
        add_text(query, " AND receipt_number = ?", reading->text);
        break;
    case READ_DAY_AND_SERIAL:
        add_text(query, " AND business_date = ?", reading->text);
        add_number(query, " AND serial = ?", reading->number);
        break;
    case READ_SERIAL:
        add_number(query, " AND serial = ?", reading->number);
        break;
    case READ_AMOUNT:
        add_number(query, " AND total_yen = ?", reading->number);
        break;
    case READ_ALL:
    case READ_WORDS:
        break;
    }
}

static void
add_facts(struct query *query, const struct sale_search *search)
{
    if (search->method != NULL) {
        add_text(query, " AND method = ?", search->method);
    }
    if (search->brand != NULL) {
        add_text(query, " AND brand = ?", search->brand);
    }
    if (search->from_minute >= 0) {
        add_number(query, " AND (at_ms / 60000 + 540) % 1440 >= ?", search->from_minute);
    }
    if (search->to_minute >= 0) {
        add_number(query, " AND (at_ms / 60000 + 540) % 1440 <= ?", search->to_minute);
    }
    if (search->state == NULL) {
        return;
    }
    add(query, strcmp(search->state, "sold") == 0 ? " AND state = 'sold'"
               : strcmp(search->state, "voided") == 0
                   ? " AND state <> 'sold'"
                   : " AND sale IN (SELECT sale FROM refund WHERE state <> 'withdrawn')");
}
_Static_assert(MINUTES_PER_DAY == 1440 && JAPAN_MINUTES == 540, "as written in the query");

static void
compose(struct query *query, const struct sale_search *search, const struct range *range, const struct reading *reading)
{
    bool has_words = reading->kind == READ_WORDS;
    /* What was voided is rare: found by its own index, and not by looking through a month of sales. */
    bool is_rare = search->state != NULL && strcmp(search->state, "voided") == 0 && reading->kind == READ_ALL &&
                   search->method == NULL && search->brand == NULL;
    add(query, has_words ? "SELECT sequence FROM (SELECT sequence FROM sale" : "SELECT sequence FROM sale");
    add(query, is_rare ? " INDEXED BY sale_undone WHERE TRUE" : " WHERE TRUE");
    add_reading(query, reading);
    if (range->first > 0) {
        add_number(query, " AND sequence >= ?", range->first);
    }
    if (range->end < INT64_MAX) {
        add_number(query, " AND sequence < ?", range->end);
    }
    add_facts(query, search);
    if (has_words) {
        add_number(query, " ORDER BY sequence DESC LIMIT ?)", WORDS_SCANNED_MAX);
        add_text(query, " JOIN journal_line USING (sequence) WHERE instr(CAST(line AS TEXT), ?)", reading->text);
    }
    add_number(query, " ORDER BY sequence DESC LIMIT ?",
               (int64_t)search->limit + 1); /* one more tells whether there are more */
}

static enum status
collect(struct till *till, const struct sale_search *search, const struct range *range, const struct reading *reading,
        struct found_sales *out, struct error_detail *err)
{
    struct query query = {.count = 0};
    struct statement *row;
    bool has_row = false;
    buffer_init(&query.sql, SQL_MAX_BYTES);
    compose(&query, search, range, reading);
    enum status status = database_statement(till->db, buffer_text(&query.sql), &row, err);
    for (size_t i = 0; i < query.count && status == STATUS_OK; i++) {
        if (query.bindings[i].text != NULL) {
            statement_bind_text(row, (int)i + 1, query.bindings[i].text);
        } else {
            statement_bind_int(row, (int)i + 1, query.bindings[i].number);
        }
    }
    while (status == STATUS_OK && (status = statement_step(row, &has_row, err)) == STATUS_OK && has_row) {
        assert(out->count < FOUND_MAX);
        out->sequences[out->count++] = statement_column_int(row, 0);
    }
    buffer_finish(&query.sql);
    return status;
}

static int
newest_first(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a;
    int64_t y = *(const int64_t *)b;
    return (x < y) - (x > y);
}

/* The method that BRAND belongs to: together they are what the index is by. NULL when nobody knows the brand. */
static const char *
method_of_brand(const struct till *till, const char *brand)
{
    for (size_t i = 0; i < till->masters->brand_count; i++) {
        if (strcmp(till->masters->brands[i].code, brand) == 0) {
            return payment_method_word(till->masters->brands[i].method);
        }
    }
    return NULL;
}

enum status
sales_find(struct till *till, const struct sale_search *wanted, struct found_sales *out, struct error_detail *err)
{
    assert(wanted->limit >= 1 && wanted->limit <= SEARCH_LIMIT_MAX);
    struct reading readings[READINGS_MAX];
    struct range range;
    struct sale_search copy = *wanted;
    const struct sale_search *search = &copy;
    if (copy.brand != NULL && copy.method == NULL) {
        copy.method = method_of_brand(till, copy.brand);
    }
    out->count = 0;
    size_t reading_count = read_text(search->text, readings);
    enum status status = range_of(till, search, &range, err);
    for (size_t i = 0; i < reading_count && status == STATUS_OK; i++) {
        status = collect(till, search, &range, &readings[i], out, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    qsort(out->sequences, out->count, sizeof out->sequences[0], newest_first);
    size_t kept = 0;
    for (size_t i = 0; i < out->count; i++) { /* what two readings found is one */
        if (kept == 0 || out->sequences[kept - 1] != out->sequences[i]) {
            out->sequences[kept++] = out->sequences[i];
        }
    }
    out->has_more = kept > search->limit;
    out->count = out->has_more ? search->limit : kept;
    return STATUS_OK;
}
