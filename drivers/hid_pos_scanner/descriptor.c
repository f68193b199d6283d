/* Items are walked once. Each input item adds its bits to the report that is current; a usage of page 8C says that they
 * are a scanner's. */
#include "drivers/hid_pos_scanner/descriptor.h"

#include <string.h>

enum item {
    ITEM_INPUT = 0x80,
    ITEM_OUTPUT = 0x90,
    ITEM_FEATURE = 0xB0,
    ITEM_COLLECTION = 0xA0,
    ITEM_END_COLLECTION = 0xC0,
    ITEM_USAGE_PAGE = 0x04,
    ITEM_REPORT_SIZE = 0x74,
    ITEM_REPORT_ID = 0x84,
    ITEM_REPORT_COUNT = 0x94,
    ITEM_PUSH = 0xA4,
    ITEM_POP = 0xB4,
    ITEM_USAGE = 0x08,
    ITEM_USAGE_MINIMUM = 0x18,
    ITEM_USAGE_MAXIMUM = 0x28
};

enum {
    ITEM_TAG_MASK = 0xFC,
    ITEM_SIZE_MASK = 0x03,
    ITEM_LONG = 0xFE,
    INPUT_IS_CONSTANT = 0x01,
    BITS = 8,

    USAGES_MAX = 64,  /* of one item; a scanner's have a handful */
    STACK_MAX = 8,    /* of Push */
    REPORTS_MAX = 32, /* ids of one descriptor */
    REPORT_MAX_BITS = HID_REPORT_MAX_BYTES * BITS,

    USAGE_DECODED_DATA = 0x8C00FE,
    USAGE_CONTINUED = 0x8C00FF,
    USAGE_BYTE_COUNT = 0x01003B
};

struct global_state {
    uint32_t usage_page;
    uint32_t report_size;
    uint32_t report_count;
    uint8_t report_id;
};

/* What is known of one input report. */
struct report {
    uint8_t id;
    uint32_t bits;
    struct hid_scanner_layout layout;
    bool is_unreadable; /* the data is not on whole bytes */
};

struct walk {
    struct global_state global;
    struct global_state stack[STACK_MAX];
    size_t stack_depth;
    size_t collection_depth;
    uint32_t usages[USAGES_MAX];
    size_t usage_count;
    uint32_t usage_minimum;
    bool has_report_ids;
    struct report reports[REPORTS_MAX];
    size_t report_count;
};

static enum status
damaged(struct error_detail *err, const char *what)
{
    error_set(err, "hid_descriptor", "the scanner's report descriptor is damaged: %s", what);
    return STATUS_INVALID;
}

/* NULL when there are too many. */
static struct report *
current_report(struct walk *walk)
{
    for (size_t i = 0; i < walk->report_count; i++) {
        if (walk->reports[i].id == walk->global.report_id) {
            return &walk->reports[i];
        }
    }
    if (walk->report_count == REPORTS_MAX) {
        return NULL;
    }
    struct report *report = &walk->reports[walk->report_count++];
    *report = (struct report){.id = walk->global.report_id};
    return report;
}

/* A usage that an item gives in one or two bytes is of the current page; in four bytes it brings its own. */
static uint32_t
whole_usage(const struct walk *walk, uint32_t value, size_t size)
{
    return size == 4 ? value : walk->global.usage_page << 16 | value;
}

static bool
add_usage(struct walk *walk, uint32_t usage)
{
    if (walk->usage_count == USAGES_MAX) {
        return false;
    }
    walk->usages[walk->usage_count++] = usage;
    return true;
}

/* A range longer than we keep is a keyboard's or so; its end does not matter here. */
static void
add_usage_range(struct walk *walk, uint32_t first, uint32_t last)
{
    for (uint32_t usage = first; usage <= last && add_usage(walk, usage); usage++) {
        if (usage == UINT32_MAX) {
            return;
        }
    }
}

/* The COUNT values of SIZE bits at bit START are what USAGE says. */
static void
note_field(struct report *report, uint32_t usage, uint32_t start, uint32_t size, uint32_t count)
{
    struct hid_scanner_layout *layout = &report->layout;
    const bool is_on_bytes = start % BITS == 0 && size % BITS == 0;
    const struct hid_bytes bytes = {.offset = start / BITS, .length = (size_t)size * count / BITS};
    switch (usage) {
    case USAGE_DECODED_DATA:
        if (layout->data.length == 0) {
            report->is_unreadable = start % BITS != 0 || size != BITS;
            layout->data = bytes;
        }
        break;
    case USAGE_BYTE_COUNT:
        if (is_on_bytes && (bytes.length == 1 || bytes.length == 2)) {
            layout->count = bytes;
        }
        break;
    case USAGE_CONTINUED:
        if (!layout->has_continued && size <= BITS && start % BITS + size <= BITS) {
            layout->has_continued = true;
            layout->continued_offset = start / BITS;
            layout->continued_mask = (uint8_t)(((1u << size) - 1) << start % BITS);
        }
        break;
    default:
        break;
    }
}

/* Values get the usages one by one; the last usage is for all that remain. */
static void
note_fields(struct walk *walk, struct report *report, uint32_t start)
{
    const uint32_t size = walk->global.report_size;
    uint32_t left = walk->global.report_count;
    for (size_t i = 0; i < walk->usage_count && left > 0; i++) {
        const uint32_t count = i + 1 == walk->usage_count ? left : 1;
        note_field(report, walk->usages[i], start, size, count);
        start += size * count;
        left -= count;
    }
}

static enum status
take_input(struct walk *walk, uint32_t flags, struct error_detail *err)
{
    const uint64_t bits = (uint64_t)walk->global.report_size * walk->global.report_count;
    struct report *report = current_report(walk);
    if (report == NULL) {
        return damaged(err, "too many reports");
    }
    const uint32_t start = report->bits;
    if (bits > REPORT_MAX_BITS - start) {
        return damaged(err, "a report is longer than 4096 bytes");
    }
    report->bits += (uint32_t)bits;
    if ((flags & INPUT_IS_CONSTANT) == 0 && walk->global.report_size > 0) {
        note_fields(walk, report, start);
    }
    return STATUS_OK;
}

static enum status
take_global(struct walk *walk, unsigned tag, uint32_t value, struct error_detail *err)
{
    switch (tag) {
    case ITEM_USAGE_PAGE:
        walk->global.usage_page = value & 0xFFFF;
        break;
    case ITEM_REPORT_SIZE:
        walk->global.report_size = value;
        break;
    case ITEM_REPORT_COUNT:
        walk->global.report_count = value;
        break;
    case ITEM_REPORT_ID:
        if (value == 0 || value > UINT8_MAX) {
            return damaged(err, "a report id is not from 1 to 255");
        }
        walk->global.report_id = (uint8_t)value;
        walk->has_report_ids = true;
        break;
    case ITEM_PUSH:
        if (walk->stack_depth == STACK_MAX) {
            return damaged(err, "Push is nested too deeply");
        }
        walk->stack[walk->stack_depth++] = walk->global;
        break;
    case ITEM_POP:
        if (walk->stack_depth == 0) {
            return damaged(err, "Pop without Push");
        }
        walk->global = walk->stack[--walk->stack_depth];
        break;
    default:
        break;
    }
    return STATUS_OK;
}

static void
take_local(struct walk *walk, unsigned tag, uint32_t value, size_t size)
{
    const uint32_t usage = whole_usage(walk, value, size);
    if (tag == ITEM_USAGE) {
        (void)add_usage(walk, usage);
    } else if (tag == ITEM_USAGE_MINIMUM) {
        walk->usage_minimum = usage;
    } else if (tag == ITEM_USAGE_MAXIMUM) {
        add_usage_range(walk, walk->usage_minimum, usage);
    }
}

static enum status
take_item(struct walk *walk, unsigned tag, uint32_t value, size_t size, struct error_detail *err)
{
    enum status status = STATUS_OK;
    bool is_main = true;
    switch (tag) {
    case ITEM_INPUT:
        status = take_input(walk, value, err);
        break;
    case ITEM_COLLECTION:
        walk->collection_depth++;
        break;
    case ITEM_END_COLLECTION:
        if (walk->collection_depth == 0) {
            return damaged(err, "a collection ends that never began");
        }
        walk->collection_depth--;
        break;
    case ITEM_OUTPUT:
    case ITEM_FEATURE:
        break;
    default:
        is_main = false;
        status = take_global(walk, tag, value, err);
        take_local(walk, tag, value, size);
        break;
    }
    if (is_main) { /* local items are for one main item */
        walk->usage_count = 0;
        walk->usage_minimum = 0;
    }
    return status;
}

static enum status
walk_items(struct walk *walk, const uint8_t *bytes, size_t length, struct error_detail *err)
{
    for (size_t at = 0; at < length;) {
        const uint8_t prefix = bytes[at++];
        const size_t size = prefix == ITEM_LONG ? 2 : (prefix & ITEM_SIZE_MASK) == 3 ? 4 : prefix & ITEM_SIZE_MASK;
        if (size > length - at) {
            return damaged(err, "it ends within an item");
        }
        if (prefix == ITEM_LONG) { /* reserved: its length and tag, then what nobody has defined */
            const size_t skipped = 2 + (size_t)bytes[at];
            if (skipped > length - at) {
                return damaged(err, "it ends within a long item");
            }
            at += skipped;
            continue;
        }
        uint32_t value = 0;
        for (size_t i = 0; i < size; i++) {
            value |= (uint32_t)bytes[at + i] << BITS * i;
        }
        at += size;
        const enum status status = take_item(walk, prefix & ITEM_TAG_MASK, value, size, err);
        if (status != STATUS_OK) {
            return status;
        }
    }
    return STATUS_OK;
}

static void
add_report_id(struct hid_scanner_layout *layout, uint8_t id)
{
    layout->has_report_id = true;
    layout->report_id = id;
    layout->report_length++;
    layout->data.offset++;
    layout->count.offset++;
    layout->continued_offset++;
}

enum status
hid_scanner_layout_find(struct hid_scanner_layout *out, const uint8_t *descriptor, size_t length,
                        struct error_detail *err)
{
    struct walk walk = {0};
    enum status status = length > HID_DESCRIPTOR_MAX_BYTES ? damaged(err, "it is longer than 4096 bytes")
                                                           : walk_items(&walk, descriptor, length, err);
    for (size_t i = 0; i < walk.report_count && status == STATUS_OK; i++) {
        struct report *report = &walk.reports[i];
        if (report->layout.data.length == 0) {
            continue;
        }
        if (report->is_unreadable) {
            return damaged(err, "the decoded data does not lie on whole bytes");
        }
        report->layout.report_length = (report->bits + BITS - 1) / BITS;
        if (walk.has_report_ids) {
            add_report_id(&report->layout, report->id);
        }
        *out = report->layout;
        return STATUS_OK;
    }
    if (status == STATUS_OK) {
        error_set(err, "no_scanner", "the report descriptor describes no scanner");
        status = STATUS_NOT_FOUND;
    }
    return status;
}
