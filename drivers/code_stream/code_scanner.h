/* A scanner that is a device file: found when it is needed, waited on together with the interruption, lost and found
 * again. A driver brings a source; this does the rest. */
#pragma once

#include "drivers/scanner/scanner_driver.h"

/* The newest outcome that nobody has taken yet: a code, or that one could not be read (STATUS_OVERFLOW,
 * STATUS_INVALID).
 */
struct code_slot {
    bool is_full;
    enum status status;
    struct scanned_code code;
};

void code_slot_put(struct code_slot *slot, enum status status, const struct scanned_code *code);

struct code_scanner;

/* What a driver brings. All entries are required; none may block. */
struct code_source {
    /* Find and open the device. *OUT_DESCRIPTOR is for poll(2); the source owns it. STATUS_NOT_FOUND, STATUS_BUSY … */
    enum status (*connect)(struct code_scanner *scanner, int *out_descriptor, struct error_detail *err);
    /* Read once, and put what has become complete into SLOT. STATUS_DEVICE_GONE when the device is. */
    enum status (*take)(struct code_scanner *scanner, int64_t now_ms, struct code_slot *slot, struct error_detail *err);
    /* Close the device and wipe half a code. Also called when `connect` failed. */
    void (*release)(struct code_scanner *scanner);
};

/* First member of a driver's struct. */
struct code_scanner {
    struct scanner base;
    const struct code_source *source;
    int descriptor;   /* −1: not connected */
    int interruption; /* eventfd */
    unsigned keep_ms; /* how long a code waits for somebody to ask: SCANNER_REPEAT_WINDOW_MS */
    int64_t asked_ms; /* when somebody last did */
    struct code_slot slot;
};

/* Does not touch the device. */
enum status code_scanner_init(struct code_scanner *scanner, const struct scanner_driver *driver,
                              const struct code_source *source, unsigned keep_ms, struct error_detail *err) MUST_CHECK;

/* Ends the connection too. */
void code_scanner_finish(struct code_scanner *scanner);

/* Entries for a scanner_driver. */
enum status
code_scanner_wait(struct scanner *scanner, unsigned timeout_ms, struct scanned_code *out, struct error_detail *err);
void code_scanner_interrupt(struct scanner *scanner);

/* The sentence for a clerk whose scanner is not there. */
void code_scanner_describe_absence(struct error_detail *err);
