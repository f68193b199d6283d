/* Writing lines: the body, the line, the fold of it, one transaction. */
#include "common/log/log.h"
#include "pos/till/till_parts.h"

#include <string.h>

/* Nothing can be sold while the disk is full; whoever reads this is told which thing to mend. */
static void
name_full_disk(struct error_detail *err)
{
    if (err != NULL && strcmp(err->code, "disk_full") == 0) {
        error_set(
            err, "disk_full",
            "レジのディスクがいっぱいで、記録を保存できませんでした。この操作は成立していません。お金の受け渡しをせず、"
            "管理者に「ディスクの空きを作ってください」と連絡してください。");
    }
}

enum status
record_begin(struct till *till, struct error_detail *err)
{
    return journal_begin(&till->journal, err);
}

enum status
record_commit(struct till *till, struct error_detail *err)
{
    enum status status = journal_commit(&till->journal, err);
    if (status != STATUS_OK) {
        struct error_detail reason = {0};
        if (err != NULL) {
            reason = *err;
        }
        log_failure(LOG_LEVEL_ERROR, "till", "committing a journal line", status, &reason);
        error_set(err, reason.code[0] != '\0' ? reason.code : "not_recorded",
                  "記録を保存できませんでした。この操作は成立していません。管理者に連絡してください。");
        name_full_disk(err);
    }
    return status;
}

void
record_rollback(struct till *till)
{
    journal_rollback(&till->journal);
}

struct json_writer *
record_body(struct till *till)
{
    buffer_clear(&till->body);
    json_writer_init(&till->writer, &till->body);
    json_begin_object(&till->writer, NULL);
    return &till->writer;
}

enum status
record_line(struct till *till, const char *kind, struct error_detail *err)
{
    struct journal_line line;
    json_end_object(&till->writer);
    enum status status = json_finish(&till->writer, err);
    if (status == STATUS_OK) {
        status =
            journal_append(&till->journal, till_now_ms(till), till_business_date(till), kind, &till->body, &line, err);
    }
    if (status == STATUS_OK) {
        status = projection_apply(till->db, &line, err);
    }
    if (status != STATUS_OK) {
        name_full_disk(err);
    }
    return status;
}

enum status
record_single(struct till *till, const char *kind, struct error_detail *err)
{
    enum status status = record_begin(till, err);
    if (status == STATUS_OK) {
        status = record_line(till, kind, err);
    }
    if (status == STATUS_OK) {
        return record_commit(till, err);
    }
    record_rollback(till);
    return status;
}
