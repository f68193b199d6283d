/* The door to card readers: waits in short looks, so that it can be interrupted; masks the id; always lets the card go.
 */
#include "drivers/card_reader/card_reader_driver.h"

#include "common/signing/signing.h"
#include "drivers/card_reader/inquiry.h"
#include "drivers/monitor/monitor.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { SHOWN_BYTES = 2 /* of the id, at its end */ };

void
card_reader_init(struct card_reader *reader, const struct card_reader_driver *driver)
{
    reader->driver = driver;
    atomic_init(&reader->is_interrupted, false);
}

void
card_reader_describe_absence(struct error_detail *err)
{
    error_set(err, "card_reader_gone", "カードリーダーに接続できません。ケーブルを確認してください。");
}

void
card_reader_describe_no_card(struct error_detail *err)
{
    error_set(err, "no_card", "カードが置かれませんでした。もう一度かざしてください。");
}

const char *
card_reader_name(const struct card_reader *reader)
{
    assert(reader != NULL);
    return reader->driver->name;
}

static void
mask_id(const struct card_presence *card, char out[CARD_MASKED_ID_SIZE])
{
    size_t at = 0;
    for (size_t i = 0; i < card->id_length && i < CARD_ID_SIZE; i++) {
        const bool is_shown = i + SHOWN_BYTES >= card->id_length && card->id_length > 2 * SHOWN_BYTES;
        if (is_shown) {
            snprintf(out + at, CARD_MASKED_ID_SIZE - at, "%02X", card->id[i]);
        } else {
            memcpy(out + at, "**", 2);
        }
        at += 2;
    }
    out[at] = '\0';
}

static enum status
find_card(struct card_reader *reader, int64_t deadline_ms, struct card_presence *out, struct error_detail *err)
{
    for (;;) {
        const int64_t left_ms = deadline_ms - monitor_now_ms();
        const unsigned look_ms = left_ms <= 0 ? 0 : left_ms < CARD_LOOK_MS ? (unsigned)left_ms : CARD_LOOK_MS;
        *out = (struct card_presence){0};
        const enum status status = reader->driver->find(reader, look_ms, out, err);
        if (status != STATUS_NOT_FOUND) {
            return status;
        }
        if (atomic_load(&reader->is_interrupted)) {
            error_set(err, "card_interrupted", "読み取りを中止しました。");
            return STATUS_NOT_FOUND;
        }
        if (monitor_now_ms() >= deadline_ms) {
            card_reader_describe_no_card(err);
            return STATUS_NOT_FOUND;
        }
    }
}

enum status
card_reader_inquire(struct card_reader *reader, unsigned timeout_ms, struct card_inquiry *out, struct error_detail *err)
{
    assert(reader != NULL);
    assert(out != NULL);
    struct card_presence card;
    struct card_inquiry found = {0};
    const unsigned wait_ms = timeout_ms < CARD_INQUIRY_TIMEOUT_MAX_MS ? timeout_ms : CARD_INQUIRY_TIMEOUT_MAX_MS;
    enum status status = find_card(reader, monitor_now_ms() + wait_ms, &card, err);
    if (status == STATUS_OK) {
        found.is_felica = card.is_felica;
        mask_id(&card, found.masked_id);
        status = card.is_felica ? inquiry_run(reader, &found, err) : STATUS_OK;
    }
    reader->driver->release(reader);
    atomic_store(&reader->is_interrupted, false);
    if (status == STATUS_OK) {
        *out = found;
    }
    secret_wipe(&card, sizeof card);
    secret_wipe(&found, sizeof found);
    return status;
}

enum status
card_reader_check(struct card_reader *reader, struct error_detail *err)
{
    assert(reader != NULL);
    return reader->driver->check(reader, err);
}

void
card_reader_interrupt(struct card_reader *reader)
{
    assert(reader != NULL);
    atomic_store(&reader->is_interrupted, true);
}

void
card_reader_close(struct card_reader *reader)
{
    if (reader != NULL) {
        reader->driver->close(reader);
    }
}
