/* Finding a scanner among the kernel's device nodes, as often as it is plugged in: every node of a class is tried. */
#pragma once

#include "drivers/code_stream/code_scanner.h"

enum { NODE_PATH_SIZE = 300 };

/* Whether the node at PATH is the scanner that is meant. STATUS_OK: *OUT_DESCRIPTOR is open. STATUS_NOT_FOUND: another
 * device. STATUS_UNAUTHORIZED: we may not look. STATUS_BUSY: it is, and another program has it. */
typedef enum status (*node_trial)(struct code_scanner *scanner, const char *path, int *out_descriptor);

/* Where nodes stand: "/sys/class/input" lists them, those beginning with "event" are tried as "/dev/input/event…". */
struct node_class {
    const char *list, *prefix, *folder;
};

/* Open the first node of CLASS that TRIAL takes. STATUS_UNAUTHORIZED and STATUS_BUSY with the sentence for the clerk
 * when that is why none was taken; STATUS_NOT_FOUND (no sentence) when none is there. */
enum status node_search(struct code_scanner *scanner, const struct node_class *class, node_trial trial,
                        int *out_descriptor, struct error_detail *err) MUST_CHECK;

/* open(2) of a node for reading, without waiting: STATUS_OK, STATUS_UNAUTHORIZED, STATUS_NOT_FOUND. */
enum status node_open(const char *path, int *out_descriptor) MUST_CHECK;
