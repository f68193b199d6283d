/* Descriptors are a row of records, each led by its length and type; a device id is a row of KEY:value; pairs. */
#include "drivers/transport/usb_shape.h"

#include <string.h>
#include <strings.h>

enum {
    TYPE_INTERFACE = 4,
    TYPE_ENDPOINT = 5,
    INTERFACE_BYTES = 9,
    ENDPOINT_BYTES = 7,
    CLASS_PRINTER = 7,
    CLASS_VENDOR = 0xff,
    PROTOCOL_UNIDIRECTIONAL = 1,
    PROTOCOL_BIDIRECTIONAL = 2,
    ENDPOINT_IN = 0x80,
    ENDPOINT_NUMBER = 0x0f,
    TRANSFER_KIND = 0x03,
    TRANSFER_BULK = 2
};

/* An interface being read. */
struct reading {
    struct usb_printer_interface found;
    uint8_t class, protocol;
    bool has_begun;
};

/* How well an interface serves; 0: not at all. */
static unsigned
rank(const struct reading *reading, bool is_vendor_trusted)
{
    const bool is_both_ways = reading->found.in != 0;
    if (!reading->has_begun || reading->found.out == 0) {
        return 0;
    }
    if (reading->class == CLASS_PRINTER && reading->protocol <= PROTOCOL_BIDIRECTIONAL) {
        /* Some say "unidirectional" and have both endpoints. */
        return !is_both_ways ? 1 : reading->protocol == PROTOCOL_BIDIRECTIONAL ? 4 : 3;
    }
    return reading->class == CLASS_VENDOR && is_vendor_trusted && is_both_ways ? 2 : 0;
}

static void
begin_interface(struct reading *reading, const uint8_t *record)
{
    *reading = (struct reading){
        .found = {.number = record[2], .alternate = record[3], .is_printer_class = record[5] == CLASS_PRINTER},
        .class = record[5],
        .protocol = record[7],
        .has_begun = true,
    };
}

static void
add_endpoint(struct reading *reading, const uint8_t *record)
{
    const uint8_t address = record[2];
    if ((record[3] & TRANSFER_KIND) != TRANSFER_BULK || (address & ENDPOINT_NUMBER) == 0) {
        return;
    }
    uint8_t *slot = (address & ENDPOINT_IN) != 0 ? &reading->found.in : &reading->found.out;
    *slot = *slot == 0 ? address : *slot;
}

bool
usb_find_printer_interface(const void *bytes, size_t length, bool is_vendor_trusted, struct usb_printer_interface *out)
{
    const uint8_t *record = bytes;
    const uint8_t *end = record + length;
    bool has_alternates[256] = {false};
    struct reading reading = {0}, best = {0};
    for (; end - record >= 2 && record[0] >= 2 && end - record >= record[0]; record += record[0]) {
        if (record[1] == TYPE_INTERFACE && record[0] >= INTERFACE_BYTES) {
            begin_interface(&reading, record);
            has_alternates[record[2]] = has_alternates[record[2]] || record[3] != 0;
        } else if (record[1] == TYPE_ENDPOINT && record[0] >= ENDPOINT_BYTES && reading.has_begun) {
            add_endpoint(&reading, record);
        }
        /* Again after each endpoint: the interface that is read is as good as what is known of it. */
        if (rank(&reading, is_vendor_trusted) > rank(&best, is_vendor_trusted) ||
            (rank(&best, is_vendor_trusted) > 0 && reading.found.number == best.found.number &&
             reading.found.alternate == best.found.alternate)) {
            best = reading;
        }
    }
    if (rank(&best, is_vendor_trusted) == 0) {
        return false;
    }
    *out = best.found;
    out->has_alternates = has_alternates[best.found.number];
    return true;
}

static bool
is_key(const char *text, size_t length, const char *brief, const char *full)
{
    return (strlen(brief) == length && strncasecmp(text, brief, length) == 0) ||
           (strlen(full) == length && strncasecmp(text, full, length) == 0);
}

static void
take_value(char out[USB_TEXT_SIZE], const char *text, size_t length)
{
    size_t count = 0;
    while (length > 0 && *text == ' ') {
        text++;
        length--;
    }
    for (size_t i = 0; i < length && count + 1 < USB_TEXT_SIZE; i++) {
        out[count++] = text[i] >= ' ' && text[i] <= '~' ? text[i] : '?';
    }
    while (count > 0 && out[count - 1] == ' ') {
        count--;
    }
    out[count] = '\0';
}

bool
usb_parse_device_id(const void *bytes, size_t length, struct usb_device_id *out)
{
    enum { LENGTH_BYTES = 2 };
    const char *text = (const char *)bytes + LENGTH_BYTES;
    struct usb_device_id id = {0};
    bool has_any = false;
    if (length <= LENGTH_BYTES) {
        return false;
    }
    const char *end = text + (length - LENGTH_BYTES);
    while (text < end && *text != '\0') {
        const char *semicolon = memchr(text, ';', (size_t)(end - text));
        const char *stop = semicolon != NULL ? semicolon : memchr(text, '\0', (size_t)(end - text));
        stop = stop != NULL ? stop : end;
        const char *colon = memchr(text, ':', (size_t)(stop - text));
        if (colon != NULL) {
            while (text < colon && (*text == ' ' || *text == '\r' || *text == '\n')) {
                text++;
            }
            const size_t key = (size_t)(colon - text);
            char *slot = is_key(text, key, "MFG", "MANUFACTURER")  ? id.maker
                         : is_key(text, key, "MDL", "MODEL")       ? id.model
                         : is_key(text, key, "CMD", "COMMAND SET") ? id.languages
                                                                   : NULL;
            if (slot != NULL) {
                take_value(slot, colon + 1, (size_t)(stop - colon) - 1);
            }
            has_any = true;
        }
        text = stop + (stop < end ? 1 : 0);
    }
    if (has_any) {
        *out = id;
    }
    return has_any;
}

bool
usb_device_id_has_escpos(const struct usb_device_id *id)
{
    static const char *const names[] = {"ESC/POS", "ESCPOS", "EPSON ESC/POS"};
    const char *text = id->languages;
    while (*text != '\0') {
        const size_t length = strcspn(text, ",");
        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
            if (strlen(names[i]) == length && strncasecmp(text, names[i], length) == 0) {
                return true;
            }
        }
        text += length;
        text += strspn(text, ", ");
    }
    return false;
}

static bool
parse_hexadecimal(const char *text, uint16_t *out)
{
    static const char digits[] = "0123456789abcdef";
    unsigned value = 0;
    for (size_t i = 0; i < 4; i++) {
        const char *digit =
            text[i] != '\0' ? strchr(digits, text[i] >= 'A' && text[i] <= 'F' ? text[i] + 32 : text[i]) : NULL;
        if (digit == NULL) {
            return false;
        }
        value = value << 4 | (unsigned)(digit - digits);
    }
    *out = (uint16_t)value;
    return true;
}

bool
usb_parse_ids(const char *text, uint16_t *out_vendor, uint16_t *out_product)
{
    uint16_t vendor = 0, product = 0;
    if (strlen(text) != 9 || text[4] != ':' || !parse_hexadecimal(text, &vendor) ||
        !parse_hexadecimal(text + 5, &product)) {
        return false;
    }
    *out_vendor = vendor;
    *out_product = product;
    return true;
}
