/* Which of several devices is the configured one: by its numbers, by its name, or any. Pure. */
#pragma once

#include "common/outcome/status.h"

#include <stdint.h>

enum { DEVICE_NAME_SIZE = 128 };

/* What is looked for. Zero and "" match everything. */
struct device_match {
    uint16_t vendor, product;
    char name[DEVICE_NAME_SIZE];
};

/* Read "0c2e:0b61" or a name ("Datalogic Gryphon"), or "" for any. STATUS_INVALID when it is too long. */
enum status device_match_read(struct device_match *out, const char *written, struct error_detail *err) MUST_CHECK;
bool device_match_is_any(const struct device_match *match);
bool device_matches(const struct device_match *match, uint16_t vendor, uint16_t product, const char *name);
