/* A draft from its first edit to the tills, and everything that must not happen on the way. */
#include "settlement/masters/draft.h"

#include "settlement/masters/masters.h"
#include "settlement/masters/overlay.h"
#include "settlement/store/place.h"
#include "tests/unit/settlement/core/store_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NOW INT64_C(1795309200000) /* 2026-11-22 10:00 JST */
#define JUMINHYO "juminhyo@2026-04-01"

static const struct actor sato = {.login = "sato", .name = "佐藤", .role = ROLE_FINANCE, .municipality = "072036"};
static const struct actor suzuki = {.login = "suzuki", .name = "鈴木", .role = ROLE_APPROVER, .municipality = "072036"};
static const struct actor ito = {.login = "ito", .name = "伊藤", .role = ROLE_APPROVER, .municipality = "072036"};
static const struct actor elsewhere = {.login = "x", .role = ROLE_APPROVER, .municipality = "131016"};

struct office {
    struct bench *bench;
    struct masters_shelf *shelf;
    int64_t draft;
};

static struct masters_desk
desk_of(const struct office *office, const struct actor *actor)
{
    return (struct masters_desk){.store = office->bench->store, .shelf = office->shelf, .actor = actor, .now_ms = NOW};
}

static void
load_sample(struct bench *bench)
{
    struct error_detail err;
    struct buffer text;
    struct store_txn *txn;
    struct masters_version version;
    bool is_new;
    buffer_init(&text, 1024 * 1024);
    assert_int_equal(buffer_read_file(&text, MADOGUCHI_SOURCE_DIR "/settlement/masters/sample/koriyama.json", &err),
                     STATUS_OK);
    assert_int_equal(store_begin_write(bench->store, &txn, &err), STATUS_OK);
    assert_int_equal(masters_load(txn, text.data, text.length, NOW, &version, &is_new, &err), STATUS_OK);
    assert_int_equal(store_commit(txn, &err), STATUS_OK);
    store_end(txn);
    buffer_finish(&text);
}

static void
run_sql(struct office *office, const char *sql, enum status wanted)
{
    struct database *db;
    struct error_detail err;
    assert_int_equal(store_database_open(&db, office->bench->path, &err), STATUS_OK);
    assert_int_equal(database_execute(db, sql, &err), wanted);
    database_close(db);
}

static int
open_office(void **state)
{
    struct error_detail err;
    struct office *office = calloc(1, sizeof *office);
    void *bench = NULL;
    if (office == NULL || bench_setup(&bench) != 0) {
        return -1;
    }
    office->bench = bench;
    load_sample(office->bench);
    run_sql(office,
            "INSERT INTO staff (municipality, login, name, role, password_hash, is_active, created_at_ms, created_by) "
            "VALUES ('072036', 'sato', '佐藤', 'finance', 'x', 1, 1, 'cli'), ('072036', 'suzuki', '鈴木', 'approver', "
            "'x', 1, 1, 'cli'), ('072036', 'ito', '伊藤', 'approver', 'x', 1, 1, 'cli')",
            STATUS_OK);
    assert_int_equal(masters_shelf_create(&office->shelf, &err), STATUS_OK);
    struct masters_desk desk = desk_of(office, &sato);
    assert_int_equal(masters_draft_create(&desk, "4月の改定", &office->draft, &err), STATUS_OK);
    *state = office;
    return 0;
}

static int
close_office(void **state)
{
    struct office *office = *state;
    void *bench = office->bench;
    masters_shelf_destroy(office->shelf);
    bench_teardown(&bench);
    free(office);
    return 0;
}

static struct json_value *
parse(const char *text)
{
    struct json_value *value;
    struct error_detail err;
    assert_int_equal(json_parse(&value, text, strlen(text), &err), STATUS_OK);
    return value;
}

/* The normal form of row KEY as DRAFT (0: what is published) has it, and the revision of its change. */
struct found {
    char text[4096];
    int64_t revision;
    enum overlay_state state;
    bool is_conflict;
};

static enum status
find(struct office *office, int64_t draft, const char *kind, const char *key, struct found *out)
{
    struct error_detail err;
    struct store_txn *txn;
    const struct masters_book *book = NULL;
    struct overlay overlay = {0};
    struct overlay_row row;
    struct buffer text;
    buffer_init(&text, sizeof out->text);
    *out = (struct found){.text = ""};
    assert_int_equal(store_begin_read(office->bench->store, &txn, &err), STATUS_OK);
    assert_int_equal(masters_book_hold(office->shelf, txn, "072036", 0, &book, &err), STATUS_OK);
    assert_int_equal(overlay_read(&overlay, book, txn, draft, NULL, &err), STATUS_OK);
    enum status status = overlay_find(&overlay, masters_kind(kind), key, &row, &err);
    if (status == STATUS_OK) {
        assert_int_equal(masters_row_normalise(masters_kind(kind), row.value, &text, &err), STATUS_OK);
        strcpy(out->text, buffer_text(&text));
        out->revision = row.change != NULL ? row.change->revision : 0;
        out->is_conflict = row.change != NULL && row.change->is_conflict;
        out->state = row.state;
    }
    buffer_finish(&text);
    overlay_finish(&overlay);
    masters_book_release(office->shelf, book);
    store_end(txn);
    return status;
}

/* TEXT with the first FROM in it replaced by TO. Static. */
static const char *
replaced(const char *text, const char *from, const char *to)
{
    static char out[5000];
    const char *at = strstr(text, from);
    if (at == NULL) {
        fail_msg("%s is not in %s", from, text);
    }
    snprintf(out, sizeof out, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
    return out;
}

/* Replace FROM by TO in the row as ACTOR sees it now. */
static enum status
edit(struct office *office, const struct actor *actor, int64_t draft, const char *key, const char *from, const char *to,
     const char *since, struct error_detail *err)
{
    struct found found;
    struct masters_desk desk = desk_of(office, actor);
    assert_int_equal(find(office, draft, "items", key, &found), STATUS_OK);
    struct json_value *row = parse(replaced(found.text, from, to));
    enum status status = masters_draft_edit(
        &desk, draft,
        &(struct masters_edit){.kind = "items", .key = key, .seen = found.revision, .row = row, .from = since}, 1, NULL,
        NULL, err);
    json_free(row);
    return status;
}

static int64_t
revision(struct office *office, int64_t draft)
{
    struct error_detail err;
    struct store_txn *txn;
    struct masters_draft found;
    assert_int_equal(store_begin_read(office->bench->store, &txn, &err), STATUS_OK);
    assert_int_equal(masters_draft_find(txn, "072036", draft, &found, &err), STATUS_OK);
    store_end(txn);
    return found.revision;
}

static enum status
propose(struct office *office, const struct actor *actor, int64_t draft, struct error_detail *err)
{
    struct masters_desk desk = desk_of(office, actor);
    return masters_propose(&desk, draft, revision(office, draft), err);
}

static enum status
approve(struct office *office, const struct actor *actor, int64_t draft, int64_t *out_version, struct error_detail *err)
{
    struct masters_desk desk = desk_of(office, actor);
    return masters_approve(&desk, draft, revision(office, draft), out_version, err);
}

static void
a_price_that_changes_on_a_day_ends_one_row_and_begins_another(void **state)
{
    struct office *office = *state;
    struct error_detail err;
    struct found found;

    assert_int_equal(edit(office, &sato, office->draft, JUMINHYO, ":300", ":350", "2027-04-01", &err), STATUS_OK);

    assert_int_equal(find(office, office->draft, "items", JUMINHYO, &found), STATUS_OK);
    assert_non_null(strstr(found.text, "\"price_yen\":300"));
    assert_non_null(strstr(found.text, "\"valid_to\":\"2027-03-31\""));
    assert_int_equal(found.state, OVERLAY_CHANGED);
    assert_int_equal(find(office, office->draft, "items", "+1", &found), STATUS_OK);
    assert_non_null(strstr(found.text, "\"price_yen\":350"));
    assert_non_null(strstr(found.text, "\"valid_from\":\"2027-04-01\""));
    assert_null(strstr(found.text, "valid_to"));
    assert_int_equal(found.state, OVERLAY_ADDED);
    assert_int_equal(find(office, 0, "items", JUMINHYO, &found), STATUS_OK);
    assert_null(strstr(found.text, "valid_to"));
}

static void
a_day_outside_the_row_is_refused_for_a_change_from_that_day(void **state)
{
    struct office *office = *state;
    struct error_detail err;
    static const char *const days[] = {"2026-04-01", "2026-03-01", "2027-02-29", "soon"};

    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(edit(office, &sato, office->draft, JUMINHYO, ":300", ":350", days[i], &err), STATUS_INVALID);
    }
    assert_int_equal(edit(office, &sato, office->draft, JUMINHYO, ":300", ":350", "2027-04-01", &err), STATUS_OK);
    assert_int_equal(edit(office, &sato, office->draft, JUMINHYO, ":300", ":380", "2027-05-01", &err), STATUS_INVALID);
    assert_int_equal(revision(office, office->draft), 2);
}

static void
two_people_publish_what_one_proposed(void **state)
{
    struct office *office = *state;
    struct error_detail err;
    struct found found;
    int64_t version = 0;
    assert_int_equal(propose(office, &suzuki, office->draft, &err), STATUS_CONFLICT);
    assert_string_equal(err.code, "nothing_changed");
    assert_int_equal(edit(office, &sato, office->draft, JUMINHYO, ":300", ":350", "2027-04-01", &err), STATUS_OK);
    assert_int_equal(propose(office, &suzuki, office->draft, &err), STATUS_OK);

    assert_int_equal(approve(office, &sato, office->draft, &version, &err), STATUS_UNAUTHORIZED);
    assert_string_equal(err.code, "no_right");
    assert_int_equal(approve(office, &suzuki, office->draft, &version, &err), STATUS_UNAUTHORIZED);
    assert_string_equal(err.code, "own_approval");
    struct masters_desk other = desk_of(office, &elsewhere);
    assert_int_equal(masters_approve(&other, office->draft, 2, &version, &err), STATUS_NOT_FOUND);
    struct masters_desk late = desk_of(office, &ito);
    assert_int_equal(masters_approve(&late, office->draft, 1, &version, &err), STATUS_CONFLICT);
    assert_string_equal(err.code, "version_changed");
    assert_int_equal(approve(office, &ito, office->draft, &version, &err), STATUS_OK);

    assert_int_equal(version, 2);
    assert_int_equal(find(office, 0, "items", "juminhyo@2027-04-01", &found), STATUS_OK);
    assert_non_null(strstr(found.text, "\"price_yen\":350"));
    assert_int_equal(approve(office, &ito, office->draft, &version, &err), STATUS_CONFLICT);
    assert_string_equal(err.code, "wrong_state");
}

static void
the_store_itself_keeps_what_was_proposed_and_published(void **state)
{
    struct office *office = *state;
    struct error_detail err;
    int64_t version;
    assert_int_equal(edit(office, &sato, office->draft, JUMINHYO, ":300", ":350", NULL, &err), STATUS_OK);
    assert_int_equal(propose(office, &suzuki, office->draft, &err), STATUS_OK);

    run_sql(office, "UPDATE masters_change SET after = '{}'", STATUS_CONFLICT);
    run_sql(office, "DELETE FROM masters_change", STATUS_CONFLICT);
    run_sql(office,
            "UPDATE masters_draft SET state = 'published', approved_by = 'suzuki', approved_at_ms = 1, version = 2",
            STATUS_CONFLICT);
    run_sql(office,
            "UPDATE masters_draft SET state = 'published', proposed_by = 'sato', approved_by = 'suzuki', "
            "approved_at_ms = 1, version = 2",
            STATUS_CONFLICT);
    run_sql(office, /* a second person, and no approver */
            "UPDATE masters_draft SET state = 'published', approved_by = 'sato', approved_at_ms = 1, version = 2",
            STATUS_CONFLICT);
    run_sql(
        office,
        "INSERT INTO masters (municipality, version, sha256, document, loaded_at_ms, proposed_by, approved_by) SELECT "
        "municipality, 9, sha256, document, 1, 'suzuki', 'sato' FROM masters WHERE version = 1",
        STATUS_CONFLICT);
    run_sql(office, "UPDATE staff SET is_active = 0 WHERE login = 'ito'", STATUS_OK);
    assert_int_not_equal(approve(office, &ito, office->draft, &version, &err), STATUS_OK);
    run_sql(office, "UPDATE staff SET is_active = 1 WHERE login = 'ito'", STATUS_OK);
    assert_int_equal(approve(office, &ito, office->draft, &version, &err), STATUS_OK);

    run_sql(office, "UPDATE masters SET document = document", STATUS_CONFLICT);
    run_sql(office, "DELETE FROM masters", STATUS_CONFLICT);
    run_sql(office, "UPDATE masters_draft SET state = 'editing', version = NULL", STATUS_CONFLICT);
    run_sql(office, "DELETE FROM masters_draft", STATUS_CONFLICT);
}

static void
a_proposed_draft_is_not_edited_until_it_is_returned(void **state)
{
    struct office *office = *state;
    struct error_detail err;
    struct masters_desk desk = desk_of(office, &sato);
    assert_int_equal(edit(office, &sato, office->draft, JUMINHYO, ":300", ":350", NULL, &err), STATUS_OK);
    assert_int_equal(propose(office, &sato, office->draft, &err), STATUS_OK);

    assert_int_equal(edit(office, &sato, office->draft, JUMINHYO, ":350", ":360", NULL, &err), STATUS_CONFLICT);
    assert_string_equal(err.code, "wrong_state");
    assert_int_equal(masters_return(&desk, office->draft, "", &err), STATUS_INVALID);
    assert_int_equal(masters_return(&desk, office->draft, "金額を確かめる", &err), STATUS_OK);
    assert_int_equal(edit(office, &sato, office->draft, JUMINHYO, ":350", ":360", NULL, &err), STATUS_OK);
    assert_int_equal(masters_discard(&desk, office->draft, "やめる", &err), STATUS_OK);
    assert_int_equal(edit(office, &sato, office->draft, JUMINHYO, ":360", ":370", NULL, &err), STATUS_CONFLICT);
}

static void
two_people_on_one_row_do_not_overwrite_each_other(void **state)
{
    struct office *office = *state;
    struct error_detail err;
    struct found seen_by_ito;
    struct masters_desk desk = desk_of(office, &ito);
    assert_int_equal(find(office, office->draft, "items", JUMINHYO, &seen_by_ito), STATUS_OK);

    assert_int_equal(edit(office, &sato, office->draft, JUMINHYO, ":300", ":350", NULL, &err), STATUS_OK);
    struct json_value *row = parse(replaced(seen_by_ito.text, "300", "400"));
    struct masters_edit late = {.kind = "items", .key = JUMINHYO, .seen = seen_by_ito.revision, .row = row};
    assert_int_equal(masters_draft_edit(&desk, office->draft, &late, 1, NULL, NULL, &err), STATUS_CONFLICT);

    assert_string_equal(err.code, "row_changed");
    assert_non_null(strstr(err.message, "佐藤"));
    struct found found;
    assert_int_equal(find(office, office->draft, "items", JUMINHYO, &found), STATUS_OK);
    assert_non_null(strstr(found.text, ":350"));
    late.seen = found.revision;
    assert_int_equal(masters_draft_edit(&desk, office->draft, &late, 1, NULL, NULL, &err), STATUS_OK);
    json_free(row);
}

static void
two_drafts_of_one_row_meet_in_a_conflict_that_a_person_decides(void **state)
{
    struct office *office = *state;
    struct error_detail err;
    struct found found;
    struct masters_desk desk = desk_of(office, &sato);
    int64_t urgent;
    int64_t version;
    assert_int_equal(masters_draft_create(&desk, "名称の訂正", &urgent, &err), STATUS_OK);
    assert_int_equal(edit(office, &sato, office->draft, JUMINHYO, ":300", ":350", NULL, &err), STATUS_OK);
    assert_int_equal(edit(office, &sato, office->draft, "inkan@2026-04-01", ":300", ":310", NULL, &err), STATUS_OK);
    assert_int_equal(edit(office, &sato, urgent, JUMINHYO, "住民票の写し", "住民票の写し（全部）", NULL, &err),
                     STATUS_OK);
    assert_int_equal(propose(office, &sato, urgent, &err), STATUS_OK);
    assert_int_equal(approve(office, &ito, urgent, &version, &err), STATUS_OK);

    assert_int_equal(propose(office, &sato, office->draft, &err), STATUS_CONFLICT);
    assert_string_equal(err.code, "masters_conflict");
    assert_int_equal(find(office, office->draft, "items", JUMINHYO, &found), STATUS_OK);
    assert_true(found.is_conflict);
    assert_int_equal(masters_draft_keep(&desk, office->draft, "items", JUMINHYO, found.revision, &err), STATUS_OK);
    assert_int_equal(find(office, office->draft, "items", JUMINHYO, &found), STATUS_OK);
    assert_false(found.is_conflict);
    assert_int_equal(masters_draft_revert(&desk, office->draft, "items", JUMINHYO, found.revision, &err), STATUS_OK);
    assert_int_equal(propose(office, &sato, office->draft, &err), STATUS_OK);
    assert_int_equal(approve(office, &ito, office->draft, &version, &err), STATUS_OK);

    assert_int_equal(version, 3);
    assert_int_equal(find(office, 0, "items", JUMINHYO, &found), STATUS_OK);
    assert_non_null(strstr(found.text, "住民票の写し（全部）"));
    assert_non_null(strstr(found.text, ":300"));
    assert_int_equal(find(office, 0, "items", "inkan@2026-04-01", &found), STATUS_OK);
    assert_non_null(strstr(found.text, ":310"));
}

static void
a_draft_with_a_mistake_is_kept_and_not_proposed(void **state)
{
    struct office *office = *state;
    struct error_detail err;
    struct found found;

    assert_int_equal(
        edit(office, &sato, office->draft, JUMINHYO, "\"account\":\"14020102\"", "\"account\":\"zzz\"", NULL, &err),
        STATUS_OK);
    assert_int_equal(propose(office, &sato, office->draft, &err), STATUS_INVALID);

    assert_string_equal(err.code, "wrong_masters");
    assert_non_null(strstr(err.message, "account: 「zzz」は歳入科目にありません"));
    assert_int_equal(find(office, office->draft, "items", JUMINHYO, &found), STATUS_OK);
    assert_non_null(strstr(found.text, "zzz"));
}

static void
taking_a_change_back_by_hand_leaves_no_change(void **state)
{
    struct office *office = *state;
    struct error_detail err;
    assert_int_equal(edit(office, &sato, office->draft, JUMINHYO, ":300", ":350", NULL, &err), STATUS_OK);
    assert_int_equal(edit(office, &sato, office->draft, JUMINHYO, ":350", ":300", NULL, &err), STATUS_OK);

    assert_int_equal(propose(office, &sato, office->draft, &err), STATUS_CONFLICT);
    assert_string_equal(err.code, "nothing_changed");
}

static void
settings_and_rows_without_days_are_edited_and_taken_out_too(void **state)
{
    struct office *office = *state;
    struct error_detail err;
    struct found found;
    struct masters_desk desk = desk_of(office, &sato);
    int64_t version;
    struct json_value *settings =
        parse("{\"quick_tender_yen\":[1000],\"day_start_minutes\":180,\"idle_lock_minutes\":5,"
              "\"cash_limit_yen\":200000}");
    struct masters_edit first = {.kind = "settings", .key = "settings", .row = settings};
    struct masters_edit second = {.kind = "clerks", .key = "takahashi"};

    assert_int_equal(masters_draft_edit(&desk, office->draft, &first, 1, NULL, NULL, &err), STATUS_OK);
    assert_int_equal(masters_draft_edit(&desk, office->draft, &second, 1, NULL, NULL, &err), STATUS_OK);
    assert_int_equal(propose(office, &sato, office->draft, &err), STATUS_OK);
    assert_int_equal(approve(office, &ito, office->draft, &version, &err), STATUS_OK);

    assert_int_equal(find(office, 0, "settings", "settings", &found), STATUS_OK);
    assert_non_null(strstr(found.text, "\"cash_limit_yen\":200000"));
    assert_non_null(strstr(found.text, "\"quick_tender_yen\":[1000]"));
    assert_int_equal(find(office, 0, "clerks", "takahashi", &found), STATUS_NOT_FOUND);
    json_free(settings);
}

static void
a_clerk_who_is_edited_keeps_the_pin_and_no_pin_reaches_the_log(void **state)
{
    struct office *office = *state;
    struct error_detail err;
    struct found before;
    struct found after;
    struct masters_desk desk = desk_of(office, &sato);
    assert_int_equal(find(office, 0, "clerks", "sato", &before), STATUS_OK);
    struct json_value *row =
        parse("{\"code\":\"sato\",\"name\":\"佐藤 太郎\",\"role\":\"clerk\",\"places\":[\"shimin-1\"]}");
    struct masters_edit renamed = {.kind = "clerks", .key = "sato", .row = row};

    assert_int_equal(masters_draft_edit(&desk, office->draft, &renamed, 1, NULL, NULL, &err), STATUS_OK);

    assert_int_equal(find(office, office->draft, "clerks", "sato", &after), STATUS_OK);
    const char *hash = strstr(before.text, "scrypt$");
    assert_non_null(hash);
    assert_non_null(strstr(after.text, "佐藤 太郎"));
    char known[80];
    snprintf(known, sizeof known, "%.60s", hash);
    assert_non_null(strstr(after.text, known));
    run_sql(office,
            "CREATE TABLE seen (n INTEGER CHECK (n = 0)); INSERT INTO seen SELECT count(*) FROM access_log "
            "WHERE before LIKE '%scrypt%' OR after LIKE '%scrypt%'",
            STATUS_OK);
    json_free(row);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_price_that_changes_on_a_day_ends_one_row_and_begins_another, open_office,
                                        close_office),
        cmocka_unit_test_setup_teardown(a_day_outside_the_row_is_refused_for_a_change_from_that_day, open_office,
                                        close_office),
        cmocka_unit_test_setup_teardown(two_people_publish_what_one_proposed, open_office, close_office),
        cmocka_unit_test_setup_teardown(the_store_itself_keeps_what_was_proposed_and_published, open_office,
                                        close_office),
        cmocka_unit_test_setup_teardown(a_proposed_draft_is_not_edited_until_it_is_returned, open_office, close_office),
        cmocka_unit_test_setup_teardown(two_people_on_one_row_do_not_overwrite_each_other, open_office, close_office),
        cmocka_unit_test_setup_teardown(two_drafts_of_one_row_meet_in_a_conflict_that_a_person_decides, open_office,
                                        close_office),
        cmocka_unit_test_setup_teardown(a_draft_with_a_mistake_is_kept_and_not_proposed, open_office, close_office),
        cmocka_unit_test_setup_teardown(taking_a_change_back_by_hand_leaves_no_change, open_office, close_office),
        cmocka_unit_test_setup_teardown(settings_and_rows_without_days_are_edited_and_taken_out_too, open_office,
                                        close_office),
        cmocka_unit_test_setup_teardown(a_clerk_who_is_edited_keeps_the_pin_and_no_pin_reaches_the_log, open_office,
                                        close_office),
    };
    return cmocka_run_group_tests_name("settlement masters drafts", tests, NULL, NULL);
}
