/* Taking journals in: what is refused before the store is asked, and what the store decides. */
#include "settlement/intake/intake.h"

#include "settlement/store/journal_store.h"
#include "tests/unit/settlement/core/journal_maker.h"
#include "tests/unit/settlement/core/store_bench.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Read the maker's pending lines after BODY was changed by a test; returns the code of the refusal. */
static const char *
refusal(const struct maker *maker, const char *body, size_t length, const uint8_t signature[SIGNATURE_SIZE],
        struct error_detail *err)
{
    struct upload upload;
    enum status status = upload_read(&upload, maker->terminal, body, length, maker->public_key, signature, err);
    return status == STATUS_OK ? "" : err->code;
}

static void
three_lines(struct maker *maker)
{
    maker_init(maker, "KO-01", "shimin-1");
    maker_enrolled(maker);
    maker_day_opened(maker, 1, 30000);
    maker_cash_sale(maker, 2, 1);
}

static void
a_run_that_is_whole_and_signed_is_read(void **state)
{
    (void)state;
    struct maker maker;
    three_lines(&maker);

    struct upload upload;
    maker_upload(&maker, &upload);

    assert_int_equal(upload.first, 1);
    assert_int_equal(upload.last, 3);
    assert_memory_equal(upload.last_hash, maker.previous, SHA256_SIZE);
    maker_finish(&maker);
}

static void
a_run_with_one_byte_changed_is_refused_wherever_the_byte_is(void **state)
{
    (void)state;
    struct maker maker;
    three_lines(&maker);
    uint8_t signature[SIGNATURE_SIZE];
    maker_sign(&maker, 1, 3, maker.previous, signature);

    size_t refused = 0;
    for (size_t i = 0; i < maker.pending.length; i++) {
        struct error_detail err;
        maker.pending.data[i] ^= 1;
        refused += refusal(&maker, maker.pending.data, maker.pending.length, signature, &err)[0] != '\0';
        maker.pending.data[i] ^= 1;
    }

    assert_int_equal(refused, maker.pending.length);
    maker_finish(&maker);
}

static void
a_run_cut_anywhere_is_refused(void **state)
{
    (void)state;
    struct maker maker;
    three_lines(&maker);
    uint8_t signature[SIGNATURE_SIZE];
    maker_sign(&maker, 1, 3, maker.previous, signature);

    for (size_t length = 0; length < maker.pending.length; length++) {
        struct error_detail err;
        assert_string_not_equal(refusal(&maker, maker.pending.data, length, signature, &err), "");
    }
    maker_finish(&maker);
}

static void
a_line_that_does_not_end_names_its_place(void **state)
{
    (void)state;
    struct maker maker;
    three_lines(&maker);
    uint8_t signature[SIGNATURE_SIZE];
    maker_sign(&maker, 1, 3, maker.previous, signature);
    struct error_detail err;

    assert_string_equal(refusal(&maker, maker.pending.data, maker.pending.length - 1, signature, &err),
                        "not_a_journal_line");

    assert_int_equal(err.line, 3);
    maker_finish(&maker);
}

static void
lines_in_another_order_are_a_broken_chain(void **state)
{
    (void)state;
    struct maker maker;
    three_lines(&maker);
    uint8_t signature[SIGNATURE_SIZE];
    maker_sign(&maker, 1, 3, maker.previous, signature);
    const char *second = strchr(maker.pending.data, '\n') + 1;
    const char *third = strchr(second, '\n') + 1;
    struct buffer reordered;
    buffer_init(&reordered, 65536);
    buffer_append(&reordered, maker.pending.data, (size_t)(second - maker.pending.data));
    buffer_append_text(&reordered, third);
    buffer_append(&reordered, second, (size_t)(third - second));
    struct error_detail err;

    assert_string_equal(refusal(&maker, reordered.data, reordered.length, signature, &err), "broken_chain");

    buffer_finish(&reordered);
    maker_finish(&maker);
}

static void
another_tills_signature_is_refused(void **state)
{
    (void)state;
    struct maker maker;
    struct maker stranger;
    three_lines(&maker);
    maker_init(&stranger, "KO-01", "shimin-1");
    uint8_t signature[SIGNATURE_SIZE];
    maker_sign(&stranger, 1, 3, maker.previous, signature);
    struct error_detail err;

    assert_string_equal(refusal(&maker, maker.pending.data, maker.pending.length, signature, &err), "bad_signature");

    maker_finish(&stranger);
    maker_finish(&maker);
}

static void
more_lines_than_an_upload_may_hold_are_refused_as_too_many(void **state)
{
    (void)state;
    struct maker maker;
    maker_init(&maker, "KO-01", "shimin-1");
    for (int i = 0; i <= UPLOAD_LINES_MAX; i++) {
        maker_line(&maker, "clerk.signed_in", "{\"clerk\":\"sato\"}");
    }
    uint8_t signature[SIGNATURE_SIZE];
    maker_sign(&maker, 1, maker.sequence, maker.previous, signature);
    struct error_detail err;

    assert_string_equal(refusal(&maker, maker.pending.data, maker.pending.length, signature, &err), "too_many_lines");

    maker_finish(&maker);
}

static void
new_lines_are_stored_byte_for_byte(void **state)
{
    struct bench *bench = *state;
    struct maker maker;
    three_lines(&maker);
    maker_enrol(&maker, bench->store);
    struct upload upload;
    maker_upload(&maker, &upload);

    struct acceptance acceptance = accept_upload(bench->store, &upload);

    assert_int_equal(acceptance.verdict, VERDICT_ACKNOWLEDGED);
    assert_int_equal(acceptance.sequence, 3);
    assert_int_equal(acceptance.taken, 3);
    struct error_detail err;
    struct store_txn *txn;
    struct buffer line;
    int64_t received_at_ms;
    size_t length;
    const char *sent = upload_line(&upload, 2, &length);
    buffer_init(&line, 65536);
    assert_int_equal(store_begin_read(bench->store, &txn, &err), STATUS_OK);
    assert_int_equal(journal_line_of(txn, "KO-01", 2, &line, &received_at_ms, &err), STATUS_OK);
    assert_int_equal(line.length, length);
    assert_memory_equal(line.data, sent, length);
    assert_int_equal(journal_line_of(txn, "KO-01", 4, &line, &received_at_ms, &err), STATUS_NOT_FOUND);
    store_end(txn);
    buffer_finish(&line);
    maker_finish(&maker);
}

static void
a_repeated_upload_changes_nothing_and_is_answered_the_same(void **state)
{
    struct bench *bench = *state;
    struct maker maker;
    three_lines(&maker);
    maker_enrol(&maker, bench->store);
    struct upload upload;
    maker_upload(&maker, &upload);
    struct acceptance first = accept_upload(bench->store, &upload);

    struct acceptance again = accept_upload(bench->store, &upload);

    assert_int_equal(again.verdict, VERDICT_ACKNOWLEDGED);
    assert_int_equal(again.taken, 0);
    assert_int_equal(again.sequence, first.sequence);
    assert_memory_equal(again.hash, first.hash, SHA256_SIZE);
    assert_int_equal(query_file(bench->path, "SELECT count(*) FROM journal_run"), 1);
    maker_finish(&maker);
}

static void
an_upload_that_overlaps_gives_only_what_is_new(void **state)
{
    struct bench *bench = *state;
    struct maker maker;
    three_lines(&maker);
    maker_enrol(&maker, bench->store);
    struct upload upload;
    maker_upload(&maker, &upload);
    accept_upload(bench->store, &upload);
    maker_cash_sale(&maker, 3, 2); /* pending still holds lines 1 … 3 */
    maker_upload(&maker, &upload);

    struct acceptance acceptance = accept_upload(bench->store, &upload);

    assert_int_equal(acceptance.taken, 1);
    assert_int_equal(acceptance.sequence, 4);
    assert_int_equal(query_file(bench->path, "SELECT first FROM journal_run WHERE last = 4"), 4);
    assert_int_equal(query_file(bench->path, "SELECT signed_first FROM journal_run WHERE last = 4"), 1);
    maker_finish(&maker);
}

static void
an_old_part_of_the_journal_is_known_and_the_head_stays(void **state)
{
    struct bench *bench = *state;
    struct maker maker;
    struct upload old;
    maker_init(&maker, "KO-01", "shimin-1");
    maker_enrol(&maker, bench->store);
    maker_enrolled(&maker);
    maker_day_opened(&maker, 1, 30000);
    maker_upload(&maker, &old);
    struct buffer copy;
    buffer_init(&copy, 65536);
    buffer_append(&copy, old.lines, old.length);
    maker_send(&maker, bench->store);
    maker_cash_sale(&maker, 2, 1);
    maker_send(&maker, bench->store);
    old.lines = buffer_text(&copy);

    struct acceptance acceptance = accept_upload(bench->store, &old);

    assert_int_equal(acceptance.verdict, VERDICT_ACKNOWLEDGED);
    assert_int_equal(acceptance.sequence, 3);
    assert_int_equal(acceptance.taken, 0);
    buffer_finish(&copy);
    maker_finish(&maker);
}

static void
lines_that_leave_a_gap_are_not_taken(void **state)
{
    struct bench *bench = *state;
    struct maker maker;
    three_lines(&maker);
    maker_enrol(&maker, bench->store);
    maker_send(&maker, bench->store);
    maker_cash_sale(&maker, 3, 1);
    maker_forget_pending(&maker); /* line 4 is lost on the way */
    maker_cash_sale(&maker, 4, 1);
    struct upload upload;
    maker_upload(&maker, &upload);

    struct acceptance acceptance = accept_upload(bench->store, &upload);

    assert_int_equal(acceptance.verdict, VERDICT_GAP);
    assert_int_equal(acceptance.sequence, 3);
    assert_int_equal(query_file(bench->path, "SELECT head_sequence FROM terminal"), 3);
    maker_finish(&maker);
}

/* Two tills with one identity: TWIN continues from where the disk was copied. */
static void
copy_till(struct maker *twin, const struct maker *maker)
{
    *twin = *maker;
    buffer_init(&twin->pending, 1 << 20);
    twin->first_pending = twin->sequence + 1;
}

static void
another_line_under_a_known_sequence_quarantines_and_keeps_both(void **state)
{
    struct bench *bench = *state;
    struct maker maker;
    struct maker twin;
    three_lines(&maker);
    maker_enrol(&maker, bench->store);
    maker_send(&maker, bench->store);
    copy_till(&twin, &maker);
    maker_cash_sale(&maker, 3, 1);
    maker_cash_sale(&maker, 4, 1);
    maker_send(&maker, bench->store);
    maker_cash_sale(&twin, 5, 7);
    struct upload upload;
    maker_upload(&twin, &upload);

    struct acceptance acceptance = accept_upload(bench->store, &upload);

    assert_int_equal(acceptance.verdict, VERDICT_FORK);
    assert_int_equal(acceptance.fork_at, 4);
    assert_int_equal(acceptance.sequence, 5);
    assert_int_equal(query_file(bench->path, "SELECT count(*) FROM terminal WHERE state = 'quarantined'"), 1);
    assert_int_equal(query_file(bench->path, "SELECT sequence FROM fork"), 4);
    assert_int_equal(query_file(bench->path, test_is_postgresql()
                                                 ? "SELECT position('\"quantity\":1,'::bytea IN known_line) > 0 AND "
                                                   "position('\"quantity\":7,'::bytea IN offered_lines) > 0 FROM fork"
                                                 : "SELECT instr(known_line, '\"quantity\":1,') > 0 AND"
                                                   " instr(offered_lines, '\"quantity\":7,') > 0 FROM fork"),
                     1);
    assert_int_equal(query_file(bench->path, "SELECT max(last) FROM journal_run"), 5);
    buffer_finish(&twin.pending);
    maker_finish(&maker);
}

static void
a_line_behind_the_head_that_names_another_head_is_a_fork_too(void **state)
{
    struct bench *bench = *state;
    struct maker maker;
    struct maker twin;
    three_lines(&maker);
    maker_enrol(&maker, bench->store);
    maker_send(&maker, bench->store);
    copy_till(&twin, &maker);
    maker_cash_sale(&maker, 3, 1);
    maker_send(&maker, bench->store);
    maker_cash_sale(&twin, 5, 7);
    maker_forget_pending(&twin);
    maker_cash_sale(&twin, 6, 7);
    struct upload upload;
    maker_upload(&twin, &upload);

    struct acceptance acceptance = accept_upload(bench->store, &upload);

    assert_int_equal(acceptance.verdict, VERDICT_FORK);
    assert_int_equal(acceptance.fork_at, 4);
    buffer_finish(&twin.pending);
    maker_finish(&maker);
}

static void
a_quarantined_till_gives_nothing_more(void **state)
{
    struct bench *bench = *state;
    struct maker maker;
    three_lines(&maker);
    maker_enrol(&maker, bench->store);
    maker_send(&maker, bench->store);
    change_file(bench->path, "UPDATE terminal SET state = 'quarantined'");
    maker_cash_sale(&maker, 3, 1);
    struct upload upload;
    maker_upload(&maker, &upload);

    struct acceptance acceptance = accept_upload(bench->store, &upload);

    assert_int_equal(acceptance.verdict, VERDICT_QUARANTINED);
    assert_int_equal(acceptance.sequence, 3);
    maker_finish(&maker);
}

/* --- the writer ------------------------------------------------------------------------------------------------------
 */

/* What the answers of a test's jobs add up to. */
struct tally {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    unsigned answered;
    unsigned acknowledged;
    unsigned lines_came;
    int64_t taken;
};

static void
count_answer(struct intake_job *job, enum status status, const struct acceptance *acceptance,
             const struct error_detail *err)
{
    (void)err;
    struct tally *tally = job->context;
    pthread_mutex_lock(&tally->lock);
    tally->answered++;
    if (status == STATUS_OK && acceptance->verdict == VERDICT_ACKNOWLEDGED) {
        tally->acknowledged++;
        tally->taken += acceptance->taken;
    }
    pthread_cond_broadcast(&tally->changed);
    pthread_mutex_unlock(&tally->lock);
}

static void
count_lines(void *context)
{
    struct tally *tally = context;
    pthread_mutex_lock(&tally->lock);
    tally->lines_came++;
    pthread_mutex_unlock(&tally->lock);
}

static void
the_same_upload_sent_many_times_at_once_is_stored_once(void **state)
{
    enum { TIMES = 200 };
    struct bench *bench = *state;
    struct error_detail err;
    struct maker maker;
    three_lines(&maker);
    maker_enrol(&maker, bench->store);
    struct tally tally = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};
    struct intake_listener listener = {.lines_came = count_lines, .context = &tally};
    struct intake *intake;
    static struct intake_job jobs[TIMES];
    assert_int_equal(intake_start(&intake, bench->store, clock_system(), &listener, &err), STATUS_OK);

    for (size_t i = 0; i < TIMES; i++) {
        jobs[i] = (struct intake_job){.answer = count_answer, .context = &tally};
        maker_upload(&maker, &jobs[i].upload);
        assert_int_equal(intake_submit(intake, &jobs[i], &err), STATUS_OK);
    }
    intake_drain(intake);

    assert_int_equal(tally.answered, TIMES);
    assert_int_equal(tally.acknowledged, TIMES);
    assert_int_equal(tally.taken, 3);
    assert_int_equal(tally.lines_came, 1);
    struct intake_job late = jobs[0];
    assert_int_equal(intake_submit(intake, &late, &err), STATUS_BUSY);
    assert_string_equal(err.code, "too_busy");
    intake_destroy(intake);
    assert_int_equal(query_file(bench->path, "SELECT count(*) FROM journal_run"), 1);
    maker_finish(&maker);
}

static void
a_full_queue_refuses_and_later_takes_again(void **state)
{
    enum { TIMES = 1500 };
    struct bench *bench = *state;
    struct error_detail err;
    struct maker maker;
    three_lines(&maker);
    maker_enrol(&maker, bench->store);
    struct tally tally = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};
    struct intake_listener listener = {0};
    struct intake *intake;
    static struct intake_job jobs[TIMES];
    struct store_txn *held;
    assert_int_equal(intake_start(&intake, bench->store, clock_system(), &listener, &err), STATUS_OK);
    assert_int_equal(store_begin_intake(bench->store, &held, &err), STATUS_OK); /* the writer must wait */

    unsigned refused = 0;
    for (size_t i = 0; i < TIMES; i++) {
        jobs[i] = (struct intake_job){.answer = count_answer, .context = &tally};
        maker_upload(&maker, &jobs[i].upload);
        refused += intake_submit(intake, &jobs[i], &err) == STATUS_BUSY;
    }
    store_end(held);
    intake_drain(intake);

    /* The writer holds one batch of at most 256 beside the queue of 1,024. */
    assert_in_range(refused, TIMES - 1024 - 256, TIMES - 1024);
    assert_int_equal(tally.answered, TIMES - refused);
    assert_int_equal(tally.taken, 3);
    intake_destroy(intake);
    maker_finish(&maker);
}

static void
a_queue_full_of_large_uploads_refuses_by_their_bytes(void **state)
{
    /* As in intake.c: bytes that may wait, and bytes at which the writer's batch ends. */
    enum { TIMES = 40, QUEUE_BYTES = 64 * 1024 * 1024, BATCH_BYTES = 16 * 1024 * 1024, TEXT_BYTES = 8000, LINES = 490 };
    struct bench *bench = *state;
    struct error_detail err;
    struct maker maker;
    three_lines(&maker);
    maker_enrol(&maker, bench->store);
    static char text[TEXT_BYTES + 1];
    memset(text, 'x', TEXT_BYTES);
    for (int i = 0; i < LINES; i++) {
        maker_line(&maker, "weather.observed", "{\"text\":\"%s\"}", text);
    }
    struct tally tally = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};
    struct intake_listener listener = {0};
    struct intake *intake;
    static struct intake_job jobs[TIMES];
    struct store_txn *held;
    assert_int_equal(intake_start(&intake, bench->store, clock_system(), &listener, &err), STATUS_OK);
    assert_int_equal(store_begin_intake(bench->store, &held, &err), STATUS_OK); /* the writer must wait */

    struct upload upload;
    maker_upload(&maker, &upload);
    unsigned refused = 0;
    for (size_t i = 0; i < TIMES; i++) {
        jobs[i] = (struct intake_job){.upload = upload, .answer = count_answer, .context = &tally};
        if (intake_submit(intake, &jobs[i], &err) == STATUS_BUSY) {
            assert_string_equal(err.code, "too_busy");
            refused++;
        }
    }
    struct intake_counts counts;
    intake_count(intake, &counts);
    store_end(held);
    intake_drain(intake);

    unsigned queue = (unsigned)(QUEUE_BYTES / upload.length);
    unsigned batch = (unsigned)(BATCH_BYTES / upload.length + 1);
    assert_in_range(refused, TIMES - queue - batch, TIMES - queue);
    assert_in_range(counts.waiting_bytes, 1, QUEUE_BYTES);
    assert_int_equal(counts.refused, refused);
    assert_int_equal(tally.answered, TIMES - refused);
    assert_int_equal(tally.acknowledged, TIMES - refused);
    assert_int_equal(tally.taken, 3 + LINES);
    intake_destroy(intake);
    maker_finish(&maker);
}

static void
a_till_with_damaged_rows_does_not_spoil_the_others(void **state)
{
    struct bench *bench = *state;
    struct error_detail err;
    struct maker good;
    struct maker damaged;
    three_lines(&good);
    maker_enrol(&good, bench->store);
    maker_init(&damaged, "KO-02", "museum-1");
    maker_enrol(&damaged, bench->store);
    maker_enrolled(&damaged);
    maker_day_opened(&damaged, 9, 0);
    struct upload old;
    maker_upload(&damaged, &old);
    accept_upload(bench->store, &old);
    maker_cash_sale(&damaged, 8, 1);
    maker_upload(&damaged, &old);
    accept_upload(bench->store, &old);
    change_file(bench->path, "DELETE FROM journal_run WHERE terminal = 'KO-02' AND first = 1");
    struct tally tally = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};
    struct intake_listener listener = {0};
    struct intake *intake;
    struct intake_job jobs[2] = {{.answer = count_answer, .context = &tally},
                                 {.answer = count_answer, .context = &tally}};
    const char *first_end = strchr(damaged.pending.data, '\n') + 1;
    uint8_t hash[SHA256_SIZE];
    uint8_t signature[SIGNATURE_SIZE];
    journal_line_hash(hash, damaged.pending.data, (size_t)(first_end - damaged.pending.data) - 1);
    maker_sign(&damaged, 1, 1, hash, signature);
    assert_int_equal(upload_read(&jobs[0].upload, "KO-02", damaged.pending.data,
                                 (size_t)(first_end - damaged.pending.data), damaged.public_key, signature, &err),
                     STATUS_OK);
    maker_upload(&good, &jobs[1].upload);
    struct store_txn *held;
    assert_int_equal(intake_start(&intake, bench->store, clock_system(), &listener, &err), STATUS_OK);
    assert_int_equal(store_begin_intake(bench->store, &held, &err), STATUS_OK); /* so that both come in one batch */

    assert_int_equal(intake_submit(intake, &jobs[0], &err), STATUS_OK);
    assert_int_equal(intake_submit(intake, &jobs[1], &err), STATUS_OK);
    store_end(held);
    intake_drain(intake);

    assert_int_equal(tally.answered, 2);
    assert_int_equal(tally.acknowledged, 1);
    assert_int_equal(query_file(bench->path, "SELECT head_sequence FROM terminal WHERE terminal = 'KO-01'"), 3);
    intake_destroy(intake);
    maker_finish(&damaged);
    maker_finish(&good);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_that_is_whole_and_signed_is_read),
        cmocka_unit_test(a_run_with_one_byte_changed_is_refused_wherever_the_byte_is),
        cmocka_unit_test(a_run_cut_anywhere_is_refused),
        cmocka_unit_test(a_line_that_does_not_end_names_its_place),
        cmocka_unit_test(lines_in_another_order_are_a_broken_chain),
        cmocka_unit_test(another_tills_signature_is_refused),
        cmocka_unit_test(more_lines_than_an_upload_may_hold_are_refused_as_too_many),
        cmocka_unit_test_setup_teardown(new_lines_are_stored_byte_for_byte, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(a_repeated_upload_changes_nothing_and_is_answered_the_same, bench_setup,
                                        bench_teardown),
        cmocka_unit_test_setup_teardown(an_upload_that_overlaps_gives_only_what_is_new, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(an_old_part_of_the_journal_is_known_and_the_head_stays, bench_setup,
                                        bench_teardown),
        cmocka_unit_test_setup_teardown(lines_that_leave_a_gap_are_not_taken, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(another_line_under_a_known_sequence_quarantines_and_keeps_both, bench_setup,
                                        bench_teardown),
        cmocka_unit_test_setup_teardown(a_line_behind_the_head_that_names_another_head_is_a_fork_too, bench_setup,
                                        bench_teardown),
        cmocka_unit_test_setup_teardown(a_quarantined_till_gives_nothing_more, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(the_same_upload_sent_many_times_at_once_is_stored_once, bench_setup,
                                        bench_teardown),
        cmocka_unit_test_setup_teardown(a_queue_full_of_large_uploads_refuses_by_their_bytes, bench_setup,
                                        bench_teardown),
        cmocka_unit_test_setup_teardown(a_full_queue_refuses_and_later_takes_again, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(a_till_with_damaged_rows_does_not_spoil_the_others, bench_setup,
                                        bench_teardown),
    };
    return cmocka_run_group_tests_name("settlement intake", tests, NULL, NULL);
}
