/* A store in a scratch folder or on PostgreSQL, for cmocka's setup and teardown. */
#pragma once

#include "settlement/store/store.h"
#include "tests/unit/common/scratch.h"
#include "tests/unit/settlement/core/store_fixture.h"

struct bench {
    struct scratch scratch;
    char path[SCRATCH_PATH_SIZE];
    struct store *store;
};

static inline int
bench_setup(void **state)
{
    struct error_detail err;
    struct bench *bench = calloc(1, sizeof *bench);
    if (bench == NULL || scratch_make(&bench->scratch) != 0) {
        return -1;
    }
    scratch_path(&bench->scratch, bench->path, "settlement.db");
    test_store_make(bench->path);
    *state = bench;
    return store_open(&bench->store, bench->path, &err) == STATUS_OK ? 0 : -1;
}

static inline int
bench_teardown(void **state)
{
    struct bench *bench = *state;
    store_close(bench->store);
    test_store_drop(bench->path);
    scratch_remove_folder(bench->scratch.folder);
    free(bench);
    return 0;
}
