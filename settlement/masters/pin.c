/* PINs. */
#include "settlement/masters/pin.h"

#include <string.h>

enum status
masters_hash_pin(char out[PASSWORD_HASH_TEXT_SIZE], const char *pin, struct error_detail *err)
{
    size_t length = strlen(pin);
    if (length < PIN_DIGITS_MIN || length > PIN_DIGITS_MAX || strspn(pin, "0123456789") != length) {
        error_set(err, "wrong_pin", "PINは%d桁から%d桁の数字にしてください。", PIN_DIGITS_MIN, PIN_DIGITS_MAX);
        return STATUS_INVALID;
    }
    return pin_hash(out, pin, err);
}
