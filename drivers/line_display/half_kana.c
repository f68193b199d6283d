/* Kana as JIS X 0201 has them: half-width katakana, the voicing mark a cell of its own. */
#include "drivers/line_display/line_display_driver.h"

enum { DAKUTEN = 0xDE, HANDAKUTEN = 0xDF };

/* U+30A1 ァ … U+30FC ー; a byte, and a mark behind it. 0: there is none (ヷ … ヺ). */
static const unsigned char katakana[][2] = {
    {0xA7, 0},
    {0xB1, 0},
    {0xA8, 0},
    {0xB2, 0},
    {0xA9, 0},
    {0xB3, 0},
    {0xAA, 0},
    {0xB4, 0},
    {0xAB, 0},
    {0xB5, 0},
    {0xB6, 0},
    {0xB6, DAKUTEN},
    {0xB7, 0},
    {0xB7, DAKUTEN},
    {0xB8, 0},
    {0xB8, DAKUTEN},
    {0xB9, 0},
    {0xB9, DAKUTEN},
    {0xBA, 0},
    {0xBA, DAKUTEN},
    {0xBB, 0},
    {0xBB, DAKUTEN},
    {0xBC, 0},
    {0xBC, DAKUTEN},
    {0xBD, 0},
    {0xBD, DAKUTEN},
    {0xBE, 0},
    {0xBE, DAKUTEN},
    {0xBF, 0},
    {0xBF, DAKUTEN},
    {0xC0, 0},
    {0xC0, DAKUTEN},
    {0xC1, 0},
    {0xC1, DAKUTEN},
    {0xAF, 0},
    {0xC2, 0},
    {0xC2, DAKUTEN},
    {0xC3, 0},
    {0xC3, DAKUTEN},
    {0xC4, 0},
    {0xC4, DAKUTEN},
    {0xC5, 0},
    {0xC6, 0},
    {0xC7, 0},
    {0xC8, 0},
    {0xC9, 0},
    {0xCA, 0},
    {0xCA, DAKUTEN},
    {0xCA, HANDAKUTEN},
    {0xCB, 0},
    {0xCB, DAKUTEN},
    {0xCB, HANDAKUTEN},
    {0xCC, 0},
    {0xCC, DAKUTEN},
    {0xCC, HANDAKUTEN},
    {0xCD, 0},
    {0xCD, DAKUTEN},
    {0xCD, HANDAKUTEN},
    {0xCE, 0},
    {0xCE, DAKUTEN},
    {0xCE, HANDAKUTEN},
    {0xCF, 0},
    {0xD0, 0},
    {0xD1, 0},
    {0xD2, 0},
    {0xD3, 0},
    {0xAC, 0},
    {0xD4, 0},
    {0xAD, 0},
    {0xD5, 0},
    {0xAE, 0},
    {0xD6, 0},
    {0xD7, 0},
    {0xD8, 0},
    {0xD9, 0},
    {0xDA, 0},
    {0xDB, 0},
    {0xDC, 0},
    {0xDC, 0},
    {0xB2, 0},
    {0xB4, 0},
    {0xA6, 0},
    {0xDD, 0},
    {0xB3, DAKUTEN},
    {0xB6, 0},
    {0xB9, 0},
    {0, 0},
    {0, 0},
    {0, 0},
    {0, 0},
    {0xA5, 0},
    {0xB0, 0},
};

static unsigned char
punctuation(uint32_t code_point)
{
    switch (code_point) {
    case 0x3000: /* the full-width blank */
        return ' ';
    case 0x3001: /* 、 */
        return 0xA4;
    case 0x3002: /* 。 */
        return 0xA1;
    case 0x300C: /* 「 */
        return 0xA2;
    case 0x300D: /* 」 */
        return 0xA3;
    case 0x00A5: /* ¥ stands where ASCII has the backslash */
    case 0xFFE5: /* ￥ */
        return 0x5C;
    default:
        return '?';
    }
}

unsigned
katakana_cells(uint32_t code_point, unsigned char out[2])
{
    if (code_point >= 0x3041 && code_point <= 0x3096) { /* hiragana lie 0x60 before katakana */
        code_point += 0x60;
    }
    if (code_point >= 0x30A1 && code_point <= 0x30FC && katakana[code_point - 0x30A1][0] != 0) {
        out[0] = katakana[code_point - 0x30A1][0];
        out[1] = katakana[code_point - 0x30A1][1];
        return out[1] != 0 ? 2 : 1;
    }
    if (code_point >= 0xFF61 && code_point <= 0xFF9F) { /* half-width already */
        out[0] = (unsigned char)(code_point - 0xFF61 + 0xA1);
    } else if (code_point >= 0xFF01 && code_point <= 0xFF5E) { /* full-width ASCII */
        out[0] = (unsigned char)(code_point - 0xFF01 + 0x21);
    } else if (code_point >= 0x20 && code_point < 0x7F && code_point != '\\') {
        out[0] = (unsigned char)code_point;
    } else {
        out[0] = punctuation(code_point);
    }
    return 1;
}
