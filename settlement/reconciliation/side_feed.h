/* Lets threads use the items of a file while another still reads it. */
#pragma once

#include "settlement/reconciliation/match_item.h"

#include <pthread.h>

enum {
    SIDE_FEED_BATCH = 4096 /* items told of, and taken, at once; few enough to be still in the cache */
};

/* INVARIANT: items[0 … ready) are complete, and stay where they are while there are `users`. items[0 … taken) were
 * given to somebody. */
struct side_feed {
    pthread_mutex_t lock;
    pthread_cond_t has_changed;
    const struct match_item *items;
    size_t ready;
    size_t taken;
    bool is_complete;
    unsigned users;
};

void side_feed_init(struct side_feed *feed);
void side_feed_finish(struct side_feed *feed);

/* Reader: ITEMS[0 … COUNT) are ready; IS_COMPLETE: no more will come. */
void side_feed_tell(struct side_feed *feed, const struct match_item *items, size_t count, bool is_complete);

/* Reader: keep the users out while the items move; then tell where they are. */
void side_feed_lock(struct side_feed *feed);
void side_feed_unlock(struct side_feed *feed, const struct match_item *items);

/* Anyone: wait for items that nobody took, and take a batch of them: from *OUT_START on, as many as returned; 0 when
 * all are taken and no more will come. *OUT_ITEMS are lent until side_feed_release, which is owed unless 0 was
 * returned. */
size_t side_feed_take(struct side_feed *feed, const struct match_item **out_items, size_t *out_start);
void side_feed_release(struct side_feed *feed);
