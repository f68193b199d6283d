/* Three constant tables: roles, rights per role, right per route. A route that is missing here is refused to everybody,
 * so that forgetting a row locks a door instead of leaving it open. */
#include "settlement/access/right.h"

#include <string.h>

#define BIT(right) (1U << (right))

static const char *const right_words[RIGHT_COUNT] = {
    [RIGHT_NONE] = "none",
    [RIGHT_SIGNED_IN] = "signed_in",
    [RIGHT_READ] = "read",
    [RIGHT_IMPORT] = "import",
    [RIGHT_RECONCILE] = "reconcile",
    [RIGHT_RESOLVE] = "resolve",
    [RIGHT_CONFIRM] = "confirm",
    [RIGHT_PROPOSE] = "propose",
    [RIGHT_EXPORT] = "export",
    [RIGHT_APPROVE] = "approve",
    [RIGHT_MANAGE] = "manage",
    [RIGHT_AUDIT] = "audit",
    [RIGHT_EDIT_MASTERS] = "edit_masters",
    [RIGHT_APPROVE_MASTERS] = "approve_masters",
};

static const struct {
    const char *word;
    const char *name;
    unsigned rights;
} roles[ROLE_COUNT] = {
    [ROLE_FINANCE] = {.word = "finance",
                      .name = "会計",
                      .rights = BIT(RIGHT_SIGNED_IN) | BIT(RIGHT_READ) | BIT(RIGHT_IMPORT) | BIT(RIGHT_RECONCILE) |
                                BIT(RIGHT_RESOLVE) | BIT(RIGHT_PROPOSE) | BIT(RIGHT_EXPORT) | BIT(RIGHT_EDIT_MASTERS)},
    [ROLE_APPROVER] = {.word = "approver",
                       .name = "承認者",
                       .rights = BIT(RIGHT_SIGNED_IN) | BIT(RIGHT_READ) | BIT(RIGHT_IMPORT) | BIT(RIGHT_RECONCILE) |
                                 BIT(RIGHT_RESOLVE) | BIT(RIGHT_CONFIRM) | BIT(RIGHT_PROPOSE) | BIT(RIGHT_EXPORT) |
                                 BIT(RIGHT_APPROVE) | BIT(RIGHT_EDIT_MASTERS) | BIT(RIGHT_APPROVE_MASTERS)},
    [ROLE_AUDITOR] = {.word = "auditor",
                      .name = "監査",
                      .rights = BIT(RIGHT_SIGNED_IN) | BIT(RIGHT_READ) | BIT(RIGHT_AUDIT)},
    [ROLE_ADMINISTRATOR] = {.word = "administrator",
                            .name = "管理者",
                            .rights = BIT(RIGHT_SIGNED_IN) | BIT(RIGHT_READ) | BIT(RIGHT_MANAGE) | BIT(RIGHT_AUDIT) |
                                      BIT(RIGHT_EDIT_MASTERS)},
};

static const struct {
    const char *method;
    const char *pattern;
    enum right right;
} routes[] = {
    {"POST", "/api/login", RIGHT_NONE},
    {"POST", "/api/logout", RIGHT_SIGNED_IN},
    {"GET", "/api/me", RIGHT_SIGNED_IN},
    {"POST", "/api/me/password", RIGHT_SIGNED_IN},
    {"GET", "/api/events", RIGHT_READ},
    {"GET", "/api/today", RIGHT_READ},
    {"GET", "/api/discrepancies", RIGHT_READ},
    {"GET", "/api/discrepancies/:id", RIGHT_READ},
    {"POST", "/api/discrepancies/:id/assign", RIGHT_RESOLVE},
    {"POST", "/api/discrepancies/:id/resolve", RIGHT_RESOLVE},
    {"POST", "/api/discrepancies/:id/confirm", RIGHT_CONFIRM},
    {"POST", "/api/discrepancies/:id/comment", RIGHT_RESOLVE},
    {"POST", "/api/discrepancies/:id/expect", RIGHT_RESOLVE},
    {"POST", "/api/discrepancies/:id/undo", RIGHT_RESOLVE},
    {"POST", "/api/discrepancies/:id/undo-confirm", RIGHT_CONFIRM},
    {"POST", "/api/discrepancies/:id/undo-stop", RIGHT_RESOLVE},
    {"POST", "/api/discrepancies/bulk", RIGHT_RESOLVE},
    {"POST", "/api/pairs", RIGHT_RESOLVE},
    {"POST", "/api/pairs/part", RIGHT_RESOLVE},
    {"POST", "/api/pairs/:id/undo", RIGHT_RESOLVE},
    {"POST", "/api/splits", RIGHT_RESOLVE},
    {"POST", "/api/splits/:id/undo", RIGHT_RESOLVE},
    {"GET", "/api/pieces", RIGHT_READ},
    {"POST", "/api/credits/spread", RIGHT_RESOLVE},
    {"POST", "/api/credits/spread/:id/undo", RIGHT_RESOLVE},
    {"GET", "/api/payments", RIGHT_READ},
    {"GET", "/api/payments/:payment", RIGHT_READ},
    {"GET", "/api/payouts", RIGHT_READ},
    {"GET", "/api/payouts/:payout", RIGHT_READ},
    {"POST", "/api/reconcile", RIGHT_RECONCILE},
    {"GET", "/api/reconciliation/runs", RIGHT_READ},
    {"GET", "/api/layouts", RIGHT_READ},
    {"GET", "/api/layouts/:layout", RIGHT_READ},
    {"POST", "/api/layouts", RIGHT_IMPORT},
    {"POST", "/api/layouts/try", RIGHT_IMPORT},
    {"POST", "/api/layouts/:layout/use", RIGHT_IMPORT},
    {"GET", "/api/layout-uses", RIGHT_READ},
    {"GET", "/api/layout-uses/:id", RIGHT_READ},
    {"POST", "/api/layout-uses/:id/confirm", RIGHT_CONFIRM},
    {"POST", "/api/layout-uses/:id/refuse", RIGHT_IMPORT},
    {"POST", "/api/imports", RIGHT_IMPORT},
    {"GET", "/api/imports", RIGHT_READ},
    {"GET", "/api/works", RIGHT_READ},
    {"POST", "/api/works/:id/cancel", RIGHT_IMPORT},
    {"POST", "/api/imports/waiting/:id/resume", RIGHT_IMPORT},
    {"POST", "/api/imports/waiting/:id/discard", RIGHT_IMPORT},
    {"GET", "/api/imports/:id", RIGHT_READ},
    {"GET", "/api/imports/:id/lines", RIGHT_READ},
    {"GET", "/api/imports/:id/faults", RIGHT_READ},
    {"GET", "/api/imports/:id/file", RIGHT_READ},
    {"POST", "/api/imports/:id/replace", RIGHT_IMPORT},
    {"GET", "/api/replacements", RIGHT_READ},
    {"GET", "/api/replacements/:id", RIGHT_READ},
    {"POST", "/api/replacements/:id/confirm", RIGHT_CONFIRM},
    {"POST", "/api/replacements/:id/refuse", RIGHT_IMPORT},
    {"GET", "/api/assessments", RIGHT_READ},
    {"GET", "/api/assessments/held", RIGHT_READ},
    {"POST", "/api/assessments/draft", RIGHT_PROPOSE},
    {"POST", "/api/assessments/propose", RIGHT_PROPOSE},
    {"POST", "/api/assessments/return", RIGHT_PROPOSE},
    {"POST", "/api/assessments/approve", RIGHT_APPROVE},
    {"GET", "/api/assessments/:id", RIGHT_READ},
    {"GET", "/api/assessments/:id/evidence", RIGHT_READ},
    {"GET", "/api/assessments/:id/paper", RIGHT_READ},
    {"GET", "/api/collection", RIGHT_READ},
    {"GET", "/api/collection/paper", RIGHT_READ},
    {"GET", "/api/collection/open", RIGHT_READ},
    {"GET", "/api/collection/day", RIGHT_READ},
    {"GET", "/api/collection/day/paper", RIGHT_READ},
    {"GET", "/api/collection/fees/paper", RIGHT_READ},
    {"POST", "/api/exports", RIGHT_EXPORT},
    {"GET", "/api/exports", RIGHT_READ},
    {"GET", "/api/exports/:id", RIGHT_READ},
    {"GET", "/api/exports/:id/file", RIGHT_READ},
    {"GET", "/api/exports/:id/handover", RIGHT_READ},
    {"POST", "/api/exports/:id/handover", RIGHT_EXPORT},
    {"GET", "/api/handover/:id/file", RIGHT_READ},
    {"POST", "/api/handover/:id/answer", RIGHT_EXPORT},
    {"GET", "/api/closing", RIGHT_READ},
    {"POST", "/api/closing/propose", RIGHT_PROPOSE},
    {"POST", "/api/closing/approve", RIGHT_APPROVE},
    {"POST", "/api/closing/withdraw", RIGHT_PROPOSE},
    {"GET", "/api/finance-layouts", RIGHT_READ},
    {"POST", "/api/finance-layouts", RIGHT_EXPORT},
    {"POST", "/api/finance-layouts/try", RIGHT_EXPORT},
    {"GET", "/api/finance-layouts/:id", RIGHT_READ},
    {"POST", "/api/finance-layouts/:id/confirm", RIGHT_CONFIRM},
    {"POST", "/api/finance-layouts/:id/refuse", RIGHT_EXPORT},
    {"GET", "/api/terminals", RIGHT_READ},
    {"POST", "/api/terminals/:terminal/revoke", RIGHT_MANAGE},
    {"GET", "/api/places", RIGHT_READ},
    {"GET", "/api/enrolment-codes", RIGHT_MANAGE},
    {"POST", "/api/enrolment-codes", RIGHT_MANAGE},
    {"GET", "/api/journal/:terminal", RIGHT_READ},
    {"GET", "/api/journal/:terminal/:sequence", RIGHT_READ},
    {"GET", "/api/parked", RIGHT_READ},
    {"GET", "/api/sales", RIGHT_READ},
    {"GET", "/api/sales/:sale", RIGHT_READ},
    {"GET", "/api/refunds", RIGHT_READ},
    {"POST", "/api/refunds", RIGHT_PROPOSE},
    {"POST", "/api/refunds/:refund/approve", RIGHT_APPROVE},
    {"POST", "/api/refunds/:refund/withdraw", RIGHT_PROPOSE},
    {"POST", "/api/refunds/:refund/pay", RIGHT_PROPOSE},
    {"GET", "/api/refunds/:refund/payee", RIGHT_PROPOSE},
    {"POST", "/api/refunds/:refund/payee", RIGHT_PROPOSE},
    {"GET", "/api/refunds/:refund/paper", RIGHT_READ},
    {"GET", "/api/refund-transfers", RIGHT_READ},
    {"POST", "/api/refund-transfers", RIGHT_PROPOSE},
    {"GET", "/api/refund-transfers/:id", RIGHT_READ},
    {"GET", "/api/refund-transfers/:id/file", RIGHT_PROPOSE},
    {"POST", "/api/refund-transfers/:id/done", RIGHT_CONFIRM},
    {"POST", "/api/refund-transfers/:id/discard", RIGHT_PROPOSE},
    {"GET", "/api/days", RIGHT_READ},
    {"GET", "/api/days/:terminal/:sequence", RIGHT_READ},
    {"GET", "/api/reports/receipts", RIGHT_READ},
    {"GET", "/api/operator-revenue", RIGHT_READ},
    {"GET", "/api/cash", RIGHT_READ},
    {"GET", "/api/cash/paper", RIGHT_READ},
    {"GET", "/api/remittances", RIGHT_READ},
    {"POST", "/api/remittances", RIGHT_PROPOSE},
    {"GET", "/api/remittances/:id", RIGHT_READ},
    {"GET", "/api/remittances/:id/paper", RIGHT_READ},
    {"POST", "/api/remittances/:id/confirm", RIGHT_CONFIRM},
    {"POST", "/api/remittances/:id/undo", RIGHT_PROPOSE},
    {"GET", "/api/statistics/cashless", RIGHT_READ},
    {"GET", "/api/statistics/certificates", RIGHT_READ},
    {"GET", "/api/statistics/facilities", RIGHT_READ},
    {"GET", "/api/statistics/hours", RIGHT_READ},
    {"GET", "/api/statistics/deposits", RIGHT_READ},
    {"GET", "/api/statistics/paper", RIGHT_READ},
    {"GET", "/api/statistics/open-data", RIGHT_READ},
    {"GET", "/api/statistics/savings", RIGHT_READ},
    {"POST", "/api/statistics/savings", RIGHT_PROPOSE},
    {"POST", "/api/statistics/savings/:id/undo", RIGHT_PROPOSE},
    {"GET", "/api/masters/schema", RIGHT_READ},
    {"GET", "/api/masters/rows", RIGHT_READ},
    {"GET", "/api/masters/names", RIGHT_READ},
    {"GET", "/api/masters/check", RIGHT_READ},
    {"GET", "/api/masters/diff", RIGHT_READ},
    {"GET", "/api/masters/csv", RIGHT_READ},
    {"GET", "/api/masters/preview", RIGHT_READ},
    {"GET", "/api/masters/versions", RIGHT_READ},
    {"POST", "/api/masters/tariff-trial", RIGHT_EDIT_MASTERS},
    {"GET", "/api/masters/template", RIGHT_READ},
    {"POST", "/api/masters/template-preview", RIGHT_EDIT_MASTERS},
    {"GET", "/api/masters/drafts", RIGHT_READ},
    {"POST", "/api/masters/drafts", RIGHT_EDIT_MASTERS},
    {"GET", "/api/masters/drafts/:id", RIGHT_READ},
    {"POST", "/api/masters/drafts/:id/rename", RIGHT_EDIT_MASTERS},
    {"POST", "/api/masters/drafts/:id/rows", RIGHT_EDIT_MASTERS},
    {"POST", "/api/masters/drafts/:id/csv", RIGHT_EDIT_MASTERS},
    {"POST", "/api/masters/drafts/:id/revert", RIGHT_EDIT_MASTERS},
    {"POST", "/api/masters/drafts/:id/keep", RIGHT_EDIT_MASTERS},
    {"POST", "/api/masters/drafts/:id/propose", RIGHT_EDIT_MASTERS},
    {"POST", "/api/masters/drafts/:id/return", RIGHT_EDIT_MASTERS},
    {"POST", "/api/masters/drafts/:id/approve", RIGHT_APPROVE_MASTERS},
    {"POST", "/api/masters/drafts/:id/discard", RIGHT_EDIT_MASTERS},
    {"GET", "/api/staff", RIGHT_MANAGE},
    {"POST", "/api/staff", RIGHT_MANAGE},
    {"POST", "/api/staff/:login/change", RIGHT_MANAGE},
    {"POST", "/api/staff/:login/sections", RIGHT_MANAGE},
    {"POST", "/api/staff/:login/deactivate", RIGHT_MANAGE},
    {"POST", "/api/staff/:login/reactivate", RIGHT_MANAGE},
    {"POST", "/api/staff/:login/password", RIGHT_MANAGE},
    {"GET", "/api/access-log", RIGHT_AUDIT},
};

const char *
role_word(enum role role)
{
    return roles[role].word;
}

const char *
role_name(enum role role)
{
    return roles[role].name;
}

const char *
right_word(enum right right)
{
    return right_words[right];
}

bool
role_from_word(enum role *out, const char *word)
{
    for (int role = 0; role < ROLE_COUNT; role++) {
        if (strcmp(roles[role].word, word) == 0) {
            *out = (enum role)role;
            return true;
        }
    }
    return false;
}

bool
role_has_right(enum role role, enum right right)
{
    return right == RIGHT_NONE || (roles[role].rights & BIT(right)) != 0;
}

bool
right_of_route(enum right *out, const char *method, const char *pattern)
{
    for (size_t i = 0; i < sizeof routes / sizeof routes[0]; i++) {
        if (strcmp(routes[i].pattern, pattern) == 0 && strcmp(routes[i].method, method) == 0) {
            *out = routes[i].right;
            return true;
        }
    }
    return false;
}
