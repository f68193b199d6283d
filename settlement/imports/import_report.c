/* The list has a row for each file name. */
#include "settlement/imports/import_report.h"

#include "settlement/imports/import_file.h"
#include "settlement/matching/discrepancy_class.h"
#include "settlement/store/discrepancy_store.h"

#include <stdio.h>

enum status
import_report_clear(struct store_txn *txn, const struct actor *actor, const char *file_name, struct civil_date today,
                    struct error_detail *err)
{
    char subject[IMPORT_FILE_NAME_MAX_BYTES + 8];
    char day[CIVIL_DATE_TEXT_SIZE];
    struct found_discrepancy found;
    snprintf(subject, sizeof subject, "file:%s", file_name);
    enum status status = discrepancy_find(txn, actor->municipality, discrepancy_class_word(DISCREPANCY_FILE_INCOMPLETE),
                                          subject, &found, err);
    if (status == STATUS_OK && found.id != 0 && !found.is_resolved) {
        status = discrepancy_clear(txn, found.id, civil_date_format(day, today), err);
    }
    return status;
}

enum status
import_report_incomplete(struct store *store, const struct actor *actor, const char *file_name, int64_t now_ms,
                         const struct error_detail *why, struct error_detail *err)
{
    struct civil_date today = civil_date_at(now_ms);
    char subject[IMPORT_FILE_NAME_MAX_BYTES + 8];
    char today_text[CIVIL_DATE_TEXT_SIZE];
    char due_on[CIVIL_DATE_TEXT_SIZE];
    char sentence[ERROR_MESSAGE_SIZE + IMPORT_FILE_NAME_MAX_BYTES + 8];
    snprintf(subject, sizeof subject, "file:%s", file_name);
    snprintf(sentence, sizeof sentence, "%s: %s", file_name, why->message);
    const char *class = discrepancy_class_word(DISCREPANCY_FILE_INCOMPLETE);
    struct discrepancy_row row = {
        .class = class,
        .subject = subject,
        .happened_on = civil_date_format(today_text, today),
        .opened_on = today_text,
        .due_on = civil_date_format(due_on, civil_date_add_days(today, discrepancy_days(DISCREPANCY_FILE_INCOMPLETE))),
        .terminal = "",
        .payment = "",
        .brand = "",
        .trustee = "",
        .payout = "",
        .summary = sentence,
    };
    struct store_txn *txn = NULL;
    int64_t id = 0;
    struct found_discrepancy found = {0};
    enum status status = store_begin_write_for(store, actor->municipality, &txn, err);
    if (status == STATUS_OK) {
        status = discrepancy_find(txn, actor->municipality, class, subject, &found, err);
    }
    if (status == STATUS_OK && found.id == 0) {
        status = discrepancy_add(txn, actor->municipality, &row, &id, err);
    } else if (status == STATUS_OK && !found.is_resolved) {
        status = discrepancy_refresh(txn, found.id, &row, err);
    }
    if (status == STATUS_OK) {
        status = store_commit(txn, err);
    }
    store_end(txn);
    return status;
}
