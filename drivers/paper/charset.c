/* Bytes as characters, by the printer's tables: code page 1 (katakana and line graphics) of Epson's reference, the
 * international sets of ESC R as far as Japan goes, and kanji. */
#include "drivers/paper/machine.h"

#include "common/text/cp932.h"
#include "common/text/utf8.h"

enum { CODE_PAGE_KATAKANA = 1, COUNTRY_JAPAN = 8, YEN_SIGN = 0xa5 };

static const uint32_t katakana_page_low[] = {
    0x2581, 0x2582, 0x2583, 0x2584, 0x2585, 0x2586, 0x2587, 0x2588, 0x258f, 0x258e, 0x258d,
    0x258c, 0x258b, 0x258a, 0x2589, 0x253c, 0x2534, 0x252c, 0x2524, 0x251c, 0x2594, 0x2500,
    0x2502, 0x2595, 0x250c, 0x2510, 0x2514, 0x2518, 0x256d, 0x256e, 0x2570, 0x256f,
}; /* 0x80 … 0x9f */

static const uint32_t katakana_page_high[] = {
    0x2550, 0x255e, 0x256a, 0x2561, 0x25e2, 0x25e3, 0x25e5, 0x25e4, 0x2660, 0x2665, 0x2666,
    0x2663, 0x25cf, 0x25cb, 0x2571, 0x2572, 0x2573, 0x5186, 0x5e74, 0x6708, 0x65e5, 0x6642,
    0x5206, 0x79d2, 0x3012, 0x5e02, 0x533a, 0x753a, 0x6751, 0x4eba, 0x2592, 0x20,
}; /* 0xe0 … 0xff */

uint32_t
paper_charset_single(unsigned char byte, unsigned code_page, unsigned country)
{
    if (byte < 0x20 || byte == 0x7f) {
        return 0;
    }
    if (byte < 0x7f) {
        return byte == '\\' && country == COUNTRY_JAPAN ? YEN_SIGN : byte;
    }
    if (code_page != CODE_PAGE_KATAKANA) {
        return 0;
    }
    if (byte < 0xa0) {
        return katakana_page_low[byte - 0x80];
    }
    if (byte == 0xa0) {
        return ' ';
    }
    return byte < 0xe0 ? 0xff61u + byte - 0xa1 : katakana_page_high[byte - 0xe0];
}

uint32_t
paper_charset_shift_jis(unsigned char lead, unsigned char trail)
{
    const char bytes[2] = {(char)lead, (char)trail};
    struct buffer text;
    buffer_init(&text, 8);
    uint32_t code_point = 0;
    if (cp932_to_utf8(&text, bytes, sizeof bytes, NULL) == STATUS_OK) {
        const char *cursor = buffer_text(&text);
        const char *end = cursor + text.length;
        uint32_t first = utf8_next(&cursor, end);
        code_point = cursor == end ? first : 0; /* two characters: the lead byte was none */
    }
    buffer_finish(&text);
    return code_point;
}

uint32_t
paper_charset_jis(unsigned char row, unsigned char column)
{
    if (row < 0x21 || row > 0x7e || column < 0x21 || column > 0x7e) {
        return 0;
    }
    const unsigned lead = (row - 0x21u) / 2 + (row < 0x5f ? 0x81 : 0xc1);
    const unsigned trail = row % 2 == 0 ? column + 0x7eu : column + (column < 0x60 ? 0x1fu : 0x20u);
    return paper_charset_shift_jis((unsigned char)lead, (unsigned char)trail);
}
