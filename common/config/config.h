/* Configuration files: `key = value` lines, `#` comments, `[section]` headers.
 *
 * A program declares its keys in a table; the file is checked against it and an unknown key, a missing one or a value
 * outside its range is an error that names file and line. The same table prints the reference (docs and --help). */
#pragma once

#include "common/outcome/status.h"

#include <stdint.h>

enum config_kind {
    CONFIG_TEXT,
    CONFIG_INTEGER, /* minimum … maximum */
    CONFIG_BOOLEAN, /* yes / no */
    CONFIG_PATH     /* relative paths count from the folder of the configuration file */
};

/* One key. `fallback` NULL means that the key is required. */
struct config_key {
    const char *section; /* "" for keys before any section */
    const char *name;
    enum config_kind kind;
    const char *fallback;
    int64_t minimum, maximum; /* CONFIG_INTEGER: value; CONFIG_TEXT and CONFIG_PATH: length in bytes (0, 0: 1 … 1024) */
    const char *help;         /* one line, with the unit */
};

struct config;

/* Read PATH against KEYS (a table of COUNT rows that outlives the config). *OUT is given: destroy with config_destroy.
 * STATUS_INVALID with the line in ERR, the message begins "PATH:LINE: "; a required key that is missing has no line,
 * and its message begins "PATH: ". STATUS_NOT_FOUND, STATUS_IO, STATUS_OVERFLOW (larger than 256 KiB),
 * STATUS_NO_MEMORY. */
enum status config_load(struct config **out, const char *path, const struct config_key *keys, size_t count,
                        struct error_detail *err) MUST_CHECK;
void config_destroy(struct config *config);

/* Values of keys that are in the table (asserted); borrowed from the config. */
const char *config_text(const struct config *config, const char *section, const char *name);
int64_t config_integer(const struct config *config, const char *section, const char *name);
bool config_boolean(const struct config *config, const char *section, const char *name);

/* Refuse the value of a key for a reason that the table cannot state ("is not known; us or jp is allowed"): ERR gets it
 * behind "PATH:LINE: NAME ", or "PATH: NAME " when the file does not set the key. STATUS_INVALID. */
enum status config_reject(const struct config *config, const char *section, const char *name, struct error_detail *err,
                          const char *format, ...) PRINTF_LIKE(5, 6) MUST_CHECK;

/* Print the reference of KEYS to standard output, one key a paragraph. */
void config_print_reference(const struct config_key *keys, size_t count);
