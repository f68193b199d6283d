/* Every address of the API, walked with every role: what docs/protocol/finance-http.md promises, written here a second
 * time so that a right given by mistake is seen. */
#include "settlement/access/right.h"
#include "settlement/web/routes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* The table "Roles and rights": f 会計, a 承認者, u 監査, m 管理者. */
static const char *const holders[RIGHT_COUNT] = {
    [RIGHT_NONE] = "faum",        [RIGHT_SIGNED_IN] = "faum",    [RIGHT_READ] = "faum", [RIGHT_IMPORT] = "fa",
    [RIGHT_RECONCILE] = "fa",     [RIGHT_RESOLVE] = "fa",        [RIGHT_CONFIRM] = "a", [RIGHT_PROPOSE] = "fa",
    [RIGHT_EXPORT] = "fa",        [RIGHT_APPROVE] = "a",         [RIGHT_MANAGE] = "m",  [RIGHT_AUDIT] = "um",
    [RIGHT_EDIT_MASTERS] = "fam", [RIGHT_APPROVE_MASTERS] = "a",
};

static const char letters[ROLE_COUNT] = {
    [ROLE_FINANCE] = 'f', [ROLE_APPROVER] = 'a', [ROLE_AUDITOR] = 'u', [ROLE_ADMINISTRATOR] = 'm'};

static bool
may(enum role role, const struct http_route *route)
{
    enum right right;
    return right_of_route(&right, route->method, route->pattern) && role_has_right(role, right);
}

/* Pages and pictures need no right, and what is left over under /api/ is nobody's. */
static bool
is_api(const struct http_route *route)
{
    return strncmp(route->pattern, "/api/", 5) == 0 && strcmp(route->pattern, "/api/*") != 0;
}

static bool
is_write(const struct http_route *route)
{
    return is_api(route) && strcmp(route->method, "GET") != 0;
}

static bool
begins(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

/* What everybody does for themselves: it changes nobody's books. */
static bool
is_own_affair(const char *pattern)
{
    return strcmp(pattern, "/api/login") == 0 || strcmp(pattern, "/api/logout") == 0 ||
           strcmp(pattern, "/api/me/password") == 0;
}

static void
every_role_may_at_every_address_what_the_table_says(void **state)
{
    (void)state;
    size_t walked = 0;
    for (size_t i = 0; i < finance_routes_count; i++) {
        const struct http_route *route = &finance_routes[i];
        if (!is_api(route)) {
            continue;
        }
        enum right right;
        if (!right_of_route(&right, route->method, route->pattern)) {
            fail_msg("%s %s has no right", route->method, route->pattern);
        }
        for (int role = 0; role < ROLE_COUNT; role++) {
            bool is_promised = strchr(holders[right], letters[role]) != NULL;
            if (may((enum role)role, route) != is_promised) {
                fail_msg("%s %s: %s", route->method, route->pattern, role_word((enum role)role));
            }
            walked++;
        }
    }
    assert_true(walked >= 4 * ROLE_COUNT);
}

static void
an_auditor_never_writes(void **state)
{
    (void)state;
    size_t refused = 0;
    for (size_t i = 0; i < finance_routes_count; i++) {
        const struct http_route *route = &finance_routes[i];
        if (!is_write(route) || is_own_affair(route->pattern)) {
            continue;
        }
        if (may(ROLE_AUDITOR, route)) {
            fail_msg("an auditor may %s %s", route->method, route->pattern);
        }
        refused++;
    }
    assert_true(refused > 0);
}

static void
an_administrator_writes_masters_terminals_and_staff_but_no_money(void **state)
{
    (void)state;
    for (size_t i = 0; i < finance_routes_count; i++) {
        const struct http_route *route = &finance_routes[i];
        const char *pattern = route->pattern;
        bool is_theirs = begins(pattern, "/api/masters/") || begins(pattern, "/api/terminals/") ||
                         begins(pattern, "/api/enrolment-") || begins(pattern, "/api/staff");
        if (is_write(route) && !is_own_affair(pattern) && !is_theirs && may(ROLE_ADMINISTRATOR, route)) {
            fail_msg("an administrator may %s %s", route->method, pattern);
        }
    }
}

static void
nothing_is_read_without_signing_in(void **state)
{
    (void)state;
    for (size_t i = 0; i < finance_routes_count; i++) {
        const struct http_route *route = &finance_routes[i];
        enum right right;
        if (is_api(route) && strcmp(route->pattern, "/api/login") != 0 &&
            (!right_of_route(&right, route->method, route->pattern) || right == RIGHT_NONE)) {
            fail_msg("%s %s is open to everybody", route->method, route->pattern);
        }
    }
}

/* Who may sign in, and as what, is decided by nobody who decides about money. */
static void
staff_are_administered_by_administrators_alone(void **state)
{
    (void)state;
    size_t found = 0;
    for (size_t i = 0; i < finance_routes_count; i++) {
        const struct http_route *route = &finance_routes[i];
        if (!begins(route->pattern, "/api/staff")) {
            continue;
        }
        found++;
        for (int role = 0; role < ROLE_COUNT; role++) {
            if (may((enum role)role, route) != (role == ROLE_ADMINISTRATOR)) {
                fail_msg("%s %s: %s", route->method, route->pattern, role_word((enum role)role));
            }
        }
    }
    assert_int_equal(found, 7);
}

/* A second person's word is the approver's alone: no role that may only propose holds it. */
static void
the_second_persons_decisions_are_the_approvers_alone(void **state)
{
    (void)state;
    size_t found = 0;
    for (size_t i = 0; i < finance_routes_count; i++) {
        const struct http_route *route = &finance_routes[i];
        const char *last = strrchr(route->pattern, '/');
        if (!is_write(route) ||
            (strcmp(last, "/confirm") != 0 && strcmp(last, "/approve") != 0 && strcmp(last, "/undo-confirm") != 0)) {
            continue;
        }
        found++;
        for (int role = 0; role < ROLE_COUNT; role++) {
            if (may((enum role)role, route) != (role == ROLE_APPROVER)) {
                fail_msg("%s %s: %s", route->method, route->pattern, role_word((enum role)role));
            }
        }
    }
    assert_true(found >= 3);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_role_may_at_every_address_what_the_table_says),
        cmocka_unit_test(an_auditor_never_writes),
        cmocka_unit_test(an_administrator_writes_masters_terminals_and_staff_but_no_money),
        cmocka_unit_test(staff_are_administered_by_administrators_alone),
        cmocka_unit_test(nothing_is_read_without_signing_in),
        cmocka_unit_test(the_second_persons_decisions_are_the_approvers_alone),
    };
    return cmocka_run_group_tests_name("settlement_roles", tests, NULL, NULL);
}
