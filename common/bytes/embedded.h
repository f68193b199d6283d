/* A file that was compiled into the program (common/build/embed.cmake). */
#pragma once

#include <stddef.h>

struct embedded_file {
    const char *name; /* without folder and ending */
    const char *text; /* a NUL stands behind it */
    size_t length;
};
