/* A ring of places under one lock; a place is taken again when its work has ended and no other is free. */
#include "settlement/work/works.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* INVARIANT: `id` is 0 for a place that was never used; `work` is first, so that a pointer to it is one to its place.
 * All but `work` is read and written under the lock. */
struct place {
    struct work work;
    int64_t id;
    int64_t began_ms;
    int64_t ended_ms;
    int64_t waiting;
    char municipality[MUNICIPALITY_CODE_SIZE];
    char by[WORK_BY_SIZE];
    char subject[WORK_SUBJECT_SIZE];
    char sentence[WORK_SENTENCE_SIZE];
};

struct works {
    pthread_mutex_t lock;
    int64_t last_id;
    struct place places[WORKS_MAX];
};

enum status
works_create(struct works **out, struct error_detail *err)
{
    struct works *works = calloc(1, sizeof *works);
    if (works == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    pthread_mutex_init(&works->lock, NULL);
    *out = works;
    return STATUS_OK;
}

void
works_destroy(struct works *works)
{
    if (works != NULL) {
        pthread_mutex_destroy(&works->lock);
        free(works);
    }
}

/* A place never used, or the one whose work ended first; NULL when all run. */
static struct place *
find_room(struct works *works)
{
    struct place *oldest = NULL;
    for (size_t i = 0; i < WORKS_MAX; i++) {
        struct place *place = &works->places[i];
        if (place->id == 0) {
            return place;
        }
        if (place->ended_ms != 0 && (oldest == NULL || place->id < oldest->id)) {
            oldest = place;
        }
    }
    return oldest;
}

struct work *
works_begin(struct works *works, enum work_kind kind, const struct actor *actor, const char *subject, int64_t now_ms)
{
    pthread_mutex_lock(&works->lock);
    struct place *place = find_room(works);
    if (place != NULL) {
        *place = (struct place){.id = ++works->last_id, .began_ms = now_ms};
        work_init(&place->work, kind);
        snprintf(place->municipality, sizeof place->municipality, "%s", actor->municipality);
        snprintf(place->by, sizeof place->by, "%s", actor->login);
        snprintf(place->subject, sizeof place->subject, "%s", subject != NULL ? subject : "");
    }
    pthread_mutex_unlock(&works->lock);
    return place != NULL ? &place->work : NULL;
}

void
works_set_waiting(struct works *works, struct work *work, int64_t id)
{
    if (work != NULL) {
        pthread_mutex_lock(&works->lock);
        ((struct place *)(void *)work)->waiting = id;
        pthread_mutex_unlock(&works->lock);
    }
}

void
works_end(struct works *works, struct work *work, enum status status, const struct error_detail *why, int64_t now_ms)
{
    if (work == NULL) {
        return;
    }
    struct place *place = (struct place *)(void *)work;
    pthread_mutex_lock(&works->lock);
    work_end(work, status);
    place->ended_ms = now_ms;
    snprintf(place->sentence, sizeof place->sentence, "%s", status != STATUS_OK ? why->message : "");
    pthread_mutex_unlock(&works->lock);
}

enum status
works_cancel(struct works *works, const char *municipality, int64_t id, struct error_detail *err)
{
    enum status status = STATUS_NOT_FOUND;
    bool is_nightly = false; /* it would begin again at once: it is made up for until it is done */
    pthread_mutex_lock(&works->lock);
    for (size_t i = 0; i < WORKS_MAX; i++) {
        struct place *place = &works->places[i];
        if (id != 0 && place->id == id && strcmp(place->municipality, municipality) == 0) {
            is_nightly = place->work.kind == WORK_NIGHTLY;
            status = place->ended_ms == 0 && !is_nightly ? STATUS_OK : STATUS_REFUSED;
            work_cancel(status == STATUS_OK ? &place->work : NULL);
        }
    }
    pthread_mutex_unlock(&works->lock);
    if (status == STATUS_NOT_FOUND) {
        error_set(err, "not_found", "この作業はありません。サービスが再起動したか、古い作業です。");
    } else if (status == STATUS_REFUSED) {
        error_set(err, "wrong_state", "%s",
                  is_nightly ? "夜間処理は中止できません。終わるまでお待ちください。" : "この作業はもう終わっています。");
    }
    return status;
}

void
works_cancel_all(struct works *works)
{
    if (works == NULL) {
        return;
    }
    pthread_mutex_lock(&works->lock);
    for (size_t i = 0; i < WORKS_MAX; i++) {
        if (works->places[i].id != 0 && works->places[i].ended_ms == 0) {
            work_cancel(&works->places[i].work);
        }
    }
    pthread_mutex_unlock(&works->lock);
}

static void
describe(struct work_row *row, const struct place *place)
{
    const struct work *work = &place->work;
    *row = (struct work_row){
        .id = place->id,
        .kind = work->kind,
        .state = (enum work_state)atomic_load(&work->state),
        .step = (enum work_step)atomic_load(&work->step),
        .is_cancelled = atomic_load(&work->is_cancelled),
        .done = atomic_load(&work->done),
        .total = atomic_load(&work->total),
        .percent = work_percent(work),
        .began_ms = place->began_ms,
        .ended_ms = place->ended_ms,
        .waiting = place->waiting,
    };
    memcpy(row->by, place->by, sizeof row->by);
    memcpy(row->subject, place->subject, sizeof row->subject);
    memcpy(row->sentence, place->sentence, sizeof row->sentence);
    work_text(row->text, work);
}

static int
compare_rows(const void *a, const void *b)
{
    const struct work_row *left = a;
    const struct work_row *right = b;
    return (left->id < right->id) - (left->id > right->id);
}

size_t
works_list(struct works *works, const char *municipality, struct work_row *rows, size_t capacity)
{
    size_t count = 0;
    pthread_mutex_lock(&works->lock);
    for (size_t i = 0; i < WORKS_MAX && count < capacity; i++) {
        const struct place *place = &works->places[i];
        if (place->id != 0 && strcmp(place->municipality, municipality) == 0) {
            describe(&rows[count++], place);
        }
    }
    pthread_mutex_unlock(&works->lock);
    qsort(rows, count, sizeof rows[0], compare_rows);
    return count;
}
