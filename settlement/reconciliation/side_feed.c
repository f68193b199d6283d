/* A lock and a condition; they are touched once in some thousand items. */
#include "settlement/reconciliation/side_feed.h"

void
side_feed_init(struct side_feed *feed)
{
    *feed = (struct side_feed){.ready = 0};
    pthread_mutex_init(&feed->lock, NULL);
    pthread_cond_init(&feed->has_changed, NULL);
}

void
side_feed_finish(struct side_feed *feed)
{
    pthread_cond_destroy(&feed->has_changed);
    pthread_mutex_destroy(&feed->lock);
}

void
side_feed_tell(struct side_feed *feed, const struct match_item *items, size_t count, bool is_complete)
{
    pthread_mutex_lock(&feed->lock);
    feed->items = items;
    feed->ready = count;
    feed->is_complete = is_complete;
    pthread_cond_broadcast(&feed->has_changed);
    pthread_mutex_unlock(&feed->lock);
}

void
side_feed_lock(struct side_feed *feed)
{
    pthread_mutex_lock(&feed->lock);
    while (feed->users > 0) {
        pthread_cond_wait(&feed->has_changed, &feed->lock);
    }
}

void
side_feed_unlock(struct side_feed *feed, const struct match_item *items)
{
    feed->items = items;
    pthread_mutex_unlock(&feed->lock);
}

size_t
side_feed_take(struct side_feed *feed, const struct match_item **out_items, size_t *out_start)
{
    pthread_mutex_lock(&feed->lock);
    while (feed->ready <= feed->taken && !feed->is_complete) {
        pthread_cond_wait(&feed->has_changed, &feed->lock);
    }
    size_t left = feed->ready > feed->taken ? feed->ready - feed->taken : 0;
    size_t count = left < SIDE_FEED_BATCH ? left : SIDE_FEED_BATCH;
    *out_items = feed->items;
    *out_start = feed->taken;
    feed->taken += count;
    feed->users += count > 0 ? 1 : 0;
    pthread_mutex_unlock(&feed->lock);
    return count;
}

void
side_feed_release(struct side_feed *feed)
{
    pthread_mutex_lock(&feed->lock);
    feed->users--;
    pthread_cond_broadcast(&feed->has_changed);
    pthread_mutex_unlock(&feed->lock);
}
