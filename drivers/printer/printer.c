/* The door to receipt printers: checks what the caller asks, bounds the time, and makes sure that status and outcome
 * never contradict each other, whatever the implementation did. */
#include "drivers/printer/printer_driver.h"

#include <assert.h>
#include <string.h>

enum {
    /* A minute of raster at 576 dots × 150 mm/s is under 5 MiB; a longer job is a mistake of the caller's. */
    PRINT_JOB_MAX_BYTES = 4 * 1024 * 1024,
    PRINTER_TIMEOUT_MAX_MS = 120 * 1000 /* nobody waits at a counter for longer */
};

static unsigned
bounded(unsigned timeout_ms)
{
    return timeout_ms < PRINTER_TIMEOUT_MAX_MS ? timeout_ms : PRINTER_TIMEOUT_MAX_MS;
}

const char *
printer_name(const struct printer *printer)
{
    assert(printer != NULL);
    return printer->driver->name;
}

struct printer_capabilities
printer_capabilities(const struct printer *printer)
{
    assert(printer != NULL);
    return printer->capabilities;
}

enum status
printer_query(struct printer *printer, unsigned timeout_ms, struct printer_state *out, struct error_detail *err)
{
    assert(printer != NULL);
    assert(out != NULL);

    struct printer_state state = {0};
    enum status status = printer->driver->query(printer, bounded(timeout_ms), &state, err);
    if (status != STATUS_OK) {
        return status;
    }
    *out = state;
    return STATUS_OK;
}

enum status
printer_print(struct printer *printer, uint64_t job_id, const void *bytes, size_t length, unsigned timeout_ms,
              enum print_outcome *out_outcome, struct error_detail *err)
{
    assert(printer != NULL);
    assert(bytes != NULL);
    assert(out_outcome != NULL);

    *out_outcome = PRINT_NOT_DONE;
    if (length == 0 || length > PRINT_JOB_MAX_BYTES) {
        error_set(err, "print_job_size", "印刷データの大きさが不正です(%zuバイト)。", length);
        return length == 0 ? STATUS_INVALID : STATUS_OVERFLOW;
    }

    /* An implementation that forgets to say how it ended has not proved anything. */
    enum print_outcome outcome = PRINT_UNKNOWN;
    enum status status = printer->driver->print(printer, job_id, bytes, length, bounded(timeout_ms), &outcome, err);
    if (status == STATUS_OK && outcome != PRINT_DONE) {
        error_set(err, "print_unacknowledged", "印刷の完了を確認できませんでした。レシートを確認してください。");
        status = STATUS_IO;
    } else if (status != STATUS_OK && outcome == PRINT_DONE) {
        outcome = PRINT_UNKNOWN;
    }
    *out_outcome = outcome;
    return status;
}

void
printer_close(struct printer *printer)
{
    if (printer != NULL) {
        printer->driver->close(printer);
    }
}

const char *
print_outcome_word(enum print_outcome outcome)
{
    switch (outcome) {
    case PRINT_DONE:
        return "printed";
    case PRINT_NOT_DONE:
        return "not_printed";
    case PRINT_UNKNOWN:
        return "unknown";
    }
    return "unknown";
}

enum status
printer_state_refuses(const struct printer_state *state, struct error_detail *err)
{
    assert(state != NULL);
    if (!state->is_known) {
        return STATUS_OK;
    }
    if (state->cover_is_open) {
        error_set(err, "printer_cover_open", "プリンターのカバーが開いています。閉めてください。");
        return STATUS_COVER_OPEN;
    }
    if (state->paper_is_out) {
        error_set(err, "printer_paper_out", "プリンターの用紙がありません。用紙を入れてください。");
        return STATUS_PAPER_OUT;
    }
    if (state->cutter_has_failed) {
        error_set(err, "printer_cutter_failed",
                  "プリンターのカッターが止まっています。用紙詰まりを取り除いてください。");
        return STATUS_BUSY;
    }
    if (state->needs_attention) {
        error_set(err, "printer_needs_attention", "プリンターにエラーが出ています。表示を確認してください。");
        return STATUS_BUSY;
    }
    if (!state->is_online) {
        error_set(err, "printer_offline", "プリンターがオフラインです。");
        return STATUS_BUSY;
    }
    return STATUS_OK;
}
