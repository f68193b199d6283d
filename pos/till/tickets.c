/* A ticket from entry to exit. */
#include "common/tariff/tariff.h"
#include "pos/till/cases.h"
#include "pos/till/tickets_parts.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const int64_t STAY_MAX_MS = INT64_C(366) * 24 * 60 * 60 * 1000; /* no car is claimed after a year; older is a typing error */

const char *
minute_text(char out[MINUTE_TEXT_SIZE], int64_t instant_ms)
{
    char text[INSTANT_TEXT_SIZE];
    instant_format(text, instant_ms);
    memcpy(out, text, MINUTE_TEXT_SIZE - 1);
    out[MINUTE_TEXT_SIZE - 1] = '\0';
    return out;
}

/* Which start of the computer this is: the monotonic clock means nothing across two. */
static void
read_start(char out[IDENTITY_TEXT_SIZE])
{
    const int file = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
    out[0] = '\0';
    if (file >= 0) {
        const ssize_t length = read(file, out, IDENTITY_TEXT_SIZE - 1);
        out[length > 0 ? length : 0] = '\0';
        close(file);
    }
}

/* The item of today's masters that the digits mean; "" when none fits, or two. */
static enum status
find_item(struct till *till, unsigned item_mark, char out[CODE_SIZE], struct error_detail *err)
{
    static struct master_item items[FOUND_ITEMS_MAX]; /* large; used under the lock */
    struct item_query query = {.form = "parking", .limit = FOUND_ITEMS_MAX};
    size_t matches = 0;
    bool has_more = true;
    out[0] = '\0';
    while (has_more) {
        size_t count;
        enum status status =
            masters_find_items(till->masters, &query, till_business_date(till), items, &count, &has_more, err);
        if (status != STATUS_OK) {
            return status;
        }
        for (size_t i = 0; i < count; i++) {
            if (items[i].tariff[0] != '\0' && ticket_item_mark(items[i].code) == item_mark) {
                matches++;
                snprintf(out, CODE_SIZE, "%s", items[i].code);
            }
        }
        query.offset += count;
    }
    if (matches != 1) {
        out[0] = '\0';
    }
    return STATUS_OK;
}

static enum status
load_payments(struct till *till, struct ticket_row *out, struct error_detail *err)
{
    struct statement *row;
    bool has_row;
    enum status status = database_statement(till->db,
                                            "SELECT COALESCE(MAX(paid_ms), 0), COALESCE(SUM(yen), 0) FROM "
                                            "ticket_payment WHERE ticket = ?1 AND is_voided = 0",
                                            &row, err);
    if (status == STATUS_OK) {
        statement_bind_text(row, 1, out->ticket);
        status = statement_step(row, &has_row, err);
    }
    if (status == STATUS_OK) {
        out->paid_ms = statement_column_int(row, 0);
        out->paid_yen = statement_column_int(row, 1);
        statement_reset(row);
    }
    return status;
}

static void
read_row(struct statement *row, struct ticket_row *out)
{
    out->is_known = true;
    out->sequence = statement_column_int(row, 0);
    snprintf(out->facility, sizeof out->facility, "%s", statement_column_text(row, 1));
    snprintf(out->item, sizeof out->item, "%s", statement_column_text(row, 2));
    out->entered_ms = statement_column_int(row, 3);
    snprintf(out->label, sizeof out->label, "%s", statement_column_text(row, 4));
    snprintf(out->state, sizeof out->state, "%s", statement_column_text(row, 5));
    out->is_corrected = statement_column_int(row, 6) != 0;
    statement_reset(row);
}

enum status
load_ticket(struct till *till, const char *ticket, struct ticket_row *out, struct error_detail *err)
{
    struct ticket_number number;
    struct statement *row;
    bool has_row = false;
    enum status status = ticket_number_read(ticket, &number, err);
    if (status != STATUS_OK) {
        return status;
    }
    *out = (struct ticket_row){.entered_ms = number.entered_ms};
    snprintf(out->ticket, sizeof out->ticket, "%s", ticket);
    snprintf(out->state, sizeof out->state, "inside");
    status = database_statement(
        till->db,
        "SELECT sequence, facility, item, entered_ms, label, state, is_corrected FROM ticket WHERE ticket = ?1", &row,
        err);
    if (status == STATUS_OK) {
        statement_bind_text(row, 1, ticket);
        status = statement_step(row, &has_row, err);
    }
    if (status == STATUS_OK && has_row) {
        read_row(row, out);
    } else if (status == STATUS_OK && till->masters != NULL) {
        status = find_item(till, number.item_mark, out->item, err);
    }
    return status == STATUS_OK ? load_payments(till, out, err) : status;
}

const char *
ticket_clock_doubt(struct till *till, const struct ticket_row *row, int64_t *out_suggested_ms)
{
    struct statement *clock;
    struct error_detail ignored;
    char start[IDENTITY_TEXT_SIZE];
    bool has_row = false;
    const int64_t now_ms = till_now_ms(till);
    *out_suggested_ms = 0;
    if (row->is_corrected) {
        return now_ms < row->entered_ms ? "入庫の時刻が今より後です。時計を確かめ、入庫の時刻を入れ直してください。"
                                        : NULL;
    }
    read_start(start);
    if (database_statement(till->db, "SELECT monotonic_ms FROM ticket_clock WHERE ticket = ?1 AND start = ?2", &clock,
                           &ignored) == STATUS_OK) {
        statement_bind_text(clock, 1, row->ticket);
        statement_bind_text(clock, 2, start);
        if (statement_step(clock, &has_row, &ignored) == STATUS_OK && has_row) {
            *out_suggested_ms = now_ms - (till_monotonic_ms(till) - statement_column_int(clock, 0));
            statement_reset(clock);
        }
    }
    if (now_ms < row->entered_ms) {
        return "入庫の時刻が今より後です。この端末の時計が変わっています。入庫の時刻を確かめて入れてください。";
    }
    const int64_t difference_ms = row->entered_ms - *out_suggested_ms;
    /* The number has whole minutes: a minute of difference is no doubt. */
    if (*out_suggested_ms != 0 && (difference_ms > CLOCK_TOLERANCE_MS || difference_ms < -CLOCK_TOLERANCE_MS)) {
        return "入庫のあとで、この端末の時計が変わりました。入庫の時刻を確かめて入れてください。";
    }
    return NULL;
}

/* The item, which must have a tariff of parking. */
static enum status
find_parking(struct till *till, const char *code, struct master_item *out, struct error_detail *err)
{
    struct tariff *tariff = NULL;
    bool is_parking = false;
    enum status status = masters_item(till->masters, code, till_business_date(till), out, err);
    if (status == STATUS_OK && out->tariff[0] != '\0') {
        status = masters_tariff(till->masters, out->tariff, till_business_date(till), &tariff, err);
        is_parking = status == STATUS_OK && strcmp(tariff_form_name(tariff), "parking") == 0;
        tariff_destroy(tariff);
    }
    if (status == STATUS_OK && !is_parking) {
        error_set(err, "not_a_car_park", "「%s」は駐車場の料金ではありません。", out->name);
        status = STATUS_REFUSED;
    }
    if (status == STATUS_OK && out->facility[0] == '\0') {
        error_set(err, "no_facility", "「%s」に施設が登録されていません。管理者に連絡してください。", out->name);
        status = STATUS_REFUSED;
    }
    return status;
}

static enum status
next_serial(struct till *till, unsigned *out, struct error_detail *err)
{
    int64_t count;
    enum status status =
        database_query_int(till->db, "SELECT COUNT(*) FROM ticket WHERE substr(ticket, 1, 2) = '71'", &count, err);
    *out = (unsigned)(count % TICKET_SERIAL_MAX) + 1;
    return status;
}

static enum status
remember_clock(struct till *till, const char *ticket, struct error_detail *err)
{
    struct statement *insert;
    char start[IDENTITY_TEXT_SIZE];
    read_start(start);
    enum status status =
        database_statement(till->db, "INSERT OR REPLACE INTO ticket_clock VALUES (?1, ?2, ?3)", &insert, err);
    if (status == STATUS_OK) {
        statement_bind_text(insert, 1, ticket);
        statement_bind_text(insert, 2, start);
        statement_bind_int(insert, 3, till_monotonic_ms(till));
        status = statement_run(insert, err);
    }
    return status;
}

/* The line and what this computer's clock said, in one transaction. */
static enum status
record_issue(struct till *till, const struct master_item *item, const char *label, const char *ticket,
             int64_t entered_ms, struct error_detail *err)
{
    char entered_at[INSTANT_TEXT_SIZE];
    enum status status = record_begin(till, err);
    if (status != STATUS_OK) {
        return status;
    }
    struct json_writer *body = record_body(till);
    json_text(body, "ticket", ticket);
    json_text(body, "facility", item->facility);
    json_text(body, "item", item->code);
    json_text(body, "entered_at", instant_format(entered_at, entered_ms));
    json_text(body, "clerk", till->clerk.code);
    if (label != NULL && label[0] != '\0') {
        json_text(body, "label", label);
    }
    status = record_line(till, "ticket.issued", err);
    if (status == STATUS_OK) {
        status = remember_clock(till, ticket, err);
    }
    if (status == STATUS_OK) {
        return record_commit(till, err);
    }
    record_rollback(till);
    return status;
}

enum status
till_issue_ticket(struct till *till, const char *item, const char *label, char out[TICKET_NUMBER_SIZE],
                  struct error_detail *err)
{
    struct master_item found;
    struct ticket_number number = {0};
    till_lock(till);
    enum status status = check_can_sell(till, err);
    if (status == STATUS_OK && label != NULL && strlen(label) >= TICKET_LABEL_SIZE) {
        error_set(err, "label_too_long", "目印は20文字までで入れてください。");
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK) {
        status = find_parking(till, item, &found, err);
    }
    if (status == STATUS_OK) {
        status = next_serial(till, &number.serial, err);
    }
    if (status == STATUS_OK) {
        number.entered_ms = till_now_ms(till);
        number.item_mark = ticket_item_mark(found.code);
        number.terminal_mark = ticket_terminal_mark(till->terminal);
        status = ticket_number_write(&number, out, err);
    }
    if (status == STATUS_OK) {
        const int64_t entered_ms = number.entered_ms - number.entered_ms % 60000;
        status = record_issue(till, &found, label, out, entered_ms, err);
    }
    if (status == STATUS_OK) {
        queue_print(till, out, FORM_TICKET);
    }
    till_unlock(till, status == STATUS_OK);
    return status;
}

static enum status
refuse_ended(const struct ticket_row *row, struct error_detail *err)
{
    if (strcmp(row->state, "inside") == 0) {
        return STATUS_OK;
    }
    error_set(err, "ticket_ended",
              strcmp(row->state, "left") == 0 ? "この券は出庫済みです。" : "この券は取り消されています。");
    return STATUS_REFUSED;
}

enum status
till_correct_ticket(struct till *till, const char *ticket, const char *entered_at, const char *reason,
                    struct error_detail *err)
{
    struct ticket_row row;
    int64_t entered_ms = 0;
    char full[INSTANT_TEXT_SIZE];
    snprintf(full, sizeof full, strlen(entered_at) == MINUTE_TEXT_SIZE - 1 ? "%.16s:00.000+09:00" : "%.29s",
             entered_at);
    till_lock(till);
    enum status status = check_can_sell(till, err);
    if (status == STATUS_OK) {
        status = load_ticket(till, ticket, &row, err);
    }
    if (status == STATUS_OK) {
        status = refuse_ended(&row, err);
    }
    if (status == STATUS_OK &&
        (instant_parse(&entered_ms, full, strlen(full)) != STATUS_OK || entered_ms > till_now_ms(till))) {
        error_set(err, "entered_at", "入庫の日時を、今より前の日時で入れてください。");
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK && entered_ms < till_now_ms(till) - STAY_MAX_MS) {
        error_set(err, "entered_at", "入庫の日時は、1年前までの日時で入れてください。");
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK && (reason[0] == '\0' || strlen(reason) >= REASON_SIZE)) {
        error_set(err, "reason_needed", "時刻を直す理由を入れてください。");
        status = STATUS_REFUSED;
    }
    if (status == STATUS_OK) {
        struct json_writer *body = record_body(till);
        json_text(body, "ticket", ticket);
        json_text(body, "facility", row.facility[0] != '\0' ? row.facility : NULL);
        json_text(body, "item", row.item);
        json_text(body, "entered_at", instant_format(full, entered_ms));
        json_text(body, "clerk", till->clerk.code);
        json_text(body, "reason", reason);
        status = record_single(till, "ticket.corrected", err);
    }
    till_unlock(till, status == STATUS_OK);
    return status;
}

/* The set of the basket that pays TICKET already; 0 when none does. */
static int64_t
set_of_ticket(const struct till *till, const char *ticket)
{
    const struct sale_content *content = &till->basket.content;
    for (size_t i = 0; i < content->line_count; i++) {
        if (strcmp(content->lines[i].ticket, ticket) == 0) {
            return content->lines[i].pricing.set;
        }
    }
    return 0;
}

/* What the ticket says, a request may not: the price of a stay would be whatever somebody types. */
static enum status
check_extra_facts(const struct json_value *extra, struct error_detail *err)
{
    static const char *const of_the_ticket[] = {"entered_at", "left_at", "prepaid_at", "prepaid_yen"};
    for (size_t i = 0; i < sizeof of_the_ticket / sizeof of_the_ticket[0]; i++) {
        if (json_member(extra, of_the_ticket[i]) != NULL) {
            error_set(err, "fact_of_ticket",
                      "入庫・出庫の時刻と前払いは券から決まります。時刻が違うときは、券の時刻を直してください。");
            return STATUS_REFUSED;
        }
    }
    return STATUS_OK;
}

/* What the tariff is told: the stay, and what was paid before leaving. */
static enum status
write_stay(struct till *till, const struct ticket_row *row, const struct json_value *extra, struct buffer *out,
           struct error_detail *err)
{
    struct json_writer writer;
    char text[MINUTE_TEXT_SIZE];
    json_writer_init(&writer, out);
    json_begin_object(&writer, NULL);
    json_text(&writer, "entered_at", minute_text(text, row->entered_ms));
    json_text(&writer, "left_at", minute_text(text, till_now_ms(till)));
    if (row->paid_ms != 0) {
        json_text(&writer, "prepaid_at", minute_text(text, row->paid_ms));
        json_int(&writer, "prepaid_yen", row->paid_yen);
    }
    for (const struct json_value *item = json_first(extra); item != NULL; item = json_next(item)) {
        struct buffer value;
        buffer_init(&value, FACTS_SIZE);
        if (json_write_canonical(item, &value, err) == STATUS_OK) {
            json_raw(&writer, json_key(item), buffer_text(&value), value.length);
        }
        buffer_finish(&value);
    }
    json_end_object(&writer);
    return json_finish(&writer, err);
}

/* Under the lock: whether ROW can be rung up now. */
static enum status
check_stay(struct till *till, const struct ticket_row *row, struct error_detail *err)
{
    int64_t suggested_ms;
    enum status status = refuse_ended(row, err);
    const char *doubt = status == STATUS_OK ? ticket_clock_doubt(till, row, &suggested_ms) : NULL;
    if (doubt != NULL) {
        error_set(err, "clock_doubtful", "%s", doubt);
        return STATUS_REFUSED;
    }
    if (status == STATUS_OK && row->item[0] == '\0') {
        error_set(err, "unknown_car_park", "どの駐車場の券か分かりません。駐車場のキーから料金を入れてください。");
        status = STATUS_REFUSED;
    }
    return status;
}

enum status
till_ring_up_ticket(struct till *till, const char *ticket, const struct json_value *extra_facts,
                    struct error_detail *err)
{
    struct ticket_row row;
    struct buffer facts;
    struct json_value *parsed = NULL;
    int64_t replaced = 0;
    buffer_init(&facts, 2 * FACTS_SIZE);
    till_lock(till);
    enum status status = check_can_sell(till, err);
    if (status == STATUS_OK) {
        status = load_ticket(till, ticket, &row, err);
    }
    if (status == STATUS_OK) {
        status = check_stay(till, &row, err);
    }
    if (status == STATUS_OK) {
        status = check_extra_facts(extra_facts, err);
    }
    if (status == STATUS_OK) {
        replaced = set_of_ticket(till, ticket);
        status = write_stay(till, &row, extra_facts, &facts, err);
    }
    till_unlock(till, false);
    if (status == STATUS_OK) {
        status = json_parse(&parsed, buffer_text(&facts), facts.length, err);
    }
    if (status == STATUS_OK) {
        const struct case_input input = {.item = row.item, .facts = parsed, .ticket = ticket};
        status = till_put_case(till, &input, replaced, err);
    }
    json_free(parsed);
    buffer_finish(&facts);
    return status;
}

/* What ROW owes now; 0 where nobody can say, because the digits fit no item of today. */
static enum status
price_stay(struct till *till, const struct ticket_row *row, int64_t *out_due_yen, struct error_detail *err)
{
    struct buffer facts;
    struct buffer priced;
    struct json_value *parsed_facts = NULL;
    struct json_value *parsed = NULL;
    *out_due_yen = 0;
    if (row->item[0] == '\0') {
        return STATUS_OK;
    }
    buffer_init(&facts, 2 * FACTS_SIZE);
    buffer_init(&priced, PRICED_MAX_BYTES);
    enum status status = write_stay(till, row, NULL, &facts, err);
    if (status == STATUS_OK) {
        status = json_parse(&parsed_facts, buffer_text(&facts), facts.length, err);
    }
    if (status == STATUS_OK) {
        const struct case_input input = {.item = row->item, .facts = parsed_facts, .ticket = row->ticket};
        status = till_price_case(till, &input, &priced, err);
    }
    if (status == STATUS_OK) {
        status = json_parse(&parsed, buffer_text(&priced), priced.length, err);
    }
    if (status == STATUS_OK && !json_as_int(json_member(parsed, "total_yen"), out_due_yen)) {
        const char *why = "";
        json_as_text(json_member(json_member(parsed, "fault"), "message"), &why);
        error_set(err, "not_priced", "駐車料金を計算できません。%.200s", why);
        status = STATUS_REFUSED;
    }
    json_free(parsed);
    json_free(parsed_facts);
    buffer_finish(&priced);
    buffer_finish(&facts);
    return status;
}

/* A car leaves when nothing is owed: within free time, or within the grace after paying. */
static enum status
check_nothing_due(struct till *till, const char *ticket, struct error_detail *err)
{
    struct ticket_row row;
    int64_t due_yen = 0;
    till_lock(till);
    enum status status = check_can_sell(till, err);
    if (status == STATUS_OK) {
        status = load_ticket(till, ticket, &row, err);
    }
    if (status == STATUS_OK) {
        status = row.item[0] != '\0' ? check_stay(till, &row, err) : refuse_ended(&row, err);
    }
    till_unlock(till, false);
    if (status == STATUS_OK) {
        status = price_stay(till, &row, &due_yen, err);
    }
    if (status == STATUS_OK && due_yen > 0) {
        char due[YEN_TEXT_SIZE];
        error_set(err, "still_due",
                  "まだ%s円のお支払いがあります。会計してから出庫してください。料金を取らずに出すときは、券を理由を付けて取り消し"
                  "てください。",
                  yen_format(due, due_yen));
        status = STATUS_REFUSED;
    }
    return status;
}

enum status
till_close_ticket(struct till *till, const char *ticket, const char *outcome, const char *reason,
                  struct error_detail *err)
{
    struct ticket_row row;
    const bool is_void = strcmp(outcome, "voided") == 0;
    if (!is_void && strcmp(outcome, "left") != 0) {
        error_set(err, "outcome", "出庫か取消を選んでください。");
        return STATUS_INVALID;
    }
    enum status status = is_void ? STATUS_OK : check_nothing_due(till, ticket, err);
    if (status != STATUS_OK) {
        return status;
    }
    till_lock(till);
    status = check_can_sell(till, err);
    if (status == STATUS_OK) {
        status = load_ticket(till, ticket, &row, err);
    }
    if (status == STATUS_OK) {
        status = refuse_ended(&row, err);
    }
    if (status == STATUS_OK && is_void && (reason == NULL || reason[0] == '\0' || strlen(reason) >= REASON_SIZE)) {
        error_set(err, "reason_needed", "券を取り消す理由を入れてください。");
        status = STATUS_REFUSED;
    }
    if (status == STATUS_OK) {
        struct json_writer *body = record_body(till);
        json_text(body, "ticket", ticket);
        json_text(body, "outcome", outcome);
        json_text(body, "clerk", till->clerk.code);
        json_text(body, "reason", is_void ? reason : NULL);
        status = record_single(till, "ticket.closed", err);
    }
    till_unlock(till, status == STATUS_OK);
    return status;
}
