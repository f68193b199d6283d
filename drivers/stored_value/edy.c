/* Rakuten Edy. Sources: TRETJapanNFCReader (RakutenEdyCardData and its tests), gnue/felica-look (edy.h).
 *
 * A use: type, number (3 bytes), 15 bits of days since 2000-01-01 and 17 bits of seconds of the day, amount, balance.
 */
#include "drivers/stored_value/schemes.h"

#include "common/clock/civil.h"

enum { TYPE_PAID = 0x20, TYPE_CHARGED = 0x02, TYPE_GIFT = 0x04, SECONDS_PER_DAY = 86400 };

static int64_t
balance(const uint8_t block[FELICA_BLOCK_SIZE])
{
    return little_endian(block, 4);
}

static bool
use(const uint8_t block[FELICA_BLOCK_SIZE], struct stored_value_use *out)
{
    const uint32_t days = bits_of(block, 32, 15);
    const uint32_t seconds = bits_of(block, 47, 17);
    const struct civil_date epoch = {.year = 2000, .month = 1, .day = 1};
    const struct civil_date date = civil_date_add_days(epoch, (int)days);
    out->kind = block[0] == TYPE_PAID                               ? STORED_VALUE_PAID
                : block[0] == TYPE_CHARGED || block[0] == TYPE_GIFT ? STORED_VALUE_CHARGED
                                                                    : STORED_VALUE_OTHER;
    out->year = (unsigned)date.year;
    out->month = (unsigned)date.month;
    out->day = (unsigned)date.day;
    out->has_time = true;
    out->hour = seconds / 3600;
    out->minute = seconds / 60 % 60;
    out->amount_yen = big_endian(block + 8, 4);
    out->balance_yen = big_endian(block + 12, 4);
    return block[0] != 0 && seconds < SECONDS_PER_DAY;
}

const struct stored_value_reader edy_reader = {
    .name = "楽天Edy",
    .word = "edy",
    .layout = {.system = FELICA_COMMON_SYSTEM,
               .balance_service = 0x1317,
               .history_service = 0x170F,
               .history_blocks = 6},
    .balance = balance,
    .use = use,
    .first = 0,
    .step = 1,
};
