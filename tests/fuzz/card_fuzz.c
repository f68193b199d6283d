/* Any bytes as what a card reader says: a frame of an RC-S380, an APDU's answer, a FeliCa answer, blocks of a card.
 * What is understood keeps within its bytes, and what it says is possible. */
#include "drivers/felica/felica.h"
#include "drivers/pcsc_reader/transparent.h"
#include "drivers/port100_reader/frame.h"
#include "drivers/stored_value/stored_value.h"
#include "tests/fuzz/target.h"

#include <stdlib.h>
#include <string.h>

static void
demand(bool is_true)
{
    if (!is_true) {
        abort();
    }
}

static void
as_felica(const uint8_t *bytes, size_t length)
{
    static const uint8_t id[FELICA_ID_SIZE] = {0x01, 0x01, 0x0A, 0x10, 0x8E, 0x1B, 0xAD, 0x39};
    struct felica_frame frame = {.length = length < FELICA_FRAME_SIZE ? length : FELICA_FRAME_SIZE};
    uint8_t found[FELICA_ID_SIZE];
    uint8_t blocks[FELICA_READ_BLOCKS_MAX][FELICA_BLOCK_SIZE];
    memcpy(frame.bytes, bytes, frame.length);
    (void)!felica_polling_read(found, &frame, NULL);
    for (uint8_t count = 1; count <= FELICA_READ_BLOCKS_MAX; count++) {
        (void)!felica_read_read(blocks, &frame, id, count, NULL);
    }
}

static void
as_port100(const uint8_t *bytes, size_t length)
{
    const uint8_t *data = NULL;
    size_t data_length = 0;
    if (port100_frame_read(bytes, length, &data, &data_length) == PORT100_DATA) {
        demand(data >= bytes && data + data_length <= bytes + length && data_length > 0);
        as_felica(data, data_length);
    }
}

static void
as_apdu(const uint8_t *bytes, size_t length)
{
    struct felica_frame frame;
    if (transparent_read(&frame, bytes, length, NULL) == STATUS_OK) {
        demand(frame.length >= 2 && frame.length <= FELICA_FRAME_SIZE);
    }
}

static void
as_blocks(const uint8_t *bytes, size_t length)
{
    const size_t blocks = length / FELICA_BLOCK_SIZE;
    const size_t count = blocks > STORED_VALUE_BLOCKS_MAX ? STORED_VALUE_BLOCKS_MAX : blocks;
    for (int scheme = 0; scheme < STORED_VALUE_SCHEMES; scheme++) {
        for (int has_balance = 0; has_balance < 2; has_balance++) {
            struct stored_value value;
            if (count == 0 || stored_value_read(&value, (enum stored_value_scheme)scheme, has_balance ? bytes : NULL,
                                                bytes, count, NULL) != STATUS_OK) {
                continue;
            }
            demand(value.balance_yen >= 0 && value.balance_yen <= STORED_VALUE_MAX_YEN);
            demand(value.use_count <= count);
            for (size_t i = 0; i < value.use_count; i++) {
                demand(value.uses[i].month >= 1 && value.uses[i].month <= 12 && value.uses[i].hour < 24);
            }
        }
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    as_port100(bytes, length);
    as_apdu(bytes, length);
    as_felica(bytes, length);
    as_blocks(bytes, length);
    return 0;
}
