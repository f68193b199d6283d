/* See libumockdev: a sticky bit marks what it shall show as a character device. */
#define _GNU_SOURCE /* F_SETPIPE_SZ */

#include "tests/contract/support/mock_node.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum {
    MINORS = 64,
    PIPE_BYTES = 256 * 1024 /* the events of the longest code, which nobody reads meanwhile */
};

static gboolean
handle(UMockdevIoctlBase *handler, UMockdevIoctlClient *client, gpointer context)
{
    (void)handler;
    const struct mock_node *node = context;
    if (!node->answer(client, umockdev_ioctl_client_get_request(client), umockdev_ioctl_client_get_arg(client),
                      node->context)) {
        umockdev_ioctl_client_complete(client, -1, ENOTTY);
    }
    return TRUE;
}

void
mock_node_create(struct mock_node *node)
{
    node->bed = umockdev_testbed_new();
    if (!umockdev_in_mock_environment()) {
        fail_msg("this program must run under umockdev-wrapper");
    }
    node->handler = umockdev_ioctl_base_new();
    node->writer = -1;
    g_signal_connect(node->handler, "handle-ioctl", G_CALLBACK(handle), node);
}

void
mock_node_plug_in(struct mock_node *node)
{
    GError *failure = NULL;
    char description[512], real[512];
    const unsigned number = node->number++ % MINORS;
    snprintf(node->device, sizeof node->device, "/dev/%s%s%u", node->folder, node->prefix, number);
    snprintf(node->path, sizeof node->path, "/sys/devices/virtual/%s/%s%u", node->subsystem, node->prefix, number);
    snprintf(description, sizeof description,
             "P: %s\nN: %s\nE: DEVNAME=%s\nE: SUBSYSTEM=%s\nE: MAJOR=244\nE: MINOR=%u\nA: dev=244:%u\n",
             node->path + strlen("/sys"), node->device + strlen("/dev/"), node->device, node->subsystem, number,
             number);
    assert_true(umockdev_testbed_add_from_string(node->bed, description, &failure));
    assert_true(umockdev_testbed_attach_ioctl(node->bed, node->device, node->handler, &failure));

    char *root = umockdev_testbed_get_root_dir(node->bed);
    snprintf(real, sizeof real, "%s%s", root, node->device);
    g_free(root);
    assert_int_equal(unlink(real), 0);
    assert_int_equal(mkfifo(real, 0600), 0);
    assert_int_equal(chmod(real, 0666 | S_ISVTX), 0);
    node->writer = open(real, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    assert_true(node->writer >= 0);
    assert_true(fcntl(node->writer, F_SETPIPE_SZ, PIPE_BYTES) >= PIPE_BYTES);
}

void
mock_node_unplug(struct mock_node *node)
{
    if (node->writer < 0) {
        return;
    }
    close(node->writer);
    node->writer = -1;
    assert_true(umockdev_testbed_detach_ioctl(node->bed, node->device, NULL));
    umockdev_testbed_uevent(node->bed, node->path, "remove");
    umockdev_testbed_remove_device(node->bed, node->path);
}

void
mock_node_send(struct mock_node *node, const void *bytes, size_t length)
{
    assert_int_equal(write(node->writer, bytes, length), (int)length);
}

void
mock_node_destroy(struct mock_node *node)
{
    mock_node_unplug(node);
    g_object_unref(node->handler);
    g_object_unref(node->bed);
}
