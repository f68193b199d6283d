/* Checking the own record. */
#include "pos/uplink/record_check.h"

#include "common/log/log.h"

#include <string.h>

enum {
    LINES_AT_ONCE = 500,    /* some milliseconds: what the clerk does now does not wait for it */
    UNSENT_LINES = 1000000  /* in one go: until they are known to be whole, each further sale may be in vain */
};

/* Where the chain stands at line SEQUENCE, by that line's own bytes. */
static enum status
position_at(struct database *db, int64_t sequence, struct journal_position *out, struct error_detail *err)
{
    struct buffer line;
    *out = (struct journal_position){.sequence = sequence};
    if (sequence == 0) {
        return STATUS_OK;
    }
    buffer_init(&line, JOURNAL_LINE_MAX_BYTES);
    enum status status = journal_read_line(db, sequence, &line, err);
    if (status == STATUS_OK) {
        journal_line_hash(out->hash, buffer_text(&line), line.length);
    }
    buffer_finish(&line);
    return status;
}

static enum record_condition
condition_of(enum status status, const char *terminal, int64_t checked, int64_t acknowledged,
             const struct error_detail *err)
{
    if (status == STATUS_OK || status == STATUS_BUSY || status == STATUS_NO_MEMORY) {
        return RECORD_WHOLE; /* tried again */
    }
    log_failure(LOG_LEVEL_ERROR, terminal, "this till's record is damaged on its disk", status, err);
    return checked < acknowledged ? RECORD_DAMAGED_SENT : RECORD_DAMAGED_UNSENT;
}

static enum record_condition
check_unsent(struct record_check *check, struct database *db, const char *terminal, int64_t acknowledged,
             struct error_detail *err)
{
    struct journal_position position;
    bool is_end = false;
    enum status status = position_at(db, acknowledged, &position, err);
    if (status == STATUS_OK) {
        status = journal_verify_some(db, terminal, UNSENT_LINES, &position, &is_end, err);
    }
    check->is_unsent_checked = status == STATUS_OK;
    return condition_of(status, terminal, position.sequence, acknowledged, err);
}

enum record_condition
record_check_step(struct record_check *check, struct database *db, const char *terminal, int64_t acknowledged,
                  struct error_detail *err)
{
    if (!check->is_unsent_checked) {
        return check_unsent(check, db, terminal, acknowledged, err);
    }
    if (check->is_done) {
        return RECORD_WHOLE;
    }
    enum status status = journal_verify_some(db, terminal, LINES_AT_ONCE, &check->at, &check->is_done, err);
    enum record_condition condition = condition_of(status, terminal, check->at.sequence, acknowledged, err);
    check->is_done = check->is_done || condition != RECORD_WHOLE; /* one is enough to act on */
    return condition;
}
