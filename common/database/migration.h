/* Numbered .sql files, compiled in by madoguchi_embed_sql (common/build/embed.cmake). */
#pragma once

#include <stddef.h>

struct migration {
    int number;       /* 1, 2, 3 … without gaps; the schema has this version after it ran */
    const char *name; /* file name, for messages */
    const char *sql;
};
