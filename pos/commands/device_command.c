/* madoguchi-pos device: what is plugged in and which line of the configuration uses it; trying each device. */
#include "pos/commands/commands.h"
#include "pos/commands/device_self_test.h"
#include "pos/commands/device_uses.h"
#include "pos/commands/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LIST_MAX_BYTES = 512 * 1024, LINES_MAX_BYTES = 2000 };

static const char usage[] =
    "usage: madoguchi-pos device --list [--json] [--config FILE]\n"
    "       madoguchi-pos device --self-test [printer|drawer|scanner|display|reader|terminal] --config FILE\n"
    "\n"
    "--list tells what is plugged in, which line of FILE uses it, what FILE names and is not there, and which lines "
    "would\n"
    "use the rest. It works beside a running till. Exit codes: 0; 1 something that FILE names is not there; 3 FILE "
    "cannot\n"
    "be read, or names what can be no device.\n"
    "\n"
    "--self-test tries one device of FILE, or all of them: prints a test page, opens the drawer (outside the journal: "
    "no\n"
    "till runs) and looks whether it opened, waits 30 seconds for a scan, shows a text on the display, waits 30 "
    "seconds\n"
    "for a card, asks the payment terminal whether it is ready. Not beside a running till: there it is 機器の点検 on "
    "the\n"
    "screen. Exit codes: 0 all did what could be seen (\"look\": a person sees the rest); 1 a device did not; 2 usage; "
    "3\n"
    "configuration; 4 the till runs, or the system failed.\n";

static void
print_device(const struct plugged_device *device)
{
    printf("  %-12s", plugged_kind_word(device->kind));
    if (device->vendor != 0 || device->product != 0) {
        printf(" %04x:%04x", device->vendor, device->product);
    }
    printf(" %s%s%s%s%s\n", device->name, device->serial[0] != '\0' ? ", serial " : "", device->serial,
           device->path[0] != '\0' ? ", " : "", device->path);
    if (device->access != STATUS_OK) {
        printf("    cannot be opened now: %s\n", status_word(device->access));
    }
}

static void
print_lines(const struct plugged_device *device)
{
    struct buffer lines;
    buffer_init(&lines, LINES_MAX_BYTES);
    device_use_lines(device, &lines);
    for (const char *line = buffer_text(&lines); *line != '\0'; line += strcspn(line, "\n") + 1) {
        printf("      %.*s\n", (int)strcspn(line, "\n"), line);
    }
    buffer_finish(&lines);
}

static void
print_unused(const struct inventory *inventory, const struct device_use *uses)
{
    bool has_any = false;
    puts("plugged in and not used, with the lines that would use it:");
    for (size_t i = 0; i < inventory->count; i++) {
        if (device_use_of(uses, i) == NULL) {
            print_device(&inventory->devices[i]);
            print_lines(&inventory->devices[i]);
            has_any = true;
        }
    }
    if (!has_any) {
        puts("  nothing");
    }
    if (inventory->is_cut) {
        printf("  and more: only the first %d devices are listed\n", INVENTORY_MAX);
    }
}

/* How many configured devices are not there. */
static size_t
print_configured(const struct inventory *inventory, const struct device_use *uses)
{
    size_t absent = 0;
    puts("configured:");
    for (size_t i = 0; i < DEVICE_USES; i++) {
        printf("  [%s] %s: %s\n", uses[i].section, uses[i].line, use_state_word(uses[i].state));
        if (uses[i].plugged < inventory->count) {
            print_device(&inventory->devices[uses[i].plugged]);
        }
        absent += uses[i].state == USE_ABSENT ? 1 : 0;
    }
    return absent;
}

static int
print_json(const struct config *config)
{
    struct buffer json;
    struct error_detail err;
    buffer_init(&json, LIST_MAX_BYTES);
    const enum status status = device_uses_write(config, &json, &err);
    if (status == STATUS_OK) {
        puts(buffer_text(&json));
    }
    const bool is_absent = status == STATUS_OK && strstr(buffer_text(&json), "\"state\":\"absent\"") != NULL;
    buffer_finish(&json);
    return status != STATUS_OK ? fail_with("device", status, &err) : is_absent ? EXIT_FOUND : EXIT_DONE;
}

static int
print_list(const struct config *config)
{
    struct device_use uses[DEVICE_USES];
    struct error_detail err;
    size_t absent = 0;
    struct inventory *inventory = malloc(sizeof *inventory);
    if (inventory == NULL) {
        return EXIT_SYSTEM;
    }
    for (size_t i = 0; i < DEVICE_USES; i++) {
        uses[i] = (struct device_use){.plugged = NOTHING_PLUGGED};
    }
    const enum status status = inventory_take(inventory, "", &err);
    if (status == STATUS_OK && config != NULL) {
        device_uses_find(uses, config, inventory);
        absent = print_configured(inventory, uses);
    }
    if (status == STATUS_OK) {
        print_unused(inventory, uses);
    }
    free(inventory);
    return status != STATUS_OK ? fail_with("device", status, &err) : absent > 0 ? EXIT_FOUND : EXIT_DONE;
}

/* The word behind --self-test, "" for all; NULL when it is none of a device. */
static const char *
tested_device(int argc, char **argv)
{
    const char *word = option_value(argc, argv, "--self-test");
    if (word == NULL || strncmp(word, "--", 2) == 0) {
        return "";
    }
    return device_self_test_knows(word) ? word : NULL;
}

/* options_are_known takes options with a value or without; here the value may be left out. */
static bool
are_known(int argc, char **argv)
{
    static const char *const with_word[] = {"--self-test=", "--config=", "--help", NULL};
    static const char *const without[] = {"--list", "--json", "--self-test", "--config=", "--help", NULL};
    const char *word = option_value(argc, argv, "--self-test");
    return options_are_known(argc, argv, word != NULL && strncmp(word, "--", 2) != 0 ? with_word : without);
}

int
device_command(int argc, char **argv)
{
    struct config *config = NULL;
    struct error_detail err;
    const char *path = option_value(argc, argv, "--config");
    const bool is_test = option_is_given(argc, argv, "--self-test");
    if (!are_known(argc, argv)) {
        return EXIT_USAGE;
    }
    if (option_is_given(argc, argv, "--help")) {
        fputs(usage, stdout);
        return EXIT_DONE;
    }
    const char *device = is_test ? tested_device(argc, argv) : "";
    if (is_test == option_is_given(argc, argv, "--list") || device == NULL || (is_test && path == NULL)) {
        fputs(usage, stderr);
        return EXIT_USAGE;
    }
    enum status status = path != NULL ? settings_load(&config, path, &err) : STATUS_OK;
    if (status == STATUS_OK && config != NULL) {
        status = device_uses_check(config, &err);
    }
    if (status != STATUS_OK) {
        config_destroy(config);
        return fail_with("device", status, &err);
    }
    const int exit_code = is_test                                 ? device_self_test(config, device)
                          : option_is_given(argc, argv, "--json") ? print_json(config)
                                                                  : print_list(config);
    config_destroy(config);
    return exit_code;
}
