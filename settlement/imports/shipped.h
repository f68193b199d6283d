/* The layouts of statements/layouts, compiled in (embed_layouts.py). */
#pragma once

#include <stddef.h>

struct shipped_layout {
    const char *name; /* of the file, without .json */
    const char *json;
    size_t length;
};

extern const struct shipped_layout shipped_layouts[];
extern const size_t shipped_layouts_count;
