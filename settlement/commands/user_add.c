/* `user add`: let a person sign in to the finance screens. */
#include "common/clock/clock.h"
#include "settlement/access/sign_in.h"
#include "settlement/access/staff.h"
#include "settlement/commands/commands.h"
#include "settlement/commands/database.h"
#include "settlement/commands/exit_code.h"
#include "settlement/commands/operator.h"
#include "settlement/commands/options.h"
#include "settlement/commands/password_file.h"

int
command_user_add(int argc, char **argv)
{
    enum { DATABASE, LOGIN, NAME, ROLE, PASSWORD_FILE, MUNICIPALITY, COUNT };
    struct option options[COUNT] = {
        [DATABASE] = {"--database", "FILE", "the service's database", .is_required = true},
        [LOGIN] = {"--login", "ID", "what the person types: a-z, 0-9, '.', '-', '_'", .is_required = true},
        [NAME] = {"--name", "NAME", "the person's name, as it stands on papers", .is_required = true},
        [ROLE] = {"--role", "ROLE", "finance, approver, auditor or administrator", .is_required = true},
        [PASSWORD_FILE] = {"--password-file", "FILE", "its first line is the password", .is_required = true},
        [MUNICIPALITY] = {"--municipality", "CODE", "needed when masters of several, or of none, are loaded"},
    };
    int exit_code;
    if (!options_read_or_explain("user add", options, COUNT, argc, argv, &exit_code)) {
        return exit_code;
    }
    struct error_detail err;
    struct store *store = NULL;
    struct clock_source clock = clock_system();
    struct actor actor;
    enum role role;
    char password[PASSWORD_MAX_BYTES + 1];
    enum status status = STATUS_OK;
    if (!role_from_word(&role, options[ROLE].value)) {
        error_set(&err, "unknown_role", "there is no role \"%s\"", options[ROLE].value);
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK) {
        status = password_file_read(options[PASSWORD_FILE].value, password, &err);
    }
    if (status == STATUS_OK) {
        status = existing_store_open(&store, options[DATABASE].value, &err);
    }
    if (status == STATUS_OK) {
        status = operator_actor(store, options[MUNICIPALITY].value, &actor, &err);
    }
    if (status == STATUS_OK) {
        status = user_add(store, &actor, options[LOGIN].value, options[NAME].value, role, password,
                          clock_now_ms(&clock), &err);
    }
    secret_wipe(password, sizeof password);
    store_close(store);
    return status == STATUS_OK ? EXIT_DONE : (int)exit_with(status, "user add", &err);
}
