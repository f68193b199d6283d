/* Sources of the blocks: mig-ration.blogspot and juno-c.hatenadiary (transit), TRETJapanNFCReader's tests (Edy,
 * nanaco). */
#include "tests/contract/support/virtual_card.h"

#include <string.h>

const uint8_t virtual_card_id[8] = {0x01, 0x39, 0x00, 0x01, 0x23, 0x45, 0x67, 0x89};

static const struct {
    const char *kind;
    unsigned system, service, number;
    uint8_t block[17]; /* sixteen, and the NUL of the literal */
} memory[] = {
    {"transit", 0x0003, 0x008B, 0, "\0\0\0\0\0\0\0\0\0\0\0\x2E\x22\0\0\0"},
    {"transit", 0x0003, 0x090F, 0, "\x16\x01\x00\x02\x0E\x98\xE3\x76\xE3\x7D\x2E\x22\x00\x00\x80\x00"},
    {"transit", 0x0003, 0x090F, 1, "\x08\x03\x00\x00\x0B\x9E\x01\x01\x00\x00\x86\x01\x00\x00\x10\x00"},
    {"edy", 0xFE00, 0x1317, 0, "\x23\0\0\0\x96\0\0\0\0\0\0\0\0\0\x04\0"},
    {"edy", 0xFE00, 0x170F, 0, "\x20\x00\x00\x04\x38\x62\xD5\xB3\x00\x00\x00\x96\x00\x00\x00\x23"},
    {"edy", 0xFE00, 0x170F, 1, "\x20\x00\x00\x03\x38\x33\x18\x6C\x00\x00\x02\x62\x00\x00\x00\xB9"},
    {"edy", 0xFE00, 0x170F, 2, "\x20\x00\x00\x02\x38\x0B\x20\x30\x00\x00\x00\xCD\x00\x00\x03\x1B"},
    {"edy", 0xFE00, 0x170F, 3, "\x02\x00\x00\x01\x38\x0B\x20\x22\x00\x00\x03\xE8\x00\x00\x03\xE8"},
    {"nanaco", 0xFE00, 0x5597, 0, "\x6B\x01\x00\x00\x41\x04\x00\x00\x00\x00\x00\x00\x00\x00\x0B\x00"},
    {"nanaco", 0xFE00, 0x564F, 0, "\x47\x00\x00\x04\x41\x00\x00\x01\x6B\x02\x86\x71\x18\x00\x13\x00"},
};
enum { MEMORY = sizeof memory / sizeof memory[0] };

static bool
holds(const struct virtual_card *card, size_t row)
{
    return strcmp(card->kind, memory[row].kind) == 0 || strcmp(card->kind, "phone") == 0;
}

static size_t
finish(uint8_t *out, size_t length)
{
    out[0] = (uint8_t)length;
    return length;
}

static size_t
answer_polling(const struct virtual_card *card, const uint8_t *command, uint8_t *out)
{
    const unsigned system = command[2] * 256u + command[3];
    bool is_there = system == 0xFFFF;
    for (size_t i = 0; i < MEMORY; i++) {
        is_there = is_there || (holds(card, i) && memory[i].system == system);
    }
    if (!is_there) {
        return 0;
    }
    out[1] = 1;
    memcpy(out + 2, virtual_card_id, 8);
    memset(out + 10, 0x43, 8);
    return finish(out, 18);
}

static size_t
answer_reading(const struct virtual_card *card, const uint8_t *command, uint8_t *out)
{
    const unsigned service = command[11] + command[12] * 256u;
    const unsigned count = command[13];
    out[1] = 7;
    memcpy(out + 2, virtual_card_id, 8);
    out[10] = out[11] = 0;
    out[12] = (uint8_t)count;
    size_t found = 0;
    for (unsigned wanted = 0; wanted < count; wanted++) {
        for (size_t i = 0; i < MEMORY; i++) {
            if (holds(card, i) && memory[i].service == service && memory[i].number == command[15 + 2 * wanted]) {
                memcpy(out + 13 + 16 * wanted, memory[i].block, 16);
                found++;
            }
        }
    }
    if (found != count) {
        out[10] = 0xFF;
        out[11] = 0xA8;
        return finish(out, 12);
    }
    return finish(out, 13 + 16 * count);
}

size_t
virtual_card_answer(struct virtual_card *card, const uint8_t *command, size_t length, uint8_t out[VIRTUAL_ANSWER_MAX])
{
    if (card->answers_left == 0) {
        card->kind = NULL;
    }
    if (card->kind == NULL || length < 6 || command[0] != length) {
        return 0;
    }
    const size_t answer = command[1] == 0   ? answer_polling(card, command, out)
                          : command[1] == 6 ? answer_reading(card, command, out)
                                            : 0;
    card->answers_left -= answer > 0 && card->answers_left > 0 ? 1 : 0;
    return answer;
}
