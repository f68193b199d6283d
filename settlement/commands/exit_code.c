/* From a status to how the process ends. */
#include "settlement/commands/exit_code.h"

#include <stdio.h>

enum exit_code
exit_code_from(enum status status)
{
    switch (status) {
    case STATUS_OK:
        return EXIT_DONE;
    case STATUS_INVALID:
    case STATUS_NOT_FOUND:
    case STATUS_CONFLICT:
    case STATUS_REFUSED:
    case STATUS_UNAUTHORIZED:
    case STATUS_OVERFLOW:
        return EXIT_REFUSED;
    case STATUS_CANCELLED:
        return EXIT_CANCELLED;
    case STATUS_BUSY:
    case STATUS_UNREACHABLE:
    case STATUS_UNKNOWN_OUTCOME:
    case STATUS_CORRUPT:
    case STATUS_IO:
    case STATUS_NO_MEMORY:
    case STATUS_DEVICE_GONE:
    case STATUS_PAPER_OUT:
    case STATUS_COVER_OPEN:
        return EXIT_FAILED;
    }
    return EXIT_FAILED;
}

enum exit_code
exit_with(enum status status, const char *what, const struct error_detail *err)
{
    fprintf(stderr, "madoguchi-settlement: %s: %s\n", what, err->message);
    return exit_code_from(status);
}
