/* The card reader: lent to whoever inquires, and looked at in between. */
#include "pos/peripherals/peripherals_parts.h"

#include <time.h>

enum {
    LOOK_EVERY_MS = 3000, /* a reader that is pulled out is missed within this time */
    SLICE_MS = 100        /* how soon a stop is noticed */
};

bool
peripherals_have_card_reader(const struct peripherals *peripherals)
{
    return peripherals->devices.card_reader != NULL;
}

/* A card that did not come, or left too early, says nothing against the reader. */
static void
report(struct peripherals *peripherals, enum status status)
{
    const bool is_there = status == STATUS_NOT_FOUND || status == STATUS_IO || status == STATUS_REFUSED;
    health_report_reached(peripherals->health, PERIPHERAL_CARD_READER, is_there ? STATUS_OK : status);
}

static void
end_test(struct peripherals *peripherals, enum status status, const struct card_inquiry *card,
         const struct error_detail *err)
{
    if (status != STATUS_OK) {
        health_end_test(peripherals->health, PERIPHERAL_CARD_READER, TEST_FAILED, err->message);
    } else {
        health_end_test(peripherals->health, PERIPHERAL_CARD_READER, TEST_PASSED,
                        card->value_count > 0 ? "カードの残高を読み取れました。"
                                              : "カードを読み取れました。このカードに残高はありません。");
    }
}

enum status
peripherals_inquire_card(struct peripherals *peripherals, unsigned timeout_ms, struct card_inquiry *out,
                         struct error_detail *err)
{
    struct error_detail reason = {0};
    if (atomic_exchange(&peripherals->is_inquiring, true)) {
        error_set(err, "card_busy", "いま、カードを読み取っています。");
        return STATUS_BUSY;
    }
    pthread_mutex_lock(&peripherals->card_lock);
    const enum status status = card_reader_inquire(peripherals->devices.card_reader, timeout_ms, out, &reason);
    atomic_store(&peripherals->is_inquiring, false);
    pthread_mutex_unlock(&peripherals->card_lock);
    report(peripherals, status);
    end_test(peripherals, status, out, &reason);
    if (status != STATUS_OK && err != NULL) {
        *err = reason;
    }
    return status;
}

void
peripherals_stop_card(struct peripherals *peripherals)
{
    if (atomic_load(&peripherals->is_inquiring)) { /* else an interruption would break off the next one */
        card_reader_interrupt(peripherals->devices.card_reader);
    }
}

static void
look(struct peripherals *peripherals)
{
    struct error_detail ignored; /* health has a sentence of its own */
    if (pthread_mutex_trylock(&peripherals->card_lock) != 0) {
        return; /* who inquires finds out himself */
    }
    const enum status status = card_reader_check(peripherals->devices.card_reader, &ignored);
    pthread_mutex_unlock(&peripherals->card_lock);
    report(peripherals, status);
}

void *
watching_main(void *context)
{
    const struct timespec slice = {.tv_nsec = SLICE_MS * 1000000};
    struct peripherals *peripherals = context;
    int64_t next_ms = 0;
    while (!atomic_load(&peripherals->is_stopping)) {
        if (peripherals_monotonic_ms() >= next_ms) {
            look(peripherals);
            next_ms = peripherals_monotonic_ms() + LOOK_EVERY_MS;
        }
        nanosleep(&slice, NULL);
    }
    return NULL;
}
