/* A piece of long work: how far it is, and whether somebody wants it to end.
 *
 *   running ──work_end(STATUS_OK)──────────▶ done
 *      │ ────work_end(STATUS_CANCELLED)────▶ cancelled    somebody asked (work_cancel), and the work heard it in time
 *      └─────work_end(anything else)───────▶ failed
 *
 * The one who works says where it is (work_step, work_advance). Each work_advance is a safe point: nothing is half-way
 * there that its caller could not undo, so a wish to end is heard there and nowhere else. A wish that comes after the
 * last safe point comes too late, and the work is done.
 *
 * One thread works; any thread may look, and any thread or signal handler may cancel. Whoever looks while a step begins
 * may see the new step with the count of the old one: it is for people's eyes, and right at the next look. */
#pragma once

#include "common/outcome/status.h"

#include <stdatomic.h>
#include <stdint.h>

enum work_kind {
    WORK_IMPORT,
    WORK_RECONCILE,
    WORK_REPLACEMENT,
    WORK_REBUILD,
    WORK_AUDIT,
    WORK_NIGHTLY,
    WORK_KIND_COUNT
};

enum work_state { WORK_RUNNING, WORK_DONE, WORK_CANCELLED, WORK_FAILED };

enum work_step {
    WORK_PREPARE,   /* nothing is counted yet */
    WORK_JUDGE,     /* the file is read, nothing is written; in bytes */
    WORK_KEEP,      /* its bytes go into the store; in bytes */
    WORK_STORE,     /* its lines go into the store */
    WORK_TAKE_OVER, /* the lines of a large file begin to count */
    WORK_COLLECT,   /* matching reads what is open and new */
    WORK_PAIR,      /* matching compares; not counted */
    WORK_WRITE,     /* matching writes */
    WORK_INTERPRET, /* journal lines become the ledger again */
    WORK_TILLS,     /* the audit goes through the tills' journals */
    WORK_FILES,     /* the audit goes through the imported files */
    WORK_DRAFT,     /* 調定 are drafted; not counted */
    WORK_COPY,      /* the books are copied; not counted */
    WORK_STEP_COUNT
};

enum {
    WORK_OBSERVED_EVERY = 1024, /* units between two looks at the observer: a fraction of a millisecond of any work */
    WORK_TEXT_SIZE = 160
};

/* INVARIANT: 0 ≤ done ≤ total, or total is 0: not known. */
struct work {
    enum work_kind kind;
    atomic_int step;
    _Atomic int64_t done;
    _Atomic int64_t total;
    atomic_bool is_cancelled; /* somebody wants it to end */
    atomic_int state;
    void (*observe)(const struct work *work, void *context); /* NULL, or called by the one who works */
    void *context;
};

/* Every function accepts NULL: work that nobody watches. */
void work_init(struct work *work, enum work_kind kind);

/* STEP begins; it has TOTAL units, 0 when that is not known. */
void work_begin_step(struct work *work, enum work_step step, int64_t total);

/* UNITS more are done (0: a safe point between two steps). STATUS_CANCELLED when somebody wants it to end. */
enum status work_advance(struct work *work, int64_t units, struct error_detail *err) MUST_CHECK;

/* The same for work that is counted from the beginning of the step. */
enum status work_reach(struct work *work, int64_t done, struct error_detail *err) MUST_CHECK;

/* Ask it to end at its next safe point. May be called from a signal handler. */
void work_cancel(struct work *work);

/* It came to an end, with STATUS. */
void work_end(struct work *work, enum status status);

/* "import", "reconcile", "replacement", "rebuild", "audit", "nightly" and 取込, 照合, 差替え, 再作成, 監査, 夜間処理.
 * Static. */
const char *work_kind_word(enum work_kind kind);
const char *work_kind_name(enum work_kind kind);
/* "running", "done", "cancelled", "failed" and 実行中, 完了, 中止, 失敗. Static. */
const char *work_state_word(enum work_state state);
const char *work_state_name(enum work_state state);
/* "store" and 取込. Static. */
const char *work_step_word(enum work_step step);
const char *work_step_name(enum work_step step);

/* 0 … 100; -1 while the total is not known. */
int work_percent(const struct work *work);

/* `取込 1,200,000 / 3,000,000 行 (40%)`, for people. Returns TEXT. */
const char *work_text(char text[WORK_TEXT_SIZE], const struct work *work);
