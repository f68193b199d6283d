/* The blocks of Edy and nanaco are dumps published by TRETJapanNFCReader's tests, the transit ones by
 * juno-c.hatenadiary and mig-ration.blogspot; those of WAON are made up by its layout. */
#include "drivers/simulated/sample_cards.h"

#include <string.h>

static const uint8_t transit_balance[][FELICA_BLOCK_SIZE] = {{[11] = 0x2E, [12] = 0x22}};
static const uint8_t transit_history[][FELICA_BLOCK_SIZE] = {
    {0x16, 0x01, 0x00, 0x02, 0x0E, 0x98, 0xE3, 0x76, 0xE3, 0x7D, 0x2E, 0x22, 0x00, 0x00, 0x80, 0x00},
    {0x08, 0x03, 0x00, 0x00, 0x0B, 0x9E, 0x01, 0x01, 0x00, 0x00, 0x86, 0x01, 0x00, 0x00, 0x10, 0x00},
    {0}};
static const uint8_t edy_balance[][FELICA_BLOCK_SIZE] = {{0x23, 0x00, 0x00, 0x00, 0x96}};
static const uint8_t edy_history[][FELICA_BLOCK_SIZE] = {
    {0x20, 0x00, 0x00, 0x04, 0x38, 0x62, 0xD5, 0xB3, 0x00, 0x00, 0x00, 0x96, 0x00, 0x00, 0x00, 0x23},
    {0x20, 0x00, 0x00, 0x03, 0x38, 0x33, 0x18, 0x6C, 0x00, 0x00, 0x02, 0x62, 0x00, 0x00, 0x00, 0xB9},
    {0x20, 0x00, 0x00, 0x02, 0x38, 0x0B, 0x20, 0x30, 0x00, 0x00, 0x00, 0xCD, 0x00, 0x00, 0x03, 0x1B},
    {0x02, 0x00, 0x00, 0x01, 0x38, 0x0B, 0x20, 0x22, 0x00, 0x00, 0x03, 0xE8, 0x00, 0x00, 0x03, 0xE8}};
static const uint8_t nanaco_balance[][FELICA_BLOCK_SIZE] = {
    {0x6B, 0x01, 0x00, 0x00, 0x41, 0x04, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x0B, 0x00}};
static const uint8_t nanaco_history[][FELICA_BLOCK_SIZE] = {
    {0x47, 0x00, 0x00, 0x04, 0x41, 0x00, 0x00, 0x01, 0x6B, 0x02, 0x86, 0x71, 0x18, 0x00, 0x13, 0x00},
    {0x6F, 0x00, 0x00, 0x03, 0xE8, 0x00, 0x00, 0x05, 0xAC, 0x02, 0x86, 0x71, 0x17, 0x00, 0x12, 0x00},
    {0x47, 0x00, 0x00, 0x04, 0xBD, 0x00, 0x00, 0x01, 0xC4, 0x02, 0x86, 0x25, 0x42, 0x00, 0x11, 0x00},
    {0x6F, 0x00, 0x00, 0x03, 0xE8, 0x00, 0x00, 0x06, 0x81, 0x02, 0x86, 0x25, 0x42, 0x00, 0x10, 0x00},
    {0x47, 0x00, 0x00, 0x01, 0x91, 0x00, 0x00, 0x02, 0x99, 0x02, 0x84, 0xA4, 0x36, 0x00, 0x0F, 0x00}};
/* 2026-11-20 10:15, paid 1,200, 3,800 left; 2026-11-01 09:00, charged 5,000. */
static const uint8_t waon_balance[][FELICA_BLOCK_SIZE] = {{0xD8, 0x0E}};
static const uint8_t waon_history[][FELICA_BLOCK_SIZE] = {
    {0},
    {0x00, 0x04, 0xAD, 0xD1, 0x47, 0x81, 0xDB, 0x00, 0x25, 0x80},
    {0},
    {0x00, 0x0C, 0xAD, 0x85, 0x20, 0x02, 0x71, 0x00, 0x00, 0x00, 0x4E, 0x20}};

#define SERVICE(system_code, service_code, of)                                                                         \
    {                                                                                                                  \
        .system = (system_code), .service = (service_code), .block_count = sizeof(of) / sizeof(of)[0], .blocks = (of)  \
    }

static const struct sample_service transit[] = {SERVICE(FELICA_TRANSIT_SYSTEM, 0x008B, transit_balance),
                                                SERVICE(FELICA_TRANSIT_SYSTEM, 0x090F, transit_history)};
static const struct sample_service edy[] = {SERVICE(FELICA_COMMON_SYSTEM, 0x1317, edy_balance),
                                            SERVICE(FELICA_COMMON_SYSTEM, 0x170F, edy_history)};
static const struct sample_service nanaco[] = {SERVICE(FELICA_COMMON_SYSTEM, 0x5597, nanaco_balance),
                                               SERVICE(FELICA_COMMON_SYSTEM, 0x564F, nanaco_history)};
static const struct sample_service waon[] = {SERVICE(FELICA_COMMON_SYSTEM, 0x6817, waon_balance),
                                             SERVICE(FELICA_COMMON_SYSTEM, 0x680B, waon_history)};
static const struct sample_service phone[] = {
    SERVICE(FELICA_TRANSIT_SYSTEM, 0x008B, transit_balance), SERVICE(FELICA_TRANSIT_SYSTEM, 0x090F, transit_history),
    SERVICE(FELICA_COMMON_SYSTEM, 0x1317, edy_balance),      SERVICE(FELICA_COMMON_SYSTEM, 0x170F, edy_history),
    SERVICE(FELICA_COMMON_SYSTEM, 0x5597, nanaco_balance),   SERVICE(FELICA_COMMON_SYSTEM, 0x564F, nanaco_history)};

#undef SERVICE

static const struct sample_card cards[] = {
    {"transit", {0x01, 0x01, 0x03, 0x12, 0x34, 0x56, 0x78, 0x01}, transit, 2},
    {"edy", {0x01, 0x14, 0x03, 0x12, 0x34, 0x56, 0x78, 0x02}, edy, 2},
    {"nanaco", {0x01, 0x14, 0x03, 0x12, 0x34, 0x56, 0x78, 0x03}, nanaco, 2},
    {"waon", {0x01, 0x14, 0x03, 0x12, 0x34, 0x56, 0x78, 0x04}, waon, 2},
    {"phone", {0x01, 0x14, 0x03, 0x12, 0x34, 0x56, 0x78, 0x05}, phone, 6},
    {"empty", {0x01, 0x14, 0x03, 0x12, 0x34, 0x56, 0x78, 0x06}, NULL, 0},
};

const struct sample_card *
sample_card_find(const char *word)
{
    for (size_t i = 0; i < sizeof cards / sizeof cards[0]; i++) {
        if (strcmp(cards[i].word, word) == 0) {
            return &cards[i];
        }
    }
    return NULL;
}

static bool
has_system(const struct sample_card *card, unsigned system)
{
    bool has = system == FELICA_ANY_SYSTEM;
    for (size_t i = 0; i < card->service_count; i++) {
        has = has || card->services[i].system == system;
    }
    return has;
}

static const struct sample_service *
find_service(const struct sample_card *card, unsigned service)
{
    for (size_t i = 0; i < card->service_count; i++) {
        if (card->services[i].service == service) {
            return &card->services[i];
        }
    }
    return NULL;
}

static void
put(struct felica_frame *out, const void *bytes, size_t length)
{
    memcpy(out->bytes + out->length, bytes, length);
    out->length += length;
}

/* Length (filled in at the end), code, id. */
static void
begin(struct felica_frame *out, uint8_t code, const struct sample_card *card)
{
    out->bytes[0] = 0;
    out->bytes[1] = code;
    out->length = 2;
    put(out, card->id, sizeof card->id);
}

static void
answer_read(const struct sample_card *card, const struct felica_frame *command, struct felica_frame *out)
{
    enum { SERVICE_AT = 11, COUNT_AT = 13, ELEMENTS_AT = 14 };
    static const uint8_t refusal[] = {0x01, 0xA6}, fine[] = {0, 0};
    const unsigned service = command->bytes[SERVICE_AT] | (unsigned)command->bytes[SERVICE_AT + 1] << 8;
    const struct sample_service *found = find_service(card, service);
    const uint8_t count = command->bytes[COUNT_AT];
    begin(out, FELICA_COMMAND_READ + 1, card);
    for (size_t i = 0; found != NULL && i < count; i++) {
        found = command->bytes[ELEMENTS_AT + 2 * i + 1] < found->block_count ? found : NULL;
    }
    if (found == NULL) {
        put(out, refusal, sizeof refusal);
        return;
    }
    put(out, fine, sizeof fine);
    put(out, &count, 1);
    for (size_t i = 0; i < count; i++) {
        put(out, found->blocks[command->bytes[ELEMENTS_AT + 2 * i + 1]], FELICA_BLOCK_SIZE);
    }
}

bool
sample_card_answer(const struct sample_card *card, const struct felica_frame *command, struct felica_frame *out)
{
    static const uint8_t manufacture[FELICA_ID_SIZE] = {0x10, 0x0B, 0x4B, 0x42, 0x84, 0x85, 0xD0, 0xFF};
    if (command->bytes[1] == FELICA_COMMAND_POLLING) {
        if (!has_system(card, (unsigned)command->bytes[2] << 8 | command->bytes[3])) {
            return false;
        }
        begin(out, FELICA_COMMAND_POLLING + 1, card);
        put(out, manufacture, sizeof manufacture);
    } else {
        answer_read(card, command, out);
    }
    out->bytes[0] = (uint8_t)out->length;
    return true;
}
