/* One 16-bit code for each character of the basic plane: 0 not asked yet, below 0x100 a single byte, else two bytes
 * with the leading one high. A code is written whole and is always the same, so that threads need not agree who writes
 * it. */
#include "pos/receipt/glyphs.h"

#include "common/text/cp932.h"
#include "common/text/utf8.h"

#include <stdatomic.h>

enum {
    BASIC_PLANE = 0x10000, /* no character beyond it is in CP932 */
    GETA_MARK = 0x81AC     /* 〓 */
};

static _Atomic(uint16_t) codes[BASIC_PLANE];

/* Convert the one character of LENGTH bytes at TEXT. 0 when this system cannot. */
static uint16_t
convert(const char *text, size_t length)
{
    struct buffer bytes;
    uint16_t code = 0;
    buffer_init(&bytes, 8);
    if (cp932_from_utf8(&bytes, text, length, NULL, NULL) == STATUS_OK && bytes.length >= 1) {
        const unsigned first = (unsigned char)bytes.data[0];
        code = (uint16_t)(bytes.length == 1 ? first : first << 8 | (unsigned char)bytes.data[1]);
    }
    buffer_finish(&bytes);
    return code;
}

static uint16_t
code_of(uint32_t character, const char *text, size_t length)
{
    if (character >= BASIC_PLANE) {
        return GETA_MARK;
    }
    uint16_t code = atomic_load_explicit(&codes[character], memory_order_relaxed);
    if (code == 0) {
        code = convert(text, length);
        atomic_store_explicit(&codes[character], code, memory_order_relaxed);
    }
    return code;
}

/* The kana or kanji (U+3000 … U+9FFF) at *CURSOR, stepped over; any other character by the general way. TEXT is clean.
 */
static uint32_t
next_character(const char **cursor, const char *end)
{
    const unsigned char *bytes = (const unsigned char *)*cursor;
    if (bytes[0] >= 0xE3 && bytes[0] <= 0xE9 && end - *cursor >= 3) {
        *cursor += 3;
        return (bytes[0] & 0x0FU) << 12 | (bytes[1] & 0x3FU) << 6 | (bytes[2] & 0x3FU);
    }
    return utf8_next(cursor, end);
}

static size_t
count_ascii(const char *text, const char *end)
{
    const char *cursor = text;
    while (cursor < end && (unsigned char)*cursor < 0x80) {
        cursor++;
    }
    return (size_t)(cursor - text);
}

bool
glyphs_append(struct buffer *out, const char *text, size_t length)
{
    const char *const end = text + length;
    while (text < end) {
        const size_t ascii = count_ascii(text, end);
        buffer_append(out, text, ascii);
        text += ascii;
        /* Kanji come in runs; a run goes out in pieces of what is at hand. */
        char run[64];
        size_t filled = 0;
        while (text < end && (unsigned char)*text >= 0x80 && filled + 2 <= sizeof run) {
            const char *const start = text;
            const uint32_t character = next_character(&text, end);
            const uint16_t code = code_of(character, start, (size_t)(text - start));
            if (code == 0) {
                return false;
            }
            if (code >= 0x100) {
                run[filled++] = (char)(code >> 8);
            }
            run[filled++] = (char)(code & 0xFF);
        }
        buffer_append(out, run, filled);
    }
    return true;
}
