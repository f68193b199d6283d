/* Whatever a printer, or what pretends to be one, says: its answers, its descriptors, its device id; and whatever job
 * is to be adapted to it. The first byte chooses which. */
#include "drivers/escpos/reply.h"
#include "drivers/escpos_printer/adapt.h"
#include "drivers/transport/usb_shape.h"
#include "tests/fuzz/target.h"

#include <stdlib.h>
#include <string.h>

static void
answer(const uint8_t *bytes, size_t length)
{
    struct escpos_reply_reader reader = {0};
    struct printer_state state = {0};
    for (size_t i = 0; i < length; i++) {
        const enum escpos_reply_kind kind = escpos_reply_feed(&reader, bytes[i]);
        if (kind == ESCPOS_REPLY_STATUS) {
            escpos_state_from_status(&state, 1 + (unsigned)i % 4, reader.bytes[0]);
        } else if (kind == ESCPOS_REPLY_REPORT) {
            escpos_state_from_report(&state, reader.bytes);
        } else if (kind == ESCPOS_REPLY_NAME && memchr(reader.bytes, '\0', sizeof reader.bytes) == NULL) {
            abort();
        }
    }
}

static void
descriptor(const uint8_t *bytes, size_t length)
{
    struct usb_printer_interface found;
    for (int is_trusted = 0; is_trusted <= 1; is_trusted++) {
        if (usb_find_printer_interface(bytes, length, is_trusted != 0, &found) &&
            ((found.out & 0x80) != 0 || (found.out & 0x0f) == 0 || (found.in != 0 && (found.in & 0x80) == 0))) {
            abort();
        }
    }
}

static void
device_id(const uint8_t *bytes, size_t length)
{
    struct usb_device_id id;
    if (!usb_parse_device_id(bytes, length, &id)) {
        return;
    }
    const char *const texts[] = {id.maker, id.model, id.languages};
    for (size_t i = 0; i < 3; i++) {
        for (const char *each = texts[i]; *each != '\0'; each++) {
            if (*each < ' ' || *each > '~') {
                abort();
            }
        }
    }
    (void)usb_device_id_has_escpos(&id);
}

static void
job(const uint8_t *bytes, size_t length)
{
    struct buffer out;
    buffer_init(&out, ADAPTED_JOB_MAX_BYTES);
    if (length > 0 && printer_job_adapt(escpos_model_find("mute"), bytes, length, &out, NULL) == STATUS_INVALID) {
        abort();
    }
    buffer_finish(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static void (*const parts[])(const uint8_t *bytes, size_t length) = {answer, descriptor, device_id, job};
    if (length > 0) {
        parts[bytes[0] % 4](bytes + 1, length - 1);
    }
    return 0;
}
