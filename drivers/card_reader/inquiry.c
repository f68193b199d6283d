/* Each system that holds values is asked for; in each, the balance and then the history of each scheme. A card that
 * refuses a service does not have that scheme; a card that stops answering has left. */
#include "drivers/card_reader/inquiry.h"

#include "common/signing/signing.h"

#include <assert.h>

enum { TRIES = 3 /* a card at the edge of the field misses one in a while */ };

/* The only way to a card: two commands that read, and nothing else. */
static enum status
exchange(struct card_reader *reader, const struct felica_frame *command, struct felica_frame *out_answer,
         struct error_detail *err)
{
    assert(command->length >= 2);
    assert(command->bytes[1] == FELICA_COMMAND_POLLING || command->bytes[1] == FELICA_COMMAND_READ);
    enum status status = STATUS_NOT_FOUND;
    for (int i = 0; i < TRIES && status == STATUS_NOT_FOUND && !atomic_load(&reader->is_interrupted); i++) {
        status = reader->driver->exchange(reader, command, CARD_EXCHANGE_MS, out_answer, err);
    }
    return status;
}

static enum status
card_left(struct error_detail *err)
{
    error_set(err, "card_left", "読み取りの途中でカードが離れました。もう一度かざしてください。");
    return STATUS_IO;
}

/* STATUS_NOT_FOUND: the card refuses. */
static enum status
read_blocks(struct card_reader *reader, const uint8_t id[FELICA_ID_SIZE], uint16_t service, uint8_t first,
            uint8_t count, uint8_t out[][FELICA_BLOCK_SIZE], struct error_detail *err)
{
    struct felica_frame command, answer = {0};
    felica_read_write(&command, id, service, first, count);
    enum status status = exchange(reader, &command, &answer, err);
    if (status == STATUS_NOT_FOUND) {
        return card_left(err);
    }
    if (status == STATUS_OK) {
        status = felica_read_read(out, &answer, id, count, err);
    }
    secret_wipe(&answer, sizeof answer);
    return status;
}

/* As many history blocks as the card gives. */
static enum status
read_history(struct card_reader *reader, const uint8_t id[FELICA_ID_SIZE], const struct stored_value_layout *layout,
             uint8_t out[STORED_VALUE_BLOCKS_MAX][FELICA_BLOCK_SIZE], size_t *out_count, struct error_detail *err)
{
    uint8_t at = 0;
    uint8_t most = FELICA_READ_BLOCKS_MAX;
    while (at < layout->history_blocks && most > 0) {
        const uint8_t left = (uint8_t)(layout->history_blocks - at);
        const uint8_t count = left < most ? left : most;
        const enum status status = read_blocks(reader, id, layout->history_service, at, count, out + at, err);
        if (status == STATUS_OK) {
            at = (uint8_t)(at + count);
        } else if (status == STATUS_NOT_FOUND) {
            most = count > 1 ? 1 : 0; /* one of them is not there: what there is comes one by one */
        } else {
            return status;
        }
    }
    *out_count = at;
    return STATUS_OK;
}

static enum status
read_scheme(struct card_reader *reader, const uint8_t id[FELICA_ID_SIZE], enum stored_value_scheme scheme,
            struct card_inquiry *out, struct error_detail *err)
{
    const struct stored_value_layout *layout = stored_value_layout(scheme);
    uint8_t balance[1][FELICA_BLOCK_SIZE];
    uint8_t history[STORED_VALUE_BLOCKS_MAX][FELICA_BLOCK_SIZE];
    size_t history_count = 0;
    const enum status found = read_blocks(reader, id, layout->balance_service, 0, 1, balance, err);
    if (found != STATUS_OK && found != STATUS_NOT_FOUND) {
        return found;
    }
    enum status status = read_history(reader, id, layout, history, &history_count, err);
    if (status == STATUS_OK && (found == STATUS_OK || history_count > 0)) {
        struct stored_value *value = &out->values[out->value_count];
        const enum status meant =
            stored_value_read(value, scheme, found == STATUS_OK ? balance[0] : NULL, history[0], history_count, err);
        out->value_count += meant == STATUS_OK ? 1 : 0; /* what cannot be understood is not shown */
    }
    secret_wipe(history, sizeof history);
    return status;
}

/* Whether SYSTEM is on the card: STATUS_NOT_FOUND when it is not. */
static enum status
poll_system(struct card_reader *reader, uint16_t system, uint8_t out_id[FELICA_ID_SIZE], struct error_detail *err)
{
    struct felica_frame command, answer = {0};
    felica_polling_write(&command, system);
    enum status status = exchange(reader, &command, &answer, err);
    if (status == STATUS_OK) {
        status = felica_polling_read(out_id, &answer, err);
    }
    secret_wipe(&answer, sizeof answer);
    return status;
}

static enum status
read_system(struct card_reader *reader, uint16_t system, const uint8_t id[FELICA_ID_SIZE], struct card_inquiry *out,
            struct error_detail *err)
{
    enum status status = STATUS_OK;
    for (int i = 0; i < STORED_VALUE_SCHEMES && status == STATUS_OK; i++) {
        const enum stored_value_scheme scheme = (enum stored_value_scheme)i;
        if (stored_value_layout(scheme)->system == system) {
            status = read_scheme(reader, id, scheme, out, err);
        }
    }
    return status;
}

enum status
inquiry_run(struct card_reader *reader, struct card_inquiry *out, struct error_detail *err)
{
    static const uint16_t systems[] = {FELICA_TRANSIT_SYSTEM, FELICA_COMMON_SYSTEM};
    uint8_t id[FELICA_ID_SIZE];
    enum status status = STATUS_OK;
    bool is_silent = false; /* the last question was not answered: the card has no such system, or has left */
    for (size_t i = 0; i < sizeof systems / sizeof systems[0] && status == STATUS_OK; i++) {
        status = poll_system(reader, systems[i], id, err);
        is_silent = status == STATUS_NOT_FOUND;
        status = is_silent ? STATUS_OK : status;
        if (status == STATUS_OK && !is_silent) {
            status = read_system(reader, systems[i], id, out, err);
        }
    }
    if (status == STATUS_OK && is_silent) {
        status = poll_system(reader, FELICA_ANY_SYSTEM, id, err);
        status = status == STATUS_NOT_FOUND ? card_left(err) : status;
    }
    secret_wipe(id, sizeof id);
    return status == STATUS_INVALID ? STATUS_IO : status;
}
