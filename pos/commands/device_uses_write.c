/* What is plugged in and used, as JSON, and the lines that would use what is not. */
#include "common/json/writer.h"
#include "pos/commands/device_uses.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINES_MAX_BYTES = 2000 };

void
device_use_lines(const struct plugged_device *device, struct buffer *out)
{
    char lines[LINES_MAX_BYTES] = "";
    char ids[12];
    const char *port = device->lasting[0] != '\0' ? device->lasting : device->path;
    const char *serial = device->serial;
    snprintf(ids, sizeof ids, "%04x:%04x", device->vendor, device->product);
    switch (device->kind) {
    case PLUGGED_USB_PRINTER:
        snprintf(lines, sizeof lines, "[printer]\nkind = escpos\nconnection = usb\nusb = %s\n%s%s%s", ids,
                 serial[0] != '\0' ? "usb_serial_number = " : "", serial, serial[0] != '\0' ? "\n" : "");
        break;
    case PLUGGED_HID_SCANNER:
        snprintf(lines, sizeof lines, "[scanner]\nkind = hid-pos\ndevice = %s\n", ids);
        break;
    case PLUGGED_KEYBOARD:
        snprintf(lines, sizeof lines, "# スキャナーのときだけ\n[scanner]\nkind = keyboard\ndevice = %s\n", ids);
        break;
    case PLUGGED_SERIAL_PORT:
        snprintf(lines, sizeof lines,
                 "# スキャナーのとき。プリンタ・引き出し・表示器なら、その節に device = %s\n[scanner]\nkind = serial\nport = %s\n",
                 port, port);
        break;
    case PLUGGED_CARD_READER:
        snprintf(lines, sizeof lines, "[card_reader]\nkind = pcsc\nname = %s\n", device->name);
        break;
    case PLUGGED_RC_S380:
        snprintf(lines, sizeof lines, "[card_reader]\nkind = rc-s380\n");
        break;
    }
    buffer_append_text(out, lines);
}

static void
write_lines(const struct plugged_device *device, struct json_writer *writer)
{
    struct buffer lines;
    buffer_init(&lines, LINES_MAX_BYTES);
    device_use_lines(device, &lines);
    json_begin_array(writer, "lines");
    for (const char *line = buffer_text(&lines); *line != '\0'; line += strcspn(line, "\n") + 1) {
        json_text_n(writer, NULL, line, strcspn(line, "\n"));
    }
    json_end_array(writer);
    buffer_finish(&lines);
}

static void
write_ids(const struct plugged_device *device, struct json_writer *writer)
{
    char ids[12];
    snprintf(ids, sizeof ids, "%04x:%04x", device->vendor, device->product);
    json_text(writer, "usb", device->vendor != 0 || device->product != 0 ? ids : NULL);
}

static void
write_device(const struct plugged_device *device, struct json_writer *writer)
{
    json_text(writer, "kind", plugged_kind_word(device->kind));
    json_text(writer, "name", device->name[0] != '\0' ? device->name : device->path);
    write_ids(device, writer);
    json_text(writer, "serial", device->serial);
    json_text(writer, "path", device->path);
    json_text(writer, "lasting_path", device->lasting);
    json_text(writer, "access", status_word(device->access));
}

static void
write_plugged(const struct inventory *inventory, const struct device_use *uses, struct json_writer *writer)
{
    json_begin_array(writer, "plugged");
    for (size_t i = 0; i < inventory->count; i++) {
        const struct device_use *use = device_use_of(uses, i);
        json_begin_object(writer, NULL);
        write_device(&inventory->devices[i], writer);
        json_text(writer, "used_by", use != NULL ? use->section : NULL);
        json_end_object(writer);
    }
    json_end_array(writer);
    json_begin_array(writer, "unused");
    for (size_t i = 0; i < inventory->count; i++) {
        if (device_use_of(uses, i) == NULL) {
            json_begin_object(writer, NULL);
            write_device(&inventory->devices[i], writer);
            write_lines(&inventory->devices[i], writer);
            json_end_object(writer);
        }
    }
    json_end_array(writer);
}

static void
write_configured(const struct device_use *uses, bool is_configured, struct json_writer *writer)
{
    json_begin_array(writer, "configured");
    for (size_t i = 0; is_configured && i < DEVICE_USES; i++) {
        json_begin_object(writer, NULL);
        json_text(writer, "section", uses[i].section);
        json_text(writer, "line", uses[i].line);
        json_text(writer, "state", use_state_word(uses[i].state));
        json_end_object(writer);
    }
    json_end_array(writer);
}

enum status
device_uses_write(const struct config *config, struct buffer *out, struct error_detail *err)
{
    struct device_use uses[DEVICE_USES];
    struct json_writer writer;
    struct inventory *inventory = malloc(sizeof *inventory);
    if (inventory == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < DEVICE_USES; i++) {
        uses[i] = (struct device_use){.plugged = NOTHING_PLUGGED};
    }
    enum status status = inventory_take(inventory, "", err);
    if (status == STATUS_OK) {
        if (config != NULL) {
            device_uses_find(uses, config, inventory);
        }
        json_writer_init(&writer, out);
        json_begin_object(&writer, NULL);
        write_plugged(inventory, uses, &writer);
        write_configured(uses, config != NULL, &writer);
        json_end_object(&writer);
        status = json_finish(&writer, err);
    }
    free(inventory);
    return status;
}
