/* A large file goes in piece by piece: whatever ends the work in between, the lines that count in the end are those of
 * the file, each once, and others write meanwhile. */
#include "common/text/cp932.h"
#include "settlement/imports/reading_mark.h"
#include "settlement/imports/staging.h"
#include "settlement/imports/waiting_file.h"
#include "settlement/store/import_store.h"
#include "settlement/store/query.h"
#include "settlement/store/waiting_store.h"
#include "tests/unit/settlement/core/store_bench.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define CITY "072036"

enum { LINES = STAGING_PIECE_LINES + 3000, DAY = 24 * 60 * 60 * 1000 };
static const int64_t NOW_MS = INT64_C(1795400000000); /* 2026-11-22 */

static const struct actor sato = {
    .id = 1, .login = "sato", .name = "佐藤", .role = ROLE_FINANCE, .municipality = CITY, .address = "::1"};

/* The files are the same for every test. */
static struct layouts *layouts;
static struct buffer statement_file;
static struct buffer bank_file;
static uint64_t statement_mark; /* of the lines that must be there in the end */
static uint64_t bank_mark;

/* One import, and what somebody does at one moment of it. */
struct attempt {
    struct bench *bench;
    struct work work;
    enum work_step step;
    int64_t at; /* once so much of STEP is done */
    void (*act)(struct attempt *attempt);
    bool has_acted;
    struct import_result result;
    enum status status;
    struct error_detail err;
};

static void
watch(const struct work *work, void *context)
{
    struct attempt *attempt = context;
    if (!attempt->has_acted && attempt->act != NULL && atomic_load(&work->step) == (int)attempt->step &&
        atomic_load(&work->done) >= attempt->at) {
        attempt->has_acted = true;
        attempt->act(attempt);
    }
}

static enum status
take_in(struct attempt *attempt, const char *layout, const struct buffer *file)
{
    work_init(&attempt->work, WORK_IMPORT);
    attempt->work.observe = watch;
    attempt->work.context = attempt;
    const struct import_request request = {.layout = layouts_find(layouts, layout),
                                           .file_name = "large",
                                           .bytes = buffer_text(file),
                                           .length = file->length,
                                           .work = &attempt->work};
    attempt->status = import_file(attempt->bench->store, &sato, &request, NOW_MS, &attempt->result, &attempt->err);
    return attempt->status;
}

static enum status
take_statement(struct attempt *attempt)
{
    return take_in(attempt, "aggregator-daily", &statement_file);
}

static void
cancel(struct attempt *attempt)
{
    work_cancel(&attempt->work);
}

static int64_t
number(struct bench *bench, const char *sql)
{
    struct error_detail err;
    struct store_txn *txn;
    int64_t out = -1;
    assert_int_equal(store_begin_read_for(bench->store, CITY, &txn, &err), STATUS_OK);
    assert_int_equal(query_int(txn, sql, NULL, 0, -1, &out, &err), STATUS_OK);
    store_end(txn);
    return out;
}

static void
change(struct bench *bench, const char *sql)
{
    struct error_detail err;
    struct store_txn *txn;
    assert_int_equal(store_begin_write_for(bench->store, CITY, &txn, &err), STATUS_OK);
    assert_int_equal(query_run(txn, sql, NULL, 0, &err), STATUS_OK);
    assert_int_equal(store_commit(txn, &err), STATUS_OK);
    store_end(txn);
}

static enum status
mark_statement(const struct statement_line *line, void *context)
{
    *(uint64_t *)context = reading_mark_add(*(uint64_t *)context, line, NULL, 1);
    return STATUS_OK;
}

static enum status
mark_bank(const struct bank_line *line, void *context)
{
    *(uint64_t *)context = reading_mark_add(*(uint64_t *)context, NULL, line, 1);
    return STATUS_OK;
}

/* What the lines of IMPORT say, as they are read back. */
static uint64_t
mark_of_import(struct bench *bench, int64_t import, bool is_statement)
{
    struct error_detail err;
    struct store_txn *txn;
    uint64_t mark = reading_mark_of_nothing();
    assert_int_equal(store_begin_read_for(bench->store, CITY, &txn, &err), STATUS_OK);
    assert_int_equal(is_statement
                         ? statement_line_each(txn, import, 0, 0, INT64_C(1) << 40, mark_statement, &mark, &err)
                         : bank_line_each(txn, import, 0, 0, INT64_C(1) << 40, mark_bank, &mark, &err),
                     STATUS_OK);
    store_end(txn);
    return mark;
}

/* One import with every line of the file, and nothing left beside it. */
static void
must_stand_once(struct bench *bench, int64_t import)
{
    assert_int_equal(number(bench, "SELECT count(*) FROM import"), 1);
    assert_int_equal(number(bench, "SELECT count(*) FROM statement_line"), LINES);
    assert_true(mark_of_import(bench, import, true) == statement_mark);
    assert_int_equal(number(bench, "SELECT count(*) FROM import_staging"), 0);
    assert_int_equal(number(bench, "SELECT count(*) FROM staged_statement_line"), 0);
}

static void
must_not_count(struct bench *bench, int64_t staged_lines)
{
    assert_int_equal(number(bench, "SELECT count(*) FROM import"), 0);
    assert_int_equal(number(bench, "SELECT count(*) FROM statement_line"), 0);
    assert_int_equal(number(bench, "SELECT count(*) FROM payout_part"), 0);
    assert_int_equal(number(bench, "SELECT count(*) FROM staged_statement_line"), staged_lines);
}

static void
a_cancelled_import_goes_on_behind_its_last_piece(void **state)
{
    struct bench *bench = *state;
    struct attempt first = {.bench = bench, .step = WORK_STORE, .at = STAGING_PIECE_LINES + 1024, .act = cancel};
    assert_int_equal(take_statement(&first), STATUS_CANCELLED);
    must_not_count(bench, STAGING_PIECE_LINES);
    struct attempt second = {.bench = bench, .step = WORK_STORE, .at = LINES, .act = cancel};
    assert_int_equal(take_statement(&second), STATUS_CANCELLED);
    must_not_count(bench, STAGING_PIECE_LINES); /* the last piece was open */
    struct attempt third = {.bench = bench, .step = WORK_TAKE_OVER, .at = STAGING_PIECE_LINES, .act = cancel};
    assert_int_equal(take_statement(&third), STATUS_CANCELLED);
    must_not_count(bench, LINES);
    struct attempt last = {.bench = bench};
    assert_int_equal(take_statement(&last), STATUS_OK);
    assert_int_equal(last.result.resumed_lines, LINES);
    assert_int_equal(last.result.line_count, LINES);
    must_stand_once(bench, last.result.id);
    assert_int_equal(take_statement(&last), STATUS_OK);
    assert_true(last.result.is_repeat);
}

static void
write_beside(struct attempt *attempt)
{
    change(attempt->bench, "UPDATE import_staging SET touched_at_ms = touched_at_ms + 1");
}

static void
others_write_between_two_pieces(void **state)
{
    struct bench *bench = *state;
    struct attempt attempt = {.bench = bench, .step = WORK_STORE, .at = STAGING_PIECE_LINES, .act = write_beside};
    assert_int_equal(take_statement(&attempt), STATUS_OK);
    assert_true(attempt.has_acted);
    must_stand_once(bench, attempt.result.id);
}

/* The same file in another program, at the same time. */
static void
take_it_in_elsewhere(struct attempt *attempt)
{
    struct attempt other = {.bench = attempt->bench};
    assert_int_equal(take_statement(&other), STATUS_OK);
    assert_int_equal(other.result.resumed_lines, STAGING_PIECE_LINES);
}

static void
stage_it_elsewhere(struct attempt *attempt)
{
    struct attempt other = {.bench = attempt->bench, .step = WORK_STORE, .at = LINES, .act = cancel};
    assert_int_equal(take_statement(&other), STATUS_CANCELLED);
}

static void
two_programs_on_one_file_write_each_line_once(void **state)
{
    struct bench *bench = *state;
    struct attempt attempt = {.bench = bench, .step = WORK_STORE, .at = STAGING_PIECE_LINES, .act = stage_it_elsewhere};
    assert_int_equal(take_statement(&attempt), STATUS_OK);
    assert_true(attempt.has_acted);
    must_stand_once(bench, attempt.result.id);
}

static void
a_file_that_another_program_took_in_meanwhile_is_a_repeat(void **state)
{
    struct bench *bench = *state;
    struct attempt attempt = {
        .bench = bench, .step = WORK_STORE, .at = STAGING_PIECE_LINES, .act = take_it_in_elsewhere};
    assert_int_equal(take_statement(&attempt), STATUS_OK);
    assert_true(attempt.has_acted);
    assert_true(attempt.result.is_repeat);
    must_stand_once(bench, attempt.result.id);
}

static void
end_it(struct attempt *attempt)
{
    change(attempt->bench, "UPDATE import_staging SET is_over = 1");
}

static void
a_staging_that_somebody_ended_is_no_loss(void **state)
{
    struct bench *bench = *state;
    struct attempt attempt = {.bench = bench, .step = WORK_STORE, .at = STAGING_PIECE_LINES, .act = end_it};
    assert_int_equal(take_statement(&attempt), STATUS_OK);
    assert_true(attempt.has_acted);
    struct error_detail err;
    assert_int_equal(staging_sweep(bench->store, CITY, NOW_MS, &err), STATUS_OK);
    must_stand_once(bench, attempt.result.id);
}

static void
lines_of_another_reading_are_thrown_away(void **state)
{
    struct bench *bench = *state;
    static const char *const others[] = {"UPDATE import_staging SET mark = mark - 1",
                                         "UPDATE import_staging SET line_count = line_count - 1"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        struct attempt cut = {.bench = bench, .step = WORK_STORE, .at = STAGING_PIECE_LINES, .act = cancel};
        assert_int_equal(take_statement(&cut), STATUS_CANCELLED);
        assert_true(number(bench, "SELECT max(line_count) FROM import_staging WHERE is_over = 0") > 0);
        change(bench, others[i]);
    }
    struct attempt attempt = {.bench = bench};
    assert_int_equal(take_statement(&attempt), STATUS_OK);
    assert_int_equal(attempt.result.resumed_lines, 0);
    must_stand_once(bench, attempt.result.id);
}

static void
a_staged_line_that_is_gone_stops_the_import_and_the_next_one_is_whole(void **state)
{
    struct bench *bench = *state;
    struct attempt cut = {.bench = bench, .step = WORK_STORE, .at = LINES - 1, .act = cancel};
    assert_int_equal(take_statement(&cut), STATUS_CANCELLED);
    change(bench, "DELETE FROM staged_statement_line WHERE line = 4000");
    struct attempt attempt = {.bench = bench};
    assert_int_equal(take_statement(&attempt), STATUS_CORRUPT);
    assert_string_equal(attempt.err.code, "staged_lines_missing");
    assert_int_equal(number(bench, "SELECT count(*) FROM import"), 0);
    assert_int_equal(take_statement(&attempt), STATUS_OK);
    assert_int_equal(attempt.result.resumed_lines, 0);
    must_stand_once(bench, attempt.result.id);
}

static void
a_bank_record_of_many_lines_goes_on_likewise(void **state)
{
    struct bench *bench = *state;
    struct attempt cut = {.bench = bench, .step = WORK_STORE, .at = STAGING_PIECE_LINES + 100, .act = cancel};
    assert_int_equal(take_in(&cut, "zengin-03", &bank_file), STATUS_CANCELLED);
    assert_int_equal(number(bench, "SELECT count(*) FROM bank_line"), 0);
    struct attempt attempt = {.bench = bench};
    assert_int_equal(take_in(&attempt, "zengin-03", &bank_file), STATUS_OK);
    assert_int_equal(attempt.result.resumed_lines, STAGING_PIECE_LINES);
    assert_true(mark_of_import(bench, attempt.result.id, false) == bank_mark);
    assert_int_equal(number(bench, "SELECT count(*) FROM staged_bank_line"), 0);
}

static void
sweep_after(struct bench *bench, int64_t days)
{
    struct error_detail err;
    assert_int_equal(staging_sweep(bench->store, CITY, NOW_MS + days * DAY, &err), STATUS_OK);
}

static void
what_nobody_goes_on_with_is_forgotten_after_its_days(void **state)
{
    struct bench *bench = *state;
    struct attempt cut = {.bench = bench, .step = WORK_STORE, .at = STAGING_PIECE_LINES, .act = cancel};
    assert_int_equal(take_statement(&cut), STATUS_CANCELLED);
    sweep_after(bench, STAGING_KEPT_DAYS);
    assert_int_equal(number(bench, "SELECT count(*) FROM staged_statement_line"), STAGING_PIECE_LINES);
    assert_true(number(bench, "SELECT count(*) FROM file_part") > 0);
    sweep_after(bench, STAGING_KEPT_DAYS + 1);
    must_not_count(bench, 0);
    assert_int_equal(number(bench, "SELECT count(*) FROM import_staging"), 0);
    assert_int_equal(number(bench, "SELECT count(*) FROM file_part"), 0);
}

static void
a_file_that_waits_for_a_person_is_kept_until_it_is_discarded(void **state)
{
    struct bench *bench = *state;
    struct error_detail err;
    int64_t waiting = 0;
    const struct import_request request = {.layout = layouts_find(layouts, "aggregator-daily"),
                                           .file_name = "large",
                                           .bytes = buffer_text(&statement_file),
                                           .length = statement_file.length};
    assert_int_equal(waiting_file_keep(bench->store, &sato, &request, NOW_MS, &waiting, &err), STATUS_OK);
    struct attempt cut = {.bench = bench, .step = WORK_STORE, .at = STAGING_PIECE_LINES, .act = cancel};
    assert_int_equal(take_statement(&cut), STATUS_CANCELLED);
    sweep_after(bench, 10 * STAGING_KEPT_DAYS);
    assert_int_equal(number(bench, "SELECT count(*) FROM staged_statement_line"), STAGING_PIECE_LINES);
    assert_int_equal(waiting_file_discard(bench->store, &sato, waiting, "import_discard", NOW_MS, &err), STATUS_OK);
    sweep_after(bench, 0);
    must_not_count(bench, 0);
    assert_int_equal(number(bench, "SELECT count(*) FROM file_part"), 0);
}

/* Nothing of the file may have been staged before its lines go in. */
static void
see_no_staging(struct attempt *attempt)
{
    assert_int_equal(number(attempt->bench, "SELECT count(*) FROM import_staging"), 0);
}

static void
a_file_of_few_lines_is_not_staged(void **state)
{
    struct bench *bench = *state;
    struct buffer file;
    struct error_detail err;
    struct buffer text;
    buffer_init(&file, 4096);
    buffer_init(&text, 4096);
    buffer_append_text(&text, "加盟店取引ID,決済会社取引ID,ブランド,端末番号,取引日時,取引区分,取引金額,手数料,"
                              "入金予定日,入金番号\r\n,X1,paypay,KO-01,2026/11/21 10:00:00,売上,400,8,2026/12/01,P1\r\n"
                              "合計,1,400\r\n");
    assert_int_equal(cp932_from_utf8(&file, buffer_text(&text), text.length, NULL, &err), STATUS_OK);
    struct attempt attempt = {.bench = bench, .step = WORK_STORE, .at = 0, .act = see_no_staging};
    assert_int_equal(take_in(&attempt, "aggregator-daily", &file), STATUS_OK);
    assert_int_equal(number(bench, "SELECT count(*) FROM import_staging"), 0);
    assert_int_equal(number(bench, "SELECT count(*) FROM statement_line"), 1);
    buffer_finish(&text);
    buffer_finish(&file);
}

static void
make_statement(void)
{
    struct error_detail err;
    struct buffer text;
    int64_t sum = 0;
    buffer_init(&text, (size_t)16 * 1024 * 1024);
    buffer_init(&statement_file, (size_t)16 * 1024 * 1024);
    buffer_append_text(&text, "加盟店取引ID,決済会社取引ID,ブランド,端末番号,取引日時,取引区分,取引金額,手数料,"
                              "入金予定日,入金番号\r\n");
    for (int64_t i = 0; i < LINES; i++) {
        int64_t yen = 100 + i % 900;
        sum += yen;
        buffer_printf(&text,
                      "%08" PRIx64 "-1111-7111-8111-%012" PRIx64 ",Q%09" PRId64 ",paypay,KO-01,2026/11/21 "
                      "%02d:%02d:00,売上,%" PRId64 ",%" PRId64 ",2026/12/01,P%" PRId64 "\r\n",
                      (uint64_t)i, (uint64_t)i, i, (int)(i / 3600 % 24), (int)(i / 60 % 60), yen, yen / 50, i % 9);
    }
    buffer_printf(&text, "合計,%d,%" PRId64 "\r\n", LINES, sum);
    assert_int_equal(cp932_from_utf8(&statement_file, buffer_text(&text), text.length, NULL, &err), STATUS_OK);
    buffer_finish(&text);
}

static void
make_bank(void)
{
    enum { RECORDS = STAGING_PIECE_LINES + 2000 };
    int64_t sum = 0;
    buffer_init(&bank_file, (size_t)8 * 1024 * 1024);
    buffer_printf(&bank_file, "1030%s%s%s0001%-15s001%-15s0001%010d%-40s11%014d%71s\r\n", "081202", "081202", "081202",
                  "BANK", "KORIYAMA", 1234567, "KORIYAMASHI", 0, "");
    for (int i = 1; i <= RECORDS; i++) {
        sum += i;
        buffer_printf(&bank_file, "2%08d%s%s111%012d%012d%012d %07d000%010d%-48s%-15s%-15s%-20s%-20s \r\n", i, "081201",
                      "081201", i, 0, 0, 0, 0, "MIHON", "BANK", "HONTEN", "FURIKOMI", "P1");
    }
    buffer_printf(&bank_file, "8%06d%013" PRId64 "%06d%013d1%014" PRId64 "%07d%139s\r\n", RECORDS, sum, 0, 0, sum,
                  RECORDS, "");
    buffer_printf(&bank_file, "9%010d%05d%184s\r\n", RECORDS + 3, 1, "");
}

static enum status
mark_batch(const struct statement_line *statements, const struct bank_line *banks, size_t count, void *context,
           struct error_detail *err)
{
    (void)err;
    *(uint64_t *)context = reading_mark_add(*(uint64_t *)context, statements, banks, count);
    return STATUS_OK;
}

static uint64_t
mark_of_file(const char *layout, const struct buffer *bytes)
{
    struct error_detail err;
    uint64_t mark = reading_mark_of_nothing();
    const struct walked_file file = {.layout = layouts_find(layouts, layout)->layout,
                                     .bytes = buffer_text(bytes),
                                     .length = bytes->length,
                                     .not_after = {2027, 12, 31}};
    assert_int_equal(file_walk(&file, WALK_COUNTS_LINES, walk_pass_over_fault, NULL, mark_batch, &mark, NULL, &err),
                     STATUS_OK);
    return mark;
}

static int
make_files(void **state)
{
    (void)state;
    struct error_detail err;
    if (layouts_load(&layouts, NULL, &err) != STATUS_OK) {
        return -1;
    }
    make_statement();
    make_bank();
    statement_mark = mark_of_file("aggregator-daily", &statement_file);
    bank_mark = mark_of_file("zengin-03", &bank_file);
    return 0;
}

static int
drop_files(void **state)
{
    (void)state;
    buffer_finish(&statement_file);
    buffer_finish(&bank_file);
    layouts_destroy(layouts);
    return 0;
}

#define STAGING_TEST(name) cmocka_unit_test_setup_teardown(name, bench_setup, bench_teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        STAGING_TEST(a_cancelled_import_goes_on_behind_its_last_piece),
        STAGING_TEST(others_write_between_two_pieces),
        STAGING_TEST(two_programs_on_one_file_write_each_line_once),
        STAGING_TEST(a_file_that_another_program_took_in_meanwhile_is_a_repeat),
        STAGING_TEST(a_staging_that_somebody_ended_is_no_loss),
        STAGING_TEST(lines_of_another_reading_are_thrown_away),
        STAGING_TEST(a_staged_line_that_is_gone_stops_the_import_and_the_next_one_is_whole),
        STAGING_TEST(a_bank_record_of_many_lines_goes_on_likewise),
        STAGING_TEST(what_nobody_goes_on_with_is_forgotten_after_its_days),
        STAGING_TEST(a_file_that_waits_for_a_person_is_kept_until_it_is_discarded),
        STAGING_TEST(a_file_of_few_lines_is_not_staged),
    };
    return cmocka_run_group_tests(tests, make_files, drop_files);
}
