/* Setting up and taking down a till for tests. */
#include "till_stage.h"

#include "common/signing/signing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define MORNING_MS INT64_C(1795309391123) /* 2026-11-22T10:03:11.123+09:00 */

enum { MASTERS_MAX_BYTES = 64 * 1024, STATE_BYTES = 1024 * 1024 };

const char till_stage_masters[] =
    "{\"version\":1,\"municipality\":{\"code\":\"072036\",\"name\":\"郡山市\"},"
    "\"issuers\":[{\"code\":\"general\",\"name\":\"郡山市\",\"registration_number\":\"T9000020072036\"}],"
    "\"places\":[{\"code\":\"p1\",\"name\":\"窓口\",\"section\":\"s\",\"categories\":[\"c\"]}],"
    "\"items\":["
    "{\"code\":\"a\",\"name\":\"住民票\",\"kana\":\"えい\",\"category\":\"c\",\"price_yen\":300,\"tax\":\"exempt\","
    "\"account\":\"x\",\"section\":\"s\",\"issuer\":\"general\",\"favourite\":true},"
    "{\"code\":\"b\",\"name\":\"戸籍\",\"kana\":\"びい\",\"category\":\"c\",\"price_yen\":450,\"tax\":\"exempt\","
    "\"account\":\"x\",\"section\":\"s\",\"issuer\":\"general\"}],"
    "\"exemptions\":[{\"code\":\"official\",\"name\":\"公用\",\"reasons\":[\"公用請求\"]}],"
    "\"brands\":[{\"code\":\"paypay\",\"name\":\"PayPay\",\"method\":\"qr\",\"trustee\":\"t\"}],"
    "\"clerks\":[{\"code\":\"sato\",\"name\":\"佐藤\",\"role\":\"clerk\",\"pin_hash\":\"@1111@\"},"
    "{\"code\":\"suzuki\",\"name\":\"鈴木\",\"role\":\"supervisor\",\"pin_hash\":\"@2222@\"}]}";

/* Computed once: each takes 50 ms and more under a sanitizer. */
static const char *
hash_of(const char *pin)
{
    static char hashes[2][PASSWORD_HASH_TEXT_SIZE];
    struct error_detail err;
    char *hash = hashes[strcmp(pin, "1111") == 0 ? 0 : 1];
    if (hash[0] == '\0') {
        assert_int_equal(pin_hash(hash, pin, &err), STATUS_OK);
    }
    return hash;
}

static char *
with_pins(const char *masters)
{
    char *out = calloc(1, MASTERS_MAX_BYTES);
    assert_non_null(out);
    size_t length = 0;
    while (*masters != '\0') {
        bool is_mark = *masters == '@' && masters[5] == '@';
        const char *hash = is_mark ? hash_of(strncmp(masters + 1, "1111", 4) == 0 ? "1111" : "2222") : "";
        length += (size_t)snprintf(out + length, MASTERS_MAX_BYTES - length, "%s%.*s", hash, is_mark ? 0 : 1, masters);
        assert_true(length < MASTERS_MAX_BYTES);
        masters += is_mark ? 6 : 1;
    }
    return out;
}

static void
open_till(struct till_stage *stage)
{
    const struct till_options options = {.database_path = stage->database,
                                         .clock = clock_manual(&stage->clock),
                                         .terminal = stage->make_terminal != NULL ? stage->make_terminal() : NULL};
    if (till_open(&stage->till, &options, &stage->err) != STATUS_OK) {
        fail_msg("opening: %s", stage->err.message);
    }
}

void
till_stage_open(struct till_stage *stage, const char *masters)
{
    till_stage_open_with_terminal(stage, masters, NULL);
}

void
till_stage_open_with_terminal(struct till_stage *stage, const char *masters, struct payment_channel *(*make)(void))
{
    *stage =
        (struct till_stage){.folder = "/tmp/till-stage-XXXXXX", .clock = {.now_ms = MORNING_MS}, .make_terminal = make};
    assert_non_null(mkdtemp(stage->folder));
    snprintf(stage->database, sizeof stage->database, "%s/till.db", stage->folder);
    stage->masters = with_pins(masters);
    open_till(stage);
    if (till_enrol(stage->till, "072036", "KO-01", "p1", "00", &stage->err) != STATUS_OK ||
        till_apply_masters(stage->till, stage->masters, strlen(stage->masters), &stage->err) != STATUS_OK ||
        till_sign_in(stage->till, "sato", "1111", &stage->err) != STATUS_OK ||
        till_open_day(stage->till, 20000, &stage->err) != STATUS_OK) {
        fail_msg("preparing: %s", stage->err.message);
    }
}

void
till_stage_reopen(struct till_stage *stage)
{
    till_close(stage->till);
    open_till(stage);
}

void
till_stage_close(struct till_stage *stage)
{
    static const char *const endings[] = {"", "-wal", "-shm", "-journal"};
    till_close(stage->till);
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s%s", stage->database, endings[i]);
        unlink(path);
    }
    rmdir(stage->folder);
    free(stage->masters);
}

const char *
till_stage_state(struct till_stage *stage)
{
    static struct buffer state;
    if (state.data == NULL) {
        buffer_init(&state, STATE_BYTES);
    }
    buffer_clear(&state);
    if (till_write_state(stage->till, &state, &stage->err) != STATUS_OK) {
        fail_msg("state: %s", stage->err.message);
    }
    return buffer_text(&state);
}

int64_t
till_stage_query(struct till_stage *stage, const char *sql)
{
    struct database *db = NULL;
    int64_t value = -1;
    if (database_open(&db, stage->database, DATABASE_READ_ONLY, NULL, &stage->err) != STATUS_OK ||
        database_query_int(db, sql, &value, &stage->err) != STATUS_OK) {
        fail_msg("%s: %s", sql, stage->err.message);
    }
    database_close(db);
    return value;
}

char *
till_stage_read_file(const char *path)
{
    char whole[512];
    struct buffer text;
    struct error_detail err;
    snprintf(whole, sizeof whole, "%s/%s", MADOGUCHI_SOURCE_DIR, path);
    buffer_init(&text, MASTERS_MAX_BYTES);
    if (buffer_read_file(&text, whole, &err) != STATUS_OK) {
        fail_msg("%s", err.message);
    }
    char *copy = strdup(buffer_text(&text));
    buffer_finish(&text);
    assert_non_null(copy);
    return copy;
}
