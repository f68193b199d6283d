/* Line ends at the end of a code are what a scanner was told to add for keyboards; they are cut. */
#include "drivers/hid_pos_scanner/report.h"

#include "common/signing/signing.h"

#include <assert.h>
#include <string.h>

void
hid_assembly_init(struct hid_assembly *assembly, const struct hid_scanner_layout *layout, unsigned gap_ms)
{
    assert(layout->data.length > 0);
    *assembly = (struct hid_assembly){.layout = *layout, .gap_ms = gap_ms};
}

void
hid_assembly_reset(struct hid_assembly *assembly)
{
    secret_wipe(&assembly->code, sizeof assembly->code);
    assembly->has_begun = false;
    assembly->is_too_long = false;
    assembly->is_spoiled = false;
}

/* The bytes of REPORT that are data; NULL when it contradicts itself. */
static const uint8_t *
data_of(const struct hid_scanner_layout *layout, const uint8_t *report, size_t *out_length)
{
    const uint8_t *data = report + layout->data.offset;
    if (layout->count.length == 0) { /* without a count the data ends with NULs */
        const uint8_t *end = memchr(data, '\0', layout->data.length);
        *out_length = end != NULL ? (size_t)(end - data) : layout->data.length;
        return data;
    }
    const uint8_t *count = report + layout->count.offset;
    *out_length = count[0] | (size_t)(layout->count.length == 2 ? count[1] : 0) << 8;
    return *out_length <= layout->data.length ? data : NULL;
}

static void
append(struct hid_assembly *assembly, const uint8_t *data, size_t length)
{
    struct scanned_code *code = &assembly->code;
    if (length > sizeof code->text - 1 - code->length) {
        assembly->is_too_long = true;
        return;
    }
    memcpy(code->text + code->length, data, length);
    code->length += length;
    code->text[code->length] = '\0';
}

static void
cut_line_end(struct scanned_code *code)
{
    while (code->length > 0 && (code->text[code->length - 1] == '\r' || code->text[code->length - 1] == '\n')) {
        code->text[--code->length] = '\0';
    }
}

static enum status
complete(struct hid_assembly *assembly, struct scanned_code *out)
{
    struct scanned_code *code = &assembly->code;
    if (assembly->is_spoiled) {
        return STATUS_INVALID;
    }
    if (assembly->is_too_long) {
        return STATUS_OVERFLOW;
    }
    cut_line_end(code);
    for (size_t i = 0; i < code->length; i++) {
        if (code->text[i] < ' ' || code->text[i] > '~') {
            return STATUS_INVALID;
        }
    }
    if (code->length == 0) {
        return STATUS_NOT_FOUND; /* a report of nothing: some scanners send one when the trigger is let go */
    }
    *out = *code;
    return STATUS_OK;
}

enum status
hid_assembly_put(struct hid_assembly *assembly, const uint8_t *report, size_t length, int64_t now_ms,
                 struct scanned_code *out)
{
    const struct hid_scanner_layout *layout = &assembly->layout;
    if (layout->has_report_id && (length == 0 || report[0] != layout->report_id)) {
        return STATUS_NOT_FOUND;
    }
    if (assembly->has_begun && now_ms - assembly->last_ms > (int64_t)assembly->gap_ms) {
        hid_assembly_reset(assembly);
    }
    assembly->has_begun = true;
    assembly->last_ms = now_ms;

    bool is_continued = false;
    if (length < layout->report_length) {
        assembly->is_spoiled = true;
    } else {
        size_t data_length = 0;
        const uint8_t *data = data_of(layout, report, &data_length);
        is_continued = layout->has_continued && (report[layout->continued_offset] & layout->continued_mask) != 0;
        if (data != NULL) {
            append(assembly, data, data_length);
        } else {
            assembly->is_spoiled = true;
        }
    }
    if (is_continued) {
        return STATUS_NOT_FOUND;
    }
    const enum status status = complete(assembly, out);
    hid_assembly_reset(assembly);
    return status;
}
