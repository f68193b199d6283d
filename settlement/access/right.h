/* Who may do what: roles are fixed bundles of rights, and every address of the API needs one right. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* The order is that of docs/protocol/finance-http.md. RIGHT_NONE: anybody, signed in or not; RIGHT_SIGNED_IN: every
 * user. */
enum right {
    RIGHT_NONE,
    RIGHT_SIGNED_IN,
    RIGHT_READ,
    RIGHT_IMPORT,
    RIGHT_RECONCILE,
    RIGHT_RESOLVE,
    RIGHT_CONFIRM,
    RIGHT_PROPOSE,
    RIGHT_EXPORT,
    RIGHT_APPROVE,
    RIGHT_MANAGE,
    RIGHT_AUDIT,
    RIGHT_EDIT_MASTERS,
    RIGHT_APPROVE_MASTERS,
    RIGHT_COUNT
};

enum role { ROLE_FINANCE, ROLE_APPROVER, ROLE_AUDITOR, ROLE_ADMINISTRATOR, ROLE_COUNT };

/* "finance" and "会計"; the word of a right as the API shows it. Static strings. */
const char *role_word(enum role role);
const char *role_name(enum role role);
const char *right_word(enum right right);

/* False when no role has this WORD. */
bool role_from_word(enum role *out, const char *word);

bool role_has_right(enum role role, enum right right);

/* The right that METHOD on route PATTERN (as in the table of routes) needs. False when the table does not know it: such
 * a route must not be served. */
bool right_of_route(enum right *out, const char *method, const char *pattern);
