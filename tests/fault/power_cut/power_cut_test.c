/* The power goes at a random write, sync or delete of the till's database, many times over. What the till acknowledged
 * must be there afterwards, the chain must be whole, and after the inquiries every yen that the bank holds must be a
 * sale.
 *
 * MADOGUCHI_POWER_CUTS sets how many cuts (default 60). */
#include "citizen_bank.h"
#include "losing_vfs.h"

#include "pos/journal/journal.h"
#include "pos/till/till.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum {
    DEFAULT_CUTS = 60,
    SALES_MAX = 60,
    CUT_FIRST = 3,
    CUT_SPREAD = 500,
    WAIT_ROUNDS = 4000 /* × 5 ms */
};

static const char masters_head[] =
    "{\"version\":1,\"municipality\":{\"code\":\"072036\",\"name\":\"郡山市\"},"
    "\"issuers\":[{\"code\":\"general\",\"name\":\"郡山市\",\"registration_number\":\"T9000020072036\"}],"
    "\"places\":[{\"code\":\"p1\",\"name\":\"窓口\",\"section\":\"s\",\"categories\":[\"c\"]}],"
    "\"items\":[{\"code\":\"a\",\"name\":\"住民票\",\"kana\":\"a\",\"category\":\"c\",\"price_yen\":300,\"tax\":"
    "\"exempt\","
    "\"account\":\"x\",\"section\":\"s\",\"issuer\":\"general\"}],\"exemptions\":[],"
    "\"brands\":[{\"code\":\"paypay\",\"name\":\"PayPay\",\"method\":\"qr\",\"trustee\":\"t\"}],"
    "\"clerks\":[{\"code\":\"k\",\"name\":\"K\",\"role\":\"clerk\",\"pin_hash\":\"";

/* What the clerk was told is done. */
struct acknowledged {
    char sales[SALES_MAX][IDENTITY_TEXT_SIZE];
    size_t count;
};

struct stage {
    char folder[64];
    char database[96];
    char masters[4096];
    struct citizen_bank *bank;
};

static unsigned
random_below(uint64_t *state, unsigned sides)
{
    *state = *state * 6364136223846793005ULL + 1442695040888963407ULL;
    return (unsigned)(*state >> 33) % sides;
}

static void
pause_ms(long ms)
{
    struct timespec time = {.tv_nsec = ms * 1000000};
    nanosleep(&time, NULL);
}

static enum status
open_till(struct stage *stage, const char *vfs, struct till **out, struct error_detail *err)
{
    const struct till_options options = {
        .database_path = stage->database,
        .vfs = vfs,
        .clock = clock_system(),
        .qr_foreground = citizen_bank_channel(stage->bank),
        .qr_background = citizen_bank_channel(stage->bank),
        .inquiry_interval_ms = 5,
        .wal_pages = 20, /* the power goes while the WAL is being moved, too */
        .wal_quiet_ms = 1,
    };
    return till_open(out, &options, err);
}

/* The state as text, or "" when it cannot be read (the power is gone). */
static void
read_state(struct till *till, struct buffer *out)
{
    struct error_detail ignored;
    buffer_clear(out);
    if (till_write_state(till, out, &ignored) != STATUS_OK) {
        buffer_clear(out);
    }
}

static void
basket_id(const struct buffer *state, char out[IDENTITY_TEXT_SIZE])
{
    const char *at = strstr(buffer_text(state), "\"basket\":{\"id\":\"");
    snprintf(out, IDENTITY_TEXT_SIZE, "%s", at != NULL ? at + 16 : "");
}

/* Whether the till answered that BASKET is paid. */
static bool
is_paid(const struct buffer *state, const char *basket)
{
    char wanted[80];
    snprintf(wanted, sizeof wanted, "\"last_sale\":{\"sale\":\"%s\"", basket);
    return strstr(buffer_text(state), wanted) != NULL;
}

static void
wait_for_payment(struct till *till, struct buffer *state)
{
    for (int i = 0; i < WAIT_ROUNDS && !losing_vfs_is_dead(); i++) {
        read_state(till, state);
        if (strstr(buffer_text(state), "\"payment\":null") != NULL ||
            strstr(buffer_text(state), "\"not_charged\"") != NULL ||
            strstr(buffer_text(state), "\"declined\"") != NULL) {
            return;
        }
        pause_ms(2);
    }
}

static void
sell_one(struct till *till, struct acknowledged *told, uint64_t *random, struct buffer *state)
{
    struct error_detail err;
    char basket[IDENTITY_TEXT_SIZE];
    enum status status = till_clear_basket(till, &err);
    if (status == STATUS_OK) {
        status = till_add_item(till, "a", 1 + (int64_t)random_below(random, 3), &err);
    }
    read_state(till, state);
    basket_id(state, basket);
    if (status != STATUS_OK || basket[0] == '\0') {
        return;
    }
    if (random_below(random, 2) == 0) {
        if (till_pay_cash(till, basket, 10000, &err) == STATUS_OK) {
            snprintf(told->sales[told->count++], IDENTITY_TEXT_SIZE, "%s", basket);
        }
        return;
    }
    status = till_pay_cashless(till, basket, METHOD_QR, "paypay", &err);
    if (status == STATUS_OK) {
        status = till_pay_code(till, "9000818100000000", &err);
    }
    if (status == STATUS_OK) {
        wait_for_payment(till, state);
    }
    if (is_paid(state, basket)) {
        snprintf(told->sales[told->count++], IDENTITY_TEXT_SIZE, "%s", basket);
    }
}

static void
work_until_the_cut(struct stage *stage, struct acknowledged *told, uint64_t *random)
{
    struct till *till = NULL;
    struct error_detail err;
    struct buffer state;
    buffer_init(&state, 1024 * 1024);
    enum status status = open_till(stage, LOSING_VFS_NAME, &till, &err);
    if (status == STATUS_OK) {
        status = till_start(till, NULL, NULL, &err);
    }
    if (status == STATUS_OK) {
        status = till_sign_in(till, "k", "1111", &err);
    }
    while (status == STATUS_OK && !losing_vfs_is_dead() && told->count < SALES_MAX) {
        sell_one(till, told, random, &state);
    }
    till_close(till);
    buffer_finish(&state);
}

static int64_t
query(struct database *db, const char *sql)
{
    int64_t value = -1;
    struct error_detail err;
    enum status status = database_query_int(db, sql, &value, &err);
    if (status != STATUS_OK) {
        fail_msg("%s: %s", sql, err.message);
    }
    return value;
}

static void
check_what_was_acknowledged(struct stage *stage, const struct acknowledged *told)
{
    struct database *db = NULL;
    struct journal_position end;
    struct error_detail err;
    assert_int_equal(database_open(&db, stage->database, DATABASE_READ_WRITE, NULL, &err), STATUS_OK);
    struct statement *check;
    bool has_row;
    assert_int_equal(database_statement(db, "PRAGMA integrity_check", &check, &err), STATUS_OK);
    assert_int_equal(statement_step(check, &has_row, &err), STATUS_OK);
    assert_string_equal(statement_column_text(check, 0), "ok");
    statement_reset(check);
    if (journal_verify(db, "KO-01", &end, &err) != STATUS_OK) {
        fail_msg("%s", err.message);
    }
    for (size_t i = 0; i < told->count; i++) {
        char sql[160];
        snprintf(sql, sizeof sql, "SELECT COUNT(*) FROM sale WHERE sale = '%s'", told->sales[i]);
        assert_int_equal(query(db, sql), 1);
    }
    assert_int_equal(query(db, "SELECT COUNT(*) FROM sale"), query(db, "SELECT COALESCE(MAX(serial), 0) FROM sale"));
    database_close(db);
}

/* Start again, let the inquiries end, and compare with the bank to the yen. */
static void
check_the_money(struct stage *stage)
{
    struct till *till = NULL;
    struct database *db = NULL;
    struct error_detail err;
    assert_int_equal(open_till(stage, NULL, &till, &err), STATUS_OK);
    assert_int_equal(till_start(till, NULL, NULL, &err), STATUS_OK);
    assert_int_equal(database_open(&db, stage->database, DATABASE_READ_ONLY, NULL, &err), STATUS_OK);
    int64_t open = 1;
    for (int i = 0; i < WAIT_ROUNDS && open > 0; i++) {
        open = query(db, "SELECT COUNT(*) FROM payment WHERE state IN ('started', 'unknown', 'in_doubt')");
        pause_ms(open > 0 ? 5 : 0);
    }
    till_close(till);
    assert_int_equal(open, 0);
    assert_int_equal(query(db, "SELECT COALESCE(SUM(total_yen), 0) FROM sale WHERE method = 'qr'"),
                     citizen_bank_total_yen(stage->bank));
    assert_int_equal(query(db, "SELECT COUNT(*) FROM payment WHERE state = 'approved'"),
                     query(db, "SELECT COUNT(*) FROM sale WHERE method = 'qr'"));
    database_close(db);
}

/* An enrolled till with an open day, made without any cut. */
static void
prepare(struct stage *stage, uint64_t seed)
{
    struct till *till = NULL;
    struct error_detail err;
    unlink(stage->database);
    stage->bank = citizen_bank_create(seed);
    assert_non_null(stage->bank);
    losing_vfs_reset(seed);
    if (open_till(stage, LOSING_VFS_NAME, &till, &err) != STATUS_OK ||
        till_enrol(till, "072036", "KO-01", "p1", "00", &err) != STATUS_OK ||
        till_apply_masters(till, stage->masters, strlen(stage->masters), &err) != STATUS_OK ||
        till_sign_in(till, "k", "1111", &err) != STATUS_OK || till_open_day(till, 10000, &err) != STATUS_OK) {
        fail_msg("preparing: %s", err.message);
    }
    till_close(till);
}

static void
remove_files(const struct stage *stage)
{
    static const char *const endings[] = {"", "-wal", "-shm", "-journal"};
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s%s", stage->database, endings[i]);
        unlink(path);
    }
}

static void
what_a_till_acknowledged_survives_a_power_cut_at_any_write(void **state)
{
    (void)state;
    const char *wanted = getenv("MADOGUCHI_POWER_CUTS");
    int cuts = wanted != NULL ? atoi(wanted) : DEFAULT_CUTS;
    struct stage stage = {.folder = "/tmp/power-cut-XXXXXX"};
    char hash[PASSWORD_HASH_TEXT_SIZE];
    struct error_detail err;
    size_t acknowledged = 0;
    int reached = 0;
    assert_non_null(mkdtemp(stage.folder));
    snprintf(stage.database, sizeof stage.database, "%s/till.db", stage.folder);
    assert_int_equal(pin_hash(hash, "1111", &err), STATUS_OK);
    snprintf(stage.masters, sizeof stage.masters, "%s%s\"}]}", masters_head, hash);
    for (int i = 0; i < cuts; i++) {
        struct acknowledged told = {.count = 0};
        uint64_t random = (uint64_t)i * 7919 + 17;
        prepare(&stage, (uint64_t)i + 1);
        losing_vfs_arm(CUT_FIRST + random_below(&random, CUT_SPREAD));

        work_until_the_cut(&stage, &told, &random);
        reached += losing_vfs_is_dead();
        losing_vfs_cut();

        check_what_was_acknowledged(&stage, &told);
        check_the_money(&stage);
        acknowledged += told.count;
        citizen_bank_destroy(stage.bank);
        remove_files(&stage);
    }
    rmdir(stage.folder);
    print_message("%d cuts, %d of them in the middle of work, %zu acknowledged sales, none lost\n", cuts, reached,
                  acknowledged);
    assert_true(reached * 2 > cuts); /* otherwise nothing was tried */
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_till_acknowledged_survives_a_power_cut_at_any_write),
    };
    losing_vfs_register();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
