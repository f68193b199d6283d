/* Counting the drawer: blind, then compared. A count is a line before anybody sees what it is compared with. */
#include "pos/till/drawer.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

static const char *const purpose_words[] = {
    [COUNT_OPEN] = "open", [COUNT_INSPECTION] = "inspection", [COUNT_HANDOVER] = "handover", [COUNT_CLOSE] = "close"};

/* Why the drawer was opened: the words of drawer.opened. */
static const char *const opening_words[] = {
    [COUNT_OPEN] = "open", [COUNT_INSPECTION] = "count", [COUNT_HANDOVER] = "count", [COUNT_CLOSE] = "close"};

const char *
count_purpose_word(enum count_purpose purpose)
{
    return purpose_words[purpose];
}

bool
count_purpose_from_word(const char *word, enum count_purpose *out)
{
    for (size_t i = 0; i < sizeof purpose_words / sizeof purpose_words[0]; i++) {
        if (strcmp(purpose_words[i], word) == 0) {
            *out = (enum count_purpose)i;
            return true;
        }
    }
    return false;
}

enum status
drawer_check(const struct till *till, struct error_detail *err)
{
    if (strcmp(till->uplink.word, "behind") == 0) {
        error_set(err, "behind", "この端末の記録が古い状態に戻っています。管理者に連絡し、再登録してください。");
        return STATUS_REFUSED;
    }
    if (strcmp(till->uplink.word, "damaged") == 0) {
        error_set(err, "damaged", "この端末の記録に傷があります。記録できません。管理者に連絡してください。");
        return STATUS_REFUSED;
    }
    if (!till->clerk.is_present) {
        error_set(err, "no_clerk", "担当者を選び、暗証番号を入れてください。");
        return STATUS_REFUSED;
    }
    if (!till->day.exists || !till->day.is_open) {
        error_set(err, "day_not_open", "営業は始まっていません。");
        return STATUS_REFUSED;
    }
    return STATUS_OK;
}

/* A payment in hand may still bring cash, or end as a sale of this day. */
static enum status
check_nothing_runs(const struct till *till, struct error_detail *err)
{
    if (till->foreground.state == FOREGROUND_RUNNING || till->has_run_request) {
        error_set(err, "payment_running", "お支払いの処理中です。終わってから数えてください。");
        return STATUS_REFUSED;
    }
    return STATUS_OK;
}

static enum status
check_total(const struct cash_count *count, struct error_detail *err)
{
    if (count->total_yen < 0 || count->total_yen > DRAWER_MAX_YEN) {
        error_set(err, "count", "数えた現金の金額を確かめてください。");
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

enum status
drawer_check_can_count(const struct till *till, const struct cash_count *count, struct error_detail *err)
{
    enum status status = drawer_check(till, err);
    if (status == STATUS_OK) {
        status = check_nothing_runs(till, err);
    }
    return status == STATUS_OK ? check_total(count, err) : status;
}

enum status
drawer_record_count(struct till *till, const char *day, enum count_purpose purpose, const struct cash_count *count,
                    struct error_detail *err)
{
    struct json_writer *body = record_body(till);
    json_text(body, "day", day);
    json_text(body, "purpose", count_purpose_word(purpose));
    json_text(body, "clerk", till->clerk.code);
    cash_count_write(count, body, "counts");
    json_int(body, "total_yen", count->total_yen);
    return record_line(till, "cash.counted", err);
}

enum status
till_record_count(struct till *till, enum count_purpose purpose, const struct cash_count *count,
                  struct error_detail *err)
{
    assert(purpose == COUNT_HANDOVER || purpose == COUNT_CLOSE);
    till_lock(till);
    enum status status = drawer_check_can_count(till, count, err);
    if (status == STATUS_OK) {
        status = record_begin(till, err);
    }
    if (status == STATUS_OK) {
        status = drawer_record_count(till, till->day.id, purpose, count, err);
        if (status == STATUS_OK) {
            status = record_commit(till, err);
        } else {
            record_rollback(till);
        }
    }
    till_unlock(till, status == STATUS_OK);
    return status;
}

enum status
till_open_drawer_to_count(struct till *till, enum count_purpose purpose, struct error_detail *err)
{
    till_lock(till);
    enum status status = STATUS_OK;
    if (purpose != COUNT_OPEN) {
        status = drawer_check(till, err);
    } else if (!till->is_enrolled || !till->clerk.is_present) {
        error_set(err, "no_clerk", "担当者を選び、暗証番号を入れてください。");
        status = STATUS_REFUSED;
    }
    if (status == STATUS_OK) {
        struct json_writer *body = record_body(till);
        json_text(body, "clerk", till->clerk.code);
        json_text(body, "reason", opening_words[purpose]);
        status = record_single(till, "drawer.opened", err);
    }
    if (status == STATUS_OK) {
        drawer_kick(till);
    }
    till_unlock(till, status == STATUS_OK);
    return status;
}

enum status
drawer_record_opened(struct till *till, const char *reason, struct error_detail *err)
{
    struct json_writer *body = record_body(till);
    json_text(body, "clerk", till->clerk.code);
    json_text(body, "reason", reason);
    return record_line(till, "drawer.opened", err);
}

void
drawer_kick(struct till *till)
{
    till->is_drawer_wanted = true;
    pthread_cond_broadcast(&till->print_changed);
}

enum status
drawer_read_body(struct till *till, int64_t sequence, struct journal_line *out_line, struct json_value **out,
                 struct error_detail *err)
{
    struct buffer bytes;
    buffer_init(&bytes, JOURNAL_LINE_MAX_BYTES);
    enum status status = journal_read_line(till->db, sequence, &bytes, err);
    if (status == STATUS_OK) {
        status = journal_line_read(out_line, buffer_text(&bytes), bytes.length, err);
    }
    if (status == STATUS_OK) {
        status = json_parse(out, out_line->body, out_line->body_length, err);
    }
    out_line->body = NULL; /* the bytes go */
    buffer_finish(&bytes);
    return status;
}

enum status
drawer_load_count(struct till *till, int64_t sequence, struct recorded_count *out, struct error_detail *err)
{
    struct journal_line line;
    struct json_value *body = NULL;
    const char *purpose;
    const char *clerk;
    *out = (struct recorded_count){.sequence = sequence};
    enum status status = drawer_read_body(till, sequence, &line, &body, err);
    if (status == STATUS_OK) {
        status = cash_count_read(&out->count, json_member(body, "counts"), err);
    }
    if (status == STATUS_OK) {
        int64_t sum_yen = out->count.total_yen;
        status = json_get_int(body, "total_yen", 0, YEN_LIMIT, &out->count.total_yen, err);
        out->count.has_pieces = sum_yen == out->count.total_yen;
    }
    if (status == STATUS_OK) {
        status = json_get_text(body, "purpose", CODE_SIZE, &purpose, err);
    }
    if (status == STATUS_OK) {
        status = json_get_text(body, "clerk", CODE_SIZE - 1, &clerk, err);
    }
    if (status == STATUS_OK) {
        out->at_ms = line.at_ms;
        snprintf(out->clerk, sizeof out->clerk, "%s", clerk);
        if (!count_purpose_from_word(purpose, &out->purpose)) {
            error_set(err, "database_corrupt", "line %lld counts for \"%s\"", (long long)sequence, purpose);
            status = STATUS_CORRUPT;
        }
    }
    json_free(body);
    return status;
}

/* The sequence of the standing count, 0 for none. A sale or void without cash does not disturb it. */
static enum status
find_standing(struct till *till, int64_t *out, struct error_detail *err)
{
    struct statement *row;
    bool has_row = false;
    *out = 0;
    enum status status = database_statement(
        till->db,
        "SELECT sequence FROM cash_count AS counted WHERE day = ?1 AND purpose IN ('handover', 'close')"
        " AND NOT EXISTS (SELECT 1 FROM cash_count WHERE day = ?1 AND sequence > counted.sequence"
        "                 AND purpose IN ('handover', 'close'))"
        " AND NOT EXISTS (SELECT 1 FROM sale WHERE sequence > counted.sequence AND cash_yen <> 0)"
        " AND NOT EXISTS (SELECT 1 FROM sale WHERE sequence > ?2 AND cash_yen <> 0 AND state = 'voided'"
        "                 AND void_sequence > counted.sequence)"
        " AND NOT EXISTS (SELECT 1 FROM cash_movement WHERE sequence > counted.sequence)"
        " AND NOT EXISTS (SELECT 1 FROM handover WHERE sequence > counted.sequence)",
        &row, err);
    if (status == STATUS_OK) {
        statement_bind_text(row, 1, till->day.id);
        statement_bind_int(row, 2, till->day.opened_sequence);
        status = statement_step(row, &has_row, err);
    }
    if (status == STATUS_OK && has_row) {
        *out = statement_column_int(row, 0);
        statement_reset(row);
    }
    return status;
}

enum status
drawer_standing_count(struct till *till, struct recorded_count *out, struct error_detail *err)
{
    int64_t sequence = 0;
    enum status status = till->day.is_open ? find_standing(till, &sequence, err) : STATUS_OK;
    if (status == STATUS_OK && sequence == 0) {
        error_set(err, "no_count", "数えた記録がないか、そのあとに現金が動いています。もう一度数えてください。");
        status = STATUS_NOT_FOUND;
    }
    return status == STATUS_OK ? drawer_load_count(till, sequence, out, err) : status;
}

enum status
drawer_find_count(struct till *till, enum count_purpose purpose, int64_t count, struct recorded_count *out,
                  struct error_detail *err)
{
    enum status status = drawer_standing_count(till, out, err);
    if (status == STATUS_NOT_FOUND) {
        status = STATUS_REFUSED;
    }
    if (status == STATUS_OK && (out->purpose != purpose || (count != 0 && out->sequence != count))) {
        error_set(err, "other_count", "数え直されています。画面の金額を確かめて、もう一度進めてください。");
        status = STATUS_REFUSED;
    }
    return status;
}

enum status
drawer_check_reason(int64_t difference_yen, const char *reason, const char **out, struct error_detail *err)
{
    bool has_reason = reason != NULL && reason[0] != '\0';
    *out = has_reason ? reason : NULL;
    if (has_reason && strlen(reason) >= REASON_SIZE) {
        error_set(err, "reason_too_long", "理由は80文字までで入れてください。");
        return STATUS_INVALID;
    }
    if (difference_yen != 0 && !has_reason) {
        error_set(err, "reason_needed", "現金に過不足があります。理由を入れると進めます。");
        return STATUS_REFUSED;
    }
    return STATUS_OK;
}
