/* Waiting on a device that comes and goes.
 *
 * Codes pile up in the kernel while nobody waits. Who comes back within keep_ms gets the newest of them; later, they
 * are thrown away: a payment code that was shown to an earlier citizen must not pay for this one. */
#include "drivers/code_stream/code_scanner.h"

#include "common/signing/signing.h"
#include "drivers/monitor/monitor.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum {
    TAKES_MAX = 4096 /* reads in a row without looking up: more than any device file holds back */
};

static struct code_scanner *
code_scanner(struct scanner *scanner)
{
    return (struct code_scanner *)scanner;
}

void
code_slot_put(struct code_slot *slot, enum status status, const struct scanned_code *code)
{
    if (status == STATUS_NOT_FOUND) {
        return;
    }
    secret_wipe(&slot->code, sizeof slot->code);
    slot->is_full = true;
    slot->status = status;
    if (status == STATUS_OK) {
        slot->code = *code;
    }
}

static void
empty(struct code_slot *slot)
{
    secret_wipe(&slot->code, sizeof slot->code);
    slot->is_full = false;
}

void
code_scanner_describe_absence(struct error_detail *err)
{
    error_set(err, "scanner_gone", "スキャナーに接続できません。ケーブルを確認してください。");
}

static void
disconnect(struct code_scanner *self)
{
    self->source->release(self);
    self->descriptor = -1;
    empty(&self->slot);
}

static enum status
connect_device(struct code_scanner *self, struct error_detail *err)
{
    int descriptor = -1;
    const enum status status = self->source->connect(self, &descriptor, err);
    if (status == STATUS_OK) {
        assert(descriptor >= 0);
        self->descriptor = descriptor;
        return STATUS_OK;
    }
    self->source->release(self);
    if (status == STATUS_NOT_FOUND) {
        code_scanner_describe_absence(err);
        return STATUS_DEVICE_GONE;
    }
    return status;
}

enum readiness { READY_NOTHING, READY_INTERRUPTED, READY_DATA, READY_GONE };

static enum readiness
look(const struct code_scanner *self, int64_t left_ms)
{
    struct pollfd watched[] = {{.fd = self->interruption, .events = POLLIN},
                               {.fd = self->descriptor, .events = POLLIN}};
    const int timeout_ms = left_ms < 0 ? 0 : left_ms > INT_MAX ? INT_MAX : (int)left_ms;
    if (poll(watched, 2, timeout_ms) <= 0) {
        return READY_NOTHING; /* the caller looks at the clock, also after a signal */
    }
    if ((watched[0].revents & POLLIN) != 0) {
        return READY_INTERRUPTED;
    }
    /* A device that is gone may still have bytes to read. */
    return (watched[1].revents & POLLIN) != 0 ? READY_DATA : READY_GONE;
}

/* Read all that has come. */
static enum status
drain(struct code_scanner *self, struct error_detail *err)
{
    for (int i = 0; i < TAKES_MAX; i++) {
        const enum readiness ready = look(self, 0);
        if (ready == READY_GONE) {
            /* A code that was complete is worth having; the next wait finds the device gone. */
            code_scanner_describe_absence(err);
            return self->slot.is_full ? STATUS_OK : STATUS_DEVICE_GONE;
        }
        if (ready != READY_DATA) {
            return STATUS_OK;
        }
        const enum status status = self->source->take(self, monitor_now_ms(), &self->slot, err);
        if (status != STATUS_OK) {
            return status == STATUS_DEVICE_GONE && self->slot.is_full ? STATUS_OK : status;
        }
    }
    return STATUS_OK;
}

static enum status
hand_over(struct code_scanner *self, struct scanned_code *out, struct error_detail *err)
{
    const enum status status = self->slot.status;
    if (status == STATUS_OK) {
        *out = self->slot.code;
    } else if (status == STATUS_OVERFLOW) {
        error_set(err, "scan_too_long", "読み取ったコードが長すぎます。");
    } else {
        error_set(err, "scan_unreadable", "コードを正しく読み取れませんでした。もう一度読み取ってください。");
    }
    empty(&self->slot);
    return status;
}

static void
clear_interruption(const struct code_scanner *self)
{
    uint64_t count;
    const ssize_t length = read(self->interruption, &count, sizeof count);
    assert(length == (ssize_t)sizeof count);
    (void)length;
}

static enum status
wait_connected(struct code_scanner *self, int64_t deadline_ms, struct scanned_code *out, struct error_detail *err)
{
    for (;;) {
        const enum status status = drain(self, err);
        if (status != STATUS_OK) {
            return status;
        }
        if (self->slot.is_full) {
            return hand_over(self, out, err);
        }
        const int64_t left_ms = deadline_ms - monitor_now_ms();
        switch (look(self, left_ms)) {
        case READY_INTERRUPTED:
            clear_interruption(self);
            error_set(err, "scan_interrupted", "読み取りを中止しました。");
            return STATUS_NOT_FOUND;
        case READY_GONE:
            code_scanner_describe_absence(err);
            return STATUS_DEVICE_GONE;
        case READY_NOTHING:
            if (monitor_now_ms() >= deadline_ms) {
                error_set(err, "scan_none", "コードが読み取られませんでした。");
                return STATUS_NOT_FOUND;
            }
            break;
        case READY_DATA:
            break;
        }
    }
}

enum status
code_scanner_wait(struct scanner *scanner, unsigned timeout_ms, struct scanned_code *out, struct error_detail *err)
{
    struct code_scanner *self = code_scanner(scanner);
    const int64_t now_ms = monitor_now_ms();
    enum status status = STATUS_OK;
    if (self->descriptor < 0) {
        status = connect_device(self, err);
    } else if (now_ms - self->asked_ms > (int64_t)self->keep_ms) {
        status = drain(self, err);
        empty(&self->slot);
    }
    if (status == STATUS_OK) {
        status = wait_connected(self, now_ms + timeout_ms, out, err);
    }
    if (status == STATUS_DEVICE_GONE || status == STATUS_IO) {
        disconnect(self);
    }
    self->asked_ms = monitor_now_ms();
    return status;
}

void
code_scanner_interrupt(struct scanner *scanner)
{
    const uint64_t one = 1;
    const ssize_t length = write(code_scanner(scanner)->interruption, &one, sizeof one);
    assert(length == (ssize_t)sizeof one);
    (void)length;
}

enum status
code_scanner_init(struct code_scanner *scanner, const struct scanner_driver *driver, const struct code_source *source,
                  unsigned keep_ms, struct error_detail *err)
{
    const int interruption = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (interruption < 0) {
        error_set(err, "no_memory", "the system gives no more descriptors: %s", strerror(errno));
        return STATUS_NO_MEMORY;
    }
    *scanner = (struct code_scanner){.base = {.driver = driver},
                                     .source = source,
                                     .descriptor = -1,
                                     .interruption = interruption,
                                     .keep_ms = keep_ms};
    return STATUS_OK;
}

void
code_scanner_finish(struct code_scanner *scanner)
{
    disconnect(scanner);
    close(scanner->interruption);
}
