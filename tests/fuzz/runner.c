/* Stands in for libFuzzer: runs the target on every file of the folders given, on every beginning of it, and with each
 * of a fixed sequence of bytes damaged. Deterministic, so that a failure comes again. */
#include "common/bytes/buffer.h"
#include "tests/fuzz/target.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    SEED_MAX_BYTES = 64 * 1024,
    BEGINNINGS_MAX = 512, /* of one seed, evenly spread */
    DAMAGES = 512
};

static void
run(const char *bytes, size_t length)
{
    /* A copy of exactly that size, so that the sanitizer sees a read beyond its end. */
    uint8_t *copy = malloc(length > 0 ? length : 1);
    if (copy == NULL) {
        abort();
    }
    memcpy(copy, bytes, length);
    LLVMFuzzerTestOneInput(copy, length);
    free(copy);
}

static void
run_seed(struct buffer *seed)
{
    const size_t step = seed->length / BEGINNINGS_MAX + 1;
    run(buffer_text(seed), seed->length);
    for (size_t length = 0; length < seed->length; length += step) {
        run(seed->data, length);
    }
    uint32_t random = 1;
    for (int i = 0; i < DAMAGES && seed->length > 0; i++) {
        random = random * 1664525 + 1013904223;
        char *byte = &seed->data[random / 7 % seed->length];
        const char whole = *byte;
        *byte = (char)(random >> 24);
        run(seed->data, seed->length);
        *byte = whole;
    }
}

static int
run_folder(const char *folder)
{
    DIR *handle = opendir(folder);
    int seeds = 0;
    if (handle == NULL) {
        return 0;
    }
    for (struct dirent *entry = readdir(handle); entry != NULL; entry = readdir(handle)) {
        char path[1024];
        struct buffer seed;
        if (entry->d_name[0] == '.') {
            continue;
        }
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        buffer_init(&seed, SEED_MAX_BYTES);
        if (buffer_read_file(&seed, path, NULL) == STATUS_OK) {
            run_seed(&seed);
            seeds++;
        }
        buffer_finish(&seed);
    }
    closedir(handle);
    return seeds;
}

int
main(int argument_count, char **arguments)
{
    int seeds = 0;
    for (int i = 1; i < argument_count; i++) {
        seeds += run_folder(arguments[i]);
    }
    printf("%d seeds\n", seeds);
    return seeds > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
