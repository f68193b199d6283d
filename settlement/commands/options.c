/* Reading options by table. */
#include "settlement/commands/options.h"

#include "settlement/commands/exit_code.h"

#include <stdio.h>
#include <string.h>

static struct option *
find_option(struct option *options, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(options[i].name, name) == 0) {
            return &options[i];
        }
    }
    return NULL;
}

enum status
options_read(struct option *options, size_t count, int argc, char **argv, struct error_detail *err)
{
    for (int i = 0; i < argc; i++) {
        struct option *option = find_option(options, count, argv[i]);
        if (option == NULL) {
            error_set(err, "unknown_option", "there is no option \"%s\"", argv[i]);
            return STATUS_INVALID;
        }
        if (option->value != NULL && option->more_count == option->more_max && option->more != NULL) {
            error_set(err, "repeated_option", "%s stands more than %zu times", option->name, option->more_max + 1);
            return STATUS_INVALID;
        }
        if (option->value != NULL && option->more == NULL) {
            error_set(err, "repeated_option", "%s stands twice", option->name);
            return STATUS_INVALID;
        }
        if (option->value_name != NULL && i + 1 == argc) {
            error_set(err, "missing_value", "%s wants %s", option->name, option->value_name);
            return STATUS_INVALID;
        }
        const char *value = option->value_name != NULL ? argv[++i] : "";
        if (option->value == NULL) {
            option->value = value;
        } else {
            option->more[option->more_count++] = value;
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (options[i].is_required && options[i].value == NULL) {
            error_set(err, "missing_option", "%s %s is missing", options[i].name, options[i].value_name);
            return STATUS_INVALID;
        }
    }
    return STATUS_OK;
}

static void
print_usage(FILE *out, const char *name, const struct option *options, size_t count)
{
    fprintf(out, "usage: madoguchi-settlement %s", name);
    for (size_t i = 0; i < count; i++) {
        const char *value = options[i].value_name != NULL ? options[i].value_name : "";
        const char *space = options[i].value_name != NULL ? " " : "";
        fprintf(out, options[i].is_required ? " %s%s%s" : " [%s%s%s]", options[i].name, space, value);
    }
    fprintf(out, "\n\n");
    for (size_t i = 0; i < count; i++) {
        fprintf(out, "  %-16s %s\n", options[i].name, options[i].help);
    }
}

bool
options_read_or_explain(const char *name, struct option *options, size_t count, int argc, char **argv,
                        int *out_exit_code)
{
    if (argc == 1 && strcmp(argv[0], "--help") == 0) {
        print_usage(stdout, name, options, count);
        *out_exit_code = EXIT_DONE;
        return false;
    }
    struct error_detail err;
    if (options_read(options, count, argc, argv, &err) != STATUS_OK) {
        fprintf(stderr, "madoguchi-settlement %s: %s\n\n", name, err.message);
        print_usage(stderr, name, options, count);
        *out_exit_code = EXIT_USAGE;
        return false;
    }
    return true;
}
