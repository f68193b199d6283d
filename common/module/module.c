/* Finding and loading modules. */
#include "common/module/module.h"

#include "common/module/provide.h"

#include <assert.h>
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { PATH_SIZE = 4096 };

/* FOLDER/NAME.so in OUT, if there is such a file. */
static bool
is_in(const char *folder, const char *name, char out[PATH_SIZE])
{
    const int length = snprintf(out, PATH_SIZE, "%s/%s.so", folder, name);
    return length > 0 && length < PATH_SIZE && access(out, R_OK) == 0;
}

static bool
find(const char *name, char out[PATH_SIZE])
{
    char beside[PATH_SIZE - sizeof "/modules"];
    const ssize_t length = readlink("/proc/self/exe", beside, sizeof beside - 1);
    if (length > 0) {
        beside[length] = '\0';
        char *slash = strrchr(beside, '/');
        if (slash != NULL) {
            char folder[PATH_SIZE];
            *slash = '\0';
            snprintf(folder, sizeof folder, "%s/modules", beside);
            if (is_in(folder, name, out)) {
                return true;
            }
        }
    }
    return is_in(MADOGUCHI_MODULE_FOLDER, name, out);
}

enum status
module_look(const char *name, struct error_detail *err)
{
    char path[PATH_SIZE];
    if (!find(name, path)) {
        error_set(err, "no_module",
                  "the program is not whole: %s.so is neither in the folder `modules` beside it nor in %s", name,
                  MADOGUCHI_MODULE_FOLDER);
        return STATUS_NOT_FOUND;
    }
    return STATUS_OK;
}

/* Under the lock. */
static enum status
load(struct module *module, struct error_detail *err)
{
    char path[PATH_SIZE];
    enum status status = module_look(module->name, err);
    if (status != STATUS_OK || !find(module->name, path)) {
        return status != STATUS_OK ? status : STATUS_NOT_FOUND;
    }
    /* Never unloaded: threads and exit handlers of the libraries behind it would run into nothing. */
    void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    const struct module_provides *provides = handle != NULL ? dlsym(handle, MODULE_SYMBOL) : NULL;
    if (provides == NULL) {
        const char *reason = dlerror();
        error_set(err, "no_module", "a part of the program cannot be loaded: %s", reason != NULL ? reason : path);
        return STATUS_NOT_FOUND;
    }
    if (strcmp(provides->version, MADOGUCHI_VERSION) != 0 || provides->operations_size != module->operations_size) {
        error_set(err, "wrong_module", "%s is of version %s, and the program of %s, or of another build", path,
                  provides->version, MADOGUCHI_VERSION);
        return STATUS_INVALID;
    }
    module->operations = provides->operations;
    return STATUS_OK;
}

enum status
module_operations(struct module *module, const void **out, struct error_detail *err)
{
    pthread_mutex_lock(&module->lock);
    enum status status = module->operations != NULL ? STATUS_OK : load(module, err);
    if (status == STATUS_OK) {
        *out = module->operations;
    }
    pthread_mutex_unlock(&module->lock);
    return status;
}
