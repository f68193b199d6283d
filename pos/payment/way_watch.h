/* Whether each of several adapters can be used now, each looked at by a thread of its own: one that is dead takes
 * seconds to say so, and nobody who speaks to another one waits for it. */
#pragma once

#include "pos/payment/router.h"

struct way_watch;

/* Watches the COUNT (1 … PAYMENT_WAYS_MAX) CHANNELS, borrowed until destroy. *OUT is given. */
enum status way_watch_create(struct way_watch **out, struct payment_channel *const *channels, size_t count,
                             struct error_detail *err) MUST_CHECK;

/* Waits for looks that are under way: as long as a channel's check may take. NULL is harmless. */
void way_watch_destroy(struct way_watch *watch);

/* A channel is spoken to by one thread at a time: between these two it is the caller's. */
void way_watch_take(struct way_watch *watch, const struct payment_channel *channel);
void way_watch_give(struct way_watch *watch, const struct payment_channel *channel);

/* Have all looked at, wait a moment (LOOK_WAIT_MS) for those that answered the last time, and say what is known: true
 * when all can be used; else the sentence of the first that cannot, or that has never answered yet. What a look says
 * that takes longer is told by the next call. */
bool way_watch_look(struct way_watch *watch, char reason[REASON_SIZE]);
