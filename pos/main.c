/* madoguchi-pos: the till. This file is the table of its commands. */
#include "pos/commands/commands.h"
#include "pos/receipt/receipt_command.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    int (*run)(int argc, char **argv); /* argv[0] is the command's name */
    const char *summary;
} commands[] = {
    {"serve", serve_command, "run the till and serve the clerk's screen on 127.0.0.1"},
    {"enrol", enrol_command, "make this computer a till, with a one-time code of the settlement service"},
    {"masters-key", masters_key_command, "tell a till the key that its masters are signed with"},
    {"receipt", receipt_command, "render one receipt from JSON as ESC/POS, text or PNG"},
    {"journal", journal_command, "verify or list a till's journal"},
    {"code", code_command, "say what a scanned payment code is, or write a merchant-presented one"},
    {"card", card_command, "show what a contactless card tells of itself: balances; it moves no value"},
    {"device", device_command, "list what is plugged in and which line of the configuration uses it, or try it"},
    {"terminal", terminal_command, "ask the payment terminal: is it ready; its day against the till's journal"},
    {"tariff", tariff_command, "price a case by a file of tariffs, or check the file"},
};

static void
print_help(FILE *out)
{
    fputs("madoguchi-pos: the till of a city hall's counter or facility\n\n"
          "usage: madoguchi-pos COMMAND [ARGS]      madoguchi-pos COMMAND --help\n\n",
          out);
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        fprintf(out, "  %-12s %s\n", commands[i].name, commands[i].summary);
    }
    fputs("\nexit codes: 0 done; 1 the answer is no (a check found something); 2 usage; 3 input or configuration;\n"
          "4 the system failed (disk, port, network). Errors go to standard error.\n",
          out);
}

int
main(int argc, char **argv)
{
    if (argc >= 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
        print_help(stdout);
        return 0;
    }
    if (argc >= 2 && strcmp(argv[1], "--version") == 0) {
        puts("madoguchi-pos " MADOGUCHI_VERSION);
        return 0;
    }
    for (size_t i = 0; argc >= 2 && i < sizeof commands / sizeof commands[0]; i++) {
        if (strcmp(argv[1], commands[i].name) == 0) {
            return commands[i].run(argc - 1, argv + 1);
        }
    }
    print_help(stderr);
    return 2;
}
