/* `export --plain-accounting FILE`. */
#include "settlement/commands/export_accounting.h"

#include "settlement/accounting/plain_journal.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

enum { PATH_SIZE = 1200 };

static enum status
write_beside(struct store *store, const char *municipality, const char *path, struct plain_journal_counts *counts,
             struct error_detail *err)
{
    FILE *out = fopen(path, "wx");
    if (out == NULL) {
        error_set(err, "file_not_made", "%s cannot be made: %s", path, strerror(errno));
        return STATUS_IO;
    }
    struct store_txn *txn = NULL;
    enum status status = store_begin_read_for(store, municipality, &txn, err);
    if (status == STATUS_OK) {
        status = plain_journal_write(txn, municipality, out, counts, err);
    }
    store_end(txn);
    bool is_durable = fflush(out) == 0 && fsync(fileno(out)) == 0;
    bool is_closed = fclose(out) == 0;
    if (status == STATUS_OK && !(is_durable && is_closed)) {
        error_set(err, "write_failed", "%s could not be written: %s", path, strerror(errno));
        status = STATUS_IO;
    }
    return status;
}

enum status
export_accounting(struct store *store, const struct actor *actor, const char *path, struct error_detail *err)
{
    char beside[PATH_SIZE];
    struct plain_journal_counts counts;
    if (snprintf(beside, sizeof beside, "%s.part", path) >= (int)sizeof beside) {
        error_set(err, "path_too_long", "the file's name is too long");
        return STATUS_INVALID;
    }
    unlink(beside); /* left by a run that was killed */
    enum status status = write_beside(store, actor->municipality, beside, &counts, err);
    if (status == STATUS_OK && rename(beside, path) != 0) {
        error_set(err, "write_failed", "%s could not be put in place: %s", path, strerror(errno));
        status = STATUS_IO;
    }
    if (status == STATUS_OK) {
        printf("%s: %" PRId64 " transactions, %" PRId64 " entries, %" PRId64 " accounts\n", path, counts.transactions,
               counts.postings, counts.accounts);
    } else {
        unlink(beside);
    }
    return status;
}
