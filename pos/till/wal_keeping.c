/* The WAL's thread. The one idea: it looks at the clock of commits; two looks at the same commit mean that nobody
 * sells. It writes over a connection of its own and without the till's lock, so nobody waits for it even when he comes
 * back. */
#include "pos/till/wal_keeping.h"

#include "common/log/log.h"

#include <stdlib.h>
#include <string.h>

enum {
    DEFAULT_PAGES = 1000, /* 4 MB: some thirty sales */
    DEFAULT_QUIET_MS = 1000,
    NOT_LATER_THAN = 8 /* times the pages: a queue that never ends must not fill the disk */
};

struct wal_keeping {
    struct till *till;
    char *database_path, *vfs;
    unsigned pages, quiet_ms;
    struct database *db;    /* NULL until it is needed */
    struct wal_size looked; /* at the look before */
    uint64_t moved_commits; /* what was there when the WAL was last moved */
    bool has_failed;        /* and this was told */
    pthread_t thread;
};

/* Under the lock. */
static bool
is_due(struct wal_keeping *keeping)
{
    const struct wal_size now = database_wal_size(keeping->till->db);
    const bool is_quiet = now.commits == keeping->looked.commits;
    const bool has_more = now.commits != keeping->moved_commits;
    keeping->looked = now;
    return has_more && (now.pages >= keeping->pages * NOT_LATER_THAN || (is_quiet && now.pages >= keeping->pages));
}

/* Without the lock. */
static void
move(struct wal_keeping *keeping)
{
    struct error_detail err;
    enum status status = STATUS_OK;
    if (keeping->db == NULL) {
        status = database_open(&keeping->db, keeping->database_path, DATABASE_READ_WRITE, keeping->vfs, &err);
    }
    if (status == STATUS_OK) {
        status = database_checkpoint(keeping->db, &err);
    }
    if (status == STATUS_OK) {
        keeping->moved_commits = keeping->looked.commits; /* what came since is seen at the next look */
    } else if (!keeping->has_failed) {
        log_failure(LOG_LEVEL_WARNING, keeping->till->terminal, "moving the WAL into the database; it is tried again",
                    status, &err);
    }
    keeping->has_failed = status != STATUS_OK;
}

static void *
wal_keeping_main(void *context)
{
    struct wal_keeping *keeping = context;
    struct till *till = keeping->till;
    till_lock(till);
    while (!till->is_stopping) {
        if (is_due(keeping)) {
            till_unlock(till, false);
            move(keeping);
            till_lock(till);
        }
        const struct timespec until = clock_deadline_after(keeping->quiet_ms);
        if (!till->is_stopping) {
            pthread_cond_timedwait(&till->wal_changed, &till->lock, &until);
        }
    }
    till_unlock(till, false);
    return NULL;
}

static void
destroy(struct wal_keeping *keeping)
{
    database_close(keeping->db);
    free(keeping->database_path);
    free(keeping->vfs);
    free(keeping);
}

enum status
wal_keeping_start(struct wal_keeping **out, const struct wal_keeping_options *options, struct error_detail *err)
{
    struct wal_keeping *keeping = calloc(1, sizeof *keeping);
    if (keeping != NULL) {
        *keeping = (struct wal_keeping){.till = options->till,
                                        .database_path = strdup(options->database_path),
                                        .vfs = options->vfs != NULL ? strdup(options->vfs) : NULL,
                                        .pages = options->pages > 0 ? options->pages : DEFAULT_PAGES,
                                        .quiet_ms = options->quiet_ms > 0 ? options->quiet_ms : DEFAULT_QUIET_MS};
    }
    bool has_memory =
        keeping != NULL && keeping->database_path != NULL && (options->vfs == NULL || keeping->vfs != NULL);
    till_lock(options->till);
    if (!has_memory || pthread_create(&keeping->thread, NULL, wal_keeping_main, keeping) != 0) {
        till_unlock(options->till, false);
        if (keeping != NULL) {
            destroy(keeping);
        }
        error_set(err, "no_thread", "the thread that keeps the WAL could not be started");
        return STATUS_IO;
    }
    database_keep_wal(options->till->db);
    till_unlock(options->till, false);
    *out = keeping;
    return STATUS_OK;
}

void
wal_keeping_stop(struct wal_keeping *keeping)
{
    if (keeping == NULL) {
        return;
    }
    pthread_join(keeping->thread, NULL);
    destroy(keeping);
}
