/* A device file in a umockdev testbed that comes and goes: bytes are written by the test, ioctls answered by it.
 *
 * The node is a FIFO and not umockdev's pseudo-terminal: what is written is there to be read when the write returns,
 * and unplugging hangs up. The program must run under umockdev-wrapper. */
#pragma once

#include <glib.h>
#include <umockdev.h>

/* Complete CLIENT's ioctl, in umockdev's thread. FALSE: ENOTTY. */
typedef gboolean (*mock_node_answer)(UMockdevIoctlClient *client, gulong request, UMockdevIoctlData *argument,
                                     void *context);

struct mock_node {
    UMockdevTestbed *bed;
    UMockdevIoctlBase *handler;
    mock_node_answer answer;
    void *context;
    const char *subsystem; /* "hidraw" */
    const char *folder;    /* of the node below /dev: "" or "input/" */
    const char *prefix;    /* "hidraw", "event" */
    unsigned number;       /* of the node; another one each time it is plugged in */
    char device[64];       /* /dev/hidraw3 */
    char path[128];        /* in the testbed's /sys */
    int writer;            /* −1: unplugged */
};

/* What is set in NODE before: answer, context, subsystem, folder, prefix. Not plugged in yet. */
void mock_node_create(struct mock_node *node);
void mock_node_plug_in(struct mock_node *node);
void mock_node_unplug(struct mock_node *node);
void mock_node_send(struct mock_node *node, const void *bytes, size_t length);
void mock_node_destroy(struct mock_node *node);
