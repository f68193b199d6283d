/* The user's own glyphs: FS 2 defines one under a code of the kanji plane that the ROM leaves free. */
#include "drivers/paper/machine.h"

#include <string.h>

enum { JIS_ROW = 0x77, JIS_FIRST = 0x21, TRAIL_GAP = 0x7f };

/* 0 … USER_CODES − 1, or −1 for a pair that is no code of the user's. */
static int
index_of(enum kanji_code code, unsigned char lead, unsigned char trail)
{
    if (code == KANJI_JIS) {
        return lead == JIS_ROW && trail >= JIS_FIRST && trail < JIS_FIRST + USER_CODES ? trail - JIS_FIRST : -1;
    }
    if (lead != USER_LEAD || trail < USER_TRAIL_FIRST || trail == TRAIL_GAP) {
        return -1;
    }
    const int index = trail - USER_TRAIL_FIRST - (trail > TRAIL_GAP);
    return index < USER_CODES ? index : -1;
}

void
paper_apply_define_glyph(struct paper *paper, const unsigned char *arguments, size_t length)
{
    (void)length;
    const int index = index_of(paper->now.kanji_code, arguments[0], arguments[1]);
    if (index < 0) {
        machine_unknown(paper, "FS", '2');
        return;
    }
    if (!paper_glyphs_add(&paper->glyphs, arguments + 2)) {
        paper->report.dropped++;
        return;
    }
    paper->user_codes[index] = USER_GLYPH_BASE + (uint32_t)paper->glyphs.count - 1;
}

void
paper_apply_cancel_glyph(struct paper *paper, const unsigned char *arguments, size_t length)
{
    (void)length;
    const int index = index_of(paper->now.kanji_code, arguments[0], arguments[1]);
    if (index >= 0) {
        paper->user_codes[index] = 0;
    }
}

uint32_t
paper_user_code_point(const struct paper *paper, unsigned char lead, unsigned char trail)
{
    const int index = index_of(paper->now.kanji_code, lead, trail);
    return index >= 0 ? paper->user_codes[index] : 0;
}

void
paper_name_glyph(struct paper *paper, size_t index, const char *name)
{
    if (index < paper->glyphs.count && strlen(name) < USER_GLYPH_NAME_SIZE) {
        memcpy(paper->glyphs.glyphs[index].name, name, strlen(name) + 1);
    }
}
