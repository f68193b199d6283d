/* `terminal release` and `terminal revoke`: what an operator decides about a till, with the reason on record. */
#include "common/clock/clock.h"
#include "settlement/commands/commands.h"
#include "settlement/commands/database.h"
#include "settlement/commands/exit_code.h"
#include "settlement/commands/operator.h"
#include "settlement/commands/options.h"
#include "settlement/store/access_log_store.h"
#include "settlement/store/terminal_store.h"

#include <stdio.h>
#include <string.h>

/* One of the two decisions. */
struct decision {
    const char *name; /* of the subcommand */
    const char *what; /* in the access log */
    enum terminal_state state;
};

static const struct decision release = {"terminal release", "release", TERMINAL_ACTIVE};
static const struct decision revoke = {"terminal revoke", "revoke", TERMINAL_REVOKED};

/* A revoked till stays revoked: its key may be in other hands. */
static enum status
check_state(const struct decision *decision, const struct terminal *terminal, struct error_detail *err)
{
    bool is_possible = terminal->state != TERMINAL_REVOKED && terminal->state != decision->state;
    if (!is_possible) {
        error_set(err, "wrong_state", "%s is %s", terminal->terminal, terminal_state_word(terminal->state));
        return STATUS_REFUSED;
    }
    return STATUS_OK;
}

static enum status
change(struct store_txn *txn, const struct decision *decision, const struct terminal *terminal, const char *reason,
       const struct actor *actor, struct error_detail *err)
{
    struct clock_source clock = clock_system();
    int64_t now_ms = clock_now_ms(&clock);
    char object[32 + TERMINAL_ID_SIZE];
    snprintf(object, sizeof object, "terminal:%s", terminal->terminal);
    struct access_entry entry = {
        .what = decision->what,
        .object = object,
        .before = terminal_state_word(terminal->state),
        .after = terminal_state_word(decision->state),
        .reason = reason,
    };
    const char *kept_reason = decision->state == TERMINAL_ACTIVE ? "" : reason;
    enum status status = terminal_set_state(txn, terminal->terminal, decision->state, kept_reason, now_ms, err);
    return status == STATUS_OK ? access_log_append(txn, actor, now_ms, &entry, err) : status;
}

static enum status
decide(struct store *store, const struct decision *decision, const char *id, const char *reason,
       struct error_detail *err)
{
    struct store_txn *txn = NULL;
    struct terminal terminal;
    struct actor actor;
    enum status status = store_begin_read(store, &txn, err);
    if (status == STATUS_OK) {
        status = terminal_find(txn, id, &terminal, err);
    }
    store_end(txn);
    txn = NULL;
    if (status == STATUS_OK) {
        status = operator_actor(store, terminal.municipality, &actor, err);
    }
    if (status == STATUS_OK) {
        status = store_begin_write(store, &txn, err);
    }
    if (status == STATUS_OK) {
        status = terminal_find(txn, id, &terminal, err);
    }
    if (status == STATUS_OK) {
        status = check_state(decision, &terminal, err);
    }
    if (status == STATUS_OK) {
        status = change(txn, decision, &terminal, reason, &actor, err);
    }
    if (status == STATUS_OK) {
        status = store_commit(txn, err);
    }
    store_end(txn);
    return status;
}

static int
run(const struct decision *decision, int argc, char **argv)
{
    struct option options[] = {
        {"--database", "FILE", "the service's database; may be in use", .is_required = true},
        {"--terminal", "ID", "the till's id", .is_required = true},
        {"--reason", "TEXT", "why; kept in the access log", .is_required = true},
    };
    int exit_code;
    if (!options_read_or_explain(decision->name, options, 3, argc, argv, &exit_code)) {
        return exit_code;
    }
    struct error_detail err;
    struct store *store = NULL;
    enum status status = existing_store_open(&store, options[0].value, &err);
    if (status == STATUS_OK) {
        status = decide(store, decision, options[1].value, options[2].value, &err);
    }
    store_close(store);
    if (status != STATUS_OK) {
        return (int)exit_with(status, decision->name, &err);
    }
    printf("%s is %s\n", options[1].value, terminal_state_word(decision->state));
    return EXIT_DONE;
}

int
command_terminal_release(int argc, char **argv)
{
    return run(&release, argc, argv);
}

int
command_terminal_revoke(int argc, char **argv)
{
    return run(&revoke, argc, argv);
}
