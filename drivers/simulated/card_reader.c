/* A card reader on which another thread lays cards. The cards are FeliCa cards with public memory, and are read through
 * the same conversation as real ones. */
#include "drivers/card_reader/card_reader_driver.h"
#include "drivers/monitor/monitor.h"
#include "drivers/simulated/control.h"
#include "drivers/simulated/sample_cards.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct simulated_card_reader {
    struct card_reader base;
    struct monitor monitor;         /* guards all below */
    const struct sample_card *card; /* NULL: none */
    unsigned answers_left;          /* the card leaves after so many; 0 with `leaves` */
    bool leaves;
    bool is_unplugged;
};

static const struct card_reader_driver driver;

static struct simulated_card_reader *
simulated(struct card_reader *reader)
{
    assert(reader->driver == &driver);
    return (struct simulated_card_reader *)reader;
}

static enum status
look(const struct simulated_card_reader *self, struct error_detail *err)
{
    if (self->is_unplugged) {
        card_reader_describe_absence(err);
        return STATUS_DEVICE_GONE;
    }
    if (self->card == NULL) {
        card_reader_describe_no_card(err);
        return STATUS_NOT_FOUND;
    }
    return STATUS_OK;
}

static enum status
find(struct card_reader *reader, unsigned timeout_ms, struct card_presence *out, struct error_detail *err)
{
    struct simulated_card_reader *self = simulated(reader);
    const int64_t deadline_ms = monitor_now_ms() + timeout_ms;
    monitor_lock(&self->monitor);
    enum status status = look(self, err);
    while (status == STATUS_NOT_FOUND && monitor_wait(&self->monitor, deadline_ms)) {
        status = look(self, err);
    }
    if (status == STATUS_OK) {
        memcpy(out->id, self->card->id, FELICA_ID_SIZE);
        out->id_length = FELICA_ID_SIZE;
        out->is_felica = true;
    }
    monitor_unlock(&self->monitor);
    return status;
}

static enum status
exchange(struct card_reader *reader, const struct felica_frame *command, unsigned timeout_ms,
         struct felica_frame *out_answer, struct error_detail *err)
{
    (void)timeout_ms;
    struct simulated_card_reader *self = simulated(reader);
    monitor_lock(&self->monitor);
    if (self->leaves && self->answers_left-- == 0) {
        self->card = NULL;
        self->leaves = false;
    }
    enum status status = look(self, err);
    if (status == STATUS_OK && !sample_card_answer(self->card, command, out_answer)) {
        status = STATUS_NOT_FOUND;
    }
    monitor_unlock(&self->monitor);
    return status;
}

static enum status
check(struct card_reader *reader, struct error_detail *err)
{
    struct simulated_card_reader *self = simulated(reader);
    monitor_lock(&self->monitor);
    const enum status status = look(self, err);
    monitor_unlock(&self->monitor);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static void
release(struct card_reader *reader)
{
    (void)reader;
}

static void
close_reader(struct card_reader *reader)
{
    struct simulated_card_reader *self = simulated(reader);
    monitor_finish(&self->monitor);
    free(self);
}

static const struct card_reader_driver driver = {
    .name = "simulated",
    .find = find,
    .exchange = exchange,
    .check = check,
    .release = release,
    .close = close_reader,
};

enum status
simulated_card_reader_open(struct card_reader **out, struct error_detail *err)
{
    struct simulated_card_reader *self = calloc(1, sizeof *self);
    if (self == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    const enum status status = monitor_init(&self->monitor, err);
    if (status != STATUS_OK) {
        free(self);
        return status;
    }
    card_reader_init(&self->base, &driver);
    *out = &self->base;
    return STATUS_OK;
}

bool
simulated_card_reader_lay(struct card_reader *reader, const char *card)
{
    struct simulated_card_reader *self = simulated(reader);
    const struct sample_card *sample = card != NULL ? sample_card_find(card) : NULL;
    monitor_lock(&self->monitor);
    self->card = sample;
    self->leaves = false;
    monitor_announce(&self->monitor);
    monitor_unlock(&self->monitor);
    return card == NULL || sample != NULL;
}

void
simulated_card_reader_lose_after(struct card_reader *reader, unsigned answers)
{
    struct simulated_card_reader *self = simulated(reader);
    monitor_lock(&self->monitor);
    self->leaves = true;
    self->answers_left = answers;
    monitor_unlock(&self->monitor);
}

void
simulated_card_reader_unplug(struct card_reader *reader, bool is_unplugged)
{
    struct simulated_card_reader *self = simulated(reader);
    monitor_lock(&self->monitor);
    self->is_unplugged = is_unplugged;
    monitor_announce(&self->monitor);
    monitor_unlock(&self->monitor);
}
