/* A part of the program in a file of its own (a shared object), loaded when it is first needed and never unloaded.
 *
 * It lies in the folder `modules` beside the program, or in the folder that the build names. It is part of the program,
 * not a plug-in: one of another build is refused. */
#pragma once

#include "common/outcome/status.h"

#include <pthread.h>

/* INVARIANT: `operations` is NULL until the module was loaded, and then never changes. Made by MODULE_INIT. */
struct module {
    const char *name;       /* "raster": the file is raster.so */
    size_t operations_size; /* of the table that it gives */
    pthread_mutex_t lock;
    const void *operations;
};

/* For static objects: TABLE is the type of the module's operations. */
#define MODULE_INIT(NAME, TABLE)                                                                                       \
    {                                                                                                                  \
        .name = (NAME), .operations_size = sizeof(TABLE), .lock = PTHREAD_MUTEX_INITIALIZER                            \
    }

/* The module's table; loaded at the first call that succeeds (milliseconds). Any thread. STATUS_NOT_FOUND "no_module"
 * when a part of the program is not there, STATUS_INVALID "wrong_module" when it is of another build. */
enum status module_operations(struct module *module, const void **out, struct error_detail *err) MUST_CHECK;

/* Whether the file of the module NAME is there, without loading it: for a program's start. STATUS_NOT_FOUND. */
enum status module_look(const char *name, struct error_detail *err) MUST_CHECK;
