/* How a printer is called: turns, states, and which model it is. How a job ends is in job.c. */
#include "drivers/escpos_printer/escpos_printer.h"

#include "drivers/escpos_printer/device.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS_DEFAULT = 48 };

static const struct printer_driver driver;

struct escpos_printer *
escpos_printer_of(struct printer *printer)
{
    assert(printer->driver == &driver);
    return (struct escpos_printer *)printer;
}

const struct escpos_model *
escpos_printer_model(const struct escpos_printer *self)
{
    return self->model != NULL ? self->model : escpos_model_unknown();
}

enum status
escpos_printer_begin(struct escpos_printer *self, int64_t deadline_ms, struct error_detail *err)
{
    monitor_lock(&self->monitor);
    while (self->is_taken && monitor_wait(&self->monitor, deadline_ms)) {
    }
    const bool is_mine = !self->is_taken;
    self->is_taken = true; /* by us, or still by the other */
    monitor_unlock(&self->monitor);
    if (!is_mine) {
        error_set(err, "printer_taken", "プリンターは使用中です。しばらくしてからやり直してください。");
        return STATUS_BUSY;
    }
    bool is_new = true;
    enum status status = printer_session_open(&self->session, deadline_ms, &is_new, err);
    if (status != STATUS_OK) {
        self->model = self->configured; /* another one may be plugged in next */
        escpos_printer_end(self, status);
    }
    return status;
}

void
escpos_printer_end(struct escpos_printer *self, enum status status)
{
    /* A printer that says why it does not print is one that is understood; a silent one may yet answer. */
    const bool was_sound = status != STATUS_IO && status != STATUS_DEVICE_GONE && status != STATUS_NO_MEMORY;
    printer_session_close(&self->session, was_sound);
    monitor_lock(&self->monitor);
    self->is_taken = false;
    monitor_announce(&self->monitor);
    monitor_unlock(&self->monitor);
}

/* Once an error was seen, then the cover open, then shut: somebody has taken the jam out. The printer waits to be told
 * so, and is told to forget what it had not printed: that job ended as unknown, and is printed again from its
 * beginning. */
static enum status
follow_mending(struct escpos_printer *self, const struct printer_state *state, int64_t deadline_ms,
               struct error_detail *err)
{
    const bool has_error = state->cutter_has_failed || state->needs_attention;
    const bool is_mended = has_error && self->was_opened_in_error && !state->cover_is_open;
    self->was_opened_in_error = has_error && (state->cover_is_open || (self->was_opened_in_error && !is_mended));
    if (!is_mended) {
        return STATUS_OK;
    }
    struct buffer bytes;
    struct escpos printer;
    size_t sent = 0;
    buffer_init(&bytes, 16);
    escpos_init(&printer, &bytes, 1);
    escpos_recover(&printer);
    enum status status = escpos_finish(&printer, err);
    if (status == STATUS_OK) {
        status = transport_write(self->session.transport, bytes.data, bytes.length, deadline_ms, &sent, err);
    }
    buffer_finish(&bytes);
    return status;
}

static enum status
query(struct printer *printer, unsigned timeout_ms, struct printer_state *out, struct error_detail *err)
{
    struct escpos_printer *self = escpos_printer_of(printer);
    const int64_t deadline_ms = monitor_now_ms() + timeout_ms;
    struct printer_state state = {0};
    enum status status = escpos_printer_begin(self, deadline_ms, err);
    if (status != STATUS_OK) {
        return status;
    }
    if (escpos_printer_model(self)->has_status) {
        status = printer_session_ask_state(&self->session, deadline_ms, &state, err);
    }
    if (status == STATUS_OK) {
        status = follow_mending(self, &state, deadline_ms, err);
    }
    escpos_printer_end(self, status);
    if (status == STATUS_OK) {
        *out = state;
    }
    return status;
}

static enum status
print(struct printer *printer, uint64_t job_id, const void *bytes, size_t length, unsigned timeout_ms,
      enum print_outcome *out_outcome, struct error_detail *err)
{
    struct escpos_printer *self = escpos_printer_of(printer);
    const int64_t deadline_ms = monitor_now_ms() + timeout_ms;
    *out_outcome = PRINT_NOT_DONE;
    enum status status = escpos_printer_begin(self, deadline_ms, err);
    if (status != STATUS_OK) {
        return status;
    }
    status = escpos_printer_run_job(self, job_id, bytes, length, deadline_ms, out_outcome, err);
    /* Of a job that may go on, nothing may be heard later; and what still waits in this computer is thrown away. */
    escpos_printer_end(self, *out_outcome == PRINT_UNKNOWN ? STATUS_IO : status);
    return status;
}

static void
close_printer(struct printer *printer)
{
    struct escpos_printer *self = escpos_printer_of(printer);
    transport_destroy(self->session.transport);
    monitor_finish(&self->monitor);
    free(self);
}

static const struct printer_driver driver = {
    .name = "escpos",
    .query = query,
    .print = print,
    .close = close_printer,
};

static enum status
check_options(const struct escpos_printer_options *options, struct error_detail *err)
{
    const unsigned columns = options->columns;
    if (columns != 0 && columns != 32 && columns != 42 && columns != 48) {
        error_set(err, "printer_option_invalid", "printer: columns %u is not 32, 42 or 48", columns);
        return STATUS_INVALID;
    }
    if (strcmp(options->model, "auto") != 0 && escpos_model_find(options->model) == NULL) {
        error_set(err, "printer_option_invalid", "printer: model %s is not known", options->model);
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

enum status
escpos_printer_open(const struct escpos_printer_options *options, struct printer **out, struct error_detail *err)
{
    assert(options->transport != NULL);
    enum status status = check_options(options, err);
    struct escpos_printer *self = status == STATUS_OK ? calloc(1, sizeof *self) : NULL;
    if (status == STATUS_OK && self == NULL) {
        error_set(err, "no_memory", "out of memory");
        status = STATUS_NO_MEMORY;
    }
    if (status == STATUS_OK) {
        status = monitor_init(&self->monitor, err);
    }
    if (status != STATUS_OK) {
        transport_destroy(options->transport);
        free(self);
        return status;
    }
    self->configured = self->model = escpos_model_find(options->model);
    const struct escpos_model *model = escpos_printer_model(self);
    const unsigned usual = self->model != NULL ? model->columns : COLUMNS_DEFAULT;
    const unsigned columns = options->columns != 0 ? options->columns : usual;
    self->base = (struct printer){
        .driver = &driver,
        .capabilities = {.columns = columns,
                         .width_dots = columns == 42 ? 512 : columns * 12,
                         .has_cutter = model->cutting != ESCPOS_CUTS_NOTHING,
                         .has_drawer_port = model->has_drawer_port},
    };
    self->session.transport = options->transport;
    self->session.has_unknown_past = transport_is_lasting(options->transport);
    *out = &self->base;
    return STATUS_OK;
}
