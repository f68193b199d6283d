/* Lets one thread use the items of a file while another still reads it. One reader, one follower. */
#pragma once

#include "settlement/reconciliation/match_item.h"

#include <pthread.h>

enum {
    SIDE_FEED_BATCH = 4096 /* items told of at once; few enough to be still in the cache */
};

/* INVARIANT: items[0 … ready) are complete, and stay where they are while `is_in_use`. */
struct side_feed {
    pthread_mutex_t lock;
    pthread_cond_t has_changed;
    const struct match_item *items;
    size_t ready;
    bool is_complete;
    bool is_in_use;
};

void side_feed_init(struct side_feed *feed);
void side_feed_finish(struct side_feed *feed);

/* Reader: ITEMS[0 … COUNT) are ready; IS_COMPLETE: no more will come. */
void side_feed_tell(struct side_feed *feed, const struct match_item *items, size_t count, bool is_complete);

/* Reader: keep the follower out while the items move; then tell where they are. */
void side_feed_lock(struct side_feed *feed);
void side_feed_unlock(struct side_feed *feed, const struct match_item *items);

/* Follower, which has seen DONE items: wait for more. Returns how many are ready now (DONE: there are no more) and
 * lends *OUT_ITEMS until side_feed_release. */
size_t side_feed_take(struct side_feed *feed, size_t done, const struct match_item **out_items);
void side_feed_release(struct side_feed *feed);
