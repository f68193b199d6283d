/* "vendor:product" in hexadecimal is numbers; everything else is a name. */
#include "drivers/code_stream/device_match.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBERS_LENGTH = 9, VENDOR_DIGITS = 4 };

static bool
are_numbers(const char *written)
{
    static const char digits[] = "0123456789abcdefABCDEF";
    return strlen(written) == NUMBERS_LENGTH && strspn(written, digits) == VENDOR_DIGITS &&
           written[VENDOR_DIGITS] == ':' && strspn(written + VENDOR_DIGITS + 1, digits) == VENDOR_DIGITS;
}

enum status
device_match_read(struct device_match *out, const char *written, struct error_detail *err)
{
    struct device_match match = {0};
    if (are_numbers(written)) {
        match.vendor = (uint16_t)strtoul(written, NULL, 16);
        match.product = (uint16_t)strtoul(written + VENDOR_DIGITS + 1, NULL, 16);
    } else if (strlen(written) < sizeof match.name) {
        snprintf(match.name, sizeof match.name, "%s", written);
    } else {
        error_set(err, "device_match", "a device is named by vendor:product (0c2e:0b61) or a name of at most %d bytes",
                  DEVICE_NAME_SIZE - 1);
        return STATUS_INVALID;
    }
    *out = match;
    return STATUS_OK;
}

bool
device_match_is_any(const struct device_match *match)
{
    return match->vendor == 0 && match->product == 0 && match->name[0] == '\0';
}

bool
device_matches(const struct device_match *match, uint16_t vendor, uint16_t product, const char *name)
{
    const bool numbers_fit =
        (match->vendor == 0 && match->product == 0) || (match->vendor == vendor && match->product == product);
    return numbers_fit && (match->name[0] == '\0' || strcmp(match->name, name) == 0);
}
