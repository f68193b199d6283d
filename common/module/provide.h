/* What a module gives. Included by the one file of a module that says what it is. */
#pragma once

#include <stddef.h>

struct module_provides {
    const char *version; /* of the whole program */
    size_t operations_size;
    const void *operations;
};

#define MODULE_SYMBOL "madoguchi_module"

/* The only name that a module shows. */
extern const struct module_provides madoguchi_module __attribute__((visibility("default")));
