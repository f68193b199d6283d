/* `pin-hash`: the hash of a clerk's PIN for the masters. The PIN comes by standard input, so that it stands in no
 * shell history and no process list. */
#include "common/signing/signing.h"
#include "settlement/commands/commands.h"
#include "settlement/commands/exit_code.h"
#include "settlement/commands/options.h"

#include <stdio.h>
#include <string.h>

enum { PIN_DIGITS_MIN = 4, PIN_DIGITS_MAX = 12 };

static enum status
read_pin(char out[PIN_DIGITS_MAX + 2], struct error_detail *err)
{
    if (fgets(out, PIN_DIGITS_MAX + 2, stdin) == NULL) {
        out[0] = '\0';
    }
    out[strcspn(out, "\r\n")] = '\0';
    size_t length = strlen(out);
    if (length < PIN_DIGITS_MIN || length > PIN_DIGITS_MAX || strspn(out, "0123456789") != length) {
        error_set(err, "wrong_pin", "a PIN has %d to %d digits", PIN_DIGITS_MIN, PIN_DIGITS_MAX);
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

int
command_pin_hash(int argc, char **argv)
{
    int exit_code;
    if (!options_read_or_explain("pin-hash", NULL, 0, argc, argv, &exit_code)) {
        return exit_code;
    }
    struct error_detail err;
    char pin[PIN_DIGITS_MAX + 2];
    char hash[PASSWORD_HASH_TEXT_SIZE];
    enum status status = read_pin(pin, &err);
    if (status == STATUS_OK) {
        status = pin_hash(hash, pin, &err);
    }
    secret_wipe(pin, sizeof pin);
    if (status == STATUS_OK) {
        puts(hash);
    }
    return status == STATUS_OK ? EXIT_DONE : (int)exit_with(status, "pin-hash", &err);
}
