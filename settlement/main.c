/* madoguchi-settlement: one program, a subcommand for each job. */
#include "settlement/commands/commands.h"
#include "settlement/commands/exit_code.h"
#include "settlement/reconciliation/reconcile_files.h"

#include <stdio.h>
#include <string.h>

/* `name` is one word or two. `shown`: what --help calls it, unless that is its name; "": another line speaks of it. */
struct subcommand {
    const char *name;
    const char *shown;
    const char *summary;
    int (*run)(int argc, char **argv);
};

static const struct subcommand subcommands[] = {
    {.name = "serve", .summary = "take in journals and serve the finance screens", .run = command_serve},
    {.name = "masters load",
     .summary = "check a masters document and publish it to the tills",
     .run = command_masters_load},
    {.name = "masters check", .summary = "say what is wrong with a masters document", .run = command_masters_check},
    {.name = "masters diff",
     .summary = "say what a masters document would change, row by row",
     .run = command_masters_diff},
    {.name = "masters export", .summary = "write a published version to a file", .run = command_masters_export},
    {.name = "masters key", .summary = "show the public key that signs masters", .run = command_masters_key},
    {.name = "enrol-code", .summary = "make a one-time code with which a till enrols", .run = command_enrol_code},
    {.name = "terminal release",
     .shown = "terminal",
     .summary = "release: let a quarantined till upload again; revoke: take nothing more from it",
     .run = command_terminal_release},
    {.name = "terminal revoke", .shown = "", .run = command_terminal_revoke},
    {.name = "backup", .summary = "copy the database while the service runs", .run = command_backup},
    {.name = "restore", .summary = "put a copy in place and audit it", .run = command_restore},
    {.name = "nightly", .summary = "match, draft, copy the database and audit the copy", .run = command_nightly},
    {.name = "migrate-store",
     .summary = "move the store to PostgreSQL, and compare row by row",
     .run = command_migrate_store},
    {.name = "rebuild", .summary = "derive the ledger from the journals again", .run = command_rebuild},
    {.name = "user add", .summary = "let a person sign in to the finance screens", .run = command_user_add},
    {.name = "import", .summary = "take in a statement or bank record, and reconcile", .run = command_import},
    {.name = "decide",
     .summary = "second person: agree to a corrected file or a layout, or refuse it",
     .run = command_decide},
    {.name = "reconcile", .summary = "match what is open and new", .run = command_reconcile},
    {.name = "discrepancies", .summary = "list what does not agree", .run = command_discrepancies},
    {.name = "assess", .summary = "bring the drafts of 調定 in step with the ledger", .run = command_assess},
    {.name = "export", .summary = "write approved 調定 for the finance system", .run = command_export},
    {.name = "audit",
     .summary = "recompute everything from the journals and name every difference",
     .run = command_audit},
    {.name = "reconcile-files",
     .summary = "match a sales file with an acquirer's statement, without a database",
     .run = reconcile_files_command},
    {.name = "pin-hash", .summary = "hash a clerk's PIN (standard input) for the masters", .run = command_pin_hash},
};

enum { SUBCOMMAND_COUNT = sizeof subcommands / sizeof subcommands[0] };

static void
print_help(FILE *out)
{
    fprintf(out, "madoguchi-settlement: tills' journals against what payment companies and bank report; makes 調定.\n\n"
                 "usage: madoguchi-settlement COMMAND [OPTIONS]        (COMMAND --help explains its options)\n\n");
    for (size_t i = 0; i < SUBCOMMAND_COUNT; i++) {
        const char *shown = subcommands[i].shown != NULL ? subcommands[i].shown : subcommands[i].name;
        if (shown[0] != '\0') {
            fprintf(out, "  %-16s %s\n", shown, subcommands[i].summary);
        }
    }
    fprintf(out,
            "\nexit codes: 0 done; 1 done, and something does not agree; 2 wrong command line; 3 the input breaks a\n"
            "            rule, nothing was done; 4 disk, lock or network failed; 5 ended by a signal\n");
}

/* How many words of ARGV name SUBCOMMAND; 0 when they do not. */
static int
words_matched(const struct subcommand *subcommand, int argc, char **argv)
{
    const char *space = strchr(subcommand->name, ' ');
    if (space == NULL) {
        return argc >= 1 && strcmp(argv[0], subcommand->name) == 0 ? 1 : 0;
    }
    size_t first_length = (size_t)(space - subcommand->name);
    bool is_matched = argc >= 2 && strlen(argv[0]) == first_length &&
                      strncmp(argv[0], subcommand->name, first_length) == 0 && strcmp(argv[1], space + 1) == 0;
    return is_matched ? 2 : 0;
}

int
main(int argc, char **argv)
{
    if (argc == 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0)) {
        print_help(stdout);
        return EXIT_DONE;
    }
    for (size_t i = 0; i < SUBCOMMAND_COUNT && argc > 1; i++) {
        int words = words_matched(&subcommands[i], argc - 1, argv + 1);
        if (words > 0) {
            return subcommands[i].run(argc - 1 - words, argv + 1 + words);
        }
    }
    print_help(stderr);
    return EXIT_USAGE;
}
