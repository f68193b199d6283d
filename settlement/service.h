/* What every endpoint of the service may use. Made by serve/serve.c, given to every handler as its context; everything
 * here may be used from any thread. */
#pragma once

#include "common/clock/clock.h"
#include "common/http/files.h"
#include "common/http/server.h"
#include "settlement/store/store.h"

struct intake;
struct layouts;
struct ledger_thread;
struct masters_shelf;
struct http_tls;
struct signing_key;
struct watching;
struct works;

struct service {
    struct store *store;
    struct intake *intake;
    struct ledger_thread *ledger;
    struct clock_source clock;
    struct http_event_hub *hub; /* what the finance screens are told: event `changed`, docs/protocol/finance-http.md */
    const struct signing_key *masters_key; /* signs the masters that tills fetch */
    struct masters_shelf *shelf;           /* published masters, parsed once */
    const struct layouts *layouts;         /* formats of the files that can be imported */
    const struct http_files *files;        /* the finance screens; NULL: none are served */
    struct watching *watching;             /* counters of requests */
    struct works *works;                   /* long work that runs here */
    struct http_tls *tls;                  /* NULL: plain HTTP */
    char data_folder[1025];                /* where the database lies; "" where it is no file here */
    char metrics_token[129];               /* who shows it may read metrics; "" : who asks from this computer */
    int64_t ready_lag_ms;                  /* beyond it the service is not ready; see readyz */
    int64_t ready_disk_bytes;
};
