/* Folders, files and links of configfs, as Documentation/usb/gadget_configfs.rst of the kernel describes them. */
#include "tests/kernel/gadget.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum { PATH_SIZE = 320, CONFIGURED_POLLS_MAX = 6000, POLL_NS = 10 * 1000 * 1000 };

static void
make_folder(const char *path)
{
    if (mkdir(path, 0755) != 0) {
        fail_msg("%s cannot be made: is this the machine of the suite?", path);
    }
}

static void
write_file(const char *path, const void *bytes, size_t length)
{
    const int descriptor = open(path, O_WRONLY | O_CLOEXEC);
    if (descriptor < 0 || write(descriptor, bytes, length) != (ssize_t)length) {
        fail_msg("%s does not take what is written to it", path);
    }
    close(descriptor);
}

static void
set_text(const struct gadget *gadget, const char *name, const char *text)
{
    char path[PATH_SIZE];
    snprintf(path, sizeof path, "%s/%s", gadget->folder, name);
    write_file(path, text, strlen(text));
}

static void
set_number(const struct gadget *gadget, const char *name, unsigned value)
{
    char text[16];
    snprintf(text, sizeof text, "0x%04x", value);
    set_text(gadget, name, text);
}

void
gadget_create(struct gadget *gadget, const char *name, unsigned controller, const struct gadget_names *names)
{
    char path[PATH_SIZE];
    gadget->controller = controller;
    snprintf(gadget->folder, sizeof gadget->folder, "/sys/kernel/config/usb_gadget/%s", name);
    make_folder(gadget->folder);
    set_number(gadget, "idVendor", names->vendor);
    set_number(gadget, "idProduct", names->product);
    snprintf(path, sizeof path, "%s/strings/0x409", gadget->folder);
    make_folder(path);
    set_text(gadget, "strings/0x409/manufacturer", names->maker);
    set_text(gadget, "strings/0x409/product", names->model);
    set_text(gadget, "strings/0x409/serialnumber", names->serial);
    snprintf(path, sizeof path, "%s/configs/c.1", gadget->folder);
    make_folder(path);
}

void
gadget_make_function(const struct gadget *gadget, const char *function)
{
    char path[PATH_SIZE];
    snprintf(path, sizeof path, "%s/functions/%s", gadget->folder, function);
    make_folder(path);
}

void
gadget_set(const struct gadget *gadget, const char *function, const char *attribute, const void *bytes, size_t length)
{
    char path[PATH_SIZE];
    snprintf(path, sizeof path, "%s/functions/%s/%s", gadget->folder, function, attribute);
    write_file(path, bytes, length);
}

void
gadget_get(const struct gadget *gadget, const char *function, const char *attribute, char *out, size_t size)
{
    char path[PATH_SIZE];
    snprintf(path, sizeof path, "%s/functions/%s/%s", gadget->folder, function, attribute);
    const int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    const ssize_t count = descriptor >= 0 ? read(descriptor, out, size - 1) : -1;
    assert_true(count >= 0);
    out[count] = '\0';
    close(descriptor);
}

void
gadget_name_port(const struct gadget *gadget, const char *function, char out[GADGET_PORT_SIZE])
{
    char number[16];
    gadget_get(gadget, function, "port_num", number, sizeof number);
    snprintf(out, GADGET_PORT_SIZE, "/dev/ttyGS%ld", strtol(number, NULL, 10));
}

void
gadget_use_function(const struct gadget *gadget, const char *function)
{
    char path[PATH_SIZE], link[PATH_SIZE];
    snprintf(path, sizeof path, "%s/functions/%s", gadget->folder, function);
    snprintf(link, sizeof link, "%s/configs/c.1/%s", gadget->folder, function);
    assert_int_equal(symlink(path, link), 0);
}

/* Whether the host has configured the device. Asked of the host, since a controller goes on saying "configured" for a
 * while after the cable was pulled. The machine has no other USB: controller 0 has the first bus, and so on. */
static bool
is_configured(const struct gadget *gadget)
{
    char path[PATH_SIZE], value[8];
    snprintf(path, sizeof path, "/sys/bus/usb/devices/%u-1/bConfigurationValue", gadget->controller + 1);
    const int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    const ssize_t count = descriptor >= 0 ? read(descriptor, value, sizeof value) : 0;
    if (descriptor >= 0) {
        close(descriptor);
    }
    return count > 0 && value[0] == '1';
}

static void
await_configured(const struct gadget *gadget, bool is_expected)
{
    for (unsigned i = 0; is_configured(gadget) != is_expected; i++) {
        assert_true(i < CONFIGURED_POLLS_MAX);
        nanosleep(&(struct timespec){.tv_nsec = POLL_NS}, NULL);
    }
}

void
gadget_plug(const struct gadget *gadget)
{
    char name[32];
    snprintf(name, sizeof name, "dummy_udc.%u", gadget->controller);
    set_text(gadget, "UDC", name);
    await_configured(gadget, true);
}

void
gadget_unplug(const struct gadget *gadget)
{
    char path[PATH_SIZE];
    snprintf(path, sizeof path, "%s/UDC", gadget->folder);
    const int descriptor = open(path, O_WRONLY | O_CLOEXEC);
    assert_true(descriptor >= 0);
    (void)!write(descriptor, "\n", 1); /* refused when no controller has it */
    close(descriptor);
    await_configured(gadget, false);
}
