/* Suica, PASMO, ICOCA and their kin. Sources: the wiki of felicalib ("suica"), metrodroid (SuicaTrip).
 *
 * A use: terminal, process, two bytes unknown, date (7 bits year from 2000, 4 month, 5 day), four bytes that are
 * stations or, at shops, a time (5 bits hour, 6 minute), balance (little-endian), number, region. It does not keep the
 * amount. */
#include "drivers/stored_value/schemes.h"

enum {
    SALES_TERMINAL = 0xC7,
    VENDING_MACHINE = 0xC8,
    PROCESS_AT = 1,
    PROCESS_RIDE = 0x01,
    PROCESS_CHARGE = 0x02,
    PROCESS_AUTO_CHARGE = 0x14,
    PROCESS_THANKS_CHARGE = 0x49,
    PROCESS_SALE = 0x46,
    PROCESS_SALE_WITH_CASH = 0xC6
};

static int64_t
balance(const uint8_t block[FELICA_BLOCK_SIZE])
{
    return little_endian(block + 11, 2);
}

static enum stored_value_kind
kind_of(uint8_t process)
{
    switch (process) {
    case PROCESS_CHARGE:
    case PROCESS_AUTO_CHARGE:
    case PROCESS_THANKS_CHARGE:
        return STORED_VALUE_CHARGED;
    case PROCESS_RIDE:
    case PROCESS_SALE:
    case PROCESS_SALE_WITH_CASH:
        return STORED_VALUE_PAID;
    default:
        return STORED_VALUE_OTHER;
    }
}

static bool
use(const uint8_t block[FELICA_BLOCK_SIZE], struct stored_value_use *out)
{
    out->kind = kind_of(block[PROCESS_AT]);
    out->year = 2000 + bits_of(block, 32, 7);
    out->month = bits_of(block, 39, 4);
    out->day = bits_of(block, 43, 5);
    out->has_time = block[0] == SALES_TERMINAL || block[0] == VENDING_MACHINE;
    out->hour = out->has_time ? bits_of(block, 48, 5) : 0;
    out->minute = out->has_time ? bits_of(block, 53, 6) : 0;
    out->balance_yen = little_endian(block + 10, 2);
    return block[0] != 0; /* an entry that was never written is all zero */
}

const struct stored_value_reader transit_reader = {
    .name = "交通系IC",
    .word = "transit",
    .layout = {.system = FELICA_TRANSIT_SYSTEM,
               .balance_service = 0x008B,
               .history_service = 0x090F,
               .history_blocks = 20},
    .balance = balance,
    .use = use,
    .first = 0,
    .step = 1,
};
