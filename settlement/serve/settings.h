/* The configuration of `serve`. `madoguchi-settlement serve --print-config` prints the reference. */
#pragma once

#include "common/bytes/buffer.h"
#include "common/config/config.h"

/* *OUT is given: config_destroy. */
enum status settings_load(struct config **out, const char *path, struct error_detail *err) MUST_CHECK;

/* Append the path of the masters key: KEY_FILE, or when that is "" the database's with ".masters-key" behind it. */
enum status settings_masters_key(struct buffer *out, const char *key_file, const char *database,
                                 struct error_detail *err) MUST_CHECK;

void settings_print(void);
