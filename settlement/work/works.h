/* The pieces of long work of a running service: those that run, and the last that ended. In memory only: what has to
 * outlive the program (a file that waits to be taken in) stands in the store. */
#pragma once

#include "settlement/access/actor.h"
#include "settlement/work/work.h"

enum {
    WORKS_MAX = 64,           /* more than a service has workers; what runs beyond is not shown */
    WORK_SUBJECT_SIZE = 256,  /* a file's name */
    WORK_SENTENCE_SIZE = 480, /* an error_detail's message */
    WORK_BY_SIZE = 65
};

struct works;

/* What is shown of one. */
struct work_row {
    int64_t id;
    enum work_kind kind;
    enum work_state state;
    enum work_step step;
    bool is_cancelled; /* somebody has asked it to end */
    int64_t done;
    int64_t total;
    int percent; /* -1: not known */
    int64_t began_ms;
    int64_t ended_ms; /* 0 while it runs */
    int64_t waiting;  /* the file it works on, by its number among those that wait; 0: none */
    char by[WORK_BY_SIZE];
    char subject[WORK_SUBJECT_SIZE];
    char text[WORK_TEXT_SIZE];
    char sentence[WORK_SENTENCE_SIZE]; /* how it ended, where it is not done; "" */
};

/* *OUT is given: works_destroy, when nothing runs any more. STATUS_NO_MEMORY. */
enum status works_create(struct works **out, struct error_detail *err) MUST_CHECK;
void works_destroy(struct works *works);

/* A piece of work of ACTOR begins, on SUBJECT (NULL: nothing by name). Owned by WORKS until works_end; NULL when there
 * is no room, which every function of work.h takes for work that nobody watches. */
struct work *
works_begin(struct works *works, enum work_kind kind, const struct actor *actor, const char *subject, int64_t now_ms);

/* WORK (NULL is fine) is on waiting file ID. */
void works_set_waiting(struct works *works, struct work *work, int64_t id);

/* It ended with STATUS; WHY says how where that is not STATUS_OK. WORK may not be used afterwards. */
void
works_end(struct works *works, struct work *work, enum status status, const struct error_detail *why, int64_t now_ms);

/* Ask the work ID of MUNICIPALITY to end. STATUS_NOT_FOUND; STATUS_REFUSED "wrong_state" when it has ended. */
enum status
works_cancel(struct works *works, const char *municipality, int64_t id, struct error_detail *err) MUST_CHECK;

/* Ask all to end: the service stops. */
void works_cancel_all(struct works *works);

/* Copy up to CAPACITY of MUNICIPALITY's into ROWS, newest first; returns how many. */
size_t works_list(struct works *works, const char *municipality, struct work_row *rows, size_t capacity);
