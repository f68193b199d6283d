/* Folding, one character at a time; a half-width voicing mark joins the kana before it. */
#include "pos/masters/fold.h"

#include "common/text/utf8.h"

#include <string.h>

enum {
    FULL_WIDTH_FIRST = 0xFF01, /* ！ … ～ stand for ! … ~ */
    FULL_WIDTH_LAST = 0xFF5E,
    FULL_WIDTH_OFFSET = 0xFEE0,
    HALF_KANA_FIRST = 0xFF66,
    HALF_KANA_LAST = 0xFF9D,
    HALF_VOICED = 0xFF9E,
    HALF_SEMI_VOICED = 0xFF9F,
    KATAKANA_FIRST = 0x30A1, /* ァ … ヶ lie 0x60 above ぁ … ゖ */
    KATAKANA_LAST = 0x30F6,
    KATAKANA_OFFSET = 0x60
};

/* ｦ … ﾝ in order, as hiragana. ｰ folds to nothing like ー. */
static const uint16_t half_kana[HALF_KANA_LAST - HALF_KANA_FIRST + 1] = {
    0x3092, 0x3041, 0x3043, 0x3045, 0x3047, 0x3049, 0x3083, 0x3085, 0x3087, 0x3063, 0x30FC, 0x3042, 0x3044, 0x3046,
    0x3048, 0x304A, 0x304B, 0x304D, 0x304F, 0x3051, 0x3053, 0x3055, 0x3057, 0x3059, 0x305B, 0x305D, 0x305F, 0x3061,
    0x3064, 0x3066, 0x3068, 0x306A, 0x306B, 0x306C, 0x306D, 0x306E, 0x306F, 0x3072, 0x3075, 0x3078, 0x307B, 0x307E,
    0x307F, 0x3080, 0x3081, 0x3082, 0x3084, 0x3086, 0x3088, 0x3089, 0x308A, 0x308B, 0x308C, 0x308D, 0x308F, 0x3093};

/* The character itself, folded; 0 for one that does not count. */
static uint32_t
fold_character(uint32_t c)
{
    if (c >= FULL_WIDTH_FIRST && c <= FULL_WIDTH_LAST) {
        c -= FULL_WIDTH_OFFSET;
    } else if (c >= HALF_KANA_FIRST && c <= HALF_KANA_LAST) {
        c = half_kana[c - HALF_KANA_FIRST];
    } else if (c >= KATAKANA_FIRST && c <= KATAKANA_LAST) {
        c -= KATAKANA_OFFSET;
    }
    if (c >= 'A' && c <= 'Z') {
        c += 'a' - 'A';
    }
    bool counts = c > ' ' && c != 0x3000 && c != 0x30FC && c != 0x30FB && c != 0xFF65 && c != '-' && c != '(' &&
                  c != ')' && c != 0x7F;
    return counts ? c : 0;
}

/* か → が, は → ば or ぱ; 0 when C takes no such mark. */
static uint32_t
voiced(uint32_t c, bool is_semi_voiced)
{
    bool is_ha_row = c >= 0x306F && c <= 0x307B && (c - 0x306F) % 3 == 0;
    bool is_ka_to_chi = c >= 0x304B && c <= 0x3061 && c % 2 == 1;
    bool is_tsu_to_to = c == 0x3064 || c == 0x3066 || c == 0x3068;
    if (is_ha_row) {
        return c + (is_semi_voiced ? 2 : 1);
    }
    if (c == 0x3046 && !is_semi_voiced) {
        return 0x3094; /* う → ゔ */
    }
    return !is_semi_voiced && (is_ka_to_chi || is_tsu_to_to) ? c + 1 : 0;
}

/* Bytes of C in UTF-8; C is a code point that was decoded. */
static size_t
encode(char out[4], uint32_t c)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xC0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xE0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3F));
        out[2] = (char)(0x80 | (c & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3F));
    out[2] = (char)(0x80 | (c >> 6 & 0x3F));
    out[3] = (char)(0x80 | (c & 0x3F));
    return 4;
}

size_t
text_fold(char *out, size_t size, const char *text)
{
    const char *cursor = text;
    const char *end = text + strlen(text);
    size_t length = 0;
    size_t before = 0; /* where the last character begins */
    uint32_t last = 0;
    while (cursor < end) {
        char bytes[4];
        uint32_t c = utf8_next(&cursor, end);
        bool is_mark = c == HALF_VOICED || c == HALF_SEMI_VOICED || c == 0x3099 || c == 0x309A;
        uint32_t joined = is_mark ? voiced(last, c == HALF_SEMI_VOICED || c == 0x309A) : 0;
        if (joined != 0) {
            length = before;
            c = joined;
        } else if (is_mark || (c = fold_character(c)) == 0) {
            continue;
        }
        size_t added = encode(bytes, c);
        if (length + added >= size) {
            break;
        }
        memcpy(out + length, bytes, added);
        before = length;
        length += added;
        last = c;
    }
    out[length] = '\0';
    return length;
}
