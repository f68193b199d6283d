/* Asking store and disk. */
#include "settlement/serve/condition.h"

#include "settlement/store/ledger_store.h"

#include <sys/statvfs.h>

static enum status
ask_store(struct service *service, struct condition *out, struct error_detail *err)
{
    struct store_txn *txn = NULL;
    int64_t oldest_ms = 0;
    enum status status = store_begin_read(service->store, &txn, err);
    if (status == STATUS_OK) {
        status = ledger_waiting_runs(txn, &out->waiting_runs, err);
    }
    if (status == STATUS_OK) {
        status = ledger_oldest_waiting(txn, &oldest_ms, err);
    }
    store_end(txn);
    if (status == STATUS_OK && oldest_ms > 0) {
        int64_t lag_ms = clock_now_ms(&service->clock) - oldest_ms;
        out->ledger_lag_ms = lag_ms > 0 ? lag_ms : 0;
    }
    return status;
}

void
condition_find(struct service *service, struct condition *out, struct error_detail *err)
{
    *out = (struct condition){0};
    error_set(err, "", "%s", "");
    out->store_answers = ask_store(service, out, err) == STATUS_OK;
    struct statvfs disk;
    out->knows_disk = service->data_folder[0] != '\0' && statvfs(service->data_folder, &disk) == 0;
    if (out->knows_disk) {
        out->disk_free_bytes = (int64_t)disk.f_bavail * (int64_t)disk.f_frsize;
        out->disk_size_bytes = (int64_t)disk.f_blocks * (int64_t)disk.f_frsize;
    }
}
