/* The font that stands in for a printer's ROM. For this folder only. */
#pragma once

#include <pango/pangocairo.h>

enum { PAPER_FONT_BASELINE = 21 }; /* of a 24-dot cell: CJK fonts stand 0.88 em above it */

struct paper_font {
    PangoFontMap *fonts;
    PangoContext *context;
    PangoLayout *layout; /* at 24 dots */
};

void paper_font_init(struct paper_font *font);
void paper_font_finish(struct paper_font *font);
