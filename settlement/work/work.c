/* Counters that one thread moves and others read. */
#include "settlement/work/work.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

enum { GROUPED_SIZE = 32, BYTES_SHOWN_AS_ONE = 1024 * 1024 };

static const struct {
    const char *word;
    const char *name;
} kinds[WORK_KIND_COUNT] = {
    [WORK_IMPORT] = {"import", "取込"},
    [WORK_RECONCILE] = {"reconcile", "照合"},
    [WORK_REPLACEMENT] = {"replacement", "差替え"},
    [WORK_REBUILD] = {"rebuild", "再作成"},
    [WORK_AUDIT] = {"audit", "監査"},
    [WORK_NIGHTLY] = {"nightly", "夜間処理"},
};

static const struct {
    const char *word;
    const char *name;
    const char *unit;
    bool is_in_bytes;
} steps[WORK_STEP_COUNT] = {
    [WORK_PREPARE] = {"prepare", "準備", "件", false},
    [WORK_JUDGE] = {"judge", "確認", "MB", true},
    [WORK_KEEP] = {"keep", "保管", "MB", true},
    [WORK_STORE] = {"store", "取込", "行", false},
    [WORK_TAKE_OVER] = {"take_over", "確定", "行", false},
    [WORK_COLLECT] = {"collect", "照合(読込み)", "件", false},
    [WORK_PAIR] = {"pair", "照合(突合)", "件", false},
    [WORK_WRITE] = {"write", "照合(書込み)", "件", false},
    [WORK_INTERPRET] = {"interpret", "仕訳", "行", false},
    [WORK_TILLS] = {"tills", "監査(端末)", "行", false},
    [WORK_FILES] = {"files", "監査(取込)", "ファイル", false},
    [WORK_DRAFT] = {"draft", "調定の案", "件", false},
    [WORK_COPY] = {"copy", "控え", "件", false},
};

void
work_init(struct work *work, enum work_kind kind)
{
    if (work != NULL) {
        work->kind = kind;
        atomic_init(&work->step, WORK_PREPARE);
        atomic_init(&work->done, 0);
        atomic_init(&work->total, 0);
        atomic_init(&work->is_cancelled, false);
        atomic_init(&work->state, WORK_RUNNING);
        work->observe = NULL;
        work->context = NULL;
    }
}

static void
show(const struct work *work)
{
    if (work->observe != NULL) {
        work->observe(work, work->context);
    }
}

void
work_begin_step(struct work *work, enum work_step step, int64_t total)
{
    assert(total >= 0);

    if (work != NULL) {
        atomic_store(&work->total, total);
        atomic_store(&work->done, 0);
        atomic_store(&work->step, (int)step);
        show(work);
    }
}

enum status
work_reach(struct work *work, int64_t done, struct error_detail *err)
{
    if (work == NULL) {
        return STATUS_OK;
    }
    int64_t total = atomic_load_explicit(&work->total, memory_order_relaxed);
    int64_t before = atomic_load_explicit(&work->done, memory_order_relaxed); /* only this thread writes it */
    done = total > 0 && done > total ? total : done;
    atomic_store_explicit(&work->done, done, memory_order_relaxed);
    if (before / WORK_OBSERVED_EVERY != done / WORK_OBSERVED_EVERY || done == total) {
        show(work);
    }
    if (atomic_load_explicit(&work->is_cancelled, memory_order_relaxed)) {
        error_set(err, "cancelled", "中止しました。");
        return STATUS_CANCELLED;
    }
    return STATUS_OK;
}

enum status
work_advance(struct work *work, int64_t units, struct error_detail *err)
{
    return work != NULL ? work_reach(work, atomic_load_explicit(&work->done, memory_order_relaxed) + units, err)
                        : STATUS_OK;
}

void
work_cancel(struct work *work)
{
    if (work != NULL) {
        atomic_store(&work->is_cancelled, true);
    }
}

void
work_end(struct work *work, enum status status)
{
    if (work != NULL) {
        enum work_state state = status == STATUS_OK          ? WORK_DONE
                                : status == STATUS_CANCELLED ? WORK_CANCELLED
                                                             : WORK_FAILED;
        atomic_store(&work->state, (int)state);
    }
}

const char *
work_kind_word(enum work_kind kind)
{
    return kinds[kind].word;
}

const char *
work_kind_name(enum work_kind kind)
{
    return kinds[kind].name;
}

const char *
work_state_word(enum work_state state)
{
    static const char *const words[] = {
        [WORK_RUNNING] = "running", [WORK_DONE] = "done", [WORK_CANCELLED] = "cancelled", [WORK_FAILED] = "failed"};
    return words[state];
}

const char *
work_state_name(enum work_state state)
{
    static const char *const names[] = {
        [WORK_RUNNING] = "実行中", [WORK_DONE] = "完了", [WORK_CANCELLED] = "中止", [WORK_FAILED] = "失敗"};
    return names[state];
}

const char *
work_step_word(enum work_step step)
{
    return steps[step].word;
}

const char *
work_step_name(enum work_step step)
{
    return steps[step].name;
}

int
work_percent(const struct work *work)
{
    int64_t total = atomic_load(&work->total);
    int64_t done = atomic_load(&work->done);
    if (total <= 0) {
        return -1;
    }
    return done >= total ? 100 : (int)(done / (total / 100 + 1) > 99 ? 99 : done * 100 / total);
}

/* NUMBER with a comma between each three digits. */
static const char *
grouped(char text[GROUPED_SIZE], int64_t number)
{
    char plain[GROUPED_SIZE];
    int length = snprintf(plain, sizeof plain, "%" PRId64, number);
    int at = 0;
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0) {
            text[at++] = ',';
        }
        text[at++] = plain[i];
    }
    text[at] = '\0';
    return text;
}

const char *
work_text(char text[WORK_TEXT_SIZE], const struct work *work)
{
    enum work_step step = (enum work_step)atomic_load(&work->step);
    int64_t unit = steps[step].is_in_bytes ? BYTES_SHOWN_AS_ONE : 1;
    int64_t done = (atomic_load(&work->done) + unit - 1) / unit;
    int64_t total = atomic_load(&work->total);
    char done_text[GROUPED_SIZE];
    char total_text[GROUPED_SIZE];
    if (total > 0) {
        snprintf(text, WORK_TEXT_SIZE, "%s %s / %s %s (%d%%)", steps[step].name, grouped(done_text, done),
                 grouped(total_text, (total + unit - 1) / unit), steps[step].unit, work_percent(work));
    } else if (done > 0) {
        snprintf(text, WORK_TEXT_SIZE, "%s %s %s", steps[step].name, grouped(done_text, done), steps[step].unit);
    } else {
        snprintf(text, WORK_TEXT_SIZE, "%s", steps[step].name);
    }
    return text;
}
