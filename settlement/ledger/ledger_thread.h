/* The ledger in the background of the running service. */
#pragma once

#include "settlement/ledger/ledger.h"

struct ledger_thread;

/* Told after each batch that interpreted something, on the ledger's thread; must not block for long. */
typedef void (*ledger_listener)(const struct ledger_advance *advance, void *context);

/* Start with what waits already. STORE must outlive it. *OUT is given: ledger_thread_stop. */
enum status ledger_thread_start(struct ledger_thread **out, struct store *store, ledger_listener listener,
                                void *context, struct error_detail *err) MUST_CHECK;

/* New lines are durable. From any thread; never blocks for long. */
void ledger_thread_wake(struct ledger_thread *thread);

/* Ends after the batch under way. NULL is fine. */
void ledger_thread_stop(struct ledger_thread *thread);
