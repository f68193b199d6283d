/* Signing in, sessions and rights, against a real store with a clock that the test moves. */
#include "settlement/access/sign_in.h"
#include "settlement/access/staff.h"
#include "settlement/store/access_log_store.h"
#include "tests/unit/settlement/core/store_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define SECOND INT64_C(1000)
#define START INT64_C(1795309200000) /* 2026-11-22 10:00 JST */

static const char password[] = "correct horse battery";

struct scene {
    char folder[64];
    char path[96];
    struct store *store;
};

static int
make_scene(void **state)
{
    struct scene *scene = calloc(1, sizeof *scene);
    snprintf(scene->folder, sizeof scene->folder, "/tmp/madoguchi-access-XXXXXX");
    assert_non_null(mkdtemp(scene->folder));
    snprintf(scene->path, sizeof scene->path, "%s/settlement.db", scene->folder);
    struct error_detail err;
    test_store_make(scene->path);
    assert_int_equal(store_open(&scene->store, scene->path, &err), STATUS_OK);
    struct actor console = {.login = "cli", .municipality = "072036"};
    assert_int_equal(user_add(scene->store, &console, "sato", "佐藤 花子", ROLE_FINANCE, password, START, &err),
                     STATUS_OK);
    *state = scene;
    return 0;
}

static int
drop_scene(void **state)
{
    struct scene *scene = *state;
    store_close(scene->store);
    test_store_drop(scene->path);
    static const char *const endings[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < 3; i++) {
        char file[128];
        snprintf(file, sizeof file, "%s%s", scene->path, endings[i]);
        unlink(file);
    }
    rmdir(scene->folder);
    free(scene);
    return 0;
}

static enum status
try_sign_in(struct scene *scene, const char *login, const char *typed, int64_t now_ms, struct session *out,
            struct error_detail *err)
{
    int64_t wait_seconds;
    return sign_in(scene->store, login, typed, "127.0.0.1", now_ms, out, &wait_seconds, err);
}

static void
a_right_password_begins_a_session_that_the_token_finds(void **state)
{
    struct scene *scene = *state;
    struct session session;
    struct session found;
    struct error_detail err;

    assert_int_equal(try_sign_in(scene, "sato", password, START, &session, &err), STATUS_OK);

    assert_int_equal(session_check(scene->store, session.token, true, START + SECOND, &found, &err), STATUS_OK);
    assert_string_equal(found.actor.login, "sato");
    assert_int_equal(found.actor.role, ROLE_FINANCE);
    assert_string_equal(found.csrf_token, session.csrf_token);
    assert_string_not_equal(found.csrf_token, session.token);
}

static void
an_unknown_name_and_a_wrong_password_are_answered_alike(void **state)
{
    struct scene *scene = *state;
    struct session session;
    struct error_detail wrong;
    struct error_detail unknown;

    assert_int_equal(try_sign_in(scene, "sato", "wrong password", START, &session, &wrong), STATUS_UNAUTHORIZED);
    assert_int_equal(try_sign_in(scene, "nobody", password, START, &session, &unknown), STATUS_UNAUTHORIZED);

    assert_string_equal(wrong.code, "login_failed");
    assert_string_equal(wrong.message, unknown.message);
}

static void
guessing_slows_down_even_for_the_right_password_and_recovers(void **state)
{
    struct scene *scene = *state;
    struct session session;
    struct error_detail err;
    for (int i = 0; i < SIGN_IN_FREE_FAILURES; i++) {
        assert_int_equal(try_sign_in(scene, "sato", "wrong password", START, &session, &err), STATUS_UNAUTHORIZED);
    }

    assert_int_equal(try_sign_in(scene, "sato", password, START + SECOND, &session, &err), STATUS_REFUSED);
    assert_string_equal(err.code, "too_many_attempts");

    int64_t later = START + SIGN_IN_FIRST_WAIT_SECONDS * SECOND;
    assert_int_equal(try_sign_in(scene, "sato", password, later, &session, &err), STATUS_OK);
    assert_int_equal(try_sign_in(scene, "sato", "wrong password", later, &session, &err), STATUS_UNAUTHORIZED);
    assert_int_equal(try_sign_in(scene, "sato", password, later, &session, &err), STATUS_OK);
}

static void
the_wait_doubles_up_to_its_maximum_and_is_forgotten(void **state)
{
    (void)state;
    assert_int_equal(sign_in_wait_seconds(SIGN_IN_FREE_FAILURES - 1, START, START), 0);
    assert_int_equal(sign_in_wait_seconds(SIGN_IN_FREE_FAILURES, START, START), SIGN_IN_FIRST_WAIT_SECONDS);
    assert_int_equal(sign_in_wait_seconds(SIGN_IN_FREE_FAILURES + 1, START, START), 2 * SIGN_IN_FIRST_WAIT_SECONDS);
    assert_int_equal(sign_in_wait_seconds(1000000, START, START), SIGN_IN_MAX_WAIT_SECONDS);
    assert_int_equal(sign_in_wait_seconds(1000000, START, START + SIGN_IN_FORGET_SECONDS * SECOND), 0);
    assert_int_equal(sign_in_wait_seconds(1000000, START, START - 3600 * SECOND), SIGN_IN_MAX_WAIT_SECONDS);
}

static void
a_session_ends_after_thirty_idle_minutes(void **state)
{
    struct scene *scene = *state;
    struct session session;
    struct session found;
    struct error_detail err;
    assert_int_equal(try_sign_in(scene, "sato", password, START, &session, &err), STATUS_OK);
    int64_t later = START + (SESSION_IDLE_SECONDS - 1) * SECOND;

    assert_int_equal(session_check(scene->store, session.token, true, later, &found, &err), STATUS_OK);
    assert_int_equal(
        session_check(scene->store, session.token, true, later + (SESSION_IDLE_SECONDS - 1) * SECOND, &found, &err),
        STATUS_OK);
    later += 2 * SESSION_IDLE_SECONDS * SECOND;
    assert_int_equal(session_check(scene->store, session.token, true, later, &found, &err), STATUS_UNAUTHORIZED);
    assert_string_equal(err.code, "session_expired");
}

static void
listening_to_events_does_not_keep_a_session_alive(void **state)
{
    struct scene *scene = *state;
    struct session session;
    struct session found;
    struct error_detail err;
    assert_int_equal(try_sign_in(scene, "sato", password, START, &session, &err), STATUS_OK);

    int64_t middle = START + SESSION_IDLE_SECONDS * SECOND / 2;
    assert_int_equal(session_check(scene->store, session.token, false, middle, &found, &err), STATUS_OK);
    assert_int_equal(
        session_check(scene->store, session.token, true, START + SESSION_IDLE_SECONDS * SECOND, &found, &err),
        STATUS_UNAUTHORIZED);
}

static void
a_session_ends_after_twelve_hours_of_work(void **state)
{
    struct scene *scene = *state;
    struct session session;
    struct session found;
    struct error_detail err;
    assert_int_equal(try_sign_in(scene, "sato", password, START, &session, &err), STATUS_OK);

    int64_t now = START;
    for (; now < START + (SESSION_MAX_SECONDS - 600) * SECOND; now += 600 * SECOND) {
        assert_int_equal(session_check(scene->store, session.token, true, now, &found, &err), STATUS_OK);
    }
    now = START + SESSION_MAX_SECONDS * SECOND;
    assert_int_equal(session_check(scene->store, session.token, true, now, &found, &err), STATUS_UNAUTHORIZED);
}

static void
signing_out_ends_the_session_for_good(void **state)
{
    struct scene *scene = *state;
    struct session session;
    struct session found;
    struct error_detail err;
    assert_int_equal(try_sign_in(scene, "sato", password, START, &session, &err), STATUS_OK);

    assert_int_equal(session_finish(scene->store, &session, START, &err), STATUS_OK);

    assert_int_equal(session_check(scene->store, session.token, true, START, &found, &err), STATUS_UNAUTHORIZED);
}

static void
a_new_password_ends_the_other_sessions(void **state)
{
    struct scene *scene = *state;
    struct session here;
    struct session elsewhere;
    struct session found;
    struct error_detail err;
    int64_t wait_seconds;
    assert_int_equal(try_sign_in(scene, "sato", password, START, &here, &err), STATUS_OK);
    assert_int_equal(try_sign_in(scene, "sato", password, START, &elsewhere, &err), STATUS_OK);

    assert_int_equal(password_change(scene->store, &here, "wrong", "another long one", START, &wait_seconds, &err),
                     STATUS_UNAUTHORIZED);
    assert_int_equal(password_change(scene->store, &here, password, "short", START, &wait_seconds, &err),
                     STATUS_INVALID);
    assert_int_equal(password_change(scene->store, &here, password, "another long one", START, &wait_seconds, &err),
                     STATUS_OK);

    assert_int_equal(session_check(scene->store, here.token, true, START, &found, &err), STATUS_OK);
    assert_int_equal(session_check(scene->store, elsewhere.token, true, START, &found, &err), STATUS_UNAUTHORIZED);
    assert_int_equal(try_sign_in(scene, "sato", password, START, &found, &err), STATUS_UNAUTHORIZED);
    assert_int_equal(try_sign_in(scene, "sato", "another long one", START, &found, &err), STATUS_OK);
}

static void
a_login_is_given_once(void **state)
{
    struct scene *scene = *state;
    struct actor console = {.login = "cli", .municipality = "072036"};
    struct error_detail err;
    assert_int_equal(user_add(scene->store, &console, "sato", "別人", ROLE_APPROVER, password, START, &err),
                     STATUS_CONFLICT);
    assert_int_equal(user_add(scene->store, &console, "Sato", "別人", ROLE_APPROVER, password, START, &err),
                     STATUS_INVALID);
    assert_int_equal(user_add(scene->store, &console, "cli", "別人", ROLE_APPROVER, password, START, &err),
                     STATUS_INVALID);
}

static enum status
collect(const struct access_entry *entry, void *context)
{
    char *text = context;
    strcat(text, entry->what);
    strcat(text, " ");
    return STATUS_OK;
}

static void
every_sign_in_is_on_record(void **state)
{
    struct scene *scene = *state;
    struct session session;
    struct error_detail err;
    assert_int_equal(try_sign_in(scene, "sato", "wrong password", START, &session, &err), STATUS_UNAUTHORIZED);
    assert_int_equal(try_sign_in(scene, "sato", password, START, &session, &err), STATUS_OK);

    char text[256] = "";
    struct store_txn *txn;
    assert_int_equal(store_begin_read(scene->store, &txn, &err), STATUS_OK);
    struct access_log_query query = {.municipality = "072036", .limit = 10};
    assert_int_equal(access_log_each(txn, &query, collect, text, &err), STATUS_OK);
    store_end(txn);

    assert_string_equal(text, "signed_in sign_in_failed user_added ");
}

static const struct actor console = {.login = "cli", .municipality = "072036"};
static const char first_password[] = "the first password";

/* Kanri, who administers, signed in. */
static struct session
administrator(struct scene *scene)
{
    struct error_detail err;
    struct session session;
    assert_int_equal(user_add(scene->store, &console, "kanri", "管理 次郎", ROLE_ADMINISTRATOR, password, START, &err),
                     STATUS_OK);
    assert_int_equal(try_sign_in(scene, "kanri", password, START, &session, &err), STATUS_OK);
    return session;
}

static void
a_password_that_another_person_chose_is_for_the_first_sign_in_only(void **state)
{
    struct scene *scene = *state;
    struct session kanri = administrator(scene);
    struct session found;
    struct error_detail err;
    int64_t wait_seconds;
    assert_false(kanri.must_change_password);
    assert_int_equal(
        staff_create(scene->store, &kanri.actor, "abe", "阿部", ROLE_FINANCE, first_password, "", START, &err),
        STATUS_OK);

    struct session abe;
    assert_int_equal(try_sign_in(scene, "abe", first_password, START, &abe, &err), STATUS_OK);
    assert_true(abe.must_change_password);
    assert_int_equal(session_check(scene->store, abe.token, true, START, &found, &err), STATUS_OK);
    assert_true(found.must_change_password);
    assert_int_equal(password_change(scene->store, &abe, first_password, first_password, START, &wait_seconds, &err),
                     STATUS_INVALID);
    assert_int_equal(password_change(scene->store, &abe, first_password, password, START, &wait_seconds, &err),
                     STATUS_OK);

    assert_int_equal(session_check(scene->store, abe.token, true, START, &found, &err), STATUS_OK);
    assert_false(found.must_change_password);
    assert_int_equal(staff_reset_password(scene->store, &kanri.actor, "abe", first_password, "", START, &err),
                     STATUS_OK);
    assert_int_equal(session_check(scene->store, abe.token, true, START, &found, &err), STATUS_UNAUTHORIZED);
    assert_int_equal(try_sign_in(scene, "abe", first_password, START, &abe, &err), STATUS_OK);
    assert_true(abe.must_change_password);
}

static void
who_is_sent_away_is_out_at_once_and_comes_back_with_the_same_password(void **state)
{
    struct scene *scene = *state;
    struct session kanri = administrator(scene);
    struct session sato;
    struct session found;
    struct error_detail err;
    assert_int_equal(try_sign_in(scene, "sato", password, START, &sato, &err), STATUS_OK);

    assert_int_equal(staff_set_active(scene->store, &kanri.actor, "sato", false, "異動", START, &err), STATUS_OK);
    assert_int_equal(session_check(scene->store, sato.token, true, START, &found, &err), STATUS_UNAUTHORIZED);
    assert_int_equal(try_sign_in(scene, "sato", password, START, &sato, &err), STATUS_UNAUTHORIZED);
    assert_int_equal(staff_set_active(scene->store, &kanri.actor, "sato", false, "", START, &err), STATUS_CONFLICT);
    assert_int_equal(staff_set_active(scene->store, &kanri.actor, "sato", true, "", START, &err), STATUS_OK);

    assert_int_equal(session_check(scene->store, sato.token, true, START, &found, &err), STATUS_UNAUTHORIZED);
    assert_int_equal(try_sign_in(scene, "sato", password, START, &sato, &err), STATUS_OK);
}

static void
nobody_changes_their_own_role_sends_themselves_away_or_resets_their_own_password(void **state)
{
    struct scene *scene = *state;
    struct session kanri = administrator(scene);
    struct error_detail err;
    const struct actor *self = &kanri.actor;
    assert_int_equal(user_add(scene->store, &console, "kanri2", "管理 三郎", ROLE_ADMINISTRATOR, password, START, &err),
                     STATUS_OK);

    assert_int_equal(staff_change(scene->store, self, "kanri", "管理 次郎", ROLE_APPROVER, "", START, &err),
                     STATUS_UNAUTHORIZED);
    assert_int_equal(staff_set_active(scene->store, self, "kanri", false, "", START, &err), STATUS_UNAUTHORIZED);
    assert_int_equal(staff_reset_password(scene->store, self, "kanri", first_password, "", START, &err),
                     STATUS_UNAUTHORIZED);
    assert_string_equal(err.code, "own_staff");
    assert_int_equal(staff_change(scene->store, self, "kanri", "管理 二郎", ROLE_ADMINISTRATOR, "", START, &err),
                     STATUS_OK);
}

/* Only the console could be so unwise: at the screens the last administrator is always who acts. */
static void
the_last_active_administrator_stays(void **state)
{
    struct scene *scene = *state;
    struct session kanri = administrator(scene);
    struct error_detail err;
    assert_int_equal(staff_set_active(scene->store, &console, "kanri", false, "", START, &err), STATUS_REFUSED);
    assert_string_equal(err.code, "last_administrator");
    assert_int_equal(staff_change(scene->store, &console, "kanri", "管理", ROLE_AUDITOR, "", START, &err),
                     STATUS_REFUSED);

    assert_int_equal(staff_change(scene->store, &kanri.actor, "sato", "佐藤 花子", ROLE_ADMINISTRATOR, "", START, &err),
                     STATUS_OK);
    assert_int_equal(staff_set_active(scene->store, &console, "kanri", false, "", START, &err), STATUS_OK);
    assert_int_equal(staff_set_active(scene->store, &console, "sato", false, "", START, &err), STATUS_REFUSED);
}

static void
staff_of_another_municipality_are_nobody(void **state)
{
    struct scene *scene = *state;
    struct session kanri = administrator(scene);
    struct actor foreign = kanri.actor;
    struct error_detail err;
    snprintf(foreign.municipality, sizeof foreign.municipality, "011002");
    assert_int_equal(staff_set_active(scene->store, &foreign, "sato", false, "", START, &err), STATUS_NOT_FOUND);
    assert_int_equal(staff_change(scene->store, &foreign, "sato", "別人", ROLE_AUDITOR, "", START, &err),
                     STATUS_NOT_FOUND);
    assert_int_equal(staff_reset_password(scene->store, &foreign, "sato", first_password, "", START, &err),
                     STATUS_NOT_FOUND);
}

static void
the_log_says_the_whole_person_before_and_after(void **state)
{
    (void)state;
    char text[STAFF_STATE_SIZE];
    struct staff_row row = {
        .actor = {.role = ROLE_APPROVER, .name = "鈴木 一郎"}, .password_hash = "x", .is_active = true};
    staff_state_text(text, &row);
    assert_string_equal(text, "role=approver active=1 first_password=0 password=2d711642b726b044 name=鈴木 一郎");
}

static void
only_an_approver_may_approve_and_an_unknown_route_is_nobodys(void **state)
{
    (void)state;
    enum right right;
    assert_true(right_of_route(&right, "POST", "/api/assessments/approve"));
    assert_int_equal(right, RIGHT_APPROVE);
    assert_true(role_has_right(ROLE_APPROVER, right));
    assert_false(role_has_right(ROLE_FINANCE, right));
    assert_false(role_has_right(ROLE_AUDITOR, right));
    assert_false(role_has_right(ROLE_ADMINISTRATOR, right));
    assert_false(right_of_route(&right, "POST", "/api/invented"));
    assert_false(right_of_route(&right, "GET", "/api/login"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_password_that_another_person_chose_is_for_the_first_sign_in_only, make_scene,
                                        drop_scene),
        cmocka_unit_test_setup_teardown(who_is_sent_away_is_out_at_once_and_comes_back_with_the_same_password,
                                        make_scene, drop_scene),
        cmocka_unit_test_setup_teardown(
            nobody_changes_their_own_role_sends_themselves_away_or_resets_their_own_password, make_scene, drop_scene),
        cmocka_unit_test_setup_teardown(the_last_active_administrator_stays, make_scene, drop_scene),
        cmocka_unit_test_setup_teardown(staff_of_another_municipality_are_nobody, make_scene, drop_scene),
        cmocka_unit_test(the_log_says_the_whole_person_before_and_after),
        cmocka_unit_test_setup_teardown(a_right_password_begins_a_session_that_the_token_finds, make_scene, drop_scene),
        cmocka_unit_test_setup_teardown(an_unknown_name_and_a_wrong_password_are_answered_alike, make_scene,
                                        drop_scene),
        cmocka_unit_test_setup_teardown(guessing_slows_down_even_for_the_right_password_and_recovers, make_scene,
                                        drop_scene),
        cmocka_unit_test(the_wait_doubles_up_to_its_maximum_and_is_forgotten),
        cmocka_unit_test_setup_teardown(a_session_ends_after_thirty_idle_minutes, make_scene, drop_scene),
        cmocka_unit_test_setup_teardown(listening_to_events_does_not_keep_a_session_alive, make_scene, drop_scene),
        cmocka_unit_test_setup_teardown(a_session_ends_after_twelve_hours_of_work, make_scene, drop_scene),
        cmocka_unit_test_setup_teardown(signing_out_ends_the_session_for_good, make_scene, drop_scene),
        cmocka_unit_test_setup_teardown(a_new_password_ends_the_other_sessions, make_scene, drop_scene),
        cmocka_unit_test_setup_teardown(a_login_is_given_once, make_scene, drop_scene),
        cmocka_unit_test_setup_teardown(every_sign_in_is_on_record, make_scene, drop_scene),
        cmocka_unit_test(only_an_approver_may_approve_and_an_unknown_route_is_nobodys),
    };
    return cmocka_run_group_tests_name("settlement_access", tests, NULL, NULL);
}
