/* WAON. Source: TRETJapanNFCReader (WaonCardData). No dump of a card with known sums was found: see the tests.
 *
 * Uses stand in pairs of blocks, the second of which holds: a byte, type, then bit by bit 5 year from 2005, 4 month, 5
 * day, 5 hour, 6 minute, 18 balance, 18 amount paid, 17 amount charged. */
#include "drivers/stored_value/schemes.h"

enum { TYPE_PAID = 0x04, TYPE_RETURNED = 0x08, TYPE_REFUNDED = 0x28 };

static int64_t
balance(const uint8_t block[FELICA_BLOCK_SIZE])
{
    return little_endian(block, 4);
}

static bool
use(const uint8_t block[FELICA_BLOCK_SIZE], struct stored_value_use *out)
{
    static const uint8_t charges[] = {0x0C, 0x10, 0x18, 0x1C, 0x20, 0x30, 0x3C, 0x7C};
    const uint8_t type = block[1];
    const uint32_t paid = bits_of(block, 59, 18);
    const uint32_t charged = bits_of(block, 77, 17);
    bool is_known = type == TYPE_PAID || type == TYPE_RETURNED || type == TYPE_REFUNDED;
    out->kind = type == TYPE_PAID ? STORED_VALUE_PAID : STORED_VALUE_OTHER;
    for (size_t i = 0; i < sizeof charges; i++) {
        if (type == charges[i]) {
            out->kind = STORED_VALUE_CHARGED;
            is_known = true;
        }
    }
    out->year = 2005 + bits_of(block, 16, 5);
    out->month = bits_of(block, 21, 4);
    out->day = bits_of(block, 25, 5);
    out->has_time = true;
    out->hour = bits_of(block, 30, 5);
    out->minute = bits_of(block, 35, 6);
    out->balance_yen = bits_of(block, 41, 18);
    out->amount_yen = paid > 0 ? paid : charged;
    return is_known;
}

const struct stored_value_reader waon_reader = {
    .name = "WAON",
    .word = "waon",
    .layout = {.system = FELICA_COMMON_SYSTEM,
               .balance_service = 0x6817,
               .history_service = 0x680B,
               .history_blocks = 6},
    .balance = balance,
    .use = use,
    .first = 1,
    .step = 2,
};
