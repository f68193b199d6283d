/* A folder of its own for each test that touches files, removed with everything in it. */
#pragma once

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SCRATCH_PATH_SIZE = 512 };

struct scratch {
    char folder[SCRATCH_PATH_SIZE / 2];
};

static inline int
scratch_make(struct scratch *scratch)
{
    const char *parent = getenv("TMPDIR");
    snprintf(scratch->folder, sizeof scratch->folder, "%s/madoguchi-XXXXXX", parent != NULL ? parent : "/tmp");
    return mkdtemp(scratch->folder) != NULL ? 0 : -1;
}

/* FOLDER/NAME in OUT. Returns OUT. */
static inline const char *
scratch_path(const struct scratch *scratch, char out[SCRATCH_PATH_SIZE], const char *name)
{
    snprintf(out, SCRATCH_PATH_SIZE, "%s/%s", scratch->folder, name);
    return out;
}

static inline void
scratch_write(const char *path, const void *bytes, size_t length)
{
    FILE *file = fopen(path, "wb");
    if (file == NULL || fwrite(bytes, 1, length, file) != length || fclose(file) != 0) {
        abort();
    }
}

/* Names in the folder, without "." and "..". */
static inline size_t
scratch_count(const char *folder)
{
    size_t count = 0;
    DIR *handle = opendir(folder);
    for (struct dirent *entry = readdir(handle); entry != NULL; entry = readdir(handle)) {
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    }
    closedir(handle);
    return count;
}

static inline void
scratch_remove_folder(const char *folder)
{
    DIR *handle = opendir(folder);
    for (struct dirent *entry = handle != NULL ? readdir(handle) : NULL; entry != NULL; entry = readdir(handle)) {
        char path[SCRATCH_PATH_SIZE * 2];
        struct stat information;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 || lstat(path, &information) != 0) {
            continue;
        }
        if (S_ISDIR(information.st_mode)) {
            scratch_remove_folder(path);
        } else {
            unlink(path);
        }
    }
    if (handle != NULL) {
        closedir(handle);
    }
    rmdir(folder);
}

/* For cmocka: the test finds its `struct scratch` in *state. */
static inline int
scratch_setup(void **state)
{
    struct scratch *scratch = malloc(sizeof *scratch);
    if (scratch == NULL || scratch_make(scratch) != 0) {
        free(scratch);
        return -1;
    }
    *state = scratch;
    return 0;
}

static inline int
scratch_teardown(void **state)
{
    struct scratch *scratch = *state;
    scratch_remove_folder(scratch->folder);
    free(scratch);
    return 0;
}
