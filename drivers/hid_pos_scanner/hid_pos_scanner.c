/* Finding a scanner among the hidraw nodes, by its report descriptor, and reading one report at a time. */
#include "drivers/hid_pos_scanner/hid_pos_scanner.h"

#include "common/signing/signing.h"
#include "drivers/code_stream/code_scanner.h"
#include "drivers/code_stream/node_search.h"
#include "drivers/hid_pos_scanner/report.h"

#include <assert.h>
#include <errno.h>
#include <linux/hidraw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static_assert((int)HID_DESCRIPTOR_MAX_BYTES == (int)HID_MAX_DESCRIPTOR_SIZE, "the kernel's limit is ours");

struct hid_pos_scanner {
    struct code_scanner base;
    struct hid_pos_scanner_options options;
    struct hid_assembly assembly;
    bool has_assembly;
};

static const struct scanner_driver driver;

static struct hid_pos_scanner *
hid_pos(struct code_scanner *scanner)
{
    assert(scanner->base.driver == &driver);
    return (struct hid_pos_scanner *)scanner;
}

/* Whether the node is a scanner, and the configured one: by what the kernel tells of it. */
static enum status
read_layout(int descriptor, const struct device_match *match, struct hid_scanner_layout *out)
{
    struct hidraw_devinfo numbers = {0};
    struct hidraw_report_descriptor report = {0};
    char name[DEVICE_NAME_SIZE] = "";
    int size = 0;
    if (ioctl(descriptor, HIDIOCGRAWINFO, &numbers) < 0 || ioctl(descriptor, HIDIOCGRDESCSIZE, &size) < 0 || size < 0 ||
        size > HID_MAX_DESCRIPTOR_SIZE) {
        return STATUS_NOT_FOUND;
    }
    report.size = (unsigned)size;
    if (ioctl(descriptor, HIDIOCGRDESC, &report) < 0) {
        return STATUS_NOT_FOUND;
    }
    if (ioctl(descriptor, HIDIOCGRAWNAME(sizeof name - 1), name) < 0) {
        name[0] = '\0';
    }
    if (!device_matches(match, (uint16_t)numbers.vendor, (uint16_t)numbers.product, name)) {
        return STATUS_NOT_FOUND;
    }
    return hid_scanner_layout_find(out, report.value, (size_t)size, NULL);
}

static enum status
try_node(struct code_scanner *scanner, const char *path, int *out_descriptor)
{
    struct hid_pos_scanner *self = hid_pos(scanner);
    struct hid_scanner_layout layout;
    int descriptor = -1;
    const enum status status = node_open(path, &descriptor);
    if (status != STATUS_OK) {
        return status;
    }
    if (read_layout(descriptor, &self->options.device, &layout) != STATUS_OK) {
        close(descriptor);
        return STATUS_NOT_FOUND;
    }
    hid_assembly_init(&self->assembly, &layout, self->options.gap_ms);
    self->has_assembly = true;
    *out_descriptor = descriptor;
    return STATUS_OK;
}

static enum status
connect_scanner(struct code_scanner *scanner, int *out_descriptor, struct error_detail *err)
{
    static const struct node_class class = {.list = "/sys/class/hidraw", .prefix = "hidraw", .folder = "/dev"};
    return node_search(scanner, &class, try_node, out_descriptor, err);
}

/* One read gives one report; the kernel cuts what does not fit. */
static enum status
take(struct code_scanner *scanner, int64_t now_ms, struct code_slot *slot, struct error_detail *err)
{
    struct hid_pos_scanner *self = hid_pos(scanner);
    uint8_t report[HID_REPORT_MAX_BYTES + 1];
    struct scanned_code code;
    const ssize_t length = read(scanner->descriptor, report, self->assembly.layout.report_length);
    if (length < 0 && (errno == EAGAIN || errno == EINTR)) {
        return STATUS_OK;
    }
    if (length <= 0) {
        code_scanner_describe_absence(err);
        return STATUS_DEVICE_GONE;
    }
    code_slot_put(slot, hid_assembly_put(&self->assembly, report, (size_t)length, now_ms, &code), &code);
    secret_wipe(report, (size_t)length);
    secret_wipe(&code, sizeof code);
    return STATUS_OK;
}

static void
release(struct code_scanner *scanner)
{
    struct hid_pos_scanner *self = hid_pos(scanner);
    if (scanner->descriptor >= 0) {
        close(scanner->descriptor);
    }
    if (self->has_assembly) {
        hid_assembly_reset(&self->assembly);
        self->has_assembly = false;
    }
}

static const struct code_source source = {.connect = connect_scanner, .take = take, .release = release};

static void
close_scanner(struct scanner *scanner)
{
    struct code_scanner *self = (struct code_scanner *)scanner;
    code_scanner_finish(self);
    free(hid_pos(self));
}

static const struct scanner_driver driver = {
    .name = "hid-pos",
    .wait = code_scanner_wait,
    .interrupt = code_scanner_interrupt,
    .close = close_scanner,
};

enum status
hid_pos_scanner_open(const struct hid_pos_scanner_options *options, struct scanner **out, struct error_detail *err)
{
    struct hid_pos_scanner *self = calloc(1, sizeof *self);
    if (self == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    const enum status status = code_scanner_init(&self->base, &driver, &source, options->keep_ms, err);
    if (status != STATUS_OK) {
        free(self);
        return status;
    }
    self->options = *options;
    *out = &self->base.base;
    return STATUS_OK;
}
