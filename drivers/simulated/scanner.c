/* A scanner before which another thread holds codes. It remembers one, as the queue of a real one's port would. */
#include "common/signing/signing.h"
#include "drivers/monitor/monitor.h"
#include "drivers/scanner/scanner_driver.h"
#include "drivers/simulated/control.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct simulated_scanner {
    struct scanner base;
    struct monitor monitor; /* guards all below */
    struct scanned_code code;
    int64_t shown_at_ms;
    bool has_code;
    bool was_too_long;
    bool is_interrupted;
    bool is_unplugged;
};

static const struct scanner_driver driver;

static struct simulated_scanner *
simulated(struct scanner *scanner)
{
    assert(scanner->driver == &driver);
    return (struct simulated_scanner *)scanner;
}

/* What has come about, if anything: sets *OUT_IS_OVER. */
static enum status
look(struct simulated_scanner *self, struct scanned_code *out, bool *out_is_over, struct error_detail *err)
{
    *out_is_over = true;
    if (self->is_unplugged) {
        error_set(err, "scanner_gone", "スキャナーに接続できません。ケーブルを確認してください。");
        return STATUS_DEVICE_GONE;
    }
    if (self->is_interrupted) {
        self->is_interrupted = false;
        error_set(err, "scan_interrupted", "読み取りを中止しました。");
        return STATUS_NOT_FOUND;
    }
    if (self->was_too_long) {
        self->was_too_long = false;
        error_set(err, "scan_too_long", "読み取ったコードが長すぎます。");
        return STATUS_OVERFLOW;
    }
    if (self->has_code && monitor_now_ms() - self->shown_at_ms <= SCANNER_REPEAT_WINDOW_MS) {
        *out = self->code;
        self->has_code = false;
        secret_wipe(&self->code, sizeof self->code);
        return STATUS_OK;
    }
    *out_is_over = false;
    return STATUS_NOT_FOUND;
}

static enum status
wait_for_code(struct scanner *scanner, unsigned timeout_ms, struct scanned_code *out, struct error_detail *err)
{
    struct simulated_scanner *self = simulated(scanner);
    const int64_t deadline_ms = monitor_now_ms() + timeout_ms;
    bool is_over = false;

    monitor_lock(&self->monitor);
    enum status status = look(self, out, &is_over, err);
    while (!is_over && monitor_wait(&self->monitor, deadline_ms)) {
        status = look(self, out, &is_over, err);
    }
    monitor_unlock(&self->monitor);
    if (!is_over) {
        error_set(err, "scan_none", "コードが読み取られませんでした。");
    }
    return status;
}

static void
interrupt(struct scanner *scanner)
{
    struct simulated_scanner *self = simulated(scanner);
    monitor_lock(&self->monitor);
    self->is_interrupted = true;
    monitor_announce(&self->monitor);
    monitor_unlock(&self->monitor);
}

static void
close_scanner(struct scanner *scanner)
{
    struct simulated_scanner *self = simulated(scanner);
    monitor_finish(&self->monitor);
    secret_wipe(&self->code, sizeof self->code);
    free(self);
}

static const struct scanner_driver driver = {
    .name = "simulated",
    .wait = wait_for_code,
    .interrupt = interrupt,
    .close = close_scanner,
};

enum status
simulated_scanner_open(struct scanner **out, struct error_detail *err)
{
    struct simulated_scanner *self = calloc(1, sizeof *self);
    if (self == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    enum status status = monitor_init(&self->monitor, err);
    if (status != STATUS_OK) {
        free(self);
        return status;
    }
    self->base.driver = &driver;
    *out = &self->base;
    return STATUS_OK;
}

void
simulated_scanner_show(struct scanner *scanner, const char *text)
{
    struct simulated_scanner *self = simulated(scanner);
    const size_t length = strlen(text);
    monitor_lock(&self->monitor);
    self->was_too_long = length >= SCANNER_CODE_SIZE;
    self->has_code = !self->was_too_long;
    if (self->has_code) {
        memcpy(self->code.text, text, length + 1);
        self->code.length = length;
        self->shown_at_ms = monitor_now_ms();
    }
    monitor_announce(&self->monitor);
    monitor_unlock(&self->monitor);
}

void
simulated_scanner_unplug(struct scanner *scanner, bool is_unplugged)
{
    struct simulated_scanner *self = simulated(scanner);
    monitor_lock(&self->monitor);
    self->is_unplugged = is_unplugged;
    monitor_announce(&self->monitor);
    monitor_unlock(&self->monitor);
}
