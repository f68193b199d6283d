/* Lengths are compared with what came before anything is read. */
#include "drivers/felica/felica.h"

#include <assert.h>
#include <string.h>

enum {
    POLLING_LENGTH = 6,
    POLLING_ANSWER_LENGTH = 18, /* length, code, IDm, PMm; a system code may follow */
    READ_ANSWER_HEAD = 12,      /* length, code, IDm, two status flags */
    READ_ANSWER_DATA = 13,      /* … and the number of blocks */
    ID_AT = 2,
    STATUS_AT = 10,
    COUNT_AT = 12,
    SHORT_BLOCK_ELEMENT = 0x80
};

void
felica_polling_write(struct felica_frame *out, uint16_t system)
{
    const uint8_t bytes[POLLING_LENGTH] = {POLLING_LENGTH,           FELICA_COMMAND_POLLING, (uint8_t)(system >> 8),
                                           (uint8_t)(system & 0xFF), 0 /* no extras */,      0 /* one time slot */};
    out->length = sizeof bytes;
    memcpy(out->bytes, bytes, sizeof bytes);
}

static bool
is_answer_to(const struct felica_frame *answer, uint8_t command, size_t least)
{
    return answer->length >= least && answer->length <= FELICA_FRAME_SIZE && answer->bytes[0] == answer->length &&
           answer->bytes[1] == command + 1;
}

static enum status
damaged(struct error_detail *err)
{
    error_set(err, "card_answer", "カードの応答を読めませんでした。もう一度かざしてください。");
    return STATUS_INVALID;
}

enum status
felica_polling_read(uint8_t out_id[FELICA_ID_SIZE], const struct felica_frame *answer, struct error_detail *err)
{
    if (!is_answer_to(answer, FELICA_COMMAND_POLLING, POLLING_ANSWER_LENGTH)) {
        return damaged(err);
    }
    memcpy(out_id, answer->bytes + ID_AT, FELICA_ID_SIZE);
    return STATUS_OK;
}

void
felica_read_write(struct felica_frame *out, const uint8_t id[FELICA_ID_SIZE], uint16_t service, uint8_t first,
                  uint8_t count)
{
    assert(count >= 1);
    assert(count <= FELICA_READ_BLOCKS_MAX);
    uint8_t *next = out->bytes + 1;
    *next++ = FELICA_COMMAND_READ;
    memcpy(next, id, FELICA_ID_SIZE);
    next += FELICA_ID_SIZE;
    *next++ = 1; /* service */
    *next++ = (uint8_t)(service & 0xFF);
    *next++ = (uint8_t)(service >> 8);
    *next++ = count;
    for (uint8_t i = 0; i < count; i++) {
        *next++ = SHORT_BLOCK_ELEMENT;
        *next++ = (uint8_t)(first + i);
    }
    out->length = (size_t)(next - out->bytes);
    out->bytes[0] = (uint8_t)out->length;
}

enum status
felica_read_read(uint8_t out[][FELICA_BLOCK_SIZE], const struct felica_frame *answer, const uint8_t id[FELICA_ID_SIZE],
                 uint8_t count, struct error_detail *err)
{
    if (!is_answer_to(answer, FELICA_COMMAND_READ, READ_ANSWER_HEAD) ||
        memcmp(answer->bytes + ID_AT, id, FELICA_ID_SIZE) != 0) {
        return damaged(err);
    }
    if (answer->bytes[STATUS_AT] != 0) {
        error_set(err, "card_has_not", "このカードには、その記録がありません。");
        return STATUS_NOT_FOUND;
    }
    if (answer->length != READ_ANSWER_DATA + (size_t)count * FELICA_BLOCK_SIZE || answer->bytes[COUNT_AT] != count) {
        return damaged(err);
    }
    memcpy(out, answer->bytes + READ_ANSWER_DATA, (size_t)count * FELICA_BLOCK_SIZE);
    return STATUS_OK;
}
