/* The till's configuration file: its keys, and secrets kept in files of their own. */
#pragma once

#include "common/config/config.h"

enum { SECRET_SIZE = 200, CREDENTIAL_SIZE = 2000 /* a signed token */ };

enum status settings_load(struct config **out, const char *path, struct error_detail *err) MUST_CHECK;
void settings_print_reference(void);

/* The first line of the file at PATH. STATUS_REFUSED when others may read it. */
enum status secret_load(char out[SECRET_SIZE], const char *path, struct error_detail *err) MUST_CHECK;
enum status credential_load(char out[CREDENTIAL_SIZE], const char *path, struct error_detail *err) MUST_CHECK;
