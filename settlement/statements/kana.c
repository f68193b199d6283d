/* Katakana to the bank's half-width form, by one table. */
#include "settlement/statements/kana.h"

#include "common/text/utf8.h"

#include <string.h>

enum {
    NAME_MAX_BYTES = 4096, /* a name of 48 characters, generously */
    HIRAGANA_FIRST = 0x3041,
    HIRAGANA_LAST = 0x3096,
    KATAKANA_FIRST = 0x30A1,
    KATAKANA_LAST = 0x30F6,
    FULL_WIDTH_FIRST = 0xFF01, /* ！ … ～ are ASCII + 0xFEE0 */
    FULL_WIDTH_LAST = 0xFF5E,
    HALF_SMALL_FIRST = 0xFF67, /* ｧ */
    HALF_SMALL_LAST = 0xFF6F   /* ｯ */
};

/* ァ … ヶ, in Unicode's order. */
static const char *const half_width[] = {
    "ｱ",  "ｱ",  "ｲ",  "ｲ",  "ｳ",  "ｳ",  "ｴ",  "ｴ",  "ｵ", "ｵ",  "ｶ", "ｶﾞ", "ｷ",  "ｷﾞ", "ｸ",  "ｸﾞ", "ｹ", "ｹﾞ",
    "ｺ",  "ｺﾞ", "ｻ",  "ｻﾞ", "ｼ",  "ｼﾞ", "ｽ",  "ｽﾞ", "ｾ", "ｾﾞ", "ｿ", "ｿﾞ", "ﾀ",  "ﾀﾞ", "ﾁ",  "ﾁﾞ", "ﾂ", "ﾂ",
    "ﾂﾞ", "ﾃ",  "ﾃﾞ", "ﾄ",  "ﾄﾞ", "ﾅ",  "ﾆ",  "ﾇ",  "ﾈ", "ﾉ",  "ﾊ", "ﾊﾞ", "ﾊﾟ", "ﾋ",  "ﾋﾞ", "ﾋﾟ", "ﾌ", "ﾌﾞ",
    "ﾌﾟ", "ﾍ",  "ﾍﾞ", "ﾍﾟ", "ﾎ",  "ﾎﾞ", "ﾎﾟ", "ﾏ",  "ﾐ", "ﾑ",  "ﾒ", "ﾓ",  "ﾔ",  "ﾔ",  "ﾕ",  "ﾕ",  "ﾖ", "ﾖ",
    "ﾗ",  "ﾘ",  "ﾙ",  "ﾚ",  "ﾛ",  "ﾜ",  "ﾜ",  "ｲ",  "ｴ", "ｦ",  "ﾝ", "ｳﾞ", "ｶ",  "ｹ",
};

_Static_assert(sizeof half_width / sizeof half_width[0] == KATAKANA_LAST - KATAKANA_FIRST + 1, "one entry each");

/* ｧ … ｯ as large kana. */
static const char *const half_small[] = {"ｱ", "ｲ", "ｳ", "ｴ", "ｵ", "ﾔ", "ﾕ", "ﾖ", "ﾂ"};

static const struct {
    uint32_t code_point;
    const char *form;
} signs[] = {
    {0x30FC, "-"},                  /* ー */
    {0xFF70, "-"},                  /* ｰ */
    {0x2010, "-"},  {0x2212, "-"},  /* − */
    {0x00A5, "\\"}, {0xFFE5, "\\"}, /* ￥ */
    {0x300C, "｢"},  {0x300D, "｣"},  {0x3002, "｡"}, {0x3001, "､"}, {0x30FB, "･"},
    {0x3000, " "},  {0x309B, "ﾞ"},  {0x309C, "ﾟ"}, {0x3099, "ﾞ"}, {0x309A, "ﾟ"}, /* combining */
};

static void
append_capital(struct buffer *out, uint32_t ascii)
{
    buffer_append_byte(out, ascii >= 'a' && ascii <= 'z' ? (unsigned)ascii - 'a' + 'A' : (unsigned)ascii);
}

/* Append the bank's form of CODE_POINT, whose own bytes are RAW. */
static void
append_form(struct buffer *out, uint32_t code_point, struct text_view raw)
{
    if (code_point >= HIRAGANA_FIRST && code_point <= HIRAGANA_LAST) {
        code_point += KATAKANA_FIRST - HIRAGANA_FIRST;
    }
    if (code_point >= KATAKANA_FIRST && code_point <= KATAKANA_LAST) {
        buffer_append_text(out, half_width[code_point - KATAKANA_FIRST]);
        return;
    }
    if (code_point >= HALF_SMALL_FIRST && code_point <= HALF_SMALL_LAST) {
        buffer_append_text(out, half_small[code_point - HALF_SMALL_FIRST]);
        return;
    }
    if (code_point >= FULL_WIDTH_FIRST && code_point <= FULL_WIDTH_LAST) {
        append_capital(out, code_point - FULL_WIDTH_FIRST + '!');
        return;
    }
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        if (signs[i].code_point == code_point) {
            buffer_append_text(out, signs[i].form);
            return;
        }
    }
    if (code_point < 0x80) {
        append_capital(out, code_point);
    } else {
        buffer_append(out, raw.at, raw.length);
    }
}

unsigned char
bank_kana_byte(uint32_t code_point)
{
    enum { HALF_WIDTH_FIRST = 0xFF61, HALF_WIDTH_LAST = 0xFF9F, JIS_KANA = 0xA1 };
    if (code_point >= HALF_WIDTH_FIRST && code_point <= HALF_WIDTH_LAST) {
        return (unsigned char)(code_point - HALF_WIDTH_FIRST + JIS_KANA);
    }
    bool is_letter = (code_point >= 'A' && code_point <= 'Z') || (code_point >= '0' && code_point <= '9');
    bool is_sign = code_point != 0 && code_point < 0x80 && strchr(" ()-./,\\", (int)code_point) != NULL;
    return is_letter || is_sign ? (unsigned char)code_point : 0;
}

const char *
bank_kana_fault(const char *name, size_t *out_length)
{
    const char *cursor = name;
    const char *end = name + strlen(name);
    *out_length = 0;
    while (cursor < end) {
        const char *start = cursor;
        if (bank_kana_byte(utf8_next(&cursor, end)) == 0) {
            *out_length = (size_t)(cursor - start);
            return start;
        }
        (*out_length)++;
    }
    return NULL;
}

enum status
bank_kana_from_utf8(struct buffer *out, struct text_view text, struct error_detail *err)
{
    if (!utf8_is_valid(text.at, text.length)) {
        error_set(err, "not_utf8", "the name is not UTF-8");
        return STATUS_INVALID;
    }
    const char *cursor = text.at;
    const char *end = text.at + text.length;
    while (cursor < end) {
        const char *start = cursor;
        uint32_t code_point = utf8_next(&cursor, end);
        append_form(out, code_point, (struct text_view){start, (size_t)(cursor - start)});
    }
    return buffer_check(out, err);
}

/* The form of TEXT without spaces. */
static enum status
compact_form(struct buffer *out, struct text_view text)
{
    enum status status = bank_kana_from_utf8(out, text, NULL);
    size_t kept = 0;
    for (size_t i = 0; status == STATUS_OK && i < out->length; i++) {
        if (out->data[i] != ' ') {
            out->data[kept++] = out->data[i];
        }
    }
    out->length = kept;
    return status;
}

bool
bank_kana_equal(struct text_view a, struct text_view b)
{
    if (text_view_equals(a, b)) {
        return true;
    }
    struct buffer forms[2];
    buffer_init(&forms[0], NAME_MAX_BYTES);
    buffer_init(&forms[1], NAME_MAX_BYTES);
    bool is_equal = compact_form(&forms[0], a) == STATUS_OK && compact_form(&forms[1], b) == STATUS_OK &&
                    text_view_equals((struct text_view){buffer_text(&forms[0]), forms[0].length},
                                     (struct text_view){buffer_text(&forms[1]), forms[1].length});
    buffer_finish(&forms[0]);
    buffer_finish(&forms[1]);
    return is_equal;
}
