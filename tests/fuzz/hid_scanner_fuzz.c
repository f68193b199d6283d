/* Any bytes as a report descriptor, and what follows as reports: the layout keeps within its report, and what comes out
 * is a code. Input: two bytes of length (little-endian), the descriptor, then reports. */
#include "drivers/hid_pos_scanner/report.h"
#include "tests/fuzz/target.h"

#include <stdlib.h>
#include <string.h>

static void
demand(bool is_true)
{
    if (!is_true) {
        abort();
    }
}

static void
check_code(const struct scanned_code *code)
{
    demand(code->length > 0 && code->length < SCANNER_CODE_SIZE && strlen(code->text) == code->length);
    for (size_t i = 0; i < code->length; i++) {
        demand(code->text[i] >= ' ' && code->text[i] <= '~');
    }
}

static void
check_layout(const struct hid_scanner_layout *layout)
{
    demand(layout->data.length > 0 && layout->report_length <= HID_REPORT_MAX_BYTES + 1);
    demand(layout->data.offset + layout->data.length <= layout->report_length);
    demand(layout->count.length == 0 || layout->count.offset + layout->count.length <= layout->report_length);
    demand(!layout->has_continued || (layout->continued_mask != 0 && layout->continued_offset < layout->report_length));
}

/* REPORT is copied, so that the sanitizer sees a read beyond its end. */
static void
put(struct hid_assembly *assembly, const uint8_t *report, size_t length, int64_t now_ms)
{
    struct scanned_code code;
    uint8_t *copy = malloc(length);
    demand(copy != NULL);
    memcpy(copy, report, length);
    if (hid_assembly_put(assembly, copy, length, now_ms, &code) == STATUS_OK) {
        check_code(&code);
    }
    free(copy);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct hid_scanner_layout layout;
    struct hid_assembly assembly;
    const size_t claimed = length >= 2 ? bytes[0] | (size_t)bytes[1] << 8 : 0;
    const size_t descriptor_length = length < 2 ? 0 : claimed < length - 2 ? claimed : length - 2;
    if (length < 2 || hid_scanner_layout_find(&layout, bytes + 2, descriptor_length, NULL) != STATUS_OK) {
        return 0;
    }
    check_layout(&layout);
    hid_assembly_init(&assembly, &layout, 1000);
    int64_t now_ms = 0;
    for (size_t at = 2 + descriptor_length; at < length; now_ms += 300) {
        const size_t left = length - at;
        const size_t size = left < layout.report_length ? left : layout.report_length;
        put(&assembly, bytes + at, size, now_ms);
        at += size;
    }
    return 0;
}
