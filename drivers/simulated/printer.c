/* A printer whose paper is drivers/paper. A job that a fault interrupts is fed half, as a real one would be found. */
#include "drivers/monitor/monitor.h"
#include "drivers/paper/paper.h"
#include "drivers/printer/printer_driver.h"
#include "drivers/simulated/control.h"

#include <assert.h>
#include <stdlib.h>

struct simulated_printer {
    struct printer base;
    struct monitor monitor; /* guards all below */
    struct simulated_printer_condition condition;
    struct paper *paper;
};

static const struct printer_driver driver;

static struct simulated_printer *
simulated(struct printer *printer)
{
    assert(printer->driver == &driver);
    return (struct simulated_printer *)printer;
}

static struct printer_state
state_of(const struct simulated_printer_condition *condition)
{
    return (struct printer_state){
        .is_known = true,
        .is_online =
            !condition->is_offline && !condition->cover_is_open && !condition->paper_is_out && !condition->is_jammed,
        .cover_is_open = condition->cover_is_open,
        .paper_is_out = condition->paper_is_out,
        .paper_is_near_end = condition->paper_is_near_end || condition->paper_is_out,
        .cutter_has_failed = condition->is_jammed,
    };
}

static enum status
gone(struct error_detail *err)
{
    error_set(err, "printer_gone", "プリンターに接続できません。電源とケーブルを確認してください。");
    return STATUS_DEVICE_GONE;
}

static enum status
query(struct printer *printer, unsigned timeout_ms, struct printer_state *out, struct error_detail *err)
{
    (void)timeout_ms;
    struct simulated_printer *self = simulated(printer);
    monitor_lock(&self->monitor);
    const struct simulated_printer_condition condition = self->condition;
    monitor_unlock(&self->monitor);

    if (condition.has_vanished) {
        return gone(err);
    }
    *out = state_of(&condition);
    return STATUS_OK;
}

/* The fault that was set for this job happens now, and stays until it is cleared. */
static enum status
break_down(struct simulated_printer_condition *condition, struct error_detail *err)
{
    switch (condition->next_job) {
    case SIMULATED_JOB_JAMS:
        condition->is_jammed = true;
        break;
    case SIMULATED_JOB_PAPER_ENDS:
        condition->paper_is_out = true;
        break;
    case SIMULATED_JOB_VANISHES:
        condition->has_vanished = true;
        break;
    case SIMULATED_JOB_PRINTS:
        break;
    }
    condition->next_job = SIMULATED_JOB_PRINTS;
    if (condition->has_vanished) {
        return gone(err);
    }
    const struct printer_state state = state_of(condition);
    return printer_state_refuses(&state, err);
}

static enum status
print_locked(struct simulated_printer *self, const void *bytes, size_t length, enum print_outcome *out_outcome,
             struct error_detail *err)
{
    *out_outcome = PRINT_NOT_DONE;
    if (self->condition.has_vanished) {
        return gone(err);
    }
    const struct printer_state state = state_of(&self->condition);
    enum status status = printer_state_refuses(&state, err);
    if (status != STATUS_OK) {
        return status;
    }
    if (self->condition.next_job != SIMULATED_JOB_PRINTS) {
        paper_feed(self->paper, bytes, length / 2);
        *out_outcome = PRINT_UNKNOWN;
        return break_down(&self->condition, err);
    }
    paper_feed(self->paper, bytes, length);
    *out_outcome = PRINT_DONE;
    return STATUS_OK;
}

static enum status
print(struct printer *printer, uint64_t job_id, const void *bytes, size_t length, unsigned timeout_ms,
      enum print_outcome *out_outcome, struct error_detail *err)
{
    (void)job_id, (void)timeout_ms;
    struct simulated_printer *self = simulated(printer);
    monitor_lock(&self->monitor);
    enum status status = print_locked(self, bytes, length, out_outcome, err);
    monitor_unlock(&self->monitor);
    return status;
}

static void
close_printer(struct printer *printer)
{
    struct simulated_printer *self = simulated(printer);
    paper_destroy(self->paper);
    monitor_finish(&self->monitor);
    free(self);
}

static const struct printer_driver driver = {
    .name = "simulated",
    .query = query,
    .print = print,
    .close = close_printer,
};

enum status
simulated_printer_open(unsigned columns, struct printer **out, struct error_detail *err)
{
    struct simulated_printer *self = calloc(1, sizeof *self);
    if (self == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    enum status status = monitor_init(&self->monitor, err);
    if (status != STATUS_OK) {
        free(self);
        return status;
    }
    status = paper_create(&self->paper, columns, err);
    if (status != STATUS_OK) {
        monitor_finish(&self->monitor);
        free(self);
        return status;
    }
    self->base = (struct printer){
        .driver = &driver,
        .capabilities = {.columns = columns,
                         .width_dots = paper_width_dots(self->paper),
                         .has_cutter = true,
                         .has_drawer_port = true},
    };
    *out = &self->base;
    return STATUS_OK;
}

void
simulated_printer_set(struct printer *printer, const struct simulated_printer_condition *condition)
{
    struct simulated_printer *self = simulated(printer);
    monitor_lock(&self->monitor);
    const bool is_cleared = (self->condition.is_jammed && !condition->is_jammed) ||
                            (self->condition.has_vanished && !condition->has_vanished) ||
                            (self->condition.paper_is_out && !condition->paper_is_out);
    if (is_cleared) {
        paper_tear(self->paper);
    }
    self->condition = *condition;
    monitor_unlock(&self->monitor);
}

struct simulated_printer_condition
simulated_printer_get(struct printer *printer)
{
    struct simulated_printer *self = simulated(printer);
    monitor_lock(&self->monitor);
    const struct simulated_printer_condition condition = self->condition;
    monitor_unlock(&self->monitor);
    return condition;
}

void
simulated_printer_sheets(struct printer *printer, uint64_t *out_first, size_t *out_count)
{
    struct simulated_printer *self = simulated(printer);
    monitor_lock(&self->monitor);
    *out_first = paper_report(self->paper)->sheets_thrown_away + 1;
    *out_count = paper_sheet_count(self->paper);
    monitor_unlock(&self->monitor);
}

/* The index of sheet NUMBER; PAPER's accessors answer STATUS_NOT_FOUND for one that is beyond the end. */
static size_t
index_of(const struct paper *paper, uint64_t number)
{
    const uint64_t before = paper_report(paper)->sheets_thrown_away;
    const size_t count = paper_sheet_count(paper);
    return number > before && number - before <= count ? (size_t)(number - before - 1) : count;
}

enum status
simulated_printer_text(struct printer *printer, uint64_t number, struct buffer *out, struct error_detail *err)
{
    struct simulated_printer *self = simulated(printer);
    monitor_lock(&self->monitor);
    enum status status = paper_text(self->paper, index_of(self->paper, number), out, err);
    monitor_unlock(&self->monitor);
    return status;
}

enum status
simulated_printer_png(struct printer *printer, uint64_t number, struct buffer *out, struct error_detail *err)
{
    struct simulated_printer *self = simulated(printer);
    monitor_lock(&self->monitor);
    enum status status = paper_png(self->paper, index_of(self->paper, number), out, err);
    monitor_unlock(&self->monitor);
    return status;
}

size_t
simulated_printer_pulses(struct printer *printer)
{
    struct simulated_printer *self = simulated(printer);
    monitor_lock(&self->monitor);
    const size_t pulses = paper_report(self->paper)->drawer_pulses;
    monitor_unlock(&self->monitor);
    return pulses;
}

size_t
simulated_printer_unknown_commands(struct printer *printer)
{
    struct simulated_printer *self = simulated(printer);
    monitor_lock(&self->monitor);
    const struct paper_report *report = paper_report(self->paper);
    const size_t unknown = report->unknown_commands + report->unknown_characters;
    monitor_unlock(&self->monitor);
    return unknown;
}
