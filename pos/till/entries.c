/* People who come in without a sale are counted by hand: school classes, holders of a pass, a free day. */
#include "pos/till/tickets_parts.h"

#include <string.h>

enum { ENTRY_COUNT_MAX = 999 /* three keys on the pad; a busload is 60 */ };

/* What a clerk may count. The words are the journal's; their names stand on the screen. */
static const char *const categories[] = {"adult", "student", "child", "senior", "disabled", "school", "other"};

static bool
is_category(const char *category)
{
    for (size_t i = 0; i < sizeof categories / sizeof categories[0]; i++) {
        if (strcmp(categories[i], category) == 0) {
            return true;
        }
    }
    return false;
}

/* What has been counted today, so that nobody takes back more than came in. */
static enum status
count_so_far(struct till *till, const char *facility, const char *category, int64_t *out, struct error_detail *err)
{
    char date[CIVIL_DATE_TEXT_SIZE];
    struct statement *row;
    bool has_row;
    enum status status = database_statement(
        till->db,
        "SELECT COALESCE(SUM(count), 0) FROM entry_count WHERE business_date = ?1 AND facility = ?2 AND category = ?3",
        &row, err);
    if (status == STATUS_OK) {
        statement_bind_text(row, 1, civil_date_format(date, till_business_date(till)));
        statement_bind_text(row, 2, facility);
        statement_bind_text(row, 3, category);
        status = statement_step(row, &has_row, err);
    }
    if (status == STATUS_OK) {
        *out = statement_column_int(row, 0);
        statement_reset(row);
    }
    return status;
}

static enum status
check_entry(struct till *till, const char *facility, const char *category, int64_t count, struct error_detail *err)
{
    int64_t so_far = 0;
    if (masters_facility(till->masters, facility, till_business_date(till)) == NULL) {
        error_set(err, "no_such_facility", "この端末で扱う施設ではありません。");
        return STATUS_NOT_FOUND;
    }
    if (!is_category(category) || count == 0 || count > ENTRY_COUNT_MAX || count < -ENTRY_COUNT_MAX) {
        error_set(err, "entry_count", "区分と、1から%dまでの人数を入れてください。", ENTRY_COUNT_MAX);
        return STATUS_INVALID;
    }
    enum status status = count_so_far(till, facility, category, &so_far, err);
    if (status == STATUS_OK && so_far + count < 0) {
        error_set(err, "entry_below_zero", "今日の人数(%lld人)より多くは取り消せません。", (long long)so_far);
        status = STATUS_REFUSED;
    }
    return status;
}

enum status
till_count_entry(struct till *till, const char *facility, const char *category, int64_t count, struct error_detail *err)
{
    till_lock(till);
    enum status status = check_can_sell(till, err);
    if (status == STATUS_OK) {
        status = check_entry(till, facility, category, count, err);
    }
    if (status == STATUS_OK) {
        struct json_writer *body = record_body(till);
        json_text(body, "facility", facility);
        json_text(body, "category", category);
        json_int(body, "count", count);
        json_text(body, "clerk", till->clerk.code);
        status = record_single(till, "entry.counted", err);
    }
    till_unlock(till, status == STATUS_OK);
    return status;
}
