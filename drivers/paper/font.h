/* The font that stands in for a printer's ROM. For this folder only. */
#pragma once

enum { PAPER_FONT_BASELINE = 21 }; /* of a 24-dot cell: CJK fonts stand 0.88 em above it */

/* Pango's objects, by the names of their structs, so that this header needs nothing of it. */
struct paper_font {
    struct _PangoFontMap *fonts;
    struct _PangoContext *context;
    struct _PangoLayout *layout; /* at 24 dots */
};

void paper_font_init(struct paper_font *font);
void paper_font_finish(struct paper_font *font);
