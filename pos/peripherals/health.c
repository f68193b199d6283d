/* A lock, what was last said, and a ring of what has changed. */
#include "pos/peripherals/health.h"

#include "common/json/writer.h"
#include "common/text/utf8.h"

#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORD_SIZE = 24 };

struct observation {
    enum peripheral peripheral;
    char word[WORD_SIZE];
    char message[REASON_SIZE];
    int64_t at_ms;
};

struct test {
    enum test_outcome outcome;
    char message[REASON_SIZE];
    int64_t at_ms;
};

/* INVARIANT: `history` holds the newest min(`noted`, HEALTH_HISTORY_MAX) changes, the i-th of all at i modulo that. */
struct health {
    struct till *till;
    struct clock_source clock;
    pthread_mutex_t lock; /* guards all below; the till is told without it */
    struct observation now[PERIPHERALS];
    struct test tests[PERIPHERALS];
    struct observation history[HEALTH_HISTORY_MAX];
    size_t noted;
};

static const struct {
    const char *word, *title;
} names[PERIPHERALS] = {
    [PERIPHERAL_PRINTER] = {"printer", "レシートプリンタ"},
    [PERIPHERAL_DRAWER] = {"cash_drawer", "引き出し"},
    [PERIPHERAL_SCANNER] = {"scanner", "スキャナー"},
    [PERIPHERAL_DISPLAY] = {"line_display", "お客様の表示器"},
    [PERIPHERAL_CARD_READER] = {"card_reader", "カードリーダー"},
};

/* What a clerk does when a device cannot be reached, and that the sale goes on. */
static const char *const absent[PERIPHERALS] = {
    [PERIPHERAL_PRINTER] = "プリンタにつながりません。電源とケーブルを確かめてください。",
    [PERIPHERAL_DRAWER] = "引き出しにつながりません。ケーブルを差し直してください。それまでは鍵で開けてください。",
    [PERIPHERAL_SCANNER] =
        "スキャナーにつながりません。ケーブルを差し直してください。それまではコードを手で入力してください。",
    [PERIPHERAL_DISPLAY] =
        "お客様の表示器につながりません。ケーブルと電源を確かめてください。金額は声で伝えてください。",
    [PERIPHERAL_CARD_READER] =
        "カードリーダーにつながりません。ケーブルを差し直してください。残高照会だけが使えません。",
};

/* A sentence that is longer than its room ends at a character. */
static void
copy_message(char out[REASON_SIZE], const char *message)
{
    snprintf(out, REASON_SIZE, "%s", message);
    for (size_t length = strlen(out); length > 0 && !utf8_is_valid(out, length); length--) {
        out[length - 1] = '\0';
    }
}

const char *
peripheral_word(enum peripheral peripheral)
{
    assert(peripheral < PERIPHERALS);
    return names[peripheral].word;
}

bool
peripheral_from_word(const char *word, enum peripheral *out)
{
    for (size_t i = 0; i < PERIPHERALS; i++) {
        if (strcmp(word, names[i].word) == 0) {
            *out = (enum peripheral)i;
            return true;
        }
    }
    return false;
}

enum status
health_create(struct health **out, struct till *till, struct clock_source clock, struct error_detail *err)
{
    struct health *health = calloc(1, sizeof *health);
    if (health == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    health->till = till;
    health->clock = clock;
    pthread_mutex_init(&health->lock, NULL);
    for (size_t i = 0; i < PERIPHERALS; i++) {
        snprintf(health->now[i].word, WORD_SIZE, "none");
    }
    *out = health;
    return STATUS_OK;
}

void
health_destroy(struct health *health)
{
    if (health != NULL) {
        pthread_mutex_destroy(&health->lock);
        free(health);
    }
}

static void
tell_till(struct health *health, enum peripheral peripheral, const char *word, const char *message)
{
    static const enum till_device devices[PERIPHERALS] = {[PERIPHERAL_DRAWER] = TILL_DRAWER,
                                                          [PERIPHERAL_SCANNER] = TILL_SCANNER,
                                                          [PERIPHERAL_DISPLAY] = TILL_DISPLAY,
                                                          [PERIPHERAL_CARD_READER] = TILL_CARD_READER};
    if (peripheral == PERIPHERAL_PRINTER) {
        till_set_printer_state(health->till, word, message);
    } else {
        till_set_device_state(health->till, devices[peripheral], word, message);
    }
}

/* A printer that prints is a printer that is ready: the history would be full of it. */
static bool
is_noteworthy(const struct observation *before, const char *word)
{
    const bool was_at_work = strcmp(before->word, "printing") == 0;
    return strcmp(word, "printing") != 0 && !(was_at_work && strcmp(word, "ready") == 0);
}

static bool
note(struct health *health, enum peripheral peripheral, const char *word, const char *message)
{
    struct observation *now = &health->now[peripheral];
    if (strcmp(now->word, word) == 0 && strcmp(now->message, message) == 0) {
        return false;
    }
    const bool is_kept = is_noteworthy(now, word);
    now->peripheral = peripheral;
    now->at_ms = clock_now_ms(&health->clock);
    snprintf(now->word, sizeof now->word, "%s", word);
    copy_message(now->message, message);
    if (is_kept) {
        health->history[health->noted++ % HEALTH_HISTORY_MAX] = *now;
    }
    return true;
}

void
health_report(struct health *health, enum peripheral peripheral, const char *word, const char *message)
{
    assert(peripheral < PERIPHERALS);
    pthread_mutex_lock(&health->lock);
    const bool has_changed = note(health, peripheral, word, message);
    pthread_mutex_unlock(&health->lock);
    if (has_changed) {
        tell_till(health, peripheral, word, message);
    }
}

void
health_report_reached(struct health *health, enum peripheral peripheral, enum status status)
{
    char message[REASON_SIZE];
    if (status == STATUS_OK) {
        health_report(health, peripheral, "ready", "");
    } else if (status == STATUS_UNAUTHORIZED) {
        snprintf(message, sizeof message,
                 "%sを使う権限がありません。設置担当者に連絡してください。会計は続けられます。",
                 names[peripheral].title);
        health_report(health, peripheral, "refused", message);
    } else if (status == STATUS_BUSY) {
        snprintf(message, sizeof message,
                 "%sをほかのプログラムが使っています。設置担当者に連絡してください。会計は続けられます。",
                 names[peripheral].title);
        health_report(health, peripheral, "in_use", message);
    } else {
        health_report(health, peripheral, "offline", absent[peripheral]);
    }
}

bool
health_is_offline(struct health *health, enum peripheral peripheral)
{
    pthread_mutex_lock(&health->lock);
    const bool is_offline = strcmp(health->now[peripheral].word, "offline") == 0;
    pthread_mutex_unlock(&health->lock);
    return is_offline;
}

bool
health_begin_test(struct health *health, enum peripheral peripheral)
{
    struct test *test = &health->tests[peripheral];
    pthread_mutex_lock(&health->lock);
    const bool is_free = test->outcome != TEST_RUNNING;
    if (is_free) {
        *test = (struct test){.outcome = TEST_RUNNING, .at_ms = clock_now_ms(&health->clock)};
    }
    pthread_mutex_unlock(&health->lock);
    if (is_free) {
        till_note_devices(health->till);
    }
    return is_free;
}

bool
health_test_runs(struct health *health, enum peripheral peripheral)
{
    pthread_mutex_lock(&health->lock);
    const bool runs = health->tests[peripheral].outcome == TEST_RUNNING;
    pthread_mutex_unlock(&health->lock);
    return runs;
}

void
health_end_test(struct health *health, enum peripheral peripheral, enum test_outcome outcome, const char *message)
{
    struct test *test = &health->tests[peripheral];
    pthread_mutex_lock(&health->lock);
    test->outcome = outcome;
    test->at_ms = clock_now_ms(&health->clock);
    copy_message(test->message, message);
    pthread_mutex_unlock(&health->lock);
    till_note_devices(health->till);
}

/* ---- JSON ---- */

static void
write_instant(struct json_writer *writer, const char *key, int64_t at_ms)
{
    char text[INSTANT_TEXT_SIZE];
    json_text(writer, key, at_ms != 0 ? instant_format(text, at_ms) : NULL);
}

static void
write_observation(const struct observation *one, enum peripheral peripheral, struct json_writer *writer)
{
    json_text(writer, "device", names[peripheral].word);
    json_text(writer, "title", names[peripheral].title);
    json_text(writer, "state", one->word);
    json_text(writer, "message", one->message);
    write_instant(writer, "at", one->at_ms);
}

static void
write_test(const struct test *test, struct json_writer *writer)
{
    static const char *const words[] = {[TEST_NEVER] = "never",
                                        [TEST_RUNNING] = "running",
                                        [TEST_PASSED] = "passed",
                                        [TEST_LOOK] = "look",
                                        [TEST_FAILED] = "failed"};
    json_begin_object(writer, "test");
    json_text(writer, "state", words[test->outcome]);
    json_text(writer, "message", test->message);
    write_instant(writer, "at", test->at_ms);
    json_end_object(writer);
}

static void
write_all(const struct health *health, struct json_writer *writer)
{
    json_begin_array(writer, "devices");
    for (size_t i = 0; i < PERIPHERALS; i++) {
        json_begin_object(writer, NULL);
        write_observation(&health->now[i], (enum peripheral)i, writer);
        write_test(&health->tests[i], writer);
        json_end_object(writer);
    }
    json_end_array(writer);
    const size_t kept = health->noted < HEALTH_HISTORY_MAX ? health->noted : HEALTH_HISTORY_MAX;
    json_begin_array(writer, "history");
    for (size_t i = 1; i <= kept; i++) { /* the newest first */
        const struct observation *one = &health->history[(health->noted - i) % HEALTH_HISTORY_MAX];
        json_begin_object(writer, NULL);
        write_observation(one, one->peripheral, writer);
        json_end_object(writer);
    }
    json_end_array(writer);
}

enum status
health_write(struct health *health, struct buffer *out, struct error_detail *err)
{
    struct json_writer writer;
    json_writer_init(&writer, out);
    json_begin_object(&writer, NULL);
    pthread_mutex_lock(&health->lock);
    write_all(health, &writer);
    pthread_mutex_unlock(&health->lock);
    json_end_object(&writer);
    return json_finish(&writer, err);
}
