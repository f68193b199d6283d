/* The configuration of `serve`. `madoguchi-settlement serve --print-config` prints the reference. */
#pragma once

#include "common/config/config.h"

/* *OUT is given: config_destroy. */
enum status settings_load(struct config **out, const char *path, struct error_detail *err) MUST_CHECK;

void settings_print(void);
