/* Moving what was written from the WAL into the database, when its owner says so and not in the middle of a commit. */
#include "common/sqlite/connection.h"

/* SQLite's own checkpointing is such a hook; this one takes its place. */
static int
note_commit(void *context, sqlite3 *handle, const char *name, int pages)
{
    struct sqlite_database *db = context;
    (void)handle;
    (void)name;
    db->wal_pages = (unsigned)pages;
    db->commits++;
    return SQLITE_OK;
}

void
database_keep_wal(struct database *base)
{
    struct sqlite_database *db = sqlite_database(base);
    sqlite3_wal_hook(db->handle, note_commit, db);
}

struct wal_size
database_wal_size(const struct database *db)
{
    return (struct wal_size){.pages = sqlite_database(db)->wal_pages, .commits = sqlite_database(db)->commits};
}

enum status
database_checkpoint(struct database *base, struct error_detail *err)
{
    struct sqlite_database *db = sqlite_database(base);
    int code = sqlite3_wal_checkpoint_v2(db->handle, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    return code == SQLITE_OK ? STATUS_OK : status_from_sqlite(db, code, "moving the WAL into the database", err);
}
