/* The conversation with an RC-S380.
 *
 * Every command is acknowledged, then answered. When either does not come as it should, the connection is thrown away:
 * a late answer must not be taken for the next one. */
#include "drivers/port100_reader/port100_reader.h"

#include "common/signing/signing.h"
#include "drivers/card_reader/card_reader_driver.h"
#include "drivers/monitor/monitor.h"
#include "drivers/port100_reader/frame.h"
#include "drivers/transport/usb_bulk.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
    ANSWER_MS = 1000,  /* for what needs no card */
    STALE_READS = 16,  /* frames of an earlier program that may still lie in the reader */
    STALE_MS = 20,     /* how long to wait for each */
    POLLING_MS = 50,   /* for a card to answer a look */
    LONGEST_MS = 6000, /* the timer of a command has 16 bits of 0.1 ms */
    TICKS_PER_MS = 10,
    RESULT_BYTES = 5, /* of InCommRF: a status, and how many bits of the last byte count */
    COMMAND_MARK = 0xD6,
    ANSWER_MARK = 0xD7
};

enum command {
    IN_SET_RF = 0x00,
    IN_SET_PROTOCOL = 0x02,
    IN_COMMUNICATE = 0x04,
    SWITCH_RF = 0x06,
    SET_COMMAND_TYPE = 0x2A
};

static const struct usb_bulk_id readers[] = {
    {0x054C, 0x06C1}, /* RC-S380/S */
    {0x054C, 0x06C3}, /* RC-S380/P */
};

struct port100_reader {
    struct card_reader base;
    struct usb_bulk *usb; /* NULL: not connected */
    bool is_field_on;
};

static const struct card_reader_driver driver;

static struct port100_reader *
port100(struct card_reader *reader)
{
    assert(reader->driver == &driver);
    return (struct port100_reader *)reader;
}

static void
disconnect(struct port100_reader *self)
{
    usb_bulk_close(self->usb);
    self->usb = NULL;
    self->is_field_on = false;
}

static enum status
senseless(struct error_detail *err)
{
    error_set(err, "card_reader_answer", "カードリーダーの応答を読めませんでした。もう一度かざしてください。");
    return STATUS_IO;
}

/* Read one frame. A reader that stays silent has failed: STATUS_IO. */
static enum status
read_frame(struct port100_reader *self, unsigned timeout_ms, uint8_t frame[PORT100_FRAME_MAX], size_t *out_length,
           struct error_detail *err)
{
    const enum status status = usb_bulk_read(self->usb, frame, PORT100_FRAME_MAX, timeout_ms, out_length, err);
    if (status == STATUS_NOT_FOUND) {
        error_set(err, "card_reader_silent", "カードリーダーが応答しません。もう一度かざしてください。");
        return STATUS_IO;
    }
    return status;
}

/* The answer's bytes behind its code go into ANSWER. */
static enum status
ask(struct port100_reader *self, enum command command, const uint8_t *data, size_t length, unsigned timeout_ms,
    uint8_t answer[PORT100_DATA_MAX], size_t *out_length, struct error_detail *err)
{
    uint8_t question[PORT100_DATA_MAX] = {COMMAND_MARK, (uint8_t)command};
    uint8_t frame[PORT100_FRAME_MAX];
    const uint8_t *found = NULL;
    size_t frame_length = 0, found_length = 0;
    assert(length + 2 <= sizeof question);
    memcpy(question + 2, data, length);
    frame_length = port100_frame_write(frame, question, length + 2);
    enum status status = usb_bulk_write(self->usb, frame, frame_length, ANSWER_MS, err);
    if (status == STATUS_OK) {
        status = read_frame(self, ANSWER_MS, frame, &frame_length, err);
    }
    if (status == STATUS_OK && port100_frame_read(frame, frame_length, &found, &found_length) != PORT100_ACK) {
        status = senseless(err);
    }
    if (status == STATUS_OK) {
        status = read_frame(self, timeout_ms, frame, &frame_length, err);
    }
    if (status == STATUS_OK && (port100_frame_read(frame, frame_length, &found, &found_length) != PORT100_DATA ||
                                found_length < 2 || found[0] != ANSWER_MARK || found[1] != command + 1)) {
        status = senseless(err);
    }
    if (status == STATUS_OK) {
        *out_length = found_length - 2;
        memcpy(answer, found + 2, *out_length);
    } else {
        disconnect(self);
    }
    secret_wipe(frame, sizeof frame);
    return status;
}

/* A command whose answer is one byte, 0 when it was done. */
static enum status
tell(struct port100_reader *self, enum command command, const uint8_t *data, size_t length, struct error_detail *err)
{
    uint8_t answer[PORT100_DATA_MAX];
    size_t answer_length = 0;
    enum status status = ask(self, command, data, length, ANSWER_MS, answer, &answer_length, err);
    if (status == STATUS_OK && (answer_length != 1 || answer[0] != 0)) {
        status = senseless(err);
    }
    return status;
}

/* Break off what an earlier program began, and throw away what it did not read. */
static enum status
quieten(struct port100_reader *self, struct error_detail *err)
{
    uint8_t frame[PORT100_FRAME_MAX];
    size_t length = 0;
    enum status status = usb_bulk_write(self->usb, port100_ack, sizeof port100_ack, ANSWER_MS, err);
    for (int i = 0; i < STALE_READS && status == STATUS_OK; i++) {
        status = usb_bulk_read(self->usb, frame, sizeof frame, STALE_MS, &length, err);
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* The field for FeliCa at 212 kbit/s, as nfcpy sets it up. */
static enum status
switch_on(struct port100_reader *self, struct error_detail *err)
{
    static const uint8_t rate[] = {0x01, 0x01, 0x0F, 0x01};
    static const uint8_t defaults[] = {0x00, 0x18, 0x01, 0x01, 0x02, 0x01, 0x03, 0x00, 0x04, 0x00, 0x05, 0x00, 0x06,
                                       0x00, 0x07, 0x08, 0x08, 0x00, 0x09, 0x00, 0x0A, 0x00, 0x0B, 0x00, 0x0C, 0x00,
                                       0x0E, 0x04, 0x0F, 0x00, 0x10, 0x00, 0x11, 0x00, 0x12, 0x00, 0x13, 0x06};
    static const uint8_t guard[] = {0x00, 0x18};
    enum status status = tell(self, IN_SET_RF, rate, sizeof rate, err);
    if (status == STATUS_OK) {
        status = tell(self, IN_SET_PROTOCOL, defaults, sizeof defaults, err);
    }
    if (status == STATUS_OK) {
        status = tell(self, IN_SET_PROTOCOL, guard, sizeof guard, err);
    }
    self->is_field_on = status == STATUS_OK;
    return status;
}

static enum status
connect_reader(struct port100_reader *self, struct error_detail *err)
{
    static const uint8_t type[] = {0x01};
    enum status status = usb_bulk_open(&self->usb, readers, sizeof readers / sizeof readers[0], err);
    if (status == STATUS_NOT_FOUND) {
        card_reader_describe_absence(err);
        return STATUS_DEVICE_GONE;
    }
    if (status == STATUS_OK) {
        status = quieten(self, err);
    }
    if (status == STATUS_OK) {
        status = tell(self, SET_COMMAND_TYPE, type, sizeof type, err);
    }
    return status;
}

static enum status
ensure_ready(struct port100_reader *self, struct error_detail *err)
{
    enum status status = self->usb == NULL ? connect_reader(self, err) : STATUS_OK;
    if (status == STATUS_OK && !self->is_field_on) {
        status = switch_on(self, err);
    }
    if (status != STATUS_OK) {
        disconnect(self);
    }
    return status;
}

static enum status
exchange(struct card_reader *reader, const struct felica_frame *command, unsigned timeout_ms,
         struct felica_frame *out_answer, struct error_detail *err)
{
    struct port100_reader *self = port100(reader);
    uint8_t data[PORT100_DATA_MAX], answer[PORT100_DATA_MAX];
    size_t length = 0;
    enum status status = ensure_ready(self, err);
    if (status != STATUS_OK) {
        return status;
    }
    const unsigned bounded_ms = timeout_ms < LONGEST_MS ? timeout_ms : LONGEST_MS;
    const unsigned ticks = bounded_ms * TICKS_PER_MS;
    data[0] = (uint8_t)ticks;
    data[1] = (uint8_t)(ticks >> 8);
    memcpy(data + 2, command->bytes, command->length);
    status = ask(self, IN_COMMUNICATE, data, command->length + 2, bounded_ms + ANSWER_MS, answer, &length, err);
    static const uint8_t fine[4] = {0};
    if (status == STATUS_OK && length >= sizeof fine && memcmp(answer, fine, sizeof fine) != 0) {
        card_reader_describe_no_card(err); /* no answer, or one that was garbled on its way */
        status = STATUS_NOT_FOUND;
    } else if (status == STATUS_OK && (length < RESULT_BYTES + 2 || length - RESULT_BYTES > sizeof out_answer->bytes)) {
        status = senseless(err);
    }
    if (status == STATUS_OK) {
        out_answer->length = length - RESULT_BYTES;
        memcpy(out_answer->bytes, answer + RESULT_BYTES, out_answer->length);
    }
    secret_wipe(answer, sizeof answer);
    return status;
}

static enum status
find(struct card_reader *reader, unsigned timeout_ms, struct card_presence *out, struct error_detail *err)
{
    const int64_t deadline_ms = monitor_now_ms() + timeout_ms;
    struct felica_frame command, answer = {0};
    enum status status;
    felica_polling_write(&command, FELICA_ANY_SYSTEM);
    do {
        status = exchange(reader, &command, POLLING_MS, &answer, err);
    } while (status == STATUS_NOT_FOUND && monitor_now_ms() < deadline_ms);
    if (status == STATUS_OK) {
        status = felica_polling_read(out->id, &answer, err);
        out->id_length = FELICA_ID_SIZE;
        out->is_felica = true;
    }
    return status == STATUS_INVALID ? STATUS_NOT_FOUND : status; /* two cards at once answer into each other */
}

static void
release(struct card_reader *reader)
{
    static const uint8_t off[] = {0x00};
    struct port100_reader *self = port100(reader);
    if (self->usb != NULL) {
        const enum status status = tell(self, SWITCH_RF, off, sizeof off, NULL);
        (void)status; /* a reader that does not take it is disconnected by that, and set up anew */
        self->is_field_on = false;
    }
}

/* A connection that stands is not asked: what was pulled out is not in the list. */
static enum status
check(struct card_reader *reader, struct error_detail *err)
{
    struct port100_reader *self = port100(reader);
    const enum status status = usb_bulk_look(readers, sizeof readers / sizeof readers[0], err);
    if (status == STATUS_NOT_FOUND) {
        disconnect(self);
        card_reader_describe_absence(err);
        return STATUS_DEVICE_GONE;
    }
    return status;
}

static void
close_reader(struct card_reader *reader)
{
    struct port100_reader *self = port100(reader);
    disconnect(self);
    free(self);
}

static const struct card_reader_driver driver = {
    .name = "rc-s380",
    .find = find,
    .exchange = exchange,
    .check = check,
    .release = release,
    .close = close_reader,
};

enum status
port100_reader_open(struct card_reader **out, struct error_detail *err)
{
    struct port100_reader *self = calloc(1, sizeof *self);
    if (self == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    card_reader_init(&self->base, &driver);
    *out = &self->base;
    return STATUS_OK;
}
