/* Baskets put aside (保留): a citizen fetches something, and the next one is served meanwhile.
 *
 * A hold is a line with the whole basket as it is priced, so that it survives whatever happens to this computer, and so
 * that a change of the masters does not change it. Once recalled it lies in memory like any basket; after a restart it
 * is put back on the till, unless it was sold or given up. A hold belongs to its business day: the close discards it.
 */
#include "pos/till/till_parts.h"

#include <stdio.h>
#include <string.h>

enum {
    HOLDS_MAX = 20, /* more waiting citizens than a counter has chairs; all are on one screen */
    LABEL_SIZE = 91 /* up to 30 kanji: a number that was called, a colour of clothes */
};

struct hold_row {
    char hold[IDENTITY_TEXT_SIZE];
    char sale[IDENTITY_TEXT_SIZE];
    char state[STATE_WORD_SIZE];
    int64_t sequence;
    bool is_of_open_day;
};

static enum status
load_hold(struct till *till, const char *hold, struct hold_row *out, struct error_detail *err)
{
    struct statement *row;
    bool has_row;
    char today[CIVIL_DATE_TEXT_SIZE] = "";
    if (till->day.exists && till->day.is_open) {
        civil_date_format(today, till->day.date);
    }
    enum status status = database_statement(
        till->db, "SELECT sale, state, sequence, business_date = ?2 FROM held_basket WHERE hold = ?1", &row, err);
    if (status == STATUS_OK) {
        statement_bind_text(row, 1, hold);
        statement_bind_text(row, 2, today);
        status = statement_step(row, &has_row, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    if (!has_row) {
        error_set(err, "no_such_hold", "その保留は見つかりません。一覧を確かめてください。");
        return STATUS_NOT_FOUND;
    }
    snprintf(out->hold, sizeof out->hold, "%s", hold);
    snprintf(out->sale, sizeof out->sale, "%s", statement_column_text(row, 0));
    snprintf(out->state, sizeof out->state, "%s", statement_column_text(row, 1));
    out->sequence = statement_column_int(row, 2);
    out->is_of_open_day = statement_column_int(row, 3) != 0;
    statement_reset(row);
    return STATUS_OK;
}

static enum status
load_waiting(struct till *till, const char *hold, struct hold_row *out, struct error_detail *err)
{
    enum status status = load_hold(till, hold, out, err);
    if (status == STATUS_OK && (strcmp(out->state, "held") != 0 || !out->is_of_open_day)) {
        error_set(err, "not_held", "その保留はもう呼び戻されたか、取りやめになっています。");
        status = STATUS_REFUSED;
    }
    return status;
}

static enum status
check_room(struct till *till, struct error_detail *err)
{
    int64_t count;
    enum status status =
        database_query_int(till->db, "SELECT COUNT(*) FROM held_basket WHERE state = 'held'", &count, err);
    if (status == STATUS_OK && count >= HOLDS_MAX) {
        error_set(err, "too_many_holds", "保留は%d件までです。使わない保留を取りやめてください。", HOLDS_MAX);
        status = STATUS_REFUSED;
    }
    return status;
}

static enum status
record_held(struct till *till, const char *label, struct error_detail *err)
{
    char id[IDENTITY_TEXT_SIZE];
    enum status status = identity_new(id, till_now_ms(till), err);
    if (status != STATUS_OK) {
        return status;
    }
    struct json_writer *body = record_body(till);
    json_text(body, "hold", id);
    json_text(body, "sale", till->basket.id);
    json_text(body, "label", label != NULL && label[0] != '\0' ? label : NULL);
    json_text(body, "clerk", till->clerk.code);
    sale_content_write(&till->basket.content, body);
    return record_single(till, "basket.held", err);
}

static enum status
check_can_hold(struct till *till, const char *basket, const char *label, struct error_detail *err)
{
    enum status status = check_can_change(till, err);
    if (status != STATUS_OK) {
        return status;
    }
    if (strcmp(basket, till->basket.id) != 0) {
        error_set(err, "other_basket", "画面が古くなっています。明細を確かめて、もう一度押してください。");
        return STATUS_REFUSED;
    }
    if (till->basket.content.line_count == 0) {
        error_set(err, "empty_basket", "保留する明細がありません。");
        return STATUS_REFUSED;
    }
    if (label != NULL && strlen(label) >= LABEL_SIZE) {
        error_set(err, "label_too_long", "目印は30文字までで入れてください。");
        return STATUS_INVALID;
    }
    return check_room(till, err);
}

enum status
till_hold_basket(struct till *till, const char *basket, const char *label, struct error_detail *err)
{
    char next[IDENTITY_TEXT_SIZE];
    till_lock(till);
    enum status status = check_can_hold(till, basket, label, err);
    if (status == STATUS_OK) {
        status = identity_new(next, till_now_ms(till), err); /* before the record: afterwards nothing may fail */
    }
    if (status == STATUS_OK) {
        status = record_held(till, label, err);
    }
    if (status == STATUS_OK) {
        bool is_of_next = till->other_kind == OTHER_PAYING; /* then a payment in hand is another basket's */
        if (!basket_take_next(till)) {
            basket_restore(&till->basket, next, NULL);
        }
        if (!is_of_next) {
            till->foreground = (struct foreground){0};
        } else if (!payment_is_in_hand(till)) {
            basket_rejoin(till);
        }
    }
    till_unlock(till, status == STATUS_OK);
    return status;
}

static enum status
record_about(struct till *till, const char *kind, const char *hold, const char *reason, struct error_detail *err)
{
    struct json_writer *body = record_body(till);
    json_text(body, "hold", hold);
    json_text(body, "clerk", till->clerk.code);
    if (reason != NULL) {
        json_text(body, "reason", reason);
    }
    return record_line(till, kind, err);
}

static enum status
record_about_alone(struct till *till, const char *kind, const char *hold, const char *reason, struct error_detail *err)
{
    enum status status = record_begin(till, err);
    if (status == STATUS_OK) {
        status = record_about(till, kind, hold, reason, err);
    }
    if (status == STATUS_OK) {
        return record_commit(till, err);
    }
    record_rollback(till);
    return status;
}

/* Too large for a stack, and for every thread to have one: used under the till's lock. */
static struct sale_content content_in_hand;

static void
put_on_till(struct till *till, const struct hold_row *row)
{
    basket_restore(&till->basket, row->sale, &content_in_hand);
    if (till->other_kind != OTHER_PAYING) {
        till->foreground = (struct foreground){0};
    }
    memcpy(till->recalled_hold, row->hold, sizeof till->recalled_hold);
    memcpy(till->recalled_sale, row->sale, sizeof till->recalled_sale);
}

enum status
holds_recall(struct till *till, const char *hold, struct error_detail *err)
{
    struct hold_row row;
    enum status status = check_can_sell(till, err);
    if (status == STATUS_OK) {
        status = basket_make_room(till, err);
    }
    if (status == STATUS_OK && till->basket.content.line_count > 0) {
        error_set(err, "basket_open", "会計の途中です。先に済ませるか、保留してから呼び戻してください。");
        status = STATUS_REFUSED;
    }
    if (status == STATUS_OK) {
        status = load_waiting(till, hold, &row, err);
    }
    if (status == STATUS_OK) {
        status = load_held_content(till, row.sequence, &content_in_hand, err);
    }
    if (status == STATUS_OK) {
        status = record_about_alone(till, "basket.recalled", hold, NULL, err);
    }
    if (status == STATUS_OK) {
        put_on_till(till, &row);
        till->last_sale.is_set = false;
    }
    return status;
}

enum status
till_recall_basket(struct till *till, const char *hold, struct error_detail *err)
{
    till_lock(till);
    enum status status = holds_recall(till, hold, err);
    till_unlock(till, status == STATUS_OK);
    return status;
}

enum status
till_discard_hold(struct till *till, const char *hold, const char *reason, struct error_detail *err)
{
    struct hold_row row;
    till_lock(till);
    enum status status = STATUS_OK;
    if (!till->clerk.is_present) {
        error_set(err, "no_clerk", "担当者を選び、暗証番号を入れてください。");
        status = STATUS_REFUSED;
    } else if (reason[0] == '\0' || strlen(reason) >= REASON_SIZE) {
        error_set(err, "reason_needed", "保留を取りやめる理由を80文字までで入れてください。");
        status = STATUS_INVALID;
    } else {
        status = load_waiting(till, hold, &row, err);
    }
    if (status == STATUS_OK) {
        status = record_about_alone(till, "basket.discarded", hold, reason, err);
    }
    till_unlock(till, status == STATUS_OK);
    return status;
}

enum status
holds_forget_recalled(struct till *till, const char *reason, struct error_detail *err)
{
    bool is_recalled = till->recalled_hold[0] != '\0' && strcmp(till->recalled_sale, till->basket.id) == 0;
    if (!is_recalled) {
        return STATUS_OK;
    }
    enum status status = record_about_alone(till, "basket.discarded", till->recalled_hold, reason, err);
    if (status == STATUS_OK) {
        till->recalled_hold[0] = '\0';
    }
    return status;
}

/* Holds that wait, and recalled ones that were not sold. A payment whose end is not known may still make it a sale. */
static const char unfinished[] =
    "SELECT hold FROM held_basket WHERE state = 'held' OR (state = 'recalled' AND sale NOT IN (SELECT sale FROM sale)"
    " AND sale NOT IN (SELECT sale FROM payment WHERE state IN ('started', 'unknown', 'in_doubt')))"
    " ORDER BY sequence LIMIT 100";

enum status
holds_discard_all(struct till *till, const char *reason, int64_t *out_count, struct error_detail *err)
{
    enum { AT_ONCE = 100 };
    char holds[AT_ONCE][IDENTITY_TEXT_SIZE];
    size_t count = 0;
    struct statement *row;
    bool has_row = false;
    enum status status = database_statement(till->db, unfinished, &row, err);
    while (status == STATUS_OK && (status = statement_step(row, &has_row, err)) == STATUS_OK && has_row) {
        snprintf(holds[count++], IDENTITY_TEXT_SIZE, "%s", statement_column_text(row, 0));
        if (count == AT_ONCE) {
            statement_reset(row);
            break;
        }
    }
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        status = record_about(till, "basket.discarded", holds[i], reason, err);
    }
    if (status == STATUS_OK) {
        *out_count = (int64_t)count;
    }
    return status;
}

enum status
holds_recover(struct till *till, struct error_detail *err)
{
    struct hold_row hold = {0};
    struct statement *row;
    bool has_row;
    if (!till->day.exists || !till->day.is_open) {
        return STATUS_OK;
    }
    /* A basket whose payment ended without money is put back too: the citizen may still stand there. */
    enum status status = database_statement(
        till->db,
        "SELECT hold FROM held_basket WHERE state = 'recalled' AND sale NOT IN (SELECT sale FROM sale)"
        " AND sale NOT IN (SELECT sale FROM payment WHERE state IN ('started', 'unknown',"
        " 'in_doubt')) ORDER BY sequence DESC LIMIT 1",
        &row, err);
    if (status == STATUS_OK) {
        status = statement_step(row, &has_row, err);
    }
    if (status != STATUS_OK || !has_row) {
        return status;
    }
    snprintf(hold.hold, sizeof hold.hold, "%s", statement_column_text(row, 0));
    statement_reset(row);
    status = load_hold(till, hold.hold, &hold, err);
    if (status == STATUS_OK && hold.is_of_open_day) {
        status = load_held_content(till, hold.sequence, &content_in_hand, err);
        if (status == STATUS_OK) {
            put_on_till(till, &hold);
        }
    }
    return status;
}

enum status
holds_write(struct till *till, struct json_writer *writer, struct error_detail *err)
{
    struct statement *row;
    bool has_row = false;
    enum status status =
        database_statement(till->db,
                           "SELECT hold, label, title, item_count, total_yen, at_ms, clerk FROM held_basket"
                           " WHERE state = 'held' AND business_date = (SELECT business_date FROM business_day"
                           " WHERE state = 'open') ORDER BY sequence LIMIT ?1",
                           &row, err);
    if (status != STATUS_OK) {
        return status;
    }
    statement_bind_int(row, 1, HOLDS_MAX);
    json_begin_array(writer, "held");
    while ((status = statement_step(row, &has_row, err)) == STATUS_OK && has_row) {
        char at[INSTANT_TEXT_SIZE];
        json_begin_object(writer, NULL);
        json_text(writer, "hold", statement_column_text(row, 0));
        json_text(writer, "label", statement_column_is_null(row, 1) ? NULL : statement_column_text(row, 1));
        json_text(writer, "title", statement_column_text(row, 2));
        json_int(writer, "count", statement_column_int(row, 3));
        json_int(writer, "total_yen", statement_column_int(row, 4));
        json_text(writer, "at", instant_format(at, statement_column_int(row, 5)));
        json_text(writer, "clerk_name",
                  till->masters != NULL ? masters_clerk_name(till->masters, statement_column_text(row, 6))
                                        : statement_column_text(row, 6));
        json_end_object(writer);
    }
    json_end_array(writer);
    return status;
}
