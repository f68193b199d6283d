/* nanaco. Sources: felicalib (nanaco samples), TRETJapanNFCReader (NanacoTests).
 *
 * A use: type, amount, balance, then 11 bits of year from 2000, 4 month, 5 day, 6 hour, 6 minute, and a number. */
#include "drivers/stored_value/schemes.h"

enum { TYPE_PAID = 0x47 };

static int64_t
balance(const uint8_t block[FELICA_BLOCK_SIZE])
{
    return little_endian(block, 4);
}

static bool
use(const uint8_t block[FELICA_BLOCK_SIZE], struct stored_value_use *out)
{
    static const uint8_t charges[] = {0x35, 0x5C, 0x6F, 0x70, 0x83};
    out->kind = block[0] == TYPE_PAID ? STORED_VALUE_PAID : STORED_VALUE_OTHER;
    for (size_t i = 0; i < sizeof charges; i++) {
        out->kind = block[0] == charges[i] ? STORED_VALUE_CHARGED : out->kind;
    }
    out->amount_yen = big_endian(block + 1, 4);
    out->balance_yen = big_endian(block + 5, 4);
    out->year = 2000 + bits_of(block, 72, 11);
    out->month = bits_of(block, 83, 4);
    out->day = bits_of(block, 87, 5);
    out->has_time = true;
    out->hour = bits_of(block, 92, 6);
    out->minute = bits_of(block, 98, 6);
    return block[0] != 0;
}

const struct stored_value_reader nanaco_reader = {
    .name = "nanaco",
    .word = "nanaco",
    .layout = {.system = FELICA_COMMON_SYSTEM,
               .balance_service = 0x5597,
               .history_service = 0x564F,
               .history_blocks = 5},
    .balance = balance,
    .use = use,
    .first = 0,
    .step = 1,
};
