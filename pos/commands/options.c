/* Command-line options: --name value, in any order. */
#include "pos/commands/commands.h"

#include <stdio.h>
#include <string.h>

const char *
option_value(int argc, char **argv, const char *option)
{
    for (int i = 1; i + 1 < argc; i++) {
        if (strcmp(argv[i], option) == 0) {
            return argv[i + 1];
        }
    }
    return NULL;
}

bool
option_is_given(int argc, char **argv, const char *option)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], option) == 0) {
            return true;
        }
    }
    return false;
}

/* The first of two would win, silently. */
static bool
stands_before(char **argv, int at)
{
    for (int i = 1; i < at; i++) {
        if (strcmp(argv[i], argv[at]) == 0) {
            return true;
        }
    }
    return false;
}

bool
options_are_known(int argc, char **argv, const char *const *allowed)
{
    for (int i = 1; i < argc; i++) {
        const char *const *row = allowed;
        size_t length = 0;
        for (; *row != NULL; row++) {
            length = strcspn(*row, "=");
            if (strlen(argv[i]) == length && memcmp(argv[i], *row, length) == 0) {
                break;
            }
        }
        if (*row == NULL) {
            fprintf(stderr, "madoguchi-pos %s: there is no option %s (see --help)\n", argv[0], argv[i]);
            return false;
        }
        if (stands_before(argv, i)) {
            fprintf(stderr, "madoguchi-pos %s: %s stands twice\n", argv[0], argv[i]);
            return false;
        }
        if ((*row)[length] == '=' && (++i == argc || strncmp(argv[i], "--", 2) == 0)) {
            fprintf(stderr, "madoguchi-pos %s: %s needs a value\n", argv[0], *row);
            return false;
        }
    }
    return true;
}

int
fail_with(const char *command, enum status status, const struct error_detail *err)
{
    fprintf(stderr, "madoguchi-pos %s: %s\n", command, err->message);
    switch (status) {
    case STATUS_INVALID:
    case STATUS_NOT_FOUND:
    case STATUS_CONFLICT:
    case STATUS_REFUSED:
    case STATUS_UNAUTHORIZED:
    case STATUS_OVERFLOW:
    case STATUS_CORRUPT:
        return EXIT_INPUT;
    case STATUS_OK:
    case STATUS_BUSY:
    case STATUS_UNREACHABLE:
    case STATUS_UNKNOWN_OUTCOME:
    case STATUS_IO:
    case STATUS_NO_MEMORY:
    case STATUS_DEVICE_GONE:
    case STATUS_PAPER_OUT:
    case STATUS_COVER_OPEN:
    case STATUS_CANCELLED:
        return EXIT_SYSTEM;
    }
    return EXIT_SYSTEM;
}
