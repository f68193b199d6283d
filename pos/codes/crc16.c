/* Bit by bit: a code has a few hundred bytes and is read once. */
#include "pos/codes/crc16.h"

uint16_t
crc16_ccitt_false(const void *bytes, size_t length)
{
    const unsigned char *next = bytes;
    unsigned crc = 0xFFFF;
    for (size_t i = 0; i < length; i++) {
        crc ^= (unsigned)next[i] << 8;
        for (int bit = 0; bit < 8; bit++) {
            crc = (crc & 0x8000) != 0 ? (crc << 1) ^ 0x1021 : crc << 1;
        }
    }
    return (uint16_t)(crc & 0xFFFF);
}
