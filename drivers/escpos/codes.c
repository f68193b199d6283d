/* One 16-bit code for each character of the basic plane: 0 not asked yet, below 0x100 a single byte, else two bytes
 * with the leading one high, or MISSING. A code is written whole and is always the same, so that threads need not agree
 * who writes it. */
#include "drivers/escpos/codes.h"

#include "common/text/cp932.h"
#include "common/text/utf8.h"

#include <stdatomic.h>
#include <string.h>

enum {
    BASIC_PLANE = 0x10000, /* no character beyond it is in CP932 */
    GETA_MARK = 0x81AC,    /* 〓 */
    MISSING = 0xFFFF,      /* no code of CP932 */
    USER_FIRST = 0xEC40,
    USER_GAP = 0xEC7F /* no second byte is 7F */
};

static _Atomic(uint16_t) codes[BASIC_PLANE];

/* Convert the one character of LENGTH bytes at TEXT. 0 when this system cannot. */
static uint16_t
convert(const char *text, size_t length)
{
    struct buffer bytes;
    size_t replaced = 0;
    uint16_t code = 0;
    buffer_init(&bytes, 8);
    if (cp932_from_utf8(&bytes, text, length, &replaced, NULL) == STATUS_OK) {
        const unsigned first = bytes.length > 0 ? (unsigned char)bytes.data[0] : 0;
        code = replaced > 0        ? MISSING
               : bytes.length == 1 ? (uint16_t)first
               : bytes.length == 2 ? (uint16_t)(first << 8 | (unsigned char)bytes.data[1])
                                   : 0;
    }
    buffer_finish(&bytes);
    return code;
}

static uint16_t
code_of(uint32_t character, const char *text, size_t length)
{
    if (character >= BASIC_PLANE || character == UTF8_REPLACEMENT) {
        return MISSING;
    }
    uint16_t code = atomic_load_explicit(&codes[character], memory_order_relaxed);
    if (code == 0) {
        code = convert(text, length);
        atomic_store_explicit(&codes[character], code, memory_order_relaxed);
    }
    return code;
}

static uint16_t
user_code(size_t index)
{
    const size_t code = USER_FIRST + index;
    return (uint16_t)(code + (code >= USER_GAP));
}

/* FS 2 for the glyph CODE, put in at *LINE_START: a definition may not stand between the characters of a line. */
static void
define(struct buffer *out, size_t *line_start, uint16_t code, const uint8_t dots[ESCPOS_GLYPH_BYTES])
{
    enum { COMMAND_BYTES = 4 };
    const size_t at = *line_start;
    struct buffer rest;
    buffer_init(&rest, out->limit);
    buffer_append(&rest, buffer_text(out) + at, out->length - at);
    if (buffer_check(&rest, NULL) != STATUS_OK) {
        out->has_failed = true;
    }
    buffer_truncate(out, at);
    buffer_append(out, "\x1c\x32", 2);
    buffer_append_byte(out, code >> 8);
    buffer_append_byte(out, code & 0xFF);
    buffer_append(out, dots, ESCPOS_GLYPH_BYTES);
    buffer_append(out, buffer_text(&rest), rest.length);
    buffer_finish(&rest);
    *line_start += COMMAND_BYTES + ESCPOS_GLYPH_BYTES; /* the next one comes behind it */
}

/* The code under which the printer knows the character (with its selector) at TEXT; MISSING when it cannot be taught.
 */
static uint16_t
teach(struct buffer *out, size_t *line_start, const char *text, size_t length, struct escpos_glyphs *glyphs)
{
    uint8_t dots[ESCPOS_GLYPH_BYTES];
    if (glyphs == NULL || length >= ESCPOS_CHARACTER_SIZE) {
        return MISSING;
    }
    for (size_t i = 0; i < glyphs->count; i++) {
        if (strncmp(glyphs->known[i], text, length) == 0 && glyphs->known[i][length] == '\0') {
            return user_code(i);
        }
    }
    if (glyphs->count == ESCPOS_GLYPHS_MAX || glyphs->draw == NULL || !glyphs->draw(text, length, dots)) {
        return MISSING;
    }
    memcpy(glyphs->known[glyphs->count], text, length);
    glyphs->known[glyphs->count][length] = '\0';
    const uint16_t code = user_code(glyphs->count++);
    define(out, line_start, code, dots);
    return code;
}

/* The character of three bytes (kana, kanji, most signs) at *CURSOR, stepped over; any other by the general way. TEXT
 * is clean, so that three bytes are a character. */
static uint32_t
next_character(const char **cursor, const char *end)
{
    const unsigned char *bytes = (const unsigned char *)*cursor;
    if ((bytes[0] & 0xF0) == 0xE0 && end - *cursor >= 3) {
        *cursor += 3;
        return (bytes[0] & 0x0FU) << 12 | (bytes[1] & 0x3FU) << 6 | (bytes[2] & 0x3FU);
    }
    return utf8_next(cursor, end);
}

/* The end of the variation selector at TEXT; TEXT when there is none. */
static const char *
behind_selector(const char *text, const char *end)
{
    const unsigned char first = text < end ? (unsigned char)*text : 0;
    const char *after = text;
    if (first != 0xEF && first != 0xF3) { /* U+FE00 …, U+E0100 … begin so */
        return text;
    }
    return utf8_is_variation_selector(utf8_next(&after, end)) ? after : text;
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
escpos_codes_append(struct buffer *out, size_t *line_start, const char *text, size_t length,
                    struct escpos_glyphs *glyphs)
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
            const char *const base_end = text;
            text = behind_selector(text, end);
            uint16_t code = code_of(character, start, (size_t)(base_end - start));
            if (code == 0) {
                return false;
            }
            if (code == MISSING || text > base_end) {
                const uint16_t taught = character == UTF8_REPLACEMENT
                                            ? MISSING
                                            : teach(out, line_start, start, (size_t)(text - start), glyphs);
                code = taught != MISSING ? taught : code == MISSING ? GETA_MARK : code;
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
