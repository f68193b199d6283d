/* How the service is: what /readyz judges and /metrics shows beside the counters. */
#pragma once

#include "settlement/service.h"

struct condition {
    bool store_answers;
    int64_t waiting_runs;  /* uploads that the ledger has not interpreted */
    int64_t ledger_lag_ms; /* age of the oldest of them; 0: none waits */
    bool knows_disk;
    int64_t disk_free_bytes; /* for programs without privileges, where the database lies */
    int64_t disk_size_bytes;
};

/* Ask store and disk. Never fails: what cannot be found out is not well, and ERR says why the store does not answer. */
void condition_find(struct service *service, struct condition *out, struct error_detail *err);
