/* The file formats that the service can take in: those shipped with the program, and those of a folder. */
#pragma once

#include "settlement/statements/layout.h"

enum { LAYOUTS_MAX = 100 /* one per company and bank, with room */ };

/* Texts are borrowed from the set. */
struct layout_entry {
    const char *name;
    const char *title;    /* Japanese, for people; the name when it has none */
    const char *encoding; /* "CP932", "UTF-8" … */
    const struct layout *layout;
};

struct layouts;

/* Read the shipped layouts, then every .json of FOLDER (NULL or "": none), which may replace a shipped one of the same
 * name. *OUT is given: layouts_destroy. STATUS_INVALID names the file. */
enum status layouts_load(struct layouts **out, const char *folder, struct error_detail *err) MUST_CHECK;
void layouts_destroy(struct layouts *layouts);

size_t layouts_count(const struct layouts *layouts);
const struct layout_entry *layouts_at(const struct layouts *layouts, size_t index);

/* The JSON of a shipped layout, NULL for others. Static. */
const char *layouts_shipped_text(const char *name);

/* NULL when there is none of this name. */
const struct layout_entry *layouts_find(const struct layouts *layouts, const char *name);
