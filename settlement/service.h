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
struct signing_key;

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
};
